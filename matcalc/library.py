"""The library of derivations: one problem file a name, found in a checkout and in an installed package."""

from __future__ import annotations

from pathlib import Path

from .language.shape import InputError

HERE = Path(__file__).parent


def folder() -> Path:
    """Where the files are."""
    installed = HERE / "derivations"
    return installed if installed.is_dir() else HERE.parent / "derivations"


def names() -> list[str]:
    """All names, in the order of the alphabet."""
    return sorted(p.stem for p in folder().glob("*.mc"))


def text(name: str) -> str:
    """The file of that name."""
    path = folder() / f"{name}.mc"
    if "/" in name or "\\" in name or not path.is_file():
        close = _close(name)
        raise InputError(f"no derivation is called {name}", hint=f"did you mean {close}?" if close else "`matcalc list` names them")
    return path.read_text("utf-8")


def title(name: str) -> str:
    """The title in the file, without reading the rest."""
    for line in text(name).splitlines():
        if line.startswith("title "):
            return line[6:].strip().strip('"')
    return ""


def _close(name: str) -> str:
    from difflib import get_close_matches
    return next(iter(get_close_matches(name, names(), 1)), "")
