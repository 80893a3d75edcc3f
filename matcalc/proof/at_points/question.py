"""Two sides that should agree, looked at in many places: the engine of points.py."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice, permutations
from random import Random
from typing import TYPE_CHECKING, Any

from ...language.deadline import Deadline, Expired
from ...language.expr import Expr, Name
from ...language.operations import BOUNDED, KINKED, LIMITED
from .differences import apart, because, differ, finite, late, shown, written
from .field import Field
from .jets import Flat, Jet, Large, Opaque, Outside, Singular, TooLarge
from .point import ONE_SIGN, Point
from .survey import survey
from .values import Evaluator
from ..selected import chosen, indices, limits
from ..verdict import Look, Place, Reason, Verdict, Why, checked, refuted, undecided
from ...later import later

if TYPE_CHECKING:
    from . import assumed, far, reals
else:
    assumed, far, reals = later(__package__, ".assumed", ".far", ".reals")

SEED = 20
BRANCHES = frozenset(("log", "power", "sign", "arcsin"))
LOCAL = LIMITED | {"arctan"}    # may hold near zero only
PARITY = frozenset(("det", "adj", "logdet"))
TRIES = 16
PIECES = 12      # points of what falls into pieces: orthogonal matrices, reflections by their signs
AGAIN = 3        # points without a value in floating point that are looked at to many digits
LARGE = 16       # a number of rows too large to look at more
FEW = 2          # far points where each has to be solved for
STYLES = (0, 0, 0, 0, 4, 2, 4)        # how large the numbers are: see Reals.draw
Sizes = dict[str, int]
Gap = tuple[Point, Jet, str]


class Question:
    """Two sides that should agree, and what they are about."""

    deepest = 12    # powers of a matrix up to which a larger size is looked at, too
    thorough = False      # whether to look far from zero and at sizes of both parities too

    def __init__(self, problem: Any, where: list[tuple[Name, Expr]], roots: list[Expr]) -> None:
        self.bodies: dict[Name, Expr] = dict(problem.definitions)
        self.bodies.update(where)
        self.assumptions: list[tuple[Expr, Expr]] = list(problem.assumptions)
        self.about = roots
        roots = [*roots, *self.bodies.values(), *(e for pair in self.assumptions for e in pair)]
        self.heads, self.names, self.numbers, self.power, self.counted, self.words, nodes = survey(roots)
        self.kinked = not self.heads.isdisjoint(KINKED) or "orthogonal" in self.words    # signs are not to be met by chance
        self.limits = limits(nodes)
        self.indices = indices(nodes) if self.limits else []
        self.names = [n for n in self.names if n not in self.indices]
        self.looked: list[Sizes] = []
        self.still = frozenset(problem.still)
        self.branched = bool(self.assumptions) and not assumed.single(self.assumptions, self.bodies)
        self.deadline: Deadline = problem.deadline
        self.way = 0        # which branch of the assumptions is looked at

    def sides(self, ev: Evaluator) -> tuple[Jet, Callable[[], Jet]]:
        """The left side, and a function that gives the right one."""
        raise NotImplementedError

    def entries(self, ev: Evaluator) -> tuple[Jet, Jet]:
        """All entries of both sides."""
        left, right = self.sides(ev)
        return left, right()

    def described(self, ev: Evaluator) -> dict[str, Any]:
        """The point, as a person or JSON can read it."""
        return ev.point.described()

    def plans(self) -> list[list[Sizes]]:
        """What sizes to look at, with every selected entry there; of indices every choice, once."""
        return chosen(self.planned(), self.indices, self.limits) if self.limits else self.planned()

    def planned(self) -> list[list[Sizes]]:
        """What sizes to look at; of each list the first that has points where both sides are defined (inv(X'*X) needs m > n).

        Pairwise different, all 1, and pairwise different once more, larger than any power of a matrix: an equation of
        degree k in an n x n matrix may hold for all n < k only.
        """
        names = self.names
        if not names:
            return [[{}]]
        free = [k for k in range(3 if self.indices else 2, 60 + len(names) + len(self.numbers)) if k not in self.numbers]
        few = free[1:2] if len(names) == 1 else free[:len(names)]
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

    def judge(self) -> Verdict:
        """Exactly first; then, where that does not decide, in floating point."""
        verdict = self._near()
        nowhere = verdict.why is Why.NOWHERE
        open_yet = self.thorough and verdict.kind == "checked" and (verdict.at(Place.REAL) or verdict.reason is not None)
        if not (nowhere or open_yet) or self.heads.isdisjoint(LOCAL):
            return verdict              # exact points that agree are enough
        try:
            found = self.far(range(FEW) if self.branched else range(far.ALL if nowhere else far.USUAL))
        except Expired as e:
            if nowhere:
                raise
            return verdict._replace(reason=late(e))
        if type(found) is Verdict:
            return found
        return checked(self._looked(Place.FAR)) if nowhere and found else verdict

    def _near(self) -> Verdict:
        exact, atoms = self._exactly()
        primes = self._looked(Place.PRIMES)
        if exact == "agree" and not atoms & BRANCHES:
            return checked(primes)
        try:
            verdict = self._really(brief=exact == "agree")
        except Expired as e:
            if exact != "agree":
                raise
            return checked(primes, reason=late(e))
        if verdict.kind == "checked":
            if exact == "differ" and not atoms:
                return undecided(Why.NOT_EXACTLY)
            if exact == "agree":
                return checked(primes, *verdict.looks)
        elif verdict.kind == "undecided" and exact == "agree" and verdict.why not in (Why.NOWHERE, Why.UNMET):
            return checked(primes, reason=verdict.reason)
        return verdict

    def _looked(self, place: Place) -> Look:
        return Look(place, tuple(self.looked))

    def point(self, ring: Field | reals.Reals, sizes: Sizes, style: int, number: int = 0) -> Evaluator:
        point = Point(ring, sizes, self.bodies, style, number)
        if not ring.exact:
            point.origin = ring.random.getstate()
        point.still = self.still
        ring.deadline = self.deadline
        if self.assumptions:
            assumed.impose(point, self.assumptions, self.way)
        return Evaluator(point)

    def _exactly(self) -> tuple[str, set[str]]:
        """agree, differ or neither; the functions met."""
        ring = Field(Random(SEED))
        self.looked = []
        if "expm" in self.heads or "expm_frechet" in self.heads:
            return "", ring.atoms
        for plan in self.plans():
            for sizes in plan:
                try:
                    found = self._exact_at(ring, sizes)
                except (Opaque, TooLarge):
                    return "", ring.atoms
                if found == "differ":
                    return found, ring.atoms
                if found:
                    self.looked.append(sizes)
                    break
        return ("agree" if any(unequal(s) for s in self.looked) else ""), ring.atoms

    def _exact_at(self, ring: Field, sizes: Sizes) -> str:
        singular = agreed = 0
        for style in range(TRIES):
            try:
                left, right = self.sides(self.point(ring, sizes, style))
                pairs = zip(left.parts[0], right().parts[0], strict=True)
                if not all(ring.equal(a, b) for a, b in pairs):
                    return "differ"
                agreed += 1
                if agreed == (PIECES if "orthogonal" in self.words else 3) or not self.kinked:
                    break
            except Outside:
                continue
            except Singular:
                singular += 1
                if singular > 1:
                    break
        return "agree" if agreed else ""

    def _really(self, brief: bool = False) -> Verdict:
        """At real points, several at a time: every sign and kink is met from both sides, if possible.

        Where exact points agreed, the domains and branches of the reals are all that is left to look at.
        """
        random = Random(SEED)
        self.looked = []
        gaps: list[Gap] = []
        why: Reason | None = None
        for number, plan in enumerate(self.plans()[:1] if brief else self.plans()):
            for sizes in plan:
                try:
                    points = 12 if self.kinked else 2 if number or brief else 4
                    found = self._real_at(random, sizes, points, gaps)
                except (Opaque, TooLarge) as e:
                    return Verdict("undecided", reason=because(e))
                if type(found) is Verdict:
                    return found
                if found is None:
                    signed = self.thorough and not number and not self.heads.isdisjoint(BOUNDED)
                    refutation = self._signs(random, sizes, gaps) if signed else None
                    if refutation is not None:
                        return refutation
                    self.looked.append(sizes)
                    break
                if unequal(sizes) and type(found) is Reason:
                    why = why or found
        if gaps:
            point, left, cause = gaps[0]
            witness = {**point.described(), "entry": [1, 1], "left": shown(left.parts[0]), "right": "undefined: " + cause}
            return refuted(Why.UNDEFINED, witness, cause)
        if not any(unequal(s) for s in self.looked):
            return Verdict("undecided", reason=why or Reason(Why.NOWHERE))
        return checked(self._looked(Place.REAL))

    def _real_at(self, random: Random, sizes: Sizes, points: int, gaps: list[Gap]) -> Verdict | Reason | None:
        """Refuted, or why nothing could be compared, or nothing where the sides agree."""
        kinks: dict[int, set[float]] = {}
        agreed = looked = 0
        why: Reason | None = None
        for trial in range(TRIES):
            if agreed >= points and (trial >= 8 or all(len(s) > 1 for s in kinks.values())):
                break
            ring = reals.Reals(random)
            ev: Evaluator | None = None
            try:
                ev = self.point(ring, sizes, trial % 4 if trial > agreed else STYLES[agreed % len(STYLES)], trial)
                found = self._compared(ev, gaps)
            except (Singular, Outside) as e:
                why = because(e)
                looked += ring.cancelled
                if ring.cancelled and looked <= AGAIN and ev is not None and self.finely(ev.point) is False:
                    agreed += 1
                    continue
                if trial == 5 and not agreed and type(e) is Singular:
                    break
                continue
            if type(found) is Verdict:
                return found
            if not found:
                continue
            agreed += 1
            for i, s in enumerate(ring.signs):
                kinks.setdefault(i, set()).update(s)
        return None if agreed else why or Reason(Why.NOWHERE)

    def stands(self, point: Point, left: Flat) -> bool:
        """Whether many digits give the left side as floats do."""
        raise NotImplementedError

    def finely(self, point: Point) -> dict[str, Any] | bool | None:
        """The same point to many digits: where the sides differ, False where they agree, nothing where that cannot be had."""
        raise NotImplementedError

    def _compared(self, ev: Evaluator, gaps: list[Gap]) -> Verdict | bool:
        """Refuted, or whether the sides agree here; where only the left is defined, a gap."""
        left, right = self.sides(ev)
        if not finite(left):
            raise Large
        try:
            other = right()
        except Outside as e:
            if gaps or not self.stands(ev.point, left.parts[0]):        # one is enough
                raise
            gaps.append((ev.point, left, str(e)))
            return False
        if not finite(other):
            raise Large
        doubtful = ev.ring.doubtful
        same = not differ(left.parts[0], other.parts[0])
        if doubtful or not same and not apart(left.parts[0], other.parts[0]):       # floats do not tell
            finely = self.finely(ev.point)
            if finely is False or finely is None and doubtful:
                return finely is False
            if same and isinstance(finely, dict):
                return refuted(Why.ENTRY, finely)
        if same:
            return True
        if self.assumptions and not far.clearly(left.parts[0], other.parts[0]):
            return False        # the assumptions hold to a few digits only where a solution counts twice
        witness = self.witness(ev)
        return False if witness is None else refuted(Why.ENTRY, witness)

    def _signs(self, random: Random, sizes: Sizes, gaps: list[Gap]) -> Verdict | None:
        """Points where whole names are negative: log(x*y) is defined for two negative numbers, log(x) + log(y) is not."""
        for number in range(1, 8):
            try:
                found = self._compared(self.point(reals.Reals(random), sizes, ONE_SIGN, number), gaps)
            except (Singular, Outside):
                continue
            if type(found) is Verdict:
                return found
        return None

    def far(self, numbers: Iterable[int]) -> Verdict | bool:
        """Refuted far from zero, or whether the sides agree there somewhere."""
        random = Random(SEED)
        agreed = False
        for sizes in self.plans()[0][:2]:
            if not unequal(sizes):
                continue
            for number in numbers:
                try:
                    ev = self.point(far.Far(random, number), sizes, far_style(number), number)
                    left, right = self.sides(ev)
                    if not finite(left):
                        continue
                    other = right()
                    doubtful = ev.ring.doubtful or not apart(left.parts[0], other.parts[0])
                    if not far.clearly(left.parts[0], other.parts[0]) or doubtful and self.finely(ev.point) is False:
                        if not agreed:
                            self.looked = [sizes]
                        agreed = True
                        continue
                    witness = self.witness(ev)
                except (Opaque, TooLarge, Singular, Outside, ArithmeticError):
                    continue
                if witness is not None:
                    return refuted(Why.ENTRY, witness)
            if agreed:
                break
        return agreed

    def witness(self, ev: Evaluator, least: Any = None) -> dict[str, Any] | None:
        """The entry where the sides differ most, with the point; by how much where that is told apart to many digits only."""
        left, right = self.entries(ev)
        a, b = left.parts[0], right.parts[0]
        k = max(range(len(a)), key=lambda i: abs(a[i] - b[i]))
        if not differ(a, b) if least is None else not abs(a[k] - b[k]) > least:
            return None
        witness = {**self.described(ev), "entry": [k // left.n + 1, k % left.n + 1], "left": written(a[k]), "right": written(b[k])}
        return witness if least is None else {**witness, "difference": written(a[k] - b[k])}


def unequal(sizes: Sizes) -> bool:
    return set(sizes.values()) != {1}


def far_style(number: int) -> int:
    return ONE_SIGN if number < 8 or number >= far.USUAL else 1
