"""The first example is a test: the README shows the file and the page as they are."""

import re
from pathlib import Path

from matcalc import api, library
from matcalc.language.parse import parse_file

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
