"""The value of a normal form at given sizes and values: a check that it means what it was made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from matcalc.language.shape import Dim
from matcalc.proof.all_sizes import summation
from matcalc.proof.all_sizes.monomial import Head
from matcalc.proof.all_sizes.normalform import Algebra

Matrix = Sequence[Sequence[float]]


class Summation(summation.Summation):
    """Sizes by name, values as matrices by name, abstract functions as callables (name, order, indices, argument)."""

    def __init__(self, alg: Algebra, sizes: Mapping[str, int], values: Mapping[str, Matrix],
                 functions: Callable[[str, int, tuple[int, ...], Any], float] | None = None) -> None:
        super().__init__(alg)
        self.sizes, self.values, self.functions = sizes, values, functions

    def size(self, d: Dim) -> int:
        return d.value(self.sizes)

    def whole(self, d: Dim) -> int:
        return d.value(self.sizes)

    def atom(self, head: Head, index: tuple[int, ...]) -> float:
        """One entry of an atom, an abstract function among them."""
        if head.kind == "function":
            assert self.functions is not None and head.template is not None
            return self.functions(*head.extra, (), self.at(head.template, index))
        if head.kind != "vector function":
            return super().atom(head, index)
        assert self.functions is not None and head.template is not None
        name, order, source, target = head.extra
        places: list[int] = []
        for dims in [source] * order + [target]:
            if dims:
                places.append(self.indices(dims).index(index[:len(dims)]))
                index = index[len(dims):]
        return self.functions(name, order, tuple(places), [self.at(head.template, i) for i in self.indices(source)])

    def variable(self, head: Head, index: tuple[int, ...]) -> float:
        """An entry of a variable: its row and column indices are known from its name's value."""
        name = next(key[1] for key, found in self.alg.known.items() if found is head)
        label = name
        while isinstance(label, tuple):
            label = label[0]
        value = self.values[label]
        if isinstance(name, tuple) and "diagonal" in name:
            return value[index[0]][index[0]]
        if len(index) == 2:
            return value[index[0]][index[1]]
        (k,) = index or (0,)
        return value[k][0] if len(value[0]) == 1 else value[0][k]
