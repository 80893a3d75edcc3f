"""Where a derivative is zero: the equation solved for its unknown, where that stands linearly in it."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from . import api, judges
from .deriving.derivation import Unfinished
from .deriving.substitute import substitute
from .diagnose.diagnosis import opened
from .language.deadline import SECONDS, after
from .language.expr import SCALAR, Apply, Expr, Name, Number, T, add, apply, div, eye, mul, num, unvec, zeros
from .language.shape import Dim, InputError
from .language.sure import Sure
from .reading.parse import Problem, problem
from .render.data import verdict as as_data
from .render.safe import json
from .render.said import Said
from .render.verdicts import verdict_lines, wrapped
from .records import Record

SYMMETRIC = frozenset({"symmetric", "spd"})


class Solved(Record):
    """left = right, linear in the unknown, its solution, the matrices that must be invertible for it to be the only one, and by what
    number the derivative is left - right; `among` is what the extremum is one among."""

    left: Expr
    right: Expr
    solution: Expr
    inverted: tuple[Expr, ...]
    times: Fraction = Fraction(1)
    among: str = ""


class Stationary:
    """The point at which a derivative is zero, with the derivation of that derivative and the verdict of the judges.

    `solution` is the unknown, `equation` the two sides that were solved, `inverted` what must be invertible; where all of that is positive
    definite the point is the `extremum`: the minimum, or the maximum.
    """

    def __init__(self, derivation: api.Derivation, x: Name, found: Solved, verdict: Said) -> None:
        self.derivation, self.unknown, self.verdict = derivation, x, verdict
        self.equation, self.solution, self.inverted = (found.left, found.right), found.solution, found.inverted
        self.extremum = "minimum" if found.times > 0 else "maximum"
        self.among = found.among

    def text(self) -> str:
        """The derivation, the equation, its solution, when that is the only one, and the verdict."""
        left, right = self.equation
        name = f"{self.unknown.name} = {self.solution}"
        both = " and ".join(str(e) for e in self.inverted if not (isinstance(e, Apply) and e.head == "eye"))
        are = "is" if len(self.inverted) == 1 else "are"
        extremum = f"{self.extremum} among {self.among} matrices" if self.among else self.extremum
        only, best = ("not 0", "positive") if self.unknown.shape == SCALAR else ("invertible", "positive definite")
        judged = "The equation, against the derivative:" if _stacked(self.solution) else "The derivative there, against 0:"
        out = [self.derivation.text().rstrip(), "", "Set to zero:", f"  {left} = {right}", f"  {name}", "",
               *wrapped(f"The only such point where {both} {are} {only}; the {extremum} where {both} {are} {best}." if both else
                        f"The only such point; the {self.extremum}."),
               judged, *verdict_lines(self.verdict)]
        return "\n".join(out)

    def json(self) -> dict[str, object]:
        """The same as data."""
        left, right = map(str, self.equation)
        inverted = list(map(str, self.inverted))
        return {"unknown": self.unknown.name, "gradient": str(self.derivation.result), "equation": {"left": left, "right": right},
                "solution": str(self.solution), "only_where_invertible": inverted, "extremum": self.extremum, "extremum_among": self.among,
                "extremum_where_positive_definite": inverted,
                "inferred": self.derivation.inferred, "verdict": as_data(self.verdict)}

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"Stationary({self.unknown.name} = {self.solution})"


def stationary(expr: str, wrt: str, declare: Iterable[str] = (), define: Iterable[str] = (), assume: Iterable[str] = (),
               seconds: float = SECONDS) -> Stationary:
    """The point where the derivative of a scalar is zero, where the variable occurs linearly in the derivative, or in its inverse.

    The arguments are those of `derive`. Raises InputError where the equation cannot be solved.

    >>> stationary("norm2(X*w - y)^2 + c*norm2(w)^2", "w").solution
    <inv(X'*X + c*eye(m))*X'*y>
    """
    declare, define, assume = list(declare), list(define), list(assume)
    deadline = after(seconds)
    first = problem(declare, define, assume, expr=expr, wrt=wrt).within(deadline)
    found = api.solve(first)
    x = first.wrt
    assert isinstance(x, Name) and isinstance(first.f, Expr)
    if first.f.shape != SCALAR or x.words - SYMMETRIC:
        raise InputError(f"{wrt} is {' '.join(sorted(x.words))}" if x.words else f"{expr} is not a scalar",
                         hint="a stationary point needs a scalar function and a variable without structure")
    gradient = _whole(first, found)
    solved = _inverse(x, gradient) or _linear(x, gradient, problem(declare, define, assume, expr=expr, wrt=wrt, order=2).within(deadline))
    if _stacked(solved.solution):       # no judge multiplies an inverse of Kronecker products out; the equation it solves is judged
        claim = f"vec({gradient}) == {num(solved.times)}*({solved.left} - {solved.right})"
    else:
        claim = f"{substitute(gradient, {x: solved.solution})} == zeros({x.shape[0]}, {x.shape[1]})"
    p = problem([*declare, *first.inferred], define, assume, prove=claim).within(deadline)
    verdict = judges.equation(p)
    if verdict.kind == "refuted":
        raise Unfinished(f"the solution found, {solved.solution}, does not satisfy the equation")
    return Stationary(found, x, solved, verdict)


def _linear(x: Name, gradient: Expr, second: Problem) -> Solved:
    """The solution where the second derivative is free of the unknown."""
    if x.words:
        raise InputError(f"{x.name} is {' '.join(sorted(x.words))}",
                         hint="a stationary point needs a scalar function and a variable without structure")
    hessian = _whole(second, api.solve(second))
    if x in hessian.names:
        raise Unfinished(f"the derivative is not linear in {x.name}: it is {gradient}")
    if hessian is zeros(*hessian.shape):
        raise Unfinished(f"the derivative does not depend on {x.name}: it is {gradient}")
    return _solved(x, hessian, substitute(gradient, {x: zeros(*x.shape)}))


def _inverse(x: Name, gradient: Expr) -> Solved | None:
    """The solution of a*inv(x) + C = 0 or of a*inv(x) + inv(x)*C*inv(x) = 0, the derivatives of a*logdet(x) with tr(C*x) or with
    -tr(C*inv(x)), or of their transposes; the sign of a says which extremum it is among positive definite matrices."""
    if x.shape == SCALAR or x.shape[0] != x.shape[1]:
        return None
    sure = Sure({})
    for unknown, g in ((x, gradient), (T(x), gradient), (x, T(gradient)), (T(x), T(gradient))):
        by = apply("inv", x) if unknown is x else T(apply("inv", x))
        once: list[Expr] = []
        twice: list[Expr] = []
        free: list[Expr] = []
        k, terms = _terms(g)
        for s, core in terms:
            factors = core.args if isinstance(core, Apply) and core.head == "*" else (core,)
            inner = factors[1:-1]
            if core is by:
                once.append(mul(num(k), s))
            elif len(factors) > 2 and factors[0] is by and factors[-1] is by and x not in mul(*inner).names:
                twice.append(mul(num(k), s, *inner))
            elif x not in core.names:
                free.append(mul(num(k), s, core))
            else:
                break
        else:
            a = add(*once) if once else num(0)
            up = sure.positive(a) - sure.positive(mul(num(-1), a))
            if not up or x in a.names or bool(twice) == bool(free):
                continue
            c = add(*(mul(num(-1), div(t, a)) for t in twice or free))
            point = c if twice else apply("inv", c)
            left, right = mul(num(up), a, unknown if twice else by), add(*(mul(num(-up), t) for t in twice or free))
            solution = point if unknown is x else T(point)
            return Solved(left, right, solution, (c,), Fraction(up if twice else -up), "positive definite")
    return None


def page(found: Stationary, form: str) -> str:
    """The answer in a format."""
    return json(found.json(), 2) if form == "json" else found.text()


def _whole(p: Problem, d: api.Derivation) -> Expr:
    """A result without names that stand for something else."""
    out = opened(d.result, d.where, set())
    bodies: dict[Expr, Expr] = dict(p.definitions)
    while any(n in bodies for n in out.names):
        out = substitute(out, bodies)
    return out


def _stacked(solution: Expr) -> bool:
    """Whether a solution was found by vec."""
    return isinstance(solution, Apply) and solution.head == "unvec"


def _solved(x: Name, hessian: Expr, start: Expr) -> Solved:
    """H*vec(x) = -vec(start), start being the derivative at 0, as A*x, x*B or A*x*B where the second derivative is made of Kronecker
    products, else by vec."""
    k, terms = _terms(hessian)
    right = add(*(mul(num(-1 / k), scale, t) for scale, t in _signed(start)))
    solved = _divided(x, terms, right)
    return solved._replace(times=k)


def _divided(x: Name, terms: list[tuple[Expr, Expr]], right: Expr) -> Solved:
    """The solution for a second derivative of these terms."""
    m, n = x.shape
    if x.shape == SCALAR:
        h = add(*(mul(s, core) for s, core in terms))
        return Solved(mul(h, x), right, div(right, h), (h,))
    if str(n) == "1" or str(m) == "1":
        h = add(*(mul(s, core) for s, core in terms))
        by = apply("inv", h)
        return Solved(mul(h, x), right, mul(by, right), (h,)) if str(n) == "1" else Solved(
            mul(x, T(h)), right, mul(right, T(by)), (h,))
    parts = [(s, *_factors(core, m, n)) for s, core in terms]
    if all(b is not None and a is not None for _, b, a in parts):
        if all(b is eye(n) for _, b, _ in parts):
            a = add(*(mul(s, a) for s, _, a in parts if a is not None))
            return Solved(mul(a, x), right, mul(apply("inv", a), right), (a,))
        if all(a is eye(m) for _, _, a in parts):
            b = add(*(mul(s, T(b)) for s, b, _ in parts if b is not None))
            return Solved(mul(x, b), right, mul(right, apply("inv", b)), (b,))
        if len(parts) == 1 and parts[0][1] is not None and parts[0][2] is not None:
            a, b = mul(parts[0][0], parts[0][2]), T(parts[0][1])
            return Solved(mul(a, x, b), right, mul(apply("inv", a), right, apply("inv", b)), (a, b))
    h = add(*(mul(s, core) for s, core in terms))
    return Solved(mul(h, apply("vec", x)), apply("vec", right), unvec(mul(apply("inv", h), apply("vec", right)), m, n), (h,))


def _terms(e: Expr) -> tuple[Fraction, list[tuple[Expr, Expr]]]:
    """A number before all of a sum, and its terms, each a scalar times what is no product with one."""
    k, inner = Fraction(1), e
    if isinstance(e, Apply) and e.head == "*" and isinstance(e.args[0], Number):
        k, inner = Fraction(e.args[0].value), mul(*e.args[1:])
    out: list[tuple[Expr, Expr]] = []
    for term in _summands(inner):
        factors = term.args if isinstance(term, Apply) and term.head == "*" and term.shape != SCALAR else (term,)
        scalars = [f for f in factors if f.shape == SCALAR] if len(factors) > 1 else []
        out.append((mul(*scalars) if scalars else num(1), mul(*(f for f in factors if f not in scalars))))
    return k, out


def _signed(e: Expr) -> list[tuple[Expr, Expr]]:
    """The terms of what may be a number times a sum, each with that number."""
    if isinstance(e, Apply) and e.head == "*" and len(e.args) == 2 and isinstance(e.args[0], Number):
        inner = e.args[1]
        return [(e.args[0], t) for t in (inner.args if isinstance(inner, Apply) and inner.head == "+" else (inner,))]
    return [(num(1), t) for t in (e.args if isinstance(e, Apply) and e.head == "+" else (e,))]


def _summands(e: Expr) -> list[Expr]:
    """The terms of a sum, with scalars before it multiplied in."""
    if isinstance(e, Apply) and e.head == "+":
        return [t for a in e.args for t in _summands(a)]
    if isinstance(e, Apply) and e.head == "*":
        sums = [a for a in e.args if isinstance(a, Apply) and a.head == "+" and a.shape != SCALAR]
        rest = [a for a in e.args if a not in sums]
        if len(sums) == 1 and all(a.shape == SCALAR for a in rest):
            return [t for a in sums[0].args for t in _summands(mul(*rest, a))]
    return [e]


def _factors(core: Expr, m: Dim, n: Dim) -> tuple[Expr | None, Expr | None]:
    """B and A of kron(B, A), which takes vec(x) to vec(A*x*B') for x with m rows and n columns."""
    if isinstance(core, Apply) and core.head == "kron" and core.args[0].shape == (n, n) and core.args[1].shape == (m, m):
        return core.args[0], core.args[1]
    return (eye(n), eye(m)) if core is eye(m * n) else (None, None)
