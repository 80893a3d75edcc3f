"""Plain lines with words around their formulas: what is said of the formulas, and which of them are lines."""

from __future__ import annotations

import re

from ...language.shape import InputError
from ..parts.formula import EQUALS, formula, split
from ..parts.records import Assumption, Row
from ..words.clauses import is_hedged
from ..words.declaration_lists import DECLARED, in_symbols
from ..words.sentences import ZERO
from ..words.surrounding_words import (
    BEGINS, BETWEEN, IMPORTED, LABEL, SENTENCE, SLOPE, SYMBOLS, SplitWords, of_another, prose, split_apart, split_words, statements,
    states, understood)
from .numpy_lines import is_python
from .plain_lines import plain_statement
from .sheet import Sheet
from .structure_sentences import assume_bound, is_bound, supposed, told_behind, told_in_words
from ...patterns import pattern

TITLE = pattern(r"[A-Z][A-Za-z]*(?:[ -][A-Za-z]+){1,4}: (?=\S)")
BY_ENTRIES = pattern(r"\b(?:element|entry|component|point)-?wise\b")


def worded(sheet: Sheet, number: int, line: str) -> None:
    """One line with the words around its formula."""
    if IMPORTED.match(line) or sheet.numpy and prose(line):
        sheet.passed.append((number, line))
        return
    numpy = sheet.numpy and is_python(line)
    if not numpy:
        line = re.sub(r"`([^`]*)`", r"\1", line)
        line = line[label.end():] if (label := LABEL.match(line)) is not None else line
    if not numpy and len(each := SENTENCE.split(line)) > 1:
        for sentence in each:
            if sentence.isalpha() and len(sentence) > 2 and not sheet.names.known(sentence):         # Solution.
                sheet.passed.append((number, sentence))
            else:
                worded(sheet, number, sentence)
        return
    begun = BEGINS.match(line) or TITLE.match(line)
    if not numpy and begun and all(map(states, statements(in_symbols(line[begun.end():].rstrip(" .;"))))):
        plain_statement(sheet, number, line[begun.end():].rstrip(" .;"))
        return
    sentences = statements(line) if not numpy else []
    if len(sentences) > 1:
        declares = not sheet.rows or any(states(in_symbols(sentence)) for sentence in sentences)
        for sentence in sentences:
            if not (declares and is_bound(sheet, sentence)):
                worded(sheet, number, sentence)
                continue
            sheet.assumed.append(Assumption(sentence, 0))        # y in R^k, sum(y) = 1
            sheet.rows.append(Row(number, "", "", sentence, role="model"))
        return
    if not (line := supposed(sheet, number, line) if not numpy else line):
        return
    symbols = in_symbols(line) if not numpy else ""
    if symbols and "=" not in symbols and all(map(states, statements(symbols))):
        plain_statement(sheet, number, line)
        return
    if symbols and not SYMBOLS.search(symbols.replace(" in R", "")) and told_in_words(sheet, number, line):
        return
    certain = not numpy and not is_hedged(line.lower().split(), line[-1])
    if (parts := split_apart(line, sheet.names.known) if certain else None) is not None:
        worded(sheet, number, parts[0])
        if not EQUALS.search(parts[1]) or parts[1].startswith("subject"):
            told_behind(sheet, number, line, parts[1])
            sheet.passed.append((number, parts[1]))
        else:
            worded(sheet, number, parts[1])
        return
    found = split_words(line, sheet.names.known) if not numpy else SplitWords("", line, "")
    said = f"{found.words} {found.behind}".lower()
    if BY_ENTRIES.search(found.behind):
        left, equal, right = found.formula.partition("=")
        found = found._replace(formula=left + equal + re.sub(r"(?<!\.)[*^](?!T\b)", r".\g<0>", right))
    if is_hedged(said.split(), line.rstrip()[-1]) and (found.words or found.behind):
        sheet.passed.append((number, line))
        return
    about = split(found.formula)[0].strip() if found.words else ""
    if about in sheet.names.bodies and of_another(found.words):
        raise InputError(f"the words before {about} were not understood: the line may be about something other than {about}", number, 1,
                         line)
    told = bool(found.behind) and told_behind(sheet, number, line, found.behind)
    rest = split_words(found.behind, sheet.names.known).formula if found.behind and not told else ""
    rest = rest if DECLARED.match(rest) or EQUALS.search(rest) else ""
    if rest and found.behind.startswith(("where ", "with ")):
        plain_statement(sheet, number, rest)
        rest = ""
    zero = ZERO.search(said) is not None and not found.formula.replace(" ", "").endswith("=0")
    if zero and sheet.rows:
        sheet.rows.append(Row(number, "", "; ".join(sheet.last_derivatives()), line, role="condition"))
        sheet.unknown |= formula(sheet.rows[-1].right).by
    head, colon, behind = (*BETWEEN.split(found.formula, maxsplit=1), "", "")[:3]
    if colon and all(EQUALS.search(part) for part in (head, behind)) and not numpy:       # grad F = 0: A'*A*X = A'*B
        plain_statement(sheet, number, head)
        plain_statement(sheet, number, behind)
    elif found.formula:
        slope = SLOPE.search(found.words) if not EQUALS.search(found.formula) else None
        numbers = [n for n in reversed(sheet.names.bodies) if sheet.shape(n, True) == ("1", "1")] if slope else []
        of = [f"grad {n}" for n in (numbers or list(sheet.names.bodies)[::-1] if slope else [])[:1]]
        if slope and slope["second"]:
            of = [f"d({d})/{d.rpartition('/')[2]}" for d in sheet.last_derivatives()]
        elif not of and not understood(found.words) and not EQUALS.search(found.formula) and not states(in_symbols(found.formula)):
            raise InputError("the words before this formula were not understood", number, line.find(found.formula) + 1, line)
        start = len(sheet.rows)
        plain_statement(sheet, number, f"{of[0]} = {found.formula}" if len(of) == 1 else found.formula)
        assume_bound(sheet, found.words, start)
    elif not zero:
        sheet.passed.append((number, line))
    if rest:
        plain_statement(sheet, number, rest)
