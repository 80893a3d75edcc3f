"""What sentences say of functions and of sizes: g applied elementwise, P the row-wise softmax of Z, an m x n matrix A."""

from __future__ import annotations

from collections.abc import Iterator
import re

from ...language.operations import ELEMENTWISE_NAMES
from ...records import Record
from ...reading.latex.letters import ALIASES
from ...reading.latex.tokens import GREEK as GREEK_NAMES
from .sentences import Item
from .structure_words import FIXED
from ...patterns import pattern

SIZE = pattern(r"\(?[\w\s\\{}+()]*\\times[\w\s\\{}+()]*\)?|[\w\s+]*×[\w\s+]*")
BEHIND = pattern(r"(?:, )?(?:(?:which )?(?:is|are|be|has|have|with|being|of|having)|\(|\( ?a|:)"
                    r"(?: (?:an?|the|both|all|some|real|size|sizes|shape|"
                    r"shapes|order|"
                    r"dimensions?|dimensionality|of))*$|(?:an?|the)(?: \w+)?$")
BEFORE = pattern(r"(?:(?!matri|vector)[a-z-]+ ){0,2}(?:matrix|matrices|vector|vectors|matrixes)$")
JOINS = pattern(r"(?:,|and|, and)$")


_ONES = (r"(?:vectors?|matri(?:x|ces)|columns?)(?: #)? (?:consisting |composed |made )?(?:only )?of (?:all[ -]?)?(?:ones|one s|1 ?s)|"
         r"all[ -]ones?(?: (?:column )?(?:vectors?|matri(?:x|ces)))?|"
         r"(?:vectors?|matri(?:x|ces)) (?:with|of|whose) all (?:its )?(?:entries|elements|components|coordinates) (?:are )?"
         r"(?:equal to )?(?:one|#)")
ONES_BEHIND = pattern(rf"(?:(?:[,()#]|which|that|is|are|be|being|denotes?|stands for|the|an?|our|simply|just) )*(?P<what>{_ONES})\b")
ONES_BEFORE = pattern(rf"(?:.*\b)?(?P<what>{_ONES})(?: ,)?$")


def sized(found: list[Item]) -> Iterator[tuple[Item, Item]]:
    """Formulas of a sentence with the formula that is their size."""
    behind_it = {k + 2: k for k, item in enumerate(found) if item.kind == "display" and [i.text for i in found[k + 1:k + 2]] == ["("]}
    displays = {k for at, k in behind_it.items() if at < len(found) and SIZE.fullmatch(found[at].text)}        # Z = X W    (n x k)
    formulas = [k for k, item in enumerate(found) if item.kind == "formula" or k in displays]

    def between(one: int, two: int) -> str:
        return " ".join(item.text for item in found[one + 1:two])
    for j, k in enumerate(formulas):
        if SIZE.fullmatch(found[k].text) is None:
            continue
        before, behind = formulas[:j][::-1], formulas[j + 1:j + 2]
        if before and BEHIND.match(between(before[0], k)):
            yield found[before[0]], found[k]
            for one, two in zip(before[1:], before, strict=False):
                if not JOINS.match(between(one, two)) or SIZE.fullmatch(found[one].text):
                    break
                yield found[one], found[k]
        elif behind and BEFORE.match(between(k, behind[0])) and not SIZE.fullmatch(found[behind[0]].text):
            yield found[behind[0]], found[k]


PRIME = r"(?:'|\^\s*\\prime)"
FUNCTION = pattern(r"(\\[A-Za-z]+|(?<![A-Za-z\\^_{])[a-z])(?P<prime>\s*(?:'|\^\s*\{?\s*(?:\\prime|')\s*\}?))?\s*(?:\\left\s*)?\(")
GREEK = frozenset((r"\phi", r"\varphi", r"\psi", r"\rho", r"\eta", r"\gamma", r"\chi", r"\zeta", r"\xi", r"\theta", r"\Phi"))
ENTRYWISE = pattern(r"\b(?:element|component|entry|entries|coordinate|point)-?\s*wise\b|\bactivations?\b|\bnon-?\s?linearit(?:y|ies)\b|"
                       r"\blink function\b|\bcdf\b|\bcumulative distribution\b|\bdistribution function\b", re.I)
