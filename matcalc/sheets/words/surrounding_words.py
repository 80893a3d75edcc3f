"""Words around the formulas of plain lines: `so w = ..`, `setting grad f = 0:`, `= 2*A*x (since A is symmetric)`."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice

from .declaration_lists import DECLARED, STRUCTURED, in_symbols, spoken
from ...language.operations import STRUCTURE_WORDS
from ...reading.tokens import GREEK_NAMES
from ...records import Record
from ...reading.brackets import depths
from ...reading.latex.letters import FUNCTIONS
from ..parts.formula import EQUALS
from ...patterns import pattern

KEYWORDS = frozenset(("title", "source", "notes", "expand", "layout", "constant", "wrt", "assume", "define", "derive", "prove", "expect",
                      "grad", "Grad", "hess", "Hess", "in", "is", "are", "def", "return", "for", "import", "from", "while", "else",
                      "lambda", "class", "print",
                      *STRUCTURE_WORDS, *FUNCTIONS))
WORD = pattern(r"([A-Za-z][a-z]+(?:['-][a-z]+)*|I(?= [a-z]{2,} )|a(?= [a-z]{3,} )|(?:(?<=an )|(?<=the ))[A-Z]{2,})(?:\s*[,:.])?\s+"
                  r"(?=[\w(|∇∂‖\\])")
NAMED = pattern(r"\w+(?:, \w+)*(?: and \w+)? "          # the gradient of s is ..
                   r"(?=(?:is|are|be|equals|reads|becomes|we|gives|at|with|by)\b(?:(?!\. )[^=])*\s[^\s=](?:(?!\. )[^=])*=)")
PLAIN = pattern(r"[a-z]{3,}(?![\w(])")
BEHIND = pattern(r"(?<!\s)\s*(?:\(\s*(?P<inside>(?:since|by|because|using|as|from|where|if|when|assuming|provided|for)\b"
                    r"(?:[^()]|\([^()]*\))*)\)|"
                    r"\((?P<note>[a-z]{3,}(?:[ -][a-z]{2,})+)\)|"
                    r"(?:,\s*|\s)(?P<open>(?:where|with|since|because|if|when|provided|assuming|using|by the|by|so|then|hence|thus)\s.*|"
                    r"for (?:all |any |every )?[A-Za-z]\w* ?(?:[<>≤≥≠]|!=).*|"
                    r"gives?|yields?|implies|and solving|we (?:get|obtain))|"
                    r",\s*(?P<said>[A-Za-z]\w*(?:(?:,| and|, and) [A-Za-z]\w*)*"
                    r"(?: (?:is|are|being))?(?: an?)?(?: [a-z]{3,}(?:-[a-z]+)*)+))\s*$")
CONNECT = frozenset(("so", "then", "hence", "thus", "therefore", "consequently", "and", "now", "finally", "again", "also", "but", "or",
                     "where", "since", "because", "with", "that", "is", "are", "get", "have", "obtain", "find", "gives", "give", "yields",
                     "yield", "recall", "note", "using", "from", "for", "let", "as", "by", "means", "follows", "call", "write", "say"))
LABEL = pattern(r"\(?(?:(?:(?:Q|Ex|P|Problem|Exercise|Question|Task)[. ]?\d{1,2}[a-h]?|\d{1,2})[.):]|(?:[a-h]|[ivx]{1,4})[.)])"
                   r"\s+(?=[A-Za-z∇∂]|=(?!=))")       # (a), 2., iv)
BETWEEN = pattern(r"(: | at (?=[A-Za-z]\w*\*? ?=)|"
                     r",? (?:(?:which )?(?:gives?|yields?|implies|means)(?: that)?|=>|->|⇒|→|<=>|⇔|iff|so|hence|thus) )")
IMPORTED = pattern(r"(?:import|from) [\w.]+(?: import | as |$)")
SLOPE = pattern(r"(?:^|\bthe |\bits )(?:gradient|derivative|(?P<second>hessian))(?: is)?$", re.I)
STARRED = pattern(r"^\s*([A-Za-z]\w*)\*(?=\s*:?=)")          # w* = ..
SYMBOLS = pattern(r"[=*^/∈∇∂²ᵀ→×]|\w'|\b\w\s+in\b|->")

MOST_PARTS = 80         # of a line that is taken apart
SEPARATOR = pattern(r"\s*(?:;|,(?: and\b)?)\s*|\s+and\s+|\.\s+|(?P<bound>\s+(?:with|where|such that|satisfying)\s+)(?=[^\s=,;]+\s*=)|$")
OPENERS = CONNECT - {"is", "are", "by", "as", "for", "since", "because", "where", "with", "using", "or", "but"} | {
    "the", "we", "wrt", "over", "on", "be", "at", "this", "which", "subject", "under"}
CLAUSE = pattern(r"=.*\b(?:where|with|since|because|if|when|provided|assuming|using|by|as|for)\b")
SENTENCE = pattern(r"(?<=[\w)\]'}])\. (?=[A-Z][a-z]*\b)")
BEGINS = pattern(r"(?:where|here|with|given|let|suppose(?: that)?|assume(?: that)?|we have)\s+(?=\w+\b)", re.I)
RUN = pattern(r"(?<=[\w)\]'|ᵀ²}])[,;]?\s+(?=[a-z]+\b(?![\w(]))")
OPENING = pattern(r"\s*([A-Za-z][\w'-]*)(?![\w(])[,.]?(?=\s|$)")


def split_apart(line: str, known: Callable[[str], bool]) -> tuple[str, str] | None:
    """An equality and the words that go on behind it, with what they speak of: `y = A*x we have dy = A*dx`.

    >>> split_apart("s = x'*x the product rule gives ds = 2*x'*dx", lambda name: name in "xs")
    ("s = x'*x", "the product rule gives ds = 2*x'*dx")
    """
    for m in RUN.finditer(line) if "=" in line else ():
        words, end = list[str](), m.end()
        while len(words) < 2 and (word := OPENING.match(line, end)) is not None and not (
                known(word[1]) or word[1] in GREEK_NAMES or len(word[1]) < 2 and word[1] != "a"):
            words.append(word[0])
            end = word.end()
        before = line[:m.start()]
        opens = bool(words) and words[0].strip(" ,.") in OPENERS and (len(words) > 1 or words[0] in ("wrt", "over", "on"))
        if opens and EQUALS.search(before) and not CLAUSE.search(before) and before.count("(") == before.count(")"):
            return before.rstrip(" ,;"), line[m.end():]
    return None


def states(text: str) -> bool:
    """Whether a text without words around it declares something or gives it a structure."""
    return DECLARED.match(text) is not None or STRUCTURED.fullmatch(text) is not None or text.startswith("constant ")


def statements(line: str) -> list[str]:
    """The sentences, declarations and equalities of a line, those of structure first; the line itself where a part is none of these.

    >>> statements("x in R^n. f = x'*A*x and g = 2*x, A symmetric")
    ['A symmetric', 'x in R^n', "f = x'*A*x", 'g = 2*x']
    >>> statements("A, B in R^(n,n) symmetric, x in R^n; S spd"), statements("f = g(x), where x > 0")
    (['S spd', 'A, B in R^(n,n) symmetric', 'x in R^n'], ['f = g(x), where x > 0'])
    >>> statements("A in R^(n,n), x, y in R^n, c in R"), statements("x in R^n, A invertible, y the labels")
    (['A in R^(n,n)', 'x, y in R^n', 'c in R'], ['x in R^n', 'A invertible', 'y the labels'])
    """
    open_at, out, start, begins, comma = [0, *depths(line)], list[str](), 0, True, False
    several = re.search(r"[;,.]|\b(?:and|with|where|such|satisfying)\b", line) is not None
    separators = list(islice(SEPARATOR.finditer(line), MOST_PARTS)) if several else []
    for m in separators if len(separators) < MOST_PARTS else ():
        part = line[start:m.start()].strip()
        if m["bound"] and not states(in_symbols(part)):         # A in R^(n,n) with A*v = c*v
            continue
        sentence = begins and m[0].strip() in (".", "") and SYMBOLS.search(part) is None and len(part.split()) > 1
        hangs = re.search(r"\b(?:where|with)\s+[\w, ]+$", part)          # .. where x, a in R
        beside = bool(out) and comma and m[0].strip() != "and" and re.search(r"\w \w", part) and bool(DECLARED.match(in_symbols(out[0])))
        if not open_at[m.start()] and part and not hangs and (sentence or beside or EQUALS.search(part) or states(in_symbols(part))):
            out.append(part)
            start, begins, comma = m.end(), m[0].strip() == ".", m[0].strip()[:1] in (",", ";")
    return sorted(out, key=lambda part: not STRUCTURED.fullmatch(in_symbols(part))) if start == len(line) and len(out) > 1 else [line]


def understood(words: str) -> bool:
    """Whether words before a formula that is no equation only go on with the one above."""
    return CONNECT.union(("the", "we")).issuperset(re.findall(r"[\w'-]+", words.lower()))


class SplitWords(Record):
    """A line taken apart: the words in front, the formula, and the clause behind it."""

    words: str
    formula: str
    behind: str


def prose(line: str) -> bool:
    """Whether a line beside those of a program is a sentence without a formula.

    >>> prose("dO comes from above"), prose("dO = P"), prose("S symmetric positive")
    (True, False, False)
    """
    words = line.split()
    return SYMBOLS.search(line) is None and len(words) > 2 and words[0] not in KEYWORDS and STRUCTURE_WORDS.isdisjoint(words) and \
        all(re.fullmatch(r"[\w'’-]+[,.:;]?", word) for word in words)


def of_another(words: str) -> bool:
    """Whether words in front of `f = ..` make it a line about something else: the Hessian of f, the norm of f.

    >>> of_another("So the Hessian of"), of_another("minus the gradient"), of_another("so"), of_another("")
    (True, True, False, False)
    """
    last = words.lower().split()[-1:]
    return bool(last) and last[0].strip(",:") not in CONNECT and re.fullmatch(r"\w{2,}ing[,:]?", last[0]) is None      # expanding: f = ..


def split_words(line: str, known: Callable[[str], bool]) -> SplitWords:
    """A line taken apart; words are what is no name, no function and no keyword, and stands before a formula.

    >>> split_words("so the gradient is d(f)/d(x) = 2*x (by the chain rule)", lambda _: False)
    SplitWords(words='so the gradient is', formula='d(f)/d(x) = 2*x', behind='by the chain rule')
    """
    label = LABEL.match(line)
    line = line[label.end():] if label is not None else line
    if SYMBOLS.search(line) is None and not set(line.rstrip(" .:,;").split()) & STRUCTURE_WORDS:
        named = [w for w in re.findall(r"[A-Za-z]\w*", line) if known(w)]
        said = any(w.islower() and len(w) > 3 and not known(w) and w not in KEYWORDS | GREEK_NAMES for w in line.split())
        several = len(line.split()) > 1 or line.rstrip().endswith(":") or line.lower().rstrip(" .:,;") in CONNECT
        prose = several and (said or not named) and not KEYWORDS & {*line.split()[:1]}
        return SplitWords(line.rstrip(" .:,;"), "", "") if prose else SplitWords("", line, "")
    at = 0
    while (m := WORD.match(line, at)) is not None:
        word, behind = m[1], PLAIN.match(line, m.end())
        spoken_of = word in FUNCTIONS and behind is not None and behind[0] not in KEYWORDS | GREEK_NAMES and not known(behind[0])
        if word in KEYWORDS and not (at and word in ("is", "are")) and word.lower() != "for" and not spoken_of or \
                word in GREEK_NAMES or known(word):         # the log likelihood
            break
        at = m.end()
        named = NAMED.match(line, at)
        at = named.end() if named is not None else at
    arrow = re.match(r"\s*(?:0\s*)?(?:=>|⇒|->|→|∴)\s*(?=\S)", line[at:])
    at += arrow.end() if arrow else 0
    called = re.match(r"(\w+)\s*:\s*(?=\1\s*=)", line[at:]) if at else None        # call it p: p = ..
    at += called.end() if called else 0
    titled = re.match(r"([A-Za-z]\w+):\s+(?=[^=:>]*=)", line[at:])           # PCA: L(w) = ..
    at += titled.end() if titled is not None and not known(titled[1]) else 0
    front, rest = line[:at].strip(" ,:=>⇒→∴-"), line[at:] if line.endswith(("...", "…")) else line[at:].rstrip(" .:,;")
    found = BEHIND.search(rest)
    found = None if found and found["said"] and STRUCTURED.fullmatch(found["said"]) else found
    noted = re.search(r"\s\(([^()]*)\)$", rest) if found is None else None
    if noted is not None and SYMBOLS.search(noted[1]) is None and spoken(noted[1], known)[0]:          # dz = p - y (y one-hot)
        return SplitWords(front, rest[:noted.start()].rstrip(), noted[1])
    behind = (found["inside"] or found["open"] or found["note"] or found["said"] or "").strip() if found else ""
    return SplitWords(front, rest[:found.start()] if found else rest, behind)
