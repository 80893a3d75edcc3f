"""The arguments of a generated function: parameters, their shapes, and the sizes that are read from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..language.expr import ONE, SCALAR, Dim, Name, show_shape
from ..language.shape import term_text
from .nodes import Node
from .write import Writer
from ..records import Record
from ..reading.problems.problem import Problem

LONG = 92
ORDERS = {"d": "derivative", "d2": "second derivative", "d3": "third derivative"}


class Begin(Record):
    """The parameters, the lines that bring them into form, and those that read sizes from them."""

    params: list[str]
    forms: list[str]
    sizes: list[str]


class Arguments(Writer):
    """Writes the beginning of a function."""

    problem: Problem
    forms: dict[str, str]
    lone: bool
    calls: list[Node]

    def begin(self, used: set[str], handed: Mapping[str, Name]) -> Begin:
        """The beginning of a function that is handed these variables, whose body has these parameters in it."""
        params = [self.spelled(n) for n in handed]
        facts: list[tuple[Dim, str]] = []
        start: list[str] = []
        arrays: dict[str, Name] = {}
        checked: dict[str, Name] = {}
        for n, v in handed.items():
            p = self.spelled(n)
            reads = any(s in self.sizes for d in v.shape for s in d.names)
            if v.shape == SCALAR:
                if p in used:
                    text = self.backend.scalars.format(p) if self.backend.scalars and self.lone else p
                    if self.forms[n] != "scalar":
                        text = f"{self.np}.reshape({text}, ())"
                    if text != p:
                        start.append(f"{p} = {text}")
                continue
            if self.forms[n] == "matrix" and ONE in v.shape and (p in used or reads):
                start.append(f"{p} = {self.np}.reshape({p}, (-1,))")
            arrays[p] = v
            if p in used or reads or self.forms[n] == "vector" or ONE not in v.shape:
                checked[p] = v
            dims = [d for d in v.shape if d is not ONE]
            facts += [(d, f"{p}.shape[{i}]") for i, d in enumerate(dims) if d.number is None]
        known: dict[str, str] = {}
        scalars = [self.spelled(n) for n, v in handed.items() if v.kind == "variable" and self.forms[n] == "scalar"]
        start += self.checked(checked, scalars)
        shown = {s for d, _ in facts for s in d.names if d is Dim.of(s)}
        for v in checked.values():      # n + 1 is looked at where n is shown
            self.sizes |= {s for d in v.shape if compound(d) and d.names <= shown for s in d.names}
        for s in sorted(self.sizes):
            self.read(s, facts, known, set())
        sizes: list[str] = []
        if self.like:
            like = next((p for p in arrays if p in used), next(iter(arrays), ""))
            sizes.append(f"{self.same} = " + (f'{{"dtype": {like}.dtype, "device": {like}.device}}' if like
                                      else f'{{"dtype": {self.np}.float64}}'))
        pairs = {text: s for s, text in known.items()}
        for s, text in known.items():
            other = pairs.get(text[:-3] + "[1]") if text.endswith(".shape[0]") else None
            if other:
                sizes.append(f"{self.size_name(s)}, {self.size_name(other)} = {text[:-3]}")
            elif not (text.endswith(".shape[1]") and text[:-3] + "[0]" in pairs):
                sizes.append(f"{self.size_name(s)} = {text}")
        sizes += self.measured(checked, known)
        return Begin(params + [self.size_name(s) for s in sorted(self.sizes) if s not in known], start, sizes)

    def checked(self, arrays: Mapping[str, Name], scalars: Sequence[str]) -> list[str]:
        """A line that raises ValueError where an argument has other axes than it was declared with."""
        if not arrays:
            return []
        axes = {p: [str(d.number) if d.number is not None else f'"{d.text}"' for d in v.shape if d is not ONE] for p, v in arrays.items()}
        asked = [f"{p}=({', '.join([p, *given])})" for p, given in axes.items()] + [f"{p}=({p},)" for p in scalars]
        return self.call(self.helper("_check"), asked)

    def measured(self, arrays: Mapping[str, Name], known: Mapping[str, str]) -> list[str]:
        """The same for sizes such as n + 1, once n is known."""
        asked = []
        for p, v in arrays.items():
            dims = [d for d in v.shape if d is not ONE]
            if any(map(compound, dims)) and all(d.names <= known.keys() for d in dims):
                asked.append(f"{p}=({', '.join([p, *(self.size(d)[0] for d in dims)])})")
        return self.call(self.helper("_check"), asked) if asked else []

    def call(self, name: str, asked: Sequence[str]) -> list[str]:
        """A call, as many arguments on a line as there is room for."""
        lines = [f"{name}({asked[0]}"]
        for text in asked[1:]:
            if len(lines[-1]) + len(text) < LONG:
                lines[-1] += f", {text}"
            else:
                lines[-1] += ","
                lines.append(" "*(len(name) + 1) + text)
        return [*lines[:-1], lines[-1] + ")"]

    def expected(self) -> list[str]:
        """What the abstract functions must offer."""
        functions = {self.spelled(n): f.signature for n, f in self.problem.variables.items() if f.signature is not None}
        called = dict.fromkeys(n.data[0] for n in self.calls if "." in n.data[0])
        out = []
        for text in called:
            name, method = text.split(".")
            source, target = functions[name]
            if source is None:
                what = f"the {ORDERS[method]} of {name} at x, {'entry by entry' if target is None else show_shape(target)}"
            elif target is None:
                of = "" if source[1] is ONE else f", {show_shape(source)}" if method == "d" else ", by vec: columns one below another"
                what = f"the {'gradient' if method == 'd' else 'Hessian'} of {name} at x{of}"
            else:
                size, by = target[0]*target[1], "" if target[1] is ONE else " of vec"
                what = f"the Jacobian of {name} at x, {source[0].text} x {size.text}: column j is the gradient of entry j{by}"
            out.append(f"{text}(x) is {what}.")
        return out

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
                rest = [term_text(t, self.size_name) for t in d.terms if t is not mine[0] and s not in t[0]]
                over = term_text((tuple(o for o in ns if o != s), c), self.size_name)
                self.sizes |= d.names
                whole = " - ".join([text, *rest])
                known[s] = whole if over == "1" else f"{f'({whole})' if rest else whole}//{f'({over})' if '*' in over else over}"
                return True
        return False


def compound(d: Dim) -> bool:
    """Whether a size is worked out of others."""
    return d.number is None and d is not Dim.of(next(iter(d.names)))
