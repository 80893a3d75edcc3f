"""Sums over an index in a formula, read entry by entry."""

from __future__ import annotations

from ...language.operations import ELEMENTWISE_NAMES
from .blocks import Blocks
from .brackets import FENCES
from ..networks import bare
from .macros import group
from .letters import OPEN
from .cursor import STYLES
from .words import Tokens


class Sums(Blocks):
    """\\sum_i and what it goes over."""

    def total(self) -> str:
        """\\sum_i of entries of vectors, entry by entry: sum(..)."""
        at = self.i
        self.i += 1
        if self.now != "_":
            raise self.error("sums over an index cannot be read", "write sum(..), tr(..) or a matrix product", at)
        self.i += 1
        index = [t for t, _ in self.group()]
        if self.now == "^":
            self.i += 1
            self.group()
        letters = tuple(t for t in (index[:index.index("=")] if "=" in index else index) if t != ",")
        if not letters or len(letters) > 2 or self.bound or any(not t.isalpha() or self.names.known(t) for t in letters):
            raise self.error("sums over an index cannot be read", "write sum(..), tr(..) or a matrix product", at)
        if "=" in index and index[index.index("=") + 1:] != ["1"]:
            raise self.error("sums over an index cannot be read", "write sum(..), tr(..) or a matrix product", at)
        while self.now == r"\sum":
            letters += self.another(letters, at)
        start = self.i
        self.bound = letters
        try:
            inner = self.circle()
        finally:
            self.bound = ()
        used = self.tokens[start:self.i]
        self.entries(used, letters, at)
        return f"sum({bare(inner)})"

    def another(self, letters: tuple[str, ...], at: int) -> tuple[str, ...]:
        """The index of a second sum right behind the first."""
        self.i += 1
        index: list[str] = []
        if self.now == "_":
            self.i += 1
            index = [t for t, _ in self.group()]
        if self.now == "^":
            self.i += 1
            self.group()
        if len(letters) != 1 or not index or not index[0].isalpha() or index[0] in letters or self.names.known(index[0]) or \
                index[1:] not in ([], ["=", "1"]):
            raise self.error("sums over an index cannot be read", "write sum(..), tr(..) or a matrix product", at)
        return (index[0],)

    def entries(self, used: Tokens, letters: tuple[str, ...], at: int) -> None:
        """Refuse a sum in which a name that is no number stands without its index."""
        k = 0
        seen = False
        signs = {t for t, _ in used}
        inferable = len(letters) == 1 and not signs & {*FENCES, "'", "T", r"\top", r"\trans", r"\langle"}
        guessed: set[str] = set()
        while k < len(used):
            reader = type(self)(used[k:], self.names, self.text, [])
            reader.bound = letters
            token = used[k][0]
            if token == "_":
                k = group(used, k + 1)[1]
                seen = True
                continue
            if token in OPEN or not (token.isalpha() or token in STYLES or token[1:].isalpha() and token != r"\frac"):
                if token in OPEN:
                    depth, j = 0, k
                    while j < len(used):
                        depth += (used[j][0] in OPEN) - (used[j][0] in OPEN.values())
                        j += 1
                        if not depth:
                            break
                    if j < len(used) and used[j][0] == "_":
                        k = j
                        continue
                k += 1
                continue
            try:
                name = reader.name()
            except Exception as e:
                raise self.error("sums over an index cannot be read", "write sum(..), tr(..) or a matrix product", at) from e
            step = max(reader.i, 1)
            part = used[k:k + step]
            if name == "e" and not self.names.known("e") and k + 1 < len(used) and used[k + 1][0] == "^":
                k += 1
                continue
            if name is None or self.function(name) or name.startswith("\\"):
                if name is not None and (name.startswith("\\") or name in ("tr", "det", "softmax", "vec", "diag", "sum", "inv")):
                    raise self.error("sums over an index cannot be read", "write sum(..), tr(..) or a matrix product", at)
                k += step
                continue
            indexed = any(t == "_" for t, _ in part)
            shape = self.names.shape(name)
            wanted = 1 if len(letters) == 1 else 2
            if indexed:
                seen = True
                if shape is None and inferable and not name[0].isupper() and (name in self.names.bodies or not self.names.known(name)):
                    guessed.add(f"{name}_{letters[0]}")
                    k += step
                    continue
                if shape is None or (shape[1] != "1" if wanted == 1 else shape[1] == "1"):
                    raise self.error("sums over an index cannot be read", "write sum(..), tr(..) or a matrix product", at)
            elif shape != ("1", "1"):
                raise self.error("sums over an index cannot be read", "write sum(..), tr(..) or a matrix product", at)
            k += step
        if not seen:
            raise self.error("sums over an index cannot be read", "write sum(..), tr(..) or a matrix product", at)
        if guessed:
            self.names.entries |= guessed
            numbers = bool(signs & set(self.names.bodies)) or "^" in signs or any(t.removeprefix("\\") in ELEMENTWISE_NAMES for t in signs)
            self.doubt(at, f"a sum over entries of {', '.join(sorted(n.rpartition('_')[0] for n in guessed))}", numbers)
