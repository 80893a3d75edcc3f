"""A function for any number of layers: each family is a list, and the statements of all layers are loops.

Members that alternate, z1, a1, z2, a2, .., are one loop.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..deriving.substitute import substitute
from ..language.expr import SCALAR, Expr, Name
from ..language.shape import InputError
from ..render.sweep_parts import Layer, Part
from .backend import Backend
from .layer_lists import MAIN, Layered, Lists
from .segment import shifted
from .gradient_check import DOUBLE, headed
from ..records import Record


class Member(Record):
    """A statement: of which family it is and its number there, or of none; and what is stated."""

    family: str
    number: int
    item: Name


class Loop(Record):
    """What a loop runs over, and in each round the families, each with how far its numbers are from the loop's."""

    numbers: range
    rounds: Sequence[tuple[str, int]]
    members: dict[tuple[str, int], Member]

    def order(self) -> list[Member]:
        """The members in the order the loop comes to them."""
        at = [(family, k + far) for k in self.numbers for family, far in self.rounds]
        return [self.members[key] for key in at if key in self.members]


def loops(members: Sequence[Member], middle: int, step: int) -> list[Member | Loop]:
    """The statements in their order, those of families in loops; InputError where they do not take turns.

    >>> def z(k): return Member("z", k, f"z{k}")
    >>> def a(k): return Member("a", k, f"a{k}")
    >>> found = loops([Member("", 0, "x"), z(1), a(1), z(2), a(2), z(3), a(3)], 2, 1)
    >>> found[0].item, found[1].numbers, found[1].rounds
    ('x', range(1, 4), [('z', 0), ('a', 0)])
    """
    out: list[Member | Loop] = []
    k = 0
    while k < len(members):
        if not members[k].family:
            out.append(members[k])
            k += 1
            continue
        loop = opened(members[k:], middle, step)
        if loop is None:
            raise InputError("code for a symbolic number of layers needs families that alternate layer by layer",
                             hint="give the number of layers as a number")
        out.append(loop)
        k += len(loop.members)
    return out


def opened(members: Sequence[Member], middle: int, step: int) -> Loop | None:
    """The loop that begins here; nothing where these take no turns."""
    first = members[0].family
    at = next((k for k, m in enumerate(members) if (m.family, m.number) == (first, middle)), None)
    if at is None:
        return None
    end = next((k for k in range(at + 1, len(members)) if members[k].family in (first, "")), len(members))
    rounds = [(m.family, m.number - middle) for m in members[at:end]]
    far = dict(rounds)
    stop = next((k for k, m in enumerate(members) if m.family not in far), len(members))
    numbers = [m.number - far[m.family] for m in members[:stop]]
    span = range(min(numbers), max(numbers) + 1) if step > 0 else range(max(numbers), min(numbers) - 1, -1)
    loop = Loop(span, rounds, {(m.family, m.number): m for m in members[:stop]})
    return loop if loop.order() == list(members[:stop]) else None


def indented(lines: Iterable[str]) -> list[str]:
    return ["    " + line if line else "" for line in lines]


