"""Diagnoses in words; diagnose/slip.py has them as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from fractions import Fraction

from ..diagnose.slip import Kind, Slip
from ..language.expr import SCALAR, Expr, Name, apply, is_inverse
from ..language.shorthand import shorthand
from .diagnosis import Diagnosis, said
from .pieces import Piece
from .words import say

ANSWER, LEFT, FOLLOWS = "the right answer", "the left side", "what follows"
# What is said with `It is`; the other words are sentences of their own.
NOUNS = frozenset((Kind.TRANSPOSE, Kind.NEGATIVE, Kind.MULTIPLE, Kind.NEGATIVE_TRANSPOSE, Kind.MULTIPLE_TRANSPOSE, Kind.SYMMETRIC_PART,
                   Kind.PLUS_TRANSPOSE, Kind.BY_INDEPENDENT, Kind.BY_DIAGONAL, Kind.DIAGONAL_ALONE, Kind.TIMES_SIZE,
                   Kind.STACKED, Kind.VEC_OF, Kind.ON_DIAGONAL))
EDITS = {"symmetrise": "a missing symmetrisation", "extra factor": "a factor too many", "order": "factors in the wrong order",
         "product": "the wrong kind of product", "power": "a wrong exponent", "sign": "a wrong sign", "double": "a factor 2 is missing"}


_HAND: ContextVar[Callable[[Expr], str]] = ContextVar("how formulas in a diagnosis are written", default=lambda e: str(shorthand(e)))


def _drawn(about: object) -> str:
    return _HAND.get()(about) if isinstance(about, Expr) else str(about)


def _say(text: str, *about: object) -> str:
    return say(text, *map(_drawn, about))


def pieces(found: Diagnosis) -> tuple[Piece, ...]:
    """The words of a diagnosis, its formulas apart from them.

    >>> from ..language.expr import Name, num
    >>> pieces(diagnosis_of((Slip(Kind.UNKNOWN, (num(2),)),)))
    ('it uses ', <2>, ', which occurs nowhere else in the problem')
    """
    held: list[Expr] = []

    def hold(e: Expr) -> str:
        held.append(e)
        return f"\0{len(held) - 1}\0"
    token = _HAND.set(hold)
    try:
        parts = str(diagnosis_of(found.slips, found.answer) if found.slips else found).split("\0")
    finally:
        _HAND.reset(token)
    return tuple(held[int(p)] if k % 2 else p for k, p in enumerate(parts) if p)


def diagnosis_of(slips: Sequence[Slip], answer: str = ANSWER) -> Diagnosis:
    """The words for some slips; what is right is the answer, the left side or what follows."""
    words = say("; ").join(WORDS[s.what](say(answer), *s.about) for s in slips)
    return said(words, tuple(slips), bool(slips) and slips[0].what in NOUNS, answer)


def both(parts: Iterable[object]) -> str:
    """Parts joined in words: A and B."""
    return say(" and ").join(map(_drawn, parts))


def terms(found: Sequence[Expr]) -> str:
    """the terms A and B"""
    return _say("the term {}" if len(found) == 1 else "the terms {}", both(found))


def _multiple(answer: str, c: Fraction) -> str:
    if c.numerator != 1 and c.denominator != 1 or c < 0:
        return _say("{} times {}: a wrong factor", c, answer)
    half, k = c < 1, max(c.numerator, c.denominator)
    if k == 2:
        return _say("half {}: a factor 2 is missing" if half else "twice {}: a factor 2 too many", answer)
    return _say("1/{} of {}: the factor {} is missing" if half else "{} times {}: a factor {} too many", k, answer, k)


def _edit(_: str, kind: str, old: Expr, new: Expr) -> str:
    if kind in EDITS:
        return say(EDITS[kind]) + _say(": {} where {} belongs", old, new)
    if kind in ("turn", "everywhere"):
        if isinstance(old, Name) or is_inverse(old):
            return _say("a missing transpose: {} where {} belongs", old, new)
        if isinstance(new, Name) or is_inverse(new):
            return _say("a transpose too many: {} where {} belongs", old, new)
        return _say("a wrong transpose: {} where its transpose {} belongs", old, new)
    return _say("{} where {} belongs", old, new)


def _right_if(_: str, names: Sequence[Name], word: str) -> str:
    if word == "sum":
        return _say("right if {} = 1", apply("sum", names[0]))
    if word == "scalar":
        return _say("right if {} is a number" if len(names) == 1 else "right if {} are numbers", both(names))
    if word == "positive" and names[0].shape != SCALAR:
        return _say("right if every entry of {} is positive", names[0])
    return _say("right if {} is {}" if len(names) == 1 else "right if {} are {}", both(names), say(word))


def _stacked(answer: str, side: str = "", wrt: Name | None = None) -> str:
    return _say("{} with its {} in another order: the entries of {} were stacked by rows", answer, say(side), wrt) if side else \
        _say("{} for rows stacked, not columns", answer)


def _ill_shaped(_: str, whole: bool = False, parts: Sequence[str] = ()) -> str:
    missing = _say(": a missing transpose, of {}" if whole else ": missing transposes, in {}", both(parts)) if parts else ""
    return _say("the shapes do not fit") + missing


def _transposed(answer: str, layout: str = "") -> str:
    return _say("the transpose of {}", answer) + (_say(f": it is in {layout} layout") if layout else "")


def _times_size(answer: str, n: object, missing: bool) -> str:
    return _say("1/{} of {}: the factor {} is missing" if missing else "{} times {}: the factor 1/{} is missing", n, answer, n)


def _no_factor(_: str, gone: Expr | None, old: Expr, new: Expr) -> str:
    missing = _say("a factor is missing") if gone is None else _say("the factor {} is missing", gone)
    return missing + _say(": {} where {} belongs", old, new)


WORDS: dict[Kind, Callable[..., str]] = {
    Kind.TRANSPOSE: _transposed,
    Kind.NEGATIVE: lambda answer: _say("the negative of {}: its sign is wrong", answer),
    Kind.MULTIPLE: _multiple,
    Kind.TIMES_SIZE: _times_size,
    Kind.NEGATIVE_TRANSPOSE: lambda answer: _say("the negative of the transpose of {}", answer),
    Kind.MULTIPLE_TRANSPOSE: lambda answer, c: _say("half the transpose of {}" if c < 1 else "twice the transpose of {}", answer),
    Kind.SYMMETRIC_PART: lambda answer: _say("the symmetric part of {}", answer),
    Kind.PLUS_TRANSPOSE: lambda answer: _say("{} plus its transpose", answer),
    Kind.BY_INDEPENDENT: lambda _, x: _say("the derivative with respect to the independent entries of a symmetric {}, not to all entries",
                                           x),
    Kind.BY_DIAGONAL: lambda _, x: _say("the derivative with respect to the diagonal entries of {} alone, not to all entries", x),
    Kind.ON_SYMMETRIC: lambda _, x: _say("right as a quadratic form on symmetric directions, but not for all entries of {}", x),
    Kind.DIAGONAL_ALONE: lambda answer: _say("the diagonal of {} alone: the entries off the diagonal are missing", answer),
    Kind.STACKED: _stacked,
    Kind.NO_DIAG: lambda _, x: _say("diag({}) belongs there: the diag is missing", x),
    Kind.DIAG_OF: lambda answer: _say("diag of it is {}", answer),
    Kind.VEC_OF: lambda answer: _say("the vec of {}", answer),
    Kind.ON_DIAGONAL: lambda answer: _say("{} on a diagonal: a diag too many", answer),
    Kind.TO_SUM: lambda _, total=None: _say("its entries should be summed") if total is None else _say("a missing sum: {} is right", total),
    Kind.SPREAD: lambda _, x: _say("a diag is missing: {} where diag({}) belongs", x, x),
    Kind.TURNED_BESIDES: lambda answer, *inner: _say("transposed, and besides {}", diagnosis_of(inner, answer)),
    Kind.UNKNOWN: lambda _, *names: _say("it uses {}, which occurs nowhere else in the problem", both(names)),
    Kind.FROZEN: lambda _, name, x: _say("right if {} were constant: how {} depends on {} is left out", name, name, x),
    Kind.NORM: lambda _, had, stands: _say("right if {} stood where {} stands", had, stands),
    Kind.SIZE_ONE: lambda _: _say("right only where all sizes are 1"),
    Kind.SHAPES: lambda _, right, claimed: _say("the derivative is {}, the claim is {}", right, claimed),
    Kind.EDIT: _edit,
    Kind.NO_FACTOR: _no_factor,
    Kind.TWO_TRANSPOSES: lambda _, whole: _say("missing transposes: {} is right", whole),
    Kind.NO_TERMS: lambda _, bad: _say("{} is missing" if len(bad) == 1 else "{} are missing", terms(bad)),
    Kind.SIGN_OF_TERMS: lambda _, wrong, right: _say("a wrong sign") + _say(": {} where {} belongs", both(wrong), both(right)),
    Kind.FACTOR_OF_TERMS: lambda _, wrong, right: _say("a wrong factor") + _say(": {} where {} belongs", both(wrong), both(right)),
    Kind.EXTRA_TERMS: lambda _, bad: _say("{} does not belong there" if len(bad) == 1 else "{} do not belong there", terms(bad)),
    Kind.SOME_TERMS: lambda _, kept, have, wanted: _say(
        "right is term {}; {} stands where {} belongs" if len(kept) == 1 else "right is terms {}; {} stands where {} belongs",
        both(kept), have, wanted),
    Kind.RIGHT_IF: _right_if,
    Kind.ILL_SHAPED: _ill_shaped,
}

MISFIT = diagnosis_of((Slip(Kind.ILL_SHAPED),))
