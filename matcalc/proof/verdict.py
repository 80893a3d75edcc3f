"""What a judge says, as data: never a bare yes or no, and never a sentence. Words are made in render/verdict_words.py."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NoReturn

from ..language.conditions import Condition
from ..language.shape import Shape, show_shape
from ..records import Record

Witness = dict[str, Any]
Sizes = Mapping[str, int]


class Judge(StrEnum):
    """The judges: at points, for every size in indices, entry by entry with SymPy, and the replay of the steps."""

    POINTS = "points"
    INDICES = "indices"
    COMPONENTS = "components"
    REPLAY = "replay"


class Place(StrEnum):
    """Where two sides were compared."""

    PRIMES = "primes"        # exactly, at random points modulo two primes
    REAL = "real"            # at random points in floating point
    FAR = "far"              # the same, far from zero
    FINE = "fine"            # at random real points, to many digits
    SYMBOLIC = "symbolic"    # as sums over indices, for every size
    LINKS = "links"          # the same, one definition of a chain after another
    ENTRIES = "entries"      # every entry written out
    ALGEBRA = "algebra"      # every entry by SymPy
    STEPS = "steps"          # each step replayed


class Cause(StrEnum):
    """Why a judge does not decide, what is false, or why it could not be asked."""

    NOWHERE = "nowhere defined"                      # (cause)
    NAMELESS = "not judged"                          # (names that are differentiated and defined nowhere)
    UNMET = "assumptions not met"                    # (the equations left out, or nothing for all of them)
    LARGE_VALUES = "values too large"
    NOT_EXACTLY = "equal in floating point, but not exactly"
    SIZES = "agrees at too few sizes"                # (size and the least value, ..)
    KINK = "agrees on one side of a kink"            # (what changes its sign there)
    BRANCHES = "agrees on one branch of the assumptions"
    COARSE = "equal in floating point only"          # (what cannot be had to more digits)
    NOT_SCALAR = "second derivative of no scalar"
    SHAPES = "different shapes"
    NORMAL_FORMS = "normal forms differ"
    CHAIN = "links of the chain do not fit"
    STEPS = "too many steps"                         # (how many)
    STUCK = "no normal form"                         # (what has none)
    UNDONE = "not written out"                       # (what cannot be)
    UNREADABLE = "not readable"                      # (message)
    OPAQUE = "opaque head"                           # (head)
    TOO_LARGE = "too large"                          # (rows, columns), of both of a product
    TOO_DEEP = "nested too deeply"
    DIGITS = "digits"
    TIMEOUT = "not finished in time"                 # (sizes)
    DEADLINE = "stopped by the deadline"             # (seconds for the whole answer)
    MISSING = "not installed"                        # (module)
    CRASHED = "crashed"                              # (type of the exception, message)
    ENTRY = "entries differ"                         # the witness says which
    VALUE = "values differ"                          # of two scalars
    UNDEFINED = "undefined on the right only"        # (cause)
    SHAPE = "wrong shape"                            # (one side, its shape, the other, its shape)
    ILL_SHAPED = "ill-shaped"                        # (message)
    STEP = "step does not follow"                    # (number, rule, cause)


UNABLE = frozenset((Cause.OPAQUE, Cause.TOO_LARGE, Cause.TOO_DEEP, Cause.TIMEOUT, Cause.DEADLINE, Cause.MISSING, Cause.CRASHED))


class Reason(Record):
    """A code with its details."""

    why: Cause
    about: tuple[object, ...] = ()


class Look(Record):
    """One comparison: where, at which sizes, how many entries or steps of how many, and to how many digits."""

    place: Place
    sizes: tuple[Sizes, ...] = ()
    done: int = 0
    total: int = 0
    digits: int = 0


class Finding(Record):
    """What one judge said."""

    judge: Judge
    kind: str
    looks: tuple[Look, ...] = ()
    reason: Reason | None = None


WITNESS_KEYS = frozenset(("sizes", "entry", "left", "right", "shape", "shapes", "difference"))     # what a witness holds besides values


def key(name: str) -> str:
    """The key for the value of a variable in a witness; no other value has it.

    >>> key('A'), key('left')
    ('A', 'variable left')
    """
    return f"variable {name}" if name in WITNESS_KEYS else name


class Verdict(Record):
    """`proved` (for every size), `checked` (at the sizes named), `refuted` (by the witness) or `undecided` (for a reason).

    kind: one of these words. looks: where both sides were compared. reason: why it is refuted or undecided. witness: the sizes and
    values of a counterexample, with the entry where the sides differ. needs: the conditions under which it holds. found: what each
    judge said. inferred: the shapes that were not declared.
    """

    kind: str
    looks: tuple[Look, ...] = ()
    reason: Reason | None = None
    witness: Witness | None = None
    needs: tuple[Condition, ...] = ()
    found: tuple[Finding, ...] = ()
    inferred: tuple[str, ...] = ()
    abstract: tuple[tuple[str, ...], ...] = ()      # losses that are defined nowhere, each with what it is taken as a function of

    def __bool__(self) -> NoReturn:
        raise TypeError("a verdict is not a truth value: ask for .kind")

    @property
    def why(self) -> Cause | None:
        """The code of the reason, a `Cause`; None where it holds."""
        return self.reason.why if self.reason is not None else None

    @property
    def conditions(self) -> tuple[str, ...]:
        """What must hold for it to be true, as one would type it."""
        return tuple(map(str, self.needs))

    @property
    def largest(self) -> dict[str, int]:
        """The largest sizes at which a judge compared both sides at points."""
        return max((dict(s) for look in self.looks for s in look.sizes), key=lambda s: sum(s.values()), default={})

    @property
    def unasked(self) -> tuple[Finding, ...]:
        """The findings of judges that could not start or finish."""
        return tuple(f for f in self.found if f.reason is not None and f.reason.why in UNABLE)

    @property
    def by_algebra(self) -> bool:
        """Whether every entry was shown by algebra, not by digits."""
        return any(look.place is Place.ALGEBRA and look.done == look.total for look in self.looks)

    def at(self, *places: Place) -> bool:
        """Whether one of these places was looked at."""
        return any(look.place in places for look in self.looks)


def proved(look: Place, needs: tuple[Condition, ...] = ()) -> Verdict:
    """True for every size, under the conditions."""
    return Verdict("proved", (Look(look),), needs=needs)


def checked(*looks: Look, reason: Reason | None = None) -> Verdict:
    """Both sides agreed wherever they were compared; the reason says what could not be looked at besides."""
    return Verdict("checked", looks, reason)


def refuted(why: Cause, witness: Witness, *about: object) -> Verdict:
    """False: the witness is a place where the sides differ."""
    return Verdict("refuted", (), Reason(why, about), witness)


def undecided(why: Cause, *about: object) -> Verdict:
    """Neither proved nor refuted, with the reason."""
    return Verdict("undecided", (), Reason(why, about))


def wrong_shape(one: str, a: Shape, two: str, b: Shape) -> Verdict:
    """Refuted, because the shapes of two sides differ."""
    left, right = show_shape(a), show_shape(b)
    return refuted(Cause.SHAPE, {"shape": True, "left": left, "right": right}, one, left, two, right)
