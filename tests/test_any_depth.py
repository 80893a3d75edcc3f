"""Gradients through as many layers as a letter says: what one layer gives for all is what each gives where their number is known."""

import functools
import inspect
import json
import re
from typing import Any

import numpy as np
import pytest

import matcalc as mc
from matcalc.batches.lines import answer
from matcalc.language.expr import SCALAR
from matcalc.language.shape import InputError

PERCEPTRON: dict[str, Any] = {
    "expr": "norm2(a{L} - y)^2", "wrt": ["W{k}", "b{k}"],
    "define": ["z{k} = W{k}*a{k-1} + b{k} for k = 1..L", "a{k} = tanh(z{k}) for k = 1..L"],
    "declare": ["a0 in R^n0", "y in R^n{L}", "W{k} in R^(n{k},n{k-1}) for k = 1..L", "b{k} in R^n{k} for k = 1..L"]}
RECURRENT: dict[str, Any] = {"expr": "norm2(h{T} - y)^2", "wrt": ["W", "U"], "define": ["h{t} = tanh(W*h{t-1} + U*x{t}) for t = 1..T"],
                             "declare": ["W in R^(n,n)", "y in R^n", "U in R^(n,m)", "x{t} in R^m for t = 1..T", "h0 in R^n"]}
RESIDUAL: dict[str, Any] = {"expr": "norm2(A{L} - Y)^2", "wrt": ["Q{k}", "A0"], "declare": ["A0 in R^(m,n)", "Y in R^(m,n)"],
                            "define": ["P{k} = softmax(A{k-1}*Q{k}*A{k-1}') for k = 1..L", "A{k} = A{k-1} + P{k}*A{k-1} for k = 1..L"]}
SKIPS = [f"{w}{{k}} in R^(n{{k}},n{{k-{d}}}) for k = 2..L" for w, d in ("W1", "V2")]
TWO_BACK: dict[str, Any] = {"expr": "y'*a{L} + c*norm2(W{2})^2", "wrt": ["W{k}"], "declare": ["y in R^n{L}", "c in R", *SKIPS],
                            "define": ["a{k} = tanh(W{k}*a{k-1} + V{k}*a{k-2}) for k = 2..L"]}


def numbered(text: str, letter: str, counter: str, last: int, k: int = 0) -> str:
    """A text with numbers for the letters."""
    for name, value in ((letter, last), (counter, k)):
        text = re.sub(rf"\{{{name}([+-]\d+)?\}}", lambda m, value=value: str(value + int(m[1] or 0)), text)      # type: ignore[misc]
        text = re.sub(rf"\.\.{name}\b", f"..{value}", text)
    return text


TWICE: dict[str, Any] = {"expr": "sum(o{T}) + c*norm2(W)^2", "wrt": ["W"], "declare": ["W in R^(n,n)", "h0 in R^n", "o0 in R^n", "c in R"],
                         "define": ["h{t} = tanh(W*h{t-1}) for t = 1..T", "o{t} = o{t-1} + W*h{t} for t = 1..T"]}
AHEAD: dict[str, Any] = {"expr": "norm2(a{L} - y)^2", "wrt": ["W{k}"], "define": ["a{k} = tanh(W{k+1}*a{k-1}) for k = 1..L"],
                         "declare": ["a0 in R^n0", "y in R^n{L}", "W{k+1} in R^(n{k},n{k-1}) for k = 1..L"]}
EARLIER: dict[str, Any] = {"expr": "sum(h{T}.*x{T-2})", "wrt": ["W"], "define": ["h{t} = tanh(W*h{t-1} + x{t}) for t = 1..T"],
                           "declare": ["W in R^(n,n)", "h0 in R^n", "x{t} in R^n for t = 1..T"]}


FAMILIES = {"perceptron": PERCEPTRON, "recurrent": RECURRENT, "residual": RESIDUAL, "two back": TWO_BACK, "twice": TWICE, "ahead": AHEAD,
            "earlier": EARLIER}


