"""More equations from the books, true for every size, and what they are mistaken for; a second list of declarations."""

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
    "X in R^(m,n)",
    "Y in R^(m,n)",
    "U in R^(n,k)",
    "V in R^(k,n)",
    "S in R^(n,n) symmetric",
    "K in R^(n,n) skew",
    "Q in R^(n,n) orthogonal",
    "P in R^(n,n) spd",
    "R in R^(n,n) spd",
    "D in R^(n,n) diagonal",
    "L in R^(n,n) lower",
    "w in R^n positive",
    "s in R^n simplex",
    "p in R positive",
    "q in R positive",
    "f: R -> R",
    "g: R^n -> R",
    "h: R^n -> R^m",
    "M in R^(m,m)",
    "N in R^(k,k)",
    "t in R",
    "u in R^m",
    "T in R^(m,n) simplex",
    "E in R^(n,n) diagonal",
)

TRUE = """
exp(x'*inv(inv(P) + inv(R))*x) == exp(x'*P*x)*exp(-x'*P*inv(P + R)*P*x)
expm(A + c*eye(n)) == exp(c)*expm(A)
diagonal(inv(L)) == 1./diagonal(L)
logdet(L*L') == 2*sum(log(abs(diagonal(L))))
det(p*(A + B)*(A + C)) == p^n*det(A + B)*det(A + C)
sqrtm(Q*P*Q') == Q*sqrtm(P)*Q'
inv(A - U*inv(N)*V) == inv(A) + inv(A)*U*inv(N - V*inv(A)*U)*V*inv(A)
inv(eye(n) + A*B) == eye(n) - A*inv(eye(n) + B*A)*B
inv(A + B)*A + inv(A + B)*B == eye(n)
A*inv(A + B)*B == B*inv(A + B)*A
A*inv(A + B)*B == A - A*inv(A + B)*A
(A + B)*inv(A)*(A - B) == A - B + B - B*inv(A)*B
inv(A*inv(B)*C) == inv(C)*B*inv(A)
inv(eye(n) - A)*(eye(n) - A^4) == eye(n) + A + A^2 + A^3
(eye(n) - A)*inv(eye(n) + A) == inv(eye(n) + A)*(eye(n) - A)
inv(eye(n) + A)*(eye(n) - A) == 2*inv(eye(n) + A) - eye(n)
inv(eye(n) + K)*(eye(n) - K)*(inv(eye(n) + K)*(eye(n) - K))' == eye(n)
(X*inv(X'*X)*X')^2 == X*inv(X'*X)*X'
(eye(m) - X*inv(X'*X)*X')^2 == eye(m) - X*inv(X'*X)*X'
(X*inv(X'*X)*X')' == X*inv(X'*X)*X'
X'*inv(X*X' + p*eye(m)) == inv(X'*X + p*eye(n))*X'
tr(X*inv(X'*X + p*eye(n))*X') == n - p*tr(inv(X'*X + p*eye(n)))
(eye(n) - ones(n,n)/n)^2 == eye(n) - ones(n,n)/n
(eye(n) - ones(n,n)/n)*ones(n) == zeros(n)
x'*(eye(n) - ones(n,n)/n)*x == x'*x - sum(x)^2/n
tr(eye(n) - ones(n,n)/n) == n - 1
(eye(n) - 2*x*x'/(x'*x))^2 == eye(n)
(eye(n) - 2*x*x'/(x'*x))*x == -x
(eye(n) - x*x'/(x'*x))*x == zeros(n)
det(eye(n) - 2*x*x'/(x'*x)) == -1
det(A + a*x*y') == det(A)*(1 + a*y'*inv(A)*x)
det(eye(m) + X*Y') == det(eye(n) + Y'*X)
det(A - x*y') == det(A) - y'*adj(A)*x
logdet(A + U*U') == logdet(A) + logdet(eye(k) + U'*inv(A)*U)
logdet(P + x*x') == logdet(P) + log(1 + x'*inv(P)*x)
det(A*B*C) == det(C)*det(B)*det(A)
det(kron(A,B)) == det(kron(B,A))
det(inv(A)*B*A) == det(B)
logdet(inv(A)) == -logdet(A)
logdet(A*A') == 2*logdet(A)
adj(A)' == adj(A')
det(A)*inv(A) == adj(A)
tr(A*B*C) == tr(C*A*B)
tr(A*B) - tr(B*A) == 0
tr((A*B - B*A)*C) == tr(A*(B*C - C*B))
tr(A'*A) == normF(A)^2
normF(A + B)^2 == normF(A)^2 + 2*tr(A'*B) + normF(B)^2
normF(Q*A) == normF(A)
norm2(Q*x) == norm2(x)
normF(x*y') == norm2(x)*norm2(y)
vec(A*B + B*C) == (kron(eye(n), A) + kron(C', eye(n)))*vec(B)
vec(x*x') == kron(x, x)
vec(a*A + b*B) == a*vec(A) + b*vec(B)
vec(A)'*kron(B, C)*vec(A) == tr(A'*C*A*B')
kron(A,B)' == kron(A',B')
kron(A,B)*kron(x,y) == kron(A*x, B*y)
kron(x,y)'*kron(x,y) == (x'*x)*(y'*y)
kron(A,B)*vec(C) == vec(B*C*A')
kron(kron(A,B),C) == kron(A,kron(B,C))
kron(a*A,B) == kron(A,a*B)
comm(n,n)*kron(x,y) == kron(y,x)
comm(m,n)*kron(y,u) == kron(u,y)
comm(n,n)*comm(n,n) == eye(n^2)
comm(n,n)*kron(A,B)*comm(n,n) == kron(B,A)
tr(comm(n,n)*kron(A,B)) == tr(A*B)
(eye(n*n) + comm(n,n))*kron(x,x) == 2*kron(x,x)
(eye(n*n) + comm(n,n))^2 == 2*(eye(n*n) + comm(n,n))
diag(x)*diag(y) == diag(y)*diag(x)
diag(x)*A*diag(y) == (x*y').*A
x'*(A.*B)*y == tr(diag(x)*A*diag(y)*B')
diag(A*diag(x)*B') == (A.*B)*x
(A.*B)' == A'.*B'
(x*y').*(z*w') == (x.*z)*(y.*w)'
sum(A.*B) == tr(A'*B)
rowsum(A.*B) == diag(A*B')
softmax(x + a*ones(n)) == softmax(x)
softmax(x)'*ones(n) == 1
log(softmax(x)) == x - logsumexp(x)*ones(n)
logsumexp(x + a*ones(n)) == logsumexp(x) + a
softmax(x) == exp(x - logsumexp(x)*ones(n))
exp(x)./sum(exp(x)) == softmax(x)
sigmoid(-a) == 1 - sigmoid(a)
sigmoid(a)*(1 - sigmoid(a)) == exp(-a)/(1 + exp(-a))^2
tanh(a) == 2*sigmoid(2*a) - 1
log(sigmoid(a)) == -softplus(-a)
softplus(a) - softplus(-a) == a
sigmoid(a - b) == exp(a)/(exp(a) + exp(b))
tanh(a + b) == (tanh(a) + tanh(b))/(1 + tanh(a)*tanh(b))
cosh(a)^2 - sinh(a)^2 == 1
sinh(2*a) == 2*sinh(a)*cosh(a)
cosh(a + b) == cosh(a)*cosh(b) + sinh(a)*sinh(b)
sin(a + b)*sin(a - b) == sin(a)^2 - sin(b)^2
cos(3*a) == 4*cos(a)^3 - 3*cos(a)
sin(a)*cos(b) == (sin(a + b) + sin(a - b))/2
relu(a) - relu(-a) == a
relu(a) + relu(-a) == abs(a)
abs(a*b) == abs(a)*abs(b)
sign(a)*abs(a) == a
relu(x) == 0.5*(x + abs(x))
sqrt(p*q) == sqrt(p)*sqrt(q)
log(p^3/q) == 3*log(p) - log(q)
w.^a.*w.^b == w.^(a + b)
log(w.^2) == 2*log(w)
exp(log(w)) == w
d(f(g(x)))/d(x) == f'(g(x))*grad(g)(x)
d(f(x'*x))/d(x) == 2*f'(x'*x)*x
d(g(A*x))/d(x) == A'*grad(g)(A*x)
d(g(x)^2)/d(x) == 2*g(x)*grad(g)(x)
d(log(g(x)))/d(x) == grad(g)(x)/g(x)
d(g(x)*x)/d(x) == grad(g)(x)*x' + g(x)*eye(n)
d(h(A*x))/d(x) == A'*jac(h)(A*x)
d(u'*h(x))/d(x) == jac(h)(x)*u
d(h(x)'*h(x))/d(x) == 2*jac(h)(x)*h(x)
d(grad(g)(x)'*y)/d(x) == hess(g)(x)*y
d(x'*A*x/(x'*x))/d(x) == (A + A')*x/(x'*x) - 2*(x'*A*x)*x/(x'*x)^2
d(tr(inv(A)*B))/d(A) == -(inv(A)*B*inv(A))'
d(logdet(A'*A))/d(A) == 2*inv(A')
d(logdet(eye(m) + X*X'))/d(X) == 2*inv(eye(m) + X*X')*X
d(det(A)^2)/d(A) == 2*det(A)^2*inv(A)'
d(det(A*B))/d(A) == det(A*B)*inv(A)'
d(tr(A^3))/d(A) == 3*(A^2)'
d(norm2(A*x - y))/d(x) == A'*(A*x - y)/norm2(A*x - y)
d(tr(expm(A)))/d(A) == expm(A)'
d(logsumexp(A*x))/d(x) == A'*softmax(A*x)
d(sum(softplus(A*x)))/d(x) == A'*sigmoid(A*x)
d(vec(A*B))/d(B) == kron(eye(n), A')
d(x*x')/d(x) == kron(x', eye(n)) + kron(eye(n), x')
d(A*x)/d(A) == kron(x, eye(n))
d(inv(A)*x)/d(A) == -kron(inv(A)*x, inv(A)')
d(a^n)/d(a) == n*a^(n-1)
x'*K*x == 0
tr(K*S) == 0
tr(K) == 0
tr(K^3) == 0
K^2 == (K^2)'
inv(eye(n) - K)*(eye(n) + K)*(inv(eye(n) - K)*(eye(n) + K))' == eye(n)
x'*S*K*S*x == 0
tr(Q'*A*Q) == tr(A)
Q*inv(A)*Q' == inv(Q*A*Q')
det(Q*A*Q') == det(A)
logdet(Q*A) == logdet(A)
inv(Q) == Q'
sum(s.*log(s)) == s'*log(s)
(diag(s) - s*s')*ones(n) == zeros(n)
ones(n)'*(diag(s) - s*s')*x == 0
T*ones(n) == ones(m)
inv(D)*D == eye(n)
D*E == E*D
tr(D*A) == diag(D)'*diag(A)
D*x == diag(D).*x
det(P) == abs(det(P))
log(det(P)*det(R)) == logdet(P) + logdet(R)
log(det(P^2)) == 2*log(det(P))
sqrt(det(P)^2) == det(P)
sqrt(x'*P*x)^2 == x'*P*x
x'*inv(P)*y == y'*inv(P)*x
inv(P)' == inv(P)
tr(L*L') == sum(L.^2)
expm(A)*expm(-A) == eye(n)
expm(A)^2 == expm(2*A)
expm(A)^3 == expm(3*A)
expm(a*A)*expm(b*A) == expm((a + b)*A)
expm(A^2)*expm(A) == expm(A^2 + A)
expm(-A)*expm(2*A) == expm(A)
tr(expm(A)*expm(A)) == tr(expm(2*A))
det(A)*det(B) + det(A)*det(B)*x'*inv(A*B)*y == det(A*B + y*x')
det(A*B*C + y*x') == det(A)*det(B)*det(C)*(1 + x'*inv(C)*inv(B)*inv(A)*y)
A*expm(A) == expm(A)*A
det(expm(A)) == exp(tr(A))
expm(A)' == expm(A')
expm(zeros(n,n)) == eye(n)
expm(a*eye(n)) == exp(a)*eye(n)
inv(expm(A)) == expm(-A)
expm(diag(x)) == diag(exp(x))
logdet(expm(A)) == tr(A)
tr(inv(eye(n) + A*B)) == tr(inv(eye(n) + B*A))
tr(inv(eye(m) + X*X')) == m - n + tr(inv(eye(n) + X'*X))
(x'*y)^2 == x'*y*y'*x
(x'*x)*(y'*y) - (x'*y)^2 == sum((x*y' - y*x').^2)/2
(a - b)/(a^2 - b^2) == 1/(a + b)
(a^3 - b^3)/(a - b) == a^2 + a*b + b^2
1/(1 + 1/a) == a/(a + 1)
1/a - 1/b == (b - a)/(a*b)
(x + y)'*(x - y) == x'*x - y'*y
inv(x*x' + p*eye(n))*x == x/(p + x'*x)
y'*inv(A + x*y')*x == y'*inv(A)*x/(1 + y'*inv(A)*x)
inv(a*eye(n) + b*ones(n,n)) == eye(n)/a - b/(a*(a + n*b))*ones(n,n)
det(a*eye(n) + x*x') == a^(n-1)*(a + x'*x)
det(eye(n) + a*ones(n,n)) == 1 + a*n
det(diag(w)) == exp(sum(log(w)))
logdet(diag(w)) == sum(log(w))
inv(diag(w) + x*x') == diag(1./w) - (x./w)*(x./w)'/(1 + sum(x.^2./w))
unvec(kron(A,B)*vec(C), n, n) == B*C*A'
kron(eye(n), x')*vec(A) == A'*x
kron(ones(n)', eye(n))*vec(A) == rowsum(A)
inv(kron(A,B))*vec(C) == vec(inv(B)*C*inv(A'))
""".strip().splitlines()

