"""What the commands owe a reader beyond the page: expectations judged, what was inferred, why nothing came out."""

import json
import pydoc
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from matcalc.commands import answers, cli, pages
from matcalc import api, library
from matcalc.batches.lines import answer
from matcalc.language.shape import InputError

WRONG = "x in R^n\nderive x'*x wrt x\nexpect 3*x\n"


def call(*args: str, text: str | None = None) -> Result:
    return CliRunner().invoke(cli.cli, list(args), input=text)


# ------------------------------------------------------------ expect
@pytest.mark.parametrize("form", pages.FORMATS)
def test_an_expectation_is_judged_in_every_format(form: str) -> None:
    done = call("run", "-", "--format", form, text=WRONG)
    assert done.exit_code == 1
    assert "Expected" in done.output and "Refuted" in done.output and "entry (1,1) is 2 on the left and 3 on the right" in done.output
    if form == "json":
        assert json.loads(done.stdout)["expect"]["kind"] == "refuted"


def test_an_expectation_under_verify_and_of_the_wrong_shape() -> None:
    assert call("run", "-", "--verify", text=WRONG).exit_code == 1
    done = call("run", "-", text="x in R^n\nA in R^(n,n)\nderive x'*A*x wrt x\nexpect x'*A + A*x\n")
    assert done.exit_code == 1 and "a missing transpose, of x'*A" in done.output


def test_an_expectation_that_holds_says_nothing() -> None:
    right = call("run", "-", text=WRONG.replace("3*x", "x + x"))
    assert right.exit_code == 0 and "Expected" not in right.output


@pytest.mark.parametrize("name", ["softmax-jacobian", "cross-entropy-weights", "two-layers"])
def test_an_expectation_is_judged_in_the_layout_of_its_file(name: str) -> None:
    done = call("show", name, "--layout", "numerator")
    assert done.exit_code == 0 and "Expected" not in done.output


def test_verify_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "text", lambda name: WRONG)
    done = call("verify", "any")
    assert done.exit_code == 1 and "the result is 2*x, expected 3*x" in done.output
    assert call("show", "any").exit_code == 1


def test_a_refutation_goes_before_what_is_undecided(tmp_path: Path) -> None:
    assert answers.worse(1, 3) == answers.worse(3, 1) == 1 and answers.worse(0, 3) == 3


# ------------------------------------------------------------ what was inferred
@pytest.mark.parametrize(("form", "shown"), [("text", "Inferred  B ∈ ℝ^(n×k)\n"),
                                             ("markdown", "**Inferred** $B \\in \\mathbb{R}^{n \\times k}$"),
                                             ("latex", "inferred: $B \\in \\mathbb{R}^{n \\times k}$"), ("json", '"B in R^(n,k)"')])
def test_prove_says_what_it_inferred(form: str, shown: str) -> None:
    given = ["prove", "A*B == B*A", "--format", form]
    assert shown in call(*given, "--declare", "A in R^(m,n)").output
    told = call(*given, "--declare", "A in R^(m,n)", "--declare", "B in R").output
    assert "nferred" not in told or form == "json" and json.loads(told)["inferred"] == []


def test_the_shapes_of_a_false_equation_and_of_a_sheet_are_said_too() -> None:
    assert "Inferred     A ∈ ℝ^(n×n), B ∈ ℝ^(n×n)" in call("prove", "A*B == B*A").output
    assert "Inferred     A ∈ ℝ" in call("run", "-", text="prove A*B == B*A\n").output
    assert "Inferred: B in R^(n,m)" in call("check", "-", text="A in R^(m,n)\ntr(A*B) = tr(B*A)\n").output


# ------------------------------------------------------------ data
def test_a_claim_and_its_diagnosis_are_in_the_data() -> None:
    done = call("derive", "x'*A*x", "--wrt", "x", "--claim", "2*A*x", "--format", "json")
    found = json.loads(done.stdout)["claim"]
    assert done.exit_code == 1 and found["kind"] == "refuted" and "symmetri" in found["diagnosis"] and found["witness"]


