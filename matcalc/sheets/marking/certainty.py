"""A denial needs a certain reading, or a mistake that was found: what was chosen in reading a line that does not follow."""

from __future__ import annotations

from functools import lru_cache
import re

from ...diagnose.slip import Kind, Slip
from ...language.expr import SCALAR, InputError
from ...patterns import pattern
from ...reading.grammar.brackets import ROUND, closing
from ...reading.latex.letters import BOLD
from ...reading.latex.tokens import GREEK
from ..parts.formula import DERIVATIVE, ZERO, formula
from ..parts.marks import Mark, Marked, Reason
from ..parts.records import Row
from ..parts.variables import FUNCTION, NUMBERS
from .follows_if import perhaps_symmetric, symmetric
from .line import firm, judged_if_read, mistake
from .other_sizes import misfit
from .setting import Setting
from .so_far import Claim, SoFar

HYPOTHESIS = pattern(r"=|^[\w, ]+: \w+$")        # an equation, or a word of structure
LEIBNIZ = pattern(r"d(?!elta|im|iag)[A-Za-z]\w*")
LETTERS = pattern(r"[^\W_]")
PLAIN = pattern(r"\b[a-z]{3,}\b(?!\()")
DERIVED = pattern(r"\bd\w+ ?/ ?d\w|\b[gG]rad \w|[∇∂]|\bd[A-Z]\b")
FACTOR = r"\b{0}\)*\s*\.?[*^]|\*\s*\(*{0}\b(?!'*\()"
BEFORE = r"\b{0}\*\(\w+\)"
GRAD = pattern(r"\\(?:operatorname|mathrm|text)\*?\s*\{\s*grad\s*\}|\\grad\b")
# What stands before a bracket in a formula.
FORMULA = pattern(r"\$\$(.+?)\$\$|\$([^$]+)\$|\\\[(.+?)\\\]|\\\((.+?)\\\)|\\begin\{(\w+\*?)\}(.+?)\\end\{\5\}", re.S)
INDEX = r"(?:\s*[_^]\s*(?:\{[^{}]*\}|\\?\w+|\*)|'|\\prime)*"
RAISED = pattern(r"\^\s*(?!\{?\s*\()")         # A^{-1}, x^T, and not a layer's f^{(l)}
OCCURRENCE = pattern(r"(\\[A-Za-z]+|(?<![A-Za-z\\{])[A-Za-z](?![A-Za-z]))(" + INDEX + r")\s*(?:\\(?:left|[bB]igg?l?)\s*)?(\(?)")
LETTER = pattern(r"(?:\\[A-Za-z]+|[A-Za-z])(?:_\w|_\{[^{}]*\})?")
BARE = pattern(r"\s*\\?[A-Za-z]+\s*")
A_ROW, A_COLUMN, A_FACTOR = "as a row", "as a column", "as a factor"


def certainly(c: Claim) -> Mark:
    """A line that does not follow, with what was chosen in its reading and may be what is wrong."""
    c = c._replace(found=mistaken_even_so(c))
    s, text, slip = c.s, f"{c.line} == {c.row.right}", mistake(c.found)
    made = s.below(text) | formula(text).names
    if not s.sheet.form.markup:
        return c.found._replace(chosen=chosen_in_plain_lines(c, made, text, s.sheet.form.numpy or firm(slip)))
    if slip is not None and firm(slip):
        touched = formula(" ".join(map(str, slip.about))).names
        return c.found._replace(chosen=as_factors(s, set(touched) & (made | s.made.of(made)), text))
    sets = (f"any numbers {n} for what is in {of.replace(' ', '')}" for of, n in s.sheet.names.sets.items() if n in made)
    chosen = (*as_factors(s, made | s.made.of(made), text), *lying(c, made), *dotted(c, slip), *projected(s, text), *bold(c), *sets)
    if slip is None:
        passed = [said for _, said in s.sheet.unclear.passed if HYPOTHESIS.search(said) and mentions(said, made)]
        words = [said for said in passed if "=" not in said] if not c.so_far.known else []
        if words and s.supposing(s.sheet.unclear.maybe).kind(c.line, c.row.right) == "refuted":         # with them too
            passed = [said for said in passed if said not in words]
        chosen = (*chosen, *passed, *chosen_besides(c, made))
    if slip is None or c.found.error is not None:
        chosen = (*chosen, *strange(s, made))
    return c.found._replace(chosen=tuple(dict.fromkeys(chosen))[:2])


def certain_misfit(s: Setting, so_far: SoFar, row: Row, error: InputError) -> Mark:
    """The mark of a definition whose sizes do not fit."""
    found = misfit(s, so_far, row, error)
    body = s.sheet.names.bodies.get(row.defines or row.right, "")
    return found if found.mark != "does not follow" else certainly(Claim(s, so_far, 0, row, body, "", None, found))