FALSE = """
expm(A + c*eye(n)) == c*expm(A)
diagonal(inv(A)) == 1./diagonal(A)
logdet(L*L') == sum(log(abs(diagonal(L))))
det(p*(A + B)*(A + C)) == p*det(A + B)*det(A + C)
exp(logdet(A)) == det(A)
sqrt(det(A)^2) == det(A)
det(K) == 0
det(Q) == 1
Q == Q'
tr(Q) == n
sqrt(a^2) == a
(x.^2).^0.5 == x
arctan(a) + arctan(1/a) == pi/2
arctan(tan(a)) == a
arcsin(sin(a)) == a
log(a^2) == 2*log(a)
abs(a)^3 == a^3
tr(eye(n)) == 1
sum(ones(n)) == n^2
det(2*A) == 2*det(A)
adj(2*A) == 2*adj(A)
det(-A) == det(A)
det(-A) == -det(A)
adj(-A) == adj(A)
adj(-A) == -adj(A)
inv(A*B) == inv(A)*inv(B)
expm(A + B) == expm(A)*expm(B)
expm(A)*expm(A') == expm(A + A')
expm(A)^2 == expm(A^2)
expm(A)*expm(-2*A) == expm(A)
expm(A)*B == B*expm(A)
expm(A) == exp(A)
L*L' == L'*L
L*A == A*L
D*A == A*D
T'*ones(m) == ones(n)
sum(T) == n
X*inv(X'*X)*X' == eye(m)
inv(X'*X)*X' == inv(X)
comm(m,n) == eye(m*n)
comm(n,n) == eye(n^2)
kron(A,B) == kron(B,A)
vec(A') == vec(A)
softmax(2*x) == softmax(x)
(-1)^n == 1
(-1)^n == -1
det(eye(n) - 2*Q) == 0
x*y' == y*x'
x'*A*y == y'*A*x
inv(K) == -K
K^2 == -eye(n)
adj(K) == zeros(n,n)
det(adj(A)) == det(A)^n
adj(adj(A)) == A
det(kron(A,M)) == det(A)*det(M)
tr(A)*tr(B) == tr(A*B)
diag(A*B) == diag(A).*diag(B)
inv(diag(x) + y*y') == diag(1./x)
norm2(x + y) == norm2(x) + norm2(y)
relu(a + b) == relu(a) + relu(b)
step(relu(a)) == sign(a)
relu(sign(relu(relu(a)))) == (1 + step(a))/2
sign(a + b) == sign(a)
sigmoid(a + b) == sigmoid(a)*sigmoid(b)
(A + B)^2 == A^2 + 2*A*B + B^2
a^n == a
d(a^n)/d(a) == a^(n-1)
d(tr(A))/d(A) == ones(n,n)
d(f(a)*b)/d(a) == f(a)
hess(g)(x) == zeros(n,n)
jac(h)(x)' == jac(h)(x)'*2
f(a + b) == f(a) + f(b)
f(-a) == f(a)
g(x) == g(-x)
d(x'*x)/d(x) == x
P*R == R*P
inv(P + R) == inv(P) + inv(R)
x'*P*x == 0
w == ones(n)
log(w) == zeros(n)
sum(w) == 1
s == ones(n)/n
s'*s == 1
A*adj(B) == adj(B)*A
logdet(A + B) == logdet(A) + logdet(B)
logdet(-A) == -logdet(A)
det(A)^2 == det(A^2)*2
tr(inv(A)) == 1/tr(A)
diag(inv(A)) == 1./diag(A)
inv(A)' == inv(A)
(A.*B)*C == A.*(B*C)
S*A*S == A*S^2
tr(K*A) == 0
tr(K^2) == 0
tr(K^4) == 0
x'*K^2*x == 0
x'*K*y == 0
x'*K*y == y'*K*x
det(eye(n) + K) == 1
det(eye(n) + K) == det(eye(n) + 2*K)
expm(K) == eye(n)
det(expm(A)) == exp(det(A))
""".strip().splitlines()
