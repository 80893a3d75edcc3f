"""False equations that hold nearly everywhere a judge would look: at small sizes, on one side of a kink, to a hundred digits, on one
branch of what is assumed, for some functions. Each is false by the way it is made."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from random import Random
from typing import NamedTuple

MATRICES = {"A in R^(n,n)": ("A", "A*A", "A*B", "A+B", "A'*B", "A*A'", "A-B'"), "A in R^(n,n) symmetric": ("A", "A*A", "A+B'*B", "A*B"),
            "A in R^(n,n) spd": ("A", "A*B", "inv(A)", "A+B*B'"), "A in R^(m,n)": ("A*A'", "A'*A"),
            "A in R^(n,n) diagonal": ("A", "A*A+A"), "A in R^(n,n) lower": ("A", "A+A*A"), "A in R^(n,n) skew": ("A*A", "A*A+A*A*A*A")}
VECTORS = ("x", "x.*y", "x+2*y", "x.^2", "A*x", "diagonal(A)")
SMOOTH = ("sin(c)", "exp(c)", "cos(d)*c", "tanh(c)", "c^2 + 1", "1/(1+c^2)", "exp(c)*d", "sqrt(1+d^2)", "log(2+c^2)", "arctan(c)", "1")
TRUE = (("exp(c)*exp(d)", "exp(c+d)"), ("sin(c)^2 + cos(c)^2", "1"), ("tanh(c)", "2*sigmoid(2*c) - 1"), ("log(1+c^2)", "log(c^2+1)"),
        ("sigmoid(c)", "1 - sigmoid(-c)"), ("softplus(c)", "c + softplus(-c)"), ("sqrt(c^2)", "abs(c)"), ("cosh(c)", "(exp(c)+exp(-c))/2"),
        ("sin(c+d)", "sin(c)*cos(d) + cos(c)*sin(d)"), ("erf(c)", "-erf(-c)"), ("relu(c) - relu(-c)", "c"), ("exp(log(1+c^2))", "c^2 + 1"))
ONES = ("sigmoid({u})", "tanh({u})", "erf({u})", "1/(1+exp(-({u})))", "1 - exp(-({u}))", "2/pi*arctan(10^30*({u}))", "exp(-exp(-({u})))",
        "1 + log(1+exp(-({u})))", "softplus({u}) - ({u}) + 1", "sqrt(1 + exp(-({u})))", "cos(exp(-({u})))", "1 + relu(exp(-({u})))")


class Edge(NamedTuple):
    """A false equation, and what is given."""

    family: str
    left: str
    right: str
    declare: tuple[str, ...] = ("c in R", "d in R")
    define: tuple[str, ...] = ()
    assume: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "; ".join((*self.declare, *self.define, *self.assume, f"{self.left} == {self.right}"))


def elementary(power_sums: list[str], k: int) -> str:
    """The elementary symmetric function of degree k, by Newton's identities: zero where there are fewer than k roots."""
    if not k:
        return "1"
    terms = [f"{'-' if i % 2 else ''}({elementary(power_sums, k - 1 - i)})*{power_sums[i]}" for i in range(k)]
    return f"({' + '.join(terms)})/{k}"


def _declared(shape: str) -> tuple[str, ...]:
    return (shape, "B in R^(n,n)", "x in R^n", "y in R^n")


def roots(rng: Random) -> Edge:
    """A matrix or a vector has fewer roots than k, for small sizes only."""
    shape = rng.choice(list(MATRICES))
    u, k = rng.choice(MATRICES[shape]), rng.randrange(2, 5)
    if rng.random() < 0.3:
        u, shape = rng.choice(VECTORS), "A in R^(n,n)"
        return Edge("fewer entries", elementary([f"sum(({u}).^{i + 1})" for i in range(k)], k), "0", _declared(shape))
    sums = [f"tr(({u})^{i + 1})" for i in range(k)]
    if "skew" in shape or "A*A'" in u or "A'*A" in u or rng.random() < 0.6:
        return Edge("fewer roots", elementary(sums, k), "0", _declared(shape))
    terms = [f"{'-' if i % 2 else ''}({elementary(sums, i)})*({u})^{k - i}" for i in range(k)]
    n = "m" if u.startswith("A*A'") else "n"
    return Edge("equation of degree k", f"{' + '.join(terms)} + {'-' if k % 2 else ''}({elementary(sums, k)})*eye({n})", f"zeros({n},{n})",
                _declared(shape))


def determinants(rng: Random) -> Edge:
    """A determinant as a polynomial of a degree."""
    shape, k = rng.choice(("A in R^(n,n)", "A in R^(n,n) skew", "A in R^(n,n) symmetric", "A in R^(n,n) orthogonal")), rng.randrange(1, 5)
    sums = [f"tr(A^{i + 1})" for i in range(k)]
    if "orthogonal" in shape:
        i = rng.randrange(k + 1)
        return Edge("one size", elementary(sums, i), f"det(A)*({elementary(sums, k - i)})", _declared(shape)) if 2 * i != k else \
            Edge("one size", "det(A)", "1", _declared(shape))
    if rng.random() < 0.5:
        return Edge("degree of det", "det(eye(n)+A)", " + ".join(elementary(sums, i) for i in range(k + 1)), _declared(shape))
    return Edge("degree of det", "det(A)", elementary(sums, k), _declared(shape))


