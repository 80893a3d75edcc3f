"""An operation is a row: what is added to the table, to the definitions or to the rules, everything else finds there."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from reference import PLAIN, Reference

from matcalc.reading.entrywise_laws import written_out
from matcalc.language.columns import ALIKE, APART, NONNEGATIVE, NONZERO, POSITIVE, SPARSE, Elementwise, Operation
from matcalc.language.operations import (ELEMENTWISE, HEADS, KEEPS, MIRRORED, NONZERO_WHERE, OF_DEFINITE, OPERATIONS, ROOTED, SPELLING,
                                         require_complete)
from matcalc.reading.parse import parse
from tests.changed_copy import PACKAGE, changed_copy

CONTRIBUTING = (PACKAGE.parent / "CONTRIBUTING.md").read_text("utf-8")
FUNCTION, DEFINITION, RULE = (next(line for line in CONTRIBUTING.splitlines() if line.startswith(f"{row}("))
                              for row in ("Elementwise", "Composite", "Rule"))
FUNCTIONS = f"""{FUNCTION}
    Elementwise("cot", "-1 - cot(t)^2", (Limit("apart", of="sin"),), law="cos(t)/sin(t)", latex=r"\\cot"),
    Elementwise("artanh", "1/(1 - t^2)", WITHIN, law="log((1 + t)/(1 - t))/2", sign=ALIKE, vanishing=True),"""
USED = """
import matcalc as mc
from matcalc.language.composites import BY_NAME
from matcalc.rulebook.book import RULES
for expr, wrt, declare in (("sum(bent(A*x))", "x", ["A in R^(m,n)", "x in R^n"]), ("bent(c)", "c", ["c in R"]),
                           ("a'*colvar(X)", "X", ["X in R^(m,n)", "a in R^n"])):
    d = mc.derive(expr, wrt, declare)
    assert d.verdict.kind == "proved", d.verdict
    assert d.latex() and all(map(d.source, ("numpy", "torch", "jax", "sympy")))
for scope in ("X in R^(n,n)", "X in R^(n,k)", "X in R^n", "X in R^(5,3)"):
    assert mc.prove("colvar(2*X) == 4*colvar(X)", [scope]).kind == "proved", scope
assert mc.prove("bent(x) == x + sqrt(x.^2 + 1) - 1", ["x in R^n"]).kind == "proved"
assert mc.prove("bent(x) == x + sqrt(x.^2 + 1)", ["x in R^n"]).kind == "refuted"
for expr, where in (("cot(x)", "no entry of sin(x) is 0"), ("\\\\cot x", "no entry of sin(x) is 0"), ("artanh(x)", "-1 < x < 1")):
    d = mc.derive(expr, "x", ["x in R^n"])
    assert d.verdict.kind == "proved" and [str(c) for c in d.verdict.conditions] == [where], (expr, d.verdict, d.verdict.conditions)
