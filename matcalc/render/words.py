"""The words of pages in another language, from a table beside this file, in effect within `in_language`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from types import MappingProxyType

from ..language.shape import InputError

LANGUAGES = ("en", "zh")
_TABLE: ContextVar[Mapping[str, str]] = ContextVar("words in another language", default=MappingProxyType({}))


def say(text: str, *about: object) -> str:
    """A text in the language in effect, in English where its table has none; what it is about in the places of {}.

    >>> say('Proved')
    'Proved'
    """
    found = _TABLE.get().get(text, text)
    return found.format(*about) if about else found


def language() -> str:
    """The language in effect."""
    return _TABLE.get().get("en", "en")


@contextmanager
def in_language(name: str | None) -> Iterator[None]:
    """What is drawn within is said in that language."""
    if name is not None and name not in LANGUAGES:
        raise InputError(f"pages cannot be written in {name}", hint=f"available: {', '.join(LANGUAGES)}")
    token = _TABLE.set(_TABLE.get() if name is None else table(name))
    try:
        yield
    finally:
        _TABLE.reset(token)


@cache
def table(name: str) -> Mapping[str, str]:
    """The words of a language, by the English ones."""
    if name == "en":
        return MappingProxyType({})
    from pkgutil import get_data        # also from a zip
    found = get_data(__name__, f"{name}.tsv") or b""
    rows = [line.split("\t") for line in found.decode().splitlines() if line.strip() and not line.startswith("#")]
    return MappingProxyType({english.replace("\\s", " "): theirs.replace("\\s", " ") for english, theirs in rows})
