"""The rule by which a differential is opened, and what it gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache, cached_property, lru_cache

from ..language.expr import (SCALAR, UNIT, Apply, Expr, Name, Number, T, add, apply, hadamard, hadamard_power, is_inverse, mul,
                             on_diagonal, ones, power, step_of, zeros)
from ..reading.parse import Problem
from ..language.operations import UNFINISHED
from ..rulebook import algebra, differentials
from ..rulebook.rule import Rule
from ..rulebook.matching import Binding, bind, fill, match, parts
from .factor import entry_factors, exponent
from .moves import LATELY
from .order import Orders, as_typed
from .tidy import Tidier
from .unfinished import Unfinished
from ..records import Record
from ..language import traversal, ranks

_T = Name("t")
EXPANSIONS = {r.name.removeprefix("expand.").replace("-", "_"): r for r in algebra.EXPANSIONS}
PASSED = ("d.sum", "d.rowsum", "d.colsum")
PRODUCTS = ("d.scale", "d.product", "d.entrywise-product", "d.trace-inner")
OPENING = (*PASSED, *PRODUCTS, "d.sum-of-terms", "d.inner", "d.trace", "d.trace-sum")    # which only take d's further in
HIGH_POWER = 8      # above it a power is halved instead of taken apart one factor at a time


class Opened(Record):
    """A rule for d(Y): its letters, what d(Y) becomes, and whether the rule is about Y itself."""

    rule: str
    see: str
    binding: Binding
    out: Expr
    inside: bool = False


def height_of(e: Expr, tall: dict[Expr, int]) -> int:
    """How deep e reaches, through definitions."""
    found = tall.get(e)
    if found is None:
        tall[e] = found = 1 + max([height_of(a, tall) for a in e.args], default=0) if isinstance(e, Apply) else 0
    return found


def alike(a: tuple[str, bool], b: tuple[str, bool]) -> bool:
    """Whether two differentials are opened in one line: by the same rule, or both with a constant in front."""
    return a[0] == b[0] or a[1] and b[1]


@cache
def inverted(rule: Rule) -> tuple[Expr, ...]:
    """What the right side of a rule takes the inverse of."""
    return tuple(e.args[0] for e in traversal.subexpressions([rule.rhs]) if isinstance(e, Apply) and is_inverse(e))


@cache
def letters_by_size(rule: Rule) -> tuple[Name, ...]:
    """The letters of a rule, the small ones first."""
    return tuple(sorted(rule.lhs.names, key=lambda n: (n.name.isupper(), n.name)))


@lru_cache(LATELY)
def entrywise(rule: Rule, x: Expr) -> Opened:
    """What the differential of an entry-wise function of x is."""
    return Opened(rule.name, rule.see, {_T: x}, differentials.at_value(rule, x, lambda e: apply("d", e)))


@lru_cache(LATELY)
def used(rule: Rule, values: tuple[Expr, ...], live: frozenset[Name]) -> Opened:
    """A rule at these values of its letters, the small letters first, where these names change with the variable."""
    b: Binding = {}
    for letter, value in zip(letters_by_size(rule), values, strict=True):
        bind(letter, value, b)
    return Opened(rule.name, rule.see, b, fill(
        rule.rhs, b, lambda e: zeros(*e.shape) if live.isdisjoint(e.names) else apply("d", e)))


def by_definition(y: Apply, rule: Rule, b: Binding) -> Expr:
    """What a composite stands for, and its letters."""
    match(rule.lhs, y, b)
    return fill(rule.rhs, b)


def by_law(y: Expr) -> Expr | None:
    """What a composite of whole vectors stands for, softmax(x) or logsumexp(x); None for anything else.

    >>> from matcalc.reading.parse import parse
    >>> by_law(parse('softmax(x)', ['x in R^n']))
    <exp(x)/sum(exp(x))>
    """
    if not isinstance(y, Apply) or y.head not in EXPANSIONS or y.head in differentials.ENTRYWISE:
        return None
    return by_definition(y, EXPANSIONS[y.head], {})


def log_factors(e: Expr) -> Sequence[Expr]:
    """The factors of a product, or of a quotient, whose logarithm is a sum of theirs; nothing, or e alone, where it is none."""
    scalars, chain = parts(e)
    if len(chain) != (e.shape != SCALAR):
        return ()
    return [*(mul(s, ones(*e.shape)) for s in scalars), *entry_factors(chain[0])] if chain else scalars


class Opening:
    """What d(Y) becomes, by the rule of Y: of what changes with the variable."""

    def __init__(self, problem: Problem, f: Expr, wrt: Name, plain: Tidier) -> None:
        self.f, self.wrt, self.expand, self.problem = f, wrt, problem.expand, problem
        self.orders: Orders | None = None
        self.gradients: dict[Name, Name] = {}       # of what was differentiated before
        self.seen: dict[Expr, Opened] = {}
        self.bodies = {name: plain(body) for name, body in problem.definitions}
        declared = problem.variables.get(wrt.name, wrt)
        self.at_the_point = self.bodies if declared is wrt else self.bodies | {wrt: declared}
        self.active = {wrt}
        for name, body in problem.definitions:
            if not self.active.isdisjoint(body.names):
                self.active.add(name)

    def depends(self, e: Expr) -> bool:
        """Whether e changes with the variable."""
        return not self.active.isdisjoint(e.names)

    def as_typed(self, trace: Apply) -> Expr:
        """What was typed under a trace, which is kept in another of its forms."""
        if self.orders is None:
            self.orders = as_typed(self.problem, self.wrt, self.problem.definitions)
        return self.orders.get(trace, trace.args)[0]

    def open_trace(self, y: Apply) -> Opened:
        """A trace by its linearity; that of a quadratic form at once."""
        inner = self.as_typed(y)
        terms = inner.args if isinstance(inner, Apply) and inner.head == "+" else (inner,)
        if len(terms) > 1 and any(map(self.splits, terms)):
            return self.use("d.trace-sum", terms[0], add(*terms[1:]))
        first, *others = parts(inner)[1]
        if y is not self.f and len(others) == 1 and type(first) is Apply and first.head == "'" and type(first.args[0]) is Name \
                and self.depends(first) and not self.depends(others[0]):
            return self.use("d.trace-inner", first.args[0], others[0])
        chain = self.quadratic(inner)
        if chain is None or y is self.f and self.wrt in (chain[0], chain[-1]) and all(isinstance(a, Name) for a in chain[1:-1]):
            return self.use("d.trace", inner)       # a rule is not cited for itself
        right = isinstance(chain[-1], Apply) and chain[-1].head == "'"
        x = chain[0 if right else -1]
        if len(chain) == 2:
            return self.use("d.trace-square", x)
        return self.use("d.trace-quadratic-right" if right else "d.trace-quadratic", x, mul(*chain[1:-1]))

    def splits(self, e: Expr) -> bool:
        """Whether a term of a trace has a rule of its own."""
        return self.quadratic(e) is not None or any(
            isinstance(x, Apply) and x.head == "sqrtm" and self.depends(x) for f in parts(e)[1] for x in traversal.subexpressions([f]))

    def quadratic(self, e: Expr) -> list[Expr] | None:
        """Factors A'*..*A or A*..*A' whose trace is that of e, where A changes."""
        chain = parts(e)[1]
        turns = (chain[k:] + chain[:k] for k in range(len(chain)) if len(chain) > 1)
        return next((t for t in turns if t[0] is T(t[-1]) and self.depends(t[0])), None)

    @cached_property
    def parents(self) -> Counter[Expr]:
        """In how many places a part of f, or of a definition, stands."""
        return Counter(a for e in traversal.subexpressions([self.f, *self.bodies.values()]) if type(e) is Apply for a in set(e.args))

    def first_closed(self, e: Expr) -> Apply | None:
        """The first d(Y) in a line whose Y is not the variable."""
        if not isinstance(e, Apply) or not e.has_d:
            return None
        if e.head == "d":
            return None if e.args[0] is self.wrt else e
        return next((found for found in map(self.first_closed, e.args) if found is not None), None)

    def kind(self, y: Expr) -> tuple[str, bool]:
        """The rule that opens d(y), and whether it is of a product in which one factor moves."""
        opened = self.open(y)
        return opened.rule, opened.rule in PRODUCTS and not (isinstance(opened.out, Apply) and opened.out.head == "+")

    def d(self, e: Expr) -> Expr:
        """The differential of e: 0 for what does not depend on the variable."""
        return apply("d", e) if self.depends(e) else zeros(*e.shape)

    def open(self, y: Expr) -> Opened:
        """The rule for d(y): its name, source, letters, and what it gives."""
        if y not in self.seen:
            self.seen[y] = self.opened_by(y)
        return self.seen[y]

    def opened_by(self, y: Expr) -> Opened:
        """The same, looked for."""
        if isinstance(y, Name) and y in self.gradients:
            return Opened("gradient", "", {}, mul(T(self.gradients[y]), apply("d", self.wrt)))
        if isinstance(y, Name):
            return Opened("definition", "", {y.name: self.bodies[y]}, self.d(self.bodies[y]))
        assert isinstance(y, Apply)
        head, args = y.head, y.args
        if self.expand and head in EXPANSIONS:
            return self.expanded(y, EXPANSIONS[head])
        if head == "log" and (split := self.split_log(args[0])):
            return self.use(*split)
        if head in differentials.ENTRYWISE:
            t = step_of(y)
            return entrywise(differentials.ENTRYWISE[head], args[0]) if t is None else entrywise(differentials.STEP, t)
        if head == "+":
            rule = differentials.BY_NAME["d.sum-of-terms"]
            letters: Binding = {}
            for letter, value in zip(sorted(rule.lhs.names, key=lambda n: n.name), (args[0], add(*args[1:])), strict=True):
                bind(letter, value, letters)
            return Opened(rule.name, rule.see, letters, add(*(self.d(a) for a in args if self.depends(a))))
        if head == "*":
            return self.open_product(y)
        if head == ".*":
            return self.use("d.entrywise-product", *self.split(args, hadamard))
        if head == "^" and y.shape != SCALAR:
            if not isinstance(args[1], Number):
                raise Unfinished(f"the differential of {y} is a sum of {args[1]} terms {args[0]}^i*d({args[0]})*{args[0]}^j, which the "
                                 "language cannot express", hint=f"under a trace it has a closed form: tr({y})")
            k = int(args[1].value)
            first = k // 2 if abs(k) > HIGH_POWER and isinstance(args[0], Name) else 1 if k > 0 else -1
            return self.use("d.product", power(args[0], Number(first)), power(args[0], Number(k - first)))
        if head == "expm" and isinstance(args[0], Apply):
            scalars, chain = parts(args[0])
            live = [s for s in scalars if self.depends(s)]
            if live and not any(self.depends(c) for c in chain):
                return self.use("d.expm-scalar", mul(*live), mul(*(s for s in scalars if not self.depends(s)), *chain))
        rows = iter(differentials.rows_for(head))
        for inner, rule in rows:
            if rule.name == "d.trace":
                return self.open_trace(y)
            b: Binding = {"words": lambda s, words: True}       # whoever read the problem has seen the structure
            if match(inner, y, b):
                b.pop("words", None)
                singular = next((a for a in (fill(a, b) for a in inverted(rule)) if ranks.never_invertible(a, self.at_the_point)), None)
                if singular is not None:
                    if rule.condition:
                        raise Unfinished(f"the differential of {y} involves the inverse of {singular}, which is never invertible")
                    rule = next((r for same, r in rows if same is inner), rule)
                return Opened(rule.name, rule.see, b, fill(rule.rhs, b, self.d))
        why, hint = UNFINISHED.get(head, ("no rule for the differential of {y}", ""))
        raise Unfinished(why.format(y=y, x=args[0]), hint=hint.format(y=y, x=args[0]) or None)

    def expanded(self, y: Apply, rule: Rule) -> Opened:
        """A composite taken apart by its definition."""
        if y.head in differentials.ENTRYWISE:
            return Opened(rule.name, rule.see, {_T: y.args[0]}, self.d(differentials.at_value(rule, y.args[0])), True)
        b: Binding = {}
        return Opened(rule.name, rule.see, b, self.d(by_definition(y, rule, b)), True)

    def use(self, name: str, *values: Expr) -> Opened:
        """A rule at these values of its letters, the small letters first."""
        return used(differentials.BY_NAME[name], values, frozenset([n for v in values for n in v.names if n in self.active]))

    def split_log(self, e: Expr) -> tuple[str, Expr, Expr] | None:
        """The rule for the logarithm of a quotient or a product, and its letters."""
        join, raised = (mul, power) if e.shape == SCALAR else (hadamard, hadamard_power)
        factors = log_factors(e)
        below = {f: b for f in factors if (b := exponent(f, "^" if join is mul else ".^"))[1] < 0}
        if below:
            under = join(*(raised(b, Number(-k)) for b, k in below.values()))
            return "d.log-quotient", join(*(f for f in factors if f not in below)), under
        return ("d.log-product", *self.split(factors, join)) if len(factors) > 1 else None

    def split(self, factors: Sequence[Expr], join: Callable[..., Expr]) -> tuple[Expr, Expr]:
        """What does not change and what does; where all change, the first and the rest."""
        still = [a for a in factors if not self.depends(a)]
        live = [a for a in factors if self.depends(a)]
        return (join(*still), join(*live)) if still else (live[0], join(*live[1:]))

    def open_product(self, y: Apply) -> Opened:
        """Scalar factors by d.scale, matrices by d.product; what is constant stays in front."""
        scalars, chain = parts(y)
        if not chain:
            return self.use("d.scale", *self.split(scalars, mul))
        if scalars:
            live = [s for s in scalars if self.depends(s)]
            still = [s for s in scalars if not self.depends(s)]
            moving = any(self.depends(a) for a in chain)
            if live and not moving:
                return self.use("d.scale", mul(*live), mul(*still, *chain))
            return self.use("d.scale", mul(*(scalars if live else still)), mul(*chain))
        if y.shape == SCALAR and self.depends(chain[0]) and not any(map(self.depends, chain[1:])):
            chain = [T(a) for a in reversed(chain)]     # d(x'*A*y) is y'*A'*d(x)
        x = chain[-1]
        itself = y is self.f and x is self.wrt and all(isinstance(a, Name) for a in chain[1:])     # a rule is not cited for itself
        if y.shape == SCALAR and chain[0] is T(x) and self.depends(x) and not itself:
            return self.use("d.quadratic", x, mul(*chain[1:-1])) if len(chain) > 2 else self.use("d.square", x)
        if y.shape == SCALAR and not itself and self.depends(chain[0]) and self.depends(chain[-1]):
            return self.use("d.inner", T(chain[0]), mul(*chain[1:]))
        for name, diagonal, rest in (("d.columns-divided", chain[-1], chain[:-1]), ("d.rows-divided", chain[0], chain[1:])):
            below, k = exponent(on_diagonal(diagonal) or UNIT, ".^")
            if k == -1 and self.depends(below) and self.depends(rest[0]):
                return self.use(name, below, mul(*rest))
        cut = 1
        while not self.depends(chain[0]) and cut < len(chain) - 1 and not self.depends(chain[cut]):
            cut += 1
        return self.use("d.product", mul(*chain[:cut]), mul(*chain[cut:]))
