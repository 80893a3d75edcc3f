"""What the commands verify, check and rules do: tables of verdicts."""

from __future__ import annotations

import time
from math import inf

import click

from .. import api, judges, library
from ..equation import Equation
from ..reading.parse import Problem, parse_file, problem
from ..language.shape import InputError
from ..proof.verdict import Cause
from ..render.reasons import CALLED, JUDGED, PROGRAMS
from ..render.verdict_words import WordedVerdict
from ..render.verdicts import witness, wrapped
from ..rulebook.book import PROGRAMS as LAWS, SOURCES, sources
from ..rulebook.normal import BY_NAME as NORMAL
from ..rulebook.rule import Rule, sides
from .pages import PAGES, Pages
from .progress import counted

GOOD = ("proved", "checked")


COLOURS = {"follows": "green", "does not follow": "red",
           "proved": "green", "checked": "green", "same": "green", "refuted": "red", "undecided": "yellow",
           "not judged": "yellow", "unfinished": "yellow"}


def coloured(word: str, width: int = 0) -> str:
    """A verdict, coloured where the output is a terminal."""
    return click.style(word.ljust(width), fg=COLOURS[word]) if word in COLOURS else word.ljust(width)


def table(headings: list[str], rows: list[list[str]]) -> None:
    """Print columns side by side."""
    widths = [max(len(row[i]) for row in [headings, *rows]) for i in range(len(headings))]
    for row in [headings, *rows]:
        click.echo("  ".join(coloured(cell, w) for cell, w in zip(row, widths, strict=True)).rstrip())


# ------------------------------------------------------------ matcalc verify
def verify(names: list[str]) -> int:
    """Every judge on the library; 1 if anything falls short."""
    start = time.perf_counter()
    rows: list[list[str]] = []
    short = 0
    names = names or library.names()
    for name in counted(names, len(names)):
        asked = parse_file(library.text(name), name)
        for i, p in enumerate(asked):
            cells = _judged(p)
            short += cells[-1] != ""
            rows.append([name if len(asked) == 1 else f"{name}:{i + 1}", *cells])
    falls = [(row[0], row.pop()) for row in rows]
    table(["derivation", "expected", "steps", "points", "all sizes", "entries", "s"], rows)
    for name, why in falls:
        if why:
            print(f"{name}: {why}")
    print(f"{len(rows)} problem{'s' * (len(rows) != 1)}, {short} failed, {time.perf_counter() - start:.1f} s")
    return 1 if short else 0


def _judged(p: Problem) -> list[str]:
    """The cells of one problem, and at the end what falls short."""
    start = time.perf_counter()
    if p.prove is not None:
        v = judges.equation(p, True)
        return ["", "", v.kind, "", "", f"{time.perf_counter() - start:.2f}", "" if v.kind in GOOD else v.detail]
    try:
        if p.several:
            g = api.gradients(p, shown=True)
            return ["", "", g.together.kind, g.verdict.kind, "", f"{time.perf_counter() - start:.2f}",
                    "" if g.verdict.kind in GOOD else g.detail]
        d = api.solve(p)
    except api.Unfinished as e:
        return ["", "unfinished", "", "", "", f"{time.perf_counter() - start:.2f}", str(e)]
    expected = d.expected[0].kind if d.expected is not None else "same" if p.expect is not None else ""
    looks = judges.each(p, d.record)
    replayed = judges.replay(d.record)
    bad = [v.detail for v in [*looks.values(), replayed] if v.kind == "refuted"]
    if expected not in ("", "same", *GOOD):
        bad.append(f"the result is {d.result}, expected {p.expect if p.expect is not None else p.text['expect']}")
    if not any(v.kind in GOOD for v in looks.values()):
        bad.append("no judge could decide")
    return [expected, _word(replayed), *[_word(looks[k]) for k in ("points", "indices", "components")],
            f"{time.perf_counter() - start:.2f}", "; ".join(bad)]


def _word(v: WordedVerdict) -> str:
    return "-" if v.why is Cause.MISSING else v.kind


# ------------------------------------------------------------ matcalc prove, matcalc check
def judged(p: Problem, verify: bool, out: Pages) -> str:
    """Print the verdict on an equation; return its kind."""
    found = Equation.judged(p, verify)
    if out.form in (*PAGES, "json"):
        out.show(found)
    else:
        out.put(found.text(detail=out.unfolded))      # beside code that was asked for
    return found.verdict.kind


def hand(text: str, form: str = "text", seconds: float = inf, hint: int = 0, big: int = 0, given: str = "") -> int:
    """A hand derivation: the mark of every line, all in so many seconds, or a hint; 1 if one does not follow, 3 if one is undecided,
    not judged or not read, 4 if all follow but one of them only under a condition. Steps of more than so many rules are big."""
    from ..sheets.interface import check
    from ..sheets.many_sheets import EXIT
    from ..sheets.page import as_data, page
    found = check(text, seconds, big, given)
    click.echo(as_data(found.marked) if form == "json" else found.hint(hint) if hint else page(found.marked, coloured))
    return EXIT.get(found.worst, 0)


