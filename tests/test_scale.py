"""What grows with the problem grows no faster than it must."""

import subprocess
import sys
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from matcalc.api import derive
from matcalc.codegen import numpy
from matcalc.deriving import engine
from matcalc.language.existence import existence_conditions
from matcalc.reading.parse import problem
from matcalc.proof.at_points.field import Field
from matcalc.proof.at_points.jets import Jet, Singular
from matcalc.proof.at_points.reals import Reals
from matcalc.sheets.interface import check
from tests.work import calls

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("expr", "wrt", "declare", "kind"), [
    ("sum((A*x).^50)", "x", ["A in R^(m,n)", "x in R^n"], "proved"),
    ("sum((A*x).^50)", "A", ["A in R^(m,n)", "x in R^n"], "proved"),
    ("det(A)", "A", ["A in R^(40,40)"], "proved"),
    ("logdet(A)", "A", ["A in R^(40,40)"], "proved"),
])
def test_large_sizes_cost_no_more_than_small_ones(expr: str, wrt: str, declare: list[str], kind: str) -> None:
    assert calls(lambda: derive(expr, wrt, declare)) < 1_000_000
    assert derive(expr, wrt, declare).verdict.kind == kind


def test_definitions_are_read_and_looked_up_one_by_one() -> None:
    def read(count: int) -> int:
        p: list[Any] = []
        out = calls(lambda: p.append(problem(["x in R^n"], [f"y{k} = {k}*x" for k in range(count)], expr="x'*x", wrt="x")))
        return out + calls(lambda: engine.derive(p[0]))
    read(100)
    assert read(3200) < 6 * read(800)


def layers(count: int) -> str:
    """A sheet of layers whose shapes nobody declares."""
    back = [f"d(J)/d(a{k - 1}) = W{k}'*(d(J)/d(a{k}).*(1 - a{k}.^2))" for k in range(count, 1, -1)]
    return "\n".join(["a0 in R^n", "y in R^n", *(f"a{k} = tanh(W{k}*a{k - 1})" for k in range(1, count + 1)),
                      f"J = norm2(a{count} - y)^2", f"d(J)/d(a{count}) = 2*(a{count} - y)", *back])


@pytest.mark.parametrize("read", [
    lambda k: check(layers(k)),
    lambda k: check("Let " + ", ".join(f"$x_{{{i}}}$" for i in range(8 * k)) + " be vectors.\n$$f = x^T x$$\n"),
    lambda k: problem(expr="d log " * 8 * k + "x", wrt="x"),
])
def test_long_texts_are_read_in_linear_time(read: Callable[[int], object]) -> None:
    read(8)
    assert calls(lambda: read(32)) < 5 * calls(lambda: read(8))


SWEPT = """
import gc
from matcalc.api import gradients
from matcalc.reading.parse import problem
p = problem(["a0, y in R^n", "W{k} in R^(n,n) for k = 1..8"], ["a{k} = tanh(W{k}*a{k-1}) for k = 1..8"],
            expr="norm2(a8 - y)^2", several=["all"])
gradients(p)
gc.collect()
gc.disable()
gradients(p)
assert gc.collect() == 0 and not gc.isenabled()
"""


def test_a_sweep_leaves_nothing_to_the_garbage_collector() -> None:
    subprocess.run([sys.executable, "-c", SWEPT], check=True)          # no circles of other tests, and no threads'


def test_conditions_look_each_definition_up_a_few_times() -> None:
    class Counted(dict[Any, Any]):
        asked = 0

        def __getitem__(self, name: Any) -> Any:
            self.asked += 1
            return super().__getitem__(name)

    p = problem(["x in R^n"], ["y0 = x", *(f"y{k} = log(y{k - 1})" for k in range(1, 101))], expr="sum(y100)", wrt="x")
    definitions = Counted(p.definitions)
    assert len(existence_conditions((), definitions, (p.f,), p.wrt)) == 100
    assert definitions.asked < 2000


def test_code_for_a_long_chain_of_definitions() -> None:
    p = problem(["x0 in R^n"], [f"x{k + 1} = sin(x{k}) + a" for k in range(400)], expr="x400'*x400", wrt="x0")
    assert numpy.source(p, p.definitions[-1][0], []).count("\n") > 400


@pytest.mark.parametrize("ring", [Field, Reals])
def test_determinants_by_elimination_and_by_traces(ring: Any) -> None:
    r = ring(Random(3))
    for n in (2, 5, 7, 8):
        u = Jet(n, n, {k: [r.draw(0) for _ in range(n * n)] for k in range(4)})
        (det, inv), (other, adj) = r.det_and_inv(u), r.by_traces(u)
        for k in range(4):
            for a, b in zip((*det.parts[k], *r.had(det, inv).parts[k]), (*other.parts[k], *adj.parts[k]), strict=True):
                assert a == b if r.exact else a == pytest.approx(b, rel=1e-6, abs=1e-6 * abs(det.parts[0][0]))
    low = Jet(8, 8, {0: [r.number(1)] * 64})
    with pytest.raises(Singular):
        r.det_and_inv(low)
    assert not r.det_and_adj(low)[0].parts[0][0]
