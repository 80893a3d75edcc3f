"""An operation is a row: what is added to the table, to the definitions or to the rules, everything else finds there."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from matcalc.reading.laws import written_out
from matcalc.language.operations import ELEMENTWISE, HEADS, complete
from matcalc.reading.parse import parse

PACKAGE = Path(__file__).parent.parent.parent / "matcalc"
CONTRIBUTING = (PACKAGE.parent / "CONTRIBUTING.md").read_text("utf-8")
FUNCTION, DEFINITION, RULE = (next(line for line in CONTRIBUTING.splitlines() if line.startswith(f"{row}("))
                              for row in ("Elementwise", "Composite", "Rule"))
USED = """
import matcalc as mc
from matcalc.language.composites import BY_NAME
from matcalc.rules.book import RULES
for expr, wrt, declare in (("sum(bent(A*x))", "x", ["A in R^(m,n)", "x in R^n"]), ("bent(c)", "c", ["c in R"]),
                           ("a'*colvar(X)", "X", ["X in R^(m,n)", "a in R^n"])):
    d = mc.derive(expr, wrt, declare)
    assert d.verdict.kind == "proved", d.verdict
    assert d.latex() and all(map(d.source, ("numpy", "torch", "jax", "sympy")))
assert mc.prove("bent(x) == x + sqrt(x.^2 + 1) - 1", ["x in R^n"]).kind == "proved"
assert mc.prove("bent(x) == x + sqrt(x.^2 + 1)", ["x in R^n"]).kind == "refuted"
assert "d.bent" in RULES and "tidy.trace-of-ones" in RULES and "colvar" in BY_NAME
import numpy as np
scope = {}
exec(mc.derive("sum(bent(x))", "x", ["x in R^n"]).numpy(), scope)
x = np.array([-2.0, 0.5, 3.0])
assert np.allclose(scope["grad"](x), 1 + x/np.sqrt(x**2 + 1))
"""


@pytest.mark.slow
def test_a_row_is_enough(tmp_path: Path) -> None:
    copy = tmp_path / "matcalc"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for path, before, row in (("language/operations.py", ")\n\n\nclass Operation", FUNCTION),
                              ("language/composites.py", ")\nBY_NAME =", DEFINITION),
                              ("rules/algebra.py", "    Rule(\"tidy.inner-power\"", RULE)):
        text = (copy / path).read_text("utf-8")
        assert text.count(before) == 1, path
        (copy / path).write_text(text.replace(before, f"    {row}\n{before}"), encoding="utf-8")
    done = subprocess.run([sys.executable, "-P", "-c", USED], cwd=tmp_path, env={"PYTHONPATH": str(tmp_path), "PATH": ""},
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_is_missing_is_named() -> None:
    with pytest.raises(LookupError, match="^the judge at points has nothing for tanh: give it a law, or a row there$"):
        complete("the judge at points", {row.name for row in ELEMENTWISE if row.name != "tanh"},
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
