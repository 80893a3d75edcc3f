"""What a lemma supposes: in force again in its proof, and no longer in the next one."""

from __future__ import annotations

from collections.abc import Iterable

from ..parts.formula import declared
from ..parts.records import Assumption, Word
from ..words.proofs import Proof, proofs, regions
from .name_structure import deny, take_back
from .sheet import Sheet


class Regions:
    """Ends what was said in a lemma, a problem or a case where the next one begins."""

    def __init__(self, sheet: Sheet, text: str) -> None:
        self.sheet, self.coming = sheet, regions(text)[::-1]
        self.open: list[tuple[int, int, int, frozenset[str]]] = []         # the kind of each, and what was known when it began

    def at(self, place: int) -> None:
        """Go on to a place of the text."""
        sheet, facts = self.sheet, self.sheet.facts
        while self.coming and self.coming[-1][0] <= place:
            kind = self.coming.pop()[1]
            while self.open and self.open[-1][0] >= kind:
                _, words, equations, before = self.open.pop()
                for known in [d for d in map(declared, sheet.declare) if d is not None and d.name not in before]:
                    for word in known.words:
                        deny(sheet, known.name, word)
                take_back(sheet, range(words, len(facts.structure)), range(equations, len(facts.assumed)))
            names = frozenset(d.name for d in map(declared, sheet.declare) if d is not None)
            self.open.append((kind, len(facts.structure), len(facts.assumed), names))
            facts.floor = len(sheet.rows)


class Hypotheses:
    """Keeps what the sentences of lemmas suppose, and enters it where their proofs begin."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.proofs, self.regions = sheet, proofs(sheet.text), Regions(sheet, sheet.text)
        self.said: dict[Proof, list[Word | Assumption]] = {}
        self.proof: Proof | None = None
        self.words, self.assumed = list[int](), list[int]()          # what is in force in this proof

    def keep(self, at: int, words: Iterable[int], assumed: Iterable[int]) -> None:
        """Keep what a sentence that begins at this place supposes, words of structure and assumptions, if it is one of a lemma."""
        lemma = next((p for p in self.proofs if p.said[0] <= at < p.said[1]), None)
        if lemma is not None:
            facts = self.sheet.facts
            self.said.setdefault(lemma, []).extend([*(facts.structure[k] for k in words), *(facts.assumed[k] for k in assumed)])

    def at(self, place: int) -> None:
        """Enter what counts in the proof that a place of the text stands in, and end what counted in the one before."""
        self.regions.at(place)
        proof = next((p for p in self.proofs if p.proved[0] <= place < p.proved[1]), None)
        if proof == self.proof:
            return
        facts, rows = self.sheet.facts, len(self.sheet.rows)
        facts.end(self.words, self.assumed, rows)
        self.proof, words, equations = proof, len(facts.structure), len(facts.assumed)
        for one in self.said.get(proof, ()) if proof is not None else ():
            facts.say(Word(one.name, one.word, rows)) if isinstance(one, Word) else facts.assume(one.text, rows)
        self.words, self.assumed = [*range(words, len(facts.structure))], [*range(equations, len(facts.assumed))]
