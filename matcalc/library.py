"""The library of derivations: one problem file for each name, in folders by topic, found in a checkout and in an installed package."""

from __future__ import annotations

from os import path, walk

from .language.shape import InputError

HERE = path.dirname(path.abspath(__file__))


def folder() -> str:
    """Where the files are."""
    installed = path.join(HERE, "derivations")
    return installed if path.isdir(installed) else path.join(path.dirname(HERE), "derivations")


def names(top: str = "") -> list[str]:
    """All names, `folder/name` for what stands in one: first those outside of folders, then folder by folder."""
    top = top or folder()
    found = [path.relpath(path.join(here, f), top)[:-3].replace(path.sep, "/") for here, _, files in walk(top)
             for f in files if f.endswith(".mc")]
    return sorted(found, key=lambda n: ("/" in n, n))


def text(name: str) -> str:
    """The file of that name; the folder may be left out where there is no other of the same name."""
    plain = all(part.replace("-", "").isalnum() for part in name.split("/"))
    if plain and path.isfile(here := path.join(folder(), f"{name}.mc")):
        return _read(here)
    known = names()
    short = [n for n in known if n.rpartition("/")[2] == name]
    if len(short) != 1:
        close = ", ".join(short) or _close(name, known)
        raise InputError(f"no derivation is called {name}", hint=f"did you mean {close}?" if close else "run `matcalc list` to see all")
    return _read(path.join(folder(), f"{short[0]}.mc"))


def _read(file: str) -> str:
    with open(file, encoding="utf-8") as f:
        return f.read()


def title(name: str) -> str:
    """The title in the file, without reading the rest."""
    return _said(name, "title ")


def source(name: str) -> str:
    """Where the derivation is published."""
    return _said(name, "source ")


def _said(name: str, word: str) -> str:
    for line in text(name).splitlines():
        if line.startswith(word):
            return line[len(word):].strip().strip('"')
    return ""


def _close(name: str, known: list[str]) -> str:
    from difflib import get_close_matches
    near = get_close_matches(name, known, 1) or [n for n in known if get_close_matches(name, [n.rpartition("/")[2]], 1)]
    return next(iter(near), "")
