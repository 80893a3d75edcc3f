"""A complete file: the question, the verdict, the value beside the derivative, and a test that can detect a wrong one.

A Hessian may be given as its Kronecker factors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..language.expr import SCALAR, Expr, Name, Apply, Number, eye, mul
from ..language.recognition import is_identity, kron_factors
from .backend import Backend
from .emit import Emitter
from .gradient_check import Tested, header
from ..reading.problems.problem import Problem

Pair = tuple[Expr | None, Expr | None]
SAID = "The Hessian as pairs (B, A): the sum of kron(B, A), which takes vec(D) to vec(A @ D @ B.T); None stands for an identity."


def pairs_of(hessian: Expr) -> list[Pair]:
    """B and A of each kron(B, A) that a Hessian is the sum of, a number or a scalar before it taken into the one that is not an identity;
    none where it is something else, or no larger than its factors.

    >>> from matcalc.reading.parse import parse
    >>> [(str(b), a) for b, a in pairs_of(parse("2*kron(U'*U, eye(n))", ["U in R^(m,k)"]))]
    [("2*U'*U", None)]
    """
    found: list[Pair] = []
    scalars: list[Expr] = []
    if isinstance(hessian, Apply) and hessian.head == "*" and isinstance(hessian.args[0], Number):
        scalars, hessian = [hessian.args[0]], mul(*hessian.args[1:])
    multiples: list[Expr] = []
    for term in hessian.args if isinstance(hessian, Apply) and hessian.head == "+" else (hessian,):
        factors = term.args if isinstance(term, Apply) and term.head == "*" else (term,)
        own, others = [f for f in factors if f.shape == SCALAR], [f for f in factors if f.shape != SCALAR]
        front = mul(*scalars, *own)
        if len(others) == 1 and is_identity(others[0]):
            multiples.append(front)
            continue
        both = kron_factors(others[0]) if len(others) == 1 else ()
        if not both:
            return []
        b, a = (None if is_identity(e) else e for e in both)
        size = both[0].shape[0]
        found.append((mul(front, b), a) if b is not None else (None, mul(front, a)) if a is not None else (mul(front, eye(size)), None))
    return [*found, *((mul(front, eye(size)), None) for front in multiples)] if found else []


class Compressed(Emitter):
    """Writes the factors of a Hessian."""

    def pairs(self, pairs: Sequence[Pair]) -> str:
        """The function that returns them."""
        roots, order = self.lowered([e for pair in pairs for e in pair if e is not None])
        texts = iter([self.text[root][0] for root in roots])
        shown = ["(" + ", ".join("None" if e is None else next(texts) for e in pair) + ")" for pair in pairs]
        self.lines.append(f"return [{', '.join(shown)}]")
        begin = self.begun(order, any(n.lone for n in order), self.problem.variables)
        body = [*self.documented(SAID), *begin.forms, *begin.sizes, *self.lines]
        return "".join(line + "\n" for line in self.opened("factors", begin.params)) + "".join(f"    {line}\n" for line in body)


NAMES = {1: "gradient", 2: "Hessian"}
WAY, COTANGENT = 'np.ravel(np.asarray(way), "F")', 'np.ravel(cotangent, "F")'
FOUND = {       # by what is differentiated, and whether its index comes first
    ("scalar", False): "cotangent*np.sum(np.asarray(grad(**at))*np.asarray(way))",
    ("scalar", True): "cotangent*np.sum(np.asarray(grad(**at)).T.reshape(np.shape(way))*np.asarray(way))",
    ("any", False): f"{WAY} @ np.asarray(grad(**at)).reshape(np.asarray(way).size, -1) @ {COTANGENT}",
    ("any", True): f"{COTANGENT} @ np.asarray(grad(**at)).reshape(cotangent.size, -1) @ {WAY}",
} | dict.fromkeys((("Hessian", False), ("Hessian", True)),
                  f"{WAY} @ np.reshape(np.asarray(grad(**at)), (np.asarray(way).size, -1)) @ {WAY.replace('way', 'other')}")


def named(p: Problem) -> str:
    """What is written, as the test calls it."""
    return NAMES[p.order] if p.tangent is p.hvp else "product"


class Whole(Tested):
    """Writes a derivative, or all gradients, with the value and the test."""

    def whole(self, derivative: str, wrt: Sequence[Name], library: str, looked: Mapping[str, int]) -> str | None:
        """The value and the test, written after the derivative; nothing where no numbers can be drawn for the arguments."""
        p = self.problem
        handed = {n: v for n, v in p.variables.items() if v not in (p.tangent, p.hvp)}
        kinds = self.kinds(wrt, handed)
        if kinds is None:
            return None
        (root,), order = self.lowered([p.function])
        begin = self.begun(order, any(n.lone for n in order), handed)
        if len(begin.params) > len(handed) or root.fixed:
            return None
        said = self.documented(f"The value of {p.text.get('expr')}.")
        body = [*said, *begin.forms, *begin.sizes, *self.lines, f"return {self.text[root][0]}"]
        value = "\n".join([*self.opened("value", begin.params), *("    " + line if line else "" for line in body)]) + "\n"
        if p.tangent is not None:
            found = f"np.sum(cotangent*np.asarray(grad(**at, {self.spelled(p.tangent.name)}=way)))"
        elif p.hvp is not None:
            found = f"np.sum(np.asarray(way)*np.asarray(grad(**at, {self.spelled(p.hvp.name)}=other)))"
        elif derivative == "grad":
            assert p.f is not None
            found = FOUND["Hessian" if p.order == 2 else "scalar" if p.f.shape == SCALAR else "any", p.layout == "numerator" or (
                p.layout == "mixed" and p.f.shape != SCALAR)]
        else:
            found = f"cotangent*np.sum(np.asarray({derivative}(**at)[1][name])*np.asarray(way))"
        test = self.test(found, wrt, handed, kinds, library, f"the {named(p)}", looked=looked, twice=p.order == 2 or p.hvp is not None)
        return f"{value}\n\n{test}"


def written(problem: Problem, backend: Backend, library: str, results: Mapping[Name, Expr] | Expr, where: list[tuple[Name, Expr]],
            verdict: str, looked: Mapping[str, int]) -> str:
    """The file: the derivative, the value and the test in one."""
    first = Emitter(problem, backend, where)
    source = first.source(results) if isinstance(results, Expr) else first.several(results)
    second = Whole(problem, backend, where)
    plain = not problem.structured and problem.f is not None and (problem.hvp is None or problem.layout == "denominator")
    more = second.whole("grad" if isinstance(results, Expr) else "value_and_grads",
                        [problem.variable] if isinstance(results, Expr) else list(results), library, looked) if plain else None
    code = first.definition
    pairs = pairs_of(results) if isinstance(results, Expr) and problem.order == 2 else []
    if pairs:
        third = Compressed(problem, backend, where)
        text = third.pairs(pairs)
        third.helpers = [*first.helpers, *(h for h in third.helpers if h not in first.helpers)]
        code, first = f"{first.definition}\n\n{text}", third
    if more is None:
        return header(problem, verdict) + (third.file(code) if pairs else source)
    second.helpers = [*first.helpers, *(h for h in second.helpers if h not in first.helpers)]
    return header(problem, verdict) + second.file(f"{code}\n\n{more}", "np", second.run(library, named(problem)))
