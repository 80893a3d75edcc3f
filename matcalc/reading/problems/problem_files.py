"""Problem files: one statement a line, # comments; each `derive` or `prove` is a problem under the lines above it."""

from __future__ import annotations

import re
from typing import Any

from ..declarations.declare import Declarations
from .numbered_lines import FAMILY, members
from .problem import LAYOUTS, Problem
from .from_lines import assemble, directed, problem
from .question import Lines
from ...language.shape import InputError
from ..grammar.tokens import ANNOUNCING, Line, is_name
from . import where_clauses, layer_counts
from ...patterns import pattern

ALONG = ("cotangent", "tangent", "hvp")
ABOUT = ("title", "source", "notes")
TURNED = r"\s*(?:'|\.T|\^\{?(?:T|\\top)\}?|[ᵀ⊤])\s*"
SYMMETRIC = pattern(rf"[\s$]*(?:(\w+)\s*=\s*-?\s*\1{TURNED}|(\w+){TURNED}=\s*-?\s*\2)[\s$.;]*")        # A = A', Aᵀ = -A
FORMS = "derive f wrt x[, y or wrt all] [order 2], prove lhs == rhs, expect ..., assume ..., a declaration x in R^n or a definition z = A*x"


class _Section:
    """What stands above a question."""

    def __init__(self) -> None:
        self.about: dict[str, str] = {}
        self.declare: list[Line] = []
        self.define: list[Line] = []
        self.assume: list[Line] = []
        self.options: dict[str, Any] = {}
        self.asked = False


def parse_file(text: str, name: str = "") -> list[Problem]:
    """The problems of an .mc file. A title after a question begins anew.

    >>> [p] = parse_file("x in R^n\\nderive x'*x wrt x")
    >>> p.f, p.wrt
    (<x'*x>, <x>)
    """
    section = _Section()
    questions: list[tuple[_Section, dict[str, Any], dict[str, Any], dict[str, list[Line]]]] = []
    for number, raw in enumerate(where_clauses.statements(text.removeprefix("\ufeff")).splitlines(), 1):
        end = len(raw)
        if "#" in raw:
            end = _comment(raw)
        start = len(raw) - len(raw.lstrip())
        if not raw[start:end].strip() or raw[start] == "%":
            continue
        word = raw[start:end].split(None, 1)[0]
        after = start + len(word)
        lone = raw[after:end].lstrip()[:1] not in ("=", ":")
        beside: where_clauses.SplitLine | None = None
        if word in ("derive", "prove") and lone:
            raw = raw.replace(" with respect to ", f" wrt{' ' * 13}")
            if not ANNOUNCING.isdisjoint(raw[after:end].split()):
                beside = where_clauses.split_line(raw[after:end], True)
                end = raw.index(beside.formula, after) + len(beside.formula)
        rest = Line("" if word in ABOUT else raw, number, after, end) if lone else None
        if rest is not None and word in ABOUT:
            if word == "title" and section.asked:
                section = _Section()
            section.about[word] = raw[after:end].strip().strip('"')
        elif rest is not None and word in ("expand", "structured") and not rest.tokens[0]:
            section.options[word] = True
        elif rest is not None and word == "layout" and rest.tokens[0] != "in":
            section.options["layout"] = _layout(rest)
        elif rest is not None and word == "assume":
            section.assume.append(rest)
        elif rest is not None and word in ("derive", "prove"):
            section.asked = True
            lines = [line.shown for line in (*section.declare, *section.define)]
            if any(".." in line for line in lines) and layer_counts.depth(lines) is not None:
                questions.append((section, {"any": rest}, section.options, {}))
                continue
            asked, options = _derive(rest) if word == "derive" else ({"prove": rest}, {})
            questions.append((section, asked, section.options | options, {
                key: [*members(getattr(section, key)), *(Line(text, number) for text in getattr(beside, key, ()))]
                for key in ("declare", "define", "assume")}))
        elif rest is not None and word == "expect":
            if not questions or "expr" not in questions[-1][1]:
                raise Line(raw, number, start, end).error("expect must follow a derive line", 0)
            questions[-1][1]["expect"] = rest
        else:
            line = Line(raw, number, start, end)
            many = re.fullmatch(FAMILY, line.shown, re.DOTALL) if ".." in line.shown else None
            defines = "=" in (line.tokens if many is None else many[1]) and SYMMETRIC.fullmatch(line.shown) is None
            (section.define if defines else section.declare).append(line)
    if not questions:
        raise InputError(f"no derive or prove line found{' in ' * bool(name)}{name}", hint=FORMS)
    return [_problem(*question) for question in questions]


def _of_any_depth(section: _Section, asked: Line, options: dict[str, Any]) -> Problem:
    """The gradients through as many layers as a letter says."""
    expr, _, names = asked.shown.partition(" wrt ")
    lines = ([line.shown for line in part] for part in (section.declare, section.define, section.assume))
    declare, define, assume = lines
    p = problem(declare, define, assume, expr=expr.strip(), several=[n.strip() for n in names.split(",")], **options)
    return p.replace(**section.about)


