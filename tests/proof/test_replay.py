"""Every derivation of the acceptance table is replayed; a corrupted step is caught."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest

from matcalc import judges, library
from matcalc.deriving.engine import derive
from matcalc.deriving.record import HOLE, Step
from matcalc.deriving.partial import so_far
from matcalc.deriving.unfinished import Unfinished
from matcalc.language.conditions import Condition
from matcalc.language.expr import SCALAR, Expr, InputError, Name, Number, add, apply, mul, num
from matcalc.reading.problems.problem_files import parse_file
from matcalc.reading.parse import parse, problem
from matcalc.proof.replay import Replay, replay
from matcalc.rulebook.book import PROGRAMS, RULES
from tests.published import derived, solved


@pytest.mark.thin(10)
@pytest.mark.parametrize("part", range(10))
def test_every_step_follows(part: int, tally: Any) -> None:
    steps = 0
    for case, d in solved(part, 10):
        verdict = replay(d)
        assert verdict.kind == "checked", (case["id"], verdict)
        steps += len(d.steps)
    tally["replay"]["steps follow"] += steps


def test_each_line_begins_where_the_one_before_ended() -> None:
    """Within the differential each line begins where the one before ended."""
    for case, d in solved(0, 5):
        for a, b in zip(d.steps, d.steps[1:], strict=False):
            if a.before.has_d and b.before.has_d and a.after.has_d and d.earlier is None:
                assert a.after is b.before, case["id"]


@pytest.mark.thin(4)
@pytest.mark.parametrize("part", range(4))
def test_corrupted_steps_are_refused(part: int, tally: Any) -> None:
    tried = caught = 0
    for _, d in solved(4 * part, 16):
        if not d.steps:
            continue
        for i in (0, len(d.steps) // 2, len(d.steps) - 1):
            step = d.steps[i]
            doubled = mul(Number(2), step.after)
            added = add(step.after, step.before) if step.before.shape == step.after.shape else doubled
            for after in (doubled, added):
                if after is step.after or (after.head if hasattr(after, "head") else "") == "zeros":
                    continue
                bad = SimpleNamespace(problem=d.problem, named=(), adjoints=[], steps=[step._replace(after=after)])
                tried += 1
                caught += replay(bad).kind != "checked"
    tally["replay"].update({"corrupted steps": tried, "of them refused": caught})
    assert caught >= 0.99 * tried


def test_an_unknown_rule_is_refused() -> None:
    d = derived(0)
    bad = SimpleNamespace(problem=d.problem, named=(), adjoints=[], steps=[d.steps[0]._replace(rule="d.magic")])
    assert replay(bad).kind == "refuted"


def test_a_differential_by_another_gradient_is_refused() -> None:
    d = derive(problem(["A in R^(n,n) symmetric", "x in R^n"], [], [], "sqrt(x'*A*x)", "x", order=2))
    (f, body), (g, gradient) = d.named
    step = next(s for s in d.steps if s.rule == "gradient")
    assert step.instance[0] is apply("d", f) and replay(d).kind == "checked"
    for named in ([(f, body), (g, mul(num(2), gradient))], [(f, mul(num(2), body)), (g, gradient)], [(g, gradient)]):
        assert replay(SimpleNamespace(problem=d.problem, named=named, adjoints=[], steps=d.steps)).kind == "refuted"


# ------------------------------------------------------------------------------------------------- what a step is called
def library_steps() -> list[tuple[str, Replay, Step]]:
    out = []
    for name in [n for n in library.names() if "/" not in n]:
        for p in parse_file(library.text(name)):
            d = derive(p)
            with_letters = d.problem.replace(definitions=[*d.problem.definitions, *d.named])
            out += [(name, Replay(with_letters, d.adjoints), s) for s in d.steps]
    return out


@pytest.mark.slow
def test_no_step_passes_under_another_name(tally: Any) -> None:
    """Every step of the library under the name of every other row and program, its letters kept. No coincidence is left."""
    steps = library_steps()
    pairs = 0
    for name, check, step in steps:
        assert not check.follows(step), name
        for other in (*RULES, *PROGRAMS):
            if other != step.rule:
                pairs += 1
                assert check.named(step._replace(rule=other)), (name, step.rule, other)
    tally["replay"][f"of {pairs:,} false names of {len(steps)} steps refused"] += pairs


# Changed letters that leave the step what it was, and why.
SAME = {
    ("letters exchanged", "d.sum-of-terms"): "A + B is B + A",
    ("letters exchanged", "d.scale"): "c*A is A*c for a scalar A",
    ("letters exchanged", "d.entrywise-product"): "A.*B is B.*A",
    ("letters exchanged", "collect"): "the terms of a sum have no order",
    ("letters exchanged", "tidy.factor"): "the terms of a sum have no order",
    ("letters exchanged", "trace.cycle"): "one of the two is an identity",
    ("a letter doubled", "tidy.inner-quotient"): "the 2 cancels while the row is filled",
    ("sides swapped", "definition"): "a name is opened and folded",
    ("sides swapped", "numbers"): "both sides are one expression but for signs",
}


def corrupted(step: Step) -> list[tuple[str, Step]]:
    """A step with one thing wrong."""
    out = []
    names = sorted(step.where)
    for i, one in enumerate(names):
        for two in names[i + 1:]:
            if step.where[one] is not step.where[two]:
                out.append(("letters exchanged", step._replace(where={**step.where, one: step.where[two], two: step.where[one]})))
        left = {k: v for k, v in step.where.items() if k != one}
        out.append(("a letter dropped", step._replace(where=left)))
        doubled = mul(Number(2), step.where[one]) if not isinstance(step.where[one], Name) or step.where[one].names else None
        if doubled is not None:
            out.append(("a letter doubled", step._replace(where={**step.where, one: doubled})))
    if step.condition:
        out.append(("the condition dropped", step._replace(condition=())))
    out.append(("a condition added", step._replace(condition=(*step.condition, Condition("apart", Name("q"))))))
    out.append(("the place moved", step._replace(at=step.at[:-1] if step.at else (0,))))
    out.append(("sides swapped", step._replace(before=step.after, after=step.before, local=step.local[::-1], instance=step.instance[::-1])))
    if step.local != step.instance:
        out.append(("what stood around dropped", step._replace(context=HOLE)))
    if step.row_context is not HOLE:
        out.append(("what stood beside dropped", step._replace(row_context=HOLE)))
    out.append(("nothing changed", step._replace(after=step.before, local=(step.local[0],) * 2, instance=(step.instance[0],) * 2)))
    return out


@pytest.mark.slow
def test_each_part_of_a_step_is_needed(tally: Any) -> None:
    """A step with its letters exchanged, a letter or its condition dropped, at another place, or from right to left."""
    passed: Counter[tuple[str, str]] = Counter()
    for _, check, step in library_steps():
        for what, bad in corrupted(step):
            try:
                stands = not check.follows(bad)
            except (InputError, AssertionError):  # nothing can be put there; replay says undecided
                stands = False
            passed[what, step.rule] += stands
            tally["replay"][f"steps with {what} refused"] += not stands
    assert {key for key, n in passed.items() if n} <= set(SAME), +passed


def step_of(rule: str, left: str, right: str, where: dict[str, str] | None = None, declare: tuple[str, ...] = (),
            define: tuple[str, ...] = (), sizes: dict[str, str] | None = None) -> tuple[Replay, Step]:
    """A whole line rewritten by a rule with these letters."""
    p = problem(list(declare), list(define), [], "x'*x", "x")

    def read(text: str) -> Expr:
        return parse(text, p.scope)
    one, two = read(left), read(right)
    step = Step(rule, "", {k: read(v) for k, v in (where or {}).items()}, (), one, two, (one, two), (one, two),
                {k: read(v) for k, v in (sizes or {}).items()})
    return Replay(p), step


GIVEN = ("x in R^n", "y in R^n", "A in R^(n,n)", "S in R^(n,n) symmetric", "Q in R^(n,n) orthogonal", "K in R^(n,n) skew",
         "p in R^n simplex", "u in R^n positive", "c in R", "t in R")
N = {"n": "n"}
MN = {"m": "n", "n": "1"}
TRUE: list[tuple[str, str, str, dict[str, str], dict[str, str]]] = [
    ("structure.symmetric", "S'", "S", {"A": "S"}, N),
    ("structure.orthogonal-inverse", "inv(Q)", "Q'", {"A": "Q"}, N),
    ("structure.skew", "K'", "-K", {"A": "K"}, N),
    ("structure.simplex", "sum(p)", "1", {"y": "p"}, N),
    ("tidy.abs-positive", "abs(u)", "u", {"t": "u"}, MN),
    ("tidy.abs-positive", "abs(exp(x))", "exp(x)", {"t": "exp(x)"}, MN),
    ("tidy.det-transpose", "det(A')", "det(A)", {"A": "A"}, N),
]
FALSE: list[tuple[str, str, str, dict[str, str], dict[str, str]]] = [
    ("structure.symmetric", "A'", "A", {"A": "A"}, N),
    ("structure.symmetric", "K'", "K", {"A": "K"}, N),
    ("structure.orthogonal-inverse", "inv(S)", "S'", {"A": "S"}, N),
    ("structure.orthogonal-left", "A'*A", "eye(n)", {"A": "A"}, N),
    ("structure.skew", "S'", "-S", {"A": "S"}, N),
    ("structure.simplex", "sum(x)", "1", {"y": "x"}, N),
    ("tidy.abs-positive", "abs(x)", "x", {"t": "x"}, MN),
    ("tidy.det-diag", "det(diag(x))", "exp(sum(log(x)))", {"x": "x"}, N),
    ("tidy.det-transpose", "det(A')", "det(A)", {"A": "S"}, N),
    ("tidy.det-transpose", "det(A')", "det(A)", {"A": "x"}, N),
    ("tidy.det-transpose", "det(A')", "det(A)", {"A": "A"}, {"n": "2*n"}),
    ("tidy.det-transpose", "det(A')", "2*det(A)", {"A": "A"}, N),
    # programs
    ("definition", "x + y", "z", {"z": "x + y"}, {}),
    ("definition", "x", "y", {}, {}),
    ("assumption", "sum(x)", "1", {}, {}),
    ("numbers", "2*x", "x", {}, {}),
    ("collect", "A*x + S*x", "(A + S)*x", {}, {}),
    ("collect", "A*x + S*x", "(A + S)*x", {"Y": "x", "C_1": "A", "C_2": "S"}, {}),
    ("spread", "A*(x + y)", "A*x + A*y", {"C": "A", "Y": "x + y"}, {}),
    ("vec", "A", "vec(A)", {}, {}),
    ("structure.transpose", "S'", "S", {}, {}),
    ("structure.transpose", "(A + S)'", "A + S", {}, {}),
    ("tidy.factor", "c*x + c*y", "c*(x - y)", {"f": "c", "a_1": "x", "a_2": "y"}, {}),
    ("tidy.factor", "c*x + t*y", "c*(x + y)", {"f": "c", "a_1": "x", "a_2": "y"}, {}),
    ("tidy.factor", "1 - sigmoid(-t)", "sigmoid(t)", {}, {}),
    ("tidy.distribute", "A*(x + y)", "A*x", {}, {}),
    ("tidy.distribute", "diag(x)*y", "x.*y", {}, {}),
    ("tidy.linear", "sum(x + y)", "sum(x)", {}, {}),
    ("tidy.linear", "det(A + S)", "det(A) + det(S)", {}, {}),
    ("tidy.repeat", "A*S*A*S", "(A*S)^3", {"A": "A*S", "k": "3"}, {}),
    ("tidy.diagonal-exp", "diag(exp(A))", "exp(A)*ones(n)", {"A": "A"}, {}),
    ("d.log", "x", "y", {"t": "x"}, {}),
]


@pytest.mark.parametrize("row", TRUE)
def test_a_step_of_a_row_stands(row: tuple[str, str, str, dict[str, str], dict[str, str]]) -> None:
    rule, left, right, where, sizes = row
    check, step = step_of(rule, left, right, where, GIVEN, ("z = x - y",), sizes)
    assert not check.follows(step)


@pytest.mark.parametrize("row", FALSE)
def test_what_the_letters_do_not_allow_is_refused(row: tuple[str, str, str, dict[str, str], dict[str, str]]) -> None:
    rule, left, right, where, sizes = row
    check, step = step_of(rule, left, right, where, GIVEN, ("z = x - y",), sizes)
    assert check.follows(step)


def test_conditions_are_recorded() -> None:
    """A logarithm's argument, a base that is raised to what moves; none where it is known, none for a constant exponent."""
    def conditions(expr: str, declare: tuple[str, ...], wrt: str = "x") -> list[str]:
        return [str(c) for s in derive(problem(list(declare), [], [], expr, wrt)).steps for c in s.condition]
    assert conditions("sum(log(A*x))", ("A in R^(m,n)", "x in R^n")) == ["A*x > 0"]
    assert conditions("arcsin(x)", ("x in R",)) == ["-1 < x < 1"]
    assert conditions("sum(tan(x))", ("x in R^n",)) == ["no entry of cos(x) is 0"]
    assert conditions("c^x", ("c in R", "x in R")) == ["c > 0"]
    assert conditions("c^x", ("c in R positive", "x in R")) == []
    assert conditions("x^3", ("x in R",)) == []


