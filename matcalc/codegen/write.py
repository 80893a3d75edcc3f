"""The text of array operations in one library's spelling."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
import math

from ..language.expr import Dim
from ..language.operations import ELEMENTWISE_NAMES, FACTORISATIONS
from .nodes import Node
from .orders import depends_on_sizes
from .pieces import ATOM, MATRIX, POWER, PRODUCT, SHORT, SUM, Pieces, Written, signed, whole

MATH = ELEMENTWISE_NAMES & vars(math).keys()
SIMPLE = {"col": "{atom}[:, None]", "as_row": "{atom}[None, :]", "outer": "{np}.outer({inside})", "diag": "{np}.diag({inside})",
          "along": "{np}.sum({inside}, axis={data})", "ravel": "{atom}.reshape(-1)", "nothing": "None", "pi": "{np}.pi"}
HELPED = frozenset(("powered", "ridge_solved", "ridge_logdet", "through"))       # written by a helper of that name
FACTORISED = "_factorised"     # the helper, where a library has one


def factorised(order: Iterable[Node]) -> dict[Node, tuple[Node, ...]]:
    """What belongs to a factorisation of which several parts are needed, with all of these."""
    parts: dict[tuple[str, Node], list[Node]] = {}
    for node in order:
        if node.op == "fn" and node.data in FACTORISATIONS:
            parts.setdefault((FACTORISATIONS[node.data].call, node.args[0]), []).append(node)
    return {node: tuple(nodes) for nodes in parts.values() if len(nodes) > 1 for node in nodes}


class Writer(Pieces):
    """Writes nodes whose arguments are written."""

    local: Callable[[], str]                        # a name nobody has
    assign: Callable[[Sequence[str], str], None]    # give names to a value, or to its parts

    def code(self, node: Node) -> Written:
        """The code of one node, its arguments being written."""
        op, args, data, np = node.op, node.args, node.data, self.np
        if op == "var":
            return data, ATOM
        if op == "num":
            return self.number(data)
        if op == "size":
            return self.size(data)
        own = {"*": self.product, "+": self.sum, "@": self.matmul, "fn": self.function, "stack": self.stacked}.get(op)
        if own is not None:
            return own(node)
        if op == "T":
            text = self.at(args[0], ATOM)
            return text.removesuffix(".T") if text.endswith(".T") else text + ".T", ATOM
        if op == "row":
            return self.text[args[0]]
        if op == "**":
            return f"{self.at(args[0], ATOM)}**{self.at(args[1], ATOM)}", POWER
        if op == "power":
            return self.called("power", args)
        if op == "matrix_power":
            return f"{np}.linalg.matrix_power({self.at(args[0], SUM)}, {self.size(data)[0] if isinstance(data, Dim) else data})", ATOM
        if op == "eye":
            return f"{np}.eye({self.size(node.shape[0])[0]}{self.kind()})", ATOM
        if op == "fill":
            sizes = [self.size(d)[0] for d in node.shape]
            return f"{np}.{data}({sizes[0] if len(sizes) == 1 else '(' + ', '.join(sizes) + ')'}{self.kind()})", ATOM
        if op == "select":
            first, count, n = data
            return f"{np}.eye({self.size(n)[0]}{self.kind()})[:, {self.span(first, count, n)}]", ATOM
        if op == "index":
            axis, first, count, n = data
            return f"{self.at(args[0], ATOM)}[{':, ' * axis}{self.span(first, count, n)}]", ATOM
        if op == "alone":
            return f"{self.at(args[0], PRODUCT)}*{np}.ones({'1' if len(node.shape) == 1 else '(1, 1)'}{self.kind()})", PRODUCT
        if op == "comm":
            return f"{self.helper('_comm')}({self.size(data[0])[0]}, {self.size(data[1])[0]}{self.kind()})", ATOM
        if op == "permuted":
            axis, rows, cols = data
            at = f"{self.helper('_order')}({self.size(rows)[0]}, {self.size(cols)[0]})"
            return f"{self.at(args[0], ATOM)}[{':, ' * axis}{at}]", ATOM
        if op == "own_of":
            axis, n = data
            return f"{self.at(args[0], ATOM)}[{':, ' * axis}::{self.size(n)[0]} + 1]", ATOM
        if op == "pairwise":
            left, right = (self.at(a, ATOM) for a in args)
            return f"({left}[:, :, None]*{right}[:, None, :]).reshape({self.size(node.shape[0])[0]}, -1)", ATOM
        if op in HELPED:
            inside = [self.at(a, SUM) for a in args]
            return f"{self.helper('_' + op)}({', '.join(inside[:1] + [str(data)]*(op == 'powered') + inside[1:])})", ATOM
        if op == "grid":
            return f"{self.at(args[0], ATOM)}.reshape({self.size(data[0])[0]}, {self.size(data[1])[0]})", ATOM
        if op == "call":
            text = f"{data[0]}({self.at(args[0], SUM)})"
            return text if data[1] == "plain" else f"{np}.reshape({text}, {'(-1,)' if data[1] == 'flat' else '()'})", ATOM
        return SIMPLE[op].format(np=np, data=data, inside=", ".join(self.at(a, SUM) for a in args),
                                 atom=self.at(args[0], ATOM) if args else ""), ATOM

    def stacked(self, node: Node) -> Written:
        """Blocks side by side and one below another."""
        (rows, cols), np, texts = node.data, self.np, [self.at(a, SUM) for a in node.args]
        if len(node.shape) < 2:
            return f"{np}.hstack([{', '.join(texts)}])", ATOM
        lines = [texts[k * cols] if cols == 1 else f"{np}.hstack([{', '.join(texts[k * cols:(k + 1) * cols])}])" for k in range(rows)]
        return lines[0] if rows == 1 else f"{np}.vstack([{', '.join(lines)}])", ATOM

    def function(self, node: Node) -> Written:
        """A function of the table."""
        head, args = node.data, node.args
        if node in self.together:
            return self.factorisation(node)
        if node in self.factorised:
            head = FACTORISED
        if head == "kron" and len(args) == 2 and node.name is None:
            for a, b, repeat in ((*args, "_repeated"), (*args[::-1], "_blocks")):
                if b.op == "eye" and b.name is None:
                    return f"{self.helper(repeat)}({self.at(a, SUM)}, {self.size(b.shape[0])[0]})", ATOM
        if self.backend.scalars and not node.shape and node.fixed and head in MATH:
            return f"{self.math}.{head}({self.at(args[0], SUM)})", ATOM
        if self.backend.scalars and not node.shape and node.fixed:
            return self.called(head, args, self.backend.scalars)
        if head == "norm2":
            head = "length" if node in self.lengths else "normF" if len(args[0].shape) == 2 else head
        if head == "relu" and "step" in self.backend.functions and args[0].data == "sign" and self.uses[args[0]] == 1:
            head, args = "step", args[0].args
        return self.called(head, args)

    def factorisation(self, node: Node) -> Written:
        """A part of a factorisation, all parts of which are computed where the first is needed."""
        nodes, part = self.together[node], FACTORISATIONS[node.data]
        if nodes not in self.parts:
            kinds = [(FACTORISATIONS[n.data], n.name) for n in nodes]
            named = {p.which: name for p, name in kinds if name and not p.taken}
            needed = {p.which for p, _ in kinds}
            self.parts[nodes] = [named.get(k) or self.local() if k in needed else "_" for k in range(part.of)]
            self.assign(self.parts[nodes], part.call.format(self.at(node.args[0], SUM)).replace("np.", f"{self.np}."))
        return self.parts[nodes][part.which] + part.taken, ATOM

    def called(self, head: str, args: tuple[Node, ...], around: str = "{}") -> Written:
        spelled = self.backend.functions.get(head, head)
        inside = ", ".join(around.format(self.at(a, SUM)) for a in args)
        if spelled.startswith("_") and spelled.isidentifier():
            spelled = self.helper(spelled)
        if "{}" in spelled:
            return spelled.replace("{}", inside), ATOM
        return f"{spelled}({inside})", ATOM

    def sum(self, node: Node) -> Written:
        """Terms with their signs; outer products as one product of matrices, and a diagonal put onto it."""
        outers = {a: found for a in node.args if (found := self.outer(a)) is not None} if self.backend.passes else {}
        diagonals = [a for a in node.args if a.op == "diag" and a.name is None and self.uses[a] == 1 and a not in outers]
        together = ""
        if len(outers) > 1:
            left, right = (", ".join(self.at(part, SUM) for part in side) for side in zip(*outers.values(), strict=True))
            together = f"{self.np}.stack([{left}], 1) @ {self.np}.stack([{right}])"
        elif outers and diagonals:
            together = f"{self.np}.outer({', '.join(self.at(part, SUM) for part in next(iter(outers.values())))})"
        if len(diagonals) == 1 and len(outers) + 1 == len(node.args) and "_diagonal_added" in self.backend.helpers:
            return f"{self.helper('_diagonal_added')}({self.at(diagonals[0].args[0], SUM)}, {together})", ATOM
        many = len(outers) > 1
        return signed([together] * many + [self.text[a][0] if a.op == "+" else self.at(a, PRODUCT) for a in node.args
                                           if not many or a not in outers]), SUM

    def outer(self, a: Node) -> tuple[Node, Node] | None:
        """The vectors of which a term that is used nowhere else is the outer product, its factor in the first."""
        if a.name is not None or self.uses[a] != 1 or self.text[a][0].isidentifier():
            return None
        if a.op == "outer":
            return a.args[0], a.args[1]
        inner = [i for i, b in enumerate(a.args) if b.shape] if a.op == "*" else []
        if len(inner) != 1 or inner[0] >= a.data[1] or (pair := self.outer(a.args[inner[0]])) is None:
            return None
        scaled = Node("*", (*a.args[:inner[0]], pair[0], *a.args[inner[0] + 1:]), a.data, pair[0].shape)
        self.text[scaled] = self.product(scaled)
        return scaled, pair[1]

    def product(self, node: Node) -> Written:
        """A number, what is above the line, what is below."""
        number, k = node.data
        sign = "-" if number < 0 else ""
        number = abs(number)
        above, below = [], []
        scalars = [a for a in node.args[:k] if not a.shape]
        arrays = [a for a in node.args[:k] if a.shape]
        early = bool(scalars and arrays) and k < len(node.args) and not any(a.shape for a in node.args[k:]) and all(
            a.op not in ("row", "col") for a in arrays)
        factors = (*scalars, *arrays) if early else node.args[:k]       # numbers before arrays: an array is scaled once
        if number.denominator in SHORT and number < 1000 and (number != 1 or k == 0):
            above.append(self.number(number)[0])
        elif number != 1:
            if number.numerator != 1:
                above.append(whole(number.numerator))
            if number.denominator != 1:
                below.append(whole(number.denominator))
        for a in factors:
            text, own = self.text[a]
            inline = own >= POWER or (own == PRODUCT and not text.startswith("-") and (
                a.op in ("*", "size") or a.op == "row" and not above))       # a matrix meets a scaled row once
            above.append(text if inline else f"({text})")
        below += [self.at(a, POWER) for a in node.args[k:]]
        if len(above) == 1 and not below and k == 1 and sign:
            text, own = self.text[node.args[0]]
            bare = own >= PRODUCT and node.args[0].op == "*" and not text.startswith("-")     # -A @ b would turn all of A
            return sign + (text if bare else self.at(node.args[0], POWER)), PRODUCT
        behind = ["", *above[-len(arrays):]] if early else []
        text = sign + ("*".join(above[:-len(arrays)] if early else above) or "1")
        if below:
            text += "/" + (below[0] if len(below) == 1 else "(" + "*".join(below) + ")")
        return text + "*".join(behind), PRODUCT

    def matmul(self, node: Node) -> Written:
        """A product of matrices; an inverse used once is a system solved."""
        a, b = node.args
        for inverse, other in ((a, b), (b, a)):
            if self.many(inverse, other):
                divided = f"{self.helper('_divided')}({self.transposed(other, inverse is a)}, {self.at(inverse.args[0], SUM)})"
                return divided + (".T" if inverse is a else ""), ATOM     # the inverse of a symmetric matrix
        inner = a.args[0] if a.op == "T" and a.name is None else a
        if inner in self.factorised:
            transposed = ", True" if inner is not a and not inner.args[0].symmetric else ""
            return f"{self.helper('_solved')}({self.at(inner, SUM)}, {self.at(b, SUM)}{transposed})", ATOM
        if self.inverse(inner):
            return f"{self.np}.linalg.solve({self.transposed(inner.args[0], inner is not a)}, {self.at(b, SUM)})", ATOM
        inner = b.args[0] if b.op == "T" and b.name is None else b
        if len(b.shape) == 2 and self.inverse(inner):
            return f"{self.np}.linalg.solve({self.transposed(inner.args[0], inner is b)}, {self.transposed(a, True)}).T", ATOM
        if self.backend.rows and len(b.shape) == 1 and a.op == "T" and a.name is None:
            return f"{self.at(b, MATRIX)} @ {self.at(a.args[0], ATOM)}", MATRIX
        found = f"{self.at(a, MATRIX if a.op == '@' else ATOM)} @ {self.at(b, ATOM)}", MATRIX
        factors = [*self.factors(a), *self.factors(b)]
        if len(factors) > 2 and all(len(f.shape) == 2 for f in factors) and depends_on_sizes(node, factors):
            found = self.called("chain", tuple(factors))
        self.chains[node] = factors, found
        return found

    def factors(self, node: Node) -> list[Node]:
        """The factors of a product that is not used elsewhere and has no name; else the node itself."""
        factors, written = self.chains.get(node, ([], None))
        return factors if factors and self.uses[node] == 1 and node.name is None and self.text[node] == written else [node]

    def transposed(self, a: Node, turn: bool) -> str:
        """A matrix, or its transpose."""
        if not turn or a.symmetric:
            return self.at(a, SUM)
        return self.at(a.args[0], SUM) if a.op == "T" and a.name is None else self.at(a, ATOM) + ".T"

    def many(self, a: Node, b: Node) -> bool:
        """Whether this is an inverse of X'*X plus something, and the other factor is X, which has many rows."""
        if len(b.shape) < 2 or not self.inverse(a):
            return False
        x = b.args[0] if b.op == "T" else b
        of = a.args[0]
        return any(p.op == "@" and p.args[0].op == "T" and p.args[0].args[0] is p.args[1] is x for p in (of, *of.args))

    def inverse(self, a: Node) -> bool:
        """Whether this is an inverse that nothing else uses, or only vectors meet."""
        return a.op == "fn" and a.data == "inv" and a.name is None and (self.uses[a] == 1 or a in self.solved)
