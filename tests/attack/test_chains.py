"""Chains of definitions: names that hang together in many ways, and what is said of every number of layers held against a few of them."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import matcalc as mc
from matcalc.language.expr import Name
from matcalc.language.shape import InputError
from matcalc.language.properties import Properties
from matcalc.reading.parse import Problem, parse, problem
from tests.reference import Reference, close

DEEP = [("tr(S{L})", "c", "S{k} = S{k-1} + c*S{k-1}.*S{k-1}", ["S0 in R^(n,n) symmetric"]),
        ("logdet(S{L})", "c", "S{k} = S{k-1} + c^2*S{k-1}.*S{k-1}", ["S0 in R^(n,n) spd"]),
        ("logdet(S{L})", "c", "S{k} = inv(S{k-1}) + c^2*S{k-1}.*S{k-1}", ["S0 in R^(n,n) spd"]),
        ("log(s{L} + 3)", "s0", "s{k} = sin(s{k-1}) + sigmoid(s{k-1})*cos(s{k-1})", ["s0 in R"]),
        ("tr(A{L})", "B", "A{k} = A{k-1} + A{k-1}*B*A{k-1}'", ["A0, B in R^(n,n)"])]


@pytest.mark.parametrize(("f", "wrt", "define", "declare"), DEEP, ids=[row[2] for row in DEEP])
def test_what_is_seen_of_a_definition_is_seen_once(f: str, wrt: str, define: str, declare: list[str]) -> None:
    """Every name stands twice and more in the next one: forty of them are looked at in two to the fortieth ways, or each once."""
    found = mc.derive(f.replace("{L}", "40"), [wrt], declare=declare, define=[f"{define} for k = 1..40"])
    assert found.verdict.kind == "proved"


def test_what_is_seen_of_a_definition_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    p = problem(["S0 in R^(n,n) spd", "c in R"], ["S{k} = S{k-1} + inv(S{k-1}) for k = 1..30"], expr="logdet(S30)", wrt="c")
    asked: list[Any] = []
    definite = Properties.definite

    def counted(self: Properties, e: Any, semi: bool = False) -> bool:
        asked.append(e)
        return definite(self, e, semi)
    monkeypatch.setattr(Properties, "definite", counted)
    assert Properties(dict(p.definitions)).definite(p.function.args[0])
    assert len(asked) < 1000


UNSTEADY = [("sum(z{L})", ["z1"], ["z{k} = sigmoid(z{k-2}*A') for k = 2..L"], ["A, z0, z1 in R^(n,n)"]),
            ("norm2(q{L})^2", ["q0"], ["q{k} = sin(g{k-1}) for k = 1..L", "g{k} = exp(e*q{k-1} + x{k}) for k = 1..L"],
             ["e in R", "q0, g0 in R^n", "x{k} in R^n for k = 1..L"])]


@pytest.mark.parametrize(("f", "wrt", "define", "declare"), UNSTEADY, ids=[row[0] for row in UNSTEADY])
def test_what_changes_with_every_second_layer_is_refused(f: str, wrt: list[str], define: list[str], declare: list[str]) -> None:
    """Of sixteen layers the last one does not stand on z1, of seventeen it does."""
    with pytest.raises(mc.Unfinished, match="differ between the layers"):
        mc.derive(f, wrt, define=define, declare=declare)


FROM = [("sum(a{L}.*a{L-1})", ["R"], ["a{k} = sin(R*z{k-1}) + z{k-1} for k = 2..L", "z{k} = tanh(z{k-1}) for k = 2..L"],
         ["R in R^(n,n)", "z0, z1, a0, a1 in R^n"], 3),
        ("sum(h{L}) + norm2(M{1})^2", ["M{k}"], ["h{k} = tanh(M{k-1}*h{k-1}) for k = 1..L"],
         ["M{k-1} in R^(n,n) for k = 1..L", "h0 in R^n"], 2),
        ("sum(g{L})", ["a0"], ["a{k} = A'*h{k-1} for k = 1..L", "h{k} = sigmoid(a{k}) + a{k} for k = 1..L",
                               "g{k} = sin(a{k-1}) + h{k-1} for k = 1..L"], ["A in R^(n,n)", "a0, h0, g0 in R^n"], 2),
        ("norm2(g{L})^2 - sum(g{L}.*g{L-1})", ["b{k}"], ["g{k} = 3*g{k-1} + b{k} for k = 2..L"],
         ["b{k} in R^n for k = 2..L", "g0, g1 in R^n"], 3)]


def numbered(text: str, last: int, k: int | None = None) -> str:
    """A text with numbers for the letters."""
    for letter, value in (("L", last), *((("k", k),) if k is not None else ())):
        text = re.sub(rf"\{{{letter}([+-]\d+)?\}}", lambda m, value=value: str(value + int(m[1] or 0)), text)        # type: ignore[misc]
    return re.sub(r"\{(\d+)\}", r"\1", text).replace("..L", f"..{last}")


def forward(p: Problem, values: dict[Name, Any]) -> dict[Name, Any]:
    """The values of all names."""
    values = dict(values)
    for n, body in p.definitions:
        values[n] = Reference(values, {"n": 3})(body)
    return values


@pytest.mark.parametrize(("f", "wrt", "define", "declare", "least"), FROM, ids=[row[0] for row in FROM])
def test_it_holds_from_the_least_number_of_layers_on(f: str, wrt: list[str], define: list[str], declare: list[str], least: int) -> None:
    """With respect to every name that is answered, slopes of what so many layers give; one layer less is not said."""
    found = mc.derive(f, wrt, define=define, declare=declare)
    data: Any = found.json()
    assert found.verdict.kind == "proved" and data["layers"]["least"] == least
    for last in (least, least + 1, least + 3):
        lines = [numbered(line, last) for line in (*declare, *define)]
        p = problem(lines[:len(declare)], lines[len(declare):], expr=numbered(f, last), wrt=None)
        rng = np.random.default_rng(last)
        values = {v: rng.normal(size=(3 if v.shape[0].names else 1, 3 if v.shape[1].names else 1))/2 for v in p.variables.values()
                  if v.kind == "variable"}
        known = {n.name: v for n, v in forward(p, values).items()}
        left: list[tuple[str, list[str], str]] = []
        for g in data["gradients"]:
            for k in reach(g, last):
                shares = [numbered(s["result"], last, j) for s in g["sum"] for j in reach(s, last)] if "sum" in g else \
                    [numbered(g["result"], last, k)]
                left.append((numbered(g["wrt"], last, k), shares, numbered(g.get("name", ""), last, k)))
        while left:
            name, shares, called = next(row for row in left if all(set(re.findall(r"delta_\w+", s)) <= known.keys() for s in row[1]))
            left.remove((name, shares, called))
            given = {n: Name(n, p.scope.names[n.removeprefix("delta_")].shape) for n in known}
            value = sum(Reference({given[n]: v for n, v in known.items()}, {"n": 3})(parse(s, declared(given))) for s in shares)
            if called:
                known[called] = value
            if name in p.variables:
                x = p.variables[name]
                way = rng.normal(size=values[x].shape)
                slope = sum(s*Reference(forward(p, {**values, x: values[x] + s*1e-6*way}), {"n": 3})(p.function) for s in (1, -1))/2e-6
                assert close(np.array([[np.sum(value*way)]]), slope), (last, name)


def declared(names: dict[str, Name]) -> list[str]:
    """The names with their shapes."""
    return [f"{n} in R^({v.shape[0]},{v.shape[1]})" for n, v in names.items()]


def reach(g: dict[str, Any], last: int) -> range:
    """The numbers a gradient is said for."""
    low, high = re.fullmatch(r"k = (\d+)\.\.(\d+)", re.sub(r"\bL([+-]\d+)?", lambda m: str(last + int(m[1] or 0)),
                                                            g.get("for", "k = 0..0"))).groups()       # type: ignore[union-attr]
    return range(int(low), int(high) + 1)


@pytest.mark.slow
def test_letters_that_a_layer_uses_are_told() -> None:
    define = ["z{k} = softmax(M{k}*a{k-1} + M{k}'*z{k-1} + q{k-1} + x{k}) + a{k-1} for k = 1..L", "a{k} = tanh(z{k-1}) for k = 1..L"]
    data: Any = mc.derive("norm2(a{L} - y)^2 + sum(z{L})", ["M{k}"], define=[*define, "q{k} = a{k}/2 for k = 1..L"]).json()
    found = [g for g in data["gradients"] if g["wrt"] == "M{k}"]
    letters = set(re.findall(r"(?<![\w{])[a-z]\d?(?![\w{(])", found[0]["result"])) - {"n"}
    assert letters == {line.split(" = ")[0] for line in found[0]["where"]} != set()


def test_layers_are_named_where_nothing_stands_above_a_result() -> None:
    define = ["z{k} = W*a{k-1} + b{k} for k = 1..L", "a{k} = tanh(z{k}) for k = 1..L"]
    brief = mc.derive("norm2(a{L} - y)^2", ["b{k}"], define=define).text(detail="brief")
    assert "δ_zₖ₊₁ n × 1, for k = L − 1, ..., 1" in " ".join(brief.split())
    page = mc.derive("sum(a{1})", ["b{k}", "z{k}"], define=define)
    text = " ".join(page.text().split())
    assert "∂f/∂bₖ = 0 n × 1, denominator layout; transposed in numerator layout, for k = L, ..., 2" in text
    assert "∂f/∂zₖ = 0" in text                     # a family of definitions may be asked for, too
    assert "% layers: k = 1, ..., L" in page.latex() and "% where: k" not in page.latex()


@pytest.mark.parametrize("wrt", ["Q{k}", "Q", "Q{L}"])
def test_a_name_that_is_not_there_is_not_answered_with_numbers(wrt: str) -> None:
    with pytest.raises(InputError) as error:
        mc.derive("sum(a{L})", [wrt], define=["a{k} = W*a{k-1} + b{k} for k = 1..L"])
    assert wrt in str(error.value) and error.value.hint == "there are W, a{k}, b{k}"


def test_names_of_gradients_end_in_numbers() -> None:
    with pytest.raises(InputError, match="end in {}"):
        mc.derive("sum(a{L})", ["W{k}"], define=["a{k} = W{k}*a{k-1} for k = 1..L"], adjoint="{}_bar")


SPOKEN = ["a{k} = np.tanh(W{k} @ a{k-1})", "a{k} = a{k-1}.sum() * a{k-1} + np.tanh(a{k-1})",
          "a{k} = tanh(W{k} a{k-1}) + a{k-1}ᵀ a{k-1} a{k-1}",
          "a{k} = 2 a{k-1} + (a{k-1})·(a{k-1}) a{k-1}"]


@pytest.mark.parametrize("define", SPOKEN)
def test_a_line_in_a_dialect_is_read_once(define: str) -> None:
    """Each asks twice what shape the one before it has: forty of them are read in two to the fortieth ways, or each once."""
    found = mc.derive("sum(a40)", ["a0"], declare=["a0 in R^n"], define=[f"{define} for k = 1..40"])
    assert found.verdict.kind == "proved"
