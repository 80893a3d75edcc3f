"""A Python file with forward and backward passes, marked: each pass by itself, its lines together."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import islice
import re
from types import MappingProxyType

from ...language.shape import InputError
from ..marking.time_and_memory import Clock
from ..python.array_lines import assignment, factors, gradient_of, terms
from ..parts.formula import undeclared
from ..parts.marks import Mark, Marked, Reason
from ...diagnose.slip import Kind
from ...render.diagnosis import NOTHING
from .backward_pass import Line
from .pass_lines import Lines, lines, marked_rows, not_said, sheet_of, with_labels
from .lifted import lifted
from .passes import Pass, passes, unjudged
from .shifts import free, freed, maxima
from .unread_arrays import beside, set_apart
from ..statements.sheet import Sheet
from ..python.python_text import tree_of
from ...patterns import pattern


OUTER = pattern(r"\bouter\((\w+), (\w+)\)")
NUMBERED = pattern(r"\D+")
TRIED = 4           # so many values of a backward pass are tried as gradients
NO_SHAPES: Mapping[str, tuple[str, ...]] = MappingProxyType({})
MASKS = 2           # so many arrays are tried as masks
SECONDS = 10.0      # for what is asked of rows that are one-hot
BESIDE = "others"        # how many labels no row has


def program(text: str) -> ast.Module | None:
    """The statements of a text that is a Python program; None where it is something else. InputError where nothing in it can be judged."""
    if "def " not in text and "import " not in text:
        return None
    tree = tree_of(text)
    if tree is not None and not passes(lifted(tree)):
        if any(isinstance(n, (ast.FunctionDef, ast.ClassDef)) for n in tree.body):
            raise InputError("this program has no forward pass beside a backward pass",
                             hint="call two functions forward and backward, let one return a loss and its gradients, or give --task FILE "
                             "with a line such as `expect d(f)/d(w) = 2*w`")
        return None
    return tree


def marked(tree: ast.Module, text: str, seconds: float) -> Marked:
    """Every pass of a program with its marks."""
    source, clock = text.splitlines(), Clock(seconds)
    found = passes(tree)
    first, *rest = [_marked_or_not(each, tree, source, clock) for each in found]
    for other in rest:
        first = first._replace(**{key: (*getattr(first, key), *(v for v in getattr(other, key) if v not in getattr(first, key)))
                                  for key in ("inferred", "constant", "read", "doubts", "said", "understood", "passed")},
                               marks=(*first.marks, *other.marks), layout=first.layout or other.layout, open=first.open or other.open)
    left = tuple((f.lineno, f"def {f.name}") for f in unjudged(tree, found))
    marks = tuple(sorted(first.marks, key=lambda m: m.number))
    return first._replace(marks=marks, passed=(*first.passed, *left), open=first.open or bool(left))


def _marked_or_not(found: Pass, tree: ast.Module, source: list[str], clock: Clock) -> Marked:
    """A pass with its marks; one that cannot be read is a row that says so."""
    try:
        by = next((x for x in found.of if _right_by(found, x, tree, source, clock)), "") if len(found.of) > 1 else ""
        marked = PassMarker(found._replace(of=(by, *found.of)) if by else found, tree, source, clock).marks()
        marked = _located(found, marked, tree, source, clock)
        told = (f"{found.forward.name} is the gradient by {by}",) if by else ()
        return marked._replace(understood=(*marked.understood, *told))
    except InputError as e:
        number = found.forward.lineno
        return Marked((), (), (Mark(number, source[number - 1].strip(), "not read", error=e),))


def _located(found: Pass, marked: Marked, tree: ast.Module, source: list[str], clock: Clock) -> Marked:
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
        there = {m.number: m.mark for m in marked_rows(sheet_of(made, found), clock).marks}
        wanted = {n for n, mark in marks.items() if mark in ("follows", "does not follow")} - {line}
        if there.get(line) == "does not follow" and all(there.get(n, "follows") == "follows" for n in wanted):
            told = marked_rows(sheet_of(made, found), clock, explains=True)
            return marked._replace(marks=told.marks, understood=(*marked.understood, f"{name} is taken for the gradient at {z}"))
    return marked


def _right_by(found: Pass, x: str, tree: ast.Module, source: list[str], clock: Clock) -> bool:
    """Whether a gradient that has no name is right if it is one by an argument."""
    made = lines(found._replace(of=(x,)), tree, source)
    claims = [line for line in made.lines if line.of]
    if len(claims) != 1 or claims[0].of != x or "return" not in claims[0].shown:
        return False
    try:
        marks = marked_rows(sheet_of(made, found), clock, until=(claims[0].number,))
    except InputError:
        return False
    return any(m.number == claims[0].number and m.mark == "follows" for m in marks.marks)


class PassMarker:
    """Marks a pass, in several readings of what its program does not say. What lies between and is called dz is taken for the gradient at
    z; where it is not, and what is returned is as right or wrong without that, nothing is said of it."""

    def __init__(self, found: Pass, tree: ast.Module, source: list[str], clock: Clock) -> None:
        self.found, self.tree, self.source, self.clock = found, tree, source, clock
        asked = lines(found, tree, source)
        def read(made: Lines) -> Sheet:
            return sheet_of(made, found)
        self.whole, self.unread = set_apart(asked, read)
        self.whole = with_labels(self.whole, read)
        self.errors = {m.number: m.error for m in marked_rows(read(asked), clock.short(SECONDS)).marks if m.error} if self.unread else {}
        self.sheet = read(self.whole)        # as it is read: marking enters what it finds
        self.free = bool(maxima(self.sheet)) and free(read(self.whole), self.whole.value, clock)
        if self.free:
            freed(self.sheet)
        self.known: dict[object, tuple[Marked, list[str], list[str]]] = {}

    def of(self, made: Lines) -> Sheet:
        """The lines as a sheet, in which what the loss does not depend on is a variable of its own."""
        out = sheet_of(made, self.found)
        if self.free:
            freed(out)
        return out

    def marks(self) -> Marked:
        """The marks of the reading in which most is right."""
        named = {line.of for line in self.whole.lines} & self.whole.between
        marks, apart, asked = self.run()
        between, apart = apart, []
        if between:
            _, some, others = self.settled(between, False)       # what is wrong with lines is looked for where these marks are taken
            without, some, others = self.settled(some, True) if set(others) <= set(asked) else (marks, [], others)
            if some and set(others) <= set(asked):
                marks, apart, asked = without, some, others
        if asked and named:
            without, _, others = self.run(named, looks=True)         # dz may be the gradient at z but where z is 0
            if not others and without.worst == "follows":
                return beside(self.of_columns(without, named), self.whole.lines, self.unread, self.errors)
        return beside(self.of_labels(self.of_masks(self.of_columns(marks, apart))), self.whole.lines, self.unread, self.errors)

    def settled(self, apart: Iterable[str], explains: bool) -> tuple[Marked, list[str], list[str]]:
        """The marks without some gradients between, and without those that only these made right."""
        some, more = list[str](), [*apart]
        while more:
            some += more
            marks, more, others = self.run(some, explains=explains)
        return marks, some, others

    def run(self, apart: Iterable[str] = (), shapes: Mapping[str, tuple[str, ...]] = NO_SHAPES,
            looks: bool = False, explains: bool = True) -> tuple[Marked, list[str], list[str]]:
        """The marks without what is `apart`, with other `shapes`; the names between that are wrong or not read, and the others that are."""
        asked = frozenset(apart), frozenset(shapes.items()), looks, explains
        if asked not in self.known:
            made = self.without(apart)
            self.known[asked] = self.judged(made._replace(shapes={**made.shapes, **shapes}), bool(shapes) or looks, explains)
        return self.known[asked]

    def without(self, apart: Iterable[str]) -> Lines:
        """The lines that say nothing of these names."""
        made, left = lines(self.found, self.tree, self.source, apart) if apart else self.whole, {u.line.number for u in self.unread}
        return made._replace(lines=[line for line in made.lines if line.of or line.number not in left], shapes=self.whole.shapes)

    def judged(self, made: Lines, looks: bool, explains: bool) -> tuple[Marked, list[str], list[str]]:
        """The same of these lines; who looks asks only whether all fits and is right so: the first line that is not ends it."""
        until = [line.number for line in made.lines if looks]
        marks = marked_rows(self.of(made), self.clock, explains and not looks, until)
        claims = {line.number for line in made.lines if line.of or line.text.startswith("grad")}
        marks = marks.where(lambda m: m.mark == "does not follow" and m.number not in claims, mark="not judged")     # other shapes fit
        marks = marks.where(lambda m: m.reason is not None and m.reason.kind == "unused", mark="given", reason=None)
        wrong, unread = marks.numbers("does not follow"), marks.numbers("not read", "undecided")
        said = [line for line in made.lines if line.of]
        return marks, [x.of for x in said if x.of in made.between and x.number in wrong | unread], \
            [x.of for x in said if x.of not in made.between and x.number in wrong]

    def fits(self, apart: Iterable[str], names: list[str], shape: list[str]) -> Marked | None:
        """The marks where these names have another shape; none where no loss is computed then."""
        with suppress(InputError):
            return self.run(apart, dict.fromkeys(names, tuple(shape)))[0]
        return None

    def of_columns(self, marks: Marked, apart: Iterable[str] = ()) -> Marked:
        """What follows as long as an array of which nothing is said is a vector, and not where it is a matrix, follows if it is one; what
        does as long as a bias of rows is one number, and not where it is a vector, follows if it is a number. Numbers without a gradient
        may be positive."""
        whole, names = self.whole, self.sheet.names
        unsaid = [(name, size) for name, size in not_said(self.sheet.declare, whole) if name not in whole.alike]
        one = {shape[0] for line in whole.lines for pair in OUTER.findall(line.text) for name in pair
               if (shape := names.guessed(gradient_of(name) or name)) is not None}          # what stands in an outer product is a vector
        biases = {name for line in whole.lines if not line.of and (p := assignment(line.text)) is not None
                  and (shape := names.shape(p[0])) is not None and "1" not in shape for name, _ in terms(p[1])}
        vectors = [name for name, size in unsaid if size[:1] == "^" and "," not in size and size.strip("^()") not in one]
        other = self.of_another_rank(marks, apart, vectors, [name for name, size in unsaid if "," in size])
        if other is not None:
            return other
        tried = [("vector", name, ["rows", second]) for name in vectors for second in ("columns", "rows")]
        tried += [("number", name, ["columns"]) for name, size in unsaid if not size and name in biases]
        for kind, name, shape in tried if marks.worst == "follows" else ():
            judged = [self.fits(apart, [name], shape)]
            if kind == "vector" and (judged[0] is None or judged[0].numbers("does not follow")):       # all of this size may be matrices
                judged.append(self.fits(apart, [n for n, size in unsaid if size == dict(unsaid)[name]], shape))
            wrong = set.intersection(*({m.number for m in one.marks if m.mark == "does not follow" and (
                kind == "number" or m.error is None and m.verdict is not None)} if one is not None else set[int]() for one in judged))
            marks = _if(marks, wrong, kind, name, was="follows")
        return marks._replace(marks=tuple(map(self.of_structure, marks.marks)))

    def of_another_rank(self, marks: Marked, apart: Iterable[str], vectors: list[str], matrices: list[str]) -> Marked | None:
        """What does not follow for a vector that is in no sum, and does for a matrix, or the reverse, follows if it is one."""
        lines, failed = self.whole.lines, marks.numbers("does not follow")
        claims = {line.of: line.number for line in lines}
        added = {name for line in lines if (p := assignment(line.text)) is not None for name, _ in terms(p[1])}
        misfit = any(m.number in failed and m.error is not None for m in marks.marks)
        others = [("matrix", name, ["rows", "columns"]) for name in vectors if name not in added and (claims.get(name) in failed or misfit)]
        others += [("vector", name, ["rows"]) for name in matrices if failed and not misfit]
        for kind, name, axes in others:
            for some in (apart, {line.of for line in lines} & self.whole.between):
                other = self.fits(some, [name], axes)
                if other is not None and other.worst == "follows":
                    return _if(other, failed, kind, name)
        return None

    def of_structure(self, mark: Mark) -> Mark:
        """A line that is right if what has no gradient is symmetric, or positive, data of one function aside, follows if it is."""
        slips = mark.diagnosis.slips if mark.mark == "does not follow" else ()
        slip = next((s for s in slips if s.what is Kind.RIGHT_IF and s.about[1] in ("positive", "symmetric")), None)
        free = {a for a in self.whole.without if slip is not None and (slip.about[1] == "symmetric" or self.found.backward is not None
                                                                       or self.sheet.names.shape(a) == ("1", "1"))}
        if slip is None or not free.issuperset(map(str, slip.about[0])):
            return mark
        return mark._replace(mark="follows if", reason=Reason("structure", tuple(f"{name} is {slip.about[1]}" for name in slip.about[0])))

    def of_labels(self, marks: Marked) -> Marked:
        """What is wrong for rows that sum to 1, and not where they are one-hot, different ones, is not judged."""
        whole, failed, text = self.whole, marks.numbers("does not follow", fits=True), "\n".join(self.source)
        said = [name for name, word in whole.said if word == "simplex" and re.search(rf"\b{name}\b.*one[- ]?hot", text)]
        between = {line.of for line in whole.lines} & whole.between
        for name in (*whole.one_hot, *said) if failed else ():
            wrong = self.wrong_for(whole, name, failed)
            wrong = wrong & self.wrong_for(self.without(between), name, failed) if wrong and between else wrong
            marks = marks._replace(marks=tuple(
                m._replace(mark="not judged", diagnosis=NOTHING, verdict=None, reason=Reason("labels", (name.removeprefix("Onehot_"),)))
                if m.mark == "does not follow" and m.error is None and m.number not in wrong else m for m in marks.marks))
        placed = any(name.startswith("Onehot_arg") for name in whole.one_hot) and not self.free      # where the largest entry is
        rests = next(((n, str(line)) for n, _, line in self.sheet.define if placed and n in maxima(self.sheet)), None)
        if rests is None:
            return marks
        return marks.where(lambda m: m.mark == "does not follow" and m.error is None, mark="not judged", diagnosis=NOTHING, verdict=None,
                           reason=Reason("tainted", rests))      # what a maximum is made of is not known to the judges

    def wrong_for(self, made: Lines, name: str, failed: set[int]) -> set[int]:
        """Which of these lines fail where each row of a matrix is another row of the identity, and others stand beside it."""
        rows, columns = self.sheet.names.shape(name) or ("1", "1")
        if "1" in (rows, columns):
            return failed
        found = {n: s for n, _ in not_said(self.sheet.declare, made) if (s := self.sheet.names.shape(n)) is not None and "1" not in s}
        wide = f"{rows}+{BESIDE}"
        shapes = {n: tuple(wide if size == columns else size for size in s)
                  for n, s in (found | made.shapes).items() if not isinstance(s, str)}
        other = self.of(made._replace(shapes={**made.shapes, **shapes, name: (rows, wide)}, said=[s for s in made.said if s[0] != name],
                                      one_hot=tuple(n for n in made.one_hot if n != name)))
        other.declare[:] = undeclared(other.declare, {name})
        other.forget(name)
        other.defined(name, f"[eye({rows}), zeros({rows}, {BESIDE})]", 0)
        claims = {line.number for line in made.lines if line.of} - failed
        other.rows[:] = [r for r in other.rows if r.number not in claims]
        return marked_rows(other, self.clock.short(SECONDS)).numbers("does not follow", "not read") & failed

    def of_masks(self, marks: Marked) -> Marked:
        """What is wrong, and right where each entry of an array of factors without a gradient is 0 or 1, follows if it is so."""
        whole, failed = self.whole, marks.numbers("does not follow", fits=True)
        free = {line.split(" in R^")[0] for line in self.sheet.declare if " in R^" in line} if failed else set[str]()
        for name in [n for n in whole.without if n in free & factors(line.text for line in whole.lines if not line.of)][:MASKS]:
            of = f"{name}_mask"
            shapes = {**whole.shapes, **({of: whole.shapes[name]} if name in whole.shapes else {})}
            made = whole._replace(lines=[Line(0, "", f"{name} = 1 * ({of} > 0)"), *whole.lines], shapes=shapes)
            if failed <= marked_rows(self.of(made), self.clock, until=failed).numbers("follows"):
                return _if(marks, failed, "structure", f"every entry of {name} is 0 or 1")
        return marks


def _if(marks: Marked, numbers: set[int], kind: str, name: str, was: str = "") -> Marked:
    """The marks, where lines of these numbers follow if a name is of another kind."""
    return marks.where(lambda m: m.number in numbers and was in ("", m.mark), mark="follows if", reason=Reason(kind, (name,)))
