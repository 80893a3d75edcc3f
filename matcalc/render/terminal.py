"""The terminal page: aligned equalities, the rule beside each line, the part that changed set off."""

from __future__ import annotations

import os
import sys
from functools import cache
from unicodedata import combining, east_asian_width

from ..language.expr import Expr
from ..patterns import pattern
from . import changes, escaping
from .lines import Line
from .layer_names import in_layers
from .naming import apart
from .pieces import PLAIN, UNICODE, Domain, Entries, Piece, Size, Relation
from .plain import CLOSE, domain, OPEN, plain, size as shape
from .story import Block, Story
from .words import say

MARGIN = "  "
STOPS = "，。；："       # a line may end after them
BARS = "‖|"
NARROW = 16     # cells a formula gets, however narrow the page
SHORT, HELD = 24, "\N{NO-BREAK SPACE}"
TOGETHER = pattern(rf"\([^()]{{1,{SHORT}}}\)|[+−-] ")
CHANGED = "bold yellow"
GIVEN = ("given", "read", "assume", "where")
STYLES = {"Proved": "bold green", "Checked": "bold green", "Refuted": "bold red", "Undecided": "bold yellow", "Unfinished": "bold yellow"}
Span = tuple[str, str]
Row = list[Span]


def page(story: Story, width: int = 80, ascii_only: bool = False) -> str:
    """The page as text, without colour."""
    rows = draw(story, width, ascii_only, False)
    return "\n".join("".join(text for text, _ in row).rstrip() for row in rows) + "\n"


def show(story: Story) -> None:
    """Print the page: with colour on a terminal, as text into a file or a pipe, where rich need not be loaded."""
    encoding = (getattr(sys.stdout, "encoding", None) or "ascii").lower()
    ascii_only = not encoding.startswith("utf")
    if not sys.stdout.isatty() and not os.environ.get("FORCE_COLOR"):
        columns = os.environ.get("COLUMNS", "")
        sys.stdout.write(page(story, int(columns) if columns.isdecimal() and int(columns) >= 40 else 80, ascii_only))
        return
    from rich.console import Console
    from rich.text import Text
    console = Console(highlight=False, soft_wrap=True)
    for row in draw(story, min(console.width, 110), ascii_only):
        console.print(Text.assemble(*[(text, style) for text, style in trim(row)]))


def trim(row: Row) -> Row:
    """The row without blanks at its end."""
    while row and not row[-1][0].strip():
        row = row[:-1]
    return row


@apart
def draw(story: Story, width: int, ascii_only: bool, colour: bool = True) -> list[Row]:
    """The page as rows of styled text; without colour nothing is set off in it."""
    return [[(escaping.visible(text), style) for text, style in row] for row in Page(width, ascii_only, colour).draw(story)]


