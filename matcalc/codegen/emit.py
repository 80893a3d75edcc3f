"""A function that computes a derivative: parameters, sizes, shared parts as local variables, one library's spellings."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from ..language.expr import ONE, SCALAR, Dim, Expr, Name
from ..language.tokens import Line
from .graph import Graph, Node, Rational

SUM, PRODUCT, MATRIX, POWER, ATOM = range(5)
LONG, WORTH = 92, 20
SHORT = {n for n in range(1, 101) if 1000 % n == 0}
Written = tuple[str, int]


class Backend(NamedTuple):
    """How a library spells things."""

    modules: Mapping[str, str]         # the name in the code -> the import
    functions: Mapping[str, str]       # a head -> its spelling; {} stands for the arguments, _name is a helper
    helpers: Mapping[str, str]         # the helpers' definitions
    like: bool = False                 # constants are made with the type and the device of an argument
    copied: str = "{}"                 # what is returned must not be an argument, or a view of one
    scalars: str = ""                  # what makes a scalar argument one of the library's


def variable(name: str) -> str:
    """A parameter's name: a Python keyword gets an underscore."""
    return name + "_" if keyword.iskeyword(name) else name


def forms(problem: Any) -> dict[str, str]:
    """How each variable was declared: scalar, vector or matrix; what was not declared is as its shape says."""
    out = {n: "scalar" if v.shape == SCALAR else "vector" if v.shape[1] is ONE else "matrix" for n, v in problem.variables.items()}
    if any(ONE in v.shape for v in problem.variables.values()):
        for text in problem.text.get("declare") or ():
            if "^" in text:
                t = Line(text).tokens
                for i, token in enumerate(t):
                    if token == "^" and i > 2:
                        form, depth, j = "vector", 0, i + 1
                        while j < len(t) and (j == i + 1 or depth):
                            depth += (t[j] == "(") - (t[j] == ")")
                            form = "matrix" if depth == 1 and t[j] == "," else form
                            j += 1
                        j = i - 3
                        while j >= 0 and t[i - 2] == "in":
                            out[t[j]] = form
                            if j == 0 or t[j - 1] != ",":
                                break
                            j -= 2
    return out


