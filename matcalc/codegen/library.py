"""What a library of arrays is asked for: a function, one for all gradients, a kernel, a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from ..language.expr import Expr, Name
from ..reading.problems.problem import Definitions, Problem
from . import layered, complete_file
from .backend import Backend
from .emit import Emitter
from .layer_lists import Layered
from .kernel import Kernel, KernelEmitter, VerdictNote
from ..records import Record


NONE: Mapping[str, int] = MappingProxyType({})


class Library(Record):
    """A library's name and spellings, and how it wraps a forward and a backward pass, where it has a way to."""

    name: str
    backend: Backend
    wrapped: Callable[[KernelEmitter, Kernel, Mapping[Name, Expr], VerdictNote], str] | None = None

    def source(self, problem: Problem, result: Expr, where: Definitions) -> str:
        """A function of the problem's variables that returns the derivative.

        Vectors are 1-D arrays, matrices 2-D, scalars numbers; a size that no argument shows is a parameter.
        """
        return Emitter(problem, self.backend, list(where)).source(result)

    def several(self, problem: Problem, results: Mapping[Name, Expr], where: Definitions) -> str:
        """A function of the problem's variables that returns the value and a dictionary of all gradients."""
        return Emitter(problem, self.backend, list(where)).several(results)

    def kernel(self, problem: Problem, value: Expr, cotangent: Name, results: Mapping[Name, Expr], where: Definitions, verdict: str,
               looked: Mapping[str, int] = NONE) -> str:
        """A function that computes a value, its backward pass the gradients that were derived, in a file with a test."""
        assert self.wrapped is not None
        emitter = KernelEmitter(problem, self.backend, list(where))
        return self.wrapped(emitter, emitter.kernel(value, cotangent, results), results, VerdictNote(verdict, looked))

    def of_layers(self, found: Layered) -> str:
        """A function of lists that returns the value and the gradients of every number of layers."""
        return layered.source(found, self.backend)

    def file_of_layers(self, found: Layered, declared: Sequence[str]) -> str:
        """The same in a file with what was asked and a test."""
        return layered.file(found, self.backend, self.name, declared)

    def file(self, problem: Problem, results: Mapping[Name, Expr] | Expr, where: Definitions, verdict: str,
             looked: Mapping[str, int] = NONE) -> str:
        """A derivative, or the gradients by their variables, in a file with what was asked, the value and a test."""
        return complete_file.written(problem, self.backend, self.name, results, list(where), verdict, looked)
