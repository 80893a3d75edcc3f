"""Every formula in LaTeX is in the part of it that KaTeX knows: every page of the library, equations, styles, the index of rules."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from matcalc import api
from matcalc.reading.parse import problem
from matcalc.render import equations, markdown
from matcalc.rulebook.book import RULES
from matcalc.render.latex import latex
from tools import pages

HERE = Path(__file__).parent
COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)")
EQUATIONS = ["d(x'*A*x)/d(x) == 2*A*x", "tr(A*B) == tr(B*A)", "log(det(S)) == logdet(S)", "x'*x >= 0"]


@cache
def known() -> tuple[frozenset[str], frozenset[str]]:
    """Commands and environments."""
    commands, _, environments = (HERE / "katex.txt").read_text("utf-8").partition("\n")[2].partition("\n\n")
    return frozenset(commands.split()), frozenset(environments.split())


def formulas(text: str) -> list[tuple[str, bool]]:
    """What stands between dollars in Markdown, and whether between two."""
    text = re.sub(r"```.*?```", "", text, flags=re.S)
    shown = re.findall(r"\$\$\n(.*?)\n\$\$", text, re.S)
    inline = re.findall(r"(?<![\\$])\$(?!\$)((?:\\.|[^$\\])+)\$", re.sub(r"\$\$\n.*?\n\$\$", "", text, flags=re.S))
    return [(tex, True) for tex in shown] + [(tex, False) for tex in inline]


@cache
def library() -> list[tuple[str, bool]]:
    """The formulas of the kept Markdown book, which is compared with what is made elsewhere."""
    return [f for path in sorted(pages.BOOK.glob("*.md")) for f in formulas(path.read_text("utf-8"))]


def others() -> list[tuple[str, bool]]:
    """Formulas that stand on no page of the library."""
    out = [(f"{latex(r.lhs)} = {latex(r.rhs)}", True) for r in RULES.values()]
    for text in EQUATIONS[:3]:
        p = problem(prove=text)
        v, diagnosis = api.judge(p)
        out += formulas(markdown.page(equations.story(p, v, diagnosis)))
    d = api.derive("a'*exp(X*mu_1) + norm2(Sigma_new)^2", "X", ["a in R^m", "X in R^(m,n)", "mu_1 in R^n"])
    return out + [(d.latex(style=style, transpose=transposed), True) for style in ("plain", "bold") for transposed in ("top", "T", "prime")]


@pytest.mark.parametrize("found", [library, others])
@pytest.mark.slow
def test_every_command_is_known(found) -> None:  # type: ignore[no-untyped-def]
    commands, environments = known()
    assert r"\frac" in commands and "aligned" in environments and r"\parbox" not in commands
    assert len(found()) > (1_500 if found is library else 200)
    for tex, _ in found():
        bare = re.sub(r"(?<!\\)%.*", "", tex)
        assert not set(COMMAND.findall(bare)) - commands - {r"\\", r"\{", r"\}", "\\ "}, bare
        assert set(re.findall(r"\\(?:begin|end)\{(.*?)\}", bare)) <= environments, bare
        assert bare.count(r"\left") == bare.count(r"\right"), bare
        assert bare.count("{") - bare.count(r"\{") == bare.count("}") - bare.count(r"\}"), bare


@pytest.mark.slow
def test_katex_itself_takes_them() -> None:
    node = shutil.which("node")
    asked = node and subprocess.run([node, "-e", "require('katex')"], cwd=HERE, capture_output=True, check=False)
    if not asked or asked.returncode:
        pytest.skip("node or katex is not installed (npm install katex, NODE_PATH): the list of its commands is compared instead")
    lines = "\n".join(json.dumps({"tex": tex, "display": display}) for tex, display in library() + others())
    done = subprocess.run([str(node), "katex.js"], cwd=HERE, input=lines, capture_output=True, text=True, check=True)
    assert not done.stdout
