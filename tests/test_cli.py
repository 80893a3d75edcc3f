"""The command line, as a user types it."""

import gc
import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import matcalc
from matcalc.commands import cli
from matcalc import library
from tests.work import Work

TOP = Path(__file__).parent.parent


def call(*args: str, text: str | None = None, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """A whole process."""
    return subprocess.run([sys.executable, "-m", "matcalc", *args], input=text, capture_output=True, text=True, encoding="utf-8",
                          cwd=TOP, env={**os.environ, **(env or {})}, timeout=60)


def click(*args: str, text: str | None = None) -> Result:
    """The same inside this process, where no error is expected."""
    return CliRunner().invoke(cli.cli, list(args), input=text, catch_exceptions=False)


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[Any, str, str]]:
    """The whole command inside this process: its exit code, and what it wrote. An exception that it does not tell of is one of the test."""
    def run(*args: str) -> tuple[Any, str, str]:
        monkeypatch.chdir(TOP)
        monkeypatch.setattr(gc, "freeze", lambda: None)
        monkeypatch.setattr(sys, "argv", ["matcalc", *args])
        with pytest.raises(SystemExit) as done:
            cli.main()
        told = capsys.readouterr()
        return done.value.code, told.out, told.err
    return run


@pytest.mark.parametrize(("typed", "found"), [
    ("matcalc show least", "least-squares"), ("matcalc derive --for", "--format"), ("matcalc derive x --format l", "latex"),
    ("matcalc derive x --layout n", "numerator"), ("matcalc help la", "latex"), ("matcalc rules d.inv", "d.inverse"),
    ("matcalc der", "derive")])
