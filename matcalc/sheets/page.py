"""The marked sheet, as text and as data."""

from __future__ import annotations

from collections.abc import Callable

from ..diagnose.codes import codes
from ..render.data import reasons, verdict
from ..render.pieces import Domain, text
from ..render.plain import domain as declared
from ..render.escaping import json
from ..render.verdict_words import condition
from ..render.slips import MISFIT
from ..render.inferred import inferred
from ..render.verdicts import WIDTH, capital, folded, witness
from .parts.marks import Mark, Marked, Reason

COLUMN = 24
LONGEST = 240       # of what is shown of a counterexample: not the series of a function that nothing defines
ENDS = {"follows": "Every line follows.", "undecided": "No line is wrong, but not every line could be decided.",
        "not judged": "No line is wrong, but not every line could be judged.", "given": "There was nothing to check.",
        "not read": "No line is wrong, but not every line could be read.", "follows if": "Every line follows, under a condition."}
COUNTS = {"given": "given", "follows": "follow", "follows if": "follow under a condition", "does not follow": "not following",
          "undecided": "undecided", "not judged": "not judged", "not read": "not read"}
REASONS = {"constant": "held-constant", "layout": "other-layout", "structure": "right-if-symmetric", "part": "symmetric-part",
           "independent": "by-independent-entries", "diagonal": "by-diagonal-entries"}
OPEN = frozenset(("does not follow", "undecided", "not judged", "not read", "follows if"))


def page(marked: Marked, colour: Callable[[str, int], str]) -> str:
    """Line, mark, what was written, and why."""
    out: list[str] = []
    for told in preamble(marked):
        out += _folded(told, "", "  ")
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
        for told, rule in m.leapt:
            out += _folded(f"{told}  ({rule})" if rule else told, " " * COLUMN, " " * (COLUMN + 2))
        if m.mark in OPEN or m.reason is not None and m.reason.kind == "gap":
            for line in _why(m):
                out += _folded(line, " " * COLUMN, " " * (COLUMN + 2))
    return "\n".join([*out, "", *_folded(ending(marked), "", "  ")])


def hinted(marked: Marked, level: int) -> str:
    """Where the first mistake is, what kind it is, what would follow: each level says one thing more."""
    out: list[str] = []
    first = next((m for m in marked.marks if m.mark == "does not follow"), None)
    for m in [first] if first is not None else []:
        out.append(f"Line {m.number} does not follow.")
        if level > 1:
            words = [code.replace("-", " ") for code in kinds(m)]
            out.append(f"What is wrong: {', '.join(words)}." if words else "What is wrong: no single change was found that mends it.")
        if level > 2:
            out.append(f"What follows is {m.would}." if m.would else "What follows could not be found.")
    for m in marked.marks if first is None else ():
        if m.reason is not None and m.reason.kind == "asked":
            line, rule = (*m.reason.about, "", "")[:2]
            out.append(f"Line {m.number} asks for the next line.")
            if level > 1:
                out.append(f"The rule: {rule}." if rule else "No rule has a name here." if line else "No rule gives a line here.")
            if level > 2 and line:
                out.append(f"The line: {line}")
    return "\n".join(w for told in out or [ending(marked)] for w in _folded(told, "", "  "))


def preamble(marked: Marked) -> list[str]:
    """What was understood before a line was judged."""
    out: list[str] = []
    if marked.inferred:
        out.append("Inferred: " + "".join(p if isinstance(p, str) else declared(p.name, True) for p in inferred(marked.inferred)
                                          if isinstance(p, (str, Domain))))
    if marked.layout:
        out.append(f"Read in the {marked.layout} layout: only there do the shapes fit.")
    if marked.said:
        out.append("Understood: " + ", ".join(f"{name} is {word}" for name, word in marked.said) + ".")
    if marked.understood:
        out.append("Understood: " + ", ".join(marked.understood) + ".")
    if marked.constant:
        out.append("Taken as constant: " + ", ".join(marked.constant))
    out += [f"{told}." for told in marked.read]
    out += [f"Read: {d.written} as {d.reading}." for d in marked.doubts]
    out += [f"Passed over in line {number}: {text}" for number, text in marked.passed]
    return out


