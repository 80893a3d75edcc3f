"""The Matrix Cookbook, chapter 2, equation by equation: derivations/cookbook.jsonl judged and set as derivations/cookbook.md.

A line: `prints` (the Cookbook's equation), `declare`, `define`, `assume`, `prove` (the statements that say it, all to be proved; one
that is an object brings its own declarations), or `expr`, `wrt` and `claim` (a derivative by independent entries), `step` (what makes
it every power), `printed` (statements as printed, to be refuted), `correction` (what is wrong in print), `form`, `note`.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import matcalc as mc

FOLDER = Path(__file__).parent.parent / "derivations"
HEAD = """# The Matrix Cookbook, chapter 2

K. B. Petersen and M. S. Pedersen, *The Matrix Cookbook*, version of November 15, 2012, equations (33) to (144): what it prints, the
statement that was judged, and the verdict. `python tools/scoreboard.py` writes this page anew from `cookbook.jsonl`; the suite
runs every line.

**{good} of {all} proved for every size**:
{tally}. {rest}

Statements are in the language of matcalc: `d(F)/d(X)` is the derivative in the denominator layout, `d(X)` a differential. Any line can be
tried: `matcalc prove "d(det(X))/d(X) == det(X)*inv(X)'" --declare "X in R^(n,n)"`.

Where the Cookbook leaves a power open, the first powers are proved one by one, and with them the step that makes it every power: the
language has no power with a letter. Entries by number, such as $X_{{ij}}$, are said for all entries at once or with any vectors in
place of unit vectors. What a proof needs is said under its verdict.
"""
KINDS = {"as printed": "as printed", "induction": "for the first powers, with the step to every power",
         "parts": "by real and imaginary parts", "general form": "in a more general form",
         "corrected": "corrected, and refuted as printed"}


class Statement(NamedTuple):
    """An equation and what it is about."""

    text: str
    declare: list[str]
    define: list[str]
    assume: list[str]

    def verdict(self) -> Any:
        """What the judges say."""
        return judged(self.text, tuple(self.declare), tuple(self.define), tuple(self.assume))


@cache
def judged(text: str, declare: tuple[str, ...], define: tuple[str, ...], assume: tuple[str, ...]) -> Any:
    """What the judges say of an equation; once a run."""
    return mc.prove(text, declare, define, assume)


def rows() -> list[dict[str, Any]]:
    """The equations."""
    return [json.loads(line) for line in (FOLDER / "cookbook.jsonl").read_text("utf-8").splitlines()]


def statements(row: dict[str, Any], key: str) -> list[Statement]:
    """The statements under `prove`, `step` or `printed`."""
    out = []
    for x in row.get(key, []):
        own = x if isinstance(x, dict) else {"prove": x}
        given = {k: own.get(k, row.get(k, [])) for k in ("declare", "define", "assume")}
        out.append(Statement(own["prove"], **given))
    return out


def verdicts(row: dict[str, Any]) -> list[Any]:
    """What the judges say of each statement of an equation; of a structured derivative, of the claim and of matcalc's own."""
    out = [s.verdict() for key in ("prove", "step") for s in statements(row, key)]
    if "expr" in row:
        answer = mc.derive(row["expr"], row["wrt"], declare=row["declare"], structured=True, claim=row["claim"])
        out += [answer.claim_verdict, answer.verdict]
    return out


def good(row: dict[str, Any]) -> bool:
    """Whether an equation counts: everything said of it proved, what is wrong in print refuted with numbers."""
    found = verdicts(row)
    wrong = [s.verdict() for s in statements(row, "printed")]
    return bool(found) and all(v.kind == "proved" for v in found) and all(v.kind == "refuted" and v.witness for v in wrong)


def page() -> str:
    """The page."""
    table = rows()
    counts: dict[str, int] = {}
    left: dict[str, list[str]] = {}
    lines: list[str] = []
    section = ""
    for row in table:
        if row.get("section", section) != section:
            section = row["section"]
            lines.append(f"\n## {section}\n\n| | The Cookbook | Judged | |\n|---|---|---|---|")
        if "prove" in row or "expr" in row:
            verdict = KINDS[row["form"]] if good(row) else "not proved"
            counts[verdict] = counts.get(verdict, 0) + 1
            mark = "proved" if verdict == "as printed" else f"proved {verdict}" if verdict != "not proved" else verdict
        else:
            mark = row["form"]
        if not mark.startswith("proved"):
            left.setdefault(mark, []).append(f"({row['eq']})")
        conditions = dict.fromkeys(c for v in verdicts(row) for c in v.conditions)
        mark += "".join(f"<br>if {c}" for c in conditions)
        printed = row["prints"].replace("\\|", "\\Vert ").replace("|", "\\vert ")
        lines.append(f"| ({row['eq']}) | ${printed}$ | {_judged(row)} | {mark} |")
    total = sum(n for kind, n in counts.items() if kind != "not proved")
    tally = ", ".join(f"{n} {kind}" for kind, n in counts.items() if kind != "not proved")
    rest = "; ".join(f"{', '.join(names)}: {mark}" for mark, names in left.items())
    errata = ["", "## Errata", "", "What the equations say in print is false; each statement is refuted with numbers."]
    errata += [_erratum(row) for row in table if "correction" in row]
    head = HEAD.format(good=total, all=len(table), tally=tally, rest=f"Not counted: {rest}." if rest else "")
    return head + "\n".join(lines + errata) + "\n"


def _judged(row: dict[str, Any]) -> str:
    """The statements of a row, those that share their declarations together."""
    given = statements(row, "prove")
    parts = []
    if "expr" in row:
        parts.append([f"`{row['expr']}` by the independent entries of {row['wrt']}: `{row['claim']}`", "; ".join(row["declare"])])
    parts += _together(given, "step" in row)
    if "step" in row:
        parts += [["the step:"], *_together(statements(row, "step"), False)]
    parts.append([row["note"]] if row.get("note") else [])
    return "<br>".join(x for p in parts for x in p if x).replace("|", "\\|")


def _together(given: list[Statement], shorten: bool) -> list[list[str]]:
    parts: list[list[str]] = []
    for i, s in enumerate(given):
        last = i + 1 == len(given) or given[i + 1][1:] != s[1:]
        if shorten and 0 < i < len(given) - 1 and not last:
            parts += [["..."]] if i == 1 else []
            continue
        parts.append([f"`{s.text}`"])
        if last:
            parts.append(_about(s))
    return parts


def _about(s: Statement) -> list[str]:
    return [f"where `{'`, `'.join(s.define)}`" if s.define else "", f"given `{'`, `'.join(s.assume)}`" if s.assume else "",
            "; ".join(s.declare)]


def _erratum(row: dict[str, Any]) -> str:
    lines = [f"\n**({row['eq']})** {row['correction']}."]
    for s in statements(row, "printed"):
        v = s.verdict()
        values = "; ".join(f"{k} = {_numbers(x)}" for k, x in v.witness.items() if k not in ("sizes", "entry", "left", "right"))
        about = ", ".join(x for x in _about(s) if x)
        lines.append(f"\n- `{s.text}`, {about}\n- {v.detail}\n- {values}")
    return "\n".join(lines)


def _numbers(x: Any) -> str:
    if isinstance(x, list):
        return "[" + ", ".join(map(_numbers, x)) + "]"
    return re.sub(r"\.?0+$", "", f"{x:.4f}") if isinstance(x, float) else str(x)


if __name__ == "__main__":
    (FOLDER / "cookbook.md").write_text(page(), "utf-8")
