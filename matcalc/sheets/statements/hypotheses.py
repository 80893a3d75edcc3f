"""What a lemma supposes, in force again in its proof."""

from __future__ import annotations

from collections.abc import Iterable

from ..parts.records import Assumption, Word
from ..words.proofs import Proof, proofs
from .sheet import Sheet


class Hypotheses:
    """Keeps what the sentences of lemmas suppose, and enters it where their proofs begin."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.proofs = sheet, proofs(sheet.text)
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
        proof = next((p for p in self.proofs if p.proved[0] <= place < p.proved[1]), None)
        if proof == self.proof:
            return
        facts, rows = self.sheet.facts, len(self.sheet.rows)
        facts.end(self.words, self.assumed, rows)
        self.proof, words, equations = proof, len(facts.structure), len(facts.assumed)
        for one in self.said.get(proof, ()) if proof is not None else ():
            facts.say(Word(one.name, one.word, rows)) if isinstance(one, Word) else facts.assume(one.text, rows)
        self.words, self.assumed = [*range(words, len(facts.structure))], [*range(equations, len(facts.assumed))]
