"""The operation table: one row for each operation, from which rules, conditions, signs, pages and code are made.

An entry-wise function states its derivative in the language, with t for the argument; the rule `d.NAME` and its proof obligation are
made of that. With a `law`, what it stands for in the language, a row needs nothing else: the judges and the code take the law wherever
they have no meaning or no spelling of their own.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from fractions import Fraction

from .columns import (ABOVE_ZERO, ALIKE, ANY, APART, BETWEEN, CLOSED_RANGE, DISTINCT, EVEN, FROM_ZERO, FULL, INVERTIBLE, NONNEGATIVE,
                      NONZERO, ODD, POSITIVE, SIMPLE, SPARSE, UNIT_RANGE, WITHIN, Elementwise, Form, Limit, Operation, Part, Range,
                      RowError)

TABLE = "nndl B.26"       # of derivatives
EIGH, SVD = "np.linalg.eigh({})", "np.linalg.svd({}, full_matrices=False)"
ELEMENTWISE: tuple[Elementwise, ...] = (
    Elementwise("exp", "exp(t)", sign=POSITIVE, values=Range(0, None), through=(0, 1), matrix="expm", cost=(10, 1.0), latex=r"\exp",
                code="np.exp", sympy="exp", see=TABLE),
    Elementwise("log", "1/t", ABOVE_ZERO, through=(1, 0), matrix="logm", latex=r"\log", code="np.log", sympy="log", see=TABLE),
    Elementwise("sqrt", "1/(2*sqrt(t))", FROM_ZERO, ABOVE_ZERO, sign=ALIKE, values=Range(0, None, True), degree=Fraction(1, 2), root=True,
                matrix="sqrtm", latex=r"\sqrt", code="np.sqrt", sympy="sqrt", see=TABLE),
    Elementwise("abs", "sign(t)", edges=APART, sign=NONNEGATIVE, vanishing=True, nonzero=APART, degree=1, parity=EVEN,
                latex=r"\left|\cdot\right|", code="np.abs", sympy="Abs", see=TABLE),
    Elementwise("sign", "0", APART, sign=ALIKE, degree=0, values=CLOSED_RANGE, cost=(30, 1.0), latex=r"\operatorname{sign}",
                code="np.sign", sympy="sign",
                see=TABLE),
    Elementwise("sin", "cos(t)", vanishing=True, values=CLOSED_RANGE, parity=ODD, angle=True, latex=r"\sin", code="np.sin", sympy="sin",
                see=TABLE),
    Elementwise("cos", "-sin(t)", values=CLOSED_RANGE, parity=EVEN, angle=True, latex=r"\cos", code="np.cos", sympy="cos", see=TABLE),
    Elementwise("tan", "1 + tan(t)^2", (Limit("apart", of="cos"),), law="sin(t)/cos(t)", vanishing=True, parity=ODD, angle=True,
                latex=r"\tan",
                code="np.tan", sympy="tan", see=TABLE),
    Elementwise("arcsin", "1/sqrt(1 - t^2)", BETWEEN, WITHIN, sign=ALIKE, vanishing=True, parity=ODD, latex=r"\arcsin", code="np.arcsin",
                sympy="asin", see=TABLE),
    Elementwise("arccos", "-1/sqrt(1 - t^2)", BETWEEN, WITHIN, law="pi/2 - arcsin(t)", latex=r"\arccos", code="np.arccos", sympy="acos",
                see=TABLE),
    Elementwise("arctan", "1/(1 + t^2)", sign=ALIKE, vanishing=True, parity=ODD, latex=r"\arctan", code="np.arctan", sympy="atan",
                see=TABLE),
    Elementwise("sinh", "cosh(t)", sign=ALIKE, vanishing=True, parity=ODD, angle=True, latex=r"\sinh", code="np.sinh", sympy="sinh",
                see=TABLE),
    Elementwise("cosh", "sinh(t)", sign=POSITIVE, values=Range(1, None, True), parity=EVEN, angle=True, latex=r"\cosh", code="np.cosh",
                sympy="cosh",
                see=TABLE),
    Elementwise("tanh", "1 - tanh(t)^2", sign=ALIKE, vanishing=True, values=UNIT_RANGE, parity=ODD, angle=True, latex=r"\tanh",
                code="np.tanh",
                sympy="tanh", see=TABLE),
    Elementwise("sigmoid", "sigmoid(t)*(1 - sigmoid(t))", law="1/(1 + exp(-t))", sign=POSITIVE, values=Range(0, 1), latex=r"\sigma",
                code="_sigmoid", torch="torch.sigmoid", jax="jax.nn.sigmoid", see="nndl B.23"),
    Elementwise("softplus", "sigmoid(t)", law="log(1 + exp(t))", sign=POSITIVE, code="_softplus", torch="_softplus",
                jax="jax.nn.softplus", see=TABLE),
    Elementwise("relu", "relu(sign(t))", edges=APART, sign=NONNEGATIVE, vanishing=True, nonzero=ABOVE_ZERO, degree=1,
                code="np.maximum({}, 0)", torch="torch.relu", jax="jax.nn.relu", sympy="_relu", see=TABLE),
    Elementwise("hardtanh", "relu(sign(t + 1)) - relu(sign(t - 1))", edges=(Limit("apart", 1), Limit("apart", -1)), sign=ALIKE,
                law="relu(t + 1) - relu(t - 1) - 1", vanishing=True, values=CLOSED_RANGE, parity=ODD, code="np.clip({}, -1, 1)",
                torch="torch.clamp({}, -1, 1)", jax="jnp.clip({}, -1, 1)", see="Collobert 2004"),
    Elementwise("huber", "hardtanh(t)", law="(t^2 - relu(t - 1)^2 - relu(-t - 1)^2)/2", sign=NONNEGATIVE, vanishing=True,
                nonzero=APART, parity=EVEN, code="_huber", see="Huber 1964"),
    Elementwise("erf", "2*exp(-t^2)/sqrt(pi)", sign=ALIKE, vanishing=True, values=UNIT_RANGE, parity=ODD, code="_erf",
                torch="torch.erf", jax="jax.scipy.special.erf",
                sympy="erf", see="Abramowitz and Stegun 7.1.19"),
    Elementwise("log1p", "1/(1 + t)", (Limit("above", -1),), law="log(1 + t)", sign=ALIKE, vanishing=True, code="np.log1p", see=TABLE),
    Elementwise("expm1", "exp(t)", law="exp(t) - 1", sign=ALIKE, vanishing=True, values=Range(-1, None), code="np.expm1", see=TABLE),
    Elementwise("gelu", "0.5*(1 + erf(t/sqrt(2))) + t*exp(-t^2/2)/sqrt(2*pi)", law="t*(1 + erf(t/sqrt(2)))/2", sign=ALIKE, vanishing=True,
                see="Hendrycks and Gimpel 2016"),
    Elementwise("silu", "sigmoid(t) + t*sigmoid(t)*(1 - sigmoid(t))", law="t*sigmoid(t)", sign=ALIKE, vanishing=True,
                see="Elfwing et al. 2018"),
)

# Sizes in `arguments` are bound from the arguments' shapes; a letter seen twice must agree.
OPERATIONS: tuple[Operation, ...] = (
    Operation("sum", "sum", "(m,n)", "(1,1)", "the sum of all entries", of_number=(), linear=True, of_definite=True, sign=ALIKE,
              cost=(0, 1.2), code="np.sum", sympy="_sum", entries="sum(k, l, A[k,l])"),
    Operation("tr", "tr", "(n,n)", "(1,1)", "the trace", of_number=(), linear=True, of_definite=True, sign=ALIKE, cost=(0, 1.3),
              code="np.trace", sympy="Trace", entries="sum(k, A[k,k])"),
    Operation("det", "det", "(n,n)", "(1,1)", "the determinant", of_number=(), nonzero=INVERTIBLE, of_definite=True, minors=True,
              cost=(10, 3.0), latex=r"\det", code="np.linalg.det", sympy="Determinant"),
    Operation("logdet", "logdet", "(n,n)", "(1,1)", "log|det A|", INVERTIBLE, of_number=("abs", "log"), minors=True, cost=(20, 6.0),
              code="np.linalg.slogdet({})[1]", sympy="_logdet"),
    Operation("inv", "inv", "(n,n)", "(n,n)", "the inverse", INVERTIBLE, commutes_with_transpose=True, invertible=True, minors=True,
              keeps=("definite", "invertible", "triangular"), cost=(20, 1.5), code="np.linalg.inv"),
    Operation("adj", "adj", "(n,n)", "(n,n)", "the adjugate, det(A)*inv(A) where A is invertible", of_number=1,
              commutes_with_transpose=True, minors=True, cost=(30, 3.0), keeps=("definite", "invertible", "triangular"), code="_adj"),
    Operation("sqrtm", "sqrtm", "(n,n)", "(n,n)", "the square root of a positive definite matrix", requires="spd", of_number=("sqrt",),
              unfinished=("the differential X of {y} solves {y}*X + X*{y} = d({x}); the language cannot express the solution",
                          "under a trace it has a closed form: tr({y})"), root=True, edges=INVERTIBLE,
              commutes_with_transpose=True, keeps=("definite", "invertible"), cost=(20, 1.5), code="_sqrtm"),
    Operation("eigmax", "eigmax", "(n,n)", "(1,1)", "the largest eigenvalue of a symmetric matrix", requires="symmetric", of_number=(),
              of_definite=True, edges=SIMPLE, cost=(20, 1.5), code="np.linalg.eigvalsh({})[-1]", part=Part(EIGH, 0, 2, "[-1]")),
    Operation("eigvec", "eigvec", "(n,n)", "(n,1)", "its unit eigenvector, of either sign", SIMPLE, requires="symmetric", of_number=1,
              unfinished=("no rule for the differential of {y}", "it takes a pseudoinverse, which the language does not have"),
              cost=(20, 1.5), part=Part(EIGH, 1, 2, "[:, -1]")),
    Operation("spectrum", "spectrum", "(n,n)", "(n,1)", "the eigenvalues of a symmetric matrix in ascending order", requires="symmetric",
              of_number=(), edges=DISTINCT, cost=(20, 1.5), code="np.linalg.eigvalsh", part=Part(EIGH, 0, 2)),
    Operation("eigvecs", "eigvecs", "(n,n)", "(n,n)", "their unit eigenvectors, its columns, each of either sign", DISTINCT,
              requires="symmetric", of_number=1, invertible=True,
              unfinished=("no rule for the differential of {y}", "it takes pseudoinverses, which the language does not have"),
              cost=(20, 1.5), part=Part(EIGH, 1, 2)),
    Operation("singvals", "singvals", "(m,n)", "(n,1)", "the singular values in descending order", requires="tall", of_number=("abs",),
              edges=FULL, sign=NONNEGATIVE, cost=(20, 1.5), code="np.linalg.svd({}, compute_uv=False)", torch="torch.linalg.svdvals",
              part=Part(SVD, 1, 3)),
    *(Operation(name, name, "(m,n)", result, f"{side} singular vectors, its columns: A = svdu(A)*diag(singvals(A))*svdv(A)'", FULL,
                requires="tall", of_number=number, unfinished=("no rule for the differential of {y}",
                                             "it takes pseudoinverses, which the language does not have"),
                cost=(20, 1.5), part=part)
      for name, side, result, part, number in (
          ("svdu", "the left", "(m,n)", Part(SVD, 0, 3), ("sign",)), ("svdv", "the right", "(n,n)", Part(SVD, 2, 3, ".T"), 1))),
    Operation("norm1", "norm1", "(m,n)", "(1,1)", "the sum of the absolute values of all entries", of_number=("abs",), edges=APART,
              sign=NONNEGATIVE, vanishing=True, nonzero=NONZERO, degree=1, even=True, code="np.sum(np.abs({}))",
              sympy="_norm1", entries="sum(k, l, abs(A[k,l]))"),
    Operation("norm2", "norm2", "(m,n)", "(1,1)", "the Euclidean norm; of a matrix the Frobenius norm", of_number=("abs",), edges=NONZERO,
              sign=NONNEGATIVE, vanishing=True, nonzero=NONZERO, degree=1, even=True, cost=(10, 1.0), code="np.linalg.norm",
              sympy="_norm2", entries="sqrt(sum(k, l, A[k,l]^2))"),
    Operation("diag", "diag", "(n,1)", "(n,n)", "the diagonal matrix of a vector", of_number=(), linear=True, invertible=APART,
              symmetric=True, definite="positive", sign=SPARSE, cost=(5, 1.0), sympy="DiagMatrix"),
    Operation("diagonal", "diag", "(n,n)", "(n,1)", "the vector of a matrix's diagonal", of_number=(), linear=True, of_definite=True,
              sign=ALIKE, cost=(0, 1.3), code="np.diagonal", sympy="_diagonal", entries="A[i,i]"),
    Operation("vec", "vec", "(m,n)", "(m*n,1)", "the columns stacked", of_number=(), linear=True, keeps=("apart",), sign=ALIKE,
              cost=(10, 1.0), sympy="_vec"),
    Operation("kron", "kron", "(m,n) (p,q)", "(m*p,n*q)", "the Kronecker product", keeps=("symmetric", "definite", "invertible", "apart"),
              sign=ALIKE, cost=(60, 1.0), code="np.kron", torch="_kron"),
    Operation("softmax", "softmax", "(n,1)", "(n,1)", "exp(x)/sum(exp(x))", of_number=1, sign=POSITIVE, code="_softmax",
              torch="torch.softmax({}, -1)", jax="jax.nn.softmax", sympy="_softmax"),
    Operation("softmax_rows", "softmax", "(m,n)", "(m,n)", "softmax of each row", of_number=1, lines=1, sign=POSITIVE,
              sympy="_softmax_rows"),
    Operation("logsumexp", "logsumexp", "(n,1)", "(1,1)", "log(sum(exp(x)))", of_number=(), code="_logsumexp",
              torch="torch.logsumexp({}, -1)", jax="jax.scipy.special.logsumexp({}, axis=-1)", sympy="_logsumexp",
              entries="log(sum(k, exp(A[k])))"),
    Operation("logsumexp_rows", "logsumexp", "(m,n)", "(m,1)", "logsumexp of each row, a column", of_number=(), lines=1,
              sympy="_logsumexp_rows", entries="log(sum(k, exp(A[i,k])))"),
    Operation("rowsum", "rowsum", "(m,n)", "(m,1)", "A*ones(n), the sums of the rows, a column", of_number=(), linear=True, lines=1,
              sign=ALIKE, cost=(5, 1.2), sympy="_rowsum", entries="sum(k, A[i,k])"),
    Operation("colsum", "colsum", "(m,n)", "(n,1)", "A'*ones(m), the sums of the columns, a column", of_number=(), linear=True, lines=0,
              sign=ALIKE, cost=(5, 1.2), sympy="_colsum", entries="sum(k, A[k,i])"),
    Operation("expm", "expm", "(n,n)", "(n,n)", "the matrix exponential", of_number=("exp",), commutes_with_transpose=True, invertible=True,
              keeps=("triangular",), definite="symmetric", cost=(20, 1.0), latex=r"\operatorname{expm}", code="_expm",
              torch="torch.linalg.matrix_exp", jax="jax.scipy.linalg.expm"),
    Operation("expm_frechet", "expm_frechet", "(n,n) (n,n)", "(n,n)",
              "the derivative of expm at the first argument in the direction of the second",
              unfinished=("no rule for the differential of {y}", "the second derivative of expm has no closed form in the language"),
              latex=r"\operatorname{L}_{\operatorname{expm}}", code="_expm_frechet",
              jax="jax.scipy.linalg.expm_frechet({}, compute_expm=False)"),
)

FORMS: tuple[Form, ...] = (
    Form("+", linear=True, keeps=("symmetric",)), Form("*", keeps=("invertible",)),
    Form(".*", keeps=("symmetric", "definite", "apart"), sign=ALIKE), Form("^", keeps=("symmetric", "invertible", "triangular")),
    Form(".^", keeps=("symmetric", "apart")),
    Form("'", linear=True, keeps=("symmetric", "definite", "invertible", "apart"), sign=ALIKE, cost=(0, 1.25)),
    Form("unvec", (0, 1), linear=True, keeps=("apart",), sign=ALIKE, cost=(10, 1.0)),
    Form("eye", (0, 0), "n", "(n,n)", invertible=True, symmetric=True, definite="always", sign=SPARSE),
    Form("ones", (0, 0), "m n", "(m,n)", by_size=True, sign=POSITIVE),
    Form("zeros", (0, 0), "m n", "(m,n)", by_size=True, sign=NONNEGATIVE),
    Form("comm", (0, 0), "m n", "(m*n,m*n)", invertible=True, by_size=True, sign=NONNEGATIVE, cost=(10, 1.0)),
    Form("select", (0, 0), "i k n", "(n,k)", sign=NONNEGATIVE),
    Form("pi", (0, 0), sign=POSITIVE), Form("d"), Form("derivative"), Form("apply", (1, None)),
)
HEADS: tuple[Operation | Form, ...] = (*OPERATIONS, *FORMS)
COSTS: dict[str, tuple[int, float]] = {row.name: (0, 1.01) if row.parity == ODD else row.cost for row in ELEMENTWISE} | {
    row.head: row.cost for row in HEADS}        # a sign is better outside an odd function

ELEMENTWISE_NAMES = frozenset(row.name for row in ELEMENTWISE)
LAWS = {row.name: row.law for row in ELEMENTWISE if row.law}
LINEAR = frozenset(row.head for row in HEADS if row.linear) - {"+"}       # in their one argument
FACTORED = frozenset(("*", ".*"))               # whose arguments are factors, as many as there are
PRODUCTS = FACTORED | {"kron"}                  # linear in each argument
BINARY = frozenset(row.head for row in OPERATIONS if " " in row.arguments)      # of two matrices
OF_NUMBER = {row.head: row.of_number for row in OPERATIONS if row.of_number is not None}
DERIVED = frozenset(("d", "derivative"))        # which say how their argument changes
FUNCTIONALS = frozenset(("prime", "grad", "hess", "jac"))      # derivatives of an abstract function
PARTS = {row.head: slice(*row.parts) for row in FORMS if row.parts != (0, None)} | dict.fromkeys(FUNCTIONALS, slice(0, 0))
CONSTANTS = frozenset(row.head for row in FORMS if row.sizes)      # whose arguments are sizes
SIZED = frozenset(row.head for row in FORMS if row.parts[0] == 0 and row.parts[1] is not None)     # with sizes among their arguments
RANGES = {row.name: row.values for row in ELEMENTWISE if row.values is not None}
SIGNS = {row.name: row.sign for row in ELEMENTWISE} | {row.head: row.sign for row in HEADS}
FROM_ZERO_ON = frozenset(head for head, sign in SIGNS.items() if sign == NONNEGATIVE) | {       # never negative
    name for name, values in RANGES.items() if isinstance(values, Range) and values.least is not None and values.least >= 0}
ANGLES = frozenset(row.name for row in ELEMENTWISE if row.angle)
MATRIX_FUNCTIONS = {row.name: row.matrix for row in ELEMENTWISE if row.matrix}
PARITY = {row.name: row.parity for row in ELEMENTWISE if row.parity}
VANISHING = frozenset(row.name for row in ELEMENTWISE if row.vanishing) | {row.head for row in OPERATIONS if row.vanishing}
LINES = {row.head: row.lines for row in OPERATIONS if row.lines is not None}
SUMS = {"sum", *LINES} & LINEAR                 # of entries
COMMUTES_WITH_TRANSPOSE = ELEMENTWISE_NAMES | {row.head for row in OPERATIONS if row.commutes_with_transpose}
ALWAYS_INVERTIBLE = frozenset(row.head for row in HEADS if row.invertible is True)
INVERTIBLE_WHERE = {row.head: row.invertible for row in OPERATIONS if not isinstance(row.invertible, bool)}
DEFINITE_WHERE = {row.head: row.definite for row in HEADS if row.definite}
ENTRY_ROOTS = frozenset(row.name for row in ELEMENTWISE if row.root)      # f(A).^2 is A, and f(A)*f(A) is not
MATRIX_ROOTS = frozenset(row.head for row in OPERATIONS if row.root)      # f(A)*f(A) is A, and f(A).^2 is not
ROOTS = ENTRY_ROOTS | MATRIX_ROOTS
THROUGH = {row.name: row.through for row in ELEMENTWISE if row.through is not None}
NONZERO_WHERE: dict[str, tuple[Limit, ...]] = {name: (Limit("apart", at),) for name, (at, value) in THROUGH.items() if value == 0} | {
    row.name: row.nonzero for row in ELEMENTWISE if row.nonzero} | {row.head: row.nonzero for row in OPERATIONS if row.nonzero}
DEGREE = {row.name: row.degree for row in ELEMENTWISE if row.degree is not None}
EVEN_HEADS = frozenset(row.name for row in ELEMENTWISE if row.parity == EVEN) | {row.head for row in OPERATIONS if row.even}
KEEPS = {word: frozenset(row.head for row in HEADS if word in row.keeps)
         for word in ("symmetric", "definite", "invertible", "apart", "triangular")}
KEEPS["symmetric"] |= COMMUTES_WITH_TRANSPOSE
OWN_TRANSPOSE = frozenset(row.head for row in HEADS if row.symmetric)
TRANSPOSED_BY_SIZE = frozenset(row.head for row in FORMS if row.by_size)
KEEPS["apart"] |= {row.name for row in ELEMENTWISE if row.nonzero == APART or row.sign == ALIKE}
OF_DEFINITE = frozenset(row.head for row in OPERATIONS if row.of_definite)
SQUARE = frozenset(row.spelling for row in OPERATIONS if row.arguments.startswith("(n,n)") and row.head == row.spelling)
TOTALS = frozenset(row.spelling for row in OPERATIONS if " " not in row.arguments) - SQUARE       # whoever writes one means no scalar

# By head; powers are not here, since their domain goes by the exponent.
DOMAIN: dict[str, tuple[Limit, ...]] = {row.name: row.domain for row in ELEMENTWISE} | {row.head: row.domain for row in OPERATIONS}
SMOOTH: dict[str, tuple[Limit, ...]] = {row.name: row.edges or row.domain for row in ELEMENTWISE} | {
    row.head: row.edges or row.domain for row in OPERATIONS}       # where the derivative holds
MINORS = frozenset(row.head for row in OPERATIONS if row.minors)
POLYNOMIAL = frozenset(head for head in MINORS if not DOMAIN[head])       # in the entries, and defined for every matrix
POWERS = frozenset(("^", ".^"))
BOUNDED = POWERS | {head for head, limits in DOMAIN.items() for k in limits if k.kind in ("above", "from", "between")}
KINKED = frozenset(head for head, limits in SMOOTH.items() if limits == APART)         # the slope jumps where an entry is 0
CONES = frozenset(row.name for row in ELEMENTWISE if row.degree == 1 and row.edges == APART) | {       # a kink at 0, and straight beside it
    row.head for row in OPERATIONS if row.degree == 1 and row.edges == NONZERO}
AT_ZERO = frozenset(head for head, limits in SMOOTH.items() for k in limits if k.kind in ("above", "apart", "nonzero") and not k.bound
                    and not k.of)
AT_ZERO |= {row.head for row in OPERATIONS if isinstance(row.of_number, tuple) and not AT_ZERO.isdisjoint(row.of_number)}
LIMITED = POWERS | frozenset(head for head, limits in SMOOTH.items() if limits)

UNFINISHED = {row.head: row.unfinished for row in OPERATIONS if row.unfinished[0]}
ENTRIES = {row.head: row.entries for row in OPERATIONS if row.entries}
FACTORISATIONS = {row.head: row.part for row in OPERATIONS if row.part is not None}
SPELLING = {row.head: row.spelling for row in OPERATIONS}
OF_MATRIX = {row.spelling: row.head for row in OPERATIONS if row.head != row.spelling}     # what is written as of a column, of a matrix
LATEX = {row.name: row.latex for row in ELEMENTWISE if row.latex} | {row.head: row.latex for row in OPERATIONS if row.latex}
SYMMETRY_WORDS = frozenset({"symmetric", "spd", "diagonal"})
MIRRORED = frozenset(row.head for row in OPERATIONS if row.requires == "symmetric")
TALL = frozenset(row.head for row in OPERATIONS if row.requires == "tall")
ROOTED = frozenset(row.head for row in OPERATIONS if row.requires == "spd")
SQUARE_WORDS = SYMMETRY_WORDS | {"skew", "orthogonal", "lower", "upper"}        # what only a square matrix is
STRUCTURE_WORDS = SQUARE_WORDS | {"positive", "simplex"}


def require_complete(table: str, known: Container[str], without: Container[str] = ()) -> None:
    """Every head has something in the table, or a law to go by; RowError names those that have neither."""
    require_heads(table, [h for h in (*ELEMENTWISE_NAMES, *[row.head for row in HEADS]) if h not in LAWS and h not in without], known)


def require_heads(table: str, heads: Iterable[str], known: Container[str]) -> None:
    """Every one of these heads has something in the table; RowError names those that have nothing."""
    missing = [h for h in heads if h not in known]
    if missing:
        raise RowError(f"{table} has nothing for {', '.join(sorted(missing))}: give it a row there, or an entry-wise function a law")


def _checked() -> None:
    """What a slip in a row would make of the tables; RowError names the row."""
    names = [row.name for row in ELEMENTWISE] + [row.head for row in HEADS]
    twice = sorted({n for n in names if names.count(n) > 1} | ({row.spelling for row in OPERATIONS} & ELEMENTWISE_NAMES))
    if twice:
        raise RowError(f"{twice[0]}: two operations with this name")
    for head, word in ((row.head, word) for row in HEADS for word in row.keeps):
        if word not in KEEPS:
            raise RowError(f"{head}: no property to keep is called {word!r}")
    for row in OPERATIONS:
        if row.requires and row.requires not in STRUCTURE_WORDS | {"tall"}:
            raise RowError(f"{row.head}: no structure is called {row.requires!r}")
        unknown = set(row.result).difference(row.arguments, "(1,*)")
        if unknown:
            raise RowError(f"{row.head}: no argument has the size {min(unknown)} that its result has")
    for row in ELEMENTWISE:
        if not row.name.isidentifier() or not row.prime:
            raise RowError(f"{row.name}: a row begins with a name of letters and digits and the derivative in t")
        if row.values is not None and not isinstance(row.values, Range):
            raise RowError(f"{row.name}: values are a Range(least, most), not {row.values}")
        if row.parity not in (ODD, EVEN, ""):
            raise RowError(f"{row.name}: a function is odd or even, not {row.parity!r}")
        if row.sign not in (POSITIVE, NONNEGATIVE, ALIKE, ANY):
            raise RowError(f"{row.name}: no sign is called {row.sign!r}")
        if not all(isinstance(limit, Limit) for limit in (*row.domain, *row.edges)):
            raise RowError(f"{row.name}: domain and edges are made of Limit(..)")
        if (row.torch or row.jax) and not row.code:
            raise RowError(f"{row.name}: torch and jax stand beside code, numpy's spelling")
    gaps = str.maketrans("()+-*/^,.", " " * 9)
    above = {name: LAWS.keys() & law.translate(gaps).split() for name, law in LAWS.items()}
    while free := [name for name, words in above.items() if not words & above.keys()]:
        for name in free:
            del above[name]
    if above:
        raise RowError(f"{min(above)}: its law refers back to itself")


_checked()
