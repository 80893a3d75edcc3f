"""What a typed line says beside its formula: `f where z = W*x`, and the derivative that is asked of it: d/dx (x'*A*x)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from ..declarations.declare import declarations
from ..grammar.functions import FUNCTIONS
from .problem import Problem
from .question import Question
from ..grammar.tokens import ANNOUNCING, BESIDE
from ...language.recognition import as_derivative
from ...language.shape import InputError
from ...records import Record
from ...patterns import pattern

SPACE = r"(?:[^\S\n]|~|\\(?:q?quad\b|[,;: ]))*"
WORDS = "|".join(sorted(ANNOUNCING))
WORD = rf"(?P<word>(?<![A-Za-z\\])(?:{WORDS}|and(?=\s+\S+\s*:?=))\b:?|\\text\s*\{{\s*(?:{WORDS})\b:?\s*\}})"
TEXT = pattern(r"\\(?:text(?:rm|it|normal)?|mbox|mathrm|quad|qquad)(?![A-Za-z])(?:\s*\{([^{}\\]*)\})?")
FONT = pattern(r"\\(?:math(?!bb)\w+|bm|boldsymbol)\s*\{\s*(\\?\w+)\s*\}")
SPOKEN = pattern(rf"\\(?:text(?:rm|it|normal)?|mbox|mathrm)\s*\{{[^{{}}\\]*\b(?:{WORDS}|symmetric)\b|\$\s+(?:{WORDS})\s")
STEP = pattern(r"[^\S\n]+|\\?.", re.DOTALL)        # what is not looked at again: all blanks, a sign behind a backslash
CUT = pattern(rf"{SPACE}(?P<sign>[,;\n]?){SPACE}{WORD}?\s*{SPACE}")
NAMED = pattern(r"\s*(?:let\s+)?(?P<name>[^=<>(+*/]*[^=<>(+*/:\s])(?:\([\w\s,]*\))?\s*:?=(?!=)\s*(?P<body>.*\S)\s*", re.DOTALL)
DERIVED = pattern(r"[^=]*?(?:\bd|∂|\\partial)\s*\(?([A-Za-z])(?!\w)[^=]*=|[^=]*?∇\w*\s*([A-Za-z])(?!\w)[^=]*=")
DERIVATIVE = pattern(r"[∂∇]|\b(?:D|Grad)\[|\bgrad_|\b(?:[gG]rad(?:ient)?|diff|[hH]essian)\(|\bd[A-Za-z]?\s*/\s*d|\)\s*/\s*d|"
                        r"\\(?:nabla|partial)(?![A-Za-z])|\\[dt]?frac\s*\{\s*(?:d|\\mathrm\s*\{?d)")


LETTER = r"(?:\\(?:math\w+|bm|boldsymbol)\s*\{?\s*\\?\w+\s*\}?|\\?\w+)"
ARGUMENT = pattern(r"\s*(?:\w+\s*[=:]\s*)?(?:lambda\s+(\w+)\s*:|@\s*\(\s*(\w+)\s*\)|(\w+)\s*(?:->|[↦→]|\\mapsto))|"
                      rf"(?:[\s$]|\\[\[(]|\\begin\{{\w+\*?\}}|\*\*)*(?:def\s+)?{LETTER}\s*\(\s*({LETTER})\s*\)"
                      r"(?:[\s&]|\*\*)*(?:=(?!=)|:\s*return\b)")        # lambda x: .., x -> .., f(x) = .., \mathcal{L}(w) = ..
COMMENT = pattern(rf"(?<![^\S\n])[^\S\n]*(?:{BESIDE.pattern})[^\n]*")
SESSION = pattern(r"^[^\S\n]*(?:(?:>>>|\.\.\.(?!\.)|In \[\d+\]:)[^\S\n]?|(?:import|from)[^\S\n][^\n]*\n)",
                    re.MULTILINE)         # what a session of Python shows before a line, and what is imported
ASSIGNED = pattern(r"^([^\S\n]*[A-Za-z]\w*[^\S\n]*)<-[^\S\n]", re.MULTILINE)         # as R writes it
PROGRAM = pattern(r"\s*def\s+\w+\s*\(\s*([^()]*?)\s*\)\s*(?:->\s*\w+\s*)?:\s*\n(?:\s*(\"\"\"|\'\'\').*?\2\s*\n)?", re.DOTALL)
BY = r"(?:with\s+respect\s+to|w\.?r\.?t\.?|by)(?!\w)"
VERBS = r"please|how\s+(?:do\s+i|to)|can\s+you|what\s+is|what['’]s|find|compute|calculate|determine|derive|differentiate|take|give|show|me"
ASKED = pattern(rf"\s*+(?P<verb>(?:(?:{VERBS})\b\s*+)*+)"
                   r"(?:(?:the\s+)?(?P<noun>(?:(?:partial|first|second|matrix|total)\s+)*(?:derivative|gradient|hessian|jacobian))"
                   rf"(?:\s+matrix)?(?:\s+{BY}\s+(?P<by>\w+))?\s+(?:of|for)\s+(?:the\s+function\s+)?)?(?P<f>.*?)"
                   rf"(?:[\s,]\s*{BY}\s*(?:the\s+)?(?:(?:vector|matrix|scalar|variable)\s+)?(?P<x>[^=]*?))?\s*[?.]?\s*",
                   re.DOTALL | re.IGNORECASE)
EXTREMUM = pattern(r"\s*(?:arg\s*)?(?:min|max)(?:imi[sz]e)?(?:\s*_\s*\{?\s*(?P<below>\w+)\s*\}?)?(?:\s+over\s+(?P<over>\w+))?"
                      rf"\s*(?:[:,]|(?<=[\s}}])|(?=[‖|½]))\s*(?(below)|(?!\())(?P<f>.+?)(?:\s+(?:over|{BY})\s+(?P<by>\w+))?\s*", re.DOTALL)
BEHIND = pattern(r"(?P<f>.*[^\s(])\s+\((?P<said>(?:[^()]|\([^()]*\))*)\)[\s.]*", re.DOTALL)      # x'A x (A symmetric)
CALLED = pattern(r"[\w.]+\([^()]*\)")          # tr(P)
LONGEST = 1_000     # characters of a question in words


class SplitLine(Record):
    """A formula, and the lines beside it."""

    formula: str
    define: tuple[str, ...] = ()
    declare: tuple[str, ...] = ()
    assume: tuple[str, ...] = ()


def split_line(text: str, words: bool = False) -> SplitLine:
    """The formula of a line and what is said of its names behind it, or before it and a semicolon; with `words` only what a word announces.

    Nothing is taken apart where one of the parts says neither what a name stands for nor what it is.

    >>> split_line("norm2(r)^2 where r = A*x - b, A in R^(m,n)").define
    ('r = A*x - b',)
    """
    typed = text
    if "\\" in text and (begun := SPOKEN.search(text)) is not None:
        text = text[:begun.start()] + FONT.sub(r"\1", TEXT.sub(r" \1 ", text[begun.start():])).replace("$", "")
    behind = BEHIND.fullmatch(text)
    if behind is not None and all(_said(part) == "declared" for part in _parts(behind["said"], words)[0]):
        text = f"{behind['f']} where {behind['said']}"
    parts, ended = _parts(text, words)
    if words and len(parts) < 2:            # 2*A*x, A symmetric
        said, _ = _parts(text, False)
        certain = all(_said(part) == "declared" and ("=" not in part or "quad" in text) for part in said[1:])
        parts = said if certain and "=" in said[0] else parts
    if len(parts) < 2 or not all(parts):
        return SplitLine(typed)
    found = [_said(p) for p in parts]
    if found[0] == "declared" and "formula" not in found and CALLED.fullmatch(parts[0]):      # tr(P), and not a tr of P entries
        found[0] = "formula"
    first = next((k for k, said in enumerate(found) if said == "formula"), len(parts) - 1 if ended else 0)
    if any(said == "formula" for k, said in enumerate(found) if k != first) or first and words:
        return SplitLine(typed)
    if found[first] == "named" or not (words or found[first] == "formula"):        # z = W*x, f = z'*z
        named = [k for k, said in enumerate(found) if said == "named"]
        last = [k for j, k in enumerate(named) if not any(j in used for used in _uses([parts[k] for k in named]))]
        if first not in last:
            if len(last) != 1 or words:
                return SplitLine(typed)
            first = last[0]
    rest = [(p, said) for k, (p, said) in enumerate(zip(parts, found, strict=True)) if k != first]
    named, declared, assumed = (tuple(p for p, said in rest if said == kind) for kind in ("named", "declared", "assumed"))
    return SplitLine(parts[first], _in_order(named), declared, assumed)


def _parts(text: str, words: bool) -> tuple[list[str], bool]:
    """The line cut where a comma, a semicolon or a word stands outside of all brackets; whether statements end there, as in a program."""
    out, start, depth, at, ended = list[str](), 0, 0, 0, False
    while at < len(text):
        found = None if depth else CUT.match(text, at)
        if found is not None and (found["word"] or found["sign"] and not (words and len(out) < 1)):
            if out or found["sign"] != "\n" or text[start:at].strip():           # the line of an import is blank
                ended = ended or not out and found["sign"] in (";", "\n") and not found["word"]
                out.append(text[start:at])
            start = at = found.end()
        else:
            step = STEP.match(text, at)[0]  # type: ignore[index]
            depth += (step in "([{") - (step in ")]}")
            at += len(step)
    parts = [p.strip() for p in (*out, text[start:])]
    for k in range(len(parts) - 1, 0, -1):              # A, B in R^n
        if re.fullmatch(r"\w+", parts[k - 1]) and k > 1 and _said(parts[k]) == "declared":
            parts[k - 1:k + 1] = [f"{parts[k - 1]}, {parts[k]}"]
    return parts, ended


def _said(part: str) -> str:
    """Whether a part names something, declares something, is an equation, or is the formula."""
    try:
        declarations([part])
    except InputError:
        named = NAMED.fullmatch(part)
        if named is not None and not re.search("['ᵀ^|‖²]", named["name"]) and named["name"] not in FUNCTIONS:
            return "named"
        return "assumed" if len(re.findall("(?<![=<>])=(?!=)", part)) == 1 else "formula"
    return "declared"


def _uses(defined: Sequence[str]) -> list[set[int]]:
    """Of each definition, which others it uses."""
    found = [(named["name"].strip(), named["body"]) for text in defined if (named := NAMED.fullmatch(text))]
    names = [pattern(rf"(?<![A-Za-z\\]){re.escape(name)}(?![A-Za-z0-9])") for name, _ in found]
    return [{j for j, name in enumerate(names) if found[j][0] != own and name.search(body)} for own, body in found]


def _in_order(defined: Sequence[str]) -> tuple[str, ...]:
    """The definitions, each behind those whose names it uses."""
    used = dict(enumerate(_uses(defined)))
    out: list[str] = []
    while used:
        free = next((k for k in used if used.keys().isdisjoint(used[k])), next(iter(used)))
        del used[free]
        out.append(re.sub(r"^\s*let\s+", "", defined[free]))
    return tuple(out)


def with_where_clauses(q: Question) -> Question:
    """What is asked, what stands beside a formula or a claim among the lines; the same where nothing does."""
    for key in ("expr", "prove", "claim"):
        text = getattr(q, key)
        if isinstance(text, str):
            found = split_line(text, key != "expr")
            if found.formula != text:
                changes: dict[str, Any] = {k: [*q.lines(k), *getattr(found, k)] for k in ("declare", "define", "assume")}
                q = q._replace(**changes | {key: found.formula})
    return q


def by_name(q: Question) -> Question:
    """What is asked, with a name for the function where a claim gives it one that stands for nothing else: f*(1 - f); else the same.

    >>> by_name(Question(expr="sigmoid(x'*x)", claim="2*f*(1 - f)*x", wrt="x")).define
    ["f = sigmoid(x'*x)"]
    """
    claim, expr, wrt = q.claim, q.expr, q.wrt
    if not isinstance(claim, str) or not isinstance(expr, str) or not isinstance(wrt, str) or expr.isidentifier():
        return q
    left = DERIVED.match(claim)
    name = left[1] or left[2] if left is not None else "f"
    word = re.compile(rf"(?<![\w\\]){name}(?![A-Za-z0-9_]|['’′]+\s*\()")
    lines = [line for key in ("declare", "define", "assume") for line in q.lines(key)]
    if word.search(claim, left.end() if left is not None else 0) is None or any(word.search(text) for text in (expr, wrt, *lines)):
        return q
    said = f"{name}({wrt})" if f"{name}({wrt})" in claim else name
    return q._replace(expr=name, define=[*q.lines("define"), f"{said} = {expr}"])


def statements(text: str) -> str:
    """A text without what a session of Python or R has around its statements; every line is where it was.

    >>> statements("import numpy as np\\nr <- A %*% x"), statements(">>> x @ x")
    ('\\nr = A %*% x', 'x @ x')
    """
    return ASSIGNED.sub(r"\1= ", SESSION.sub(lambda m: "\n" * m[0].count("\n"), text))


def by_argument(q: Question) -> Question:
    """What is asked, by the argument of a function where nothing else says by what; else the same.

    >>> by_argument(Question(expr="f(x) = x'*A*x")).wrt, by_argument(Question(expr="lambda w: w @ w")).wrt
    ('x', 'w')
    >>> by_argument(Question(expr="def f(x):\\n    r = A @ x\\n    return r @ r"))[3:5]
    ('    r = A @ x\\n    r @ r', 'x')
    """
    if isinstance(q.expr, str):
        text = statements(q.expr)
        q = q._replace(expr=COMMENT.sub("", text).rstrip("; \n") if "\n" in text else text)
    program = PROGRAM.match(q.expr) if isinstance(q.expr, str) else None
    if program is not None and q.expr is not None:
        names = [part.partition(":")[0].strip() for part in program[1].split(",")]
        q = q._replace(expr=re.sub(r"(?m)^(\s*)return\s+", r"\1", q.expr[program.end():]),
                       wrt=names[0] if q.wrt is None and not q.several and len(names) == 1 else q.wrt)
    if q.wrt is not None or q.several or not isinstance(q.expr, str):
        return q
    found = ARGUMENT.match(q.expr)
    return q if found is None or is_derivative(q.expr) else q._replace(wrt=found[found.lastindex or 0])


def extremum(expr: str, wrt: str) -> tuple[str, str]:
    """The function and the variable of min_x f, argmax_x f and minimize f over x; the same where no word asks for an extremum.

    >>> extremum("min_x norm2(A*x - b)^2", ""), extremum("minimize x'*x over x", ""), extremum("min(x, 0)", "x")
    (('norm2(A*x - b)^2', 'x'), ("x'*x", 'x'), ('min(x, 0)', 'x'))
    """
    found = EXTREMUM.fullmatch(expr)
    by = (found["below"] or found["over"] or found["by"]) if found is not None else None
    if found is None or by and wrt not in ("", by):
        return expr, wrt
    return found["f"], wrt or by or ""


def is_derivative(formula: str) -> bool:
    """Whether a formula looks like a derivative, which says by what.

    >>> is_derivative("d/dx (x'*A*x)"), is_derivative("x'*A*x wrt x"), is_derivative("x'*A*x")
    (True, True, False)
    """
    return DERIVATIVE.search(formula) is not None or re.search(rf"\b(?:{BY}|gradient|derivative|[Hh]essian)", formula) is not None


def says_by_what(formula: str) -> bool:
    """Whether a formula says by what it is differentiated: as a derivative, or as a function of something.

    >>> says_by_what("d/dx (x'*x)"), says_by_what("f(x) = x'*x"), says_by_what("x'*x")
    (True, True, False)
    """
    return is_derivative(formula) or ARGUMENT.match(formula) is not None


def in_words(q: Question) -> Question:
    """What is asked, of a question in words; the same where there are none.

    >>> in_words(Question(expr="What is the Hessian of x'*A*x with respect to x?"))[3:6]
    ("x'*A*x", 'x', 2)
    """
    found = ASKED.fullmatch(q.expr) if isinstance(q.expr, str) and len(q.expr) < LONGEST and not q.several else None
    if found is None or not (found["verb"] or found["noun"] or found["x"]):
        return q
    by = found["by"] or found["x"]
    noun, names = (found["noun"] or "").lower(), re.split(r"\s*,\s*|\s+and\s+", by) if by else []
    if noun.endswith("jacobian") and q.layout == "denominator":
        raise InputError("a Jacobian has a layout", hint="ask for the derivative, which is the Jacobian with --layout numerator")
    if q.wrt is not None and names not in ([], [q.wrt]):
        raise InputError(f"the derivative with respect to {by} is in the formula, and the one with respect to {q.wrt} is asked for")
    second = noun.endswith("hessian") or noun.startswith("second")
    if noun and not names and q.wrt is None:
        return q._replace(expr=f"{'∇²' if second else '∇'}({found['f']})")
    return q._replace(expr=found["f"], wrt=names[0] if len(names) == 1 else q.wrt, several=names if len(names) > 1 else q.several,
                      order=2 if second else q.order)


def derivative(q: Question, assume: Sequence[str], read: Callable[[Question], Problem]) -> tuple[tuple[str], Question] | None:
    """What is asked where the formula is a derivative itself, and by what: d/dx (x'*A*x), and how it reads."""
    if not isinstance(q.expr, str) or q.several or not is_derivative(q.expr):
        return None
    try:
        wrt = q.wrt if re.search(r"∇|\\nabla", q.expr) else None
        sides = read(Question(q.declare, q.define, assume, wrt=wrt, prove=f"{q.expr} = 0")).as_typed().prove
    except InputError as e:
        if e.source is None or e.column is None or e.column >= len(q.expr):
            return None
        e.source = e.source.removesuffix(" = 0")
        raise
    f, x, order = sides[0] if sides else None, None, 0
    while f is not None and (asked := as_derivative(f)) is not None and order < 2 and (x is None or asked[1] is x):
        f, x = asked
        order += 1
    if f is None or x is None or order * q.order > 2:
        return None
    if q.wrt not in (None, x.text):
        raise InputError(f"the formula is the derivative with respect to {x}, and the one with respect to {q.wrt} is asked for")
    said = f"d({f})/d({x})" if order == 1 else f"d(d({f})/d({x}))/d({x})"
    return (said,), q._replace(expr=f.text, wrt=x.text, order=order * q.order)