class Page:
    """A page of some width."""

    def __init__(self, width: int, ascii_only: bool, colour: bool) -> None:
        self.width, self.ascii, self.colour = width, ascii_only, colour

    def formula(self, e: Expr, marks: frozenset[Expr] = frozenset()) -> str:
        """An expression as it stands in a line."""
        if not self.ascii:
            return plain(e, marks)
        from ..language.shorthand import shorthand
        from .ordered import ordered
        return in_layers(str(shorthand(ordered(e))), True)

    def draw(self, story: Story) -> list[Row]:
        """Title, paragraphs, lines."""
        rows: list[Row] = []
        title = "".join(map(self.piece, story.heading))
        gap = self.width - size(title) - size(story.source)
        if gap >= 3 or not story.source:
            rows.append([(title, "bold"), (" " * max(gap, 0), ""), (story.source, "dim")])
        else:
            rows += [[(part, "bold")] for part in self.wrap(title, self.width)]
            rows += [[(part, "dim")] for part in self.wrap(story.source, self.width)]
        last = "title"
        labels = max([size(b.label) for b in story.blocks if b.kind != "lines"] + [0])
        for block in story.blocks:
            if block.kind == "lines" or last in ("title", "lines") or (block.kind == "result" and last in GIVEN):
                rows.append([])
            rows += self.lines(block) if block.kind == "lines" else self.paragraph(block, labels)
            last = block.kind
        return rows

    # ------------------------------------------------------------ paragraphs
    def piece(self, p: Piece) -> str:
        """A piece of a sentence."""
        if isinstance(p, str | Entries):
            return str(p)
        if isinstance(p, Domain):
            return domain(p.name, self.ascii)
        if isinstance(p, Size):
            return shape(p.shape, self.ascii)
        if isinstance(p, Relation):
            return p.drawn(self.formula, PLAIN if self.ascii else UNICODE)
        return self.formula(p)

    def relation(self, line: Line) -> str:
        """The sign between the sides of a line."""
        return f" {(PLAIN if self.ascii else UNICODE).get(line.relation, line.relation)} "

    def whole(self, p: Piece) -> str:
        """A piece that a line does not end in, if it is a short formula; nor in short brackets of a long one, or after a sign."""
        shown = self.piece(p)
        if isinstance(p, str) or len(shown) > SHORT:
            return shown if isinstance(p, str) else TOGETHER.sub(lambda m: m[0].replace(" ", HELD), shown)
        return shown.replace(" ", HELD)

    def paragraph(self, block: Block, labels: int) -> list[Row]:
        """A label and its text; a result with its formula first."""
        indent = len(MARGIN) + labels + 2
        text = "".join(map(self.whole, block.pieces))
        label = (block.label + " " * (labels - size(block.label) + 2), STYLES.get(block.mark, "dim"))
        if block.kind != "result":
            parts = self.wrap(text, self.width - indent) or [""]
            return [[(MARGIN, ""), label if i == 0 else (" " * (labels + 2), ""), (part, "")] for i, part in enumerate(parts)]
        rows: list[Row] = []
        text = text.replace(HELD, " ")
        lead = " = "
        for line in block.lines:
            left = self.formula(line.left) if line.left is not None else " " * (len(lead) - 3)
            lead = left + self.relation(line)
            last = line is block.lines[-1]
            head = [(MARGIN, ""), label if not rows else (" " * (labels + 2), "")]
            rows += self.line(lead, line, head, "bold" if last else "")
        used = sum(size(t) for t, _ in rows[-1])
        if used + 4 + size(text) <= self.width:
            return [*rows[:-1], [*rows[-1], (" " * (self.width - used - size(text)), ""), (text, "dim")]]
        return rows + [[(" " * indent, ""), (part, "dim")] for part in self.wrap(text, self.width - indent)]

    # ------------------------------------------------------------ aligned lines
    def lines(self, block: Block) -> list[Row]:
        """Equalities under each other."""
        rows: list[Row] = []
        lefts = [self.formula(x.left) if x.left is not None else "" for x in block.lines]
        column = max(map(len, lefts)) if lefts else 0
        if block.label or block.about:
            about = block.label + "".join(map(self.piece, block.about))
            rows += [[(MARGIN, ""), (part, "dim")] for part in self.wrap(about, self.width - len(MARGIN))]
        for left, line in zip(lefts, block.lines, strict=True):
            rows += self.line(left.rjust(column) + self.relation(line), line, [(MARGIN, "")])
        return rows

    def line(self, left: str, line: Line, head: Row, style: str = "") -> list[Row]:
        """One equality with its reason at the right edge."""
        indent = sum(size(t) for t, _ in head)
        start = indent + len(left)
        whole = self.formula(*changes.set_off(line.before, line.right)) if self.colour else self.formula(line.right)
        body = self.wrap(whole, self.width - start, True)
        since = f"{say('since')} {self.piece(line.since)}   " if line.since else ""
        rule = f"{line.rule} {', '.join(map(self.formula, line.about))}" if line.about else line.rule
        note: Row = [(since, "bold"), (rule, "cyan"), ("  " + line.see if line.see else "", "dim")]
        length = sum(size(t) for t, _ in note)
        rows: list[Row] = []
        marked = False
        for i, part in enumerate(body):
            spans, marked = styled(part, marked, style)
            rows.append([*(head if i == 0 else [(" " * indent, "")]), (left if i == 0 else " " * len(left), ""), *spans])
        used = start + size(body[-1])
        if length and used + 3 + length <= self.width:
            rows[-1] += [(" " * (self.width - used - length), ""), *note]
        elif length <= self.width - start or length <= self.width - indent:
            rows += [[(" " * (self.width - length), ""), *note]] if length else []
        else:
            parts = [(part, style) for text, style in note if text.strip() for part in self.wrap(text.strip(), self.width - start)]
            rows += [[(" " * max(self.width - size(part), indent), ""), (part, style)] for part, style in parts]
        return rows

    def wrap(self, text: str, width: int, formula: bool = False) -> list[str]:
        """Break a long line where its brackets are shallowest; words anywhere."""
        out: list[str] = []
        width = max(width, NARROW)
        lead, start = "", 0
        while True:
            row = lead + text[start:filling(text, start, width - len(lead))]
            cut = best_break(row, width, formula) if size(row) > width else None
            if cut is None:
                break
            out.append(row[:cut].rstrip())
            start += cut - len(lead)
            while start < len(text) and text[start].isspace():
                start += 1
            lead = "  " if formula else ""
        row = lead + text[start:]
        return [*out, row] if row else out


