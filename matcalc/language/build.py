"""The constructors: every node is made here, already in its plain normal form.

Sums and products are flat; numbers are folded, 0 and 1 dropped, like terms and equal neighbours collected, scalars moved
to the front, transposes pushed through products. Everything else is a rule and a step.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from .functions import ELEMENTWISE_NAMES, OPERATIONS
from .nodes import Apply, Expr, Name, Number, Rational, is_negative, node_count
from .shape import ONE, SCALAR, Dim, Shape, ShapeError, show_shape

ZERO, UNIT, MINUS = Number(0), Number(1), Number(-1)


def num(value: Rational) -> Number:
    """An exact number."""
    return Number(value)


def size(dim: Dim) -> Expr:
    """A size where a scalar is meant."""
    if dim.number is not None:
        return Number(dim.number)
    return add(*(mul(Number(count), *(Name(n, SCALAR, kind="size") for n in names)) for names, count in dim.terms))


def eye(n: Dim) -> Expr:
    """The identity; the number 1 when n is 1."""
    return UNIT if n is ONE else Apply("eye", (size(n),), (n, n))


def ones(m: Dim, n: Dim = ONE) -> Expr:
    """All entries 1."""
    return UNIT if m is ONE and n is ONE else Apply("ones", (size(m), size(n)), (m, n))


def zeros(m: Dim, n: Dim = ONE) -> Expr:
    """All entries 0; the number 0 for a scalar."""
    return ZERO if m is ONE and n is ONE else Apply("zeros", (size(m), size(n)), (m, n))


def comm(m: Dim, n: Dim) -> Expr:
    """The commutation matrix: comm(m,n)*vec(A) = vec(A') for A m x n."""
    if m is ONE or n is ONE:
        return eye(m * n)
    return Apply("comm", (size(m), size(n)), (m * n, m * n))


def is_zero(e: Expr) -> bool:
    """Whether this is the number 0 or zeros(..)."""
    return e is ZERO or (type(e) is Apply and e.head == "zeros")


def is_unit(e: Expr) -> bool:
    """Whether this is the number 1 or ones(..)."""
    return e is UNIT or (type(e) is Apply and e.head == "ones")


def coefficient(e: Expr) -> tuple[Rational, Expr]:
    """e as number times the rest."""
    if type(e) is Apply and e.head == "*":
        first = e.args[0]
        if type(first) is Number:
            rest = e.args[1:]
            return first.value, rest[0] if len(rest) == 1 else Apply("*", rest, e.shape)
    return 1, e


def _scaled(value: Rational, e: Expr) -> Expr:
    """value*e where e carries no number."""
    if value == 1:
        return e
    if type(e) is Apply and e.head == "*" and (e.shape != SCALAR or e.args[0].shape == SCALAR):
        if value == -1:
            return mul(Number(value), e)
        return Apply("*", (Number(value), *e.args), e.shape)
    return Apply("*", (Number(value), e), e.shape)


def _term_key(e: Expr) -> tuple[bool, str]:
    return (is_negative(e), coefficient(e)[1].text)


def add(*terms: Expr) -> Expr:
    """The sum; shapes must agree."""
    shape = terms[0].shape
    counts: dict[Expr, Rational] = {}
    number: Rational = 0
    for t in terms:
        if t.shape != shape:
            raise ShapeError(f"{terms[0]} + {t}: {show_shape(shape)} and {show_shape(t.shape)}")
        for part in t.args if type(t) is Apply and t.head == "+" else (t,):
            if type(part) is Number:
                number += part.value
            elif type(part) is Apply and part.head == "zeros":
                continue
            else:
                c, rest = coefficient(part)
                counts[rest] = counts.get(rest, 0) + c
    out = [_scaled(c, e) for e, c in counts.items() if c]
    if any(type(e) is Apply and e.head == "+" for e in out):
        return add(*out, *([Number(number)] if number else []))
    if number:
        out.append(Number(number))
    if not out:
        return zeros(*shape)
    if len(out) == 1:
        return out[0]
    out.sort(key=_term_key)
    plain = Apply("+", tuple(out), shape)
    if shape != SCALAR and any(map(_turned_inside, out)):
        turned = [T(t) for t in out]
        if any(type(t) is Apply and t.head == "+" for t in turned):
            return T(add(*turned))
        turned.sort(key=_term_key)
        other = Apply("+", tuple(turned), (shape[1], shape[0]))
        if node_count(other) + 1 < node_count(plain):
            return Apply("'", (other,), shape)
    return plain


def _turned_inside(e: Expr) -> bool:
    """Whether a term shows a transpose."""
    if type(e) is Apply:
        return e.head == "'" or (e.head == "*" and any(type(a) is Apply and a.head == "'" for a in e.args))
    return False


def neg(e: Expr) -> Expr:
    """-e; a sum is negated term by term."""
    if type(e) is Apply and e.head == "+":
        return add(*(mul(MINUS, t) for t in e.args))
    return mul(MINUS, e)


def sub(a: Expr, b: Expr) -> Expr:
    """a - b."""
    return add(a, neg(b))


def div(a: Expr, b: Expr) -> Expr:
    """a divided by a scalar b."""
    return mul(a, power(b, MINUS))


def base_and_exponent(e: Expr) -> tuple[Expr, Rational]:
    """A square factor or a scalar as base and numeric exponent."""
    if type(e) is Apply:
        if e.head == "inv":
            return e.args[0], -1
        if e.head == "^" and type(e.args[1]) is Number:
            return e.args[0], e.args[1].value
    return e, 1


def _closed(chain: list[Expr]) -> Expr:
    """A product of matrices that is a scalar, the same whichever way it was written."""
    if len(chain) == 1:
        return chain[0]
    forward = Apply("*", tuple(chain), SCALAR)
    if forward.has_d:
        return forward
    back = [T(f) for f in reversed(chain)]
    backward = Apply("*", tuple(back), SCALAR)
    return min(forward, backward, key=_transposes)


def _transposes(e: Apply) -> tuple[int, int, int, str]:
    turned = [a for a in e.args if type(a) is Apply and a.head == "'"]
    inside = sum(1 for a in turned if a.args[0].shape[1] is not ONE)
    return (inside, len(turned), sum(node_count(a) for a in turned), e.text)


def _push(chain: list[Expr], f: Expr) -> None:
    """Append a factor, collecting equal neighbours into a power."""
    if type(f) is Apply and f.head == "eye":
        return
    if chain and f.shape[0] is f.shape[1] and chain[-1].shape == f.shape:
        a, p = base_and_exponent(chain[-1])
        b, q = base_and_exponent(f)
        if a is b:
            chain.pop()
            k = p + q
            if k:
                chain.append(matrix_power(a, int(k)))
            return
    chain.append(f)


def matrix_power(base: Expr, k: int) -> Expr:
    """An integer power of a square matrix."""
    if k == 1:
        return base
    if k == 0:
        return eye(base.shape[0])
    if k == -1:
        return apply("inv", base)
    if type(base) is Apply and base.head in ("eye",):
        return base
    inner, p = base_and_exponent(base)
    if p != 1:
        return matrix_power(inner, int(p) * k)
    number, rest = coefficient(base)
    if number != 1:
        return mul(Number(Fraction(number) ** k), matrix_power(rest, k))
    return Apply("^", (base, Number(k)), base.shape)


def mul(*factors: Expr) -> Expr:
    """The product: scalars to the front, then the chain of matrices, whose sizes must conform."""
    number: Rational = 1
    scalars: dict[Expr, list[Expr]] = {}
    chain: list[Expr] = []
    rows = cols = ONE
    zero = False
    stack = list(reversed(factors))
    while stack:
        f = stack.pop()
        shape = f.shape
        if shape[0] is ONE and shape[1] is ONE:
            if type(f) is Number:
                number *= f.value
            elif type(f) is Apply and f.head == "*" and f.args[0].shape == SCALAR:
                stack.extend(reversed(f.args))
            elif type(f) is Apply and f.head == "^":
                scalars.setdefault(f.args[0], []).append(f.args[1])
            else:
                scalars.setdefault(f, []).append(UNIT)
            continue
        if type(f) is Apply:
            if f.head == "*":
                stack.extend(reversed(f.args))
                continue
            if f.head == "zeros":
                zero = True
        if rows is ONE and cols is ONE and not chain:
            rows, cols = shape
        elif cols is shape[0]:
            cols = shape[1]
        elif rows is ONE and cols is ONE:
            rows, cols = shape
        else:
            raise ShapeError(f"{mul(*chain) if chain else ''}*{f}: inner sizes differ: "
                             f"{show_shape((rows, cols))} times {show_shape(shape)}")
        _push(chain, f)
        if rows is ONE and cols is ONE and chain:
            done = _close_all(chain, (ONE, ONE), scalars)
            assert not done
            chain = []
    if number == 0 or zero:
        return zeros(rows, cols)
    shape = (rows, cols)
    if not chain and shape != SCALAR:
        chain = [eye(rows)]
    elif chain:
        chain = _close_all(chain, shape, scalars)
    out: list[Expr] = []
    for b, es in scalars.items():
        f = power(b, es[0] if len(es) == 1 else add(*es))
        if type(f) is Number:
            number *= f.value
        elif type(f) is Apply and f.head == "*" and f.args[0].shape == SCALAR:
            c, rest = coefficient(f)
            number *= c
            out.extend(rest.args if type(rest) is Apply and rest.head == "*" and rest.args[0].shape == SCALAR else (rest,))
        else:
            out.append(f)
    if number == 0:
        return zeros(*shape)
    if len(out) > 1:
        out.sort(key=_scalar_key)
    out.extend(chain)
    if not out:
        return Number(number)
    if len(out) > 1 and any(type(f) is Apply and f.head == "+" for f in out):
        number = _signs(out, number)
        split = len(out) - len(chain)
        out[:split] = sorted(out[:split], key=_scalar_key)
    if number != 1:
        if len(out) == 1 and type(out[0]) is Apply and out[0].head == "+" and number == -1:
            return neg(out[0])
        out.insert(0, Number(number))
    if len(out) == 1:
        return out[0]
    return Apply("*", tuple(out), shape)


def _signs(factors: list[Expr], number: Rational) -> Rational:
    """Settle signs: a sum of negatives gives its minus away, a lone minus goes into the first mixed sum."""
    for i, f in enumerate(factors):
        if type(f) is Apply and f.head == "+" and is_negative(f.args[0]):
            factors[i], number = neg(f), -number
    if number == -1:
        for i, f in enumerate(factors):
            if type(f) is Apply and f.head == "+" and is_negative(f.args[-1]):
                factors[i] = neg(f)
                return 1
    return number


def _scalar_key(e: Expr) -> tuple[bool, str]:
    return (e.has_d, e.text)


def _close_all(chain: list[Expr], shape: Shape, scalars: dict[Expr, list[Expr]]) -> list[Expr]:
    """Move the scalar pieces of a chain (between inner sizes 1) to the scalars; what stays is the chain."""
    pieces: list[list[Expr]] = [[]]
    for f in chain:
        pieces[-1].append(f)
        if f.shape[1] is ONE:
            pieces.append([])
    if not pieces[-1]:
        pieces.pop()
    keep: list[Expr] = []
    for p in pieces:
        if p[0].shape[0] is ONE and p[-1].shape[1] is ONE:
            scalars.setdefault(_closed(p), []).append(UNIT)
        else:
            keep.extend(p)
    return keep


def power(base: Expr, exponent: Expr) -> Expr:
    """A scalar to a scalar power, or a square matrix to an integer."""
    if base.shape != SCALAR:
        if type(exponent) is not Number or not isinstance(exponent.value, int):
            raise ShapeError(f"{base}^{exponent}: a matrix power needs an integer exponent")
        if base.shape[0] is not base.shape[1]:
            raise ShapeError(f"{base}^{exponent}: {base} is {show_shape(base.shape)}, not square",
                             hint="write .^ for the entry-wise power")
        return matrix_power(base, exponent.value)
    if exponent is UNIT:
        return base
    if exponent is ZERO or base is UNIT:
        return UNIT
    if type(exponent) is Number:
        k = exponent.value
        if type(base) is Number:
            if isinstance(k, int) and (base.value or k > 0):
                return Number(Fraction(base.value) ** k)
        elif type(base) is Apply:
            if base.head == "^" and isinstance(k, int):
                return power(base.args[0], mul(base.args[1], exponent))
            if base.head == "*" and base.args[0].shape == SCALAR and isinstance(k, int):
                return mul(*(power(f, exponent) for f in base.args))
            if base.head == "sqrt" and isinstance(k, int) and k % 2 == 0:
                return power(base.args[0], Number(k // 2))
    return Apply("^", (base, exponent), SCALAR)


def _entry_power(f: Expr) -> tuple[Expr, Expr]:
    if type(f) is Apply and f.head == ".^" and f.args[1].shape == SCALAR:
        return f.args[0], f.args[1]
    return f, UNIT


def _flips(f: Expr) -> bool:
    """Whether a factor is a transpose, a power of one included."""
    if type(f) is Apply and f.head == ".^":
        f = f.args[0]
    return type(f) is Apply and f.head == "'"


def _neutral(f: Expr) -> bool:
    """Whether a factor is as short transposed."""
    if type(f) is Apply and f.head == "*":
        return True
    return T(f) is f


def had(*factors: Expr) -> Expr:
    """The entry-wise product; scalars scale."""
    scalars: list[Expr] = []
    powers: dict[Expr, list[Expr]] = {}
    shape: Shape = SCALAR
    first: Expr | None = None
    stack = list(reversed(factors))
    zero = False
    while stack:
        f = stack.pop()
        if f.shape == SCALAR:
            scalars.append(f)
            continue
        if first is None:
            first, shape = f, f.shape
        elif f.shape != shape:
            raise ShapeError(f"{first}.*{f}: {show_shape(shape)} and {show_shape(f.shape)}")
        if type(f) is Apply:
            if f.head == ".*":
                stack.extend(reversed(f.args))
                continue
            if f.head == "*" and f.args[0].shape == SCALAR:
                split = next(i for i, a in enumerate(f.args) if a.shape != SCALAR)
                scalars.extend(f.args[:split])
                rest = f.args[split:]
                stack.append(rest[0] if len(rest) == 1 else Apply("*", rest, f.shape))
                continue
            if f.head == "ones":
                continue
            if f.head == "zeros":
                zero = True
        b, e = _entry_power(f)
        powers.setdefault(b, []).append(e)
    if first is None:
        return mul(*scalars)
    if zero:
        return zeros(*shape)
    out: list[Expr] = []
    for b, es in powers.items():
        f = epow(b, es[0] if len(es) == 1 else add(*es))
        if is_unit(f):
            continue
        out.append(f)
    if not out:
        core = ones(*shape)
    elif len(out) == 1:
        core = out[0]
    else:
        flipped = sum(1 for f in out if _flips(f))
        if flipped and 2 * flipped >= len(out) and 2 * flipped > sum(1 for f in out if _flips(f) or not _neutral(f)):
            core = T(had(*(T(f) for f in out)))
        else:
            out.sort(key=_scalar_key)
            core = Apply(".*", tuple(out), shape)
    return mul(*scalars, core) if scalars else core


def hdiv(a: Expr, b: Expr) -> Expr:
    """The entry-wise quotient; a scalar on either side is allowed."""
    if b.shape == SCALAR:
        return div(a, b)
    return had(a, epow(b, MINUS))


def epow(base: Expr, exponent: Expr) -> Expr:
    """The entry-wise power."""
    if base.shape == SCALAR:
        if exponent.shape == SCALAR:
            return power(base, exponent)
        base = mul(base, ones(*exponent.shape))
    if exponent.shape != SCALAR:
        if exponent.shape != base.shape:
            raise ShapeError(f"{base}.^{exponent}: {show_shape(base.shape)} and {show_shape(exponent.shape)}")
        number, rest = coefficient(exponent)
        if is_unit(rest):
            return epow(base, Number(number))
        return Apply(".^", (base, exponent), base.shape)
    if exponent is UNIT:
        return base
    if exponent is ZERO or is_unit(base):
        return ones(*base.shape)
    if type(exponent) is Number and type(base) is Apply:
        k = exponent.value
        if base.head == ".^" and isinstance(k, int) and base.args[1].shape == SCALAR:
            return epow(base.args[0], mul(base.args[1], exponent))
        if isinstance(k, int):
            if base.head == "*" and base.args[0].shape == SCALAR:
                split = next(i for i, a in enumerate(base.args) if a.shape != SCALAR)
                chain = base.args[split:]
                inner = chain[0] if len(chain) == 1 else Apply("*", chain, base.shape)
                return mul(*(power(f, exponent) for f in base.args[:split]), epow(inner, exponent))
            if base.head == ".*":
                return had(*(epow(f, exponent) for f in base.args))
            if base.head == "sqrt" and k % 2 == 0:
                return epow(base.args[0], Number(k // 2))
    if type(base) is Apply and base.head == "'":
        return T(epow(base.args[0], exponent))
    return Apply(".^", (base, exponent), base.shape)


def T(e: Expr) -> Expr:
    """The transpose, pushed through products."""
    shape = e.shape
    if shape[0] is ONE and shape[1] is ONE:
        return e
    if type(e) is Apply:
        head = e.head
        if head == "'":
            return e.args[0]
        if head == "*":
            split = next(i for i, a in enumerate(e.args) if a.shape != SCALAR)
            return mul(*e.args[:split], *(T(f) for f in reversed(e.args[split:])))
        if head in ("eye", "diag"):
            return e
        if head == "ones":
            return ones(shape[1], shape[0])
        if head == "zeros":
            return zeros(shape[1], shape[0])
        if head == "comm":
            return Apply("comm", (e.args[1], e.args[0]), shape)
        if head == "+" and any(map(_turned_inside, e.args)):
            turned = [T(t) for t in e.args]
            if any(type(t) is Apply and t.head == "+" for t in turned):
                return add(*turned)
            turned.sort(key=_term_key)
            other = Apply("+", tuple(turned), (shape[1], shape[0]))
            if node_count(other) <= node_count(e) + 1:
                return other
    return Apply("'", (e,), (shape[1], shape[0]))


def tr(e: Expr) -> Expr:
    """The trace; scalars in front, a rank-one product closed, the cycle turned to its first form."""
    if e.shape[0] is not e.shape[1]:
        raise ShapeError(f"tr({e}): {e} is {show_shape(e.shape)}, not square")
    if e.shape == SCALAR:
        return e
    if is_zero(e):
        return ZERO
    if type(e) is Apply:
        if e.head == "'":
            return tr(e.args[0])
        if e.head == "eye":
            return size(e.shape[0])
        if e.head == "*":
            split = next(i for i, a in enumerate(e.args) if a.shape != SCALAR)
            chain = list(e.args[split:])
            for i, f in enumerate(chain):
                if f.shape[0] is ONE:
                    return mul(*e.args[:split], *chain[i:], *chain[:i])
            if split:
                return mul(*e.args[:split], tr(chain[0] if len(chain) == 1 else Apply("*", tuple(chain), e.shape)))
            if not e.has_d:
                return _turned(chain)
    return Apply("tr", (e,), SCALAR)


def _turned(chain: list[Expr]) -> Expr:
    if len(chain) > 1 and chain[0].shape[0] is chain[0].shape[1] and chain[0].shape == chain[-1].shape:
        a, p = base_and_exponent(chain[0])
        b, q = base_and_exponent(chain[-1])
        if a is b:
            return tr(mul(matrix_power(a, int(p + q)), *chain[1:-1]))
    best: tuple[int, str] | None = None
    found: Expr = chain[0]
    back = [T(f) for f in reversed(chain)]
    for c in (chain, back):
        for i in range(len(c)):
            turned = c[i:] + c[:i]
            shape = (turned[0].shape[0], turned[-1].shape[1])
            e = turned[0] if len(turned) == 1 else Apply("*", tuple(turned), shape)
            key = (sum(1 for f in turned if type(f) is Apply and f.head == "'"), e.text)
            if best is None or key < best:
                best, found = key, e
    return Apply("tr", (found,), SCALAR)


_OPERATIONS = {row.head: row for row in OPERATIONS}


def _shape_text(text: str) -> list[tuple[str, str]]:
    out = []
    for pair in text.split():
        rows, cols = pair.strip("()").split(",")
        out.append((rows, cols))
    return out


_SIGNATURES = {row.head: (_shape_text(row.arguments), _shape_text(row.result)[0]) for row in OPERATIONS}


def _evaluate(text: str, bound: dict[str, Dim]) -> Dim:
    out = ONE
    for part in text.split("*"):
        if part != "1":
            out = out * bound[part]
    return out


def operation_shape(head: str, args: Iterable[Expr]) -> Shape:
    """The shape of a matrix function's value; ShapeError when the arguments do not fit."""
    wanted, result = _SIGNATURES[head]
    bound: dict[str, Dim] = {}
    for e, pair in zip(args, wanted, strict=True):
        for letter, dim in zip(pair, e.shape, strict=True):
            have = ONE if letter == "1" else bound.setdefault(letter, dim)
            if have is not dim:
                square = pair[0] == pair[1]
                raise ShapeError(f"{_OPERATIONS[head].spelling}({e}): {e} is {show_shape(e.shape)}, "
                                 + ("not square" if square else "not a column"))
    return (_evaluate(result[0], bound), _evaluate(result[1], bound))


LINEAR_HEADS = frozenset({"sum", "diag", "diagonal", "vec", "rowsum", "colsum"})


def apply(head: str, *args: Expr) -> Expr:
    """Any other head."""
    e = args[0] if args else UNIT
    if head in ELEMENTWISE_NAMES:
        return Apply(head, args, e.shape)
    if head == "d":
        return Apply("d", args, e.shape)
    if head == "unvec":
        m, n = as_dim(args[1]), as_dim(args[2])
        if e.shape != (m * n, ONE):
            raise ShapeError(f"unvec({e}, {m}, {n}): {e} is {show_shape(e.shape)}, not {m * n} x 1")
        return e if n is ONE else T(e) if m is ONE else Apply("unvec", args, (m, n))
    if head == "apply":
        return call(args[0], args[1])
    if head in ("prime", "grad", "hess", "jac"):
        return Apply(head, args, SCALAR)
    if head == "pi":
        return Apply("pi", (), SCALAR)
    if head == "derivative":
        return Apply("derivative", args, derivative_shape(args[0].shape, args[1].shape))
    if head == "diagonal" and type(e) is Apply and e.head == "diag":
        return e.args[0]
    if e.shape == SCALAR and len(args) == 1:
        if head in ("sum", "tr", "det", "diag", "diagonal", "vec", "rowsum", "colsum", "logsumexp"):
            return e
        if head == "inv":
            return power(e, MINUS)
        if head == "norm1" or head == "norm2":
            return apply("abs", e)
        if head in ("softmax", "softmax_rows", "adj"):
            return UNIT
        if head == "expm":
            return apply("exp", e)
        if head == "logdet":
            return apply("log", apply("abs", e))
    if head in LINEAR_HEADS:
        scalars, rest = scalar_part(e)
        if scalars:
            return mul(*scalars, apply(head, rest, *args[1:]))
        if is_zero(e):
            return zeros(*operation_shape(head, args))
    if head == "kron":
        a, b = args
        if a.shape == SCALAR or b.shape == SCALAR:
            return mul(a, b)
        if a.shape[1] is ONE and b.shape[0] is ONE:
            return mul(a, b)
        if a.shape[0] is ONE and b.shape[1] is ONE:
            return mul(b, a)
        if type(a) is Apply and type(b) is Apply and a.head == b.head == "eye":
            return eye(a.shape[0] * b.shape[0])
        if is_zero(a) or is_zero(b):
            return zeros(a.shape[0] * b.shape[0], a.shape[1] * b.shape[1])
        left, a = scalar_part(a)
        right, b = scalar_part(b)
        if left or right:
            return mul(*left, *right, apply("kron", a, b))
        return Apply("kron", (a, b), operation_shape("kron", (a, b)))
    if head == "vec" and (e.shape[1] is ONE or e.shape[0] is ONE):
        return e if e.shape[1] is ONE else T(e)
    if head == "inv":
        shape = operation_shape("inv", args)
        if type(e) is Apply:
            if e.head == "inv":
                return e.args[0]
            if e.head == "eye":
                return e
            if e.head == "^" and type(e.args[1]) is Number and isinstance(e.args[1].value, int):
                return matrix_power(e.args[0], -e.args[1].value)
            if e.head == "'":
                return T(apply("inv", e.args[0]))
        return Apply("inv", args, shape)
    if head == "tr":
        return tr(e)
    return Apply(head, args, operation_shape(head, args))


def scalar_part(e: Expr) -> tuple[tuple[Expr, ...], Expr]:
    """The scalar factors of a non-scalar product, and the rest."""
    if type(e) is Apply and e.head == "*" and e.args[0].shape == SCALAR and e.shape != SCALAR:
        split = next(i for i, a in enumerate(e.args) if a.shape != SCALAR)
        rest = e.args[split:]
        return e.args[:split], rest[0] if len(rest) == 1 else Apply("*", rest, e.shape)
    return (), e


def as_dim(e: Expr) -> Dim:
    """A size expression read back as a size."""
    if type(e) is Number and isinstance(e.value, int):
        return Dim.of(e.value)
    if type(e) is Name and e.kind == "size":
        return Dim.of(e.name)
    if type(e) is Apply and e.head in ("+", "*"):
        out = as_dim(e.args[0])
        for a in e.args[1:]:
            out = out + as_dim(a) if e.head == "+" else out * as_dim(a)
        return out
    if type(e) is Apply and e.head == "^" and type(e.args[1]) is Number and isinstance(e.args[1].value, int):
        out = ONE
        for _ in range(e.args[1].value):
            out = out * as_dim(e.args[0])
        return out
    raise ShapeError(f"{e} is not a size")


def derivative_shape(f: Shape, x: Shape) -> Shape:
    """The shape of df/dx in the denominator layout."""
    if f == SCALAR:
        return x
    return (x[0] * x[1], f[0] * f[1])


def call(function: Expr, x: Expr) -> Expr:
    """An abstract function, or a derivative of one, at x."""
    depth, inner, head = 0, function, ""
    while type(inner) is Apply:
        depth, head, inner = depth + 1, inner.head, inner.args[0]
    assert type(inner) is Name and inner.signature is not None
    source, target = inner.signature
    if source is None:
        return Apply("apply", (function, x), x.shape)
    if x.shape != (source, ONE):
        raise ShapeError(f"{function}({x}): {inner} takes a vector of size {source}, {x} is {show_shape(x.shape)}")
    to = target or ONE
    shape = {"": (to, ONE), "grad": (source, ONE), "hess": (source, source), "jac": (source, to)}[head]
    return Apply("apply", (function, x), shape)


def build(head: str, args: Iterable[Expr]) -> Expr:
    """A node from its head and arguments, through its constructor."""
    parts = tuple(args)
    if head == "+":
        return add(*parts)
    if head == "*":
        return mul(*parts)
    if head == ".*":
        return had(*parts)
    if head == "'":
        return T(parts[0])
    if head == "^":
        return power(parts[0], parts[1])
    if head == ".^":
        return epow(parts[0], parts[1])
    if head == "eye":
        return eye(as_dim(parts[0]))
    if head == "ones":
        return ones(as_dim(parts[0]), as_dim(parts[1]))
    if head == "zeros":
        return zeros(as_dim(parts[0]), as_dim(parts[1]))
    if head == "comm":
        return comm(as_dim(parts[0]), as_dim(parts[1]))
    return apply(head, *parts)