DENSITY = pattern(r"\bdensity\b|\bpdf\b|\bprobability density\b", re.I)
NOUN = pattern(r",? ?(?:(?:is|be|denotes|being|as) )?(?:the|a|an) (?P<words>(?:[\w-]+ ){1,4})of(?: the matrix| the vector)?")
DEPENDS = pattern(r",? ?(?:(?:which|that|itself|also|both|may|implicitly|smoothly) )*(?:depends?|depending|varies|vary|is a function)"
                  r"(?: [a-z]+ly)? (?:up)?(?:on|of|with)(?: the)?")
VARIES = pattern(r",? ?(?:(?:is|are|be|being|as|now|also|both|all|an?|the|taken|considered|treated|allowed|to|free|may|can|here|again) )*"
                 r"(?:vary|varies|varying|variables?|changes?|depends?|depending|not (?:a )?(?:constants?|fixed))\b|"
                 r"(?:is|are)\b[^,]*\b(?:to be (?:learn|train|estimat|optimi[sz]|determin)\w*|trainable|learnable)\b")
SEVERAL = pattern(r"\b(?:are|both|all|vary|change|depend|variables)\b")
STILL = pattern(r"(?:is|are) (?:a )?(?:constants?|fixed)\b")
WORDS = {"inverse": "inv", "exponential": "exp", "logarithm": "log", "determinant": "det", "trace": "tr", "softmax": "softmax"}
BESIDE = frozenset(("row-wise", "rowwise", "element-wise", "elementwise", "entry-wise", "entrywise", "component-wise", "componentwise",
                    "pointwise", "matrix", "function"))


class Spoken(Record):
    """A name that a sentence calls a function of others, in words that are not read."""

    name: str
    of: tuple[str, ...]
    said: str


CALLED = {**{name: name for name in ELEMENTWISE_NAMES}, **{name.lower(): f for name, f in ALIASES.items() if f in ELEMENTWISE_NAMES},
          "logistic": "sigmoid", "logistic sigmoid": "sigmoid", "hyperbolic tangent": "tanh"}
KIND = rf"(?P<f>{'|'.join(sorted(CALLED, key=len, reverse=True))})(?: (?:activation|transfer))?[ -](?:function|non-?linearity|activation)s?"
LETTER = r"\$\s*(?P<name>\\[A-Za-z]+|[A-Za-z])\s*(?:\(\s*\\cdot\s*\)\s*)?\$"
NAMED = tuple(pattern(text, re.I) for text in (
    rf"\b{KIND}(?: applied [a-z-]+)?,? {LETTER}", rf"{LETTER},? (?:(?:is|be|denotes?|being|as|for|stands for) )?(?:the|an?) {KIND}\b"))


def varying(stretches: list[str]) -> list[int]:
    """Which formulas of a sentence are said to vary, from the stretches around them.

    >>> varying(["both", "and", "vary"]), varying(["neither", "nor", "is constant"]), varying(["with constant", "and", "variable"])
    ([0, 1], [0, 1], [1])
    """
    out, joined, several = list[int](), False, False
    for k in range(len(stretches) - 2, -1, -1):
        behind, neither = stretches[k + 1], "neither" in stretches[0]
        if VARIES.match(behind) is not None or neither and STILL.match(behind) is not None:
            joined, several = True, neither or SEVERAL.search(behind) is not None
        else:
            joined &= several and behind.strip(", ") in ("", "and", "nor", "or") and FIXED.isdisjoint(stretches[k].split())
        out += [k] if joined else []
    return out[::-1]


def named_functions(text: str) -> dict[str, str]:
    """The letters that a text calls by the name of a function, and does not define: g of `the logistic function $g$`."""
    found = {m["name"]: CALLED[m["f"].lower()] for said in NAMED for m in said.finditer(text)}
    return {GREEK_NAMES.get(name[1:], name.lstrip("\\")): f for name, f in found.items()
            if not re.search(rf"(?<![A-Za-z]){re.escape(name)}\s*\([^()=]*\)\s*&?:?=", text)}


