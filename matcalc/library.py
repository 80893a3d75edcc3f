"""The library of derivations: one problem file a name, found in a checkout and in an installed package."""

from __future__ import annotations

from os import listdir, path

from .language.shape import InputError

HERE = path.dirname(path.abspath(__file__))


def folder() -> str:
    """Where the files are."""
    installed = path.join(HERE, "derivations")
    return installed if path.isdir(installed) else path.join(path.dirname(HERE), "derivations")


def names() -> list[str]:
    """All names, in the order of the alphabet."""
    return sorted(f[:-3] for f in listdir(folder()) if f.endswith(".mc"))


def text(name: str) -> str:
    """The file of that name."""
    if name not in names():
        close = _close(name)
        raise InputError(f"no derivation is called {name}", hint=f"did you mean {close}?" if close else "run `matcalc list` to see all")
    with open(path.join(folder(), f"{name}.mc"), encoding="utf-8") as f:
        return f.read()


def title(name: str) -> str:
    """The title in the file, without reading the rest."""
    for line in text(name).splitlines():
        if line.startswith("title "):
            return line[6:].strip().strip('"')
    return ""


def _close(name: str) -> str:
    from difflib import get_close_matches
    return next(iter(get_close_matches(name, names(), 1)), "")
