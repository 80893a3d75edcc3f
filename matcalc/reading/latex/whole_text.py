"""What a whole text implies before its first line is read: a name squared, a Jacobian, a covariance; the scalar that everything depends on,
such as t in dA/dt; letters that its exercises define anew; and which letters are columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain

from ...records import Record
from .cursor import STYLES, ACCENTS
from .letters import BOLD, TURNED
from .macros import group
from .scripts import with_transposes
from .spelling import SAME
from ..grammar.tokens import GREEK_NAMES
from .tokens import Tokens, Token, GREEK, tokens

from ...patterns import pattern

STYLE = r"(?:\\(?:mathbf|boldsymbol|bm|mathrm|bar|hat|tilde)\s*\{?\s*)?"
BEGINS = r"(?:\$|\\\[|\\\\|[,;]|\n(?![ \t]*\n)|\*?\})\s*+(?:\\(?:mathbf|boldsymbol|bm)\s*\{?)?"
SQUARE = r"\^\s*(?:2|\{2\})\s*"
SQUARED = pattern(rf"\\sigma\s*(?:_\s*(?:\w|\{{\w+\}}))?\s*{SQUARE}(?:&\s*)?(?::?=|\\triangleq)|"
                     rf"\\partial\s*\{{?\s*\(?\s*\\sigma\s*{SQUARE}|"
                     rf"\([^()=]*,\s*\\sigma\s*{SQUARE}\)\s*(?:&\s*)?(?::?=)")
BY_SIGMA = pattern(r"\}\s*\{\s*(?:\\partial|d)\s*\\sigma\s*\}")
SECOND = pattern(r"\\partial\s*\^\s*(?:2|\{2\})[^{}]*\}\s*\{\s*\\partial\s*\\sigma\s*\^\s*(?:2|\{2\})")
JACOBIAN = pattern(r"\bJacobian(?: matrix)?,? \$\s*(?:\\(?:mathbf|bm)\s*\{?)?([A-Z])\}?\s*(?:\([^()$]*\)\s*)?\$")
NORMAL = pattern(r"\\mathcal\s*\{?\s*N\s*\}?\s*(?:_\w\s*|_\{\w+\}\s*)?(?:\\left\s*)?\((?:[^(),;|]|\([^()]*\))*?(?:\\mid|\||;|,)?"
                    rf"(?:[^(),;|]|\([^()]*\))*,\s*({STYLE}\\?(?:Sigma|Lambda|Omega|Psi|[A-Z])\}}?(?:_\w|_\{{\w+\}})?)\s*(?:\\right\s*)?\)")


def called_e(text: str) -> bool:
    """Whether the text says somewhere what e is, so that it is not 2.718.. above that place either.

    >>> called_e(r"$L = e^t e$ where $e = y - Xw$"), called_e(r"$f(t) = e^{-t}$")
    (True, False)
    """
    name = r"(?:\\(?:mathbf|boldsymbol|bm|vec)\s*)?\{?\s*+e\s*+\}?"
    return re.search(BEGINS + name + r"\s*+(?:\([^()=$]*\)\s*+)?(?:&\s*+)?(?::?=(?!=)|\\in(?![a-z]))", text) is not None


def divided_by_d(text: str) -> bool:
    """Whether the text divides by a d that stands alone: it is a number there, and no differential below another bar either.

    >>> divided_by_d(r"$\\mu = \\frac1d \\sum_i x_i$"), divided_by_d(r"$\\frac{df}{dx}$")
    (True, False)
    """
    return re.search(r"\\[dt]?frac\s*(?:\{[^{}]*\}|\w)\s*(?:\{\s*d\s*\}|d(?![A-Za-z]))|/\s*d(?![\\\w({])", text) is not None


def squared(text: str) -> bool:
    """Whether sigma^2 is a name of its own: the text defines it, or differentiates by it; not in \\partial^2 f/\\partial\\sigma^2, and
    not where it is differentiated by sigma and never by that."""
    text = SECOND.sub("", text)
    by_sigma = BY_SIGMA.search(text) is not None and re.search(rf"\\partial\s*\{{?\s*\(?\s*\\sigma\s*{SQUARE}", text) is None
    return not by_sigma and SQUARED.search(text) is not None and re.search(r"\\sigma\s*(?:'|\\left\s*)?\(", text) is None


def jacobians(text: str) -> dict[str, str]:
    """J and r of `r: R^n -> R^m with Jacobian J(x)`."""
    out: dict[str, str] = {}
    for m in JACOBIAN.finditer(text):
        before = re.findall(r"\$\s*\\?([A-Za-z]+)\s*(?::|\\colon)", text[:m.start()])
        if before:
            out[m[1]] = before[-1]
    return out


def covariances(text: str) -> list[str]:
    """The last arguments of normal distributions, as they are written."""
    return list(dict.fromkeys(m[1] for m in NORMAL.finditer(text)))


LAYER = pattern(r"(\\[A-Za-z]+|[A-Za-z])\s*+\}?+\s*+(?:_(?:\{[^{}]*\}|\w)\s*)?\^\s*"
                   r"(?:\{\s*(?P<in>l|L|\\ell)\s*(?:[+-]\s*\w)?\s*(?:T|\\top)?\s*\}|(?P<bare>l|L|\\ell)(?![A-Za-z]))")


def layers(text: str) -> set[str]:
    """The letters that stand above several names of a text, and are nothing else: a^L, z^{L-1}, W^{l+1} are names by layer."""
    bases: dict[str, set[str]] = {}
    for m in LAYER.finditer(text):
        bases.setdefault(m["in"] or m["bare"], set()).add(m[1])
    used = {t: rf"\\partial\s*{s}(?![A-Za-z])|\bd{s}\b|(?<![\^{{A-Za-z\\]){s}\s*(?:&?=|:=|\()" for t in bases for s in (re.escape(t),)}
    return {letter for letter, names in bases.items() if len(names) > 1 and not re.search(used[letter], text)}


SIGNS = frozenset((r"\partial", "d", r"\dd"))
D = r"(?:\\partial|\\dd|d)"
NAME = r"(?:\\[A-Z][A-Za-z]*|[A-Z])"
NUMBER = rf"(?!{D} )(?:\\[a-z]+|[a-z])(?:_[ijkmp])?"
BELOW_IT = r"(?: _ (?:[^{}\s]|\{ [^{}]* \}))?"
CHANGING = pattern(rf" \{{ {D} (?P<f>\S+{BELOW_IT})(?: \( (?P<at>\S+) \))? \}} \{{ {D} (?P<by>{NUMBER})(?= )|"
                      rf"(?<= )(?P<of>{NAME}) \( (?P<t>{NUMBER})(?= \) )")
LISTED = pattern(rf" (?:(?:,|{NUMBER}|{NAME}) )+(?=\\in )")
BEFORE = r"(?:\\det|\\tr|tr|\||\\lvert|\\vert)"
STARTS = r"(?:^| (?:\\\\|[,;}]|\\q?quad))"


def parameters(pieces: Sequence[Tokens]) -> frozenset[str]:
    """The number t of dA/dt, or of A(t) and dA, where A is a name with which something is done that a matrix has, the text defines nothing
    by t, and t stands nowhere else; theta_j of dK/d theta_j beside K(theta), where no other one is differentiated by. Empty where there
    is none."""
    texts = [f" {' '.join(_bare(source))} " for source in pieces]

    def said(pattern: str) -> bool:
        return any(re.search(pattern, text) for text in texts)
    if said(r" \\(?:mapsto|to) "):
        return frozenset()
    varied = {name for text in texts for name in re.findall(rf"(?<= ){D} ({NAME})(?= )", text)}
    found = dict[str, set[str]]()
    for m in chain.from_iterable(map(CHANGING.finditer, texts)):
        if m["f"] and m["at"] in (None, m["by"]) or m["of"] in varied:
            found.setdefault(m["by"] or m["t"], set()).add(m["f"] or m["of"])
    for t in found:
        whole = t.partition("_")[0]
        either = {u for u in (*found, whole) if u.partition("_")[0] == whole}
        either = either if len(either) < 3 else {t}
        names = set[str]().union(*(found.get(u, ()) for u in either))
        by = f"(?:{'|'.join(map(re.escape, sorted(either)))})"
        matrices = "|".join(re.escape(name) for name in names if re.fullmatch(rf"{NAME}{BELOW_IT}", name))
        applied = "|".join((NAME, *(re.escape(name) for name in names if name.isalpha())))
        depends = re.compile(rf"(?:/|\}} \{{) {D} {by}(?= )|(?<= )(?:{applied}) \( {by}(?= \) )|"
                             rf"(?:\\mid|\||;) (?:\S+ , ){{0,3}}{by}(?= [),\]] )|"
                             rf"^ {by} $| {by}(?= \\in )")
        begins = {text: listed.end() - 1 if (listed := LISTED.match(text)) else 0 for text in texts}
        alone = any(re.search(f" {by} ", depends.sub("", text[begins[text]:])) for text in texts)
        matrix = matrices and said(rf" (?:{matrices}) (?:\^|\( {by} \)) | {BEFORE} (?:\( |\\?\{{ )?(?:{matrices}) ")
        if matrix and not alone and not said(rf"{STARTS} \S+ \( {by} \) [=:] "):
            return frozenset(u.lstrip("\\") for u in either)
    return frozenset()


def _bare(source: Tokens) -> list[str]:
    """The tokens without styles, and without the braces of a style."""
    out: list[str] = []
    k = 0
    while k < len(source):
        token = source[k][0]
        if token in (r"\begin", r"\end", r"\label", r"\tag"):
            k = group(source, k + 1)[1]
            continue
        if token in STYLES:
            part, k = group(source, k + 1)
            word = [t for t, _ in part]
            out += ["".join(word)] if token in (r"\mathrm", r"\operatorname") and word[:1] != ["\\"] else [] if token == r"\text" else word
            continue
        below = group(source, k + 1)[0] if token == "_" and k + 1 < len(source) and out[-2:-1] and out[-2] in SIGNS else []
        if len(below) == 1 and re.fullmatch(NUMBER, f"{out[-1]}_{below[0][0]}"):        # \partial\theta_i
            out[-1] += f"_{below[0][0]}"
            k = group(source, k + 1)[1]
            continue
        if token not in (r"\left", r"\right", r"\!", r"\,", "&"):
            out.append(token)
        k += 1
    return out


ITEM = pattern(r"\\item\b(?:\[[^\]]*\])?|^[ \t]*(?:[-*+]|\d{1,2}[.)]|\([a-z\d]\)|[a-z]\))[ \t]+|"
                  r"^[ \t]*(?:#+[ \t][^\n]*|\\(?:sub)*section\*?\{[^\n]*)\n|"
                  r"^[ \t]*\*\*[^*\n]*\d[^*\n]*\*\*[ \t]*", re.M)
SCRIPT = r"(?:\\(?:mathcal|mathscr)\s*\{?\s*)?"
OPENS = r"(?:\$\$?|\\\(|\\\[|\\begin\{(?:equation|align)\*?\})"
HEAD = rf"{OPENS}\s*{SCRIPT}(?P<f>[A-Za-z]|\\ell(?![A-Za-z]))\}}?\s*(?P<of>(?:\\left\s*)?\([^()=]*\)\s*)?&?\s*:?="
ABOVE = pattern(HEAD)
BELOW = pattern(rf"[^$\\]*{HEAD}")
FIRST = pattern(rf"[\s:]*(?:(?:let|(?P<claims>we have)|consider|define|for|given|suppose|take|put|the function)\s+)?{HEAD}", re.I)
LETTER, DISPLAYED = pattern(r"\\[A-Za-z]+|[A-Za-z]"), pattern(r"\\\\|\$|\\end")
DIFFERENTIATED = (rf"\\nabla(?:_\{{?[^{{}}\s]+\}}?|\s|\^2|\^\{{2\}})*\s*{SCRIPT}%(f)s(?![A-Za-z])|"
                  rf"\\partial\s*\{{?\s*{SCRIPT}%(f)s(?![A-Za-z])|"
                  r"\\frac\s*\{\s*(?:\\partial|d)\s*\}|\bd\s*%(f)s(?![A-Za-z])|(?<![A-Za-z])%(f)s\s*'")


class Redefined(Record):
    """A letter that is defined anew at some place of a text; claimed where that may be said of the first one instead."""

    letter: str
    start: int
    end: int
    number: int
    claimed: bool = False


def redefined_letters(text: str) -> list[Redefined]:
    r"""The letters that items of a text define anew: \item f(x) = a^\top x, \nabla f(x) = a \item f(x) = \|x\|^2, \nabla f(x) = 2x.

    That is so where an item begins with its f and differentiates it, and so did the items before, or what stands above them all; an item
    that goes on with an f of which nothing was concluded yet is a step. Below a heading the f may stand behind any words.
    """
    starts = [m.end() for m in ITEM.finditer(text)]
    out: list[Redefined] = []
    above = text[:starts[0]] if starts else ""
    last = {m["f"]: (1, _differentiates(above, m["f"])) for m in ABOVE.finditer(above)}
    first = frozenset(last)         # what adds no letter is a step
    for start, end in zip(starts, [*starts, len(text)][1:], strict=False):
        plain = FIRST.match(text, start, end)
        found = plain or (BELOW.match(text, start, end) if text[start - 1] == "\n" else None)
        if found is None:
            last.update({f: (k, done or _differentiates(text[start:end], f)) for f, (k, done) in last.items()})
            continue
        f = found["f"]
        done = _differentiates(text[start:end], f)
        count, before = last.get(f, (0, False))
        step = count == 1 and f in first and _letters(DISPLAYED.split(text[found.end():end], 1)[0]) <= _letters(above)
        if count and before and done and not step:
            out = [a._replace(end=start) if a.letter == f and a.end > start else a for a in out]
            out.append(Redefined(f, start, len(text), count + 1, plain is None or bool(plain["claims"]) or not plain["of"]))
            last[f] = (count + 1, True)
        else:
            last[f] = (max(count, 1), done)
    return out


def _letters(text: str) -> set[str]:
    return {t for t in LETTER.findall(text) if len(t) == 1 or t[1:] in GREEK}


def _differentiates(text: str, f: str) -> bool:
    return re.search(DIFFERENTIATED % {"f": re.escape(f)}, text) is not None


def renamed(tokens: list[Token], others: list[Redefined]) -> list[Token]:
    """Tokens with f_2 for the second f."""
    out: list[Token] = []
    others = [a for a in others if tokens and a.start <= tokens[-1][1] and tokens[0][1] < a.end]
    for k, (token, at) in enumerate(tokens):
        out.append((token, at))
        found = next((a for a in others if a.letter == token and a.start <= at < a.end), None)
        if found is not None and (k + 1 == len(tokens) or tokens[k + 1][0] != "_"):
            out += [(t, at) for t in ("_", "{", str(found.number), "}")]
    return out


WORD = pattern("(?<![A-Za-z])[A-Za-z]{2,}(?![A-Za-z])")
SMALL = r"\*?([a-z]+(?:_[a-z]+)?)(!?)(?= )"       # a small letter, perhaps under an accent; with * it is bold, with ! it has an index
SHOWN = pattern(rf"(?<= ){SMALL}(?= (?:\}} )?ᵀ)"), pattern(rf" ᵀ(?: \}}| \*| ·| \\cdot)? {SMALL}"), pattern(rf"(?<= )(?=\*){SMALL}")
TERMS = pattern(r"(?<= )(?:(?:\\\||\\lVert|\\langle|\\norm \{)( [^([]*? )(?:\\\||\\rVert|\\rangle|\})|"
                r"[([]( [^()[\]]*? )[)\]](?= (?:\} )?ᵀ))(?= )")         # in a norm, in an inner product, in a bracket that is transposed


@lru_cache(64)
def columns(text: str) -> tuple[frozenset[str], frozenset[str]]:
    r"""The names that a text transposes, or writes behind what it transposes, or sets in bold: w is a column, and of an x_i each is one.

    >>> [sorted(names) for names in columns(r"w^T x_i + (u - v)^T z + c")]
    [['u', 'v', 'w', 'z'], ['x']]
    >>> [sorted(names) for names in columns("(yᵢ − wᵀxᵢ)²")]
    [['w'], ['x']]
    >>> sorted(columns(r"\|x\| c \|y - z\|")[0])
    ['x', 'y', 'z']
    """
    spelt = text if "\\" in text else WORD.sub(lambda m: f"\\{m[0]} " if m[0] in GREEK_NAMES - {"xi", "pi"} else m[0], text)
    source = with_transposes([(SAME.get(t, t), at) for t, at in tokens(spelt) if t not in (r"\left", r"\right")])
    if "\\" not in text:        # in LaTeX a prime may be part of a name
        source = [(r"\trans", at) if t == "'" else (t, at) for t, at in source]
    said, i = list[str](), 0
    while i < len(source):
        word, i = _name(source, i) or (("ᵀ", turned) if (turned := _turned(source, i)) else (source[i][0], i + 1))
        said.append(word)
    line = f" {' '.join(said)} "
    found = {m.groups() for shown in SHOWN for m in shown.finditer(line)}
    for terms in TERMS.finditer(line):
        found |= {m.groups() for term in re.split(r"(?<= )[-+,](?= )", terms[1] or terms[2]) if (m := re.fullmatch(f" {SMALL} ", term))}
    return frozenset(n for n, indexed in found if not indexed), frozenset(n for n, indexed in found if indexed)


def _name(source: Tokens, i: int) -> tuple[str, int] | None:
    """The small letter that stands there, with its marks, and what stands behind."""
    token = source[i][0]
    part, behind = group(source, i + 1) if token in STYLES or token in ACCENTS else ([source[i]], i + 1)
    word = "*" * (token in BOLD or token == r"\vec") + (part[0][0].lstrip("\\") if len(part) == 1 else "")
    if token in ACCENTS:
        inner = _name(part, 0) if part else None
        if inner is None or "!" in inner[0] or inner[1] != len(part):
            return None
        word = f"{inner[0]}_{ACCENTS[token]}"
    elif not word.lstrip("*")[:1].islower() or len(word.lstrip("*")) > 1 and word.lstrip("*") not in GREEK:
        return None
    below = source[behind][0] if behind < len(source) else ""
    above = [t for t, _ in group(source, behind + 1)[0]] if below == "^" else []
    indexed = below == "_" or len(above) == 3 and above[0] == "("
    return word + "!" * indexed, group(source, behind + 1)[1] if indexed else behind


def _turned(source: Tokens, i: int) -> int:
    """What stands behind the transpose that begins there; 0 where there is none."""
    i += i < len(source) and source[i][0] == "}"
    if i < len(source) and source[i][0] == r"\trans":
        return i + 1
    if i >= len(source) or source[i][0] != "^":
        return 0
    part, behind = group(source, i + 1)
    return behind if "".join(t for t, _ in part if t not in STYLES) in TURNED - {"t", "tr", "H"} else 0