class Emitter:
    """Writes one function."""

    def __init__(self, problem: Any, backend: Backend) -> None:
        self.problem, self.backend = problem, backend
        self.forms = forms(problem)
        self.lines: list[str] = []
        self.text: dict[Node, Written] = {}
        self.uses: dict[Node, int] = {}
        self.sizes: set[str] = set()
        self.helpers: list[str] = []
        self.like = False
        self.words = {variable(n) for n in problem.variables} | {variable(n.name) for n, _ in problem.definitions}

    def source(self, result: Expr, where: list[tuple[Name, Expr]], name: str) -> str:
        """The whole source."""
        self.words |= {variable(n.name) for n, _ in where}
        self.taken = self.words | {variable(n) for v in (*self.problem.variables.values(), result) for d in v.shape for n in d.names}
        self.rename()
        graph = Graph({n.name: body for n, body in (*self.problem.definitions, *where)}, variable)
        root = graph.low(result)
        order = self.count(root)
        for node in order:
            self.text[node] = self.write(node)
            if node is not root and (node.name is not None or (self.uses.get(node, 0) > 1 and self.costs(node))):
                self.hoist(node)
        self.lines.append(f"return {self.returned(result, root)}")
        return self.assemble(name, {n.data for n in order if n.op == "var"}, {n.data[0].split(".")[0] for n in order if n.op == "call"})

    def rename(self) -> None:
        """Where a variable is called like a module or a helper, that gets an underscore."""
        clash = [m for m in self.backend.modules if m.split(".")[0] in self.words]
        names = {m: "_" + m for m in clash} | {h: h + "_" for h in self.backend.helpers if h in self.words}
        if names:
            pattern = re.compile(r"(?<![\w.])(" + "|".join(map(re.escape, names)) + r")\b")
            b = self.backend

            def swap(text: str) -> str:
                return pattern.sub(lambda m: names[m[1]], text)

            self.backend = b._replace(
                modules={names.get(k, k): v for k, v in b.modules.items()}, functions={k: swap(v) for k, v in b.functions.items()},
                helpers={names.get(k, k): swap(v) for k, v in b.helpers.items()}, copied=swap(b.copied), scalars=swap(b.scalars))
        self.np = next(iter(self.backend.modules))

    # ------------------------------------------------------------------ the graph
    def count(self, root: Node) -> list[Node]:
        """Every node after its arguments; how often each is used, through transposes."""
        order: list[Node] = []
        seen: set[Node] = set()
        stack: list[tuple[Node, bool]] = [(root, False)]
        while stack:
            node, ready = stack.pop()
            if ready:
                order.append(node)
                continue
            if node in seen:
                continue
            seen.add(node)
            stack.append((node, True))
            for a in reversed(node.args):
                stack.append((a, False))
        for node in reversed(order):
            times = max(self.uses.get(node, 0), 1) if node.op in ("T", "col", "row") and node.name is None else 1
            for a in node.args:
                self.uses[a] = self.uses.get(a, 0) + times
        return order

    def costs(self, node: Node) -> bool:
        """Whether doing this twice is worse than a local variable."""
        if node.op in ("var", "num", "size", "pi", "T", "col", "row", "as_row", "eye", "fill"):
            return False
        return not (node.fixed and not node.shape) and not (node.op == "*" and node.data == (-1, 1) and node.args[0].op == "var")

    def hoist(self, node: Node) -> None:
        """Make this a local variable."""
        name = node.name
        if name is None:
            k = 1
            while f"t{k}" in self.taken:
                k += 1
            name = f"t{k}"
            self.taken.add(name)
        self.lines.append(f"{name} = {self.text[node][0]}")
        self.text[node] = (name, ATOM)

    def write(self, node: Node) -> Written:
        """The code of a node; where it is long, its longest part becomes a local variable."""
        out = self.code(node)
        while len(out[0]) > LONG:
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

    def at(self, node: Node, strength: int) -> str:
        """Code of at least this strength."""
        text, own = self.text[node]
        return text if own >= strength else f"({text})"

    # ------------------------------------------------------------------ code
    def code(self, node: Node) -> Written:
        """The code of one node, its arguments being written."""
        op, args, data, np = node.op, node.args, node.data, self.np
        if op == "var":
            return data, ATOM
        if op == "num":
            return self.number(data)
        if op == "size":
            return self.size(data)
        if op == "*":
            return self.product(node)
        if op == "+":
            return self.sum(node)
        if op == "@":
            return self.matmul(node)
        if op == "fn":
            return self.function(node)
        if op == "T":
            return self.at(args[0], ATOM) + ".T", ATOM
        if op == "col":
            return self.at(args[0], ATOM) + "[:, None]", ATOM
        if op == "as_row":
            return self.at(args[0], ATOM) + "[None, :]", ATOM
        if op == "row":
            return self.text[args[0]]
        if op == "outer":
            return f"{np}.outer({self.at(args[0], SUM)}, {self.at(args[1], SUM)})", ATOM
        if op == "diag":
            return f"{np}.diag({self.at(args[0], SUM)})", ATOM
        if op == "along":
            return f"{np}.sum({self.at(args[0], SUM)}, axis={data})", ATOM
        if op == "**":
            return f"{self.at(args[0], ATOM)}**{self.at(args[1], ATOM)}", POWER
        if op == "power":
            return self.called("power", args)
        if op == "matrix_power":
            return f"{np}.linalg.matrix_power({self.at(args[0], SUM)}, {data})", ATOM
        if op == "eye":
            return f"{np}.eye({self.size(node.shape[0])[0]}{self.kind()})", ATOM
        if op == "fill":
            sizes = [self.size(d)[0] for d in node.shape]
            return f"{np}.{data}({sizes[0] if len(sizes) == 1 else '(' + ', '.join(sizes) + ')'}{self.kind()})", ATOM
        if op == "comm":
            return f"{self.helper('_comm')}({self.size(data[0])[0]}, {self.size(data[1])[0]}{self.kind()})", ATOM
        if op == "ravel":
            return f"{self.at(args[0], ATOM)}.reshape(-1)", ATOM
        if op == "grid":
            return f"{self.at(args[0], ATOM)}.reshape({self.size(data[0])[0]}, {self.size(data[1])[0]})", ATOM
        if op == "call":
            text = f"{data[0]}({self.at(args[0], SUM)})"
            return text if data[1] == "plain" else f"{np}.reshape({text}, {'(-1,)' if data[1] == 'flat' else '()'})", ATOM
        assert op == "pi", op
        return f"{np}.pi", ATOM

    def number(self, v: Rational) -> Written:
        """An exact number: decimal where that is short, a quotient where it is not."""
        if v.denominator == 1:
            return str(v.numerator), ATOM if v >= 0 else PRODUCT
        if v.denominator in SHORT and -1000 < v < 1000:
            return repr(float(v)), ATOM if v >= 0 else PRODUCT
        return f"{v.numerator}/{v.denominator}", PRODUCT

    def size(self, d: Dim) -> Written:
        """A size."""
        if d.number is not None:
            return str(d.number), ATOM
        self.sizes |= d.names
        terms = ["*".join(([str(c)] if c != 1 or not ns else []) + [self.size_name(n) for n in ns]) for ns, c in d.terms]
        return " + ".join(terms), SUM if len(terms) > 1 else PRODUCT if "*" in terms[0] else ATOM

    def size_name(self, s: str) -> str:
        """A size as a Python name; a variable of the same name wins, so the size gets another."""
        return "size_" + s if variable(s) in self.words else variable(s)

    def kind(self) -> str:
        """What a constant is made like."""
        self.like = self.like or self.backend.like
        return ", **like" if self.backend.like else ""

    def helper(self, name: str) -> str:
        """The name of a helper function; it is defined once, after those it calls."""
        if name not in self.backend.helpers:
            name += "_"
        if name not in self.helpers:
            for other in re.findall(r"\b_\w+(?=\()", self.backend.helpers[name]):
                if other != name and other in self.backend.helpers:
                    self.helper(other)
            self.helpers.append(name)
        return name

    def function(self, node: Node) -> Written:
        """A function of the table."""
        head, args = node.data, node.args
        if self.backend.scalars and not node.shape and node.fixed:
            return self.called(head, args, self.backend.scalars)
        if head == "norm2" and len(args[0].shape) == 2:
            head = "normF"
        return self.called(head, args)

    def called(self, head: str, args: tuple[Node, ...], around: str = "{}") -> Written:
        spelled = self.backend.functions[head]
        inside = ", ".join(around.format(self.at(a, SUM)) for a in args)
        if spelled.startswith("_") and spelled.isidentifier():
            spelled = self.helper(spelled)
        if "{}" in spelled:
            return spelled.replace("{}", inside), ATOM
        return f"{spelled}({inside})", ATOM

    def sum(self, node: Node) -> Written:
        """Terms with their signs."""
        out = ""
        for a in node.args:
            text = self.at(a, PRODUCT)
            if text.startswith("-"):
                out += f" - {text[1:]}" if out else text
            else:
                out += (" + " if out else "") + text
        return out, SUM

    def product(self, node: Node) -> Written:
        """A number, what is above the line, what is below."""
        number, k = node.data
        sign = "-" if number < 0 else ""
        number = abs(number)
        above, below = [], []
        if number.denominator in SHORT and number < 1000 and (number != 1 or k == 0):
            above.append(self.number(number)[0])
        elif number != 1:
            if number.numerator != 1:
                above.append(str(number.numerator))
            if number.denominator != 1:
                below.append(str(number.denominator))
        for a in node.args[:k]:
            text, own = self.text[a]
            inline = own >= POWER or (own == PRODUCT and a.op in ("*", "row", "size") and not text.startswith("-"))
            above.append(text if inline else f"({text})")
        below += [self.at(a, POWER) for a in node.args[k:]]
        if len(above) == 1 and not below and k == 1 and sign:
            return sign + self.at(node.args[0], MATRIX if node.args[0].op == "@" else POWER), PRODUCT
        text = sign + ("*".join(above) or "1")
        if below:
            text += "/" + (below[0] if len(below) == 1 else "(" + "*".join(below) + ")")
        return text, PRODUCT

    def matmul(self, node: Node) -> Written:
        """A product of matrices; an inverse used once is a system solved."""
        a, b = node.args
        inner = a.args[0] if a.op == "T" and a.name is None else a
        if self.inverse(inner):
            matrix = self.at(inner.args[0], ATOM) + ".T" if inner is not a else self.at(inner.args[0], SUM)
            return f"{self.np}.linalg.solve({matrix}, {self.at(b, SUM)})", ATOM
        inner = b.args[0] if b.op == "T" and b.name is None else b
        if len(b.shape) == 2 and self.inverse(inner):
            matrix = self.at(inner.args[0], ATOM) + ".T" if inner is b else self.at(inner.args[0], SUM)
            turned = self.at(a.args[0], SUM) if a.op == "T" and a.name is None else self.at(a, ATOM) + ".T"
            return f"{self.np}.linalg.solve({matrix}, {turned}).T", ATOM
        return f"{self.at(a, MATRIX if a.op == '@' else ATOM)} @ {self.at(b, ATOM)}", MATRIX

    def inverse(self, a: Node) -> bool:
        """Whether this is an inverse that nothing else uses."""
        return a.op == "fn" and a.data == "inv" and a.name is None and self.uses[a] == 1

    # ------------------------------------------------------------------ the function
    def returned(self, result: Expr, root: Node) -> str:
        """What is returned: a number as a float, an array that is nobody else's, a gradient as its variable was declared."""
        text = self.text[root][0]
        if root.fixed and not root.shape and root.op != "pi":
            text = f"float({text})" if root.op != "num" else f"{text}.0" if root.data.denominator == 1 else text
        if root.shape and self.view(root):
            text = self.backend.copied.format(text)
        wrt, f = self.problem.wrt, self.problem.f
        form = self.forms.get(wrt.name, "") if wrt is not None else ""
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

    def assemble(self, name: str, used: set[str], functions: set[str]) -> str:
        """Imports, helpers, parameters, sizes, body."""
        params = [variable(n) for n in self.problem.variables]
        facts: list[tuple[Dim, str]] = []
        start: list[str] = []
        arrays: list[str] = []
        for n, v in self.problem.variables.items():
            if v.kind != "variable":
                continue
            p = variable(n)
            reads = any(s in self.sizes for d in v.shape for s in d.names)
            if v.shape == SCALAR:
                if p in used:
                    text = self.backend.scalars.format(p) if self.backend.scalars else p
                    if self.forms[n] != "scalar":
                        text = f"{self.np}.reshape({text}, ())"
                    if text != p:
                        start.append(f"{p} = {text}")
            elif self.forms[n] == "matrix" and ONE in v.shape:
                if p in used or reads:
                    start.append(f"{p} = {self.np}.reshape({p}, (-1,))")
            if v.shape != SCALAR:
                arrays.append(p)
                dims = [d for d in v.shape if d is not ONE]
                facts += [(d, f"{p}.shape[{i}]") for i, d in enumerate(dims) if d.number is None]
        known: dict[str, str] = {}
        for s in sorted(self.sizes):
            self.read(s, facts, known, set())
        if self.like:
            like = next((p for p in arrays if p in used), arrays[0] if arrays else "")
            start.append("like = " + (f'{{"dtype": {like}.dtype, "device": {like}.device}}' if like
                                      else f'{{"dtype": {self.np}.float64}}'))
        pairs = {text: s for s, text in known.items()}
        for s, text in known.items():
            other = pairs.get(text[:-3] + "[1]") if text.endswith(".shape[0]") else None
            if other:
                start.append(f"{self.size_name(s)}, {self.size_name(other)} = {text[:-3]}")
            elif not (text.endswith(".shape[1]") and text[:-3] + "[0]" in pairs):
                start.append(f"{self.size_name(s)} = {text}")
        params += [self.size_name(s) for s in sorted(self.sizes) if s not in known]
        body = "".join(f"    {line}\n" for line in self.about() + start + self.lines)
        code = "".join(self.backend.helpers[h] + "\n\n\n" for h in self.helpers)
        code += f"def {name}({', '.join(params)}):\n{body}"
        imports = []
        for alias, module in self.backend.modules.items():
            if re.search(rf"(?<![\w.]){re.escape(alias)}\.", code):
                imports.append(f"import {module}" if alias == module else f"import {module} as {alias}")
        imports.sort(key=lambda line: line != "import math")
        if imports and imports[0] == "import math" and len(imports) > 1:
            imports.insert(1, "")
        return "\n".join(imports) + ("\n\n\n" if imports else "") + code

    def about(self) -> list[str]:
        """What the function computes, as its docstring."""
        f, wrt = self.problem.text.get("expr"), self.problem.wrt
        if not isinstance(f, str) or wrt is None or not (text := " ".join(f.split())).isprintable() or len(text) > 60 or \
                '"' in text or "\\" in text:
            return []
        return [f'"""The {"Hessian" if self.problem.order == 2 else "derivative"} of {text} with respect to {wrt.name}."""']

    def read(self, s: str, facts: list[tuple[Dim, str]], known: dict[str, str], trying: set[str]) -> bool:
        """Find a size in the arguments' shapes: as it stands, or out of n + 1, m*n and the like."""
        if s in known:
            return True
        if s in trying:
            return False
        for d, text in facts:
            if d is Dim.of(s):
                known[s] = text
                return True
        for d, text in facts:
            mine = [(ns, c) for ns, c in d.terms if s in ns]
            if len(mine) != 1 or mine[0][0].count(s) != 1:
                continue
            if all(self.read(o, facts, known, trying | {s}) for o in sorted(d.names - {s})):
                ns, c = mine[0]
                rest = [self.dim_text(t) for t in d.terms if t is not mine[0] and s not in t[0]]
                over = self.dim_text((tuple(o for o in ns if o != s), c))
                self.sizes |= d.names
                whole = " - ".join([text, *rest])
                known[s] = whole if over == "1" else f"{f'({whole})' if rest else whole}//({over})"
                return True
        return False

    def dim_text(self, term: tuple[tuple[str, ...], int]) -> str:
        ns, c = term
        return "*".join(([str(c)] if c != 1 or not ns else []) + [self.size_name(n) for n in ns])


__all__ = ["Backend", "Emitter", "Fraction", "variable"]
