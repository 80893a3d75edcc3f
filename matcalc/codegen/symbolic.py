"""The functions of the language in SymPy: its own names, and helpers where it has none."""

import re

from ..language.operations import ELEMENTWISE, OPERATIONS

# SymPy's own name, or a helper's.
ENTRYWISE = {row.name: row.sympy or "_" + row.name for row in ELEMENTWISE}
MATRICES = {row.head: row.sympy for row in OPERATIONS if row.sympy}
HELPERS = {
    "_relu": "(t):\n    return Max(t, 0)",
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
# A law is SymPy's Python but for its powers, and for the functions that are helpers.
HELPERS |= {"_" + row.name: "(t):\n    return " + re.sub(r"[A-Za-z]\w*(?=\()", lambda m: ENTRYWISE[m[0]], row.law).replace("^", "**")
            for row in ELEMENTWISE if row.law and not row.sympy}
SYMPY = {"Abs", "Determinant", "FunctionMatrix", "HadamardPower", "HadamardProduct", "Identity", "KroneckerDelta", "KroneckerProduct",
         "Lambda", "Max", "Mod", "OneMatrix", "Trace", "floor", "pi", "symbols"} | {row.sympy for row in ELEMENTWISE if row.sympy.isalpha()}
