"""MathML: an expression as a formula that a browser draws, with fractions, raised and lowered letters."""

from __future__ import annotations

import re
from html import escape

from ..language.blocks import blocks
from ..language.expr import SCALAR, Apply, Expr, Name, Shape
from . import escaping
from .changes import by_parts
from .naming import ACCENTS, negative, spelled, terms
from .alphabet import Written, letter_and_index
from .notation import CIRCLE, PRIMARY, PRODUCT, SUM, Notation
from .pieces import UNICODE, Entries, Relation, numbers
from .plain import SIGNS
from .words import say
from ..patterns import pattern

WHOLE = pattern(r"(<m[io]\b[^>]*>[^<]*</m[io]>|<[^>]*>)")
TOKEN = pattern(r"\d+(?:\.\d+)?|[^\W\d]+|&\w+;|\S")
SUB = pattern(r"</?msub>")
THIN = '<mspace width="0.17em"/>'
OPENING, CLOSING = '<mo stretchy="false">(</mo>', '<mo stretchy="false">)</mo>'
FUNCTION = pattern(r"[^\W\d_]{2,}(?:</mi>)?\Z")       # which its argument follows
PART = pattern(r"<[^>]*>|([⊙⊗+−])")
BRACKETS = pattern(rf'((?:<mo form="prefix">−</mo>)?(?:(?:\d+|<mfrac[^>]*>(?:(?!<mfrac).)*?</mfrac>){re.escape(THIN)})?'
                      rf"(?:<mi[^>]*>\w+</mi>)?)(<msup>(?=<mrow><mrow>))?(?:<mrow>(?=<mrow>))?"
                      rf"<mrow>(?:{re.escape(OPENING)}|\()(.*)(?:{re.escape(CLOSING)}|\))</mrow>"
                      r"(?(2)</mrow>(<mrow>[^<]*</mrow></msup>)|())")
ENDS = pattern(r"<mo>([⊙⊗])(?=</mo>(?:</mrow>)?</math>\Z)")
GAP = 2
FRONT = 5       # signs of a coefficient that is not left alone on a line
BROKEN, LONG, LINE = ("+", "*", ".*", "kron", "tr", "'"), 16, 20    # signs of a term that fits every page, of a line on a narrow one


def formula(text: str, lead: str = "") -> str:
    """What an alphabet spelled as one `math` element, behind a relation if need be: loose characters become numbers, letters and
    operators."""
    parts = WHOLE.split(text)
    shown = "".join(part if i % 2 else "".join(map(_token, TOKEN.findall(part))) for i, part in enumerate(parts))
    return f'<math displaystyle="true"><mo>{lead}</mo><mrow>{shown}</mrow></math>' if lead else f"<math>{shown}</math>"


def _token(text: str) -> str:
    if text in "()|‖/∂⊤":
        return f'<mo lspace="0" rspace="0">{text}</mo>'
    return f"<mn>{text}</mn>" if text[0].isdigit() else f"<mi>{text}</mi>" if text.isalpha() else f"<mo>{text}</mo>"


def mathml(e: Expr, marks: frozenset[Expr] = frozenset(), lead: str = "", inside: int = 0) -> str:
    """The expression; what is marked has the class `new`, `inside` a sentence fractions stand on one line."""
    return formula(MathML(marks, inside).show(e), lead)


def broken(e: Expr, marks: frozenset[Expr] = frozenset(), lead: str = "", inside: int = 0) -> str:
    """The expression behind a relation; a sum term by term, a long product factor by factor, between which a narrow page begins a new
    line."""
    e, marks = by_parts(e, marks, BROKEN)
    if not isinstance(e, Apply) or e.head != "+" or blocks(e) is not None:
        return " ".join(_apart(MathML(marks, inside).show(e), lead))
    out: list[str] = []
    for k, t in enumerate(terms(e)):
        t, own = by_parts(t, marks, BROKEN)
        text = MathML(own, inside).at(t, SUM if negative(t) else CIRCLE)
        sign = "−" if k and negative(t) else "+" if k else ""
        if sign == "−":
            text = text.replace(MathML.lone_sign, "", 1)
        first, *others = _apart(text, sign if k else lead)
        whole = " ".join([_joined(first) if k else first, *others])
        out.append(f'<span class="term">{whole}</span>' if others else whole)
    return " ".join(out)


def _apart(text: str, lead: str) -> list[str]:
    """A formula behind a sign; where it is long, cut between its outermost factors."""
    parts = _factors(text)
    out = [formula(parts[0], lead)]
    for part in parts[1:]:
        shown = formula(part).replace("<math>", '<math displaystyle="true">')
        out.append(_joined(shown) if part.lstrip()[:1] in ("+", "−") else shown)
    return [ENDS.sub(r'<mo form="infix" lspace="0.22em" rspace="0">\1', part) for part in out]


