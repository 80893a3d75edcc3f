"""What the parser promises: printed text reads back, nothing crashes it, shapes nobody declared are found or asked for."""

from __future__ import annotations

import random
import re

import pytest

from matcalc import api
from matcalc.language.expr import Expr
from matcalc.reading.parse import declarations, parse, parse_file, problem
from matcalc.language.shape import InputError, ShapeError
from tests.random_expressions import COMMON, Grammar, Random
from tests.work import Work

DECLARED = declarations(
    [
        "A in R^(m,n)",
        "B in R^(n,m)",
        "C in R^(n,n)",
        "D in R^(m,n)",
        "S in R^(n,n) symmetric",
        "x in R^n",
        "y in R^n",
        "u in R^m",
        "r in R^(1,n)",
        "a in R",
        "b in R",
        "q in R^1",
        "z in R^(m*n)",
        "f: R -> R",
        "g: R^n -> R",
        "h: R^n -> R^m",
    ]
)
# With abstract functions and all their derivatives; @tower is where vec, kron and comm may stand.
READ = Grammar("""
11 | a  b  2  0.5  1e-3  n  pi  q  3
n1 | x  y  ones(n)
m1 | u
1n | r
1m | u'
nn | C  S  eye(n)  ones(n,n)  C'
mn | A  D  B'  zeros(m,n) + A  unvec(z, m, n)
nm | B
mm | eye(m)
@f | exp  sin  tanh  sigmoid  abs  f  f'  f''  gelu
""", COMMON + """
11 | ({11})*({11})  ({11})/(1 + ({11})^2)  ({11} - {11})^2  g({n1})  ({n1})'*({nn})*({n1})  det({nn})  ({11})^-1  -({11})^-2
   norm1({n1})^2  logdet({nn})
n1 | ({n1}) - {11}  ({n1})./({n1})  grad(g)({n1})  ({mn})'*h({n1})  jac(h)({n1})*u  -({n1}).^2  ({n1}).^({11})  ({n1})/({11})
   inv({nn})*({n1})  ({11})./({n1})  ({n1})''
nn | {nn} - ({nn})'  ({mn})'*({mn})  ({n1})*({n1})'  inv({nn})  ({nn})^2  ({nn})^-1  expm({nn})  hess(g)({n1})  adj({nn})
   expm_frechet({nn}, {nn})  {nn} + {11}  ({nn})./({nn})
mn | u*({n1})'  h({n1})*({n1})'  jac(h)({n1})'  ({mn})''  unvec(vec({mn}), m, n)  ({mn}) - ({11})
@tower | kron({mn}, {nn})  comm(m,n)*vec({mn})  kron({nn}, {nn})*comm(n,n)  vec({nn})'*kron(({nn})', {nn})  d({mn})  d({11})/d(A)
   (d({n1})/d(C))'
""", "m n", early=0)


@pytest.mark.parametrize("shape", ["11", "n1", "nn", "mn", "@tower"])
def test_random_expressions_read_back(shape: str) -> None:
    seed = 20261123
    for i in range(150):
        text = Random(READ, random.Random(seed + i)).text(shape, 1 + i % 4)
        try:
            e = parse(text, DECLARED)
        except InputError as error:
            assert "division by zero" in error.message, f"seed {seed + i}: {text}: {error}"
            continue
        assert parse(str(e), DECLARED) is e, f"seed {seed + i}: {text} prints as {e}"


def test_powers_of_a_turned_row_read_back() -> None:
    e = parse("(1./r').^2", DECLARED)
    assert parse(str(e), DECLARED) is e