@functools.cache
def derived(family: str) -> Any:
    """The gradients through any number of layers, proved."""
    found = mc.derive(**CODED[family])
    assert found.verdict.kind == "proved"
    return found


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("more", [0, 1, 4])
def test_each_number_of_layers_gives_what_all_give(family: str, more: int) -> None:
    asked, data = FAMILIES[family], derived(family).json()
    letter, counter = data["layers"]["letter"], data["layers"]["counter"]
    last = data["layers"]["least"] + more
    lines = {key: [numbered(v, letter, "no", last) for v in asked[key]] for key in ("define", "declare")}
    alone = mc.derive(numbered(asked["expr"], letter, "no", last).replace("{2}", "2"), ["all"], **lines)
    values = {q.wrt.name: str(q.result) for q in alone.parts}
    seen = 0
    for g in data["gradients"]:
        if "sum" in g:
            shares = [numbered(one["result"], letter, counter, last, k) for one in g["sum"] for k in members(one, letter, last)]
            assert mc.prove(" + ".join(shares) + f" == {values[g['wrt']]}", declare=shapes(alone)).kind == "proved"
            seen += 1
            continue
        for k in members(g, letter, last):
            seen += 1
            assert numbered(g["result"], letter, counter, last, k) == values[numbered(g["wrt"], letter, counter, last, k)]
    assert seen >= (len(asked["wrt"]) + 1) * bool(last > 1)


def members(g: dict[str, str], letter: str, last: int) -> range:
    """The numbers a gradient is said for."""
    span = re.fullmatch(r"\w+ = (\d+)\.\.(\d+)", re.sub(rf"\.\.{letter}([+-]\d+)?", lambda m: f"..{last + int(m[1] or 0)}",
                                                         g.get("for", "k = 0..0")))
    assert span is not None, g
    return range(int(span[1]), int(span[2]) + 1)


def shapes(found: Any) -> list[str]:
    """Every name of an answer, declared."""
    p = found.problem
    names = [*p.variables.values(), *(n for n, _ in p.definitions), *(q.name for q in found.parts if q.name is not None)]
    return [f"{n.name} in R^({n.shape[0]},{n.shape[1]})" for n in dict.fromkeys(names) if n.kind == "variable"]


def test_the_page_speaks_of_every_layer() -> None:
    text = derived("perceptron").text()
    for line in ("Wₖ ∈ ℝ^(nₖ×nₖ₋₁)", "Define    zₖ = Wₖ aₖ₋₁ + bₖ   nₖ × 1", "With respect to zₖ, through aₖ, for k = L, ..., 1",
                 "Read off  δ_aₖ = Wₖ₊₁ᵀ δ_zₖ₊₁", "Read off  ∂f/∂Wₖ = δ_zₖ aₖ₋₁ᵀ", "for every L ≥ 1, by induction"):
        assert line in text, line
    assert not re.search(r"\b[Wabz](?!0)\d", text)
    assert "∂f/∂W is the sum of (δ_hₜ ⊙ (𝟏 − hₜ∘²)) hₜ₋₁ᵀ over t = 1, ..., T" in " ".join(derived("recurrent").text().split())


def test_every_medium_shows_the_sum_over_layers() -> None:
    found = derived("perceptron")
    assert r"\frac{\partial f}{\partial W_{k}} &= \delta_{z_{k}}\,a_{k-1}^{\top}" in found.latex()
    assert "% where: z{k} = W{k}*a{k-1} + b{k}" in found.latex()
    assert "<msub><mi>a</mi><mrow><mi>k</mi><mo>−</mo><mn>1</mn></mrow></msub>" in found.fragment()
    assert "97531" not in found.html() + found.markdown() + found.latex(True)
    line = {"expr": PERCEPTRON["expr"], "wrt": "W{k}", "define": PERCEPTRON["define"]}
    out = json.loads(answer(json.dumps(line).encode()))
    assert "delta_a[k] = W[k + 1].T @ delta_z[k + 1]" in out["numpy"] and "missing" not in out
    assert out["verdict"] == "proved" and out["gradients"][-1] == {"wrt": "W{k}", "result": "delta_z{k}*a{k-1}'", "for": "k = 1..L"}


@pytest.mark.parametrize(("wrt", "options", "told"), [
    ("W{k}", {"order": 2}, "for L layers only gradients"), ("W{k}", {"claim": "W{k}"}, "for L layers only gradients"),
    ("V{k}", {}, "V{k}"),
    ("W{k}", {"define": ["u{k} = a{k}/{k} for k = 2..L"]}, "all families that end at a letter must have the same range"),
    ("W{k}", {"define": ["u{k} = k*a{k} for k = 1..L"]}, "write {k} for the number"),
    ("W{k}", {"declare": ["y in R^L"]}, "use different letters for the two"),
    ("W{k}", {"assume": ["c == a{9}'*a{9}"]}, "a{9} names one of L layers by a fixed number"),
    ("W{k}", {"assume": ["c == sum(aL)"]}, "the last layer is a{L}"), ("W{k}", {"assume": ["c == sum(a_L)"]}, "the last layer is a{L}"),
    ("W{k}", {"assume": ["c == 1/{L}"]}, "{L} must follow a name, as in a{L}"),
    ("W{k}", {"assume": ["c == sum(a{L-5})"]}, "more than 3 layers away")])
