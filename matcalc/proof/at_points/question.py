"""Two sides that should agree, compared in many places: exactly, in floating point, far from zero."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from ...language.deadline import Expired
from ...language.operations import BOUNDED, LIMITED
from .differences import cause_of, finite, late
from .field import Field
from .jets import NO_VALUE, AssumptionUnmet, OutsideDomain, Singular, TooLarge, Unsupported
from .point import ONE_SIGN
from .values import Evaluator
from ..verdict import Look, Place, Reason, Verdict, Cause, checked, refuted, undecided
from .sides import Sides, Sizes
from . import far_from_zero, reals

SEED = 20
BRANCHES = frozenset(("log", "power", "sign", "arcsin"))
LOCAL = LIMITED | {"arctan"}    # may hold near zero only
TRIES = 16
PIECES = 12      # points of what falls into pieces: orthogonal matrices, reflections by their signs
AGAIN = 3        # points without a value in floating point that are looked at to many digits
FEW = 2          # points where each has to be solved for, or most are nowhere
STYLES = (0, 0, 0, 0, 4, 2, 4)        # how large the numbers are: see Reals.draw


class Question(Sides):
    """Chooses the points at which two sides are compared, and draws the verdict."""

    def judge(self) -> Verdict:
        """Exactly first; then, where that does not decide, in floating point."""
        verdict = self._near()
        nowhere = verdict.why is Cause.NOWHERE
        open_yet = self.thorough and verdict.kind == "checked" and (verdict.at(Place.REAL) or verdict.reason is not None)
        if not (nowhere or open_yet) or self.heads.isdisjoint(LOCAL):
            return verdict              # exact points that agree are enough
        try:
            found = self.far(range(FEW) if self.branched else range(far_from_zero.ALL if nowhere else far_from_zero.USUAL))
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
                return undecided(Cause.NOT_EXACTLY)
            if exact == "agree":
                return checked(primes, *verdict.looks)
        elif verdict.kind == "undecided" and exact == "agree" and verdict.why not in (Cause.NOWHERE, Cause.UNMET):
            return checked(primes, reason=verdict.reason)
        return verdict

    def _looked(self, place: Place) -> Look:
        return Look(place, tuple(self.looked))

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
                except (Unsupported, TooLarge):
                    return "", ring.atoms
                if found == "differ":
                    return found, ring.atoms
                if found:
                    self.looked.append(sizes)
                    break
        return ("agree" if any(unequal(s) for s in self.looked) else ""), ring.atoms

    def _exact_at(self, ring: Field, sizes: Sizes) -> str:
        singular = agreed = 0
        for style in range(FEW if self.chain else TRIES):        # in a deep chain nearly every point has a root of no square
            try:
                left, right = self.sides(self.point(ring, sizes, style))
                one, other = left.parts[0], right().parts[0]
                if one != other and not all(map(ring.equal, one, other)):
                    return "differ"
                agreed += 1
                if agreed == (PIECES if "orthogonal" in self.words else 3) or not self.kinked:
                    break
            except OutsideDomain:
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
        gaps: list[Verdict] = []
        why: Reason | None = None
        for number, plan in enumerate(self.plans()[:1] if brief else self.plans()):
            for sizes in plan:
                try:
                    points = 12 if self.kinked else 2 if number or brief else 4
                    found = self._real_at(random, sizes, points, gaps)
                except (Unsupported, TooLarge) as e:
                    return Verdict("undecided", reason=cause_of(e))
                if type(found) is Verdict:
                    return found
                if found is None:
                    signed = self.thorough and not number and not self.heads.isdisjoint(BOUNDED)
                    refutation = self.signs(sizes, random, gaps) if signed else None
                    if refutation is not None:
                        return refutation
                    self.looked.append(sizes)
                    break
                if unequal(sizes) and type(found) is Reason:
                    why = why or found
        if gaps:
            return gaps[0]
        if not any(unequal(s) for s in self.looked):
            return Verdict("undecided", reason=why or Reason(Cause.NOWHERE))
        return checked(self._looked(Place.REAL))

    def _real_at(self, random: Random, sizes: Sizes, points: int, gaps: list[Verdict]) -> Verdict | Reason | None:
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
            except (Singular, OutsideDomain) as e:
                why = cause_of(e)
                looked += ring.cancelled
                if ring.cancelled and looked <= AGAIN and ev is not None and self.finely(ev.point) is False:
                    agreed += 1
                    continue
                if trial == 5 and not agreed and type(e) in (Singular, AssumptionUnmet):
                    break
                continue
            if type(found) is Verdict:
                return found
            if not found:
                continue
            agreed += 1
            for i, s in enumerate(ring.signs):
                kinks.setdefault(i, set()).update(s)
        return None if agreed else why or Reason(Cause.NOWHERE)

    def signs(self, sizes: Sizes, random: Random | None = None, gaps: list[Verdict] | None = None) -> Verdict | None:
        """Points where whole names are negative: log(x*y) is defined for two negative numbers, log(x) + log(y) is not."""
        random, gaps = random or Random(SEED), [] if gaps is None else gaps
        for number in range(1, 8):
            try:
                found = self._compared(self.point(reals.Reals(random), sizes, ONE_SIGN, number), gaps)
            except (Singular, OutsideDomain):
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
                    ev = self.point(far_from_zero.FarReals(random, number), sizes, far_style(number), number)
                    left, right = self.sides(ev)
                    if not finite(left):
                        continue
                    other = right()
                    if not far_from_zero.clearly(left.parts[0], other.parts[0]) or (told := self.told(ev, left, other)) is False:
                        if not agreed:
                            self.looked = [sizes]
                        agreed = True
                        continue
                    if told is None:
                        continue
                    witness = self.witness(ev)
                except NO_VALUE:
                    continue
                if witness is not None:
                    return refuted(Cause.ENTRY, witness)
            if agreed:
                break
        return agreed

def unequal(sizes: Sizes) -> bool:
    return set(sizes.values()) != {1}


def far_style(number: int) -> int:
    return ONE_SIGN if number < 8 or number >= far_from_zero.USUAL else 1
