"""A place in the tokens of a formula that moves from left to right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Self, TypeVar

from ...language.shape import InputError
from .macros import group
from .index_scope import SIGN, Marks
from .names import Ambiguity, Names
from .tokens import TOKEN, Token, Tokens

VARIABLE = frozenset((r"\mathit", r"\mathbf", r"\boldsymbol", r"\bm", r"\vec", r"\mathsf", r"\mathcal", r"\mathbb", r"\mathnormal",
                      r"\symbf", r"\mathscr", r"\mathfrak", r"\textbf", r"\mathbbm", r"\mathds", r"\pmb", r"\bold", r"\symbfit",
                      r"\uvec", r"\underaccent"))
STYLES = VARIABLE | {r"\mathrm", r"\text", r"\operatorname", r"\textsf", r"\texttt", r"\mathtt"}
ACCENTS = {r"\hat": "hat", r"\bar": "bar", r"\tilde": "tilde", r"\overline": "bar", r"\widehat": "hat", r"\widetilde": "tilde",
           r"\dot": "dot", r"\ddot": "ddot", r"\check": "check", r"\breve": "breve", r"\acute": "acute", r"\overrightarrow": "vec",
           r"\mathring": "ring"}
SKIPPED = frozenset(("&", r"\quad"))
Mark = tuple[int, list[Token], int]
T = TypeVar("T")


class Cursor:
    """A position in the tokens of a formula, with look-ahead and errors that point to the source."""

    closing: tuple[str, ...] = ()       # the bars that are open
    marks: Marks | None = None          # the indices of a formula that has some

    def __init__(self, source: Tokens, names: Names, text: str, doubts: list[Ambiguity] | None = None) -> None:
        self.tokens: list[Token] = [t for t in source if t[0] not in SKIPPED]
        self.names, self.text = names, text
        self.i = self.depth = 0
        last = TOKEN.match(text, source[-1][1]) if source else None
        self.end = last.end() if last else len(text)
        self.doubts: list[Ambiguity] = [] if doubts is None else doubts
        self.fractioned = self.nested = self.on_diagonal = self.divides = False
        self.styled = ""
        self.begun = self.begun_at = 0
        self.reaching = self.logged = False
        self.pair: tuple[str, str] | None = None        # what a colon is between, in the term that was read last

    @property
    def now(self) -> str:
        """The next token."""
        return self.tokens[self.i][0] if self.i < len(self.tokens) else ""

    def ahead(self, k: int = 1) -> str:
        """The token so many places further on."""
        return self.tokens[self.i + k][0] if self.i + k < len(self.tokens) else ""

    def take(self) -> str:
        """Return the next token and move past it."""
        found = self.now
        self.i += 1
        return found

    def error(self, message: str, hint: str | None = None, at: int | None = None) -> InputError:
        """An error at a token."""
        k = self.i if at is None else at
        return self.names.misread(self.text, self.tokens[k][1] if k < len(self.tokens) else self.end, self.told(message), hint)

    def expect(self, token: str, opened: int) -> None:
        """Move past a token that must come next, or raise an error."""
        if self.now != token:
            raise self.error("this bracket is not closed" if not self.now else f"{token} is expected, not {self.now}",
                             at=opened if not self.now else None)
        self.i += 1

    def mark(self) -> Mark:
        """Where this is, to come back to."""
        return self.i, self.tokens, len(self.doubts)

    def back(self, mark: Mark) -> None:
        """At a mark again, with no doubt since."""
        self.i, self.tokens, count = mark
        del self.doubts[count:]

    def put(self, start: int, end: int, *tokens: Token) -> None:
        """Other tokens in the place of some."""
        self.tokens = [*self.tokens[:start], *tokens, *self.tokens[end:]]

    @contextmanager
    def ahead_only(self) -> Iterator[None]:
        """What is read here is not behind us."""
        mark = self.mark()
        try:
            yield
        finally:
            self.back(mark)

    def enclosed(self, read: Callable[[], T], end: str, opened: int, *bars: str) -> T:
        """What stands from here up to a closing delimiter, between bars that may not begin a factor."""
        before, self.closing = self.closing, bars
        found = read()
        self.closing = before
        self.expect(end, opened)
        return found

    def deeper(self) -> None:
        """One level down."""
        self.depth += 1
        if self.depth > 60:
            raise self.error("the formula is nested too deeply")

    sum: Callable[[], str]  # a whole formula

    def part(self, source: Tokens) -> Self:
        """A reader of a part of the tokens, with the same names."""
        out = type(self)(source, self.names, self.text, self.doubts)
        out.depth, out.nested, out.divides, out.marks = self.depth, True, self.divides, self.marks
        return out

    # ------------------------------------------------------------ shapes: what has indices has none yet
    def shape(self, text: str) -> tuple[str, str] | None:
        """The shape of a text, where it is sure."""
        return None if self.marked(text) else self.names.shape(text)

    def guessed(self, text: str) -> tuple[str, str] | None:
        """The shape of a text, as far as it is known."""
        return None if self.marked(text) else self.names.guessed(text)

    def square(self, text: str) -> bool:
        """Whether a text is a square matrix."""
        return not self.marked(text) and self.names.square(text)

    def marked(self, text: str) -> bool:
        """Whether something in a text has an index."""
        return self.marks is not None and SIGN in text

    def told(self, text: str) -> str:
        """A text as it is shown, names with their indices as they were written."""
        return self.marks.shown(text) if self.marks is not None and SIGN in text else text

    def inside(self, source: Tokens) -> str:
        """Read a formula that is nested in this one."""
        out = self.part(source)
        out.deeper()
        if not out.now:
            raise self.error("a formula is missing here", at=max(self.i - 1, 0))
        text = out.sum()
        if out.now:
            raise out.error(f"{out.now} cannot stand here")
        return text

    def group(self) -> list[Token]:
        """The tokens of {...}, or one token; of a number its first digit."""
        if not self.now:
            raise self.error("something is missing here")
        token, at = self.tokens[self.i]
        if token == "{":
            part, self.i = group(self.tokens, self.i)
            return part
        self.i += 1
        if len(token) > 1 and token.isdigit():
            self.i -= 1
            self.put(self.i, self.i + 1, (token[1:], at + 1))
            return [(token[0], at)]
        if token in STYLES or token in ACCENTS or token in (r"\frac", r"\sqrt"):
            start = self.i - 1
            for _ in range(2 if token == r"\frac" else 1):
                self.group()
            return self.tokens[start:self.i]
        return [(token, at)]

    def script(self, sign: str, behind: int = 0) -> list[str]:
        """What stands below, _, or above, ^, at this place or so many tokens further on; styles and braces are left out."""
        part = group(self.tokens, self.i + behind + 1)[0] if self.ahead(behind) == sign else []
        return [t for t, _ in part if t not in STYLES and t not in "{}"]

    def skip(self) -> None:
        """Move past the index or the exponent that comes now, or a sign."""
        self.i = group(self.tokens, self.i + 1)[1] if self.now in ("_", "^") else self.i + 1

    def transposed_here(self, behind: int = 0) -> bool:
        """Whether a transpose comes now, or behind so many tokens."""
        return self.ahead(behind) == r"\trans" or "".join(self.script("^", behind)) in ("T", r"\top", r"\trans")

    def doubt(self, start: int, reading: str, sure: bool = False) -> None:
        """Note how what was written from a token up to here was read."""
        self.doubts.append(Ambiguity(self.since(start), self.told(reading), sure))

    def two_readings(self, start: int, one: str, other: str, sure: bool = False) -> None:
        """What was written from a token up to here has two readings: it is refused, naming both, or the first is taken and told."""
        if self.names.asks:
            raise self.error(f"{self.since(start)} has two readings: {one}, and {other}", "write the one that is meant", start)
        self.doubt(start, one, sure)

    def since(self, start: int) -> str:
        """What was written from a token up to here."""
        behind = self.tokens[self.i][1] if self.i < len(self.tokens) else self.end
        return " ".join(self.text[self.tokens[start][1]:behind].replace("&", " ").split())