def _joined(text: str) -> str:
    """A formula that begins with the sign between it and the one before."""
    return text.replace("<mo>", '<mo lspace="0" rspace="0.25em">', 1)


def _factors(text: str) -> list[str]:
    """A long text cut before its signs, what is longer than a line still between factors, and in its last brackets."""
    if width(text) <= LONG:
        return [text]
    terms = _pieces(text, "+−")
    found = [f for t in terms for f in (_pieces(t, "⊙⊗") if width(t) > LINE or len(terms) == 1 else [t])]
    small = [s for part in found for s in _inside(part)]
    while len(small) > 1 and width(small[0]) <= FRONT and small[1].lstrip()[:1] not in "+−":       # 2 c stands before what it multiplies
        small[:2] = [small[0] + THIN * (small[0].rstrip()[-1] not in "⊙⊗") + small[1]]
    return small


def _pieces(text: str, signs: str) -> list[str]:
    """A text cut where nothing is nested: before plus and minus signs, or behind those of products and at spaces."""
    depth, start, out = 0, 0, list[str]()
    before = signs == "+−"
    for m in PART.finditer(text):
        if not m[1]:
            depth += 0 if m[0].endswith("/>") else -1 if m[0].startswith("</") else 1
        space = not before and m[0] == THIN and not FUNCTION.search(text, start, m.start())
        if not depth and (space or m[1] and m[1] in signs):
            out.append(text[start:m.end() if m[1] and not before else m.start()])
            start = m.start() if before else m.end()
    return [part for part in (*out, text[start:]) if part.strip()]


def _inside(text: str) -> list[str]:
    """What ends in brackets and fits no line, cut in them."""
    found = BRACKETS.fullmatch(text) if width(text) > LINE else None
    if found is None or _closes_early(found[3]):
        return [text]
    first, *others = _factors(found[3])
    if not others:
        return [text]
    return [f"{found[1]}{OPENING}{first}", *others[:-1], f"{others[-1]}{found[2] or ''}{CLOSING}{found[4] or ''}"]


def _closes_early(text: str) -> bool:
    """Whether an element ends here that did not begin here."""
    depth = 0
    for m in PART.finditer(text):
        depth += 0 if m[1] or m[0].endswith("/>") else -1 if m[0].startswith("</") else 1
        if depth < 0:
            return True
    return False


def width(text: str) -> int:
    """The number of visible characters, and of those that would fit between the columns of a matrix."""
    return len(re.sub(r"<[^>]*>", "", text)) + GAP * text.count("</mtd>")


def relation(u: Relation) -> str:
    """An equation or an inequality; a long one may end its lines as in `broken`."""
    signs = {k: escaping.html(v) for k, v in {"<": "<", ">": ">", **UNICODE}.items()}
    whole = formula(u.drawn(MathML(inside=1).show, signs))
    if width(whole) <= LINE or u.beyond is not None:
        return whole
    return f"{mathml(u.left, inside=1)}\u00a0{broken(u.right, frozenset(), signs.get(u.relation, u.relation), 1)}"


def entries(e: Entries) -> str:
    """A value of a counterexample: a number, a column or a matrix."""
    rows = [row if isinstance(row, list) else [row] for row in e.value] if isinstance(e.value, list) else None
    if rows is None:
        return formula(f"{letter(e.name)}={numbers(e.value)}".replace("-", "−"))
    table = "".join("<mtr>" + "".join(f"<mtd><mn>{numbers(x)}</mn></mtd>" for x in row) + "</mtr>" for row in rows)
    return formula(f"{letter(e.name)}=<mrow>(<mtable>{table}</mtable>)</mrow>")


def domain(v: Name) -> str:
    """A declaration: x in R^n."""
    return formula(MathML().declared(v)) + (" " + " ".join(map(say, sorted(v.words))) if v.words else "")


def size(shape: Shape) -> str:
    """Rows and columns, or `scalar`."""
    return say("scalar") if shape == SCALAR else formula(MathML().sizes(shape))


def letter(text: str) -> str:
    """A name: Greek words become letters, what follows an underscore and a last number become subscripts."""
    return spelled(text, _set, _typed)


def _typed(text: str) -> str:
    return f"<mi>{escaping.html(text)}</mi>"


OVER = {"hat": "^", "bar": "¯", "tilde": "~"}


def _set(text: str) -> str:
    head, tail = letter_and_index(text)
    base = f"<mi>{SIGNS.get(head, head)}</mi>"
    if tail in ACCENTS and len(SIGNS.get(head, head)) == 1:
        return f"<mover accent='true'>{base}<mo>{OVER[tail]}</mo></mover>"
    index = ",".join(part if part.isdigit() else _set(part) for part in tail.split("_") if part)
    return f"<msub>{base}<mrow>{index}</mrow></msub>" if tail else base


