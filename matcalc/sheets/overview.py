"""Several marked sheets as a table, in each format."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from json import loads

from ..render import escaping
from ..render.escaping import json
from .page import as_data, page
from .many_sheets import File, clusters, worst

HEADS = ("file", "verdict", "first wrong", "given", "follow", "if", "wrong", "open", "answer", "points", "mistakes", "error")
STYLE = "details{margin:.4em 0}table{border-collapse:collapse}td,th{border:1px solid #999;padding:.2em .5em;text-align:left}"


def table(files: Sequence[File], form: str) -> str:
    """The overview in a format: text, JSON, CSV, HTML or Markdown."""
    return {"text": _text, "json": _json, "csv": _csv, "html": _html, "markdown": _markdown}[form](files)


def cells(f: File) -> list[str]:
    if f.marked is None:
        return [f.name, f.verdict, *[""] * 9, f.error]
    n = f.marked.totals
    rest = sum(n[k] for k in ("undecided", "not judged", "not read"))
    return [f.name, f.verdict, "" if f.wrong is None else str(f.wrong), str(n["given"]), str(n["follows"]), str(n["follows if"]),
            str(n["does not follow"]), str(rest), f.answer, said(f), ", ".join(f.codes), ""]


def said(f: File) -> str:
    """The points of a file in words: `4.5 of 6, 1 open`."""
    if f.points is None:
        return ""
    p = f.points
    return f"{p.method + p.answer:g} of {p.of:g}" + (f", {p.open:g} open" if p.open else "")


def _kept(files: Sequence[File]) -> tuple[list[str], list[list[str]]]:
    """The columns in which something stands."""
    rows = [cells(f) for f in files]
    kept = [i for i, head in enumerate(HEADS) if head in HEADS[:8] or any(row[i] for row in rows)]
    return [HEADS[i] for i in kept], [[row[i] for i in kept] for row in rows]


def _text(files: Sequence[File]) -> str:
    heads, rows = _kept(files)
    rows = [[escaping.visible(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]
    out = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in [heads, *rows]]
    return "\n".join([*out, "", f"{len(files)} files, {sum(f.exit == 0 for f in files)} in which every line follows."] + _alike(files))


def _alike(files: Sequence[File]) -> list[str]:
    """The files with the same mistake, and those with mistakes of one kind."""
    same = {code: names for code, names in clusters(files).items() if len(names) > 1}
    kinds = {code: [f.name for f in files if code in f.codes] for code in dict.fromkeys(code for f in files for code in f.codes)}
    same |= {code: names for code, names in kinds.items() if len(names) > 1 and names not in same.values()}
    return [f"{code}: {', '.join(map(escaping.visible, names))}" for code, names in same.items()]


def _json(files: Sequence[File]) -> str:
    out: list[dict[str, object]] = []
    for f in files:
        found = None if f.marked is None else loads(as_data(f.marked))
        out.append({"file": f.name, "verdict": f.verdict, "exit": f.exit, "first_wrong": f.wrong, "codes": f.codes,
                    "answer": f.answer or None, "points": None if f.points is None else f.points._asdict(), "error": f.error or None,
                    "sheet": found})
    return json({"exit": worst(files), "files": out, "clusters": clusters(files)}, 2)


def _csv(files: Sequence[File]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADS)
    writer.writerows([_cell(cell) for cell in cells(f)] for f in files)
    return out.getvalue().rstrip("\n")


def _cell(text: str) -> str:
    """What a spreadsheet takes for words and no formula."""
    text = escaping.visible(text)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def _html(files: Sequence[File]) -> str:
    heads, rows = _kept(files)
    lines = ["<!DOCTYPE html>", '<html lang="en"><meta charset="utf-8"><title>Marked sheets</title>', f"<style>{STYLE}</style>", "<table>",
             "<tr>" + "".join(f"<th>{head}</th>" for head in heads) + "</tr>",
             *("<tr>" + "".join(f"<td>{escaping.html(cell)}</td>" for cell in row) + "</tr>" for row in rows), "</table>",
             *(f"<p>{escaping.html(line)}</p>" for line in _alike(files))]
    opened = " open" if len(files) == 1 else ""
    for f in files:
        if f.marked is not None:
            whole = "\n".join(map(escaping.html, page(f.marked, lambda word, width: word.ljust(width)).split("\n")))
            said = f"{f.name}: {f.verdict}" + (f", line {f.wrong}" if f.wrong else "")
            lines.append(f"<details{opened}><summary>{escaping.html(said)}</summary><pre>{whole}</pre></details>")
    return "\n".join([*lines, "</html>"])


def _markdown(files: Sequence[File]) -> str:
    heads, rows = _kept(files)
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}", *(f"| {' | '.join(map(escaping.markdown, row))} |" for row in rows)]
    alike = [f"- {escaping.markdown(line)}" for line in _alike(files)]
    return "\n".join([*lines, *(["", *alike] if alike else [])])