INFERRED = {
    "x^2 + y^2 + z^2": "x in R, y in R, z in R",
    "(x + y)^2": "x in R, y in R",
    "log(x)/x": "x in R",
    "det(X)^-1*x": "X in R^(n,n), x in R^m",
    "sum(x)/n": "n in R, x in R^m",
    "ones(n)'*x/n": "x in R^n",
    "X*w - y": "X in R^(n,m), w in R^m, y in R^n",
    "unvec(x, 3, 4)*A": "A in R^(4,n), x in R^12",
    "logdet(X'*X + c*eye)": "X in R^(n,m), c in R",
    "x'*(A + eye)*x": "A in R^(n,n), x in R^n",
    "2*scalar(3)*x": "x in R^n",
    "matrix(0) + A*B": "A in R^(n,m), B in R^(m,k)",
    "λ*xᵀ*x": "lambda in R, x in R^n",
    "sqrt(x'*x)*w'*x/k": "k in R, w in R^n, x in R^n",
    "Y - X*w": "X in R^(n,m), Y in R^n, w in R^m",
    "d*x + e*pi": "d in R, e in R^n, x in R^n",
    "inv(Sigma)*x": "Sigma in R^(n,n), x in R^n",
    "x_1'*x_2": "x_1 in R^n, x_2 in R^n",
    "beta_1*x": "beta_1 in R, x in R^n",
    "tr(A*X'*B)": "A in R^(n,m), B in R^(k,n), X in R^(k,m)",
    "x + ones(3)": "x in R^3",
    "softmax(X)'*Y": "X in R^(n,m), Y in R^(n,k)",
}


@pytest.mark.parametrize("text", INFERRED)
def test_shapes_nobody_declared_are_inferred(text: str) -> None:
    assert ", ".join(problem(expr=text).inferred) == INFERRED[text]


@pytest.mark.parametrize("text", ["x*y", "x.^2*y", "A*x*y", "eye", "sum(vector(1))"])
def test_a_choice_is_left_to_the_user(text: str) -> None:
    with pytest.raises(InputError) as caught:
        problem(expr=text)
    assert caught.value.hint


def test_declared_names_shape_the_others() -> None:
    p = problem(declare=["A in R^(p,q)", "u in R^p"], define=["z = A*x", "t = z - u"], assume=["sum(v) = 1"], expr="t'*t*sum(v)", wrt="x")
    assert p.inferred == ["v in R^n", "x in R^q"]
    assert p.wrt is p.variables["x"] and list(p.variables) == ["A", "u", "x", "v"]
    assert [name.name for name, _ in p.definitions] == ["z", "t"]
    assert parse("t'*A*x", p.scope).names == {p.variables["A"], p.variables["x"], p.definitions[1][0]}


CARETS = {
    "x'*C*x + x*y": ("x*y: inner sizes differ: x is n x 1, y is n x 1 (n from line 1)", "x*y", "inner product"),
    "C + sum(x)*A": ("C + sum(x)*A: shapes differ: C is n x n, sum(x)*A is m x n", "C + sum", None),
    "A.^B": ("A.^B: shapes differ: A is m x n, B is n x m (m from line 1, n from line 1)", "A.^B", None),
    "A + B": ("A + B: shapes differ: A is m x n, B is n x m (m from line 1, n from line 1)", "A + B", "B'"),
    "2*(A*(x + y)*x)": ("A*(x + y)*x: inner sizes differ: A*(x + y) is m x 1, x is n x 1", "A*(x", None),
    "det(A)*x": ("det(A): A is m x n, not square", "det", None),
    "g(u)": ("g takes a vector of size n, u is m x 1", "g", None),
    "C^x": ("the exponent must be a scalar", "C^x", ".^"),
    "x/C": ("/ divides by a scalar", "x/C", "./"),
    "1/0": ("division by zero", "/0", None),
    "C^0.5": ("a matrix power needs an integer exponent", "0.5", ".^"),
    "sofmax(x)": ("unknown function sofmax", "sofmax", "softmax"),
    "g'(x)": ("g' is for f: R -> R", "g'", "grad(g)"),
    "jac(g)(x)": ("not a vector-valued function", "jac", "grad and hess"),
    "ones(a)": ("a is a variable; a size is expected here", "a)", None),
    "C**2": ("C**2 has two readings: entry by entry, C.^2, and the power of a matrix, C^2", "**2", "write the one"),
    "2 @ x": ("@ does not multiply by a scalar", "@", "write *"),
    "x[1]": ("x[1] has two readings: counted from 1, x(1), and counted from 0, as in NumPy", "[", "write the one that is meant"),
    "A.UV": (".", ".U", "A'"),
    "x = y": ("=", "= y", "=="),
    "a/d(x)'": ("divides", "a/", "bracket"),
    "d(a)/d(2*x)": ("needs a variable", "/d", None),
    "unvec(x, 2, 3)": ("x is n x 1, not 6 x 1", "unvec", None),
    "kron(A)": ("kron takes 2 arguments, 1 given", "kron", None),
    "f*x": ("f is a function", "f*", None),
    "w'*x": ("unknown name w", "w'", "declared"),
    "x + 矩": ("not part of the language", "矩", None),
    "x +\n A*y + C*C*A": ("inner sizes differ", "C*C*A", None),
}


