"""One formula of LaTeX, read into the language: what matcalc writes itself, and what people write by hand."""

from __future__ import annotations

import re

from ..language.functions import ELEMENTWISE_NAMES
from .calculus import Calculus
from .calls import bare
from .runs import with_functions
from .spelling import group, plain
from .tape import CIRCLES, FUNCTIONS, OPEN, STYLES, TIMES, TURNED
from .words import Doubt, Names, Tokens, misread, tokens

CLOSING = frozenset(("", ")", "]", "}", ",", "=", "+", "-", r"\}", r"\rVert", r"\rvert", r"\rangle", ";", ":", ".", r"\at", r"\is"))
FENCES = {"|": "|", r"\lvert": r"\rvert", r"\|": r"\|", r"\lVert": r"\rVert"}
NORM = frozenset((r"\|", r"\lVert"))


def formula(text: str, names: Names) -> str:
    """A formula in the language."""
    def fail(message: str, at: int) -> Exception:
        return misread(text, at, message)
    return read(with_functions(plain(tokens(text), {}, fail), names), names, text)      # type: ignore[arg-type]


def read(source: Tokens, names: Names, text: str, doubts: list[Doubt] | None = None) -> str:
    """The tokens of a formula in the language; how what could be read in two ways was read is added to the doubts."""
    reader = Formula(source, names, text, doubts)
    if not reader.now:
        raise reader.error("a formula is missing here")
    out = reader.sum()
    if reader.now:
        raise reader.error(f"{reader.now} cannot stand here")
    return out


