"""The test in a generated file: differences of the value, which reveal a wrong derivative."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from ..language.expr import Name
from ..reading.problems.problem import Problem
from .emit import Emitter

# how a variable is drawn, and how it moves
KINDS = {"spd": "symmetric", "symmetric": "symmetric", "positive": "", "simplex": "", "diagonal": "diagonal", "": "", "lower": "lower",
         "upper": "upper", "positive symmetric": "symmetric"}
STILL = {"orthogonal", "skew"}      # drawn as constants only: what is written may rest on the structure
SAMPLE = '''def _sample(rng, shape, kind=""):
    a = rng.normal(size=shape)
    if kind.startswith(("positive", "simplex")):
        a = np.abs(a) + 0.1
    made = {"symmetric": lambda: a + a.T, "spd": lambda: a @ a.T + np.eye(len(a)), "diagonal": lambda: np.diag(np.diag(a)),
            "simplex": lambda: a/np.sum(a, axis=-1, keepdims=True), "orthogonal": lambda: np.linalg.qr(a)[0],
            "skew": lambda: a - a.T, "lower": lambda: np.tril(a), "upper": lambda: np.triu(a)}
    return made.get(kind.split(" ")[-1], lambda: a)()
'''
CHECK = '''def check_gradient(seed=0):
    """Compare {what} with differences of the value, along random directions{under}; AssertionError where they differ."""
{needs}    rng = np.random.default_rng(seed)
    {sizes}
    for _ in range(100):
        at = {{{samples}}}
        with np.errstate(all="ignore"):
            if np.all(np.isfinite(np.asarray(value({at})))):
                break
    for name, kind in {ways}.items():
{slope}        found = {found}
        assert abs(slope - found) <= 1e-4*(1 + abs(slope)), f"{{name}}: the gradient gives {{found}}, differences give {{slope}}"
'''
ONCE = """        way = {made}
        ahead, behind = (np.asarray(value({moved})) for h in (1e-6, -1e-6))
        cotangent = rng.normal(size=ahead.shape)
        slope = np.sum(cotangent*(ahead - behind))/2e-6
"""
TWICE = """        way, other = ({made} for _ in range(2))
        plus, minus = (sum(np.asarray(value({moved})) for h in (1e-4, -1e-4)) for d in (way + other, way - other))
        slope = (plus - minus)/4e-8
"""
WORDS = frozenset((*re.findall(r"[A-Za-z_]\w*", CHECK + ONCE + TWICE), "torch", "jnp", "value_and_grads", "grad"))
MAIN = '''

if __name__ == "__main__":
    {double}check_gradient()
    print("the {what} agrees with differences of the value")
'''
HANDED = {"by name": ("**at", "**at | {name: at[name] + h*way}"), "in order": ("*at.values()", "*(at | {name: at[name] + h*way}).values()")}
MAKE = {"numpy": "{}", "torch": "torch.as_tensor(np.asarray({}))", "jax": "jnp.asarray({})"}
NEEDS = {"jax": """    if not jax.config.jax_enable_x64:
        raise ValueError('differences need double precision: jax.config.update("jax_enable_x64", True)')
