"""Sums of exponentials, each divided by its largest term before a function is applied to it.

exp(a)/(exp(u) + c*exp(v)) is nan far out, where its parts overflow; exp(-logaddexp(u - a, v - a + log(c))) is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .nodes import Node, Nodes, Shape

Term = tuple[Fraction, tuple[Node, ...], Node | None]       # c*factors*exp(u); nothing for what is not an exponential
ONE = Fraction(1)


def exponent(g: Nodes, a: Node) -> Node | None:
    """u where a is exp(u), cosh(u) written so, a whole power of them, or the sum of such entries."""
    if a.name is not None:
        return None
    if a.op == "fn" and a.data == "exp":
        u = a.args[0]
        return None if u.op == "*" and any(b.op == "fn" and b.data == "logaddexp" for b in u.args) else u     # a share is small already
    if a.op == "fn" and a.data == "cosh":
        return logarithm(g, a)
    if a.op == "fn" and a.data == "sum" and len(a.args[0].shape) == 1:
        entries = a.args[0]
        terms = exponentials(g, entries)
        u = summed(g, terms) if terms else exponent(g, entries)
        return u and g.fn("logsumexp", u, shape=())
    if a.op == "**" and a.args[1].op == "num":
        inner = exponent(g, a.args[0])
        return None if inner is None else g.mul(a.args[1].data, [inner])
    return None


def terms_of(g: Nodes, a: Node) -> list[Term]:
    """The terms of a sum, each with the exponential among its factors; nothing where none has one."""
    out: list[Term] = []
    for t in a.args if a.op == "+" else (a,):
        plain = t.op == "*" and t.name is None and t.data[1] == len(t.args)
        number, factors = (t.data[0], t.args) if plain else (t.data, ()) if t.op == "num" else (ONE, (t,))
        found = next((k for k, b in enumerate(factors) if exponent(g, b) is not None), None)
        if found is not None:
            out.append((number, (*factors[:found], *factors[found + 1:]), exponent(g, factors[found])))
        elif factors and factors[0].op == "fn" and factors[0].data == "sinh" and factors[0].name is None:
            u = factors[0].args[0]
            out.append((number, (g.fn("tanh", u), *factors[1:]), logarithm(g, g.fn("cosh", u))))
        else:
            sizes = bool(factors) and all(b.op == "size" for b in factors)
            out.append((number, (), g.fn("log", g.mul(1, factors))) if sizes else (number, factors, None))
    return out if any(u is not None and not u.fixed for _, _, u in out) else []


def exponentials(g: Nodes, a: Node) -> list[Term]:
    """The terms of a sum of exponentials with positive numbers; nothing where it is none."""
    terms = terms_of(g, a) if a.op == "+" or a.op == "fn" and a.data in ("sum", "cosh") else []
    return terms if all(number > 0 and not factors for number, factors, _ in terms) else []


def nowhere_negative(term: Term) -> bool:
    """Whether a term of a sum is seen to be never negative: beside others like it, it does not overflow to the other side."""
    return term[0] > 0 and all(b.op == "**" and b.args[1].op == "num" and b.args[1].data % 2 == 0 for b in term[1])


def less(g: Nodes, u: Node | None, a: Node | None) -> Node | None:
    """u - a; nothing where that is 0."""
    if u is a:
        return None
    if a is None:
        return u
    if u is None:
        return g.negative(a)
    (c, x), (d, y) = factor(g, u), factor(g, a)
    if x is y:
        return g.mul(c - d, [x]) if c != d else None
    return g.make("+", (u, g.negative(a)), None, u.shape or a.shape)


def factor(g: Nodes, u: Node) -> tuple[Fraction, Node]:
    """A number and what it multiplies."""
    if u.op == "*" and u.name is None and u.data[1]:
        number, k = u.data
        more, base = factor(g, u.args[0]) if len(u.args) == 1 else (ONE, g.mul(1, u.args[:k], u.args[k:], u.shape))
        return number * more, base
    return ONE, u


def summed(g: Nodes, terms: Sequence[Term], a: Node | None = None) -> Node:
    """log of the sum, less a."""
    if a is None and len(terms) == 2 and all(number == 1 for number, _, _ in terms) and any(u is None for _, _, u in terms):
        return g.fn("softplus", *(u for _, _, u in terms if u is not None))
    parts = []
    for number, _, u in terms:
        d = less(g, u, a)
        more = [] if number == 1 else [g.fn("log", g.num(number))]
        parts.append(g.num(0) if d is None and not more else d if d is not None and not more
                     else more[0] if d is None else g.make("+", (d, *more), None, d.shape))
    out = parts[0]
    for part in parts[1:]:
        out = g.make("fn", (out, part), "logaddexp", out.shape or part.shape)
    return out


def share(g: Nodes, terms: Sequence[Term], a: Node | None) -> Node:
    """exp(a) divided by the sum."""
    if a is not None and a.shape and not any(u.shape for _, _, u in terms if u is not None):
        return g.fn("exp", g.make("+", (a, g.negative(summed(g, terms))), None, a.shape))
    if len(terms) == 2 and all(number == 1 for number, _, _ in terms):
        rest = [d for _, _, u in terms if (d := less(g, u, a)) is not None]
        if len(rest) == 1:
            return g.fn("sigmoid", g.negative(rest[0]))
    return g.fn("exp", g.negative(summed(g, terms, a)))


def divided(g: Nodes, terms: Sequence[Term], a: Node | None, shape: Shape) -> Node:
    """A sum of anything, divided by exp(a) term by term."""
    parts = []
    for number, factors, u in terms:
        d = less(g, u, a)
        parts.append(g.mul(number, [*factors, *([] if d is None else [g.fn("exp", d)])]) if factors or d is not None else g.num(number))
    out = g.make("+", tuple(parts), None, shape)
    for one in (1, -1):         # 1 - exp(u) and exp(u) - 1, to all digits
        rest = g.without(out, one)
        rest = rest and (g.negative(rest) if one == 1 else rest)
        if rest is not None and rest.op == "fn" and rest.data == "exp":
            return g.mul(-one, [g.fn("expm1", *rest.args)])
    return out


def shares(g: Nodes, up: list[Node], down: list[Node]) -> bool:
    """Take an exponential above and a power of a sum below together; whether there were such."""
    for i, b in enumerate(down):
        base, k = (b.args[0], b.args[1].data) if b.op == "**" and b.name is None and b.args[1].op == "num" else \
            (b.args[0], ONE/2) if b.op == "fn" and b.data == "sqrt" and b.name is None else (b, ONE)
        sums = base.op == "+" or base.op == "fn" and base.data in ("sum", "cosh") and not (
            base.args[0] in up and base.args[0].data == "exp")          # that is a softmax
        below = terms_of(g, base) if sums and k > 0 else []
        clean = bool(below) and below == exponentials(g, base)
        for j, e in enumerate(up if below else ()):
            found, taken = list[Node](), ONE
            for number, factors, u in terms_of(g, e):
                if clean and (k == 1 or k.denominator == 1 and (e.op == "+" or any(u is v for _, _, v in below))):
                    part = share(g, below, u)
                elif clean:         # exp(u - k*log(the sum))
                    part, taken = g.fn("exp", g.mul(-k, [summed(g, below, u and g.mul(1/k, [u]))])), k
                elif u is not None and k.denominator == 1 and any(u is v for _, _, v in below):
                    found.append(g.mul(number, factors, [divided(g, below, u, base.shape)], e.shape or base.shape))
                    continue
                elif u is None and k.denominator == 1 and e.op == "+" and all(map(nowhere_negative, below)):
                    # 2*x/(exp(x) + x^2) is 0 where the sum overflows
                    found.append(g.mul(number, factors, [base], e.shape or base.shape))
                    continue
                else:
                    found = []
                    break
                found.append(g.mul(number, [*factors, part]))
            if found:
                up[j] = found[0] if len(found) == 1 else g.make("+", tuple(found), None, e.shape or b.shape)
                rest = [] if k == taken else [base] if k - taken == 1 else [g.make("**", (base, g.num(k - taken)), None, base.shape)]
                if rest == [base] and g.without(base, 1) is not None and len(below) == 2 and clean:     # sigmoid(u)*sigmoid(-u)
                    up.append(share(g, below, None))
                    rest = []
                down[i:i + 1] = rest
                return True
    return False


def logged(g: Nodes, a: Node) -> tuple[Node, tuple[Node, ...]] | None:
    """The logarithm of a factor that may overflow or round to 0, and the factors beside it; nothing of any other."""
    if a.name is not None or a.fixed:
        return None
    if a.op == "**" and a.args[1].op == "num" and a.args[1].data > 0:
        found = logged(g, a.args[0])
        return found and (g.mul(a.args[1].data, [found[0]]), tuple(g.make("**", (b, a.args[1]), None, b.shape) for b in found[1]))
    rest = g.without(a, 1)
    number, square = factor(g, rest) if rest is not None else (ONE, a)
    if number == -1 and square.op == "**" and square.args[1].op == "num" and square.args[1].data == 2 and (
            square.args[0].op == "fn" and square.args[0].data == "tanh"):       # 1 - tanh(u)^2 is 4*sigmoid(2*u)*sigmoid(-2*u)
        twice = g.mul(2, square.args[0].args)
        logs = (g.negative(g.fn("softplus", u)) for u in (twice, g.negative(twice)))
        return g.make("+", (g.fn("log", g.num(4)), *logs), None, a.shape), ()
    if a.op != "fn" or a.data not in ("exp", "cosh", "sinh", "sigmoid", "softmax"):
        return None
    u = a.args[0]
    if a.data == "softmax":
        return g.fn("log_softmax", u), ()
    if a.data == "sigmoid":
        return g.negative(g.fn("softplus", g.negative(u))), ()
    log = u if a.data == "exp" else logarithm(g, g.fn("cosh", u))
    return None if log is None else (log, (g.fn("tanh", u),) if a.data == "sinh" else ())


def saturated(a: Node) -> bool:
    """Whether a factor that has a logarithm is bounded."""
    return a.op == "+" or a.op == "fn" and a.data in ("sigmoid", "softmax")


def merged(g: Nodes, up: Sequence[Node], down: Sequence[Node], shape: Shape) -> tuple[list[Node], list[Node]] | None:
    """Factors of which one may overflow where another one rounds to 0, or overflows below it, as one exponential."""
    if sum(a.shape == shape and a.op in ("fn", "+", "**") for a in (*up, *down)) < 2:
        return None
    logs, above, below, growing = list[Node](), list[Node](), list[Node](), False
    for side, rest in ((up, above), (down, below)):
        for a in side:
            sums = exponentials(g, a)
            found = (summed(g, sums), ()) if len(sums) > 1 else logged(g, a)
            if a.shape != shape or found is None:
                rest.append(a)
                continue
            growing = growing or bool(sums) or side is down or not saturated(a)
            logs.append(found[0] if side is up else g.negative(found[0]))
            rest += found[1]
    if len(logs) < 2 or not growing:
        return None
    totals: dict[Node, Fraction] = {}
    for number, log in (factor(g, u) for u in logs):
        totals[log] = totals.get(log, Fraction(0)) + number
    logs = [g.mul(number, [log], shape=shape) for log, number in totals.items() if number] or logs
    return [*above, g.fn("exp", g.make("+", tuple(logs), None, shape) if len(logs) > 1 else logs[0])], below


def logarithm(g: Nodes, a: Node) -> Node | None:
    """The logarithm of a sum of exponentials, of a power of it, or of one less others."""
    if a.op == "fn" and a.data in ("cosh", "sinh") and a.name is None:
        one, other = g.fn("exp", a.args[0]), g.fn("exp", g.negative(a.args[0]))
        found = logarithm(g, g.make("+", (one, other if a.data == "cosh" else g.negative(other)), None, a.shape))
        return found and g.make("+", (found, g.fn("log", g.num(ONE/2))), None, a.shape)
    if a.op == "**" and a.name is None and a.args[1].op == "num" and (terms := exponentials(g, a.args[0])):
        return g.mul(a.args[1].data, [summed(g, terms)])
    terms = exponentials(g, a)
    if len(terms) > 1 or terms and a.op == "fn" and a.data == "sum":
        return summed(g, terms)
    terms = terms_of(g, a)
    above = [u for number, factors, u in terms if number == 1 and not factors]
    if len(terms) != 2 or len(above) != 1 or not any(number == -1 and not factors for number, factors, _ in terms):
        return None
    rest = g.fn("log", divided(g, terms, above[0], a.shape))
    return rest if above[0] is None else g.make("+", (above[0], rest), None, a.shape)