def mistaken_even_so(c: Claim) -> Mark:
    """The mark with the mistake that is found where names are symmetric that may be, if none is found where they are not."""
    names = perhaps_symmetric(c.s, c.line, c.row) if mistake(c.found) is None else []
    again = judged_if_read(c.s.supposing(symmetric(names)), c.line, c.row) if names else None
    return again if again is not None and again.mark == c.found.mark and firm(mistake(again)) else c.found


def chosen_in_plain_lines(c: Claim, made: set[str], text: str, sure: bool) -> tuple[str, ...]:
    """What was chosen where plain lines were read: bars around vectors, dx as a name, sentences with equations that were not read."""
    s, sheet = c.s, c.s.sheet
    norms = list[str]()
    if not sheet.form.numpy and re.search(r"(?<!\|)\|(?!\|)", sheet.text):
        texts = (text, *(b for n, b, _ in s.define if n in made))
        inside = [a or b for t in texts for a, b in re.findall(r"\|(\w+)\||\babs\((\w+)\)", t)]
        shapes = {n: s.shapes.get(n, SCALAR) for n in inside}
        norms = [f"|{n}| as absolute values" for n in inside if shapes[n] != SCALAR and shapes[n][1] == SCALAR[1]]
    if not (sheet.form.numpy or sheet.form.code):
        norms += [f"{n} as a name" for n in sorted(made & s.shapes.keys() - s.declared) if LEIBNIZ.fullmatch(n)]
    norms += strange(s, made)
    if sure and not norms:
        return ()
    said = [r.shown for r in sheet.rows if r.why is not None] + [m.text for m in c.so_far.marks if m.mark == "not read"]
    unread = [t for t in said if "=" in t and len(PLAIN.findall(t)) > 1 and not DERIVED.search(t)]
    return (*[f"“{t}”" for t in unread if mentions(t, made)][:1], *norms[:1])


def strange(s: Setting, names: set[str]) -> list[str]:
    """What a sentence says of one of some names in words that are not known, if any does."""
    return [f"“{text}”" for n, text in s.sheet.unclear.strange if n in names - s.bodies.keys()][:1]


def as_factors(s: Setting, names: set[str], text: str) -> tuple[str, ...]:
    """The names that were read as factors, in a text or in what it is made of, and may be functions."""
    found, out = applied(s.sheet.text), list[str]()
    texts = [text, *(b for n, b, _ in s.define if n in names)]
    for n in sorted(names - s.declared):
        own = ",".join(s.sheet.names.arguments.get(n, ()))
        inside = [t for t in found.get(n.partition("_")[0], ()) if t.replace("\\", "") != own]
        factor = BEFORE if all(map(LETTER.fullmatch, inside)) else FACTOR if n in s.sheet.names.arguments or FUNCTION.match(n) else ""
        if inside and factor and any(re.search(factor.format(re.escape(n)), t) for t in texts):
            out.append(f"{n} {A_FACTOR}")
    return tuple(out)


def lying(c: Claim, names: set[str]) -> tuple[str, ...]:
    """The names of which nothing but a product says that they are rows, or columns where they are numbers by convention."""
    guessed = [g for g in c.s.inferred if g.name in names - c.s.given.losses.keys() and g.name[0].islower() and g.shape != SCALAR]
    above = {w for m in c.so_far.marks if m.mark == "follows" for w in formula(m.text).names}      # with it they follow
    return (*(f"{g.name} {A_ROW}" for g in guessed if str(g.shape[0]) == "1"),
            *(f"{g.name} {A_COLUMN}" for g in guessed if str(g.shape[0]) != "1" and g.name not in above
              and g.name.partition("_")[0] in NUMBERS))


def dotted(c: Claim, slip: Slip | None) -> tuple[str, ...]:
    """A dot between two columns, which may be their inner product."""
    row, misfits, s = c.row, c.found.error is not None, c.s
    of, by = zip(*DERIVATIVE.findall(row.right), strict=True) if not LETTERS.search(DERIVATIVE.sub("", row.right)) else ((), ())
    tensors = misfits and any("1" not in map(str, s.shapes.get(x, SCALAR)) and f in s.bodies and not s.total(f)
                              for f, x in formula(row.right).quotients)
    if tensors or misfits and len(of) > 1 and of[1:] == by[:-1]:           # the chain rule by its form
        return ("a product of Jacobians as one of matrices",)
    turned = str(slip.about[1]) if slip is not None and slip.what is Kind.EDIT and slip.about[0] == "turn" else ""
    p = s.equation(turned, turned) if turned else None
    column = slip is None or p is not None and str(p.sides[0].shape[1]) == "1"
    source = s.sheet.text.split("\n")[row.number - 1]
    return (r"\cdot as the product of matrices",) if column and misfits and r"\cdot" in source else ()


