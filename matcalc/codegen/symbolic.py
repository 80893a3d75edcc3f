"""The functions of the language in SymPy: its own names, and helpers for what it has no name for."""

# Entry-wise functions and functions of a matrix: SymPy's own name, or a helper's.
ENTRYWISE = {
    **{name: name for name in ("exp", "log", "sqrt", "sign", "sin", "cos", "tan", "sinh", "cosh", "tanh", "erf")},
    **{name: "_" + name for name in ("sigmoid", "softplus", "relu", "log1p", "expm1", "gelu", "silu")},
    "abs": "Abs", "arcsin": "asin", "arccos": "acos", "arctan": "atan",
}
MATRICES = {"tr": "Trace", "det": "Determinant", "diag": "DiagMatrix",
            **{name: "_" + name for name in ("sum", "diagonal", "logdet", "norm1", "norm2", "vec", "softmax", "logsumexp", "softmax_rows",
                                             "logsumexp_rows", "rowsum", "colsum")}}
HELPERS = {
    "_sigmoid": "(t):\n    return 1/(1 + exp(-t))",
    "_softplus": "(t):\n    return log(1 + exp(t))",
    "_relu": "(t):\n    return Max(t, 0)",
    "_log1p": "(t):\n    return log(1 + t)",
    "_expm1": "(t):\n    return exp(t) - 1",
    "_gelu": "(t):\n    return t*(1 + erf(t/sqrt(2)))/2",
    "_silu": "(t):\n    return t/(1 + exp(-t))",
    "_sum": "(a):\n    m, n = a.shape\n    return Trace(OneMatrix(n, m)*a)",
    "_power": "(a, k):\n    return HadamardProduct(k, a.applyfunc(log)).applyfunc(exp)",
    "_rowsum": "(a):\n    return a*OneMatrix(a.shape[1], 1)",
    "_colsum": "(a):\n    return a.T*OneMatrix(a.shape[0], 1)",
    "_logdet": "(a):\n    return log(Abs(Determinant(a)))",
    "_norm1": "(a):\n    return _sum(a.applyfunc(Abs))",
    "_norm2": "(a):\n    return sqrt(Trace(a.T*a))",
    "_softmax": "(x):\n    return x.applyfunc(exp)/_sum(x.applyfunc(exp))",
    "_logsumexp": "(x):\n    return log(_sum(x.applyfunc(exp)))",
    "_softmax_rows": "(a):\n    e, n = a.applyfunc(exp), a.shape[1]\n    return HadamardProduct(e, HadamardPower(e*OneMatrix(n, n), -1))",
    "_logsumexp_rows": "(a):\n    return _rowsum(a.applyfunc(exp)).applyfunc(log)",
    "_diagonal": "(a):\n    n = a.shape[0]\n    return HadamardProduct(Identity(n), a)*OneMatrix(n, 1)",
    "_vec_eye": "(n):\n    i, j = symbols(\"i j\", integer=True)\n"
                "    return FunctionMatrix(n*n, 1, Lambda((i, j), KroneckerDelta(Mod(i, n), floor(i/n))))",
    "_vec": "(a):\n    n = a.shape[1]\n    return KroneckerProduct(Identity(n), a)*_vec_eye(n)",
    "_unvec": "(v, m, n):\n    return KroneckerProduct(_vec_eye(n).T, Identity(m))*KroneckerProduct(Identity(n), v)",
    "_comm": "(m, n):\n    i, j = symbols(\"i j\", integer=True)\n"
             "    return FunctionMatrix(m*n, m*n, Lambda((i, j), KroneckerDelta(j, m*Mod(i, n) + floor(i/n))))",
}
SYMPY = {"Abs", "Determinant", "FunctionMatrix", "HadamardPower", "HadamardProduct", "Identity", "KroneckerDelta", "KroneckerProduct",
         "Lambda", "Max", "Mod", "OneMatrix", "Trace", "erf", "exp", "floor", "log", "sqrt", "symbols"}
# The same of a number.
SCALARS = {"inv": "1/{}", "adj": "1", "logdet": "log(Abs({}))", "norm1": "Abs({})", "norm2": "Abs({})", "softmax": "1", "softmax_rows": "1"}
