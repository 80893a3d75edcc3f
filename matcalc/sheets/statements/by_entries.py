"""Products, quotients and powers of columns in plain lines that are meant entry by entry: 1/(1 + exp(-z)), sum(y*log(p)), (z - y)^2.

They are no expressions of the language, or say that what is summed is one number; what is changed is told.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
import re

from ...language.operations import ELEMENTWISE_NAMES
from ...reading.grammar.brackets import ROUND, closing, opening, terms
from ...reading.latex.letters import FUNCTIONS
from ...reading.latex.names import Ambiguity
from ..parts.variables import COLUMN
from ...patterns import pattern

Shape = tuple[str, str] | None
NUMBER = ("1", "1")
CALL = pattern(rf"\b(?:{'|'.join(sorted(ELEMENTWISE_NAMES, key=len, reverse=True))})\(")
OPERATOR = pattern(r"(?<![.*/^])[*/^](?![*/^])|(?<=[\w)']) (?=[A-Za-z(])")
APPLIED = pattern(rf"\b({'|'.join(sorted(ELEMENTWISE_NAMES, key=len, reverse=True))}) ([A-Za-z]\w*)(?![\w(])")
SUM = pattern(r"(?<![\w.])(?:sum|mean|diag)\(")
BEHIND = pattern(r"(?:'|\^\(?-?\d+\)?|\.\^\(?-?\d+\)?)*")
ATOM = pattern(r"[A-Za-z_\u0370-\u03ff]\w*|\d+(?:\.\d+)?")


def by_entries(text: str, shape: Callable[[str], Shape]) -> tuple[str, list[Ambiguity]]:
    """A side with .*, ./ and .^ where only these fit, or where a sum says so, which read the same of numbers; what was changed.

    >>> by_entries("-sum(y*log(p))", lambda name: None)
    ('-sum(y.*log(p))', [Ambiguity(written='y*log(p)', reading='y.*log(p)', sure=True)])
    >>> by_entries("1/(1 + exp(-z))", lambda name: None)[0], by_entries("x/2", lambda name: None)[0]
    ('1./(1 + exp(-z))', 'x/2')
    >>> by_entries("-sum(y log p)", lambda name: ("n", "1"))[0]
    '-sum(y.*log(p))'
    """
    told: list[Ambiguity] = []
    text = APPLIED.sub(lambda m: m[0] if m[2] in FUNCTIONS else f"{m[1]}({m[2]})", text)
    at, inside = 0, _summed(text)
    while (found := OPERATOR.search(text, at)) is not None:
        start, at, sign = *found.span(), found[0].replace(" ", "*")
        left, right = _before(text, start), _behind(text, at)
        summed = inside[start - len(told)]          # each change put one point in
        number = re.search(r"/ ?d\(\w+\)$|_[ijkl] ?$", text[:start])         # d/dx x'x, x_i/c
        bare = found[0] == " " and left.isidentifier() and right.isidentifier()             # r r is no r.*r
        if number is None and (summed or not bare) and _changes(sign, left, right, summed, shape):
            told.append(Ambiguity(f"{left}{found[0]}{right}", f"{left}.{sign}{right}", True))
            text, at = f"{text[:start]}.{sign}{text[at:]}", at + 1
    return text, told


def _summed(text: str) -> list[bool]:
    """For each place whether it is under a sum, or on a diagonal."""
    out = [False]*len(text)
    for m in SUM.finditer(text):
        if not out[m.start()]:
            behind = closing(text, m.end() - 1, ROUND) + 1
            out[m.end():behind] = [True]*(behind - m.end())
    return out


def spread(text: str, shape: Callable[[str], Shape]) -> tuple[str, list[Ambiguity]]:
    """A side with columns that are added to matrices spread over their columns, and rows over their rows.

    >>> spread("P.*(H - r)", {"P": ("n", "m"), "H": ("n", "m"), "r": ("n", "1")}.get)[0]
    "P.*(H - (r)*ones(m)')"
    """
    told: list[Ambiguity] = []
    spans = sorted([(m.start() + 1, closing(text, m.start(), ROUND)) for m in re.finditer(r"\(", text)], key=lambda s: s[1] - s[0])
    for inside in [text[a:b] for a, b in spans] + [text]:
        parts = terms(inside)
        shapes = [shape(term) if len(parts) > 1 else None for _, term in parts]
        wide = next((s for s in shapes if s is not None and "1" not in s), None)
        if wide is None or any(s not in (None, wide, (wide[0], "1"), ("1", wide[1])) for s in shapes):
            continue
        made = [f"({t})*ones({wide[1]})'" if s == (wide[0], "1") else f"ones({wide[0]})*({t})" if s == ("1", wide[1]) else t
                for (_, t), s in zip(parts, shapes, strict=True)]
        new = " ".join(f"{sign} {t}" for (sign, _), t in zip(parts, made, strict=True)).removeprefix("+ ")
        if made != [t for _, t in parts]:
            told.append(Ambiguity(inside.strip(), new, True))
            text = text.replace(inside, new)
    return text, told


def _changes(sign: str, left: str, right: str, summed: bool, shape: Callable[[str], Shape]) -> bool:
    """Whether a sign goes entry by entry."""
    if not left or not right or right.startswith("d(") or sign == "^" and not re.fullmatch(r"\(?\d+\)?", right):
        return False
    one, two = shape(left), shape(right)
    if sign == "/":
        inner = re.sub(r"\b(?:sum|norm\w*|tr|det|logdet|mean)\([^()]*(?:\([^()]*\)[^()]*)*\)", "", right)
        if two is not None:
            return two != NUMBER and (two[1] == "1" or one == two)          # x'*A*x / x'*x divides no column by a row
        return right.startswith("(") and CALL.search(inner) is not None
    if sign == "^":
        told = COLUMN.fullmatch(left) is not None or left.startswith("(")
        return one[0] != one[1] if one is not None else summed and told and not re.search(r"[A-Z']", left)
    if one is not None and two is not None:
        return one == two != NUMBER and one[1] == "1"
    named = COLUMN.fullmatch(left) or re.fullmatch(rf"\(1 ?- ?{COLUMN.pattern}\)", left)
    return summed and named is not None and CALL.match(right) is not None and one != NUMBER


def atom(text: str, end: int) -> int:
    """Where the name, the number or the bracket begins that ends here, with the name that it is called by.

    >>> atom("a*f(x + y)", 10), atom("a*b_1", 5)
    (2, 2)
    """
    if end and text[end - 1] == ")":
        end = max(opening(text, end - 1, ROUND), 0)
    while end and (text[end - 1].isalnum() or text[end - 1] == "_"):
        end -= 1
    return end


def _before(text: str, end: int) -> str:
    """The factor that ends here."""
    front = text[:end].rstrip()
    return front[atom(front, len(front.rstrip("'"))):]


def _behind(text: str, start: int) -> str:
    """The atom that begins here."""
    start += len(text[start:]) - len(text[start:].lstrip())
    m = ATOM.match(text, start)
    at = m.end() if m is not None else start
    if text[at:at + 1] == "(":
        at = closing(text, at, ROUND) + 1
    found = BEHIND.match(text, at)
    return text[start:found.end() if found is not None else at]


def with_powers(text: str) -> str:
    """A text with powers and fractions that go entry by entry.

    >>> with_powers("x^(2)/(1 + d(f)/d(x))")
    'x.^(2)./(1 + d(f)/d(x))'
    """
    return re.sub(r"(?<!\.)\^\((\d+)\)", r".^(\1)", re.sub(r"(?<!\.)/(?!d\()", "./", text))


def with_products(text: str, columns: Collection[str]) -> str:
    """A text with products entry by entry, and the diagonals of Jacobians of such names.

    >>> with_products("(d(L)/d(y))*(d(y)/d(z))", {"y"})
    '(d(L)/d(y)).*(diag(d(y)/d(z)))'
    """
    text = re.sub(r"d\((\w+)\)/d\(\w+\)", lambda m: f"diag({m[0]})" if m[1] in columns else m[0], text)
    return re.sub(r"(?<!\.)\*", ".*", text)


def with_differentials(text: str, meant: Callable[[str], bool] = bool) -> str:
    """A text with differentials for what has a prime, where it is meant.

    >>> with_differentials("(X*inv(X))' + A'*b"), with_differentials("(x'*x)'*A'", lambda text: text == "x'*x")
    ('d(X*inv(X)) + d(A)*b', "d(x'*x)*A'")
    """
    end = text.find("'")
    while end >= 0:
        start = atom(text, end)
        inner = text[start + 1:end - 1] if text[start:start + 1] == "(" else text[start:end]
        if meant(inner):
            text = f"{text[:start]}d({inner}){text[end + 1:]}"
            end = start
        end = text.find("'", end + 1)
    return text