@pytest.mark.parametrize("text", CARETS)
def test_an_error_has_its_caret_and_its_hint(text: str) -> None:
    message, under, hint = CARETS[text]
    with pytest.raises(InputError) as caught:
        parse(text, DECLARED)
    error = caught.value
    assert message in error.message.replace("line 2", "line 1")
    assert error.source is not None and error.column is not None
    assert error.source[error.column - 1 :].startswith(under)
    assert hint is None or (error.hint is not None and hint in error.hint)


N = 29_990
LARGE = {
    "sum": "x+" * (N // 2) + "x",
    "product": "a*" * (N // 2) + "x",
    "chain": "C*" * (N // 2) + "x",
    "chain of two": "C*S*" * (N // 4) + "x",
    "quotients": "a" + "/b" * (N // 2),
    "entries": "x" + ".*y" * (N // 3),
    "alternating": "x" + ".*y*a" * (N // 5),
    "transposes": "A" + "'" * N,
    "signs": "-" * N + "x",
    "long": "x+" * 50_000 + "x",
    "long sum of terms": "+".join(f"{k}*sum(sin({k}*a))" for k in range(4_000)),
    "signs apart": "x" + "- " * (N // 2) + "x",
    "different terms": "a" + "".join(f"+exp({i}*a)" for i in range(2000)),
    "different factors": "C" + "".join(f"*exp({i}*C)" for i in range(2000)),
    "bracketed": "(" * 99 + "x" + ")" * 99,
    "nested": "sin(" * 99 + "x" + ")" * 99,
    "fractions": "1/(1+" * 99 + "a" + ")" * 99,
    "nested sums": "(C+S*" * 99 + "C" + ")" * 99,
    "powers": "(" * 99 + "a" + "+1)^2" * 99,
    "fractions of LaTeX": r"\frac{x^\top x}{1+a}+" * 500 + "a",
    "entries of LaTeX": "x" + r"\odot y" * 1500,
    "dots of LaTeX": "a" + r"\cdot a" * 1500,
    "sums over an index": r"\sum_i x_i y_i+" * 600 + "a",
}
REFUSED = {
    "long": "x+" * 120_000 + "x",
    "brackets": "(" * 10_000,
    "both brackets": "(" * 10_000 + "x" + ")" * 10_000,
    "functions": "sin(" * 5000,
    "towers of powers": "a" + "^b" * 5000,
    "digits": "1" * 20_000,
    "huge number": "1e999",
    "huge power": "2^100000",
    "tower": "9^9^9^9^9",
    "large product": "9*" * 9000 + "9",
    "large sum": "+".join(f"1/{k}" for k in range(1, 20_000)),
    "squares": "2" + "^2" * 90,
    "large parts": "1e300*" * 30 + "a",
    "large size": "ones(" + "n*" * 5000 + "n)",
    "size": "ones(" + "*".join(f"(n{i}+m{i})" for i in range(40)) + ")",
    "size power": "ones(" + "(" * 50 + "n" + ")^9" * 50 + ")",
    "size number": "ones(" + "99999999999999999*" * 9 + "9)",
    "long name": "w" * 20_000,
    "null": "x\x00",
    "only null": "\x00",
    "control": "x \x1b[31m",
    "surrogate": "x + \ud800",
    "long trace": "tr(" + "C*S*" * 3000 + "C)",
}


@pytest.mark.thin(3)
@pytest.mark.parametrize("name", LARGE)
@pytest.mark.slow
def test_large_lines_are_read(name: str) -> None:
    with Work() as work:
        assert isinstance(parse(LARGE[name], DECLARED), Expr)
    assert work.calls < 4_000_000


@pytest.mark.slow
@pytest.mark.thin(3)
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_too_much_is_refused(name: str) -> None:
    with Work() as work, pytest.raises(InputError) as caught:
        parse(REFUSED[name], DECLARED)
    assert work.calls < 4_000_000
    assert len(caught.value.message) < 500 and "\x00" not in str(caught.value)


@pytest.mark.slow
def test_many_undeclared_names_cost_little() -> None:
    for text in ("+".join(f"x{i}" for i in range(2000)), "*".join(f"X{i}" for i in range(2000)), "+".join(f"x{i}^2" for i in range(30))):
        with Work() as work:
            assert problem(expr=text).inferred
        assert work.calls < 3_000_000


DECLARATIONS = {
    "": "empty",
    "x": "declares nothing",
    "x R^n": "in",
    "x in": "R is missing",
    "x in Q": "R is expected",
    "x in R^": "",
    "x in R^0": "0",
    "x in R^(m,n": "not closed",
    "x in R^(m,n,p)": "two sizes",
    "x in R^(m n)": "comma",
    "x in R^n+1": "brackets",
    "x in R^(n-1)": "-",
    "A in R^(m,n) symmetric": "only a square matrix",
    "A in R^(n,n) symetric": "symetric",
    "2 in R": "name",
    "x in R, x in R": "twice",
    "f: R": "f: R -> R",
    "f: R ->": "R is missing",
    "f: R^(m,n) -> R^(m,n)": "must have scalar values", "f: R^(m,n) -> R^p": "must have scalar values",
    "exp: R -> R": "exp",
    "x in R^n\x00": "U+0000",
    "x in R^" + "(" * 5000: "nested",
    "x" * 240_000: "characters",
    "in in in": "",
}


@pytest.mark.parametrize("text", DECLARATIONS, ids=lambda t: t[:20] or "none")
def test_bad_declarations_are_refused_by_name(text: str) -> None:
    with Work() as work, pytest.raises(InputError) as caught:
        problem(declare=["y in R", text], expr="y", wrt="y")
    assert work.calls < 400_000
    assert DECLARATIONS[text] in str(caught.value) and caught.value.line == 2


def test_declarations_are_read() -> None:
    p = problem(
        declare=[
            "x, y in R^(n+1) positive",
            "A ∈ ℝ^(m*n,2) ",
            "S in R^(n,n) spd diagonal",
            "λ in R",
            "h: R^m -> R^(m+1)",
            "v in R^1",
            "r in R^(1,k)",
        ],
        expr="λ*sum(x)",
        wrt="λ",
    )
    assert {k: str(v.shape[0]) for k, v in p.variables.items()} == {
        "x": "n+1",
        "y": "n+1",
        "A": "m*n",
        "S": "n",
        "lambda": "1",
        "h": "1",
        "v": "1",
        "r": "1",
    }
    assert p.variables["S"].words == {"spd", "diagonal"} and p.wrt is p.variables["lambda"]


PROBLEMS: dict[str, tuple[dict[str, object], str]] = {
    "no variable": ({"expr": "x", "wrt": "y"}, "y is neither declared nor used"),
    "a size": ({"declare": ["x in R^n"], "expr": "x", "wrt": "n"}, "n is a size"),
    "a function": ({"declare": ["f: R -> R"], "expr": "f(x)", "wrt": "f"}, "f is a function"),
    "two": ({"expr": "x", "wrt": "x y"}, "a single variable"),
    "nothing defined": ({"expr": "f", "wrt": "x", "declare": ["x in R^n"]}, "f is not defined anywhere"),
    "no name": ({"expr": "x", "wrt": ""}, "no variable"),
    "order": ({"expr": "x", "wrt": "x", "order": 3}, "order must be 1 or 2"),
    "layout": ({"expr": "x", "wrt": "x", "layout": "odd"}, "unknown layout"),
    "no text": ({"expr": 5, "wrt": "x"}, "expr must be a string"),
    "no list": ({"declare": 5, "expr": "x"}, "declare must be a list"),
    "twice": ({"define": ["z = x", "z = y"], "expr": "z"}, "defined twice"),
    "declared": ({"declare": ["z in R"], "define": ["z = x"], "expr": "z"}, "already declared"),
    "itself": ({"define": ["z = z + 1"], "expr": "z"}, "in terms of itself"),
    "later": ({"define": ["z = t", "t = x"], "expr": "z"}, "before it is defined"),
    "no definition": ({"define": ["z"], "expr": "z"}, "name = expression"),
    "differential": ({"expr": "d(x)", "wrt": "x"}, "d(...)"),
    "no equation": ({"prove": "x"}, "=="),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_bad_problems_are_refused_by_name(name: str) -> None:
    given, message = PROBLEMS[name]
    with pytest.raises(InputError) as caught:
        problem(**given)  # type: ignore[arg-type]
    assert message in str(caught.value)


def test_a_claim_that_does_not_fit_is_kept_apart() -> None:
    p = problem(declare=["x in R^n", "A in R^(n,n)"], expr="x'*A*x", wrt="x", claim="x*x")
    assert isinstance(p.ill_shaped, ShapeError) and p.claim is None and p.f is not None
    p = problem(expr="x'*A*x", wrt="x", claim="A*x + x'")
    assert p.ill_shaped is not None and p.inferred == ["A in R^(n,n)", "x in R^n"]
    p = problem(declare=["x in R^n"], prove="x - x == 0")
    assert p.prove is not None and p.prove[0] is p.prove[1]


FILE = """\ufefftitle "One # two"   # a comment
source "here"
A in R^(m,n)

layout = sum(A)      # a definition, not an option
derive layout*sum(A) wrt A order 2 layout numerator
expect zeros(m*n,m*n)
prove A - A == 0
title "Next"
x in R
derive x^2 wrt x
"""


def test_a_file_of_two_parts() -> None:
    one, two, three = parse_file(FILE)
    assert (one.title, one.source, one.order, one.layout) == ("One # two", "here", 2, "numerator")
    assert one.expect is not None and two.prove is not None and one.text["expr"] == "layout*sum(A)"
    assert three.title == "Next" and list(three.variables) == ["x"]


@pytest.mark.parametrize(
    ("text", "line", "under"),
    [
        ("A in R^(m,n)\nB in R^(m,n)\n  derive A*B wrt A", 3, "A*B"),
        ("x in R^n\nx in R", 2, "x in R"),
        ("x in R^n\nderive x' wrt y", 2, "y"),
        ("x in R^n\nz = x*x\nderive z wrt x", 2, "x*x"),
        ("x in R^n\nderive x wrt x order 3", 2, "3"),
        ("x in R^n\nderive x", 2, ""),
        ("expect 2", 1, "expect"),
        ("x in R^n\nderive x wrt x\nexpect eye(n", 3, "(n"),
    ],
)
def test_a_fault_in_a_file_has_its_line(text: str, line: int, under: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_file(text + "\nderive x wrt x")
    error = caught.value
    assert error.line == line and error.source is not None and error.column is not None
    assert error.source[error.column - 1 :].startswith(under)


def test_a_problem_does_not_change() -> None:
    p = problem(["x in R^n"], expr="A*x", wrt="x", claim="A'")
    api.solve(p, layout="numerator", expand=True, verify=False)
    assert (p.layout, p.expand, str(p.claim)) == ("denominator", False, "A'") and p.replace(order=2).order == 2 and p.order == 1
    with pytest.raises(AttributeError):
        p.order = 2  # type: ignore[misc]
    with pytest.raises(ValueError, match="colour"):
        p.replace(colour="red")


@pytest.mark.parametrize(("declare", "expr", "wrt", "message"), [
    (["x in R^2"], "x₂² + x₁x₂", "x", "x2 has two readings: an entry of x"),
    ([], r"\log\frac{e^{z_k}}{\sum_j e^{z_j}}", "z", "z_k has two readings: an entry of z"),
    (["A in R^(n,n)", "x in R^n"], "A_ij*x_j", "x", "x_j has two readings: an entry of x"),
    (["A in R^(n,n)", "x in R^n"], "A_ij*x_i*x_j", "x", "A_ij has two readings: an entry of A"),
    (["A in R^(n,n)", "B in R^(n,n)"], "A o B", "A",
     "A o B has two readings: the product entry by entry, A.*B, and a product with a number o"),
    (["a in R^n"], "exp(i*a'*x)", "x", "i is not declared, and beside exp it is the imaginary unit"),
    ([], r"e^{i\theta}", r"\theta", "i is not declared, and beside exp it is the imaginary unit"),
    ([], "-tr(rho*log(rho))", "rho", "of the matrix, tr(rho*logm(rho)), and entry by entry"),
    (["S in R^(n,n) spd", "T in R^(n,n)"], "tr(S*(log(S) - T))", "S", "of the matrix, tr(S*logm(S)), and entry by entry"),
    ([], "det(alpha*beta)", "alpha", "det is taken of a number: alpha and beta are not declared"),
    (["X in R^(m,n)"], "tr(A*dX)", "X", "dX is a differential beside X"),
    ([], "x'x/Nx", "x", "Nx has two readings: the product N*x, and a number Nx"),
    ([], "sum (y - X w)^2", "w", "sum (..)^ has two readings: sum((y - X*w).^2), and sum(y - X*w)^2"),
    ([], "norm(x) + mean (x - y).^2", "x", "mean (..).^ has two readings: mean((x - y).^2), and mean(x - y)^2"),
    ([], "W^(2)*relu(W^(1)*x)", "x", "W^(1) has two readings: the first power of W, and a name")])
def test_what_shapes_allow_and_nobody_means_is_asked_back(declare: list[str], expr: str, wrt: str, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)) as caught:
        problem(declare, expr=expr, wrt=wrt)
    assert caught.value.column is not None and caught.value.hint


@pytest.mark.parametrize(("declare", "expr", "meant"), [
    (["X in R^(m,n)", "y in R^m"], "sum((y - Xw)^2)", "sum((y - X*w).^2)"),
    (["w in R^n", "c in R"], "c^2*mean((c*w)²)", "c^2*mean((c*w).^2)"), (["w in R^n", "A in R^(n,n)"], "sum(A^2*w)", "sum(A^2*w)")])
def test_under_a_sum_the_power_of_a_column_goes_entry_by_entry(declare: list[str], expr: str, meant: str) -> None:
    found = problem(declare, expr=expr, wrt="w")
    assert found.f is problem(declare, expr=meant, wrt="w").f and found.read == ((meant,) if expr != meant else ())


@pytest.mark.parametrize("text", [
    "r = X @ w - y   # residual\nr @ r", "r = X*w - y;  % residual\n\n% the loss\nf = r'*r;",
    'def f(w):\n    """Least squares."""\n    r = X @ w - y  # residual\n    return r @ r'])
def test_a_program_of_several_lines_is_read_to_its_end(text: str) -> None:
    found = problem(["X in R^(m,n)", "y in R^m"], expr=text, wrt="w")
    assert (str(found.f), found.read[-1]) == ("r'*r", "r'*r") and [str(body) for _, body in found.definitions] == ["X*w - y"]


def test_beside_the_power_of_a_matrix_it_is_asked_back() -> None:
    with pytest.raises(InputError, match="only a square matrix has powers"):
        problem(["A in R^(n,n)", "w in R^n"], expr="sum(A^2) + sum(w^2)", wrt="w")


def test_the_trace_of_a_greek_letter_is_that_of_a_matrix() -> None:
    assert problem(expr="tr(rho*rho)", wrt="rho").inferred == ["rho in R^(n,n)"]
    assert problem(["rho in R"], expr="tr(rho*rho)", wrt="rho").inferred == []


@pytest.mark.parametrize("text", ["f(0) == 0", "f(2*x) == 4*f(x)"])
def test_a_defined_function_at_another_argument_is_no_product(text: str) -> None:
    with pytest.raises(InputError, match="two readings"):
        problem(["A in R^(n,n)", "x in R^n"], prove=f"{text} where f(x) = x'*A*x")
