"""np.einsum("ij,j->i", A, x): a product of entries summed over the letters that the result does not have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ...language.shape import InputError
from ..latex.tensor_networks import Factor, Network, Ranges, bare
from .pieces import Piece, one_dimensional
from ..grammar.spellings import Row

AXIS_COUNT = {"scalar": 0, "column": 1, "row": 1, "matrix": 2}
AXES = {"scalar": "no axis", "column": "one axis", "row": "one axis", "matrix": "two axes"}


class Unfit(Exception):
    """Why a rule is not read."""


def row(rule: str, operands: Sequence[Piece]) -> Row:
    """What a rule of einsum stands for, as a spelling with what is given in the places of its letters; Unfit where it is not a matrix."""
    labels, result = parted(rule, operands)
    if len(labels) != len(operands):
        given = f"{len(operands)} {'is' if len(operands) == 1 else 'are'} given"
        raise Unfit(f"it has {len(labels)} operand{'s' * (len(labels) != 1)}, and {given}")
    if (wrong := next(((k, axes, p) for k, (axes, p) in enumerate(zip(labels, operands, strict=True)) if not fits(axes, p)), None)):
        k, axes, p = wrong
        raise Unfit(f"operand {k + 1} has {AXES.get(p.kind, 'axes that are not known here')}, and {axes or 'no letter'} is written for it")
    if len(result) > 2 or len(set(result)) < len(result) or not set(result) <= set("".join(labels)):
        raise Unfit("the result may have at most two axes, with different letters that occur in the operands")
    factors = tuple(Factor(f"c{k}", tuple(axes)) for k, axes in enumerate(labels))
    summed = frozenset("".join(labels)) - set(result)
    try:
        text = chained(factors, result) or bare(Ranges().text(Network(factors, summed=summed), tuple(result)))
    except InputError:
        text = "?"
    if "?" in text:
        raise Unfit("write it as a product of matrices")
    return Row("einsum", tuple(f.text for f in factors), (), text)


def chained(factors: Sequence[Factor], result: str) -> str:
    """The product of matrices, where each letter joins two factors, with as few transposes as may be; nothing where it is none.

    >>> chained((Factor("A", ("i", "j")), Factor("x", ("j",)), Factor("y", ("i",))), ""), chained((Factor("A", ("i", "j")),), "ji")
    ("y'*A*x", "A'")
    >>> chained((Factor("A", ("i", "j")), Factor("B", ("j", "i"))), "")
    'tr(A*B)'
    """
    letters = Counter(a for f in factors for a in f.axes)
    if any(count != (1 if a in result else 2) for a, count in letters.items()) or \
            not all(f.axes for f in factors) or len({f.axes for f in factors}) < len(factors) and len(factors[0].axes) == 2:
        return ""
    (first, *rest), ends = factors, (*result, "", "")
    if not result and len(first.axes) == 2 and rest:       # a ring of matrices, or a chain between two vectors
        rings = (f"tr({first.text}*{text})" for text in _chains(first.axes[1], first.axes[0], tuple(rest)))
    else:
        rings = iter(())
    found = [*rings, *_chains(ends[0], ends[1], tuple(factors))]
    return min(found, key=lambda text: text.count("'"), default="")


def _chains(left: str, col: str, factors: tuple[Factor, ...]) -> Iterator[str]:
    """The products of all factors from a row of some letter to a column."""
    for k, f in enumerate(factors):
        rest = factors[:k] + factors[k + 1:]
        first, last = (*f.axes, "")[:2]
        for (begin, end), text in (((first, last), f.text), ((last, first), f"{f.text}'")):
            if begin == left and not rest and end == col:
                yield text
            elif begin == left and end and rest:
                yield from (f"{text}*{more}" for more in _chains(end, col, rest))


def parted(rule: str, operands: Sequence[Piece] = ()) -> tuple[list[str], str]:
    """The letters of what is given, and those of the result: where it is not written, what stands there once, in the order of the
    alphabet. Dots are the axes that an operand has besides its letters: capitals that the rule does not use, the same from the right.

    >>> parted("ij, jk -> ik"), parted("i,i"), parted("ab,b")
    ((['ij', 'jk'], 'ik'), (['i', 'i'], ''), (['ab', 'b'], 'a'))
    """
    given, arrow, result = rule.replace(" ", "").partition("->")
    free, most = [c for c in "ZYXWVUTSRQ" if c not in rule][:2], ""
    if "..." in given:
        parts = given.split(",")
        counts = [AXIS_COUNT.get(p.kind, 0) - len(part.replace("...", "")) if "..." in part else 0
                  for part, p in zip(parts, operands, strict=False)]
        if any(n not in (0, 1, 2) for n in counts):
            raise Unfit("an operand has fewer axes than letters are written for it")
        each = [*counts, *[0] * len(parts)]
        given = ",".join(part.replace("...", "".join(free[2 - n:])) for part, n in zip(parts, each, strict=False))
        most = "".join(free[2 - max(counts, default=0):])
        result = result.replace("...", most)
    if not arrow:
        result = most + "".join(sorted(c for c in set(given) - {",", *free} if given.count(c) == 1))
    return given.split(","), result


def fits(axes: str, p: Piece) -> bool:
    """Whether a value has as many axes as letters are written for it."""
    if not axes.isalpha() and axes:
        return False
    count = AXIS_COUNT.get(p.kind)
    return count == len(axes) and (count != 1 or one_dimensional(p))
