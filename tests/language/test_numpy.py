"""Random lines of NumPy: what is read is what NumPy makes of arrays of those shapes, or nothing is read."""

from __future__ import annotations

import random
from collections import Counter
from functools import cache

import numpy as np
import pytest

from matcalc.reading.dialects.lines import is_numpy
from matcalc.reading.parse import problem
from matcalc.language.shape import InputError
from matcalc.reading.grammar.tokens import Line
from reference import Reference
from tests.random_expressions import Grammar, Random

SIZES = {"n": 3, "m": 4, "k": 2}
NAMES = {"x": "n", "y": "n", "u": "m", "v": "m", "w": "k", "S": "nn", "R": "mm", "X": "mn", "Y": "mn", "W": "nk", "V": "km", "a": "",
         "c": ""}
DECLARED = [f"{name} in R" + ("" if not s else f"^{s}" if len(s) == 1 else f"^({s[0]},{s[1]})") for name, s in NAMES.items()]
# Shapes are the axes of an array: "" a number, "n" one axis, "mn" two, "1n" one of which is of length 1.
LEAVES = """
 | a  c
n | x  y
m | u  v
k | w
nn | S
mm | R
kk | np.outer(w, w)
mn | X  Y
nm | X.T
nk | W
kn | W.T
km | V
mk | V.T
i1 | {i}[:, None]
1j | {j}[None, :]
"""
FORMS = """
 | {r} @ {r}  np.sum({r})  np.sum({mn})  np.mean({nn})  {} + {}  {} * {}  {}**2**{}  -{}**2  np.linalg.norm({r})  np.dot({r}, {r})
   np.trace({nn})  {}**-2  {} / {}  {n}.dot({n})  np.sum({n1})  {r}.T @ {r}  ({mn}).sum()  2  np.sum({nm}**2)
   {mn}.ravel() @ {mn}.flatten()  x.size  X.shape[1]  len(Y)  Y.T.shape[0]  {r}.mean()  np.var({r})  np.vdot({mn}, {mn})
   np.einsum('i,ij,j', {m}, {mn}, {n})  np.einsum('ij,ij->', {mn}, {mn})  np.inner({r}, {r})  np.linalg.norm({mn})  np.sqrt({n} @ {n})
   np.add({}, {})  {mn}.mean()  np.linalg.det({nn})  np.linalg.norm({r}, 1)  np.sum({nn}, axis=(0, 1))  np.max({})
n | np.linalg.solve(S, {n})
m | np.linalg.solve(R, {m})
k | np.linalg.solve(W.T @ W, {k})
i | {ir} @ {r}  {r} @ {ri}  np.dot({ir}, {r})  {r}.dot({ri})  {ir}.sum(axis=1)  {ri}.mean(axis=0)  np.diag({ii})  {i} * {i}  {i} + {i}
   {i} - {i}  {i} / {i}  {i}**2  {i}**{i}  {} * {i}  {i} / {}  np.exp({i})  -{i}  {i} + {}  {}**{i}  {i}.T  np.sum({ir}, axis=-1)
   np.mean({ri}, axis=0)  1 / {i}  np.std({ri}, axis=0)  np.var({ir}, axis=1)  np.einsum('ij,j->i', {ir}, {r})
   np.einsum('i,ij->j', {r}, {ri})  np.linalg.norm({ir}, axis=1)  np.multiply({i}, {i})  np.maximum({i}, 0)  np.ones(len({i}))
   np.zeros_like({i})  np.einsum('ij->j', {ri})  {i}.ravel()  np.subtract({i}, {})  np.power({i}, 2)  {ii}.diagonal()
i1 | {i}[:, None]  {ir}.sum(axis=1, keepdims=True)  {i1} * {i1}  {} * {i1}  {i1} - {i1}  {ir} @ {r1}  np.exp({i1})  {1i}.T  {i1}**2
   {i}.reshape(-1, 1)  {i}[:, np.newaxis]  np.expand_dims({i}, 1)  np.mean({ir}, axis=1, keepdims=True)
1j | {j}[None, :]  {rj}.mean(axis=0, keepdims=True)  {1j} * {j}  {j1}.T  {1j} + {j}  {1r} @ {rj}  {j} / {1j}  {j}.reshape(1, -1)
   {j}[None]
IJ | {ir} @ {rj}  {ij} + {ij}  {ij} * {ij}  {ij} - {j}  {ij} * {j}  {ij} / {j}  {j} / {ij}  {ij} - {i1}  {ij} * {i1}  {ij} / {i1}
   {ij} + {1j}  {i1} * {1j}  {i1} - {j}  {i1} * {j}  {j} + {i1}  {i1} / {j}  {j} / {i1}  {ij}**2  np.exp({ij})  {ij}**{j}  {i1}**{j}
   np.outer({i}, {j})  np.outer({1i}, {j1})  {ji}.T  {} * {ij}  np.einsum('ij,jk->ik', {ir}, {rj})  np.einsum('i,j->ij', {i}, {j})
   np.multiply({ij}, {j})  np.square({ij})  np.add({ij}, {j})  np.divide({ij}, {i1})  np.dot({ir}, {rj})
   ({ij} - np.mean({ij}, 0)) / np.std({ij}, 0)  np.matmul({ir}, {rj})  {ij}.transpose()  np.abs({ij})  {ij} - {ij}.mean(axis=0)
   {ij} / {ij}.sum(axis=1, keepdims=True)  -{ij}  {ij} + {}
"""


