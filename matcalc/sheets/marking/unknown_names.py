"""Names of which nothing is known, taken as a number or a matrix where a definition fits only then."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
import re

from ...language.expr import SCALAR, InputError
from ...reading.brackets import terms
from ...reading.latex.letters import FUNCTIONS
from ...reading.latex.names import NAME
from ..statements.by_entries import with_powers
from ..parts.formula import formula
from .line import Lines
from ..parts.definition_parts import Definition, as_text, equation, ordered
from ...reading.inference.lines import inferred
from ...patterns import pattern

BARE = pattern(r"\b(eye)\b(?!\()|\bvector\(1\)")
NO_NUMBERS = pattern(r"'|\b(?:sum|norm\w+|tr|ones|softmax)\(")


class UnknownNames(Lines):
    """Finds what makes definitions fit that do not: declarations of single letters of which nothing is known, or other bodies."""

    Repair = tuple[list[str], dict[str, str]]       # declarations, and bodies by name

    def declarations(self, good: list[Definition], bad: list[Definition]) -> Repair:
        """Letters of which nothing is known declared as numbers, or one as a matrix."""
        def the_only(space: str, fits: Callable[[Definition, str], bool]) -> list[str]:
            each = [[d for n in self.letters(entry) if fits(entry, d := f"{n} in {space.format(n)}")] for entry in bad]
            return list(dict.fromkeys(found[0] for found in each if len(found) == 1))
        return [] if self.sheet.numpy else \
            the_only("R", lambda entry, d: self.is_scalar([*good, entry], entry[0], d)) or \
            the_only("R^({0}_m,{0}_n)", lambda entry, d: f"({d.split()[0]})'" in entry[1] and self.fit((*good, entry), [d])) or \
            self.only_numbers(good, bad), {}

    def letters(self, entry: Definition) -> list[str]:
        """The small names in a definition of which nothing is known."""
        return [n for n in formula(entry[1]).names if n.islower() and self.sheet.new(n)]

    def fit(self, define: Iterable[Definition], declare: Iterable[str] = ()) -> bool:
        """Whether definitions fit with more declarations."""
        return equation([*self.sheet.declare, *declare], as_text(ordered([*define])), "1", "1") is not None

    def is_scalar(self, define: list[Definition], name: str, declared: str) -> bool:
        """Whether a definition fits with one more declaration, and is a scalar, not all of its names being numbers: y of (1 - y*w'*x)^2."""
        p = equation([*self.sheet.declare, declared], as_text(define), name, name)
        others = [g for g in p.inferred_from if not declared.startswith(f"{g.name} ")] if p is not None else []
        return p is not None and p.sides[0].shape == SCALAR and (not others or any(g.shape != SCALAR for g in others))

    def only_numbers(self, good: list[Definition], bad: list[Definition]) -> list[str]:
        """All letters of definitions as numbers where these fit then, and nothing on the sheet is transposed, summed or has a norm:
        t*log(q) + (1 - t)*log(1 - q)."""
        said = " ".join([*(r.text for r in self.sheet.rows), *(b for _, b, _ in (*good, *bad))])
        names = dict.fromkeys(n for _, b, _ in bad for n in formula(b).names if n not in FUNCTIONS and self.sheet.new(n) or
                              n in self.sheet.unknown)
        declared = [f"{n} in R" for n in names]
        small = self.sheet.markup and not NO_NUMBERS.search(said) and not any(n[0].isupper() for n in names)
        return declared if small and self.fit((*good, *bad), declared) else []

    def bodies_by_entries(self, good: list[Definition], bad: list[Definition]) -> Repair:
        """Definitions of LaTeX that fit only where their powers and fractions go entry by entry, sqrt(1 + r^2) of a column r, or where a
        column stands beside each row or column of a matrix, X*W + b; else those as diag(A) of a matrix with which others fit only where
        that is the diagonal matrix, w'*D*w, and not the column."""
        out: dict[str, str] = {}
        for name, body, k in bad if self.sheet.markup else ():
            others = [(n, out.get(n, b), k) for n, b, k in bad if n != name]
            spread = [with_powers(body)]
            for c in [t.strip() for _, t in terms(body) if NAME.fullmatch(t.strip())]:
                if (shape := self.sheet.shape(c)) is not None and shape[1] == "1" != shape[0]:
                    alone = re.compile(rf"(?<![\w.*]){c}(?![\w.*'])")
                    spread += [alone.sub(f"vector(1)*{c}'", body), alone.sub(f"{c}*vector(1)'", body)]
            fits = next((b for b in spread if b != body and (
                self.fit((*good, *others, (name, b, k))) or self.fit((*good, (name, b, k))))), "")
            if fits:
                out[name] = fits
                self.sheet.understood += [f"{name} = {fits}"] if "vector(1)" in fits else []
        diagonal = {n: f"diag({m[0]})" for n, b, _ in good if (m := re.fullmatch(r"\(*diag\(.*\)", b, re.S)) is not None}
        if out or not diagonal or not self.sheet.markup:
            return [], out
        define = [(n, diagonal.get(n, b), k) for n, b, k in (*good, *bad)]
        for declare in ([], *([f"{n} in R"] for entry in bad for n in self.letters(entry))):
            if self.fit(define, declare):
                self.sheet.understood += [f"{n} = {b}" for n, b in diagonal.items()]
                return declare, diagonal
        return [], {}

    def sized_by_lines(self, good: list[Definition], bad: list[Definition]) -> Repair:
        """Definitions that do not say how large an I or a 1 is, with the size that the lines give them: C of C = I - 1*1'/n."""
        bare = [entry for entry in bad if BARE.search(entry[1])]
        with suppress(InputError):
            found = inferred(self.declare, as_text(good), [], self.chains(), self.given.losses) if bare else []
            sizes = {g.name: str(g.shape[0]) for g in found if g.shape[0] == g.shape[1] and g.shape != SCALAR}
            return [], {n: BARE.sub(lambda m, n=n: f"{m[1] or 'ones'}({sizes[n]})", b)      # type: ignore[misc]
                        for n, b, _ in bare if n in sizes}
        return [], {}

    def chains(self) -> list[list[str]]:
        """The sides of the rows, one chain after another."""
        chains: list[list[str]] = []
        for r in self.sheet.rows:
            if r.why is not None or r.role in ("condition", "conclusion"):
                continue
            if r.left is None and chains:
                chains[-1].append(r.right)
            else:
                chains.append([side for side in (r.left, r.right) if side])
        return chains

    def number_with(self, f: str, define: list[str], declare: list[str]) -> bool:
        """Whether definitions and declarations fit, and a name is a scalar by them."""
        p = equation(declare, define, f or "1", f or "1")
        return p is not None and p.sides[0].shape == SCALAR

    def perhaps_entry(self, name: str) -> bool:
        """Whether a name that nothing defines may be an entry of another one, of which nobody said what it is: x_1 beside x."""
        base, _, number = name.rpartition("_")
        return number.isdigit() and name not in self.sheet.names.bodies and self.sheet.shape(base) is None and \
            self.shapes.get(base, SCALAR) != SCALAR == self.shapes.get(name)
