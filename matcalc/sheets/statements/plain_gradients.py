"""Gradients in plain lines: grad f, ∇²f, and grad or Hess alone."""

from __future__ import annotations

import re

from ...reading.latex.letters import FUNCTIONS
from ..parts.formula import formula
from ..parts.variables import LOSSES
from .sheet import Sheet
from .sheet_names import SheetNames
from ...patterns import pattern

GRADIENT = pattern(r"(?:∇(?P<twice>²|\^2)?\s*|\b(?:[gG]rad|(?P<hess>[hH]ess))(?:_(?P<by>\w+))?\s+)"
                      r"(?P<name>[A-Za-z]\w*)(?![\w_])(?:\((?P<of>\w+)\))?")
LONE = pattern(r"\b(?:[gG]rad(?:ient)?|derivative|(?P<second>[hH]ess(?:ian)?))\b"       # of what is plain from the sheet
               r"(?: +(?P<times>[A-Za-z]\w*))?(?! *\()")
SLOPE = pattern(r"\bd\(\w+\)/d\(\w+\)")


def gradient(names: SheetNames, m: re.Match[str]) -> str:
    """A gradient without its variable, of a defined name: by the one that it is usually taken by."""
    name, given = m["name"], names.arguments.get(m["name"], ())
    x = m["by"] or (given[0] if len(given) == 1 else names.variable(name) if name in names.bodies else None)
    if name not in names.bodies.keys() | names.arguments.keys() or x is None or m["of"] not in (None, x):
        return m[0]
    return f"(d(d({name})/d({x}))/d({x}))" if m["twice"] or m["hess"] else f"(d({name})/d({x}))"


def lone_derivative(sheet: Sheet, m: re.Match[str]) -> str:
    """What `grad` or `Hess` alone is: the derivative of the loss, or of the one definition that no other uses."""
    bodies, word, times = sheet.names.bodies, m[0].split()[0], m["times"]
    if not sheet.new(word) or times in bodies or times in sheet.names.arguments or times in FUNCTIONS:
        return m[0]
    used = {n for body in bodies.values() for n in formula(SLOPE.sub("", body)).names}
    tops = [f for f in bodies if f not in used and not LONE.fullmatch(f)]
    losses = [f for f in tops if f in LOSSES or f in sheet.given_names] or tops
    x = sheet.names.variable(losses[0]) if len(losses) == 1 else None
    first = f"d({losses[0]})/d({x})" if losses else ""
    return m[0] if x is None else (f"(d({first})/d({x}))" if m["second"] else f"({first})") + (f" {times}" if times else "")
