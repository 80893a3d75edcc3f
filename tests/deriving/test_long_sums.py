"""A long sum has all its steps, and each costs what its term does: the line is not gone through."""

import json

import pytest

from matcalc.deriving.derivation import Derivation
from matcalc.deriving.engine import derive
from matcalc.language import long_sums
from matcalc.language.expr import Apply, Name, add, exchanged, mul, neg, num
from matcalc.language.long_sums import Drawn, History, LongSum
from matcalc.proof.replay import Replay, replay
from matcalc.reading.parse import problem
from matcalc.render import markdown, terminal
from matcalc.render.data import data
from matcalc.render.story import story


def of_sines(terms: int) -> Derivation:
    return derive(problem(["x in R^n", *(f"a{i} in R^n" for i in range(terms))],
                          expr=" + ".join(f"sin(a{i}'*x)" for i in range(terms)), wrt="x"))


def lines_written(terms: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """How often a whole line is written out for the steps, their replay and the page."""
    written: list[int] = []
    with monkeypatch.context() as m:
        m.setattr(LongSum, "expr", lambda s, expr=LongSum.expr: written.append(1) or expr(s))
        d = of_sines(terms)
        assert len(d.steps) >= 2 * terms and replay(d).kind == "checked"
        assert terminal.page(story(d)).count("sin") > terms
    return len(written)


@pytest.mark.slow
def test_hardly_a_line_is_written_out(monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = lines_written(150, monkeypatch), lines_written(300, monkeypatch)
    assert 0 < few == many < 20


def test_the_lines_are_those_of_a_short_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same steps, to the letter, whether a line is drawn as a whole or term by term."""
    for expr in ("sin(a'*x) + cos(b'*x)^2 + x'*A*x + exp(a'*x)*norm2(x)", "tr(A*X) + logdet(X) + tr(X'*A*X) + 3*tr(X*A) + tr(X)"):
        p = problem(["A in R^(n,n)", "X in R^(n,n)", "x in R^n"], expr=expr, wrt="X" if "X" in expr else "x")
        whole = derive(p)
        assert not any(s.drawn for s in whole.steps)
        with monkeypatch.context() as m:
            m.setattr(long_sums, "MANY", 2)
            short = derive(p)
            assert sum(s.drawn is not None for s in short.steps) > 3 and replay(short).kind == "checked"
        for a, b in zip(whole.steps, short.steps, strict=True):
            assert (a.rule, a.before, a.after, *a[7:11]) == (b.rule, b.before, b.after, *b[7:11])
            assert (a.at, a.local) == (b.at, b.local) or (not b.at and b.local == b.instance)
        assert all(a.after is b.before for a, b in zip(short.steps, short.steps[1:], strict=False) if b.drawn)


def test_a_changed_line_is_refused() -> None:
    d = of_sines(130)
    steps = list(d.steps)
    k = next(k for k, s in enumerate(steps) if s.drawn)
    check = Replay(d.problem)
    lines = steps[k].drawn
    assert lines is not None
    change = lines[0].history.changes[lines[0].k]
    assert not check.follows(steps[k])
    assert "stand there" in check.follows(steps[k]._replace(at=(steps[k].at[0] - 1, *steps[k].at[1:])))
    assert "stand there" in check.follows(steps[k]._replace(at=(1000,)))
    assert "not follow" in check.follows(steps[k]._replace(after=steps[k + 1].before if steps[k + 1].drawn is None else steps[k + 1].after))
    lines[0].history.changes[lines[0].k] = change._replace(given=((5, change.given[0][1]),))
    assert "not follow" in Replay(d.problem).follows(steps[k])


@pytest.mark.slow
def test_a_full_page_and_data_say_what_changed() -> None:
    sizes = {}
    for terms in (130, 260):
        d = of_sines(terms)
        page = markdown.page(story(d, "full"))
        sizes[terms] = len(page), len(json.dumps(data(d)["steps"]))
        assert page.count("all together") == 1
    assert all(b < 2.2 * a for a, b in zip(sizes[130], sizes[260], strict=True))
    step = next(s for s in data(d)["steps"] if "terms" in s)
    assert step["before"].count("+") == 0 and step["rule"].startswith("d.")


def test_an_exchange_is_that_of_the_constructors() -> None:
    names = [Name(f"x{k}") for k in range(9)]
    line = add(*names)
    assert isinstance(line, Apply)
    for k, new in enumerate((mul(num(3), names[0]), neg(Name("y")), add(Name("y"), neg(Name("z"))), mul(Name("y"), names[2]))):
        h = History(line, lambda *_: None)
        at = h.exchange([names[k]], new)
        assert at is not None and h.line(1) is exchanged(line, *at, new) and h.line(0) is line and Drawn(h, 1).value is h.line(1)
    for k, new in enumerate((names[4], neg(names[5]), num(2), num(0), add(Name("y"), names[6]))):      # other terms change, too
        h = History(line, lambda *_: None)
        assert h.exchange([names[k]], new) is None and h.sum.expr() is line
    h = History(line, lambda *_: None)
    assert h.exchange(names[3:6], Name("y")) == [3, 4, 5] and h.line(1) is add(*names[:3], *names[6:], Name("y"))
    assert h.exchange([names[0], names[3]], Name("z")) is None and h.exchange([names[0]] * 2, Name("z")) is None
    assert h.line(0) is line and h.line(1) is add(*names[:3], *names[6:], Name("y"))
