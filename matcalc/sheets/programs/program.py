"""A Python file with forward and backward passes, marked: each pass by itself, its lines together."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from itertools import islice
from types import MappingProxyType

from ...language.shape import InputError
from ..python.array_lines import assignment, factors, gradient_of, terms
from ..parts.formula import undeclared
from ..parts.marks import Mark, Marked, Reason
from ...diagnose.slip import Kind, Slip
from ...render.diagnosis import NOTHING
from .backward_pass import Line
from .pass_lines import Lines, lines, marked_rows, not_said, sheet_of
from .passes import Pass, passes, unjudged
from ..python.python_text import tree_of
from ...patterns import pattern
from ..statements.sheet_names import SheetNames


OUTER = pattern(r"\bouter\((\w+), (\w+)\)")
NUMBERED = pattern(r"\D+")
TRIED = 4           # so many values of a backward pass are tried as gradients
MASKS = 2           # so many arrays are tried as masks


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
        marked = _located(found, marked, tree, source, seconds)
        told = (f"{found.forward.name} is the gradient by {by}",) if by else ()
        return marked._replace(understood=(*marked.understood, *told))
    except InputError as e:
        number = found.forward.lineno
        return Marked((), (), (Mark(number, source[number - 1].strip(), "not read", error=e),))


def _located(found: Pass, marked: Marked, tree: ast.Module, source: list[str], seconds: float) -> Marked:
    """The marks of a pass in which several lines do not follow. A value above them that is not called like a gradient may be meant as one:
    where it does not follow as the gradient at z, and they all do with it, the mistake stands in its line."""
    marks = {m.number: m.mark for m in marked.marks}
    denied = [n for n, mark in marks.items() if mark == "does not follow"]
    whole = lines(found, tree, source) if len(denied) > 1 and not found.script else None
    if whole is None:
        return marked
    above = sorted(((line, name) for name, line in whole.helpers.items() if name.isidentifier() and line < min(denied)), reverse=True)
    tries = ((line, name, z) for line, name in above for z in sorted(
        whole.between, key=lambda z: (NUMBERED.sub("", z) != NUMBERED.sub("", name), z)))
    for line, name, z in islice(tries, TRIED):
        made = lines(found._replace(called=((name, z),)), tree, source)
        there = {m.number: m.mark for m in marked_rows(sheet_of(made, found), seconds).marks}
        wanted = {n for n, mark in marks.items() if mark in ("follows", "does not follow")} - {line}
        if there.get(line) == "does not follow" and all(there.get(n, "follows") == "follows" for n in wanted):
            told = marked_rows(sheet_of(made, found), seconds, explains=True)
            return marked._replace(marks=told.marks, understood=(*marked.understood, f"{name} is taken for the gradient at {z}"))
    return marked


def _right_by(found: Pass, x: str, tree: ast.Module, source: list[str], seconds: float) -> bool:
    """Whether a gradient that has no name is right if it is one by an argument."""
    made = lines(found._replace(of=(x,)), tree, source)
    claims = [line for line in made.lines if line.of]
    if len(claims) != 1 or claims[0].of != x or "return" not in claims[0].shown:
        return False
    try:
        marks = marked_rows(sheet_of(made, found), seconds, until=(claims[0].number,))
    except InputError:
        return False
    return any(m.number == claims[0].number and m.mark == "follows" for m in marks.marks)


def _marked(found: Pass, tree: ast.Module, source: list[str], seconds: float) -> Marked:
    """A pass with its marks. What lies between and is called dz is taken for the gradient at z; where it is not, and what is returned is as
    right or wrong without that, nothing is said of it."""
    known: dict[object, tuple[Marked, list[str], list[str]]] = {}

    def run(apart: Iterable[str] = (), shapes: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
            looks: bool = False, explains: bool = True) -> tuple[Marked, list[str], list[str]]:
        asked = frozenset(apart), frozenset(shapes.items()), looks, explains
        if asked not in known:
            known[asked] = marked_with(apart, shapes, looks, explains)
        return known[asked]

    def settled(apart: Iterable[str], explains: bool) -> tuple[Marked, list[str], list[str]]:
        """The marks without some gradients between, and without those that only these made right."""
        some, more = list[str](), [*apart]
        while more:
            some += more
            marks, more, others = run(some, explains=explains)
        return marks, some, others

    def fits(apart: Iterable[str], shapes: Mapping[str, tuple[str, ...]]) -> Marked | None:
        """The marks with other shapes; none where no loss is computed then."""
        try:
            return run(apart, shapes)[0]
        except InputError:
            return None

    def marked_with(apart: Iterable[str], shapes: Mapping[str, tuple[str, ...]], looks: bool,
                    explains: bool) -> tuple[Marked, list[str], list[str]]:
        made = lines(found, tree, source, apart) if apart else whole
        made = made._replace(shapes={**made.shapes, **shapes})
        look = bool(shapes) or looks         # asked is only whether all fits and is right so: the first line that is not ends it
        marks = marked_rows(sheet_of(made, found), seconds, explains and not look, [line.number for line in made.lines if look])
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
        claims = {line.of: line.number for line in whole.lines if line.of}
        unsaid = [(name, size) for name, size in not_said(sheet.declare, whole) if name not in whole.alike]
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
        for name in whole.one_hot if any(m.mark == "does not follow" and m.error is None for m in marks.marks) else ():
            rows, columns = sheet.names.shape(name) or ("", "")
            shapes = {n: tuple(rows if size == columns else size for size in s) for n, s in whole.shapes.items() if not isinstance(s, str)}
            made = whole._replace(shapes={**whole.shapes, **shapes, name: (rows, rows)},
                                  one_hot=tuple(n for n in whole.one_hot if n != name))
            other = sheet_of(made, found)
            other.declare[:] = undeclared(other.declare, {name})
            other.forget(name)
            other.defined(name, f"eye({rows})", 0)
            right = {m.number for m in marked_rows(other, seconds).marks if m.mark.startswith("follows")}
            marks = marks._replace(marks=tuple(
                m._replace(mark="not judged", diagnosis=NOTHING, verdict=None, reason=Reason("labels", (name.partition("_")[2],)))
                if m.mark == "does not follow" and m.error is None and m.number in right else m for m in marks.marks))
        return marks
    def of_masks(marks: Marked) -> Marked:
        """What is wrong, and right where each entry of an array of factors without a gradient is 0 or 1, follows if it is so."""
        failed = {m.number for m in marks.marks if m.mark == "does not follow" and m.error is None}
        free = {line.split(" in R^")[0] for line in sheet.declare if " in R^" in line} if failed else set[str]()
        for name in [n for n in whole.without if n in free & factors(line.text for line in whole.lines if not line.of)][:MASKS]:
            of = f"{name}_mask"
            shapes = {**whole.shapes, **({of: whole.shapes[name]} if name in whole.shapes else {})}
            made = whole._replace(lines=[Line(0, "", f"{name} = 1 * ({of} > 0)"), *whole.lines], shapes=shapes)
            other = marked_rows(sheet_of(made, found), seconds, until=failed)
            if failed <= {m.number for m in other.marks if m.mark == "follows"}:
                return marks._replace(marks=tuple(
                    m._replace(mark="follows if", reason=Reason("structure", (f"every entry of {name} is 0 or 1",)))
                    if m.number in failed else m for m in marks.marks))
        return marks
    whole = lines(found, tree, source)
    named = {line.of for line in whole.lines} & whole.between
    marks, apart, asked = run()
    sheet = sheet_of(whole, found)        # as it is read: marking enters what it finds
    between, apart = apart, []
    if between:
        _, some, others = settled(between, False)       # what is wrong with lines is looked for where these marks are taken
        without, some, others = settled(some, True) if set(others) <= set(asked) else (marks, [], others)
        if some and set(others) <= set(asked):
            marks, apart, asked = without, some, others
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