def ending(marked: Marked) -> str:
    """What comes out, how many lines there are of each kind, and what holds only under a condition."""
    wrong = [str(m.number) for m in marked.marks if m.mark == "does not follow"]
    end = ENDS.get(marked.worst, "")
    if wrong:
        end = f"Line {wrong[0]} does not follow." if len(wrong) == 1 else \
            f"{len(wrong)} lines do not follow; the first is line {wrong[0]}."
    counts = marked.totals
    if len(set(counts) - {"given"}) > 1 or marked.worst in ("not judged", "not read"):
        end += " Lines: " + ", ".join(f"{counts[k]} {word}" for k, word in COUNTS.items() if counts[k]) + "."
    follow = [m.verdict for m in marked.marks if m.mark in ("follows", "follows if") and m.verdict is not None]
    needs = list(dict.fromkeys(text(condition(c)) for v in follow for c in v.needs))
    return f"{end} Where {', '.join(needs)}." if needs else end


def _note(m: Mark) -> str:
    parts = [m.rule, f"from line {m.after}" if m.after is not None else "",
             f"from line {m.through}, which is wrong" if m.through is not None else "",
             "" if m.mark != "given" or m.reason is None else "left out" if m.reason.kind == "gap" else "a condition",
             f"a big step, {len(m.leapt) + 1} rules" if m.leapt else "",
            "checked" if m.mark == "follows" and m.verdict is not None and m.verdict.kind == "checked" else ""]
    return ", ".join(p for p in parts if p)


def _why(m: Mark) -> list[str]:
    out = [] if m.reason is None else filled(m.reason) if m.reason.kind in ("asked", "gap") else [reason(m.reason)]
    if m.error is not None and (m.verdict is None or m.mark == "not read"):
        out.append(m.error.message + (f" (column {m.error.column})" if m.mark == "not read" and m.error.column else ""))
        if m.mark == "not read" and m.error.hint:
            out.append(m.error.hint)
    if m.verdict is None and m.mark == "does not follow" and m.diagnosis.slips:
        out.append(capital(m.diagnosis) + ".")
    if m.reason is not None and m.reason.kind == "nearly":
        out += [capital(m.diagnosis) + ".", f"What follows is {m.would}."]
    if m.verdict is None or m.mark == "follows if" or (m.reason is not None and m.mark != "undecided"):
        return out
    out += [m.verdict.detail, *(value for value in witness(m.verdict) if len(value) <= LONGEST)]
    if m.diagnosis.slips not in ((), MISFIT.slips):
        out.append(capital(m.diagnosis) + ".")
    if m.would:
        out.append(f"What follows is {m.would}.")
    return out


def filled(why: Reason) -> list[str]:
    """The lines that a sheet asks for or leaves out, each with its rule."""
    lines = [line + (f"  ({rule})" if rule else "") for line, rule in zip(why.about[::2], why.about[1::2], strict=True)]
    first = "The next line:" if why.kind == "asked" else "Left out:"
    return [first, *lines] if lines else ["No rule gives a line here." if why.kind == "asked" else "Nothing is left out."]


