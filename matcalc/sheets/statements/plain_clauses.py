"""What of a plain line says nothing: a declaration that is limited by the words behind it, a sentence beside code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import dropwhile, takewhile
import re

from ...patterns import pattern
from ...reading.latex.names import NAME
from ..parts.records import Word
from ..words.clauses import limits
from ..words.hedges import is_hedged
from ..words.vocabulary import kinds
from ..words.declaration_lists import STRUCTURED, in_symbols
from ..words.function_sentences import varying
from ..words.sentences import Item
from ..words.structure_words import structure
from .name_structure import perhaps
from .sheet import Sheet
from .sheet_names import SheetNames

SYMBOLS = pattern(r"[=*^/∈∇∂²ᵀ→×]|\w'|\b\w\s+in\b|->")

OTHERWISE = pattern(r"\b(?:otherwise|else|elsewhere)\b")
COMPARED = pattern(r"[<>≤≥]|\\(?:le|ge|lt|gt)(?![a-df-z])")
BY = pattern(r"^(?:(?:d ?/ ?d|∂ ?/ ?∂) ?(?P<by>[A-Za-z\u0370-\u03ff]\w*) ?(?::|=)|(?:[Tt]he |[Ii]ts |[Ss]o the |[Hh]ence the )?"
             r"(?:gradient|derivative) (?:with respect to|wrt|w\.r\.t\.) (?P<of>[A-Za-z]\w*) is) ?(?=[^=:]*$)")       # d/dx: ..
CALLED = pattern(r"^(?:(?:[Ss]o|[Hh]ence|[Tt]hus) )?(?:[Tt]he )?(?P<what>[gG]radient(?=:)|[hH]essian)(?:(?: is)?:| is| =) ?"
                 r"(?P<name>[A-Za-z]\w* = )?(?=[^=:]+$)")
UPDATE = pattern(r"(?<![\w'.)])([A-Za-z]\w*) +(?:<-|←)(?= )")
STEP = pattern(r"^([A-Za-z]\w*) ([-+])= (?=[^=]+$)")
GIVEN = pattern(r"(?<=[\w)'])(?<!\bis),? given\.?$")
DEFINITE = pattern(r"\b([A-Za-z]\w*)(?: ?= ?\1(?:'|\^T|ᵀ))? ?([≻⪰≽]|(?<=['Tᵀ] )>|(?<=['Tᵀ])>) ?0\b")
AT_LEAST = pattern(r"(?<=[\w)]) ?>= ?(?=0\b)")
SPELT_OUT = pattern(r"^(?:[Tt]he )?(?:(?P<first>[gG]radient)|[hH]essian)(?: of)? (?=[A-Za-z]\w*(?: ?\([A-Za-z]\w*\))? ?=(?!=))")
TWICE = pattern(r"\bnabla ?\^?2(?= ?[A-Za-z])")
SQUARE = pattern(r"\bsquare(?: (?:and )?\w+)?(?: matri(?:x|ces))? #|# (?:is|are|be|being)(?: all| both)? (?:an? )?square\b(?! of)")
COPULA = frozenset(("is", "are", "be", "being", "both", "all", "also", "which", "that", "assumed", "taken", "known", "to"))


def limited_behind(sheet: Sheet, item: Item, behind: Sequence[Item], hedged: bool, reports: bool) -> bool:
    """Whether `A is symmetric` is denied, only said by others, or limited by what stands behind it: then A may be so, and nothing
    rests on it."""
    said = re.sub(r"\([^()]*\)", "", in_symbols(item.text)).strip()
    found = STRUCTURED.fullmatch(said)
    rest = " ".join(i.text if i.kind in ("word", "sign") else "#" for i in behind)
    denied = (hedged or is_hedged(re.findall("[a-z]+", item.text), "")) and not reports
    if found is None or not (denied or reports or limits(rest)):
        return False
    for name in re.split(r",| and ", found[1]) if not denied else ():
        for word in found[2].split():
            perhaps(sheet, [name.strip()], word)
    return True


FACTORED = pattern(r"\b(?:svd|singular value decomposition|(?:eigen(?:value)?|spectral|polar|schur)[ -]?decomposition|"
                   r"(?:qr|lu|cholesky) (?:decomposition|factori[sz]ation))\b", re.I)
LETTERS = pattern(r"(?<![A-Za-z])(?:Sigma|Lambda)|(?<![A-Za-z\\])[A-Z]|(?<=[A-Z])[A-Z]")


def strange_predicate(words: Sequence[str]) -> bool:
    """Whether the words behind a name say what it is, in a word that is in no list, and go on with nothing or with `with`.

    >>> [strange_predicate(text.split()) for text in ("is involutory", "commutes with", "is given", "is the loss", "holds the data")]
    [True, True, False, False, False]
    """
    said = list(dropwhile(COPULA.__contains__, words))
    if not said or len(said) > 1 and said[1] not in ("with", "and", "so"):
        return False
    kind = kinds(said[0])
    other = kind[1:3].islower() and (kind[0].isupper() or said[0].startswith(("in", "un")))
    return len(kind) > 3 and (other or said[0] == "normal") and not said[0].endswith(("ing", "ly"))


def in_equations(line: str) -> str:
    """A line with what is put in a name written with `:=`, and with the words for a Hessian and for what is definite.

    >>> in_equations("Newton: w <- w - g"), in_equations("w -= eta*g"), in_equations("nabla^2 f = A"), in_equations("f = x'Ax, A ≻ 0")
    ('Newton: w := w - g', 'w := w - (eta*g)', 'hess f = A', "f = x'Ax, A spd")
    """
    line = DEFINITE.sub(lambda m: m[1] + (" spd" if m[2] in "≻>" else " symmetric"), AT_LEAST.sub(" ≥ ", line))
    line = SPELT_OUT.sub(lambda m: "grad " if m["first"] else "hess ", TWICE.sub("hess", UPDATE.sub(r"\1 :=", GIVEN.sub("", line))))
    return line if (step := STEP.match(line)) is None else f"{step[1]} := {step[1]} {step[2]} ({line[step.end():].strip()})"


def derivative_in_words(names: SheetNames, line: str) -> str:
    """A line with the derivative that words before a colon, or before `is`, speak of, of the scalar that is defined last: d/dx: 2x,
    gradient: g = 2x, the derivative with respect to x is 2x."""
    if CALLED.search(line) is None and BY.search(line) is None:
        return line
    latest = list(names.bodies)[::-1]
    number = next((n for shape in (("1", "1"), None) for n in latest if names.guessed(n) == shape), "")
    if not number:
        return line
    def by(m: re.Match[str]) -> str:
        return f"d({number})/d({m['by'] or m['of']}) = "
    def called(m: re.Match[str]) -> str:
        x = names.variable(number)
        slope = f"d({number})/d({x})"
        return m[0] if x is None else f"{m['name'] or ''}{slope if m['what'][0] in 'gG' else f'd({slope})/d({x})'} = "
    return CALLED.sub(called, BY.sub(by, line))


def predicates(sheet: Sheet, found: Sequence[Item], line: str) -> None:
    """Enter what stands behind names: `both symmetric` of those that are declared before it, and that a word is not known."""
    names: list[str] = []
    for k, item in enumerate(found):
        comma = [i.text for i in found[k + 1:k + 2]].count(",")
        behind = [i.text for i in takewhile(lambda i: i.kind == "word", found[k + 1 + comma:])]
        if item.kind == "declaration" and behind[:1] in (["both"], ["all"]):
            of = re.findall(r"\w+", in_symbols(item.text).partition(" in ")[0])
            sheet.facts.say(*(Word(n, word, 0) for n in of for word in structure(behind[1:])))
        if item.kind == "formula" and NAME.fullmatch(item.text):
            names.append(item.text)
            sheet.unclear.strange += [(n, line) for n in names] if strange_predicate(behind) else []
        elif item.text != "and" and item.kind != "sign":
            names = []


def enter_words(sheet: Sheet, formulas: Sequence[Item], stretches: Sequence[str], each: Mapping[int, Sequence[str]]) -> None:
    """Enter what a sentence defines by pieces, which of its names vary, and what it says of names in words that are not known, or of
    sizes, from the stretches around its formulas and the names that each is about."""
    by_pieces(sheet, formulas, each, " ".join(stretches))
    factored = FACTORED.search(" # ".join(stretches))           # X = U S V^T, the thin SVD
    sheet.unclear.strange += [(n, factored[0]) for f in formulas if factored for n in LETTERS.findall(f.text.partition("=")[2])
                              if sheet.declaration(n) is None]
    sheet.facts.varying.update(n for k in varying([*stretches]) for n in each.get(k, ()))
    for k, names in each.items():
        behind = stretches[k + 1].partition(",")[0]
        if re.match(r"(?:is|are|be|being) ", behind) and strange_predicate(behind.split()):
            sheet.unclear.strange += [(n, f"{n} {behind}") for n in names]
        if SQUARE.search(f"{stretches[k]} # {behind}"):
            sheet.unclear.strange += [(n, f"square {n}") for n in names if sheet.declaration(n) is None]


def by_pieces(sheet: Sheet, formulas: Sequence[Item], each: Mapping[int, Sequence[str]], words: str) -> None:
    """Take what a sentence defines by pieces, `g = z for z > 0 and g = 0 for z < 0`, `and 0 otherwise`, as something that is not read."""
    heads = [f.text.partition("=")[0].strip() for f in formulas if "=" in f.text]
    pieces = len({*heads}) < len(heads) or OTHERWISE.search(words) is not None
    if pieces and any(COMPARED.search(f.text) for f in formulas):
        said = [n for k, names in each.items() if "=" in formulas[k].text for n in names if n in sheet.names.bodies]
        for name in said[-1:]:
            sheet.unclear.unread.setdefault(name, sheet.line_of(formulas[0].start) if sheet.form.markup else 0)


def sentence_beside_code(line: str) -> bool:
    """Whether a line beside those of a program is a sentence without a formula.

    >>> sentence_beside_code("dO comes from above"), sentence_beside_code("dO = P")
    (True, False)
    """
    words = line.split()
    return SYMBOLS.search(line) is None and len(words) > 2 and all(re.fullmatch(r"[\w'’-]+[,.:;]?", word) for word in words)


def in_pieces(found: list[Item]) -> tuple[list[tuple[list[Item], Item]], list[Item]]:
    """The lines of a sentence, each with what stands before it, and what stands behind the last one."""
    pieces: list[tuple[list[Item], Item]] = []
    piece: list[Item] = []
    for item in found:
        if item.kind != "display":
            piece.append(item)
            continue
        leads = [i.text for i in piece if i.kind == "word"] or [i.text for i in piece]
        where = pieces and leads in (["where"], ["with"], ["("]) and not item.text.startswith("=")     # what is defined behind a line
        pieces.insert(len(pieces) - bool(where), (piece, item))
        piece = []
    return pieces, piece
