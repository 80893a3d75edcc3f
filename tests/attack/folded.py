"""True equations in which something falls away: x./x, A*inv(A), sqrt(t)^2, and what must hold for it, if anything must."""

from __future__ import annotations

import random
from typing import NamedTuple

DECLARE = ["x in R^n", "y in R^n", "u in R^m", "w in R^n positive", "A in R^(n,n)", "B in R^(n,n)", "X in R^(m,n)", "S in R^(n,n) spd",
           "Q in R^(n,n) orthogonal", "a in R", "c in R", "t in R positive"]

# Shape; what is typed; what it is worth; `!` where it may fail, `!G` unless G is positive. E and F are of that shape, G is a scalar.
FOLDS = """
. | E/E | 1 | !
. | G*E/E | G | !
. | E*G/E | G | !
. | E^2/E | E | !
. | E/E^2 | 1/E | !
. | 1/(1/E) | E | !
. | (E^-1)^-1 | E | !
. | E^-1*E | 1 | !
. | E^-2*E^2 | 1 | !
. | sqrt(E)^2 | E | !
. | sqrt(E)*sqrt(E) | E | !
. | E^0.5*E^0.5 | E | !
. | exp(log(E)) | E | !
. | log(E) - log(E) | 0 | !
. | 0*log(E) | 0 | !
. | 0/E | 0 | !
. | (E + G)/E | 1 + G/E | !
. | tan(2*E)*cos(2*E) | sin(2*E) | !
. | sin(arcsin(E)) | E | !
. | cos(arccos(E)) | E | !
. | inv(E)*E | 1 | !
. | (x'*x)*G/(x'*x) | G | !
. | sum(x)*G/sum(x) | G | !
. | tr(A)*G/tr(A) | G | !
. | det(A)*det(inv(A))*G | G | !
. | logdet(A) + logdet(inv(A)) | 0 | !
. | G*det(A)/det(A) | G | !
. | tr(A*inv(A)) | n | !
. | x'*inv(A)*A*y | x'*y | !
. | sum(x./x) | n | !
. | sum(y.*x./x) | sum(y) | !
. | norm2(y)^2/norm2(y)^2 | 1 | !
. | norm2(y)/norm2(y)*G | G | !
. | log(exp(E)) | E |
. | sqrt(t)^2*G | G*t |
. | t*G/t | G |
. | exp(log(t)) + G | t + G |
. | G - G + E | E |
. | -(-E) | E |
. | sqrt(t^2)*G | t*G |
. | (G^2 + 1)*E/(G^2 + 1) | E |
. | exp(E)*exp(-E) | 1 |
. | x'*inv(S)*S*y | x'*y |
. | det(S)*G/det(S) | G |
. | sum(w)*G/sum(w) | G |
. | sum(x.*w./w) | sum(x) |
. | (x'*Q)*(Q'*y) | x'*y |
n | E./E | ones(n) | !
n | E.*(1./E) | ones(n) | !
n | F.*E./E | F | !
n | E.^2./E | E | !
n | 1./(1./E) | E | !
n | E.^-1.*E | ones(n) | !
n | sqrt(E).^2 | E | !
n | sqrt(E).*sqrt(E) | E | !
n | exp(log(E)) | E | !
n | log(E) - log(E) | zeros(n) | !
n | A*inv(A)*E | E | !
n | inv(A)*A*E | E | !
n | inv(A)*(A*E) | E | !
n | A*(inv(A)*E) | E | !
n | inv(inv(A))*E | A*E | !
n | A^-1*A*E | E | !
n | A^2*A^-1*E | A*E | !
n | inv(A')*A'*E | E | !
n | E*G/G | E | !G
n | E*(x'*x)/(x'*x) | E | !
n | adj(A)*A*E/det(A) | E | !
n | tan(2*E).*cos(2*E) | sin(2*E) | !
n | diag(E)*(1./E) | ones(n) | !
n | E.*w./w | E |
n | S*inv(S)*E | E |
n | inv(inv(S))*E | S*E |
n | sqrt(w).^2.*E | w.*E |
n | exp(log(w)).*E | w.*E |
n | log(exp(E)) | E |
n | Q'*Q*E | E |
n | E''- E + F | F |
n | E*t/t | E |
n | (w.^2)./w | w |
N | A*inv(A) | eye(n) | !
N | inv(A)*A*E | E | !
N | E*inv(A)*A | E | !
N | inv(inv(A)) | A | !
N | inv(inv(A)*B)  | inv(B)*A | !
N | inv(A*B)*A | inv(B) | !
N | A^-1*A | eye(n) | !
N | A^2*inv(A) | A | !
N | (A^-1)^-1 | A | !
N | inv(A')*A' | eye(n) | !
N | inv(A)' - inv(A') | zeros(n,n) | !
N | G*A*inv(G*A) | eye(n) | !
N | inv(2*A)*A*2 | eye(n) | !
N | E./E | ones(n,n) | !
N | E.*(1./E) | ones(n,n) | !
N | sqrt(E).^2 | E | !
N | E*G/G | E | !G
N | det(A)*inv(A)*A | det(A)*eye(n) | !
N | inv(A) - inv(A) + E | E | !
N | 0*inv(A) | zeros(n,n) | !
N | S*inv(S)*E | E |
N | inv(inv(S)) | S |
N | Q*Q'*E | E |
N | S^-1*E*S*inv(S) | S^-1*E |
N | E*t/t | E |
N | E''| E |
N | (E')' - E | zeros(n,n) |
X | X./X | ones(m,n) | !
X | X.*(1./X) | ones(m,n) | !
X | X*A*inv(A) | X | !
X | X*inv(A)*A | X | !
X | (inv(A')*A'*X')' | X | !
X | sqrt(X).^2 | X | !
X | G*X/G | X | !G
X | X*S*inv(S) | X |
X | X*Q*Q' | X |
X | log(exp(X)) | X |
"""
ATOMS = {".": ["a", "c", "(x'*y)", "sum(x)", "(a + c)", "a*c", "tr(A)", "(2*a)", "(x'*A*y)"],
         "n": ["x", "y", "(x + y)", "A*x", "x.*y", "sin(x)", "(2*x)"],
         "N": ["A", "B", "A*B", "(A + B)", "x*y'"]}
