"""Other names for the operations of the language: one row for each meaning, `spelling or spelling = meaning`, and names|of|one spelling.

In a row the letter says what it takes: c a scalar, x and y a column, M and N a matrix, T what is 1 or 0
(x > 0), eigvals(M) what is so called, another letter anything, also behind a keyword; of several rows the first that
fits is taken. A meaning that begins with ! says why there is none. `axis` is also written `dim`, -1 is the last one, and what is said with
`ord=` may stand second. LIBRARY holds
for np., torch., jnp., F. and the like and for methods (x.sum()); EVERYDAY everywhere, where nothing of that name is declared or an
entry-wise function of the language, and MATLAB on lines that are not NumPy's. A function of the language may begin with a capital (Tanh),
and be written without its underscore (LogSoftmax).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ...language.composites import ARITY
from ...language.operations import ELEMENTWISE_NAMES, OPERATIONS
from ...records import Record


class Row(Record):
    """A spelling's name, its arguments (a letter, a number or a quoted word), its keywords, and the meaning."""

    name: str
    arguments: tuple[str, ...]
    keywords: tuple[tuple[str, str], ...]
    meaning: str

    @property
    def spelling(self) -> str:
        """norm(x, ord=1); where(x > 0, A, B)."""
        given = ["x > 0" if a == "T" else a for a in self.arguments]
        name, index = self.name.removesuffix("[1]"), self.name[-3:] if self.name.endswith("[1]") else ""
        return f"{name}({', '.join([*given, *(f'{k}={v}' for k, v in self.keywords)])}){index}"

    @property
    def renamed(self) -> str:
        """What the language calls it, where that is all that differs: log for ln(A) = log(A)."""
        word, _, rest = self.meaning.partition("(")
        return word if rest == f"{', '.join(self.arguments)})" and not self.keywords else ""


REASONS = {
    "NORM": "!the norm of a matrix is the Frobenius norm in NumPy and the spectral norm in MATLAB; write norm(A, 'fro'), which is "
            "normF(A), or norm(A, 2), which is spectral(A)",
    "LARGEST": "!the maximum norm has no derivative at a tie; logsumexp(t*abs(x))/t is a smooth stand-in",
    "ROWSUM": "!the infinity norm of a matrix is the largest absolute row sum, which the language does not have",
    "COLUMNSUM": "!the 1-norm of a matrix is the largest absolute column sum, which the language does not have; "
                 "norm1(A) is the sum of all absolute values",
    "ALONG": "!np.max(x, 0) is the maximum along axis 0, which has no derivative at a tie; np.maximum(x, 0) is relu(x)"}