def test_what_needs_a_number(wrt: str, options: dict[str, Any], told: str) -> None:
    define = ["a{k} = tanh(W{k}*a{k-1}) for k = 1..L", *options.pop("define", [])]
    with pytest.raises(InputError) as error:
        mc.derive("norm2(a{L} - y)^2", wrt, define=define, **options)
    assert told in f"{error.value} {error.value.hint}"


LSTM: dict[str, Any] = {"expr": "norm2(h{T} - y)^2", "wrt": ["Wi", "Uf", "x{t}"], "define": [
    *(f"{g}{{t}} = {'tanh' if g == 'u' else 'sigmoid'}(W{g}*h{{t-1}} + U{g}*x{{t}}) for t = 1..T" for g in "ifou"),
    "c{t} = f{t}.*c{t-1} + i{t}.*u{t} for t = 1..T", "h{t} = o{t}.*tanh(c{t}) for t = 1..T"],
    "declare": [*(f"W{g} in R^(n,n)" for g in "ifou"), *(f"U{g} in R^(n,p)" for g in "ifou"), "y in R^n", "h0 in R^n", "c0 in R^n",
                "x{t} in R^p for t = 1..T"]}
PENALTY: dict[str, Any] = {"expr": "c{L} + lam*norm2(W{2})^2", "wrt": ["W{k}", "lam"], "define": [
    "a{k} = softplus(W{k}*a{k-1} + b{k}) for k = 1..L", "c0 = 0", "c{k} = c{k-1} + norm2(a{k} - y{k})^2 for k = 1..L"],
    "declare": ["a0 in R^n0", "W{k} in R^(n{k},n{k-1}) for k = 1..L", "b{k} in R^n{k} for k = 1..L", "y{k} in R^n{k} for k = 1..L",
                "lam in R"]}
CLASH: dict[str, Any] = {"expr": "logsumexp(value*a{L})", "wrt": ["value", "C{k}", "C"],
                         "define": ["a{k} = tanh(C{k}*a{k-1} + C) for k = 1..L"], "declare": [
                             "a0 in R^n", "C{k} in R^(n,n) for k = 1..L", "value in R^(p,n)", "C in R^n"]}
CODED = FAMILIES | {"lstm": LSTM, "penalty": PENALTY, "clash": CLASH}
SIZES = {"m": 2, "n": 3, "p": 2}


def drawn(found: Any, seed: int) -> dict[str, Any]:
    """Numbers for every variable of an answer, those of layers with sizes of their own."""
    rng = np.random.default_rng(seed)

    def many(d: Any) -> int:
        return d.number or SIZES.get(d.text) or 2 + int(re.sub(r"\D", "", d.text)) % 3
    out = {}
    for n, v in found.problem.variables.items():
        a = rng.normal(size=tuple(map(many, v.shape)))*0.7
        out[n] = a[0, 0] if a.size == 1 and v.shape == SCALAR else a[:, 0] if v.shape[1].number == 1 else a
    return out


def gathered(values: dict[str, Any], base: str) -> Any:
    """What stands under a name, or in the list of those with numbers, which has an underscore where the name is taken."""
    if base.endswith("_"):
        values, base = {n: a for n, a in values.items() if n != base[:-1]}, base[:-1]
    found = sorted((n for n in values if re.fullmatch(base + r"\d+", n)), key=lambda n: int(n[len(base):]))
    return values[base] if base in values else [values[n] for n in found]