def test_an_assumption_is_not_used_inside_a_differential() -> None:
    """What holds at the point only says nothing of a differential."""
    p = problem(["x in R^n"], [], ["sum(x) = 1"], "sum(x)^2", "x")
    total, one = p.assumptions[0]
    d = apply("d", total)
    check = Replay(p)
    assert not check.follows(Step("assumption", "", {}, (), total, one, (total, one), (total, one), {}))
    inside = Step("assumption", "", {}, (0,), d, apply("d", one), (total, one), (total, one), {})
    assert check.follows(inside)


HEADS = [
    ("f(A*X)", "X", ("f: R^(m,n) -> R", "X in R^(m,n)", "A in R^(m,m)"), ()),
    ("f(Y) + sum(Y.*Y)", "X", ("f: R^(m,n) -> R", "X in R^(m,n)"), ("Y = sigmoid(X)",)),
    ("g(x)*h(x)", "x", ("g: R^m -> R", "h: R^m -> R^n", "x in R^m"), ()),
    ("a'*inv(X)*a + logdet(X)", "X", ("X in R^(n,n) symmetric", "a in R^n"), ()),
    ("tr(expm(t*X))", "t", ("X in R^(n,n)", "t in R"), ()),
    ("kron(A, B)", "A", ("A in R^(n,n)", "B in R^(m,m)"), ()),
    ("tr(kron(A, B)*kron(A, B))", "B", ("A in R^(n,n)", "B in R^(m,m)"), ()),
    ("sum(x.^c)", "c", ("x in R^n positive", "c in R"), ()),
    ("sum(x.^y)", "y", ("x in R^n", "y in R^n"), ()),
    ("logsumexp(X)", "X", ("X in R^(m,n)",), ()),
    ("softmax(X)", "X", ("X in R^(m,n)",), ()),
    ("x'*K*x + x'*K*K*x", "x", ("K in R^(n,n) skew", "x in R^n"), ()),
    ("sum(p)*logsumexp(x) - p'*log(softmax(x))", "x", ("p in R^n simplex", "x in R^n"), ()),
    ("tr(A*X^5) + det(X)*tr(inv(X)) + tr(adj(X))", "X", ("X in R^(n,n)", "A in R^(n,n)"), ()),
    ("(A*X)^4", "X", ("X in R^(n,n)", "A in R^(n,n)"), ()),
    ("unvec(u, m, n)*x", "u", ("x in R^n", "u in R^(m*n)"), ()),
    ("x'*B*x*x'*S*x", "x", ("x in R^n", "A in R^(n,n)"), ("S = A*A'", "B = inv(S)")),
    ("x'*B*x + logdet(S)", "A", ("x in R^n", "A in R^(n,n)"), ("S = A*A'", "B = inv(S)")),
    ("(norm1((w.^c) - x./(2 + x.^2)))/(2 + norm1(t*t*w)^2)", "x", ("x in R^n", "w in R^n positive", "c in R", "t in R"), ()),
    ("norm1(relu(w.^0.5) + abs(w))*sum(x)", "x", ("x in R^n", "w in R^n positive"), ()),
]