def test_several_questions_are_a_line_each() -> None:
    done = call("run", "-", "--format", "json", text=WRONG + "prove x'*x == sum(x.*x)\n")
    first, second = map(json.loads, done.stdout.splitlines())
    assert first["result"] == "2*x" and first["expect"]["kind"] == "refuted" and second["kind"] == "proved"


@pytest.mark.parametrize("form", ["text", "json", "markdown", "numpy"])
def test_a_document_is_latex(form: str) -> None:
    done = call("derive", "x'*x", "--wrt", "x", "--document", "--format", form)
    assert isinstance(done.exception, InputError) and "--format latex" in str(done.exception)


@pytest.mark.parametrize(("key", "value"), [("structured", "yes"), ("structured", 1), ("expand", "no"), ("verify", 0), ("order", True),
                                            ("order", "2"), ("layout", 3), ("declare", {}), ("assume", "x"),
                                            ("claim", 5), ("wrt", ["x", 5])])
def test_batch_names_the_key_that_is_wrong(key: str, value: object) -> None:
    found = json.loads(answer(json.dumps({"id": 1, "expr": "x'*x", "wrt": "x", key: value})))
    assert found["id"] == 1 and f'"{key}"' in found["error"]["message"]


def test_batch_says_which_fields_it_does_not_read() -> None:
    found = json.loads(answer(json.dumps({"id": 1, "expr": "x'*x", "wrt": "x", "structurd": True, "source": "a book"})))
    assert found["result"] == "2*x" and found["ignored"] == ["source", "structurd"]


# ------------------------------------------------------------ unfinished
@pytest.mark.parametrize("form", ["text", "latex", "markdown", "html"])
def test_what_is_unfinished_shows_its_steps(form: str) -> None:
    done = call("derive", "expm(X)", "--wrt", "X", "--format", form)
    assert done.exit_code == 3
    assert "derivative of the matrix exponential" in done.stdout
    assert "no closed form for the Jacobian" in done.stderr and "Read off" not in done.stdout
    assert form == "latex" or "no closed form for the Jacobian" in done.stdout


def test_what_is_unfinished_as_data_and_as_source() -> None:
    done = call("derive", "a'*expm(X)", "--wrt", "X", "--format", "json")
    found = json.loads(done.stdout)
    assert done.exit_code == 3 and found["error"]["kind"] == "Unfinished"
    assert [s["rule"] for s in found["steps"]] == ["d.product", "d.expm", "vec", "vec.product"]
    assert not call("derive", "expm(X)", "--wrt", "X", "--format", "numpy").stdout
    with pytest.raises(api.Unfinished) as e:
        api.derive("a'*expm(X)", "X")
    assert [s.rule for s in e.value.steps] == ["d.product", "d.expm", "vec", "vec.product"]


def test_an_unfinished_hessian_shows_both_chapters_and_the_others_are_answered() -> None:
    done = call("derive", "x'*expm(X)*x", "--wrt", "X", "--order", "2")
    assert done.exit_code == 3 and "Again" in done.stdout and "commutation matrix" in done.stdout
    both = call("run", "-", "--format", "json", text="x in R^n\nX in R^(n,n)\nderive expm(X) wrt X\nderive x'*x wrt x\n")
    assert both.exit_code == 3 and [*map(bool, map(json.loads, both.stdout.splitlines()))] == [True, True]


# ------------------------------------------------------------ letters
SCALARS = [o for n in "gqhruv" for o in ("--declare", f"{n} in R")]


@pytest.mark.parametrize(("given", "letter"), [(["g(A*x)", "--declare", "g: R^m -> R"], "q"), (["x'*A*x"], "g"),
                                               (["sum(exp(x))*g*q*h*r*u*v", *SCALARS], "g₀")])
def test_the_gradient_of_a_hessian_page_has_a_letter_of_its_own(given: list[str], letter: str) -> None:
    page = call("derive", *given, "--wrt", "x", "--order", "2").output
    assert f"Again     {letter} = " in page or f"Again       {letter} = " in page, page
    assert f"d{letter} = " in page


# ------------------------------------------------------------ independent entries
TRACE = ("derive", "tr(X*A*X)", "--wrt", "X", "--structured", "--declare")


