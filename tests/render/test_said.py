"""What the commands owe a reader beyond the page: expectations judged, what was inferred, why nothing came out."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from matcalc import cli, library

WRONG = "x in R^n\nderive x'*x wrt x\nexpect 3*x\n"


def call(*args: str, text: str | None = None) -> Result:
    return CliRunner().invoke(cli.cli, list(args), input=text)


# ------------------------------------------------------------ expect
@pytest.mark.parametrize("form", cli.FORMATS)
def test_an_expectation_is_judged_in_every_format(form: str) -> None:
    done = call("run", "-", "--format", form, text=WRONG)
    assert done.exit_code == 1
    assert "The file expects 3*x" in done.output and "Refuted: entry (1,1) is 2 on the left and 3 on the right" in done.output
    if form == "json":
        assert json.loads(done.stdout)["expect"]["kind"] == "refuted"


def test_an_expectation_under_verify_and_of_the_wrong_shape() -> None:
    assert call("run", "-", "--verify", text=WRONG).exit_code == 1
    done = call("run", "-", text="x in R^n\nA in R^(n,n)\nderive x'*A*x wrt x\nexpect x'*A + A*x\n")
    assert done.exit_code == 1 and "a missing transpose, of x'*A" in done.output


def test_an_expectation_that_holds_says_nothing() -> None:
    right = call("run", "-", text=WRONG.replace("3*x", "x + x"))
    assert right.exit_code == 0 and "expects" not in right.output


@pytest.mark.parametrize("name", ["softmax-jacobian", "cross-entropy-weights", "two-layers"])
def test_an_expectation_is_judged_in_the_layout_of_its_file(name: str) -> None:
    done = call("show", name, "--layout", "numerator")
    assert done.exit_code == 0 and "expects" not in done.output


def test_verify_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "text", lambda name: WRONG)
    done = call("verify", "any")
    assert done.exit_code == 1 and "the result is 2*x, expected 3*x" in done.output
    assert call("show", "any").exit_code == 1


def test_a_refutation_goes_before_what_is_undecided(tmp_path: Path) -> None:
    assert cli.worse(1, 3) == cli.worse(3, 1) == 1 and cli.worse(0, 3) == 3


# ------------------------------------------------------------ what was inferred
@pytest.mark.parametrize(("form", "shown"), [("text", "Inferred  B in R\n"), ("markdown", "Inferred $B \\in \\mathbb{R}$"),
                                             ("latex", "inferred: $B \\in \\mathbb{R}$"), ("json", '"B in R"')])
def test_prove_says_what_it_inferred(form: str, shown: str) -> None:
    given = ["prove", "A*B == B*A", "--format", form]
    assert shown in call(*given, "--declare", "A in R^(m,n)").output
    assert "nferred $" not in call(*given, "--declare", "A in R^(m,n)", "--declare", "B in R").output


def test_the_shapes_of_a_false_equation_and_of_a_sheet_are_said_too() -> None:
    assert "Inferred  A in R^(n,n), B in R^(n,n)" in call("prove", "A*B == B*A").output
    assert "Inferred  A in R" in call("run", "-", text="prove A*B == B*A\n").output
    assert "Inferred: B in R^(n,m)" in call("check", "-", text="A in R^(m,n)\ntr(A*B) = tr(B*A)\n").output