@pytest.mark.thin(6)
@pytest.mark.parametrize("more", [{}, {"expand": True}, {"order": 2}, {"layout": "numerator"}, {"structured": True}], ids=str)
@pytest.mark.parametrize(("expr", "wrt", "declare", "define"), HEADS)
def test_every_head_is_replayed(expr: str, wrt: str, declare: tuple[str, ...], define: tuple[str, ...], more: dict[str, Any]) -> None:
    p = problem(list(declare), list(define), [], expr, wrt, **more)
    assert p.f is not None
    if p.f.shape != SCALAR and "order" in more:
        return
    try:
        d = derive(p)
    except Unfinished:
        d = so_far(p)
    assert replay(d).kind == "checked"


@pytest.mark.parametrize("expr", ["sum(cos(softmax(-X)*X))", "sum(cos(softmax(-X*A)*A))"])
def test_a_sum_that_was_transposed_and_negated_is_one_sum(expr: str) -> None:
    d = derive(problem(["X, A in R^(n,n)"], expr=expr, wrt="X", order=2))
    assert replay(d).kind == "checked"


@pytest.mark.parametrize("text", ["(B*A + D.*C')' - (B*A + D.*C')'", "C.*D' + (B*A)' - (B*A + D.*C')'",
                                  "2*(B*A + D)' - 3*(B*A + D)' + (B*A)' + D'"])