def _comment(raw: str) -> int:
    """Where a comment begins; not inside quotes."""
    quoted = False
    for i, c in enumerate(raw):
        if c == '"':
            quoted = not quoted
        elif c == "#" and not quoted:
            return i
    return len(raw)


def _layout(line: Line, at: int = 0) -> str:
    layout: str = line.tokens[at]
    if layout not in LAYOUTS:
        raise line.error("unknown layout" if layout else "a layout is missing", at, "the layouts are " + ", ".join(LAYOUTS))
    return layout


def _derive(line: Line) -> tuple[dict[str, Any], dict[str, Any]]:
    """f wrt x [order 2] [layout numerator] [structured] [expand]."""
    tokens = line.tokens
    if "wrt" not in tokens and where_clauses.says_by_what(line.shown):
        return {"expr": line}, {}
    if "wrt" not in tokens:
        raise line.error("derive needs wrt: derive f wrt x", len(tokens) - 1)
    wrt = tokens.index("wrt")
    options: dict[str, Any] = {}
    dollar = tokens[wrt + 1] == "$"
    i = _behind(tokens, wrt + 1 + dollar)
    i += dollar and tokens[i] == "$"
    end = i
    while tokens[i:i + 1] == [","] and tokens[i + 1] not in ("order", "layout"):
        first, i = i + 1, _behind(tokens, i + 1)
        options.setdefault("wrt", ["".join(tokens[wrt + 1:end])]).append("".join(tokens[first:i]))
    if i == end and tokens[wrt + 1] == "all":
        options["wrt"] = ["all"]
    while i < len(tokens) and tokens[i] and tokens[i:] != [";", ""]:
        i += tokens[i] == "," and tokens[i + 1] in ("order", "layout", "structured", "expand")
        word = tokens[i]
        if word == "order":
            if tokens[i + 1] not in ("1", "2"):
                raise line.error("the order must be 1 or 2", i + 1)
            options["order"] = int(tokens[i + 1])
            i += 2
        elif word == "layout":
            options["layout"] = _layout(line, i + 1)
            i += 2
        elif word in ALONG and is_name(tokens[i + 1]):
            options[word] = tokens[i + 1]
            i += 2
        elif word in ("structured", "expand"):
            options[word] = True
            i += 1
        else:
            raise line.error(f"{word} cannot stand here", i, "derive f wrt x [order 2] [layout numerator] [structured]")
    expr = Line(line.text, line.number, line.start, line.place(wrt))
    if "wrt" in options:
        return {"expr": expr}, options
    behind = line.place(wrt) + 3
    stop = line.place(end) if end < len(tokens) else line.end
    return ({"expr": expr,
             "wrt": Line(line.text, line.number, behind, max(stop, behind))}, options)


def _behind(tokens: list[str], i: int) -> int:
    """What stands behind a variable: x, x(2), A[i,j], W{1}."""
    if tokens[i + 1:i + 2] not in (["("], ["["], ["{"]):
        return i + 1
    return next((k + 1 for k in range(i, len(tokens)) if tokens[k] in (")", "]", "}")), len(tokens) - 1)


def _problem(section: _Section, asked: dict[str, Any], options: dict[str, Any], given: dict[str, list[Line]]) -> Problem:
    if "any" in asked:
        return _of_any_depth(section, asked["any"], options)
    scope = Declarations()
    for line in given["declare"]:
        scope.add(line, f"line {line.number}")
    several, along = options.get("wrt", ()), {key: options[key] for key in ALONG if key in options}
    options = {key: value for key, value in options.items() if key not in ("wrt", *ALONG)}
    if several and "expect" in asked:
        raise asked["expect"].error(f"expect needs a single variable, not {len(several)}", 0, "ask for it on a line of its own")
    text: dict[str, Any] = {key: [line.shown.strip() for line in lines] for key, lines in given.items()}
    typed = {key: line.shown.strip() for key, line in asked.items()}
    try:
        out = assemble(scope, Lines(given["define"], given["assume"], **asked)).replace(order=options.get("order", 1))
    except InputError as error:
        out = _in_words(text | typed, options, error)
    if "expr" in asked and out.wrt is None and not several:
        out = _in_words(text | typed, options, asked["expr"].error("derive needs wrt: derive f wrt x", len(asked["expr"].tokens) - 1))
    out = directed(out, several, **along)
    text |= {"expr": None, "wrt": None, "claim": None, "prove": None, "expect": None}
    text |= typed | ({"expr": str(out.f)} if "cotangent" in along else {})
    return out.replace(text=text, **section.about, **options | {"order": out.order})


def _in_words(asked: dict[str, Any], options: dict[str, Any], error: InputError) -> Problem:
    """What a line asks that says more than its formula: derive d/dx (x'Ax), the gradient of x'Ax wrt x; the error where it says nothing."""
    try:
        return problem(**asked, order=options.get("order", 1), layout=options.get("layout", "denominator"))
    except InputError:
        raise error from None