def sizes(rng: Random) -> Edge:
    """A polynomial in the sizes."""
    zeros = "*".join(f"(n-{k})" for k in rng.sample(range(1, 8), rng.randrange(2, 6)))
    u = rng.choice(("sum(x)", "tr(A)", "x'*A*y", "sum(A.*B)", "norm2(x)^2", "det(A)"))
    return Edge("roots in a size", f"{zeros}*{u}", "0", _declared("A in R^(n,n)"))


def digits(rng: Random) -> Edge:
    """A true equation but for a tiny term."""
    left, right = rng.choice(TRUE)
    g, k = rng.choice(SMOOTH), rng.choice((12, 25, 35, 45, 60, 90, 150, 250))
    if rng.random() < 0.3:
        return Edge("a tiny shift", left, f"({right})*(1 + 1e-{k}*({g}))")
    return Edge("a tiny term", left, f"{right} + 1e-{k}*({g})")


def saturated(rng: Random) -> Edge:
    """1 but for what no float shows."""
    b, u = rng.choice((15, 25, 40, 100, 300, 600)), rng.choice(("c", "c^2", "sin(c)", "2*c+d"))
    left = rng.choice(ONES).format(u=f"{u} + {b}")
    return Edge("saturated", left, "1") if rng.random() < 0.7 else Edge("saturated", "z", "1", define=(f"z = {left}",))


def kinks(rng: Random) -> Edge:
    """Zero but in a window."""
    a, k = rng.choice((0, 3, -7, 0.5, 250)), rng.choice((1, 3, 5, 8, 12, 20))
    u = rng.choice(("c", "c - d", "c + 2*d", "c^3"))
    low, high = f"{u} - {a}", f"{a} + 1e-{k} - ({u})"
    form = rng.randrange(4)
    if form == 0:
        return Edge("a window", f"relu({low})*relu({high})", "0")
    if form == 1:
        return Edge("a window", "relu(p)*relu(q)", "0", define=(f"p = {low}", f"q = {high}"))
    if form == 2:
        return Edge("a window", f"abs({low}) + abs({high})", f"abs({low} - ({high}))")
    return Edge("a window", f"relu(1e-{k} - abs({low}))", "0")


def branches(rng: Random) -> Edge:
    """One solution of several."""
    a, b = rng.sample(("d", "-d", "2*d", "0", "d^2", "1", "d + 1", "-3"), 2)
    return Edge("branches", "c", b, assume=(f"(c - ({a}))*(c - ({b})) = 0",))


def functions(rng: Random) -> Edge:
    """What some functions do."""
    k, declare = rng.randrange(2, 6), ("c in R", "d in R", "f: R -> R")
    binomial = [1]
    for _ in range(k):
        binomial = [1, *(a + b for a, b in pairwise(binomial)), 1]
    return Edge("functions", *rng.choice((
        (" + ".join(f"{(-1) ** i * b}*f(c+{i})" for i, b in enumerate(binomial)), "0"), ("f" + "'" * k + "(c)", "0"), ("f(-c)", "f(c)"),
        ("f(c+d)", "f(c) + f'(c)*d"), ("abs(f(c))", "f(c)"), (f"f(c + 1e-{10 * k})", "f(c)"), ("f(f(c))", f"{k}*f(c)"))), declare)


def domains(rng: Random) -> Edge:
    """True on one side of zero."""
    u = rng.choice(("c", "c - d", "sin(c)", "c^3", "c*d", "exp(c) - 2", "c - 40"))
    return Edge("domains", *rng.choice(((f"sqrt(({u})^2)", u), (f"abs({u})", u), (f"log(({u})^2)", f"2*log({u})"), (f"sign({u})", "1"),
                                        (f"({u})*sign({u})", u), (f"relu({u})", u), (f"sqrt(({u})^4)", f"({u})*abs({u})"),
                                        (f"arctan(1/({u}))", f"pi/2 - arctan({u})"))))


FAMILIES: tuple[Callable[[Random], Edge], ...] = (roots, determinants, sizes, digits, saturated, kinks, branches, functions, domains)


def edges(count: int, seed: str) -> list[Edge]:
    """So many, of all families in turn, none twice."""
    rng, out = Random(seed), {}
    while len(out) < count:
        e = FAMILIES[len(out) % len(FAMILIES)](rng)
        if str(e) not in out or rng.random() < 0.05:
            out[str(e) if str(e) not in out else f"{e} {len(out)}"] = e
    return list(out.values())
