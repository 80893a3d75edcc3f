"""The Matrix Cookbook, chapter 2, equation by equation: derivations/cookbook.jsonl judged and set as derivations/cookbook.md."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import matcalc as mc

FOLDER = Path(__file__).parent.parent / "derivations"
HEAD = """# The Matrix Cookbook, chapter 2

K. B. Petersen and M. S. Pedersen, *The Matrix Cookbook*, version of November 15, 2012, equations (33) to (144): what it prints, the
statement that was judged, and the verdict. `python tools/scoreboard.py` writes this page anew from `cookbook.jsonl`; the suite
runs every line.

**{good} of {all} proved for every size**:
{tally}.

Statements are in the language of matcalc: `d(F)/d(X)` is the derivative in the denominator layout, `d(X)` a differential. Any line can be
tried: `matcalc prove "d(det(X))/d(X) == det(X)*inv(X)'" --declare "X in R^(n,n)"`.
"""
KINDS = {"as printed": "as printed", "k = 1 to 5": "for the powers 1 to 5", "k = 1 to 4": "for the powers 1 to 4",
         "real case": "in the real case", "general form": "in a more general form", "corrected": "corrected, and refuted as printed"}


def rows() -> list[dict[str, Any]]:
    """The equations."""
    return [json.loads(line) for line in (FOLDER / "cookbook.jsonl").read_text("utf-8").splitlines()]


def verdicts(row: dict[str, Any]) -> list[Any]:
    """What the judges say of each statement of an equation; of a structured derivative, of the claim and of matcalc's own."""
    if "expr" in row:
        answer = mc.derive(row["expr"], row["wrt"], declare=row["declare"], structured=True, claim=row["claim"])
        return [answer.claim_verdict, answer.verdict]
    out = [mc.prove(claim, declare=row["declare"], define=row.get("define", ())) for claim in row.get("prove", [])]
    if "also" in row:
        out.append(mc.prove(row["also"]["prove"], declare=row["also"]["declare"], define=row.get("define", ())))
    return out


def printed(row: dict[str, Any]) -> list[tuple[str, Any]]:
    """What is refuted: each statement as printed, and its verdict."""
    given = row.get("printed", [])
    declare = next((x for x in given if isinstance(x, list)), row.get("declare"))
    return [(x, mc.prove(x, declare=declare, define=row.get("define", ()))) for x in given if isinstance(x, str)]


def good(row: dict[str, Any]) -> bool:
    """Whether an equation counts: everything said of it proved, what is wrong in print refuted with numbers."""
    found = verdicts(row)
    return bool(found) and all(v.kind == "proved" for v in found) and all(v.kind == "refuted" and v.witness for _, v in printed(row))


def page() -> str:
    """The page."""
    table = rows()
    counts: dict[str, int] = {}
    lines: list[str] = []
    errata: list[str] = []
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
        lines.append(f"| ({row['eq']}) | ${row['prints']}$ | {_statement(row)} | {mark} |")
        for text, v in printed(row):
            errata.append(_erratum(row, text, v))
    total = sum(n for kind, n in counts.items() if kind != "not proved")
    tally = ", ".join(f"{n} {kind}" for kind, n in counts.items())
    notes = "\n".join(["", "## Errata", "", "What the equations say in print is false; each line is refuted with numbers."] + errata)
    return HEAD.format(good=total, all=len(table), tally=tally) + "\n".join(lines) + "\n" + notes + "\n"


def _statement(row: dict[str, Any]) -> str:
    shown = [f"`{c}`" for c in row.get("prove", [])]
    if len(shown) > 2:
        shown = [shown[0], "...", shown[-1]]
    if "expr" in row:
        shown = [f"`{row['expr']}` by the independent entries of {row['wrt']}: `{row['claim']}`"]
    where = ", ".join(row.get("define", []))
    words = "<br>".join(shown) + (f"<br>where `{where}`" if where else "")
    given = "; ".join(row.get("declare", []))
    out = words + (f"<br>{given}" if given else "") + (f"<br>{row['note']}" if row.get("note") else "")
    return out.removeprefix("<br>").replace("|", "\\|")


def _erratum(row: dict[str, Any], text: str, v: Any) -> str:
    given = next((x for x in row["printed"] if isinstance(x, list)), row["declare"])
    where = f" where `{', '.join(row['define'])}`" if row.get("define") else ""
    values = "; ".join(f"{k} = {_numbers(x)}" for k, x in v.witness.items() if k not in ("sizes", "entry", "left", "right"))
    return f"\n**({row['eq']})** `{text}`{where} ({'; '.join(given)}): {row['note']}.\n\n- {v.detail}\n- {values}"


def _numbers(x: Any) -> str:
    if isinstance(x, list):
        return "[" + ", ".join(map(_numbers, x)) + "]"
    return re.sub(r"\.?0+$", "", f"{x:.4f}") if isinstance(x, float) else str(x)


if __name__ == "__main__":
    (FOLDER / "cookbook.md").write_text(page(), "utf-8")
