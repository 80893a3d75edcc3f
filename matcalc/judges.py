"""The judges together: points always, the proof for every size where it succeeds, entry by entry when asked."""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import Any

from .deriving.derivation import Derivation
from .deriving.repeated import written_out
from .language.columns import RowError
from .language.deadline import Expired
from .language.conditions import Condition
from .language.implied_conditions import distinct, without_assumed
from .language.expr import SCALAR, Expr, Name, Rational, apply, mul, num, ones
from .reading.parse import Problem
from .language.shape import InputError
from .language.properties import has_zeros
from .proof.at_points import points
from .proof.one_to_one import solved
from .proof.verdict import Finding, Judge, Look, Place, Verdict, Cause, checked, key, proved, refuted, undecided
from .outputs import Listed
from .render.verdict_words import WordedVerdict
from .rulebook import book
from .rulebook.rule import Rule

SECONDS = 3.0         # of SymPy, where nobody asked for it
HOLDS = ("proved", "checked")
STRENGTH = {"refuted": 0, "proved": 1, "checked": 2, "undecided": 3}
RERAISE = False       # the tests want to see a judge crash
MODULES = MappingProxyType({Judge.POINTS: "at_points.points", Judge.INDICES: "all_sizes.indices",
                            Judge.COMPONENTS: "by_sympy.components", Judge.REPLAY: "replay"})
Found = list[tuple[Judge, Verdict]]


def ask(judge: Judge, what: str, *given: Any, **more: Any) -> Verdict:
    """What a judge says, in half of the time that is left. One that is missing, late or fails has not decided; it must not lose
    the answer, and is named in it."""
    given = tuple(x.within(x.deadline.half()) if isinstance(x, Problem | Derivation) else x for x in given)
    try:
        module = import_module(f".proof.{MODULES[judge]}", __package__)
        verdict: Verdict = getattr(module, what)(*given, **more)
    except (InputError, RowError):
        raise
    except RecursionError:
        return undecided(Cause.TOO_DEEP)
    except Expired as e:
        return undecided(Cause.DEADLINE, e.seconds)
    except ModuleNotFoundError as e:
        return undecided(Cause.MISSING, e.name)
    except Exception as e:
        if RERAISE:
            raise
        return undecided(Cause.CRASHED, type(e).__name__, str(e))
    return verdict


def together(found: Found, p: Problem) -> WordedVerdict:
    """One verdict of several: a refutation wins, then a proof, then agreement; what each judge said is kept."""
    ordered = sorted((v for _, v in found), key=lambda v: STRENGTH[v.kind])
    best = ordered[0]
    if best.kind in ("proved", "checked"):
        decided = [v for v in ordered if v.kind in ("proved", "checked")]
        best = best._replace(looks=tuple(look for v in decided for look in v.looks),
                             needs=without_assumed(distinct(c for v in decided for c in v.needs), p.assumptions, dict(p.definitions)))
    findings = tuple(Finding(judge, v.kind, v.looks, v.reason) for judge, v in found)
    return WordedVerdict(*best._replace(found=findings, inferred=tuple(map(str, p.inferred)),
                                abstract=tuple((str(a.name), *map(str, a.of)) for a in p.abstract)))


def derivative(p: Problem, d: Derivation, verify: bool = False, shown: bool = False) -> WordedVerdict:
    """What the judges say of a derivation: of its result, and where its steps are shown of every step."""
    if d.links:
        return _chain(p, d)
    found = _derivative(p.as_typed(), *written_out(d.result, d.where, d.named), d.layout, p.structured, verify)
    said = together(found, p)
    if not (verify or shown) or said.kind == "refuted":
        return said
    steps = ask(Judge.REPLAY, "replay", d)
    if steps.kind == "refuted":     # a line of the page is not confirmed; what is asked about the result is not refuted by that
        steps = steps._replace(kind="undecided", witness=None)
    replayed = together([(Judge.REPLAY, steps)], p)
    return said._replace(found=said.found + replayed.found, looks=said.looks + steps.looks)


