"""One formula of LaTeX, read into the language: as matcalc writes it, and as people do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from itertools import chain, combinations

from ...language.operations import ELEMENTWISE_NAMES
from ...language.shape import InputError
from ...records import Record
from .calls import FENCES
from .products import whole
from .index_scope import Scope, Rows, Marks
from .evaluated import Evaluated
from .indices import Indices
from .index_letters import apart, head_of, letters
from .whole_text import columns
from .cursor import STYLES
from .letters import OPEN, TURNED
from .macros import group, lowered
from ..grammar.brackets import BRACES, depths
from .names import Ambiguity, Names
from .spelt_names import with_functions
from .spelling import plain
from .tokens import GREEK, Tokens, misread, tokens

PLACES = frozenset("ijkl")
MOST = 4        # undeclared names, of which each may be a number or a column


class Found(Record):
    """A sum in the language, how many tokens stand behind it, names that are new, and how many axes it has."""

    text: str
    behind: int
    new: tuple[str, ...]
    axes: int


def formula(text: str, names: Names) -> str:
    """Read a formula; returns text of the language."""
    def fail(message: str, at: int) -> InputError:
        return misread(text, at, message)
    return read(with_functions(plain(tokens(text), {}, fail), names), names, text)


def read(source: Tokens, names: Names, text: str, doubts: list[Ambiguity] | None = None) -> str:
    """The tokens of a formula in the language; how what could be read in two ways was read is added to the doubts."""
    return whole(Formula(source, names, text, doubts))


class Formula(Indices):
    """A recursive-descent reader of formulas; every method returns text of the language."""

    # ------------------------------------------------------------ sums over an index
    def total(self) -> str:
        """\\sum_i and what it goes over, as a number or a column."""
        if self.marks is not None:
            return self.over_indices()
        at = self.i
        if self.ahead() != "_":
            raise self.error("a sum over an index is read with its index", "write \\sum_i, \\sum_{i=1}^n, or sum(x)", at)
        end = self.far(at)
        [rest] = apart((tuple(self.tokens[at:end]),), self.names, self.names.sizes, self.text)
        indices, said = letters((rest,), self.names, self.names.sizes)
        if not said:
            raise self.error("this sum over an index cannot be read", "write it as a matrix product", at)
        families = self.families(rest, indices)
        found = self.summed_as(rest, indices, {}) if not families[1] else None
        if not isinstance(found, Found):
            found = self.as_samples(rest, indices, families, at, found)
        if self.names.asks:
            found = self.as_columns(rest, indices, found, at)
        if isinstance(found, InputError):
            raise found if found.column is not None else self.error(found.message, found.hint, at)
        text, behind, new, _ = found
        self.i = end - behind
        used = {t for t, _ in self.tokens[at:self.i]}
        if new:
            self.names.entries.update(f"{name}_{min(indices)}" for name in new)
            numbers = bool(used & set(self.names.bodies)) or "^" in used or any(t.removeprefix("\\") in ELEMENTWISE_NAMES for t in used)
            if not set(new) <= set(self.names.sets.values()):
                self.doubt(at, f"a sum over entries of {', '.join(sorted(new))}", numbers)
        return text

    def far(self, at: int) -> int:
        """Where the bracket around a sum is closed, or the term behind the next one begins."""
        count, signed = 0, True
        for k, depth in enumerate(depths((self.tokens[j][0] for j in range(at, len(self.tokens))), OPEN | BRACES), at):
            token = self.tokens[k][0]
            count += not depth and not signed and token in ("+", "-")
            if depth < 0 or not depth and token in ("=", ",") or count > 1:
                return k
            signed = not depth and token in ("+", "-", "}", r"\sum")
        return len(self.tokens)

    def with_indices(self, rest: Tokens, indices: set[str]) -> list[str]:
        """The names with one of these indices."""
        return list(dict.fromkeys(head_of(rest, k) for k, part, _ in lowered(rest) if rest[k - 1][0] != r"\sum" and indices & set(part)))

    def families(self, rest: Tokens, indices: set[str]) -> tuple[list[str], list[str]]:
        """The names with an index of which there is a capital too, a declared matrix: those that are declared, and those that are not."""
        known = [n for n in self.with_indices(rest, indices) if len(n) == 1 and n.islower() and self.names.known(n.upper()) and
                 "1" not in (self.shape(n.upper()) or "1")]
        return [n for n in known if self.names.known(n)], [n for n in known if not self.names.known(n)]

    def as_samples(self, rest: Tokens, indices: set[str], families: tuple[list[str], list[str]], at: int,
                   why: InputError | None) -> Found | InputError:
        """The same sum with as few as possible of the declared x_i as the rows, or the columns, of X; else why it cannot be read."""
        declared, new = families
        for few in range(0 if new else 1, len(declared) + 1):
            found = self.in_one_way(rest, indices, [({n: Rows(n.upper(), by_columns, True) for n in (*some, *new)}, frozenset())
                                                    for some in combinations(declared, few) for by_columns in (False, True)], at)
            if isinstance(found, Found):
                return found
            why = why or found
        return why or InputError("this sum over an index cannot be read", hint="write it as a matrix product")

    def as_columns(self, rest: Tokens, indices: set[str], found: Found | InputError, at: int) -> Found | InputError:
        """The same sum where the text shows of one x_i that it is a column, as no declaration does: another y_i beside it is a number or
        a column too. The sum is a number, or behind a row a column, if it can be; what keeps two readings is refused, naming both."""
        shown, transposed = columns(self.text)[1], self.behind_row(at)
        free = [n for n in self.with_indices(rest, indices) if len(n) == 1 and n.islower() and not {n, n.upper()} & self.names.plain]
        maybe = [n for n in free if n not in shown]
        if not (transposed or len(maybe) < len(free)) or len(maybe) > MOST:
            return found
        some = chain.from_iterable(combinations(maybe, count) for count in range(len(maybe) + 1))
        other = self.in_one_way(rest, indices, [({}, frozenset(names)) for names in some], at, int(transposed))
        return other if isinstance(other, Found) else found

    def in_one_way(self, rest: Tokens, indices: set[str], ways: list[tuple[dict[str, Rows], frozenset[str]]], at: int,
                   axes: int | None = None) -> Found | InputError | None:
        """The sum in the only one of these ways in which it can be read, with so many axes if it can be; else why it cannot."""
        outcomes = [self.summed_as(rest, indices, *way) for way in ways]
        read = {out.text: out for out in reversed(outcomes) if isinstance(out, Found)}
        fit = ([r for r in read.values() if r.axes == axes] or list(read.values()))[::-1]
        if len(fit) > 1:
            self.refuse("a sum over samples", self.said(fit[0].text), self.said(fit[1].text), at)
        return fit[0] if fit else next((out for out in outcomes if isinstance(out, InputError)), None)

    def behind_row(self, at: int) -> bool:
        """Whether a transpose stands right before a place."""
        before = [t for t, _ in self.tokens[max(at - 4, 0):at] if t not in STYLES and t not in "{}"]
        return before[-1:] == ["'"] or before[-2:-1] == ["^"] and before[-1] in TURNED

    def summed_as(self, rest: Tokens, indices: set[str], rows: Mapping[str, Rows], also: frozenset[str] = frozenset()) -> \
            Found | InputError:
        """The sum that begins there, with some x_i as rows or columns of a matrix, and others as the rows of one that is not declared."""
        vectors, shown = columns(self.text)
        scope = Scope(indices, self.names, rows, self.text, (vectors, shown | also), self.names.sizes)
        reader = self.with_marks(rest, Marks(indices))
        reader.closing, reader.end = self.closing, self.end
        try:
            net = Evaluated(reader, scope, rest[0][1]).value(reader.total())
            scope.limited(self.names.sizes)
            dims = tuple(a for a in (net.row, net.col) if a)
            if dims and (single := [n for n in rows if self.names.known(n)]):
                raise InputError(f"{single[0]} is declared, and its entries are numbers")
            free = sorted(net.axes - set(dims))
            if free and not (self.names.asks and self.names.equation and set(free) <= PLACES and not dims):
                raise InputError(f"{free[0]} is a free index: no sum runs over it")
            stacked = {r.matrix for r in scope.rows.values()}
            if scope.new and not (all(n in stacked or self.shape(n) for n in scope.new) if self.names.asks else
                                  self.only_columns(scope, rest[:reader.i])):
                raise InputError(f"sums over an index of {next(iter(scope.new))} cannot be read: its shape is not known")
            text = scope.ranges.text(net, (*free, *dims))
            self.columns_by_index({n: place for n, place in scope.lettered.items() if n in scope.new}, text)
        except InputError as e:
            return e
        if self.names.asks:
            text = re.sub(r"\?(#\d+)\?", lambda m: scope.ranges.of(m[1]), text)      # what was found later
            text = re.sub(r"\bones\(\?#\d+\?\)", "vector(1)", text)        # its size is found with the others
        if re.search(r"\?#\d+\?", text):
            return InputError("the range of an index of this sum cannot be found", hint="declare the name that carries it: x in R^n")
        weights = {name: [scope.ranges.of(axis) for axis in scope.new[name]] for name in {*scope.new} & {*self.names.sets.values()}}
        self.names.weighted.update({name: ",".join(sizes) for name, sizes in weights.items() if "?" not in "".join(sizes)})
        text = f"({text})'" if net.col and not net.row else text
        if free:
            text = f"(unit({free[0]})'*({text}){f'*unit({free[1]})' if len(free) > 1 else ''})"
        return Found(text, len(reader.tokens) - reader.i, () if self.names.asks else tuple(scope.new), len(dims))

    def with_marks(self, rest: Tokens, marks: Marks) -> Formula:
        """A reader of tokens in which some letters are indices, whose doubts nobody sees."""
        reader = Formula(rest, self.names, self.text)
        reader.depth, reader.nested, reader.marks = self.depth, True, marks
        return reader

    def columns_by_index(self, lettered: Mapping[str, int], text: str) -> None:
        """Names with an index whose letters say scalar are columns where the sum as it is read has them so, and they stand nowhere else
        without an index (InputError)."""
        tokens = [GREEK.get(t.lstrip("\\"), t.lstrip("\\")) for t, _ in (self.names.line if lettered else ())] + [""]
        for name, place in lettered.items():
            bare = any(t == name and after != "_" for t, after in zip(tokens, tokens[1:], strict=False))
            if bare or name not in self.names.columns(text):
                raise self.names.misread(self.text, place, f"{name} has an index, and it is not declared: its letter says scalar",
                                         f"declare {name} in R^n")

    def only_columns(self, scope: Scope, used: Tokens) -> bool:
        """Whether undeclared names can only be columns: each has the one index of a sum of numbers."""
        signs = {t for t, _ in used}
        single = len(scope.letters) == 1 and not signs & {*FENCES, "'", "T", r"\top", r"\trans", r"\langle"}
        return single and all(len(axes) == 1 and name[0].islower() and name not in scope.vectors and
                              (name in self.names.bodies or not self.names.known(name)) for name, axes in scope.new.items())

    # ------------------------------------------------------------ entries
    def argument(self, name: str, at: int) -> str:
        """What a function is applied to; in a sheet diag(y_n(1 - y_n)) is that of the column with these entries."""
        found = self.column_here() if name == "diag" and self.opens() and not self.names.asks and self.marks is None else ""
        return found or super().argument(name, at)

    def column_here(self) -> str:
        """The column of which the bracket that comes now has an entry, behind us; nothing where it has none."""
        mark, part = self.mark(), tuple(self.inside_here())
        found = {t for _, below, _ in lowered(part) for t in below}
        if len(found) == 1 and found <= PLACES | self.names.uses.summed:
            scope = Scope(found, self.names, {}, self.text, columns(self.text), self.names.sizes)
            reader = self.with_marks(part, Marks(found, found))
            with suppress(InputError):
                net = Evaluated(reader, scope, part[0][1]).value(whole(reader))
                if net.axes == found and not net.row and not net.col and not scope.new:
                    self.i += len(part) + 2
                    return scope.ranges.text(net, (min(found),))
        self.back(mark)
        return ""

    def entry_of_name(self, name: str, letters: str, at: int) -> str:
        """x_i and A_{ij} of declared names; a name that is transposed somewhere is another one. In a sheet the indices of a line are read
        together."""
        if not self.names.asks or self.marks is not None:
            return super().entry_of_name(name, letters, at)
        shape = self.shape(name) or ("1", "1")
        sizes = [s for s in shape if s != "1"] or ["?" for _ in letters if name in self.names.open]
        named = any(self.names.known(c) or c in self.names.sizes for c in letters)
        own = f"{name}_{letters}"
        if named and len(sizes) == len(letters) and not self.names.resolved(own) and not self.transposed(name, letters):
            self.refuse(own, f"an entry of {name}, {name}({','.join(letters)})", "a name of its own, which is then declared", at)
        if name == "delta" and len(letters) == 2 and not named and not self.names.known(name) and not self.names.resolved(own):
            return f"\\(unit({letters[0]})'*unit({letters[1]}))"        # Kronecker's
        if len(sizes) != len(letters) or named or self.transposed(name, letters):
            return self.names.resolve(f"{name}_{letters}")
        if len(sizes) == 2:
            return f"\\(unit({letters[0]})'*{name}*unit({letters[1]}))"
        return f"\\({name}*unit({letters}))" if shape[0] == "1" != shape[1] else f"\\(unit({letters})'*{name})"

    def raised(self, base: str) -> str:
        """Exponents and transposes; (Ax)_i is an entry."""
        out = super().raised(base)
        if not self.names.asks or self.marks is not None:
            return out
        below = self.script("_")
        shape = self.shape(out)
        if not below or not set(below) <= PLACES | {","} or any(map(self.names.known, below)) or shape is None:
            return out
        letters = [t for t in below if t != ","]
        if len(letters) != sum(s != "1" for s in shape) or shape[0] == "1":
            return out
        self.skip()
        entry = f"(unit({letters[0]})'*({out}){f'*unit({letters[1]})' if len(letters) > 1 else ''})"
        return super().raised(entry)

    def transposed(self, name: str, below: str) -> bool:
        """Whether a name with this index is transposed somewhere in the line."""
        line = self.names.line
        for k, part, behind in lowered(line):
            if GREEK.get(line[k - 1][0].lstrip("\\"), line[k - 1][0]) == name and "".join(t for t in part if t != ",") == below:
                sign = line[behind][0] if behind < len(line) else ""
                above = "".join(t for t, _ in group(line, behind + 1)[0]) if sign == "^" else sign
                if above in TURNED or above == "'":
                    return True
        return False
