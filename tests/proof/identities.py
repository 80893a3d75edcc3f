"""Equations that hold for every size, and some that do not, over one list of declarations."""

DECLARE = (
    "A in R^(n,n)",
    "B in R^(n,n)",
    "C in R^(n,n)",
    "x in R^n",
    "y in R^n",
    "z in R^n",
    "a in R",
    "b in R",
    "c in R",
    "p in R positive",
    "q in R positive",
    "r in R positive",
    "X in R^(m,n)",
    "Y in R^(m,n)",
    "U in R^(n,k)",
    "W in R^(k,n)",
    "Z in R^(n,p)",
    "u in R^m",
    "v in R^k",
    "S in R^(n,n) symmetric",
    "K in R^(n,n) skew",
    "Q in R^(n,n) orthogonal",
    "P in R^(n,n) spd",
    "D in R^(n,n) diagonal",
    "L in R^(n,n) lower",
    "w in R^n positive",
    "s in R^n simplex",
    "f: R -> R",
    "g: R^n -> R",
    "h: R^n -> R^m",
    "M in R^(m,m)",
    "N in R^(k,k)",
    "t in R",
    "G in R^(m*n,m*n) symmetric",
    "H in R^(m*n,m*n) spd",
)

TRUE = """
inv(A + B) == inv(A) - inv(A)*inv(inv(A) + inv(B))*inv(A)
inv(inv(A) + inv(B)) == A*inv(A + B)*B
inv(inv(A) + inv(B)) == B*inv(A + B)*A
inv(inv(A) + inv(B)) == A - A*inv(A + B)*A
inv(A) + inv(B) == inv(A)*(A + B)*inv(B)
inv(eye(n) + A) == eye(n) - A*inv(eye(n) + A)
inv(eye(n) + A) == eye(n) - inv(eye(n) + A)*A
(eye(n) + inv(A))*A == A + eye(n)
inv(eye(n) + inv(A)) == A*inv(A + eye(n))
inv(A + x*x') == inv(A) - inv(A)*x*x'*inv(A)/(1 + x'*inv(A)*x)
inv(A + a*x*y') == inv(A) - a*inv(A)*x*y'*inv(A)/(1 + a*y'*inv(A)*x)
inv(A + U*N*W) == inv(A) - inv(A)*U*inv(inv(N) + W*inv(A)*U)*W*inv(A)
inv(A + U*U') == inv(A) - inv(A)*U*inv(eye(k) + U'*inv(A)*U)*U'*inv(A)
U*inv(eye(k) + W*U) == inv(eye(n) + U*W)*U
P*U*inv(U'*P*U + N) == inv(inv(P) + U*inv(N)*U')*U*inv(N)
inv(inv(P) + U*inv(N)*U')*U*inv(N) == P*U*inv(U'*P*U + N)
inv(X'*X)*X'*X == eye(n)
X*inv(X'*X)*X'*X == X
(eye(m) - X*inv(X'*X)*X')*X == zeros(m,n)
tr(X*inv(X'*X)*X') == n
tr(eye(m) - X*inv(X'*X)*X') == m - n
inv(A*B*C) == inv(C)*inv(B)*inv(A)
inv(2*A) == 0.5*inv(A)
inv(a*A) == inv(A)/a
inv(A^2) == inv(A)^2
inv(A')' == inv(A)
inv(inv(A)) == A
A^-2 == inv(A*A)
inv(-A) == -inv(A)
det(A*B) == det(A)*det(B)
det(inv(A)) == 1/det(A)
det(A^3) == det(A)^3
det(2*A) == 2^n*det(A)
det(a*A) == a^n*det(A)
det(-A) == (-1)^n*det(A)
det(A*B) == det(B*A)
det(B*A*inv(B)) == det(A)
det(A + x*y') == det(A) + y'*adj(A)*x
det(A + U*W) == det(A)*det(eye(k) + W*inv(A)*U)
det(eye(n) + x*y') == 1 + x'*y
det(eye(n) - x*y') == 1 - y'*x
det(a*eye(n)) == a^n
det(eye(n)) == 1
det(kron(A, M)) == det(A)^m*det(M)^n
logdet(A*B) == logdet(A) + logdet(B)
logdet(A^2) == 2*logdet(A)
logdet(p*A) == n*log(p) + logdet(A)
logdet(kron(A,M)) == m*logdet(A) + n*logdet(M)
log(det(P)) == logdet(P)
det(P) == exp(logdet(P))
logdet(eye(n) + x*x') == log(1 + x'*x)
logdet(Q) == 0
det(Q)^2 == 1
abs(det(Q)) == 1
adj(A)*A == det(A)*eye(n)
A*adj(A) == det(A)*eye(n)
adj(A*B) == adj(B)*adj(A)
adj(A') == adj(A)'
adj(a*A) == a^(n-1)*adj(A)
det(adj(A)) == det(A)^(n-1)
adj(inv(A)) == inv(adj(A))
adj(inv(A)) == A/det(A)
kron(A,B)*kron(C,A) == kron(A*C,B*A)
inv(kron(A,M)) == kron(inv(A),inv(M))
kron(A, B + C) == kron(A,B) + kron(A,C)
tr(kron(A,M)) == tr(A)*tr(M)
vec(A*B*C) == kron(C', A)*vec(B)
vec(X*U) == kron(U', eye(m))*vec(X)
vec(X*U) == kron(eye(k), X)*vec(U)
vec(x*y') == kron(y, x)
kron(x, y') == x*y'
kron(x', y) == y*x'
comm(m,n)*vec(X) == vec(X')
comm(m,n)' == comm(n,m)
comm(n,m)*comm(m,n) == eye(m*n)
comm(m,n)*kron(A, M)*comm(n,m) == kron(M, A)
kron(A,M)*comm(n,m) == comm(n,m)*kron(M,A)
tr(comm(n,n)) == n
vec(A)'*vec(B) == tr(A'*B)
vec(A')'*vec(B) == tr(A*B)
tr(A'*B*C*A) == vec(A)'*kron(A', B*C)*vec(eye(n)) + tr(A'*B*C*A) - vec(A)'*kron(A', B*C)*vec(eye(n))
unvec(vec(X), m, n) == X
vec(diag(x)) == diag(vec(eye(n)))*kron(ones(n), x)
kron(A,B)' == kron(A',B')
kron(kron(A,B),C) == kron(A,kron(B,C))
normF(kron(A,B)) == normF(A)*normF(B)
tr(A) == tr(A')
tr(A*B) == tr(B*A)
tr(A*B*C) == tr(B*C*A)
tr(x*y') == x'*y
tr(A'*A) == normF(A)^2
sum(A) == ones(n)'*A*ones(n)
sum(X) == sum(rowsum(X))
sum(X) == sum(colsum(X))
rowsum(X) == X*ones(n)
colsum(X) == X'*ones(m)
diag(x)*y == x.*y
diag(x)*ones(n) == x
diag(diag(x)) == x
diag(A*B') == rowsum(A.*B)
diag(x)*A == (x*ones(n)').*A
A*diag(x) == A.*(ones(n)*x')
diag(x)*A*diag(y) == A.*(x*y')
x'*(A.*B)*y == tr(diag(x)*A*diag(y)*B')
inv(diag(x)) == diag(ones(n)./x)
det(diag(w)) == exp(sum(log(w)))
logdet(diag(x)) == sum(log(abs(x)))
expm(zeros(n,n)) == eye(n)
expm(diag(x)) == diag(exp(x))
expm(A)*expm(-A) == eye(n)
inv(expm(A)) == expm(-A)
expm(A') == expm(A)'
A*expm(A) == expm(A)*A
inv(A)*expm(A) == expm(A)*inv(A)
det(expm(A)) == exp(tr(A))
logdet(expm(A)) == tr(A)
expm(a*eye(n)) == exp(a)*eye(n)
tr(A*expm(A)) == tr(expm(A)*A)
tr(expm(A)*expm(-A)) == n
expm_frechet(A, eye(n)) == expm(A)
tr(expm_frechet(A, B)) == tr(expm(A)*B)
exp(a + b) == exp(a)*exp(b)
exp(-a) == 1/exp(a)
exp(a)^3 == exp(3*a)
sqrt(exp(a)) == exp(a/2)
log(exp(a)) == a
exp(log(p)) == p
log(p*q) == log(p) + log(q)
log(p/q) == log(p) - log(q)
log(p^3) == 3*log(p)
log(sqrt(p)) == log(p)/2
log(a^2) == 2*log(abs(a))
log(1/p) == -log(p)
log(2*p) == log(2) + log(p)
log(4) == 2*log(2)
log(6) == log(2) + log(3)
p^a*p^b == p^(a+b)
(p^a)^b == p^(a*b)
(p*q)^a == p^a*q^a
p^(-a) == 1/p^a
2^(a+1) == 2*2^a
p^2*p^3 == p^5
sqrt(p)*sqrt(q) == sqrt(p*q)
sqrt(8) == 2*sqrt(2)
sqrt(p)^3 == p*sqrt(p)
sqrt(a^2) == abs(a)
1/sqrt(p) == sqrt(p)/p
(a + b)^2 == a^2 + 2*a*b + b^2
(a^2 - b^2)/(a - b) == a + b
(a^3 - b^3)/(a - b) == a^2 + a*b + b^2
1/(a - b) + 1/(b - a) == 0
1/a + 1/b == (a + b)/(a*b)
a/(a + b) + b/(a + b) == 1
1/(a*(a+1)) == 1/a - 1/(a+1)
1/(1 + 1/a) == a/(a + 1)
(a - b)/(a^2 - b^2) == 1/(a + b)
sinh(2*a) == 2*sinh(a)*cosh(a)
cosh(2*a) == cosh(a)^2 + sinh(a)^2
tanh(a) == sinh(a)/cosh(a)
tanh(a) == 2*sigmoid(2*a) - 1
tanh(-a) == -tanh(a)
tanh(a+b) == (tanh(a)+tanh(b))/(1+tanh(a)*tanh(b))
1 - tanh(a)^2 == 1/cosh(a)^2
sigmoid(a) == 1/(1 + exp(-a))
sigmoid(a) == exp(a)/(1 + exp(a))
sigmoid(a) + sigmoid(-a) == 1
sigmoid(a) == 0.5*(1 + tanh(a/2))
sigmoid(a)*(1 - sigmoid(a)) == exp(-a)/(1 + exp(-a))^2
log(sigmoid(a)/(1 - sigmoid(a))) == a
log(1 - sigmoid(a)) == -softplus(a)
softplus(a) == log(1 + exp(a))
softplus(a) == a + softplus(-a)
softplus(a) - softplus(-a) == a
softplus(a) == -log(sigmoid(-a))
exp(softplus(a)) == 1 + exp(a)
silu(a) == a*sigmoid(a)
silu(a) - silu(-a) == a
relu(a) - relu(-a) == a
relu(a) + relu(-a) == abs(a)
relu(a)*relu(-a) == 0
relu(a)^2 == a*relu(a)
abs(-a) == abs(a)
abs(a)^2 == a^2
abs(a) == sqrt(a^2)
abs(a*b) == abs(a)*abs(b)
abs(a/b) == abs(a)/abs(b)
sign(a*b) == sign(a)*sign(b)
sign(a)*abs(a) == a
sign(-a) == -sign(a)
a/abs(a) == sign(a)
sign(a)^2 == 1
abs(p) == p
relu(p) == p
erf(-a) == -erf(a)
gelu(a) - gelu(-a) == a
sin(-a) == -sin(a)
cos(-a) == cos(a)
sin(a)^2 + cos(a)^2 == 1
sin(2*a) == 2*sin(a)*cos(a)
cos(2*a) == cos(a)^2 - sin(a)^2
cos(2*a) == 1 - 2*sin(a)^2
cos(a - b) == cos(a)*cos(b) + sin(a)*sin(b)
sin(a + b)*sin(a - b) == sin(a)^2 - sin(b)^2
sin(3*a) == 3*sin(a) - 4*sin(a)^3
tan(a) == sin(a)/cos(a)
1 + tan(a)^2 == 1/cos(a)^2
tan(a + b) == (tan(a) + tan(b))/(1 - tan(a)*tan(b))
tan(2*a) == 2*tan(a)/(1 - tan(a)^2)
arcsin(a) + arccos(a) == 2*arctan(1)
arctan(-a) == -arctan(a)
sin(arcsin(a)) == a
cos(arccos(a)) == a
tan(arctan(a)) == a
cos(arcsin(a)) == sqrt(1 - a^2)
sin(pi) == 0
cos(pi) == -1
sin(a + pi) == -sin(a)
cos(a + pi/2) == -sin(a)
expm1(a) == exp(a) - 1
log1p(expm1(a)) == a
softmax(x + a*ones(n)) == softmax(x)
softmax(x) == exp(x)/sum(exp(x))
softmax(x) == exp(x - logsumexp(x)*ones(n))
sum(softmax(x)) == 1
log(softmax(x)) == x - logsumexp(x)*ones(n)
softmax(log(w)) == w/sum(w)
logsumexp(log(w)) == log(sum(w))
logsumexp(a*ones(n)) == a + log(n)
logsumexp(x + a*ones(n)) == a + logsumexp(x)
rowsum(softmax(X)) == ones(m)
softmax(X + u*ones(n)') == softmax(X)
(diag(softmax(x)) - softmax(x)*softmax(x)')*ones(n) == zeros(n)
norm2(a*x) == abs(a)*norm2(x)
norm2(x)^2 == x'*x
norm2(x/norm2(x)) == 1
norm2(-x) == norm2(x)
norm2(x + y)^2 == norm2(x)^2 + 2*x'*y + norm2(y)^2
norm2(x - y) == norm2(y - x)
norm2(Q*x) == norm2(x)
norm2(Q*x - Q*y) == norm2(x - y)
normF(Q*A) == normF(A)
normF(A*Q') == normF(A)
normF(X)^2 == sum(X.^2)
norm1(a*x) == abs(a)*norm1(x)
norm1(w) == sum(w)
norm1(-x) == norm1(x)
x'*A*x == x'*(A + A')*x/2
x'*K*x == 0
tr(K) == 0
tr(K*S) == 0
K' == -K
(K*K)' == K*K
x'*K*y == -y'*K*x
inv(K)' == -inv(K)
tr(K*A) == tr(K*(A - A'))/2
tr(S*A) == tr(S*(A + A'))/2
S' == S
inv(S)' == inv(S)
(S*A*S)' == S*A'*S
A'*S*A == (A'*S*A)'
D*D' == D^2
D*x == diag(D).*x
D*A.*eye(n) == diag(diag(D).*diag(A))
D*diag(x) == diag(x)*D
inv(D) == diag(ones(n)./diag(D))
tr(D) == sum(diag(D))
Q'*Q == eye(n)
inv(Q) == Q'
tr(Q'*A*Q) == tr(A)
det(Q'*A*Q) == det(A)
inv(Q'*A*Q) == Q'*inv(A)*Q
sum(s) == 1
s'*ones(n) == 1
(s*ones(n)')*s == s
diag(L) == diag(L')
diag(L*L) == diag(L).^2
det(P) == abs(det(P))
sqrt(x'*P*x)^2 == x'*P*x
sqrt(4*x'*x) == 2*norm2(x)
(x.*y)./y == x
x./x == ones(n)
(x./y).^2 == x.^2./y.^2
(x + y).*(x - y) == x.^2 - y.^2
(x.*y)'*z == x'*(y.*z)
(x*y')*z == (y'*z)*x
(x*y').*(z*x') == (x.*z)*(y.*x)'
(eye(n) - ones(n,n)/n)*ones(n) == zeros(n)
(eye(n) - ones(n,n)/n)*(eye(n) - ones(n,n)/n) == eye(n) - ones(n,n)/n
tr(eye(n) - ones(n,n)/n) == n - 1
x'*(eye(n) - ones(n,n)/n)*x == sum(x.^2) - sum(x)^2/n
sum((x - sum(x)/n*ones(n)).^2) == x'*x - sum(x)^2/n
(x*x')^2 == (x'*x)*x*x'
(eye(n) - 2*x*x'/(x'*x))^2 == eye(n)
(eye(n) - 2*x*x'/(x'*x))*x == -x
inv(eye(n) - 2*x*x'/(x'*x)) == eye(n) - 2*x*x'/(x'*x)
inv(eye(n) + a*ones(n,n)) == eye(n) - a/(1 + a*n)*ones(n,n)
det(eye(n) + a*ones(n,n)) == 1 + a*n
sum(ones(n)./(ones(n) + exp(x))) == sum(sigmoid(-x))
sum(x./(x + y)) + sum(y./(x + y)) == n
sum((x.^2 - y.^2)./(x + y)) == sum(x - y)
(inv(A) - inv(A + B)) == inv(A)*B*inv(A + B)
A*inv(A + B)*B == B*inv(A + B)*A
(A + B)*inv(A)*B == B + B*inv(A)*B
inv(A)*(A + B)*inv(B) == inv(A) + inv(B)
(eye(n) - A)*(eye(n) + A + A^2) == eye(n) - A^3
inv(eye(n) - A) == eye(n) + A + A^2*inv(eye(n) - A)
(eye(n) - K)*inv(eye(n) + K) == inv(eye(n) + K)*(eye(n) - K)
((eye(n) - K)*inv(eye(n) + K))'*((eye(n) - K)*inv(eye(n) + K)) == eye(n)
(A*B - B*A)' == B'*A' - A'*B'
tr(A*B - B*A) == 0
tr((A*B)^3) == tr((B*A)^3)
(A*B - B*A)*C - C*(A*B - B*A) + (B*C - C*B)*A - A*(B*C - C*B) + (C*A - A*C)*B - B*(C*A - A*C) == zeros(n,n)
tr(inv(A)*B*A) == tr(B)
d(x'*A*y)/d(A) == x*y'
d(tr(A*B))/d(A) == B'
d(inv(A))/d(A) == -kron(inv(A), inv(A)')
d(det(A))/d(A) == adj(A)'
d(norm2(x))/d(x) == x/norm2(x)
d(x'*S*x)/d(x) == 2*S*x
d(log(det(P)))/d(P) == inv(P)
d(f(a'*1*b))/d(a) == b*f'(a*b)
d(sum(f(X)))/d(X) == f'(X)
d(f(x).*x)/d(x) == diag(f(x) + x.*f'(x))
d(g(A*x))/d(x) == A'*grad(g)(A*x)
d(g(A*x))/d(A) == grad(g)(A*x)*x'
d(d(g(x))/d(x))/d(x) == hess(g)(x)
d(h(A*x))/d(x) == A'*jac(h)(A*x)
d(u'*h(x))/d(x) == jac(h)(x)*u
d(g(x)*h(x))/d(x) == g(x)*jac(h)(x) + grad(g)(x)*h(x)'
d(f(g(x)))/d(x) == f'(g(x))*grad(g)(x)
d(g(x)/norm2(x))/d(x) == grad(g)(x)/norm2(x) - g(x)*x/norm2(x)^3
d(expm(t*A))/d(t) == vec(A*expm(t*A))'
d(softmax(x)'*y)/d(x) == softmax(x).*y - (softmax(x)'*y)*softmax(x)
d(logsumexp(A*x))/d(x) == A'*softmax(A*x)
d(tr(expm(A)))/d(A) == expm(A)'
d(vec(X))/d(X) == eye(m*n)
vec(X)'*G*vec(Y) == vec(Y)'*G*vec(X)
tr(kron(A, M)*G) == tr(kron(A', M')*G)
d(vec(X)'*H*vec(X))/d(X) == unvec(2*H*vec(X), m, n)
d(X*x)/d(X) == kron(x, eye(m))
d(diag(x))/d(x) == d(vec(diag(x)))/d(x)
d(x*x')/d(x) == kron(x', eye(n)) + kron(eye(n), x')
d(P*x)/d(x) == P
d(x.^3)/d(x) == 3*diag(x.^2)
d(a^b)/d(b) == log(a)*a^b
d(p^b)/d(b) == log(p)*p^b
sum(exp(x).*softmax(-x)) == n/sum(exp(-x))
X*inv(X'*X + p*eye(n)) == inv(X*X' + p*eye(m))*X
inv(X'*X + p*eye(n))*X' == X'*inv(X*X' + p*eye(m))
logdet(eye(n) + X'*X) == logdet(eye(m) + X*X')
det(p*eye(n) + X'*X)*p^m == det(p*eye(m) + X*X')*p^n
tr(X'*X*inv(X'*X + p*eye(n))) == n - p*tr(inv(X'*X + p*eye(n)))
y'*inv(A + x*x')*x == y'*inv(A)*x/(1 + x'*inv(A)*x)
x'*inv(A + x*x')*x == x'*inv(A)*x/(1 + x'*inv(A)*x)
1 - x'*inv(P + x*x')*x == 1/(1 + x'*inv(P)*x)
erf(a)*2 == erf(a) - erf(-a)
(ones(n) - sigmoid(x)) == sigmoid(-x)
tanh(x).^2 + (ones(n) - tanh(x).^2) == ones(n)
exp(x + y) == exp(x).*exp(y)
exp(diag(x)) == ones(n,n) - eye(n) + diag(exp(x))
log(exp(x).*exp(y)) == x + y
sqrt(w.^2) == w
sqrt(w).*sqrt(w) == w
sum(log(w.^a)) == a*sum(log(w))
A^2*A^-1 == A
(A + A')/2 + (A - A')/2 == A
sum(A.*(x*y')) == x'*A*y
x'*diag(y)*z == sum(x.*y.*z)
diag(X*X') == rowsum(X.^2)
normF(x*y') == norm2(x)*norm2(y)
kron(x, y)'*kron(x, y) == (x'*x)*(y'*y)
kron(A, B)*kron(x, y) == kron(A*x, B*y)
norm2(kron(x, y)) == norm2(x)*norm2(y)
sqrt((a - b)^2) == abs(a - b)
sqrt(a^2 - 2*a*b + b^2) == abs(b - a)
sqrt((m - n)^2) == abs(m - n)
sqrt((n - 1)^2) == n - 1
1/sqrt((x'*A*y - b)^2) == 1/abs(b - x'*A*y)
log((a - b)^2) == 2*log(abs(a - b))
sqrt((x - y).^2) == abs(x - y)
(a^2 + 2*a*b + b^2)^(3/2) == abs(a + b)^3
sqrt(exp(2*a) + 2 + exp(-2*a)) == exp(a) + exp(-a)
sqrt((a*b - x'*y + p)^2) == abs(x'*y - a*b - p)
sum(1./(x.*(x + y))) == sum((1./x - 1./(x + y))./y)
""".strip().splitlines()

