"""Verdicts in words: a verdict is data (proof/verdict.py); its sentences are made here, and no code reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ..language.conditions import INSIDE, SIGNS, Condition
from ..language.expr import SCALAR, Dim, Expr, num, size
from ..proof.verdict import Finding, Judge, Look, Place, Reason, Sizes, Verdict, Cause
from .pieces import Piece, Relation, listed, text
from .words import say

JUDGES = {Judge.POINTS: "the judge at points", Judge.INDICES: "the judge for every size", Judge.COMPONENTS: "the entry-by-entry judge",
          Judge.REPLAY: "the replay of the steps"}
LIBRARIES = {"sympy": "SymPy"}
AROUND = {"invertible": ("", " is invertible"), "simple": ("the largest eigenvalue of ", " is simple"),
          "distinct": ("the eigenvalues of ", " are distinct"), "full": ("the singular values of ", " are distinct and not 0")}
SIDES = {"derivative": "the derivative", "claim": "the claim", "left": "the left side", "right": "the right side"}
PROOFS = {Place.SYMBOLIC: "for every size", Place.LINKS: "for every size, link by link", Place.ENTRIES: "entry by entry"}
STRENGTH = ("proved", "checked")
KINDS = {"proved": "Proved", "checked": "Checked", "refuted": "Refuted", "undecided": "Undecided"}
SAID = (Cause.MISSING, Cause.CRASHED, Cause.DEADLINE)      # what kept a judge from deciding that is said whatever the others found


class WordedVerdict(Verdict):
    """What the judges say of a statement; `str` says it in a sentence.

    `kind` is "proved" (for every size), "checked" (agrees at random points), "refuted" (with a counterexample) or "undecided".
    `conditions` says where it holds, `witness` has the counterexample (sizes, the values by name, both sides), `why` the reason where it is
    refuted or undecided, `looks` where both sides were compared, and `inferred` the inferred shapes.

    >>> from matcalc import prove
    >>> prove("inv(A)*A == eye(n)", ["A in R^(n,n)"]).conditions
    ('A invertible',)
    """

    __slots__ = ()

    @property
    def detail(self) -> str:
        """Everything that the judges found, without the kind of the verdict."""
        return said(self)

    def __repr__(self) -> str:
        return f"<{self}>"

    def __str__(self) -> str:
        return say(KINDS[self.kind]) + (":" if self.kind not in STRENGTH and self.detail else "") + f" {text(sentence(self))}".rstrip()


# ------------------------------------------------------------------------------------------------ one sentence
def sentence(v: Verdict, folded: bool = False, constant: bool = False) -> tuple[Piece, ...]:
    """The verdict after its kind: `for every n, where x > 0. Also checked independently: exactly at random points (n = 1, 3).`

    `folded` says that the page shows fewer lines than there are steps, `constant` that what is judged has no variable.
    """
    if v.kind not in STRENGTH:
        return (said(v),)
    found = v.found or (Finding(Judge.POINTS, v.kind, v.looks, v.reason),)
    proof = next((f.looks[0].place for f in found if f.kind == "proved" and f.looks), None)
    also = listed([o for f in found if f.kind in STRENGTH
                   and (o := seen([k for k in f.looks if k.place is not proof], folded, constant))], True)
    open_ = [unasked(f) for f in found if f.kind == "undecided" and f.reason is not None
             and (f.reason.why in SAID or f.judge in (Judge.COMPONENTS, Judge.REPLAY))]
    open_ += [say("undecided at real points: {}", reason(f.reason)) for f in found if f.kind == "checked" and f.reason is not None]
    end = "".join(say("; {}", e) for e in dict.fromkeys(open_)) + say(".")
    conditions = (say(", "), *where(v)) if v.needs else ()
    if proof is None:
        return *also, say(", but not proved"), *conditions, end
    return *for_every(found, proof, constant), *conditions, *((say(". Also checked independently: "), *also) if also else ()), end


def for_every(found: Iterable[Finding], proof: Place, constant: bool) -> tuple[Piece, ...]:
    """For which sizes it is proved: the letters that the points put numbers for."""
    points = [look.sizes for f in found if f.judge is Judge.POINTS for look in f.looks]
    letters = sorted({name for sizes in points for one in sizes for name in one})
    reach = (say("for every "), *listed([(_size(n),) for n in letters])) if letters else (
        say("by calculation, since it has no variables" if constant else "for all values" if points else "for every size"),)
    return (*reach, *((say(", entry by entry"),) if proof is Place.ENTRIES else ()))


def seen(looks: Sequence[Look], folded: bool = False, constant: bool = False) -> tuple[Piece, ...]:
    """What one judge looked at, as a part of a sentence."""
    places = {look.place for look in looks}
    if Place.STEPS in places:
        done = looks[0].done
        small = say(", small ones too") if folded else ""
        return (("", say("its one step"), say("each of the {} steps", done) + small)[min(done, 2)],) if done else ()
    sizes = at_sizes([one for look in looks for one in look.sizes])
    if Place.ALGEBRA in places:
        digits = [say(", {} of {} entries by algebra and all to {} digits", k.done, k.total, k.digits) for k in looks if k.done != k.total]
        return say("by SymPy, entry by entry"), *sizes, *digits
    how = [(say(word),) for word, at in (("exactly", {Place.PRIMES}), ("in floating point", {Place.REAL, Place.FAR})) if places & at]
    how += [(say("to {} digits", look.digits),) for look in looks if look.place is Place.FINE]
    return (*listed(how), *(() if constant and not sizes else (say(" at random points"), *sizes))) if how else ()


def at_sizes(all_sizes: Iterable[Sizes]) -> tuple[Piece, ...]:
    """` (n = 1, 3)`, ` for (m, n) = (1, 1), (2, 3)`: the sizes looked at; nothing where no size is open."""
    runs: dict[tuple[str, ...], set[tuple[int, ...]]] = {}
    for sizes in all_sizes:
        if sizes:
            names = tuple(sorted(sizes))
            runs.setdefault(names, set()).add(tuple(sizes[n] for n in names))
    out: list[Piece] = []
    for names, values in runs.items():
        shown = sorted(values)
        if len(names) == 1:
            out += [say(" ("), Relation(_size(names[0]), num(shown[0][0])), *(f", {k}" for k, in shown[1:]), say(")")]
        else:
            tuples = ", ".join(f"({', '.join(map(str, k))})" for k in shown)
            out += [say(" for ("), *[p for n in names for p in (", ", _size(n))][1:], f") = {tuples}"]
    return tuple(out)


def _size(name: str) -> Expr:
    return size(Dim.of(name))


# ------------------------------------------------------------------------------------------------ everything
def said(v: Verdict) -> str:
    """What a verdict stands on, or why there is none; the steps come last."""
    if v.kind == "refuted":
        return refuted(v)
    found = v.found or (Finding(Judge.POINTS, v.kind, v.looks, v.reason),)
    if v.kind == "undecided":
        parts = [unasked(f) if f.reason is not None and f.reason.why in SAID else reason(f.reason)
                 for f in found if f.kind == "undecided"]
    else:
        main = [f for f in found if f.judge is not Judge.REPLAY]
        parts = [looked(f.looks, f.reason) for kind in STRENGTH for f in main if f.kind == kind]
        parts += [unasked(f) for f in found if f.kind == "undecided" and f.reason is not None
                  and (f.reason.why in SAID or f.judge in (Judge.COMPONENTS, Judge.REPLAY))]
    parts += [looked(f.looks) for f in found if f.judge is Judge.REPLAY and f.kind in STRENGTH]
    return "; ".join(dict.fromkeys(p for p in parts if p))


def unasked(f: Finding) -> str:
    """A judge that was asked and could not say: what kept it."""
    name, why = JUDGES[f.judge], reason(f.reason)
    if f.reason is not None and f.reason.why in (Cause.MISSING, Cause.CRASHED):
        return say("{} could not be asked: {}", say(name), why)
    return say("{} did not decide: {}", say(name), why)


def where(v: Verdict) -> tuple[Piece, ...]:
    """`where X*X' is invertible, x > 0`, in pieces; nothing where nothing can fail."""
    return holding(v.needs)


def holding(needs: Iterable[Condition]) -> tuple[Piece, ...]:
    """The same of conditions: `where A and B are invertible, and x > 0`."""
    inverted: list[tuple[Piece, ...]] = []
    parts: list[tuple[Piece, ...]] = []
    for c in needs:
        if c.kind != "invertible":
            parts.append(condition(c))
        elif not inverted:
            parts.append(())
        inverted += [(c.of,)] if c.kind == "invertible" else []
    told = (*listed(inverted), say(" is invertible" if len(inverted) == 1 else " are invertible"))
    return (say("where "), *listed([part or told for part in parts], len(inverted) > 1)) if parts else ()


def stated(needs: Iterable[Condition]) -> str:
    """`Where X*X' is invertible.`"""
    told = text(holding(needs))
    return told[:1].upper() + told[1:] + "." if told else ""


def condition(c: Condition) -> tuple[Piece, ...]:
    """One condition."""
    if c.kind in AROUND:
        before, after = AROUND[c.kind]
        return *([say(before)] if before else []), c.of, say(after)
    if c.kind == "apart" and c.of.shape != SCALAR:
        return say("no entry of "), c.of, say(" is 0")
    if c.kind in ("nonzero", "apart"):
        return (Relation(c.of, num(c.bound), "!="),)
    sign = SIGNS[c.kind]
    sizes = c.of_sizes()
    if sizes is not None:
        return (Relation(sizes[0], sizes[1], "<="),)
    return (Relation(num(c.bound), c.of, sign, num(c.upper)) if c.kind in INSIDE else Relation(c.of, num(c.bound), sign),)


# ------------------------------------------------------------------------------------------------ where it was looked
def looked(looks: Sequence[Look], besides: Reason | None = None) -> str:
    """Where both sides agreed."""
    if any(k.place is Place.ALGEBRA for k in looks):
        return "SymPy, entry by entry" + (", " if looks[0].sizes[0] else "") + "; ".join(map(algebra, looks))
    out = ""
    for look in looks:
        if look.place is Place.PRIMES:
            out = "exact at random points modulo two primes" + at(look.sizes)
        elif look.place in (Place.REAL, Place.FAR):
            out = f"{out}, and at real points" if out else "at random real points" + at(look.sizes)
        elif look.place is Place.FINE:
            out = f"{out}, and to {look.digits} digits" if out else f"at random real points to {look.digits} digits" + at(look.sizes)
        elif look.place is Place.STEPS:
            out = ("", "its one step replayed", f"each of {look.done} steps replayed")[min(look.done, 2)]
        else:
            out = PROOFS[look.place]
    return f"{out}; at real points undecided: {reason(besides)}" if besides is not None else out


def algebra(look: Look) -> str:
    """What SymPy made of the entries at some sizes."""
    sizes = ", ".join(map(assigned, look.sizes))
    how = "by algebra" if look.done == look.total else (
        f"{look.done} of {look.total} by algebra, all to {look.digits} digits at random entries")
    return f"at {sizes}: {how}" if sizes else f": {how}"


def at(all_sizes: Iterable[Sizes]) -> str:
    """`, at n = 3; m = 2, n = 3; all sizes 1`; nothing where no size is open."""
    shown = [assigned(s) if set(s.values()) != {1} else "all sizes 1" for s in all_sizes if s]
    return ", at " + "; ".join(shown) if shown else ""


def assigned(sizes: Sizes) -> str:
    """m = 2, n = 3"""
    return ", ".join(f"{k} = {v}" for k, v in sorted(sizes.items()))


# ------------------------------------------------------------------------------------------------ why, and why not
def reason(r: Reason | None) -> str:
    """A code and its parameters in words."""
    return WORDS[r.why](*r.about) if r is not None else ""


def _number(x: float | str, figures: int = 6) -> str:
    """A number of a witness; one that is not a float is in words already."""
    return x if isinstance(x, str) else f"{x or 0.0:.{figures}g}"


def refuted(v: Verdict) -> str:
    """Why it is false."""
    w = v.witness or {}
    if v.why not in (Cause.ENTRY, Cause.VALUE) or "entry" not in w:
        return reason(v.reason)
    what = "" if v.why is Cause.VALUE else say("entry ({},{}) is", *w["entry"]) + " "
    left, right = _number(w["left"]), w["right"]
    if isinstance(right, str) and right.startswith("undefined"):
        out = what + say("{} on the left and {}", left, right)
    else:
        out = what + say("{} on the left and {} on the right", left, _number(right))
    if "difference" in w:
        out += say(", {} apart", _number(w["difference"], 3).removeprefix("-"))
    sizes = assigned(w.get("sizes", {}))
    return out + (say(", at {}", sizes) if sizes else "")


def too_large(*sizes: object) -> str:
    """Of a matrix its rows and columns, of a product those of both."""
    if not sizes:
        return say("too many entries")
    pairs = [f"{m} x {n}" for m, n in zip(sizes[::2], sizes[1::2], strict=True)]
    return say("a matrix of {} is too large" if len(pairs) == 1 else "a product of {} is too large", say(" and ").join(pairs))


def _after(said: str, *about: object) -> str:
    """A text, and after a colon what it is due to."""
    told = ", ".join(reason(x) if isinstance(x, Reason) else str(x) for x in about if x)
    return f"{said}: {told}" if told else said


WORDS: dict[Cause, Callable[..., str]] = {
    Cause.NOWHERE: lambda *cause: _after(say("no point found where both sides are defined"), *cause),
    Cause.NAMELESS: lambda *names: f"not judged: {' and '.join(names)} {'is' if len(names) == 1 else 'are'} not defined anywhere",
    Cause.UNMET: lambda *equation: say("no point found where {}", equation[0] if equation else say("all assumptions hold")),
    Cause.LARGE_VALUES: lambda: say("the values are too large"),
    Cause.NOT_EXACTLY: lambda: say("equal to six digits at real points, but not exactly"),
    Cause.SIZES: lambda *least: say("it may hold for small sizes only; too long to look at {}", ", ".join(f"{n} = {k}" for n, k in least)),
    Cause.KINK: lambda argument: say("no point was found on the other side of {} = 0", argument),
    Cause.BRANCHES: lambda: say("the assumptions may have solutions that were not looked at"),
    Cause.COARSE: lambda *why: _after(say("equal at real points to six digits, and more could not be had"), *why),
    Cause.NOT_SCALAR: lambda: say("a second derivative is judged for a scalar only"),
    Cause.SHAPES: lambda: say("the two sides have different shapes"),
    Cause.NORMAL_FORMS: lambda: say("the normal forms of the two sides differ"),
    Cause.CHAIN: lambda: say("the links of the chain do not give the claim"),
    Cause.STEPS: lambda steps: say("more than {} steps", steps),
    Cause.STUCK: lambda what: str(what),
    Cause.UNDONE: lambda what: str(what),
    Cause.UNREADABLE: lambda message: str(message),
    Cause.OPAQUE: lambda head: say("{} is not evaluated", head),
    Cause.TOO_LARGE: too_large,
    Cause.DIGITS: lambda most: say("more than {} digits would be needed", most),
    Cause.TOO_DEEP: lambda: say("nested too deeply for the proof"),
    Cause.TIMEOUT: lambda *sizes: say("not finished in time") + (say(", at {}", assigned(sizes[0])) if sizes and sizes[0] else ""),
    Cause.DEADLINE: lambda seconds: say("not finished in its share of {} s", f"{seconds:g}"),
    Cause.MISSING: lambda module: say("{} is not installed", LIBRARIES.get(str(module), module)),
    Cause.CRASHED: lambda kind, message: say("a fault of matcalc, please report it: {}", _after(kind, message)),
    Cause.ENTRY: lambda: say("the sides differ"),
    Cause.VALUE: lambda: say("the sides differ"),
    Cause.UNDEFINED: lambda cause: say("the right side is undefined where the left is not: {}", cause),
    Cause.SHAPE: lambda one, a, two, b: say("shape: {} is {}, {} is {}", say(SIDES[one]), a, say(SIDES[two]), b),
    Cause.ILL_SHAPED: lambda message: str(message),
    Cause.STEP: lambda number, rule, cause: say("step {} ({}): {}", number, rule, cause),
}