def reason(why: Reason) -> str:
    """Why a line is not judged, or on what it depends."""
    names, first, last = ", ".join(why.about), why.about[0] if why.about else "", why.about[-1] if why.about else ""
    are = "is" if len(why.about) == 1 else "are"
    return {"constant": f"Only if {names} {are} constant; otherwise what d{' and d'.join(why.about)} would add is missing.",
            "structure": f"Only if {names}, of which the sheet says nothing.",
            "there": f"Only where the condition in line {last} holds.",
            "vector": f"Only if {names} is a vector; where it is a matrix, it does not follow.",
            "matrix": f"Only if {names} is a matrix; where it is a vector, it does not follow.",
            "number": f"Only if {names} {'is a number' if are == 'is' else 'are numbers'}; otherwise it does not follow.",
            "nonzero": f"Only where {names} {are} not zero.",
            "layout": f"Only if derivatives are laid out in the {names} layout.",
            "independent": f"Only as the derivative with respect to the independent entries of {names}.",
            "part": f"Only as the symmetric part of the derivative with respect to {names}.",
            "diagonal": f"Only as the derivative with respect to the diagonal entries of {names}.",
            "solution": f"It satisfies the condition in line {last}; it follows where no other {first} does.",
            "unread above": "The line above it could not be read.",
            "labels": f"It may hold for one-hot rows of {names} only, which no judge has.",
            "tainted": f"It rests on {first}, which could not be read or does not fit (line {last}).",
            "besides": f"It does not take into account what a sentence says: {first} (line {last}).",
            "entry": f"It rests on {first} (line {last}), which may be an entry; entries are not read.",
            "gradient": "It is not the differential of anything above; it may be meant as the gradient of a loss.",
            "reading": f"As it was read, it does not follow; the reading was a choice: {'; '.join(why.about)}.",
            "doubt": f"With {first} read as {last}, it does not follow.",
            "sizes": f"Nothing says what the {'shape' if len(why.about) == 1 else 'shapes'} of {names} {are}; as taken elsewhere on the "
                     "sheet, they do not fit here.",
            "derivative": f"It differentiates {names}, a derivative that is not known.",
            "through": f"Nothing says how {first} depends on {last}: both are made of the same names.",
            "perhaps": f"It would follow if {names}; the sheet was not read as saying so of this line.",
            "remark": "Said in a sentence; it may be a condition. As an identity it does not hold.",
            "alone": "Nothing says what it is equal to.",
            "conditional": f"It does not hold in general; it may follow from the condition in line {names}.",
            "definite": "Its form does not show it, and nothing else was tried.",
            "unknown": f"Nothing says what {first} is.",
            "depends": f"Nothing says how {first} depends on {last}.",
            "solved": f"{names} is a variable of the sheet: nothing says what it equals.",
            "equation": "Read as a condition; as an identity it does not hold.",
            "run": f"Run: {names}." if not names.isdigit() else f"Run at {names} points.",
            "condition": "A condition, not a claim.",
            "likened": f"It is {last}; nothing says that this is what {first} stands for.",
            "nearly": f"Nothing says what {first} stands for; if it is {last}, it does not follow.",
            "another": f"It may define another {first}, and is read so, or say something of the {first} above.",
            "unused": f"A definition of {names} that no other line uses: nothing says whether it is right."}[why.kind]


def _folded(text: str, first: str, later: str) -> list[str]:
    return folded(text, first, later, WIDTH if first or later else WIDTH - COLUMN)


def kinds(m: Mark) -> list[str]:
    """The codes of what is wrong with a line, or of what it holds under."""
    held = REASONS.get(m.reason.kind) if m.reason is not None and m.mark == "follows if" else ""
    if held and m.reason is not None and m.reason.kind == "structure":
        held = f"right-if-{m.reason.about[0].rpartition(' ')[2]}"
    if m.mark == "does not follow":
        return codes(m.diagnosis.slips or (MISFIT.slips if m.error is not None else ()))
    return [held] if held else []


def as_data(marked: Marked) -> str:
    """The marked sheet as data for JSON."""
    lines = [{"line": m.number, "text": m.text, "mark": m.mark, "rule": m.rule or None, "follows_from": m.after,
              "wrong_above": m.through, "verdict": verdict(m.verdict), "diagnosis": m.diagnosis, "codes": kinds(m),
              "would_follow": m.would or None, "left_out": [{"line": told, "rule": rule or None} for told, rule in m.leapt],
              "reason": None if m.reason is None else {"kind": m.reason.kind, "about": list(m.reason.about)},
              "error": None if m.error is None else {"message": m.error.message, "column": m.error.column, "hint": m.error.hint}}
             for m in marked.marks]
    wrong = next((m.number for m in marked.marks if m.mark == "does not follow"), None)
    return json({"verdict": marked.worst, "first_wrong": wrong, "totals": dict(marked.totals), "inferred": list(map(str, marked.inferred)),
                 "inferred_from": reasons(marked.inferred), "constant": list(marked.constant), "read": list(marked.read),
                 "read_as": [{"written": d.written, "read": d.reading} for d in marked.doubts], "layout": marked.layout or None,
                 "understood": [*(f"{n} {w}" for n, w in marked.said), *marked.understood],
                 "passed_over": [{"line": n, "text": t} for n, t in marked.passed], "lines": lines}, 2)
