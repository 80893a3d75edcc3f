"""Deep chains of definitions: derived, replayed and proved link by link, at a cost that grows with their length."""

from __future__ import annotations

from typing import Any

import pytest

from matcalc.api import solve
from matcalc.deriving.directional import judged
from matcalc.deriving.engine import derive
from matcalc.deriving.substitute import substitute
from matcalc.language.expr import Number, T, add, mul, zeros
from matcalc.reading.parse import problem
from matcalc.proof.at_points import points
from matcalc.proof.all_sizes.indices import prove_derivative
from matcalc.proof.verdict import Place
from tests.parts import one_in
from tests.work import Work, calls
from tests.proof.networks import attention_stack, layers, tanh_network



def at(network: Any, depth: int, wrt: str) -> Any:
    """A row; attention is slow."""
    return pytest.param(network, depth, wrt, marks=pytest.mark.slow if network is attention_stack else ())


DEEP = [at(tanh_network, 128, "x"), at(tanh_network, 128, "W1"), at(tanh_network, 128, "b77"),
        at(attention_stack, 12, "X"), at(attention_stack, 12, "Q1"), at(attention_stack, 12, "V5")]
CHAINS = [at(tanh_network, 8, "x"), at(tanh_network, 8, "W3"), at(attention_stack, 1, "X"), at(attention_stack, 2, "V1")]


@pytest.mark.thin(6)
@pytest.mark.parametrize(("network", "depth", "wrt"), DEEP)
def test_deep_chains_are_proved(network: Any, depth: int, wrt: str) -> None:
    p = problem(**network(depth, wrt))
    with Work() as deriving:
        d = derive(p)
    with Work() as proving:
        verdict = prove_derivative(p, d.result, d.where)
    assert verdict.kind == "proved" and verdict.at(Place.LINKS)
    assert deriving.calls < 3_000_000 and proving.calls < 3_000_000
    assert points.judge_derivative(p, d.result, d.where).kind == "checked"


@pytest.mark.thin(6)
@pytest.mark.parametrize(("function", "depth"), [("tanh", 8), ("tanh", 16), ("tanh", 32), ("sigmoid", 12), ("relu", 8), ("sin", 12)])
def test_layers_in_one_line_each(function: str, depth: int) -> None:
    p = problem(**layers(function, depth))
    with Work() as work:
        d = derive(p)
        verdict = prove_derivative(p, d.result, d.where)
    assert verdict.kind == "proved" and verdict.at(Place.LINKS) and work.calls < 4_000_000
    assert prove_derivative(p, mul(Number(3), d.result), d.where).kind == "undecided"


UNLIKE = ("tanh(2*{}/7) + 3", "sigmoid({}/5)", "sin({})", "exp(-{}/9)", "softplus({}) - 1", "{}.*sigmoid({})")


@pytest.mark.slow
@pytest.mark.parametrize("vector", [False, True])
@pytest.mark.parametrize(("bodies", "depth"), [(UNLIKE, 12), (("tanh({})",), 40), (("sigmoid({}/5)",), 24), (("exp(-{}/9)",), 24)])
def test_unlike_links_and_jacobians(bodies: tuple[str, ...], depth: int, vector: bool) -> None:
    names = ["x", *(f"a{k}" for k in range(depth))]
    define = [f"{name} = {bodies[k % len(bodies)].replace('{}', names[k])}" for k, name in enumerate(names[1:])]
    p = problem(["x in R^n"], expr=names[-1] if vector else f"sum({names[-1]})", wrt="x", define=define)
    d = derive(p)
    verdict = prove_derivative(p, d.result, d.where)
    assert verdict.kind == "proved" and verdict.at(Place.LINKS)
    assert prove_derivative(p, mul(Number(3), d.result), d.where).kind == "undecided"
    other = substitute(d.result, {p.scope.names["a1"]: p.scope.names["a2"]})
    assert other is not d.result and prove_derivative(p, other, d.where).kind == "undecided"


@pytest.mark.slow
def test_a_wrong_answer_takes_no_more_work_than_the_right_one() -> None:
    """It is not multiplied out, as it differs at a random point."""
    define = [f"a{k} = sigmoid({f'a{k - 1}' if k else 'x'}/5)" for k in range(12)]
    p = problem(["x in R^n"], expr="sum(a11)", wrt="x", define=define)
    d = derive(p)
    right, wrong = (calls(lambda claim=claim: prove_derivative(p, claim, d.where)) for claim in (d.result, mul(Number(3), d.result)))
    assert wrong < 2 * right


@pytest.mark.parametrize("name", ["along", "d", "v", "u_"])
def test_no_name_is_the_direction_of_a_jacobian(name: str) -> None:
    """What is added is zero along one vector, and a name that anybody can type is not that vector."""
    define = ["a1 = tanh(W*x + b)", "a2 = sin(W*a1)", "a3 = tanh(a2 + x)", "a4 = W*a3", "a5 = sigmoid(a4 + a2)",
              f"K = b*(({name}'*{name})*q' - ({name}'*q)*{name}')"]
    p = problem(["W in R^(n,n)", f"x, b, q, {name} in R^n"], expr="a5", wrt="x", define=define)
    d = derive(p)
    wrong = add(d.result, p.scope.names["K"])
    assert prove_derivative(p, d.result, d.where).kind == "proved"
    assert prove_derivative(p, wrong, d.where).kind == "undecided"