def _chain(p: Problem, d: Any) -> WordedVerdict:
    """The same of a long chain: each link was judged, and its steps, where it was taken; the points look at the whole."""
    weakest: Verdict = d.proof
    quick = ask(Judge.POINTS, "judge_derivative", p.as_typed(), d.result, d.where, 1, d.layout, p.structured, chain=True)
    if "refuted" in (quick.kind, weakest.kind):
        return together([(Judge.POINTS, quick if quick.kind == "refuted" else weakest)], p)
    proof = proved(Place.LINKS, weakest.needs) if weakest.kind == "proved" else weakest
    replayed = [f.looks[0].done for q in d.links if q.record is not None for f in q.verdict.found if f.judge is Judge.REPLAY and f.looks]
    steps = [(Judge.REPLAY, checked(Look(Place.STEPS, (), sum(replayed))))] if replayed else []
    return together([(Judge.POINTS, quick), (Judge.INDICES, proof), *steps], p)


def claim(p: Problem, d: Derivation, claimed: Expr, verify: bool = False, own: tuple[str, bool] | None = None) -> WordedVerdict:
    """What they say of a closed form somebody claims; `own` is its layout and whether it is structured, if not as the answer."""
    if p.nowhere:
        return not_judged(p.nowhere)
    layout, structured = own or (d.layout, p.structured)
    typed = p.as_typed()
    raw = typed.claim if claimed is p.claim else typed.expect if claimed is p.expect else claimed
    assert raw is not None
    said = _named(together(_derivative(typed, raw, [], layout, structured, verify, True), p), raw)
    if said.witness is None or p.tangent is None:
        return said
    from .deriving import directional
    names = directional.at_rest(p)
    return said._replace(witness={key(names[n]) if n in names else n: value for n, value in said.witness.items() if names.get(n) != ""})


def _derivative(p: Problem, result: Expr, where: list[tuple[Name, Expr]], layout: str, structured: bool, verify: bool,
                small: bool = False) -> Found:
    """The judges on the problem as typed."""
    p = solved(p)
    if p.tangent is not None or p.hvp is not None:
        from .deriving import directional
        p, result = directional.judged(p, result)
    given = p, result, where, p.order, layout, structured
    quick = ask(Judge.POINTS, "judge_derivative", *given, small)
    if quick.kind == "refuted":
        return [(Judge.POINTS, _smallest("derivative", given, quick) if small else quick)]
    return somewhere(p, _further("derivative", given, quick, verify, verify, small))


def at_points(p: Problem, where: list[tuple[Name, Expr]], gradients: list[tuple[Name, Expr]]) -> WordedVerdict:
    """What the points say of several gradients together; whoever asks has other judges for each."""
    return together([(Judge.POINTS, ask(Judge.POINTS, "judge_gradients", p.as_typed(), where, gradients))], p)


def equation(p: Problem, verify: bool = False, small: bool = True, written_out: bool = True) -> WordedVerdict:
    """What they say of an equation; without `small` the first witness found is good enough, without `written_out` no judge writes out
    entries, which cannot be stopped in the middle."""
    p = solved(p.as_typed())
    unsaid = nowhere(p)
    if unsaid:
        return together([(Judge.POINTS, not_judged(unsaid))], p)
    assert p.prove is not None
    given = p, *p.prove
    quick = ask(Judge.POINTS, "judge_equation", *given)
    if quick.kind == "refuted":
        return _named(together([(Judge.POINTS, _smallest("equation", given, quick) if small else quick)], p), p.prove[0])
    slow = written_out and (verify or quick.kind == "undecided")
    return _named(together(somewhere(p, _further("equation", given, quick, verify, slow, written_out)), p), p.prove[0])


def _named(said: WordedVerdict, side: Expr) -> WordedVerdict:
    """A scalar has a value, and no entries."""
    if said.why is not Cause.ENTRY or said.reason is None or side.shape != SCALAR:
        return said
    return said._replace(reason=said.reason._replace(why=Cause.VALUE))


