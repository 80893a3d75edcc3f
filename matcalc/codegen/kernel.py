"""A function with its own backward pass: torch.autograd.Function, jax.custom_vjp.

The backward pass is handed the gradient that arrives from above, and what the forward pass computed and it needs again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..language.expr import SCALAR, Expr, Name
from ..language.shape import InputError
from .arguments import LONG
from .emit import broken
from .nodes import Node
from .pieces import ATOM
from .gradient_check import Tested, header
from ..records import Record
from ..patterns import pattern

WORD = pattern(r"(?<![\w.])[^\W\d]\w*")


class VerdictNote(Record):
    """What the judges say, and the largest sizes at which one looked."""

    verdict: str
    looked: Mapping[str, int]


class Kernel(Record):
    """The lines of both passes, with what each is handed and hands back."""

    params: list[str]
    said: list[str]
    forward: list[str]
    value: str
    saved: list[str]
    arrives: str
    backward: list[str]
    gradients: list[str]


class KernelEmitter(Tested):
    """Writes the two passes over one graph: what both need is computed in the first."""

    def kernel(self, value: Expr, cotangent: Name, results: Mapping[Name, Expr]) -> Kernel:
        """The passes for a value and the gradients of tr(cotangent'*value)."""
        (top, *roots), order = self.lowered([value, *map(self.slope, results.values())])
        if any(n.op == "call" for n in order):
            raise InputError("a kernel cannot call an abstract function", hint="write its formula instead")
        first = order.index(top) + 1
        if any(n.op == "var" and n.data == self.spelled(cotangent.name) for n in order[:first]):
            raise InputError(f"the cotangent {cotangent} already occurs in the function", hint="use a new name")
        self.handed = {n: v for n, v in self.problem.variables.items() if n != cotangent.name}
        begin, arrives = self.begun(order, any(n.lone for n in order), self.handed), self.spelled(cotangent.name)
        if len(begin.params) > len(self.handed):
            raise InputError(f"no argument has the size {begin.params[-1]}", hint="a kernel reads every size from its arguments")
        split = self.made[top]
        forward, backward = self.lines[:split], self.lines[split:]
        handed = self.copied(top, self.shaped(self.text[top][0], top, value, False))
        given = {x.name: self.gradient(x, root) for x, root in zip(results, roots, strict=True)}
        gradients = [given.get(n, "None") for n in self.handed]
        forward = [*begin.forms, *needed(begin.sizes, [*forward, handed], True), *forward]
        again = needed(begin.sizes, [*backward, *given.values()], False)
        words = dict.fromkeys(WORD.findall("\n".join([*again, *backward, *given.values()])))
        own = {name for line in again for name in names(line)}
        saved = [p for p in begin.params if p in words and p not in own] + [n for n in self.assigned[:self.counted[top]] if n in words]
        return Kernel(begin.params, self.documented(*self.about(results)), forward, handed, saved, arrives, again + backward, gradients)

    def lowered(self, results: Sequence[Expr]) -> tuple[list[Node], list[Node]]:
        self.made: dict[Node, int] = {}
        self.counted: dict[Node, int] = {}
        self.assigned: list[str] = []
        return super().lowered(results)

    def done(self, node: Node) -> None:
        self.made[node], self.counted[node] = len(self.lines), len(self.assigned)

    def hoist(self, node: Node) -> None:
        if node in self.factorised:     # arrays, which can be saved, not a tuple of them
            parts = self.local(), self.local()
            self.assign(parts, self.text[node][0])
            self.text[node] = f"({', '.join(parts)})", ATOM
        else:
            super().hoist(node)

    def assign(self, names: Sequence[str], text: str) -> None:
        super().assign(names, text)
        self.assigned += names

    def about(self, results: Mapping[Name, Expr]) -> list[str]:
        """What the two passes compute."""
        text = self.problem.text.get("value") or ""
        of = f"{text}, with" if len(text) <= 60 else "With"
        still = [n for n in self.handed if n not in {x.name for x in results}]
        constant = " and ".join([", ".join(still[:-1]), still[-1]] if len(still) > 1 else still)
        more = f"{constant} {'is a constant' if len(still) == 1 else 'are constants'} here: no gradient is handed back." if still else ""
        return [f"{of} the gradients with respect to {', '.join(x.name for x in results)} as derived.", more]

    def tested(self, code: str, results: Mapping[Name, Expr], library: str, pulled: str, said: VerdictNote) -> str:
        """The file of a kernel: what was asked, the passes, and their test where numbers can be drawn for the arguments."""
        kinds = self.kinds(list(results), self.handed)
        if kinds is None:
            return header(self.problem, said.verdict) + self.file(code)
        found = "np.sum(np.asarray(_pulled(at, name, cotangent))*np.asarray(way))"
        test = self.test(found, list(results), self.handed, kinds, library, "the backward pass", "in order", said.looked)
        return header(self.problem, said.verdict) + self.file(f"{code}\n\n{test}\n\n{pulled}", "np", self.run(library, "backward pass"))

    def copied(self, node: Node, text: str) -> str:
        return self.backend.copied.format(text) if node.shape and self.view(node) else text

    def gradient(self, x: Name, root: Node) -> str:
        """A gradient in the form its argument is handed over."""
        text = self.text[root][0]
        if root.fixed and not root.shape:
            return self.full(text, "()" if self.forms[x.name] == "scalar" else str(tuple(d.number for d in x.shape)))
        return self.shaped(self.copied(root, text), root, x, self.forms[x.name] == "matrix")

    def shaped(self, text: str, root: Node, like: Expr, matrix: bool) -> str:
        """An array that was declared with two axes has two."""
        if matrix and len(root.shape) < 2:
            sizes = ["1" if d.number == 1 else "-1" for d in like.shape]
            return f"{self.np}.reshape({text}, ({', '.join(sizes)}))"
        if not matrix and like.shape == SCALAR and isinstance(like, Name) and self.forms.get(like.name) == "vector":
            return f"{self.np}.reshape({text}, (1,))"
        return text


def names(line: str) -> list[str]:
    """The names that a line of code assigns.

    >>> names('t1, t2 = f(x)'), names('t = x @ W')
    (['t1', 't2'], ['t'])
    """
    left, equals, _ = line.partition(" = ")
    return left.split(", ") if equals and "(" not in left else []


def needed(lines: Iterable[str], body: Sequence[str], checks: bool) -> list[str]:
    """The lines of which something is used, and in the pass that looks at its arguments those that do."""
    words = set(WORD.findall("\n".join(body)))
    out: list[str] = []
    for line in reversed(list(lines)):
        own = names(line)
        if checks if not own else not words.isdisjoint(own):
            out.append(line)
            words |= set(WORD.findall(line))
    return out[::-1]


def indented(lines: Iterable[str], by: int) -> str:
    return "".join((" "*by + line).rstrip() + "\n" for line in lines)


def tuple_of(parts: Sequence[str]) -> str:
    return "(" + ", ".join(parts) + ("," if len(parts) == 1 else "") + ")"


def returned(parts: Sequence[str]) -> list[str]:
    """What a backward pass returns, on one line or a line each."""
    whole = "return " + (tuple_of(parts)[1:-1] if len(parts) > 1 else parts[0])
    if len(whole) <= LONG:
        return [whole]
    return [("return (" if k == 0 else " "*8) + part + ("," if k + 1 < len(parts) else ")") for k, part in enumerate(parts)]


TORCH_PULLED = """def _pulled(at, name, cotangent):
    given = at | {name: at[name].clone().requires_grad_()}
    return torch.autograd.grad(value(*given.values()), given[name], torch.as_tensor(np.asarray(cotangent)))[0]
"""
JAX_PULLED = """def _pulled(at, name, cotangent):
    _, pull = jax.vjp(value, *at.values())
    return pull(jnp.asarray(cotangent))[list(at).index(name)]
"""


def torch_file(emitter: KernelEmitter, k: Kernel, results: Mapping[Name, Expr], said: VerdictNote) -> str:
    """A torch.autograd.Function, and `value`, which applies it; torch.func and vmap go through it.

    What backward needs is kept in setup_context, which sees only arguments and outputs, so that forward returns it with the value.
    """
    ctx, inputs, output = (emitter.spelled.fresh(n) for n in ("ctx", "inputs", "output"))
    numbers = [p for n, p in zip(emitter.handed, k.params, strict=True)
               if emitter.forms[n] == "scalar" and p in k.saved]
    tensors = [f"{p} = torch.as_tensor({p}, dtype=torch.float64)" for p in numbers if not any(f"{p} = " in line for line in k.forward)]
    made = [n for n in k.saved if n not in k.params and n != k.value]
    forms = [line for line in (*tensors, *k.forward) if any(n in k.params and n in k.saved for n in names(line))]
    context = []
    if set(k.params) & set(k.saved):
        context.append(f"{', '.join(k.params)}{',' if len(k.params) == 1 else ''} = {inputs}")
    if made:
        context += [f"{k.value if k.value in k.saved else '_'}, {', '.join(made)} = {output}",
                    f"{ctx}.mark_non_differentiable({', '.join(made)})"]
    elif k.value in k.saved:
        context.append(f"{k.value} = {output}")
    keep = [*context, *forms, f"{ctx}.save_for_backward({', '.join(k.saved)})"] if k.saved else ["pass"]
    take = [f"{tuple_of(k.saved)[1:-1]} = {ctx}.saved_tensors"] if k.saved else []
    handed = [f"return {', '.join([k.value, *made])}"] if made else broken("return ", k.value)
    code = ("class Value(torch.autograd.Function):\n" + indented(k.said, 4) + "\n    generate_vmap_rule = True\n\n    @staticmethod\n"
            + indented(emitter.opened("forward", k.params, 4), 4) + indented([*tensors, *k.forward, *handed], 8)
            + "\n    @staticmethod\n" + indented(emitter.opened("setup_context", [ctx, inputs, output], 4), 4) + indented(keep, 8)
            + "\n    @staticmethod\n    @torch.autograd.function.once_differentiable\n"
            + indented(emitter.opened("backward", [ctx, k.arrives, *(["*_"] if made else [])], 4), 4)
            + indented([*take, *k.backward, *returned(k.gradients)], 8) + "\n\n"
            + (indented(emitter.opened("value", k.params), 0) + f"    return Value.apply({', '.join(k.params)})[0]\n" if made
               else "value = Value.apply\n"))
    return emitter.tested(code, results, "torch", TORCH_PULLED, said)


def jax_file(emitter: KernelEmitter, k: Kernel, results: Mapping[Name, Expr], said: VerdictNote) -> str:
    """A jax.custom_vjp called `value`."""
    saved, value = emitter.spelled.fresh("saved"), emitter.spelled.fresh("out")
    take = [f"{tuple_of(k.saved)[1:-1]} = {saved}"] if k.saved else []
    gradients = k.gradients if len(k.gradients) > 1 else [tuple_of(k.gradients)]
    code = ("@jax.custom_vjp\n" + indented(emitter.opened("value", k.params), 0) + indented(k.said, 4)
            + indented([f"return _forward({', '.join(k.params)})[0]"], 4) + "\n\n" + indented(emitter.opened("_forward", k.params), 0)
            + indented([*k.forward, *broken(f"{value} = ", k.value), f"return {value}, {tuple_of(k.saved)}"], 4) + "\n\n"
            + indented(emitter.opened("_backward", [saved, k.arrives]), 0) + indented([*take, *k.backward, *returned(gradients)], 4)
            + "\n\nvalue.defvjp(_forward, _backward)\n")
    return emitter.tested(code, results, "jax", JAX_PULLED, said)