EVERYDAY = """
ln(A) = log(A)
float(c) = c
trace|Trace(A) = tr(A)
grad|gradient|diff|Grad(c, A) = d(c)/d(A)
hessian|Hessian(c, x) = d(d(c)/d(x))/d(x)
jacobian(A, B) = !a Jacobian has a layout: write d(f)/d(x), which is in denominator layout, or (d(f)/d(x))'
determinant|Determinant(A) = det(A)
inverse|Inverse(A) = inv(A)
transpose|transp(A) = A'
norm(c) = norm2(c)
norm|l2|L2|l2_norm|euclidean_norm(x) or norm(x, 2) = norm2(x)
norm(M) = NORM
l1|L1|l1_norm(x) or norm(x, 1) = norm1(x)
norm(M, "nuc") = nuclear(M)
frobenius|frobenius_norm|frob|fro(A) or norm(A, "fro") or norm(A, "f") = normF(A)
norm|opnorm(M, 1) = COLUMNSUM
norm|opnorm(M, ∞) or norm(M, "inf") = ROWSUM
norm(x, ∞) or norm(x, "inf") = LARGEST
norm(x, 0) = !the number of nonzero entries has derivative 0 where it has one
norm(x, c) = sum(abs(x).^c)^(1/c)
opnorm(M) or opnorm|norm(M, 2) = spectral(M)
normsq|norm_squared(x) = norm2(x)^2
square_root(A) = sqrt(A)
squares(A) = A.^2
spectral_norm(M) = spectral(M)
nuclear_norm(M) = nuclear(M)
quad_form(x, M) = x'*M*x
sum_squares|sumsqr|sumsq(A) = sum(A.^2)
log_sum_exp|lse|LSE|LogSumExp|logSumExp(A) = logsumexp(A)
horzcat|hcat|cbind(A, B) = [A, B]
vertcat|vcat(A, B) = [A; B]
rbind(M, N) = [M; N]
Diagonal|diagm|diagflat(x) = diag(x)
blkdiag|block_diag(M, N) = [M, matrix(0); matrix(0), N]
eig|eigvalsh|eigenvalues|Eigenvalues(M) = eigvals(M)
singular_values|SingularValueList(M) = svdvals(M)
lambda_max(M) or max(eigvals(M)) = eigmax(M)
lambda_min|eigmin(M) or min(eigvals(M)) = -eigmax(-M)
sum(eigvals(M)) = tr(M)
prod(eigvals(M)) = det(M)
sigma_max(M) or max(svdvals(M)) = spectral(M)
sum(svdvals(M)) = nuclear(M)
sum(log(eigvals(M))) = logdet(M)
sum(log(svdvals(M))) = logdet(M'*M)/2
sum(log(1+eigvals(M))) = logdet(eye_rows(M) + M)
sum(log(1+svdvals(M).^2)) = logdet(eye_cols(M) + M'*M)
sum(eigvals(M).^2) or sum(eigvals(M)^2) = tr(M*M)
sum(svdvals(M).^2) or sum(svdvals(M)^2) = tr(M'*M)
sum(svdvals(M).^4) or sum(svdvals(M)^4) = tr((M'*M)^2)
sum(1./eigvals(M)) = tr(inv(M))
sum(1./svdvals(M)) = tr(inv(sqrtm(M'*M)))
sum(sqrt(eigvals(M))) = tr(sqrtm(M))
sum(exp(eigvals(M))) = tr(expm(M))
prod(svdvals(M)) = sqrt(det(M'*M))
KL|D_KL|kl_divergence(x, y) = sum(x.*log(x./y))
Symmetric|Hermitian(M) = !it takes one triangle of M; declare M in R^(n,n) symmetric, and write M
SoftMax(A) = softmax(A)
softmax_rows|row_softmax|rowsoftmax(M) = softmax(M)
ReLU(A) = relu(A)
LeakyReLU(A) = leaky_relu(A)
ELU(A) = elu(A)
GELU(A) = gelu(A)
SiLU|swish|Swish(A) = silu(A)
sigm|logistic|expit|sigma(A) = sigmoid(A)
avg|average(A) = mean(A)
variance(A) = var(A)
sgn(A) = sign(A)
asin(A) = arcsin(A)
acos(A) = arccos(A)
atan(A) = arctan(A)
erfc(A) = 1 - erf(A)
cube(A) = A.^3
heaviside(A) = step(A)
asinh|arcsinh|arsinh(A) = log(A + sqrt(1 + A.^2))
acosh|arccosh|arcosh(A) = log(A + sqrt(A.^2 - 1))
atanh|arctanh|artanh(A) = log((1 + A)./(1 - A))/2
sec(A) = 1./cos(A)
csc(A) = 1./sin(A)
cot(A) = 1./tan(A)
cbrt(A) = sign(A).*abs(A).^(1/3)
logdetcov|log_det(A) = logdet(A)
log_2(A) = log2(A)
log_10(A) = log10(A)
HadamardProduct|Hadamard|elementwise|hadamard|hadamard_product|elementwise_product(A, B) = A.*B
diagonal(M) = diag(M)
kronecker|Kron|kronecker_product(A, B) = kron(A, B)
inner|inner_product|dot|dot_product|matmul(x, y) = x'*y
inner_product(M, N) = tr(M'*N)
outer|outer_product(x, y) = x*y'
matmul(M, B) = M*B
pow|power(c, B) = c^B
pow|power(x, B) = x.^B
max|maximum(A, 0) or max|maximum(0, A) = relu(A)
max|maximum(A, B) = B + relu(A - B)
min|minimum(A, 0) or min|minimum(0, A) = -relu(-A)
min|minimum(A, B) = B - relu(B - A)
where(T, 1, 0) = T
where(T, 0, 1) = 1 - T
where|ifelse(T, A, 0) = T * A
where|ifelse(T, 0, A) = (1 - T) * A
where|ifelse(T, A, B) = T * A + (1 - T) * B
clip|clamp(A, -1, 1) = hardtanh(A)
clip|clamp(A, B, C) = min(max(A, B), C)
softsign(A) = A./(1 + abs(A))
exp2(A) = exp(log(2)*A)
hypot(A, B) = sqrt(A.^2 + B.^2)
cos_sim|cosine_similarity(x, y) = cosine(x, y)
identity(A) = eye(A)
solve(M, B) = inv(M)*B
adjugate(A) = adj(A)
adjoint(A) = !adjoint is the transpose for some and the adjugate for others; write A' or adj(A)
matrix_exp(A) = expm(A)
L_expm(A, B) = expm_frechet(A, B)
binary_cross_entropy(x, y) = !its arguments come in both orders; write -(y'*log(p) + (1 - y)'*log(1 - p))
"""

