"""Other names for the operations of the language: one row for each spelling, `spelling = meaning`.

In a row the letter says what it takes: c a scalar, x and y a column, M and N a matrix, T what is 1 or 0
(x > 0), another letter anything, also behind a keyword; of several rows the first that
fits is taken. A meaning that begins with ! says why there is none. `axis` is also written `dim`, -1 is the last one. LIBRARY holds
for np., torch., jnp., F. and the like and for methods (x.sum()); EVERYDAY everywhere, where nothing of that name is declared or an
entry-wise function of the language, and MATLAB on lines that are not NumPy's.
"""

from __future__ import annotations

import re
from functools import cache

from ...language.operations import ELEMENTWISE_NAMES
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
        return f"{self.name}({', '.join([*given, *(f'{k}={v}' for k, v in self.keywords)])})"

    @property
    def renamed(self) -> str:
        """What the language calls it, where that is all that differs: log for ln(A) = log(A)."""
        word, _, rest = self.meaning.partition("(")
        return word if rest == f"{', '.join(self.arguments)})" and not self.keywords else ""


NORM = "!the norm of a matrix is the Frobenius norm in NumPy and the spectral norm in MATLAB; write norm(A, 'fro'), which is normF(A), " \
       "or norm(A, 2), which is spectral(A)"
LARGEST = "!the maximum norm has no derivative at a tie; logsumexp(t*abs(x))/t is a smooth stand-in"
ROWSUM = "!the infinity norm of a matrix is the largest absolute row sum, which the language does not have"
COLUMNSUM = "!the 1-norm of a matrix is the largest absolute column sum, which the language does not have; " \
            "norm1(A) is the sum of all absolute values"
ALONG = "!np.max(x, 0) is the maximum along axis 0, which has no derivative at a tie; np.maximum(x, 0) is relu(x)"