def test_a_transposed_sum_is_taken_from_another(text: str) -> None:
    assert str(parse(text, ["A, B, C, D in R^(n,n)"])) == "zeros(n, n)"


@pytest.mark.parametrize(("expr", "given", "order"), [
    ("norm2(cosh(X') - X)", "X in R^(n,n)", 1), ("norm2(logdet(X) - X)", "X in R^(n,n)", 1), ("sum(kron(X, std(-X)))", "X in R^(n+1,1)", 2),
    ("log(X.^2.*A')", "X, A in R^(n,n)", 1), ("log(A'.*(1./A)'.*X)", "X, A in R^(n,n)", 1), ("sum(cos(logit(X^2)*X))", "X in R", 2)])
def test_what_is_put_together_in_another_order_is_the_same(expr: str, given: str, order: int) -> None:
    d = derive(problem([given], expr=expr, wrt="X", order=order))
    assert replay(d).kind == "checked"


@pytest.mark.parametrize(("text", "other"), [
    ("(x - 1)*(1 - x)^-2", "-1/(1 - x)"), ("(x - 1)^3/(1 - x)^2", "x - 1"), ("(1./A)'.*A'.*B", "B"), ("(A.^2)'.*A'.*B", "(A.^3)'.*B"),
    ("(A - B).^3.*(B - A)", "-(A - B).^4"), ("A.*(A - B)./(B - A).^2", "A./(A - B)"), ("A./(A - B)./(B - A)", "-A./(A - B).^2")])
def test_opposite_and_transposed_bases_are_one(text: str, other: str) -> None:
    one, two = (parse(t, ["x in R", "A, B in R^(n,n)"]) for t in (text, other))
    assert one is two, f"{one} and {two}"


def test_a_step_that_does_not_follow_does_not_refute_a_right_result(monkeypatch: pytest.MonkeyPatch) -> None:
    d = derive(problem(["A in R^(n,n)"], expr="x'*A*x", wrt="x"))
    steps = [s._replace(rule="d.trace") if s.rule.startswith("d.") else s for s in d.steps]
    monkeypatch.setattr(type(d), "steps", property(lambda _: steps))
    verdict = judges.derivative(d.problem, d, False, True)
    assert replay(d).kind == "refuted" and verdict.kind == "proved"
    assert "the replay of the steps did not decide: step " in verdict.detail
