"""A stable code for each kind of slip, for programs that count them."""

from __future__ import annotations

from collections.abc import Iterable

from ..language.expr import Apply, Expr
from .slip import Is, Slip

CODES = {
    Is.TRANSPOSE: "transposed", Is.NEGATIVE: "wrong-sign", Is.MULTIPLE: "wrong-factor", Is.TIMES_SIZE: "wrong-size-factor",
    Is.NEGATIVE_TRANSPOSE: "negative-transpose", Is.MULTIPLE_TRANSPOSE: "multiple-of-transpose", Is.SYMMETRIC_PART: "symmetric-part",
    Is.PLUS_TRANSPOSE: "plus-transpose", Is.BY_INDEPENDENT: "by-independent-entries", Is.BY_DIAGONAL: "by-diagonal-entries",
    Is.ON_SYMMETRIC: "on-symmetric-directions", Is.DIAGONAL_ALONE: "diagonal-alone",
    Is.STACKED: "stacked-by-rows", Is.NO_DIAG: "missing-diag", Is.SPREAD: "missing-diag",
    Is.DIAG_OF: "missing-diagonal", Is.VEC_OF: "extra-vec", Is.ON_DIAGONAL: "extra-diag", Is.TO_SUM: "missing-sum",
    Is.TURNED_BESIDES: "transposed", Is.NORM: "norm-for-squared-norm", Is.SIZE_ONE: "right-for-size-one",
    Is.UNKNOWN: "unknown-name", Is.FROZEN: "held-constant", Is.SHAPES: "wrong-shape",
    Is.EDIT: "wrong-place", Is.NO_FACTOR: "missing-factor", Is.TWO_TRANSPOSES: "missing-transpose", Is.NO_TERMS: "missing-term",
    Is.SIGN_OF_TERMS: "wrong-sign", Is.FACTOR_OF_TERMS: "wrong-factor", Is.EXTRA_TERMS: "extra-term", Is.SOME_TERMS: "wrong-term",
    Is.RIGHT_IF: "right-if", Is.ILL_SHAPED: "shapes-do-not-fit"}
EDITS = {"symmetrise": "missing-symmetrisation", "extra factor": "extra-factor", "order": "factor-order", "product": "wrong-product",
         "power": "wrong-exponent", "sign": "wrong-sign", "double": "wrong-factor", "diagonal": "wrong-diagonal",
         "function": "wrong-function", "inside": "wrong-place", "identity": "wrong-identity", "inverse": "wrong-inverse"}
LAYOUT, HALF, TURN = "other-layout", "lost-product-half", ("missing-transpose", "extra-transpose")


def codes(slips: Iterable[Slip]) -> list[str]:
    """The codes of some slips, each once."""
    return list(dict.fromkeys(code for slip in slips for code in _of(slip)))


def _of(slip: Slip) -> list[str]:
    about = slip.about
    if slip.what is Is.EDIT:
        return [EDITS[about[0]] if about[0] in EDITS else TURN[_turned(about[1])] if about[0] in ("turn", "everywhere") else CODES[Is.EDIT]]
    if slip.what is Is.TRANSPOSE and about and about[0]:
        return [LAYOUT]
    if slip.what is Is.NO_TERMS and any(isinstance(t, Expr) and t.has_d for t in about[0]):
        return [HALF]
    if slip.what is Is.ILL_SHAPED and len(about) > 1 and about[1]:
        return [TURN[0]]
    if slip.what is Is.RIGHT_IF:
        return [f"{CODES[Is.RIGHT_IF]}-{about[1]}"]
    if slip.what is Is.TURNED_BESIDES:
        return [CODES[slip.what], *codes(about)]
    return [CODES[slip.what]]


def _turned(old: object) -> bool:
    """Whether what stands there is transposed already."""
    return old.endswith("'") if isinstance(old, str) else isinstance(old, Apply) and old.head == "'"
