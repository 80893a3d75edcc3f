"""Plain lines taken apart into words, signs, declarations, names that are spoken of and formulas, which nothing marks as such."""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile
import re

from ...language.operations import STRUCTURE_WORDS
from ...reading.grammar.brackets import ROUND, closing, depths
from ...reading.latex.letters import FUNCTIONS
from ...reading.latex.names import NAME
from ...reading.grammar.tokens import SPELT_NAMES
from ..parts.formula import EQUALS, outside
from .declaration_lists import DECLARED, in_symbols, states
from .sentences import Item
from .structure_words import equated
from ...patterns import pattern

COMMANDS = frozenset(("title", "source", "notes", "expand", "layout", "constant", "wrt", "assume", "define", "derive", "prove", "expect"))
SYMBOLIC = frozenset(("grad", "Grad", "hess", "Hess", "in")) | SPELT_NAMES
# Words behind which an equation does not go on, any other making it one that cannot be read; the words of two letters.
OPENERS, SHORT = (frozenset(words.split()) for words in (
    "so then hence thus therefore consequently and now finally again also where with since because if when whenever provided "
    "assuming using by for as is are be the we get gets obtain have has which that this it at on over wrt to subject under but or let "
    "from gives give yields yield implies means follows call write say note recall rowwise row-wise elementwise element-wise entrywise "
    "entry-wise componentwise component-wise pointwise",
    "an as at be by do if in is it my no of on or so to up us we he"))
WORD = pattern(r"[A-Za-z][a-z]+(?:[-'’][a-z]+)*|[A-Za-z]")
BARE = pattern(r"(?![\w(^_{'ᵀ²*/]|\.\w)")
DEFINED = pattern(r"\s*(?::=|==?(?!>)|[<>≤≥≠*^+])(?!=)")
SIGN = pattern(r"=>|<=>|-->|->|[⇒→⇔∴]|[,;:()]|\.(?=\s|$)|[?!]")
LEAD = pattern(r"(?:(?:where|here|with|given|let|suppose(?: that)?|assume(?: that)?|we have|and)\s+)+(?=\w+\b)", re.I)
CUT = pattern(r"[;,.?](?=\s|$)|\s(?:and|where|with|such that)(?=\s)|(?=\))| (?=\([a-z]{3,} )|$")
NAMES = pattern(rf"{NAME.pattern}(?:, *{NAME.pattern})* *(?:in\b|∈|:)")
LISTED = pattern(rf"(?:[a-z-]+ )*{NAME.pattern}")
LETTERS = pattern(r"\w+")
BEHIND = pattern(r"\s*(?:$|[,.;:)]|[a-z]{2,}\b)")
SAID = pattern(r"\s*(?:and )?([a-z-]+)")
NUMBER = pattern(r"[\d./]+")
DISTRIBUTED = pattern(rf"{NAME.pattern}(?: *[,|] *{NAME.pattern})* *[~∼] *(?:iid )?[A-Z][a-z]*\(.*\)")       # e ~ N(0, S) claims nothing
REASONS = frozenset(("since", "because", "as"))
CONDITIONS = frozenset(("if", "when", "whenever", "for", "provided", "assuming")) | REASONS
CROSS = pattern(r"(\w{1,2}) ?[x×] ?(\w{1,2})")
OF_EACH = pattern(r"\([A-Za-z]\w*: \w{1,2}(?: ?[x×,)]| in )")
CROSS_IN = pattern(r"\(\w{1,2} ?[x×] ?\w{1,2}\)\s*$")
OF_SIZE = pattern(rf"(?<= ){NAME.pattern} \(\w{{1,2}}(?:(?: ?[x×,] ?| )\w{{1,2}})* ?\)(?=[.,;]|$)")         # the weights W (n x d)
MEMBER = pattern(rf"(?<= ){NAME.pattern}(?:, {NAME.pattern})* (?:in|∈) ?(?:R\b|ℝ)")         # the weights w in R^n
MOST = 400          # characters of a declaration, and names in a list


def word_end(text: str, at: int, known: Callable[[str], bool]) -> int:
    """Where the English word ends that begins here; 0 where a name or a symbol does.

    >>> [word_end(text, 0, "A".__contains__) for text in ("the loss", "log likelihood", "log x", "A is", "a vector", "Ax")]
    [3, 3, 0, 0, 1, 0]
    """
    found = WORD.match(text, at)
    if found is None or not BARE.match(text, found.end()) or at and text[at - 1] in "\\_.^'":
        return 0
    word, end = found[0], found.end()
    behind = WORD.match(text, end + 1) if text[end:end + 1] == " " else None
    if len(word) == 1:
        if word in "aA":            # an article stands before a word, A at the beginning of a sentence, and is a name elsewhere
            begins = word == "a" or text[:at].rstrip()[-1:] in ("", ".", ":", "?", "!")
            return end if begins and behind is not None and len(behind[0]) > 2 - (word == "A") and not known(word) and \
                behind[0] not in ("is", "are", "be", "has", "and", "in") and word_end(text, end + 1, known) else 0
        return end if word == "I" and behind is not None and len(behind[0]) > 1 and behind[0][0].islower() else 0
    plain = word.replace("-", "").replace("'", "").replace("’", "")
    if known(word) or word[0] == "d" and known(word[1:]) or not plain[1:].islower() or len(word) == 2 and word.lower() not in SHORT:
        return 0
    if DEFINED.match(text, end) and word.lower() not in OPENERS:
        return 0
    if word in SYMBOLIC:
        return end if word == "in" and not re.match(r"\s+(?:R\b|ℝ|\{)", text[end:end + 8]) else 0
    if word in FUNCTIONS and word not in STRUCTURE_WORDS:
        return end if behind is not None and behind[0] not in FUNCTIONS and word_end(text, end + 1, known) else 0
    return end


