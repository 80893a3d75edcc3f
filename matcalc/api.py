"""The Python interface: `derive`, `prove` and `show`, and how each answer meets the judges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Literal, overload

from . import diagnosed, from_sympy, gradients as swept, judges, layered, library, notebook_display, tracing
from .answer import Derivation
from .deriving import engine
from .deriving.derivation import Derivation as Record, Unfinished
from .language.deadline import SECONDS, Expired, deadline_after
from .reading.parse import Problem, variables_asked, parse_file, problem
from .language.shape import InputError
from .judges import rules
from .render.verdict_words import WordedVerdict
from .render.diagnosis import NOTHING, Diagnosis

__all__ = ["Derivation", "Expired", "InputError", "Unfinished", "derive", "prove", "rules", "show", "solve"]
notebook_display.teach()


def solve(p: Problem, verify: bool = False, expand: bool = False, shown: bool = False, layout: str | None = None,
          structured: bool = False, link: bool = False) -> Derivation:
    """Derive what a problem asks for, and judge it; where the steps are shown, judge each of them as well.

    What is not proved at once is taken link by link, unless it is a `link` itself.

    `layout` and `structured` override the problem's own; what the problem expects is still judged in the layout of the problem.
    """
    own = p.layout, p.structured
    p = p.replace(layout=layout or p.layout, structured=structured or p.structured, expand=expand or p.expand)
    if p.structured:
        engine.entries_are_free(p)
    def chained() -> Record:
        return swept.chained(p, lambda link: solve(link, verify, expand, shown, link=True).record)
    try:
        record = chained() if engine.by_links(p) else engine.derive(p)
    except Unfinished as e:
        if shown:
            from .deriving.partial import so_far
            with suppress(Expired):
                e.steps = so_far(p).steps
        raise
    except Expired as e:
        raise Expired(e.seconds, "the derivative") from None
    record.verdict = judges.derivative(p, record, verify, shown)
    if record.verdict.kind == "checked" and not link and engine.by_links(p, 1):
        with suppress(Expired, Unfinished):
            other = chained()
            other.verdict = judges.derivative(p, other, verify, shown)
            record = other if other.verdict.kind == "proved" else record
    if p.ill_shaped is not None:
        found = judges.ill_shaped(p.ill_shaped, p), diagnosed.misshapen(p, record)
        return Derivation(record, *found) if p.text.get("claim") else Derivation(record, expected=found)
    expected = _expected(p, record, own, verify)
    if p.along is not None:
        along = solve(p.along.within(p.deadline), verify)
        wrong = along.claim_verdict is not None and along.claim_verdict.kind == "refuted"
        return Derivation(record, along.claim_verdict, diagnosed.of_differential(p, record, p.along) if wrong else NOTHING, expected)
    if p.claim is None:
        return Derivation(record, expected=expected)
    record.problem, claim = p.claimed_of(p.claim, record.result.shape)
    verdict = judges.claim(record.problem, record, claim, verify)
    diagnosis = diagnosed.diagnosis(record.problem, record, claim) if verdict.kind == "refuted" else NOTHING
    return Derivation(record, verdict, diagnosis, expected)


def gradients(p: Problem, verify: bool = False, expand: bool = False, shown: bool = False, layout: str | None = None,
              structured: bool = False) -> swept.Gradients:
    """The gradients with respect to all variables that a problem names, each definition differentiated once; each link is judged, and so is
    the whole.
    """
    p = p.replace(layout=layout or p.layout, structured=structured or p.structured, expand=expand or p.expand)
    def answered(link: Problem) -> Record:
        return solve(link, verify, expand, shown, link=True).record
    found = swept.gradients(p, answered)
    return found if p.depth is None else layered.Layered(found, p.depth, answered)


def _expected(p: Problem, record: Record, own: tuple[str, bool], verify: bool) -> tuple[WordedVerdict, Diagnosis] | None:
    """The verdict on the closed form that a file expects, in the file's own layout; None where the result is that form."""
    same = own == (p.layout, p.structured)
    if p.expect is None or (same and p.expect is record.result):
        return None
    verdict = judges.claim(p, record, p.expect, verify, own)
    return verdict, diagnosed.diagnosis(p, record, p.expect) if same and verdict.kind == "refuted" else NOTHING


