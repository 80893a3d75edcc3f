"""What is zero from a line of a sheet on, such as a derivative, and what follows from that for its unknown."""

from __future__ import annotations

from itertools import islice
from contextlib import suppress

from ...diagnose.edits import sites
from ...deriving.substitute import substitute
from ...deriving.unknown import solved, solved_inverse
from ...language.numbers import Rational
from ...language.expr import SCALAR, UNIT, Apply, Expr, InputError, Name, Number, add, is_inverse, mul, num, power, zeros
from ...patterns import pattern
from ...reading.grammar.brackets import terms
from ...reading.inference.statements import said
from ...reading.latex.letters import FUNCTIONS
from ...reading.latex.names import NAME
from ...records import Record
from ... import judges
from ..parts.definition_parts import as_text, equation, names_in, ordered
from ..parts.formula import ZERO, formula, put, quotient, undeclared
from ..parts.marks import Mark, Reason
from ..parts.records import Row
from ...reading.problems.held_constants import rank
from .setting import SECONDS, Setting

INVERSES = 2        # so many of the matrices that a condition inverts are multiplied out
GRADIENTS = 6       # so many derivatives are tried where a sheet sets an expression to zero
MOST = 6            # so many conditions are rewritten with the value of an unknown
DENOMINATOR = pattern(r"/(?:\([^()]*\)|\w+)|\b\w+\^\(?-")


class Condition(Record):
    """What is zero from a line on: the derivative; the same carried out, and multiplied by what it inverts; the unknown; the wrong
    line of the sheet that it is taken from; the numerical factors that all forms but the first leave out."""

    number: int
    start: str
    texts: tuple[str, ...]
    by: str
    wrong: int | None
    nonzero: tuple[str, ...] = ()


class Solution(Record):
    """The only value of an unknown that makes a condition true (empty where that is not known), and what must be invertible for it."""

    value: str = ""
    regular: tuple[str, ...] = ()


class Conditions:
    """The conditions of a sheet so far, the values that lines have given to unknowns, and the solutions that were looked for."""

    def __init__(self) -> None:
        self.all: list[Condition] = []
        self.values: dict[str, str] = {}
        self._solutions: dict[str, Solution] = {}

    def __bool__(self) -> bool:
        return bool(self.all)

    @property
    def right(self) -> list[Condition]:
        """Those that are not taken from a wrong line."""
        return [c for c in self.all if c.wrong is None]

    def solution(self, s: Setting, c: Condition) -> Solution:
        """The solution of a condition."""
        if c.start not in self._solutions:
            self._solutions[c.start] = Solution()           # what is looked for while it is looked for
            self._solutions[c.start] = solution(s, c)
        return self._solutions[c.start]

    # ------------------------------------------------------------ what a line enters
    def zero(self, s: Setting, row: Row, start: str, line: str, wrong: int | None) -> None:
        """Enter that a derivative is zero: the right one, and the one that the sheet has where that is wrong."""
        start = s.derivative_of(start)
        by = next(iter(formula(start).by), "")
        other = [c for c in self.all if c.by == by and None is not quotient(c.start) != quotient(start)]
        if other and quotient(start) is not None:               # another loss: w is another w
            self.all = [c for c in self.all if c not in other]
            self.values.pop(by, None)
        for text, through in ((start, None), *([(line, wrong)] if wrong is not None else [])) if by else ():
            if (c := condition(s, row, text, by, start, through)) is not None:
                self._enter(s, row, c)

    def set_to_zero(self, s: Setting, row: Row, line: str, found: Mark) -> Mark:
        """Enter that an expression is zero which is none in general, or two are equal. The line is given where it says no more than that
        a derivative of what is defined is zero; elsewhere nothing says that it is so, but the lines below are judged under a zero."""
        is_zero = ZERO.fullmatch(row.right) or ZERO.fullmatch(line)
        if not is_zero and NAME.fullmatch(line) and line in s.variables.sought:
            return found
        text = f"({line}) - ({row.right})" if not is_zero else line if ZERO.fullmatch(row.right) else row.right
        forms, nonzero = cleared(s, text)
        start = gradient_zero_with(s, text) if forms else ""
        by = next(iter(formula(start).by), "")
        multiplier = s.shapes.get(by) == SCALAR or bool(by) and by not in s.below(text) | {c.by for c in self.all}
        below = self.all and not is_zero and not multiplier         # and no constraint with a multiplier
        if not forms or below or not by and not is_zero:
            return found
        self._enter(s, row, Condition(row.number, start or text, forms, by, None, nonzero))
        return found if not by else Mark(row.number, found.text, "given", reason=Reason("condition"))

    def value_found(self, s: Setting, row: Row, found: Mark) -> None:
        """Enter what the other conditions are with the value of an unknown that a line has given, and what earlier values are."""
        x = row.left or ""
        unknown = any(c.by == x or c.wrong is None and x in formula(c.texts[0]).names for c in self.all)
        if found.mark not in ("follows", "follows if") or found.through is not None or not NAME.fullmatch(x) or not unknown or \
                x in s.below(row.right) or formula(row.right).differential:
            return
        more = [(c.by, c.texts[0]) for c in self.right if c.by != x and x in formula(c.texts[0]).names]
        more += [(y, f"{y} - ({value})") for y, value in self.values.items() if x in formula(value).names]
        self.values[x] = row.right
        if (bound := self.bound(s, row, x, row.right)) is not None:
            value = f"{x} - ({bound[1]})"
            self.all += [bound[0], Condition(row.number, value, (value,), x, None)]
        for by, text in more[:MOST]:
            self._with_value(s, row, text, x, row.right, by)

    def _enter(self, s: Setting, row: Row, c: Condition) -> None:
        """Enter a condition, and what it is with the values that lines have given to other unknowns."""
        self.all.append(c)
        for x, value in self.values.items():
            if x != c.by and c.wrong is None and x in formula(c.texts[0]).names:
                self._with_value(s, row, c.texts[0], x, value, c.by)

    def _with_value(self, s: Setting, row: Row, text: str, x: str, value: str, by: str) -> None:
        """Enter what is zero, a condition on an unknown, with the value of another one."""
        text = put(text, {x: f"({value})"})
        c = condition(s, row, text, by) if by in s.below(text) | names_in(text) else None
        self.all += [c] if c is not None else []

    def bound(self, s: Setting, row: Row, x: str, value: str) -> tuple[Condition, str] | None:
        """The condition on the number in the value of an unknown that a constraint on the unknown makes, which gives it, and the value with
        it: w = lambda*inv(S)*b where sum(w) = 1 is assumed."""
        for left, right in (formula(a).sides for a in s.assume if x in formula(a).names):
            text = put(f"{left} - ({right})", {x: f"({value})"})
            for by in [n for n in sorted(s.below(value)) if s.is_number(n)]:
                c = condition(s, row, text, by)
                if c is not None and (only := self.solution(s, c).value):
                    return c, put(value, {by: f"({only})"})
        return None


