"""What is declared and defined behind a formula: `x'*A*x where A is symmetric`, `s'*y with s = softmax(x)`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .declare import declarations
from ..language.shape import InputError

BEHIND = re.compile(r",?\s(?:where|with|for|if|when|assuming|given)\s")
PARTS = re.compile(r"[,;]|\band\b")
WORD = re.compile(r"[^\W\d]\w*")


def apart(text: str) -> tuple[str, list[str], list[str]]:
    """A formula, and what is declared and defined behind it, each definition behind those it uses; where what stands behind is neither,
    all of the text is the formula.

    >>> apart("s'*y, where y in R^n and s = softmax(z), z = W*x")
    ("s'*y", ['y in R^n'], ['z = W*x', 's = softmax(z)'])
    """
    found = BEHIND.search(text)
    if found is None or _open(text[:found.start()]):
        return text, [], []
    declare: list[str] = []
    define: list[str] = []
    begun = at = found.end()
    for stop, after in [*(m.span() for m in PARTS.finditer(text, at)), (len(text), len(text))]:
        part = text[begun:stop].strip(" .")
        if "=" in part and _open(part) or "=" not in part and not _declares(part):
            continue
        (define if "=" in part else declare).append(part)
        begun = after
    return (text, [], []) if text[begun:].strip(" .") else (text[:found.start()], declare, _in_order(define))


def _open(text: str) -> bool:
    return any(text.count(a) != text.count(b) for a, b in ("()", "[]", "{}"))


def _declares(text: str) -> bool:
    try:
        declarations([text])
    except InputError:
        return False
    return True


def _in_order(define: Sequence[str]) -> list[str]:
    """Definitions, each behind those it uses."""
    out: list[str] = []
    rest = list(define)
    while rest:
        names = {d.split("=")[0].strip() for d in rest}
        ready = next((d for d in rest if names.isdisjoint(WORD.findall(d.split("=", 1)[1]))), rest[0])
        rest.remove(ready)
        out.append(ready)
    return out
