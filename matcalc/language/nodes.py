"""The three nodes of an expression: Name, Number, Apply. Interned, so equality is identity; printed as typed."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

from .operations import FUNCTIONALS, SPELLING, TRANSPOSED_BY_SIZE
from .shape import ONE, SCALAR, Dim, Shape
from .interning import RECENT, ByHead, Table, Weak, kept
from .numbers import POSTFIX, PRIMARY, PRODUCT, SIGN, SUM, Rational, number_text

Part = tuple["Expr", Rational, "Expr", tuple[bool, str]]     # a term of a sum: what it is a multiple of, how often, itself, its place
Signature = tuple[Shape | None, Shape | None]    # what an abstract function takes and gives; None is a scalar
NO_NAMES: frozenset[Any] = frozenset()
MANY = 16       # arguments
shared = lru_cache(512)(lambda shape: shape)      # one shape for all nodes that have it


class Expr:
    """An expression: its shape, the variables in it, and its text."""

    __slots__ = ("__weakref__", "_written", "cost", "count", "has_d", "height", "names", "shape")

    shape: Shape
    names: frozenset[Name]
    height: int
    has_d: bool
    cost: float | None      # what tidying takes it to cost, once it was asked for (rulebook/measure.py)
    _written: tuple[str, int] | None     # text and strength, once the text was asked for
    count: int | None       # of nodes, once it was asked for (inspection.py)

    @property
    def text(self) -> str:
        """What one would type; `parse` reads it back to the same node."""
        found = self._written
        if found is None:
            found = self._written = _spelled(self)
        return found[0]

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<{self.text}>"


class Name(Expr):
    """A variable (with its structure words), a size used as a scalar, an abstract function, or a definition's value `of` something,
    as `mean(x)` is, which is one letter."""

    __slots__ = ("kind", "name", "of", "signature", "words")
    _known = Table()

    name: str
    words: frozenset[str]
    kind: str
    signature: Signature | None
    of: tuple[Expr, ...]

    def __new__(cls, name: str, shape: Shape = SCALAR, words: frozenset[str] = frozenset(), kind: str = "variable",
                signature: Signature | None = None, of: tuple[Expr, ...] = ()) -> Name:
        key = (name, shape, words, kind, signature, of)
        weak = cls._known.get(key)
        found: Name | None = None if weak is None else weak()
        if found is None:
            found = object.__new__(cls)
            found.name, found.shape, found.words, found.kind, found.signature, found.of = key
            found.names = frozenset((found,)) if kind == "variable" else NO_NAMES
            found._written, found.count, found.cost, found.height, found.has_d = None, 1 + len(of), None, 0, False
            found = kept(cls._known, key, found)
            RECENT.append(found)
        return found

    @property
    def dims(self) -> tuple[Dim, ...]:
        """The sizes it is declared with."""
        if self.signature is None:
            return self.shape
        source, target = self.signature
        return (*(source or ()), *(target or ()))

    def __reduce__(self) -> tuple[object, ...]:
        return (Name, (self.name, self.shape, self.words, self.kind, self.signature, self.of))


class Number(Expr):
    """An exact rational."""

    __slots__ = ("value",)
    _known = Table()

    value: Rational

    def __new__(cls, value: Rational) -> Number:
        weak = cls._known.get(value)
        found: Number | None = None if weak is None else weak()
        if found is None:
            if type(value) is Fraction and value.denominator == 1:
                value = value.numerator
            found = object.__new__(cls)
            found.value, found.shape, found.names = value, SCALAR, NO_NAMES
            found._written, found.count, found.cost, found.height, found.has_d = None, None, None, 0, False
            found = kept(cls._known, value, found)
        return found

    def __reduce__(self) -> tuple[object, ...]:
        return (Number, (self.value,))


class Apply(Expr):
    """A head applied to arguments. The constructors of build.py give the normal form; a tree as typed is made without them."""

    __slots__ = ("args", "head", "heads", "parts", "split")
    _known = ByHead()

    head: str
    args: tuple[Expr, ...]
    parts: tuple[Part, ...]     # of a sum that was added to another: its terms, each taken apart
    heads: frozenset[str] | None        # all heads in it, once they were asked for (inspection.py)
    split: int | None           # of a product, how many scalars stand in front, once it was asked for (rulebook/matching.py)

    def __new__(cls, head: str, args: tuple[Expr, ...], shape: Shape, inside: frozenset[Name] | None = None) -> Apply:
        table = cls._known[head]
        weak = table.get(args)
        found: Apply | None = None if weak is None else weak()
        if found is None:
            found, key = object.__new__(cls), args
            found.head, found.args, found.shape = head, key, shared(shape)
            found._written = found.count = found.cost = found.heads = found.split = None
            names, height, has_d = NO_NAMES, 0, head == "d"
            if len(args) > MANY:        # one union after the other would go through all names again and again
                names = names.union(*[a.names for a in args]) if inside is None else inside
                height, has_d = max([a.height for a in args]), has_d or True in [a.has_d for a in args]
                args = ()
            for a in args:
                own = a.names
                if own is not names and not own <= names:
                    names = own if names <= own else names | own
                if a.height > height:
                    height = a.height
                if a.has_d:
                    has_d = True
            found.names, found.height, found.has_d = names, height + 1, has_d
            weak = Weak(found, table.gone)
            weak.key = key
            if table.setdefault(key, weak) is not weak:
                found = kept(table, key, found)
            RECENT.append(found)
        return found

    def __reduce__(self) -> tuple[object, ...]:
        return (Apply, (self.head, self.args, self.shape))


def is_negative(e: Expr) -> bool:
    """Whether a term is printed with a leading minus."""
    first = e.args[0] if type(e) is Apply and e.head == "*" else e
    return type(first) is Number and first.value < 0


def _at(e: Expr, strength: int) -> str:
    text, own = _write(e)
    return text if own >= strength else f"({text})"


def _exponent(e: Expr) -> str:
    """An exponent: a bare number or name, or parentheses."""
    if type(e) is Number and isinstance(e.value, int):
        return str(e.value)
    if type(e) is Apply and e.head == "*" and len(e.args) == 2 and type(e.args[1]) is Name \
            and type(e.args[0]) is Number and e.args[0].value == -1:
        return "-" + e.args[1].name
    return _at(e, PRIMARY)


def _below(parts: list[str]) -> str:
    return "/" + parts[0] if len(parts) == 1 else "/(" + "*".join(parts) + ")"


def _product(e: Apply) -> tuple[str, int]:
    number: Rational = 1
    above: list[Expr] = []
    below: list[Expr] = []
    for a in e.args:
        if type(a) is Number:
            number = a.value
        elif type(a) is Apply and a.head == "^" and a.shape == SCALAR and type(a.args[1]) is Number \
                and a.args[1].value < 0:
            below.append(a)
        else:
            above.append(a)
    sign, number = ("-", -number) if number < 0 else ("", number)
    parts: list[str] = []
    under: list[str] = []
    if type(number) is Fraction and 1000 % number.denominator:
        under.append(str(number.denominator))
        number = number.numerator
    if number != 1 or not above:
        parts.append(number_text(number)[0])
    lone = len(above) == 1 or SCALAR not in [a.shape for a in above]
    for a in above:
        nested = type(a) is Apply and a.head == "*"
        parts.append(_write(a)[0] if nested and lone and not is_negative(a) else _at(a, SIGN))
    for a in below:
        assert type(a) is Apply and type(a.args[1]) is Number
        k = -a.args[1].value
        under.append(_at(a.args[0], SIGN) if k == 1 else f"{_at(a.args[0], PRIMARY)}^{_exponent(Number(k))}")
    text = "*".join(parts) + (_below(under) if under else "")
    if "*" not in text and "/" not in text:
        return sign + text, SIGN if sign else _write(above[0])[1]
    return sign + text, SUM if sign else PRODUCT


def _hadamard(e: Apply) -> tuple[str, int]:
    above: list[str] = []
    below: list[str] = []
    for a in e.args:
        if type(a) is Apply and a.head == ".^" and type(a.args[1]) is Number and a.args[1].value < 0:
            k = -a.args[1].value
            below.append(_at(a.args[0], SIGN) if k == 1 else f"{_at(a.args[0], PRIMARY)}.^{_exponent(Number(k))}")
        else:
            above.append(_at(a, SIGN))
    text = ".*".join(above) if above else "1"
    if below:
        text += "./" + below[0] if len(below) == 1 else "./(" + ".*".join(below) + ")"
    return text, PRODUCT


def _sum(e: Apply) -> tuple[str, int]:
    out: list[str] = []
    for a in e.args:
        text, strength = _write(a)
        if is_negative(a):
            out.append(" - " + text[1:] if out else text)
        else:
            nested = strength < SUM or type(a) is Apply and a.head == "+"
            out.append((" + " if out else "") + (f"({text})" if nested else text))
    return "".join(out), SUM if len(out) > 1 else SIGN


def _write(e: Expr) -> tuple[str, int]:
    """Text and strength of a node, kept where it was asked for by itself."""
    return e._written or _spelled(e)


def _spelled(e: Expr) -> tuple[str, int]:
    if type(e) is Name:
        return e.name, PRIMARY if "/" not in e.name else PRODUCT      # the gradient of a loss is called d(L)/d(Y)
    if type(e) is Number:
        return number_text(e.value)
    assert type(e) is Apply
    head, args = e.head, e.args
    if head == "*":
        return _product(e)
    if head == "+":
        return _sum(e)
    if head == ".*":
        return _hadamard(e)
    if head == "'":
        return _of_a_row(args[0]) or (_at(args[0], POSTFIX) + "'", POSTFIX)
    if head == "^" or head == ".^":
        if type(args[1]) is Number and args[1].value == -1:
            return f"1{head[:-1]}/{_at(args[0], SIGN)}", PRODUCT
        return f"{_at(args[0], POSTFIX)}{head}{_exponent(args[1])}", POSTFIX
    if head in TRANSPOSED_BY_SIZE:
        if e.shape[1] is ONE:
            return f"{head}({args[0].text})", PRIMARY
        if e.shape[0] is ONE:
            return f"{head}({args[1].text})'", POSTFIX
    if head == "apply":
        return f"{_function(args[0])}({args[1].text})", PRIMARY
    if head == "derivative":
        return f"d({args[0].text})/d({args[1].text})", PRODUCT
    if head in FUNCTIONALS:
        return _function(e), PRIMARY
    if head == "select" and e.shape[1] is ONE:
        return f"unit({args[0].text}, {args[2].text})", PRIMARY
    name = SPELLING.get(head, head)
    if head == "norm2" and e.args[0].shape[1] is not ONE and e.args[0].shape[0] is not ONE:
        name = "normF"
    return f"{name}({', '.join(a.text for a in args)})" if args else name, PRIMARY


def _of_a_row(e: Expr) -> tuple[str, int] | None:
    """softmax(x*W) of a row, for softmax(W'*x')'."""
    inner = e.args[0] if type(e) is Apply and e.head == "softmax" else e
    chain = inner.args if type(inner) is Apply and inner.head == "*" else (inner,)
    rows = [a.args[0] for a in reversed(chain) if type(a) is Apply and a.head == "'"]
    whole = rows[0].text if len(rows) == 1 else "*".join(_at(a, SIGN) for a in rows)
    return (f"softmax({whole})", PRIMARY) if inner is not e and len(rows) == len(chain) else None


def _function(e: Expr) -> str:
    if type(e) is Apply:
        inner = _function(e.args[0])
        return inner + "'" if e.head == "prime" else f"{e.head}({inner})"
    return e.text
