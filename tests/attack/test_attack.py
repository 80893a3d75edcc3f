"""False statements with nothing declared, by the thousand: none is proved or checked. True ones with folds: all, with what they need."""

from __future__ import annotations

import functools
import random
from collections import Counter
from typing import Any

import pytest

from matcalc import judges
from matcalc.deriving import engine
from matcalc.reading.parse import problem
from matcalc.language.shape import InputError
from tests.attack.folded import DECLARE, ROWS, Folded, folded
from tests.attack.witness import Witness, false_claims
from tests.attack.statements import Statement, statements
from tests.parts import seed, share

PARTS = 25
STATEMENTS = statements()


@functools.cache
def witness(number: int) -> Witness:
    """The numbers of a statement."""
    return Witness(STATEMENTS[number])


def judged(s: Statement, right: str) -> tuple[str, list[str]]:
    """What is said of a statement with this right side, and what was inferred."""
    try:
        p = problem(define=s.define, prove=s.claim(right))
    except InputError:
        return "refused", []
    return ("ill-shaped" if p.ill_shaped is not None else judges.equation(p).kind), p.inferred


def claimed(s: Statement, right: str) -> tuple[str, list[str]]:
    """The same where it is claimed of a derivative that is asked for."""
    try:
        p = problem(define=s.define, expr=s.of, wrt=s.by, claim=right)
        if p.ill_shaped is not None:
            return "ill-shaped", p.inferred
        record = engine.derive(p)
    except InputError:
        return "refused", []
    assert p.claim is not None
    p, claim = p.claimed_of(p.claim, record.result.shape)
    return judges.claim(p, record, claim).kind, p.inferred


def told(s: Statement, right: str) -> str:
    return "; ".join((*s.define, s.claim(right)))


@pytest.mark.thin(4)
@pytest.mark.parametrize("number", range(len(STATEMENTS)), ids=lambda k: told(STATEMENTS[k], STATEMENTS[k].right))
def test_what_books_write_is_proved(number: int) -> None:
    s = STATEMENTS[number]
    assert witness(number).verdict(s.right) == "true"
    kind, inferred = judged(s, s.right)
    assert kind == "proved", inferred


@pytest.mark.thin(4)
@pytest.mark.parametrize("number", [k for k, s in enumerate(STATEMENTS) if s.bent], ids=lambda k: told(STATEMENTS[k], "?"))
def test_what_students_write_is_not(number: int) -> None:
    s = STATEMENTS[number]
    for right in s.bent:
        assert witness(number).verdict(right) == "false", right
        kind, inferred = judged(s, right)
        assert kind not in ("proved", "checked"), (s.claim(right), inferred)


@pytest.mark.thin(PARTS)
@pytest.mark.parametrize("part", range(PARTS))
def test_false_statements_are_not_proved(part: int, tally: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judges, "_smallest", lambda method, given, found: found)      # how the counterexample looks is tested elsewhere
    rng, numbers = random.Random(f"{seed(20261127)} attack {part}"), range(part, len(STATEMENTS), PARTS)
    counts: Counter[str] = Counter()
    passed = []
    found = false_claims([(STATEMENTS[k], witness(k)) for k in numbers], share("MATCALC_ATTACKS", 2500, PARTS, part), rng)
    for k, (s, right) in enumerate(found):
        kind, inferred = (claimed if k % 5 == 0 and s.by and s.of != "L" else judged)(s, right)
        counts[kind] += 1
        if kind in ("proved", "checked"):
            passed.append(f"{told(s, right)} is {kind} with {inferred}")
    tally["false statements, nothing declared"].update(counts)
    assert not passed, "\n".join(passed)


def folds(part: int) -> list[Folded]:
    """Equations with folds, none twice."""
    rng, rows = random.Random(f"{seed(20261127)} folds {part}"), ROWS[part::PARTS]
    out: dict[str, Folded] = {}
    while len(out) < share("MATCALC_FOLDS", 1000, PARTS, part):
        f = folded(rng, rows)
        out[str(f)] = f
    return list(out.values())


@pytest.mark.thin(PARTS)
@pytest.mark.parametrize("part", range(PARTS))
def test_folds_are_proved_with_what_they_need(part: int, tally: Any) -> None:
    """A condition where a denominator, an inverse, a root or a logarithm may fail; none where nothing can."""
    wrong = []
    for f in folds(part):
        verdict = judges.equation(problem(DECLARE, prove=str(f)))
        if verdict.kind != "proved" or bool(verdict.conditions) != f.may_fail:
            wrong.append(f"{f}: {verdict.kind}, {verdict.conditions}")
        tally["true equations with folds"]["proved, with a condition" if f.may_fail else "proved, without any"] += 1
    assert not wrong, "\n".join(wrong)
