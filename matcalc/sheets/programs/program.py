"""A Python file with forward and backward passes, marked: each pass by itself, its lines together."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from ...language.shape import InputError
from ..marking.gradients import D
from ..python.array_lines import assignment, factors, gradient_of, terms
from ..marking.mark import Marker
from ..parts.formula import undeclared
from ..parts.marks import Mark, Marked, Reason
from ...diagnose.slip import Kind, Slip
from ...render.diagnosis import NOTHING
from .backward_pass import USED, Line, Reader
from .drawn import about
from .passes import Pass, passes, unjudged
from ..python.python_text import tree_of
from ..python.scope import DEFINED, last, plain
from ..statements.name_structure import say
from ..statements.numpy_lines import commented
from ..statements.plain_text import plain_text
from ...patterns import pattern
from ...records import Record
from ..statements.sheet import Sheet
from ..statements.sheet_names import SheetNames


OUTER = pattern(r"\bouter\((\w+), (\w+)\)")
ACCUMULATED = frozenset(("zeros_like", "zeros"))      # what updates add up begins so
MASKS = 2           # so many arrays are tried as masks
HIDDEN = frozenset(("exec", "eval", "globals", "locals", "vars", "setattr"))        # may give any name another value


class Lines(Record):
    """What a pass is called, its lines, the shapes it says, the names that have the shape of another, the matrices of one-hot rows, the
    names that lie between what goes in and what comes out, what is differentiated, the arguments of which no gradient is given, the names
    within functions that are called, and what comments say of structure."""

    name: str
    lines: list[Line]
    shapes: dict[str, tuple[str, ...] | str]
    alike: dict[str, str]
    one_hot: tuple[str, ...]
    between: frozenset[str]
    value: str
    without: tuple[str, ...]
    inner: frozenset[str]
    said: list[tuple[str, str]]


def lines(found: Pass, tree: ast.Module, source: Sequence[str], apart: Iterable[str] = ()) -> Lines:
    """The lines of a pass: what is computed forward, and what is said to be a gradient; of the names in `apart` nothing is said."""
    reader = Reader(found, tree, source, frozenset(apart))
    at, f, g = reader.at, found.forward, found.backward
    for each in (f, g):
        if each is not None and not plain(each, {n.name for n in tree.body if isinstance(n, DEFINED)}):
            raise InputError(f"{each.name} is changed by a function of the file", each.lineno, 1, at.shown(each))
        for n in ast.walk(each) if each is not None else ():
            if isinstance(n, ast.Name) and n.id in HIDDEN:
                raise InputError(f"what {n.id} does cannot be read", n.lineno, n.col_offset + 1, source[n.lineno - 1])
    alike = reader.whole() if g is None else reader.both(g)
    begun = {p[0]: line for line in reader.made if (p := assignment(line.text)) is not None and isinstance(p[1], ast.Call)
             and last(p[1].func) in ACCUMULATED}
    used = {n for line in reader.made for n in USED.findall(line.text.partition("=")[2])} | {reader.value}
    made = [line for line in reader.made if not any(line is each and not {n, f"d{n}"} & used for n, each in begun.items())]
    between = frozenset(at.defined).difference(at.arguments, at.free.values(), at.drawn.shapes)
    between = frozenset() if found.script else between - reader.returned
    given = {line.of for line in made if line.of}
    stored = {last(n) for n in ast.walk(g or f) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)}
    held = [a for a in at.free.values() if any(gradient_of(name) not in given for name in stored)]      # what is stored may be theirs
    without = tuple(a for a in (*at.arguments, *held) if a not in given)
    return Lines(found.name or f.name, made, reader.shapes(), alike, tuple(reader.one_hot), between, reader.value, without,
                 frozenset(at.inner), commented(about(f, source), about(f, source))[1])


def program(text: str) -> ast.Module | None:
    """The statements of a text that is a Python program; None where it is something else. InputError where nothing in it can be judged."""
    if "def " not in text and "import " not in text:
        return None
    tree = tree_of(text)
    if tree is not None and not passes(tree):
        if any(isinstance(n, (ast.FunctionDef, ast.ClassDef)) for n in tree.body):
            raise InputError("this program has no forward pass beside a backward pass",
                             hint="call two functions forward and backward, let one return a loss and its gradients, or give --task FILE "
                             "with a line such as `expect d(f)/d(w) = 2*w`")
        return None
    return tree


def marked(tree: ast.Module, text: str, seconds: float) -> Marked:
    """Every pass of a program with its marks."""
    source = text.splitlines()
    found = passes(tree)
    first, *rest = [_marked_or_not(each, tree, source, seconds) for each in found]
    for other in rest:
        first = first._replace(**{key: (*getattr(first, key), *(v for v in getattr(other, key) if v not in getattr(first, key)))
                                  for key in ("inferred", "constant", "read", "doubts", "said", "understood", "passed")},
                               marks=(*first.marks, *other.marks), layout=first.layout or other.layout, open=first.open or other.open)
    left = tuple((f.lineno, f"def {f.name}") for f in unjudged(tree, found))
    return first._replace(passed=(*first.passed, *left), open=first.open or bool(left))


def _marked_or_not(found: Pass, tree: ast.Module, source: list[str], seconds: float) -> Marked:
    """A pass with its marks; one that cannot be read is a row that says so."""
    try:
        by = next((x for x in found.of if _right_by(found, x, tree, source, seconds)), "") if len(found.of) > 1 else ""
        marked = _marked(found._replace(of=(by, *found.of)) if by else found, tree, source, seconds)
        told = (f"{found.forward.name} is the gradient by {by}",) if by else ()
        return marked._replace(understood=(*marked.understood, *told))
    except InputError as e:
        number = found.forward.lineno
        return Marked((), (), (Mark(number, source[number - 1].strip(), "not read", error=e),))


def _right_by(found: Pass, x: str, tree: ast.Module, source: list[str], seconds: float) -> bool:
    """Whether a gradient that has no name is right if it is one by an argument."""
    made = lines(found._replace(of=(x,)), tree, source)
    claims = [line for line in made.lines if line.of]
    if len(claims) != 1 or claims[0].of != x or "return" not in claims[0].shown:
        return False
    try:
        marks = Marker(_sheet(made, found), seconds, explains=False, until=frozenset((claims[0].number,))).run()
    except InputError:
        return False
    return any(m.number == claims[0].number and m.mark == "follows" for m in marks.marks)


def _marked(found: Pass, tree: ast.Module, source: list[str], seconds: float) -> Marked:
    """A pass with its marks. What lies between and is called dz is taken for the gradient at z; where it is not, and what is returned is as
    right or wrong without that, nothing is said of it."""
    known: dict[object, tuple[Marked, list[str], list[str]]] = {}

    def run(apart: Iterable[str] = (), shapes: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
            looks: bool = False) -> tuple[Marked, list[str], list[str]]:
        asked = frozenset(apart), frozenset(shapes.items()), looks
        if asked not in known:
            known[asked] = marked_with(apart, shapes, looks)
        return known[asked]

    def fits(apart: Iterable[str], shapes: Mapping[str, tuple[str, ...]]) -> Marked | None:
        """The marks with other shapes; none where no loss is computed then."""
        try:
            return run(apart, shapes)[0]
        except InputError:
            return None

    def marked_with(apart: Iterable[str], shapes: Mapping[str, tuple[str, ...]], looks: bool) -> tuple[Marked, list[str], list[str]]:
        made = lines(found, tree, source, apart) if apart else whole
        made = made._replace(shapes={**made.shapes, **shapes})
        look = bool(shapes) or looks         # asked is only whether all fits and is right so: the first line that is not ends it
        until = frozenset(line.number for line in made.lines if look)
        marks = Marker(_sheet(made, found), seconds, explains=not look, until=until).run()
        claims = {line.number for line in made.lines if line.of or line.text.startswith("grad")}
        marks = marks._replace(marks=tuple(         # what the program computes fits where it runs: the shapes here are others
            m._replace(mark="not judged") if m.mark == "does not follow" and m.number not in claims else
            m._replace(mark="given", reason=None) if m.reason is not None and m.reason.kind == "unused" else m
            for m in marks.marks))
        wrong = {m.number for m in marks.marks if m.mark == "does not follow"}
        unread = {m.number for m in marks.marks if m.mark in ("not read", "undecided")}
        said = [line for line in made.lines if line.of]
        return marks, [x.of for x in said if x.of in made.between and x.number in wrong | unread], \
            [x.of for x in said if x.of not in made.between and x.number in wrong]
    def of_columns(marks: Marked, apart: Iterable[str] = ()) -> Marked:
        """What follows as long as an array of which nothing is said is a vector, and not where it is a matrix, follows if it is one; what
        does as long as a bias of rows is one number, and not where it is a vector, follows if it is a number; and what does not for a
        vector that is in no sum, and does for a matrix, or the reverse, follows if it is one.
        Numbers without a gradient may be positive."""
        sheet, claims = _sheet(whole, found), {line.of: line.number for line in whole.lines if line.of}
        unsaid = [(name, size) for name, size in _unsaid(sheet.declare, whole) if name not in whole.alike]
        one = {shape[0] for line in whole.lines for names in OUTER.findall(line.text) for name in names
               if (shape := sheet.names.guessed(gradient_of(name) or name)) is not None}       # what stands in an outer product is a vector
        vectors = [name for name, size in unsaid if size[:1] == "^" and "," not in size and size.strip("^()") not in one]
        added = {name for line in whole.lines if (p := assignment(line.text)) is not None for name, _ in terms(p[1])}
        failed = failing(marks)
        misfit = any(m.number in failed and m.error is not None for m in marks.marks)
        others: list[tuple[str, str, tuple[str, ...]]] = [("matrix", name, ("rows", "columns")) for name in vectors
                                                          if name not in added and (claims.get(name) in failed or misfit)]
        others += [("vector", name, ("rows",)) for name, size in unsaid if "," in size and failed and not misfit]
        for kind, name, axes in others:
            for some in (apart, named):
                other = fits(some, {name: axes})
                if other is not None and other.worst == "follows":
                    return other._replace(marks=tuple(
                        m._replace(mark="follows if", reason=Reason(kind, (name,))) if m.number in failed else m for m in other.marks))
        tried: list[tuple[str, str, list[tuple[str, ...]]]] = []
        if marks.worst == "follows":
            tried = [("vector", name, [("rows", "columns"), ("rows", "rows")]) for name in vectors]
            tried += [("number", name, [("columns",)]) for name, size in unsaid if not size and _of_rows(name, sheet.names, whole)]
        for kind, name, shapes in tried:
            for shape in shapes:
                judged = [fits(apart, {name: shape})]
                if kind == "vector" and (judged[0] is None or failing(judged[0])):           # all vectors of this size may be matrices
                    judged.append(fits(apart, dict.fromkeys((n for n, size in unsaid if size == dict(unsaid)[name]), shape)))
                wrong = set.intersection(*({m.number for m in one.marks if m.mark == "does not follow" and (
                    kind == "number" or m.error is None and m.verdict is not None)} if one is not None else set[int]() for one in judged))
                marks = marks._replace(marks=tuple(
                    m._replace(mark="follows if", reason=Reason(kind, (name,))) if m.number in wrong and m.mark == "follows" else m
                    for m in marks.marks))
        return marks._replace(marks=tuple(
            m._replace(mark="follows if", reason=Reason("structure", tuple(f"{name} is {slip.about[1]}" for name in slip.about[0])))
            if (slip := right_if(m, sheet.names)) is not None else m for m in marks.marks))

    def right_if(mark: Mark, names: SheetNames) -> Slip | None:
        """That a line is right if matrices are symmetric, or if what has no gradient is positive, data of one function aside."""
        slips = mark.diagnosis.slips if mark.mark == "does not follow" else ()
        slip = next((s for s in slips if s.what is Kind.RIGHT_IF and s.about[1] in ("positive", "symmetric")), None)
        still = {a for a in whole.without if found.backward is not None or names.shape(a) == ("1", "1")}
        return slip if slip is not None and (slip.about[1] == "symmetric" or {*map(str, slip.about[0])} <= still) else None

    def failing(marks: Marked) -> set[int]:
        return {m.number for m in marks.marks if m.mark == "does not follow"}
    def of_labels(marks: Marked) -> Marked:
        """What is wrong for rows that sum to 1, and right where they are one-hot, those of the identity at least, is not judged."""
        sheet = _sheet(whole, found)
        for name in whole.one_hot if any(m.mark == "does not follow" and m.error is None for m in marks.marks) else ():
            rows, columns = sheet.names.shape(name) or ("", "")
            shapes = {n: tuple(rows if size == columns else size for size in s) for n, s in whole.shapes.items() if not isinstance(s, str)}
            made = whole._replace(shapes={**whole.shapes, **shapes, name: (rows, rows)},
                                  one_hot=tuple(n for n in whole.one_hot if n != name))
            other = _sheet(made, found)
            other.declare[:] = undeclared(other.declare, {name})
            other.forget(name)
            other.defined(name, f"eye({rows})", 0)
            right = {m.number for m in Marker(other, seconds, explains=False).run().marks if m.mark.startswith("follows")}
            marks = marks._replace(marks=tuple(
                m._replace(mark="not judged", diagnosis=NOTHING, verdict=None, reason=Reason("labels", (name.partition("_")[2],)))
                if m.mark == "does not follow" and m.error is None and m.number in right else m for m in marks.marks))
        return marks
    def of_masks(marks: Marked) -> Marked:
        """What is wrong, and right where each entry of an array of factors without a gradient is 0 or 1, follows if it is so."""
        failed = {m.number for m in marks.marks if m.mark == "does not follow" and m.error is None}
        free = {line.split(" in R^")[0] for line in _sheet(whole, found).declare if " in R^" in line} if failed else set[str]()
        for name in [n for n in whole.without if n in free & factors(line.text for line in whole.lines if not line.of)][:MASKS]:
            of = f"{name}_mask"
            shapes = {**whole.shapes, **({of: whole.shapes[name]} if name in whole.shapes else {})}
            made = whole._replace(lines=[Line(0, "", f"{name} = 1 * ({of} > 0)"), *whole.lines], shapes=shapes)
            other = Marker(_sheet(made, found), seconds, explains=False, until=frozenset(failed)).run()
            if failed <= {m.number for m in other.marks if m.mark == "follows"}:
                return marks._replace(marks=tuple(
                    m._replace(mark="follows if", reason=Reason("structure", (f"every entry of {name} is 0 or 1",)))
                    if m.number in failed else m for m in marks.marks))
        return marks
    whole = lines(found, tree, source)
    named = {line.of for line in whole.lines} & whole.between
    marks, apart, asked = run()
    some, more = [*apart], apart
    while more:         # those that only the ones above made right
        without, more, others = run(some)
        some += more
    marks, apart, asked = (without, some, others) if some and set(others) <= set(asked) else (marks, [], asked)
    if asked and named:
        without, _, others = run(named, looks=True)         # dz may be the gradient at z but where z is 0
        if not others and without.worst == "follows":
            return of_columns(without, named)
    return of_labels(of_masks(of_columns(marks, apart)))


def _of_rows(name: str, names: SheetNames, made: Lines) -> bool:
    """Whether a name is added to a matrix."""
    parsed = (p for line in made.lines if not line.of and (p := assignment(line.text)) is not None)
    shapes = [names.shape(target) for target, value in parsed if name in dict(terms(value))]
    return any(shape is not None and "1" not in shape for shape in shapes)


def _unsaid(declare: Sequence[str], made: Lines) -> list[list[str]]:
    """The names whose sizes the program does not say, each with those that fit."""
    return [line.split(" in R") for line in declare if " in R" in line and line.split(" in ")[0] not in made.shapes]


def _sheet(made: Lines, found: Pass) -> Sheet:
    """The lines as a sheet, without rows for what the program does not say itself."""
    out = Sheet()
    out.laid_out("denominator")         # a gradient has the shape of its array
    say(out.facts, made.said, 0)
    out.written("\n".join(line.text for line in made.lines))
    plain_text(out, out.text, places=[(line.number, line.shown) for line in made.lines], given={**made.shapes, **made.alike})
    shape = out.names.shape(made.value)
    if found.backward is None and shape not in (None, ("1", "1")):
        raise InputError(f"no loss is computed here: {made.value} is an array", found.forward.lineno, 1, None,
                         "compute the loss before its gradients, or give --task FILE with a line such as `expect d(f)/d(w) = 2*w`")
    shapes = [f"{name}: {size.removeprefix('^') or '()'}" for name, size in _unsaid(out.declare, made)]
    above = [f"{name} arrives from above at {of}" for name, of in made.alike.items()]
    without = [f"no gradient is given at {', '.join(made.without)}"] if made.without and found.backward is not None else []
    if above or shapes or without:
        out.understood.append(f"in {made.name} " + ", ".join([*above, *shapes, *without]))
    for name in made.one_hot:
        shape = out.names.shape(name)
        if shape is not None and len(shape) == 2:
            out.facts.assume(f"rowsum({name}) = ones({shape[0]})", 0)
    def said(text: str) -> str:
        return D.sub(lambda m: f"(d({made.value})/d({m[1]}))", text)
    out.rows[:] = [r if r.why is not None else r._replace(left=r.left and said(r.left), right=said(r.right)) for r in out.rows
                   if r.why is not None or r.number and r.defines not in made.inner]
    return out
