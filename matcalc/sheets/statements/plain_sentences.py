"""Plain lines with words around their formulas: which of the formulas are lines. What the words say is read as in any sentence."""

from __future__ import annotations

from itertools import pairwise
import re

from ...language.shape import InputError
from ...reading.latex.names import NAME
from ..parts.formula import EQUALS, moves, split
from ..parts.records import Row
from ..words.hedges import hedges, is_hedged, reported
from ..words.declaration_lists import STRUCTURED, in_symbols
from ..words.function_sentences import SIZE, sized
from ..words.plain_items import COMMANDS, CONDITIONS, REASONS, formula_end, in_words, mentioned, plain_items, spoken
from ..words.sentences import ABOUT, BESIDES, Item
from ..words.structure_words import equated
from .name_structure import assume_bound, deny, is_bound, of_another_case, perhaps, supersede, supposed_from
from .numpy_lines import is_python
from .plain_clauses import SYMBOLS, derivative_in_words, in_pieces, limited_behind, predicates, sentence_beside_code
from .plain_conditions import JOINS, UNEQUAL, check_conditions, is_value, places
from .plain_lines import plain_statement
from .plain_sides import plain_side
from .conclusions import Conclusions
from .sheet import Sheet
from ...patterns import pattern

LABEL = pattern(r"\(?(?:(?:(?:Q|Ex|P|Problem|Exercise|Question|Task)[. ]{,2}\d{1,2}[a-h]?|\d{1,2})[.):]|(?:[a-h]|[ivx]{1,4})[.)])"
                   r"\s+(?=[A-Za-z∇∂]|=(?!=))")       # (a), 2., iv)
IMPORTED = pattern(r"(?:import|from) [\w.]+(?: import | as |$)")
ALONG = pattern(r"(?:row|column|element|entry|component|point)-?wise")
BY_ENTRIES = pattern(r"(?:element|entry|component|point)-?wise")
MOST = 80           # formulas of a sentence
CLAIM = frozenset(("is", "equals", "reads", "becomes"))
SUPPOSES = frozenset(("let", "suppose", "assume", "given", "note", "here", "moreover", "all", "matrix", "symmetric"))
WHY, AS = frozenset(("by", "since", "because", "as")), frozenset(("far", "long", "for", "with", "in"))       # no reason: as far as
BOUND = pattern(r"[\w ]+[<>≤≥≠][\w ]+")
POSITIVE = pattern(r"([A-Z]\w*) ?[>≥] ?0")           # entry by entry, or as a quadratic form
CONSTRAINT = pattern(r"\b(?:subject to|such that)$")
TASKS = pattern(r"\b(?:minimi[sz]e|maximi[sz]e|(?:gradient|derivative|hessian|differential|jacobian) of(?: the)?)$")


