"""A problem: what is declared, defined, assumed and asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from .declare import declaration, greek
from .infer import Inference
from .lower import Lowering, Scope, needs_inference
from .nodes import Expr, Name
from .shape import InputError, ShapeError, show_shape
from .tokens import Node, Reader

LAYOUTS = ("denominator", "numerator", "mixed")
_DEFINITION = re.compile(r"\s*([^\W\d]\w*)\s*=(?!=)")


class Problem:
    """One question, read and shaped."""

    def __init__(self) -> None:
        self.variables: dict[str, Name] = {}
        self.inferred: list[str] = []
        self.definitions: list[tuple[Name, Expr]] = []
        self.assumptions: list[tuple[Expr, Expr]] = []
        self.f: Expr | None = None
        self.wrt: Name | None = None
        self.order = 1
        self.layout = "denominator"
        self.structured = self.expand = False
        self.claim: Expr | None = None
        self.expect: Expr | None = None
        self.prove: tuple[Expr, Expr] | None = None
        self.ill_shaped: InputError | None = None
        self.scope = Scope()
        self.title = self.source = self.notes = ""
        self.text: dict[str, object] = {}


class _Texts:
    """The raw trees of a problem, read once."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.all: list[tuple[str, Node]] = []

    def read(self, text: str, offset: int = 0, line: str | None = None) -> tuple[str, Node]:
        """A tree; columns count from the start of the whole line."""
        try:
            tree = Reader(text, self.scope.functions()).read()
        except InputError as error:
            if offset and error.column is not None:
                error.column, error.source = error.column + offset, line
            raise
        self.all.append((text, tree))
        return text, tree


def split_equation(text: str, sign: str) -> tuple[str, str]:
    """The two sides of an equation."""
    parts = text.split(sign)
    if len(parts) != 2:
        raise InputError(f"an equation has one {sign}: '{text.strip()[:80]}'", 1, 1, text[:200],
                         "write LHS == RHS" if sign == "==" else "write sum(y) = 1")
    return parts[0], parts[1]


def problem(declare: Sequence[str] = (), define: Sequence[str] = (), assume: Sequence[str] = (),
            expr: str | None = None, wrt: str | None = None, order: int = 1, layout: str = "denominator",
            structured: bool = False, claim: str | None = None, prove: str | None = None, expand: bool = False,
            expect: str | None = None) -> Problem:
    """Read a problem; InputError names the culprit.

    >>> problem(expr="x'*A*x", wrt="x").inferred
    ['A in R^(n,n)', 'x in R^n']
    """
    out = Problem()
    out.text = {"declare": list(declare), "define": list(define), "assume": list(assume), "expr": expr, "wrt": wrt,
                "claim": claim, "prove": prove}
    if layout not in LAYOUTS:
        raise InputError(f"unknown layout {layout}", hint="layouts: " + ", ".join(LAYOUTS))
    if order not in (1, 2):
        raise InputError(f"order {order} is not 1 or 2")
    for text in [*declare, *define, *assume, expr, wrt, claim, prove, expect]:
        if text is not None and not isinstance(text, str):
            raise InputError(f"expected text, got {type(text).__name__}")
    out.order, out.layout, out.structured, out.expand = order, layout, structured, expand
    scope = out.scope = Scope(declare)
    texts = _Texts(scope)
    defined: list[tuple[str, tuple[str, Node]]] = []
    for line in define:
        m = _DEFINITION.match(line)
        if m is None:
            raise InputError(f"cannot read the definition '{line.strip()[:80]}'", 1, 1, line[:200], "write z = W'*x + b")
        name = greek(m[1])
        if name in scope.names or any(name == n for n, _ in defined):
            raise InputError(f"{name} is declared twice: '{line.strip()}'", 1, m.start(1) + 1, line)
        defined.append((name, texts.read(line[m.end():], m.end(), line)))
    assumed = [tuple(texts.read(side) for side in split_equation(a, "=")) for a in assume]
    f = texts.read(expr) if expr is not None else None
    claims = {key: texts.read(text) for key, text in (("claim", claim), ("expect", expect)) if text is not None}
    equation = [texts.read(side) for side in split_equation(prove, "==")] if prove is not None else None
    inference = _infer(out, scope, defined, texts)
    for name, (text, tree) in defined:
        body = Lowering(text, scope, inference).lower(tree)
        scope.names[name] = Name(name, body.shape)
        out.definitions.append((scope.names[name], body))
    out.assumptions = [(Lowering(a[0], scope, inference).lower(a[1]), Lowering(b[0], scope, inference).lower(b[1]))
                       for a, b in assumed]
    for left, right in out.assumptions:
        if left.shape != right.shape:
            raise InputError(f"assume {left} = {right}: {show_shape(left.shape)} and {show_shape(right.shape)}")
    if f is not None:
        out.f = Lowering(f[0], scope, inference).lower(f[1])
    try:
        for key, (text, tree) in claims.items():
            setattr(out, key, Lowering(text, scope, inference).lower(tree))
        if equation is not None:
            left, right = (Lowering(t, scope, inference).lower(tree) for t, tree in equation)
            out.prove = _same_shape(left, right)
    except ShapeError as error:
        out.ill_shaped = error
    for name, value in scope.names.items():
        if not any(value is n for n, _ in out.definitions):
            out.variables[name] = value
    if wrt is not None:
        key = greek(wrt.strip())
        found = scope.names.get(key)
        if found is None or found.kind == "function":
            raise InputError(f"cannot differentiate with respect to {wrt.strip()[:60] or 'nothing'}: no variable is called so",
                             1, 1, wrt[:200], "variables: " + (", ".join(n for n, v in scope.names.items()
                                                                       if v.kind == "variable") or "none"))
        out.wrt = found
    return out