@pytest.mark.parametrize("family", CODED)
@pytest.mark.parametrize("library", ["numpy", "torch", "jax"])
def test_one_function_for_every_number_of_layers(library: str, family: str) -> None:
    """It takes lists, and computes what the code for each number of layers computes."""
    if library != "numpy":
        module: Any = pytest.importorskip(library, reason=f"{library} is not installed: its generated code cannot be run here")
        if library == "jax":
            module.config.update("jax_enable_x64", True)
    asked, found = CODED[family], derived(family)
    space: dict[str, Any] = {"__name__": "written"}
    exec(found.file(library), space)
    if "value" not in asked["wrt"]:         # the test has such a name itself
        space["check_gradient"](seed=2)
    for last in (found.least, found.least + 2):
        lines = {key: [numbered(v, found.depth.letter, "no", last) for v in asked[key]] for key in ("define", "declare")}
        alone: Any = mc.derive(numbered(asked["expr"], found.depth.letter, "no", last).replace("{2}", "2"), ["all"], **lines)
        values = drawn(alone, last)
        own: dict[str, Any] = {}
        exec(alone.numpy(), own)
        want, slopes = own["value_and_grads"](**{n: values[n] for n in inspect.signature(own["value_and_grads"]).parameters})
        make = space["torch"].as_tensor if library == "torch" else np.asarray
        given: dict[str, Any] = {}
        for n in inspect.signature(space["value_and_grads"]).parameters:
            a = last if n == found.depth.letter else gathered(values, n)
            given[n] = [make(x) for x in a] if isinstance(a, list) else a if isinstance(a, int) else make(a)
        value, gradients = space["value_and_grads"](**given)
        assert np.isclose(float(value), want, rtol=1e-10)
        assert gradients.keys() == {n.replace("{k}", "").replace("{t}", "") if n != "C{k}" else "C_" for n in asked["wrt"]}
        for n, g in gradients.items():
            w = gathered(slopes, n)
            pairs = list(zip(g, w, strict=True)) if isinstance(g, list) else [(g, w)]
            for x, y in pairs:
                assert np.shape(x) == np.shape(y) and np.allclose(np.asarray(x), y, rtol=1e-10, atol=1e-12), n


@pytest.mark.slow
def test_the_function_says_what_it_is_handed() -> None:
    found: Any = derived("perceptron")
    source = found.numpy()
    for line in ("def value_and_grads(a0, y, W, b):", "W = [W1, ..., WL] and b = [b1, ..., bL].", "z[k] = W[k] @ a[k - 1] + b[k]",
                 "delta_a[k] = W[k + 1].T @ delta_z[k + 1]", "grad_W[k] = np.outer(delta_z[k], a[k - 1])"):
        assert line in source, line
    space: dict[str, Any] = {}
    exec(source, space)
    w, b = [np.ones((3, 2)), np.ones((4, 3))], [np.ones(3), np.ones(4)]
    with pytest.raises(ValueError, match=r"b: expected 2 arrays, got 1"):
        space["value_and_grads"](np.ones(2), np.ones(4), w, b[:1])
    with pytest.raises(ValueError, match=r"W2: expected shape \(n2 = 4, n1 = 3\), got \(4, 4\)"):
        space["value_and_grads"](np.ones(2), np.ones(4), [w[0], np.ones((4, 4))], b)
    source = derived("two back").numpy()
    assert "if L < 2:" in source or "if L < 3:" in source
    assert "of layers" in (source := derived("twice").numpy()) and "def value_and_grads(W, h0, o0, c, T):" in source


@pytest.mark.slow
def test_conditions_speak_of_every_layer() -> None:
    asked = {"expr": "norm2(a{L} - y)^2", "wrt": "W{k}", "define": ["a{k} = relu(W{k}*a{k-1}) for k = 1..L"]}
    found: Any = mc.derive(asked["expr"], ["W{k}"], define=asked["define"])
    out = json.loads(answer(json.dumps(asked).encode()))
    own = "no entry of W{k}*a{k-1} is 0"
    assert own in out["conditions"] and own in found.json()["verdict"]["conditions"] and own in found.file("numpy").split("import")[0]
    assert not re.search(r"\b[Wa][1-9]", str(out["conditions"]) + found.detail + found.file("numpy").split("import")[0])


def test_in_index_notation() -> None:
    assert "∂f/∂W{k}[i,j] = delta_z{k}[i]*a{k-1}[j]  for k = 1..L\n" in derived("perceptron").index()
    assert "∂f/∂U[i,j] = sum(t = 1..T, delta_h{t}[i]*(1 - h{t}[i]^2)*x{t}[j])\n" in derived("recurrent").index()
    assert derived("twice").index().endswith(" + 2*c*W[i,j]\n")


def test_layers_that_are_not_alike_are_refused() -> None:
    with pytest.raises((InputError, mc.Unfinished), match="differ between the layers"):
        mc.derive("sum(a{L}) + sum(a{L-3})", ["W{k}"], define=["a{k} = tanh(W{k}*a{k-1}) for k = 1..L"])


def test_layers_whose_sizes_take_turns_are_refused() -> None:
    """a{2} is as long as a0, and a{3} as a1: what is said of W{k} and y would be so of every second number of layers."""
    with pytest.raises((InputError, mc.Unfinished), match="differ between the layers"):
        mc.derive("norm2(a{L} - y)^2", ["W{k}"], define=["a{k} = tanh(W{k}*a{k-1} + a{k-2}) for k = 2..L"])
