"""The first examples are tests: the README and the tour show files and pages as they are, and the README has at most 60 lines."""

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
README, TOUR = ((TOP / name).read_text("utf-8") for name in ("README.md", "docs/tour.md"))
SHOWN = README + TOUR


def block(label: str) -> str:
    found = re.search(rf"<!-- {re.escape(label)} -->\n```\n(.*?)```\n", SHOWN, re.S)
    assert found, f"neither page has no block {label}"
    return found[1]


def test_the_readme_is_read_at_once() -> None:
    assert len(README.splitlines()) <= 60


@pytest.mark.parametrize("path", ["README.md", *(f"docs/{p.name}" for p in sorted((TOP / "docs").glob("*.md"))), "CONTRIBUTING.md"])
def test_every_link_leads_to_a_file(path: str) -> None:
    text = (TOP / path).read_text("utf-8")
    found = [t for t in re.findall(r"\]\(([^)#\s]+)[^)]*\)", re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.S)) if "://" not in t]
    assert all(((TOP / path).parent / t).exists() for t in found), [t for t in found if not ((TOP / path).parent / t).exists()]


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
    found = re.search(r"<!-- \./run (derive .*?) -->", TOUR)
    assert found
    return shlex.split(found[1])


def test_the_backward_pass_is_what_is_printed() -> None:
    assert block("./run " + re.search(r"<!-- \./run (derive .*?) -->", TOUR)[1]) == CliRunner().invoke(cli, command()).output  # type: ignore[index]


def test_the_backward_pass_is_right() -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed: its kernels cannot be run here")
    scope: dict[str, Any] = {}
    exec(CliRunner().invoke(cli, command()).output, scope)
    x, w = (torch.randn(*shape, dtype=torch.float64, requires_grad=True) for shape in ((4, 3), (3, 2)))
    assert torch.autograd.gradcheck(scope["value"], (x, w))
