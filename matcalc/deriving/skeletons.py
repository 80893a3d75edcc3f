"""Expressions without their letters: what is alike but for these has one pattern."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from ..language.expr import SCALAR, Apply, Expr, Name
from ..language.shape import Dim
from ..language.traversal import arguments

Order = Callable[[Apply], Sequence[Expr]]
Skeleton = tuple[tuple[object, ...], Collection[Name], Collection[Name]]


class Skeletons:
    """Expressions taken apart, each once: what is left without letters and sizes, and these as they are met."""

    def __init__(self) -> None:
        self.known: dict[tuple[Expr, Order], Skeleton] = {}
        self.bare: dict[tuple[object, ...], tuple[object, ...]] = {}

    def __call__(self, root: Expr, order: Order = arguments) -> Skeleton:
        """What is left, the letters and the sizes of an expression."""
        found = self.known.get((root, order))
        if found is None:
            letters: dict[Name, int] = {}
            sizes: dict[Name, int] = {}
            out: list[object] = []
            waiting = [root]
            while waiting:
                e = waiting.pop()
                if type(e) is Apply:
                    out.append((e.head, len(e.args)))
                    waiting.extend(reversed(order(e)))
                elif type(e) is Name and e.kind == "variable":
                    out.append(letters.setdefault(e, len(letters)))
                elif type(e) is Name and e.kind == "size":
                    out.append(("size", sizes.setdefault(e, len(sizes))))
                else:
                    out.append(e)
            bare = tuple(out)
            found = self.known[root, order] = self.bare.setdefault(bare, bare), letters, sizes
        return found


class Pattern:
    """Several expressions beside each other, letters and sizes numbered as they are met; of a letter its shape and its words are noted."""

    def __init__(self, skeletons: Skeletons, words: Callable[[Name], frozenset[str]] = lambda n: n.words) -> None:
        self.skeletons, self.words = skeletons, words
        self.letters: dict[Name, int] = {}
        self.sizes: dict[str, int] = {}
        self.out: list[object] = []

    def add(self, e: Expr, order: Order = arguments) -> Pattern:
        """One more expression; the pattern itself."""
        out, met = self.out, self.letters
        if type(e) is Name and e.kind == "variable":
            letters: Collection[Name] = (e,)
            sizes: Collection[Name] = ()
        else:
            bare, letters, sizes = self.skeletons(e, order)
            out.append(bare)
        for n in letters:
            if n in met:
                out.append(met[n])
            else:
                met[n] = len(met)
                out.append((self.size(n.shape[0]), self.size(n.shape[1]), self.words(n)))
        for s in sizes:
            out.append(self.sizes.setdefault(s.name, len(self.sizes)))
        return self

    @property
    def key(self) -> tuple[object, ...]:
        """What patterns that are alike have in common."""
        return tuple(self.out)

    def size(self, d: Dim) -> object:
        """A size, its letters numbered."""
        if d.letter:
            return self.sizes.setdefault(d.text, len(self.sizes))
        return d.text if d.number is not None else tuple([
            (tuple([self.sizes.setdefault(n, len(self.sizes)) for n in names]), count) for names, count in d.terms])

    @property
    def names(self) -> tuple[Name, ...]:
        """The letters and the sizes."""
        return (*self.letters, *(Name(n, SCALAR, kind="size") for n in self.sizes))
