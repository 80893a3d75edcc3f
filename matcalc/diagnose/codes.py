"""A stable code for each kind of slip, for programs that count them."""

from __future__ import annotations

from collections.abc import Iterable

from ..language.expr import Apply, Expr
from .slip import Kind, Slip

CODES = {
    Kind.TRANSPOSE: "transposed", Kind.NEGATIVE: "wrong-sign", Kind.MULTIPLE: "wrong-factor", Kind.TIMES_SIZE: "wrong-size-factor",
    Kind.NEGATIVE_TRANSPOSE: "negative-transpose", Kind.MULTIPLE_TRANSPOSE: "multiple-of-transpose", Kind.SYMMETRIC_PART: "symmetric-part",
    Kind.PLUS_TRANSPOSE: "plus-transpose", Kind.BY_INDEPENDENT: "by-independent-entries", Kind.BY_DIAGONAL: "by-diagonal-entries",
    Kind.ON_SYMMETRIC: "on-symmetric-directions", Kind.DIAGONAL_ALONE: "diagonal-alone",
    Kind.STACKED: "stacked-by-rows", Kind.NO_DIAG: "missing-diag", Kind.SPREAD: "missing-diag",
    Kind.DIAG_OF: "missing-diagonal", Kind.VEC_OF: "extra-vec", Kind.ON_DIAGONAL: "extra-diag", Kind.TO_SUM: "missing-sum",
    Kind.TURNED_BESIDES: "transposed", Kind.NORM: "norm-for-squared-norm", Kind.SIZE_ONE: "right-for-size-one",
    Kind.UNKNOWN: "unknown-name", Kind.FROZEN: "held-constant", Kind.SHAPES: "wrong-shape",
    Kind.EDIT: "wrong-place", Kind.NO_FACTOR: "missing-factor", Kind.TWO_TRANSPOSES: "missing-transpose", Kind.NO_TERMS: "missing-term",
    Kind.SIGN_OF_TERMS: "wrong-sign", Kind.FACTOR_OF_TERMS: "wrong-factor", Kind.EXTRA_TERMS: "extra-term", Kind.SOME_TERMS: "wrong-term",
    Kind.RIGHT_IF: "right-if", Kind.ILL_SHAPED: "shapes-do-not-fit"}
EDITS = {"symmetrise": "missing-symmetrisation", "extra factor": "extra-factor", "order": "factor-order", "product": "wrong-product",
         "power": "wrong-exponent", "sign": "wrong-sign", "double": "wrong-factor", "diagonal": "wrong-diagonal",
         "function": "wrong-function", "inside": "wrong-place", "identity": "wrong-identity", "inverse": "wrong-inverse",
         "name": "wrong-name"}
LAYOUT, HALF, TURN = "other-layout", "lost-product-half", ("missing-transpose", "extra-transpose")


def codes(slips: Iterable[Slip]) -> list[str]:
    """The codes of some slips, each once."""
    return list(dict.fromkeys(code for slip in slips for code in _of(slip)))


def _of(slip: Slip) -> list[str]:
    about = slip.about
    if slip.what is Kind.EDIT:
        return [EDITS[about[0]] if about[0] in EDITS else TURN[_turned(about[1])] if about[0] in ("turn", "everywhere")
                else CODES[Kind.EDIT]]
    if slip.what is Kind.TRANSPOSE and about and about[0]:
        return [LAYOUT]
    if slip.what is Kind.NO_TERMS and any(isinstance(t, Expr) and t.has_d for t in about[0]):
        return [HALF]
    if slip.what is Kind.ILL_SHAPED and len(about) > 1 and about[1]:
        return [TURN[0]]
    if slip.what is Kind.RIGHT_IF:
        return [f"{CODES[Kind.RIGHT_IF]}-{about[1]}"]
    if slip.what is Kind.TURNED_BESIDES:
        return [CODES[slip.what], *codes(about)]
    return [CODES[slip.what]]


def _turned(old: object) -> bool:
    """Whether what stands there is transposed already."""
    return old.endswith("'") if isinstance(old, str) else isinstance(old, Apply) and old.head == "'"
