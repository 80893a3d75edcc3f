"""A file to paste: what was asked and how sure the answer is, the value beside the derivative, and a test that can see a wrong one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..language.expr import SCALAR, Expr, Name
from .backend import Backend
from .compressed import Compressed, pairs_of
from .emit import Emitter
from .tested import Tested, header
from ..reading.problem import Problem


class Whole(Tested):
    """Writes a derivative, or all gradients, with the value and the test."""

    def whole(self, derivative: str, wrt: Sequence[Name], library: str) -> str | None:
        """The value and the test, written after the derivative; nothing where no numbers can be drawn for the arguments."""
        p = self.problem
        kinds = self.kinds(wrt, p.variables)
        if kinds is None:
            return None
        (root,), order = self.lowered([p.function])
        self.lone = any(n.lone for n in order)
        self.calls = []
        begin = self.begin({n.data for n in order if n.op == "var"}, p.variables)
        if len(begin.params) > len(p.variables) or root.fixed:
            return None
        said = self.documented(f"The value of {p.text.get('expr')}.")
        body = [*said, *begin.forms, *begin.sizes, *self.lines, f"return {self.text[root][0]}"]
        value = "\n".join([*self.opened("value", begin.params), *("    " + line if line else "" for line in body)]) + "\n"
        if derivative == "grad":
            assert p.f is not None
            found = "cotangent*np.sum(np.asarray(grad(**at))*np.asarray(way))" if p.f.shape == SCALAR else \
                "np.ravel(np.asarray(way), \"F\") @ np.asarray(grad(**at)).reshape(np.asarray(way).size, -1) @ np.ravel(cotangent, \"F\")"
        else:
            found = f"cotangent*np.sum(np.asarray({derivative}(**at)[1][name])*np.asarray(way))"
        return value + "\n\n" + self.test(found, wrt, p.variables, kinds, library, "the gradient")


def written(problem: Problem, backend: Backend, library: str, results: Mapping[Name, Expr] | Expr, where: list[tuple[Name, Expr]],
            verdict: str) -> str:
    """The file: the derivative, the value and the test in one."""
    first = Emitter(problem, backend, where)
    source = first.source(results) if isinstance(results, Expr) else first.several(results)
    second = Whole(problem, backend, where)
    plain = problem.order == 1 and problem.layout == "denominator" and not problem.structured and problem.f is not None
    plain = plain and problem.tangent is None and problem.hvp is None
    more = second.whole("grad" if isinstance(results, Expr) else "value_and_grads",
                        [problem.variable] if isinstance(results, Expr) else list(results), library) if plain else None
    pairs = pairs_of(results) if isinstance(results, Expr) and problem.order == 2 else []
    if pairs:
        third = Compressed(problem, backend, where)
        text = third.pairs(pairs)
        third.helpers = [*first.helpers, *(h for h in third.helpers if h not in first.helpers)]
        return header(problem, verdict) + third.file(first.definition + "\n\n" + text)
    if more is None:
        return header(problem, verdict) + source
    second.helpers = [*first.helpers, *(h for h in second.helpers if h not in first.helpers)]
    return header(problem, verdict) + second.file(first.definition + "\n\n" + more, "np", second.run(library, "gradient"))
