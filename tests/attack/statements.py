"""True statements as they are written in books, with nothing declared, and the shapes anybody would read into them.

A line: shapes; definitions; what is differentiated; with respect to; the answer; what a student writes instead, where a matrix is taken
for a number. `L` is a loss defined nowhere, a function of the name behind `d(L)/d(.)`.
"""

from __future__ import annotations

from typing import NamedTuple

DERIVATIVES = """
x:n | | x'*x | x | 2*x | 2*x'; 2*norm2(x)
b:n x:n | | b'*x | x | b | b'; b*x
x:n A:nn | | x'*A*x | x | (A + A')*x | 2*A*x; 2*x'*A
A:mn x:n b:m | | norm2(A*x - b)^2 | x | 2*A'*(A*x - b) | 2*(A*x - b); 2*A*(A*x - b); 2*norm2(A*x - b)
X:mn w:n y:m | | sum((y - X*w).^2) | w | -2*X'*(y - X*w) | 2*X'*(y - X*w); -2*(y - X*w)*X
X:mn w:n y:m | | norm2(X*w - y)^2/2 | w | X'*(X*w - y) | X*(X*w - y)
X:mn w:n y:m lambda: | | norm2(X*w - y)^2 + lambda*norm2(w)^2 | w | 2*X'*(X*w - y) + 2*lambda*w | 2*X'*(X*w - y) + 2*lambda
A:mn x:n b:m | | sum(tanh(A*x + b)) | b | 1 - tanh(A*x + b).^2 | 1 - tanh(A*x + b)^2; tanh(A*x + b)
A:mn x:n b:m | | sum(tanh(A*x + b)) | A | (1 - tanh(A*x + b).^2)*x' | x*(1 - tanh(A*x + b).^2); (1 - tanh(A*x + b)^2)*x
A:mn x:n b:m | | sum(tanh(A*x + b)) | x | A'*(1 - tanh(A*x + b).^2) | A*(1 - tanh(A*x + b)^2)
x:n | | softmax(x) | x | diag(softmax(x)) - softmax(x)*softmax(x)' | softmax(x)*(1 - softmax(x)); softmax(x).*(1 - softmax(x))
x:n | | logsumexp(x) | x | softmax(x) | exp(x)/sum(x)
x:n | | sum(exp(x)) | x | exp(x) | sum(exp(x))
x:n | | exp(x) | x | diag(exp(x)) | exp(x)
x:n | | sin(x) | x | diag(cos(x)) | cos(x)
x:n | | sigmoid(x) | x | diag(sigmoid(x).*(1 - sigmoid(x))) | sigmoid(x)*(1 - sigmoid(x)); sigmoid(x).*(1 - sigmoid(x))
x:n | | tanh(x) | x | diag(1 - tanh(x).^2) | 1 - tanh(x)^2; 1 - tanh(x).^2
x:n | | x.^2 | x | 2*diag(x) | 2*x
x:n | | log(x) | x | diag(1./x) | 1/x; 1./x
X:nn | | logdet(X) | X | inv(X)' | 1/X; inv(X)
X:nn | | log(det(X)) | X | inv(X)' | 1/X; 1/det(X); inv(X)
X:nn | | det(X) | X | det(X)*inv(X)' | inv(X)'; det(X)*inv(X); det(X)/X
X:nn | | tr(inv(X)) | X | -(inv(X)*inv(X))' | -1/X^2; -inv(X)*inv(X); -inv(X)^2
X:nn a:n b:n | | a'*inv(X)*b | X | -inv(X)'*a*b'*inv(X)' | -a*b'/X^2; -inv(X)*a*b'*inv(X)
X:mn a:m b:n | | a'*X*b | X | a*b' | b*a'; a'*b; a*b
A:nm X:mn | | tr(A*X) | X | A' | A
A:mm X:mn | | tr(X'*A*X) | X | A*X + A'*X | 2*A*X
A:km X:mn B:nk | | tr(A*X*B) | X | A'*B' | A*B; B*A
x:n | | norm2(x) | x | x/norm2(x) | 2*x; x/norm2(x)^2; 1
X:mn | | normF(X)^2 | X | 2*X | 2*normF(X)
X:mn A:mn | | sum(X.*A) | X | A | sum(A)
X:nn | | tr(X^2) | X | 2*X' | 2*X
X:nn | | tr(X^3) | X | 3*(X^2)' | 3*X^2
X:nn A:nn | | tr(A*inv(X)) | X | -(inv(X)*A*inv(X))' | -A/X^2; -inv(X)*A*inv(X)
X:mn w:n y:m | | sum(log(1 + exp(-y.*(X*w)))) | w | -X'*(y.*sigmoid(-y.*(X*w))) | -y*X*sigmoid(-y*X*w); X'*(sigmoid(X*w) - y)
y:n z:n | | -y'*log(softmax(z)) | z | sum(y)*softmax(z) - y | softmax(z) - y; y - softmax(z); -y./softmax(z)
A:mn x:n | | logsumexp(A*x) | x | A'*softmax(A*x) | softmax(A*x); A*softmax(A*x)
A:mn x:n | | sum(exp(A*x)) | x | A'*exp(A*x) | A*exp(A*x); exp(A*x)
x:n | | norm2(x)^4 | x | 4*norm2(x)^2*x | 4*norm2(x)^3; 4*x^3
x:n A:nn | | exp(x'*A*x) | x | exp(x'*A*x)*(A + A')*x | exp(x'*A*x); 2*A*x*exp(x'*A*x)
x:n | | log(x'*x) | x | 2*x/(x'*x) | 2/x; 1/(x'*x)
x:n | | 1/(x'*x) | x | -2*x/(x'*x)^2 | -2/x^3; -1/(x'*x)^2
x:n A:nn | | (x'*A*x)/(x'*x) | x | (A + A')*x/(x'*x) - 2*x*(x'*A*x)/(x'*x)^2 | (A + A')*x/(2*x); A*x
x:n b:n | | b'*sin(x) | x | b.*cos(x) | b*cos(x); b'*cos(x)
A:mn x:n | | A*x | x | A' | A
x:n y:n | | x'*y*y'*x | x | 2*y*(y'*x) | 2*y*y'; 2*x*y*y'
x:n y:n | | sum(x.*y.^2) | y | 2*x.*y | 2*x*y; 2*sum(x.*y)
X:mn A:mm B:nn | | tr(X'*A*X*B) | X | A*X*B + A'*X*B' | 2*A*X*B
X:mn | | logdet(X'*X) | X | 2*X*inv(X'*X) | 2*inv(X); 2/X; 2*inv(X'*X)*X'
x:n mu:n Sigma:nn | | (x - mu)'*inv(Sigma)*(x - mu) | mu | -(inv(Sigma) + inv(Sigma)')*(x - mu) | -2*inv(Sigma)*(x - mu); -2*(x - mu)/Sigma
x:n mu:n Sigma:nn | | -logdet(Sigma)/2 - (x - mu)'*inv(Sigma)*(x - mu)/2 | Sigma | -inv(Sigma)'/2 + inv(Sigma)'*(x - mu)*\
(x - mu)'*inv(Sigma)'/2 | -1/(2*Sigma) + (x - mu)^2/(2*Sigma^2); -inv(Sigma)/2 + inv(Sigma)*(x - mu)*(x - mu)'*inv(Sigma)/2
x:n | s = softmax(x) | s | x | diag(s) - s*s' | s*(1 - s); s.*(1 - s)
x:n b:n | s = softmax(x) | b'*s | x | s.*b - s*(s'*b) | s.*(1 - s).*b; s*(1 - s)*b
x:n | y = tanh(x) | y | x | diag(1 - y.^2) | 1 - y^2; 1 - y.^2
x:n | y = exp(x) | sum(y) | x | y | sum(y)
W:mn x:n b:m v:m | z = W*x + b; h = tanh(z) | v'*h | W | (v.*(1 - h.^2))*x' | v*(1 - h^2)*x; x*(v.*(1 - h.^2))'
W:mn x:n b:m v:m | z = W*x + b; h = tanh(z) | v'*h | x | W'*(v.*(1 - h.^2)) | v*(1 - h^2)*W; W*(v.*(1 - h.^2))
W:mn x:n b:m v:m | z = W*x + b; h = tanh(z) | v'*h | b | v.*(1 - h.^2) | v*(1 - h^2); v'*(1 - h.^2)
X:mn w:n y:m | r = y - X*w | r'*r | w | -2*X'*r | 2*X'*r; -2*r*X; -2*r
X:mn w:n y:m | r = X*w - y | norm2(r)^2/2 | w | X'*r | X*r; r
A:km X:mn | Q = A*X | tr(Q'*Q) | X | 2*A'*Q | 2*Q; 2*A*Q
X:mn w:n y:m | p = sigmoid(X*w) | -y'*log(p) - (1 - y)'*log(1 - p) | w | X'*(p - y) | X*(p - y); p - y
A:nn X:nn | M = A*X | logdet(M) | X | inv(X)' | A/M; inv(M)'; 1/X
x:n A:nn | q = x'*A*x | exp(-q/2) | x | -exp(-q/2)*(A + A')*x/2 | -A*x*exp(-q/2); -exp(-q/2)/2
W:mk X:kn | Y = W*X | L | W | d(L)/d(Y)*X' | X'*d(L)/d(Y); d(L)/d(Y)*X; d(L)/d(Y)
W:mk X:kn | Y = W*X | L | X | W'*d(L)/d(Y) | d(L)/d(Y)*W'; W*d(L)/d(Y); d(L)/d(Y)
W:mn x:n b:m | z = W*x + b | L | W | d(L)/d(z)*x' | d(L)/d(z)*x; x*d(L)/d(z); x*d(L)/d(z)'
W:mn x:n b:m | z = W*x + b | L | x | W'*d(L)/d(z) | W*d(L)/d(z); d(L)/d(z)
W:mn x:n b:m | z = W*x + b | L | b | d(L)/d(z) | W*d(L)/d(z); sum(d(L)/d(z))
W:mn x:n | z = W*x; h = tanh(z) | L | x | W'*(d(L)/d(h).*(1 - h.^2)) | W*d(L)/d(h)*(1 - h^2); W'*d(L)/d(h)
W:mn x:n | z = W*x; h = sigmoid(z) | L | W | (d(L)/d(h).*h.*(1 - h))*x' | d(L)/d(h)*h*(1 - h)*x; (d(L)/d(h).*h)*x'
A:mn B:nk C:km | Y = A*B; Z = Y*C | L | B | A'*d(L)/d(Z)*C' | C'*d(L)/d(Z)*A'; A*d(L)/d(Z)*C
"""

