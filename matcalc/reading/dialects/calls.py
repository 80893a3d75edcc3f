"""Calls in a dialect: functions, methods, libraries, by the table of spellings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise

from .combined import Unreadable
from .value_shapes import value_shape
from ...language.composites import REFUSED
from . import einsums
from .extents import Keywords, is_variable
from .call_arguments import ENDED, LISTED, SPECTRA, WORDS, Given, bound, normal, of_list, takes, text_of
from ...language.operations import ELEMENTWISE_NAMES, MATRIX_FUNCTIONS
from .pieces import PRIMARY, Piece, axes_of, call, one_dimensional, transposed, upright
from ..grammar.functions import SIZED, TAKES
from ...language.shape import ONE, SCALAR
from ..grammar.lexer import Sign, is_number, signs
from ..grammar.tokens import is_name
from ..grammar.spellings import AXES, MODULES, OF_ONE, Row, rows, spelt as names_spelt
from ..grammar.syntax_errors import nearest
from ...patterns import pattern

UNARY = OF_ONE | {"normF", "ln", "trace", "Tr", "log_2", "log_10"}
AXIS_FREE = ELEMENTWISE_NAMES | {"sum", "mean", "var", "std", "norm", "dot", "matmul", "mm", "multiply", "mul", "add", "subtract", "sub",
                                 "divide", "div", "power", "pow", "maximum", "square", "negative", "neg", "absolute", "solve", "outer",
                                 "transpose", "t", "ones_like", "zeros_like", "rsqrt", "asarray", "d"}
MEASURES = frozenset(("len", "size", "numel", "length"))
UNBOUND = pattern(r"[A-Za-z]+_[ij]{1,2}")
OF_LIBRARY = frozenset(("np", "numpy", "jnp", "torch", "dim", "keepdim", "keepdims"))
NO_VALUES = WORDS | {"[]", "∞"}
INFINITY = frozenset(("inf", "Inf", "infty"))


class Called(Given):
    """What is written with brackets behind a name."""

    def function(self, name: str) -> bool:
        """Whether the language or everyday use has a function of this name, and nothing else is called so."""
        return not self.around.has(name) and (name in TAKES or name in MEASURES or bool(rows(name, matlab=not self.numpy)))

    over_an_index: Callable[[Sign], Piece | None]  # a sum over an index, behind its sign or its name

    # ------------------------------------------------------------ calls
    def dotted(self, sign: Sign) -> Piece | None:
        """np.linalg.inv(A), torch.pi: a path of modules and a name."""
        if sign.text not in MODULES or self.now != "." or self.around.knows(sign.text):
            return None
        path = [sign.text]
        while self.now == "." and is_name(self.ahead(1) or "."):
            self.i += 1
            path.append(self.take().text)
        name = path[-1]
        if name in ("r_", "c_") and self.now == "[" and self.closing_of(self.i) < len(self.signs):
            for k, text in ((self.i, "("), (self.closing_of(self.i), ")")):
                self.signs[k] = self.signs[k]._replace(text=text)
        if self.now != "(":
            if name == "pi":
                return Piece((("pi", sign.start, self.signs[self.i - 1].end),), PRIMARY, SCALAR)
            if name == "e":
                return Piece(tuple((text, sign.start, self.signs[self.i - 1].end) for text in ("exp", "(", "1", ")")), PRIMARY, SCALAR)
            if name in INFINITY:
                return Piece((("∞", sign.start, self.signs[self.i - 1].end),), PRIMARY, SCALAR, head="∞")
            if name == "newaxis":
                return Piece((("None", sign.start, self.signs[self.i - 1].end),), PRIMARY, None, head="None")
            raise self.unread()
        if name[0].isupper() and [self.ahead(1), self.ahead(2)] == [")", "("]:      # nn.ReLU()(x)
            self.i += 2
        if name == "sum" and (total := self.over_an_index(sign._replace(text=name))) is not None:
            return total
        given, named, end = self.sizes_of(name) or self.arguments()
        own, name = f"{sign.text}.{name}", name.removeprefix("reduce_") if sign.text == "tf" else name
        return self.meaning(own if rows(own, True) else name, given, named, sign.start, end, True, own)

    def method(self, p: Piece) -> Piece | None:
        """x.sum(axis=0), A.T."""
        name = self.ahead(1)
        if not name or not is_name(name):
            return None
        if name in ("shape", "size"):
            return self.size_of(p, name)
        if self.ahead(2) != "(":
            raise self.unread()
        self.i += 2
        given, named, end = self.arguments()
        if name == "transpose" and len(given) == 2:
            given = []
        libraries = {"torch" if s.text in ("torch", "dim", "keepdim") else "np" for s in self.signs if s.text in OF_LIBRARY}
        of = "." if len(libraries) != 1 else "torch." if "torch" in libraries else ""      # x.var() on a line of np is np.var(x)
        return self.meaning(of + name if rows(of + name, True) else name, [p, *given], named, p.start, end, True)

    def called(self, sign: Sign) -> Piece:
        """name(...), of the language, of everyday use, or of nobody; sum(abs2, x) is sum(abs2(x))."""
        applied = self.ahead(1)
        if sign.text in ("sum", "mean") and self.ahead(2) == "," and (applied == "abs2" or applied in ELEMENTWISE_NAMES) and \
                not self.around.knows(applied) and self.closing_of(self.i) < len(self.signs):
            opened, name = self.signs[self.i:self.i + 2]
            stop = self.closing_of(self.i)
            end = self.signs[stop]
            self.signs[self.i:stop + 1] = [opened, name, opened, *self.signs[self.i + 3:stop], end, end]
        bars = [k for k in range(self.i, min(self.closing_of(self.i), len(self.signs))) if self.signs[k].text == "‖"]
        if len(bars) == 1:      # KL(p ‖ q)
            self.signs[bars[0]] = self.signs[bars[0]]._replace(text=",")
        given, named, end = self.sizes_of(sign.text) or self.arguments()
        return self.meaning(sign.text, given, named, sign.start, end, bool(named))

    def meaning(self, name: str, given: list[Piece], named: Keywords, start: int, end: int, library: bool, own: str = "") -> Piece:
        """What a call stands for; `own` is how a function of a library was written."""
        if name in ("slogdet", "logabsdet") and self.now == "[":
            name += self.index()
        elif [name, self.now, self.ahead(1)] in (["slogdet", ".", "logabsdet"], ["determinant", "$", "modulus"]):
            self.i += 2
            name, library = "slogdet[1]", True
        if (made := self.read_by_itself(name, given, named, start, end, library)) is not None:
            return made
        if library and name.lstrip(".") in AXES and len(given) == 2 and is_number(given[1].tokens[-1][0]) and "axis" not in named:
            named = {**named, "axis": given[1]}
            given = given[:1]
        name, given, keywords, along = self.with_axes(name, given, named, start)
        kept = "keepdims" in keywords and text_of(keywords.pop("keepdims")) == "True"
        if (rows(name) and rows(name)[0].renamed == "tr" or name == "tr") and not library and (whole := self.trace(given, start, end)):
            return whole
        if name in ("ones_like", "zeros_like") and len(given) == 1 and given[0].shape and is_variable(given[0]):
            like = self.sized(name[:-5], [self.dim(d, start) for d in given[0].shape], start, end)
            return axes_of(given[:1], like)
        if name == "diag" and not self.numpy and not self.bound and len(given) == 1 and self.counts(given[0]):
            raise self.refuse(f"diag({self.text(given[0])}) is the identity in R, and a number in MATLAB", start, "the identity is eye(n)")
        spelt = rows(name, library, not self.numpy)
        found = [r for r in spelt if takes(r, given, keywords)]
        if found and found[0].meaning[0] == "!" and self.numpy:
            found = [r for r in rows(name, True) if takes(r, given, keywords)]       # on a line of NumPy the norm of a matrix is NumPy's
        if found:
            out = self.expanded(found[0], given, keywords, start, end)
            out = out._replace(flat=False, transposed=False) if kept else out
            return transposed(out, start, start) if kept and along == "0" and out.kind == "column" else out
        if name in SPECTRA and len(given) == 1 and not keywords:
            shape = given[0].shape and (given[0].shape[name == "svdvals"], ONE)
            return call(name, given, shape, start, min(end, start + len(name)))._replace(items=tuple(given), flat=self.numpy)
        self.readable(name, given, keywords and named, start, own, spelt)
        return self.settled(call(name, given, value_shape(name, [p.shape for p in given]), start, min(end, start + len(name))), given)

    def read_by_itself(self, name: str, given: list[Piece], named: Keywords, start: int, end: int, library: bool) -> Piece | None:
        """The meaning of functions of lists, of sizes and of subscripts, which no row of the table can say."""
        if name == "einsum" and given and given[0].head[:1] == '"':
            rule = given.pop(0).head.strip('"')
            try:
                made = einsums.row(rule, given)
            except einsums.Unfit as unfit:
                raise self.refuse(f'einsum("{rule}", ..) cannot be read', start, str(unfit)) from None
            return self.expanded(made, given, {}, start, end)
        if name in LISTED and library and given and (given[0].items or name in ENDED):
            return of_list(self, name, given[0].items or given, named, start, end)
        if name in SIZED:
            return self.sized(name, given, start, end)
        if name in MEASURES and not named and given and not self.around.has(name):
            axis = self.text(given[1]) if len(given) == 2 else ""
            if name == "size" and axis in ("1", "2"):
                return self.extent(given[0], int(axis) - 1)
            if len(given) == 1 and (name != "size" or library) and (name != "length" or given[0].kind != "matrix"):
                return self.extent(given[0], 0 if name == "len" else -1)
        return None

    def with_axes(self, name: str, given: list[Piece], named: Keywords, start: int) -> tuple[str, list[Piece], Keywords, str]:
        """A call whose arguments lie as the language has them, with the keywords that the table of spellings knows; and its axis."""
        given = [upright(p) if name == "outer" else self.column(p) for p in given] if name not in ("dot", "matmul") else given
        self.no_doubtful_sum(name, given, named, start)
        if name == "norm" and given and given[0].head[:1] != '"':
            given[0] = self.upright_letter(given[0])
        keywords = normal(named, given)
        if name.split(".")[-1] in ("var", "std") and "ddof" in keywords and text_of(keywords["ddof"]) == "0":
            keywords, name = {k: p for k, p in keywords.items() if k != "ddof"}, name.split(".")[-1]
        if "ord" in keywords and "axis" not in keywords:
            given.append(keywords.pop("ord"))
        along = text_of(keywords["axis"]) if "axis" in keywords else ""
        if along == "0" and (one_dimensional(given[0]) or self.numpy and given[0].kind == "column") and name.lstrip(".") in AXES:
            del keywords["axis"]
        self.two_axes(name, given, {k: p for k, p in keywords.items() if k != "keepdims"} if along == "0" else keywords, start)
        return name, given, keywords, along

    def of_spectra(self, p: Piece) -> Piece:
        """A reading in which no row took the eigenvalues or the singular values."""
        return p._replace(tokens=tuple((t if self.around.knows(t) else SPECTRA.get(t, t), at, end) for t, at, end in p.tokens))

    def no_doubtful_sum(self, name: str, given: Sequence[Piece], named: Keywords, start: int) -> None:
        """Refuse sums of what may be a number or a product with a matrix, and sums whose index is not given."""
        for p, beside in self.spread if name in ("sum", "mean", "square") else ():
            if any(g.start <= p.start < g.end for g in given):
                first = p.tokens[0][0]
                raise self.two_readings(f"{self.text(p)} beside {beside}", f"a number, spread over {beside}",
                                        f"a product with a matrix {first}", p.start,
                                        f"declare {first}: {first} in R^n, or {first} in R^(m,n)")
        if name == "sum" and not named and len(given) == 1 and self.unbound(given[0]):
            raise self.refuse("a sum of a single number, whose index is not given", start,
                              "write sum_i, or sum_{i,j}, before what is summed")

    def trace(self, given: list[Piece], start: int, end: int) -> Piece | None:
        """tr(A log A), where that is said in the language; refused where it has two readings."""
        bare = (s.text for s, after in pairwise(self.signs) if start <= s.start < end and s.text in MATRIX_FUNCTIONS
                and after.text != "(" and not (self.around.knows(after.text) and self.around.shape(after.text) == SCALAR))
        head = next(bare, given[0].head if len(given) == 1 else "")
        if head not in MATRIX_FUNCTIONS or self.numpy or self.bound:
            return None
        inner = self.text(given[0])
        typed = self.line.text[start:].replace(" ", "")
        if typed.startswith(f"tr({inner.replace(' ', '')})") or given[0].head == head and typed.startswith(f"tr({head}("):
            return call("tr", given, SCALAR, start, start + 2)       # as the language has it
        of_matrix = inner.replace(f"{head}(", f"{MATRIX_FUNCTIONS[head]}(", 1)
        raise self.two_readings(f"tr({inner})", f"of the matrix, tr({of_matrix})", f"entry by entry, tr({inner})", start)

    def readable(self, name: str, given: Sequence[Piece], unread: Keywords, start: int, own: str, spelt: Sequence[Row]) -> None:
        """Refuse a function that is none of the language, and arguments that it cannot have there."""
        if name in REFUSED:
            raise self.refuse(f"{name} is not supported: {REFUSED[name]}", start)
        if unread:
            raise self.refuse(f"{name}(..., {', '.join(f'{k}={text_of(p)}' for k, p in unread.items())}) cannot be read here", start)
        word = next((text_of(p) for p in given if p.head[:1] == '"' or "," in p.tokens[0][0] or text_of(p) in NO_VALUES), "")
        if word:
            shown = ", ".join([".."] * (word != text_of(given[0])) + [word])
            raise self.refuse(f"{name}({shown}) cannot be read", start)
        if own and name not in TAKES and not self.around.has(name):
            if spelt:
                raise self.refuse(f"{own} with these arguments cannot be read", start,
                                  f"known forms: {', '.join(r.spelling for r in spelt[:8])}")
            meant = nearest(name, [*names_spelt(True), *sorted(ELEMENTWISE_NAMES)])
            raise self.refuse(f"unknown function {own}", start, f"did you mean {own.removesuffix(name)}{meant}?" if meant else
                              "write what it computes with the operations of the language")

    def two_axes(self, name: str, given: Sequence[Piece], keywords: Keywords, at: int) -> None:
        """x[:, None] has two axes: only some functions take it as the language takes a vector."""
        apart = next((p for p in given if p.kind in ("column", "row") and not one_dimensional(p)), None)
        ordered = name == "norm" and len(given) > 1
        if self.numpy and apart is not None and not self.bound and (keywords or ordered or name not in AXIS_FREE):
            raise self.refuse(f"{name} of {self.text(apart)}, which has two axes here, cannot be read", at,
                              "give it the vector of one axis, or write the result out")
        if self.numpy and keywords and any(p.shape is None for p in given):
            raise Unreadable(at)
        if self.numpy and name == "outer" and any(p.kind == "scalar" and not self.open_letter(p) for p in given):
            raise self.refuse("np.outer of a number has two axes, and cannot be read", at, "write the product with *")

    def settled(self, p: Piece, given: Sequence[Piece]) -> Piece:
        """A function's value with the number of axes it has in NumPy: a vector made of matrices has one."""
        vectors = [g for g in given if g.kind in ("column", "row")]
        if p.kind == "scalar" and len(given) == 1 and given[0].kind == "scalar":
            return p._replace(transposed=given[0].transposed)
        if not self.numpy or p.kind not in ("column", "row") or one_dimensional(p) or not all(map(one_dimensional, vectors)):
            return p
        flipped = p.kind == "row" and bool(vectors) and all(g.transposed for g in vectors)
        return p._replace(flat=p.kind == "column", transposed=flipped, sure=all(g.sure for g in vectors))

    def unbound(self, p: Piece) -> bool:
        """Whether an entry stands in this whose place is a letter that nothing binds: x[i] of a number, x_i of what nobody declared."""
        texts = [t for t, _, _ in p.tokens]
        return p.kind == "scalar" and any(t == "unit" and k in "ijkl" and not self.around.knows(k) and k not in self.summed_over
                                          for t, k in zip(texts, texts[2:], strict=False)) or any(
            UNBOUND.fullmatch(t) and not self.around.knows(t) and not self.summed_over.intersection(t) for t in texts)

    def index(self) -> str:
        """[1] behind slogdet."""
        if self.ahead(1) != "1" or self.ahead(2) != "]":
            raise self.unread()
        self.i += 3
        return "[1]"

    def expanded(self, row: Row, given: Sequence[Piece], keywords: Keywords, start: int, end: int) -> Piece:
        """A row's meaning, with what is given in the places of its letters."""
        if row.meaning[0] == "!":
            raise self.refuse(row.meaning[1:], start)
        placed = [Sign(s.text, start, min(end, start + len(row.name)), s.gap) for s in template(row.meaning)]
        arrays = any(sign in row.meaning for sign in ("@", " * ", "**", " / ")) or \
            self.numpy and (" + " in row.meaning or " - " in row.meaning)
        inner = type(self)(self.line, placed, self.around, arrays, bound(row, given, keywords))
        inner.vectors, inner.spread = self.vectors, self.spread
        out = inner.sum()
        return out if "None" in row.meaning else self.settled(out, given)


@lru_cache(512)
def template(text: str) -> tuple[Sign, ...]:
    """The signs of a meaning."""
    return signs(text)
