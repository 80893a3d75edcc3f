"""One line in, one line out: any line has an answer or an error of its own, in JSON that every reader takes."""

import json
import math
from typing import Any

import pytest
from soak import ASK, HOSTILE

from matcalc.batches import lines as batch, jsonl
from matcalc import api
from matcalc.batches.lines import answer
from matcalc.codegen import numpy as writer
from matcalc.language.shape import InputError


def strict(text: str) -> Any:
    """What a strict reader of UTF-8 JSON Lines reads."""
    assert "\n" not in text and text.splitlines() == [text]

    def no(constant: str) -> Any:
        raise AssertionError(f"{constant} is not JSON")

    return json.loads(text.encode(), parse_constant=no)


def ask(**more: Any) -> Any:
    return strict(answer(json.dumps({"id": 7, "expr": "x'*x", "wrt": "x", **more})))


@pytest.mark.parametrize("line", HOSTILE, ids=lambda line: line[:40].decode("ascii", "backslashreplace"))
def test_a_hostile_line_has_one_answer(line: bytes) -> None:
    out = strict(answer(line))
    assert ("result" in out or "error" in out) and out["seconds"] >= 0
    if "error" in out:
        assert out["error"]["kind"] in ("InputError", "Unfinished") and out["error"]["message"]
        assert "matcalc failed" not in out["error"]["message"]
    assert jsonl.failed(answer(line)) == ("error" in out)


@pytest.mark.parametrize(("given", "back"), [
    (b'"\\ud800"', "\ud800"), (b'"\xe2\x80\xa8"', "\u2028"), (b"NaN", "NaN"), (b"-Infinity", "-Infinity"), (b"1e999", "1e999"),
    (b"12345678901234567890123", 12345678901234567890123), (b"9" * 5000, "9" * 5000), (b"9" * 4000, int("9" * 4000)), (b"1.5", 1.5),
    (b'{"a": [1, null, NaN]}', {"a": [1, None, "NaN"]}), (b"null", None), (b"true", True), (b'""', "")])
def test_any_id_comes_back(given: bytes, back: object) -> None:
    out = strict(answer(b'{"id": %s, %s}' % (given, ASK)))
    assert out["result"] == "2*x" and out["id"] == back
    assert strict(answer(b'{"id": %s, "expr": "x*"}' % given))["id"] == back


def test_a_number_that_is_none_is_not_taken_for_one() -> None:
    assert "order" in strict(answer(b'{"id": 1, %s, "order": NaN}' % ASK))["error"]["message"]
    assert "order" in strict(answer(b'{"id": 1, %s, "order": 1e999}' % ASK))["error"]["message"]


def test_what_is_not_read_beside_a_claim_is_said() -> None:
    assert ask(prove="x == x")["ignored"] == ["expr", "wrt"] and "ignored" not in ask(prove=None)


@pytest.mark.parametrize("line", [b'\xef\xbb\xbf{"id": 1, %s}' % ASK, b'{"id": 1, %s}\r' % ASK, b' \t{"id": 1, %s} ' % ASK])
def test_marks_and_blanks_around_a_line(line: bytes) -> None:
    assert strict(answer(line))["result"] == "2*x" and strict(answer(line.decode()))["result"] == "2*x"


def test_what_is_wrong_with_a_line_is_said() -> None:
    said = {line: strict(answer(line))["error"] for line in (b"no", b'{"id": "\xff"}', b'{"expr": "x", "expr": "y"}', b"[1]", b"[" * 10**5)}
    assert [e["message"] for e in said.values()] == ["not JSON: Expecting value", "not UTF-8 text: byte 9", 'duplicate key "expr"',
                                                     "a line must be a JSON object", "nested too deeply"]
    assert said[b"no"]["column"] == 1
    assert strict(answer(b'{"id": "who", "expr": "\xff"}'))["id"] == "who"
    assert "must be text" in strict(answer(None))["error"]["message"]      # type: ignore[arg-type]


@pytest.mark.slow
def test_a_line_of_50_mb_and_one_that_is_too_long() -> None:
    start = b'{"id": 1, %s, "pad": "' % ASK
    assert strict(answer(start + b"y" * 50_000_000 + b'"}'))["result"] == "2*x"
    assert "64 MB" in strict(answer(start + b"y" * jsonl.LONGEST + b'"}'))["error"]["message"]


