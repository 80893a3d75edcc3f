"""A quick look at a few points, shared by all candidates, before a judge is asked; then the judges."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from ..language.expr import SCALAR, Expr, InputError
from ..proof.at_points import points
from ..proof.at_points.jets import NO_VALUE, AssumptionUnmet
from ..proof.at_points.differences import differ, finite
from ..proof.at_points.question import SEED, Question
from ..proof.at_points.reals import Reals
from ..proof.at_points.values import Evaluator
from ..reading.problems.problem import PremiseSet

PLACES, ENTRIES = 3, 16
UNMET = 3       # points at which what is assumed could not be made true: it is then hardly true anywhere
DENOMINATORS = 12


class Screening:
    """Two sides are compared at points made once; what agrees there is worth a judge's time."""

    def __init__(self, about: PremiseSet, roots: list[Expr], others: tuple[Expr, ...] = (), most: int = PLACES) -> None:
        self.about = about
        self.places: list[Evaluator] = []
        question = Question(about, [], [*roots, *others])
        random = Random(SEED)
        entries = unmet = 0
        for trial in range(6 * PLACES):
            for sizes in self._sizes(question):
                try:
                    ev = question.point(Reals(random), sizes, trial % 3, trial)
                    values = [ev.value(e) for e in roots]
                except AssumptionUnmet:
                    unmet += 1
                    if unmet > UNMET:
                        return
                    continue
                except NO_VALUE:
                    continue
                if all(map(finite, values)):
                    self.places.append(ev)
                    entries += min(len(v.parts[0]) for v in values)
                    break
            if len(self.places) >= most and (most < PLACES or entries >= ENTRIES):
                return

    def _sizes(self, question: Question) -> list[dict[str, int]]:
        """Pairwise different sizes, in the orders worth trying; every other place has larger ones."""
        if not self.places:
            return question.plans()[0]
        more = len(self.places) % 2
        first = self.places[0].point.sizes
        return [{k: v + more for k, v in first.items()}]

    def flat(self, e: Expr) -> list[float] | None:
        """All entries at all points, one list; None where e is not defined."""
        out: list[float] = []
        try:
            for ev in self.places:
                value = ev.value(e)
                if not finite(value):
                    return None
                out += value.parts[0]
        except (*NO_VALUE, InputError):
            return None
        return out or None

    def alike(self, a: Expr, b: Expr) -> bool:
        """Whether they agree at the points; no proof."""
        if a.shape != b.shape or not self.places:
            return False
        try:
            for ev in self.places:
                x, y = ev.value(a), ev.value(b)
                if not (finite(x) and finite(y)) or differ(x.parts[0], y.parts[0]):
                    return False
        except (*NO_VALUE, InputError):
            return False
        return True

    def ratio(self, a: Expr, b: Expr) -> Fraction | None:
        """The simple number c with a = c*b at the points, if there is one."""
        if a.shape != b.shape:
            return None
        x, y = self.flat(a), self.flat(b)
        if x is None or y is None:
            return None
        k = max(range(len(y)), key=lambda i: abs(y[i]))
        if not y[k]:
            return None
        c = simple(x[k] / y[k])
        return c if c and not differ(x, [float(c) * t for t in y]) else None

    def holds(self, a: Expr, b: Expr) -> bool:
        """Whether the judge at points finds no difference, exactly where it can; a refutation is never a diagnosis."""
        return self.alike(a, b) and points.judge_equation(self.about, a, b).kind == "checked"

    def combination(self, target: Expr, parts: list[Expr]) -> list[Fraction] | None:
        """Simple numbers c with target = c1*part1 + c2*part2 + ... at the points; a part that adds nothing new gets 0."""
        columns = [self.flat(p) for p in parts]
        right = self.flat(target)
        if right is None or any(c is None for c in columns) or len(right) < len(parts) + 1:
            return None
        solved = least_squares([c for c in columns if c is not None], right)
        if solved is None:
            return None
        out = [simple(x) for x in solved]
        return None if any(c is None for c in out) else [c for c in out if c is not None]


def simple(x: float) -> Fraction | None:
    """The fraction with a small denominator that a float stands for."""
    if abs(x) > 1e4:
        return None
    found = Fraction(x).limit_denominator(DENOMINATORS)
    return found if abs(float(found) - x) <= 1e-7 * (1 + abs(x)) else None


def least_squares(columns: list[list[float]], right: list[float]) -> list[float] | None:
    """Coefficients by orthogonalising the columns in order; None where the residual is not zero."""
    basis: list[tuple[int, list[float], list[float]]] = []
    rest = list(right)
    for k, column in enumerate(columns):
        q, mix = list(column), [0.0] * len(columns)
        mix[k] = 1.0
        for _, b, m in basis:
            c = dot(q, b) / dot(b, b)
            q = [x - c * y for x, y in zip(q, b, strict=True)]
            mix = [x - c * y for x, y in zip(mix, m, strict=True)]
        if dot(q, q) > 1e-14 * (dot(column, column) + 1e-30):
            basis.append((k, q, mix))
    out = [0.0] * len(columns)
    for _, b, m in basis:
        c = dot(rest, b) / dot(b, b)
        rest = [x - c * y for x, y in zip(rest, b, strict=True)]
        out = [x + c * y for x, y in zip(out, m, strict=True)]
    return out if dot(rest, rest) <= 1e-14 * (dot(right, right) + 1e-30) else None


def dot(a: list[float], b: list[float]) -> float:
    """The sum of products."""
    return sum(x * y for x, y in zip(a, b, strict=True))


def square(e: Expr) -> bool:
    """Whether it has a transpose of its own shape, and is not a scalar."""
    return e.shape[0] is e.shape[1] and e.shape != SCALAR