def functions(text: str) -> list[str]:
    """The letters that stand in a text before brackets only, with a prime or with words that say they act entry by entry: they are
    functions of numbers, unless the text says what they are."""
    found: dict[str, bool] = {}
    for m in FUNCTION.finditer(text):
        if len(m[1]) == 1 or m[1] in GREEK:
            f, prime = re.escape(m[1]), r"\s*(?:'|\^\s*\\prime)\s*"
            slope = re.search(rf"=\s*{f}{prime}\$|\\prime\s*=\s*{f}\s*\$|'\s*=\s*{f}\s*\$|{f}{prime}=\s*\\?[A-Za-z]+\s*\$", text)
            found[m[1]] = found.get(m[1], False) or m["prime"] is not None or slope is not None
    said = ENTRYWISE.search(text) is not None
    out: list[str] = []
    for name, primed in found.items():
        letter = re.escape(name) + "(?![A-Za-z])" if name[0] == "\\" else rf"(?<![A-Za-z\\]){name}(?![A-Za-z])"
        applied = len(re.findall(letter + r"(?:\s*(?:'|\^\s*\{?\s*(?:\\prime|')\s*\}?))?\s*(?:\\left\s*)?\(", text))
        bare = len(re.findall(rf"\$\s*{letter}\s*(?:'|\^\s*\{{?\s*\\prime\s*\}}?)?\s*\$|"
                              rf"=\s*{letter}\s*{PRIME}\s*\$|\$\s*{letter}\s*=\s*\\?[A-Za-z]+\s*{PRIME}\s*\$|"     # \varphi = \Phi'
                              rf"{letter}\s*(?:'|\^\s*\\prime)\s*=\s*\\?[A-Za-z]+\s*\$|(?:'|\\prime)\s*=\s*{letter}\s*\$", text))
        plain = re.search(letter + r"\s*(?:\\left\s*)?\(", text) is not None
        defined = re.search(letter + r"\s*(?:(?:\\left\s*)?\([^()=]*\)\s*(?::=|=|&|\\coloneqq|\\equiv)|:|\\colon)", text)
        if plain and (primed or said) and applied + bare == len(re.findall(rf"{letter}(?!\s*_)", text)) and not defined:
            out.append(GREEK_NAMES.get(name[1:], name.lstrip("\\")))
    return out


def sloped(text: str) -> dict[str, str]:
    """f and x of a plain text that speaks of grad f and of f(x), and never says what f is.

    >>> sloped("g(x) = f(x) + x'x\\ngrad g = grad f + 2 x"), sloped("f(x) = x'x\\n∇f = 2 x")
    ({'f': 'x'}, {})
    >>> sloped("y = g(u), u = A x\\nJ = dg/du")
    {'g': 'u'}
    """
    out: dict[str, str] = {}
    named = re.findall(r"(?:∇[²\d^]*|\b[gG]rad(?:_\w+)?|\b[hH]ess(?:_\w+)?) ?\(?([A-Za-z]\w*)", text)
    inner = [f for f, x in re.findall(r"\bd([a-z])/d([a-z]\w*)\b", text) if re.search(rf"= ?{f}\({x}\)", text)]
    for f in dict.fromkeys([*named, *inner]):
        given = set(re.findall(rf"(?<![\w.]){f}\(([^()]*)\)", text))
        either = "|".join(map(re.escape, (f, *(given if f in named else ()))))
        said_so = re.search(rf"(?<![\w(])(?:{either}) ?(?:\([^()]*\))? ?(?::|=(?!=))", text)
        if len(given) == 1 and (x := max(given)).isidentifier() and said_so is None:
            out[f] = x
    return out


def densities(found: list[str], text: str) -> dict[str, str]:
    """phi and Phi, the density of a distribution and its distribution function, where a text speaks of both.

    >>> densities(["phi", "Phi"], "the cdf and its density"), densities(["phi", "Phi"], "activations")
    ({'phi': 'Phi'}, {})
    """
    return {f.lower(): f for f in found if f[0].isupper() and f.lower() in found and (
        DENSITY.search(text) or re.search(rf"{f}\s*{PRIME}\s*=\s*\\?{f.lower()}(?![A-Za-z])|{f.lower()}\s*=\s*\\?{f}\s*{PRIME}", text))}


def applied(said: str) -> str | None:
    """The function of `the row-wise softmax of`; empty where other words stand there, None where it is no such phrase."""
    found = NOUN.fullmatch(said)
    if DEPENDS.fullmatch(said):
        return ""
    if found is None:
        return None
    words = found["words"].split()
    known = [f for w in words if (f := WORDS.get(w) or ALIASES.get(w) or (w if w in ELEMENTWISE_NAMES else None)) is not None]
    return known[0] if len(known) == 1 and len([w for w in words if w not in BESIDE]) == 1 else ""
