"""A hand derivation as written down: what is given, and its lines one after another; here the rows of LaTeX."""

from __future__ import annotations

from contextlib import suppress
import re

from ...language.shape import InputError
from ...reading.networks import bare
from ...reading.tokens import LONGEST
from .statement_forms import LIMITING, bound, remarks, without_point, as_equation, covariance, unspecified
from ..words.structure_words import structure_from_equation, structure
from ...reading.latex.declarations import declaration
from ...reading.latex.names import NAME, Ambiguity
from ...reading.latex.index_letters import relation
from ..parts.definiteness import SEMIDEFINITE
from .in_entries import listed
from ..parts.formula import inverted
from ..parts.records import Row, Word
from ...reading.latex.tokens import Tokens
from ...reading.latex.index_scope import Rows
from .rows import CONDITION, OTHER, Statement, statements
from ...reading.latex.formula import read
from .deferred import Deferred

BOUNDS = OTHER - {r"\sim", r"\in", r"\notin", r"\to", r"\mapsto", r"\leftarrow", r"\propto", r"\subset", r"\subseteq"}
MEANT = {r"\succ": "spd", r"\succeq": "symmetric", ">": "positive"}


class Sheet(Deferred):
    """A derivation as it was read: what is given, and its rows."""

    def tex(self, start: int, end: int) -> None:
        """The rows of a display; one that cannot be read keeps no other from being read."""
        try:
            source = self.spelled(start, end)
        except InputError as e:
            rows = re.split(r"(\\\\)", self.text[start:end])
            if len(rows) < 2:
                self.refuse(start, end, e)
                return
            at = start
            for row in rows:
                if row.strip() and row != "\\\\":
                    try:
                        for s in statements(self.spelled(at, at + len(row)), self.names, self.text):
                            self.taken(s)
                    except InputError as wrong:
                        self.refuse(at, at + len(row), wrong)
                at += len(row)
            return
        for name, word, limited in remarks(source, self.names, self.text):
            self.structure.append(Word(name, word, len(self.rows) if limited else 0))
        found = list(statements(source, self.names, self.text))
        for s, behind in zip(found, [*found[1:], None], strict=False):
            if relation(s.sides, s.sign, self.names) is None:
                kept = self.relation
                self.relation = (behind and relation(behind.sides, behind.sign, self.names)) or kept
                self.taken(s)
                self.relation = kept

    def refuse(self, start: int, end: int, why: InputError) -> None:
        """Enter a row that could not be parsed, with the error."""
        raw = self.text[start:end]
        at = start + len(raw) - len(raw.lstrip())
        number = self.line_of(at)
        self.rows.append(Row(number, None if self.rows else "", "", self.shown(start, end), why))
        self.pending, self.broken = "", True

    def taken(self, s: Statement, role: str = "") -> None:
        """One statement of a display or of a sentence."""
        number = self.line_of(s.at)
        shown = self.shown(s.at, s.last)
        each = self.in_entries(self.in_a_space(self.reparametrised(self.mapped(s)))) if not distribution(s.sides[-1]) else None
        if each is None:
            self.rows.append(Row(number, "", "", shown, role="model"))
            return
        of_entries = self.of_entries(each)
        if of_entries is None:
            return
        s = of_entries
        given = declaration(s.sides[0], self.names, self.text, structure) if len(s.sides) == 1 else None
        if given:
            self.declared(given)
            return
        row = Row(number, "", "", shown, None, "", (), "remark" if s.word in CONDITION else role)
        if len(s.sides) == 1 and not s.goes_on and not s.sign and not s.must and self.rows:
            row = row._replace(role="lone")
        if self.condition(s):
            self.rows.append(row._replace(right="", role="model"))         # all of it is known, and no line waits for more
            return
        k = next((k for k, (t, _) in enumerate(s.sides[-1]) if t == s.sign), 0) if s.sign in BOUNDS and len(s.sides) + s.goes_on > 1 else 0
        if k:                               # f = a = b < c: what is equal is a line, and only the rest is not read
            self.taken(s._replace(sides=(*s.sides[:-1], s.sides[-1][:k]), sign=""), role)
            s = s._replace(sides=(s.sides[-1][k:],), goes_on=True)
            row = row._replace(shown=self.shown(s.sides[0][0][1], s.last))
        if s.sign in SEMIDEFINITE and [t for t, _ in s.sides[0][-2:]] == [s.sign, "0"] and len(s.sides) == 1:
            with suppress(InputError):
                of = read(s.sides[0][:-2], self.names, self.text) if s.sides[0][2:] else ""
                if of or s.goes_on and self.rows:
                    self.rows.append(row._replace(left=None, right=of, role=s.sign))
                    return
        if len(shown) > LONGEST:
            why = f"{len(shown)} characters in one row; at most {LONGEST} are allowed"
            row = row._replace(why=InputError(why, number, LONGEST + 1, shown,
                                              "name parts of it: z = W^\\top x + b"))
        elif s.sign and not (s.sign == r"\in" and len(s.sides) > 1):
            self.under(s, number)
            row = row._replace(why=self.fail(f"{s.sign} is not an equality", next(at for side in s.sides for t, at in side if t == s.sign)))
        elif s.goes_on and not self.rows:
            row = row._replace(why=self.fail("nothing above this row could equal it", s.at))
        elif any(not side for side in s.sides):
            row = row._replace(why=self.fail("a side of this equality is missing", max(s.last - 1, s.at)))
        if row.why is not None:
            self.rows.append(row._replace(left=None if self.rows else ""))
            self.pending, self.broken = "", True
            return
        start, row = len(self.rows), row._replace(shown="")
        applied = frozenset(self.applied(s))
        self.sides(s, row)
        self.bound_behind(s.word, start)
        applied -= self.names.arguments.keys()
        if applied or any(r.why is not None for r in self.rows[start:]):
            self.later.append((start, len(self.rows) - start, s, row, applied))

    def under(self, s: Statement, number: int) -> None:
        """Mark the line before a condition that cannot be read as not judged."""
        last = self.rows[-1] if self.rows else None
        if s.word in LIMITING and last is not None and last.number == number and not last.defines and last.why is None:
            said = f"{last.left} = {last.right}" if last.left else f"= {last.right}"
            self.rows[-1] = last._replace(shown=said, why=self.fail("the condition after this cannot be read", s.at))

    def of_entries(self, s: Statement) -> Statement | None:
        """The statement with x for (x_1, ..., x_n)^T, of which it declares x; None where it says no more."""
        for k, side in enumerate(s.sides[1:], 1):
            side = side[:next((j for j, (t, _) in enumerate(side) if t == r"\in"), len(side))]
            found = listed(side)
            if found is None:
                continue
            name, size = self.single(found.base), found.upper
            whole = self.single(s.sides[0]) if len(s.sides) == 2 and found.start == 0 and found.end == len(side) else ""
            shape = self.shape(whole) if self.names.known(whole) else None
            if not name:
                return s
            if whole and whole != name and (whole[0].isupper() or shape is not None and "1" not in shape):
                self.families[name] = Rows(whole, not found.transposed, True)
                return None
            if self.new(name):
                self.declared(f"{name} in R^{size}")
            if whole == name:
                return None
            side = (*side[:found.start], ("(", side[found.start][1]), *found.base, (")", side[found.start][1]), *side[found.end:])
            s = s._replace(sides=(*s.sides[:k], side, *s.sides[k + 1:]))
        return s

    def mapped(self, s: Statement) -> Statement:
        r"""f(x) = .. for x \mapsto .. behind f: \R^n \to \R, and for f: x \mapsto .."""
        side = s.sides[0]
        found = [t for t, _ in side]
        if len(s.sides) != 1 or r"\mapsto" not in found:
            return s
        k = found.index(r"\mapsto")
        at = side[k][1]
        if k > 2 and found[1] == ":":
            name, x = side[:1], side[2:k]
        elif self.declare and ":" in self.declare[-1] and k and s.word not in CONDITION:
            name, x = ((self.declare[-1].partition(":")[0].strip(), at),), side[:k]
        else:
            return s
        if len(name[0][0].lstrip("\\")) > 1 and not name[0][0].startswith("\\"):
            name = (("\\" + name[0][0], at),)
        x = x[1:-1] if x[0][0] == "(" and x[-1][0] == ")" else x
        return s._replace(sides=((*name, ("(", at), *x, (")", at)), side[k + 1:]), sign="")

    def reparametrised(self, s: Statement) -> Statement:
        """l = .. for l(P) = .. of an l(S) where P = S^{-1}: it is the same l, and P is what it is made of from here on."""
        side = s.sides[0]
        shaped = len(s.sides) > 1 and len(side) > 3 and (side[1][0], side[-1][0]) == ("(", ")")
        name, arg = (self.single(side[:1]), self.single(side[2:-1])) if shaped else ("", "")
        found = inverted(self.names.bodies.get(arg, ""))
        if not found or self.calls.get(name) != (found,):
            return s
        self.forget(arg)
        self.defined(found, f"inv({arg})", 0)
        return s._replace(sides=(side[:1], *s.sides[1:]))

    def in_a_space(self, s: Statement) -> Statement:
        """A = A^\\top \\in \\R^{n \\times n} without its end, which declares A; a derivative that is zero without the point."""
        s = self.named_behind(without_point(as_equation(unspecified(s)), self.stands))
        last = s.sides[-1]
        k = next((k for k, (t, _) in enumerate(last) if t == r"\in"), 0)
        if len(s.sides) < 2 or not k or s.sign != r"\in" or not self.new(self.single(s.sides[0])):
            return s
        given = declaration((*s.sides[0], *last[k:]), self.names, self.text, structure)
        if given is None:
            return s
        self.declared(given)
        return s._replace(sides=(*s.sides[:-1], last[:k]), sign="")

    def named_behind(self, s: Statement) -> Statement:
        """The statement without `=: A` at its end, which defines A."""
        last = s.sides[-1]
        if len(s.sides) < 2 - s.goes_on or not last or last[0][0] != ":" and not s.names:
            return s
        if last[0][0] == ":" and len(s.sides) > 1 and any(t == "_" for t, _ in last):           # .. =: p_i
            self.taken(s._replace(sides=(last[1:], s.sides[-2]), goes_on=False))
            return s._replace(sides=s.sides[:-1])
        name = self.single(last[last[0][0] == ":":])
        if name in self.calls and not s.names and self.unused(name) and not any(r.defines == name for r in self.rows):
            self.forget(name)           # p of p(x) = .., which is said to be another one from here on
        if self.new(name):
            if s.sides[1:]:
                self.defined(name, read(s.sides[-2], self.names, self.text), self.line_of(s.at))
                return s._replace(sides=s.sides[:-1])
        return s if s.names else s._replace(sides=(*s.sides[:-1], last[1:]))

    def condition(self, s: Statement) -> bool:
        """A \\succ 0 says that A is positive definite."""
        beside = bool(self.rows) and self.rows[-1].number == self.line_of(s.at)      # f = x^T S x, S = S^T
        said = beside or s.word in (*CONDITION, "where", "with", "let")
        found = self.meant(s) or self.spread(s) or (self.same_as_its_transpose(s) if said else None) if s.word != "unless" else None
        if found is not None:
            self.structure.append(Word(*found, len(self.rows) - beside if s.word in LIMITING else 0))
        elif bound(s, beside, self.names.bodies.__contains__, self.names, self.text):
            if beside and s.sign != r"\ne":          # x != 0 leaves hardly anything out
                said = Ambiguity(self.shown(s.at, s.last), "a bound that is not used")
                self.rows[-1] = self.rows[-1]._replace(doubts=(*self.rows[-1].doubts, said))
            return True
        return found is not None

    def spread(self, s: Statement) -> tuple[str, str] | None:
        """Omega and spd of \\operatorname{Var}(y) = \\Omega."""
        name = self.single(side) if (side := covariance(s)) else ""
        if not name[:1].isupper():      # of q = Var(x) nobody says whether that is a number
            return None
        shape = self.shape(name) if name else None
        matrix = self.names.known(name) or name[:1].isupper()
        return (name, "spd") if matrix and name not in self.names.bodies and (shape is None or shape[0] == shape[1] != "1") else None

    def same_as_its_transpose(self, s: Statement) -> tuple[str, str] | None:
        """A and symmetric of A = A^\\top, of a name that is known."""
        if s.sign or s.goes_on or len(s.sides) != 2:
            return None
        found = structure_from_equation(*map(self.in_language, s.sides))
        return found if found is not None and self.names.known(found[0]) and found[0] not in self.names.bodies else None

    def meant(self, s: Statement) -> tuple[str, str] | None:
        """A and spd of A \\succ 0."""
        last = s.sides[-1]
        k = next((k for k, (t, _) in enumerate(last) if t == s.sign), 0)
        if s.sign not in MEANT or len(s.sides) > 2 or not k or [t for t, _ in last[k + 1:]] != ["0"]:
            return None
        name = self.in_language(last[:k])
        if len(s.sides) > 1 and (self.in_language(s.sides[0]), name) != (name[:-1], f"{name[:-1]}'"):     # P = P' > 0
            return None
        name, claimed = name.removesuffix("'"), s.sign == ">" and name in self.names.bodies          # f = x^T x, f > 0
        return (name, MEANT[s.sign]) if NAME.fullmatch(name) and not claimed else None

    def found(self, text: str) -> str | None:
        """The last line of the chain that began with this derivative."""
        if text.startswith("vec(") and text.endswith(")"):
            inner = self.found(bare(text[4:-1]))
            return inner and f"vec({inner})"
        text = bare(text)
        out: str | None = None
        for r in self.rows:
            if r.left is not None:
                out = r.right if bare(r.left) == text else out and out + "\n"
            elif out is not None and not out.endswith("\n") and r.why is None:
                out = r.right
        return out.strip() if out else None


def distribution(side: Tokens) -> bool:
    r"""Whether a side is \mathcal N(m, S): an equation with it says how something is distributed."""
    said = [t for t, _ in side]
    return said[:5] == [r"\mathcal", "{", "N", "}", "("] or said[:3] == [r"\mathcal", "N", "("]
