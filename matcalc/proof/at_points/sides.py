"""Two sides that should agree: what they are about, at which sizes to look, how they compare at a point."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import chain, islice, permutations
from typing import Any

from ...language.deadline import Deadline
from ...language.expr import ONE, SCALAR, Apply, Expr, Name, Number
from ...language.operations import ALWAYS_INVERTIBLE, KINKED, MINORS
from .differences import clearly_differ, differ, finite, written
from .field import Field
from .jets import Jet, Large, OutsideDomain, Singular
from .point import Point
from .values import Evaluator
from ..verdict import Verdict, Cause, refuted, Witness
from ...reading.problems.problem import Premises
from ...records import Record
from ...language.traversal import subexpressions
from . import constrained, far_from_zero, reals, solved_once
from .. import selected

PARITY = MINORS - ALWAYS_INVERTIBLE
LARGE = 16       # a number of rows too large to look at more
FEW = 24
Sizes = dict[str, int]


class Sides:
    """Two sides that should agree, and how they compare at one point."""

    deepest = 12    # powers of a matrix up to which a larger size is looked at, too
    thorough = False      # whether to look far from zero and at sizes of both parities too
    chain = False         # whether each link was judged alone: a point that needs many digits, or many tries, then tells nothing

    def __init__(self, problem: Premises, where: list[tuple[Name, Expr]], roots: list[Expr]) -> None:
        self.bodies: dict[Name, Expr] = dict(problem.definitions)
        self.bodies.update(where)
        self.assumptions: list[tuple[Expr, Expr]] = list(problem.assumptions)
        self.about = roots
        roots = [*roots, *self.bodies.values(), *(e for pair in self.assumptions for e in pair)]
        self.heads, self.names, self.numbers, self.power, self.counted, self.words, nodes = survey(roots)
        self.kinked = not self.heads.isdisjoint(KINKED) or "orthogonal" in self.words    # signs are not to be met by chance
        self.limits = selected.limits(nodes) if "select" in self.heads else []
        self.indices = selected.indices(nodes) if self.limits else []
        self.names = [n for n in self.names if n not in self.indices]
        self.looked: list[Sizes] = []
        self.constants = frozenset(problem.constants)
        self.branched = bool(self.assumptions) and not constrained.single(self.assumptions, self.bodies)
        self.deadline: Deadline = problem.deadline
        self.steps: dict[Any, Any] = {}
        self.way = 0        # which branch of the assumptions is looked at

    sides: Callable[[Evaluator], tuple[Jet, Callable[[], Jet]]]   # the left side, and a function that gives the right one

    def entries(self, ev: Evaluator) -> tuple[Jet, Jet]:
        """All entries of both sides."""
        left, right = self.sides(ev)
        return left, right()

    def described(self, ev: Evaluator) -> Witness:
        """The point, as a person or JSON can read it."""
        return ev.point.described()

    def plans(self) -> list[list[Sizes]]:
        """What sizes to look at, with every selected entry there; of indices every choice, once."""
        planned = self.planned()[:1 if self.chain else None]        # the links were looked at with other sizes
        return selected.chosen(planned, self.indices, self.limits) if self.limits else planned

    def planned(self) -> list[list[Sizes]]:
        """What sizes to look at; of each list the first that has points where both sides are defined (inv(X'*X) needs m > n).

        Pairwise different, all 1, and pairwise different once more, larger than any power of a matrix: an equation of
        degree k in an n x n matrix may hold for all n < k only. In a chain a few sizes come again: the work grows with the cube.
        """
        names = self.names
        if not names:
            return [[{}]]
        free = [k for k in range(3 if self.indices else 2, 60 + len(names) + len(self.numbers)) if k not in self.numbers]
        few = free[1:2] if len(names) == 1 else [free[k % FEW if self.chain else k] for k in range(len(names))]
        orders = list(islice(permutations(few), 24))
        middle = len(orders) // 2
        one = [dict(zip(names, p, strict=True)) for p in orders]
        if len(names) == 1:
            one.append({names[0]: free[2]})         # an inverse of a skew matrix is defined for even sizes only
        if few[-1] < max(self.numbers, default=0) < LARGE:
            above = [k for k in free if k > max(self.numbers)][:len(names)]
            one.append(dict(zip(names, above, strict=True)))        # of X in R^(n,5) X'*X has an inverse from n = 5 on
        plans = [one, [dict.fromkeys(names, 1)]]
        if few[0] <= self.power <= self.deepest:
            more = [k for k in free if k > self.power][:len(names)]
            plans.append([dict(zip(names, more, strict=True))])
        elif 1 < len(names) < 4:
            plans.append(one[middle:] + one[:middle])
        if self.counted and len(names) == 1:
            plans.append([{names[0]: free[2]}])
        elif self.thorough and len(names) == 1 and (self.words & {"skew"} or not self.heads.isdisjoint(PARITY)):
            plans.append([{names[0]: next(k for k in free if (k - free[1]) % 2)}])
        if self.counted and len(names) > 3:
            plans.append([dict(zip(names, free[1:], strict=False))])
        return plans

    def point(self, ring: Field | reals.Reals, sizes: Sizes, style: int, number: int = 0) -> Evaluator:
        point = Point(ring, sizes, self.bodies, style, number)
        if not ring.exact:
            point.origin = ring.random.getstate()
        point.constants, point.steps = self.constants, self.steps
        ring.deadline = self.deadline
        if self.assumptions:
            solved_once.impose(point, self.assumptions, self.way)
        return Evaluator(point)

    undefined: Callable[[Point], Verdict | None]                # refuted, where many digits give a value to the left side only
    finely: Callable[[Point], Witness | bool | None]

    def told(self, ev: Evaluator, left: Jet, other: Jet) -> bool | None:
        """Whether the sides differ where floats say so; what may be rounding is looked at with many digits, None if these do not tell."""
        if not ev.ring.doubtful and clearly_differ(left.parts[0], other.parts[0]):
            return True
        finely = self.finely(ev.point)
        return not ev.ring.doubtful or None if finely is None else finely is not False

    def _compared(self, ev: Evaluator, gaps: list[Verdict]) -> Verdict | bool:
        """Refuted, or whether the sides agree here; where only the left is defined, a gap."""
        left, right = self.sides(ev)
        if not finite(left):
            raise Large
        try:
            other = right()
        except OutsideDomain:
            gap = None if gaps else self.undefined(ev.point)            # one is enough
            if gap is None:
                raise
            gaps.append(gap)
            return False
        if not finite(other):
            raise Large
        doubtful = ev.ring.doubtful
        same = not differ(left.parts[0], other.parts[0])
        if doubtful or not same and not clearly_differ(left.parts[0], other.parts[0]):       # floats do not tell
            finely = self.finely(ev.point)
            if finely is False or finely is None and (doubtful or self.chain):
                return finely is False
            if same and isinstance(finely, dict):
                return refuted(Cause.ENTRY, finely)
        if same:
            return True
        if self.assumptions and not far_from_zero.clearly(left.parts[0], other.parts[0]):
            return False        # the assumptions hold to a few digits only where a solution counts twice
        witness = self.witness(ev)
        return False if witness is None else refuted(Cause.ENTRY, witness)

    def witness(self, ev: Evaluator, least: Any = None) -> Witness | None:
        """The entry where the sides differ most, with the point; by how much where that is told apart to many digits only."""
        left, right = self.entries(ev)
        a, b = left.parts[0], right.parts[0]
        k = max(range(len(a)), key=lambda i: abs(a[i] - b[i]))
        if not differ(a, b) if least is None else not abs(a[k] - b[k]) > least:
            return None
        if ev.ring.bent:
            raise Singular("a kink")
        witness = {**self.described(ev), "entry": [k // left.n + 1, k % left.n + 1], "left": written(a[k]), "right": written(b[k])}
        return witness if least is None else {**witness, "difference": written(a[k] - b[k])}


class Survey(Record):
    """The heads, the names of sizes (the more frequent first), the numeric sizes, the largest power of a matrix, whether a size
    stands as a number, the structure words, the nodes."""

    heads: frozenset[str]
    names: list[str]
    numbers: set[int]
    power: int
    counted: bool
    words: frozenset[str]
    nodes: set[Expr]


def survey(roots: list[Expr]) -> Survey:
    """The operations and sizes that occur in some expressions."""
    words: set[str] = set()
    heads: set[str] = set()
    count: dict[str, int] = {}
    numbers: set[int] = set()
    power, counted = 0, False
    seen = set(subexpressions(roots))
    for d, times in Counter(chain.from_iterable(e.shape for e in seen)).items():
        if d.number is not None and d is not ONE:
            numbers.add(d.number)
        for name in d.names:
            count[name] = count.get(name, 0) + times
    for e in seen:
        if type(e) is Apply:
            heads.add(e.head)
            counted = counted or e.head in ("*", "+", "^") and any(type(a) is Name and a.kind == "size" for a in e.args)
            if e.head == "^" and e.shape != SCALAR and type(e.args[1]) is Number:
                power = max(power, abs(int(e.args[1].value)))
        elif type(e) is Name:
            words |= e.words
            if e.kind == "size":
                count[e.name] = count.get(e.name, 0) + 1
            for dim in e.dims if e.signature is not None else ():
                for name in dim.names:
                    count[name] = count.get(name, 0) + 1
    return Survey(frozenset(heads), sorted(count, key=lambda n: (-count[n], n)), numbers, power, counted, frozenset(words), seen)
