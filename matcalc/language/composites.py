"""Functions that are definitions: one row each, with a law in the language that replaces the name when it is read. And the functions that
have no derivative, with what to say of them.

A row needs nothing else: no rule, no judge and no output knows these names. In a law the sizes of what is given are scalars.

>>> BY_NAME["outer"].parameters, BY_NAME["outer"].shapes
(['x', 'y'], [['m', '1'], ['n', '1']])
"""

from __future__ import annotations


from .columns import RowError
from .operations import ELEMENTWISE_NAMES, SPELLING
from ..records import Record


class Composite(Record):
    """`mean(A) = sum(A)/(m*n)` for `A in R^(m,n)`; `words` say what it is, `wide` what it stands for where the first thing given
    has no more rows than columns whatever the sizes, if that is something else; what has a letter to be `kept` by stands in answers,
    as a `norm` with this mark if it is one."""

    name: str
    law: str
    given: str
    words: str = ""
    wide: str = ""
    kept: str = ""
    norm: str = ""

    @property
    def parameters(self) -> list[str]:
        """The letters in the brackets."""
        head = self.law.partition("=")[0]
        return [p.strip() for p in head[head.index("(") + 1:head.rindex(")")].split(",")]

    @property
    def body(self) -> str:
        """What the name stands for."""
        return self.law.partition("=")[2].strip()

    @property
    def shapes(self) -> list[list[str]]:
        """The sizes of the parameters as letters: [m, n], [n, 1]."""
        found = {}
        for part in self.given.split(", "):
            name, _, space = part.partition(" in R")
            sizes = space.strip("^()").split(",") if space else ["1"]
            found[name.strip()] = sizes if len(sizes) == 2 else [sizes[0], "1"]
        return [found[p] for p in self.parameters]


MATRIX = "A in R^(m,n)"
TWO, PAIR = "A in R^(m,n), B in R^(m,n)", "x in R^n, y in R^n"

COMPOSITES: tuple[Composite, ...] = (
    Composite("mean", "mean(A) = sum(A)/(m*n)", MATRIX, "the mean of all entries", kept="mu"),
    Composite("rowmean", "rowmean(A) = rowsum(A)/n", MATRIX, "the mean of each row, a column", kept="mu"),
    Composite("colmean", "colmean(A) = colsum(A)/m", MATRIX, "the mean of each column, a column", kept="mu"),
    Composite("var", "var(A) = sum((A - mean(A)).^2)/(m*n)", MATRIX, "the variance of all entries, divided by their number",
              kept="v"),
    Composite("std", "std(A) = sqrt(var(A))", MATRIX, "the square root of the variance", kept="s"),
    Composite("nrows", "nrows(A) = m", MATRIX, "how many rows there are"),
    Composite("ncols", "ncols(A) = n", MATRIX, "how many columns there are"),
    Composite("numel", "numel(A) = m*n", MATRIX, "how many entries there are"),
    Composite("eye_rows", "eye_rows(A) = eye(m)", MATRIX, "the identity with as many rows"),
    Composite("eye_cols", "eye_cols(A) = eye(n)", MATRIX, "the identity with as many columns"),
    Composite("ones_rows", "ones_rows(A) = ones(m)", MATRIX, "a column of ones with as many rows"),
    Composite("ones_cols", "ones_cols(A) = ones(n)", MATRIX, "a column of ones for as many columns"),
    Composite("dot", "dot(x, y) = x'*y", PAIR, "the product of two vectors"),
    Composite("inner", "inner(A, B) = tr(A'*B)", TWO, "the sum of the products of the entries"),
    Composite("spectral", "spectral(A) = sqrt(eigmax(A'*A))", MATRIX, "the spectral norm, the largest singular value"),
    Composite("nuclear", "nuclear(A) = tr(sqrtm(A'*A))", MATRIX, "the nuclear norm, the sum of the singular values",
              wide="tr(sqrtm(A*A'))", kept="t", norm="*"),
    Composite("outer", "outer(x, y) = x*y'", "x in R^m, y in R^n", "all products of an entry of x and one of y"),
    Composite("hadamard", "hadamard(A, B) = A.*B", TWO, "the product entry by entry"),
    Composite("cosine", "cosine(x, y) = x'*y/(norm2(x)*norm2(y))", PAIR, "the cosine of the angle between two vectors"),
    Composite("sqdist", "sqdist(A, B) = sum((A - B).^2)", TWO, "the squared Euclidean distance"),
    Composite("mse", "mse(A, B) = sum((A - B).^2)/(m*n)", TWO, "the mean of the squared differences"),
    Composite("log_softmax", "log_softmax(A) = log(softmax(A))", MATRIX, "the logarithm of softmax; of a matrix row by row"),
    Composite("softmin", "softmin(A) = softmax(-A)", MATRIX, "softmax of -A"),
    Composite("cross_entropy", "cross_entropy(z, y) = -y'*log(softmax(z))", "z in R^n, y in R^n", "of logits z and a probability vector y"),
    Composite("step", "step(A) = relu(sign(A))", MATRIX, "entry by entry, 1 above 0 and 0 elsewhere"),
    Composite("hinge", "hinge(A) = relu(1 - A)", MATRIX, "entry by entry"),
    Composite("elu", "elu(A) = relu(A) + exp(-relu(-A)) - 1", MATRIX, "entry by entry, with alpha 1"),
    Composite("leaky_relu", "leaky_relu(A) = relu(A) - relu(-A)/100", MATRIX, "entry by entry, with slope 1/100 below 0"),
    Composite("mish", "mish(A) = A.*tanh(softplus(A))", MATRIX, "entry by entry"),
    Composite("logcosh", "logcosh(A) = log(cosh(A))", MATRIX, "entry by entry"),
    Composite("logsigmoid", "logsigmoid(A) = -softplus(-A)", MATRIX, "entry by entry"),
    Composite("logit", "logit(A) = log(A./(1 - A))", MATRIX, "entry by entry"),
    Composite("square", "square(A) = A.^2", MATRIX, "entry by entry"),
    Composite("reciprocal", "reciprocal(A) = 1./A", MATRIX, "entry by entry"),
    Composite("log2", "log2(A) = log(A)/log(2)", MATRIX, "entry by entry"),
    Composite("log10", "log10(A) = log(A)/log(10)", MATRIX, "entry by entry"),
)

