"""One formula of LaTeX, read into the language: what matcalc writes itself, and what people write by hand."""

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


def formula(text: str, names: Names, line: int | None = None) -> str:
    """The formula in the language."""
    reader = Formula(text, names, line)
    if not reader.now:
        raise reader.error("a formula is missing here")
    out = reader.sum()
    if reader.now:
        raise reader.error(f"{reader.now} cannot stand here")
    return out


class Formula:
    """Reads from left to right; every method returns a piece of the language."""

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

    # ------------------------------------------------------------ sums and products
    def sum(self) -> str:
        """Terms with signs."""
        self.deeper()
        out = ""
        if self.now in ("+", "-"):
            out = "-" if self.take() == "-" else ""
        out += self.circle()
        while self.now in ("+", "-"):
            sign = self.take()
            negative = sign == "-"
            while self.now in ("+", "-"):
                negative ^= self.take() == "-"
            out += (" - " if negative else " + ") + self.circle()
        self.depth -= 1
        return out

    def circle(self) -> str:
        """Products joined by signs in circles, which bind less than juxtaposition."""
        out = self.product()
        while self.now in CIRCLES:
            sign = CIRCLES[self.take()]
            right = self.product()
            out = f"kron({out}, {right})" if sign == "kron" else f"({out}){sign}({right})"
        return out

    def product(self) -> str:
        """Factors side by side."""
        out = self.factor()
        while True:
            now = self.now
            if now in TIMES:
                self.i += 1
                out += "*" + self.signed()
            elif now == "/":
                self.i += 1
                out += "/" + self.signed()
            elif self.begins(now):
                out += "*" + self.factor()
            else:
                return out

    def signed(self) -> str:
        """A factor, perhaps with its sign."""
        if self.now == "-":
            self.i += 1
            return f"(-{self.factor()})"
        return self.factor()

    def begins(self, token: str) -> bool:
        """Whether a factor can begin with this token."""
        if not token or token in (")", "]", "}", ",", "&", "=", "+", "-", r"\right", r"\}", r"\rbrace", r"\rVert", r"\rvert", ";", ":", "."):
            return False
        if token in CIRCLES or token in TIMES or token in ("/", "^", "_", "'"):
            return False
        return not (token in self.closing[-1:] if self.closing else False)

    closing: tuple[str, ...] = ()

    # ------------------------------------------------------------ factors
    def factor(self) -> str:
        """An atom with what is raised behind it."""
        return self.raised(self.atom())

    def raised(self, base: str) -> str:
        """Exponents and transposes."""
        while self.now in ("^", "'"):
            if self.take() == "'":
                base = f"{base}'"
                continue
            base = self.exponent(base)
        return base

    def exponent(self, base: str) -> str:
        """base^{...}."""
        raw = self.group()
        bare = re.sub(r"\\(mathsf|mathrm|mathit|text|rm|sf)\b|[{}\s]|\\[,;!]", "", raw)
        if bare in TURNED or bare == "*":
            return f"{base}'"
        if bare in ("-1",):
            return f"({base})^(-1)"
        if bare[:1] == "-" and bare[1:] in TURNED:
            return f"inv({base})'"
        if bare.startswith(r"\circ") or bare.startswith(r"\odot"):
            inner = raw.replace(r"\circ", " ", 1).replace(r"\odot", " ", 1)
            return f"({base}).^({self.inside(inner)})"
        power = self.inside(raw)
        if base == "e" and not self.names.known("e"):
            return f"exp({power})"
        return f"({base})^({power})" if not re.fullmatch(r"\w+", base) else f"{base}^({power})"

    def inside(self, text: str) -> str:
        """A formula inside another."""
        part = Formula(text, self.names, self.line)
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

    def atom(self) -> str:
        """Whatever stands by itself."""
        token = self.now
        at = self.i
        if not token:
            raise self.error("the formula ends too early")
        if token == "{":
            return f"({self.inside(self.group())})"
        if token == r"\left" or token in OPEN or re.fullmatch(r"\\[bB]ig+[lr]?", token):
            return self.bracket()
        if token in NORMS or token in BARS:
            return self.between(token)
        if re.fullmatch(r"[0-9.]+", token):
            self.i += 1
            return token
        if token in (r"\frac", r"\tfrac", r"\dfrac", r"\cfrac"):
            return self.fraction()
        if token == r"\sqrt":
            self.i += 1
            return f"sqrt({self.inside(self.group())})"
        if token == r"\nabla":
            return self.gradient()
        if token == r"\partial":
            self.i += 1
            return f"d({self.factor_of_d()})"
        if token in (r"\sum", r"\prod", r"\int"):
            raise self.error("sums over an index are not read", "write sum(..), tr(..) or a matrix product")
        if token in (r"\begin", r"\end"):
            raise self.error("matrices written out are not read", "give the matrix a name")
        name = self.name()
        if name is None:
            raise self.error(f"{token} is not read here", at=at)
        return self.called(name, at)

    def bracket(self) -> str:
        """( ... ), with or without \\left and \\right."""
        opened = self.i
        sized = self.now not in OPEN
        if sized:
            self.i += 1
        token = self.take()
        if token in NORMS or token in BARS:
            self.i -= 1
            return self.between(token, sized)
        if token not in OPEN:
            raise self.error(f"{token or 'nothing'} cannot open a bracket", at=self.i - 1)
        before, self.closing = self.closing, ()
        inner = [self.sum()]
        while self.now == ",":
            self.i += 1
            inner.append(self.sum())
        self.closing = before
        if sized:
            if not (self.now == r"\right" or re.fullmatch(r"\\[bB]ig+[lr]?", self.now)):
                raise self.error("this bracket is not closed", at=opened)
            self.i += 1
        self.expect(OPEN[token], opened)
        return "(" + ", ".join(inner) + ")"

    def between(self, token: str, sized: bool = False) -> str:
        """Norms and absolute values."""
        opened = self.i
        self.i += 1
        norm = token in NORMS
        end = (NORMS if norm else BARS)[token]
        before, self.closing = self.closing, (end,)
        inner = self.sum()
        self.closing = before
        if sized and self.now == r"\right":
            self.i += 1
        self.expect(end, opened)
        if not norm:
            return f"abs({inner})"
        kind = "norm2"
        if self.now == "_":
            self.i += 1
            kind = {"1": "norm1", "2": "norm2", "F": "normF"}.get(self.group().strip(" {}").removeprefix(r"\mathrm"), "")
            if not kind:
                raise self.error("norms are 1, 2 and F", at=self.i - 1)
        return f"{kind}({inner})"

    def fraction(self) -> str:
        """\\frac, also of a derivative."""
        self.i += 1
        above, below = self.group().strip(), self.group().strip()
        mark = next((m for m in (r"\partial", r"\mathrm{d}", "d") if below.startswith(m) and len(below) > len(m)
                     and not below[len(m):len(m) + 1].isalpha() or m == r"\partial" and below.startswith(m)), None)
        if mark is None and re.fullmatch(r"d\s*([A-Za-z]|\\[a-zA-Z]+)(_.*)?", below) and above.startswith("d"):
            mark = "d"
        if mark is not None and above.startswith(mark):
            x = self.inside(below[len(mark):])
            rest = above[len(mark):].strip()
            if not rest:
                return f"d({self.product()})/d({x})"
            return f"(d({self.inside(rest)})/d({x}))"
        return f"(({self.inside(above)})/({self.inside(below)}))"

    def gradient(self) -> str:
        """\\nabla f(x), \\nabla^2 f(x), \\nabla_x f."""
        self.i += 1
        second = False
        if self.now == "_":
            self.i += 1
            x = self.inside(self.group())
            return f"(d({self.factor()})/d({x}))"
        if self.now == "^":
            self.i += 1
            second = self.group().strip() == "2"
        name = self.name()
        if name is None or self.now not in ("(", r"\left"):
            raise self.error("a gradient is read as \\nabla g(x) or \\nabla_x f", at=self.i - 1)
        head = "hess" if second else "jac" if self.names.vector(name) else "grad"
        return f"{head}({name}){self.bracket()}"

    def factor_of_d(self) -> str:
        """What a d stands before: one atom, without what is raised behind it."""
        at = self.i
        if self.now in OPEN or self.now == r"\left":
            inner = self.bracket()
            return inner[1:-1] if inner.startswith("(") and inner.endswith(")") else inner
        name = self.name()
        if name is None:
            raise self.error("the differential of what?", "write \\mathrm{d}X or \\mathrm{d}(...)", at)
        return name if not (name in FUNCTIONS and self.now) else self.called(name, at)

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