LIBRARY = """
torch.var(A) or torch.var|.var(A, ddof=1) = var(A, ddof=1)
torch.std(A) or torch.std|.std(A, ddof=1) = std(A, ddof=1)
.var(A) = !x.var() divides by n in NumPy and by n - 1 in PyTorch; write np.var(x), which is var(x)
.std(A) = !x.std() divides by n in NumPy and by n - 1 in PyTorch; write np.std(x), which is std(x)
.var(A, axis=c) = !x.var() divides by n in NumPy and by n - 1 in PyTorch; write np.var(x, axis=0)
.std(A, axis=c) = !x.std() divides by n in NumPy and by n - 1 in PyTorch; write np.std(x, axis=0)
var(A, ddof=1) = sum((A - mean(A))**2)/(numel(A) - 1)
std(A, ddof=1) = sqrt(sum((A - mean(A))**2)/(numel(A) - 1))
var(M, axis=c) = mean((M - mean(M, axis=c, keepdims=True))**2, axis=c)
std(M, axis=c) = sqrt(var(M, axis=c))
cov(A) = !a covariance divides by n - 1 or n, and goes over rows or columns; write it with colmean or rowmean
cp.norm(M) = spectral(M)
cp.norm(x) or cp.norm(x, 2) = norm2(x)
cp.norm(x, 1) = norm1(x)
cp.norm(A, "fro") = normF(A)
cp.normNuc(M) or cp.norm(M, "nuc") = nuclear(M)
cp.pos(A) = relu(A)
cp.neg(A) = relu(-A)
cp.entr|entr(A) = -A * log(A)
cp.logistic(A) = softplus(A)
cp.huber(A) = 2 * huber(A)
cp.inv_pos(A) = 1 / A
cp.kl_div(A, B) = A * log(A / B) - A + B
cp.rel_entr|rel_entr(A, B) = A * log(A / B)
torch.max(A) = max(A)
torch.max|torch.min(A, 0) or torch.max|torch.min(A, 1) or max|min(A, B) = ALONG
torch.max(A, B) = B + relu(A - B)
torch.min(A, B) = B - relu(B - A)
max(A) = max(A)
min(A) = min(A)
jax.gelu(A) or jax.gelu(A, approximate=True) = gelu(A, approximate="tanh")
jax.gelu(A, approximate=False) or gelu(A, approximate="none") = gelu(A)
gelu(A, approximate="tanh") = A / 2 * (1 + tanh(sqrt(2/pi) * (A + 0.044715 * A**3)))
tf.leaky_relu(A) = !tf.nn.leaky_relu has slope 0.2 below 0 by default; leaky_relu(x) has 0.01
svd(M, compute_uv=False) = svdvals(M)
rsqrt(A) = 1 / sqrt(A)
cross_entropy(M, N) = -sum(N * log_softmax(M, axis=1)) / size(M, 1)
cross_entropy(M, y) = !in PyTorch y holds the numbers of the classes here; write a matrix Y with a one-hot row for each: cross_entropy(Z, Y)
average(x, weights=y) = (x @ y)/sum(y)
average(M, weights=N) = sum(M * N)/sum(N)
linear(x, M) = M @ x
linear(x, M, A) = M @ x + A
linear(M, N) = M @ N.T
norm|matrix_norm(M) = normF(M)
matrix_norm(M, "nuc") = nuclear(M)
matrix_norm(M, 2) = spectral(M)
norm(x, "fro") = norm2(x)
vector_norm(A) = norm2(A)
norm|vector_norm(M, axis=c) = sqrt(sum(M**2, axis=c))
diag(c) = !np.diag takes a vector or a matrix
sum(M, axis=0) = colsum(M)
sum(M, axis=1) = rowsum(M)
mean(M, axis=0) = colmean(M)
mean(M, axis=1) = rowmean(M)
softmax(M, axis=1) = softmax(M)
softmax(M, axis=0) = softmax(M')'
softmax(M) = !softmax of a matrix goes over an axis; write dim=-1 for its rows
log_softmax(M, axis=1) = log_softmax(M)
log_softmax(M, axis=0) = log_softmax(M')'
log_softmax(M) = !log_softmax of a matrix goes over an axis; write dim=-1 for its rows
logsumexp(M, axis=1) = logsumexp(M)
logsumexp(M, axis=0) = logsumexp(M')
logsumexp(M) = logsumexp(vec(M))
solve(M, B) = inv(M) @ B
trace(c) = !np.trace takes a matrix
det(c) = !np.linalg.det takes a matrix
inv(c) = !np.linalg.inv takes a matrix
slogdet(c)[1] = !np.linalg.slogdet takes a matrix
slogdet(A)[1] = logdet(A)
matmul|mm|mv|matvec(A, B) or tensordot(A, B, 1) or tensordot(A, B, axes=1) = A @ B
dot(M, B) = M @ B
dot(x, B) = x @ B
vdot|tensordot(A, B) or tensordot(A, B, 2) or tensordot(A, B, axes=2) = inner(A, B)
inner(M, N) = M*N'
mse_loss|MSELoss(A, B) or mse_loss(A, B, reduction="mean") = mse(A, B)
mse_loss(A, B, reduction="sum") = sqdist(A, B)
mse_loss(A, B, reduction="none") = (A - B)**2
L1Loss|l1_loss(A, B) = mean(abs(A - B))
l1_loss(A, B, reduction="none") = abs(A - B)
l1_loss(A, B, reduction="sum") = sum(abs(A - B))
HuberLoss|SmoothL1Loss|huber_loss|smooth_l1_loss(A, B) = mean(huber(A - B))
huber_loss|smooth_l1_loss(A, B, reduction="sum") = sum(huber(A - B))
BCEWithLogitsLoss|binary_cross_entropy_with_logits(A, B) = mean(softplus(A) - A * B)
binary_cross_entropy_with_logits(A, B, reduction="sum") = sum(softplus(A) - A * B)
binary_cross_entropy_with_logits(A, B, reduction="none") = softplus(A) - A * B
softplus(A, beta=c) = softplus(c * A) / c
dist(x, y, ord=2) or dist(x, y, 2) = norm2(x - y)
logaddexp(0, A) or logaddexp(A, 0) = softplus(A)
logaddexp(A, B) = B + softplus(A - B)
hypot(A, B) = sqrt(A**2 + B**2)
clip|clamp(A, min=0) = relu(A)
clip|clamp(A, min=B) or clip(A, min=B, max=None) or clip(A, B, None) or clip(A, B, ∞) or clamp|clamp_min(A, B) = maximum(A, B)
clip|clamp(A, max=B) or clip(A, min=None, max=B) or clip(A, None, B) or clamp_max(A, B) = minimum(A, B)
clip|clamp(A, min=B, max=C) = minimum(maximum(A, B), C)
relu6(A) = minimum(relu(A), 6)
softsign(A) = A / (1 + abs(A))
tanhshrink(A) = A - tanh(A)
leaky_relu(A, c) or leaky_relu(A, alpha=c) = relu(A) - c * relu(-A)
elu(A, c) or elu(A, alpha=c) = relu(A) + c * (exp(-relu(-A)) - 1)
normalize(x, axis=0) = x / norm2(x)
normalize(M, axis=c) = M / norm(M, axis=c, keepdims=True)
cosine_similarity(x, y, axis=0) = cosine(x, y)
diag_embed(x) = diag(x)
float|float32|float64|double|conj|clone|copy|asarray|array|tensor(A) or astype(A, B) = A
item(c) = c
flatten|ravel(x) or reshape|view(x, -1) = x
multiply|mul(A, B) = A * B
add(A, B) = A + B
sub|subtract(A, B) = A - B
div|divide(A, B) = A / B
negative|neg(A) = -A
square(A) = A**2
power|pow(A, B) = A**B
absolute(A) = abs(A)
matrix_power(M, B) = M^B
ger(x, y) = x*y'
t|adjoint(A) = A'
swapaxes(M, 0, 1) or swapaxes|permute(M, 1, 0) = M'
flatten|ravel(M) or reshape|view(M, -1) = vec(M')
flatten|ravel(M, "F") or flatten|ravel(M, order="F") or reshape(M, -1, order="F") = vec(M)
reshape|view(x, -1, 1) or expand_dims|unsqueeze(x, 1) or expand_dims|unsqueeze(x, -1) = x[:, None]
reshape|view(x, 1, -1) or expand_dims|unsqueeze(x, 0) = x[None, :]
dist(x, y) = norm2(x - y)
dist(M, N) = normF(M - N)
addmm(A, M, N) = A + M @ N
addmv(A, M, x) = A + M @ x
bmm(A, B) or baddbmm(A) = !a product of batches has three axes
detach(A) = !detach cuts the derivative
cholesky(A) = chol(A)
eigvalsh(A) = eigvals(A)
matrix_rank(A) = rank(A)
xlogy(A, B) = A * log(B)
matmul(M, N, transpose_a=True) = M.T @ N
matmul(M, N, transpose_b=True) = M @ N.T
multi_dot(A) = !a list cannot be read; write A @ B @ C
"""