"""}
DOUBLE = {"jax": 'jax.config.update("jax_enable_x64", True)\n    '}


class Tested(Emitter):
    """Writes a function and its test."""

    def kinds(self, wrt: Sequence[Name], handed: Mapping[str, Name]) -> dict[str, str] | None:
        """How each argument is drawn; nothing where no numbers can be drawn for one."""
        kinds = {n: kind(v) for n, v in handed.items() if v.kind == "variable"}
        known = {n: k for n, k in kinds.items() if k is not None}
        if self.problem.assumptions:        # random numbers would not fulfil them
            return None
        clash = {self.spelled(n) for n in handed} & {"at", "value", "name", "kind", "np"}
        return known if len(known) == len(handed) and all(known.get(n.name) in KINDS for n in wrt) and not clash else None

    def test(self, found: str, wrt: Sequence[Name], handed: Mapping[str, Name], kinds: Mapping[str, str], library: str, what: str,
             how: str = "by name", looked: Mapping[str, int] = MappingProxyType({}), twice: bool = False) -> str:
        """`check_gradient`, which compares the slope of the value with what is found; its sizes are in the order of those at which
        a judge has `looked`, where the function is defined. A second derivative is compared with second differences."""
        make = MAKE[library]
        names = sorted({s for v in handed.values() for d in v.shape for s in d.names}, key=lambda s: (looked.get(s, 0), s))
        self.size_names |= {s: self.spelled.fresh("size_" + s) for s in names if self.size_name(s) in WORDS}
        sizes = ", ".join(self.size_name(s) for s in names) + " = " + ", ".join(str(3 + i) for i in range(len(names))) if names else "pass"
        samples = ",\n              ".join(f'"{self.spelled(n)}": ' + self.drawn(n, v, kinds[n], make) for n, v in handed.items())
        ways = "{" + ", ".join(f'"{self.spelled(x.name)}": "{KINDS[kinds[x.name]]}"' for x in wrt) + "}"
        way = make.format("_sample(rng, tuple(np.shape(at[name])), kind)")
        at, moved = HANDED[how]
        slope = TWICE.format(made=way, moved=moved.replace("h*way", "h*d")) if twice else ONCE.format(made=way, moved=moved)
        return CHECK.format(sizes=sizes, samples=samples, ways=ways, found=found, what=what, at=at, slope=slope,
                            needs=NEEDS.get(library, ""), under="" if twice else ", under a random cotangent") + "\n\n" + SAMPLE

    @staticmethod
    def run(library: str, what: str) -> str:
        """What runs the test where the file is run."""
        return MAIN.format(double=DOUBLE.get(library, ""), what=what)

    def drawn(self, name: str, v: Name, kind: str, make: str) -> str:
        """The call that draws an argument."""
        form = self.forms[name]
        dims = [] if form == "scalar" else [self.size(d)[0] for d in (v.shape if form == "matrix" else v.shape[:1])]
        text = f"_sample(rng, ({', '.join(dims)}{',' if len(dims) == 1 else ''})" + (f', "{kind}")' if kind else ")")
        return make.format(text)


def kind(v: Name) -> str | None:
    """The words that say how to draw it; nothing where no numbers can be drawn that are all of this."""
    implied = {"spd": {"symmetric"}, "simplex": {"positive"}}
    words = " ".join(sorted(v.words.difference(*(implied.get(w, set()) for w in v.words))))
    return words if words in KINDS or words in STILL else None


def header(problem: Problem, verdict: str) -> str:
    """What was asked and what the judges say, as comments."""
    t = problem.text
    wrt = ", ".join(n.name for n in problem.several) or problem.variable.name
    expr = t.get("value") if problem.cotangent_pair else t.get("expr")
    along = {"cotangent": problem.cotangent_pair and problem.cotangent_pair[0], "tangent": problem.tangent, "Hessian times": problem.hvp}
    asked = [f"{expr} wrt {wrt}", *(["order 2"] if problem.order == 2 else []),
             *(f"{what} {v}" for what, v in along.items() if v is not None),
             f"{problem.layout} layout"]
    given = {"Declared": [*(t.get("declare") or ()), *problem.inferred], "Defined": t.get("define"), "Assumed": t.get("assume")}
    return headed(asked, given, verdict)


def headed(asked: Iterable[str], given: Mapping[str, Sequence[str] | None], verdict: str) -> str:
    """The lines of a header as comments."""
    lines = [f"Written by matcalc 0.1.0. Asked: {', '.join(asked)}",
             *(f"{key}: " + "; ".join(map(str, text)) for key, text in given.items() if text), verdict]
    return "".join(f"# {line}\n" for text in lines for line in text.splitlines()) + "\n"
