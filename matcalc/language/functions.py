"""The function table: one row a function.

An entry-wise row states its derivative in the language, with t for the argument; the rule `d.NAME`, its proof
obligation and its spelling in every output are made from the row. Where a function is defined, and where its derivative
holds, is read off here by everybody: conditions, notes, and who looks for points.
"""

from __future__ import annotations

from typing import NamedTuple


class Limit(NamedTuple):
    """What is asked of the argument t, or of a function of it: `above` or `from` a bound, `between` or strictly `within` -1 and 1,
    `apart` (no entry is 0), `nonzero` (as a whole), `invertible`."""

    kind: str
    bound: int = 0
    of: str = ""

    def __str__(self) -> str:
        t = f"{self.of}(t)" if self.of else "t"
        return {"above": f"{t} > {self.bound}", "from": f"{t} >= {self.bound}", "between": f"-1 <= {t} <= 1",
                "within": f"-1 < {t} < 1", "invertible": f"{t} invertible"}.get(self.kind, f"{t} != 0")


EVERYWHERE: tuple[Limit, ...] = ()
POSITIVE, FROM_ZERO = (Limit("above"),), (Limit("from"),)
APART, NONZERO, INVERTIBLE = (Limit("apart"),), (Limit("nonzero"),), (Limit("invertible"),)
BETWEEN, WITHIN = (Limit("between", -1),), (Limit("within", -1),)


class Elementwise(NamedTuple):
    """An entry-wise function: name, derivative at t, LaTeX, the source of the law; where it is defined, and where it is smooth
    if that is less: a kink or an edge is missing there."""

    name: str
    prime: str
    domain: tuple[Limit, ...] = EVERYWHERE
    edges: tuple[Limit, ...] = EVERYWHERE
    latex: str = ""
    see: str = "nndl B.26"

    @property
    def smooth(self) -> tuple[Limit, ...]:
        """Where the derivative holds."""
        return self.edges or self.domain


ELEMENTWISE: tuple[Elementwise, ...] = (
    Elementwise("exp", "exp(t)", latex=r"\exp"),
    Elementwise("log", "1/t", POSITIVE, latex=r"\log"),
    Elementwise("sqrt", "1/(2*sqrt(t))", FROM_ZERO, POSITIVE, latex=r"\sqrt"),
    Elementwise("abs", "sign(t)", edges=APART, latex=r"\left|\cdot\right|"),
    Elementwise("sign", "0", APART, latex=r"\operatorname{sign}"),
    Elementwise("sin", "cos(t)", latex=r"\sin"),
    Elementwise("cos", "-sin(t)", latex=r"\cos"),
    Elementwise("tan", "1 + tan(t)^2", (Limit("apart", of="cos"),), latex=r"\tan"),
    Elementwise("arcsin", "1/sqrt(1 - t^2)", BETWEEN, WITHIN, latex=r"\arcsin"),
    Elementwise("arccos", "-1/sqrt(1 - t^2)", BETWEEN, WITHIN, latex=r"\arccos"),
    Elementwise("arctan", "1/(1 + t^2)", latex=r"\arctan"),
    Elementwise("sinh", "cosh(t)", latex=r"\sinh"),
    Elementwise("cosh", "sinh(t)", latex=r"\cosh"),
    Elementwise("tanh", "1 - tanh(t)^2", latex=r"\tanh"),
    Elementwise("sigmoid", "sigmoid(t)*(1 - sigmoid(t))", latex=r"\sigma", see="nndl B.23"),
    Elementwise("softplus", "sigmoid(t)", latex=r"\operatorname{softplus}"),
    Elementwise("relu", "0.5*(1 + sign(t))", edges=APART, latex=r"\operatorname{relu}"),
    Elementwise("erf", "2*exp(-t^2)/sqrt(pi)", latex=r"\operatorname{erf}", see="Abramowitz and Stegun 7.1.19"),
    Elementwise("log1p", "1/(1 + t)", (Limit("above", -1),), latex=r"\operatorname{log1p}"),
    Elementwise("expm1", "exp(t)", latex=r"\operatorname{expm1}"),
    Elementwise("gelu", "0.5*(1 + erf(t/sqrt(2))) + t*exp(-t^2/2)/sqrt(2*pi)", latex=r"\operatorname{gelu}",
                see="Hendrycks and Gimpel 2016"),
    Elementwise("silu", "sigmoid(t) + t*sigmoid(t)*(1 - sigmoid(t))", latex=r"\operatorname{silu}",
                see="Elfwing et al. 2018"),
)

ELEMENTWISE_NAMES = frozenset(row.name for row in ELEMENTWISE)


