"""What is read before and after its turn: functions that are declared further down, and what could not be read before.

A law of layer l holds of the layer before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any

from ...language.shape import InputError
from ..parts.formula import formula, quotient
from ..words.structure_words import structure
from ...reading.latex.declarations import declaration
from .in_entries import InEntries
from ..parts.records import Assumption, texts, Word
from .rows import Statement, statements
from ...reading.latex.spelt_names import with_functions
from ...reading.latex.spelling import plain
from .plain_sides import inside_d
from ...reading.networks import bare
from ...reading.latex.tokens import tokens
from ...reading.brackets import BRACES, opening
from ...reading.latex.cursor import ACCENTS
from ...reading.latex.names import NUMBER

OF_LAYER = re.compile(r"\b([A-Za-z]\w*?)_(sup)?(?:(l|L|ell)(?:([pm])(\d+))?|(\d+))\b")
OF_CLASS = re.compile(r"\b([A-Za-z]\w*?)_(([kcij])|\d+)\b")


def _place(m: re.Match[str]) -> tuple[str, int]:
    """The letter of a layer, and how far it is from there; of a number no letter."""
    return (m[3] or "", int(m[6] or m[5] or 0) * (-1 if m[4] == "m" else 1))


def of_layer(name: str, bodies: Mapping[str, str], known: Collection[str]) -> str:
    """What a name is by the law of its kind; empty where there is none, or where it speaks of nothing that is known.

    >>> of_layer("a_suplm1", {"a_supl": "sigmoid(z_supl)"}, ())
    'sigmoid(z_suplm1)'
    >>> of_layer("z_suplp1", {"z_supl": "W_supl*a_suplm1 + b_supl"}, {"a_supl"})
    'W_suplp1*a_supl + b_suplp1'
    """
    own = OF_LAYER.fullmatch(name)
    if own is None or name in bodies:
        return ""
    letter, at = _place(own)
    for law, body in bodies.items():
        said = OF_LAYER.fullmatch(law)
        if said is None or said.group(1, 2) != own.group(1, 2) or not said[3] or letter and said[3] != letter and letter != "L":
            continue
        first, by = said[3], at - _place(said)[1]

        def moved(m: re.Match[str], first: str = first, by: int = by) -> str:
            if m[3] != first:
                return m[0]
            k = _place(m)[1] + by
            return f"{m[1]}_{m[2] or ''}{letter}{'' if letter and not k else f'p{k}' if letter and k > 0 else f'm{-k}' if letter else k}"
        out = OF_LAYER.sub(moved, body)
        found = [m for m in OF_LAYER.finditer(out) if m[3] or not letter]
        others = [m for m in found if _place(m) != (letter, at)]
        if out != body and name not in (m[0] for m in found) and (
                not others or "d(" in out or any(m[0] in known for m in found)):
            return out
    return ""


def of_class(name: str, bodies: Mapping[str, str], functions: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    """The function of a class k of which this is the one of another class, and what it is there.

    >>> of_class("f_1", {"f_k": "w_k'*x"}, {"f_k": ("x",)})
    ('f_k', "w_1'*x")
    """
    own = OF_CLASS.fullmatch(name)
    law = next((f for f in functions if own is not None and f in bodies and (m := OF_CLASS.fullmatch(f)) and m[1] == own[1] and m[3]), "")
    if own is None or not law or name in bodies:
        return "", ""
    index = law.rpartition("_")[2]
    return law, re.sub(rf"_{index}\b", f"_{own[2]}", bodies[law])


SAMPLE = re.compile(r"^\s*(?:\\(?:mathbf|boldsymbol|bm|vec)\s*\{?)?[a-z]\}?_\{?[ijnt]\}?\s*\\in\s*\\(?:mathbb|R)")       # x_i in R^d


class Deferred(InEntries):
    """Reads statements a second time, when the whole file is known."""

    def __init__(self) -> None:
        super().__init__()
        self.names.law = self.by_law

    def by_law(self, name: str) -> None:
        """Define a^{l-1} by what is said of a^l, and a gradient of its kind with what it is taken by; f_1(x) by f_k(x)."""
        law, body = of_class(name, self.names.bodies, self.calls)
        if law:
            self.calls[name] = self.calls[law]
        else:
            body = of_layer(name, self.names.bodies, self.names.plain)
        if body:
            self.defined(name, body, 0)
            for inner in formula(body).by:
                self.by_law(inner)

    def sample_means(self) -> None:
        """Take x_bar, of which nothing else is said, for the mean of the x_i that the sheet sums."""
        said = [*texts(self.rows), *(body for _, body, _ in self.define)]
        for name in dict.fromkeys(re.findall(r"\b[a-z]\w*_bar\b", " ".join(said))):
            x = name.removesuffix("_bar")
            summed = any(x in formula(text).names and re.search(r"\bones\(\w+\)'|\bsum\(", text) for text in said)
            if summed and self.new(name) and not self.differentiated_by(name) and (self.shape(x, True) or NUMBER)[0] != "1":
                self.defined(name, f"mean({x})", 0)
                self.understood.append(f"{name} = mean({x})")

    def differentiated_only(self) -> None:
        """Take L of dL/dx = d(..)/dx, which nothing else defines and which is differentiated by nothing else, for what stands there."""
        said = formula(" ".join(texts(self.rows)))
        for r in self.rows:
            f, x = quotient(r.left or "") or ("", "")
            body = bare(r.right).removesuffix(f"/d({x})")
            if f and f not in self.names.plain and body != bare(r.right) and (inner := inside_d(body)) is not None and \
                    {y for g, y in said.quotients if g == f} == {x} and (f, "") not in said.parts:
                self.defined(f, inner, r.number)
                self.understood.append(f"{f} = {inner}")

    def ahead(self, pieces: Iterable[re.Match[str]]) -> None:
        """The functions that a file declares anywhere, declared before its first line is read."""
        for m in pieces:
            which = next((k for k in ("inline", "round", "dollars", "square") if m[k] is not None), "")
            maps, samples = r"\to" in (m[which] if which else ""), which and SAMPLE.search(m[which])
            if which and (maps and ":" in m[which] or samples):
                with suppress(InputError):
                    for s in statements(self.spelled(m.start(which), m.end(which)), self.names, self.text):
                        given = declaration(s.sides[0], self.names, self.text, structure, self.domains) if len(s.sides) == 1 else None
                        name = (given or "").partition(":")[0].strip()
                        if given is not None and (":" in given and name not in self.names.functions or samples and ":" not in given):
                            self.declared(given)

    def along(self) -> None:
        """Where everything changes with a number, what is nowhere differentiated by it does not."""
        if self.names.parameter:
            moving = {n for r in self.rows for n in formula(r.text).by | formula(r.text).moved}
            self.constant |= {d.split()[0].strip(",") for d in self.declare if " in " in d} - moving

    def normal(self, names: Iterable[str]) -> None:
        """What a text calls the covariance of a normal distribution is positive definite."""
        for spelled in names:
            with suppress(InputError):
                name = self.single(with_functions(plain(tokens(spelled), self.macros, self.fail), self.names))
                shape = (self.shape(name, True) if self.names.known(name) else self.used(name)) if name else None
                if name and name not in self.names.bodies and (shape is None or shape[0] == shape[1] != "1"):
                    self.structure.append(Word(name, "spd", 0))

    def labelled(self) -> None:
        """One-hot labels beside a softmax of their shape stand as it does, which is taken row by row."""
        for name in self.labels:
            shape = self.names.shape(name)
            if shape is not None and any("softmax(" in body and self.names.shape(n) == shape for n, body, _ in self.define):
                self.assumed.append(Assumption(f"rowsum({name}) = ones({shape[0]})", 0))
                self.understood.append(f"{self.assumed[-1].text} is assumed")

    def applied(self, s: Statement) -> Iterator[str]:
        """The names of which nothing is known that stand before a bracket: f, \\bar g."""
        for side in s.sides:
            for k, (behind, _) in enumerate(side):
                if behind == "(" and k:
                    start = opening([t for t, _ in side], k - 1, BRACES) if side[k - 1][0] == "}" else k - 1
                    accented = start > 0 and side[start - 1][0] in ACCENTS
                    name = self.single(side[start - accented:k])
                    if name and not self.names.known(name):
                        yield name

    def read_again(self) -> None:
        """At the end of a file, the statements that could not be read, or that apply what is defined as a function further down."""
        shift = 0
        waiting, self.later = self.later, []
        for start, count, s, row, applied in waiting:
            k = start + shift
            made = self.rows[k:k + count]
            if not applied & self.names.arguments.keys() and all(r.why is None for r in made):
                self.later.append((k, count, s, row, applied))
                continue
            kept, behind = self.kept(), self.rows[k + count:]
            self.rows = self.rows[:k]
            for name in {r.defines for r in made} - {""}:       # by what was read as a product
                self.forget(name)
            try:
                self.sides(s, row)
            except InputError:
                self.rows.append(row._replace(why=self.fail("", s.at)))
            found = self.rows[k:]
            if found and all(r.why is None for r in found):
                shift += len(found) - count
                self.rows += behind
            else:
                self.restored(kept)
                self.later.append((k, count, s, row, applied))

    def kept(self) -> tuple[Any, ...]:
        """What reading a statement may change."""
        names = self.names
        return self.rows, list(self.declare), list(self.define), set(names.plain), dict(names.bodies), dict(self.unread), dict(self.calls)

    def restored(self, kept: tuple[Any, ...]) -> None:
        self.rows, self.declare, self.define, self.names.plain, self.names.bodies, self.unread, calls = kept
        self.calls.clear()
        self.calls.update(calls)