class Function(Lists):
    """Writes the value and the gradients of every number of layers."""

    def moved(self, e: Expr, by: int) -> Expr:
        """An expression of the layer that stands for all, said of another one near it."""
        return substitute(e, self.depth.shifted(self.found.names, by)) if by else e

    def forward(self) -> list[str]:
        """The definitions in their order."""
        inside = self.numbered(n for n, _ in self.p.definitions)
        follows = self.depth.shifted(self.found.names)
        bodies = dict(self.p.definitions)
        alike: dict[str, set[int]] = {}
        for base, members in inside.items():
            low = high = self.depth.middle
            while high + 1 in members and high in members and substitute(bodies[members[high]], follows) is bodies[members[high + 1]]:
                high += 1
            while low - 1 in members and low in members and substitute(bodies[members[low - 1]], follows) is bodies[members[low]]:
                low -= 1
            alike[base] = set(range(low, high + 1)) if self.depth.middle in members and high > low else set()
        statements: list[Member] = []
        for n, _ in self.p.definitions:
            base, at = self.depth.number(n.name) or ("", 0)
            statements.append(Member(base, at, n) if base and at in alike[base] else Member("", 0, n))
        lines: list[str] = []
        for s in loops(statements, self.depth.middle, 1):
            if isinstance(s, Member):
                lines += self.segment([(s.item, bodies[s.item])]).assigned([s.item])
                continue
            here = [s.members[family, self.depth.middle + far].item for family, far in s.rounds]
            low, high = s.numbers.start, s.numbers.stop
            lines += [f"for {self.counter} in range({self.places.end(low)}, {self.places.end(high)}):",
                      *indented(self.segment([(n, bodies[n]) for n in here]).assigned(here))]
        return lines

    def of(self, q: Part, target: str, by: int = 0) -> list[str]:
        """The statement that computes a gradient."""
        where = [(n, self.moved(body, by)) for n, body in q.where]
        return self.segment(where).puts([(target, self.moved(q.result, by), None)])

    def backward(self) -> list[str]:
        """The gradients with respect to defined names, from the last one back."""
        single = {q.wrt: q for q in self.found.single}
        layers = {base[0]: a for a in self.found.layers if (base := self.depth.number(a.part.wrt.name)) is not None}
        shared = {s.wrt for s in self.found.shared}
        statements: list[Member] = []
        for n in dict.fromkeys(q.wrt for q in self.found.parts if q.name is not None and q.wrt not in shared):
            base, at = self.depth.number(n.name) or ("", 0)
            statements.append(Member(base, at, n) if base in layers else Member("", 0, n))
        if any(q.name is not None and q.wrt in shared for q in self.found.parts):
            raise InputError("code for a symbolic number of layers cannot share a definition among all layers",
                             hint="give the number of layers as a number")
        lines: list[str] = []
        for s in loops(statements, self.depth.middle, -1):
            if isinstance(s, Member):
                lines += self.of(single[s.item], f"{self.target(s.item)} = ")
                continue
            high, low = s.numbers.start, s.numbers.stop
            lines.append(f"for {self.counter} in range({self.places.end(high)}, {self.places.end(low)}, -1):")
            for family, far in s.rounds:
                lines += indented(self.cases(s, family, far, layers[family], single))
        return lines

    def target(self, n: Name) -> str:
        """What the gradient with respect to a defined name is called."""
        name = next(q.name for q in self.found.parts if q.wrt == n and q.name is not None)
        return self.words.get(name.name, name.name)

    def cases(self, loop: Loop, family: str, far: int, layer: Layer, single: Mapping[Name, Part]) -> list[str]:
        """One family's statement in a round; the layers at the ends that are unlike the others each have their own."""
        own = sorted(k for f, k in loop.members if f == family)
        lines, word = list[str](), "if"
        for k in own:
            if not layer.low <= k <= layer.high:
                n = loop.members[family, k].item
                lines += [f"{word} {self.counter} == {self.places.end(k - far)}:", *indented(self.of(single[n], f"{self.target(n)} = "))]
                word = "elif"
        first, last = max(layer.low, own[0]), min(layer.high, own[-1])
        middle = loop.members[family, self.depth.middle + far].item
        general = self.of(layer.part, f"{self.target(middle)} = ", far)
        rounds = {k for k in loop.numbers if not any(k + far == e for e in own if not layer.low <= e <= layer.high)}
        if rounds == set(range(first - far, last - far + 1)):
            return [*lines, "else:", *indented(general)] if lines else general
        reach = f"{self.places.end(first - far)} <= {self.counter} <= {self.places.end(last - far)}"
        return [*lines, f"{word} {reach}:", *indented(general)]

    def gradients(self) -> list[str]:
        """The gradients asked for, those of lists, and what each layer gives to that of a variable all share, in loops."""
        loops: dict[str, list[tuple[str, Part, Name | None]]] = {}
        alone: list[tuple[str, Part, Name | None]] = []
        begin: list[str] = []
        listed = [base for base in self.gradient if any(self.family(n) == base and n.name != base for n in self.p.several)]
        for a in self.found.layers:
            base = self.family(a.part.wrt)
            if a.part.name is None and base in listed:
                loops.setdefault(self.over(a), []).append((f"{self.gradient[base]}[{self.counter}] = ", a.part, a.part.wrt))
        for q in self.found.single:
            at, base = self.depth.number(q.wrt.name), self.family(q.wrt)
            if q.name is None and base in self.gradient:
                inside = f"[{self.places.of(at[1])}]" if base in listed and at is not None else ""
                alone.append((f"{self.gradient[base]}{inside} = ", q, q.wrt))
        begin += [f"{self.gradient[b]} = {{}}" for b in listed if any(f"{self.gradient[b]}[" in t for t, *_ in (
            *alone, *(job for some in loops.values() for job in some)))]
        for s in self.found.shared:
            word = self.gradient[s.wrt.name]
            begin.append(f"{word} = 0")
            for a in s.layers:
                loops.setdefault(self.over(a), []).append((f"{word} = {word} + ", a.part, None))
            alone += [(f"{word} = {word} + ", q, None) for q in s.beside]
        for over, jobs in loops.items():
            begin += [over, *indented(self.together(jobs))]
        for job in alone:
            begin += self.together([job])
        return begin

    def together(self, jobs: Sequence[tuple[str, Part, Name | None]]) -> list[str]:
        """Statements that share what they have in common."""
        segment = self.segment([pair for _, q, _ in jobs for pair in q.where])
        return segment.puts([(target, q.result, like) for target, q, like in jobs])

    def over(self, a: Layer) -> str:
        """A loop over the layers of a link."""
        return f"for {self.counter} in range({self.places.end(a.low)}, {self.places.end(a.high + 1)}):"

    def handed(self, base: str) -> str:
        """What is returned for a variable, or a list of them."""
        names = [n for n in self.p.several if self.family(n) == base]
        if len(names) == 1 and names[0].name == base:
            own = next((q.name for q in self.found.parts if q.wrt == names[0] and q.name is not None), None)
            return self.gradient[base] if own is None else self.words.get(own.name, own.name)
        numbers = sorted(at[1] for n in names if (at := self.depth.number(n.name)) is not None)
        deltas = [at for q in self.found.parts if q.wrt == names[0] and q.name is not None and (at := self.depth.number(q.name.name))]
        word = self.word[deltas[0][0]] if deltas else self.gradient[base]
        span = f"range({self.places.end(numbers[0])}, {self.places.end(numbers[-1] + 1)})"
        return f"[{word}[{self.counter}] for {self.counter} in {span}]"

    def written(self) -> str:
        """The definition of `value_and_grads`."""
        value = self.segment()
        value_lines = value.puts([(f"{self.value} = ", self.p.function, None)])
        body = [*self.forward(), *value_lines, *self.backward(), *self.gradients()]
        start = [*self.opening(), *self.checks()]
        if any(s.like for s in self.segments):
            first = next((self.spelled(v.name) for v in self.alone if v.shape != SCALAR), None)
            of = first or f"next(iter({self.word[next(iter(self.lists))]}.values()))"
            start.append(f'{value.same} = {{"dtype": {of}.dtype, "device": {of}.device}}')
        if self.backend.scalars and any(s.lone for s in self.segments):
            start += [f"{self.spelled(v.name)} = " + self.backend.scalars.format(self.spelled(v.name))
                      for v in self.alone if v.shape == SCALAR]
        returned = [f"return {self.value}, {{", *(f'    "{base}": {self.handed(base)},' for base in self.gradient), "}"]
        asked = self.depth.asked_of
        lists = " and ".join(f"{self.word[b]} = [{b}{m[0]}, ..., {b}{shifted(self.letter, m[-1] - self.depth.last).replace(' ', '')}]"
                             for b, m in self.lists.items())
        said = [f'"""The value of {asked.expr} and its gradients, for every {self.depth.letter} >= {self.found.least}.', "",
                *([f"{lists}."] if lists else [f"{self.letter} is the number of layers."]), '"""']
        lines = value.opened("value_and_grads", self.params())
        return "".join(line + "\n" for line in [*lines, *indented([*said, *start, *body, *returned])])

    def code(self, more: str = "", end: str = "") -> str:
        """The imports, the helpers and the function."""
        code = self.written()
        last = self.segments[-1]
        last.helpers = list(dict.fromkeys(h for s in self.segments for h in s.helpers))
        return last.file(code + ("\n\n" + more if more else ""), "np" if more else "", end)


def source(found: Layered, backend: Backend) -> str:
    """A function that returns the value and a dictionary of gradients, of every number of layers."""
    return Function(found, backend).code()


def file(found: Layered, backend: Backend, library: str, declared: Sequence[str]) -> str:
    """The function in a file with what was asked and a test."""
    function, asked = Function(found, backend), found.depth.asked_of
    head = headed([f"{asked.expr} wrt {', '.join(asked.several)}", "denominator layout"],
                  {"Declared": declared, "Defined": asked.define, "Assumed": asked.assume}, found.said)
    test = function.test(library)
    end = MAIN.format(double=DOUBLE.get(library, "")) if test else ""
    return head + function.code(test or "", end)