def condition(s: Setting, row: Row, text: str, by: str, start: str = "", wrong: int | None = None) -> Condition | None:
    """That a text is zero from a row on; None where the rules do not carry it out."""
    forms, nonzero = cleared(s, text)
    return Condition(row.number, start or text, forms, by, wrong, nonzero) if forms else None


def cleared(s: Setting, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """An expression with its derivatives carried out; then without its numerical factors and denominators, and that multiplied
    by what it inverts; the factors. Nothing where the rules do not give it."""
    found = s.carried_out(text)
    if found is None:
        return (), ()
    plain, factors = found, []
    for n in sorted({n for n in found.names if n.shape == SCALAR and n.kind == "variable"}, key=lambda n: n.name):
        without = substitute(plain, {n: UNIT})
        if s.proved(str(plain), f"{n.name}*({without})"):
            plain = without
            factors.append(n.name)
    below = " ".join(DENOMINATOR.findall(str(plain)))
    sizes = sorted({w for w in formula(below).names if w.islower()} - {n.name for n in plain.names} - FUNCTIONS)
    bare = f"{'*'.join(sizes)}*({plain})" if sizes else str(plain)
    inner = list(dict.fromkeys(str(e.args[0]) for _, e in sites(found) if isinstance(e, Apply) and is_inverse(e)))[:INVERSES]
    out = [str(found), *([bare] if bare != str(found) else [])]
    out += [f"({t})*({bare})" for t in divisors(s, found)]
    out += [f"{one}({bare}){two}" for t in inner for one, two in ((f"({t})*", ""), ("", f"*({t})"), (f"({t})*", f"*({t})"))]
    return tuple(out), tuple(factors)


def divisors(s: Setting, e: Expr) -> list[str]:
    """The least multiple of the numbers that an expression is divided by; the same with those of the scalars that it is made of."""
    bodies: dict[Name, Expr] = {}
    with suppress(InputError):
        bodies = dict(s.read(prove=f"{e} == {e}").definitions)
    out: dict[Expr, Rational] = {}
    found: list[str] = []
    for parts in ([e], [body for n, body in bodies.items() if n in e.names and n.shape == SCALAR]):
        for part in parts:
            for _, inner in sites(part):
                if isinstance(inner, Apply) and inner.head == "^" and inner.shape == SCALAR and \
                        isinstance(inner.args[1], Number) and inner.args[1].value < 0:
                    out[inner.args[0]] = max(out.get(inner.args[0], 0), -inner.args[1].value)
        found.append("*".join(f"({power(base, num(times))})" for base, times in list(out.items())[:INVERSES]))
    return [t for t in dict.fromkeys(found) if t]


def seeks(s: Setting, derivative: Expr, start: str) -> bool:
    """Whether a derivative is made of something that may be sought: not that of a'*x, by x, on a sheet that seeks nothing else."""
    given = {n for f, names in s.sheet.names.arguments.items() if f"d({f})" in start for n in names}
    made = s.below(str(derivative)) | formula(str(derivative)).names        # also P of P = inv(Sigma)
    return len(s.variables.sought) != 1 or not (formula(start).by | s.variables.all | given).isdisjoint(made)


def gradient_zero_with(s: Setting, text: str) -> str:
    """The derivative of a defined scalar that must not be zero unless an expression is; empty where there is none."""
    with s.clock.shared(SECONDS):
        return next((d for d in gradients_like(s, text) if ((slope := s.carried_out(d)) is None or seeks(s, slope, d)) and any(
            s.proved_unstructured(text, "0", zero) or s.proved(text, "0", zero)
            for zero in (f"{t} = 0" for t in cleared(s, d)[0] if formula(t).names))), "")


def gradients_like(s: Setting, text: str) -> list[str]:
    """The derivatives of defined scalars that a text may be, by its shape: those first by names that the sheet varies, and in it."""
    below = s.below(text)
    names = s.below(" ".join(f for f, _, _ in s.define)) - s.sheet.facts.constant - s.given.constants
    order = sorted(names, key=lambda n: (n not in s.variables.varied, n not in below, -rank(n), n))
    tops = [f for f, _, _ in reversed(s.define) if f != text and s.total(f)]
    return list(islice((f"d({f})/d({x})" for f in tops for x in order if x in s.below(f) and (
        s.fits(text, x) or s.fits(f"({text})'", x))), GRADIENTS))


def solution(s: Setting, c: Condition) -> Solution:
    """The only value of the unknown that makes a condition true, where it, its inverse or its logarithm stands linearly in it."""
    u = f"log_{c.by}"
    text = c.texts[0].replace(f"log({c.by})", u)
    if u in formula(text).names - s.shapes.keys() and c.by in s.shapes and c.by not in formula(text).names:
        found = solution(s.but(declare=[*s.declare, said(u, s.shapes[c.by])]), Condition(c.number, text, (text,), u, None))
        return found._replace(value=f"exp({found.value})") if found.value else found
    entrywise = [" ".join(f"{sign} ({t}){by}" for sign, t in terms(c.texts[0])) for by in (f".*{c.by}", f".*{c.by}.*{c.by}")]
    divided = s.shapes.get(c.by) == SCALAR and not c.nonzero and c.start != c.texts[0]          # k/p = (n - k)/(1 - p)
    multiplied = [t for t in c.texts[1:] if t.startswith("(")] if divided else []
    for zero in (c.start, *multiplied, *entrywise):      # linear in x where that is g./x - c*ones(n)
        slope, at = s.carried_out(f"d({zero})/d({c.by})"), s.carried_out(zero)
        if at is not None and any(c.by in s.made.below(n.name) for n in at.names):         # r of r = X*w - y is no constant
            at = s.carried_out(spelt_out(s, str(at), c.by))
        x = next((n for n in (at.names if at is not None else ()) if n.name == c.by), None)
        if x is None or at is None:
            break
        if slope is not None and at.shape == x.shape and not x.words and x not in slope.names and not slope.has_d:
            number = x.shape == SCALAR
            rest = add(substitute(at, {x: UNIT}), mul(num(-1), slope)) if number else substitute(at, {x: zeros(*x.shape)})
            found = solved(x, slope, rest)
            if "unvec" not in str(found.solution) and (zero == c.start or satisfied(s, c, str(found.solution)) == "proved"):
                return Solution(str(found.solution), tuple(str(h) for h in found.inverted))
        elif not x.words - {"symmetric", "spd"} and (inverse := solved_inverse(x, at)) is not None:
            return Solution(str(inverse.solution), tuple(map(str, inverse.positive)))     # the derivative inverts x already
    return Solution()


def spelt_out(s: Setting, text: str, of: str = "") -> str:
    """A text with what its names are defined as for them, or for those that are made of a name."""
    for name, body, _ in reversed(s.define):
        if not of or of in s.made.below(name):
            text = put(text, {name: f"({body})"})
    return text


def satisfied(s: Setting, c: Condition, value: str) -> str:
    """Whether a value of the unknown makes a condition true: what the judges say."""
    if c.by in formula(value).names:
        return ""
    declare = undeclared(s.declare, {c.by})
    assume = [a for a in s.assume if c.by not in formula(a).names]
    p = equation(declare, as_text(ordered([*s.define, (c.by, value, 0)])), c.texts[0], "0", assume)
    if p is None or judges.nowhere(p):
        return ""
    return judges.equation(p.within(s.clock.within(SECONDS)), small=False, written_out=False).kind
