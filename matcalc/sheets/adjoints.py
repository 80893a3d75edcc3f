"""dW for the gradient of a loss with respect to W, as in programs: the sheet with every such name written as a derivative."""

from __future__ import annotations

import re
from copy import copy

from .records import Row
from .sheet import Sheet
from .variables import LOSSES

D = re.compile(r"(?<![\w/])d\((\w+)\)(?!/d\()")
ALONE = re.compile(r"\(?d\((\w+)\)\)?")
LOSS = re.compile(r"\bd\((\w+)\)/d\(")


def free(sheet: Sheet) -> list[Row]:
    """The rows that say what d(W) is, of a W that the sheet does not define, nor binds by an equation: no differential of anything."""
    defined = {name for name, _, _ in sheet.define}
    defined |= {w for r in sheet.rows if r.why is None and r.left and not re.fullmatch(r"\w+|.*\bd\(.*", r.left)
                for w in re.findall(r"\w+", r.left)}
    found = ((r, ALONE.fullmatch(r.left or "")) for r in sheet.rows if r.why is None)
    called = gradients_called_d(sheet) or assigned(sheet)
    return [r for r, m in found if m is not None and (m[1] not in defined or called)]


def assigned(sheet: Sheet) -> bool:
    """Whether each d(W) is said what it is before it is used, as in a program, and one of them without another: no differential is. That
    of what nothing else is made of may be one."""
    used_in = {w for _, body, _ in sheet.define for w in re.findall(r"\w+", body)}
    said, alone = set[str](), False
    for r in sheet.rows:
        used = set(D.findall(f"{r.right} {'' if ALONE.fullmatch(r.left or '') else r.left or ''}")) if r.why is None else set()
        if not used <= said:
            return False
        name = ALONE.fullmatch(r.left or "")
        if name is not None and name[1] in sheet.names.bodies and name[1] not in used_in:
            return False
        if name is not None:
            said.add(name[1])
            alone = alone or not used
    return alone


def gradients_called_d(sheet: Sheet) -> bool:
    """Whether a chain that begins with the derivative of a loss goes on with a differential: d(L)/d(b) = .. = d(y)."""
    start = ""
    for r in sheet.rows:
        start = r.left if r.left is not None else start
        loss = LOSS.search(start) if r.why is None else None
        if loss is not None and loss[1] in LOSSES and D.search(r.right) and not LOSS.search(r.right):
            return True
    return False


def with_gradients(sheet: Sheet, size: str = "") -> Sheet | None:
    """The sheet read so; None where its differentials do not allow it. Of a mean over so many samples the gradients by what is computed
    may be those of the sum, dZ = A - Y, and the mean be taken of those by the parameters only."""
    texts = [*(f"{r.left or ''} {r.right}" for r in sheet.rows), *(body for _, body, _ in sheet.define)]
    losses = list(dict.fromkeys(n for t in texts for n in LOSS.findall(t)))
    losses = [n for n in losses if n in LOSSES] if gradients_called_d(sheet) else losses
    if not free(sheet) or len(losses) > 1:
        return None
    used = {w for _, body, _ in sheet.define for w in re.findall(r"\w+", body)}
    scalars = [n for n, _, _ in sheet.define if n not in used and (sheet.shape(n) == ("1", "1") or sheet.shape(n) is None and n in LOSSES)]
    loss = losses[0] if losses else scalars[0] if len(scalars) == 1 else "loss"
    if any(n == loss for t in texts for n in D.findall(t)) or (not losses and not scalars and sheet.names.known("loss")):
        return None

    defined = {n for n, _, _ in sheet.define} if size else ()

    def said(text: str) -> str:
        return D.sub(lambda m: f"({size}*(d({loss})/d({m[1]})))" if m[1] in defined else f"(d({loss})/d({m[1]}))", text)
    out = copy(sheet)
    out.rows = [r if r.why is not None else r._replace(left=r.left and said(r.left), right=said(r.right)) for r in sheet.rows]
    out.define = [(n, said(body), k) for n, body, k in sheet.define]
    also = f", d of a defined one that of {size}*{loss}" if size else ""
    out.understood = [*sheet.understood, f"d of a name is the gradient of {loss} by it{also}"]
    return out
