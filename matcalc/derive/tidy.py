"""Tidying an expression that holds no differential: bottom up, each rewrite smaller, every rewrite recorded."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from ..language.expr import (ONE, SCALAR, UNIT, Apply, Dim, Expr, Name, Number, T, add, apply, build, coefficient, epow, had, mul, neg,
                             ones)
from ..language.build import LINEAR_HEADS
from ..language.functions import ELEMENTWISE_NAMES, SPELLING, SYMMETRY_WORDS
from ..rules import algebra
from ..rules.differentials import lift
from ..rules.measure import measure
from ..rules.rule import Binding, Rule, bags, fill, match, parts, products


_WORD = re.compile(r"[a-z]\w*(?=\()")


class Row(NamedTuple):
    """A rule ready to use: which way round, and its two sides."""

    rule: Rule
    lhs: Expr
    rhs: Expr


_LETTER_WORDS = {"orthogonal", "skew"}


IDENTITY = 30  # what an identity left behind by a common factor costs a reader, in tenths of a node


class Rewrite(NamedTuple):
    """One use of a rule: what stood there and what stands there now."""

    rule: str
    see: str
    where: dict[str, Expr]
    before: Expr
    after: Expr


_MATRIX = Name("t", (Dim.of("m"), Dim.of("n")))


class Table:
    """The tidying rows, found by the head they need; a row is read when that head is first met."""

    def __init__(self, rules: tuple[Rule, ...], scalar: tuple[Rule, ...] = ()) -> None:
        self.by_head: dict[str, list[Row]] = {}
        self.by_factor: dict[str, list[Row]] = {}
        self.letters: list[Row] = []
        self.scalar = frozenset(scalar)
        words = {rule: _WORD.findall(rule.equation.split(" = ")[0]) for rule in rules + scalar}
        common = Counter(w for found in words.values() for w in found)
        self.waiting: dict[str, list[Rule]] = {}
        self.met: set[str] = set()
        for rule, found in words.items():
            self.waiting.setdefault(min(found, key=lambda w: common[w]) if found else "", []).append(rule)
        self.meet("")

    def meet(self, head: str) -> None:
        """Read the rows that wait for a head: it is met before anything that holds it."""
        self.met.add(head)
        for rule in self.waiting.pop(SPELLING.get(head, head), ()):
            self._enter(Row(rule, rule.lhs, rule.rhs))
            if rule in self.scalar:
                t = next(iter(rule.lhs.names))
                self._enter(Row(rule, lift(rule.lhs, t, _MATRIX), lift(rule.rhs, t, _MATRIX)))
                continue
            turned = T(rule.lhs)
            if turned is not rule.lhs and isinstance(rule.lhs, Apply) and rule.lhs.head in ("*", ".*"):
                self._enter(Row(rule, turned, T(rule.rhs)))

    def _enter(self, row: Row) -> None:
        lhs = row.lhs
        assert isinstance(lhs, Apply)
        if lhs.head in ("*", ".*"):
            heads = [_anchor(a) for a in lhs.args]
            best = next((h for h in heads if h), None)
            if best is None:
                self.letters.append(row)
            else:
                self.by_factor.setdefault(best, []).append(row)
        else:
            self.by_head.setdefault(lhs.head, []).append(row)




def _anchor(a: Expr) -> str:
    """The head a factor must have; a transposed or powered factor is known by what is inside."""
    if isinstance(a, Apply):
        if a.head in ("'", "^", ".^") and isinstance(a.args[0], Apply):
            return a.head + _anchor(a.args[0])
        if a.head == "'" and isinstance(a.args[0], Name):
            return ""
        return a.head
    return ""


def turned(e: Expr, bodies: dict[Name, Expr]) -> Expr:
    """The transpose of e, written with what is known to be symmetric."""
    if e.shape == SCALAR:
        return e
    if isinstance(e, Name):
        body = bodies.get(e)
        if "skew" in e.words:
            return neg(e)
        return e if e.words & SYMMETRY_WORDS or (body is not None and symmetric(body, bodies)) else T(e)
    assert isinstance(e, Apply)
    head, args = e.head, e.args
    if head == "'":
        return e if turned(args[0], bodies) is args[0] else args[0]
    if head == "+":
        return add(*(turned(a, bodies) for a in args))
    if head == "*":
        scalars, chain = parts(e)
        return mul(*scalars, *(turned(f, bodies) for f in reversed(chain)))
    if head in ("inv", "expm", "adj") or head in ELEMENTWISE_NAMES:
        inner = turned(args[0], bodies)
        return apply(head, inner) if inner is args[0] else T(e)
    if head == "^":
        inner = turned(args[0], bodies)
        return T(e) if inner is T(args[0]) else build("^", (inner, args[1]))
    if head == ".*":
        return e if all(turned(a, bodies) is a for a in args) else T(e)
    if head == ".^":
        return e if args[1].shape == SCALAR and turned(args[0], bodies) is args[0] else T(e)
    if head == "apply" and isinstance(args[0], Apply) and args[0].head == "hess":
        return e
    if head == "kron":
        return apply("kron", turned(args[0], bodies), turned(args[1], bodies))
    return T(e)


def symmetric(e: Expr, bodies: dict[Name, Expr]) -> bool:
    """Whether e is seen to be its own transpose."""
    return e.shape[0] is e.shape[1] and turned(e, bodies) is e


MAIN = Table(algebra.TIDY + algebra.STRUCTURE, algebra.SCALAR)
NAMING = Table(algebra.NAMED)


def positive(e: Expr) -> bool:
    """Whether every entry is seen to be positive."""
    if isinstance(e, Number):
        return e.value > 0
    if isinstance(e, Name):
        return "positive" in e.words or e.kind == "size"
    assert isinstance(e, Apply)
    if e.head in ("exp", "cosh", "sigmoid", "softmax", "softmax_rows", "ones", "pi"):
        return True
    if e.head in ("+", "*", ".*", "sum", "sqrt", "'"):
        return all(positive(a) for a in e.args) and (e.head != "*" or e.args[-1].shape == SCALAR)
    return e.head in ("^", ".^") and positive(e.args[0])


class Tidier:
    """Tidies with one set of names; `log` receives each rewrite in order."""

    def __init__(self, folds: dict[Expr, Name] | None = None, tables: tuple[Table, ...] = (MAIN, NAMING),
                 assumptions: list[tuple[Expr, Expr]] | None = None, bodies: dict[Name, Expr] | None = None) -> None:
        self.folds = folds or {}
        self.bodies = bodies or {}
        self.assumed = dict(assumptions or [])
        self.tables = tables
        self.memo: dict[Expr, Expr] = {}
        self.history: dict[Expr, list[Rewrite]] = {}
        self.done: set[Expr] = set()
        self.open: set[Expr] = set()
        self.log: list[Rewrite] = []
        self.words: Binding = {"words": self.check}
        self.trying = 0

    def check(self, s: Expr, words: frozenset[str]) -> bool:
        """Whether s has the structure a letter asks for."""
        for w in words:
            if w == "positive":
                if not positive(s):
                    return False
                continue
            body = self.bodies.get(s) if isinstance(s, Name) else None
            if w == "simplex" and isinstance(body, Apply) and body.head in ("softmax", "softmax_rows"):
                return True
            if w == "symmetric":
                if not symmetric(s, self.bodies):
                    return False
            elif not (isinstance(s, Name) and w in s.words):
                return False
        return True

    def note(self, rule: Rule | str, b: Binding, before: Expr, after: Expr) -> Expr:
        """Record a rewrite."""
        if isinstance(rule, str):
            self.log.append(Rewrite(rule, "", {}, before, after))
        else:
            where = {k.name: v for k, v in b.items() if isinstance(k, Name)}
            self.log.append(Rewrite(rule.name, rule.see, where, before, after))
        return after

    def run(self, e: Expr) -> tuple[Expr, list[Rewrite]]:
        """The tidy form of e and every rewrite on the way."""
        self.log, self.done = [], set()
        out = self(e)
        return out, self.log

    def __call__(self, e: Expr) -> Expr:
        """The tidy form of e; its rewrites go to the log once a run."""
        if not isinstance(e, Apply):
            if e in self.folds:
                return self.note("definition", {}, e, self.folds[e])
            return e
        found = self.memo.get(e)
        if found is not None:
            if e not in self.done:
                self.done.add(e)
                self.log.extend(self.history.get(e, ()))
            return found
        if e in self.open:
            return e
        mark = len(self.log)
        self.done.add(e)
        self.open.add(e)
        out: Expr = e
        args = tuple(self(a) for a in e.args)
        if args != e.args:
            out = build(e.head, args)
        while True:
            if out in self.folds:
                out = self.note("definition", {}, out, self.folds[out])
            if out in self.assumed:
                out = self.note("assumption", {}, out, self.assumed[out])
            if not isinstance(out, Apply):
                break
            if out is not e and out in self.memo:
                out = self(out)
                break
            new = self.rewrite(out)
            if new is None:
                break
            out = self(new)
            break
        self.open.discard(e)
        self.memo[e] = out
        self.memo.setdefault(out, out)
        if len(self.log) > mark:
            self.history[e] = self.log[mark:]
        return out

    def rewrite(self, e: Apply) -> Expr | None:
        """One smaller form of e, or None."""
        for table in self.tables:
            if e.head not in table.met:
                table.meet(e.head)
            found = self.best(e, self.products(table, e) if e.head in ("*", ".*") else self.whole(table, e))
            if found is not None:
                return found
        if e.head == "'":
            new = turned(e.args[0], self.bodies)
            return self.note("structure.transpose", {}, e, new) if measure(new) < measure(e) else None
        if e.head == "*":
            return self.fold_segment(e) or self.repeat(e) or self.expand(e)
        if e.head == ".*":
            return self.expand_entries(e)
        if e.head == "+":
            return self.factor(e) or self.spread(e)
        if e.head in LINEAR_HEADS or e.head == "tr":
            return self.linear(e)
        return None

    def linear(self, e: Apply) -> Expr | None:
        """A linear function of a sum, term by term, where that ends smaller; of a name, where it is a number."""
        arg = e.args[0]
        if isinstance(arg, Name) and arg in self.bodies and e.head in ("sum", "rowsum", "colsum"):
            body = self.bodies[arg]
            terms = body.args if isinstance(body, Apply) and body.head == "+" else (body,)
            return self.attempt("definition", e, add(*(apply(e.head, t) for t in terms)), lambda out: not out.names)
        if isinstance(arg, Apply) and arg.head in ELEMENTWISE_NAMES and e.head == "diagonal":
            return self.attempt("tidy.diagonal-entrywise", e, apply(arg.head, apply("diagonal", arg.args[0])))
        if not isinstance(arg, Apply) or arg.head != "+" or e.head in ("diag", "vec"):
            return None
        return self.attempt("tidy.linear", e, add(*(apply(e.head, t) for t in arg.args)))

    def attempt(self, name: str, e: Expr, new: Expr, ok: Callable[[Expr], bool] | None = None) -> Expr | None:
        """Rewrite e to new and tidy; taken back unless it ends smaller (and ok)."""
        if self.trying > 2 or new is e:
            return None
        mark, done, self.trying = len(self.log), set(self.done), self.trying + 1
        self.log.append(Rewrite(name, "", {}, e, new))
        after = self(new)
        self.trying -= 1
        if measure(after) < measure(e) and (ok is None or ok(after)):
            return after
        del self.log[mark:]
        self.done = done
        return None

    def repeat(self, e: Apply) -> Expr | None:
        """A*B*A*B as a power."""
        scalars, chain = parts(e)
        flat: list[Expr] = []
        for f in chain:
            if isinstance(f, Apply) and f.head == "^" and isinstance(f.args[0], Apply) and f.args[0].head == "*" \
                    and isinstance(f.args[1], Number) and 0 < f.args[1].value < 9:
                flat.extend(f.args[0].args * int(f.args[1].value))
            else:
                flat.append(f)
        for width in range(2, len(flat) // 2 + 1):
            for i in range(len(flat) - 2 * width + 1):
                k = 1
                while flat[i + k * width:i + (k + 1) * width] == flat[i:i + width]:
                    k += 1
                unit = mul(*flat[i:i + width])
                if k > 1 and unit.shape[0] is unit.shape[1] and unit.shape != SCALAR:
                    rest = flat[i + k * width:]
                    new = Apply("*", (*scalars, *flat[:i], build("^", (unit, Number(k))), *rest), e.shape) \
                        if scalars or i or rest else build("^", (unit, Number(k)))
                    if new is not e and measure(new) < measure(e):
                        return self.note("tidy.repeat", {}, e, new)
        return None

    def expand_entries(self, e: Apply) -> Expr | None:
        """Multiply out an entry-wise product with a sum whose denominators cancel."""
        for f in e.args:
            if isinstance(f, Apply) and f.head == "+":
                others = [a for a in e.args if a is not f]
                bases = {a.args[0] if isinstance(a, Apply) and a.head == ".^" else a for a in others}
                if any(b in bases for t in f.args for b in _denominators(t)):
                    found = self.attempt("tidy.distribute", e, add(*(had(t, *others) for t in f.args)))
                    if found is not None:
                        return found
        return None

    def spread(self, e: Apply) -> Expr | None:
        """Multiply out the terms of a sum where like terms then meet."""
        terms: list[Expr] = []
        for t in e.args:
            terms.extend(_multiplied_out(t))
        if len(terms) == len(e.args) or len(terms) > 40:
            return None
        total = add(*terms)
        count = len(total.args) if isinstance(total, Apply) and total.head == "+" else 1
        if count >= len(terms):
            return None
        return self.attempt("tidy.distribute", e, total)

    def best(self, e: Apply, uses: Iterable[tuple[Rule, Binding, Expr]]) -> Expr | None:
        """The use that ends smallest, ties by the rule's name and the text: the order of the rows is nothing to it."""
        least, found = measure(e), None
        for use in uses:
            size = measure(use[2])
            if size < least or found and size == least and (use[0].name, use[2].text) < (found[0].name, found[2].text):
                least, found = size, use
        return None if found is None else self.note(found[0], found[1], e, found[2])

    def whole(self, table: Table, e: Apply) -> Iterator[tuple[Rule, Binding, Expr]]:
        """The rows of e's head."""
        for row in table.by_head.get(e.head, ()):
            b = dict(self.words)
            if match(row.lhs, e, b):
                yield row.rule, b, fill(row.rhs, b)

    def products(self, table: Table, e: Apply) -> Iterator[tuple[Rule, Binding, Expr]]:
        """The rows laid on part of a product."""
        for h in {_anchor(a) for a in e.args}:
            for row in table.by_factor.get(h, ()):
                if isinstance(row.lhs, Apply) and row.lhs.head == e.head:
                    yield from ((row.rule, b, after) for b, after in self.laid(row, e))
        if any(n.words & _LETTER_WORDS for n in e.names):
            for row in table.letters:
                yield from ((row.rule, b, after) for b, after in self.laid(row, e))

    def laid(self, row: Row, e: Apply) -> Iterator[tuple[Binding, Expr]]:
        """The results of laying a row on a product."""
        if e.head == "*":
            for laid in products(row.lhs, e, self.words):
                yield laid.binding, mul(*laid.scalars, *laid.before, fill(row.rhs, laid.binding), *laid.after)
        else:
            assert isinstance(row.lhs, Apply)
            for b, rest in bags(row.lhs.args, list(e.args), dict(self.words)):
                yield b, had(fill(row.rhs, b), *rest)

    def fold_segment(self, e: Apply) -> Expr | None:
        """A definition whose body is a product, found inside a longer one."""
        scalars, chain = parts(e)
        for body, short in self.folds.items():
            if isinstance(body, Apply) and body.head == "*" and body.shape == SCALAR and len(body.args) > 1:
                own = [a for a in body.args if not isinstance(a, Number)]
                if own[0].shape == SCALAR and len(own) > 1 and all(a in scalars for a in own):
                    rest = [x for x in scalars if x not in own]
                    number = coefficient(body)[0]
                    return self.note("definition", {}, e, mul(*rest, short, Number(Fraction(1) / number), *chain))
            if isinstance(body, Apply) and body.head == "*" and body.shape != SCALAR:
                s, c = parts(body)
                for turned, value in ((c, short), ([T(f) for f in reversed(c)], T(short))):
                    for i in range(len(chain) - len(turned) + 1):
                        if chain[i:i + len(turned)] == turned and all(x in scalars for x in s):
                            rest = [x for x in scalars if x not in s]
                            return self.note("definition", {}, e, mul(*rest, *chain[:i], value, *chain[i + len(turned):]))
        return None

    def expand(self, e: Apply) -> Expr | None:
        """Multiply a sum out where that ends smaller."""
        if self.trying > 2:
            return None
        scalars, chain = parts(e)
        for i, f in enumerate(chain):
            if isinstance(f, Apply) and f.head == "+" and self.meets(chain[:i], f, chain[i + 1:]):
                found = self.attempt("tidy.distribute", e,
                                     add(*(mul(*scalars, *chain[:i], t, *chain[i + 1:]) for t in f.args)))
                if found is not None:
                    return found
        for f in scalars:
            if isinstance(f, Apply) and f.head == "+":
                others = [s for s in scalars if s is not f]
                bases = {s.args[0] if isinstance(s, Apply) and s.head == "^" else s for s in others}
                if any(b in bases for t in f.args for b in _denominators(t)):
                    found = self.attempt("tidy.distribute", e, add(*(mul(t, *others, *chain) for t in f.args)))
                    if found is not None:
                        return found
        return None

    def meets(self, left: list[Expr], f: Expr, right: list[Expr]) -> bool:
        """Whether a neighbour of the sum would combine with one of its terms."""
        assert isinstance(f, Apply)
        for t in f.args:
            _, line = parts(t)
            for a, b in ((left[-1:], line[:1]), (line[-1:], right[:1])):
                if a and b:
                    pair = mul(a[0], b[0])
                    if not (isinstance(pair, Apply) and pair.head == "*" and len(pair.args) == 2):
                        return True
                    if {_anchor(a[0]), _anchor(b[0])} & {"diag", "'ones", "ones", "eye", "inv", "'inv"} or \
                            a[0].shape[0] is ONE or b[0].shape[1] is ONE and "diag" in {_anchor(x) for x in line}:
                        return True
        return False

    def factor(self, e: Apply) -> Expr | None:
        """Take a common factor out of a sum where that is smaller."""
        if len(e.args) > 400:
            return None
        groups: dict[tuple[str, Expr], list[int]] = {}
        rows = []
        for i, t in enumerate(e.args):
            c, rest = coefficient(t)
            scalars, chain = parts(rest)
            rows.append((c, scalars, chain))
            if abs(c) != 1:
                groups.setdefault(("number", Number(abs(Fraction(c)))), []).append(i)
            for s in scalars:
                if not isinstance(s, Number):
                    groups.setdefault(("scalar", s), []).append(i)
            if chain:
                groups.setdefault(("left", chain[0]), []).append(i)
                groups.setdefault(("right", chain[-1]), []).append(i)
                if len(chain) == 1 and isinstance(chain[0], Apply) and chain[0].head == ".*":
                    for a in chain[0].args:
                        groups.setdefault(("entry", a), []).append(i)
                elif len(chain) == 1:
                    groups.setdefault(("entry", chain[0]), []).append(i)
        best: Expr = e
        for (kind, f), where in _with_smaller(groups, rows):
            if len(where) < 2 or len(set(where)) < len(where) or (kind in ("left", "right", "entry") and _is_one(f)):
                continue
            inner = []
            for i in where:
                c, scalars, chain = rows[i]
                if kind == "number":
                    inner.append(mul(Number(c / f.value if c % f.value else c // f.value), *scalars, *chain))  # type: ignore[attr-defined]
                elif kind == "scalar":
                    left = list(scalars)
                    left.remove(f)
                    inner.append(mul(Number(c), *left, *chain))
                elif kind == "left":
                    inner.append(mul(Number(c), *scalars, *(chain[1:] or [_eye_for(f, 1)])))
                elif kind == "right":
                    inner.append(mul(Number(c), *scalars, *(chain[:-1] or [_eye_for(f, 0)])))
                else:
                    core = chain[0]
                    rest_args = [a for a in core.args if a is not f] if isinstance(core, Apply) and core.head == ".*" \
                        and core is not f else []
                    inner.append(mul(Number(c), *scalars, had(*rest_args) if rest_args else ones(*f.shape)))
            if any(a.shape != inner[0].shape for a in inner):
                continue
            total = add(*inner)
            if kind in ("number", "scalar"):
                whole = mul(f, total)
            elif kind == "left":
                whole = mul(f, total)
            elif kind == "right":
                whole = mul(total, f)
            else:
                whole = had(f, total)
            others = [t for i, t in enumerate(e.args) if i not in where]
            new = add(whole, *others)
            bare = kind in ("left", "right") and any(len(rows[i][2]) == 1 for i in where)
            if new is not e and measure(new) + (IDENTITY if bare else 0) < measure(best):
                best = new
        for base, least in _bases(rows).items():
            inner = [mul(Number(c), *(_without(scalars, base, least)), *chain) for c, scalars, chain in rows]
            new = mul(build("^", (base, Number(least))), add(*inner))
            if measure(new) < measure(best):
                best = new
        for base, least in _entry_bases(e.args).items():
            inner = [had(t, epow(base, Number(-least))) for t in e.args]
            new = had(epow(base, Number(least)), add(*inner))
            if measure(new) < measure(best):
                best = new
        if best is e:
            return None
        return self.note("tidy.factor", {}, e, best)


def _with_smaller(groups: dict[tuple[str, Expr], list[int]], rows: list[Any]) -> Iterator[tuple[tuple[str, Expr], list[int]]]:
    """The groups, and of those that would leave an identity behind also the part that would not."""
    for key, where in groups.items():
        yield key, where
        if key[0] in ("left", "right"):
            longer = [i for i in where if len(rows[i][2]) > 1]
            if 1 < len(longer) < len(where):
                yield key, longer


def _exponent(f: Expr, head: str) -> tuple[Expr, int]:
    if isinstance(f, Apply) and f.head == head and isinstance(f.args[1], Number) and isinstance(f.args[1].value, int):
        return f.args[0], f.args[1].value
    return f, 1


def _bases(rows: list[tuple[Any, list[Expr], list[Expr]]]) -> dict[Expr, int]:
    """Scalar bases under a bar in every term, or a sum under a bar in some; with the lowest exponent."""
    found: dict[Expr, list[int]] = {}
    for _, scalars, _ in rows:
        for s in scalars:
            b, k = _exponent(s, "^")
            if k < 0:
                found.setdefault(b, []).append(k)
    return {b: min(ks) for b, ks in found.items()
            if len(ks) == len(rows) or (isinstance(b, Apply) and b.head == "+" and len(ks) > 1)}


def _entry_bases(terms: tuple[Expr, ...]) -> dict[Expr, int]:
    found: dict[Expr, list[int]] = {}
    for t in terms:
        _, chain = parts(coefficient(t)[1])
        if len(chain) != 1:
            return {}
        core = chain[0]
        for f in core.args if isinstance(core, Apply) and core.head == ".*" else (core,):
            b, k = _exponent(f, ".^")
            if k < 0:
                found.setdefault(b, []).append(k)
    return {b: min(ks) for b, ks in found.items() if len(ks) > 1}


def _without(scalars: list[Expr], base: Expr, least: int) -> list[Expr]:
    return [*scalars, build("^", (base, Number(-least)))]


def _denominators(t: Expr) -> list[Expr]:
    """What stands under a bar in a term."""
    out: list[Expr] = []
    for f in t.args if isinstance(t, Apply) and t.head in ("*", ".*") else (t,):
        if isinstance(f, Apply) and f.head == ".*":
            out.extend(_denominators(f))
        elif isinstance(f, Apply) and f.head in ("^", ".^"):
            b, k = _exponent(f, f.head)
            if k < 0:
                out.append(b)
    return out


def _multiplied_out(t: Expr) -> list[Expr]:
    """A term as the terms of one sum inside it, or itself."""
    scalars, chain = parts(t)
    for i, f in enumerate(scalars):
        if isinstance(f, Apply) and f.head == "+":
            return [mul(*scalars[:i], u, *scalars[i + 1:], *chain) for u in f.args]
    for i, f in enumerate(chain):
        if isinstance(f, Apply) and f.head == "+" and len(scalars) + len(chain) > 1:
            return [mul(*scalars, *chain[:i], u, *chain[i + 1:]) for u in f.args]
        if isinstance(f, Apply) and f.head == ".*" and len(chain) == 1:
            for g in f.args:
                if isinstance(g, Apply) and g.head == "+":
                    return [mul(*scalars, had(u, *(a for a in f.args if a is not g))) for u in g.args]
    return [t]


def _eye_for(f: Expr, side: int) -> Expr:
    from ..language.expr import eye
    return eye(f.shape[side])


def _is_one(f: Expr) -> bool:
    return isinstance(f, Apply) and f.head in ("eye", "ones")


__all__ = ["MAIN", "NAMING", "UNIT", "Rewrite", "Table", "Tidier", "lift"]