EVERYDAY = """
ln(A) = log(A)
trace(A) = tr(A)
Tr(A) = tr(A)
Trace(A) = tr(A)
grad(c, A) = d(c)/d(A)
gradient(c, A) = d(c)/d(A)
diff(c, A) = d(c)/d(A)
hessian(c, x) = d(d(c)/d(x))/d(x)
jacobian(A, B) = !a Jacobian has a layout: write d(f)/d(x), which is in denominator layout, or (d(f)/d(x))'
determinant(A) = det(A)
Det(A) = det(A)
inverse(A) = inv(A)
Inv(A) = inv(A)
transpose(A) = A'
transp(A) = A'
norm(c) = norm2(c)
norm(x) = norm2(x)
norm(M) = NORM
norm(x, 1) = norm1(x)
norm(x, 2) = norm2(x)
norm(M, ord="nuc") = nuclear(M)
norm(M, ord=2) = spectral(M)
norm(A, "fro") = normF(A)
norm(M, "nuc") = nuclear(M)
norm(A, "Fro") = normF(A)
norm(A, ord="fro") = normF(A)
norm(x, ord=1) = norm1(x)
norm(x, ord=2) = norm2(x)
norm(M, 1) = COLUMNSUM
norm(M, ∞) = ROWSUM
norm(x, ∞) = LARGEST
norm(x, ord=∞) = LARGEST
norm(M, ord=∞) = ROWSUM
norm(x, "inf") = LARGEST
norm(M, "inf") = ROWSUM
norm(x, 0) = !the number of nonzero entries has derivative 0 where it has one
norm(x, c) = sum(abs(x).^c)^(1/c)
norm(x, ord=c) = sum(abs(x).^c)^(1/c)
norm(A, "F") = normF(A)
norm(A, "f") = normF(A)
norm(x, "2") = norm2(x)
norm(M, "2") = spectral(M)
norm(x, "1") = norm1(x)
norm(A, type="F") = normF(A)
norm(x, type="2") = norm2(x)
norm(M, type="2") = spectral(M)
quad_form(x, M) = x'*M*x
sum_squares(A) = sum(A.^2)
sumsqr(A) = sum(A.^2)
log_sum_exp(A) = logsumexp(A)
horzcat(A, B) = [A, B]
hcat(A, B) = [A, B]
cbind(A, B) = [A, B]
vertcat(A, B) = [A; B]
vcat(A, B) = [A; B]
rbind(M, N) = [M; N]
Diagonal(x) = diag(x)
diagm(x) = diag(x)
opnorm(M) = spectral(M)
opnorm(M, 2) = spectral(M)
opnorm(M, 1) = COLUMNSUM
opnorm(M, ∞) = ROWSUM
normsq(x) = norm2(x)^2
sumsq(A) = sum(A.^2)
blkdiag(M, N) = [M, matrix(0); matrix(0), N]
block_diag(M, N) = [M, matrix(0); matrix(0), N]
norm(M, 2) = spectral(M)
lambda_max(M) = eigmax(M)
frobenius(A) = normF(A)
frob(A) = normF(A)
fro(A) = normF(A)
l1(x) = norm1(x)
l2(x) = norm2(x)
lse(A) = logsumexp(A)
LSE(A) = logsumexp(A)
LogSumExp(A) = logsumexp(A)
logSumExp(A) = logsumexp(A)
Softmax(A) = softmax(A)
SoftMax(A) = softmax(A)
LogSoftmax(A) = log_softmax(A)
logsoftmax(A) = log_softmax(A)
Softplus(A) = softplus(A)
ReLU(A) = relu(A)
Relu(A) = relu(A)
LeakyReLU(A) = leaky_relu(A)
ELU(A) = elu(A)
GELU(A) = gelu(A)
Gelu(A) = gelu(A)
SiLU(A) = silu(A)
swish(A) = silu(A)
Swish(A) = silu(A)
Mish(A) = mish(A)
Sigmoid(A) = sigmoid(A)
sigm(A) = sigmoid(A)
logistic(A) = sigmoid(A)
expit(A) = sigmoid(A)
sigma(A) = sigmoid(A)
Tanh(A) = tanh(A)
Exp(A) = exp(A)
Log(A) = log(A)
Sqrt(A) = sqrt(A)
Abs(A) = abs(A)
Sin(A) = sin(A)
Cos(A) = cos(A)
Sum(A) = sum(A)
Mean(A) = mean(A)
Var(A) = var(A)
Std(A) = std(A)
avg(A) = mean(A)
average(A) = mean(A)
variance(A) = var(A)
sgn(A) = sign(A)
asin(A) = arcsin(A)
acos(A) = arccos(A)
atan(A) = arctan(A)
erfc(A) = 1 - erf(A)
sec(A) = 1./cos(A)
csc(A) = 1./sin(A)
cot(A) = 1./tan(A)
cbrt(A) = sign(A).*abs(A).^(1/3)
logdetcov(A) = logdet(A)
log_det(A) = logdet(A)
log_2(A) = log2(A)
log_10(A) = log10(A)
Determinant(A) = det(A)
HadamardProduct(A, B) = A.*B
Diag(A) = diag(A)
diagonal(M) = diag(M)
Vec(A) = vec(A)
Kron(A, B) = kron(A, B)
kronecker(A, B) = kron(A, B)
Hadamard(A, B) = A.*B
elementwise(A, B) = A.*B
inner(x, y) = x'*y
dot(x, y) = x'*y
hadamard(A, B) = A.*B
outer(x, y) = x*y'
matmul(M, B) = M*B
matmul(x, y) = x'*y
pow(c, B) = c^B
pow(x, B) = x.^B
power(c, B) = c^B
power(x, B) = x.^B
max(A, 0) = relu(A)
max(0, A) = relu(A)
maximum(A, 0) = relu(A)
maximum(0, A) = relu(A)
max(A, B) = B + relu(A - B)
maximum(A, B) = B + relu(A - B)
min(A, 0) = -relu(-A)
min(0, A) = -relu(-A)
min(A, B) = B - relu(B - A)
minimum(A, 0) = -relu(-A)
minimum(0, A) = -relu(-A)
minimum(A, B) = B - relu(B - A)
where(T, 1, 0) = T
where(T, 0, 1) = 1 - T
where(T, A, 0) = T * A
where(T, 0, A) = (1 - T) * A
where(T, A, B) = T * A + (1 - T) * B
ifelse(T, A, 0) = T .* A
ifelse(T, 0, A) = (1 - T) .* A
ifelse(T, A, B) = T .* A + (1 - T) .* B
clip(A, B, C) = min(max(A, B), C)
clamp(A, B, C) = min(max(A, B), C)
softsign(A) = A./(1 + abs(A))
exp2(A) = exp(log(2)*A)
hypot(A, B) = sqrt(A.^2 + B.^2)
cos_sim(x, y) = cosine(x, y)
cosine_similarity(x, y) = cosine(x, y)
identity(A) = eye(A)
solve(M, B) = inv(M)*B
adjugate(A) = adj(A)
adjoint(A) = !adjoint is the transpose for some and the adjugate for others; write A' or adj(A)
matrix_exp(A) = expm(A)
L_expm(A, B) = expm_frechet(A, B)
binary_cross_entropy(x, y) = !its arguments come in both orders; write -(y'*log(p) + (1 - y)'*log(1 - p))
"""

