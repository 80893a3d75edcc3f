"""The grammar as a lark file and the Pratt parser agree on what is an expression, line by line."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from lark import Lark
from lark.exceptions import LarkError

from matcalc.reading.grammar.reader import Reader
from matcalc.language.shape import InputError
from matcalc.reading.grammar.tokens import Line
from tests.mutations import character

HERE = Path(__file__).parent
FUNCTIONS = frozenset({"f", "g", "h", "y", "z", "u", "v", "s", "r"})
GOOD = [
    "x'*A*x", "-x^2", "--x", "+x", "2.*x", "2 .* x", "x.^-2", "x^-1", "A'^2", "(A*B)'", "a - -b", "1e-3*x", ".5*x", "x./y./z",
    "f'(x)", "f''(x)", "grad(g)(x)", "hess(g)(x)'", "jac(h)(A*x)", "diag(s) - s*s'", "ones(m,n)", "sum(x)/n", "((x))",
    "kron(A', B)", "x'", "x''", "2/3*x", "-(-x)", "x^2^3", "a*-b", "a/-b", "tr(A*B')", "d(f(x))/d(x)", "pi", "x_1 + x1",
    "norm2(A*x - y)^2", "2*x'*x/3*2", "x.*-y", "x^(a + b)", "x.^(y + z)", "unvec(x, m, n)", "λ + 1", "f(f(x))", "- x + y",
    "x ⊗ y*z", "ones(n+1, 2*m)", "eye(n^2)", "zeros((m+n)*k)", "comm(m, n)*vec(A)", "unvec(vec(A)', m, n)", "2.*x + 2. + 2.e3",
    "x.^-y'", "c^-1*x", "x^+2", "((a + b)*(c - d))'", "A'*B'*C''", "x'.*y'", "1./x", "f'(x)'*y", "grad(g)(x)*x'", "f + f'",
    "hess(g)(A*x + b)^2", "eye*x", "vector(1) + x", "d(x'*A*x)/d(x)", "sum(x)", "exp(x, y)", "ones()", "foo(x)",
    "unit(i)'*x", "unit(n+1, n+1)", "select(2, m, m+n)*A", "vstack(A, B)", "hstack(x, A', -B)'", "vstack()", "unit()",
]
BAD = [
    "", "   ", "x+", "*x", "(x", "x)", "x y", "2 x", "x 2", "A x", "x..y", "x,y", "f(", "f)", "()", "x^", "x.^", "^2", "'x",
    "x = y", "x == y", "x; y", "x[1]", "{x}", "x!", "x@y", "x**y", "x//y", "x.y", "x &", "#", "x $ y", "a ? b", "1.2.3",
    "x'y", "(x)(y)", "2(x)", "x+*y", "x*/y", "sin(x", "sin x", "sum(,x)", "sum(x,)", "sum(x,,y)", "1e", "1e+", "2x", "x^^2",
    "x~", "x%2", "x|y", "\"x\"", "x\\y", "x<y", "x>y", "x:y", ",", ".", ".*", "./", ".^", "-", "+", "*", "/", "x ' y", "(,)",
    "x)(", "((x)", "(x))", "x'(", "x()y", "3.x", "x .", "..5", "a+(b", "a)+b", "tr(A B)", "A B'", "1 2", "(1)(2)", "x\x00",
    "ones(n-1)", "ones(0)", "eye(-n)", "ones(n')", "ones(2n)", "zeros(n, )", "comm(1.5, n)", "unvec(x, m)", "unvec(x)", "unvec(x, m, n, k)",
    "grad(x + y)(x)", "grad(g)", "grad(g)*x", "jac(h)'(x)", "hess()(x)", "x ⊗", "⊗ x", "x'(y)", "f'(", "1.2e", "0x1F", "x''y", "2.'x",
    "A.'", "x..*y", "x.^*y", "eye(n^0)", "eye(n^m)", "ones((n)", "λλ λ",
    "unit(x')", "vstack(A; B)", "hstack(A,)", "unit(-1, n)",
]


@pytest.fixture(scope="module")
def oracle() -> Any:
    return Lark((HERE / "grammar.lark").read_text(encoding="utf-8"), parser="earley", ambiguity="resolve", maybe_placeholders=False)


def pratt(text: str) -> bool:
    try:
        Reader(Line(text), FUNCTIONS).syntax()
    except InputError:
        return False
    return True


def grammar(oracle: Any, text: str) -> bool:
    try:
        oracle.parse(text)
    except LarkError:
        return False
    return True


def published() -> list[str]:
    cases = [json.loads(line) for line in (HERE.parent / "acceptance" / "cases.jsonl").read_text(encoding="utf-8").splitlines()]
    lines = {c["expr"] for c in cases} | {c["expected"] for c in cases if c["expected"]}
    return sorted(t for t in lines if len(t) < 60)[:320]


def broken() -> list[str]:
    """One character taken from or put into a good line."""
    rng = random.Random(7)
    out = []
    for text in GOOD:
        for _ in range(8):
            out.append(character(text, rng))
    return out


@pytest.mark.thin(8)
@pytest.mark.parametrize("part", range(8))
def test_good_lines_are_accepted_by_both(part: int, oracle: Any) -> None:
    lines = GOOD + published()
    assert len(lines) >= 300
    for text in lines[part::8]:
        assert pratt(text), text
        assert grammar(oracle, text), text


@pytest.mark.thin(4)
@pytest.mark.parametrize("part", range(4))
def test_bad_lines_are_refused_by_both(part: int, oracle: Any) -> None:
    odd = [t for t in broken() if not pratt(t)]
    lines = BAD + odd
    assert len(lines) >= 100
    for text in lines[part::4]:
        assert not pratt(text), text
        assert not grammar(oracle, text), text


@pytest.mark.thin(4)
@pytest.mark.parametrize("part", range(4))
def test_broken_lines_agree(part: int, oracle: Any) -> None:
    for text in broken()[part::4]:
        assert pratt(text) == grammar(oracle, text), text
