"""Steps as aligned lines: what is folded into one line, and the reason beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from ..deriving.derivation import Step
from ..language.deadline import Deadline
from ..language.expr import Apply, Expr, Name, Number, T, apply
from ..language.traversal import arguments, subexpressions
from ..rulebook.book import RULES, sources
from .pieces import Piece, Relation, Size
from .opening import OWN, chained, letters, same_text
from .reasons import (
    CONSTANT, CYCLIC, LINEAR, PRODUCTS, QUOTIENT, called, cancels, closed, is_cycled, linear, ringed, structured, transposed, turned,
    untraced)
from .words import say
from ..records import Record

QUIET = ("tidy.", "collect", "named.")
CARRIED, MINUS = ("spread", "numbers", "tidy.matrix-times-ones"), Number(-1)        # A*1 and rowsum(A) look the same
ASSUMED = ("assumption", "structure.simplex")
CANCELLED = ("normal.",)
OUT, DIFFERENCE = "tidy.distribute", "tidy.complements"
TURNED = ("d.transpose", "trace.transpose")     # d(x') = d(x)' is how the one is written that the other turns
SCALED = ("tidy.entrywise-rows", "tidy.entrywise-equal-columns")
DIAGONALS = ("tidy.diagonal-product", "tidy.diagonal-product-turned", "tidy.diagonal-of-scaled-rows", "tidy.diagonal-of-scaled-columns")
TOGETHER = (TURNED, *(("trace.diag", name) for name in DIAGONALS),
            *(("trace.entrywise", f"tidy.entrywise-{lines}") for lines in ("rows", "columns")), *(("trace.cycle", name) for name in TURNED),
            *((name, why) for name in ("d.quadratic", "d.trace-quadratic", "d.trace-quadratic-right")
              for why in ("structure.symmetric", "tidy.factor")))
SYMMETRY = RULES["structure.symmetric"].called
FEW = 2  # rules that are named beside one line
MANY = 6  # long lines
DEFINED, FACTOR = "definition of", ("tidy.factor", "tidy.common-")


class Line(Record):
    """One aligned line: `left = right`, its rule and source, what stood before, the assumption it uses, the names it is about."""

    left: Expr | None
    right: Expr
    rule: str = ""
    see: str = ""
    before: Expr | None = None
    since: Relation | None = None
    about: tuple[Expr, ...] = ()
    relation: str = "="


def lines_of(left: Expr | None, steps: list[Step], deadline: Deadline, full: bool, about: Expr | None = None) -> list[Line]:
    """Steps as lines: runs of bookkeeping and repeated rules are folded into one, unless the page is to be full.

    Where long lines, which are `about` something, would be many, what changes in them is shown term by term, and then the whole once."""
    out: list[Line] = []
    for together, some in groupby(runs(steps, full), lambda run: all(s.drawn for s in run)):
        several = list(some)
        if together and (full or len(several) > MANY):
            out += by_term([s for run in several for s in run], deadline)
            out.append(Line(about or left, several[-1][-1].after, say("all together")))
            left = None
            continue
        for run in several:
            deadline.check()
            if not same_text(run[0].before, run[-1].after):
                out.append(line_of(left, run))
                left = None
    return out


def runs(steps: list[Step], full: bool) -> Iterator[list[Step]]:
    """Which steps share a line."""
    i = 0
    while i < len(steps):
        lead = i
        while not full and lead + 1 < len(steps) and carried(steps[lead]) and not aside(steps, lead):
            lead += 1
        j = lead + 1
        said = reasons(steps[lead:j])
        while not full and j < len(steps) and not aside(steps, j) and folds(steps[lead], steps[j]) \
                and len(said := said | reasons(steps[j:j + 1])) <= FEW \
                and (carried(steps[j]) or named(steps[j]) or not named(steps[j - 1]) or steps[j].rule == steps[lead].rule):
            j += 1
        while not full and lead + 1 < j < len(steps) and named(steps[j - 2]) and steps[j - 1].rule == "numbers":
            j -= 1      # signs are drawn together in the next line, not beside a rule
        yield steps[i:j]
        i = j


def line_of(left: Expr | None, run: list[Step]) -> Line:
    """The line of some steps, with its reason."""
    last = next((s for s in reversed(run) if not carried(s)), run[-1])
    rule, see = why(run)
    since = Relation(*last.instance) if last.rule.startswith((*ASSUMED, *CANCELLED)) or of_itself(last) else None
    if last.rule.startswith(CANCELLED):
        see = ", ".join(map(str, last.condition))
    last = next((s for s in reversed(run) if s.rule == "definition"), last)
    ends = rule == say(DEFINED) or rule.endswith(say(", then ") + say(DEFINED))
    about = tuple(sorted({defined(s) for s in run if s is last or opens(s) or named(s)}, key=str)) if ends else ()
    if letters := [e for s in run for e in structured(s)]:
        word = next(called(s) for s in reversed(run) if structured(s))
        if rule.endswith(say(word)):
            rule, about = rule.removesuffix(say(word)) + say(f"{word} of"), tuple(sorted(set(letters), key=str))
    return Line(left, run[-1].after, rule, see, run[0].before, since, about)


def sized(lines: Sequence[Line], pieces: Sequence[Piece]) -> bool:
    """Whether nothing but its size is said of the last line, so that it can stand beside it."""
    return bool(lines) and not lines[-1].rule and len(pieces) == 1 and isinstance(pieces[0], Size)


def without_detour(drawn: list[Line]) -> list[Line]:
    """Lines without a transpose that the next one undoes: d(g'*V'*x) = d(x'*V*g) = g'*V'*dx."""
    if len(drawn) < 3 or drawn[1].rule != say(OWN) or drawn[2].rule != say(", then ").join((say(CONSTANT), say(OWN))):
        return drawn
    typed, found = chained(arguments(drawn[0].right)[0]), chained(drawn[2].right)
    if len(typed) != len(found) or not all(b is a or b is apply("d", a) for a, b in zip(typed, found, strict=True)):
        return drawn
    return [drawn[0], drawn[2]._replace(rule=say(CONSTANT), before=drawn[0].right), *drawn[3:]]


def by_term(steps: list[Step], deadline: Deadline) -> Iterator[Line]:
    """The terms that change in long lines, a line each."""
    last: Expr | None = None
    for s in steps:
        deadline.check()
        before, after = s.changed
        if not same_text(before, after):
            yield line_of(None if before is last else before, [s._replace(before=before, after=after)])
            last = after


def carried(s: Step) -> bool:
    """Whether a step is not worth a line: how the line before is written out, a sign taken in front of a differential."""
    return s.rule in CARRIED or s.rule == "d.scale" and MINUS in s.where.values()


def aside(steps: list[Step], j: int) -> bool:
    """Whether terms have a line of their own: not where a differential opens as a sum, but where what is in front has changed."""
    return steps[j].rule == "spread" and j > 0 and steps[j - 1].rule == "trace.entrywise"


def folds(a: Step, b: Step) -> bool:
    """Whether two steps share a line: bookkeeping, the same rule again, a composite and the name it has."""
    if carried(b) or (a.rule, b.rule) in TOGETHER:
        return True
    if any(s.rule.startswith((*ASSUMED, *CANCELLED)) or of_itself(s) for s in (a, b)) or a.rule == OUT and b.rule in (OUT, DIFFERENCE):
        return False
    quiet = a.rule.startswith(QUIET)
    if named(b):
        return a.rule.startswith(("named.", "d.")) or named(a)
    if structured(a) and structured(b) and called(a) == called(b):
        return True
    if (linear(a) or of_calls(a)) and b.rule == "trace.colsum":
        return True
    if linear(b) and (linear(a) or of_calls(a) or a.rule in PRODUCTS and called(b) == CONSTANT) or opens(a) and opens(b):
        return True
    return (quiet and b.rule.startswith(QUIET)) or (not quiet and a.rule == b.rule and a.rule != "definition")


def named(s: Step) -> bool:
    """Whether a step puts a name for what it stands for."""
    if s.rule != "definition":
        return False
    before, after = (sum(n.name in s.where for n in letters(side)) for side in s.instance)
    if after != before:
        return after > before
    had, left = (set(s.where.values()) & set(subexpressions([side])) for side in s.instance)
    return had > left       # 1/(sqrt(v)*s^2) as 1/s^3


def of_itself(s: Step) -> bool:
    """Whether a step says of a name what follows from its definition: H^2 = H, which keeps the name, or 1'z = 0."""
    before, after = ({n.name for n in side.names} for side in s.instance)
    return s.rule == "definition" and not s.instance[0].has_d and (before == after == set(s.where) or not after and before > set())


def opens(s: Step) -> bool:
    """Whether a step puts what names stand for in a differential."""
    return s.rule == "definition" and s.instance[0].has_d and not named(s)


def of_calls(s: Step) -> bool:
    """Whether a step puts what mean(x) stands for in a differential."""
    return opens(s) and all(n.of for n in letters(s.instance[0]) if n.name in s.where)


def reasons(run: list[Step]) -> set[str]:
    """The different reasons a line of these steps has."""
    unnamed = ("collect", "definition", TURNED[0])
    return {LINEAR if linear(s) else called(s) for s in run if not (carried(s) or s.rule in unnamed) and seen(s)}


def seen(s: Step) -> bool:
    """Whether the line looks another after the step; a look at the part that changed is enough where that does."""
    return not (same_text(*s.local) and same_text(s.before, s.after))


def why(run: list[Step]) -> tuple[str, str]:
    """The words beside a line, and where they can be read up."""
    run = [s for s in run if len(run) == 1 or seen(s)] or run
    run = [s for s in run if not carried(s)] or run
    opened = {a for s in run if s.rule.startswith("d.") and s.rule not in PRODUCTS
              if type(s.instance[0]) is Apply for a in s.instance[0].args}
    run = [s for s in run if opened.isdisjoint(s.where.values()) or not named(s)]      # d(softmax(z)) in the letter s of softmax(z)
    if any(s.rule in PRODUCTS and called(s) != CONSTANT for s in run):      # what is constant has no term of its own
        run = [s for s in run if called(s) != CONSTANT]
    if of_calls(run[0]):        # d(mean(x)) is the mean of dx
        run = [*(s for s in run[1:] if not linear(s)), run[0]]
    if run[-1].rule == TURNED[1]:
        run = [s for s in run if s.rule != TURNED[0]]
    cyclic = [CYCLIC] if any(closed(s) or turned(s) or ringed(s) for s in run) else []
    if any(s.rule.startswith(FACTOR) for s in run):      # which terms with a common factor are
        run = [s for s in run if s.rule != "collect"]
    if any(s.rule.startswith(FACTOR[1]) for s in run):         # a diagonal matrix that comes and goes
        run = [s for s in run if not s.rule.startswith(SCALED)]
    names = list(dict.fromkeys(s.rule for s in run))
    if names[-1] == "definition" and not run[0].rule.startswith("d."):
        return say(DEFINED), ""
    said = [DEFINED if s.rule == "definition" else SYMMETRY if halves(a, s) else called(s) for a, s in pairwise((run[0], *run))]
    several = len({called(s) for s in run if linear(s)}) > 1
    if several:
        said = [LINEAR if linear(s) else word for s, word in zip(run, said, strict=True)]
    said = list(dict.fromkeys([*cyclic, *said, *filter(None, map(transposed, run)), *([QUOTIENT] if any(map(cancels, run)) else []),
                               *([CYCLIC] if any(map(untraced, run)) else [])]))
    found = list(dict.fromkeys(source for s in run if (source := cited(s))))
    if len(said) > FEW:     # how a scalar is written goes without saying
        said = [w for w in said if w not in map(transposed, run) and w != CYCLIC]
    if len(said) <= FEW + (said[-1] == DEFINED):
        return say(", then ").join(map(say, said)), "" if several else together(found[:1] if len(said) == 1 else found)
    return say("simplified in {} steps", len(run)), ""


def halves(a: Step, b: Step) -> bool:
    """Whether a sum A + A' is twice A as A is its own transpose, like eye(n) - X*inv(X'*X)*X'."""
    m = a.where.get("P", a.where.get("A"))
    return b.rule == "tidy.factor" and (a.rule, b.rule) in TOGETHER and m is not None and T(m) is m


def together(found: list[str]) -> str:
    """Several references as one, the name of a source once.

    >>> together(["MCB (16)", "MCB (13)", "Magnus 3.6"])
    'MCB (16), (13); Magnus 3.6'
    """
    by_source = groupby(found, lambda see: next(iter(sources(see)), see))
    return "; ".join(", ".join([first, *(see.removeprefix(key + " ") for see in more)]) for key, (first, *more) in by_source)


def cited(s: Step) -> str:
    """Where a rule can be read up; for a sum that is 1, that it was declared, if it was."""
    if s.rule.startswith("structure."):
        return say("declared") if s.rule.startswith(ASSUMED) and all(isinstance(e, Name) and e.words for e in s.where.values()) else ""
    if is_cycled(s):
        return RULES["trace.cycle"].see
    return s.see if sources(s.see) else ""


def defined(step: Step) -> Expr:
    """The name a definition step opens or folds."""
    return next(n for side in step.instance[::-1] for n in sorted(side.names, key=str) if n.name in step.where)