LIBRARY = """
torch.var(A) = var(A, ddof=1)
torch.std(A) = std(A, ddof=1)
torch.var(A, ddof=1) = var(A, ddof=1)
torch.std(A, ddof=1) = std(A, ddof=1)
cp.norm(M) = spectral(M)
cp.norm(x) = norm2(x)
cp.norm(x, 1) = norm1(x)
cp.norm(x, 2) = norm2(x)
cp.norm(A, "fro") = normF(A)
cp.norm(M, "nuc") = nuclear(M)
cp.normNuc(M) = nuclear(M)
cp.pos(A) = relu(A)
cp.neg(A) = relu(-A)
cp.entr(A) = -A * log(A)
cp.logistic(A) = softplus(A)
cp.huber(A) = 2 * huber(A)
cp.inv_pos(A) = 1 / A
cp.kl_div(A, B) = A * log(A / B) - A + B
cp.rel_entr(A, B) = A * log(A / B)
rel_entr(A, B) = A * log(A / B)
entr(A) = -A * log(A)
torch.max(A) = max(A)
torch.max(A, 0) = ALONG
torch.min(A, 0) = ALONG
torch.max(A, 1) = ALONG
torch.min(A, 1) = ALONG
torch.max(A, B) = B + relu(A - B)
torch.min(A, B) = B - relu(B - A)
max(A, B) = ALONG
min(A, B) = ALONG
max(A) = max(A)
min(A) = min(A)
var(A, ddof=1) = sum((A - mean(A))**2)/(numel(A) - 1)
std(A, ddof=1) = sqrt(sum((A - mean(A))**2)/(numel(A) - 1))
.var(A, ddof=1) = var(A, ddof=1)
.std(A, ddof=1) = std(A, ddof=1)
.var(A) = !x.var() divides by n in NumPy and by n - 1 in PyTorch; write np.var(x), which is var(x)
.std(A) = !x.std() divides by n in NumPy and by n - 1 in PyTorch; write np.std(x), which is std(x)
jax.gelu(A) = gelu(A, approximate="tanh")
jax.gelu(A, approximate=True) = gelu(A, approximate="tanh")
jax.gelu(A, approximate=False) = gelu(A)
gelu(A, approximate="none") = gelu(A)
gelu(A, approximate="tanh") = A / 2 * (1 + tanh(sqrt(2/pi) * (A + 0.044715 * A**3)))
tf.leaky_relu(A) = !tf.nn.leaky_relu has slope 0.2 below 0 by default; leaky_relu(x) has 0.01
.var(A, axis=0) = !x.var() divides by n in NumPy and by n - 1 in PyTorch; write np.var(x, axis=0)
.std(A, axis=0) = !x.std() divides by n in NumPy and by n - 1 in PyTorch; write np.std(x, axis=0)
.var(A, axis=1) = !x.var() divides by n in NumPy and by n - 1 in PyTorch; write np.var(x, axis=1)
.std(A, axis=1) = !x.std() divides by n in NumPy and by n - 1 in PyTorch; write np.std(x, axis=1)
var(M, axis=0) = mean((M - mean(M, axis=0))**2, axis=0)
var(M, axis=1) = mean((M - mean(M, axis=1, keepdims=True))**2, axis=1)
var(M, axis=0, keepdims=True) = mean((M - mean(M, axis=0))**2, axis=0, keepdims=True)
var(M, axis=1, keepdims=True) = mean((M - mean(M, axis=1, keepdims=True))**2, axis=1, keepdims=True)
std(M, axis=0, keepdims=True) = sqrt(mean((M - mean(M, axis=0))**2, axis=0, keepdims=True))
std(M, axis=1, keepdims=True) = sqrt(mean((M - mean(M, axis=1, keepdims=True))**2, axis=1, keepdims=True))
rsqrt(A) = 1 / sqrt(A)
cross_entropy(M, N) = -sum(N * log_softmax(M, axis=1)) / size(M, 1)
cross_entropy(M, y) = !in PyTorch y holds the numbers of the classes here; write a matrix Y with a one-hot row for each: cross_entropy(Z, Y)
std(x, axis=0) = std(x)
average(x, weights=y) = (x @ y)/sum(y)
average(M, weights=N) = sum(M * N)/sum(N)
cov(A) = !a covariance divides by n - 1 or n, and goes over rows or columns; write it with colmean or rowmean
std(M, axis=0) = sqrt(mean((M - mean(M, axis=0))**2, axis=0))
std(M, axis=1) = sqrt(mean((M - mean(M, axis=1, keepdims=True))**2, axis=1))
linear(x, M) = M @ x
linear(x, M, A) = M @ x + A
linear(M, N) = M @ N.T
norm(M) = normF(M)
diag(c) = !np.diag takes a vector or a matrix
norm(x, "fro") = norm2(x)
norm(M, axis=1) = sqrt(rowsum(M.^2))
norm(M, axis=0) = sqrt(colsum(M.^2))
norm(M, axis=1, keepdims=True) = sqrt(rowsum(M.^2))
norm(M, axis=0, keepdims=True) = sqrt(colsum(M.^2))'
sum(M, axis=0) = colsum(M)
sum(M, axis=1) = rowsum(M)
sum(M, axis=0, keepdims=True) = colsum(M)'
sum(M, axis=1, keepdims=True) = rowsum(M)
sum(x, axis=0) = sum(x)
mean(M, axis=0) = colmean(M)
mean(M, axis=1) = rowmean(M)
mean(M, axis=0, keepdims=True) = colmean(M)'
mean(M, axis=1, keepdims=True) = rowmean(M)
mean(x, axis=0) = mean(x)
var(x, axis=0) = var(x)
softmax(x, axis=0) = softmax(x)
softmax(M, axis=1) = softmax(M)
softmax(M, axis=0) = softmax(M')'
softmax(M) = !softmax of a matrix goes over an axis; write dim=-1 for its rows
log_softmax(x, axis=0) = log_softmax(x)
log_softmax(M, axis=1) = log_softmax(M)
log_softmax(M, axis=0) = log_softmax(M')'
log_softmax(M) = !log_softmax of a matrix goes over an axis; write dim=-1 for its rows
logsumexp(x, axis=0) = logsumexp(x)
logsumexp(M, axis=1) = logsumexp(M)
logsumexp(M, axis=1, keepdims=True) = logsumexp(M)
logsumexp(M, axis=0) = logsumexp(M')
logsumexp(M) = logsumexp(vec(M))
solve(M, B) = inv(M) @ B
dot(M, B) = M @ B
dot(x, B) = x @ B
matmul(A, B) = A @ B
mm(A, B) = A @ B
mv(A, B) = A @ B
trace(c) = !np.trace takes a matrix
det(c) = !np.linalg.det takes a matrix
inv(c) = !np.linalg.inv takes a matrix
slogdet(c)[1] = !np.linalg.slogdet takes a matrix
vdot(A, B) = inner(A, B)
inner(M, N) = M*N'
trace(A) = tr(A)
slogdet(A)[1] = logdet(A)
mse_loss(A, B) = mse(A, B)
mse_loss(A, B, reduction="mean") = mse(A, B)
mse_loss(A, B, reduction="sum") = sqdist(A, B)
mse_loss(A, B, reduction="none") = (A - B)**2
MSELoss(A, B) = mse(A, B)
L1Loss(A, B) = mean(abs(A - B))
HuberLoss(A, B) = mean(huber(A - B))
SmoothL1Loss(A, B) = mean(huber(A - B))
BCEWithLogitsLoss(A, B) = mean(softplus(A) - A * B)
l1_loss(A, B, reduction="none") = abs(A - B)
l1_loss(A, B, reduction="sum") = sum(abs(A - B))
vector_norm(A) = norm2(A)
vector_norm(M, axis=1) = norm(M, axis=1)
vector_norm(M, axis=0) = norm(M, axis=0)
matrix_norm(M) = normF(M)
logaddexp(0, A) = softplus(A)
logaddexp(A, 0) = softplus(A)
logaddexp(A, B) = B + softplus(A - B)
tensordot(A, B) = inner(A, B)
tensordot(A, B, axes=2) = inner(A, B)
tensordot(A, B, axes=1) = A @ B
tensordot(A, B, 2) = inner(A, B)
tensordot(A, B, 1) = A @ B
hypot(A, B) = sqrt(A**2 + B**2)
clamp(A, min=0) = relu(A)
clip(A, min=0) = relu(A)
clamp(A, min=B) = maximum(A, B)
clamp(A, max=B) = minimum(A, B)
clamp(A, min=B, max=C) = minimum(maximum(A, B), C)
clip(A, min=B) = maximum(A, B)
clip(A, max=B) = minimum(A, B)
clip(A, min=B, max=C) = minimum(maximum(A, B), C)
clip(A, min=B, max=None) = maximum(A, B)
clip(A, min=None, max=B) = minimum(A, B)
clip(A, B, None) = maximum(A, B)
clip(A, B, ∞) = maximum(A, B)
clip(A, None, B) = minimum(A, B)
clamp(A, B) = maximum(A, B)
clamp_min(A, B) = maximum(A, B)
clamp_max(A, B) = minimum(A, B)
hardtanh(A) = relu(1 + A) - relu(A - 1) - 1
relu6(A) = minimum(relu(A), 6)
softsign(A) = A / (1 + abs(A))
tanhshrink(A) = A - tanh(A)
leaky_relu(A, c) = relu(A) - c * relu(-A)
leaky_relu(A, alpha=c) = relu(A) - c * relu(-A)
elu(A, c) = relu(A) + c * (exp(-relu(-A)) - 1)
elu(A, alpha=c) = relu(A) + c * (exp(-relu(-A)) - 1)
normalize(x, axis=0) = x / norm2(x)
normalize(M, axis=1) = M / norm(M, axis=1, keepdims=True)
normalize(M, axis=0) = M / norm(M, axis=0, keepdims=True)
cosine_similarity(x, y, axis=0) = cosine(x, y)
diag_embed(x) = diag(x)
float(A) = A
double(A) = A
astype(A, B) = A
multiply(A, B) = A * B
mul(A, B) = A * B
add(A, B) = A + B
sub(A, B) = A - B
subtract(A, B) = A - B
div(A, B) = A / B
divide(A, B) = A / B
negative(A) = -A
neg(A) = -A
square(A) = A**2
power(A, B) = A**B
pow(A, B) = A**B
absolute(A) = abs(A)
matrix_power(M, B) = M^B
log1p(A) = log1p(A)
ger(x, y) = x*y'
t(A) = A'
adjoint(A) = A'
flatten(x) = x
ravel(x) = x
flatten(M) = vec(M')
ravel(M) = vec(M')
flatten(M, "F") = vec(M)
ravel(M, "F") = vec(M)
flatten(M, order="F") = vec(M)
ravel(M, order="F") = vec(M)
reshape(M, -1, order="F") = vec(M)
reshape(x, -1) = x
reshape(M, -1) = vec(M')
reshape(x, -1, 1) = x[:, None]
reshape(x, 1, -1) = x[None, :]
view(x, -1) = x
view(x, -1, 1) = x[:, None]
view(x, 1, -1) = x[None, :]
swapaxes(M, 0, 1) = M'
swapaxes(M, 1, 0) = M'
permute(M, 1, 0) = M'
conj(A) = A
view(M, -1) = vec(M')
expand_dims(x, 1) = x[:, None]
expand_dims(x, -1) = x[:, None]
expand_dims(x, 0) = x[None, :]
unsqueeze(x, 1) = x[:, None]
unsqueeze(x, -1) = x[:, None]
unsqueeze(x, 0) = x[None, :]
dist(x, y) = norm2(x - y)
dist(M, N) = normF(M - N)
addmm(A, M, N) = A + M @ N
addmv(A, M, x) = A + M @ x
baddbmm(A) = !a product of batches has three axes
bmm(A, B) = !a product of batches has three axes
l1_loss(A, B) = mean(abs(A - B))
huber_loss(A, B) = mean(huber(A - B))
smooth_l1_loss(A, B) = mean(huber(A - B))
binary_cross_entropy_with_logits(A, B) = mean(softplus(A) - A * B)
item(c) = c
clone(A) = A
copy(A) = A
detach(A) = !detach cuts the derivative
asarray(A) = A
array(A) = A
tensor(A) = A
relu(A) = relu(A)
det(A) = det(A)
logdet(A) = logdet(A)
pinv(A) = pinv(A)
cholesky(A) = chol(A)
eigvalsh(A) = eigvals(A)
matrix_rank(A) = rank(A)
xlogy(A, B) = A * log(B)
matvec(M, x) = M @ x
tf.reduce_sum(A) = sum(A)
tf.reduce_sum(M, axis=0) = colsum(M)
tf.reduce_sum(M, axis=1) = rowsum(M)
tf.reduce_sum(x, axis=0) = sum(x)
tf.reduce_mean(A) = mean(A)
tf.reduce_mean(M, axis=0) = colmean(M)
tf.reduce_mean(M, axis=1) = rowmean(M)
tf.reduce_logsumexp(x) = logsumexp(x)
matmul(M, N, transpose_a=True) = M.T @ N
matmul(M, N, transpose_b=True) = M @ N.T
multi_dot(A) = !a list is not read; write A @ B @ C
"""

