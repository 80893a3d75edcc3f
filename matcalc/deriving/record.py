"""What is recorded of a step: the rule, its letters, and what was beside it. Data only; lines.py draws whole lines."""

from __future__ import annotations


from ..language.conditions import Condition
from ..language.expr import Apply, Expr, Name, add, build, exchanged, size
from ..language.long_sums import Drawn
from ..language.shape import Dim
from ..rulebook.rule import Rule
from ..rulebook.matching import Binding
from ..records import Record


class Context(Record):
    """What stands around a part, to be built through the constructors: arguments are expressions, or what holds the hole."""

    head: str
    args: tuple[Expr | Context, ...]


HOLE = Context("", ())
SPREAD = "spread"  # the head of what is built around each term of a sum in the hole
LINE = Name("line")  # the coefficient of a line that is not yet a vec


def fill_hole(around: Context, value: Expr, memo: dict[int, Expr] | None = None) -> Expr:
    """The whole, with the value in every hole."""
    if around is HOLE:
        return value
    memo = {} if memo is None else memo
    found = memo.get(id(around))
    if found is None and around.head == SPREAD:
        inside = around.args[0]
        assert type(inside) is Context
        terms = value.args if isinstance(value, Apply) and value.head == "+" else (value,)
        found = memo[id(around)] = add(*(fill_hole(inside, t) for t in terms))
    elif found is None:
        found = memo[id(around)] = build(around.head, [fill_hole(a, value, memo) if isinstance(a, Context) else a for a in around.args])
    return found


def only_hole(around: Context) -> int | None:
    """Which argument has the hole, if one has. Sums may be long: this goes without a loop in Python."""
    kinds = list(map(type, around.args))
    return kinds.index(Context) if kinds.count(Context) == 1 else None


def compose(outer: Context, inner: Context, memo: dict[int, Context] | None = None) -> Context:
    """The outer one with the inner one in its holes."""
    if outer is HOLE or inner is HOLE:
        return inner if outer is HOLE else outer
    memo = {} if memo is None else memo
    found = memo.get(id(outer))
    if found is None:
        args = tuple([compose(a, inner, memo) if type(a) is Context else a for a in outer.args])
        found = memo[id(outer)] = Context(outer.head, args)
    return found


def put_at(e: Expr, path: tuple[int, ...], part: Expr) -> Expr:
    """The whole with another part at a place."""
    if not path:
        return part
    assert isinstance(e, Apply)
    i = path[0]
    new = put_at(e.args[i], path[1:], part)
    return exchanged(e, i, new) if e.head == "+" else build(e.head, (*e.args[:i], new, *e.args[i + 1:]))


class Rewrite(Record):
    """One use of a rule: its letters, what stood there and stands there now, and what stood beside the row's own sides."""

    rule: str
    see: str
    binding: Binding
    before: Expr
    after: Expr
    row_context: Context = HOLE


def use(rule: str, binding: dict[str, Expr], before: Expr, after: Expr, laid: Context = HOLE) -> Rewrite:
    """The use of a program."""
    return Rewrite(rule, "", binding, before, after, laid)


class RewriteTrace(Record):
    """How a node became its tidy form: its arguments first, then the rewrites of itself, then what came of the last of them.

    Shared like the nodes themselves; `lines.played` unrolls it.
    """

    node: Apply
    inner: tuple[RewriteTrace | None, ...]
    own: tuple[Rewrite, ...]
    then: RewriteTrace | None
    value: Expr


class Term(Record):
    """coefficient times inner, where inner holds one differential (or several, before it is isolated)."""

    coefficient: Expr
    inner: Expr


class Move(Record):
    """What happened to the line: the rule and its letters, the terms that stand in place of others; where the rule's two
    sides are not whole terms, which they are (`instance`); for a coefficient tidied, how (`trace`); the row that set a
    differential free (`freed`)."""

    rule: str
    see: str
    binding: Binding
    taken: tuple[Term, ...]
    given: tuple[Term, ...]
    instance: tuple[Expr, Expr] | None = None
    row_context: Context = HOLE
    trace: RewriteTrace | None = None
    freed: Rule | None = None


def _written(line: Expr | Drawn) -> Expr:
    return line.value if isinstance(line, Drawn) else line


class _Step(Record):
    """What is recorded of a step."""

    rule: str
    see: str
    where: dict[str, Expr]
    at: tuple[int, ...]
    before: Expr | Drawn
    after: Expr | Drawn
    local: tuple[Expr, Expr]
    instance: tuple[Expr, Expr]
    sizes: dict[str, Expr]
    condition: tuple[Condition, ...] = ()
    row_context: Context = HOLE
    context: Context = HOLE


class Step(_Step):
    """The use of one rule at one place of a line.

    `rule` is the rule's short name and `see` its source. `before` and `after` are whole lines: at the place `at` the first has local[0]
    and the second local[1]; otherwise they are the same. instance[0] = instance[1] is the rule with `letters` filled in, and
    `condition` is where it holds; local is the instance inside `context`, and the instance is the row's own sides inside `row_context`.
    Where the lines are `drawn` sums, several terms that change at once are local[0] alone.

    >>> from matcalc import derive
    >>> step = derive("x'*A*x", "x", ["A in R^(n,n)"]).steps[0]
    >>> step.rule, step.before, step.letters["A"]
    ('d.product', <d(x'*A*x)>, <x'>)
    """

    __slots__ = ()

    @property
    def before(self) -> Expr:
        """The whole line before."""
        return _written(self[4])

    @property
    def after(self) -> Expr:
        """The whole line after."""
        return _written(self[5])

    @property
    def drawn(self) -> tuple[Drawn, Drawn] | None:
        """Both lines, where they are long sums that are written out only on demand: some terms change, local[0] at `at`."""
        a, b = self[4], self[5]
        return (a, b) if type(a) is Drawn and type(b) is Drawn and a.history is b.history and b.k == a.k + 1 else None

    @property
    def changed(self) -> tuple[Expr, Expr]:
        """The two lines; of long sums only the terms that changed."""
        lines = self.drawn
        if lines is None:
            return self.before, self.after
        change = lines[0].history.changes[lines[0].k]
        return add(*(part[2] for _, part in change.taken)), add(*(part[2] for _, part in change.given))

    @property
    def letters(self) -> dict[str, Expr]:
        """What the letters and the sizes of the rule stand for."""
        return {**self.sizes, **self.where}

    def __repr__(self) -> str:
        return f"<step {self.rule}: {self.instance[0]} = {self.instance[1]}>"


def letters(b: Binding) -> tuple[dict[str, Expr], dict[str, Expr]]:
    """A binding as text: letters, and sizes."""
    where: dict[str, Expr] = {}
    sizes: dict[str, Expr] = {}
    for k, v in b.items():
        if type(k) is Name:
            where[k.name] = v
        elif type(k) is Dim:
            if k.letter:  # m*n is m times n
                sizes[k.text] = size(v)
        elif isinstance(v, Expr):
            where[k] = v
    return where, sizes
