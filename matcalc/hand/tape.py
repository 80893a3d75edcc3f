"""The tokens of a formula and the names and calls in it."""

from __future__ import annotations

import re

from ..language.functions import ELEMENTWISE_NAMES, OPERATIONS
from ..language.shape import InputError
from .words import GREEK, SKIPPED, Names, Token, tokens

FUNCTIONS = ELEMENTWISE_NAMES | {row.spelling for row in OPERATIONS} | {"expm", "normF"}
ALIASES = {"Tr": "tr", "trace": "tr", "ln": "log", "Det": "det", "Diag": "diag", "logsumexp": "logsumexp", "lse": "logsumexp",
           "sgn": "sign", "ReLU": "relu", "LSE": "logsumexp", "asin": "arcsin", "acos": "arccos", "atan": "arctan", "etr": "tr"}
OPEN = {"(": ")", "[": "]", r"\{": r"\}", r"\lbrace": r"\rbrace"}
NORMS = {r"\lVert": r"\rVert", r"\|": r"\|", r"\Vert": r"\Vert"}
BARS = {r"\lvert": r"\rvert", "|": "|", r"\vert": r"\vert"}
STYLES = frozenset((r"\mathrm", r"\mathit", r"\mathbf", r"\boldsymbol", r"\bm", r"\vec", r"\mathsf", r"\text", r"\textbf", r"\mathcal",
                    r"\operatorname", r"\mathop", r"\mathbb", r"\textrm", r"\mathnormal", r"\symbf"))
ACCENTS = {r"\hat": "hat", r"\bar": "bar", r"\tilde": "tilde", r"\overline": "bar", r"\widehat": "hat", r"\widetilde": "tilde"}
TURNED = frozenset(("T", r"\top", r"\intercal", r"\mathsfT", r"\mathrmT", r"\prime", "t"))
CIRCLES = {r"\odot": ".*", r"\circ": ".*", r"\oslash": "./", r"\otimes": "kron"}
TIMES = frozenset((r"\cdot", r"\times", "*", r"\ast"))


