"""Every step is an instance of its rule: letters put back, both sides compared, and the whole line followed.

A row of the tables is filled with the letters the step names and must give the step's two sides, to the letter. The line
before, with one side replaced by the other, must then equal the line after; that last equality, and the moves that are
programs (common factors, like terms, a sum multiplied out, a differential set free), are judged at exact points with every
d(..) a letter of its own. The engine is not asked.
"""

from __future__ import annotations

from copy import copy
from typing import Any, TypeGuard

from ..language.expr import SCALAR, Apply, Expr, Name, T, apply, build, mul, zeros
from ..rules import algebra, differentials, traces
from ..rules.rule import Binding, Rule, bind, bind_dim, fill
from . import points
from .verdict import Look, Place, Verdict, Why, checked, refuted

RULES: dict[str, Rule] = {r.name: r for r in (
    *differentials.DIFFERENTIALS, *differentials.ENTRYWISE.values(), *traces.TRACE, *traces.LINEAR,
    *algebra.TIDY, *algebra.STRUCTURE, *algebra.SCALAR, *algebra.NAMED, *algebra.EXPANSIONS)}
PROGRAMS = frozenset({"vec", "collect", "definition", "assumption", "structure.transpose", "tidy.factor", "tidy.distribute",
                      "tidy.linear", "tidy.repeat", "tidy.diagonal-entrywise"})


def replay(derivation: Any) -> Verdict:
    """Checked when every step of the derivation follows; refuted at the first that does not."""
    steps = derivation.steps
    problem = derivation.problem
    named = getattr(derivation, "adjoints", ())
    if named:
        problem = _with(problem, [*problem.definitions, *named])
    active = _active(derivation)
    for i, step in enumerate(steps):
        if step.rule not in RULES and step.rule not in PROGRAMS:
            return refuted(Why.STEP, {"step": i + 1}, i + 1, step.rule, "no such rule")
        why = follows(problem, step, active)
        if why:
            return refuted(Why.STEP, {"step": i + 1, "before": str(step.before), "after": str(step.after)}, i + 1, step.rule, why)
    return checked(Look(Place.STEPS, (), len(steps)))


def _active(derivation: Any) -> set[str]:
    """The names whose differential is not zero, by name: the variable may have lost its structure words."""
    live = {derivation.problem.wrt.name}
    for name, body in derivation.problem.definitions:
        if any(n.name in live for n in body.names):
            live.add(name.name)
    return live


def follows(problem: Any, step: Any, active: set[str]) -> str:
    """Empty when the step follows, else what is wrong."""
    left, right = step.instance or step.local
    rule = RULES.get(step.rule)
    if rule is not None and step.where and not _is_instance(problem, rule, step.where, left, right, active):
        return f"{left} = {right} is no instance of {rule.equation}"
    if step.rule.startswith("expand."):
        if not (_is_d(left) and _is_d(right)) or _equal(problem, left.args[0], right.args[0]).kind == "refuted":
            return f"{left} = {right} is false"
    if step.rule.startswith("d.") or left.has_d:
        swapped = step.rule.startswith(("d.", "expand.")) or step.rule == "definition"
        line = _swap(step.before, {left: right}) if swapped else step.before
    else:
        line = step.before
        verdict = _equal(problem, left, right)
        if verdict.kind == "refuted":
            return f"{left} = {right} is false"
    if step.rule == "vec" and line.shape != step.after.shape:
        line = apply("vec", line)
    verdict = _equal(problem, line, step.after)
    return "the line does not follow" if verdict.kind == "refuted" else ""


def _equal(problem: Any, left: Expr, right: Expr) -> Verdict:
    """The quick judge, with each differential a letter of its own.

    What holds with the defined names as letters holds when they are given their values; so the definitions are looked up
    only when it takes them, first those in sight, and a long chain is not evaluated anew for every step.
    """
    if left is right:
        return checked()
    letters: dict[Expr, Expr] = {}
    left, right = _letters(left, letters), _letters(right, letters)
    if problem.definitions and not problem.assumptions:
        seen = left.names | right.names
        near = [(n, e) for n, e in problem.definitions if n in seen]
        for few in ([], near):
            if len(few) < len(problem.definitions):
                found = points.judge_equation(_with(problem, few), left, right)
                if found.kind == "checked":
                    return found
    return points.judge_equation(problem, left, right)


def _with(problem: Any, definitions: list[tuple[Name, Expr]]) -> Any:
    out = copy(problem)
    out.definitions = definitions
    return out


def _letters(e: Expr, letters: dict[Expr, Expr]) -> Expr:
    if not isinstance(e, Apply) or not e.has_d:
        return e
    if e.head == "d":
        if e not in letters:
            letters[e] = Name(f"d_{len(letters)}", e.shape)
        return letters[e]
    return build(e.head, [_letters(a, letters) for a in e.args])


def _swap(e: Expr, swap: dict[Expr, Expr]) -> Expr:
    found = swap.get(e)
    if found is not None:
        return found
    if not isinstance(e, Apply) or not e.has_d or e.head == "d":
        return e
    return build(e.head, [_swap(a, swap) for a in e.args])


def _is_instance(problem: Any, rule: Rule, where: dict[str, Expr], left: Expr, right: Expr, active: set[str]) -> bool:
    """Whether the rule, with these letters, reads left = right."""
    def d(e: Expr) -> Expr:
        return apply("d", e) if any(n.name in active for n in e.names) else zeros(*e.shape)

    lhs, rhs = rule.lhs, rule.rhs
    if rule.name in ("d." + h for h in differentials.ENTRYWISE) or rule in algebra.SCALAR + algebra.EXPANSIONS:
        value = where.get("t")
        if value is None:
            return True
        if value.shape != SCALAR:
            big = Name("t", value.shape)
            letter = next(iter(lhs.names))
            lhs, rhs = differentials.lift(lhs, letter, big), differentials.lift(rhs, letter, big)
    b: Binding = {"words": lambda e, words: True}
    for letter in lhs.names | rhs.names:
        value = where.get(letter.name)
        if value is not None and not bind(letter, value, b):
            return False
    for f in _functions(lhs):
        value = where.get(f.name)
        if isinstance(value, Name):
            b[f] = value
            if not all(bind_dim(x, y, b) for x, y in zip(f.dims, value.dims, strict=False)):
                return False
    one, two = fill(lhs, b, lambda e: apply("d", e)), fill(rhs, b, d)
    if rule.name.startswith("d."):
        same = one is left or (_is_d(one) and _is_d(left) and _equal(problem, one.args[0], left.args[0]).kind == "checked")
        return same and two is right
    return _inside(one, left) or _inside(T(one), left) or one is left or mul(one) is left


def _inside(part: Expr, whole: Expr) -> bool:
    """Whether a product's factors all stand in another product, or the part is the whole."""
    if part is whole:
        return True
    if isinstance(part, Apply) and isinstance(whole, Apply) and part.head == whole.head and part.head in ("*", ".*"):
        return True
    return isinstance(whole, Apply) and any(part is a for a in whole.args)


def _is_d(e: Expr) -> TypeGuard[Apply]:
    return isinstance(e, Apply) and e.head == "d"


def _functions(e: Expr) -> set[Name]:
    if isinstance(e, Name):
        return {e} if e.kind == "function" else set()
    return set().union(*(_functions(a) for a in e.args)) if isinstance(e, Apply) else set()
