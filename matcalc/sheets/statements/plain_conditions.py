"""Conditions in the sentences of plain lines: points at which something is said, `at w = 0: grad f = -X'*y`, and what cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile

from ...language.shape import InputError
from ...reading.latex.names import NAME
from ..parts.formula import constant
from ..words.plain_items import CONDITIONS, REASONS
from ..words.sentences import Item
from ..words.structure_words import equated
from ...patterns import pattern

# Words that go on with the formula above, and say nothing of the one behind them.
JOINS, = (frozenset(words.split()) for words in (
    "so then hence thus therefore consequently and now finally again also but or where since because with that is are get have obtain find "
    "gives give yields yield recall note using from for let as by means follows call write say the we",))
UNEQUAL = pattern(r"(?:all |any |every )?[^=<>!≠]+(?:≠|!=)[^=<>!≠]+")         # leaves hardly anything out
UNDER = CONDITIONS - REASONS
MOST = 200          # items of a sentence
NEAR = 4            # words before a point, as `evaluated at the point`


def is_value(text: str, free: Callable[[str], bool]) -> bool:
    """Whether an equation gives a number to a name that is `free`.

    >>> is_value("w = 0", "w".__eq__), is_value("w = 2*v", "w".__eq__), is_value("v = 0", "w".__eq__)
    (True, False, False)
    """
    name, equal, value = (part.strip() for part in text.partition("="))
    return bool(equal) and NAME.fullmatch(name) is not None and constant(value) and free(name)


def places(found: list[Item], free: Callable[[str], bool], new: Callable[[str], bool]) -> tuple[list[Item], list[str]]:
    """The items of a sentence without the points, of names that are `free`, at which all of it is said: in front of it, or behind its only
    equation; and those points. What defines a `new` name says no more of a point than that name does.

    >>> at = [Item("word", "at", 0, 2), Item("display", "w = 0", 3, 8), Item("sign", ",", 8, 9), Item("display", "d(f) = 1", 10, 18)]
    >>> [item.text for item in places(at, "w".__eq__, "f".__eq__)[0]], places(at, "w".__eq__, "f".__eq__)[1]
    (['d(f) = 1'], ['w = 0'])
    """
    left, points = list(found), list[str]()
    for item in found if len(found) <= MOST else ():
        if item.kind not in ("display", "formula") or not is_value(item.text, free):
            continue
        equations = [i.text.partition("=")[0].strip() for i in left if i is not item and "=" in i.text]
        if not equations or any(map(new, equations)):
            continue
        k = left.index(item)
        words = list(takewhile(lambda i: i.kind == "word", left[max(0, k - NEAR):k][::-1]))
        back = next((b for b, i in enumerate(words, 1)
                     if i.text == "at" or b == 1 and (i.text in UNDER | {"with"} or points and i.text == "and")), 0)
        leads = all(i.kind == "word" for i in left[:k])
        if not back or not leads and (len(equations) > 1 or left[k + 1:] or words[0].text in ("for", "with")):
            continue
        points.append(item.text)
        back += back < len(words) and words[back].text in ("evaluated", "taken")
        left[k - back:k + 1 + (leads and bool(left[k + 1:]) and left[k + 1].kind == "sign")] = []
    return left, points


def check_conditions(found: list[Item], known: Callable[[str], bool], size: Callable[[str], bool], number: int, line: str) -> None:
    """InputError where a line stands under a condition that cannot be read."""
    for k, item in enumerate(found):
        given = found[k - 1].text if k and item.kind == "formula" and not NAME.fullmatch(item.text) else ""
        left, equal, right = (part.strip() for part in item.text.partition("="))
        if k and found[k - 1].text == "with" and equal and constant(right) and known(left):        # grad f = 2*x with t = 0
            raise InputError("this condition cannot be read", number, item.start + 1, line)
        behind = next((i.text for i in found[k + 1:k + 2] if i.kind == "word"), "then")
        if k and item.kind == "display" and found[k - 1].text in UNDER and constant(right) and size(left):         # for n = 1
            raise InputError("this condition cannot be read", number, item.start + 1, line)
        if given in UNDER and (equated(item.text) is None or behind not in JOINS) and not UNEQUAL.fullmatch(item.text):
            raise InputError("this condition cannot be read", number, item.start + 1, line)