class Tape:
    """The tokens of a formula, from left to right."""

    def __init__(self, text: str, names: Names, line: int | None = None) -> None:
        self.text, self.names, self.line = text, names, line
        self.tokens: list[Token] = tokens(text)
        self.i = self.depth = 0

    # ------------------------------------------------------------ the tape
    @property
    def now(self) -> str:
        """The present token."""
        while self.i < len(self.tokens) and self.tokens[self.i][0] in SKIPPED:
            self.i += 1
        return self.tokens[self.i][0] if self.i < len(self.tokens) else ""

    def take(self) -> str:
        """The present token, behind us."""
        found = self.now
        self.i += 1
        return found

    def error(self, message: str, hint: str | None = None, at: int | None = None) -> InputError:
        """An error at a token."""
        k = self.i if at is None else at
        column = self.tokens[k][1] if k < len(self.tokens) else len(self.text.rstrip())
        first = self.text.rfind("\n", 0, column) + 1
        last = self.text.find("\n", column)
        line = None if self.line is None else self.line + self.text.count("\n", 0, column)
        return InputError(message, line, column - first + 1, self.text[first:last if last >= 0 else None], hint)

    def expect(self, token: str, opened: int) -> None:
        """What must come now."""
        if self.now != token:
            raise self.error("this bracket is not closed" if not self.now else f"{token} is expected, not {self.now}",
                             at=opened if not self.now else None)
        self.i += 1

    def deeper(self) -> None:
        """One level down."""
        self.depth += 1
        if self.depth > 60:
            raise self.error("the formula is nested too deeply")

    def inside(self, text: str) -> str:
        """A formula inside another."""
        part = type(self)(text, self.names, self.line)
        part.depth = self.depth
        out = part.sum()
        if part.now:
            raise self.error(f"{part.now} cannot stand in {text.strip()}", at=self.i - 1)
        return out

    def group(self) -> str:
        """The text of {...}, or of one token."""
        if not self.now:
            raise self.error("something is missing here")
        if self.now != "{":
            token = self.take()
            if len(token) > 1 and token.isdigit():
                self.i -= 1
                self.tokens[self.i] = (token[1:], self.tokens[self.i][1] + 1)
                return token[0]
            return token + self.group() if token in STYLES else token
        opened = self.i
        self.i += 1
        start, level = self.i, 1
        while self.i < len(self.tokens):
            level += (self.tokens[self.i][0] == "{") - (self.tokens[self.i][0] == "}")
            self.i += 1
            if not level:
                begin = self.tokens[start][1]
                return self.text[begin:self.tokens[self.i - 1][1]]
        raise self.error("this brace is not closed", at=opened)

    def sum(self) -> str:
        """A whole formula."""
        raise NotImplementedError

    def factor(self) -> str:
        """A factor with what is raised behind it."""
        raise NotImplementedError

    def bracket(self) -> str:
        """( ... )."""
        raise NotImplementedError

    def factor_of_d(self) -> str:
        """What a d stands before."""
        raise NotImplementedError

    # ------------------------------------------------------------ names and calls
    def name(self) -> str | None:
        """A letter or a word with its subscript; a function's name as the language spells it."""
        at, token = self.i, self.now
        if token in STYLES:
            self.i += 1
            word = re.sub(r"[{}\s]|\\_", lambda m: "_" if m[0] == r"\_" else "", self.group())
            word = re.sub(r"\\(" + "|".join(k[1:] for k in STYLES) + r")(?![a-z])", "", word)
            if word == "d" and token in (r"\mathrm", r"\operatorname", r"\text", r"\mathop"):
                return "\\d"
            if word in ("1", "0"):
                return "\\" + word
            head = word.lstrip("\\")
        elif token in ACCENTS:
            self.i += 1
            head = f"{self.inside(self.group())}_{ACCENTS[token]}"
        elif token.startswith("\\") and token[1:].isalpha():
            head = token[1:]
            if head not in GREEK and head not in FUNCTIONS and head not in ALIASES and head not in ("ell", "det", "tr"):
                return None
            self.i += 1
        elif token.isalpha():
            self.i += 1
            head = token
        else:
            return None
        if not re.fullmatch(r"\w+", head):
            raise self.error(f"{head} is not a name", at=at)
        head = GREEK.get(head, head)
        if self.now == "_":
            return self.subscript(head)
        return self.names.resolve(head) if not self.function(head) else ALIASES.get(head, head)

    def function(self, head: str) -> bool:
        """Whether the word is a function of the language here."""
        return not self.names.known(head) and (head in FUNCTIONS or head in ALIASES)

    def subscript(self, head: str) -> str:
        """A name with an index; I_n, K_{m,n}, unvec_{m,n}, 1_n are constants."""
        self.i += 1
        raw = self.group()
        bare = re.sub(r"\\(mathrm|mathit|text|operatorname)\b|[{}\s]", "", raw)
        if head == "unvec":
            return f"\\unvec {self.sizes(raw)}"
        if head == "L" and bare == r"expm" or bare == r"\expm":
            return "expm_frechet"
        if head in ("I", "K", "T") and not self.names.resolved(f"{head}_{self.plain(bare)}") and not self.names.known(head):
            if head == "I":
                return f"\\eye({self.sizes(raw)})"
            if "," in bare:
                return f"\\comm({self.sizes(raw)})"
        return self.names.resolve(f"{head}_{self.plain(bare)}")

    def plain(self, text: str) -> str:
        """An index as part of a name."""
        return "_".join(re.findall(r"\w+", text)) or "_"

    def sizes(self, raw: str) -> str:
        """m,n or n+1 or m n, as the language writes sizes."""
        parts = re.split(r",|\\times", raw)
        out = []
        for part in parts:
            terms = [re.findall(r"\w+", t) for t in part.replace("{", " ").replace("}", " ").split("+")]
            out.append("+".join("*".join(t) for t in terms))
        return ", ".join(out)

    def called(self, name: str, at: int) -> str:
        """A name, or a function and its argument."""
        if name == "\\d" or (name == "d" and not self.names.known("d") and self.differential()):
            return f"d({self.factor_of_d()})"
        if name in ("\\1", "\\0"):
            return self.ones(name[1:])
        if name.startswith("\\unvec "):
            inner = self.bracket()[1:-1]
            return f"unvec({inner}, {name[7:]})"
        if name.startswith("\\"):
            return name[1:]
        if self.names.function(name) or name == "expm_frechet" or self.function(name):
            primes = ""
            while self.now == "'":
                primes += self.take()
            if self.now == "^" and not self.names.function(name):
                mark = self.i
                self.i += 1
                power = self.group()
                self.i, after = (mark, self.i)
                if power.strip().isdigit():
                    self.i = after
                    return f"({self.called(name, at)})^({power.strip()})"
            return self.applied(name + primes, at)
        if name == "I" and not self.names.known("I"):
            return "eye"
        if name == "sigma" and not self.names.known("sigma") and self.now in ("(", r"\left"):
            return self.applied("sigmoid", at)
        return name

    def differential(self) -> bool:
        """Whether a letter d stands before something it can be the differential of."""
        token = self.now
        return token.isalpha() or token in OPEN or token == r"\left" or token in STYLES or token[1:] in GREEK

    def applied(self, name: str, at: int) -> str:
        """f(...), or \\log x without brackets."""
        if not self.now:
            raise self.error(f"{name} of what?", at=at)
        if self.now in OPEN or self.now == r"\left" or re.fullmatch(r"\\[bB]ig+[lr]?", self.now):
            inner = self.bracket()
            inner = inner if inner.startswith("(") and inner.endswith(")") and _whole(inner) else f"({inner})"
        else:
            inner = f"({self.factor()})"
        inner = re.sub(r"^\(\((.*)\)\)$", lambda m: f"({m[1]})" if _whole(f"({m[1]})") else m[0], inner, flags=re.S)
        if name == "log":
            found = re.fullmatch(r"\(abs\(det(\(.*\))\)\)", inner, flags=re.S)
            if found and _whole(found[1]):
                return f"logdet{found[1]}"
        return name + inner

    def ones(self, which: str) -> str:
        """A bold 1 or 0, with or without its size."""
        if self.now == "_":
            self.i += 1
            return f"{'ones' if which == '1' else 'zeros'}({self.sizes(self.group())})"
        return "vector(1)" if which == "1" else "0"


def _whole(text: str) -> bool:
    """Whether the first bracket closes at the end."""
    depth = 0
    for i, c in enumerate(text):
        depth += (c == "(") - (c == ")")
        if depth == 0:
            return i == len(text) - 1
    return False
