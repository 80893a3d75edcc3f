"""Gradients that are called alike: where h_bar is d(L)/d(h), a line x_bar = W'*h_bar says what d(L)/d(x) is, and defines nothing.

The same of delta_1 beside delta_2 = d(L)/d(z_2). What is not linear in other gradients, the mean x_bar of samples or a step x - g_x, stays
as it is, and so does what a sentence defines, a name that the one before is not made of, and one of which the sheet says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
import re

from ...language.traversal import reachable
from ...reading.grammar.brackets import terms
from ...reading.latex.tokens import Tokens
from ..parts.formula import formula, quotient
from ..parts.records import texts
from .sheet import Sheet

Called = Callable[[str], str]       # of a name the name of its gradient


def alike(gradient: str, x: str) -> Called | None:
    """How gradients are called of which one is known; None where that says nothing of others.

    >>> alike("h_bar", "h")("W"), alike("delta_2", "z_2")("z_1"), alike("delta_2", "z_2")("W"), alike("g", "x")
    ('W_bar', 'delta_1', '', None)
    """
    for before, behind in ((f"{x}_", ""), ("", f"_{x}")):
        if gradient.startswith(before) and gradient.endswith(behind) and len(gradient) > len(x) + 1:
            rest = gradient[len(before):len(gradient) - len(behind)]
            return lambda name: f"{name}_{rest}" if before else f"{rest}_{name}"
    (one, _, number), (other, _, same) = gradient.partition("_"), x.partition("_")
    if not number.isdigit() or number != same:
        return None
    return lambda name: f"{one}_{name.removeprefix(other + '_')}" if name.startswith(f"{other}_") else ""


def called_alike(sheet: Sheet) -> None:
    """Take the definitions of such names for what is said of gradients."""
    bodies = {n: b for n, b, _ in sheet.define}
    said = [*bodies.values(), *texts(sheet.rows), *sheet.declare]
    for known, body in list(bodies.items()):
        f, x = quotient(body) or ("", "")
        called = alike(known, x) if f else None
        if called is None:
            continue
        any_name = x not in bodies and not any(x in formula(text).names for text in said if text != body)      # v_bar, of any v
        tops = [x] if x in bodies else [f] if f in bodies else [n for n, b in bodies.items() if quotient(b) is None] if any_name else []
        of = set(reachable(tops, lambda n: formula(bodies.get(n, "")).names)) - {x}
        gradients = {g: v for v in of | {x} if (g := called(v))}
        if any_name and gradients.keys() - {known}:
            sheet.forget(known)
            for g in sorted(gradients.keys() - bodies.keys() - {known}):
                if any(g in formula(text).names for text in bodies.values()):
                    bodies[g] = f"(d({f})/d({gradients[g]}))"
                    sheet.defined(g, bodies[g], 0)
        rows, lines = sheet.rows, {r.defines for r in sheet.rows if r.right == r.defines}
        for g in [g for g in gradients if g in lines and g != known and not formula(bodies[g]).differential]:
            others = gradients.keys() - {g}
            linear = all(formula(term).names & others for _, term in terms(bodies[g]))
            otherwise = [r for r in rows if (of := quotient(r.left or "")) and (of == (f, gradients[g]) or r.right.strip("()") == g)]
            if linear and not otherwise:
                _taken(sheet, g, f"d({f})/d({gradients[g]})", bodies[g])


def _taken(sheet: Sheet, name: str, gradient: str, body: str) -> None:
    """Take a definition for an equation of a gradient, which the name stands for from then on."""
    sheet.rows = [r._replace(left=gradient, right=body, defines="") if r.defines == name and r.right == name else r for r in sheet.rows]
    sheet.define = [(n, f"({gradient})" if n == name else b, k) for n, b, k in sheet.define]
    sheet.names.bodies[name] = f"({gradient})"


def slope_of_nothing(sheet: Sheet, side: Tokens) -> bool:
    """Whether this is \\nabla f or \\nabla f(x) of an f that the text says nothing of: a name for it is a name and no more."""
    said = [t for t, _ in side if t not in "{}"]
    f = said[1].lstrip("\\") if len(said) > 1 and said[0] == r"\nabla" else ""
    if not f.isalpha() or sheet.names.known(f) or f in sheet.names.functions or len(said) > 2 and said[2] != "(":
        return False
    return re.search(rf"(?<![A-Za-z]){f}\s*(?:\([^()]*\)\s*)?(?:&\s*)?:?=", sheet.text) is None
