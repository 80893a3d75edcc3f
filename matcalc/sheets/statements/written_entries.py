r"""Plain lines with indices, written as LaTeX has them: df/dx_i = 2*(x_i - y_i) as \frac{\partial f}{\partial x_i} = .."""

from __future__ import annotations

import re

from ...reading.grammar.brackets import ROUND, closing
from ...reading.latex.letters import FUNCTIONS
from ...reading.grammar.tokens import GREEK, GREEK_NAMES
from ..words.plain_items import plain_items
from ...patterns import pattern

LETTER = r"[A-Za-z\u0370-\u03ff]"
BELOW = r"_\{?(?P<below>[i-l](?: ?,? ?[i-l])?)\}?(?!\w)"
BY_ENTRY = pattern(rf"(?:\bd|∂) ?\w+ ?/ ?(?:d|∂) ?({LETTER}\w*?)_\{{?[i-l]")
OF_THE_LAST = pattern(rf"(?m)^([ \t]*)(d|∂) ?/ ?((?:d|∂) ?{LETTER}\w*?_\{{?[i-l]\}}?) ?(?::|=(?=[^=]*$))[ \t]*")
DEFINED = pattern(rf"[ \t]*({LETTER}\w*)(?:\([^()=]*\))? ?=(?!=)")
SUM = pattern(r"(?:\bsum_|[∑Σ]_?)\{?[i-l]")
INDEXED = pattern(rf"[^\W_]{BELOW}|[∑Σ]")
PART = pattern(rf"(?:\bd|∂) ?(?P<of>\w+?)(?:_\{{?(?P<entry>[i-l]+)\}}?)? ?/ ?(?:d|∂) ?(?P<by>{LETTER}\w*?){BELOW}|"
                  rf"(?:\bsum_|[∑Σ]_?)\{{?(?P<over>[i-l](?: ?,? ?[i-l])?)\}}?(?!\w)|"
                  rf"(?P<name>{LETTER}(?:\w*?(?={BELOW.replace('?P<below>', '')})|\w*))"
                  rf"(?:{BELOW.replace('below', 'place')})?|(?P<turn>'|\^T\b|ᵀ)|\*")


def _with_functions(text: str) -> str:
    """The lines d/dx_i: .. with the name that the text defines last above them."""
    of, out = "", []
    for raw in text.split("\n"):
        said = OF_THE_LAST.match(raw)
        out.append(f"{said[1]}{said[2]}{of}/{said[3]} = {raw[said.end():]}" if said is not None and of else raw)
        defined = DEFINED.match(raw)
        of = defined[1] if defined is not None else of
    return "\n".join(out)


def written_entries(text: str) -> str:
    """A text in which a derivative by an entry is taken, with its lines of entries in LaTeX; any other as it is.

    >>> written_entries("df/dx_i = 2*(x_i - y_i)\\nx in R^n")
    '\\\\frac{\\\\partial f}{\\\\partial x_{i}} = 2 (x_{i} - y_{i})\\nx in R^n'
    """
    text = _with_functions(text) if OF_THE_LAST.search(text) else text
    by = BY_ENTRY.findall(text)         # u_k of u_k+1, where neither a sum nor u is, is a name
    if not by or SUM.search(text) is None and not any(re.search(rf"(?<!\w){x}(?!\w)", text) for x in by):
        return text
    return "\n".join(_line(raw) if "=" in raw and INDEXED.search(raw) and "\\" not in raw else raw for raw in text.split("\n"))


def _line(text: str) -> str:
    """One line, its formulas in LaTeX and the words around them as they are."""
    text = text.partition("#")[0].rstrip(" .")
    out, at = "", 0
    for item in plain_items(text, lambda _: False):
        if item.kind == "display":
            out, at = f"{out}{text[at:item.start]}{_formula(item.text)}", item.end
    return out + text[at:]


def _formula(text: str) -> str:
    while (at := text.find("^(")) >= 0 and (end := closing(text, at + 1, ROUND)) > at:
        text = f"{text[:at]}^{{{text[at + 2:end]}}}{text[end + 1:]}"
    return PART.sub(_part, text)


def _part(m: re.Match[str]) -> str:
    if m["by"]:
        entry = f"_{{{m['entry']}}}" if m["entry"] else ""
        return rf"\frac{{\partial {_name(m['of'])}{entry}}}{{\partial {_name(m['by'])}_{{{m['below']}}}}}"
    if m["over"]:
        return rf"\sum_{{{','.join(re.findall('[i-l]', m['over']))}}} "
    if m["name"]:
        return _name(m["name"]) + (f"_{{{m['place']}}}" if m["place"] else "")
    return r"^\top" if m["turn"] else " "


def _name(name: str) -> str:
    name = GREEK.get(name, name)
    if name in GREEK_NAMES:
        return f"\\{name} "
    return name if len(name) == 1 else rf"\operatorname{{{name}}}" if name in FUNCTIONS else rf"\mathrm{{{name}}}"
