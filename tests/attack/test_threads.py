"""Several threads at once get the answers that one gets: there is one node for each expression."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

import matcalc as mc
from matcalc.language.expr import Expr
from matcalc.reading.parse import parse

THREADS = 8
FORMS = ("x{0}'*A*x{0} + {0}*c", "sum(exp(x{0})).^2", "(A*A' + {0}*eye(n))*x{0}", "tr(A)^{0}")


@pytest.fixture(autouse=True)
def nervous() -> Iterator[None]:
    """Threads that give way at every chance."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_there_is_one_node_for_each_expression() -> None:
    """Threads that make the same expressions at the same time hold the same ones."""
    start = Barrier(THREADS)

    def build(_: int) -> list[Expr]:
        start.wait()
        return [parse(form.format(k), [f"x{k} in R^n", "A in R^(n,n)", "c in R"]) for k in range(2, 60) for form in FORMS]
    with ThreadPoolExecutor(THREADS) as pool:
        for _ in range(3):
            made = list(pool.map(build, range(THREADS)))
            assert all(e.names and e is first for others in made[1:] for e, first in zip(others, made[0], strict=True))


@pytest.mark.slow
def test_threads_get_the_same_answers() -> None:
    def ask(k: int) -> str:
        if k % 2:
            return mc.prove(f"tr(A*B{k}) == tr(B{k}*A)", [f"A, B{k} in R^(n,n)"]).kind
        return str(mc.derive(f"x{k}'*A*x{k} + norm2(x{k})", f"x{k}").result).replace(f"x{k}", "x")
    with ThreadPoolExecutor(THREADS) as pool:
        assert set(pool.map(ask, range(48))) == {"(A + A')*x + x/norm2(x)", "proved"}
