"""A file to paste: what was asked and how sure the answer is, the value beside the derivative, and a test that can see a wrong one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..language.expr import SCALAR, Expr, Name
from .backend import Backend
from .compressed import Compressed, pairs_of
from .emit import Emitter
from ..reading.problem import Problem

KINDS = {"spd": "symmetric", "symmetric": "symmetric", "positive": "", "simplex": "", "diagonal": "diagonal", "": ""}
SAMPLE = '''def _sample(rng, shape, kind=""):
    a = rng.normal(size=shape)
    if kind in ("positive", "simplex"):
        a = np.abs(a) + 0.1
    square = {"symmetric": lambda: a + a.T, "spd": lambda: a @ a.T + np.eye(len(a)), "diagonal": lambda: np.diag(np.diag(a)),
              "simplex": lambda: a/np.sum(a)}
    return square[kind]() if kind in square else a
'''
CHECK = '''def check_gradient(seed=0):
    """Compare with differences of the value, along random directions, under a random cotangent; AssertionError where they differ."""
    rng = np.random.default_rng(seed)
    {sizes}
    for _ in range(100):
        at = {{{samples}}}
        with np.errstate(all="ignore"):
            if np.all(np.isfinite(np.asarray(value(**at)))):
                break
    for name, kind in {ways}.items():
        way = {made}
        ahead, behind = (np.asarray(value(**at | {{name: at[name] + h*way}})) for h in (1e-6, -1e-6))
        cotangent = rng.normal(size=ahead.shape)
        slope = np.sum(cotangent*(ahead - behind))/2e-6
        found = {found}
        assert abs(slope - found) <= 1e-4*(1 + abs(slope)), f"by {{name}}: {{found}}, but differences give {{slope}}"
'''
WORDS = frozenset((*re.findall(r"[A-Za-z_]\w*", CHECK), "torch", "jnp", "value_and_grads", "grad"))
MAIN = '''

if __name__ == "__main__":
    {double}check_gradient()
    print("the gradient agrees with differences of the value")
'''


class Whole(Emitter):
    """Writes a derivative, or all gradients, with the value and the test."""

    def whole(self, derivative: str, wrt: Sequence[Name], library: str) -> str | None:
        """The value and the test, written after the derivative; nothing where no numbers can be drawn for the arguments."""
        p = self.problem
        kinds = {n: kind(v) for n, v in p.variables.items() if v.kind == "variable"}
        if None in kinds.values() or len(kinds) < len(p.variables) or any(n.name not in kinds for n in wrt):
            return None
        (root,), order = self.lowered([p.function])
        self.lone = any(n.lone for n in order)
        self.calls = []
        begin = self.begin({n.data for n in order if n.op == "var"}, p.variables)
        if len(begin.params) > len(p.variables) or root.fixed or set(begin.params) & {"at", "value", "name", "kind", "np"}:
            return None
        said = self.documented(f"The value of {p.text.get('expr')}.")
        body = [*said, *begin.forms, *begin.sizes, *self.lines, f"return {self.text[root][0]}"]
        value = "\n".join([*self.opened("value", begin.params), *("    " + line if line else "" for line in body)]) + "\n"
        make = {"numpy": "{}", "torch": "torch.as_tensor(np.asarray({}))", "jax": "jnp.asarray({})"}[library]
        names = sorted({s for v in p.variables.values() for d in v.shape for s in d.names})
        self.size_names |= {s: self.spelled.fresh("size_" + s) for s in names if self.size_name(s) in WORDS}
        sizes = ", ".join(self.size_name(s) for s in names) + " = " + ", ".join(str(3 + i) for i in range(len(names))) if names else "pass"
        samples = ",\n              ".join(
            f'"{self.spelled(n)}": ' + self.drawn(n, v, str(kinds[n]), make) for n, v in p.variables.items())
        ways = "{" + ", ".join(f'"{self.spelled(x.name)}": "{KINDS[str(kinds[x.name])]}"' for x in wrt) + "}"
        if derivative == "grad":
            assert p.f is not None
            found = "cotangent*np.sum(np.asarray(grad(**at))*np.asarray(way))" if p.f.shape == SCALAR else \
                "np.ravel(np.asarray(way), \"F\") @ np.asarray(grad(**at)).reshape(np.asarray(way).size, -1) @ np.ravel(cotangent, \"F\")"
        else:
            found = f"cotangent*np.sum(np.asarray({derivative}(**at)[1][name])*np.asarray(way))"
        way = make.format("_sample(rng, tuple(np.shape(at[name])), kind)")
        return value + "\n\n" + CHECK.format(sizes=sizes, samples=samples, ways=ways, made=way, found=found) + "\n\n" + SAMPLE

    def drawn(self, name: str, v: Name, kind: str, make: str) -> str:
        """The call that draws an argument."""
        form = self.forms[name]
        dims = [] if form == "scalar" else [self.size(d)[0] for d in (v.shape if form == "matrix" else v.shape[:1])]
        text = f"_sample(rng, ({', '.join(dims)}{',' if len(dims) == 1 else ''})" + (f', "{kind}")' if kind else ")")
        return make.format(text)


def kind(v: Name) -> str | None:
    """The one word that says how to draw it; nothing where there are others."""
    words = v.words & {"spd", "symmetric", "diagonal", "positive", "simplex"}
    if v.words - words:
        return None
    return "spd" if "spd" in words else next(iter(words)) if len(words) == 1 else None if words else ""


def header(problem: Problem, verdict: str) -> str:
    """What was asked and what the judges say, as comments."""
    t = problem.text
    wrt = ", ".join(n.name for n in problem.several) or problem.variable.name
    lines = [f"Written by matcalc 0.1.0. Asked: {t.get('expr')} by {wrt}" + (", order 2" if problem.order == 2 else "")
             + f", {problem.layout} layout", *(f"{key}: " + "; ".join(text) for key, text in (
                 ("Declared", [*(t.get("declare") or ()), *problem.inferred]), ("Defined", t.get("define") or ()),
                 ("Assumed", t.get("assume") or ())) if text), verdict]
    return "".join(f"# {line}\n" for text in lines for line in text.splitlines()) + "\n"


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
    double = 'jax.config.update("jax_enable_x64", True)\n    ' if library == "jax" else ""
    return header(problem, verdict) + second.file(first.definition + "\n\n" + more, "np", MAIN.format(double=double))