# What is asked for and has no derivative, or none in closed form: why, and what does hold.
REFUSED = {
    "max": "max has no derivative at a tie; away from ties it picks out one entry, and logsumexp(t*x)/t is a smooth stand-in",
    "min": "min has no derivative at a tie; -logsumexp(-t*x)/t is a smooth stand-in",
    "eig": "eigenvalues and eigenvectors are spectrum(A) and eigvecs(A) of a symmetric A; those of others may be complex",
    "svd": "singular values are singvals(A), their vectors svdu(A) and svdv(A), where A has as many rows as columns, or more",
    "pinv": "the language has no pseudoinverse, which jumps where the rank changes; for full column rank write inv(A'*A)*A'",
    "rank": "the language has no rank; it is constant almost everywhere and has no derivative elsewhere",
    "round": "round has derivative 0 where it has one",
    "argmax": "argmax has no useful derivative; softmax(t*x) is a smooth stand-in",
    "chol": "the Cholesky factor has no closed form in the language; logdet(A) and inv(A) often serve",
    "logm": "the language has neither a matrix logarithm nor its Frechet derivative; of a positive definite S, tr(logm(S)) is logdet(S)",
    "floor": "it is constant between its jumps, with derivative 0",
    "argmin": "it has no useful derivative; softmax(-t*x) is a smooth stand-in",
    "prod": "the language has no product of all entries; where they are positive, write exp(sum(log(x)))",
    "sort": "the order changes at a tie; with a permutation matrix P, P*x is x in a fixed order",
    "median": "the median has no derivative at a tie; away from ties it picks out one entry, unit(k)'*x",
    "cumsum": "a running sum is a product L*x with a constant matrix L of ones on and below the diagonal; declare L",
    "diff": "differences of neighbours are a product D*x with a constant matrix D; declare D",
    "tril": "the lower triangle is a product entry by entry, L.*A, with a constant matrix L of ones and zeros; declare L",
    "triu": "the upper triangle is a product entry by entry, U.*A, with a constant matrix U of ones and zeros; declare U",
    "cross": "a cross product is K*y with K skew; declare K in R^(3,3) skew",
    "conv": "a convolution is a product T*x with a matrix T whose diagonals are constant; declare T",
    "vech": "for a symmetric A, vec(A) is D*vech(A) with a constant matrix D of ones and zeros; declare D and write D*v",
    "fft": "the language has real matrices only; a discrete Fourier transform needs a complex one",
    "cond": "where A is invertible, write the condition number as spectral(A)*spectral(inv(A))",
    "lstsq": "where A has full column rank, write the least-squares solution as inv(A'*A)*A'*b",
    "qr": "the factors of a QR decomposition have no closed form in the language",
    "lu": "the factors of an LU decomposition have no closed form in the language",
    "gammaln": "the language has no gamma function",
}
for _one, _other in (("eig", "eigs eigh eigenvectors"), ("floor", "ceil trunc rint"), ("sort", "argsort topk"),
                     ("prod", "cumprod"), ("gammaln", "lgamma digamma"), ("fft", "ifft"),
                     ("conv", "convolve correlate"), ("median", "quantile percentile")):
    REFUSED |= dict.fromkeys(_other.split(), REFUSED[_one])

BY_NAME = {row.name: row for row in COMPOSITES}
ARITY = {row.name: len(row.parameters) for row in COMPOSITES}
KEPT = {row.name: row.kept for row in COMPOSITES if row.kept}
NORMS = {row.name: row.norm for row in COMPOSITES if row.norm}
_taken = ELEMENTWISE_NAMES | SPELLING.keys() | set(SPELLING.values()) | REFUSED.keys()
for _row in COMPOSITES:
    if _row.name in _taken:
        raise RowError(f"{_row.name}: another operation or definition has this name")
    if _row.law.partition("(")[0] != _row.name or "=" not in _row.law:
        raise RowError(f"{_row.name}: its law is written {_row.name}(A) = ...")
    _taken = _taken | {_row.name}