def test_a_shell_completes(typed: str, found: str) -> None:
    done = call(env={"COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split()) - 1), "_MATCALC_COMPLETE": "bash_complete"})
    assert f"plain,{found}" in done.stdout.splitlines() and not done.stderr


def test_the_package_names_its_faces() -> None:
    assert set(matcalc.__all__) == {"derive", "prove", "check", "show", "Derivation", "Gradients", "Verdict", "Sheet", "InputError",
                                    "Unfinished", "Expired", "stationary", "symbol", "rules"}
    assert set(dir(matcalc)) >= set(matcalc.__all__) and all(getattr(matcalc, name).__doc__ for name in matcalc.__all__)
    assert str(matcalc.derive("x'*A*x", "x").result) == "(A + A')*x"
    importlib.import_module("matcalc.deriving.engine")
    assert str(matcalc.derive("x'*x", "x").result) == "2*x"


# ------------------------------------------------------------ bad input: exit 2, one message, no traceback, little work
BAD = {
    "unknown name": (["derive", "f(x)", "--wrt", "x"], "unknown function f"),
    "shape clash": (["derive", "A*B", "--wrt", "A", "--declare", "A in R^(3,k)", "--declare", "B in R^(m,2)"],
                    "A*B: inner sizes differ: A is 3 x k, B is m x 2 (k from line 1, m from line 2)"),
    "side by side": (["derive", "x 2", "--wrt", "x"], "hint: write * for a product"),
    "open bracket": (["derive", "(x", "--wrt", "x"], "not closed"),
    "closing bracket": (["derive", "x)", "--wrt", "x"], "^"),
    "two equalities": (["prove", "x'*x == y == z"], "hint: only one == is allowed"),
    "an equality to derive": (["derive", "x'*x == 1", "--wrt", "x"], "hint: an equation belongs to prove"),
    "a spectral norm": (["derive", "‖A‖", "--wrt", "A", "--declare", "A in R^(m,n)"],
                        "the Frobenius norm, normF(A), and the spectral norm, spectral(A)"),
    "unknown function": (["derive", "max(x)", "--wrt", "x"], "max is not supported"),
    "nested": (["derive", "(" * 10_000 + "x" + ")" * 10_000, "--wrt", "x"], "nested"),
    "empty": (["derive", "", "--wrt", "x"], "empty"),
    "no variable": (["derive", "x", "--wrt", "y"], "y"),
    "huge size": (["derive", "x'*x", "--wrt", "x", "--declare", "x in R^1000000000", "--verify"], "1000000000"),
    "vector Hessian": (["derive", "A*x", "--wrt", "x", "--order", "2"], "order 2"),
    "misspelt option": (["derive", "x", "--wtr", "x"], "--wrt"),
    "no such derivation": (["show", "softmax"], "softmax-jacobian"),
    "a path for a name": (["show", "../derivations/exp"], "no derivation"),
    "no such file": (["run", "nowhere.mc"], "nowhere.mc"),
    "a folder": (["run", "tests"], "tests"),
    "no such rule": (["rules", "d.inverze"], "d.inverse"),
    "no equals sign": (["prove", "x"], "=="),
    "unwritable": (["derive", "x", "--wrt", "x", "--format", "json", "--output", "/nowhere/x"], "/nowhere/x"),
    "no such command": (["frobnicate"], "frobnicate"),
}


@pytest.mark.thin(4)
@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_without_a_traceback(name: str, ended: Callable[..., tuple[Any, str, str]]) -> None:
    args, culprit = BAD[name]
    with Work() as work:
        code, out, told = ended(*args)
    assert code == 2
    assert culprit in told
    assert "Traceback" not in told
    assert not out
    assert work.calls < 1_000_000
    assert max(map(len, told.splitlines())) < 400


def test_a_process_ends_so_too() -> None:
    done = call("derive", "f(x)", "--wrt", "x")
    assert done.returncode == 2 and "unknown function f" in done.stderr and "Traceback" not in done.stderr and not done.stdout


@pytest.mark.thin(3)
@pytest.mark.parametrize("text", ["", "# nothing\n", "x\0y", "derive x", "x in R^n\nderive x*x wrt x", "expect x"])
@pytest.mark.slow
def test_bad_files_are_refused_without_a_traceback(text: str, tmp_path: Path, ended: Callable[..., tuple[Any, str, str]]) -> None:
    file = tmp_path / "p.mc"
    file.write_text(text, "utf-8")
    for command in ("run", "check"):
        code, out, told = ended(command, str(file))
        assert code == 2, (command, out)
        assert "Traceback" not in told


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "p.mc"
    file.write_bytes(b"\xff\xfe\x00")
    assert call("run", str(file)).returncode == 2


# ------------------------------------------------------------ good input
@pytest.mark.thin(3)
@pytest.mark.parametrize("expr", ["-x'*A*x", "-(x'*A*x)", "-1*x'*A*x"])
def test_an_expression_may_begin_with_a_minus(expr: str) -> None:
    done = click("derive", expr, "--wrt", "x", "--format", "json")
    assert json.loads(done.output)["result"] == "-(A + A')*x"
    assert click("derive", "--wrt=x", "--format=json", expr).output == done.output
    assert click("derive", "--format", "json", "--wrt", "x", "--", expr).output == done.output


def test_a_dash_reads_standard_input() -> None:
    assert "cos(x)" in click("derive", "-", "--wrt", "x", "--format", "latex", text="sin(x)\n").output.replace("\\", "")
    assert click("prove", "-", text="tr(A*B) == tr(B*A)").exit_code == 0
    assert "Jacobian" in click("run", "-", text=library.text("softmax-jacobian")).output


@pytest.mark.thin(3)
@pytest.mark.parametrize("form", ["text", "latex", "markdown", "html", "json", "numpy"])
def test_every_format_is_written_to_a_file_as_it_is_shown(form: str, tmp_path: Path) -> None:
    shown = click("show", "softmax-jacobian", "--format", form)
    file = tmp_path / "out"
    written = click("show", "softmax-jacobian", "--format", form, "--output", str(file))
    assert shown.exit_code == written.exit_code == 0
    assert not written.output
    assert [x.rstrip() for x in file.read_text("utf-8").splitlines()] == [x.rstrip() for x in shown.output.splitlines()]


def test_options_of_a_page() -> None:
    assert "numerator" in click("show", "sum-exp", "--layout", "numerator").output
    assert click("show", "softmax-jacobian", "--format", "latex", "--document").output.startswith("\\documentclass")
    given = ["derive", "tr(A*X)", "--wrt", "X", "--declare", "X in R^(n,n) symmetric", "--format", "json"]
    plain, structured = (json.loads(click(*given, *more).output)["result"] for more in ([], ["--structured"]))
    assert plain == "A'" != structured


def test_a_wrong_claim_is_refuted_and_diagnosed() -> None:
    right = click("derive", "x'*A*x", "--wrt", "x", "--claim", "A*x + A'*x")
    wrong = click("derive", "x'*A*x", "--wrt", "x", "--claim", "2*(A + A')*x")
    assert right.exit_code == 0
    assert wrong.exit_code == 1
    assert "twice the right answer" in wrong.output


def test_a_false_equation_has_a_counterexample() -> None:
    assert click("prove", "tr(A*B) == tr(B*A)", "--declare", "A in R^(m,n)", "--declare", "B in R^(n,m)").exit_code == 0
    done = click("prove", "A*B == B*A", "--declare", "A in R^(n,n)", "--declare", "B in R^(n,n)")
    assert done.exit_code == 1
    assert "A = [[" in done.output


def test_check_finds_the_line(tmp_path: Path) -> None:
    file = tmp_path / "hand.txt"
    file.write_text("x in R^n\nA in R^(n,n)\nd(x'*A*x)/d(x)\n= A*x + A'*x\n= 2*A*x\n", "utf-8")
    done = click("check", str(file))
    assert done.exit_code == 1
    marks = {line.split()[0]: line for line in done.output.splitlines() if line[:5].strip().isdigit()}
    assert "follows" in marks["4"] and "does not follow" in marks["5"] and "= 2*A*x" in marks["5"]
    assert "right if A is" in done.output and "What follows is (A + A')*x." in done.output
    assert click("check", "-", text="x in R^n\nx'*x\nsum(x.*x)\n").exit_code == 0


def test_problems_and_rules_are_listed() -> None:
    listed = click("list").output
    assert all(name in listed for name in library.names()) and "networks/lstm" in listed
    assert "losses/poisson-regression" in click("list", "poisson").output and "trace" not in click("list", "poisson").output
    assert click("show", "poisson-regression").output == click("show", "losses/poisson-regression").output
    assert "delta_" in click("show", "networks/perceptron", "--format", "json").output
    one = click("rules", "d.inverse")
    assert one.exit_code == 0
    assert "-inv(A)*d(A)*inv(A)" in one.output


def test_problems_of_the_library_are_verified() -> None:
    done = click("verify", "softmax-jacobian", "exp")
    assert done.exit_code == 0, done.output


# ------------------------------------------------------------ batch
LINES = [
    '{"id": "a", "expr": "x\'*x", "wrt": "x"}',
    "not json",
    '{"id": "b", "expr": "(x", "wrt": "x"}',
    '{"id": "c"}',
    "[1]",
    '{"id": "d", "expr": "x", "wrt": "x", "declare": "x in R"}',
    '{"id": "e", "expr": "x", "wrt": "x", "order": 7}',
    '{"id": "f", "expr": "x\'*A*x", "wrt": "x", "claim": "x\'*(A + A\')"}',
    '{"id": "g", "declare": ["x in R^n"], "prove": "sum(x) == ones(n)\'*x"}',
    '{"id": "h", "declare": ["s in R^n", "x in R^n"], "expr": "diag(s)*x", "wrt": "x"}',
]


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.slow
def test_a_batch_answers_every_line_in_order(jobs: str) -> None:
    done = call("batch", "--jobs", jobs, text="\n".join(LINES) + "\n")
    assert done.returncode == 1, "lines have failed"
    out = [json.loads(line) for line in done.stdout.splitlines()]
    assert [o.get("id") for o in out] == ["a", None, "b", "c", None, "d", "e", "f", "g", "h"]
    a, f, g = out[0], out[7], out[8]
    assert a["result"] == "2*x"
    assert set(a) == {"id", "result", "where", "shape", "latex", "numpy", "steps", "verdict", "detail", "conditions", "inferred",
                      "inferred_from", "seconds"}
    assert a["shape"] == ["n", "1"]
    assert a["numpy"].count("def ") == 2 and a["numpy"].count("def grad(") == 1
    assert f["claim_verdict"] == "refuted"
    assert f["diagnosis"] == "the transpose of the right answer"
    assert g["claim_verdict"] in ("proved", "checked")
    assert out[2]["error"]["kind"] == "InputError"
    assert out[2]["error"]["column"] == 1
    for o in out[1:7]:
        assert "error" in o


# ------------------------------------------------------------ what is not imported
def loaded(*args: str, colour: str = "") -> set[str]:
    code = "import sys; sys.argv = ['matcalc', *sys.argv[1:]]\nfrom matcalc.commands.cli import main\ntry: main()\n" \
           "except SystemExit: pass\nprint('\\n', *sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True, cwd=TOP,
                          env={**os.environ, "FORCE_COLOR": colour})
    return set(done.stderr.split())


@pytest.mark.slow
def test_sympy_waits_until_it_is_asked_and_rich_for_a_page() -> None:
    page, data = loaded("show", "softmax-jacobian", colour="1"), loaded("show", "softmax-jacobian", "--format", "json")
    assert "sympy" not in page | data
    assert "rich" in page
    assert "rich" not in data | loaded("show", "softmax-jacobian")
    assert not {"numpy", "torch", "jax"} & (page | data)


@pytest.mark.slow
def test_a_plain_formula_needs_no_dialect() -> None:
    met = loaded("derive", "norm2(A*x - b)^2", "--wrt", "x")
    assert "matcalc.deriving.engine" in met
    assert not {"matcalc.reading.latex", "matcalc.reading.dialects.lines", "matcalc.reading.dialects.grammar"} & met


@pytest.mark.slow
def test_colour_only_where_asked() -> None:
    assert "\x1b[" not in call("show", "exp").stdout
    assert "\x1b[" in call("show", "exp", env={"FORCE_COLOR": "1", "TERM": "xterm-256color"}).stdout


@pytest.mark.slow
def test_a_closed_pipe_is_no_fault() -> None:
    done = subprocess.run(f"{sys.executable} -m matcalc rules | head -1", shell=True, capture_output=True, text=True, cwd=TOP)
    assert "Traceback" not in done.stderr


@pytest.mark.thin(4)
@pytest.mark.parametrize("form", ["text", "latex", "markdown", "json"])
def test_prove_in_every_format(form: str) -> None:
    square = ["--declare", "A in R^(n,n)", "--declare", "B in R^(n,n)", "--format", form]
    right = click("prove", "inv(A*B) == inv(B)*inv(A)", *square)
    wrong = click("prove", "inv(A*B) == inv(A)*inv(B)", *square)
    assert (right.exit_code, wrong.exit_code) == (0, 1)
    assert "invertible" in right.output and "order" in wrong.output
    if form == "text":
        assert max(map(len, (right.output + wrong.output).splitlines())) <= 80
    if form == "json":
        assert json.loads(right.output)["conditions"] and json.loads(wrong.output)["witness"]["sizes"] == {"n": 2}
    if form == "latex":
        assert "\\neq" in wrong.output and wrong.output.count("{") == wrong.output.count("}")


def test_a_claim_in_json() -> None:
    done = CliRunner().invoke(cli.cli, ["derive", "tr(X^2)", "--wrt", "X", "--claim", "2*X", "--format", "json"])
    text = done.stdout if "The claim" not in done.stdout else done.stdout[:done.stdout.index("The claim")]
    found = json.loads(text)["claim"]
    assert found["kind"] == "refuted" and "transpose" in found["diagnosis"]


@pytest.mark.thin(3)
@pytest.mark.parametrize(("text", "code"), [("x in R^n\nx'*x = sum(x.*x)\n", 0), ("x in R^n\nx'*x = sum(x)\n", 1),
                                            ("x in R^n\nassume sum(x.^4) = -1\nx = 2*x\n", 3), ("x'*x = (\n", 3)])
def test_exit_codes_of_check(text: str, code: int, tmp_path: Path, ended: Callable[..., tuple[Any, str, str]]) -> None:
    file = tmp_path / "sheet.txt"
    file.write_text(text, "utf-8")
    found, out, told = ended("check", str(file))
    assert found == code, out + told
    assert "Traceback" not in told


def test_a_pdf_is_a_page_set_by_latex(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli.cli, ["show", "exp", "--format", "json", "--output", str(tmp_path / "x.pdf")])
    assert done.exit_code and "is a page set by LaTeX, not json" in str(done.exception)
    file = tmp_path / "both.mc"
    file.write_text("x in R^n\nderive x'*x wrt x\nprove x'*x == sum(x.^2)\n", "utf-8")
    done = click("run", str(file), "--format", "latex", "--document", "--style", "bold")
    assert done.output.count(r"\end{document}") == 1 and done.output.count(r"\section*") == 2 and r"\mathbf{x}" in done.output
    assert done.exit_code == 0
    assert "<h1>An equation</h1>" in click("prove", "x'*x == sum(x.^2)", "--format", "html").output
