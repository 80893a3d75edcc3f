"""The first example is a test: the README shows the file and the page as they are."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from matcalc import api, library
from matcalc.commands.cli import cli
from matcalc.reading.parse import parse_file

TOP = Path(__file__).parent.parent
README = (TOP / "README.md").read_text("utf-8")


def block(label: str) -> str:
    found = re.search(rf"<!-- {re.escape(label)} -->\n```\n(.*?)```\n", README, re.S)
    assert found, f"the README has no block {label}"
    return found[1]


def test_the_problem_is_the_file() -> None:
    assert block("derivations/softmax-jacobian.mc") == library.text("softmax-jacobian")


def test_the_page_is_what_is_printed() -> None:
    page = api.solve(parse_file(library.text("softmax-jacobian"))[0], shown=True).text()
    assert block("./run show softmax-jacobian") == page


def test_the_python_example() -> None:
    code = re.search(r"```python\n(.*?)```", README, re.S)
    assert code
    scope: dict[str, object] = {}
    exec(code[1], scope)
    assert str(scope["answer"].result) == "x*(softmax(W'*x) - y)'"  # type: ignore[attr-defined]


def test_the_marked_sheet_is_what_is_printed() -> None:
    name = re.search(r"<!-- \./run check (.*?) -->", README)
    assert name
    assert block(name[1]) == (TOP / name[1]).read_text("utf-8")
    assert block(f"./run check {name[1]}") == CliRunner().invoke(cli, ["check", str(TOP / name[1])]).output


def command() -> list[str]:
    """The command of the backward pass, without ./run."""
    found = re.search(r"<!-- \./run (derive .*?) -->", README)
    assert found
    return shlex.split(found[1])


def test_the_backward_pass_is_what_is_printed() -> None:
    assert block("./run " + re.search(r"<!-- \./run (derive .*?) -->", README)[1]) == CliRunner().invoke(cli, command()).output  # type: ignore[index]


def test_the_backward_pass_is_right() -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed: its kernels cannot be run here")
    scope: dict[str, Any] = {}
    exec(CliRunner().invoke(cli, command()).output, scope)
    x, w = (torch.randn(*shape, dtype=torch.float64, requires_grad=True) for shape in ((4, 3), (3, 2)))
    assert torch.autograd.gradcheck(scope["value"], (x, w))
