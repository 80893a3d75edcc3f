"""Claims whose truth is known, for both judges: (name, problem, claim or equation)."""

from matcalc.reading.parse import Problem, problem


def derivative(name, expr, wrt, claim, *declare, **more):
    """A problem with a claim."""
    return name, problem(declare=declare, expr=expr, wrt=wrt, claim=claim, **more)


def equation(name, text, *declare, **more):
    """A problem with an equation."""
    return name, problem(declare=declare, prove=text, **more)


def judge(module, p: Problem, where=(), **options):
    """What a judge says of it."""
    if p.prove is not None:
        return module.judge_equation(p, *p.prove, **options)
    return module.judge_derivative(p, p.claim, list(where), order=p.order, layout=p.layout, structured=p.structured, **options)


NET = ["z1 = W*x + b", "h1 = tanh(z1)", "z2 = V*h1"]
NET_DECLARE = ["x in R^n", "W in R^(m,n)", "b in R^m", "V in R^(k,m)", "y in R^k simplex"]

TRUE = [
    derivative("softmax", "softmax(x)", "x", "diag(softmax(x)) - softmax(x)*softmax(x)'", "x in R^n"),
    derivative("quadratic", "x'*A*x", "x", "(A + A')*x", "x in R^n", "A in R^(n,n)"),
    derivative("cross-entropy", "-y'*log(softmax(W'*x))", "W", "x*(softmax(W'*x) - y)'",
               "x in R^d", "W in R^(d,k)", "y in R^k simplex"),
    derivative("inverse", "inv(X)", "X", "-kron(inv(X), inv(X)')", "X in R^(n,n)"),
    derivative("inverse, numerator", "inv(X)", "X", "-kron(inv(X)', inv(X))", "X in R^(n,n)", layout="numerator"),
    derivative("linear, numerator", "A*x", "x", "A", "A in R^(m,n)", "x in R^n", layout="numerator"),
    derivative("linear, mixed", "A*x", "x", "A", "A in R^(m,n)", "x in R^n", layout="mixed"),
    derivative("gradient, mixed", "tr(A*X)", "X", "A'", "A in R^(m,n)", "X in R^(n,m)", layout="mixed"),
    derivative("gradient, numerator", "tr(A*X)", "X", "A", "A in R^(m,n)", "X in R^(n,m)", layout="numerator"),
    derivative("by a scalar", "t*A", "t", "vec(A)'", "A in R^(m,n)", "t in R"),
    derivative("Hessian", "exp(x'*A*x)", "x", "exp(x'*A*x)*(A + A' + (A + A')*x*x'*(A + A'))", "x in R^n", "A in R^(n,n)", order=2),
    derivative("Hessian in a matrix", "tr(X^2)", "X", "2*comm(n,n)", "X in R^(n,n)", order=2),
    derivative("relu", "sum(relu(A*x))", "x", "A'*(0.5*(ones(m) + sign(A*x)))", "A in R^(m,n)", "x in R^n"),
    derivative("norm", "norm2(A*x)", "x", "A'*A*x/norm2(A*x)", "A in R^(m,n)", "x in R^n"),
    derivative("gelu", "gelu(a)", "a", "0.5*(1 + erf(a/sqrt(2))) + a*exp(-a^2/2)/sqrt(2*pi)", "a in R"),
    derivative("erf with pi hidden", "erf(a)", "a", "exp(-a^2)/sqrt(arctan(1))", "a in R"),
    derivative("positive power", "sum(x.^p)", "x", "p*x.^(p - 1)", "x in R^n positive", "p in R"),
    derivative("logdet of a Gram matrix", "logdet(X'*X)", "X", "2*X*inv(X'*X)", "X in R^(m,n)"),
    derivative("adjugate", "det(X)", "X", "adj(X)'", "X in R^(n,n)"),
    derivative("symmetric, plain", "a'*S*b", "S", "a*b'", "S in R^(n,n) symmetric", "a in R^n", "b in R^n"),
    derivative("symmetric, structured", "a'*S*b", "S", "a*b' + b*a' - diag(diag(a*b'))", "S in R^(n,n) symmetric", "a in R^n",
               "b in R^n", structured=True),
    derivative("diagonal, structured", "tr(A*D)", "D", "A'.*eye(n)", "D in R^(n,n) diagonal", "A in R^(n,n)", structured=True),
    derivative("spd", "logdet(P)", "P", "inv(P)", "P in R^(n,n) spd"),
    derivative("definitions", "-y'*log(softmax(z2))", "W", "((V'*(softmax(z2) - y)).*(ones(m) - h1.^2))*x'", *NET_DECLARE, define=NET),
    derivative("by a defined name", "-y'*log(softmax(z2))", "h1", "V'*(softmax(z2) - y)", *NET_DECLARE, define=NET),
    derivative("assumed", "-y'*log(softmax(z))", "z", "softmax(z) - y", "y in R^k", "z in R^k", assume=["sum(y) = 1"]),
    derivative("assumed, matrix", "-sum(Y.*log(softmax(Z)))", "Z", "softmax(Z) - Y", "Y in R^(m,k)", "Z in R^(m,k)",
               assume=["rowsum(Y) = ones(m)"]),
    derivative("abstract entry by entry", "a'*f(x)", "x", "a.*f'(x)", "x in R^n", "a in R^n", "f: R -> R"),
    derivative("abstract, twice", "a'*f(x)", "x", "diag(a.*f''(x))", "x in R^n", "a in R^n", "f: R -> R", order=2),
    derivative("abstract of a vector", "g(A*x)", "x", "A'*grad(g)(A*x)", "x in R^n", "A in R^(m,n)", "g: R^m -> R"),
    derivative("abstract Hessian", "g(A*x)", "x", "A'*hess(g)(A*x)*A", "x in R^n", "A in R^(m,n)", "g: R^m -> R", order=2),
    derivative("abstract chain", "h(g(x))", "x", "jac(g)(x)*jac(h)(g(x))", "x in R^p", "g: R^p -> R^s", "h: R^s -> R^r"),
    equation("Woodbury", "inv(A + U*W) == inv(A) - inv(A)*U*inv(eye(k) + W*inv(A)*U)*W*inv(A)",
             "A in R^(n,n)", "U in R^(n,k)", "W in R^(k,n)"),
    equation("commutation", "comm(m,n)*vec(A) == vec(A')", "A in R^(m,n)"),
    equation("unvec", "unvec(vec(A), m, n) == A", "A in R^(m,n)"),
    equation("orthogonal", "norm2(Q*x) == norm2(x)", "Q in R^(n,n) orthogonal", "x in R^n"),
    equation("skew", "x'*K*x == 0", "K in R^(n,n) skew", "x in R^n"),
    equation("triangular", "diag(L*M) == diag(L).*diag(M)", "L in R^(n,n) lower", "M in R^(n,n) lower"),
    equation("log of softmax", "log(softmax(x)) == x - logsumexp(x)*ones(n)", "x in R^n"),
    equation("softplus", "softplus(x) - softplus(-x) == x", "x in R^n"),
    equation("angles", "sin(a + b) == sin(a)*cos(b) + cos(a)*sin(b)", "a in R", "b in R"),
    equation("pi", "pi == 4*arctan(1)"),
    equation("root of a square", "sqrt(a^2) == abs(a)", "a in R"),
    equation("derivative in an equation", "d(x'*A*x)/d(x) == (A + A')*x", "x in R^n", "A in R^(n,n)"),
    equation("differential of a product", "d(A*B) == d(A)*B + A*d(B)", "A in R^(m,n)", "B in R^(n,m)"),
    equation("differential of an inverse", "d(inv(A)) == -inv(A)*d(A)*inv(A)", "A in R^(n,n)"),
    equation("nested functions", "sigmoid(A*sigmoid(-x)) == sigmoid(A*(ones(n) - sigmoid(x)))", "A in R^(m,n)", "x in R^n"),
]

