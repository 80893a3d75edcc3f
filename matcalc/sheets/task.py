"""What all sheets of a class have in common: declarations, definitions, the expected answer, points."""

from __future__ import annotations

import re

from .. import judges
from ..language.deadline import deadline_after
from ..language.shape import InputError
from ..reading.grammar.tokens import GREEK
from ..reading.latex.names import QUOTIENT
from ..reading.parse import problem
from ..records import Record
from .parts.definition_parts import as_text, ordered
from .parts.formula import formula, split
from .parts.marks import Marked
from .statements.plain_text import plain_text
from .statements.sheet import Sheet
from ..patterns import pattern

WORD = pattern(r"[^\W\d]+")
SHORT = {"lambda": ("lmbda", "lambd", "lamb"), "sigma": ("sgm",), "epsilon": ("epsi",)}         # besides the beginnings of their names
POINTS = pattern(r"points\s+(?:(method|answer)\s+)?(\d+(?:\.\d+)?)")
FORM = "a task has declarations, definitions, constant, assume, layout, `expect d(f)/d(w) = ..`, `points method 4` and `points answer 2`"


class Task(Record):
    """The lines that every sheet begins with; what is asked, the answer where one is given; points for the way and for the answer."""

    text: str = ""
    asked: str = ""
    answer: str = ""
    method: float = 0
    result: float = 0


    def spelled_as(self, sheet: str) -> Task:
        """The task with its letters as a sheet spells them: lambda of lam where the sheet has only that.

        >>> Task("lam in R", "d(f)/d(w)", "2*lam*w").spelled_as(r"2\\lambda w").answer
        '2*lambda*w'
        """
        used = {GREEK.get(word, word) for word in WORD.findall(sheet)} | {GREEK[c] for c in sheet if c in GREEK}
        out = self
        for short in {*WORD.findall(self.text)} - used:
            for word in sorted({*GREEK.values()} & used) if len(short) > 2 else ():
                if word not in WORD.findall(self.text) and (word.startswith(short) or short in SHORT.get(word, ())):
                    text, asked, answer = (re.sub(rf"\b{short}\b", word, t) for t in (out.text, out.asked, out.answer))
                    out = out._replace(text=text, asked=asked, answer=answer)
        return out


def task(text: str) -> Task:
    """A task as its file says it; InputError at what cannot be read."""
    out, kept = Task(), []
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.split("#", 1)[0].strip()
        kept.append("")
        points = POINTS.fullmatch(line)
        if points is not None:
            worth = float(points[2])
            out = out._replace(result=worth) if points[1] == "answer" else out._replace(method=worth)
        elif line.startswith("expect "):
            sides = [side.strip() for side in split(line.removeprefix("expect "))]
            if out.asked or len(sides) > 2 or not all(sides):
                raise InputError("one answer is expected", number, 1, line, "expect d(f)/d(w) = 2*X'*(X*w - y)")
            out = out._replace(asked=sides[0], answer="".join(sides[1:]))
        elif line.startswith("points "):
            raise InputError("these points cannot be read", number, 1, line, "points method 4, points answer 2")
        else:
            kept[-1] = line
    out = out._replace(text="\n".join(kept))
    whole = begin(Sheet(), out)
    p = problem(whole.declare, as_text(ordered(whole.define)), [a.text for a in whole.facts.assumed],
                prove=f"{out.asked} == {out.answer or out.asked}" if out.asked else None)
    return out._replace(text="\n".join([out.text, *map(str, p.inferred)]))      # what it leaves undeclared is the same on every sheet


def begin(sheet: Sheet, given: Task) -> Sheet:
    """The sheet with the declarations, definitions and assumptions of a task; none of these counts as a line."""
    plain_text(sheet, given.text)
    for row in sheet.rows:
        if row.why is not None:
            raise row.why
        if not row.defines or row.left != "":
            raise InputError("the task does not declare this", row.number, 1, row.shown, FORM)
    sheet.rows.clear()
    sheet.given_names.update(sheet.names.bodies)
    return sheet


def outcome(given: Task, sheet: Sheet, marked: Marked, seconds: float) -> str:
    """Whether a sheet reaches the answer: right, right if (in another layout), wrong, missing, not judged; empty where none is asked."""
    if not given.asked:
        return ""
    found, number = reached(given.asked, sheet)
    of = QUOTIENT.fullmatch(given.asked)
    loss = of[1] if of is not None and found is None and not sheet.form.code else ""
    for own in [n for n in sheet.names.bodies if n not in sheet.given_names] if loss else ():
        by = given.asked.rpartition("/d(")[2].strip("()'")
        named = (given.asked.replace(f"d({loss})", f"d({own})"), *([f"d({by})"] if sheet.form.numpy else []))
        if {r.left for r in sheet.rows} & {*named, f"({named[0]})"} and sheet.names.same(own, loss):       # a loss of the sheet's own
            found, number = next(filter(lambda pair: pair[0] is not None, (reached(name, sheet) for name in named)), (found, number))
    if found is None:
        return "not judged" if sheet.form.code else "missing"
    of = [m for m in marked.marks if m.number == number]
    if of and all(m.mark == "not read" or m.reason is not None and m.reason.kind in ("tainted", "entry", "unread above") for m in of):
        return "wrong" if sheet.form.code and marked.totals["does not follow"] else "not judged"
    if sheet.form.code and not given.answer and {m.mark for m in of} == {"follows"}:
        return "right"
    define = [f"{n} = {b}" for n, b, _ in ordered(sheet.define) if not formula(b).differential]
    declare = [*sheet.declare, *map(str, marked.inferred)]
    wanted, compared = given.answer or given.asked, False
    for right, kind in ((wanted, "right"), *([(f"({wanted})'", "right if")] if marked.layout else [])):
        try:
            named = sheet.form.numpy and bool(given.answer)          # a line of NumPy reads no prime
            p = problem(declare, [*define, *([f"expected_ = {right}"] if named else [])], [a.text for a in sheet.facts.assumed],
                        prove=f"{found} == {'expected_' if named else right}")
        except InputError:
            continue
        compared = True
        if p.ill_shaped is None and not judges.nowhere(p):
            verdict = judges.equation(p.within(deadline_after(seconds))).kind
            if verdict in ("proved", "checked"):
                return kind
            if verdict == "undecided":
                return "not judged"
    unsaid = {str(one).split()[0] for one in marked.inferred} & formula(found).names      # a letter that the task does not have
    return "wrong" if compared and not unsaid or any(m.mark == "does not follow" for m in of) else "not judged"


def reached(asked: str, sheet: Sheet) -> tuple[str | None, int]:
    """The last side of the last chain that begins with what is asked for, or with a name of it, and its line."""
    wanted = {_plain(asked), *(name for name, body, _ in sheet.define if _plain(body) == _plain(asked))}
    out: str | None = None
    number = 0
    inside = False
    for row in sheet.rows:
        if row.left is not None:
            inside = bool({_plain(row.left or row.right)} & wanted)
        if inside and row.why is None and row.role != "condition" and _plain(row.right) not in {*wanted, "0"}:
            out, number = row.right, row.number
    bodies = {n: b for n, b, _ in sheet.define}
    return (out if out is not None or asked not in bodies or asked in sheet.given_names else bodies[asked]), number


def _plain(text: str) -> str:
    """Without blanks, and without the brackets around all of a derivative."""
    text = re.sub(r"\s", "", text)
    return re.sub(r"\((d\(.*\)/d\(\w+\))\)", r"\1", text) if text.startswith("(d(") else text