def size(text: str) -> int:
    """Cells a text takes; the marks take none, Chinese characters two each."""
    return sum(map(cells, text))


def filling(text: str, start: int, width: int) -> int:
    """Where a text from some place on takes two cells more than these, or its end."""
    for i in range(start, len(text)):
        width -= cells(text[i])
        if width < -1:
            return i + 1
    return len(text)


@cache
def cells(c: str) -> int:
    """Cells of a character."""
    return 0 if c in OPEN + CLOSE or combining(c) else 2 if east_asian_width(c) in "WF" else 1


def best_break(text: str, width: int, formula: bool) -> int | None:
    """Where to break: before a plus or minus in few brackets, far to the right."""
    depth, used = 0, 0
    inside: list[str] = []      # the bars that are open
    best: tuple[float, int] | None = None
    for i, c in enumerate(text):
        if c in OPEN + CLOSE:
            continue
        used += cells(c)
        if used > width + 1:
            break
        bar = formula and c in BARS
        if bar and inside[-1:] != [c]:
            inside.append(c)
        elif bar:
            inside.pop()
        elif c in "([":
            depth += 1
        elif c in ")]":
            depth -= 1
        elif c in STOPS and not formula and used <= width:
            best = (used / width, i + 1)
        elif c == " " and text[:i].strip() and not (formula and text[i - 1] in "+−-"):     # no sign alone at the end of a row
            sign = text[i + 1:i + 3].lstrip(OPEN)[:1]
            weight = used / width - (0.7 * (depth + 2 * len(inside)) + (0 if sign in ("+", "−", "-") else 0.5) if formula else 0)
            if best is None or weight >= best[0]:
                best = (weight, i)
    return best[1] if best else None


def styled(text: str, marked: bool, style: str) -> tuple[Row, bool]:
    """A text with marks as spans; a mark may run over the end of the line."""
    spans: Row = []
    depth = int(marked)
    chunk = ""
    for c in text:
        if c in OPEN + CLOSE:
            if chunk:
                spans.append((chunk, CHANGED if depth else style))
            chunk = ""
            depth += 1 if c == OPEN else -1
        else:
            chunk += c
    if chunk:
        spans.append((chunk, CHANGED if depth else style))
    return spans, depth > 0


__all__ = ["draw", "page", "show"]
