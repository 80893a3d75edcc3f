"""What a wrong claim is, as data; the words are made in render/slips.py."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from ..records import Record


class Kind(StrEnum):
    """What a claim or a line is, with what it is about."""

    TRANSPOSE = "transpose"                      # (the other layout, or nothing)
    NEGATIVE = "negative"
    MULTIPLE = "multiple"                        # (factor)
    TIMES_SIZE = "times a size"                  # (size, whether it is missing)
    NEGATIVE_TRANSPOSE = "negative transpose"
    MULTIPLE_TRANSPOSE = "multiple of the transpose"    # (factor)
    SYMMETRIC_PART = "symmetric part"
    PLUS_TRANSPOSE = "plus its transpose"
    BY_INDEPENDENT = "by independent entries"    # (variable)
    BY_DIAGONAL = "by diagonal entries"          # (variable)
    ON_SYMMETRIC = "on symmetric directions"     # (variable)
    DIAGONAL_ALONE = "diagonal alone"
    STACKED = "rows stacked"                     # (nothing, or which side, and the variable)
    NO_DIAG = "diag missing"                     # (what it belongs around)
    DIAG_OF = "its diagonal is right"
    VEC_OF = "vec"
    ON_DIAGONAL = "on a diagonal"
    TO_SUM = "to be summed"                      # (nothing, or what the sum of its rows or columns is)
    SPREAD = "vector for its diagonal matrix"    # (the vector)
    TURNED_BESIDES = "transposed and besides"    # (the slips)
    UNKNOWN = "unknown names"                    # (names)
    FROZEN = "definition held constant"          # (definition, variable)
    NORM = "norm for squared norm"               # (what was differentiated, what stands there)
    SIZE_ONE = "right where all sizes are 1"
    SHAPES = "shapes"                            # (shape of the answer, of the claim)
    EDIT = "one place"                           # (kind, what stands there, what belongs there)
    NO_FACTOR = "factor missing"                 # (the factor or None, what stands there, what belongs there)
    TWO_TRANSPOSES = "two transposes"            # (what is right)
    NO_TERMS = "terms missing"                   # (terms)
    SIGN_OF_TERMS = "sign of terms"              # (what stands there, what belongs there)
    FACTOR_OF_TERMS = "factor of terms"          # (what stands there, what belongs there)
    EXTRA_TERMS = "terms too many"               # (terms)
    SOME_TERMS = "some terms right"              # (terms that are right, what stands there, what belongs there)
    RIGHT_IF = "right if"                        # (names, and the word, `sum` or `positive`)
    ILL_SHAPED = "ill-shaped"                    # (nothing, or whether whole terms are transposed, and the terms)


class Slip(Record):
    """One thing that is wrong."""

    what: Kind
    about: tuple[Any, ...] = ()
