"""Every step is what it is called: its row filled with its letters, compared to the letter, put back where it stood.

A step of a row: both sides of the row, with the recorded letters in it, inside what stood beside them, must be what is recorded
as rewritten and what it became; the letters must have the shapes and the structure the row asks for. Then the line before,
with that part replaced at that place, must be the line after. A step of a program (common factors, like terms, a name opened)
must have the program's form, and its two sides are judged at exact points with every d(..) a letter of its own.
Equal means the same node once the constructors are through. The engine is not asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from ..deriving.record import HOLE, Context, Step
from ..language.conditions import plain
from ..language.expr import SCALAR, Apply, Expr, InputError, Name, T, apply, as_dim, build, differentiated, mul
from ..language.operations import LINES
from ..language.shape import ONE, Dim
from ..rulebook.book import ENTRY_BY_ENTRY, PROGRAMS, RULES, conditions
from ..rulebook.rule import letter_at, sides, Rule
from ..rulebook.normal import BY_NAME as NORMAL, used
from ..rulebook.matching import Binding, fill, fill_dim, match
from .at_points import points
from .places import LongLine, built_at, filled, heads_around, inside_d, inwards, part_at, swapped
from .programs import BY_IDENTITY, fits
from .verdict import Look, Place, Verdict, Cause, checked, refuted
from .context import StepContext, Unsettled
from ..reading.problems.problem import Problem
from ..language.traversal import replaced

_ENTRIES = {"m", "n"}   # the shape of the matrix that a law for a scalar is used on, entry by entry

# What is asked of a matrix where it is, not of how it moves.
AT_THE_POINT = frozenset(("d.eigmax", "d.spectrum", "d.singvals", "d.trace-sqrtm", "d.trace-inverse-sqrtm", "d.trace-times-sqrtm"))


def replay(derivation: Any) -> Verdict:
    """Checked when every step of the derivation is what it is called and follows; refuted at the first that does not."""
    p = derivation.problem
    check = Replay(p.replace(definitions=[*p.definitions, *derivation.named]) if derivation.named else p, derivation.adjoints)
    steps = derivation.steps
    f = check.problem.as_typed().f
    if f is not None and plain(f) is not check.problem.f:
        return refuted(Cause.STEP, {"step": 0}, 0, "normal", f"{f} is not built to {check.problem.f}")
    for i, step in enumerate(steps):
        check.problem.deadline.check()
        if step.rule not in RULES and step.rule not in PROGRAMS and step.rule not in NORMAL:
            return refuted(Cause.STEP, {"step": i + 1}, i + 1, step.rule, "no such rule")
        try:
            why = check.follows(step)
        except Unsettled as met:
            return met.verdict
        if not why and step.rule in NORMAL and step.before is not (steps[i - 1].after if i else f):
            why = "the line before is not the one typed"
        if why:
            before, after = map(str, step.changed)
            return refuted(Cause.STEP, {"step": i + 1, "before": before, "after": after}, i + 1, step.rule, why)
    return checked(Look(Place.STEPS, (), len(steps)))


class Replay(StepContext):
    """Checks the steps of a derivation one after another."""

    def __init__(self, problem: Problem, adjoints: Sequence[tuple[Name, Expr]] = ()) -> None:
        super().__init__(problem, adjoints)
        self.long = LongLine()

    def follows(self, step: Step) -> str:
        """Empty when the step follows, else what is wrong."""
        if step.rule in NORMAL:
            return self.normal(step)
        lines = step.drawn
        line, at = (step.before, step.at) if lines is None else (self.long.part(lines[0], step), step.at[1:])
        if line is None or part_at(line, at) is not step.local[0]:
            return f"{step.local[0]} does not stand there"
        new = built_at(line, at, step.local[1])
        if new is line or not (new is step.after if lines is None else self.long.follows(step, new, lines[1])):
            return "the line does not follow"
        left, right = step.instance
        if filled(step.context, left) is not step.local[0] or filled(step.context, right) is not step.local[1]:
            return f"{left} = {right} is not what changed"
        if not step.rule.startswith("expand.") and (inside_d(line, at) or "d" in heads_around(step.context)):
            return "a step inside d(..)"
        return self.named(step)

    def normal(self, step: Step) -> str:
        """Whether a law with a condition takes the tree as typed nearer to what it is built to; nothing else in it may change."""
        left, right = step.local
        part = part_at(step.before, step.at)
        if step.instance != step.local or type(left) is not Apply or type(part) is not Apply or self.settled(part) is not left:
            return f"{left} does not stand there"
        if replaced(step.before, {part: right}, {}) is not step.after:
            return "the line does not follow"
        if build(left.head, left.args) is not right or step.where or step.sizes:
            return f"{left} is not built to {right}"
        found = used(left, right)
        if found is None or (found[0].name, found[1]) != (step.rule, step.condition):
            return f"{left} = {right} is not an instance of {NORMAL[step.rule].equation}"
        return "" if self.equal(left, right) else f"{left} = {right} is false"

    def settled(self, e: Apply) -> Expr | None:
        """A node as typed whose parts are built; None where a law with a condition would be used on them in silence."""
        args = []
        for a in e.args:
            if type(a) is Apply and a.args:
                inside = self.settled(a)
                if type(inside) is not Apply:
                    return None
                a = build(inside.head, inside.args)
                if used(inside, a) is not None:
                    return None
            args.append(a)
        return Apply(e.head, tuple(args), e.shape)

    def named(self, step: Step) -> str:
        """Empty when what changed is a use of the rule the step names, with these letters."""
        rule = RULES.get(step.rule)
        try:
            return self.program(step, *step.instance) if rule is None else self.row(rule, step)
        except InputError as error:
            return f"the letters do not fit: {error}"

    # ------------------------------------------------------------------------------------------------- rows
    def row(self, rule: Rule, step: Step) -> str:
        """Whether the step's sides are the row's, and its letters what the row asks for."""
        b = self.binding(rule, step)
        if isinstance(b, str):
            return b
        lhs, rhs = sides(rule, step.where.get("t"))
        if of_one_line(lhs, b):
            return f"{rule.name} is not about one row or one column"      # whose sums go by another name
        if rule.name.startswith("d."):
            d = self.d_of_sum if rule.name == "d.sum-of-terms" else self.d
            left, right = fill(lhs, b, lambda e: apply("d", e)), fill(rhs, b, d)
        else:
            left, right = fill(lhs, b, lambda e: e), fill(rhs, b, lambda e: e)
        made = filled(step.row_context, right)
        if not self.same(rule, filled(step.row_context, left), step.instance[0]) or (
                made is not step.instance[1] and inwards(made, {}) is not inwards(step.instance[1], {})):
            return f"{step.instance[0]} = {step.instance[1]} is not an instance of {rule.equation}"
        if "d" in heads_around(step.row_context) and not rule.name.startswith("expand."):
            return "a step inside d(..)"
        wanted = conditions(rule, b, right)
        return "" if step.condition == wanted else f"it holds only where {', '.join(map(str, wanted)) or 'it says nothing of'}"

    def same(self, rule: Rule, row: Expr, left: Expr) -> bool:
        """Whether a left side is the row's. (A*X)^3 is stored as a power, A*X*(A*X)^2 as a product: d of it is d of an equal."""
        if row is left or inwards(row, {}) is inwards(left, {}):
            return True
        one, other = differentiated(row), differentiated(left)
        return rule.name == "d.product" and one is not None and other is not None and self.equal(one, other)

    def binding(self, rule: Rule, step: Step) -> Binding | str:
        """The letters, if there are all of them with the shapes and the structure asked for; else what is wrong."""
        letters, sizes = asked(rule)
        if set(step.where) != set(letters):
            return f"the letters of {rule.equation} are {', '.join(sorted(letters))}, not {', '.join(sorted(step.where))}"
        entry = rule.name in ENTRY_BY_ENTRY or rule.name.startswith("expand.")
        if not sizes | (_ENTRIES if entry else set()) >= set(step.sizes):
            return f"{rule.equation} has no size {', '.join(sorted(set(step.sizes) - sizes))}"
        b: Binding = {Dim.of(name): as_dim(value) for name, value in step.sizes.items()}
        for letter in letters.values():
            value = step.where[letter.name]
            if letter.kind == "function":
                well = match(letter, value, b)
            elif entry and letter.name == "t" and value.shape != SCALAR:
                found = letter_at(rule, value)
                well = all(b.get(k, v) is v for k, v in found.items())
                b.update(found)
            else:
                well = all(fill_dim(p, b) is s for p, s in zip(letter.shape, value.shape, strict=True))
                b[letter] = value
            if not well:
                return f"{value} does not fit the letter {letter} of {rule.equation}"
            at = swapped(value, self.back) if rule.name in AT_THE_POINT else value
            for word in letter.words:
                if (word != "positive" or not rule.name.startswith("d.")) and not self.has(at, word):
                    return f"{value} is not known to be {word}"
        return b

    # ------------------------------------------------------------------------------------------------- programs
    def program(self, step: Step, left: Expr, right: Expr) -> str:
        """Whether the step has its program's form, and its two sides are equal."""
        if step.condition or step.sizes:
            return f"{step.rule} has no condition and no sizes"
        if step.rule == "assumption":
            return "" if (left, right) in self.assumptions and not step.where else f"{left} = {right} is not assumed"
        if step.rule == "gradient":
            return self.gradient(left, right)
        if step.rule == "definition":
            return self.definition(step, left, right)
        if step.row_context is not HOLE and (step.row_context.head != "+" or not any(a is HOLE for a in step.row_context.args)):
            return f"{step.rule} takes the whole"
        why = fits(step.rule, left, right, step.where, tuple(a for a in step.row_context.args if not isinstance(a, Context)))
        if why or step.rule == "vec":
            return why or ("" if step.local == step.instance and not step.at else "it takes the whole line")
        try:
            return "" if self.equal(left, right) else f"{left} = {right} is false"
        except Unsettled:
            if step.rule in BY_IDENTITY:
                return ""
            raise

    def gradient(self, left: Expr, right: Expr) -> str:
        """The differential of a name for the function, by a name for its gradient, which is judged as such."""
        p = self.problem
        f = differentiated(left)
        if not isinstance(f, Name) or p.wrt is None or p.f is None or not any(
                body is p.f or self.equal(body, p.f) for body in self.bodies.get(f.name, ())):
            return f"{left} is not the differential of what was differentiated"
        g = next((n for n in right.names if n.name in self.bodies and right is mul(T(n), apply("d", p.wrt))), None)
        if g is None:
            return f"{right} is not written with a gradient"
        agrees = points.judge_derivative(p.replace(order=1), self.bodies[g.name][0]).kind == "checked"
        return "" if agrees else f"{g} is not the gradient of {f}"

    def definition(self, step: Step, left: Expr, right: Expr) -> str:
        """Names the problem defines, opened or folded: with them opened both sides are the same."""
        if not step.where:
            return "the name is missing"
        swap: dict[Expr, Expr] = {}
        for name, value in step.where.items():
            bodies = self.bodies.get(name)
            if bodies is None:
                return f"{name} is not defined"
            if value not in bodies and not any(self.equal(value, body) for body in bodies):
                return f"{name} is not {value}"
            swap |= {n: value for side in (left, right) for n in side.names if n.name == name and n.shape == value.shape}
        if not swap:
            return f"neither {left} nor {right} has the name"
        if swapped(left, swap) is swapped(right, swap) or self.equal(left, right):  # s*s^2 is stored as s^3, a root's cube is not
            return ""
        return f"{left} and {right} differ by more than the name"


def of_one_line(e: Expr, b: Binding) -> bool:
    """Whether something in a row goes by rows or columns and is about one of them: it is written as something else then."""
    if not isinstance(e, Apply):
        return False
    return e.head in LINES and ONE in (fill_dim(d, b) for d in e.args[0].shape) or any(of_one_line(a, b) for a in e.args)


@cache
def asked(rule: Rule) -> tuple[dict[str, Name], set[str]]:
    """The letters of a row (functions included) and its sizes."""
    letters: dict[str, Name] = {}
    sizes: set[str] = set()

    def walk(e: Expr) -> None:
        for d in e.shape:
            sizes.update(d.names)
        if isinstance(e, Name) and e.kind == "size":
            sizes.add(e.name)
        elif isinstance(e, Name):
            letters[e.name] = e
            sizes.update(n for space in e.signature or () for d in space or () for n in d.names)
        elif isinstance(e, Apply):
            for a in e.args:
                walk(a)
    walk(rule.lhs)
    walk(rule.rhs)
    return letters, sizes