class MathML(Notation):
    """The MathML alphabet: elements around what has two dimensions, loose characters for the rest."""

    times, dot, circle, ring, over, kronecker = THIN, "·", "⊙", "∘", "⊘", "⊗"
    real, by, element, maps, into, beside = "ℝ", "×", "∈", ":", "→", THIN
    apart = THIN
    transposed, minus, one, unit, wide, lone_sign = "⊤", "−", "<mi>𝟏</mi>", "<mi>𝐞</mi>", "yes", '<mo form="prefix">−</mo>'

    def name(self, text: str) -> str:
        return letter(text)

    def of_reals(self, size: str) -> str:
        return f"<msup><mi>ℝ</mi><mrow>{size}</mrow></msup>"

    def function(self, head: str) -> str:
        shown = {"sigmoid": "σ", "expm": "exp"}.get(head, head)
        return "<msub><mi>L</mi><mi>exp</mi></msub>" if head == "expm_frechet" else f"<mi>{shown}</mi>"

    def bracket(self, text: str) -> str:
        if "<mfrac>" in text or "<mtable>" in text:
            return f"<mrow>({text})</mrow>"
        return f'<mrow><mo stretchy="false">(</mo>{text}<mo stretchy="false">)</mo></mrow>'

    def up(self, base: str, exponent: str) -> str:
        raised = f"<mrow>{exponent.replace('-', '−')}</mrow>"
        lowered = _lowered(base)
        return f"<msubsup>{lowered}{raised}</msubsup>" if lowered else f"<msup><mrow>{base}</mrow>{raised}</msup>"

    def down(self, base: str, index: str) -> str:
        return f"<msub><mrow>{base}</mrow><mrow>{index}</mrow></msub>"

    def fraction(self, above: str, below: str, flat: bool) -> Written:
        if self.inside and not (above.isdigit() and below.isdigit()):
            return f"{above}/{self.bracket(below) if flat else below}", PRODUCT
        if self.inside:
            return self.coefficient(above, below)
        return f"<mfrac><mrow>{above}</mrow><mrow>{below}</mrow></mfrac>", PRODUCT

    def broad(self, above: str) -> bool:
        return width(above) > LINE

    def coefficient(self, above: str, below: str) -> Written:
        return f'<mfrac displaystyle="false"><mrow>{above}</mrow><mrow>{below}</mrow></mfrac>', PRODUCT

    def norm(self, text: str, index: str) -> str:
        shown = f"<mrow>‖{text}‖</mrow>"
        return self.down(shown, index) if index else shown

    def bars(self, text: str) -> str:
        return f"<mrow>|{text}|</mrow>"

    def indicator(self, text: str, sign: str, bound: str) -> str:
        return f'<mrow>{self.one}<mo form="prefix" stretchy="false">[</mo>{text}<mo>{escape(sign)}</mo>{bound}' \
               '<mo form="postfix" stretchy="false">]</mo></mrow>'

    def root(self, text: str) -> Written:
        return f"<msqrt>{text}</msqrt>", PRIMARY

    def tight(self, text: str) -> str:
        return THIN + text

    def tight_call(self, text: str) -> str:
        return THIN + text if re.fullmatch(r"<mi>\w</mi>", text) else self.bracket(text)

    def differential(self, text: str, compound: bool) -> str:
        return '<mi mathvariant="normal">d</mi>' + (self.bracket(text) if compound else text)

    def derivative(self, above: str, below: str) -> Written:
        return self.fraction("∂" + above, "∂" + below, False)

    def nabla(self, head: str) -> str:
        return "<msup><mo>∇</mo><mn>2</mn></msup>" if head == "hess" else "<mo>∇</mo>"

    def grid(self, rows: list[list[str]]) -> str:
        cells = "".join("<mtr>" + "".join(f"<mtd>{b}</mtd>" for b in row) + "</mtr>" for row in rows)
        return f"<mrow><mo>[</mo><mtable>{cells}</mtable><mo>]</mo></mrow>"

    def marked(self, text: str) -> str:
        return f'<mrow class="new">{text}</mrow>'


def _lowered(base: str) -> str:
    """What is between the tags of a letter or a norm with an index, which an exponent stands above; empty where it is something else."""
    depth = 0
    for tag in SUB.finditer(base if base.startswith("<msub>") else ""):
        depth += 1 if tag[0] == "<msub>" else -1
        if not depth:
            return base[6:tag.start()] if tag.end() == len(base) else ""
    return ""
