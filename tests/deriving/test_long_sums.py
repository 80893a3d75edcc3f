"""A long sum has all its steps, and they take a time that grows hardly faster than it does."""

from time import process_time

from matcalc.deriving.engine import derive
from matcalc.proof.replay import replay
from matcalc.reading.parse import problem


def drawn(terms: int) -> float:
    """The seconds of all steps of a sum of so many terms; each step replays."""
    p = problem(["x in R^n", *(f"a{i} in R^n" for i in range(terms))], expr=" + ".join(f"sin(a{i}'*x)" for i in range(terms)), wrt="x")
    start = process_time()
    d = derive(p)
    count = len(list(d.steps))
    seconds = process_time() - start
    assert count >= 2 * terms
    if terms < 100:
        assert replay(d).kind == "checked"
    return seconds


def test_four_times_as_many_terms() -> None:
    assert drawn(240) < 12 * max(drawn(60), 0.02)
