"""Several sheets at once, each marked by itself: what cannot be read is a row of its own and stops no other.

Where code goes wrong is said with the change that mends it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from ..language.shape import InputError
from .programs.code import code
from .statements.display import sheet
from .marking.mark import Marker
from .parts.marks import Marked
from .page import kinds
from .programs.program import program, marked as marked_passes
from .statements.sheet import Sheet
from .task import Task, begin, outcome
from ..records import Record
from .. import judges
from ..language.deadline import deadline_after
from ..render.slips import FOLLOWS, diagnosis_of
from .parts.definition_parts import as_text, equation, ordered
from ..diagnose.refitted import refitted

SECONDS = 1.0       # for one change


def with_faults(sheet: Sheet, marked: Marked) -> Marked:
    """The marks, with a diagnosis of the only assignment that does not fit."""
    bad = [m for m in marked.marks if m.mark == "does not follow"]
    row = next((r for r in sheet.rows if bad and r.number == bad[0].number and r.defines), None)
    last = sheet.rows[-1]
    if len(bad) != 1 or row is None or last.why is not None or not last.left:
        return marked
    body = next(b for n, b, _ in sheet.define if n == row.defines)

    def holds(new: str) -> bool:
        define = [(n, new if n == row.defines else b, k) for n, b, k in sheet.define]
        p = equation(sheet.declare, as_text(ordered(define)), last.left or "", last.right)
        return p is not None and judges.equation(p.within(deadline_after(SECONDS))).kind == "proved"
    above = equation(sheet.declare, as_text(ordered([entry for entry in sheet.define if entry[2] < row.number])), last.left, last.left)
    found = refitted(body, above.variables, holds) if above is not None else None
    if found is None:
        return marked
    return marked._replace(marks=tuple(m._replace(diagnosis=diagnosis_of((found,), FOLLOWS)) if m is bad[0] else m for m in marked.marks))


CREDIT = {"follows": 1.0, "follows if": 0.5, "does not follow": 0.0, "right": 1.0, "right if": 0.5, "wrong": 0.0, "missing": 0.0}
EXIT = {"does not follow": 1, "undecided": 3, "not judged": 3, "not read": 3, "follows if": 4}
ORDER = (1, 2, 3, 4, 0)     # the exit code of several files is the first of these that one of them has


class Points(Record):
    """Points for the way and for the answer, those that are still open, and all there are."""

    method: float
    answer: float
    open: float
    of: float


class File(Record):
    """A file with its marks, or with the error that it could not be read for; whether it reaches the answer."""

    name: str
    marked: Marked | None
    error: str = ""
    answer: str = ""
    points: Points | None = None

    @property
    def verdict(self) -> str:
        """The mark that decides."""
        return "error" if self.marked is None else self.marked.worst

    @property
    def exit(self) -> int:
        """The exit code of this file: an answer that is wrong or missing is wrong like a line."""
        if self.marked is None:
            return 2
        return 1 if self.answer in ("wrong", "missing") else EXIT.get(self.marked.worst, 0)

    @property
    def wrong(self) -> int | None:
        """The first line that does not follow."""
        return next((m.number for m in self.marked.marks if m.mark == "does not follow"), None) if self.marked else None

    @property
    def codes(self) -> list[str]:
        """What is wrong with the lines, each kind once."""
        return list(dict.fromkeys(k for m in (self.marked.marks if self.marked else ()) for k in kinds(m)))


def mark(name: str, given: Task, seconds: float, runs: bool = False) -> File:
    """One file; `runs` says that code which cannot be read may be run."""
    try:
        with open(name, encoding="utf-8") as f:
            text = f.read()
        given = given.spelled_as(text) if given.text and not name.endswith(".py") else given
        tree = program(text) if not given.asked else None
        if tree is not None:
            return File(name, marked_passes(tree, text, seconds))
        read = code(text, given) if name.endswith(".py") else sheet(text, lambda: begin(Sheet(), given) if given.text else Sheet())
        marked = Marker(read, seconds).run()
        marked = with_faults(read, marked) if read.form.code else marked
        answer = outcome(given, read, marked, seconds)
        if runs and read.form.code and answer not in ("right", "wrong"):
            from .programs.running import run
            marked = run(text, given, marked, seconds)
            answer = {"follows": "right", "does not follow": "wrong"}.get(marked.marks[-1].mark, answer)
    except InputError as e:
        return File(name, None, e.message + (f" (line {e.line})" if e.line else ""))
    except UnicodeDecodeError:
        return File(name, None, "this is not UTF-8 text")
    except OSError as e:
        return File(name, None, (e.strerror or str(e)).lower())
    except RecursionError:
        return File(name, None, "it is nested too deeply")
    except Exception as e:
        return File(name, None, f"a fault of matcalc, not of the file: {type(e).__name__}: {e}")
    return File(name, marked, "", answer, points(given, read.given_names, marked, answer))


def points(given: Task, known: set[str], marked: Marked, answer: str) -> Points | None:
    """The points of a sheet: for the way in proportion to the lines that follow, from a wrong line too; a line that could not be judged
    leaves its points open, one that says what the task says counts for nothing."""
    if not given.method and not given.result:
        return None
    copied = {f"definition of {name}" for name in known}
    claims = [m.mark for m in marked.marks if m.mark != "given" and m.rule not in copied]
    each = given.method / len(claims) if claims else 0.0
    way = sum(CREDIT.get(m, 0.0) for m in claims) * each
    rest = sum(m not in CREDIT for m in claims) * each + (given.result if answer == "not judged" else 0.0)
    return Points(round(way, 2), CREDIT.get(answer, 0.0) * given.result, round(rest, 2), given.method + given.result)


def marks(names: Sequence[str], given: Task, seconds: float, jobs: int = 1, runs: bool = False) -> Iterator[File]:
    """Mark every file, in order."""
    if jobs == 1:
        yield from map(partial(mark, given=given, seconds=seconds, runs=runs), names)
        return
    from concurrent.futures import BrokenExecutor, ProcessPoolExecutor      # slow to import
    left, alone = list(names), False
    while left:
        with ProcessPoolExecutor(1 if alone else min(jobs, len(left), 2 * (os.cpu_count() or 1))) as pool:
            waiting = [pool.submit(mark, name, given, seconds, runs) for name in left[:1 if alone else None]]
            try:
                for future in waiting:
                    yield future.result()
                    left.pop(0)
                alone = False
            except BrokenExecutor:          # the next one may have ended the process: it is tried alone
                if alone:
                    yield File(left.pop(0), None, "the process that marked it was ended")
                alone = not alone


def worst(files: Iterable[File]) -> int:
    """The exit code for several files: the worst of theirs."""
    found = {f.exit for f in files}
    return next((code for code in ORDER if code in found), 0)


def clusters(files: Iterable[File]) -> dict[str, list[str]]:
    """The files that make each mistake: its kind, with what is wrong in words where files make several of that kind."""
    out: dict[str, dict[str, list[str]]] = {}
    for f in files:
        for m in f.marked.marks if f.marked else ():
            for kind in kinds(m):
                names = out.setdefault(kind, {}).setdefault(str(m.diagnosis), [])
                names += [f.name] if f.name not in names else []
    each = {f"{kind}: {said}" if said and len(found) > 1 else kind: names for kind, found in out.items() for said, names in found.items()}
    return dict(sorted(each.items(), key=lambda item: -len(item[1])))