MATLAB = """
sum(M, 2) = rowsum(M)
sum(M, 1) = !sum(.., 1) adds up each column in MATLAB, colsum(A)', and each row in NumPy, rowsum(A)
mean(M, 2) = rowmean(M)
mean(M, 1) = !mean(.., 1) takes each column in MATLAB, colmean(A)', and each row in NumPy, rowmean(A)
sum(x, 1) = sum(x)
mean(x, 1) = mean(x)
sum(A, "all") = sum(A)
mean(A, "all") = mean(A)
dot(M, x) = !dot of a matrix and a vector is their product in NumPy, M*x; declare the vectors where it is an inner product
dot(M, N) = !dot of matrices is the product in NumPy, A*B, and goes column by column in MATLAB, colsum(A.*B)'
times(A, B) = A.*B
mtimes(A, B) = A*B
plus(A, B) = A + B
minus(A, B) = A - B
rdivide(A, B) = A./B
mldivide(M, B) = inv(M)*B
mrdivide(A, N) = A*inv(N)
vecnorm(M, 2, 2) = sqrt(rowsum(M.^2))
t(M) = M'
t(x) = x'
reshape(M, [], 1) = vec(M)
repmat(x, 1, B) = x*ones(B)'
pmax(A, 0) = relu(A)
pmax(0, A) = relu(A)
pmax(A, B) = B + relu(A - B)
pmin(A, B) = B - relu(B - A)
plogis(A) = sigmoid(A)
nrow(M) = size(M, 1)
ncol(M) = size(M, 2)
logabsdet(M)[1] = logdet(M)
nuclearnorm(M) = nuclear(M)
quadform(x, M) = x'*M*x
var(x, 1) = var(x)
var(x, 0) = !var(x, 0) divides by n - 1 in MATLAB, and goes along axis 0 in NumPy; write var(x), which divides by n
std(x, 1) = std(x)
std(x, 0) = !std(x, 0) divides by n - 1 in MATLAB, and goes along axis 0 in NumPy; write std(x), which divides by n
vecnorm(M) = sqrt(colsum(M.^2))'
sum(M, dims=1) = colsum(M)'
sum(M, dims=2) = rowsum(M)
mean(M, dims=1) = colmean(M)'
mean(M, dims=2) = rowmean(M)
softmax(M, dims=1) = softmax(M')'
softmax(M, dims=2) = softmax(M)
logsumexp(M, dims=2) = logsumexp(M)
rowSums(M) = rowsum(M)
colSums(M) = colsum(M)
rowMeans(M) = rowmean(M)
colMeans(M) = colmean(M)
solve(M) = inv(M)
crossprod(A) = A'*A
crossprod(A, B) = A'*B
tcrossprod(A) = A*A'
tcrossprod(A, B) = A*B'
abs2(A) = A.^2
dot(x, M, y) = x'*M*y
Inverse(M) = inv(M)
Transpose(A) = A'
ConjugateTranspose(A) = A'
Norm(x) = norm2(x)
Norm(M) = !Norm of a matrix is the spectral norm in Mathematica, spectral(A); normF(A) is the Frobenius norm
Norm(A, "Frobenius") = normF(A)
Total(x) = sum(x)
Dot(x, y) = x'*y
Dot(x, M) = x'*M
Dot(M, B) = M*B
KroneckerProduct(A, B) = kron(A, B)
MatrixExp(M) = expm(M)
MatrixPower(M, A) = M^A
IdentityMatrix(A) = eye(A)
DiagonalMatrix(x) = diag(x)
LogisticSigmoid(A) = sigmoid(A)
Ramp(A) = relu(A)
"""

