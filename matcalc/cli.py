"""The command line."""


def main() -> None:
    """The entry point."""
    raise SystemExit("not yet")