class Operation(NamedTuple):
    """A function of whole matrices: its head, how it is written, its shapes; where it is defined, and where it is smooth."""

    head: str
    spelling: str
    arguments: str
    result: str
    domain: tuple[Limit, ...] = EVERYWHERE
    edges: tuple[Limit, ...] = EVERYWHERE

    @property
    def smooth(self) -> tuple[Limit, ...]:
        """Where the derivative holds."""
        return self.edges or self.domain


# Sizes in `arguments` are bound from the arguments' shapes; a letter seen twice must agree.
OPERATIONS: tuple[Operation, ...] = (
    Operation("sum", "sum", "(m,n)", "(1,1)"),
    Operation("tr", "tr", "(n,n)", "(1,1)"),
    Operation("det", "det", "(n,n)", "(1,1)"),
    Operation("logdet", "logdet", "(n,n)", "(1,1)", INVERTIBLE),
    Operation("inv", "inv", "(n,n)", "(n,n)", INVERTIBLE),
    Operation("adj", "adj", "(n,n)", "(n,n)"),
    Operation("norm1", "norm1", "(m,n)", "(1,1)", edges=APART),
    Operation("norm2", "norm2", "(m,n)", "(1,1)", edges=NONZERO),
    Operation("diag", "diag", "(n,1)", "(n,n)"),
    Operation("diagonal", "diag", "(n,n)", "(n,1)"),
    Operation("vec", "vec", "(m,n)", "(m*n,1)"),
    Operation("kron", "kron", "(m,n) (p,q)", "(m*p,n*q)"),
    Operation("softmax", "softmax", "(n,1)", "(n,1)"),
    Operation("softmax_rows", "softmax", "(m,n)", "(m,n)"),
    Operation("logsumexp", "logsumexp", "(n,1)", "(1,1)"),
    Operation("logsumexp_rows", "logsumexp", "(m,n)", "(m,1)"),
    Operation("rowsum", "rowsum", "(m,n)", "(m,1)"),
    Operation("colsum", "colsum", "(m,n)", "(n,1)"),
    Operation("expm", "expm", "(n,n)", "(n,n)"),
    Operation("expm_frechet", "expm_frechet", "(n,n) (n,n)", "(n,n)"),
)

# By head; powers are not here, since their domain goes by the exponent.
DOMAIN: dict[str, tuple[Limit, ...]] = {row.name: row.domain for row in ELEMENTWISE} | {row.head: row.domain for row in OPERATIONS}
SMOOTH: dict[str, tuple[Limit, ...]] = {row.name: row.smooth for row in ELEMENTWISE} | {row.head: row.smooth for row in OPERATIONS}
POWERS = frozenset(("^", ".^"))
BOUNDED = POWERS | {head for head, limits in DOMAIN.items() for k in limits if k.kind in ("above", "from", "between")}
KINKED = frozenset(head for head, limits in SMOOTH.items() if limits == APART)         # the slope jumps where an entry is 0
AT_ZERO = frozenset(head for head, limits in SMOOTH.items() for k in limits if k.kind in ("above", "apart", "nonzero") and not k.bound
                    and not k.of)
LIMITED = POWERS | frozenset(head for head, limits in SMOOTH.items() if limits)

SPELLING = {row.head: row.spelling for row in OPERATIONS}
SYMMETRY_WORDS = frozenset({"symmetric", "spd", "diagonal"})
STRUCTURE_WORDS = SYMMETRY_WORDS | {"skew", "orthogonal", "lower", "upper", "positive", "simplex"}

# What is asked for and has no derivative, or none in closed form: why, and what does hold.
REFUSED = {
    "max": "max has no derivative at a tie; away from ties it picks out one entry, and logsumexp(t*x)/t is a smooth stand-in",
    "min": "min has no derivative at a tie; -logsumexp(-t*x)/t is a smooth stand-in",
    "eig": "eigenvalues and eigenvectors have no closed form; for a simple eigenvalue l of a symmetric A with unit vector v, "
           "dl = v'*dA*v",
    "svd": "singular vectors have no closed form; for a simple singular value s, ds = u'*dA*v",
    "pinv": "pinv is not differentiable where the rank changes; for full column rank write inv(A'*A)*A'",
    "rank": "rank is constant almost everywhere and has no derivative elsewhere",
    "round": "round has derivative 0 where it has one",
    "argmax": "argmax has no derivative; softmax(t*x) is a smooth stand-in",
    "chol": "the Cholesky factor has no closed form in the language; logdet(A) and inv(A) often serve",
    "sqrtm": "the matrix square root solves dA = dX*X + X*dX, a Sylvester equation, which the language does not write",
    "logm": "the matrix logarithm has a Frechet derivative that the language does not write",
}
REFUSED |= {"eigvals": REFUSED["eig"], "eigs": REFUSED["eig"], "eigh": REFUSED["eig"], "eigenvectors": REFUSED["eig"]}
