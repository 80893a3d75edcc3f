"""What agreement at a few points cannot show, examined before it is called checked.

An identity may hold for small sizes only, or where sizes differ; a kink may lie far away or be narrow; assumed equations may have
branches the points did not follow. Each is looked at where it can be, and said to be open where it cannot.
"""

from __future__ import annotations

import math
from itertools import product
from math import comb
from random import Random

from ...language.expr import ONE, Apply
from ...language.inspection import heads_in
from ...language.operations import DERIVED, MINORS
from ...language.traversal import operands, reachable
from .constrained import SPECIAL
from .degrees import bounds
from .far_from_zero import ALL, LAST, clearly
from .field import Field
from .jets import NO_VALUE, Unsupported, OutsideDomain, Singular, TooLarge
from ..kinks import sides_met
from .differences import differ, finite
from .question import BRANCHES, LOCAL, SEED, Question
from .sides import PARITY, Sizes
from .reals import Reals
from ..verdict import Reason, Verdict, Cause, Witness
from ...records import Record

LARGEST_SIZE, WORK = 24, 4_000_000      # rows, and products of numbers in all
ROUNDED = 6                             # rows up to which a determinant in floating point has its digits
LOOKS = 24                              # sizes looked at besides the usual ones
TRIALS = 6
WAYS = 8                                # starts from which all names are solved for together
STYLES = (0, 2, 1, 4, 3, 2)


def deeper(question: Question) -> Witness | Verdict | Reason | None:
    """Where the sides differ, or the right one has no value, what stays open, or nothing where they agree here too."""
    still: Reason | None = None
    for look in (_sizes, _one_name_far, sides_met_on_lines, _branches):
        found = look(question)
        if isinstance(found, dict | Verdict):
            return found
        still = still or found
    return still


def _one_name_far(question: Question) -> Verdict | None:
    """Each name far from zero, beside others near it."""
    if question.branched or question.heads.isdisjoint(LOCAL):
        return None
    found = question.far(range(ALL, LAST))
    return found if isinstance(found, Verdict) else None


# ------------------------------------------------------------------------------------------------------- sizes
class Grid(Record):
    """Sizes, and how many of them have to agree; where the sides have no value there, the same of the next grid."""

    sizes: list[Sizes]
    needed: int


def further(question: Question) -> list[list[Grid]]:
    """Sizes beyond every degree: a polynomial in the sizes that vanishes on a corner of the grid, as far as its degree, is zero. Where
    the sides have no value there, one size larger than the others does. Of even sizes and of odd ones a determinant may be two."""
    names = question.names
    least, degree, gap = bounds([*question.about, *(e for pair in question.assumptions for e in pair)], question.bodies, question.heads,
                                names)
    parity = bool(MINORS & question.heads) or "skew" in question.words
    if parity:
        degree = max(degree, 1)
    reach = (1 + parity) * degree
    corner = [c for c in product(range(degree + 1), repeat=len(names)) if sum(c) <= degree] \
        if comb(degree + len(names), degree) <= LOOKS else []
    if not corner or max(least.values()) + reach > LARGEST_SIZE:
        random = Random(SEED)
        some = [{n: random.randrange(2, min(least[n] + degree, LARGEST_SIZE) + 1) for n in names} for _ in range(LOOKS)]
        return [[Grid(sorted(some, key=lambda s: sum(s.values())), LOOKS + 1)]]
    corner.sort(key=sum)
    if not parity:
        lots = [[{n: least[n] + k for n, k in zip(names, c, strict=True)} for c in corner]]
    else:
        lots = [[{n: least[n] + (least[n] + odd) % 2 + 2 * k for n, k in zip(names, c, strict=True)} for c in corner] for odd in (0, 1)]
    longer = [[[{n: s + (n == m) * (reach + 2 + gap) for n, s in sizes.items()} for sizes in lot] for lot in lots]
              for m in (names if len(names) > 1 or gap else [])]
    if gap:             # n + 5 rows: more columns than that are another case
        return [[Grid(lot, len(corner))] for lot in (*lots, *(lot for more in longer for lot in more))]
    return [[Grid(lot, len(corner)), *(Grid(more[k], len(corner)) for more in longer)] for k, lot in enumerate(lots)]


def _sizes(question: Question) -> Witness | Reason | None:
    names = question.names
    if not names:
        return None
    plan = further(question)
    small = [dict.fromkeys(names, k) for k in (1, 2, 3)]
    small += [{m: 1 if m == n else 2 + (k > 0) for k, m in enumerate(names)} for n in names] if 1 < len(names) < 4 else []
    ring: Field | None = Field(Random(SEED))
    first = question.looked[0] if question.looked else {n: k + 2 for k, n in enumerate(names)}
    if {"expm", "expm_frechet"} & question.heads or _exactly(question, ring, first) is not True:
        ring = None
    for sizes in small:
        found = _agree(question, ring, sizes)
        if isinstance(found, dict | Reason):
            return found
    shapes = _nodes(question)
    work = closed = 0
    for grids in plan:
        for grid in grids:
            agreed = 0
            for sizes in grid.sizes:
                work += _work(shapes, sizes)
                if work > WORK:
                    return Reason(Cause.SIZES, tuple(grid.sizes[0].items()))
                found = _agree(question, ring, sizes)
                if isinstance(found, dict | Reason):
                    return found
                if found is None and grid is not grids[-1]:
                    break
                agreed += found is True
            if agreed >= grid.needed:
                closed += 1
                break
        else:       # an inverse of a skew matrix has no value at odd sizes
            if len(plan) == 1 or not all(_nowhere(question, ring, sizes) for sizes in grids[0].sizes[:3]):
                return Reason(Cause.SIZES, tuple(grids[0].sizes[0].items()))
    return None if closed else Reason(Cause.SIZES, tuple(plan[0][0].sizes[0].items()))