@cache
def grammar(more: str) -> Grammar:
    """Lines of NumPy, now and then with an operand of other axes than those that fit; `more` is a name that is there too."""
    return Grammar(LEAVES + more, FORMS, "n m k", early=0.15, stray=0.04, astray=("", "n", "m", "nn", "mn", "n1", "1n"))


class Lines:
    """Lines of one problem: a name q may be defined first, and brackets are left out now and then where they are needed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.grammar = grammar("")
        self.defined: list[str] = []
        if self.random.random() < 0.3:
            axes = self.random.choice(("", "n", "n1", "1n", "nn"))
            body = self.line(axes, 2)
            if is_numpy(Line(body)):
                self.grammar, self.defined = grammar(f"{axes} | q"), [body]

    def bracketed(self, text: str) -> str:
        """An operand, mostly in brackets where it is not simple."""
        simple = text.isalnum() or (text[-1] == ")" and text[:3] == "np." and text.count("(") == 1)
        return text if simple or self.random.random() < 0.12 else f"({text})"

    def line(self, axes: str, depth: int) -> str:
        """A line whose array has these axes."""
        return Random(self.grammar, self.random).tree(axes, depth).text(dressed=self.bracketed)


def judged(seeds: range) -> tuple[Counter[str], list[str]]:
    """How the lines went, and those read as something else than NumPy computes."""
    rng = np.random.default_rng(1)
    at = {name: rng.uniform(0.3, 0.9, tuple(SIZES[d] for d in s)) for name, s in NAMES.items()}
    went: Counter[str] = Counter()
    wrong: list[str] = []
    for seed in seeds:
        lines = Lines(seed)
        text = lines.line(lines.random.choice(("", "", "n", "m", "mn", "nn", "n1", "1n")), 3)
        if not is_numpy(Line(text)):
            continue
        try:
            with np.errstate(all="ignore"):
                given = {**SIZES, **at, "np": np}
                for body in lines.defined:
                    given["q"] = eval(body, dict(given))
                found = np.asarray(eval(text, given))
        except (SyntaxError, TypeError, AttributeError, IndexError, ValueError, np.linalg.LinAlgError):
            found = None
        try:
            p = problem(DECLARED, [f"q = {body}" for body in lines.defined], expr=text)
        except InputError:
            went["neither" if found is None else "refused"] += 1
            continue
        if found is None:
            wrong.append(f"{text}  ->  {p.read}, and NumPy refuses")
            continue
        if not np.all(np.abs(found) < 1e8) or not np.all(np.abs(given.get("q", 0)) < 1e8):
            went["not finite"] += 1
            continue
        columns = {v: at[v.name].reshape(tuple(d.value(SIZES) for d in v.shape)) for v in p.variables.values() if v.kind == "variable"}
        for name, body in p.definitions:
            columns[name] = Reference(columns, SIZES)(body)
        try:
            value = Reference(columns, SIZES)(p.f)
        except OverflowError:
            went["not finite"] += 1
            continue
        shape = {0: (1, 1), 1: (found.size, 1)}.get(found.ndim, found.shape)
        fits = value.shape == shape or (found.ndim == 1 and value.shape == shape[::-1])
        if fits and np.allclose(value.reshape(found.shape), found, rtol=1e-6):
            went["same"] += 1
        else:
            wrong.append(f"{text}  ->  {p.read}: {value.shape} for {found.shape}")
    return went, wrong


@pytest.mark.slow
def test_what_is_read_is_what_numpy_computes() -> None:
    went, wrong = judged(range(260))
    assert not wrong, "\n".join(wrong)
    assert went["same"] >= 120
