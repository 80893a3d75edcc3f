"""A rule: one true equation in the language, with its name and its source.

Its letters stand for any expression of the declared shape, products included; its size names stand for sizes.
"""

from __future__ import annotations

from functools import cache

from ..language.columns import RowError
from ..language.operations import SPELLING
from ..language.expr import SCALAR, Expr, Name
from ..language.shape import Dim, InputError
from ..reading.entrywise_laws import lift
from ..reading.parse import parse
from ..patterns import pattern

CALLED = pattern(r"\b([A-Za-z_]\w*)\(")
SPELLED = frozenset(SPELLING.values())


class Rule:
    """A row of the rule tables, an equation that holds for every size; `matcalc rules NAME` shows it with its proof.

    `name` is short ("d.kron"), `called` the name in words, `equation` the text, `given` declares its letters, `condition` says where it
    holds and `see` the source. Both sides are parsed when first used.

    >>> rule = Rule("d.inv", "differential of an inverse", "d(inv(A)) = -inv(A)*d(A)*inv(A)", "A in R^(n,n)", "MCB (40)")
    >>> rule.lhs, rule.rhs
    (<d(inv(A))>, <-inv(A)*d(A)*inv(A)>)
    """

    __slots__ = ("_lhs", "_rhs", "called", "condition", "equation", "given", "name", "see")

    def __init__(self, name: str, called: str, equation: str, given: str = "", see: str = "",
                 condition: str = "") -> None:
        self.name, self.called, self.equation, self.given, self.see = name, called, equation, given, see
        self.condition = condition
        self._lhs: Expr | None = None
        self._rhs: Expr | None = None

    @property
    def declarations(self) -> list[str]:
        """`given` as a list of declarations."""
        out: list[str] = []
        for part in self.given.split(", "):
            if " in " in part or ":" in part:
                out.append(part)
            else:
                out[-1] += ", " + part
        return out if self.given else []

    def _read(self, side: str) -> Expr:
        try:
            return parse(side, self.declarations)
        except InputError as error:
            raise RowError(f"the rule {self.name}: {error}") from None

    @property
    def lhs(self) -> Expr:
        """The left side, as an expression."""
        if self._lhs is None:
            self._lhs = self._read(self.equation.partition(" = ")[0])
        return self._lhs

    @property
    def rhs(self) -> Expr:
        """The right side, as an expression; RowError where its shape differs from that of the left side."""
        if self._rhs is None:
            self._rhs = self._read(self.equation.partition(" = ")[2])
            if self._rhs.shape != self.lhs.shape:
                raise RowError(f"{self.name}: sides of different shape in {self.equation}")
        return self._rhs

    def __repr__(self) -> str:
        return f"<rule {self.name}: {self.equation}>"


_SIZES = (Dim.of("m"), Dim.of("n"))


@cache
def entry_by_entry(rule: Rule) -> tuple[Name, Expr, Expr]:
    """A law for a scalar t, written for an m x n matrix: the letter of the matrix and the two sides.

    >>> rule = Rule('tidy.sinh-over-cosh', 'tanh', 'sinh(t)/cosh(t) = tanh(t)', 't in R')
    >>> entry_by_entry(rule)[1:]
    (<sinh(t)./cosh(t)>, <tanh(t)>)
    """
    t = next(n for n in rule.lhs.names if n.name == "t")
    letter = Name("t", _SIZES, t.words)
    return letter, lift(rule.lhs, t, letter), lift(rule.rhs, t, letter)


def sides(rule: Rule, value: Expr | None) -> tuple[Expr, Expr]:
    """The two sides of a row; those of a law for a scalar t, entry by entry, if t stands for a matrix."""
    if value is None or value.shape == SCALAR or not any(n.name == "t" for n in rule.lhs.names):
        return rule.lhs, rule.rhs
    return entry_by_entry(rule)[1:]


def letter_at(rule: Rule, value: Expr) -> dict[Dim | Expr, Dim | Expr]:
    """The binding of a law for a scalar t where t stands for this."""
    if value.shape == SCALAR:
        return {next(n for n in rule.lhs.names if n.name == "t"): value}
    return {entry_by_entry(rule)[0]: value, **dict(zip(_SIZES, value.shape, strict=True))}


def may_stand(head: str, side: str) -> bool:
    """Whether an operation may occur in a side that is not parsed yet: its name with a bracket, or its sign."""
    if head == "apply":
        return True
    return SPELLING.get(head, head) in functions_in(side) if head.isidentifier() else head in side


def functions_in(side: str) -> tuple[str, ...]:
    """The names before brackets in a side that is not parsed yet; parsing all rows at start would take longer.

    >>> functions_in('tr(A*inv(B))')
    ('tr', 'inv')
    """
    return tuple(CALLED.findall(side))


@cache
def needed(rule: Rule) -> frozenset[str]:
    """The functions of the language, as they are spelled, in what a rule fits."""
    return SPELLED.intersection(functions_in(rule.equation.partition(" = ")[0]))