def _nowhere(question: Question, ring: Field | None, sizes: Sizes) -> bool:
    """Whether the sides have no value at these sizes, exactly."""
    try:
        return ring is not None and not question._exact_at(ring, sizes)
    except (Singular, OutsideDomain):
        return True
    except (Unsupported, TooLarge, ArithmeticError):
        return False


def _nodes(question: Question) -> list[Apply]:
    """The subexpressions that have to be computed."""
    roots = [*question.about, *question.bodies.values()]
    found = reachable(roots, operands)
    return [e for e in found if type(e) is Apply]


def _work(nodes: list[Apply], sizes: Sizes) -> int:
    """About how many products of numbers a look at these sizes takes."""
    total, times = 0, 1
    for e in nodes:
        m, n = (d.value(sizes) for d in (e.args[0].shape if e.head in PARITY else e.shape))
        total += m * n * max(m, n) * (m if e.head in PARITY else 1)
        if e.head in DERIVED:
            times += math.prod(d.value(sizes) for d in e.args[-1].shape)
    return total * times


def _agree(question: Question, ring: Field | None, sizes: Sizes) -> Witness | Reason | bool | None:
    """Where they differ, what is open, whether the sides agree, or nothing where they have no value."""
    if ring is None:
        return _really(question, sizes)
    exact = _exactly(question, ring, sizes)
    if exact and ring.atoms & BRANCHES and max(sizes.values(), default=1) <= ROUNDED:
        found = _really(question, sizes)        # few exact points may meet a sign or a root from one side
        return found if isinstance(found, dict) else exact
    if exact is None or exact:
        return exact
    found = _really(question, sizes, not ring.atoms)
    return Reason(Cause.NOT_EXACTLY) if found is True and not ring.atoms else found


def _exactly(question: Question, ring: Field | None, sizes: Sizes) -> bool | None:
    assert ring is not None
    try:
        found = question._exact_at(ring, sizes)
    except NO_VALUE:
        return None
    return found == "agree" if found else None


def _really(question: Question, sizes: Sizes, different: bool = False) -> Witness | bool | None:
    """At a few real points, of small numbers where there are many of them; `different`: exactly they are."""
    if PARITY & question.heads and max(sizes.values(), default=1) > ROUNDED and not different:
        return None
    random = Random(SEED)
    agreed = None
    for trial in range(TRIALS):
        style = STYLES[(trial + (max(sizes.values(), default=1) > 4)) % len(STYLES)]
        found = compared(question, Reals(random), sizes, style, trial)
        if isinstance(found, dict):
            return found
        if found and trial > 1:
            return True
        agreed = agreed or found
    return agreed


def compared(question: Question, ring: Reals, sizes: Sizes, style: int, trial: int) -> Witness | bool | None:
    """The point where the sides clearly differ, whether they agree, or nothing where one has no value or it is close."""
    try:
        ev = question.point(ring, sizes, style, trial)
        left, right = question.sides(ev)
        other = right()
        if not (finite(left) and finite(other)):
            return None
        if not differ(left.parts[0], other.parts[0]):
            return True
        if clearly(left.parts[0], other.parts[0]) and question.told(ev, left, other):
            return question.witness(ev)
    except NO_VALUE:
        pass
    return None


# ----------------------------------------------------------------------------------------- kinks and branches
def sides_met_on_lines(question: Question) -> Witness | Verdict | Reason | None:
    """Compare on both sides of every kink."""
    found = sides_met(question)
    return Reason(Cause.KINK, (found,)) if isinstance(found, str) else found


def _branches(question: Question) -> Witness | Reason | None:
    """Other solutions of what is assumed. An equation in one number may have any number of roots, however far away, and one between
    exponentials of matrices as many as there are turns: there looking for some of them cannot tell that there are no more."""
    if not question.branched:
        return None
    names = {n for pair in question.assumptions for e in pair for n in e.names}
    roots = any(ONE in n.shape for n in names) or any("expm" in heads_in(e) for pair in question.assumptions for e in pair)
    agreed = 0
    some = question.looked[:1] or [{}]
    try:
        for sizes in [*some, *([dict.fromkeys(question.names, 2)] if question.names else [])]:
            random = Random(SEED)
            for way in range(1, 1 + len(SPECIAL) * len(names) + WAYS):
                question.way = way
                found = compared(question, Reals(random), sizes, STYLES[way % 2], way)
                if isinstance(found, dict):
                    return found
                agreed += found is True
    finally:
        question.way = 0
    return None if agreed > 1 and not roots else Reason(Cause.BRANCHES)
