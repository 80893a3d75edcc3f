"""What is wrong with a claim or an equation that does not hold, where it can be told."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .deriving.derivation import Derivation
from .language.deadline import Expired
from .language.expr import Apply, Expr, Name, differentiated
from .language.operations import OF_NUMBER
from .reading.parse import Problem, problem
from .language.shape import ONE, SCALAR, InputError
from .diagnose.slip import Kind, Slip
from .render.diagnosis import NOTHING, Diagnosis
from .render.plain import domain
from .render.slips import ANSWER, LEFT, MISFIT, diagnosis_of
from . import judges

MOST = 3        # names that are tried as numbers

def diagnosis(p: Problem, d: Derivation, claimed: Expr) -> Diagnosis:
    """What a wrong claim is, where it is a known slip of the right answer."""
    if p.tangent is not None or p.hvp is not None:
        return NOTHING
    from .diagnose.diagnosis import diagnosis as diagnose
    return _diagnosed(lambda: diagnosis_of(diagnose(p, d.where, d.result, claimed, d.layout)), NOTHING)


def of_differential(p: Problem, d: Derivation, along: Problem) -> Diagnosis:
    """What is wrong with a claim df = .., as with the gradient that it gives."""
    def found() -> Diagnosis:
        from .deriving import engine
        assert along.tangent is not None
        names = [domain(v, True) for v in along.variables.values() if v.kind != "size" and v not in dict(along.definitions)]
        define, assume = ([f"{a} = {b}" for a, b in pairs] for pairs in (along.definitions, along.assumptions))
        said = engine.derive(problem(names, define, assume, str(along.text["claim"]), along.tangent.name)).result
        return NOTHING if along.tangent in said.names else diagnosis(p.replace(along=None), d, said)
    return _diagnosed(found, NOTHING)


def misshapen(p: Problem, d: Derivation) -> Diagnosis:
    """What is wrong with a claim whose shapes do not fit."""
    from .diagnose.misshapen import misshapen as find
    claimed = str(p.text.get("claim") or p.text.get("expect") or "")
    return _diagnosed(lambda: diagnosis_of((find(p, d.result, list(d.where), claimed),)), MISFIT)


def unfit(p: Problem) -> Diagnosis:
    """What is wrong with an equation whose shapes do not fit."""
    from .diagnose.misshapen import readable, unequal
    sides = p.unequal or readable(p, str(p.text.get("prove") or ""))
    if sides is not None:
        return slip(p, sides, MISFIT)
    return _diagnosed(lambda: diagnosis_of((unequal(p, str(p.text.get("prove") or "")),)), MISFIT)


def slip(p: Problem, sides: tuple[Expr, Expr] | None = None, otherwise: Diagnosis = NOTHING,
         apart: Mapping[str, object] | None = None) -> Diagnosis:
    """What is wrong with a false equation, where it is a known slip."""
    from .diagnose.equations import of_derivative
    from .diagnose.equations import slip as find
    if apart is not None and "difference" in apart:
        return otherwise            # told apart to many digits only: no slip shows there
    sides = sides or p.prove
    assert sides is not None
    left, right = sides
    if left is right:       # alike where both exist; what is missing shows in what was typed
        from .diagnose.missing_assumption import missing_assumption
        return _diagnosed(lambda: diagnosis_of(missing_assumption(p.as_typed()), LEFT) or otherwise, otherwise)
    return _diagnosed(lambda: diagnosis_of(find(p, left, right), ANSWER if of_derivative(left) else LEFT) or otherwise, otherwise)


def of_numbers(p: Problem) -> Diagnosis:
    """Whether a false equation holds where an undeclared name is a number, not the vector that it was taken for."""
    names = [i.name for i in p.inferred_from if i.name[0].islower() and ONE in i.shape and i.shape != SCALAR]
    found = {i.name for i in p.inferred_from}
    declared = [domain(v, True) for v in p.variables.values() if v.kind != "size" and v.name not in found and v not in dict(p.definitions)]
    define, assume = ([f"{a} = {b}" for a, b in pairs] for pairs in (p.definitions, p.assumptions))

    def right() -> Diagnosis:
        for some in [[n] for n in names[:MOST]] + ([names] if len(names) > 1 else []):
            try:
                q = problem([*declared, *(f"{n} in R" for n in some)], define, assume, prove=str(p.text.get("prove") or ""))
            except InputError:
                continue
            typed = q.as_typed()
            pairs = [*typed.definitions, *typed.assumptions, *([typed.prove] if typed.prove is not None else [])]
            if any(of_many(e) for pair in pairs for e in pair):
                continue
            if q.ill_shaped is None and judges.equation(q.within(p.deadline)).kind == "proved":
                return diagnosis_of((Slip(Kind.RIGHT_IF, ([p.variables[n] for n in some], "scalar")),))
        return NOTHING
    return _diagnosed(right, NOTHING)


def of_constants(p: Problem) -> Diagnosis:
    """Whether a false equation of differentials holds where the names that no d stands before are constant."""
    def right() -> Diagnosis:
        from .diagnose.edits import sites
        found = [e for side in p.prove or () for _, e in sites(side)]
        moved = {f for e in found if (f := differentiated(e)) is not None}
        still = sorted({e for e in found if type(e) is Name and e.kind != "size"} - moved, key=lambda e: e.name)
        if not any(type(e) is Name for e in moved) or not still:
            return NOTHING
        constant = judges.equation(p.replace(constants=tuple(n.name for n in still)))
        return diagnosis_of((Slip(Kind.RIGHT_IF, (still, "constant")),)) if constant.kind == "proved" else NOTHING
    return _diagnosed(right, NOTHING)


def of_many(e: Expr) -> bool:
    """Whether something is taken of a number that nobody takes of one: softmax, a sum, a transpose."""
    if type(e) is not Apply:
        return False
    alone = bool(e.args) and e.args[0].shape == SCALAR and (e.head in OF_NUMBER or e.head == "'")
    return alone or any(map(of_many, e.args))


def _diagnosed(find: Callable[[], Diagnosis], otherwise: Diagnosis) -> Diagnosis:
    """A diagnosis; one that fails must not lose the verdict it explains."""
    try:
        return find()
    except (RecursionError, InputError, Expired):
        return otherwise
    except Exception:
        if judges.RERAISE:
            raise
        return otherwise
