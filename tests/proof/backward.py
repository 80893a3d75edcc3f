"""Random layered networks with an unwritten loss L, their backward passes by the rules, and one slip in each."""

from __future__ import annotations

import random
from typing import NamedTuple

SLOPES = {"tanh": "(1 - {y}.^2)", "sigmoid": "({y}.*(1 - {y}))", "exp": "{y}", "sin": "cos({x})", "softplus": "sigmoid({x})",
          "arctan": "(1./(1 + {x}.^2))", "erf": "(2*exp(-{x}.^2)/sqrt(pi))"}


class Claim(NamedTuple):
    """d(L)/d(of) == terms, each a list of factors between which stands a sign: what a slip can be made in."""

    of: str
    terms: tuple[tuple[str, ...], ...]

    def text(self) -> str:
        """As typed."""
        return f"d(L)/d({self.of}) == " + " + ".join("".join(t) for t in self.terms)


class Network(NamedTuple):
    """Declarations, definitions and the claims of its backward pass."""

    declare: list[str]
    define: list[str]
    claims: list[Claim]


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
    back: dict[str, list[tuple[str, ...]]] = {}
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
                claims.append(Claim(f"b{k}", ((f"{g}'", "*", "ones(n)"),) if wide else ((g,),)))
            claims.append(Claim(W, ((f"{here}'", "*", g),) if wide else ((g, "*", f"{here}'"),)))
            back.setdefault(here, []).append((g, "*", f"{W}'") if wide else (f"{W}'", "*", g))
            size = new
        elif kind == "entrywise":
            f = rng.choice(sorted(SLOPES))
            body = f"{f}({here})"
            back.setdefault(here, []).append((SLOPES[f].format(x=here, y=name), ".*", g))
        elif kind == "softmax":
            body = f"softmax({here})"
            inner = ("-", f"diag(rowsum({name}.*{g}))", "*", name) if wide else ("-", name, "*", f"({name}'", "*", g, ")")
            back.setdefault(here, []).extend([(name, ".*", g), inner])
        elif kind == "residual":
            V = f"V{k}"
            declare.append(f"{V} in R^({size},{size})")
            body = f"{here}*{V} + {here}" if wide else f"{V}*{here} + {here}"
            claims.append(Claim(V, ((f"{here}'", "*", g),) if wide else ((g, "*", f"{here}'"),)))
            back.setdefault(here, []).extend([(g, "*", f"{V}'") if wide else (f"{V}'", "*", g), (g,)])
        elif kind == "gate":
            c = f"C{k}" if wide else f"c{k}"
            declare.append(f"{c} in R^(n,{size})" if wide else f"{c} in R^{size}")
            body = f"{c}.*{here}"
            claims.append(Claim(c, ((here, ".*", g),)))
            back.setdefault(here, []).append((c, ".*", g))
        else:
            K, new = f"K{k}", next(sizes)
            declare.append(f"{K} in R^({new},{size})")
            body = f"{here}*{K}'"
            claims.append(Claim(K, ((f"{g}'", "*", here),)))
            back.setdefault(here, []).append((g, "*", K))
            size = new
        define.append(f"{name} = {body}")
        here = name
    claims += [Claim(of, tuple(terms)) for of, terms in back.items()]
    return Network(declare, define, claims)


def slipped(claim: Claim, rng: random.Random) -> str:
    """The claim with one slip: a factor, a sign, a transpose too many or too few, an order, a term, a factor left out."""
    kinds = ["factor", "sign", "transpose", "order"]
    kinds += ["term"] * (len(claim.terms) > 1) + ["left out"] * any(len(t) > 1 for t in claim.terms)
    kind = rng.choice(kinds)
    terms = [list(t) for t in claim.terms]
    t = rng.choice(terms)
    if kind == "factor":
        return f"d(L)/d({claim.of}) == {rng.choice(['2', '17', '1/2', '-1'])}*({Claim('', claim.terms).text().split('== ')[1]})"
    if kind == "sign":
        t[:] = t[1:] if t[0] == "-" else ["-", *t]
    elif kind == "term":
        terms.remove(t)
    elif kind == "left out" and len(t) > 2 and t[-1] != ")":
        t[:] = t[:-2] if "L" in t[0] or t[1] not in ("*", ".*") else t[2:]
    elif kind == "order" and "*" in t and t[-1] != ")" and len(t) == 3:
        t[:] = [t[2], "*", t[0]]
    else:
        i = rng.choice([i for i, f in enumerate(t) if f not in ("-", "*", ".*", ")") and not f.startswith("diag(")])
        t[i] = t[i][:-1] if t[i].endswith("'") else t[i] + "'"
    return f"d(L)/d({claim.of}) == " + " + ".join("".join(t) for t in terms)
