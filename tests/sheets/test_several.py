"""Several sheets at once: the table in each format, what a task gives, points, files that cannot be read, exit codes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from matcalc.commands.cli import cli
from matcalc.language.shape import InputError
from matcalc.sheets.overview import table
from matcalc.sheets.many_sheets import File, clusters, mark, marks, worst
from matcalc.sheets.task import Task, task

LEAST = ("X in R^(m,n), y in R^m, w in R^n\nconstant X, y\nf = norm2(X*w - y)^2\nexpect d(f)/d(w) = 2*X'*(X*w - y)\n"
         "points method 4\npoints answer 2\n")
SHEETS = {"right.mc": "df = 2*(X*w-y)'*X*dw\nd(f)/d(w) = 2*X'*X*w - 2*X'*y\n", "half.mc": "df = 2*(X*w-y)'*X*dw\nd(f)/d(w) = X'*(X*w-y)\n",
          "turned.tex": "$$f(w) = \\|Xw-y\\|^2$$ $$\\nabla f(w) = 2X(Xw-y)$$", "short.mc": "df = 2*(X*w-y)'*X*dw\n",
          "named.mc": "g = d(f)/d(w) = 2*X'*(X*w - y)\n", "bad.mc": "nothing here\n"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (*SHEETS.items(), ("least.task", LEAST)):
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize(("name", "answer", "points", "code"), [
    ("right.mc", "right", (4.0, 2.0, 0.0, 6.0), 0), ("half.mc", "wrong", (2.0, 0.0, 0.0, 6.0), 1),
    ("turned.tex", "wrong", (0.0, 0.0, 0.0, 6.0), 1), ("short.mc", "missing", (4.0, 0.0, 0.0, 6.0), 1),
    ("named.mc", "right", (4.0, 2.0, 0.0, 6.0), 0)])
def test_a_sheet_after_a_task(folder: Path, name: str, answer: str, points: tuple[float, ...], code: int) -> None:
    found = mark(str(folder / name), task(LEAST), 5.0)
    assert (found.error, found.answer, found.points, found.exit) == ("", answer, points, code)


@pytest.mark.parametrize(("text", "answer"), [
    ("r = X @ w - y\ngrad = 2 * X.T @ r\n", "right"), ("r = X @ w - y\ngrad = 2 * X @ r\n", "wrong"),
    ("r = X.dot(w) - y\nloss = np.sum(r**2)\ngrad_w = 2*X.T.dot(r)\n", "right"),
    ("L = norm2(X*w - y)^2\nd(L)/d(w) = 2*X'*(X*w - y)\n", "right"), ("L = norm2(X*w - y)^2/2\nd(L)/d(w) = X'*(X*w - y)\n", "missing")])
def test_an_answer_of_a_loss_with_a_name_of_its_own_and_in_numpy(tmp_path: Path, text: str, answer: str) -> None:
    (tmp_path / "own.txt").write_text(text)
    assert mark(str(tmp_path / "own.txt"), task(LEAST), 5.0).answer == answer


def test_mistakes_of_one_kind_that_differ_are_told_apart_and_a_file_has_its_limit(tmp_path: Path) -> None:
    texts = ["d(f)/d(w) = X'*(X*w - y)\n", "d(f)/d(w) = 3*X'*(X*w - y)\n", "d(f)/d(w) = X'*(X*w - y)\n", "d(f)/d(w) = w\n" * 3000]
    names = [str(tmp_path / f"{k}.mc") for k, _ in enumerate(texts)]
    for name, text in zip(names, texts, strict=True):
        Path(name).write_text(text)
    found = list(marks(names, task(LEAST), 5.0))
    assert sorted(map(len, clusters(found).values())) == [1, 2] and "3000 equalities" in found[3].error


def test_a_file_that_cannot_be_read_stops_no_other(folder: Path) -> None:
    (folder / "bytes.mc").write_bytes(b"\xff\xfe")
    names = [str(folder / n) for n in ("bytes.mc", "right.mc", "bad.mc", "none.mc", "half.mc")]
    found = list(marks([*names, str(folder)], task(LEAST), 5.0))
    assert [f.exit for f in found] == [2, 0, 2, 2, 1, 2] and all(f.error for f in found if f.exit == 2)
    assert [f._replace(marked=None) for f in marks(names, task(LEAST), 5.0, 2)] == [f._replace(marked=None) for f in found[:-1]]


def test_every_format_has_every_file(folder: Path) -> None:
    names = [str(folder / n) for n in SHEETS]

    found = list(marks(names, task(LEAST), 5.0))

    def run(form: str) -> str:
        return table(found, form)
    data = json.loads(run("json"))
    assert [f["file"] for f in data["files"]] == names and data["exit"] == 1
    assert data["clusters"] == {"wrong-factor": [names[1]], "missing-transpose": [names[2]]}
    assert data["files"][1]["sheet"]["lines"][1]["codes"] == ["wrong-factor"]
    rows = list(csv.DictReader(io.StringIO(run("csv"))))
    assert [r["file"] for r in rows] == names and rows[0]["points"] == "6 of 6" and rows[5]["verdict"] == "error"
    assert run("markdown").count("\n|") == len(SHEETS) + 1 and run("html").count("<tr>") == len(SHEETS) + 1
    assert all(name in run("text") for name in names)


def test_the_exit_code_of_several() -> None:
    assert worst([]) == 0 and worst([File("a", None, "no")]) == 2
    assert worst([File("a", None, "no"), File("b", mark("b", Task(), 1.0).marked)]) == 2


def test_names_that_a_spreadsheet_would_run_are_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "=1+1.mc").write_text("x in R^n\nd(x'*x)/d(x) = x\n")
    monkeypatch.chdir(tmp_path)
    out = CliRunner().invoke(cli, ["check", "=1+1.mc", "--format", "csv"])
    assert out.output.splitlines()[1].startswith("'=1+1.mc,does not follow,2") and out.exit_code == 1


@pytest.mark.parametrize("text", ["x in R^n\nf = = 2", "x in R^n\nf = x'*x\nf = 2*x'*x\n", "points many", "expect a = b = c",
                                  "x in R^n\nf = x'*x\nexpect d(f)/d(x) = x'*y'*x +", "A in R^(m,n), x in R^m\nf = A*x"])
def test_a_task_that_cannot_be_read_ends_all(text: str) -> None:
    with pytest.raises(InputError):
        task(text)


@pytest.mark.parametrize(("text", "answer"), [
    ("$$\\nabla_w f = 2X^\\top(Xw-y) + 2\\lambda w$$", "right"), ("∇f = 2Xᵀ(Xw − y) + 2λw", "right"),
    ("$$\\nabla_w f = 2X^\\top(Xw-y) + \\lambda w$$", "wrong"), ("df/dw = 2 X'(X w - y) + 2 mu w", "not judged")])
def test_a_sheet_may_spell_the_letters_of_a_task_otherwise(tmp_path: Path, text: str, answer: str) -> None:
    given = task("X in R^(n,d), w in R^d, y in R^n, lam in R\nf = norm2(X*w - y)^2 + lam*norm2(w)^2\n"
                 "expect d(f)/d(w) = 2*X'*(X*w - y) + 2*lam*w")
    path = tmp_path / ("sheet.tex" if "\\" in text else "sheet.txt")
    path.write_text(text, "utf-8")
    assert mark(str(path), given, 10).answer == answer
