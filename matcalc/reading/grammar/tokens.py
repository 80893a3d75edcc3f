"""Text to tokens, and a place in the text to an error with a caret."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...language.shape import InputError, ShapeError
from .brackets import ROUND, closing
from ...patterns import pattern

LONGEST = 200_000
ANNOUNCING = frozenset(("where", "with", "given", "for", "if", "when", "assuming"))       # what is said of names behind a formula
BESIDE = pattern(r"#(?!\d)|(?<!%\S)(?<![\\^\d])%(?!\S%)")       # what a program says beside a line; not #1, 5%, R's %*% or Maple's ^%T
TOKEN = pattern(
    "[A-Za-z_\u0370-\u03ff\u00b5][A-Za-z0-9_\u0370-\u03ff\u00b5]*"
    r"|[0-9]+(?:\.(?![*/^'])[0-9]*)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?"
    r"|\.[*/^]|==|->|\*\*|\S")

_SPELLED = ("α alpha β beta γ gamma δ delta ε epsilon ϵ epsilon ζ zeta η eta θ theta ϑ theta ι iota κ kappa λ lambda μ mu "
            "µ mu ν nu ξ xi ο omicron π pi ρ rho ϱ rho σ sigma ς sigma τ tau υ upsilon φ phi ϕ phi χ chi ψ psi ω omega "
            "Α Alpha Β Beta Γ Gamma Δ Delta Ε Epsilon Ζ Zeta Η Eta Θ Theta Ι Iota Κ Kappa Λ Lambda Μ Mu Ν Nu Ξ Xi "
            "Ο Omicron Π Pi Ρ Rho Σ Sigma Τ Tau Υ Upsilon Φ Phi Χ Chi Ψ Psi Ω Omega")
GREEK = dict(zip(_SPELLED.split(" ")[::2], _SPELLED.split(" ")[1::2], strict=True))
GREEK_NAMES = frozenset(GREEK.values()) | {"varepsilon", "vartheta", "varphi"}
SPELT_NAMES = GREEK_NAMES | {"lam", "lamb", "lambd", "lmbda", "eps", "reg"}      # and those of numbers as programs shorten them
SIGNS = {"ᵀ": "'", "⊤": "'", "′": "'", "’": "'", "⊙": ".*", "∘": ".*", "·": "*", "⋅": "*", "×": "*", "−": "-", "–": "-",
          "∈": "in", "ℝ": "R", "→": "->"}
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀᴮᴰᴷᴸᴹᴺᴾ", "0123456789+-()abcdefghijklmnoprstuvwxyzTBDKLMNP", strict=True))
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₌ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789=aehijklmnoprstuvx", strict=True))
MARKS = {"\u0302": "hat", "\u0304": "bar", "\u0305": "bar", "\u0303": "tilde", "\u0307": "dot", "\u030c": "check"}
HALVES = {"½": ("1", "2"), "⅓": ("1", "3"), "⅔": ("2", "3"), "¼": ("1", "4"), "¾": ("3", "4"), "⅕": ("1", "5"), "⅙": ("1", "6"),
          "⅛": ("1", "8")}


def is_name(token: str) -> bool:
    """Whether a token is a name.

    >>> is_name('W1'), is_name('2x')
    (True, False)
    """
    return token[:1].isalpha() or token[:1] == "_"


def _plain(token: str) -> str:
    """A token in ASCII: Greek letters spelled out, signs as their ASCII twins."""
    if token.isascii():
        return token
    if token in SIGNS:
        return SIGNS[token]
    return "".join(GREEK.get(c, c) for c in token)


Token = tuple[str, int, int]         # a token of the language, and where in the text the sign it was read from begins and ends


def written(tokens: Sequence[str]) -> str:
    """Tokens of the language as one line.

    >>> written(["x", "'", "*", "A", "*", "x", "-", "ones", "(", "m", ",", "n", ")"])
    "x'*A*x - ones(m, n)"
    """
    out = ""
    for i, token in enumerate(tokens):
        before = tokens[i - 1] if i else ""
        binary = token in ("+", "-") and before not in ("", "(", ",", "+", "-", "*", "/", ".*", "./", "^", ".^", "==", "=")
        if token == ",":
            out += ", "
        elif binary or token in ("==", "=", "in", "->"):
            out += f" {token} "
        elif is_word(token) and (is_word(before) or before == ")") and out[-1] != " ":
            out += f" {token}"
        else:
            out += (" " if token == "." + token[-1] and len(token) == 2 and before[-1:].isdigit() else "") + token
    return out


def is_word(token: str) -> bool:
    """Whether a token is a name or a number."""
    return token[:1].isalnum() or token[:1] == "_"


def scripts(text: str) -> list[str]:
    """The letters of a word of Latin and Greek ones, which is a product; none where a Delta stands in front.

    >>> scripts("Xβ"), scripts("Δx"), scripts("HΔx"), scripts("Xw")
    (['X', 'beta'], [], ['H', 'Deltax'], [])
    """
    mixed = len(text) > 1 and text.isalpha() and text[0] not in "Δδ" and any(c in GREEK for c in text)
    return ["".join(GREEK.get(c, c) for c in part) for part in re.findall("Δ[A-Za-z]|.", text)] if mixed else []


def closes(text: str) -> bool:
    """Whether the first bracket of a text closes at its end.

    >>> closes('(a + b)'), closes('(a)*(b)')
    (True, False)
    """
    return closing(text, 0, ROUND) == len(text) - 1


class Line:
    """One line of input and the tokens of the statement in it; `tokens` ends with an empty string.

    A line that a dialect reads keeps its text: its tokens are those of the reading, `found` their places, `read` the reading.
    """

    __slots__ = ("end", "found", "number", "read", "start", "text", "tokens")

    def __init__(self, text: str, number: int | None = None, start: int = 0, end: int | None = None) -> None:
        self.text, self.number, self.start = text, number, start
        self.read: str | None = None
        self.end = len(text) if end is None else end
        self.found: list[tuple[int, int]] | None = None
        if len(text) > LONGEST:
            raise InputError(f"{len(text)} characters on one line; at most {LONGEST} are allowed", number, None,
                             hint="name parts of it: z = W'*x + b")
        self.tokens = TOKEN.findall(text, start, self.end)
        if not text.isascii():
            self.tokens = [_plain(t) for t in self.tokens]
        self.tokens.append("")

    @property
    def shown(self) -> str:
        """What stands on the line."""
        return self.text[self.start:self.end]

    def reading(self, tokens: Sequence[Token]) -> Line:
        """The same line as a dialect reads it."""
        out = Line("", self.number)
        out.text, out.start, out.end = self.text, self.start, self.end
        out.tokens = [text for text, _, _ in tokens] + [""]
        out.found = [(first, last) for _, first, last in tokens]
        out.read = written(out.tokens[:-1])
        return out

    def places(self) -> list[tuple[int, int]]:
        """Where the tokens begin and end in the text."""
        if self.found is None:
            self.found = [m.span() for m in TOKEN.finditer(self.text, self.start, self.end)]
        return self.found

    def span(self, first: int, last: int) -> str:
        """The text from one token to another, shortened when long; of a reading what was read."""
        places = self.places()
        if not places:
            return ""
        last = min(last, len(places) - 1)
        if self.read is not None:
            out = written(self.tokens[first:last + 1])
        else:
            out = " ".join(self.text[places[first][0]:places[last][1]].split())
        return out if len(out) <= 60 else out[:40] + " ... " + out[-15:]

    def place(self, index: int) -> int:
        """Where a token begins; behind the last one for the empty token at the end."""
        places = self.places()
        if index < len(places):
            return places[index][0]
        return max(end for _, end in places) if places else self.start

    def error(self, message: str, index: int, hint: str | None = None, shape: bool = False) -> InputError:
        """An error whose caret stands under a token."""
        return self.error_at(message, self.place(index), hint, shape)

    def error_at(self, message: str, at: int, hint: str | None = None, shape: bool = False) -> InputError:
        """An error whose caret stands under a character of the text."""
        first = self.text.rfind("\n", 0, at) + 1
        last = self.text.find("\n", at)
        shown = self.text[first:len(self.text) if last < 0 else last]
        line = (self.number or 1) + self.text.count("\n", 0, first)
        clean = "".join(c if c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in shown)
        if len(message) > 400:
            message = message[:300] + " ... " + message[-60:]
        kind = ShapeError if shape else InputError
        return kind(message, line, at - first + 1, clean, hint)
