"""The text, the tree as typed and the built expression are worth the same; a fault planted in a copy of the package is seen."""

from __future__ import annotations

import itertools
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.language.differential import generated, published, run
from tests.changed_copy import changed_copy
from tests.parts import seed, share

PARTS = 20


@pytest.mark.thin(PARTS)
@pytest.mark.parametrize("part", range(PARTS))
def test_published_texts_are_worth_what_their_trees_are(part: int, tally: Any) -> None:
    counts, faults = run(itertools.islice(published(), part, None, PARTS), seed(0) + 1000 * part)
    tally["texts of the tables against their trees"].update(counts)
    assert not faults, "\n".join(faults[:5])
    assert counts["same"] > 75


@pytest.mark.thin(PARTS)
@pytest.mark.parametrize("part", range(PARTS))
def test_random_texts_are_worth_what_their_trees_are(part: int, tally: Any) -> None:
    wanted = share("MATCALC_TEXTS", 225, PARTS, part)
    counts, faults = run(itertools.islice(generated(random.Random(f"{seed(0)} texts {part}")), wanted), seed(0) + 1000 * part)
    tally["random texts against their trees"].update(counts)
    assert not faults, "\n".join(faults[:5])
    assert counts["same"] > 0.85 * wanted


# A module, and what is written at its end in the copy.
FAULTS = {
    "a transposed product keeps its order": ("language/normal_form/powers", """
T = Transposes.T
def kept(self, e):
    square = type(e) is Apply and e.head == "*" and len({a.shape for a in e.args}) == 1
    return self.mul(*[T(self, a) for a in e.args]) if square else T(self, e)
Transposes.T = kept
"""),
    "a sign before a product is lost": ("reading/expressions/typed", """
_negative = negative
def negative(node, e):
    return e if node is not Apply and type(e) is Apply and e.head == "*" else _negative(node, e)
"""),
    "a root of a square is no absolute value": ("language/normal_form/powers", """
power = Powers.power
def kept(self, base, exponent):
    if type(base) is Apply and base.head == "^" and base.shape == SCALAR:
        return power(self, base.args[0], self.mul(base.args[1], exponent))
    return power(self, base, exponent)
Powers.power = kept
"""),
    "like terms count once": ("language/normal_form/sums", """
add = Sums.add
Sums.add = lambda self, *terms: add(self, *dict.fromkeys(terms))
"""),
    "the inverse of a transpose forgets it": ("language/normal_form/powers", """
inverse = Powers.inverse
Powers.inverse = lambda self, e: inverse(self, e.args[0] if type(e) is Apply and e.head == "'" else e)
"""),
    "an entry-wise product takes equal factors once": ("language/entrywise", """
_hadamard = hadamard
def hadamard(*factors):
    return _hadamard(*dict.fromkeys(factors))
"""),
    "the tree as typed drops a reciprocal": ("reading/expressions/typed", """
_reciprocal = reciprocal
def reciprocal(node, e):
    return e if node is Apply else _reciprocal(node, e)
"""),
    "the reader takes the last sign only": ("reading/grammar/reader", """
def signs(self):
    minus = False
    while self.tokens[self.i] in ("-", "+"):
        minus = self.tokens[self.i] == "-"
        self.i += 1
    return minus
Reader.signs = signs
"""),
}


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_seen(fault: str, tmp_path: Path) -> None:
    module, source = FAULTS[fault]
    env = changed_copy(tmp_path, {f"{module}.py": lambda text: text + source})
    done = subprocess.run([sys.executable, "-m", "tests.language.differential", "400"], cwd=tmp_path, capture_output=True, text=True,
                          env={**os.environ, **env}, timeout=300)
    assert done.returncode == 1 and done.stdout.startswith("different:"), done.stdout + done.stderr