FALSE = """
sqrt((a - b)^2) == a - b
sqrt((m - n)^2) == m - n
sqrt(a^2 - 2*a*b + b^2) == abs(a + b)
sqrt(a^2 + b^2 + 2*p) == abs(a + b)
log((a - b)^2) == log(abs(a - b))
A*B == B*A
inv(A + B) == inv(A) + inv(B)
inv(A*B) == inv(A)*inv(B)
det(A + B) == det(A) + det(B)
det(2*A) == 2*det(A)
tr(kron(A, M)*G) == tr(kron(A', M)*G)
d(vec(X)'*H*vec(X))/d(X) == unvec(H*vec(X), m, n)
tr(A*B*C) == tr(A*C*B)
tr(A*B) == tr(A)*tr(B)
(A + B)^2 == A^2 + 2*A*B + B^2
(A*B)' == A'*B'
vec(A*B*C) == kron(A, C')*vec(B)
kron(A, M) == kron(M', A')'
log(a^2) == 2*log(a)
log(a*b) == log(a) + log(b)
sqrt(a^2) == a
sqrt(a*b) == sqrt(a)*sqrt(b)
(a*b)^c == a^c*b^c
(a^2)^b == a^(2*b)
abs(a + b) == abs(a) + abs(b)
abs(a) == a
sign(a)*a == a
relu(a + b) == relu(a) + relu(b)
exp(a*b) == exp(a)*exp(b)
sin(a + b) == sin(a) + sin(b)
sigmoid(2*a) == 2*sigmoid(a)
sigmoid(a) == 1 - tanh(a)
tanh(a) == 2*sigmoid(a) - 1
softmax(2*x) == softmax(x)
softmax(x + y) == softmax(x).*softmax(y)
sum(s.*s) == 1
norm2(x + y) == norm2(x) + norm2(y)
norm2(A*x) == norm2(x)
norm2(L*x) == norm2(x)
normF(A*B) == normF(A)*normF(B)
x'*A*x == x'*S*x
x'*S*x == 0
x'*K*K*x == 0
tr(K*A) == 0
S*A == A*S
S*D == D*S
K' == K
det(Q) == 1
Q*Q == eye(n)
D*A == A*D
diag(L*L') == diag(L).^2
L == L'
expm(A + B) == expm(A)*expm(B)
expm(A)*B == B*expm(A)
expm_frechet(A, B) == B*expm(A)
inv(X'*X) == inv(X)*inv(X')
X*inv(X'*X)*X' == eye(m)
A*inv(A + B) == inv(A + B)*A
A*inv(A*B + eye(n)) == inv(A*B + eye(n))*A
inv(A + x*y') == inv(A) - inv(A)*x*y'*inv(A)
inv(A + x*y') == inv(A) - inv(A)*x*y'*inv(A)/(1 + x'*inv(A)*y)
det(A + x*y') == det(A)*(1 + x'*inv(A)*y)
det(eye(n) + U*W) == det(eye(k) - W*U)
inv(inv(A) + inv(B)) == B*inv(A + B)*B
sum(x.*y) == sum(x)*sum(y)
sum(A*x) == sum(A)*sum(x)
sum(x./y) == sum(x)/sum(y)
ones(n)'*A*x == sum(A)
x*y' == y*x'
(x*y')*z == (x'*y)*z
diag(A)*x' == A
diag(diag(A)) == A
x'*diag(y)*z == sum(x)*sum(y.*z)
(eye(n) - ones(n,n)/n)*x == x
tr(eye(n) - ones(n,n)/n) == n
rowsum(X) == X*ones(n)/n
comm(m,n)*vec(X) == vec(X)
a/(a + b) == 1/(1 + a/b) + b
1/(a + b) == 1/a + 1/b
(a - b)/(a^2 - b^2) == 1/(a - b)
(a^3 - b^3)/(a - b) == a^2 + b^2
arctan(a/b) + arctan(b/a) == 2*arctan(1)
arctan(tan(a)) == a
arcsin(sin(a)) == a
cos(arcsin(a)) == 1 - a
erf(a) == erf(-a)
(x./y).*z == x./(y.*z)
d(x'*A*x)/d(x) == 2*A*x
d(logdet(A))/d(A) == inv(A)
d(tr(A^3))/d(A) == 3*A^2
d(softmax(x))/d(x) == diag(softmax(x))
d(f(g(x)))/d(x) == f'(g(x))*grad(g)(A*x)
d(f(f(x)))/d(x) == diag(f'(x).*f'(x))
d(h(A*x))/d(x) == jac(h)(A*x)*A
d(inv(A))/d(A) == -kron(inv(A)', inv(A))
d(A*x)/d(x) == A
d(expm(A)*x)/d(x) == expm(A)
d(x'*S*x)/d(S) == 2*x*x' - diag(x.^2)
d(norm1(x))/d(x) == ones(n)
d(P*x)/d(P) == kron(eye(n), x)
det(A) == det(B)
tr(A^2) == tr(A)^2
A^2 - tr(A)*A + det(A)*eye(n) == zeros(n,n)
det(A) == (tr(A)^2 - tr(A^2))/2
adj(A) == tr(A)*eye(n) - A
hess(g)(x) == grad(g)(x)*grad(g)(x)'
diag(adj(K)) == -diag(adj(K)')
diag(d(det(K))/d(K)) == zeros(n)
adj(K)' == -adj(K)
adj(x*x')*x == zeros(n)
det(Q.^2)^2 == 1
abs(det(Q.*Q)) == 1
""".strip().splitlines()