def in_words(text: str, known: Callable[[str], bool]) -> bool:
    """Whether a side of an equation is a phrase of several words, and no formula.

    >>> in_words(" cosine similarity", "x".__contains__), in_words("cos x", "x".__contains__), in_words("loss", "x".__contains__)
    (True, False, False)
    """
    at, count = len(text) - len(text.lstrip()), 0
    while at < len(text) and (end := word_end(text, at, known)):
        at, count = len(text) - len(text[end:].lstrip()), count + 1
    return count > 1 and at == len(text)


def formula_end(text: str, start: int, known: Callable[[str], bool], strict: bool = False) -> int:
    """Where the formula ends that begins here: at a stop, at a remark in brackets, before a word; an equation only before one that opens a
    clause, unless it is to end before any (`strict`)."""
    depth, equal, at = 0, False, start
    while at < len(text):
        c = text[at]
        if c in "([{":
            if not depth and at > start and text[at - 1] == " " and remark(text, at, known):
                break
            depth += 1
        elif c in ")]}":
            if not depth:
                break
            depth -= 1
        elif not depth and text.startswith("...", at):
            at += 3
            continue
        elif not depth and at > start and (sign := SIGN.match(text, at)) is not None and not text.startswith(":=", at):
            waits = sign[0] in "?!" and at + 1 < len(text) or sign[0] == ":" and not equal and "/" in text[start:at]
            if not waits and text[max(at - 2, start):at].strip()[-1:] != "=":
                break
        elif not depth and text.startswith("  ", at) and text[at - 1:at] != " " and begins_anew(text, at, known):
            break
        elif not depth and c == " " and (end := word_end(text, at + 1, known)):
            if text[at - 1] not in "+-*/^" and (strict or not equal or text[at + 1:end].lower() in OPENERS):
                break
            at = end
            continue
        equal |= c == "=" and not depth
        at += 1
    return at


def remark(text: str, at: int, known: Callable[[str], bool]) -> bool:
    """Whether words or an equation stand in a bracket that is no factor and no summand: `(by the chain rule)`, `(A is m x n)`,
    `(sum(y) = 1)`, not `(x - mean)'`."""
    before = text[max(at - 2, 0):at].strip()[-1:]
    if OF_EACH.match(text, at) is not None or text[at - 2:at] == "  " and CROSS_IN.match(text, at) is not None and not known("x"):
        return True         # (X: n x d, b: k); Z = X W    (n x k)
    end = closing(text, at, ROUND) if text[at] == "(" and before not in tuple("*/+-^=(") else len(text)
    if end < len(text) and EQUALS.search(outside(text[at + 1:end])) is not None:
        return BEHIND.match(text, end + 1) is not None
    return end < len(text) and BEHIND.match(text, end + 1) is not None and any(
        word_end(text, m.start(), known) for m in WORD.finditer(text, at, end) if not text[m.start() - 1].isalnum())


def declaration_end(text: str, at: int, depth: list[int], known: Callable[[str], bool]) -> int:
    """Where the declarations end that begin here; up to where there are none, as a number below zero, where there are none.

    >>> text = "x, y in R^n, A symmetric, f = x'*A*y"
    >>> text[:declaration_end(text, 0, [0, *depths(text)], "xyA".__contains__)]
    'x, y in R^n'
    """
    last = at
    for m in CUT.finditer(text, at, at + MOST):
        if m.end() == at + MOST < len(text):        # so long is none
            return -last
        part = text[at:m.start()]
        said = in_symbols(part)
        if depth[m.start()] > depth[at] or not part.strip() or m[0] == " " and not states(said):
            continue
        if "=" in part:
            return -last
        name = NAME.match(said)
        if states(said) and name is not None and name[0] not in FUNCTIONS and (
                NAMES.match(said) or not DECLARED.match(said) and (len(name[0]) == 1 or not word_end(said, 0, known))):
            if m[0].strip() == "where" and not DECLARED.match(said):           # A is symmetric where x is zero
                return -last
            behind = next((b for b in CUT.finditer(text, m.end(), at + MOST) if not depth[b.start()]), None)
            more = text[at:behind.start()] if behind is not None and m[0] != "." else ""
            word = SAID.match(text, m.end())
            return behind.start() if behind is not None and more and word and word[1] in STRUCTURE_WORDS and \
                states(in_symbols(more)) else m.start()
        if not LISTED.fullmatch(text[last:m.start()].strip()) or m[0] not in (",", " and"):
            return -last
        last = m.end()
    return -last


