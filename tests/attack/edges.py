"""False equations at the edges: kinks close together or far away, tiny and huge literals, saturation, identities of small sizes only.

A row has one hole for each number; how the hole is filled keeps the equation false.
"""

from __future__ import annotations

import random
from collections.abc import Callable

DECLARE = ["c in R", "x in R^n", "A in R^(n,n)", "K in R^(n,n) skew", "S in R^(n,n) symmetric",
           "Q in R^(n,n) orthogonal", "P in R^(n,n) spd"]
Drawn = Callable[[random.Random], str]


def _window(rng: random.Random) -> str:
    """A window, narrow and anywhere, in which nothing is zero."""
    low, wide = rng.randrange(-400, 400) / 100, rng.choice((1e-2, 1e-3, 1e-4))
    u = rng.choice(("c", "x'*x - 5", "sum(x)", "tr(A)", "2*c + 1"))
    body = f"relu({u} - ({low}))*relu({low + wide:.6f} - ({u}))"
    return rng.choice((f"{body} == 0", f"{rng.randrange(2, 9)}*{body} + c == c", f"d({body})/d(c) == 0" if "c" in u else f"{body} == 0*c"))


def _taylor(rng: random.Random) -> str:
    """A polynomial that a function of a tiny argument is very near to."""
    t = f"1e-{rng.randrange(3, 90)}*c"
    return rng.choice((f"sin({t}) == {t}", f"cos({t}) == 1", f"exp({t}) == 1 + {t}", f"tanh({t}) == {t}",
                       f"log(1 + ({t})^2) == ({t})^2", f"arctan({t}) == {t}", f"sigmoid({t}) == 1/2 + {t}/4",
                       f"softplus({t}) == log(2) + {t}/2"))


def _saturated(rng: random.Random) -> str:
    """A limit that is never reached."""
    u = rng.randrange(20, 400)
    return rng.choice((f"sigmoid(c^2 + {u}) == 1", f"exp(-c^2 - {u}) == 0", f"tanh(c^2 + {u % 60 + 5}) == 1",
                       f"log(1 + exp(-{u} - c^2)) == 0",
                       f"softplus(c^2 + {u}) == c^2 + {u}", f"sigmoid(-{u} - x'*x) == 0", f"arctan(c^2 + 1e{u % 30 + 5}) == pi/2"))


def _far_kink(rng: random.Random) -> str:
    """One side of a kink that lies far away."""
    u = f"1e{rng.randrange(3, 40)}"
    return rng.choice((f"abs(c + {u}) == c + {u}", f"relu(c - {u}) == 0", f"sign(c + {u}) == 1", f"sqrt((c - {u})^2) == {u} - c",
                       f"relu(x - {u}*ones(n)) == zeros(n)", f"sum(abs(x + {u}*ones(n))) == sum(x) + n*{u}"))


def _off(rng: random.Random) -> str:
    """A true equation, off by something tiny."""
    tiny = f"1e-{rng.randrange(10, 250)}"
    true = rng.choice(("sin(c)^2 + cos(c)^2 == 1", "exp(c)*exp(-c) == 1", "tr(A) == tr(A')", "x'*A*x == x'*A'*x", "exp(c) == exp(c)",
                       "tanh(c) == 2*sigmoid(2*c) - 1", "logdet(P) == logdet(P)", "sum(x) == ones(n)'*x"))
    return f"{true} + {tiny}" + rng.choice(("", "*c", "*exp(c)", "*sin(c)", "*c^2"))


def _small_sizes(rng: random.Random) -> str:
    """An identity of small sizes, in a product with something that is not zero."""
    by = rng.choice(("c", "sum(x)", "exp(c)", str(rng.randrange(2, 9))))
    left, right = rng.choice((
        ("K*K*K", "K*tr(K*K)/2"), ("tr(K*K*K*K)", "tr(K*K)^2/2"), ("det(K)", "0"), ("det(S)", "(tr(S)^2 - tr(S*S))/2"),
        ("adj(A)", "tr(A)*eye(n) - A"),
        ("det(A + eye(n))", "1 + tr(A) + det(A)"), ("A*A", "tr(A)*A - det(A)*eye(n)"), ("P*S", "S*P"), ("Q*Q", "eye(n)"), ("det(Q)", "1"),
        ("tr(Q)", "n"), ("x*x'", "x'*x*eye(n)"), ("sum(K*K*K*K)*sum(K*K)", "sum(K*K)*tr(K*K*K*K)"), ("det(A*S)", "det(A)*tr(S)"),
        ("det(2*A)", "2*det(A)"), ("inv(P + eye(n))", "inv(P) + eye(n)"), ("norm2(A*x)", "normF(A)*norm2(x)"),
        ("expm(A)*expm(S)", "expm(A + S)")))
    return f"{by}*({left}) == {by}*({right if right != '0' else '0*c'})"


KINDS: tuple[Drawn, ...] = (_window, _taylor, _saturated, _far_kink, _off, _small_sizes)


def false_equations(count: int, rng: random.Random) -> list[str]:
    """As many of each kind."""
    return [KINDS[k % len(KINDS)](rng) for k in range(count)]
