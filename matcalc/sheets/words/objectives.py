"""What is to be minimised and has no name: `minimize ||X w - y||^2 over w`."""

from __future__ import annotations

import re

from ...patterns import pattern

WANTED = r"(?:minimi[sz](?:e|es|ed|ing)|maximi[sz](?:e|es|ed|ing)|min|max)"
OVER = r"(?:over|with respect to|w\.?r\.?t\.?)(?: all| the| (?:vector|matrix|weights?|parameters?))*"
TASK = pattern(rf"(?P<label>\s*(?:[A-Z][\w .-]*: ?)?)(?:(?:we|want|wish|to|now|problem|the) )*{WANTED}(?:_\{{?(?P<below>\w+)\}}?)?"
               rf"(?: {OVER} (?P<first>\w+))?:?(?: of)? +(?P<of>[^=\s][^=]*?)(?: {OVER} (?P<by>\w+))?"
               r"(?P<rest>(?<![, ])[, ]++(?:s\.?t\.?|subject to|such that|where|with) .*|[.,]?)")
WORDS = pattern(r"(?<![\w\\])[a-z]{3,} [a-z]{3,}\b|^(?:the|a|our|this|f|L|J|E)\b(?!')")
LOSS = pattern(r"(?<![\w/])[d∂] ?([LJEf]) ?/ ?[d∂]")
SIGNS = pattern(r"[\^'|(*ᵀ]")


def with_objectives(lines: list[str]) -> list[str]:
    """Lines in which an expression that is to be minimised is given a name.

    >>> with_objectives(["min over w of |w|^2 + b'w", "max_w w'Cw s.t. w'w = 1", "minimize the loss L(w)"])
    ["objective(w) = |w|^2 + b'w", "objective_2(w) = w'Cw s.t. w'w = 1", 'minimize the loss L(w)']
    """
    out, count, whole = list[str](), 0, "\n".join(lines)
    losses = {n for n in LOSS.findall(whole) if re.search(rf"(?<![\w/]){n}(?:\([\w, ]+\))? ?:?=", whole) is None}
    for line in lines:
        found = TASK.fullmatch(line) if "i" in line or "max" in line else None
        if found is None or WORDS.search(found["of"]) or SIGNS.search(found["of"]) is None:
            out.append(line)
            continue
        count += 1
        by = found["below"] or found["first"] or found["by"]
        name = losses.pop() if len(losses) == count == 1 else "objective" if count == 1 else f"objective_{count}"       # L of dL/dw
        out.append(f"{found['label']}{name}{f'({by})' if by else ''} = {found['of']}{found['rest']}")
    return out


BEFORE = pattern(r"\b(?:minimi[sz]|maximi[sz])(?:e|es|ed|ing)\s+(?:the\s+(?:\w+\s+){0,2})?(?:\$+|\\[(\[])\s*$")
BEHIND = pattern(rf"[\s,.]*(?:\$+|\\[)\]])[\s,]*{OVER}\s+(?:\$|\\\()\s*"
                 r"(?:\\(?:mathbf|boldsymbol|bm|vec)\s*)?\{?\\?(?P<by>[A-Za-z]+)\}?\s*(?:\$|\\\)|\\in)")


def sought_by(text: str, start: int, end: int) -> str | None:
    r"""The variable of a formula that the words before it say to minimise, empty where they name none; None where they do not say so.

    >>> text = r"We minimise $w^T w$ over $w$ and take $v$."
    >>> sought_by(text, 13, 18), sought_by(text, 36, 37)
    ('w', None)
    """
    if BEFORE.search(text, max(start - 60, 0), start) is None:
        return None
    found = BEHIND.match(text, end)
    return found["by"] if found is not None else ""