@pytest.mark.parametrize("layout", ["denominator", "numerator"])
def test_the_step_to_independent_entries_is_no_equality(layout: str) -> None:
    page = " ".join(call(*TRACE, "X in R^(n,n) symmetric", "--layout", layout).output.split())
    assert "with respect to the independent entries of X: (A + Aᵀ) X + X (A + Aᵀ) − diag(diag(" in page and "= (A + Aᵀ) X" not in page
    assert "for unconstrained entries, taken at a symmetric X" in page
    for form in ("latex", "markdown", "html"):
        page = call(*TRACE, "X in R^(n,n) diagonal", "--layout", layout, "--format", form).output
        assert "with respect to the independent entries of " in page
    data = json.loads(call(*TRACE, "X in R^(n,n) symmetric", "--layout", layout, "--format", "json").output)
    assert data["result"].endswith("- diag(diag(A'*X + X*A'))" if layout == "denominator" else "- diag(diag(A*X + X*A))")


def test_an_exported_page_of_independent_entries_reads_back() -> None:
    done = call("check", "-", text=call(*TRACE, "X in R^(n,n) symmetric", "--format", "latex").output)
    assert done.exit_code == 0 and "Every line follows." in done.output


@pytest.mark.parametrize("word", ["skew", "lower", "upper", "orthogonal", "symmetric orthogonal"])
def test_other_structures_have_no_independent_entries(word: str) -> None:
    message = "structured is for symmetric and diagonal variables"
    assert message in str(call(*TRACE, f"X in R^(n,n) {word}").exception)
    asked = {"expr": "tr(A*X)", "wrt": "X", "structured": True, "declare": [f"X in R^(n,n) {word}"]}
    assert message in json.loads(answer(json.dumps(asked)))["error"]["message"]
    with pytest.raises(InputError, match="order 2"):
        api.derive("tr(A*X)", "X", ["X in R^(n,n) symmetric"], structured=True, order=2)


# ------------------------------------------------------------ notes
@pytest.mark.parametrize(("expr", "told"), [
    ("norm2(A*x - b)^2 + c*norm2(x)^2", False), ("norm2(x)^4", False), ("norm2(y)*x'*x", False), ("exp(-norm2(x)^2)", False),
    ("norm2(x)", True), ("norm2(x)^3", False), ("norm2(x)^3 + norm2(x)", True), ("log(norm2(x)^2)", True), ("c/norm2(x)", True),
    ("1/(1 + norm2(x)^2)", False), ("norm2(x)^k", True)])
def test_a_norm_is_noted_where_it_matters(expr: str, told: bool) -> None:
    page = api.derive(expr, "x", ["x in R^n", "y in R^n", "b in R^m", "A in R^(m,n)", "k in R"]).text()
    assert ("a norm has no derivative where it is 0" in page) is told


def test_a_norm_with_a_name() -> None:
    assert "a norm has" not in api.derive("r^2", "x", ["x in R^n"], ["r = norm2(x)"]).text()
    assert "a norm has" in api.derive("exp(r)", "x", ["x in R^n"], ["r = norm2(x)"]).text()


def test_what_does_not_occur_is_noted() -> None:
    given = ["derive", "x'*x", "--declare", "x in R^n", "--declare", "l in R", "--wrt", "l"]
    assert "Note      f does not depend on l" in call(*given).output
    assert "does not depend on" in call(*given, "--format", "markdown").output
    assert "depend on" not in api.derive("z'*z", "x", ["x in R^n"], ["z = 2*x"]).text()


# ------------------------------------------------------------ small
@pytest.mark.parametrize("args", [["A*x", "--wrt"], ["A*x", "--wrt", "--declare", "x in R^n"], ["A*x", "--wrt", "x", "--format"]])
def test_an_option_without_its_value(args: list[str]) -> None:
    done = call("derive", *args)
    assert done.exit_code == 2 and "needs a value" in done.output


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    done = call("derive", "x'*x", "--wrt", "x", "--output", str(tmp_path / "no" / "file"))
    assert isinstance(done.exception, InputError) and str(done.exception).endswith("no such file or directory")


@pytest.mark.parametrize(("expr", "steps"), [("x", "n = 3; all sizes 1"), ("a'*x", "its one step replayed"),
                                             ("x'*x", "each of 3 steps replayed")])
