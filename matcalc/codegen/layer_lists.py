"""The arguments of a function for any number of layers: lists with an array for each layer, their shapes, and a test that draws them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from ..language.expr import ONE, SCALAR, Dim, Expr, Name
from ..language.shape import InputError, term_text
from ..render import layers
from .backend import Backend, Spelling
from .parameters import forms
from .segment import Places, Segment, shifted, shown
from .gradient_check import KINDS, MAKE, NEEDS, SAMPLE, kind

CHECK = '''def check_gradient(seed=0, {letter}={layers}):
    """Compare the gradients with differences of the value, along random directions; AssertionError where they differ."""
{needs}    rng = np.random.default_rng(seed)
    {sizes}
    for _ in range(100):
        at = {{{samples}}}
        with np.errstate(all="ignore"):
            if np.isfinite(np.asarray(value_and_grads(**at)[0])):
                break
    _, gradients = value_and_grads(**at)
    for name, kind in {ways}.items():
        several = isinstance(at[name], list)
        arrays, found = (at[name], gradients[name]) if several else ([at[name]], [gradients[name]])
        ways = [{made} for a in arrays]
        moved = [[a + h*way for a, way in zip(arrays, ways)] for h in (1e-6, -1e-6)]
        ahead, behind = (np.asarray(value_and_grads(**at | {{name: a if several else a[0]}})[0]) for a in moved)
        slope = (ahead - behind)/2e-6
        found = sum(np.sum(np.asarray(g)*np.asarray(way)) for g, way in zip(found, ways))
        assert abs(slope - found) <= 1e-4*(1 + abs(slope)), f"{{name}}: the gradient gives {{found}}, differences give {{slope}}"
'''
MAIN = '''

if __name__ == "__main__":
    {double}check_gradient()
    print("the gradients agree with differences of the value")
'''


class Layered(layers.Layered, Protocol):
    """Gradients of every number of layers, with every name there is, and what is said of them."""

    names: list[Name]

    @property
    def said(self) -> str: ...


class Lists:
    """The arguments of a function for any number of layers, and the names of what is computed from them."""

    def __init__(self, found: Layered, backend: Backend) -> None:
        self.found, self.backend, self.depth, self.p = found, backend, found.depth, found.problem
        form = forms(self.p)
        if any(v.kind == "variable" and ONE in v.shape and v.shape != SCALAR and form[n] == "matrix" for n, v in self.p.variables.items()):
            raise InputError("code for a symbolic number of layers takes a column as a vector", hint="declare R^n, not R^(n,1)")
        variables = [v for v in self.p.variables.values() if v.kind == "variable"]
        if len(variables) < len(self.p.variables):
            raise InputError("code for a symbolic number of layers cannot call an abstract function", hint="write its formula instead")
        stored = [n for n, _ in self.p.definitions] + [q.name for q in found.parts if q.name is not None]
        self.lists = {b: sorted(m) for b, m in self.numbered(variables).items() if self.depth.middle in m}
        kept = self.lists.keys() | self.numbered(stored).keys()
        self.alone = [v for v in variables if (self.depth.number(v.name) or ("",))[0] not in self.lists]
        taken = Spelling([*(v.name for v in self.alone), *backend.modules, *backend.helpers])
        self.value, self.shapes = taken.fresh("value"), taken.fresh("shapes")
        self.word = {base: taken.fresh(base) for base in sorted(kept)}
        self.counter, self.letter = taken.fresh(self.depth.counter), taken.fresh(self.depth.letter)
        self.gradient = {v: taken.fresh(f"grad_{v}") for v in dict.fromkeys(self.family(n) for n in self.p.several)}
        self.places = Places(self.depth, self.counter, self.letter)
        names = {*found.names, *variables, *stored}
        self.words = {n.name: f"{self.word[at[0]]}[{self.places.of(at[1])}]" for n in names
                      if (at := self.depth.number(n.name)) is not None and at[0] in self.word}
        self.reserved = [*self.word.values(), self.counter, self.letter, *self.gradient.values(), self.value, self.shapes]
        self.sizes = shown([(self.words.get(v.name, v.name), v) for v in (*variables, *stored)])
        self.segments: list[Segment] = []

    def numbered(self, names: Iterable[Name]) -> dict[str, dict[int, Name]]:
        """What belongs to layers, by base and number."""
        out: dict[str, dict[int, Name]] = {}
        for n in names:
            at = self.depth.number(n.name)
            if at is not None:
                out.setdefault(at[0], {})[at[1]] = n
        return out

    def family(self, n: Name) -> str:
        """What the gradient with respect to a name stands under: W of W3 where there is a list of these, else the name."""
        at = self.depth.number(n.name)
        listed = at is not None and self.depth.middle in self.numbered(self.p.several).get(at[0], {})
        return self.word[at[0]] if at is not None and listed else n.name

    def segment(self, where: Sequence[tuple[Name, Expr]] = ()) -> Segment:
        """Writes a few statements."""
        out = Segment(self.p, self.backend, self.words, self.sizes, where)
        out.spelled.taken.update(self.reserved)
        self.segments.append(out)
        return out

    def params(self) -> list[str]:
        """The arguments: lists and what belongs to no layer, in the order of the problem; the number of layers where none shows it."""
        out = dict.fromkeys(self.word[at[0]] if (at := self.depth.number(n)) and at[0] in self.lists else self.spelled(n)
                            for n in self.p.variables)
        return [*out, *([] if self.lists else [self.letter])]

    def spelled(self, name: str) -> str:
        return Spelling([name])(name)

    def opening(self) -> list[str]:
        """How many layers there are, the lists by their numbers, and the names that stand before the first layer."""
        d, lines = self.depth, list[str]()
        for base, numbers in self.lists.items():
            less = shifted(f"len({self.word[base]})", numbers[0] - 1 + d.last - numbers[-1])
            if not lines:
                lines.append(f"{self.letter} = {less}")
            else:
                count = shifted(self.letter, numbers[-1] - d.last - numbers[0] + 1)
                lines += [f"if len({self.word[base]}) != {count}:",
                          f'    raise ValueError(f"{self.word[base]}: expected {{{count}}} arrays, got {{len({self.word[base]})}}")']
        least, letter = self.found.least, self.letter
        if least > (d.first if self.lists else 0):
            lines += [f"if {letter} < {least}:",
                      f'    raise ValueError(f"this code needs {letter} >= {least}, but {letter} is {{{letter}}}")']
        for base, numbers in self.lists.items():
            lines.append(f"{self.word[base]} = dict(enumerate({self.word[base]}, {numbers[0]}))")
        first = self.numbered(self.alone)
        made = [self.word[b] for b in self.word if b not in self.lists and b not in first]
        if made:
            lines.append(f"{', '.join(made)} = {', '.join('{}' for _ in made)}")
        lines += [f"{self.word[b]} = {{{', '.join(f'{k}: {n}' for k, n in sorted(members.items()))}}}"
                  for b, members in first.items() if b in self.word]
        return lines

    def checks(self) -> list[str]:
        """The shapes of all arguments, the sizes of layers by their numbers."""
        call = self.segment().helper("_check")
        single, by_layer = list[str](), dict[str, list[str]]()
        for v in self.alone:
            single.append(self.axes(self.spelled(v.name), self.spelled(v.name), v, False))
        for base, numbers in self.lists.items():
            word = self.word[base]
            known = self.numbered(self.p.variables.values())[base]
            like = [k for k in numbers if self.moved_shape(known[self.depth.middle], k - self.depth.middle) == known[k].shape]
            span = f"range({self.places.end(min(like))}, {self.places.end(max(like) + 1)})"
            by_layer.setdefault(span, []).append(self.axes(f'f"{base}{{{self.counter}}}"', f"{word}[{self.counter}]",
                                                           known[self.depth.middle], True))
            single += [self.axes(f'f"{base}{{{self.places.end(k)}}}"', f"{word}[{self.places.end(k)}]", known[k], True)
                       for k in numbers if k not in like]
        lines = [f"{self.shapes} = {{{', '.join(single)}}}"]
        for span, entries in by_layer.items():
            lines += [f"for {self.counter} in {span}:", f"    {self.shapes} |= {{{', '.join(entries)}}}"]
        return [*lines, f"{call}(**{self.shapes})"]

    def moved_shape(self, v: Name, by: int) -> tuple[Dim, ...]:
        """The shape of a name, of another layer."""
        def other(s: str) -> Dim:
            at = self.depth.number(s)
            return Dim.of(f"{at[0]}{at[1] + by}" if at is not None else s)
        return tuple(d.where(other) for d in v.shape)

    def axes(self, name: str, text: str, v: Name, layered: bool) -> str:
        """An entry of what is checked: the argument and the names of its sizes."""
        axes = [f'f"{self.size(d)}"' if "{" in self.size(d) else f'"{d.text}"' if d.number is None else str(d.number)
                for d in v.shape if d is not ONE]
        key = name if name.startswith("f") and layered else f'"{name}"'
        return f"{key}: ({', '.join([text, *axes])}{'' if axes else ','})"

    def size(self, d: Dim) -> str:
        """A size, the number of its layer in braces."""
        at = self.depth.number(d.text)
        if at is None or at[1] < self.depth.first:
            return d.text
        return f"{at[0]}{{{self.places.of(at[1])}}}"

    def test(self, library: str) -> str | None:
        """`check_gradient`, for few layers of random sizes; nothing where no numbers can be drawn for an argument."""
        kinds = {v.name: kind(v) for v in self.p.variables.values()}
        if None in kinds.values() or {"at", "value", "name", "kind", "np", "rng"} & set(self.params()):
            return None
        make, d = MAKE[library], self.depth
        sizes = sorted({s for v in self.p.variables.values() for dim in v.shape for s in dim.names})
        plain = [s for s in sizes if d.number(s) is None]
        layered = sorted({at[0] for s in sizes if (at := d.number(s)) is not None})
        lines = [f"{', '.join('size_' + s for s in plain)} = {', '.join(str(3 + i) for i in range(len(plain)))}"] if plain else []
        far = f"range({self.letter} + 4)"
        lines += [f"size_{b} = {{k: {3 + i} + k % 3 for k in {far}}}" for i, b in enumerate(layered)]
        samples = []
        for base, numbers in self.lists.items():
            middle = self.numbered(self.p.variables.values())[base][d.middle]
            if any(self.moved_shape(middle, k - d.middle) != self.p.variables[f"{base}{k}"].shape for k in numbers):
                return None
            span = f"range({self.places.end(numbers[0])}, {self.places.end(numbers[-1] + 1)})"
            samples.append(f'"{self.word[base]}": [{self.drawn(middle, str(kinds[middle.name]), make)} for {self.counter} in {span}]')
        samples += [f'"{self.spelled(v.name)}": {self.drawn(v, str(kinds[v.name]), make)}' for v in self.alone]
        samples += [] if self.lists else [f'"{self.letter}": {self.letter}']
        ways = {b if b in self.word.values() else self.spelled(b): KINDS[str(kinds[n.name])]
                for b in self.gradient for n in self.p.several if self.family(n) == b and n in self.p.variables.values()}
        if len(ways) < len(self.gradient):
            return None
        text = ", ".join(f'"{n}": "{k}"' for n, k in ways.items())
        text = CHECK.format(letter=self.letter, layers=max(self.found.least, d.first + 1, 3), sizes="\n    ".join(lines) or "pass",
                            samples=",\n              ".join(samples), ways="{" + text + "}",
                            made=make.format("_sample(rng, tuple(np.shape(a)), kind)"), needs=NEEDS.get(library, ""))
        return text + "\n\n" + SAMPLE

    def drawn(self, v: Name, kind: str, make: str) -> str:
        """The call that draws an argument."""
        def text(s: str) -> str:
            at = self.depth.number(s)
            return f"size_{s}" if at is None else f"size_{at[0]}[{self.places.of(at[1])}]"
        dims = [" + ".join(term_text(t, text) for t in d.terms) for d in v.shape if d is not ONE]
        inside = f"({', '.join(dims)}{',' if len(dims) == 1 else ''})"
        return make.format(f"_sample(rng, {inside}" + (f', "{kind}")' if kind else ")"))
