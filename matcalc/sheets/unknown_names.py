"""Names of which nothing is known, taken as a number or a matrix where a definition fits only then."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
import re

from ..language.expr import SCALAR, InputError
from ..reading.parse import problem
from ..reading.brackets import terms
from ..reading.latex.letters import FUNCTIONS
from ..reading.latex.names import NAME
from .line import Lines
from .definition_parts import WORDS, Definition, as_text, equation, ordered
from .records import Word
from .shape_table import inferred

BARE = re.compile(r"\b(eye)\b(?!\()|\bvector\(1\)")
NO_NUMBERS = re.compile(r"'|\b(?:sum|norm\w+|tr|ones|softmax)\(")


class UnknownNames(Lines):
    """Tries to declare single letters of which nothing is known."""

    worded: Callable[[list[str], list[Word]], list[str]]  # the declarations with words of structure

    def entry_by_entry(self, good: list[Definition], bad: list[tuple[Definition, InputError]]) -> dict[str, str]:
        """Definitions of LaTeX that fit only where their powers and fractions go entry by entry: sqrt(1 + r^2) of a column r; or where a
        column stands beside each row or column of a matrix: X*W + b."""
        out: dict[str, str] = {}
        for (name, body, _), _ in bad if self.sheet.markup else ():
            spread = [re.sub(r"\^\((\d+)\)", r".^(\1)", re.sub(r"(?<!\.)/(?!d\()", "./", body))]
            names = [t.strip() for _, t in terms(body) if NAME.fullmatch(t.strip())]
            columns = [n for n in names if (shape := self.sheet.shape(n)) is not None and shape[1] == "1" != shape[0]]
            for c in columns:
                alone = re.compile(rf"(?<![\w.*]){c}(?![\w.*'])")
                spread += [alone.sub(f"vector(1)*{c}'", body), alone.sub(f"{c}*vector(1)'", body)]
            others = [(n, out.get(n, b), k) for n, b, k in (*good, *(entry for entry, _ in bad)) if n != name]
            fits = next((s for s in spread if s != body and any(
                self.number_with("", as_text(ordered([*rest, (name, s, 0)])), self.sheet.declare) for rest in (others, good))), "")
            if fits:
                out[name] = fits
                self.sheet.understood += [f"{name} = {fits}"] if "vector(1)" in fits else []
        return out

    def diagonals(self, good: list[Definition], bad: list[tuple[Definition, InputError]]) -> dict[str, str]:
        """Definitions as diag(A) of a matrix with which others fit only where that is the diagonal matrix, w'*D*w, and not the column."""
        entries = [*good, *(entry for entry, _ in bad)]
        out = {n: f"diag({m[0]})" for n, b, _ in good if (m := re.fullmatch(r"\(*diag\(.*\)", b, re.S)) is not None}
        texts = [f"{n} = {out.get(n, b)}" for n, b, _ in entries]
        letters = [n for (_, b, _), _ in bad for n in dict.fromkeys(WORDS.findall(b)) if n.islower() and self.sheet.new(n)]
        for number in ([], *([f"{n} in R"] for n in letters)) if out and self.sheet.markup else ():
            with suppress(InputError):
                problem([*self.sheet.declare, *number], texts, losses=self.given.losses)
                for text in number:
                    self.sheet.declared(text)
                self.declare = [*self.declare, *number]
                self.sheet.understood += [f"{n} = {b}" for n, b in out.items()]
                return out
        return {}

    def one_number(self, good: list[Definition], bad: list[tuple[Definition, InputError]]) -> bool:
        """Declare the one small letter as a number with which a definition fits that does not otherwise, and is a scalar: y of
        (1 - y*w'*x)^2."""
        found: list[str] = []
        for entry, _ in bad:
            letters = [n for n in dict.fromkeys(WORDS.findall(entry[1])) if n.islower() and self.sheet.new(n)]
            fits = [n for n in letters if self.is_scalar([*good, entry], entry[0], f"{n} in R")]
            found += fits if len(fits) == 1 else []
        self.sheet.declare += [f"{n} in R" for n in dict.fromkeys(found)]
        self.sheet.names.plain.update(found)
        self.declare = self.worded(self.sheet.declare, [w for w in self.sheet.structure if w.everywhere])
        return bool(found)

    def one_matrix(self, good: list[Definition], bad: list[tuple[Definition, InputError]]) -> bool:
        """Declare the one small letter as a matrix with which a definition fits that does not otherwise: w of (w'*delta).*s."""
        found: list[str] = []
        for entry, _ in bad:
            letters = [n for n in dict.fromkeys(WORDS.findall(entry[1])) if n.islower() and self.sheet.new(n) and f"({n})'" in entry[1]]
            declared = [f"{n} in R^({n}_m,{n}_n)" for n in letters]
            fits = [d for d in declared if self.number_with("", as_text((*good, entry)), [*self.sheet.declare, d])]
            found += fits if len(fits) == 1 else []
        self.sheet.declare += dict.fromkeys(found)
        self.sheet.names.plain.update(d.split()[0] for d in found)
        self.declare = self.worded(self.sheet.declare, [w for w in self.sheet.structure if w.everywhere])
        return bool(found)

    def only_numbers(self, good: list[Definition], bad: list[tuple[Definition, InputError]]) -> bool:
        """Declare all letters of definitions as numbers where these fit then, and nothing on the sheet is transposed, summed or has a
        norm: t*log(q) + (1 - t)*log(1 - q)."""
        rows = (f"{r.left or ''} {r.right}" for r in self.sheet.rows)
        said = " ".join([*rows, *(b for _, b, _ in good), *(b for (_, b, _), _ in bad)])
        names = dict.fromkeys(n for (_, b, _), _ in bad for n in WORDS.findall(b) if n not in FUNCTIONS and self.sheet.new(n) or
                              n in self.sheet.unknown)
        declared = [f"{n} in R" for n in names]
        if not self.sheet.markup or NO_NUMBERS.search(said) or any(n[0].isupper() for n in names) or not declared:
            return False
        if not self.number_with("", as_text((*good, *(entry for entry, _ in bad))), [*self.sheet.declare, *declared]):
            return False
        self.sheet.declare += declared
        self.sheet.names.plain.update(names)
        self.declare = self.worded(self.sheet.declare, [w for w in self.sheet.structure if w.everywhere])
        return True

    def sized_by_lines(self, good: list[Definition], bad: list[Definition]) -> dict[str, str]:
        """Definitions that do not say how large an I or a 1 is, with the size that the lines give them: C of C = I - 1*1'/n."""
        bare = [entry for entry in bad if BARE.search(entry[1])]
        with suppress(InputError):
            found = inferred(self.declare, as_text(good), [], self.chains(), self.given.losses) if bare else []
            sizes = {g.name: str(g.shape[0]) for g in found if g.shape[0] == g.shape[1] and g.shape != SCALAR}
            return {n: BARE.sub(lambda m, n=n: f"{m[1] or 'ones'}({sizes[n]})", b) for n, b, _ in bare if n in sizes}   # type: ignore[misc]
        return {}

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

    def is_scalar(self, define: list[Definition], name: str, declared: str) -> bool:
        """Whether a definition fits with one more declaration, and is a scalar, not all of its names being numbers."""
        p = equation([*self.sheet.declare, declared], as_text(define), name, name)
        others = [g for g in p.inferred_from if not declared.startswith(f"{g.name} ")] if p is not None else []
        return p is not None and p.sides[0].shape == SCALAR and (not others or any(g.shape != SCALAR for g in others))

    def number_with(self, f: str, define: list[str], declare: list[str]) -> bool:
        """Whether definitions and declarations fit, and a name is a scalar by them."""
        p = equation(declare, define, f or "1", f or "1")
        return p is not None and p.sides[0].shape == SCALAR

    def perhaps_entry(self, name: str) -> bool:
        """Whether a name that nothing defines may be an entry of another one, of which nobody said what it is: x_1 beside x."""
        base, _, number = name.rpartition("_")
        return number.isdigit() and name not in self.sheet.names.bodies and self.sheet.shape(base) is None and \
            self.shapes.get(base, SCALAR) != SCALAR == self.shapes.get(name)