@overload
def derive(expr: Any, wrt: Literal["all"] | list[str] | tuple[str, ...], declare: Iterable[str] = (),     # type: ignore[overload-overlap]
           define: Iterable[str] = (), assume: Iterable[str] = (), order: int = 1, layout: str = "denominator",
           structured: bool = False, expand: bool = False, claim: str | None = None, verify: bool = False,
           seconds: float = SECONDS, adjoint: str = "", cotangent: str = "", tangent: str = "",
           hvp: str = "", **spaces: tracing.Space) -> swept.Gradients: ...
@overload
def derive(expr: Any, wrt: str, declare: Iterable[str] = (), define: Iterable[str] = (), assume: Iterable[str] = (),
           order: int = 1, layout: str = "denominator", structured: bool = False, expand: bool = False,
           claim: str | None = None, verify: bool = False, seconds: float = SECONDS, adjoint: str = "",
           cotangent: str = "", tangent: str = "", hvp: str = "", **spaces: tracing.Space) -> Derivation: ...


def derive(expr: Any, wrt: str | list[str] | tuple[str, ...] = "", declare: Iterable[str] = (), define: Iterable[str] = (),
           assume: Iterable[str] = (), order: int = 1, layout: str = "denominator", structured: bool = False, expand: bool = False,
           claim: str | None = None, verify: bool = False, seconds: float = SECONDS, adjoint: str = "",
           cotangent: str = "", tangent: str = "", hvp: str = "", **spaces: tracing.Space) -> Derivation | swept.Gradients:
    """Differentiate an expression; return the derivative with its steps and a verdict.

    Arguments:
        expr: text in the language (or NumPy, MATLAB, LaTeX), a Python function of arrays, a SymPy expression or a `symbol` expression.
        wrt: the variable, as text. A list of variables, or "all", asks for all their gradients from one backward sweep.
            It may be left out where the text names it, as in "d/dx (x'*A*x)".
        declare: shapes and structure, such as "A in R^(m,n)", "S in R^(n,n) spd"; also as keywords, A="R^(m,n)", A="m x n" or
            A=("m", "n"). A shape that is not declared is inferred from the expression.
        define, assume: definitions such as "z = A*x" and equations such as "sum(y) = 1".
        order: 1, or 2 for the Hessian of a scalar function.
        layout: "denominator" (the gradient of a scalar has the shape of the variable; otherwise the derivative has a row for each entry
            of vec(x) and a column for each entry of vec(f)), "numerator" (the transpose), or "mixed" (gradients as in the first,
            Jacobians as in the second).
        structured: differentiate with respect to the independent entries of a symmetric or diagonal variable.
        expand: write softmax, logsumexp and the like in elementary functions.
        claim: a result to be judged as well; see `Derivation.claim_verdict`.
        verify: also ask the judge that works with SymPy. seconds: the time limit.
        adjoint: the pattern for the names of gradients with respect to defined names, such as "d{}".
        cotangent, tangent, hvp: the name of a matrix that the derivative is multiplied by: cotangent="G" gives the gradient of
            tr(G'*f), tangent="V" gives df at dx = V, hvp="V" gives the Hessian times V.

    Returns: a Derivation, or Gradients where `wrt` is a list or "all".
    Raises: InputError where something cannot be read or does not fit, Unfinished where no rule gives a closed form, Expired after
        the time limit.
    Source: the method of differentials; Magnus and Neudecker, Matrix Differential Calculus, chapters 8 to 10.

    >>> derive("x'*A*x", "x", ["A in R^(n,n)"]).result
    <(A + A')*x>
    >>> derive("x'*A*x", "x", ["A in R^(n,n) symmetric"], order=2).result
    <2*A>
    >>> derive(lambda x, A: x @ A @ x, "x", A="R^(n,n)", x="R^n").result
    <(A + A')*x>
    >>> derive("norm2(z)^2", ["W", "b"], define=["z = W*x + b"]).results
    {'W': <delta_z*x'>, 'b': <delta_z>}
    """
    deadline = deadline_after(seconds)
    text, own, names = given(expr, spaces)
    one, several = (None, tuple(map(str, wrt))) if isinstance(wrt, list | tuple) else variables_asked(str(wrt))
    p = problem(declare=[*own, *_strings(declare)], define=_strings(define), assume=_strings(assume), expr=text,
                wrt=one, order=order, layout=layout, structured=structured, claim=claim,
                several=several, adjoint=adjoint, cotangent=cotangent, tangent=tangent, hvp=hvp)
    p = p.replace(variables={n: p.variables[n] for n in dict.fromkeys([*names, *p.variables]) if n in p.variables})
    if p.several:
        return gradients(p.within(deadline), verify, expand, True)
    return solve(p.within(deadline), verify, expand, True)