MATLAB = """
sum(M, 1) = !sum(.., 1) adds up each column in MATLAB, colsum(A)', and each row in NumPy, rowsum(A)
mean(M, 1) = !mean(.., 1) takes each column in MATLAB, colmean(A)', and each row in NumPy, rowmean(A)
sum(x, 1) or Total(x) = sum(x)
sum(A, "all") = sum(A)
mean(x, 1) = mean(x)
mean(A, "all") = mean(A)
dot(M, x) = !dot of a matrix and a vector is their product in NumPy, M*x; declare the vectors where it is an inner product
dot(M, N) = !dot of matrices is the product in NumPy, A*B, and goes column by column in MATLAB, colsum(A.*B)'
svd(M) = svdvals(M)
times(A, B) = A.*B
mtimes(A, B) = A*B
Dot(M, B) = M*B
plus(A, B) = A + B
minus(A, B) = A - B
rdivide(A, B) = A./B
mldivide|LinearSolve(M, B) = inv(M)*B
mrdivide(A, N) = A*inv(N)
softmax(M, dims=1) = softmax(M')'
softmax(M, dims=2) = softmax(M)
logsumexp(M, dims=2) = logsumexp(M)
vecnorm(M, 2, 2) = sqrt(rowsum(M.^2))
vecnorm(M) = sqrt(colsum(M.^2))'
t(M) = M'
t(x) = x'
Transpose|ConjugateTranspose(A) = A'
reshape(M, [], 1) = vec(M)
repmat(x, 1, B) = x*ones(B)'
repmat(A, B, C) = kron(ones(B, C), A)
pmax(A, 0) or pmax(0, A) or Ramp(A) = relu(A)
pmax(A, B) = B + relu(A - B)
pmin(A, B) = B - relu(B - A)
plogis|LogisticSigmoid(A) = sigmoid(A)
nrow(M) = size(M, 1)
ncol(M) = size(M, 2)
logabsdet(M)[1] = logdet(M)
nuclearnorm|norm_nuc(M) = nuclear(M)
quadform(x, M) = x'*M*x
var(x, 1) = var(x)
var(x, 0) = !var(x, 0) divides by n - 1 in MATLAB, and goes along axis 0 in NumPy; write var(x), which divides by n
std(x, 1) = std(x)
std(x, 0) = !std(x, 0) divides by n - 1 in MATLAB, and goes along axis 0 in NumPy; write std(x), which divides by n
rowSums(M) or sum(M, 2) or sum(M, dims=2) = rowsum(M)
sum(M, dims=1) = colsum(M)'
colSums(M) = colsum(M)
rowMeans(M) or mean(M, 2) or mean(M, dims=2) = rowmean(M)
mean(M, dims=1) = colmean(M)'
colMeans(M) = colmean(M)
solve|MatrixInverse(M) = inv(M)
crossprod(A) = A'*A
crossprod(A, B) = A'*B
tcrossprod(A) = A*A'
tcrossprod(A, B) = A*B'
abs2(A) = A.^2
dot(x, M, y) = x'*M*y
Norm(x) = norm2(x)
Norm(M) = !Norm of a matrix is the spectral norm in Mathematica, spectral(A); normF(A) is the Frobenius norm
Norm(A, "Frobenius") = normF(A)
Dot(x, y) = x'*y
Dot(x, M) = x'*M
KroneckerProduct(A, B) = kron(A, B)
MatrixExp(M) = expm(M)
MatrixPower(M, A) = M^A
IdentityMatrix(A) = eye(A)
DiagonalMatrix(x) = diag(x)
"""

