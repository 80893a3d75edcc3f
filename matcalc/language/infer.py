"""Shapes of names that nobody declared: sizes are unified, and what is left open follows matrixcalculus.org's convention.

An unknown size is a Dim whose name begins with "?". Each name starts as the convention has it (a to g scalars, h to z
vectors, capitals matrices, Greek names scalars; what is transposed is no scalar). Where that cannot be, the names at the
culprit are tried as scalars, then as matrices; two ways to mend one place are a choice left to the user.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain, count
from typing import NamedTuple

from .nodes import Name
from .reader import Code
from .shape import ONE, SCALAR, Dim, InputError, Shape
from .clash import Clash
from .shapes import Walk
from .tokens import GREEK_NAMES, Line, is_name

WORK = 100_000
Place = tuple[int, int, int]
NOWHERE: Place = (-1, -1, -1)


class Statement(NamedTuple):
    """A raw tree, the line it stands on, the name it defines, and whether its shape equals that of the one before."""

    line: Line
    code: Code
    defines: str = ""
    equals: bool = False


class Sizes:
    """What the unknown sizes are known to be."""

    def __init__(self, one: bool) -> None:
        self.known: dict[str, Dim] = {}
        self.one = one
        self.count = 0

    def fresh(self, mark: str = "") -> Dim:
        """A new unknown size; marked ~ it may turn out to be 1."""
        self.count += 1
        return Dim.of(f"?{self.count}{mark}")

    def settle(self, d: Dim) -> Dim:
        """A size with everything known put in."""
        known = self.known
        if d.number is not None or not known or known.keys().isdisjoint(d.names):
            return d
        path: list[str] = []
        while d.text in known:
            path.append(d.text)
            d = known[d.text]
        if not known.keys().isdisjoint(d.names):
            total = Dim.of(0)
            for names, count in d.terms:
                term = Dim.of(count)
                for n in names:
                    term = term * self.settle(Dim.of(n))
                total = total + term
            d = total
        for text in path:
            known[text] = d
        return d

    def same(self, a: Dim, b: Dim) -> bool:
        """Make two sizes one, if that can be."""
        a, b = self.settle(a), self.settle(b)
        if a is b:
            return True
        if a.text[-1] != "~" and b.text[-1] == "~":
            a, b = b, a
        return self.bind(a, b) or self.bind(b, a) or self.divide(a, b)

    def bind(self, a: Dim, b: Dim) -> bool:
        """Let an unknown be a size; 1 only for a matrix, at first: a vector of one entry is no vector."""
        if a.text[0] == "?" and a.text in a.names and a.text not in b.names and (b is not ONE or self.one or a.text[-1] == "~"):
            self.known[a.text] = b
            return True
        return False

    def divide(self, a: Dim, b: Dim) -> bool:
        """m*?1 = m*n gives ?1 = n, ?1+1 = n+1 gives ?1 = n."""
        left, right = dict(a.terms), dict(b.terms)
        for names in [n for n in left if left[n] == right.get(n)]:
            del left[names], right[names]
        if len(left) == 1 and len(right) == 1:
            (x, p), (y, q) = left.popitem(), right.popitem()
            xs, ys = list(x), list(y)
            for n in x:
                if n in ys:
                    xs.remove(n)
                    ys.remove(n)
            for (us, u), (vs, v) in (((xs, p), (ys, q)), ((ys, q), (xs, p))):
                if len(us) == 1 and us[0][0] == "?" and v % u == 0 and us[0] not in vs:
                    out = Dim.of(v // u)
                    for n in vs:
                        out = out * Dim.of(n)
                    return self.bind(Dim.of(us[0]), out)
        return False


def usual(name: str) -> str:
    """The convention for a name: scalar, vector or matrix."""
    if name[0].isupper():
        return "matrix"
    if name.rstrip("0123456789_").split("_")[0] in GREEK_NAMES or name[0] in "abcdefg_":
        return "scalar"
    return "vector"


class Inference:
    """The shapes of undeclared names in the statements of one problem."""

    def __init__(self, statements: list[Statement], known: Mapping[str, Shape], functions: Mapping[str, Name],
                 sizes: Mapping[str, str], missing: list[str]) -> None:
        self.statements, self.known, self.functions, self.origins = statements, known, functions, sizes
        self.missing = missing
        self.transposed = {data for s in statements for (op, _, data), (then, _, _) in zip(s.code, s.code[1:], strict=False)
                           if op == "name" and then == "'"}
        self.work = 0
        self.length = sum(len(s.code) for s in statements) + 50
        self.shapes: dict[str, Shape] = {}
        self.constants: dict[tuple[int, int], Shape] = {}

    def run(self) -> None:
        """Find the shapes, or raise the clash that the convention leads to."""
        self.no_transpose()
        start = {name: self.usual(name) for name in self.missing}
        try:
            for one in (False, True):
                found = self.search(start, NOWHERE, one)
                if found is not None:
                    self.attempt(found, one)
                    self.name_sizes()
                    self.check_constants()
                    return
        except _Choice as choice:
            raise self.explained(start, choice.names) from None
        raise self.explained(start, [])

    def usual(self, name: str) -> str:
        """The convention, but that what is transposed is no scalar: b'*x is an inner product."""
        kind = usual(name)
        return "vector" if kind == "scalar" and name in self.transposed else kind

    def no_transpose(self) -> None:
        """A^T with an undeclared T is meant as a transpose."""
        for line, code, _, _ in self.statements if "T" in self.missing else ():
            for (op, at, data), (power, place, _) in zip(code, code[1:], strict=False):
                if power == "^" and op == "name" and data == "T":
                    raise line.error("T is not declared", at, "write A' for the transpose" if place else None)

    def attempt(self, kinds: Mapping[str, str], one: bool) -> tuple[Place, Walk, Clash] | None:
        """Walk everything with these kinds: None, or how far it went, and the clash."""
        self.work += self.length
        self.now = sizes = Sizes(one)
        shapes: dict[str, Shape] = dict(self.known)
        for name in self.missing:
            kind = kinds[name]
            shapes[name] = SCALAR if kind == "scalar" else (sizes.fresh(), ONE) if kind == "vector" else \
                (sizes.fresh("~"), sizes.fresh("~"))
        self.constants = {}
        last = SCALAR
        for number, (line, code, defines, equals) in enumerate(self.statements):
            def free(at: int, name: str, number: int = number) -> Shape:
                if name not in ("eye", "vector", "matrix"):
                    return SCALAR
                n = sizes.fresh("" if name == "vector" else "~")
                shape = (n, n if name == "eye" else ONE if name == "vector" else sizes.fresh("~"))
                self.constants[number, at] = shape
                return shape
            walk = Walk(line, shapes, self.functions, self.origins, sizes.same, sizes.settle, free)
            try:
                shape = walk.run(code)
                if equals and not walk.scalar(shape) and not walk.scalar(last) and not walk.agree(shape, last):
                    before = last
                    raise Clash(code[0][1], lambda w=walk, a=shape, b=before: (  # type: ignore[misc]
                        f"the two sides have different shapes: {w.shown(b)} and {w.shown(a)}" + w.whence(*b, *a), None),
                        [(0, len(line.tokens) - 2)])
            except Clash as clash:
                return (number, walk.done, clash.at), walk, clash
            last = shape
            if defines:
                shapes[defines] = shape
        self.shapes = {name: shapes[name] for name in self.missing}
        return None

    def search(self, kinds: dict[str, str], reached: Place, one: bool) -> dict[str, str] | None:
        """Mend the first clash by changing a name in it, and go on: the kinds with which all is well."""
        failed = self.attempt(kinds, one)
        if failed is None:
            return kinds
        far, walk, clash = failed
        if far <= reached or self.work > WORK:
            return None
        near = {t for first, last in clash.spans for t in walk.tokens[first:last + 1] if is_name(t)}
        suspects = [n for n in self.missing if n in near and kinds[n] == self.usual(n)]
        for kind in ("scalar", "matrix", "vector"):
            changed = [n for n in suspects if kinds[n] != kind]
            good = [(n, k) for n in changed if (k := self.search({**kinds, n: kind}, far, one)) is not None]
            if len(good) > 1 and kind == "scalar":
                raise _Choice([n for n, _ in good])
            if good:
                return good[0][1]
            if len(changed) > 1 and kind == "scalar":
                found = self.search(kinds | dict.fromkeys(changed, kind), far, one)
                if found is not None:
                    return found
        return None

    def explained(self, kinds: Mapping[str, str], choice: list[str]) -> InputError:
        """The clash under the convention, and what the convention made of the names in it."""
        failed = self.attempt(kinds, False)
        assert failed is not None
        _, walk, clash = failed
        self.shapes = {name: walk.shapes[name] for name in self.missing}
        self.name_sizes()
        error = walk.error(clash)
        near = {t for first, last in clash.spans for t in walk.tokens[first:last + 1]}
        said = [n for n in self.missing if n in near]
        if said:
            taken = ", ".join(f"{n} for a {kinds[n]}" for n in said)
            example = f"{choice[0]} in R" if choice else f"{said[0]} in R^n" if kinds[said[0]] != "matrix" else f"{said[0]} in R^(m,n)"
            own = f"nobody declared {' and '.join(said)}, so {taken} by convention; declare, for example, {example}"
            error.hint = own if choice or not error.hint else f"{error.hint}; {own}"
        return error

    def name_sizes(self) -> None:
        """Give the sizes that stayed open their names."""
        sizes = self.now
        taken = set(self.origins) | set(self.known) | set(self.missing) | {s.defines for s in self.statements}
        letters = (c for c in chain("nmkpqrstuvl", (f"n{i}" for i in count(1))) if c not in taken)
        for shape in self.shapes.values():
            for d in shape:
                for n in sorted(sizes.settle(d).names):
                    if n[0] == "?":
                        sizes.known[n] = Dim.of(next(letters))
        self.shapes = {k: (sizes.settle(a), sizes.settle(b)) for k, (a, b) in self.shapes.items()}
        self.constants = {k: (sizes.settle(a), sizes.settle(b)) for k, (a, b) in self.constants.items()}

    def check_constants(self) -> None:
        """Every eye, vector(1), matrix(0) has a size."""
        for (number, at), shape in self.constants.items():
            if any(n[0] == "?" for d in shape for n in d.names):
                line = self.statements[number].line
                raise line.error(f"nothing here says what size {line.tokens[at]} has", at, "write eye(n), ones(n), zeros(m,n)")


class _Choice(Exception):
    """Several names could be changed to mend one clash."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
