"""The manual: what the language reads, from the tables it is read by. docs/language.md and docs/layouts.md are its pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..language.composites import COMPOSITES, REFUSED
from ..language.operations import ELEMENTWISE, LATEX, MIRRORED, OPERATIONS, ROOTED, SMOOTH
from ..reading.grammar.spellings import EVERYDAY, LIBRARY, MATLAB, MODULES, alternatives
from ..reading.latex.commands import SIGNS
from ..reading.latex.cursor import ACCENTS, STYLES
from ..reading.latex.letters import CIRCLES, TIMES
from ..reading.latex.spelling import SPACES
from ..reading.latex.tokens import GREEK

Lines = Iterable[str]

STRUCTURE = {
    "symmetric": "A' = A", "skew": "A' = -A", "spd": "symmetric and positive definite", "diagonal": "entries off the diagonal are 0",
    "orthogonal": "A'*A = eye(n)", "lower": "entries above the diagonal are 0", "upper": "entries below the diagonal are 0",
    "positive": "every entry is > 0", "simplex": "a probability vector: entries that sum to 1; of a matrix every row"}
OPERATORS = (
    ("A + B, A - B", "the same shape; a number or a scalar beside a matrix stands for scalar*ones(m,n)"),
    ("A*B", "the matrix product, or a scalar times anything; Unicode ·"),
    ("A.*B, A./B", "the product and the quotient entry by entry; Unicode ⊙"),
    ("x/c", "division by a scalar"),
    ("c^2, A^2, A^-1", "the power of a scalar; an integer power of a square matrix"),
    ("A^k", "a power of a square matrix; k is a size, and an undeclared k is one; tr(A^k) has a derivative"),
    ("(A'*A)^(-1/2)", "the inverse of the square root of a positive definite matrix, inv(sqrtm(A'*A)); with 1/2 the root"),
    ("x.^2", "the power, entry by entry"),
    ("A'", "the transpose; Unicode Aᵀ"),
    ("A ⊗ B", "the Kronecker product, kron(A, B)"))
PLACES = (
    ("unit(2, n)'*x", "`x(2)`, `x[i]` with a letter, `x[1]` on a line of NumPy",
     "an entry; unit(i, n) is column i of the identity, and unit(i) has an inferred size"),
    ("unit(i, m)'*A*unit(j, n)", "`A(i,j)`, `A[i,j]`", "an entry; where the sizes are letters, i <= m and j <= n are conditions"),
    ("unit(2, m)'*A", "`A(2,:)`, `A[i,:]`", "a row; on a line of NumPy `A[1]` is a vector, as in NumPy"),
    ("A*unit(j, n)", "`A(:,j)`, `A[:,j]`", "a column"),
    ("select(2, 3, n)'*x", "`x(2:4)`, `x[1:4]` on a line of NumPy",
     "three entries from the second on; select(i, k, n) is columns i to i + k - 1 of the identity"),
    ("vstack(A, B)", "`[A; B]`, `[x; 1]`, `\\begin{bmatrix}A \\\\ B\\end{bmatrix}`", "one below another"),
    ("hstack(A, B)", "`[A, B]`", "side by side; `[A, B; B', A]` is a matrix of blocks"))
DECLARED = (
    ("x in R^n", "a column vector, n x 1"), ("A in R^(m,n)", "a matrix, m x n"), ("c in R", "a scalar"),
    ("S in R^(n,n) spd", "a matrix with structure; several words are allowed"), ("x, y in R^n", "several names"),
    ("f: R -> R", "a function applied entry by entry, used as f(x), f'(x), f''(x)"),
    ("g: R^m -> R", "a scalar function of a vector, g(x), grad(g)(x), hess(g)(x)"),
    ("h: R^m -> R^n", "a vector function of a vector, h(x), jac(h)(x)"),
    ("L: R^(m,n) -> R", "a scalar function of a matrix, L(X), grad(L)(X)"),
    ("F: R -> R^(m,n)", "a matrix-valued function of a scalar, F(t), F'(t), F''(t); with R -> R^n a curve"),
    ("K: R^k -> R^(m,n)", "a matrix-valued function of a vector, K(x); jac(K)(x), k x m*n, has the gradients of the entries of vec(K(x)) "
     "as its columns"))
SAID = (
    ("A is n x n, b is n x 1", "A in R^(n,n), b in R^n"), ("let Q be a symmetric n x n matrix", "Q in R^(n,n) symmetric"),
    ("b is a vector of size n", "b in R^n"), ("X: (n, d), y: (n,)", "X in R^(n,d), y in R^n"), ("W: k x d", "W in R^(k,d)"),
    ("A ∈ S^n_{++}, x ∈ ℝⁿ₊₊", "A in R^(n,n) spd, x in R^n positive"), ("A^T = A, Σ ≻ 0", "A symmetric, Sigma spd"),
    ("size(A) = [m n]", "A in R^(m,n)"), ("c is a scalar", "c in R"), ("A symmetric", "A symmetric"),
    ("Sigma positive definite, u a vector", "Sigma spd, u vector"))
CONSTANTS = (
    ("eye(n)*x", "the identity; also I, where it is undeclared and an identity fits"), ("ones(m,n)", "ones; ones(n) is a column"),
    ("zeros(m,n)", "zeros; zeros(n) is a column"), ("x + vector(1)", "ones of an inferred size; matrix(0) likewise"),
    ("comm(n,n)*vec(A)", "the commutation matrix: this is vec(A')"), ("unvec(vec(A), n, n)", "the inverse of vec"),
    ("2*pi*c", "the number pi"), ("sum(x)/n", "where a scalar is meant, a size stands for its value"))
ASKED = (
    ("derive x'*A*x wrt x", "the derivative"), ("derive x'*A*x wrt x order 2", "the Hessian"),
    ("derive x'*A*y wrt x, y", "gradients with respect to several variables in one sweep; `wrt all` takes every variable"),
    ("derive A*x wrt x cotangent g", "the gradient of tr(g'*f) for f of any shape, the backward pass; also `tangent v`, `hvp v`"),
    ("prove d(x'*A*x)/d(x) == (A + A')*x", "an equation; d(f)/d(x) is the derivative, d(X) a differential"),
    ("expect 2*A*x", "after a derive line: the closed form that the result must equal"),
    ("assume sum(y) = 1", "an equation that the derivation may use"),
    ("z = W'*x + b", "a definition: a name for an intermediate"), ("layout numerator", "the layout of the derivatives that follow"),
    ("expand", "softmax, logsumexp and the like are taken apart; gradients of several variables are without the names of others"),
    ("structured", "with respect to the independent entries of a symmetric or diagonal variable"),
    ('title "Trace of a square"', "a name for the page; a title after a question begins a new problem"),
    ('source "MCB (106)"', "where it is published"), ('notes "by hand in 3.2"', "a remark, kept with the problem"))
DIALECTS = (
    ("matcalc's pages", "xᵀ A x", "x'*A*x", "what a page shows can be typed back: ᵀ ² ⁻¹ ⁻ᵀ ∘², √, ½, 𝟏, |·|, ‖·‖, ‖·‖₁, ‖·‖_F, "
     "log|det X|, σ, ⊙ ⊘ ⊗, −, ∂f/∂x, ∇g(x), x₁, x ∈ ℝⁿ"),
    ("NumPy, PyTorch, JAX, CVXPY", "np.sum((A @ x - b)**2)", "sum((A*x - b).^2)",
     "@, **, .T, prefixes, methods, axis= and dim=, x[:, None], np.where(x > 0, x, 0), np.einsum, np.hstack([..])"),
    ("MATLAB", "A\\b", "inv(A)*b", "A\\b, x'/A, A(:), .', .^, sum(A,2), size(A,1), ones(n,1), norm(A,'fro')"),
    ("R", "t(x) %*% A %*% x", "x'*A*x", "%*%, %o%, %x%, t(X), solve(A), solve(A, b), crossprod(X); there * / ^ go entry by entry"),
    ("Julia", "sum(abs2, X*w .- y)", "sum((X*w - y).^2)", "f.(x), .+ and .-, sum(f, x), dot(x, A, y), x'A*x, A\\b"),
    ("Mathematica", "Tr[Transpose[A].B]", "tr(A'*B)", "F[x], the dot as the product; where one stands on the line, * / ^ go entry by "
     "entry"),
    ("everyday", "2 A x + ‖x‖^2*b", "2*A*x + norm2(x)^2*b",
     "factors side by side, ln, trace, norm, ||x||, ReLU, {..} and [..] as brackets, x^T"),
    ("words", "half the squared norm of A x", "1/2*norm2(A*x)^2", "a function of what follows, inner product of x and b, "
     "Frobenius norm of A, x transpose, A inverse, t squared, times, plus, minus, dot"),
    ("sums over indices", "sum(i, j, A[i,j]*x[i]*x[j])", "x'*(A*x)", "entries x_i, A_{ij}, x[i], A[i,j], (A*x)[i], sums ∑_i, sum_{i=1}^n, "
     "\\sum_{j \\ne i}, sum(.. for i in range(n))"),
    ("LaTeX", "\\frac{1}{2} x^\\top A x", "1/2*x'*A*x", "with or without dollars"))
PRINCIPLES = (
    "A line in the language is read as it stands. Any other line is read in its dialect, and the page says how: `Read as  x'*A*x`.",
    "A line is read as NumPy if it contains `@`, `.T`, the prefix of a library, a method, a keyword such as `axis=`, or `[:, None]`. "
    "Then `*`, `/` and `**` go entry by entry with NumPy's broadcasting, `**` from right to left, and a vector has one dimension: "
    "`x @ A @ x` is x'*A*x, `X - mu` takes mu from every row, `x[:, None] - x` is a matrix. Where the shapes also allow a matrix product "
    "with another value, `*` is ambiguous and refused; of two square matrices where `.T` or a method of SymPy's matrices is all that says "
    "NumPy. With `.inv()`, `.I`, `Trace(..)`, `Inverse(..)` a line is SymPy's, where `*` is the matrix product. On every other line `*`"
    " is the matrix product, and `x·y` of two vectors their inner product. In an equation each side is in the dialect that it shows; "
    "where one shows none and would be something else in that of the other, as in `A @ B == A*B`, both readings are named.",
    "Factors side by side are multiplied if they are leading numbers, declared names, single letters or brackets. `AB` is A*B "
    "where A and B are declared and AB is not, or where A and B or BA stand on the line, as in `tr(AB) = tr(BA)`; "
    "`Ax` is A*x where x is the variable, and `WX` is W*X where W is. A product without a sign "
    "binds like one with a sign; `a/b c` and `a/bc` are refused where (a/b)*c and a/(b*c) both fit, except after a number or a bracket "
    "with a blank, as in `1/2 x'x`. The words kron, times, dot, plus "
    "and minus between two factors are their signs: `B' kron A`.",
    "`∇_x`, `∂/∂x` and `d/dx` apply to the whole product that follows; before a sum of scalars they are ambiguous and refused. "
    "`dX` in an equation is a differential where X is declared or occurs on the line, and `dX^{-1}` is the differential of the inverse. "
    "So is `d X` on a line that begins with a d; `d A B` at its beginning is refused. "
    "`∇` without a letter is taken by the variable that is asked for, or by the only vector: `∇(x'A x)`. "
    "`tanh²(x)` and `\\tanh^2 x` are squares, `σ'(x)` is the derivative of a function of the language.",
    "A condition in brackets, `(x > 0)`, is `step(x)`: 1 where it holds and 0 elsewhere; so it is in `np.where(x > 0, x, 0)`. `(x)_+` is "
    "`relu(x)`, and `max(A, B)` of two arguments goes entry by entry.",
    "Definitions and declarations may follow the formula: `norm2(r)^2 where r = A*x - b, A in R^(m,n)`; after a comma, a semicolon or the "
    "end of a line too, but in an equation to be proved only after `where`, `with`, `for`, `if`, `when`, `given` or `assuming`, and a "
    "declaration alone after a comma: `2*A*x, A symmetric`.",
    "`sum((y - X*w)^2)` of a declared column goes entry by entry; in `sum (y - X*w)^2`, with a blank, the power may be of each entry or of "
    "the sum, and it is refused.",
    "A function says by what it is differentiated: `f(x) = x'A x`, `lambda x: x @ A @ x`, `def f(x): ..`. "
    "A derivative needs no `--wrt`: `derive \"d/dx (x^T A x)\"`, `\"df/dx for f = x'A x\"`, `\"gradient of tr(A X) with respect to X\"`, "
    "`\"the Hessian of x'A x wrt x\"`, `D[Tr[A.X], X]`.",
    "exp, log and sqrt go entry by entry. `tr log A` is refused, since the logarithm of the matrix may be meant; `tr(log(A))` is read as "
    "it stands, and the page says so; in `tr(A*log(A))` both are named.",
    "The trace of a Greek letter is that of a matrix: `tr(rho*rho)`. The i of `exp(i*t)` is the imaginary unit, unless it is declared, and "
    "x₂ or x_j beside a vector x may be its entry: both are asked back.",
    "A letter with an accent, x̂ or ȳ, is a name: x_hat, y_bar.",
    "The left side of a claim may be the derivative, `∂f/∂x = 2x`, `∇f(x) = 2x`, or the differential, `df = 2x'dx`.",
    "`A/B` of matrices is refused where A*inv(B) and A./B both fit, and so is `e^(..)` where e is not declared and e^{..} is not meant.",
    "|c| of a scalar and |x| of a vector are absolute values, log|A| of a matrix is logdet(A); |A| alone is refused: det(A) or abs(A). "
    "|x||y| of two vectors is the product of their lengths; |x|^2 that no sum is taken of is the square of the length, and so are the "
    "bars of an equation where only lengths fit. ‖x‖ is the Euclidean norm; ‖A‖ and ‖A‖₁ of a matrix are refused: write ‖A‖_F, "
    "or ‖vec(A)‖₁ for the sum of all absolute values.",
    "In round brackets, indices count from 1 and a range includes its end, as in MATLAB. In square brackets on a line of NumPy, or on one "
    "with `**`, a 0 or a negative index, they count from 0 and a range excludes its end. On any other line, numbers in square brackets are "
    "ambiguous and refused.",
    "An undeclared letter in square brackets is the index of an entry, also under a sum: `sum(j, A[i,j]*x[j])` is entry i of A*x, "
    "and `∂f/∂x[i]` is entry i of the derivative. In LaTeX, x_i and A_{ij} are such entries where x and A are declared, unless the name "
    "with its index is transposed. `derive --format index` shows a result in this notation, and `prove` reads it.",
    "Input with two readings is refused with an error that names both.")


def grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Lines:
    """A table in Markdown."""
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
    yield ""


def code(text: str) -> str:
    """Text as code."""
    return f"`{text}`"


def functions() -> str:
    """Every operation, with an example."""
    return "\n".join(_functions())


def _functions() -> Lines:
    yield from ("## Functions", "", "Entry by entry, on scalars, vectors and matrices", "")
    yield from grid(("example", "derivative at t", "defined where", "smooth where"), (
        (code(f"{r.name}(x)"), code(r.prime), ", ".join(map(str, r.domain)), ", ".join(map(str, SMOOTH[r.name]))) for r in ELEMENTWISE))
    yield from ("Of whole vectors and matrices", "")
    yield from grid(("example", "takes", "gives", "is"), (
        (code(example(r.spelling, r.arguments)), code(r.arguments), code(r.result), r.words) for r in OPERATIONS))
    yield from ("`normF(A)` is norm2(A). `unvec(x, m, n)`, `comm(m, n)`: see Constants.", "",
                "Definitions: each is read as what it stands for; m and n are sizes of its arguments", "")
    yield from grid(("example", "stands for", "takes", "is"), (
        (code(r.law.split(" = ")[0]), code(r.body), code(r.given), r.words) for r in COMPOSITES))
    yield from ("No derivative, or none in closed form", "")
    yield from grid(("name", "why"), ((code(name), why) for name, why in REFUSED.items()))


def example(spelling: str, arguments: str) -> str:
    """A call with letters of the right kind."""
    if spelling in MIRRORED | ROOTED:
        return f"{spelling}({'A + A' if spelling in MIRRORED else 'A*A'}')"
    pairs = arguments.split()
    letters = ["x" if pair.endswith(",1)") else "ABC"[k] for k, pair in enumerate(pairs)]
    return f"{spelling}({', '.join(letters)})"


def language() -> str:
    """The page of the language, docs/language.md."""
    out = ["# The language", "", "Written by `matcalc help language` from the tables that the parser uses.", "", "## Declarations", ""]
    out += grid(("example", "declares"), ((code(a), b) for a, b in DECLARED))
    out += ["A size is a name, a positive integer, or a sum or product of those: n+1, m*n. An undeclared name has the shape that "
            "the expression requires; where that leaves a choice, a to g are scalars, h to z vectors, capitals matrices, and Greek names "
            "scalars.", ""]
    out += grid(("also read", "as"), ((code(a), code(b)) for a, b in SAID))
    out += ["A structure word, `vector`, `matrix`, `square` or `scalar` may be declared without sizes, which are then inferred. "
            "A declaration or a definition may also follow a formula: `x'*A*x where A symmetric`.", ""]
    out += grid(("structure word", "means"), ((code(a), b) for a, b in sorted(STRUCTURE.items())))
    out += ["## Expressions", ""]
    out += grid(("example", "is"), ((code(a), b) for a, b in OPERATORS))
    out += ["Entries, rows, columns and blocks are products with columns of the identity, and sums of such products: their derivatives "
            "follow from the rules for sums and products.", ""]
    out += grid(("example", "also written", "is"), ((code(a), b, c) for a, b, c in PLACES))
    out += ["Operators, tightest first: ' ^ .^ after a factor, then a sign, then * / .* ./ from left to right, then + and -. "
            "Numbers are exact: 0.5 is 1/2.", "", "## Constants", ""]
    out += grid(("example", "is"), ((code(a), b) for a, b in CONSTANTS))
    out += [*_functions(), "## Questions", "", "Lines of a problem file; each has an option on the command line.", ""]
    out += grid(("example", "asks for"), ((code(a), b) for a, b in ASKED))
    out += ["## Dialects", ""]
    out += grid(("dialect", "example", "read as", "what is read"), ((a, code(b), code(c), d) for a, b, c, d in DIALECTS))
    out += [line for text in PRINCIPLES for line in (text, "")]
    out += ["### Everyday and MATLAB names", "", "c is a scalar, x and y are vectors, M and N matrices, A and B anything. A function of "
            "the language may also begin with a capital (`Tanh`) and have no underscore (`LogSoftmax`).", ""]
    out += grid(("spelling", "read as"), map(spelled, filter(None, EVERYDAY.splitlines())))
    out += ["### Functions of MATLAB, R, Julia and Mathematica", "", "On lines that are not read as NumPy.", ""]
    out += grid(("spelling", "read as"), map(spelled, filter(None, MATLAB.splitlines())))
    out += ["### Libraries and methods", "", f"After {', '.join(sorted(MODULES))}, and as methods: `np.sum(x)`, `x.sum()`. `dim` means "
            "`axis`, and -1 is the last one. The names of the language and the everyday names are read there too.", ""]
    out += grid(("spelling", "read as"), map(spelled, filter(None, LIBRARY.splitlines())))
    return "\n".join(out)


def spelled(line: str) -> tuple[str, str]:
    """A line of the table of spellings."""
    found = alternatives(line)
    meaning = found[0].meaning
    shown = ", ".join(code(f"{'x' if r.name[0] == '.' else ''}{r.spelling}") for r in found)
    return shown, "refused: " + meaning[1:] if meaning[0] == "!" else code(meaning)


LAYOUTS = """# Layouts