def test_steps_are_counted_in_english(expr: str, steps: str) -> None:
    assert api.derive(expr, "x", ["x in R^n", "a in R^n"]).verdict.detail.endswith(steps)


@pytest.mark.parametrize(("expr", "declare", "told"), [
    ("x'*x", "x in R^n", "Proved for every n. Also checked independently: exactly at random points (n = 1, 3), and each of the 3 steps."),
    ("sin(x)", "x in R", "Proved for all values. Also checked independently: exactly at random points, and its one step."),
    ("log(x)", "x in R", "Proved for all values, where x > 0. Also checked independently: exactly"),
    ("det(x*x')", "x in R^(m,n)", "Proved for every m and n, where x*x' is invertible. Also checked independently: exactly "
     "at random points for (m, n) = (1, 1), (2, 3), and each of the 5 steps.")])
def test_the_verdict_is_one_sentence(expr: str, declare: str, told: str) -> None:
    assert str(api.derive(expr, "x", [declare]).verdict).startswith(told)


def test_more_and_less_of_a_page() -> None:
    asked = ("derive", "x'*A*x", "--wrt", "x", "--detail")
    brief, normal, full = (call(*asked, word).output for word in ("brief", "normal", "full"))
    assert "df =" not in brief and "(A + Aᵀ) x" in brief and "Proved" in brief
    assert "Judges" not in normal and "modulo two primes" not in normal and full.count(" = ") > normal.count(" = ")
    assert "Judges    for every size; exact at random points modulo two primes" in full
    assert "Judges    for every size" in call("prove", "x == x + 0", "--detail", "full").output
    assert "modulo two primes" in call("derive", "(x'*x)^2", "--wrt", "x", "--detail", "full", "--format", "markdown").output


def test_sizes_that_are_given_are_not_spoken_of() -> None:
    for text in (api.derive("sin(x)", "x", ["x in R"], verify=True).verdict.detail, api.prove("c*d == d*c").detail):
        assert "its sizes" not in text and text.startswith("for every size; exact" if "exact" in text else "for every size")


@pytest.mark.parametrize(("expr", "declared", "said"), [("A*x", "A in R^(n,n) symmetric", "the same"), ("A*x", "A in R^(n,n)", "trans"),
                                                        ("S*A*S*x", "A in R^(n,n) symmetric", "the same")])
def test_a_symmetric_jacobian_is_the_same_in_both_layouts(expr: str, declared: str, said: str) -> None:
    assert f"; {said}" in api.derive(expr, "x", [declared, "S in R^(n,n) symmetric"]).text()


def test_the_python_face_explains_itself() -> None:
    import inspect

    import matcalc
    assert matcalc.InputError is InputError and matcalc.Unfinished is api.Unfinished
    answer = matcalc.derive("x'*A*x", "x")
    assert repr(answer) == "<derivative of x'*A*x with respect to x: (A + A')*x; n x 1, proved>"
    assert list(inspect.signature(matcalc.derive).parameters)[:3] == ["expr", "wrt", "declare"]
    assert "with its steps and a verdict" in pydoc.render_doc(matcalc.derive)


def test_several_answers_come_in_their_order() -> None:
    page = call("run", "-", text="derive expm(X) wrt X\nprove x == x\nx in R^n\nderive sum(x) wrt x\nprove sum(x) == x\n").stdout
    places = [page.index(text) for text in ("Unfinished", "x = x", "Read off", "sum(x) == x")]
    assert places == sorted(places) and not page.startswith("\n") and "\n\n\n" not in page


@pytest.mark.parametrize(("form", "shown"), [
    ("text", "Define    s = softmax(x)"), ("latex", r"where $s = \operatorname{softmax}(x)$"),
    ("markdown", "**Define**"), ("html", "Assume"), ("json", '"s = softmax(x)"')])
def test_the_page_of_an_equation_says_what_is_defined_and_assumed(form: str, shown: str) -> None:
    done = call("prove", "y'*s == y'*s + 0", "--define", "s = softmax(x)", "--assume", "sum(y) = 1", "--format", form).output
    assert shown in done and ("ssume" in done)
