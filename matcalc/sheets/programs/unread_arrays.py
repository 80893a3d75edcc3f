"""Arrays of a program that no reader follows, a gather or a reshape to more axes: each is taken as an array of its own, and of gradients at
what it is made of nothing is said."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence

from ...language.shape import InputError
from ...records import Record
from ...render.diagnosis import NOTHING
from ..parts.marks import Mark, Marked, Reason
from ..python.array_lines import assignment
from ..python.scope import LIBRARIES, loaded
from ..statements.sheet import Sheet
from .backward_pass import Line
from .drawn import sizes_said
from .pass_lines import Lines, same_sizes

MOST = 4        # arrays that are taken so
JUDGED = ("follows", "follows if", "does not follow")


class Unread(Record):
    """A line that is not read, the array that it makes, and the names that it is made of."""

    line: Line
    name: str
    above: frozenset[str]


def set_apart(whole: Lines, sheet_of: Callable[[Lines], Sheet]) -> tuple[Lines, list[Unread]]:
    """The lines without those whose array has no shape, where others have one then."""
    out = list[Unread]()
    unknown = _unknown(whole, sheet_of)
    for line, name, value in [*unknown]:
        if len(out) == MOST or (line, name, value) not in unknown or name == whole.value or not _of_arrays(value, whole):
            continue
        less = whole._replace(lines=[each for each in whole.lines if each is not line])
        sizes = f"{name}_rows", f"{name}_columns"
        matrix = less._replace(shapes=same_sizes(less.lines, {**less.shapes, name: sizes}, sizes))
        left, found = min(((_unknown(each, sheet_of), each) for each in (less, matrix)), key=lambda pair: len(pair[0]))
        if len(left) < len(unknown) - 1:
            out.append(Unread(line, name, frozenset(_above(whole.lines, value))))
            whole, unknown = found, left
    return whole, out


def _of_arrays(value: ast.expr, whole: Lines) -> bool:
    """Whether a value is made of arrays whose shapes are said, or which a line makes, by their methods and functions of libraries: what
    else it calls, or what holds others, may be a function of a parameter.

    >>> from .pass_lines import Lines
    >>> made = Lines("f", [Line(1, "", "e = np.tanh(x)")], {"x": ("n", "d")}, {}, (), frozenset(), "", (), frozenset(), [], {})
    >>> [_of_arrays(ast.parse(text, mode="eval").body, made) for text in ("e.view(n, -1)", "np.roll(x, 1)", "weird()", "build(e)", "w[0]")]
    [True, True, False, False, False]
    """
    known = {*LIBRARIES, *whole.shapes, *sizes_said(whole.shapes),
             *(p[0] for line in whole.lines if (p := assignment(line.text)) is not None)}
    names = {n.id for n in ast.walk(value) if isinstance(n, ast.Name)}         # of functions too
    return names <= known


def _unknown(made: Lines, sheet_of: Callable[[Lines], Sheet]) -> list[tuple[Line, str, ast.expr]]:
    """The lines that make an array of which no shape is found."""
    names = sheet_of(made).names
    return [(line, *p) for line in made.lines if not line.of and (p := assignment(line.text)) is not None and names.shape(p[0]) is None]


def _above(lines: Sequence[Line], value: ast.expr) -> set[str]:
    """The names that a value is made of, and what those are made of."""
    made = {p[0]: p[1] for line in lines if not line.of and (p := assignment(line.text)) is not None}
    out, more = set[str](), loaded(value) | {n.attr for n in ast.walk(value) if isinstance(n, ast.Attribute)}
    while more:
        out |= more
        more = {n for name in more if name in made for n in loaded(made[name])} - out
    return out


def beside(marks: Marked, lines: Sequence[Line], unread: Sequence[Unread], errors: Mapping[int, InputError]) -> Marked:
    """The marks with those of the lines that were set apart."""
    of = {line.number: line.of for line in lines if line.of}
    above = {of[m.number]: u for u in unread for m in marks.marks if m.mark in JUDGED and of.get(m.number) in u.above}
    def told(m: Mark) -> Mark:
        u = above.get(of.get(m.number, "")) if m.mark in JUDGED else None
        return m if u is None else m._replace(mark="not judged", diagnosis=NOTHING, verdict=None, error=None,
                                              reason=Reason("tainted", (u.name, str(u.line.number))))
    rows = [Mark(u.line.number, u.line.shown, "not read", error=errors.get(u.line.number)) for u in unread]
    return marks._replace(marks=tuple(sorted((*map(told, marks.marks), *rows), key=lambda m: m.number)))