def bold(c: Claim) -> tuple[str, ...]:
    r"""The name of which an equation says what it is by itself, in bold type there: \mu = \boldsymbol\mu^T w."""
    source = c.s.sheet.text.split("\n")[c.row.number - 1]
    both = c.row.left in formula(c.row.right).names and c.found.error is not None and any(style in source for style in BOLD)
    return (f"{c.row.left} as one name",) if both else ()


def projected(s: Setting, text: str) -> tuple[str, ...]:
    """A gradient in words on a sheet that has a nabla besides: one of the two may be that along a manifold."""
    both = r"\nabla" in s.sheet.text and GRAD.search(s.sheet.text) is not None
    return (r"grad as \nabla",) if both and formula(text).by else ()


def chosen_besides(c: Claim, made: set[str]) -> tuple[str, ...]:
    """What else was chosen in reading a line in which no mistake was found, in words of the sheet; nothing where all was said."""
    s, row, marks, misfits = c.s, c.row, c.so_far.marks, c.found.error is not None
    text = f"{c.line} == {row.right}"
    before = [f"{n} {b}" for n, b, number in s.define if number <= row.number and n not in (row.left, row.right)]
    known = s.declared | formula(" ".join(before)).names
    unread = [t for t in (*(r.shown for r in s.sheet.rows if r.why is not None), *(m.text for m in marks if m.mark == "not read"))
              if mentions(t, made)]
    said = f"{c.line if row.left == '' else row.left or ''} {row.right}"
    bound = formula(said).names - known if formula(text).by or not formula(text).differential else set[str]()
    unread += [m.text for m in marks if m.mark == "not judged" and bound & s.shapes.keys() & formula(m.text).names]
    zero = [f"{row.right} as an identity"] if ZERO.fullmatch(row.right) and not formula(c.line).differential else []
    general = [n for m in marks if m.reason is not None and m.reason.kind == "structure"
               for n in formula(" ".join(m.reason.about)).names if n in made]
    either = (s.unstructured(), s.supposing(symmetric([n for n in general if s.is_square(n)]))) if general else ()
    wrong = not misfits and all(one.kind(c.line, row.right) == "refuted" for one in either)
    given = [f"{n} as any matrix" for n in general if not wrong]
    identity = not formula(text).differential and not c.so_far.known and not s.variables.sought and \
        not s.bodies.keys() & formula(text).names
    if misfits and not row.doubts and identity:         # a sum says over how many entries it goes
        given += [f"{g.name} as any {g.shape[0]} x {g.shape[1]}" for g in c.s.inferred if g.name in made]
    if misfits:         # sizes that nothing but a sum over an index in this very line gives a name
        above = known | {w for m in marks for w in formula(m.text).names}
        given += [f"{n} in {text.partition(' in ')[2]}" for n, text in s.sheet.implied.items() if n in made - above]
    return (*zero, *unread, *given)


def mentions(said: str, names: set[str]) -> bool:
    """Whether a text that was not understood speaks of a name."""
    return any(re.search(rf"(?<![A-Za-z]){re.escape(n.partition('_')[0])}(?![A-Za-z])", said) for n in names)


def forgiven(found: Marked) -> Marked:
    """The marks with those lines not judged that are wrong only as they were read."""
    marks, freed = list[Mark](), set[int]()
    for m in found.marks:
        if m.mark == "does not follow" and m.chosen:
            freed.add(m.number)
            m = Mark(m.number, m.text, "not judged", reason=Reason("reading", m.chosen))
        marks.append(m._replace(through=None, after=m.through) if m.through in freed else m)
    return found._replace(marks=tuple(marks))


@lru_cache(8)
def applied(text: str) -> dict[str, frozenset[str]]:
    """The letters that stand before a bracket wherever they stand in a formula, or before a letter in brackets, as no factor does, each
    with what stands in the brackets; a letter that is all of a formula is only spoken of."""
    inside, alone = dict[str, set[str]](), set[str]()
    for m in FORMULA.finditer(text):
        formula = next(part for part in (m[1], m[2], m[3], m[4], m[6]) if part)
        if BARE.fullmatch(formula):
            continue
        for one in OCCURRENCE.finditer(formula):
            name = GREEK.get(one[1].lstrip("\\"), one[1].lstrip("\\"))
            if one[3] and ("'" in one[2] or "prime" in one[2]):
                continue                # a derivative, of which a bracket says nothing
            if one[3] and not RAISED.search(one[2]):
                end = closing(formula, one.end() - 1, ROUND)
                inside.setdefault(name, set()).add("".join(formula[one.end():end].split()))
            else:
                alone.add(name)
    return {name: frozenset(filter(LETTER.fullmatch, found) if name in alone else found) for name, found in inside.items()}