class PlainSentences(Conclusions):
    """The sentences of plain lines."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(sheet)
        self.line, self.at = "", 0
        self.above = -1                     # where a formula stands that was read as a line
        self.stated, self.mentioned = set[int](), set[int]()       # and where declarations do, and expressions that are only spoken of

    def number(self, item: Item) -> int:
        """The line that an item stands in."""
        return self.at

    def around(self, item: Item) -> str:
        """The text of the sentence that an item stands in."""
        return self.line

    def shown(self, found: list[Item]) -> str:
        """What is shown for these items."""
        return self.line

    def side(self, item: Item) -> str:
        """The formula in the language, of an equality its left side."""
        found = plain_side(self.sheet, EQUALS.split(item.text)[0])
        called = re.fullmatch(r"(\w+)\*?\((\w+)\)", found)
        return called[1] if called is not None and self.sheet.names.arguments.get(called[1]) == (called[2],) else found

    def letters(self, item: Item) -> set[str]:
        """The names of a formula."""
        return set(re.findall(r"[A-Za-z]\w*", item.text))

    def definition(self, item: Item) -> tuple[str, str]:
        """The new name that an equation defines, and what it is; empty where it defines none."""
        sides = split(item.text)
        name = sides[0].strip()
        return (name, plain_side(self.sheet, sides[1])) if len(sides) == 2 and self.sheet.new(name) else ("", "")

    def passed(self, item: Item, text: str = "") -> None:
        """Say that a claim was not understood; of words, the line is told if nothing of it was."""
        self.sheet.unclear.pass_over(self.at, self.line, True) if not text else None

    def enter(self, item: Item, words: str, about: list[list[str]]) -> list[str]:
        """A name that is spoken of, a condition, a reason, or an expression that only goes on with the line above."""
        if NAME.fullmatch(item.text):
            return [item.text]
        if item.start == self.above:
            return []
        if item.start in self.stated:
            said = in_symbols(item.text)
            return re.findall(r"\w+", said.partition(" in ")[0] if " in " in said else STRUCTURED.sub(r"\1", said))
        said = words.split()
        given = next((w for w in reversed(said) if w in CONDITIONS or w == "with"), "") if said[-1:] != ["that"] else "if"
        found = equated(item.text)
        if given and found is not None:
            self.clause = self.clause._replace(mood="fact" if given in REASONS or given == "with" else "if")
            self.said([[found[0]]], [found[1]], item)
        elif given in CONDITIONS - REASONS or EQUALS.search(item.text) is None and item.start in self.mentioned:
            if not UNEQUAL.fullmatch(item.text) and item.start not in self.mentioned:
                self.sheet.unclear.pass_over(self.at, self.line)
        elif given or JOINS.issuperset(said):
            plain_statement(self.sheet, self.at, item.text)
        elif not TASKS.search(words) and not BOUND.fullmatch(item.text) and (EQUALS.search(item.text) or any(
                map(self.known, re.findall(r"[A-Za-z]\w*", item.text)))):
            raise InputError("the words before this formula were not understood", self.at, item.start + 1, self.line)
        return []

    # ------------------------------------------------------------ lines
    def read(self, number: int, line: str) -> None:
        """Read one line."""
        sheet = self.sheet
        if IMPORTED.match(line) or sheet.form.numpy and sentence_beside_code(line):
            sheet.unclear.pass_over(number, line)
            return
        line = re.sub(r"`([^`]*)`", r"\1", line)
        line = line[label.end():] if (label := LABEL.match(line)) is not None else line
        line = derivative_in_words(sheet.names, line)
        if line.partition(" ")[0] in COMMANDS or sheet.form.numpy and is_python(line):
            plain_statement(sheet, number, line)
            return
        self.line, self.at = line, number
        if not line.startswith("=") and len(sheet.rows) > self.display:
            self.ended()
        found = plain_items(line, self.known)
        while found:
            stop = next((k for k, item in enumerate(found) if item.kind == "stop"), len(found))
            if stop:
                self.read_sentence(found[:stop], found[stop].text if stop < len(found) else ".")
                self.ended() if self.assumed and found[stop + 1:] else None
            found = found[stop + 1:]

    def known(self, name: str) -> bool:
        """Whether a word is a name."""
        return self.sheet.names.known(name) or any(name in given for given in self.sheet.names.arguments.values()) or \
            any(name == word.name for word in self.sheet.facts.structure)

    def read_sentence(self, found: list[Item], end: str) -> None:
        """Read one sentence: what it declares, then its words and its lines in order."""
        sheet = self.sheet
        said = [item.text for item in found if item.kind == "word"]
        text = self.line[found[0].start:found[-1].end]
        if not SYMBOLS.search(text) and said and CLAIM.isdisjoint(said) and not any(item.kind == "declaration" for item in found):
            found = [item._replace(kind="word", text="#") if item.kind == "display" else item for item in found]
        lines = [item for item in found if item.kind == "display"]
        self.hedged = bool(said or any(map(equated, (i.text for i in lines)))) and is_hedged(said, end)         # A = A' ?
        of_another_case(sheet, " ".join(said), self.supposed, self.hoped)
        if self.hedged and end.startswith("?"):         # what is the gradient of f(x) = x'x?
            for before, item in pairwise(found):
                if item.kind == "declaration" or before.text == "of" and item.kind == "display" and EQUALS.search(item.text):
                    plain_statement(sheet, self.at, item.text)
        if self.hedged and (lines or not CONDITIONS.isdisjoint(said)):
            if any(w in CONDITIONS - REASONS and before != "even" for before, w in zip(["", *said], said, strict=False)):
                raise InputError("this condition cannot be read", self.at, found[0].start + 1, self.line)
            sheet.unclear.pass_over(self.at, self.line)
            return
        if len(lines) > MOST:
            raise InputError(f"{len(lines)} formulas in one sentence; at most {MOST} are read", self.at, 1, self.line)
        found = self.at_places(found)
        lines = [item for item in found if item.kind == "display"]
        check_conditions(found, self.known, sheet.names.size, self.at, self.line)
        predicates(sheet, found, self.line)
        strange = [w for w in said if w not in JOINS and w not in CONDITIONS and w not in SUPPOSES]
        for item in lines if strange else ():
            if EQUALS.search(item.text) and equated(item.text) is not None:          # in the symmetric case A = A', A = A' for some n
                raise InputError("the words around this equation were not understood", self.at, item.start + 1, self.line)
        wrong = self.declared(found, said)
        before = self.entered()
        declared = sum(item.kind == "declaration" for item in found)
        declares = declared + len(lines) > 1 and (declared > 0 or not sheet.rows)
        self.display = len(sheet.rows)
        pieces, piece = in_pieces(found)
        left = any(item.kind == "formula" and not SIZE.fullmatch(item.text) for item in piece)
        if lines and left and all(item.kind != "word" or item.text == "and" for item in piece):
            raise InputError("this is no part of the equation before it", self.at, piece[0].start + 1, self.line)
        for k, (around, item) in enumerate(pieces):
            behind = pieces[k + 1][0] if k + 1 < len(pieces) else piece
            if behind and behind[0].text == "of" and not EQUALS.search(item.text):           # d/dx of this
                raise InputError("what is differentiated here was not understood", self.at, item.end + 1, self.line)
            if any(BY_ENTRIES.fullmatch(i.text) for i in behind):
                left, equal, right = item.text.partition("=")
                item = item._replace(text=left + equal + re.sub(r"(?<!\.)[*^](?!T\b)", r".\g<0>", right))
            after = pieces[k + 1] if k + 1 < len(pieces) else None
            explained = after is not None and EQUALS.search(after[1].text) is not None and any(i.text == ":" for i in after[0])
            start = len(sheet.rows)
            self.equation(around, pieces[k - 1] if k else None, item, declares, explained)
            if after is not None and after[1].text.startswith("=") and "(" not in [i.text for i in after[0]]:
                # = 2*s*x where s = x'*x: the chain goes on behind it
                sheet.rows[start:] = [r._replace(role="aside") if r.defines and not r.role else r for r in sheet.rows[start:]]
        zero = self.read_words(piece, end)
        last = max((k + 1 for k, item in enumerate(piece) if item.kind == "declaration"), default=len(piece))
        left_over = any(item.kind == "word" and item.text not in JOINS for item in piece[last:])         # X is n x n and varies
        if not lines and not zero and self.entered() == before and (not declared or left_over):
            sheet.unclear.pass_over(self.at, text)
        if wrong is not None:
            raise wrong

    def declared(self, found: list[Item], said: list[str]) -> InputError | None:
        """Enter what a sentence declares and supposes; the error of a declaration that cannot be read."""
        wrong: InputError | None = None
        self.stated = {item.start for item in found if item.kind == "declaration"}
        self.mentioned = {item.start for k, item in enumerate(found) if item.kind == "formula" and k and mentioned(found, k)}
        known = len(self.sheet.facts.structure)
        for k, item in enumerate(found):
            try:
                if item.kind == "declaration" and limited_behind(self.sheet, item, found[k + 1:], self.hedged, reported(said)):
                    self.sheet.unclear.pass_over(self.at, self.line)
                elif item.kind == "declaration":
                    plain_statement(self.sheet, self.at, item.text)
            except InputError as e:
                wrong = wrong or e
        supersede(self.sheet, known, bool(supposes := {"suppose", "assume", "let", "now"} & {*said}) and not BESIDES.search(" ".join(said)))
        supposed_from(self.sheet, known) if supposes else None
        self.supposed |= {*range(known, len(self.sheet.facts.structure))} if supposes & {"suppose", "assume"} else set()
        return self.sizes(found) or wrong

    def sizes(self, found: list[Item]) -> InputError | None:
        """Declare the names of which a sentence gives the size; an error where it gives one of which it is not clear whose it is."""
        sizes = {size.start: (self.name(one), size.text) for one, size in sized([i for i in found if i.kind != "sign" or i.text in "(:,"])}
        for name, size in [said for said in sizes.values() if self.sheet.new(said[0])]:
            self.sheet.declared(f"{name} in R^({size.replace('×', ',')})")
        left = next((i for i in found if i.kind == "formula" and SIZE.fullmatch(i.text) and i.start not in sizes), None)
        return left and InputError("the words before this formula were not understood", self.at, left.start + 1, self.line)

    def free(self, name: str) -> bool:
        """Whether a word is a name that nothing defines."""
        return (self.known(name) or not self.sheet.unused(name)) and name not in self.sheet.names.bodies

    def at_places(self, found: list[Item]) -> list[Item]:
        """The items without the points at which the sentence is said, which are assumed up to its end."""
        left, points = places(found, self.free, lambda name: self.sheet.new(name) and self.sheet.unused(name))
        for point in points:
            self.assumed.append(len(self.sheet.facts.assumed))
            self.sheet.assume(point, len(self.sheet.rows))
        return left

    def read_words(self, piece: list[Item], end: str) -> bool:
        """Read words between lines; whether they set something to zero."""
        piece = piece[next((k for k, item in enumerate(piece) if item.kind != "sign" and not ALONG.fullmatch(item.text)), len(piece)):]
        reason = next((k for k, item in enumerate(piece) if item.text in WHY and all(i.kind != "formula" for i in piece[k:])
                       and not any(i.text in AS for i in piece[k + 1:k + 2])), len(piece))
        if any(item.kind == "formula" for item in piece):
            self.behind = True
            self.sentence(spoken(piece[:reason]), end)
        elif self.of_number(piece):
            return False
        return bool(piece and self.sheet.rows) and self.sought(piece)

    def equation(self, piece: list[Item], above: tuple[list[Item], Item] | None, item: Item, declares: bool, explained: bool) -> None:
        """Read a line and the words before it; one is `explained` behind a colon."""
        sheet = self.sheet
        said = [i.text for i in piece if i.kind == "word"]
        text = item.text
        if CONSTRAINT.search(" ".join(said)) and EQUALS.search(text):
            sheet.assume(" = ".join(plain_side(sheet, side) for side in split(text)), len(sheet.rows))
            sheet.add(Row(self.at, "", "", text, role="model"))
            return
        if not EQUALS.search(text):
            if BOUND.fullmatch(text) or said and explained:         # multiply by w': w'*C*w = a
                if BOUND.fullmatch(text):
                    sheet.unclear.pass_over(self.at, text)
                    perhaps(sheet, [m[1] for m in [POSITIVE.fullmatch(text)] if m is not None], "spd")
                return
            if SIZE.fullmatch(text) or above is not None and not said:
                raise InputError("the words before this formula were not understood", self.at, item.start + 1, self.line)
            if said:
                self.above = above[1].start if above is not None else -1
                self.sentence(spoken([*(above[0] if above else []), *([above[1]] if above else []), *piece, item]), "")
                return
        if EQUALS.search(text) and any(in_words(side, self.known) for side in split(text)):        # c = cosine similarity
            sheet.unclear.pass_over(self.at, text)
            return
        name = EQUALS.split(text)[0].strip()
        leads = bool(piece) and piece[-1].text == ":" and ABOUT.search(" ".join(said)) is None
        if name in sheet.names.bodies and said and said[-1] not in JOINS and not said[-1].endswith("ing") and not leads:
            raise InputError(f"the words before {name} were not understood: the line may be about something other than {name}", self.at, 1,
                             self.line)
        if said[-1:] in (["let"], ["set"], ["suppose"], ["assume"]) and is_value(text, self.free):
            sheet.facts.end([], sheet.facts.values([name]), len(sheet.rows))
            sheet.assume(text, len(sheet.rows))
            return
        behind = above is not None and re.fullmatch(r"[\d.]+", split(text)[-1].strip()) is not None       # L = -y'log(p), sum(y) = 1
        if (declares or behind) and said in ([], ["with"], ["where"]) and is_bound(sheet, text):
            sheet.facts.assume(text)        # y in R^k, sum(y) = 1
            sheet.add(Row(self.at, "", "", text, role="model"))
            return
        zero = text.replace(" ", "").endswith("=0") and moves(plain_side(sheet, split(text)[0]))        # setting dL/dw = 0
        self.read_words(piece, "") if not zero else None
        short = text[:formula_end(text, 0, self.known, True)].rstrip()
        if hedges(text[len(short):].split()) and (denied := equated(short)) is not None:          # A = A' no longer holds
            sheet.unclear.pass_over(self.at, text)
            deny(sheet, *denied)
            return
        if short != text and EQUALS.search(short):            # words that are not read make it another equation, or none
            sheet.unclear.hoped.append(" = ".join(plain_side(sheet, side) for side in split(short)))
        start = len(sheet.rows)
        plain_statement(sheet, self.at, text)
        if said in (["where"], ["with"]) or not said and piece and piece[-1].text == "(":
            assume_bound(sheet, start)