class Formula(Calculus):
    """Reads from left to right; every method returns a piece of the language."""

    closing: tuple[str, ...] = ()

    # ------------------------------------------------------------ sums and products
    def sum(self) -> str:
        """Terms with signs."""
        self.deeper()
        out = ""
        if self.now in ("+", "-"):
            out = "-" if self.take() == "-" else ""
        out += self.paired()
        while self.now in ("+", "-"):
            sign = self.take()
            negative = sign == "-"
            while self.now in ("+", "-"):
                negative ^= self.take() == "-"
            out += (" - " if negative else " + ") + self.paired()
        self.depth -= 1
        return out

    def paired(self) -> str:
        """A : B, which binds less than every product."""
        out = self.circle()
        while self.now == ":":
            self.i += 1
            out = f"tr(({out})'*({self.circle()}))"
        return out

    def circle(self) -> str:
        """Products joined by signs in circles, which bind less than juxtaposition."""
        out = self.product()
        while self.now in CIRCLES:
            sign = CIRCLES[self.take()]
            right = self.product()
            if sign == "./" and out == "vector(1)":
                out = "1"
            out = f"kron({out}, {right})" if sign == "kron" else f"({out}){sign}({right})"
        return out

    def product(self, argument: bool = False) -> str:
        """Factors side by side; the argument of a function ends before a sign of multiplication and the next function."""
        join = ".*" if self.bound else "*"
        out = self.factor()
        while True:
            now = self.now
            if argument and (now in TIMES or now == "/" or self.functional()):
                return out
            if now in TIMES:
                self.i += 1
                out += join + self.signed()
            elif now == "/":
                self.i += 1
                out += ("./" if self.bound else "/") + self.signed()
            elif self.begins(now):
                out += join + self.factor()
            else:
                return out

    def functional(self) -> bool:
        """Whether a function of the language comes now."""
        mark, tape, count = self.i, list(self.tokens), len(self.doubts)
        try:
            name = self.name()
        except Exception:        # what it is will be said where it is read
            name = None
        self.i, self.tokens = mark, tape
        del self.doubts[count:]
        return name is not None and not name.startswith("\\") and self.function(name)

    def signed(self) -> str:
        """A factor, perhaps with its sign."""
        if self.now == "-":
            self.i += 1
            return f"(-{self.factor()})"
        return self.factor()

    def begins(self, token: str) -> bool:
        """Whether a factor can begin with this token."""
        if token in CLOSING or token in CIRCLES or token in TIMES or token in ("/", "^", "_", "'"):
            return False
        return not (token in self.closing[-1:] if self.closing else False)

    # ------------------------------------------------------------ factors
    def factor(self) -> str:
        """An atom with what is raised behind it."""
        return self.raised(self.atom())

    def raised(self, base: str) -> str:
        """Exponents and transposes."""
        if self.now == r"\at":
            raise self.error("a value at a point is not read")
        while self.now in ("^", "'", r"\trans"):
            if self.take() != "^":
                base = f"{base}'"
                continue
            base = self.exponent(base)
        if self.now == "_" and self.bound and base.endswith(")") and self.indexed(base):
            return self.raised(base)
        return base

    def exponent(self, base: str) -> str:
        """base^{...}."""
        at = self.i - 1
        raw = self.group()
        kept = [t for t, _ in raw if t not in STYLES and t not in "{}"]
        said = "".join(kept)
        if said in TURNED and not (said in ("t", "H", "tr") and self.names.known(said)):
            return f"{base}'"
        if said in (r"\prime", r"\prime\prime"):
            return base + "'" * said.count("p")
        if said in ("*", r"\star", r"\dagger", "+", "H", r"\perp", r"\circ"):
            raise self.error(f"{said.replace('*', 'a star')} as an exponent is not read",
                             "write \\top for a transpose, x_\\star for another name", at)
        if said == "-1":
            return f"({base})^(-1)"
        if said[:1] == "-" and said[1:] in TURNED:
            return f"inv({base})'"
        if kept and kept[0] in (r"\circ", r"\odot", ".") and len(kept) > 1:
            first = next(k for k, (t, _) in enumerate(raw) if t == kept[0])
            return f"({base}).^({self.inside(raw[first + 1:])})"
        if len(kept) > 2 and kept[0] in "([" and kept[-1] in ")]" and re.fullmatch(r"[(\[]\w+[)\]]", said):
            raise self.error(f"{said} as an exponent is not read", at=at)
        power = self.inside(raw)
        if said.isdigit() and not self.bound:
            shape = self.names.shape(base)
            if shape is not None and shape[0] != shape[1]:
                self.doubt(max(at - 1, 0), f"{base}.^{said}")
                return f"({base}).^({power})"
        if base == "e" and not self.names.known("e"):
            return f"exp({power})"
        if self.bound:
            return f"({base}).^({power})"
        return f"({base})^({power})" if not re.fullmatch(r"\w+", base) else f"{base}^({power})"

    def atom(self) -> str:
        """Whatever stands by itself."""
        token = self.now
        at = self.i
        if not token:
            raise self.error("the formula ends too early")
        if token == "{":
            return f"({self.inside(self.group())})"
        if token in OPEN:
            return self.bracket()
        if token in FENCES:
            return self.between(token)
        if token == r"\langle":
            return self.inner()
        if re.fullmatch(r"[0-9]+(\.[0-9]+)?", token):
            self.i += 1
            return token
        if token == r"\frac":
            return self.fraction()
        if token == r"\sqrt":
            self.i += 1
            return f"sqrt({self.inside(self.group())})"
        if token == r"\nabla":
            return self.gradient()
        if token == r"\partial":
            return self.partial()
        if token == r"\dd":
            self.i += 1
            return self.quotient(at)
        if token == r"\delta" and self.names.variation and not self.names.known("delta") and self.ahead() not in ("_", "^", ""):
            self.i += 1
            return self.quotient(at)
        if token == r"\sum":
            return self.total()
        if token in (r"\prod", r"\int", r"\iint", r"\oint", r"\bigcup", r"\bigoplus", r"\bigotimes"):
            raise self.error("an integral is not read" if "int" in token else f"{token} is not read", at=at)
        if token in (r"\begin", r"\end"):
            raise self.error("matrices written out are not read", "give the matrix a name")
        if token == r"\dots":
            raise self.error("dots are not read", "write all terms")
        if token == "?":
            raise self.error("a question is not judged")
        if token == "D" and not self.names.known("D") and self.ahead() == "_":
            self.i += 2
            x = self.inside(self.group())
            return self.derivative(self.reach(at, x), [(x, True)], False, at)
        if token == "d" and not self.names.known("d"):
            self.i += 1
            if self.differential() or self.now == "^" and self.ahead() == "2":
                return self.quotient(at)
            self.i = at
        name = self.name()
        if name is None:
            if self.now == "{" and self.i > at:
                return f"({self.inside(self.group())})"
            raise self.error(f"{token} is not read here", at=at)
        if name == "\\d":
            return self.quotient(at)
        return self.called(name, at)

    def bracket(self) -> str:
        """( ... )."""
        opened = self.i
        token = self.take()
        if token not in OPEN:
            raise self.error(f"{token or 'nothing'} cannot open a bracket", at=self.i - 1)
        before, self.closing = self.closing, ()
        bound, self.bound = self.bound, () if self.bound and self.entry_of(opened) else self.bound
        inner = [self.sum()]
        while self.now == ",":
            self.i += 1
            inner.append(self.sum())
        self.closing, self.bound = before, bound
        self.expect(OPEN[token], opened)
        return "(" + ", ".join(inner) + ")"

    def entry_of(self, opened: int) -> bool:
        """Whether the bracket opened there has an index behind it."""
        depth = 0
        for k in range(opened, len(self.tokens)):
            depth += (self.tokens[k][0] in OPEN) - (self.tokens[k][0] in OPEN.values())
            if not depth:
                return k + 1 < len(self.tokens) and self.tokens[k + 1][0] == "_"
        return False

    def inner(self) -> str:
        """\\langle A, B \\rangle."""
        opened = self.i
        self.i += 1
        before, self.closing = self.closing, ()
        first = self.sum()
        if self.now not in (",", "|", r"\vert"):
            raise self.error(", is expected in this inner product" if self.now else "this bracket is not closed",
                             at=None if self.now else opened)
        self.i += 1
        second = self.sum()
        self.closing = before
        self.expect(r"\rangle", opened)
        if self.now == "_":
            self.i += 1
            kind = "".join(t for t, _ in self.group() if t not in STYLES and t not in "{}")
            if kind not in ("F", "2"):
                raise self.error(f"an inner product {kind} is not read", at=opened)
        return f"tr(({first})'*({second}))"

    def between(self, token: str) -> str:
        """Norms, absolute values, determinants."""
        opened = self.i
        self.i += 1
        norm = token in NORM
        twice = token == "|" and self.now == "|" and self.tokens[self.i][1] == self.tokens[opened][1] + 1 and self.closing[-1:] != ("|",)
        if twice:
            self.i += 1
            norm = True
        end = FENCES[token]
        before, self.closing = self.closing, (*self.closing, end)
        inner = self.sum()
        self.closing = before
        self.expect(end, opened)
        if twice:
            self.expect("|", opened)
        if not norm:
            return self.bars(inner, opened)
        kind, raised = "", None
        while self.now == "_" or (self.now == "^" and raised is None and self.under_behind()):
            if self.take() == "_":
                at = self.i
                kind = "".join(t for t, _ in self.group() if t not in STYLES and t not in "{}")
                if kind not in ("1", "2", "F", "fro", "Fro", "Frob", r"\ell_2", r"\ell_1", "frob"):
                    raise self.error(f"a norm {kind} is not read", "norms are 1, 2 and F", at)
            else:
                raised = self.i - 1
                self.group()
        shape = self.names.shape(inner)
        matrix = shape is not None and "1" not in shape
        if matrix and kind == "2":
            raise self.error("the spectral norm of a matrix is not read", "\\|A\\|_F is the square root of the sum of squares", opened)
        if matrix and not kind:
            self.doubt(opened, f"normF({inner})", True)
        name = {"": "norm2", "1": "norm1", r"\ell_1": "norm1", "2": "norm2", r"\ell_2": "norm2"}.get(kind, "normF")
        out = f"{name}({inner})"
        if raised is not None:
            mark, self.i = self.i, raised + 1
            out = self.exponent(out)
            self.i = mark
        return out

    def under_behind(self) -> bool:
        """Whether an index stands behind the exponent that comes now."""
        behind = group(self.tokens, self.i + 1)[1]
        return behind < len(self.tokens) and self.tokens[behind][0] == "_"

    def bars(self, inner: str, opened: int) -> str:
        """|X| of a square matrix is its determinant."""
        shape = self.names.shape(inner)
        if shape is None and re.match(r"\W*(?:[A-Z]|Sigma|Lambda|Omega|Phi|Theta|Psi)", inner):
            if any(word[0].islower() and word not in FUNCTIONS for word in re.findall(r"[A-Za-z]\w*", inner)):
                raise self.error("bars around this may be a norm or a determinant", "write \\|..\\| or \\det(..)", opened)
            self.doubt(opened, f"det({inner})")
            return f"det({inner})"
        if shape is None or shape == ("1", "1"):
            return f"abs({inner})"
        if "1" in shape:
            self.doubt(opened, f"abs({inner})")
            return f"abs({inner})"
        if shape[0] != shape[1]:
            raise self.error("bars around a matrix that is not square are not read", at=opened)
        return f"det({inner})"

    # ------------------------------------------------------------ sums over an index
    def total(self) -> str:
        """\\sum_i of entries of vectors, entry by entry: sum(..)."""
        at = self.i
        self.i += 1
        if self.now != "_":
            raise self.error("sums over an index are not read", "write sum(..), tr(..) or a matrix product", at)
        self.i += 1
        index = [t for t, _ in self.group()]
        if self.now == "^":
            self.i += 1
            self.group()
        letters = tuple(t for t in (index[:index.index("=")] if "=" in index else index) if t != ",")
        if not letters or len(letters) > 2 or self.bound or any(not t.isalpha() or self.names.known(t) for t in letters):
            raise self.error("sums over an index are not read", "write sum(..), tr(..) or a matrix product", at)
        if "=" in index and index[index.index("=") + 1:] != ["1"]:
            raise self.error("sums over an index are not read", "write sum(..), tr(..) or a matrix product", at)
        while self.now == r"\sum":
            letters += self.another(letters, at)
        start = self.i
        self.bound = letters
        try:
            inner = self.circle()
        finally:
            self.bound = ()
        used = self.tokens[start:self.i]
        self.entries(used, letters, at)
        return f"sum({bare(inner)})"

    def another(self, letters: tuple[str, ...], at: int) -> tuple[str, ...]:
        """The index of a second sum right behind the first."""
        self.i += 1
        index: list[str] = []
        if self.now == "_":
            self.i += 1
            index = [t for t, _ in self.group()]
        if self.now == "^":
            self.i += 1
            self.group()
        if len(letters) != 1 or not index or not index[0].isalpha() or index[0] in letters or self.names.known(index[0]) or \
                index[1:] not in ([], ["=", "1"]):
            raise self.error("sums over an index are not read", "write sum(..), tr(..) or a matrix product", at)
        return (index[0],)

    def entries(self, used: Tokens, letters: tuple[str, ...], at: int) -> None:
        """Refuse a sum in which a name that is no number stands without its index."""
        k = 0
        seen = False
        signs = {t for t, _ in used}
        inferable = len(letters) == 1 and not signs & {*FENCES, "'", "T", r"\top", r"\trans", r"\langle"}
        guessed: set[str] = set()
        while k < len(used):
            reader = Formula(used[k:], self.names, self.text, [])
            reader.bound = letters
            token = used[k][0]
            if token == "_":
                k = group(used, k + 1)[1]
                seen = True
                continue
            if token in OPEN or not (token.isalpha() or token in STYLES or token[1:].isalpha() and token != r"\frac"):
                if token in OPEN:
                    depth, j = 0, k
                    while j < len(used):
                        depth += (used[j][0] in OPEN) - (used[j][0] in OPEN.values())
                        j += 1
                        if not depth:
                            break
                    if j < len(used) and used[j][0] == "_":
                        k = j
                        continue
                k += 1
                continue
            try:
                name = reader.name()
            except Exception as e:
                raise self.error("sums over an index are not read", "write sum(..), tr(..) or a matrix product", at) from e
            step = max(reader.i, 1)
            part = used[k:k + step]
            if name == "e" and not self.names.known("e") and k + 1 < len(used) and used[k + 1][0] == "^":
                k += 1
                continue
            if name is None or self.function(name) or name.startswith("\\"):
                if name is not None and (name.startswith("\\") or name in ("tr", "det", "softmax", "vec", "diag", "sum", "inv")):
                    raise self.error("sums over an index are not read", "write sum(..), tr(..) or a matrix product", at)
                k += step
                continue
            indexed = any(t == "_" for t, _ in part)
            shape = self.names.shape(name)
            wanted = 1 if len(letters) == 1 else 2
            if indexed:
                seen = True
                if shape is None and inferable and not name[0].isupper() and (name in self.names.bodies or not self.names.known(name)):
                    guessed.add(f"{name}_{letters[0]}")
                    k += step
                    continue
                if shape is None or (shape[1] != "1" if wanted == 1 else shape[1] == "1"):
                    raise self.error("sums over an index are not read", "write sum(..), tr(..) or a matrix product", at)
            elif shape != ("1", "1"):
                raise self.error("sums over an index are not read", "write sum(..), tr(..) or a matrix product", at)
            k += step
        if not seen:
            raise self.error("sums over an index are not read", "write sum(..), tr(..) or a matrix product", at)
        if guessed:
            self.names.entries |= guessed
            numbers = bool(signs & set(self.names.bodies)) or "^" in signs or any(t.removeprefix("\\") in ELEMENTWISE_NAMES for t in signs)
            self.doubt(at, f"a sum over entries of {', '.join(sorted(n.rpartition('_')[0] for n in guessed))}", numbers)