def begins_anew(text: str, at: int, known: Callable[[str], bool]) -> bool:
    """Whether a word, a name with one behind it, a declaration or a size stands behind a wide gap."""
    first = len(text) - len(text[at:].lstrip())
    name = NAME.match(text, first)
    spoken = name is not None and text[name.end():name.end() + 1] == " " and word_end(text, name.end() + 1, known) > 0
    sized = CROSS_IN.match(text, first) is not None and not known("x")
    return spoken or sized or word_end(text, first, known) > 0 or declaration_end(text, first, [0, *depths(text)], known) > 0


def plain_items(text: str, known: Callable[[str], bool]) -> list[Item]:
    """The items of a plain line: formulas that are equations or stand alone are of the kind `display`.

    >>> [i.text for i in plain_items("so the gradient is d(f)/d(x) = 2*x (by the chain rule), A symmetric", "x".__contains__)]
    ['so', 'the', 'gradient', 'is', 'd(f)/d(x) = 2*x', '(', 'by', 'the', 'chain', 'rule', ')', ',', 'A symmetric']
    """
    out: list[Item] = []
    depth = [0, *depths(text)]
    at, begins, barren = 0, True, 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        named = bool(out) and out[-1].kind == "formula"         # A normal, x in R^n
        begins = begins or text[at - 2:at] == "  " or not named and any(p.match(text, at) is not None for p in (OF_SIZE, MEMBER))
        lead = LEAD.match(text, at) if begins else None
        first = lead.end() if lead is not None else at
        inner = declaration_end(text, first, depth, known) if begins and at >= barren else 0
        barren = max(barren, -inner)
        if inner > 0 and introduced(out) and not DECLARED.match(in_symbols(text[first:inner])):        # false: A is symmetric
            inner = 0
        if inner > 0:
            out += [Item("word", m[0].lower(), m.start(), m.end()) for m in LETTERS.finditer(text, at, first)]
            out.append(Item("declaration", text[first:inner], first, inner))
            at, begins = inner, False
            continue
        sign = SIGN.match(text, at)
        if end := word_end(text, at, known):
            out.append(Item("word", text[at:end].lower().replace("’", "'"), at, end))
            begins = out[-1].text in ("and", "where", "with", "given", "let")
        elif sign is not None and not text.startswith(("...", ":="), at) and (sign[0] != "(" or remark(text, at, known)):
            end = sign.end()
            begins = sign[0] != ":" or not out or out[-1].kind == "word"
            out.append(Item("stop" if sign[0] in ".?!" else "sign", sign[0], at, end))
        else:
            end = max(formula_end(text, at, known), at + 1)
            part = text[at:end].strip(" ")
            number = NUMBER.fullmatch(part)
            size = CROSS.fullmatch(part) if out and (out[-1].kind == "word" or out[-1].text == "(") else None
            kind = "word" if number else "sign" if DISTRIBUTED.fullmatch(part) else "formula" if size or NAME.fullmatch(part) else "display"
            out.append(Item(kind, f"{size[1]}×{size[2]}" if size else part, at, at + len(part)))
            begins = False
        at = end
    return [item._replace(kind="formula") if k and item.kind == "display" and (conditional(out, k, known) or mentioned(out, k)) else item
            for k, item in enumerate(out)]


def mentioned(found: list[Item], k: int) -> bool:
    """Whether an expression is only spoken of: `the matrix X'X is invertible`, `the gradient of x'x is 2x`."""
    behind = found[k + 1].text if k + 1 < len(found) else ""
    return found[k - 1].kind == "word" and EQUALS.search(found[k].text) is None and behind in ("is", "are", "has", "have")


def introduced(found: list[Item]) -> bool:
    """Whether words stand before what comes next that say more than that it is given."""
    sentence = list(takewhile(lambda item: item.kind != "stop", reversed(found)))
    return all(item.kind not in ("display", "declaration") for item in sentence) and \
        any(item.kind != "sign" and not LEAD.match(f"{item.text} x") for item in sentence)


def conditional(found: list[Item], k: int, known: Callable[[str], bool]) -> bool:
    """Whether an equation is a condition or a reason, `if A = A'`, and no definition, `for s = x'*x we get`."""
    words = [item.text for item in found[max(k - 2, 0):k] if item.kind == "word"]
    word = words[-1] if words and words[-1] != "that" else "".join(words[:1])
    left = EQUALS.split(found[k].text)[0].partition("(")[0].strip()
    if found[k - 1].kind != "word" or word == "with" and equated(found[k].text) is None or word not in CONDITIONS | {"with"}:
        return False
    behind = any(item.kind == "display" for item in found[:k])
    name = re.fullmatch(rf"({NAME.pattern})(?:\(\w+\))?", left)
    return behind or word in REASONS or not EQUALS.search(found[k].text) or name is None or known(name[1])

def spoken(found: list[Item]) -> list[Item]:
    """Items of which every formula is one that the sentence speaks of."""
    return [item._replace(kind="formula") if item.kind in ("display", "declaration") else item for item in found]