MODULES = frozenset(("np", "numpy", "jnp", "jax", "torch", "F", "nn", "scipy", "sp", "special", "linalg", "functional", "tf", "math",
                     "lax", "cp", "la", "LA", "npla"))
AXES = ("sum", "mean", "var", "std", "softmax", "log_softmax", "logsumexp")       # a second argument that is a number is an axis

REASONS = {"NORM": NORM, "LARGEST": LARGEST, "ROWSUM": ROWSUM, "COLUMNSUM": COLUMNSUM, "ALONG": ALONG}


def _row(text: str) -> Row:
    found = re.fullmatch(r"([\w.]+)\((.*?)\)(\[1\])? = (.*)", text)
    assert found is not None, text
    arguments = [a.strip() for a in found[2].split(",")]
    keywords = tuple(sorted((k, v) for k, _, v in (a.partition("=") for a in arguments if "=" in a)))
    meaning = REASONS.get(found[4], found[4])
    return Row(found[1] + (found[3] or ""), tuple(a for a in arguments if "=" not in a), keywords, meaning)


@cache
def rows(name: str, library: bool = False, matlab: bool = False) -> tuple[Row, ...]:
    """The rows of a spelling, the library's first where one is meant.

    >>> rows("ln")
    (Row(name='ln', arguments=('A',), keywords=(), meaning='log(A)'),)
    """
    tables = [LIBRARY] * library + [EVERYDAY] * (name not in ELEMENTWISE_NAMES) + [MATLAB] * matlab
    return tuple(r for text in tables for r in table(text) if r.name == name)


@cache
def table(text: str) -> tuple[Row, ...]:
    """The rows of LIBRARY, EVERYDAY or MATLAB."""
    return tuple(_row(line) for line in text.splitlines() if line)
