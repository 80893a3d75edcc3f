"""Random layered networks with an unwritten loss L, and their backward passes by the rules.

What is drawn are layers and what each gives back, no expressions: the grammar of random expressions has no say here.
"""

from __future__ import annotations

import random
import re
from typing import NamedTuple

from tests.attack.statements import Statement

SLOPES = {"tanh": "(1 - {y}.^2)", "sigmoid": "({y}.*(1 - {y}))", "exp": "{y}", "sin": "cos({x})", "softplus": "sigmoid({x})",
          "arctan": "(1./(1 + {x}.^2))", "erf": "(2*exp(-{x}.^2)/sqrt(pi))"}


class Claim(NamedTuple):
    """d(L)/d(of) == right."""

    of: str
    right: str

    def text(self) -> str:
        """As typed."""
        return f"d(L)/d({self.of}) == {self.right}"


class Network(NamedTuple):
    """Declarations, definitions and the claims of its backward pass."""

    declare: list[str]
    define: list[str]
    claims: list[Claim]

    def statement(self, claim: Claim) -> Statement:
        """A claim as a statement of which one can say whether it is false when it is edited."""
        shapes = {name: re.sub(r"\W", "", space) for name, space in (d.split(" in R^") for d in self.declare)}
        return Statement(shapes, self.define, "L", claim.of, claim.right, [])


def _at(name: str) -> str:
    return f"(d(L)/d({name}))"


def network(seed: int) -> Network:
    """Two to five definitions over a column or a matrix of rows."""
    rng = random.Random(seed)
    wide = rng.random() < 0.5
    sizes = iter("pqrstuv")
    size = next(sizes)
    here, square = ("X", True) if wide else ("x", True)
    declare = [f"X in R^(n,{size})"] if wide else [f"x in R^{size}"]
    define: list[str] = []
    back: dict[str, list[str]] = {}
    claims: list[Claim] = []
    for k in range(1, rng.randint(2, 5) + 1):
        name = f"{'Y' if wide else 'y'}{k}"
        g = _at(name)
        kind = rng.choice(["linear", "linear", "bias", "entrywise", "softmax", "residual", "gate", "attention"])
        if kind == "attention" and not wide:
            kind = "linear"
        if kind in ("linear", "bias"):
            square = rng.random() < 0.6
            new = size if square else next(sizes)
            W = f"W{k}"
            declare.append(f"{W} in R^({size},{new})" if wide else f"{W} in R^({new},{size})")
            body = f"{here}*{W}" if wide else f"{W}*{here}"
            if kind == "bias":
                declare.append(f"b{k} in R^{new}")
                body += f" + ones(n)*b{k}'" if wide else f" + b{k}"
                claims.append(Claim(f"b{k}", f"{g}'*ones(n)" if wide else g))
            claims.append(Claim(W, f"{here}'*{g}" if wide else f"{g}*{here}'"))
            back.setdefault(here, []).append(f"{g}*{W}'" if wide else f"{W}'*{g}")
            size = new
        elif kind == "entrywise":
            f = rng.choice(sorted(SLOPES))
            body = f"{f}({here})"
            back.setdefault(here, []).append(f"{SLOPES[f].format(x=here, y=name)}.*{g}")
        elif kind == "softmax":
            body = f"softmax({here})"
            inner = f"-diag(rowsum({name}.*{g}))*{name}" if wide else f"-{name}*({name}'*{g})"
            back.setdefault(here, []).extend([f"{name}.*{g}", inner])
        elif kind == "residual":
            V = f"V{k}"
            declare.append(f"{V} in R^({size},{size})")
            body = f"{here}*{V} + {here}" if wide else f"{V}*{here} + {here}"
            claims.append(Claim(V, f"{here}'*{g}" if wide else f"{g}*{here}'"))
            back.setdefault(here, []).extend([f"{g}*{V}'" if wide else f"{V}'*{g}", g])
        elif kind == "gate":
            c = f"C{k}" if wide else f"c{k}"
            declare.append(f"{c} in R^(n,{size})" if wide else f"{c} in R^{size}")
            body = f"{c}.*{here}"
            claims.append(Claim(c, f"{here}.*{g}"))
            back.setdefault(here, []).append(f"{c}.*{g}")
        else:
            K, new = f"K{k}", next(sizes)
            declare.append(f"{K} in R^({new},{size})")
            body = f"{here}*{K}'"
            claims.append(Claim(K, f"{g}'*{here}"))
            back.setdefault(here, []).append(f"{g}*{K}")
            size = new
        define.append(f"{name} = {body}")
        here = name
    claims += [Claim(of, " + ".join(terms)) for of, terms in back.items()]
    return Network(declare, define, claims)
