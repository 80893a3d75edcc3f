"""Random well-typed texts with much that cancels: x./x, inv(S)*S, sqrt(t)^2, nested signs and transposes, powers of powers."""

from __future__ import annotations

import random

from tests.deriving.random_problems import DECLARE, FORMS, NAMES
from tests.random_expressions import COMMON, Grammar, Random

DECLARED = [*DECLARE, "z in R^(1,1)", "r in R^(1,n)", "q in R^1", "a in R", "D in R^(n,n) diagonal", "Q in R^(n,n) orthogonal"]
MORE = """
11 | a  z  q  1  0  n  pi
nn | D  Q  eye(n)  B  B'
n1 | r'  zeros(n)  ones(n)
mn | zeros(m,n)
@t | t  (c^2 + 1)  c  sum(w)  det(S)  (a*c)  (x'*y)
"""

# Another way to say E, or nearly, for every shape: T is a scalar that is mostly not 0, F a random one.
LONGER = {"11": """
E*T/T   T*E/T   -(-E)   -(+(-E))   1*E   E*1/1   --E   E*z   q*E   2*E*0.5   E*sqrt(t)^2/t   (F)*E*a   (F)*E/(F)   E-E+E
0*E+E   (-1)*E*(-1)
E-((F)*E-(F)*E)   exp(log(T))*E   (E*(c))*((a)*t)   -E*-1   E*T^0
E^1   (E^2)^0.5   E^0   (E^2)^1.5   E/E   (E^-1)^-1   1/(1/E)   t^E*t^-E   tr(E)   sqrt(E^2)   sqrt(E)^2   log(exp(E))   (t^0.5)^2*E   E^2/E
(E^3)^2   E+0   sum(E*w)/sum(w)   E*x'*y   x'*E*y   x'*y*E   inv(E)   det(E*eye(n))   (E+x'*x)/(x'*x)   norm2(E)^2   abs(abs(E))   E'   E''
logdet(E*S)   tan(E)*cos(E)   arcsin(sin(E))   E^2^3   (-E)^2   (-E)^3   sign(E)*abs(E)   sum(p)*E   0/E   E^-2*E^2""", "n1": """
E.*w./w   inv(S)*S*E   S*inv(S)*E   S*(inv(S)*E)   eye(n)*E   E./E   E+zeros(n)   ones(n).*E   sqrt(E.^2)   sqrt(E).^2   (E.^2).^0.5
diag(diag(E))   diag(E)*ones(n)   1./(1./E)   E.*(1./E)   Q'*Q*E   Q*Q'*E   inv(D)*D*E   unvec(E,n,1)   vec(E)   vec(E')   inv(inv(S))*E
(E'*S*inv(S))'   E.^1   E.^0   E*x'*x/(x'*x)   log(exp(E))   exp(log(E))   w.^2.^0.5.*E   (w.^c).^2.*E   E*r*r'   rowsum(diag(E))
S^-1*S*E   sum(p)*E   adj(B)*B*E   arcsin(sin(E))   colsum(E')   sign(E).*abs(E)   (-E).^2   E''   (E')'   T*E/T   E*T
(F)*E*(a)""", "m1": """
eye(m)*E   E./E   (E'*eye(m))'   E+zeros(m)   diag(E)*ones(m)   (E-E).*u   E.^2.^0.5   -(-E)   T*E/T   E''   sqrt(E).^2
1./(1./E)""", "mn": """
E*S*inv(S)   E*eye(n)   eye(m)*E   E.*ones(m,n)   (E'*eye(m))'   E+zeros(m,n)   E./E   unvec(vec(E),m,n)   E*Q*Q'   E*inv(inv(S))
(inv(S)*E')'   E*S^2*S^-2   (E.^2).^0.5   1./(1./E)   sqrt(E).^2   diag(ones(m))*E   (S'*E')'   E.*X./X   E.*A.*(1./A)   E''   T*E/T
unvec(comm(n,m)*vec(E'),m,n)   (T*E)*(a)   z*E*q   -(-E)""", "nn": """
inv(inv(E))   inv(E)*E   E*inv(E)   E^1   E^0   (E^2)^1   (E^-1)^-1   E^2*E^-1   (E^2)^2   S*inv(S)*E   inv(S)*E*S   (E'*B')'   (inv(S)*E)'
E+zeros(n,n)   eye(n)*E*eye(n)   Q'*E*Q   Q'*Q*E   E*D*inv(D)   diag(diag(E))   inv(E')'   E.*E./E   adj(E)*E   K*E+K'*E   inv(t*E)   (c*E)'
(E*E)^-1   (E*B)'   (E*x)*(y'*B)   (E+E')'   T*E/T   (T*E)'*a   E^-1*B*E   -(-E)   E''""",
          "nm": "E''   -(-E)   T*E/T", "mm": "E''   eye(m)*E   -(-E)"}


def way(row: str) -> str:
    """A row as a grammar has it: the same T and F wherever they stand."""
    out, known = "", dict[str, int]()
    for c in row:
        out += f"{{#{known[c]}}}" if c in known else {"E": "{=}", "T": "{@t}", "F": "{11:1}"}.get(c, c)
        if c in "ETF":
            known.setdefault(c, len(known))
    return out


ROWS = "\n".join(f"{shape} | " + "  ".join(map(way, rows.split())) for shape, rows in LONGER.items())


def redundant(rate: float) -> Grammar:
    """Expressions of which so many are said in a longer way."""
    return Grammar(NAMES + MORE, COMMON + FORMS, "m n", longer=ROWS, rate=rate)


def text(rng: random.Random, rate: float = 0.35) -> str:
    """A random text."""
    return Random(redundant(rate), rng).text(rng.choice(["11", "11", "n1", "m1", "mn", "nn", "nn"]), rng.choice([1, 2, 2, 3]))