def test_an_answer_that_is_no_json_is_made_some() -> None:
    assert strict(jsonl.write({"id": math.nan, "witness": {"x": [math.inf, 1.5]}})) == {"id": "NaN", "witness": {"x": ["Infinity", 1.5]}}
    deep: Any = []
    for _ in range(10_000):
        deep = [deep]
    with pytest.raises(RecursionError):
        jsonl.write({"id": deep})
    assert strict(jsonl.unanswered(b'{"id": 3}', "Killed", "why")) == {"id": 3, "error": {"kind": "Killed", "message": "why"}}
    assert strict(jsonl.unanswered(b"\xff", "Killed", "why")) == {"error": {"kind": "Killed", "message": "why"}}


# ------------------------------------------------------------ a part that fails
def fault(*_: Any, **__: Any) -> Any:
    raise ZeroDivisionError("broken")


@pytest.mark.parametrize(("error", "kind"), [(MemoryError(), "OutOfMemory"), (ZeroDivisionError("broken"), "Fault"),
                                             (RecursionError(), "InputError"), (api.Unfinished("open"), "Unfinished"),
                                             (InputError("bad", column=3), "InputError")])
def test_each_failure_has_its_kind(monkeypatch: pytest.MonkeyPatch, error: Exception, kind: str) -> None:
    def raises(*_: Any) -> Any:
        raise error

    monkeypatch.setattr(batch, "_answer", raises)
    out = ask()
    assert out["id"] == 7 and out["error"]["kind"] == kind and out["error"]["message"]


@pytest.mark.parametrize(("error", "why"), [(ZeroDivisionError("broken"), "ZeroDivisionError: broken"),
                                            (RecursionError(), "nested too deeply"), (MemoryError(), "memory"),
                                            (api.Unfinished("no code for it"), "no code for it")])
def test_code_that_fails_does_not_cost_the_answer(monkeypatch: pytest.MonkeyPatch, error: Exception, why: str) -> None:
    def raises(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(writer, "source", raises)
    out = ask()
    assert out["result"] == "2*x" and out["numpy"] is None and out["verdict"] == "proved" and "error" not in out
    assert list(out["missing"]) == ["numpy"] and why in out["missing"]["numpy"]


def test_latex_and_steps_that_fail_do_not_cost_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "latex_of", fault)
    monkeypatch.setattr(api.Record, "count", property(fault), raising=False)
    out = ask()
    assert out["result"] == "2*x" and out["latex"] is None and out["steps"] is None and out["numpy"]
    assert set(out["missing"]) == {"latex", "steps"} and "error" not in out


def test_a_claim_that_cannot_be_judged_is_an_error_beside_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    out = ask(claim="2*(x")
    assert out["result"] == "2*x" and out["verdict"] == "proved" and out["error"]["column"] == 3 and set(out["missing"]) == {"claim"}
    monkeypatch.setattr(api.judges, "claim", fault)
    out = ask(claim="2*x")
    assert out["result"] == "2*x" and out["error"]["kind"] == "Fault" and "broken" in out["missing"]["claim"] and "claim_verdict" not in out
    assert "result" not in ask(claim="2*x", expr="(x")


def test_a_diagnosis_that_fails_does_not_cost_the_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api.judges, "RERAISE", False)
    monkeypatch.setattr("matcalc.diagnosed.diagnosis_of", fault)
    assert ask(claim="3*x")["claim_verdict"] == "refuted"
    assert strict(answer('{"prove": "A*B == B*A"}'))["verdict"] == "refuted"


def test_what_is_whole_misses_nothing() -> None:
    assert not {"missing", "error"} & set(ask(claim="2*x"))
    assert not {"missing", "error"} & set(ask(claim="3*x")), "a refuted claim is an answer"


def test_a_derivative_says_by_what() -> None:
    one, two, three = (strict(answer(json.dumps(asked))) for asked in (
        {"expr": "d/dx (x^T A x)"}, {"expr": "x'*A*x"}, {"expr": "x'*A*x + d/dx"}))
    assert one["result"] == "(A + A')*x" and one["verdict"] == "proved" and one["read"] == ["d(x'*A*x)/d(x)"]
    assert two["error"]["message"] == '"wrt" is missing' and "error" in three