def _further(what: str, given: tuple[Any, ...], quick: Verdict, verify: bool, slow: bool, doubted: bool) -> Found:
    """After the points: the proof for every size; where floats only agree, many digits; then entry by entry."""
    found = [(Judge.POINTS, quick)]
    if quick.why is Cause.NOWHERE or (given[0].assumptions and quick.kind == "undecided" and quick.why is not Cause.NOT_EXACTLY):
        return found                # a proof about what is defined nowhere, or where no point meets the assumptions, says nothing
    proof = ask(Judge.INDICES, f"prove_{what}", *given)
    found.append((Judge.INDICES, proof))
    roughly = proof.kind != "proved" and rough(quick)
    finer = quick
    if roughly:
        finer = ask(Judge.POINTS, "finer", what, quick.at(Place.FAR), *given)
        if finer.kind == "refuted" or quick.kind == "checked":
            found[0] = Judge.POINTS, finer._replace(looks=quick.looks + finer.looks)
        if finer.kind == "refuted":
            return found
    if slow and (proof.kind != "proved" or (verify and what == "derivative")):
        found.append((Judge.COMPONENTS, ask(Judge.COMPONENTS, f"judge_{what}", *given)))
    elif roughly and doubted:
        found.append((Judge.COMPONENTS, ask(Judge.COMPONENTS, f"judge_{what}", *given, seconds=SECONDS)))
    if roughly and finer.kind != "checked":        # what many digits do not tell, the digits of another judge do not tell either
        found = [(judge, v if v.kind != "checked" or v.by_algebra else undecided(Cause.COARSE)) for judge, v in found]
    if quick.why is Cause.NOT_EXACTLY and proof.kind != "proved":    # rational, and not equal: no number of digits makes it so
        found = [(judge, v if v.kind != "checked" else undecided(Cause.NOT_EXACTLY)) for judge, v in found]
    agreed = next((k for k, (_, v) in enumerate(found) if v.kind == "checked"), None)
    if proof.kind != "proved" and agreed is not None:
        found[agreed] = found[agreed][0], found[agreed][1]._replace(needs=points.needs(what, *given))
    if proof.kind != "proved" and agreed == 0 and doubted and not any(v.kind in ("proved", "refuted") for _, v in found):
        return _settled(what, given, found, found[0][1])
    sampled = next((v for _, v in found if v.kind == "checked" and any(k.done < k.total for k in v.looks)), None)
    if doubted and sampled is not None and quick.kind == "undecided" and proof.kind != "proved":
        return _settled(what, given, found, sampled)
    return found


def somewhere(p: Problem, found: Found) -> Found:
    """What always is at its bound: a condition that it is not there holds nowhere, so nothing is decided; one that it may be there
    cannot fail."""
    idle: set[Condition] = set()
    for c in dict.fromkeys(c for _, v in found if v.kind in HOLDS for c in v.needs):
        if c.kind in ("apart", "nonzero", "above", "below"):
            if c.kind != "nonzero" and not c.bound and has_zeros(c.of, dict(p.definitions)) or _always(p, c.of, c.bound):
                return [(judge, v if v.kind == "undecided" else undecided(Cause.NOWHERE, str(c))) for judge, v in found]
        elif c.kind == "from" and not c.bound and type(c.of) is not Name and _never_negative(p, c.of):
            idle.add(c)
        elif c.kind in ("from", "upto", "between") and (_always(p, c.of, c.bound) or c.kind == "between" and _always(p, c.of, c.upper)):
            idle.add(c)
    return [(judge, v._replace(needs=tuple(c for c in v.needs if c not in idle))) for judge, v in found]


def _never_negative(p: Problem, e: Expr) -> bool:
    """Whether an expression is its own absolute value."""
    return ask(Judge.INDICES, "prove_equation", p, apply("abs", e), e).kind == "proved"