@pytest.mark.parametrize(("network", "depth", "wrt"), [at(tanh_network, 24, "W1"), at(attention_stack, 2, "X")])
def test_the_whole_answer_is_replayed(network: Any, depth: int, wrt: str) -> None:
    verdict = solve(problem(**network(depth, wrt)), shown=True).verdict
    assert verdict.kind == "proved" and verdict.at(Place.STEPS)


@pytest.mark.thin(4)
@pytest.mark.parametrize(("network", "depth", "wrt"), CHAINS)
def test_wrong_answers_of_chains_are_not_proved(network: Any, depth: int, wrt: str) -> None:
    p = problem(**network(depth, wrt))
    d = derive(p)
    assert prove_derivative(p, mul(Number(2), d.result), d.where).kind == "undecided"
    if d.result.shape[0] is d.result.shape[1]:
        assert prove_derivative(p, T(d.result), d.where).kind == "undecided"


@pytest.mark.thin(6)
@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize(("network", "depth", "wrt"), CHAINS)
def test_wrong_links_are_not_proved(network: Any, depth: int, wrt: str, part: int) -> None:
    p = problem(**network(depth, wrt))
    d = derive(p)
    for i, (name, body) in list(enumerate(d.where))[4 * part::16 * one_in(2)]:
        bad = [*d.where[:i], (name, mul(Number(-1), body)), *d.where[i + 1:]]
        assert prove_derivative(p, d.result, bad).kind == "undecided"


@pytest.mark.slow
def test_a_claim_in_other_words() -> None:
    """A chain written by hand: definitions unfolded here and there, the slope of tanh by its own name."""
    given = tanh_network(6, "x")
    claim = "W1'*((1 - tanh(W1*x + b1).^2).*(W2'*diag(ones(n) - h2.^2)*W3'*diag(1 - tanh(z3).^2)*" \
            "(W4'*(((ones(n) - h4).*(1 + h4)).*(W5'*((1 - h5.^2).*(W6'*(y - y.*h6.*h6))))))))"
    p = problem(**given, claim=claim)
    assert prove_derivative(p, p.claim).at(Place.LINKS)
    q = problem(**given, claim=claim.replace("h4.^2", "h3.^2").replace("(1 + h4)", "(1 + h3)"))
    assert points.judge_derivative(q, q.claim).kind == "refuted" and prove_derivative(q, q.claim).kind == "undecided"


@pytest.mark.slow
@pytest.mark.parametrize(("layout", "layers"), [("denominator", 12), ("numerator", 7), ("mixed", 7)])
def test_a_deep_vector_is_proved_along_every_direction(layout: str, layers: int) -> None:
    given = tanh_network(layers, "x")
    given["expr"] = f"h{layers}"
    p = problem(**given, layout=layout)
    d = derive(p)
    verdict = prove_derivative(p, d.result, d.where, layout=layout)
    assert verdict.at(Place.LINKS)
    assert prove_derivative(p, T(d.result), d.where, layout=layout).kind == "undecided"


RUNGE_KUTTA = {"declare": ["A in R^(n,n)", "x in R^n", "c in R"], "wrt": "x", "expr": "x + c/6*(k1 + 2*k2 + 2*k3 + k4)", "define": [
    f"k{i} = ({at}).*tanh(A*({at}))" for i, at in enumerate(("x", "x + c/2*k1", "x + c/2*k2", "x + c*k3"), 1)]}


@pytest.mark.slow
@pytest.mark.parametrize(("given", "asked"), [
    (tanh_network(4, "W1"), {"hvp": "V"}), (tanh_network(4, "x"), {"order": 2}), (RUNGE_KUTTA, {"tangent": "V"})])
def test_what_is_differentiated_again_or_along_a_direction_is_proved_link_by_link(given: Any, asked: Any) -> None:
    p = problem(**given, **asked)
    d = derive(p)

    def verdict(result: Any, where: Any) -> Any:
        q, claim = judged(p.as_typed(), result)
        return prove_derivative(q, claim, where, q.order)
    assert verdict(d.result, d.where).at(Place.LINKS)
    name, body = d.where[0]
    assert verdict(d.result, [(name, mul(Number(2), body)), *d.where[1:]]).kind == "undecided"


def test_a_structured_name_that_moves_is_no_link() -> None:
    """Its entries are not free of one another, and a letter for it would not be met where the claim is read."""
    define = ["a1 = A*x", "a2 = tanh(a1)", "a3 = A*a2", "a4 = sin(a3)", "a5 = A*a4"]
    p = problem(["A in R^(n,n) symmetric", "x in R^n"], expr="a5", wrt="A", tangent="V", define=define)
    q, claim = judged(p.as_typed(), zeros(*p.function.shape))
    assert prove_derivative(q, claim, []).kind == "undecided"
    assert solve(p).verdict.kind in ("proved", "checked")