def given(expr: Any, spaces: Mapping[str, tracing.Space]) -> tuple[Any, list[str], list[str]]:
    """An expression as text, the declarations that come with it, and the names whose order is given: the parameters of a function.

    >>> given(lambda x: x @ x, {"x": "R^n"})
    ('np.matmul(x, x)', ['x in R^n'], ['x'])
    """
    declared = [tracing.declaration(name, space) for name, space in spaces.items()]
    if isinstance(expr, str):
        return expr, declared, []
    if isinstance(expr, tracing.Symbol):
        return expr.text, [tracing.declaration(name, space) for name, space in {**expr.spaces, **spaces}.items()], []
    if any(str(base.__module__).startswith("sympy.") for base in type(expr).__mro__):
        text, own = from_sympy.read(expr)
        return text, [*own, *declared], []
    return tracing.traced(expr, spaces) if callable(expr) else (expr, [], [])


def prove(claim: str, declare: Iterable[str] = (), define: Iterable[str] = (), assume: Iterable[str] = (),
          verify: bool = False, seconds: float = SECONDS) -> WordedVerdict:
    """Judge an equation; return a verdict: proved, checked, refuted or undecided.

    Arguments:
        claim: `left == right`, or SymPy's Eq(left, right). In it d(f)/d(x) is a derivative in the denominator layout, and d(X) a
            differential.
        declare, define, assume, verify, seconds: as for `derive`.

    Returns: a Verdict. "proved" holds for every size, under `conditions`; "checked" agrees at random points, without a proof; "refuted"
        comes with a counterexample in `witness`. Sides of different shapes are refuted.
    Raises: InputError where the equation cannot be read.

    >>> prove("d(logdet(X))/d(X) == inv(X)'", ["X in R^(n,n)"]).kind
    'proved'
    >>> prove("A*B == B*A", ["A in R^(n,n)", "B in R^(n,n)"])
    <Refuted: entry (2,1) is 0 on the left and 1 on the right, at n = 2>
    >>> prove("d(softmax(x))/d(x) == softmax(x)*(1 - softmax(x))", ["x in R^n"]).kind
    'refuted'
    """
    deadline = deadline_after(seconds)
    if claim is None:
        raise InputError("prove must be a string, not NoneType")
    text, own, _ = given(claim, {})
    p = problem(declare=[*own, *_strings(declare)], define=_strings(define), assume=_strings(assume), prove=text)
    return judge(p.within(deadline), verify)[0]


def show(name: str, layout: str | None = None, expand: bool = False, verify: bool = False,
         seconds: float = SECONDS) -> Derivation | swept.Gradients:
    """Derive a problem of the library.

    Arguments:
        name: its name, such as "softmax-jacobian"; `matcalc list` shows all names.
        layout, expand, verify, seconds: as for `derive`.

    Returns: a Derivation, or Gradients where the problem asks for several.
    Raises: InputError, with the nearest names, where the library has no such problem.

    >>> show("softmax-jacobian").result
    <diag(s) - s*s'>
    """
    (p,) = parse_file(library.text(name))
    if p.several:
        return gradients(p.within(deadline_after(seconds)), verify, expand, True, layout)
    return solve(p.within(deadline_after(seconds)), verify, expand, True, layout)


def judge(p: Problem, verify: bool = False) -> tuple[WordedVerdict, Diagnosis]:
    """The verdict on a problem's equation, and for a false one a diagnosis of what is wrong with it."""
    if p.ill_shaped is not None and not p.nowhere:
        from .render.slips import MISFIT, diagnosis_of
        diagnosis, number = diagnosed.unfit(p), diagnosed.of_numbers(p)
        if number:
            diagnosis = number if diagnosis == MISFIT else diagnosis_of((*diagnosis.slips, *number.slips), diagnosis.answer)
        return judges.ill_shaped(p.ill_shaped, p), diagnosis
    verdict = judges.equation(p, verify)
    if verdict.kind != "refuted":
        return verdict, NOTHING
    return verdict, diagnosed.slip(p, apart=verdict.witness) or diagnosed.of_numbers(p) or diagnosed.of_constants(p)


def _strings(given: Iterable[str]) -> Sequence[str]:
    return [given] if isinstance(given, str) else list(given)