EQUATIONS = """
A:mn B:nk | | (A*B)' == B'*A'
A:nn B:nn | | inv(A*B) == inv(B)*inv(A)
A:nn | | inv(A') == inv(A)'
A:mn B:nm | | tr(A*B) == tr(B*A)
A:nn B:nn | | det(A*B) == det(A)*det(B)
A:nn B:nn | | tr(A + B) == tr(A) + tr(B)
A:nn B:nn | | (A + B)^2 == A^2 + A*B + B*A + B^2
A:nn B:nn | | (A + B)*(A - B) == A^2 - A*B + B*A - B^2
x:n y:n | | (x + y)'*(x + y) == x'*x + 2*x'*y + y'*y
x:n y:n | | norm2(x + y)^2 == norm2(x)^2 + 2*x'*y + norm2(y)^2
x:n A:nn | | x'*A*x == x'*A'*x
A:nn x:n b:n | | (A*x - b)'*(A*x - b) == x'*A'*A*x - 2*b'*A*x + b'*b
X:mn w:n y:m | | norm2(X*w - y)^2 == w'*X'*X*w - 2*w'*X'*y + y'*y
A:nn x:n y:n | | tr(A*x*y') == y'*A*x
A:nn | | logdet(inv(A)) == -logdet(A)
A:nn | | inv(eye(n) + A) == eye(n) - inv(eye(n) + A)*A
A:nn x:n y:n | | inv(A + x*y') == inv(A) - inv(A)*x*y'*inv(A)/(1 + y'*inv(A)*x)
A:nn x:n y:n | | det(A + x*y') == det(A)*(1 + y'*inv(A)*x)
x:n | | sum(softmax(x)) == 1
x:n | | softplus(x) - softplus(-x) == x
x:n | | tanh(x) == 2*sigmoid(2*x) - 1
x:n | | sigmoid(-x) == 1 - sigmoid(x)
x:n y:n | | diag(x)*y == x.*y
x:n y:n | | x'*diag(y)*x == sum(x.^2.*y)
x:n A:nn | | x'*A*x == tr(A*x*x')
A:mn B:mn | | tr(A'*B) == sum(A.*B)
A:mn B:nk C:kp | | vec(A*B*C) == kron(C', A)*vec(B)
A:mn B:nm | | det(eye(m) + A*B) == det(eye(n) + B*A)
A:mn x:n b:m | r = A*x - b | r'*r == x'*A'*A*x - 2*b'*A*x + b'*b
x:n | s = softmax(x) | sum(s) == 1
x:n A:nn | y = A*x | y'*y == x'*A'*A*x
A:nn B:nn | C = A*B | C' == B'*A'
A:nn B:nn | C = A + B | C'*C == A'*A + A'*B + B'*A + B'*B
x:n mu:n | u = x - mu | u'*u == x'*x - 2*mu'*x + mu'*mu
"""


class Statement(NamedTuple):
    """A true one: names with the letters of their sizes, definitions, both sides; `of` and `by` where it is a derivative."""

    shapes: dict[str, str]
    define: list[str]
    of: str
    by: str
    right: str
    bent: list[str]

    def claim(self, right: str) -> str:
        """The equation with this right side."""
        return f"d({self.of})/d({self.by}) == {right}" if self.by else f"{self.of} == {right}"


def statements() -> list[Statement]:
    """All of them."""
    out = []
    for line in (DERIVATIVES.replace("\\\n", "") + EQUATIONS).strip().splitlines():
        if not line:
            continue
        shapes, define, *rest = (part.strip() for part in line.split(" |"))
        of, by, right, bent = rest if len(rest) == 4 else (rest[0].partition(" == ")[0], "", rest[0].partition(" == ")[2], "")
        out.append(Statement(dict(item.split(":") for item in shapes.split()), [d.strip() for d in define.split(";") if d], of, by, right,
                             [b.strip() for b in bent.split(";") if b]))
    return out