MODULES = frozenset(("np", "numpy", "jnp", "jax", "torch", "F", "nn", "scipy", "sp", "special", "linalg", "functional", "tf", "math",
                     "lax", "cp", "la", "LA", "npla"))
AXES = ("sum", "mean", "var", "std", "softmax", "log_softmax", "logsumexp")       # a second argument that is a number is an axis
OF_ONE = ELEMENTWISE_NAMES | {row.spelling for row in OPERATIONS if " " not in row.arguments} | {n for n, k in ARITY.items() if k == 1}


def _respelled() -> Iterator[str]:
    """Rows for the functions of one argument with a capital or without their underscores: Log_softmax, LogSoftmax and logsoftmax."""
    written = set(re.findall(r"\w+", EVERYDAY + LIBRARY + MATLAB))
    for name in sorted(OF_ONE):
        others = {name.capitalize(), name.title().replace("_", ""), name.replace("_", "")} - {name} - written
        if others:
            yield f"{'|'.join(sorted(others))}(A) = {name}(A)"


RESPELLED = "\n".join(_respelled())


def alternatives(line: str) -> tuple[Row, ...]:
    """The spellings of one meaning.

    >>> [r.spelling for r in alternatives("l1(x) or norm|opnorm(x, 1) = norm1(x)")]
    ['l1(x)', 'norm(x, 1)', 'opnorm(x, 1)']
    """
    spellings, _, meaning = line.partition(" = ")
    out: list[Row] = []
    for spelling in spellings.split(" or "):
        found = re.fullmatch(r"([\w.|]+)\((.*?)\)(\[1\])?", spelling)
        assert found is not None, spelling
        given = [a.strip() for a in found[2].split(",")]
        keywords = tuple(sorted((k, v) for k, _, v in (a.partition("=") for a in given if "=" in a)))
        arguments = tuple(a for a in given if "=" not in a)
        out += [Row(name + (found[3] or ""), arguments, keywords, REASONS.get(meaning, meaning)) for name in found[1].split("|")]
    return tuple(out)


@cache
def rows(name: str, library: bool = False, matlab: bool = False) -> tuple[Row, ...]:
    """The rows of a spelling, the library's first where one is meant.

    >>> rows("ln")
    (Row(name='ln', arguments=('A',), keywords=(), meaning='log(A)'),)
    """
    tables = [LIBRARY] * library + [EVERYDAY] * (name not in ELEMENTWISE_NAMES) + [MATLAB] * matlab + [RESPELLED]
    return tuple(r for text in tables for r in table(text) if r.name == name)


def spelt(library: bool = False) -> list[str]:
    """The names that have rows."""
    tables = (EVERYDAY, MATLAB, *([LIBRARY] if library else []))
    return sorted({r.name for text in tables for r in table(text) if r.name.isidentifier()})


@cache
def table(text: str) -> tuple[Row, ...]:
    """The rows of one of these texts."""
    return tuple(r for line in text.splitlines() if line for r in alternatives(line))
