"""The marked sheet, as text and as data."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

from ..render.data import reasons, verdict
from ..render.pieces import Domain
from ..render.plain import domain as declared
from ..render.safe import json, visible
from ..render.said import condition, text
from ..render.slips import MISFIT
from ..render.story import inferred
from ..render.verdicts import WIDTH, capital, witness
from .mark import Mark, Marked

COLUMN = 24
ENDS = {"follows": "Every line follows.", "undecided": "No line is wrong, but not every line could be decided.",
        "not judged": "No line is wrong, but not every line could be judged.", "given": "Nothing was to be checked."}


def page(marked: Marked, colour: Callable[[str, int], str]) -> str:
    """Line, mark, what was written, and why."""
    out: list[str] = []
    if marked.inferred:
        out += _folded("Inferred: " + "".join(p if isinstance(p, str) else declared(p.name, True) for p in inferred(marked.inferred)
                                              if isinstance(p, (str, Domain))), "", "  ")
    if marked.constant:
        out += _folded("Taken as constant: " + ", ".join(marked.constant), "", "  ")
    for told in marked.read:
        out += _folded(f"{told}.", "", "  ")
    if out:
        out.append("")
    for m in marked.marks:
        head, *rest = _folded(m.text, "", "") or [""]
        note = _note(m)
        if note and not rest and COLUMN + len(head) + len(note) + 2 <= WIDTH:
            head, note = head + " " * (WIDTH - COLUMN - len(head) - len(note)) + note, ""
        out.append(f"{m.number:>5}  {colour(m.mark, COLUMN - 7)}{head}".rstrip())
        out += [" " * COLUMN + line for line in rest]
        if note:
            out.append(note.rjust(WIDTH))
        if m.mark in ("does not follow", "undecided", "not judged") and m.verdict is not None:
            for line in _why(m):
                out += _folded(line, " " * COLUMN, " " * (COLUMN + 2))
    wrong = [str(m.number) for m in marked.marks if m.mark == "does not follow"]
    end = ENDS.get(marked.worst, "")
    if wrong:
        end = f"Line {wrong[0]} does not follow." if len(wrong) == 1 else \
            f"{len(wrong)} lines do not follow; the first is line {wrong[0]}."
    follow = [m.verdict for m in marked.marks if m.mark == "follows" and m.verdict is not None]
    needs = list(dict.fromkeys(text(condition(c)) for v in follow for c in v.needs))
    return "\n".join([*out, "", *_folded(f"{end} Where {', '.join(needs)}." if needs else end, "", "  ")])


def _note(m: Mark) -> str:
    parts = [m.rule, f"from line {m.after}" if m.after is not None else "",
             "checked" if m.mark == "follows" and m.verdict is not None and m.verdict.kind == "checked" else ""]
    return ", ".join(p for p in parts if p)


def _why(m: Mark) -> list[str]:
    assert m.verdict is not None
    out = [m.verdict.detail, *witness(m.verdict)]
    if m.diagnosis.slips not in ((), MISFIT.slips):
        out.append(capital(m.diagnosis) + ".")
    if m.would:
        out.append(f"What follows is {m.would}.")
    return out


def _folded(text: str, first: str, later: str) -> list[str]:
    width = WIDTH if first or later else WIDTH - COLUMN
    return textwrap.wrap(visible(text), width, initial_indent=first, subsequent_indent=later, break_on_hyphens=False)


def as_data(marked: Marked) -> str:
    """The same as JSON."""
    lines = [{"line": m.number, "text": m.text, "mark": m.mark, "rule": m.rule or None, "follows_from": m.after,
              "verdict": verdict(m.verdict), "diagnosis": m.diagnosis, "would_follow": m.would or None} for m in marked.marks]
    wrong = next((m.number for m in marked.marks if m.mark == "does not follow"), None)
    return json({"verdict": marked.worst, "first_wrong": wrong, "inferred": list(map(str, marked.inferred)),
                 "inferred_from": reasons(marked.inferred), "constant": list(marked.constant), "read": list(marked.read),
                 "lines": lines}, 2)
