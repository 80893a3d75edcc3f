"""Quotients that are finite where their parts are not: positive factors cancel, and a softmax is not divided by its own sum again.

softmax(z), exp(z) and the like are positive, but round to 0 far out, where P/P would be nan.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..language.expr import ONE
from ..language.columns import ALIKE, NONNEGATIVE, POSITIVE
from ..language.operations import ELEMENTWISE_NAMES, SIGNS
from .averages import Factors, exchanged, summed_up, tilt, weighted
from .exponentials import exponent, exponentials, logarithm, logged, merged, saturated, shares, terms_of
from .nodes import Node, Nodes, Rational, Shape

MOST = 6        # terms of a sum that is multiplied out
SELECTIONS = ("T", "col", "row", "ravel")


def positive(a: Node) -> bool:
    """Whether every entry is positive before it is rounded."""
    if a.op in (*SELECTIONS, "along"):
        return positive(a.args[0])
    sign = SIGNS.get(a.data) if a.op == "fn" else None
    return sign == POSITIVE or sign == ALIKE and all(map(positive, a.args))


def nonnegative(a: Node) -> bool:
    """Whether no entry is negative."""
    sign = SIGNS.get(a.data) if a.op == "fn" else None
    if positive(a) or sign == NONNEGATIVE or (sign == ALIKE and all(map(nonnegative, a.args))) or (a.op == "num" and a.data >= 0):
        return True
    if a.op == "**" and a.args[1].op == "num":
        return a.args[1].data % 2 == 0 or nonnegative(a.args[0])
    return (a.op == "*" and a.data[0] >= 0 or a.op == "+") and all(map(nonnegative, a.args))


# ------------------------------------------------------------------------------------------------ products
def product(g: Nodes, number: Rational, above: Sequence[Node], below: Sequence[Node], shape: Shape) -> Node | None:
    """number*above/below where it has a better form; None where it has not."""
    for way in (distributed, taken_apart, term_by_term, on_the_diagonal):
        if (found := way(g, number, above, below, shape)) is not None:
            return found
    if not below and not any(map(divides, above)):
        together = merged(g, above, below, shape)
        return together and g.mul(number, *together, shape)
    flat = [Fraction(number)]
    up: Factors = []
    down: Factors = []
    for a in above:
        flatten(g, a, flat, up, down)
    for b in below:
        flatten(g, b, flat, down, up, -1)
    changed = False
    while down and cancel(g, up, down):
        changed = True
    if together := merged(g, up, down, shape):
        (up, down), changed = together, True
    if not changed:
        return None
    if shape and not covered([*up, *down]):
        up.append(g.make("fill", (), "ones", shape))        # a sum of it counts every entry
    return g.mul(flat[0], up, down, shape)


def covered(factors: Factors) -> bool:
    """Whether there is an array among factors that does not only spread along one axis, or one along each."""
    views = {a.op for a in factors if a.shape}
    return bool(views - {"col", "row"}) or len(views) == 2


def divides(a: Node) -> bool:
    """Whether a factor has a quotient in it, seen as a column or a row perhaps."""
    if a.op in ("col", "row") and a.name is None:
        a = a.args[0]
    return a.op == "*" and a.name is None and (len(a.args) > a.data[1] or any(map(divides, a.args)))


def flatten(g: Nodes, a: Node, number: list[Fraction], up: Factors, down: Factors, sign: int = 1) -> None:
    """A factor as the factors it has itself, under views too."""
    if a.op == "*" and a.name is None:
        value, k = a.data
        number[0] *= value ** sign
        for i, b in enumerate(a.args):
            flatten(g, b, number, *((up, down, sign) if i < k else (down, up, -sign)))
        return
    inner = a.args[0] if a.op in ("col", "row") and a.name is None else None
    if inner is not None and inner.op == "*" and inner.name is None:
        value, k = inner.data
        number[0] *= value ** sign
        for i, b in enumerate(inner.args):
            view = g.make(a.op, (b,), None, a.shape) if b.shape else b
            (up if i < k else down).append(view)
        return
    up.append(a)


def cancel(g: Nodes, up: Factors, down: Factors) -> bool:
    """Take away what stands above and below, or what a better function says; whether there was any."""
    for i, b in enumerate(down):
        root = b.args[0] if b.op == "fn" and b.data == "sqrt" else None
        for j, a in enumerate(up):
            if a is b and positive(a):
                del up[j], down[i]
                return True
            if a.op == "fn" and a.data == "exp" and (base := lowered(b)).op == "fn" and base.data == "expm1" and base.args == a.args:
                less = g.negative(g.fn("expm1", g.negative(base.args[0])))      # exp(u)/expm1(u) is 1/(1 - exp(-u))
                k = 1 if base is b else int(b.args[1].data)
                down[i:i + 1] = [less] + [base]*(k == 2) + [g.make("**", (base, g.num(k - 1)), None, base.shape)]*(k > 2)
                del up[j]
                return True
            if summed_up(b) and (found := exchanged(g, a, b.args[0], g.fn("softmax", b.args[0].args[0]))) is not None:
                up[j] = found           # y'*exp(z)/sum(exp(z))
                del down[i]
                return True
            if root is not None and a is root and positive(a):
                up[j] = b
                del down[i]
                return True
            if a.op == "fn" and a.data in ("sinh", "cosh"):
                base, k = (b.args[0], int(b.args[1].data)) if b.op == "**" and b.args[1].op == "num" else (b, 1)
                if base.op == "fn" and {a.data, base.data} == {"sinh", "cosh"} and base.args == a.args:
                    down[i:i + 1] = [] if k == 1 else [base if k == 2 else g.make("**", (base, g.num(k - 1)), None, base.shape)]
                    del up[j]
                    (up if a.data == "sinh" else down).append(g.fn("tanh", a.args[0]))
                    return True
        if tilt(g, up, down, i):
            return True
    return shares(g, up, down)


def lowered(b: Node) -> Node:
    """The base of a whole power, or the node itself."""
    return b.args[0] if b.op == "**" and b.name is None and b.args[1].op == "num" and b.args[1].data.denominator == 1 else b


def distributed(g: Nodes, number: Rational, above: Sequence[Node], below: Sequence[Node], shape: Shape) -> Node | None:
    """exp(z)*(1/sum(exp(z)) - y/(y'*exp(z))) term by term, and exp(z)*(1/(1 + exp(2*z)) + sigmoid(-z)): each is finite, exp(z) is not."""
    if below or len(above) != 2:
        return None
    for e, s in (above, above[::-1]):
        if e.op == "fn" and e.data == "exp" and s.op == "+" and s.name is None and all(summed(t, e) or bounded(g, t) for t in s.args):
            terms = [quotient(g, t) for t in s.args]
            return g.make("+", tuple(g.mul(number*n, [e, *up], down, shape) for n, up, down in terms), None, shape)
    return None


def bounded(g: Nodes, t: Node) -> bool:
    """Whether a term is a share that is small where an exponential is large."""
    _, up, down = quotient(g, t)
    return any(len(exponentials(g, lowered(b))) > 1 for b in down) or any(b.op == "fn" and saturated(b) for b in up)


def vanishing(g: Nodes, a: Node, by: Sequence[Node] | None = None) -> bool:
    """Whether this, or a term of it, is divided by what is positive and rounds to 0 far out, as a softmax, or by a sum of exponentials;
    by one of these if given."""
    for t in a.args if a.op == "+" else (a,):
        _, up, down = quotient(g, t)
        if any(small(b) and (by is None or b in by) or by is None and len(exponentials(g, lowered(b))) > 1 for b in down) or any(
                b.op == "+" and b.name is None and vanishing(g, b, by) for b in up):
            return True
    return False


def quotient(g: Nodes, t: Node) -> tuple[Fraction, Factors, Factors]:
    """A term as a number, what stands above and below."""
    number, up, down = [Fraction(1)], list[Node](), list[Node]()
    flatten(g, t, number, up, down)
    return number[0], up, down


def small(b: Node) -> bool:
    """What rounds to 0 far out, or a power of it."""
    b = b.args[0] if b.op in ("**", "col", "row") else b
    return b.op == "fn" and positive(b)


def taken_apart(g: Nodes, number: Rational, above: Sequence[Node], below: Sequence[Node], shape: Shape) -> Node | None:
    """p*(a/p + b) as a + p*b, where p is positive but may round to 0."""
    for i, s in enumerate(above):
        others = [*above[:i], *above[i + 1:]]
        if s.op == "+" and s.name is None and len(s.args) <= MOST and any(map(small, others)) and vanishing(g, s, others):
            terms = [quotient(g, t) for t in s.args]
            return g.make("+", tuple(g.mul(number*n, [*others, *up], [*down, *below], shape) for n, up, down in terms), None, shape)
    return None


def term_by_term(g: Nodes, number: Rational, above: Sequence[Node], below: Sequence[Node], shape: Shape) -> Node | None:
    """p*(a*exp(u) - b*exp(v)) as p*a*exp(u) - p*b*exp(v), where p rounds to 0 and the exponentials overflow."""
    for i, s in enumerate(above):
        others = [*above[:i], *above[i + 1:]]
        if s.op == "+" and s.name is None and len(s.args) <= MOST and any(saturated(p) and logged(g, p) is not None for p in others) and \
                logged(g, s) is None and not exponentials(g, s) and terms_of(g, s):
            terms = [quotient(g, t) for t in s.args]
            return g.make("+", tuple(g.mul(number*n, [*others, *up], [*down, *below], shape) for n, up, down in terms), None, shape)
    return None


def summed(t: Node, e: Node) -> bool:
    """Whether a term is divided by the sum of the entries of e."""
    if t.op != "*" or t.name is not None:
        return False
    return any((b.op == "fn" and b.data == "sum" and b.args[0] is e) or any(p is e for p, _ in weighted(b)) for b in t.args[t.data[1]:])


# ------------------------------------------------------------------------------------------------ diagonals
def on_the_diagonal(g: Nodes, number: Rational, above: Sequence[Node], below: Sequence[Node], shape: Shape) -> Node | None:
    """A product with a diagonal matrix, entry by entry, is diagonal."""
    for i, a in enumerate(above):
        if a.op not in ("diag", "eye"):
            continue
        others = [*above[:i], *above[i + 1:]]
        if not any(len(b.shape) == 2 for b in (*others, *below)):
            continue
        own = [a.args[0]] if a.op == "diag" else []
        entries = g.mul(number, [*own, *(diagonal(g, b) for b in others)], [diagonal(g, b) for b in below], shape[:1])
        return g.diag(entries)
    return None


def diagonal(g: Nodes, a: Node) -> Node:
    """The diagonal of a matrix, entry by entry as far as it is made so; what is spread over it is as it is."""
    if len(a.shape) < 2:
        return a
    if a.op == "diag":
        return a.args[0]
    if a.name is None:
        if a.op in ("col", "row", "T"):
            return diagonal(g, a.args[0])
        if a.op == "eye" or g.ones(a):
            return g.make("fill", (), "ones", a.shape[:1])
        if a.op == "*":
            value, k = a.data
            parts = [diagonal(g, b) for b in a.args]
            return g.mul(value, parts[:k], parts[k:], a.shape[:1])
        if a.op == "fn" and a.data in ELEMENTWISE_NAMES:
            return g.fn(a.data, diagonal(g, a.args[0]))
        if a.op == "**" and not a.args[1].shape:
            base = diagonal(g, a.args[0])
            return g.make("**", (base, a.args[1]), None, base.shape)
    return g.make("fn", (a,), "diagonal", tuple(d for d in a.shape[:1] if d is not ONE))


# ------------------------------------------------------------------------------------------------ logarithms
def log(g: Nodes, a: Node) -> Node | None:
    """The logarithm of a softmax, of some of its entries, of a multiple or a power of it, of a sum of it with weights."""
    inner = a.args[0] if a.args else None
    if a.op == "fn" and a.data == "softmax":
        return g.fn("log_softmax", a.args[0])
    if inner is not None and a.op in (*SELECTIONS, "as_row") or (a.op == "fn" and a.data == "diagonal"):
        found = log(g, a.args[0])
        return found and (g.turn(found) if a.op == "T" else g.make(a.op, (found,), a.data, a.shape))
    if a.op == "**" and a.args[1].op == "num":
        found = log(g, a.args[0])
        return found and g.mul(a.args[1].data, [found])
    for p, y in weighted(a) if not a.shape or a.op == "along" else ():
        if p.data == "softmax":
            return g.make("fn", (p.args[0], y), "log_tilted", a.shape)
    if a.op == "*" and a.name is None:
        value, k = a.data
        for i, b in enumerate(a.args[:k]):
            found = log(g, b) or (exponent(g, b) or logarithm(g, b) if k == len(a.args) else None) if b.shape == a.shape else None
            if found is not None:
                rest = g.mul(value, [*a.args[:i], *a.args[i + 1:k]], a.args[k:])
                return found if rest.op == "num" and rest.data == 1 else g.make("+", (g.fn("log", rest), found), None, a.shape)
    return None
