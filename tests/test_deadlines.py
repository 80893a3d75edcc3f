"""What takes too long is stopped, what is known by then is given, and what was not finished is named."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner

import matcalc
from matcalc.batches import lines as batch, workers
from matcalc import api, judges
from matcalc.commands.cli import cli
from matcalc.language import deadline
from matcalc.language.deadline import NEVER, Deadline, Expired, deadline_after
from matcalc.reading.parse import problem
from matcalc.proof.by_sympy import components
from matcalc.proof.verdict import Judge, Cause
from matcalc.sheets.marking.time_and_memory import Clock as SheetClock
from tests.work import Clock, forget

LATE = Deadline(0.0, 0.05)          # has passed
LONG: dict[str, Any] = {"expr": " + ".join(f"sin(a{k}'*x)" for k in range(100)), "wrt": "x"}


def within(patch: pytest.MonkeyPatch, seconds: float, ask: Callable[[], Any]) -> Any:
    """The answer, which must come in a modest multiple of the time granted, by a clock of calls."""
    with Clock(patch) as clock:
        try:
            return ask()
        finally:
            assert clock.now() < 2 * seconds + 0.5


def test_a_moment_that_has_passed() -> None:
    assert NEVER.half() is NEVER
    NEVER.check()
    deadline_after(10).check()
    assert deadline_after(10).half().left < 6
    with pytest.raises(Expired, match=r"timed out after 0\.05 s"):
        LATE.check()


def test_a_derivative_that_is_not_there_in_time_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    p = problem(**LONG)
    with pytest.raises(Expired, match=r"the derivative timed out after 0\.01 s"):
        within(monkeypatch, 0.01, lambda: api.solve(p.within(deadline_after(0.01)), shown=True))


def test_a_result_without_a_proof_says_which_judge_did_not_finish(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(p: Any, *_: Any) -> Any:
        while True:
            p.deadline.check()
    from matcalc.proof.all_sizes import indices
    monkeypatch.setattr(indices, "prove_derivative", endless)
    p = problem(["A in R^(n,n)"], expr="x'*A*x", wrt="x")
    d = within(monkeypatch, 0.4, lambda: api.solve(p.within(deadline_after(0.4)), shown=True))
    assert (str(d.result), d.verdict.kind) == ("(A + A')*x", "checked")
    assert [f.judge for f in d.verdict.unasked if f.reason is not None and f.reason.why is Cause.DEADLINE] == [Judge.INDICES]
    assert "the judge for every size did not decide: not finished in its share of 0.4 s" in " ".join(d.text().split())


@pytest.mark.parametrize("judge", Judge)
def test_every_judge_stops(judge: Judge) -> None:
    p = problem(["A in R^(n,n)", "x in R^n"], expr="sum(exp(A*x)) + log(x'*x)", wrt="x")
    d = api.engine.derive(p)
    given: tuple[Any, ...] = (p, d.result, d.where, 1, d.layout, False)
    what = "prove_derivative" if judge is Judge.INDICES else "judge_derivative"
    verdict = judges.ask(judge, *(("replay", d.within(LATE)) if judge is Judge.REPLAY else (what, p.within(LATE), *given[1:])))
    assert verdict.kind == "undecided" and verdict.why in (Cause.DEADLINE, Cause.TIMEOUT)


def test_exact_points_that_agreed_are_kept_where_real_ones_are_late(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: Any, **__: Any) -> Any:
        raise Expired(0.5)
    from matcalc.proof.at_points.question import Question
    monkeypatch.setattr(Question, "_really", late)
    verdict = api.derive("sum(abs(x))", "x", "x in R^n").verdict
    assert "at real points undecided: not finished in its share of 0.5 s" in verdict.detail


@pytest.mark.parametrize("library", ["numpy", "torch", "jax", "sympy"])
def test_code_stops(library: str) -> None:
    p = problem(["A in R^(n,n)"], expr="x'*A*x", wrt="x")
    d = api.solve(p)
    d.record.problem = d.record.problem.within(Deadline(0.0, 1e-9))
    with pytest.raises(Expired):
        d.source(library)


def test_a_page_that_takes_too_long_has_no_steps_and_says_so() -> None:
    d = api.solve(problem(["A in R^(n,n)"], expr="x'*A*x", wrt="x"))
    d.record.problem = d.record.problem.within(Deadline(0.0, 1e-9))
    for page in (d.text(), d.markdown(), d.html(), d.latex(True)):
        assert "The steps were not drawn in" in " ".join(page.split())
    assert "(A + A')*x" in str(d.result) and d.json()["missing"] == {"steps": "timed out after 1e-09 s"}
    d.record.problem = d.record.problem.within(NEVER)
    assert "not drawn" not in d.text()


def test_output_has_as_long_as_the_answer_had(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    for module in (deadline, components):
        monkeypatch.setattr(module, "monotonic", lambda: now)
    d = api.derive("x'*x", "x", seconds=1.0)
    now = 0.75
    assert d.record.deadline.left == 0.25 and d.drawn().deadline.left == 1.0


def test_the_command_line_stops_in_time() -> None:
    run = [sys.executable, "-m", "matcalc", "derive", LONG["expr"], "--wrt", "x", "--seconds", "0.01"]
    done = subprocess.run(run, capture_output=True, text=True)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith("matcalc: the derivative timed out after 0.01 s\n  hint: ")
    late = CliRunner().invoke(cli, ["prove", "tr(A^300*B) == tr(B*A^300)", "--declare", "A, B in R^(n,n)", "--seconds", "1e-6"])
    assert late.exit_code == 3 and "not finished in its share of 1e-06 s" in " ".join(late.output.split())
    assert CliRunner().invoke(cli, ["derive", "x", "--wrt", "x", "--seconds", "0"]).exit_code == 2


def test_a_sheet_stops_in_time(tmp_path: Any) -> None:
    sheet = tmp_path / "sheet.md"
    sheet.write_text("x in R^n\nA in R^(n,n)\n\nd(x'*A*x) = d(x)'*A*x + x'*A*d(x)\n")
    assert CliRunner().invoke(cli, ["check", str(sheet)]).exit_code == 0
    forget()
    late = CliRunner().invoke(cli, ["check", str(sheet), "--seconds", "1e-6"])
    assert late.exit_code == 3 and "undecided" in late.output


def test_the_lines_of_a_sheet_share_its_time() -> None:
    clock = SheetClock(8)
    clock.next_line()
    assert 3 < clock.within().left < 4 < clock.ends.left
    with clock.shared(1):
        assert clock.within(2).left < 1
    assert clock.within(2).left > 1


@pytest.mark.parametrize("asked", [lambda line: batch.answer(line, 0.01), lambda line: next(workers.answers([line.encode()], 1, 0.01)),
                                   lambda line: workers.share([line], 0.01)[0]])
def test_a_line_of_a_batch_stops_in_time(asked: Callable[[str], str]) -> None:
    out = json.loads(asked(json.dumps({"id": 1, **LONG})))
    assert (out["id"], out["error"]["kind"]) == (1, "Deadline") and "result" not in out
    workers.ours(0.01).close()
    workers.ours.cache_clear()


def test_python_has_twenty_seconds() -> None:
    assert matcalc.derive("x'*x", "x").record.deadline.seconds == 20
    assert matcalc.prove("x'*A*x == x'*A'*x", seconds=1e-6).kind == "undecided"
