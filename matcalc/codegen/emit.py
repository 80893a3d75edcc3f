"""A function that computes a derivative: parameters, sizes, shared parts as local variables, one library's spellings."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from ..deriving.properties import Transposer
from ..deriving.substitute import substitute
from ..language.expr import ONE, SCALAR, Expr, Name
from ..language.inspection import names_of
from ..language.recognition import norm_of
from .arguments import LONG, Arguments, Begin
from .backend import Backend
from .brackets import bracketed
from .graph import Graph
from .nodes import Node
from .norms import below_the_line, guarded_norms
from .parameters import about, forms, where_it_holds
from .smooth import has_determinant, singular, smoothed, standing
from .pieces import ATOM, Written
from .write import FACTORISED, factorised
from ..reading.problems.problem import Problem
from ..reading.grammar.brackets import depths
from ..language.traversal import folded, reachable

WORTH = 20
FEW = 3         # an inverse costs as much as four systems, where each has its own factorisation
ARITHMETIC = {"+", "*", "**"}


def is_norm(node: Node) -> bool:
    """Whether this is a Euclidean norm."""
    return node.op == "fn" and node.data == "norm2"


def broken(start: str, text: str, end: str = "") -> list[str]:
    """An assignment; a long sum is put on several lines, in brackets.

    >>> broken('t = ', 'a + b')
    ['t = a + b']
    """
    if len(start + text + end) <= LONG + 8:
        return [start + text + end]
    signs = [i for i, depth in enumerate(depths(text)) if depth == 0 and text[i:i + 3] in (" + ", " - ")]
    terms = [text[start + 1:end] for start, end in pairwise([-1, *signs, len(text)])]
    lines = [f"{start}({terms[0]}" if len(terms) > 1 else start + text + end]
    for term in terms[1:]:
        if len(lines[-1]) + len(term) < LONG:
            lines[-1] += " " + term
        else:
            lines.append(" "*(len(start) + 1) + term)
    return [*lines[:-1], f"{lines[-1]}){end}"] if len(terms) > 1 else lines


class Emitter(Arguments):
    """Writes one function."""

    def __init__(self, problem: Problem, backend: Backend, where: list[tuple[Name, Expr]]) -> None:
        self.problem, self.forms = problem, forms(problem)
        self.definitions = dict((*problem.definitions, *where))
        own = [body for _, body in problem.definitions]
        self.norms: dict[Expr, Expr] = {n: e for n, e in problem.definitions if norm_of(e) is not None}
        self.below = below_the_line(substitute(e, self.norms) for e in (own if problem.f is None else [problem.f, *own]))
        self.bodies = {n.name: body for n, body in problem.definitions} | {n.name: self.slope(body) for n, body in where}
        self.lines: list[str] = []
        parts = (*problem.variables.values(), *self.definitions, *self.definitions.values())
        super().__init__(backend, (*problem.variables, *self.bodies), (p.shape for p in parts))

    def slope(self, e: Expr) -> Expr:
        """A derivative, or part of one, that is 0 where a norm in f is 0 that stands above the line only."""
        return guarded_norms(substitute(e, self.norms), self.below)

    def source(self, result: Expr, name: str = "grad") -> str:
        """The whole source."""
        (root,), order = self.lowered([self.slope(result)])
        self.lines += broken("return ", self.returned(result, root, self.problem.variable))
        return self.finished([root], order, name)

    def several(self, results: Mapping[Name, Expr], name: str = "value_and_grads") -> str:
        """The whole source of a function that returns the value of f, and the gradients by the names of its arguments."""
        f = self.problem.function
        (value, *roots), order = self.lowered([f, *map(self.slope, results.values())])
        if self.text[value][1] != ATOM:
            self.hoist(value)
        self.lines += [f"return {self.text[value][0]}, {{"]
        for (x, result), root in zip(results.items(), roots, strict=True):
            self.lines += broken(f'    "{self.spelled(x.name)}": ', self.returned(result, root, x), ",")
        self.lines.append("}")
        return self.finished([value, *roots], order, name)

    def lowered(self, results: Sequence[Expr]) -> tuple[list[Node], list[Node]]:
        """The nodes of the results, and the text of all nodes they stand on."""
        singular_names = singular(self.definitions)
        determined = standing(self.definitions, has_determinant) if singular_names else singular_names
        results = [guarded_norms(smoothed(e, self.definitions, singular_names, determined)) for e in results]
        self.needs = self.held(results)
        used = self.used(results)
        brackets, needed, mirrored = bracketed(self.problem, self.spelled), frozenset[int](), Transposer(self.definitions).symmetric
        while True:
            graph = Graph(self.bodies, self.spelled, self.backend.functions, needed, mirrored)
            graph.brackets = brackets
            for part in used:      # one after the other, so that a long chain needs no tall stack
                graph.low(part)
            roots = [graph.low(e) for e in results]
            found = {a.mark for a in reachable(roots, lambda node: node.args) if a in graph.avoided} if graph.avoided else ()
            if not found:
                break
            needed = needed.union(found)        # a matrix that is needed anyway serves for its systems and products too
        order = self.count(roots)
        for node in order:
            if node in graph.waiting:
                node.name = graph.waiting[node]
        single = roots[0] if len(roots) == 1 else None
        if single is None:
            for root in roots:      # what is returned is used once more
                self.uses[root] = self.uses.get(root, 0) + 1
        for node in order:
            self.problem.deadline.check()
            self.text[node] = self.write(node)
            if node is not single and (node.name is not None or (self.uses.get(node, 0) > 1 and self.costs(node))):
                self.hoist(node)
            self.done(node)
        return roots, order

    def held(self, results: Sequence[Expr]) -> str:
        """Where what is written holds, in a sentence."""
        return where_it_holds(self.problem, results, self.definitions)

    def done(self, node: Node) -> None:
        """A node has its text."""

    def finished(self, roots: Sequence[Node], order: list[Node], name: str) -> str:
        """The source, once every line is there."""
        begin = self.begun(order, any(root.lone for root in roots) or any(
            a.lone for n in order for a in n.args if n.op not in ARITHMETIC), self.problem.variables)
        body = "".join(f"    {line}".rstrip() + "\n" for line in [*self.documented(about(self.problem)), *begin.forms, *begin.sizes,
                                                                  *self.lines])
        self.definition = "".join(line + "\n" for line in self.opened(name, begin.params)) + body
        return self.file(self.definition)

    def begun(self, order: Sequence[Node], lone: bool, handed: Mapping[str, Name]) -> Begin:
        """The beginning of a function that computes these nodes."""
        self.lone, self.calls = lone, [n for n in order if n.op == "call"]
        return self.begin({n.data for n in order if n.op == "var"}, handed)

    def used(self, results: Sequence[Expr]) -> list[Name]:
        """The defined names the results stand on, in their order."""
        used = names_of(results, self.definitions)
        return [n for n in self.definitions if n in used]

    # ------------------------------------------------------------------ the graph
    def count(self, roots: Sequence[Node]) -> list[Node]:
        """Every node after its arguments; how often each is used, through transposes."""
        order: dict[Node, None] = {}
        for root in roots:
            folded(root, order, lambda node: node.args[::-1], lambda node: None)
        for node in reversed(order):
            times = max(self.uses.get(node, 0), 1) if node.op in ("T", "col", "row") and node.name is None else 1
            for a in node.args:
                self.uses[a] = self.uses.get(a, 0) + times
        met: Counter[Node] = Counter()
        self.lengths = {node for node in roots if is_norm(node)}        # norms that are no squares: these may not overflow
        for node in order:
            if not (node.op == "**" and node.args[1].op == "num" and node.args[1].data == 2):
                self.lengths.update(filter(is_norm, node.args))
            if node.op == "@" and len(node.args[1].shape) == 1:
                a = node.args[0]
                met[a.args[0] if a.op == "T" and a.name is None else a] += 1
        self.solved = {a for a, n in met.items() if a.op == "fn" and a.data == "inv" and a.name is None and n == self.uses[a]}
        self.together = factorised(order)
        if FACTORISED in self.backend.helpers:
            self.factorised = {a for a in self.solved if self.uses[a] > 1}
        self.solved = {a for a in self.solved if self.uses[a] <= FEW} - self.factorised
        return list(order)

    def costs(self, node: Node) -> bool:
        """Whether doing this twice is worse than a local variable."""
        if node.op in ("var", "num", "size", "pi", "T", "col", "row", "as_row", "eye", "fill") or node in self.solved:
            return False
        return not (node.fixed and not node.shape) and not (node.op == "*" and node.data == (-1, 1) and node.args[0].op == "var")

    def hoist(self, node: Node) -> None:
        """Make this a local variable."""
        name = node.name or self.local()
        if self.text[node][0] != name:
            self.assign([name], self.text[node][0])
        self.text[node] = (name, ATOM)

    def assign(self, names: Sequence[str], text: str) -> None:
        """Give names to a value, or to its parts."""
        self.lines += broken(f"{', '.join(names)} = ", text)

    def local(self) -> str:
        """A name nobody has."""
        k = 1
        while f"t{k}" in self.spelled.taken:
            k += 1
        return self.spelled.fresh(f"t{k}")

    def write(self, node: Node) -> Written:
        """The code of a node; where it is long and no sum, its longest part becomes a local variable."""
        out = self.code(node)
        while len(out[0]) > LONG and node.op != "+":
            parts = []
            for a in node.args:
                while a.op in ("T", "col", "row") and a.name is None and self.text[a][1] == ATOM:
                    a = a.args[0]
                if self.text[a][1] != ATOM or (len(self.text[a][0]) > WORTH and a.op not in ("var", "num")):
                    parts.append(a)
            part = max(parts, key=lambda a: len(self.text[a][0]), default=None)
            if part is None or len(self.text[part][0]) < WORTH:
                break
            self.hoist(part)
            for a in node.args:
                self.again(a, part)
            out = self.code(node)
        return out

    def again(self, a: Node, part: Node) -> None:
        """Write a view of a part anew, now that the part has a name."""
        if a is not part and a.op in ("T", "col", "row") and a.name is None:
            self.again(a.args[0], part)
            self.text[a] = self.code(a)

    # ------------------------------------------------------------------ the function
    def returned(self, result: Expr, root: Node, wrt: Name) -> str:
        """What is returned: a number as a float, an array that is nobody else's, a gradient as its variable was declared."""
        text = self.text[root][0]
        if root.fixed and not root.shape and root.op != "pi":
            text = f"float({text})" if root.op != "num" else f"{text}.0" if root.data.denominator == 1 else text
        if root.shape and self.view(root):
            text = self.backend.copied.format(text)
        f = self.problem.function
        if self.problem.tangent is not None:
            return text
        form = self.forms.get(wrt.name, "")
        if form == "scalar" or len(root.shape) == 2 or f is None:
            return text
        if f.shape == SCALAR and form == "vector" and self.problem.order == 1:
            return text if root.shape else f"{self.np}.reshape({text}, (1,))" if not root.fixed else self.full(text, "1")
        rows, cols = ("1" if d is ONE else "-1" for d in result.shape)
        if root.fixed and not root.shape:
            return self.full(text, "(1, 1)")
        return f"{self.np}.reshape({text}, ({rows}, {cols}))"

    def full(self, text: str, shape: str) -> str:
        """An array of one number."""
        shape = f"({shape},)" if shape == "1" else shape
        return f"{self.np}.full({shape}, {text}{self.kind()})"

    def view(self, node: Node) -> bool:
        """Whether this may share memory with an argument, or be read-only."""
        while True:
            if node.op == "var" or (node.op == "fn" and node.data == "diagonal"):
                return True
            if node.op not in ("T", "ravel", "grid", "col", "row", "as_row"):
                return False
            node = node.args[0]

    def opened(self, name: str, params: Sequence[str], deep: int = 0) -> list[str]:
        """The lines a function begins with, where it stands this deep."""
        opening = f"def {name}("
        return textwrap.wrap(", ".join(params) + "):", LONG + 8 - deep, initial_indent=opening, subsequent_indent=" "*len(opening),
                             break_long_words=False, break_on_hyphens=False)

    def documented(self, *lines: str) -> list[str]:
        """A docstring: what is computed, where it holds, what abstract functions must offer."""
        text, *more = [t for t in (*lines, self.needs, *self.expected()) if t and not set(t) & set('"\\')] or [""]
        more = [part for line in more for part in textwrap.wrap(line, LONG, break_long_words=False, break_on_hyphens=False)]
        return [f'"""{text}', "", *more, '"""'] if more else [f'"""{text}"""'] if text else []

    def file(self, code: str, more: str = "", end: str = "") -> str:
        """The imports and the helpers a piece of code needs, and the code; what only looks at arguments stands last."""
        check = self.renamed.get("_check", "_check")
        code = "".join(self.backend.helpers[h] + "\n\n\n" for h in self.helpers if h != check) + code
        if check in self.helpers:
            code += "\n\n" + self.backend.helpers[check] + "\n"
        code += end
        imports = []
        for alias, module in ({**self.backend.modules, more: "numpy"} if more else self.backend.modules).items():
            if re.search(rf"(?<![\w.]){re.escape(alias)}\.", code):
                imports.append(f"import {module}" if alias == module else f"import {module} as {alias}")
        imports.sort(key=lambda line: line != "import math")
        if imports and imports[0] == "import math" and len(imports) > 1:
            imports.insert(1, "")
        return "\n".join(imports) + ("\n\n\n" if imports else "") + code
