"""Sums over an index as calls: sum(i, j, A[i,j]*x[i]*x[j]), sum(x[i]**2 for i in range(n)); read as \\sum_{i,j} A_{ij} x_i x_j is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .latex_names import Declared
from ..latex.formula import Formula
from ..latex.texts import minimal
from ..latex.products import whole
from ..latex.tokens import Token
from ..grammar.tokens import SPELT_NAMES, Line, closes, written, is_name
from ..grammar.kinds import kind
from .pieces import Piece
from .atom_signs import outer
from ..grammar.lexer import Sign, signs
from ..grammar.spellings import MODULES
from ...patterns import pattern
from ..grammar import brackets

if TYPE_CHECKING:
    from .powers import Powers

INNER = frozenset(("dot", "inner", "vdot"))
BELOW = pattern(r"(.+)_([a-z]+)")
SPELLED = {"·": r"\cdot", "@": r"\cdot", "‖": r"\|", "⟨": r"\langle", "⟩": r"\rangle", ".*": r"\odot", "./": "/", "^^T": "'"}


def below(text: str) -> set[str]:
    """The letters that stand below a name."""
    found = BELOW.fullmatch(text)
    return set(found[2]) if found else set()


def is_index(spoken: Powers, letter: str) -> bool:
    """Whether a letter can be an index: nothing is called so."""
    named = spoken.around.has(letter) or letter in spoken.around.scope.functions
    return len(letter) == 1 and letter.isalpha() and letter.islower() and not named


def begins(spoken: Powers, sign: Sign) -> bool:
    """Whether a sum over an index stands here, behind its name."""
    return called(spoken, [sign, *spoken.signs[spoken.i:]], 0)


def called(spoken: Powers, found: Sequence[Sign], k: int) -> bool:
    """Whether sum(i, ..) or sum(.. for i in ..) stands at a place."""
    if found[k].text not in ("sum", "Sum") or spoken.around.knows(found[k].text) or k + 1 >= len(found) or found[k + 1].text != "(":
        return False
    inside = [s.text for s in found[k + 2:closing(found, k + 1)]]
    letter = inside[0] if inside[1:2] == [","] else ""
    return "for" in inside or is_index(spoken, letter) and any(t == letter or letter in below(t) for t in inside[2:])


def closing(found: Sequence[Sign], k: int) -> int:
    """Where the bracket at a place is closed."""
    return brackets.closing([s.text for s in found], k)


def read(spoken: Powers, sign: Sign) -> Piece:
    """The sum that stands here, in the language."""
    found = [sign, *spoken.signs[spoken.i:spoken.closing_of(spoken.i) + 1]]
    writer = Writer(spoken)
    tokens = writer.sum(found)
    names = Declared(spoken.line, spoken.around, True)
    names.of_line(tokens)
    text = written(minimal(whole(Formula(tokens, names, spoken.line.text))))
    shape = names.shape(text)
    if shape is not None and shape[0] == "1" != shape[1]:       # a sum of rows stands upright
        text = text[:-1] if text.endswith(")'") and closes(text[:-1]) else f"({text})'"
    spoken.i += len(found) - 1
    spoken.summed_over |= writer.letters
    placed = [Sign(s.text, sign.start, found[-1].end, s.gap) for s in signs(text)]
    return type(spoken)(Line(text), placed, spoken.around, False).sum()


class Writer:
    """Writes signs as the tokens of LaTeX."""

    def __init__(self, spoken: Powers) -> None:
        self.spoken = spoken
        self.letters: frozenset[str] = frozenset()

    def sum(self, found: Sequence[Sign]) -> list[Token]:
        """\\sum_{i,j} ( .. ) of sum(i, j, ..) and of sum(.. for i in range(n) for j in range(m))."""
        inside, at = list(found[2:-1]), found[0].start
        inside = inside[1:-1] if inside[0].text == "[" and closing(inside, 0) == len(inside) - 1 else inside
        begins = [k for k, s in enumerate(inside) if s.text == "for"] or [len(inside)]
        over: list[tuple[str, str]] = []
        if begins[0] < len(inside):
            body = inside[:begins[0]]
            for k, end in zip(begins, [*begins[1:], len(inside)], strict=True):
                letter, upper, entries = self.ranged([s.text for s in inside[k + 1:end]], {s.text for s in inside})
                if not is_index(self.spoken, letter):
                    raise self.spoken.refuse("this sum over an index cannot be read", inside[k].start)
                over.append((letter, upper))
                body = [s._replace(text=t) for s in body for t in ([entries[s.text], "[", letter, "]"] if s.text in entries else [s.text])]
        else:
            k = 0
            while is_index(self.spoken, inside[k].text) and inside[k + 1].text == ",":
                over.append((inside[k].text, ""))
                k += 2
            body = inside[k:]
        self.letters |= {letter for letter, _ in over}
        out: list[Token] = []
        for letter, upper in over:
            out += [(r"\sum", at), ("_", at), (letter, at), *([("^", at), ("{", at), (upper, at), ("}", at)] if upper else [])]
        return [("(", at), *out, ("(", at), *self.tokens(body), (")", found[-1].start), (")", found[-1].start)]

    def ranged(self, said: list[str], seen: set[str]) -> tuple[str, str, dict[str, str]]:
        """The index of i in range(n), of a, b in zip(x, y) and of i, a in enumerate(x), how far it goes, and whose entries a and b are."""
        k = said.index("in") if "in" in said else 0
        names, behind = [t for t in said[:k] if t not in (",", "(", ")")], said[k + 1:]
        inside = behind[2:-1] if behind[1:2] == ["("] else behind
        if behind[:1] == ["range"]:
            size = inside[2:] if inside[:2] == ["0", ","] else inside
            whole = size[:2] == ["len", "("] and len(size) == 4 or size[1:3] == [".", "shape"] and len(size) == 6
            return (names[0], "" if whole else size[0], {}) if len(names) == 1 and (whole or len(size) == 1) else ("", "", {})
        of = [t for t in inside if t != ","]
        letter = names.pop(0) if behind[:1] == ["enumerate"] and len(names) > 1 else next(t for t in "ijklmn" if t not in seen)
        vectors = all(is_name(t) and kind(self.spoken.around.shape(t)) == "column" for t in of)
        return (letter, "", dict(zip(names, of, strict=True))) if vectors and len(names) == len(of) > 0 else ("", "", {})

    def tokens(self, found: Sequence[Sign]) -> list[Token]:
        """The signs as tokens."""
        out: list[Token] = []
        k = 0
        while k < len(found):
            sign, text, at = found[k], found[k].text, found[k].start
            after = found[k + 1].text if k + 1 < len(found) else ""
            if called(self.spoken, found, k):
                end = closing(found, k + 1)
                out += self.sum(found[k:end + 1])
                k = end + 1
                continue
            if text in MODULES and after == ".":
                k += 2
                continue
            if text in INNER and after == "(" and not self.spoken.around.knows(text):        # dot(a, b) is ((a)@(b)), and b may be c[i]
                end = closing(found, k + 1)
                comma = next((found.index(s) for s in outer(found[k + 2:end]) if s.text == ","), end)
                one, close, two = found[k + 1], found[end], found[comma + 1:end]
                two = two if len(two) == 4 else [one, *two, close]
                found = [*found[:k], one, one, *found[k + 2:comma], close, sign._replace(text="@"), *two, *found[end:]]
                continue
            if text in ("grad", "hess", "jac") and closing(found, k + 1) == k + 3:
                out += [(r"\nabla", at), *([("^", at), ("2", at)] if text == "hess" else []), *self.name(found[k + 2])]
                k += 4
                continue
            if is_name(text):
                out += self.name(sign)
            elif text in ("^", ".^", "**") or text == "√":
                end = self.operand(found, k + 1)
                inner = found[k + 2:end - 1] if after in ("(", "{") else found[k + 1:end]
                out += [(r"\sqrt" if text == "√" else "^", at), ("{", at), *self.tokens(inner), ("}", at)]
                k = end
                continue
            elif text[:2] == "^^" and text != "^^T":
                out += [("^", at), ("{", at), *((c, at) for c in text[2:]), ("}", at)]
            elif text == "." and after == "T":
                out.append(("'", at))
                k += 1
            elif text == "*" and self.spoken.numpy:
                out.append((r"\odot", at))
            else:
                out.append((SPELLED.get(text, text), at))
            k += 1
            k = self.index(found, k, sign, out)
        return out

    def operand(self, found: Sequence[Sign], k: int) -> int:
        """What stands behind an exponent, with its sign, or a root."""
        k += k < len(found) and found[k].text in ("-", "+")
        k = closing(found, k) + 1 if k < len(found) and found[k].text in brackets.CLOSES else k + 1
        while k < len(found) and found[k].text == "[":
            k = closing(found, k) + 1
        return k

    def name(self, sign: Sign) -> list[Token]:
        """A name; one with a letter below that a sum goes over is an entry."""
        text, at = self.spoken.around.resolve(sign.text), sign.start
        found = BELOW.fullmatch(text)
        if found and not self.spoken.around.knows(text) and set(found[2]) <= self.letters:
            return [*self.name(sign._replace(text=found[1])), ("_", at), ("{", at), *((c, at) for c in found[2]), ("}", at)]
        if text == "max":
            return [(r"\max", at)]
        if len(text) == 1 or text in SPELT_NAMES and not self.spoken.function(text):
            return [("\\" + text if len(text) > 1 else text, at)]
        style = r"\operatorname" if self.spoken.function(text) else r"\mathrm"
        return [(style, at), ("{", at), *((r"\_" if c == "_" else c, at) for c in text), ("}", at)]

    def index(self, found: Sequence[Sign], k: int, sign: Sign, out: list[Token]) -> int:
        """[i], [i][j], [i,:] and, behind a declared name, (i,:), as letters below; what stands behind."""
        letters: list[str] = []
        known = is_name(sign.text) and (self.spoken.around.has(sign.text) or sign.text == self.spoken.around.wrt)
        behind = is_name(sign.text) or sign.text in (")", "]")
        while k < len(found) and (found[k].text == "[" and behind or found[k].text == "(" and known):
            end = closing(found, k)
            inside = [s.text for s in found[k + 1:end] if s.text != ","]
            if not inside or not all(t == ":" or is_index(self.spoken, t) for t in inside):
                return k
            letters += inside
            k = end + 1
        if letters:
            at = sign.start
            single = known and len(letters) == 1 and "1" not in map(str, self.spoken.around.shape(self.spoken.around.resolve(sign.text)))
            out += [("_", at), ("{", at), *((t, at) for t in [*letters, *([":"] if single else [])]), ("}", at)]
            behind = single and self.spoken.numpy and sign in found and found[found.index(sign) - 1].text == "@"
            out += [("'", at)] if behind else []                # w @ X[i]
        return k