def _always(p: Problem, e: Expr, value: Rational) -> bool:
    """Whether an expression is the same number everywhere."""
    given = p, e, mul(num(value), ones(*e.shape))
    if ask(Judge.POINTS, "judge_signs", *given).kind == "refuted":
        return False
    quick = ask(Judge.POINTS, "judge_equation", *given)
    if quick.kind == "refuted":
        return False
    kinds = {v.kind for _, v in _further("equation", given, quick, False, False, True)}
    return "refuted" not in kinds and not kinds.isdisjoint(HOLDS)


def _smallest(what: str, given: tuple[Any, ...], found: Verdict) -> Verdict:
    """The refutation with a smaller witness, where one is found in time."""
    try:
        from .proof.at_points import small_counterexamples
        question = points.QUESTIONS[what](*given)
        return found if isinstance(question, Verdict) else small_counterexamples.smallest(question, found)
    except Expired:
        return found


def _settled(what: str, given: tuple[Any, ...], found: Found, at: Verdict) -> Found:
    """What points, or samples of the entries, alone say is looked at deeper: where that leaves something open, nobody who compared
    at given sizes has closed it."""
    quick = ask(Judge.POINTS, "deeper", what, at, *given)
    if quick.kind == "checked":
        return found
    if quick.kind == "refuted":
        return [(Judge.POINTS, _smallest(what, given, quick))]
    return [(Judge.POINTS, quick), *((judge, v) for judge, v in found[1:] if v.kind != "checked")]


def rough(v: Verdict) -> bool:
    """Whether floats agree to some digits at most."""
    return not v.at(Place.PRIMES)


def each(p: Problem, d: Derivation) -> dict[str, WordedVerdict]:
    """Every judge's own verdict."""
    given = (p.as_typed(), *written_out(d.result, d.where, d.named), p.order, d.layout, p.structured)
    return {judge: together([(judge, ask(judge, what, *given))], p) for judge, what in (
        (Judge.POINTS, "judge_derivative"), (Judge.INDICES, "prove_derivative"), (Judge.COMPONENTS, "judge_derivative"))}


def replay(d: Derivation) -> WordedVerdict:
    """Whether each step is an instance of its rule."""
    return together([(Judge.REPLAY, ask(Judge.REPLAY, "replay", d))], d.problem)


def all_rules() -> list[Rule]:
    """All rows of the tables."""
    return list(book.RULES.values())


def rules(name: str = "") -> Listed[Rule]:
    """The rules with a name: each an equation with its condition and source.

    Arguments: name: short ("d.kron") or in words ("product rule, Kronecker"); without it, all rules.
    Raises: InputError where no rule has that name.

    >>> rules("product rule, Kronecker")
    [<rule d.kron: d(kron(A, B)) = kron(d(A), B) + kron(A, d(B))>]
    """
    found = [r for r in all_rules() if name in ("", r.name, r.called)]
    if not found:
        raise InputError(f"no rule is called {name}", hint="run `matcalc rules` to see all")
    return Listed(found)


def nowhere(p: Problem) -> tuple[str, ...]:
    """The names for whose sake an equation is not judged: they are differentiated, and defined nowhere."""
    if p.nowhere or p.prove is None:
        return p.nowhere
    from .proof import vacuous
    return vacuous.undefined(p, *p.prove)


def not_judged(names: tuple[str, ...]) -> WordedVerdict:
    """What is said of an equation about names that are defined nowhere."""
    return WordedVerdict(*undecided(Cause.NAMELESS, *names))


def ill_shaped(error: InputError, p: Problem) -> WordedVerdict:
    """A claim that is not even an expression, or whose sides differ in shape: false, and why."""
    return WordedVerdict(*refuted(Cause.ILL_SHAPED, {"shapes": error.message}, error.message)._replace(inferred=tuple(p.inferred)))


def unreadable(error: InputError) -> WordedVerdict:
    """What could not be read could not be judged."""
    return WordedVerdict(*undecided(Cause.UNREADABLE, str(error)))
