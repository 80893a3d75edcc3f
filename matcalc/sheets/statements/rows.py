"""The statements of a display: rows, cells and what stands side by side in them, taken apart token by token."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
import re

from ...language.operations import STRUCTURE_WORDS
from ...reading.grammar.brackets import closing, depths
from ...reading.latex.blocks import ROW, SIGNS, unwrapped
from ...reading.latex.letters import ALIASES, FUNCTIONS
from ...reading.latex.macros import group
from ...reading.latex.names import Names
from ...reading.latex.tokens import PAIRS, Token, Tokens
from ...records import Record
from ...patterns import pattern

MOST_LISTED = 100       # names before the sign that declares them all
ARROWS = frozenset((r"\Rightarrow", r"\Leftrightarrow", r"\therefore", r"\because", r"\Leftarrow"))
OTHER = frozenset((r"\approx", r"\le", r"\ge", "<", ">", r"\ne", r"\sim", r"\simeq", r"\propto", r"\leftarrow", r"\mapsto", r"\succ",
                   r"\succeq", r"\prec", r"\preceq", r"\subset", r"\subseteq", r"\cong", r"\ll", r"\gg", r"\in", r"\to", r"\asymp",
                   r"\leqslant", r"\geqslant", r"\lesssim", r"\notin"))
JOINS = frozenset(("+", "-", "*", "/", r"\cdot", r"\times", r"\odot", r"\circ", r"\otimes", r"\oslash", "^"))
ENDS = (",", ";", ".")
MAPS = frozenset((r"\to", r"\mapsto"))
NESTED = PAIRS | {r"\begin": r"\end"}
CONDITION = frozenset(("if", "when", "for", "whenever", "provided", "unless", "since", "as", "because"))
JOINING = frozenset(("where", "with", "let", "and", "or", "so", "thus", "hence", "then", "therefore", "thereby", "from", "by", "using",
                     "which", "that", "is", "we", "have", "get", "obtain", "also", "but", "here", "since", "because", "finally"))


class Statement(Record):
    """Sides joined by equal signs; without the first one it goes on from the statement above. `sign` joins what is no equality;
    `word` is what a sentence says before it, `must` says that the last equality is asked for, `names` that
    the last side is a name for the one before it."""

    sides: tuple[tuple[Token, ...], ...]
    goes_on: bool
    at: int
    sign: str = ""
    word: str = ""
    must: bool = False
    names: bool = False

    @property
    def last(self) -> int:
        """Where it ends."""
        return max((t[-1][1] + len(t[-1][0]) for t in self.sides if t), default=self.at)


def statements(source: Tokens, names: Names, text: str) -> Iterator[Statement]:
    """The statements of a display, in their order."""
    waiting: Statement | None = None
    for row in _rows(unwrapped(source)):
        for k, s in enumerate(_of_a_row(row, names, text)):
            if waiting is not None and k == 0 and s.goes_on and len(waiting.sides) > 1 and not waiting.sides[-1]:      # f = \\\\ = g
                waiting = waiting._replace(sides=waiting.sides[:-1])
            elif waiting is not None and k == 0 and not s.sign and not s.word and not waiting.sign and _continues(waiting, s):
                sides = list(waiting.sides)
                if s.goes_on:
                    sides += s.sides
                else:
                    sides[-1] += s.sides[0]
                    sides += s.sides[1:]
                waiting = waiting._replace(sides=tuple(sides), must=waiting.must or s.must)
                continue
            if waiting is not None:
                yield waiting
            waiting = s
    if waiting is not None:
        yield waiting


def by_lines(s: Statement, text: str) -> Iterator[Statement]:
    """A chain that goes on in the next line of the file as one that goes on there, so that each side has its own line."""
    if s.sign or s.must or s.names or not all(s.sides):
        yield s
        return
    first = 1 if s.goes_on else 2
    out = s._replace(sides=s.sides[:first])
    for above, side in zip(s.sides[first - 1:], s.sides[first:], strict=False):
        if "\n" in text[above[0][1]:side[0][1]]:
            yield out
            out = Statement((), True, side[0][1])
        out = out._replace(sides=(*out.sides, side))
    yield out


def _continues(above: Statement, below: Statement) -> bool:
    """Whether a row is the rest of the one above."""
    last = above.sides[-1]
    if not last or _joins(last):
        return True
    first = below.sides[0][0][0] if below.sides[0] else ""
    return not below.goes_on and len(below.sides) == 1 and (first in JOINS or [0, *_depths(last)][-1] > 0)


def _joins(part: Tokens) -> bool:
    """Whether this ends in a sign that wants something behind it: not in the star of ‖A‖_*."""
    return bool(part) and part[-1][0] in JOINS and not (len(part) > 1 and part[-2][0] in ("_", "^"))


def _depths(part: Tokens) -> Iterator[int]:
    return depths((t for t, _ in part), NESTED)


def _rows(source: Tokens) -> Iterator[list[Token]]:
    row: list[Token] = []
    depth = i = 0
    while i < len(source):
        token = source[i][0]
        depth += (token in ("{", r"\begin")) - (token in ("}", r"\end"))
        if token == ROW and depth <= 0:
            yield row
            row = []
            if i + 2 < len(source) and source[i + 1][0] == "[" and re.fullmatch(r"[\d.]+|-", source[i + 2][0]):
                while i < len(source) and source[i][0] != "]":
                    i += 1
            elif i + 1 < len(source) and source[i + 1][0] == "*":
                i += 1
        else:
            row.append(source[i])
        i += 1
    yield row


def _of_a_row(row: list[Token], names: Names, text: str) -> list[Statement]:
    out, head, skip = list[Statement](), list[Token](), False
    pieces = [(p, word, arrow) for segment, word, arrow in _segments(row, names, text) for p in _cells(segment)]
    for k, (part, word, arrow) in enumerate(pieces):
        part = _trimmed(part)
        if not part:
            continue
        found = {t for t, _ in _level(part)}
        if not found & SIGNS and not found & OTHER and not (":" in found and MAPS & {t for t, _ in part}):
            if _listed(p for p, _, _ in islice(pieces, k, k + MOST_LISTED)):
                head += [*part, (",", part[-1][1])]
                continue
            if out and not arrow or skip or found & {r"\dots"} or head or r"\forall" in found:
                continue
        statement = _statement([*head, *part], word)
        head = []
        inner = [side for side in statement.sides[:-1] if [t for t, _ in side] != [r"\dots"]]        # f = \dots = g leaves lines out
        statement = statement._replace(sides=(*inner, statement.sides[-1]))
        if _range(statement, pieces[k + 1][0] if k + 1 < len(pieces) else []):
            skip = True
            continue
        if arrow and statement.goes_on:
            statement = statement._replace(goes_on=True)
        out.append(statement)
    return out


def _listed(pieces: Iterable[Tokens]) -> bool:
    """Whether names stand here before a sign that declares them all: x, y, z \\in \\R^n."""
    for part in pieces:
        found = {t for t, _ in _level(part)}
        if r"\in" in found or MAPS & {t for t, _ in part}:
            return True
        if not part or found & (SIGNS | OTHER | {r"\dots"}):
            return False
    return False


def _range(s: Statement, later: Tokens) -> bool:
    """i = 1, ..., n."""
    return len(s.sides) == 2 and len(s.sides[0]) == 1 and s.sides[0][0][0] in "ijklt" and \
        (any(t == r"\dots" for t, _ in later) or any(t == r"\dots" for t, _ in s.sides[1]))


def _level(part: Tokens) -> Iterator[Token]:
    """The tokens outside every bracket."""
    return (t for t, depth in zip(part, _depths(part), strict=True) if depth <= (t[0] in NESTED))


def _statement(part: list[Token], word: str) -> Statement:
    sides: list[list[Token]] = [[]]
    sign, must, named = "", False, False
    for (token, at), depth in zip(part, _depths(part), strict=True):
        if depth <= 0 and token in SIGNS:
            must, named = token == r"\must", token == r"\is" and len(sides) > 1
            sides.append([])
            continue
        if depth <= 0 and token in OTHER and not sign:
            sign = token
        if token not in ("&", r"\quad"):
            sides[-1].append((token, at))
    goes_on = len(sides) > 1 and not sides[0]
    kept = sides[1:] if goes_on else sides
    return Statement(tuple(map(tuple, kept)), goes_on, part[0][1], sign, word, must, named)


def _trimmed(part: list[Token]) -> list[Token]:
    start, end = 0, len(part)
    while end > start and part[end - 1][0] in (*ENDS, "&", r"\quad", r"\qed", r"\square", r"\blacksquare"):
        end -= 1
    while start < end and part[start][0] in ("&", r"\quad", ",", r"\bullet"):
        start += 1
    opened = max((k for k in range(start + 1, end) if part[k][0] == "(" and part[end - 1][0] == ")"), default=end)
    word = part[opened + 1:end - 1]
    end = opened if len(word) > 5 and all(t.isalpha() and at == word[0][1] + k for k, (t, at) in enumerate(word)) else end    # (equation)
    inner = [t for t, _ in part[start:end]]
    bracketed = inner[:1] == ["("] and "=" in inner and closing(inner) == len(inner) - 1          # in the case $(y = x)$
    return part[start + bracketed:end - bracketed]


def _segments(row: list[Token], names: Names, text: str) -> Iterator[tuple[list[Token], str, bool]]:
    """What stands between commas, arrows and words of a sentence, each with the word before it."""
    now, word, arrow = list[Token](), "", False
    depth = i = 0
    while i < len(row):
        token, at = row[i]
        depth += (token in NESTED) - (token in NESTED.values())
        stop = depth <= 0 and (token in ARROWS or token in ENDS and not (token == "." and text[at + 1:at + 2].isalnum()))       # A.B
        if depth <= 0 and token == r"\text" and not (now and now[-1][0] in ("_", "^")):
            part, behind = group(row, i + 1)
            if not _is_name(part, row[behind:], now, names) and not any(t == r"\in" for t, _ in _level(now)):
                yield now, word, arrow
                said = text[part[0][1]:part[-1][1] + len(part[-1][0])].lower() if part else ""
                said = re.sub(r"\bfor (?=all\b|any\b|every\b|each\b)", "", said)
                words = re.findall(r"[a-z]+", said)
                word, arrow, now = words[-1] if words else "", False, []
                word = next((w for w in reversed(words) if w in CONDITION or w == "where"), word)
                i = behind
                if said.strip() and not words:          # (*) = ..: a label for what follows, which is a chain of its own
                    while i < len(row) and row[i][0] in ("&", *SIGNS):
                        i += 1
                continue
            now += row[i:behind]
            i = behind
            continue
        if stop:
            yield now, word, arrow
            now, arrow, word = [], token in ARROWS, "" if token in ARROWS else word
        else:
            now.append((token, at))
        i += 1
    yield now, word, arrow


def _is_name(part: Tokens, later: Tokens, before: Tokens, names: Names) -> bool:
    """Whether a text is the name of something and no word of a sentence."""
    word = "".join(t for t, _ in part).replace(r"\_", "_")
    if before and before[-1][0] in ("+", "-") and word.rstrip(".") not in JOINING:
        return True         # x + \text{const}
    if not re.fullmatch(r"\w+", word) or word in CONDITION | JOINING:
        return False
    if word in FUNCTIONS or word in ALIASES or names.known(word) or len(word) == 1 or word in ("E", "Var", "Cov", "argmin", "argmax"):
        return True
    return bool(later) and (later[0][0] in ("_", "^", "(") or later[0][0] in SIGNS)


def _remarked(cell: Tokens) -> bool:
    """Whether a bracket holds a condition or words: (x \\in R), (A symmetric), ({\\rm Cost function})."""
    words = {"".join(t for t, _ in group(cell, k + 1)[0] if t != ".") for k, (t, _) in enumerate(cell) if t in (r"\text", r"\mathrm")}
    return any(t == r"\in" for t, _ in cell) or bool(words & (STRUCTURE_WORDS | JOINING | CONDITION | {"const", "constant"})) or any(
        len(w) > 3 and w[0].isalpha() and w not in FUNCTIONS and w not in ALIASES for w in words)


NUMBER = pattern(r"\((?:\d+(?:\.\d+)*[a-z]?|\*+|[a-z]|[ivx]+|\\star|\\dagger|\\ast|[A-Z]\.?\d+|\\ref.*|\\eqref.*)\)")


def _cells(part: list[Token]) -> Iterator[list[Token]]:
    """The statements side by side in what has no comma: second columns, and what stands behind a wide blank."""
    cells: list[tuple[str, list[Token]]] = [("", [])]
    for (token, at), depth in zip(part, _depths(part), strict=True):
        if depth <= 0 and token in ("&", r"\quad"):
            if cells[-1][1] or not cells[-1][0]:
                cells.append((token, []))
            else:
                cells[-1] = (cells[-1][0] + token, [])
        else:
            cells[-1][1].append((token, at))
    now: list[Token] = []
    for k, (between, cell) in enumerate(cells):
        if not cell:
            continue
        complete = any(t in SIGNS for t, _ in _level(now)) and now[-1][0] not in SIGNS and not _joins(now)
        texts = [t for t, _ in cell]
        if now and texts[0] == "(" and r"\ne" in texts[2:]:                # (i \ne j), (\text{if } i \ne j)
            cells[k] = between, cell = between, cell[(at := texts.index(r"\ne")) - 1:at + 2]
        begins = cell[0][0] in SIGNS | JOINS
        if now and (r"\quad" in between or complete and between) and (cell[0][0] == r"\forall" or cell[0][0] == "(" and _remarked(cell)):
            continue
        last = complete and not any(c for _, c in cells[k + 1:])
        if now and (r"\quad" in between or last) and NUMBER.fullmatch("".join(t for t, _ in cell if t not in "{}")):
            continue
        if complete and r"\quad" in between and texts[0] == "(" and closing(texts) == len(texts) - 1 and SIGNS & set(texts):
            cells[k] = between, cell = between, cell[1:-1]          # f = a, \quad (a = b)
        ahead = [t for _, c in cells[k:k + 2] for t, _ in _level(c)]
        listed = r"\quad" in between and len(cell) == 1 and cell[0][0].lstrip("\\").isalpha()          # \quad a, b \in \R^n
        if complete and not begins and (listed or any(t in SIGNS or t in OTHER for t in ahead)):
            yield now
            now = list(cell)
        elif complete and not begins and between.startswith("&&"):
            continue
        else:
            now += cell
    yield now