assert "d.bent" in RULES and "tidy.trace-of-ones" in RULES and "colvar" in BY_NAME
import numpy as np
scope = {}
exec(mc.derive("sum(bent(x))", "x", ["x in R^n"]).numpy(), scope)
x = np.array([-2.0, 0.5, 3.0])
assert np.allclose(scope["grad"](x), 1 + x/np.sqrt(x**2 + 1))
"""


@pytest.mark.slow
def test_a_row_is_enough(tmp_path: Path) -> None:
    def added(before: str, row: str) -> Callable[[str], str]:
        def change(text: str) -> str:
            assert text.count(before) == 1, before
            new = "\n".join(line for line in row.splitlines() if line.strip() not in text)  # whoever read CONTRIBUTING may have added one
            return text.replace(before, f"    {new}\n{before}")
        return change
    env = changed_copy(tmp_path, {"language/operations.py": added(")\n\n# Sizes in `arguments`", FUNCTIONS),
                                  "language/composites.py": added(")\n\n# What is asked for", DEFINITION),
                                  "rulebook/algebra.py": added("    Rule(\"tidy.inner-power\"", RULE)})
    done = subprocess.run([sys.executable, "-P", "-c", USED], cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_is_missing_is_named() -> None:
    said = "^the judge at points has nothing for tanh: give it a row there, or an entry-wise function a law$"
    with pytest.raises(LookupError, match=said):
        require_complete("the judge at points", {row.name for row in ELEMENTWISE if row.name != "tanh"},
                 {row.head for row in HEADS})


@pytest.mark.parametrize(("text", "law"), [("silu(x)", "sigmoid(x).*x"), ("expm1(A)", "exp(A) - ones(m,n)"), ("log1p(c)", "log(1 + c)")])
def test_a_law_is_written_out_entry_by_entry(text: str, law: str) -> None:
    scope = ["x in R^n", "A in R^(m,n)", "c in R"]
    e = parse(text, scope)
    assert written_out(e) is parse(law, scope)  # type: ignore[arg-type]


def test_every_law_is_the_function() -> None:
    from matcalc import prove
    for row in ELEMENTWISE:
        if row.law:
            assert prove(f"d({row.name}(t))/d(t) == d({row.law})/d(t)", ["t in R"]).kind == "proved", row.name


INSIDE = {"above": lambda t, k: t > k, "from": lambda t, k: t >= k, "between": lambda t, k: abs(t) <= 1, "within": lambda t, k: abs(t) < 1,
          "apart": lambda t, k: t != k}


@pytest.mark.parametrize("row", ELEMENTWISE, ids=lambda row: row.name)
def test_signs_and_what_vanishes(row: Elementwise) -> None:
    f = PLAIN[row.name]
    at = np.array([t for t in np.linspace(-6, 6, 241) if all(INSIDE[k.kind](t, k.bound) for k in row.domain if not k.of)])
    values = f(at[:, None])[:, 0]
    if row.sign == POSITIVE:
        assert (values > 0).all()
    elif row.sign == NONNEGATIVE:
        assert (values >= 0).all()
    elif row.sign == ALIKE:
        assert (np.sign(values) == np.sign(at)).all()
    if row.values is not None:
        least, most = (k if k is not None else end for k, end in zip(row.values[:2], (-np.inf, np.inf), strict=True))
        assert (least <= values).all() and (values <= most).all()
        if row.values.reached:
            assert any(np.isclose(values, k, atol=1e-3).any() for k in (least, most))
        else:
            near = f(np.linspace(-2, 2, 41)[:, None])
            assert ((least < near) & (near < most)).all()
    small = np.array([t for t in (1e-3, -1e-3, 1e-6, -1e-6) if all(INSIDE[k.kind](t, k.bound) for k in row.domain if not k.of)])[:, None]
    vanishes = bool((np.abs(f(small)) < 10 * np.abs(small)).all()) and f(np.zeros((1, 1)))[0, 0] == 0
    assert vanishes == row.vanishing or not row.vanishing and row.name == "sign", f"{row.name}: write vanishing={vanishes}"


@pytest.mark.parametrize("row", [row for row in OPERATIONS if row.sign and " " not in row.arguments], ids=lambda row: row.head)
def test_signs_of_matrix_functions(row: Operation) -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        a = rng.normal(size=(3, 1) if row.arguments == "(n,1)" else (3, 3))
        a = np.abs(a) if row.sign in (ALIKE, SPARSE) else a
        assert (PLAIN[row.head](a) > 0).all() if row.sign in (POSITIVE, ALIKE) else (PLAIN[row.head](a) >= 0).all()


@pytest.mark.parametrize("row", ELEMENTWISE, ids=lambda row: row.name)
def test_where_it_is_zero_how_it_grows_and_what_its_square_is(row: Elementwise) -> None:
    f = PLAIN[row.name]
    at = np.array([t for t in np.linspace(-6, 6, 241) if all(INSIDE[k.kind](t, k.bound) for k in row.domain if not k.of)])
    values = f(at[:, None])[:, 0]
    if row.name in NONZERO_WHERE:
        there = np.array([all(INSIDE[k.kind](t, k.bound) for k in NONZERO_WHERE[row.name]) for t in at])
        assert ((values != 0) == there).all()
    if row.through is not None:
        assert f(np.array([[row.through[0]]], float))[0, 0] == row.through[1] and (np.diff(values) > 0).all()
    if row.degree is not None:
        assert np.allclose(f(3 * at[:, None])[:, 0], 3 ** float(row.degree) * values)
    assert row.root == np.allclose(values ** 2, at)


@pytest.mark.parametrize("row", OPERATIONS, ids=lambda row: row.head)
def test_where_a_matrix_function_is_zero_definite_or_has_an_inverse(row: Operation) -> None:
    rng, f = np.random.default_rng(4), PLAIN.get(row.head)
    for _ in range(5):
        a = rng.normal(size=(3, 1) if row.arguments == "(n,1)" else (3, 3))
        if row.nonzero:
            assert np.abs(f(a)).min() > 0 and not np.abs(f(0 * a)).any()
            singular = a.copy()
            singular[:, 0] = 0
            assert (np.abs(f(singular)).min() > 0) == (row.nonzero == NONZERO)
        if row.degree is not None:
            assert np.allclose(f(3 * a), 3 ** row.degree * f(a))
        assert not row.even or np.allclose(f(-a), f(a))
        if row.root:
            assert np.allclose(f(a @ a.T) @ f(a @ a.T), a @ a.T)
        if row.definite:
            positive = np.abs(a)
            assert HAS["definite"](f({"symmetric": a + a.T, "positive": positive}[row.definite]) if row.definite != "always" else f(a))
        if not isinstance(row.invertible, bool):
            broken = a.copy()
            broken[0] = 0
            assert row.invertible == APART and HAS["invertible"](f(a)) and not HAS["invertible"](f(broken))


HAS = {"symmetric": lambda v: np.allclose(v, v.T), "definite": lambda v: np.allclose(v, v.T) and np.linalg.eigvalsh(v).min() > 1e-9,
       "invertible": lambda v: np.linalg.matrix_rank(v, 1e-7) == len(v), "apart": lambda v: np.abs(v).min() > 1e-9,
       "triangular": lambda v: np.allclose(v, np.triu(v))}
WITH_SIGNS = {"+": "A + B", "*": "A*B", ".*": "A.*B", "^": "A^3", ".^": "A.^3", "'": "A'", "unvec": "unvec(vec(A), n, n)",
              "kron": "kron(A, B)"}


@pytest.mark.parametrize(("word", "head"), [(word, head) for word, heads in KEEPS.items() for head in sorted(heads)])
def test_what_an_operation_keeps(word: str, head: str) -> None:
    """With the word for the arguments the value has it; without it for one of them the value is not apart, not invertible."""
    rng = np.random.default_rng(5)
    e = parse(WITH_SIGNS.get(head, f"{SPELLING.get(head, head)}(A)"), ["A in R^(n,n)", "B in R^(n,n)"])
    for k in range(20):
        values = [rng.uniform(0.1, 0.9, (3, 3)) for _ in "AB"]
        if word == "definite" or head in ROOTED:
            values = [(v @ v.T + np.eye(3))/9 for v in values]
        elif word == "symmetric" or head in MIRRORED:
            values = [(v + v.T)/2 for v in values]
        elif word == "triangular":
            values = [np.triu(v) for v in values]
        at = dict(zip(sorted((n for n in e.names if n.kind == "variable"), key=str), values, strict=False))
        assert HAS[word](Reference(at, {"n": 3})(e)), (e, values)
        first = next(iter(at))
        if word == "apart":
            at[first][1, k % 3] = 0
        elif word == "invertible" and head not in ("inv", "sqrtm"):        # which the reference has of what is invertible only
            at[first] = at[first][:, :1] @ at[first][:, :1].T
        else:
            continue
        assert not HAS[word](Reference(at, {"n": 3})(e)), (e, at)


@pytest.mark.parametrize("head", sorted(OF_DEFINITE))
def test_of_a_definite_matrix_it_is_positive(head: str) -> None:
    rng = np.random.default_rng(6)
    for _ in range(20):
        a = rng.normal(size=(3, 3))
        assert (PLAIN[head](a @ a.T) > 0).all()
        assert (PLAIN[head](a[:, :2] @ a[:, :2].T) >= -1e-12).all()


def planted(tmp_path: Path, path: str, old: str, new: str) -> str:
    """What the command says in a copy with a changed row."""
    assert old in (PACKAGE / path).read_text("utf-8")
    env = changed_copy(tmp_path, {path: lambda text: text.replace(old, new, 1)})
    asked = ["derive", "sum(silu(x)) + sum(mean(x)*x)", "--wrt", "x"]
    done = subprocess.run([sys.executable, "-P", "-m", "matcalc", *asked], cwd=tmp_path, env=env, capture_output=True, text=True,
                          check=False)
    return done.stderr if done.returncode else ""


@pytest.mark.thin(8)
@pytest.mark.parametrize(("path", "old", "new", "said"), [
    ("language/operations.py", 'law="t*sigmoid(t)"', 'law="t*silu(t)"', "silu: its law refers back to itself"),
    ("language/operations.py", 'law="t*sigmoid(t)"', 'law="t*sigmoidd(t)"',
     "the row silu of the operation table: unknown"),
    ("language/operations.py", 'law="t*sigmoid(t)"', 'law="t*sigmoid(t) + 1/t"',
     "the row silu of the operation table: t*sigmoid(t) + 1/t asks for t != 0, and the column domain does not"),
    ("language/operations.py", 'law="t*sigmoid(t)"', 'law="t*sigmoid(t) + abs(t)"',
     "the row silu of the operation table: t*sigmoid(t) + abs(t) asks for t != 0, and the column edges does not"),
    ("language/operations.py", 'Elementwise("silu", "sigmoid(t) + t*sigmoid(t)*(1 - sigmoid(t))", ', 'Elementwise("silu", ',
     "silu: a row begins with a name of letters and digits and the derivative in t"),
    ("language/operations.py", 'values=UNIT_RANGE', "values=(-1, 1)", "tanh: values are a Range(least, most), not (-1, 1)"),
    ("proof/at_points/ring.py", '"exp": lambda r, u, value: value, ', "", "the table of slopes at points has nothing for exp"),
    ("proof/all_sizes/derivatives.py", '"exp": lambda alg, head, own, t: alg.atom(head, own),', "",
     "the judge for every size has no slope of exp"),
    ("rulebook/differentials.py", '"d(kron(A, B)) =', '"d(A.*B) =', "the table of differentials has nothing for kron"),
    ("language/operations.py", 'Elementwise("silu"', 'Elementwise("tanh"', "tanh: two operations with this name"),
    ("language/operations.py", 'Elementwise("silu"', 'Elementwise("sum"', "sum: two operations with this name"),
    ("language/operations.py", 'law="t*sigmoid(t)", sign=ALIKE', 'law="t*sigmoid(t)", sign="postive"',
     "silu: no sign is called 'postive'"),
    ("language/operations.py", 'code="_sigmoid", torch', "torch",
     "sigmoid: torch and jax stand beside code, numpy's spelling"),
    ("language/operations.py", 'keeps=("definite", "invertible", "triangular"), code="_adj"', 'keeps=("defnite",), code="_adj"',
     "adj: no property to keep is called 'defnite'"),
    ("language/operations.py", 'requires="spd", of_number', 'requires="sdp", of_number', "sqrtm: no structure is called 'sdp'"),
    ("language/operations.py", '"(m*p,n*q)"', '"(m*p,n*r)"', "kron: no argument has the size r that its result has"),
    ("language/operations.py", '"sigmoid(t) + t*sigmoid(t)*(1 - sigmoid(t))"', '"sigmoid(u)"', "the rule d.silu: unknown name u"),
    ("language/composites.py", '"mean(A) = sum(A)/(m*n)"', '"mean(A) = sum(A)/sum(ones(k))"',
     "mean: its law uses k, which is neither an argument nor the size of one"),
    ("language/composites.py", '"mean(A) = sum(A)/(m*n)"', '"mean(A) = sum(mean(A))/m"',
     "mean: its law uses mean, which must be defined in a row above it"),
    ("language/composites.py", 'Composite("mean"', 'Composite("colsum"', "colsum: another operation or definition has this name"),
    ("language/composites.py", '"mean(A) = sum(A)/(m*n)"', '"men(A) = sum(A)/(m*n)"', "mean: its law is written mean(A) = ...")])
def test_a_slip_in_a_row_is_named(path: str, old: str, new: str, said: str, tmp_path: Path) -> None:
    found = planted(tmp_path, path, old, new)
    assert found.startswith(f"matcalc: {said}") and "Traceback" not in found