def _same_shape(left: Expr, right: Expr) -> tuple[Expr, Expr]:
    from .build import ZERO, zeros
    if left.shape != right.shape:
        if right is ZERO:
            return left, zeros(*left.shape)
        if left is ZERO:
            return zeros(*right.shape), right
        raise ShapeError(f"the sides have different shapes: {left} is {show_shape(left.shape)}, "
                         f"{right} is {show_shape(right.shape)}")
    return left, right


def _infer(out: Problem, scope: Scope, defined: list[tuple[str, tuple[str, Node]]], texts: _Texts) -> Inference | None:
    names = {**scope.names, **{n: Name(n) for n, _ in defined}}
    if not any(needs_inference(tree, names, scope.sizes) for _, tree in texts.all):
        return None
    inference = Inference(scope.names, set(scope.sizes))
    own = {id(tree) for _, (_, tree) in defined}
    try:
        for name, (_, tree) in defined:
            inference.found[name] = inference.shape(tree)
        for _, tree in texts.all:
            if id(tree) not in own:
                inference.shape(tree)
    except InputError as error:
        error.source = error.source or next((t for t, _ in texts.all), "")
        raise
    shapes = inference.settle(set(scope.sizes) | set(scope.names) | set(inference.found))
    for name in sorted(shapes):
        if not any(name == n for n, _ in defined):
            rows, cols = shapes[name]
            scope.names[name] = Name(name, (rows, cols))
            one = cols.number == 1
            out.inferred.append(f"{name} in R" if one and rows.number == 1 else f"{name} in R^{rows}" if one
                                else f"{name} in R^({rows},{cols})")
            for d in (rows, cols):
                for n in d.names:
                    scope.sizes.setdefault(n, f"the inferred shape of {name}")
    return inference


def parse_file(text: str, name: str = "") -> list[Problem]:
    """The problems of an .mc file: declarations, definitions and assumptions hold for all that follow."""
    declare: list[str] = []
    define: list[str] = []
    assume: list[str] = []
    out: list[Problem] = []
    about = {"title": "", "source": "", "notes": ""}
    asked: list[dict[str, object]] = []
    expand = False
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.split("#", 1)[0].strip()
        if not line:
            continue
        word, _, rest = line.partition(" ")
        rest = rest.strip()
        if word in about:
            about[word] = rest.strip('"')
        elif word == "expand":
            expand = True
        elif word == "assume":
            assume.append(rest)
        elif word == "derive":
            expr, found, tail = rest.rpartition(" wrt ")
            if not found:
                raise InputError(f"line {number}: derive needs wrt: '{line}'", number, 1, line, "derive f wrt x [order 2]")
            parts = tail.split()
            order = int(parts[2]) if len(parts) == 3 and parts[1] == "order" and parts[2].isdigit() else 1
            asked.append({"expr": expr, "wrt": parts[0] if parts else "", "order": order})
        elif word == "prove":
            asked.append({"prove": rest})
        elif word == "expect":
            if not asked:
                raise InputError(f"line {number}: expect follows a derive", number, 1, line)
            asked[-1]["expect"] = rest
        elif _DEFINITION.match(line):
            define.append(line)
        else:
            try:
                declaration(line)
            except InputError as error:
                error.line = number
                raise
            declare.append(line)
        if asked and "at" not in asked[-1]:
            asked[-1].update(at=number, declare=list(declare), define=list(define), assume=list(assume))
    if not asked:
        raise InputError(f"{name or 'the file'} asks nothing", hint="add a line: derive f wrt x")
    for question in asked:
        at = question.pop("at")
        try:
            p = problem(expand=expand, **question)  # type: ignore[arg-type]
        except InputError as error:
            error.line = at  # type: ignore[assignment]
            raise
        p.title, p.source, p.notes = about["title"], about["source"], about["notes"]
        out.append(p)
    return out


__all__ = ["LAYOUTS", "Iterable", "Problem", "parse_file", "problem"]
