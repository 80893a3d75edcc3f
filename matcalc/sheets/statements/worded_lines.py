"""Plain lines with words around their formulas: what is said of the formulas, and which of them are lines."""

from __future__ import annotations

import re

from ...language.shape import InputError
from ..words.clauses import is_hedged
from ..words.declaration_lists import DECLARED, in_symbols
from ..parts.formula import EQUALS, formula, split
from .numpy_lines import is_python
from ..parts.records import Assumption, Row
from ..words.sentences import ZERO
from .structure_sentences import StructureSentences
from ..words.surrounding_words import (
    BEGINS, BETWEEN, IMPORTED, LABEL, SENTENCE, SLOPE, SYMBOLS, SplitWords, of_another, prose, split_apart, split_words, statements,
    states, understood)
from ...patterns import pattern

TITLE = pattern(r"[A-Z][A-Za-z]*(?:[ -][A-Za-z]+){1,4}: (?=\S)")
BY_ENTRIES = pattern(r"\b(?:element|entry|component|point)-?wise\b")


class WordedLines(StructureSentences):
    """Reads plain lines with words around their formulas."""

    def statement(self, number: int, line: str) -> None:
        """Read a line without words."""
        raise NotImplementedError

    def worded(self, number: int, line: str) -> None:
        """One line with the words around its formula."""
        if IMPORTED.match(line) or self.numpy and prose(line):
            self.passed.append((number, line))
            return
        numpy = self.numpy and is_python(line)
        if not numpy:
            line = re.sub(r"`([^`]*)`", r"\1", line)
            line = line[label.end():] if (label := LABEL.match(line)) is not None else line
        if not numpy and len(each := SENTENCE.split(line)) > 1:
            for sentence in each:
                if sentence.isalpha() and len(sentence) > 2 and not self.names.known(sentence):         # Solution.
                    self.passed.append((number, sentence))
                else:
                    self.worded(number, sentence)
            return
        begun = BEGINS.match(line) or TITLE.match(line)
        if not numpy and begun and all(map(states, statements(in_symbols(line[begun.end():].rstrip(" .;"))))):
            self.statement(number, line[begun.end():].rstrip(" .;"))
            return
        sentences = statements(line) if not numpy else []
        if len(sentences) > 1:
            declares = not self.rows or any(states(in_symbols(sentence)) for sentence in sentences)
            for sentence in sentences:
                if not (declares and self.bound(sentence)):
                    self.worded(number, sentence)
                    continue
                self.assumed.append(Assumption(sentence, 0))        # y in R^k, sum(y) = 1
                self.rows.append(Row(number, "", "", sentence, role="model"))
            return
        if not (line := self.supposed(number, line) if not numpy else line):
            return
        symbols = in_symbols(line) if not numpy else ""
        if symbols and "=" not in symbols and all(map(states, statements(symbols))):
            self.statement(number, line)
            return
        if symbols and not SYMBOLS.search(symbols.replace(" in R", "")) and self.told_in_words(number, line):
            return
        certain = not numpy and not is_hedged(line.lower().split(), line[-1])
        if (parts := split_apart(line, self.names.known) if certain else None) is not None:
            self.worded(number, parts[0])
            if not EQUALS.search(parts[1]) or parts[1].startswith("subject"):
                self.told_behind(number, line, parts[1])
                self.passed.append((number, parts[1]))
            else:
                self.worded(number, parts[1])
            return
        found = split_words(line, self.names.known) if not numpy else SplitWords("", line, "")
        said = f"{found.words} {found.behind}".lower()
        if BY_ENTRIES.search(found.behind):
            left, equal, right = found.formula.partition("=")
            found = found._replace(formula=left + equal + re.sub(r"(?<!\.)[*^](?!T\b)", r".\g<0>", right))
        if is_hedged(said.split(), line.rstrip()[-1]) and (found.words or found.behind):
            self.passed.append((number, line))
            return
        about = split(found.formula)[0].strip() if found.words else ""
        if about in self.names.bodies and of_another(found.words):
            raise InputError(f"the words before {about} were not understood: the line may be about something other than {about}", number, 1,
                             line)
        told = bool(found.behind) and self.told_behind(number, line, found.behind)
        rest = split_words(found.behind, self.names.known).formula if found.behind and not told else ""
        rest = rest if DECLARED.match(rest) or EQUALS.search(rest) else ""
        if rest and found.behind.startswith(("where ", "with ")):
            self.statement(number, rest)
            rest = ""
        zero = ZERO.search(said) is not None and not found.formula.replace(" ", "").endswith("=0")
        if zero and self.rows:
            self.rows.append(Row(number, "", "; ".join(self.last_derivatives()), line, role="condition"))
            self.unknown |= formula(self.rows[-1].right).by
        head, colon, behind = (*BETWEEN.split(found.formula, maxsplit=1), "", "")[:3]
        if colon and all(EQUALS.search(part) for part in (head, behind)) and not numpy:       # grad F = 0: A'*A*X = A'*B
            self.statement(number, head)
            self.statement(number, behind)
        elif found.formula:
            slope = SLOPE.search(found.words) if not EQUALS.search(found.formula) else None
            numbers = [n for n in reversed(self.names.bodies) if self.shape(n, True) == ("1", "1")] if slope else []
            of = [f"grad {n}" for n in (numbers or list(self.names.bodies)[::-1] if slope else [])[:1]]
            if slope and slope["second"]:
                of = [f"d({d})/{d.rpartition('/')[2]}" for d in self.last_derivatives()]
            elif not of and not understood(found.words) and not EQUALS.search(found.formula) and not states(in_symbols(found.formula)):
                raise InputError("the words before this formula were not understood", number, line.find(found.formula) + 1, line)
            start = len(self.rows)
            self.statement(number, f"{of[0]} = {found.formula}" if len(of) == 1 else found.formula)
            self.bound_behind(found.words, start)
        elif not zero:
            self.passed.append((number, line))
        if rest:
            self.statement(number, rest)