AROUND = {".": ["#", "#", "2*# + a", "a*#*c", "exp(#)", "sin(#)^2", "#*x", "tr(#*A)", "(#)^2", "-#", "x'*(#*y)"],
          "n": ["#", "#", "#'*y", "A*(#)", "sum(#)", "(#).*y", "x + #", "-(#)", "sin(#)", "x*(#)'", "norm2(#)^2", "a*(#)",
                "X*(#)", "diag(#)"],
          "N": ["#", "#", "tr(#)", "(#)*x", "x'*(#)*y", "(#)'", "B*(#)", "(#)*B", "X*(#)", "a*(#)", "B + #", "-(#)", "(#).*B", "diag(#)"],
          "X": ["#", "(#)*x", "(#)'", "u'*(#)", "tr((#)*X')", "vec(#)", "a*(#)", "sum(#)", "X - #", "rowsum(#)"]}


class Folded(NamedTuple):
    """Both sides, and whether the left is defined everywhere its names are."""

    left: str
    right: str
    may_fail: bool

    def __str__(self) -> str:
        return f"{self.left} == {self.right}"


ROWS = [[part.strip() for part in line.split("|")] for line in FOLDS.strip().splitlines()]


def folded(rng: random.Random, rows: list[list[str]]) -> Folded:
    """A fold of random parts in a random place."""
    shape, left, right, fails = rng.choice(rows)
    atoms = ATOMS.get(shape, ["X"])
    e = rng.choice(atoms)
    put = {"E": e if e.isalnum() else f"({e})" if not e.startswith("(") else e, "F": rng.choice(["y", "w", "A*y"]),
           "G": rng.choice(["a", "c", "(a*c)", "sum(y)", "t"])}
    around = rng.choice(AROUND[shape])
    sides = [around.replace("#", f"({''.join(put.get(c, c) for c in side)})") for side in (left, right)]
    return Folded(*sides, fails == "!" or fails == "!G" and put["G"] != "t")