def several(files: list[str], text: str | None, form: str, seconds: float, jobs: int, runs: bool = False) -> int:
    """Several hand derivations, each by itself, after what a task gives: a table; the exit code of the worst."""
    from ..sheets.overview import said, table as overview
    from ..sheets.page import page
    from ..sheets.many_sheets import marks, worst
    from ..sheets.task import Task, task
    try:
        given = Task() if text is None else task(text)
    except InputError as e:
        e.message = f"in the task: {e.message}"
        raise
    found = list(counted(marks(files, given, seconds, jobs, runs), len(files), lambda marked: ""))
    if len(found) == 1 and found[0].name.endswith(".py") and form == "text":
        one = found[0]
        if one.marked is None:
            raise InputError(one.error)
        click.echo(page(one.marked, coloured))
        click.echo(f"The answer: {one.answer}." + (f" Points: {said(one)}." if one.points is not None else ""))
    else:
        click.echo(overview(found, form))
    return worst(found)


# ------------------------------------------------------------ matcalc rules
def rules(name: str | None) -> int:
    """The table of rules, or one rule in full."""
    found = judges.all_rules()
    if name is None:
        from shutil import get_terminal_size
        width = min(get_terminal_size((80, 24)).columns, 120)
        column = max(len(r.name) for r in found) + 2
        kinds = [rule_verdict(r).kind for r in counted(found, len(found), lambda r: r.name)]
        for r, kind in zip(found, kinds, strict=True):
            head = f"{r.name.ljust(column)}{r.equation}"
            gap = width - len(head) - len(r.see) - 11
            click.echo(f"{head}{' ' * gap}{r.see}  {coloured(kind)}" if gap > 1 else
                       f"{head}\n{' ' * (width - len(r.see) - 11)}{r.see}  {coloured(kind)}")
        print("\n".join(f"{key}: {said}" for key, said in SOURCES.items()))
        print(f"{len(found)} rules, {sum(k in GOOD for k in kinds)} of them checked just now; `matcalc rules NAME` shows one in full")
        print("\n".join(wrapped(f"{len(NORMAL)} more are used while a formula is built, each under its condition:")))
        print("\n".join(f"{law.name.ljust(column)}{law.equation}, where {law.condition}" for law in NORMAL.values()))
        print("\n".join(wrapped(f"{len(PROGRAMS)} more are programs, checked for their form and judged wherever they are used:")))
        print("\n".join(f"{program.ljust(column)}{LAWS[program]}" for program in PROGRAMS))
        return 1 if "refuted" in kinds else 0
    names = {r.name: r.called for r in found} | {k: law.called for k, law in NORMAL.items()} | CALLED
    alike = [k for k, said in names.items() if said == name]
    if len(alike) > 1:
        print("\n".join([f"{name}: {len(alike)} rules", *(f"  {k}" for k in alike)]))
        return 0
    name = alike[0] if alike else name
    rule = next((r for r in found if r.name == name), None)
    if rule is None and name in NORMAL:
        law = NORMAL[name]
        print(f"{law.name}: {law.called}\n  {law.equation}\n  for       {law.given}\n  where     {law.condition}")
        return 0
    if rule is None and name in PROGRAMS:
        print("\n".join([f"{name}: {CALLED[name]}", f"  {LAWS[name]}", *wrapped(PROGRAMS[name], "  "), *wrapped(JUDGED, "  ")]))
        return 0
    if rule is None:
        from difflib import get_close_matches
        near = get_close_matches(name, [*(r.name for r in found), *PROGRAMS, *NORMAL], 3)
        raise InputError(f"no rule is called {name}", hint=f"close: {', '.join(near)}" if near else "run `matcalc rules` to see all")
    from ..render.latex import latex
    from ..render.notebook import as_written
    from ..rulebook.algebra import SCALAR, TIDY
    from ..rulebook.measure import measure
    verdict = rule_verdict(rule)
    print(f"{rule.name}: {rule.called}\n  {rule.equation}\n  for       {rule.given or 'any'}"
          + (f"\n  where     {rule.condition}" if rule.condition else "")
          + f"\n  source    {rule.see or 'none'}"
          + "".join(f"\n            {key}: {SOURCES[key]}" for key in sources(rule.see))
          + f"\n  LaTeX     {' = '.join(map(latex, as_written(rule)))}")
    print("\n".join(line for text in (str(verdict), *witness(verdict)) for line in wrapped(text)))
    if rule in (*TIDY, *SCALAR) and measure(rule.rhs) >= measure(rule.lhs):
        print("  Never used: it makes nothing shorter" + (", both sides are built alike." if rule.lhs is rule.rhs else "."))
    return 1 if verdict.kind == "refuted" else 0


def rule_verdict(rule: Rule) -> WordedVerdict:
    """What the judges say of a rule's equation."""
    left, _, right = rule.equation.partition(" = ")
    sides(rule, None)           # a RowError names the row
    try:
        p = problem(declare=rule.declarations, prove=f"{left} == {right}")
        return judges.equation(p)
    except InputError as e:
        return judges.unreadable(e)
