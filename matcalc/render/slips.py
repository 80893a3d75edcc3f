"""What is wrong with a claim or a line, in words; diagnose/slip.py has it as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any

from ..diagnose.slip import Is, Slip
from ..language.expr import SCALAR, Apply, Expr, Name

ANSWER, LEFT, FOLLOWS = "the right answer", "the left side", "what follows"
# What is said with `It is`; the other words are sentences of their own.
NOUNS = frozenset((Is.TRANSPOSE, Is.NEGATIVE, Is.MULTIPLE, Is.NEGATIVE_TRANSPOSE, Is.MULTIPLE_TRANSPOSE, Is.SYMMETRIC_PART,
                   Is.PLUS_TRANSPOSE, Is.BY_INDEPENDENT, Is.BY_DIAGONAL, Is.DIAGONAL_ALONE, Is.TIMES_SIZE,
                   Is.STACKED, Is.VEC_OF, Is.ON_DIAGONAL))
EDITS = {"symmetrise": "a missing symmetrisation", "extra factor": "a factor too many", "order": "factors in the wrong order",
         "product": "the wrong kind of product", "power": "a wrong exponent", "sign": "a wrong sign", "double": "a factor 2 is missing"}


class Diagnosis(str):
    """The words for some slips, and the slips."""

    __slots__ = ("slips",)
    slips: tuple[Slip, ...]

    @property
    def noun(self) -> bool:
        """Whether `It is` goes before it."""
        return bool(self.slips) and self.slips[0].what in NOUNS


def told(slips: Sequence[Slip], answer: str = ANSWER) -> Diagnosis:
    """The words for some slips; what is right is the answer, the left side or what follows."""
    out = Diagnosis("; ".join(WORDS[s.what](answer, *s.about) for s in slips))
    out.slips = tuple(slips)
    return out


def both(parts: Iterable[Any]) -> str:
    """A and B"""
    return " and ".join(map(str, parts))


def terms(found: Sequence[Expr]) -> str:
    """the terms A and B"""
    return ("the term " if len(found) == 1 else "the terms ") + both(found)


def _multiple(answer: str, c: Fraction) -> str:
    half, k = c < 1, max(c.numerator, c.denominator)
    if k == 2:
        return f"{'half' if half else 'twice'} {answer}: a factor 2 {'is missing' if half else 'too many'}"
    return f"1/{k} of {answer}: the factor {k} is missing" if half else f"{k} times {answer}: a factor {k} too many"


def _edit(_: str, kind: str, old: Expr, new: Expr) -> str:
    if kind in EDITS:
        return f"{EDITS[kind]}: {old} where {new} belongs"
    if kind in ("turn", "everywhere"):
        if isinstance(old, Name) or (isinstance(old, Apply) and old.head == "inv"):
            return f"a missing transpose: {old} where {new} belongs"
        if isinstance(new, Name) or (isinstance(new, Apply) and new.head == "inv"):
            return f"a transpose too many: {old} where {new} belongs"
        return f"a wrong transpose: {old} where its transpose {new} belongs"
    return f"{old} where {new} belongs"


def _right_if(_: str, names: Sequence[Name], word: str) -> str:
    if word == "sum":
        return f"right if sum({names[0]}) = 1"
    if word == "positive" and names[0].shape != SCALAR:
        return f"right if every entry of {names[0]} is positive"
    return f"right if {both(names)} {'is' if len(names) == 1 else 'are'} {word}"


def _stacked(answer: str, side: str = "", wrt: Name | None = None) -> str:
    return f"{answer} with its {side} in another order: the entries of {wrt} were stacked by rows" if side else (
        f"{answer} for rows stacked, not columns")


def _ill_shaped(_: str, whole: bool = False, parts: Sequence[str] = ()) -> str:
    return "the shapes do not fit" + (
        f": {'a missing transpose, of' if whole else 'missing transposes, in'} {both(parts)}" if parts else "")


WORDS: dict[Is, Callable[..., str]] = {
    Is.TRANSPOSE: lambda answer, layout="": f"the transpose of {answer}" + (f": it is in {layout} layout" if layout else ""),
    Is.NEGATIVE: lambda answer: f"the negative of {answer}: its sign is wrong",
    Is.MULTIPLE: _multiple,
    Is.TIMES_SIZE: lambda answer, n, missing: f"1/{n} of {answer}: the factor {n} is missing" if missing else (
        f"{n} times {answer}: the factor 1/{n} is missing"),
    Is.NEGATIVE_TRANSPOSE: lambda answer: f"the negative of the transpose of {answer}",
    Is.MULTIPLE_TRANSPOSE: lambda answer, c: f"{'half' if c < 1 else 'twice'} the transpose of {answer}",
    Is.SYMMETRIC_PART: lambda answer: f"the symmetric part of {answer}",
    Is.PLUS_TRANSPOSE: lambda answer: f"{answer} plus its transpose",
    Is.BY_INDEPENDENT: lambda _, x: f"the derivative by the independent entries of a symmetric {x}, not by all entries",
    Is.BY_DIAGONAL: lambda _, x: f"the derivative by the diagonal entries of {x} alone, not by all entries",
    Is.DIAGONAL_ALONE: lambda answer: f"the diagonal of {answer} alone: what stands off the diagonal is missing",
    Is.STACKED: _stacked,
    Is.NO_DIAG: lambda _, x: f"diag({x}) belongs there: the diag is missing",
    Is.DIAG_OF: lambda answer: f"diag of it is {answer}",
    Is.VEC_OF: lambda answer: f"the vec of {answer}",
    Is.ON_DIAGONAL: lambda answer: f"{answer} on a diagonal: a diag too many",
    Is.TO_SUM: lambda _: "its entries should be summed",
    Is.SPREAD: lambda _, x: f"a diag is missing: {x} where diag({x}) belongs",
    Is.TURNED_BESIDES: lambda answer, *inner: f"transposed, and besides {told(inner, answer)}",
    Is.UNKNOWN: lambda _, *names: f"it uses {both(names)}, which stands nowhere else in the problem",
    Is.FROZEN: lambda _, name, x: f"right if {name} were constant: how {name} depends on {x} is left out",
    Is.SHAPES: lambda _, right, claimed: f"the derivative is {right}, the claim is {claimed}",
    Is.EDIT: _edit,
    Is.NO_FACTOR: lambda _, gone, old, new: (
        f"{f'the factor {gone}' if gone is not None else 'a factor'} is missing: {old} where {new} belongs"),
    Is.TWO_TRANSPOSES: lambda _, whole: f"missing transposes: {whole} is right",
    Is.NO_TERMS: lambda _, bad: f"{terms(bad)} {'is' if len(bad) == 1 else 'are'} missing",
    Is.SIGN_OF_TERMS: lambda _, wrong, right: f"a wrong sign: {both(wrong)} where {both(right)} belongs",
    Is.FACTOR_OF_TERMS: lambda _, wrong, right: f"a wrong factor: {both(wrong)} where {both(right)} belongs",
    Is.EXTRA_TERMS: lambda _, bad: f"{terms(bad)} {'does' if len(bad) == 1 else 'do'} not belong there",
    Is.SOME_TERMS: lambda _, kept, have, wanted: f"right is {terms(kept)[4:]}; {have} stands where {wanted} belongs",
    Is.RIGHT_IF: _right_if,
    Is.ILL_SHAPED: _ill_shaped,
}

NOTHING, MISFIT = told(()), told((Slip(Is.ILL_SHAPED),))
