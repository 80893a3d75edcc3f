"""Whatever a user names, titles or writes reaches no medium unescaped: 60 strings through every output, read back."""

from __future__ import annotations

import ast
import json
import re
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt

from matcalc import api
from matcalc.commands.cli import cli, fail, main
from matcalc.reading.parse import parse_file
from matcalc.render import html, markdown, escaping, terminal, tex
from matcalc.render.document import document
from matcalc.render.naming import page_of
from matcalc.render.story import story

HOSTILE = [
    "<script>alert(1)</script>", "</title><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    "</style><b>", "<!-- x", "--> x", "<![CDATA[x", "&lt;script&gt;", "&#x6a;avascript:alert(1)", "[x](javascript:alert(1))",
    "![x](http://e.org/a.png)", "<javascript:alert(1)>", "[x]: javascript:alert(1)", "x](javascript:alert(1)", "*bold*",
    "__bold__", "~~gone~~", "`code`", "```", "# head", "## two ##", "- item", "+ item", "1. item", "2) item", "> quote",
    "| a | b |", "---", "===", "$x$", "$$x$$", "\\(x\\)", "\\[x\\]", "\\input{/etc/passwd}", "\\write18{ls}", "\\end{document}",
    "} \\bad {", "{", "}", "%", "100 % of a", "a & b", "a_b^c~d#e", "\\", "\\\\ x", "\x1b[31mred\x1b[0m", "\x1b]0;title\x07",
    "\x9b31m", "a\x07b\x08c", "a\rb", "\u202eevil", "\u2066x\u2069", "a\u200bb", "\x00", "\x7f", "javascript:alert(1)",
    "<javascript:alert(1)", "\\href{javascript:alert(1)}{x}", "\\def\\x{}", "^^M^^5c", "\u00ad\u061c\u200e", "'''", "\"\"\"",
    "{}{0}%s", "caf\u00e9 \u2200 \u4e2d \U0001f600"]
PLACES = ("title", "source")
ALLOWED = {"html", "meta", "title", "style", "h1", "p", "b", "div", "small", "details", "summary", "pre",
           "math", "mi", "mn", "mo", "mrow", "msup", "msub", "mfrac", "msqrt", "mspace"}
SPECIAL = frozenset("&%$#_^~")


def pages(text: str, place: str) -> dict[str, str]:
    """A derivation with this in the place of a problem file's title or source, in every form."""
    p = parse_file("x in R^n\nA in R^(n,n)\nderive x'*A*x wrt x\n")[0]
    d = api.solve(p.replace(**{place: text}))
    told = story(d.record)
    return {"text": terminal.page(told), "ascii": terminal.page(told, ascii_only=True), "markdown": markdown.page(told),
            "html": html.page(told), "latex": tex.aligned(told), "document": document(told), "json": escaping.json(d.json(), 2),
            **{f: d.source(f) for f in ("numpy", "torch", "jax", "sympy")}}


class Tags(HTMLParser):
    """The tags and attributes of a page, and its words."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.words = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.words += data


def balanced(text: str) -> bool:
    """Whether braces, environments and dollars of a LaTeX text fit, and no special stands outside its place."""
    depth, maths, words = 0, False, []
    stack: list[str] = []
    for m in re.finditer(r"\\begin\{(\w+\*?)\}|\\end\{(\w+\*?)\}|\\([a-zA-Z]+|.)|%.*|[{}$]|[&#_^~]|[^\\{}$%&#_^~]+", text, re.S):
        token = m[0]
        if m[1]:
            stack.append(m[1])
        elif m[2]:
            if not stack or stack.pop() != m[2]:
                return False
        elif m[3]:
            words.append(m[3])
        elif token == "{":
            depth += 1
        elif token == "}":
            depth -= 1
        elif token == "$":
            maths = not maths
        elif token == "&" and not any("align" in s or s == "pmatrix" for s in stack):
            return False
        elif token in ("_", "^") and not maths and not any("align" in s for s in stack):
            return False
        elif token in ("#", "~") or (token[0] == "%" and not re.match(r"% (given|where|assume|layout): ", token)):
            return False
        if depth < 0:
            return False
    return depth == 0 and not maths and not stack and not {"input", "write", "bad"} & set(words)


@pytest.mark.thin(12)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.thin(6)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_titles_and_sources_are_told_without_control_characters(text: str, place: str) -> None:
    out = pages(text, place)
    for form in ("text", "ascii", "markdown", "html", "latex", "document", "json"):
        assert all(c.isprintable() or c == "\n" for c in out[form]), form
    seen = " ".join(escaping.visible(text).split())
    assert seen in " ".join(out["text"].split())
    read = Tags()
    read.feed(out["html"].replace(html.COPY, ""))
    assert read.tags <= ALLOWED
    assert read.attributes <= {"lang", "charset", "name", "content", "class", "displaystyle", "mathvariant", "stretchy", "width",
                               "lspace", "rspace"}
    assert seen in " ".join(read.words.split())
    plain = {"heading_open", "heading_close", "inline", "paragraph_open", "paragraph_close", "text", "text_special", "softbreak",
             "em_open", "em_close", "strong_open", "strong_close"}
    for t in MarkdownIt().enable(["table", "strikethrough"]).parse(out["markdown"]):
        assert {t.type, *(c.type for c in t.children or ())} <= plain
    shown = "".join(c.content for t in MarkdownIt().parse(out["markdown"]) for c in t.children or ())
    assert "".join(seen.split()) in "".join(shown.split())
    assert balanced(out["document"]) and balanced(out["latex"]), out["document"]
    assert json.loads(out["json"])["problem"][place] == text
    for form in ("numpy", "torch", "jax", "sympy"):
        ast.parse(out[form])


@pytest.mark.thin(6)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_errors_and_verdicts_are_told_without_control_characters(text: str, capsys: pytest.CaptureFixture[str],
                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    """What is refused, and what is judged, is told without raw control characters; no traceback, no fault."""
    for args in (["derive", text, "--wrt", "x"], ["derive", "x'*x", "--wrt", text], ["derive", "x'*x", "--wrt", "x", "--declare", text],
                 ["derive", "x'*x", "--wrt", "x", "--claim", text], ["prove", f"x == {text}"], ["show", text], ["rules", text]):
        for form in (["--format", "json"], []) if args[0] in ("derive", "prove") else ([],):
            monkeypatch.setattr("sys.argv", ["matcalc", *args, *form])
            with pytest.raises(SystemExit) as ended:
                main()
            told = capsys.readouterr()
            assert ended.value.code in (0, 1, 2, 3), (args, told.err)
            assert all(c.isprintable() or c == "\n" for c in told.out + told.err), args


@pytest.mark.thin(6)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_line_of_a_sheet_is_told_back_as_written(text: str, tmp_path: Any) -> None:
    """A line of a hand derivation is told back as it was written, but for what cannot be seen."""
    path = tmp_path / "sheet.txt"
    path.write_text(f"x in R^n\nf = x'*x\n{text}\ndf = 2*x'*dx\n", "utf-8", newline="")
    for form in ("text", "json"):
        done = CliRunner().invoke(cli, ["check", str(path), "--format", form])
        assert all(c.isprintable() or c == "\n" for c in done.output)


def test_messages_reach_a_terminal_clean(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        fail("cannot read \x1b[31mfile\x9b\u202e:\n  hint")
    assert capsys.readouterr().err.replace("\N{REPLACEMENT CHARACTER}", "?") == "matcalc: cannot read ?[31mfile??:\n  hint\n"


def test_json_is_lossless() -> None:
    data = {"a": "\x1b \u202e \x9b \ud800 \U000e0001 é \u2028"}
    shown = escaping.json(data)
    assert json.loads(shown) == data and all(c.isprintable() for c in shown) and "é" in shown


# ------------------------------------------------------------------------------------------------ names
NAMES = [
    "_", "__", "x", "x_", "x__y", "x_y", "x_1_2", "x_12", "x1_2", "x12", "x1", "x_1", "_1", "class", "class_", "class__",
    "lambda", "lambda_", "np", "_np", "math", "torch", "jax", "jnp", "grad", "grad_", "like", "like_", "t1", "t2", "size_n",
    "size_n_", "_softmax", "_softmax_", "alpha", "alpha_", "alpha1", "alpha_1", "omicron", "o", "True_", "None", "match", "print",
    "Trace", "symbols", "Integer", "entry", "left", "sizes", "shape", "entries", "x_omega", "x_o", "x_omicron", "varepsilon",
    "epsilon", "a" * 150, "very_long_" * 12, "pi_1"]


def asked(names: list[str]) -> Any:
    terms = " + ".join(f"sum(softmax({n}))*({n}'*x0)" for n in names)
    return api.derive(terms, "x0", declare=[f"{n} in R^n" for n in [*names, "x0"]])


@pytest.mark.slow
def test_names_are_distinct_everywhere() -> None:
    d = asked(NAMES)
    told = story(d.record)
    given = next(b for b in told.blocks if b.label == "Given")
    with page_of(told):
        for spell in (tex.domain, terminal.domain):
            shown = [spell(p.name) for p in given.pieces if not isinstance(p, str)]
            assert len(shown) == len(set(shown)) == len(NAMES) + 1
            assert all(s and "{}" not in s.replace(r"\textbackslash{}", "") for s in shown)
    assert balanced(document(told)) and not re.search(r"_\{[^{}]*\}_|_\{\}", tex.aligned(told))
    assert len(set(d.json()["problem"]["declare"])) == len(NAMES) + 1
    for form in ("numpy", "torch", "jax", "sympy"):
        tree = ast.parse(d.source(form))
        found = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == "grad"]
        if found:
            args = [a.arg for a in found[0].args.args]
            assert len(args) == len(set(args)) == len(NAMES) + 1


@pytest.mark.thin(6)
@pytest.mark.parametrize("name", NAMES)
def test_code_runs_whatever_a_variable_is_called(name: str) -> None:
    """The code runs: a module, a helper, a local name or a size called the same stands in nobody's way."""
    d = api.derive(f"logsumexp({name}) + c*sum(ones(n))*sum({name})", name, declare=[f"{name} in R^n", "c in R"])
    for form in ("text", "latex", "markdown", "html"):
        assert getattr(d, form)()
    space: dict[str, Any] = {}
    exec(d.numpy(), space)
    got = space["grad"](np.zeros(3), 2.0)
    assert np.allclose(got, 1/3 + 6)
    for form in ("torch", "jax", "sympy"):
        ast.parse(d.source(form))


@pytest.mark.parametrize("size", ["np", "_softmax", "class", "like", "t1", "math", "x", "grad", "size_x"])
def test_sizes_have_names_too(size: str) -> None:
    d = api.derive(f"sum(softmax(x))*sum(ones({size}))*c + sum(x)", "c", declare=[f"x in R^{size}", "c in R"])
    space: dict[str, Any] = {}
    exec(d.numpy(), space)
    assert np.allclose(space["grad"](x=np.zeros(4), c=1.0), 4)
    assert balanced(d.latex(True))


@pytest.mark.parametrize("names", [("class", "class_"), ("x1", "x_1"), ("x12", "x_12"), ("omicron", "o"), ("alpha1", "alpha_1"),
                                   ("x__y", "x_y")])
def test_two_names_alike_stay_two(names: tuple[str, str]) -> None:
    a, b = names
    d = api.derive(f"{a}'*{b}", a, declare=[f"{a} in R^n", f"{b} in R^n"])
    left, right = re.findall(r"\$(\S+) \\in", d.latex(True))
    assert left != right and d.source("numpy").count("def grad(") == 1
    ast.parse(d.source("numpy"))


@pytest.mark.parametrize("name", ["left", "right", "entry", "sizes", "shape", "shapes", "difference", "d"])
def test_witnesses_of_any_name(name: str) -> None:
    v = api.prove(f"sum({name}.*{name}) == 2*sum({name}.*{name})", [f"{name} in R^n"])
    assert v.kind == "refuted" and re.fullmatch(r"\d+ on the left and \d+ on the right, at n = 1", v.detail)