FALSE = [
    derivative("softmax", "softmax(x)", "x", "diag(softmax(x).*(ones(n) - softmax(x)))", "x in R^n"),
    derivative("transpose", "logdet(X)", "X", "inv(X)", "X in R^(n,n)"),
    derivative("symmetry taken for granted", "x'*A*x", "x", "2*A*x", "x in R^n", "A in R^(n,n)"),
    derivative("y need not sum to 1", "-y'*log(softmax(z))", "z", "softmax(z) - y", "y in R^k", "z in R^k"),
    derivative("not symmetric", "exp(x'*A*x)", "x", "exp(x'*A*x)*(2*A + (A + A')*x*x'*(A + A'))", "x in R^n", "A in R^(n,n)", order=2),
    derivative("structured for plain", "a'*S*b", "S", "a*b' + b*a' - diag(diag(a*b'))", "S in R^(n,n) symmetric", "a in R^n",
               "b in R^n"),
    derivative("plain for structured", "a'*S*b", "S", "a*b'", "S in R^(n,n) symmetric", "a in R^n", "b in R^n", structured=True),
    derivative("half the structure", "a'*S*b", "S", "2*a*b' - diag(diag(a*b'))", "S in R^(n,n) symmetric", "a in R^n",
               "b in R^n", structured=True),
    derivative("layout", "A*x", "x", "A", "A in R^(m,n)", "x in R^n"),
    derivative("layout of a square matrix", "A*x", "x", "A", "A in R^(n,n)", "x in R^n"),
    derivative("sign of another argument", "norm1(A*x - y)", "x", "A'*sign(A*x - 2*y)", "A in R^(m,n)", "x in R^n", "y in R^m"),
    derivative("abs without its sign", "sum(abs(x))", "x", "ones(n)", "x in R^n"),
    derivative("abstract", "f(f(x))", "x", "diag(f'(x).*f'(x))", "x in R^n", "f: R -> R"),
    derivative("Kronecker factors swapped", "A*X*B", "X", "kron(A', B)", "A in R^(n,n)", "X in R^(n,n)", "B in R^(n,n)"),
    equation("log of a square", "log(a^2) == 2*log(a)", "a in R"),
    equation("quarter turn", "arctan(a/b) + arctan(b/a) == 2*arctan(1)", "a in R", "b in R"),
    equation("commuting", "A*B == B*A", "A in R^(n,n)", "B in R^(n,n)"),
    equation("Cayley and Hamilton at 2 only", "A^2 - tr(A)*A + det(A)*eye(n) == zeros(n,n)", "A in R^(n,n)"),
    equation("absolute value", "abs(a) == a", "a in R"),
    equation("differential", "d(A*B) == A*d(B)", "A in R^(m,n)", "B in R^(n,m)"),
    equation("all orthogonal matrices turn", "det(Q) == 1", "Q in R^(n,n) orthogonal"),
]