How a derivative is laid out. `--layout` on the command line, `layout numerator` in a problem file, `layout=` in Python.

| f | X | denominator (the default) | numerator | mixed |
|---|---|---|---|---|
| scalar | any | the gradient, the shape of X | its transpose | the shape of X |
| vector of size N | vector of size M | M x N | N x M | N x M |
| anything else | | d vec(f)/d vec(X), (size of X) x (size of f); for a scalar X 1 x (size of f) | its transpose | its transpose |

vec stacks columns. Order 2 is the Hessian of a scalar f with respect to x, or to vec(X).

Examples, in the denominator layout: the derivative of `x'*A*x` is `(A + A')*x`, of `A*x` it is `A'`; in the numerator layout they are
`x'*(A + A')` and `A`. nndl and the article that matcalc follows use the denominator layout, matrixcalculus.org the mixed one.

For X declared symmetric or diagonal the result is the gradient G of unconstrained entries, taken at such an X. The page adds its
symmetric part (G + G')/2 and the derivative with respect to the independent entries, G + G' - diag(diag(G)) (diagonal:
diag(diag(G))), which `--structured` asks for.
"""


def layouts() -> str:
    """The page of the layouts, docs/layouts.md."""
    return LAYOUTS


def latex() -> str:
    """What is read of LaTeX."""
    functions = sorted(word for name, word in LATEX.items() if word == "\\" + name)
    names = " ".join("\\" + word for word in sorted(GREEK))
    return "\n".join([
        "LaTeX on a line, with or without dollars, as derive, prove, check, run, batch and Python read it:", "",
        f"  signs      {' '.join(sorted((*CIRCLES, *(t for t in TIMES if t[0] == chr(92)), *SIGNS)))}", f"  names      {names}",
        f"  functions  {' '.join(functions)}, and those of the language in \\mathrm or \\operatorname",
        f"  styles     {' '.join(sorted(STYLES))}, which are dropped", f"  accents    {' '.join(sorted(ACCENTS))}: another name",
        f"  ignored    {' '.join(sorted(n for n in SPACES if n.strip() and n[1:].isprintable()))}",
        "  exponents  x^\\top, A^{-1}, A^{-\\top}, x^{\\circ 2}, x^T",
        "  fractions  \\frac{a}{b}, \\frac{\\partial f}{\\partial x}, {a \\over b}",
        "  slopes     \\nabla_x f, \\nabla^2 f, \\partial_x f, f'(x), J_f, H_f, Df(x)[h] and \\nabla_h f(x) in the direction h",
        "  norms      \\|x\\|, \\|x\\|_1, \\|A\\|_F, \\|A\\|_*, \\|A\\|_{op}, \\|x\\|_S of a matrix S",
        "  sums       \\sum_i x_i^2, \\sum_{i=1}^n \\sum_j A_{ij} x_j, \\sum_{i \\ne j}", "",
        "Input with two readings is refused, and both are shown. "
        "`matcalc check` reads whole hand derivations: aligned lines and text between them."])


TOPICS = {"language": language, "functions": functions, "layout": layouts, "latex": latex}
