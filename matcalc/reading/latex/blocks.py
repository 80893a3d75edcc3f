"""Matrices written out in LaTeX, whose entries may be matrices themselves."""

from __future__ import annotations

from itertools import islice

from .brackets import Brackets
from .macros import grid, group
from .tokens import PAIRS, Token, Tokens
from ..grammar.brackets import closing, depths
from .spelling import EQUALS
from ...patterns import pattern

AROUND = PAIRS | {r"\begin": r"\end"}
STOPS = frozenset(("+", "-", "=", "*", "/", "^", "_", r"\cdot", r"\times", r"\odot", r"\circ", r"\otimes", ",", ";", "'"))
WIDE = pattern(r"\\(?:;|:|quad|qquad|enspace|thickspace)(?![A-Za-z])|~")
CELL, NEXT_ROW = r"\cell", r"\nextrow"
MATRIX = pattern(r"([bpvBV]?)(?:small)?matrix\*?$|(a)rray$")


class Blocks(Brackets):
    """Reads matrices written out as rows of entries."""

    def written_out(self) -> str:
        """\\begin{bmatrix} A & b \\\\ b^\\top & 1 \\end{bmatrix}; bars around it make a determinant."""
        opened = self.i
        self.i += 1
        kind = "".join(t for t, _ in self.group())
        found = MATRIX.fullmatch(kind)
        if found is None:
            raise self.error(f"{kind} cannot be read inside a formula", at=opened)
        if found[2]:
            self.group()        # how its columns are set
        begun = self.i
        self.i = begun - 1 + closing([r"\begin", *(t for t, _ in self.tokens[begun:])], 0, {r"\begin": r"\end"})
        rows = grid(self.tokens[begun:self.i], CELL, NEXT_ROW)
        self.expect(r"\end", opened)
        self.group()
        if len({len(row) for row in rows}) > 1:
            raise self.error("the rows of this matrix have different lengths", at=opened)
        out = self.stacked([[self.inside(cell) for cell in row] for row in rows])
        return f"det({out})" if found[1] == "v" else out if out[:7] == "vstack(" else f"({out})"

    def cells(self) -> list[list[list[Token]]] | None:
        """The rows of cells in the square bracket that comes now, between commas and semicolons; a product with wide blanks in it may be
        blocks side by side, and is refused, naming both."""
        inside = self.inside_here()
        nested = islice(depths((t for t, _ in inside), AROUND), 1, None)
        for (before, one), (token, at), depth in zip(inside, inside[1:], nested, strict=False):
            if not depth and not STOPS & {before, token} and token not in AROUND.values() and WIDE.search(self.text, one + len(before), at):
                self.refuse(f"{before} and {token} with a blank between them in square brackets", "a product",
                            "blocks side by side", self.i)
        rows = grid(inside, ",", ";", AROUND)
        return rows if len(rows) > 1 or len(rows[0]) > 1 else None

    def side_by_side(self, rows: list[list[list[Token]]]) -> str:
        """[A, B; C, D]; two square matrices of one size may be a commutator."""
        opened = self.i
        self.i += len(self.inside_here()) + 1
        self.expect("]", opened)
        texts = [[self.inside(cell) for cell in row] for row in rows]
        shapes = [self.shape(text) for text in texts[0]]
        if len(rows) == 1 and len(shapes) == 2 and shapes[0] == shapes[1] and shapes[0] is not None and shapes[0][0] == shapes[0][1] != "1":
            one, two = texts[0]
            self.refuse(f"[{one}, {two}]", f"blocks side by side, hstack({one}, {two})",
                        f"the commutator, {one}*{two} - {two}*{one}", opened)
        return self.stacked(texts)

    def stacked(self, rows: list[list[str]]) -> str:
        """Rows of blocks one below another."""
        lines = [f"hstack({', '.join(row)})" if len(row) > 1 else row[0] for row in self.filled(rows)]
        return f"vstack({', '.join(lines)})" if len(lines) > 1 else lines[0]

    def filled(self, rows: list[list[str]]) -> list[list[str]]:
        """The blocks 0 and I in the sizes of those beside, above and below them."""
        shapes = [[None if cell in ("0", "eye") else self.guessed(cell) for cell in row] for row in rows]
        high = [next((s[0] for s in row if s), "") for row in shapes]
        wide = [next((s[1] for s in column if s), "") for column in zip(*shapes, strict=True)]
        square = [(i, k) for i, row in enumerate(rows) for k, cell in enumerate(row) if cell == "eye"]
        for i, k in square * len(square):       # as high as it is wide
            high[i] = wide[k] = high[i] or wide[k]
        if any(set(row) == {"0"} for row in rows) and any(any(map(str.isalpha, cell)) and self.shape(cell) != ("1", "1")
                                                          for row in rows for cell in row):
            self.doubt(max(self.i - 1, 0), "0 as one number")           # nothing says how high it is
        return [[_filled(cell, h, w) for cell, w in zip(row, wide, strict=True)] for row, h in zip(rows, high, strict=True)]


def _filled(cell: str, high: str, wide: str) -> str:
    if cell == "eye":
        return f"eye({high})" if high else cell
    return f"zeros({high}, {wide})" if cell == "0" and high and wide and (high, wide) != ("1", "1") else cell


SIGNS = EQUALS | {r"\must"}
ROW = "\\\\"

LAYOUTS = pattern(r"(?:aligned|alignedat|align|alignat|flalign|gathered|gather|equation|split|eqnarray|multlined|multline|math|"
                     r"displaymath|dmath|dgroup|subequations|IEEEeqnarray|array|cases|darray)\*?$")


def unwrapped(source: Tokens) -> list[Token]:
    """Without the environments that only lay equations out."""
    out: list[Token] = []
    around: list[str] = []          # the environments around: one that lays out, "", or its name
    i = 0
    while i < len(source):
        token, at = source[i]
        if token in (r"\begin", r"\end"):
            part, behind = group(source, i + 1)
            name = "".join(t for t, _ in part)
            if token == r"\begin":
                lays_out = bool(LAYOUTS.match(name)) and (not name.startswith(("array", "cases")) or _equations(source, behind, name))
                around.append("" if lays_out else name)
                if lays_out and name.startswith(("array", "alignat", "alignedat", "IEEE", "darray")):
                    behind = group(source, behind)[1]
                if lays_out and behind < len(source) and source[behind][0] == "[":
                    while behind < len(source) and source[behind][0] != "]":
                        behind += 1
                    behind += 1
            else:
                lays_out = not (around and around.pop())
            if lays_out:
                i = behind
                continue
        elif token in (r"\eqalign", r"\displaylines", r"\eqalignno"):
            part, behind = group(source, i + 1)
            out += unwrapped(part)
            i = behind
            continue
        elif token == r"\cr":
            token = ROW
        if around and (MATRIX.fullmatch(around[-1]) or around[-1] == "cases") and token in ("&", ROW):
            token = CELL if token == "&" else NEXT_ROW
        out.append((token, at))
        i += 1
    return out


def _equations(source: Tokens, i: int, name: str) -> bool:
    """Whether an array holds equations, and no entries or cases."""
    condition = False               # whether a sign here would be that of a condition
    for k, depth in enumerate(depths((t for t, _ in source[i:]), {r"\begin": r"\end"}), i):
        token = source[k][0]
        if depth < 0 or not depth and not condition and token in SIGNS:
            return depth == 0
        if not depth and token in ("&", r"\text", ROW):
            after = {t for t, _ in source[k + 1:k + 2]}
            condition = token != ROW and (name.startswith("cases") or (condition if token != "&" else not after <= SIGNS))
    return False
