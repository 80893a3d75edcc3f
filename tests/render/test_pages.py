"""Every page of the library, as kept, in every format. `python tools/pages.py` writes them anew."""

import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest

from matcalc import api, judges, library
from matcalc.book import markdown
from matcalc.language.expr import node_count
from matcalc.reading.parse import parse
from matcalc.render.plain import CLOSE, OPEN
from tests.solved import answer as solved, entry, problems
from tools import pages

PAGES = Path(__file__).parent / "pages"
PROBLEMS = [(name, i) for name in library.names() for i, p in enumerate(problems(name)) if not p.several]
DRAWN = [(name, i) for name, i in PROBLEMS if "/" not in name or name.startswith("losses/")]


@pytest.mark.parametrize("name", library.names())
def test_the_page_is_the_kept_one(name: str) -> None:
    """In every format: the text, its part of the Markdown book with all formulas in LaTeX, digests of HTML and of the document."""
    e = entry(name)
    assert pages.page(e) == (PAGES / f"{name}.txt").read_text("utf-8")
    assert markdown.page(e) in book(e.topic)
    assert pages.digests(e) == digests()[name], "the HTML page or the LaTeX document changed"


@cache
def book(topic: str) -> str:
    return (pages.BOOK / markdown.file(topic)).read_text("utf-8")


@cache
def digests() -> dict[str, list[str]]:
    rows = [line.split("\t") for line in (PAGES / "digests.tsv").read_text("utf-8").splitlines()]
    return {name: row for name, *row in rows}


def test_no_page_is_kept_of_what_is_gone() -> None:
    assert {p.relative_to(PAGES).as_posix()[:-4] for p in PAGES.rglob("*.txt")} == set(library.names())
    assert set(digests()) == {"page", *library.names()}
    files = {markdown.file(name.rpartition("/")[0]) for name in library.names()}
    assert {p.name for p in pages.BOOK.iterdir()} == {"README.md", *files}
    assert sum(book(name).count("<a id=") for name in {n.rpartition("/")[0] for n in library.names()}) == len(library.names())


@pytest.mark.thin(4)
@pytest.mark.parametrize(("name", "i"), DRAWN)
def test_fits_eighty_columns_and_a_narrow_window(name: str, i: int) -> None:
    d = solved(name, i)
    assert max(map(len, d.text().splitlines())) <= 80
    assert d.text(50)


@pytest.mark.thin(4)
@pytest.mark.parametrize(("name", "i"), DRAWN)
def test_no_mark_is_left_open(name: str, i: int) -> None:
    d = solved(name, i)
    for text in (d.text(), d.latex(), d.latex(document=True), d.markdown(), d.html()):
        assert OPEN not in text
        assert CLOSE not in text
    ElementTree.fromstring(re.sub(r"<meta[^>]*>|<!doctype html>|&emsp;", "", d.html()))


@pytest.mark.thin(4)
@pytest.mark.parametrize(("name", "i"), DRAWN)
def test_latex_is_balanced_and_plain(name: str, i: int) -> None:
    d = solved(name, i)
    for text in (d.latex(), d.latex(document=True)):
        bare = re.sub(r"\\[{}]", "", text)
        depth = 0
        for c in bare:
            depth += (c == "{") - (c == "}")
            assert depth >= 0
        assert depth == 0
        assert bare.count(r"\left(") == bare.count(r"\right)")
        assert re.findall(r"\\begin\{(\w+\*?)\}", text).sort() == re.findall(r"\\end\{(\w+\*?)\}", text).sort()
        assert text.isascii(), "pdflatex knows ASCII for sure"


@pytest.mark.thin(4)
@pytest.mark.parametrize(("name", "i"), DRAWN)
def test_json_parses_back(name: str, i: int) -> None:
    d = solved(name, i)
    data = json.loads(json.dumps(d.json()))
    scope = problems(name)[i].scope
    result = parse(data["result"], scope) if not d.where else None
    assert result is None or result is d.record.shown[0], data["result"]
    for a, b in zip(data["steps"], data["steps"][1:], strict=False):
        assert a["after"] == b["before"] or a["before"] != b["before"]
    assert data["verdict"]["kind"] in ("proved", "checked")


@pytest.mark.parametrize(("name", "i"), PROBLEMS)
def test_is_what_the_file_expects(name: str, i: int) -> None:
    """Proved, and the published form or one that is proved equal and no longer, but for a sign."""
    p = problems(name)[i]
    assert p.expect is not None, "every problem of the library states its answer"
    assert p.source, "and where it is published"
    d = solved(name, i)
    assert "/" not in name or d.verdict.kind == "proved"
    assert d.result is p.expect or (judges.claim(p, d.record, p.expect).kind in ("proved", "checked")
                                    and node_count(d.result) <= node_count(p.expect) + ("/" in name))


def test_the_book_is_large_enough() -> None:
    assert len(library.names()) >= 120
    assert {n.split("/")[0] for n in library.names() if "/" in n} >= {"cookbook", "nndl", "magnus", "losses", "networks"}
    titles = [library.title(n) for n in library.names()]
    assert all(titles) and len(set(titles)) == len(titles), [
        t for t in titles if titles.count(t) > 1]


@pytest.mark.parametrize(("text", "wrt", "declare", "line"), [
    ("(y - X*w)'*(y - X*w) + c*w'*w", "w", ["X in R^(n,p)", "y in R^n", "w in R^p", "c in R"], "d(f)/d(w) = 2*(c*w - X'*(y - X*w))\n"),
    ("sum(log(1 + exp(-y.*(X*w))))", "w", ["X in R^(n,p)", "y in R^n", "w in R^p"], "d(f)/d(w) = -X'*(y.*sigmoid(-(y.*(X*w))))\n")])
def test_ascii_pages_keep_the_order_and_the_signs_as_typed(text: str, wrt: str, declare: list[str], line: str) -> None:
    from matcalc.render.story import story
    from matcalc.render.terminal import page
    d = api.derive(text, wrt, declare)
    drawn = page(story(d.record), 100, True)
    assert line in drawn and drawn.isascii(), drawn
    shown = next(x for x in drawn.splitlines() if "Read off" in x).split(" = ")[1].split("  ")[0]
    assert parse(shown, declare) is d.result


def test_ascii_terminals_get_the_language() -> None:
    from matcalc.render.story import story
    from matcalc.render.terminal import page
    assert page(story(solved("softmax-jacobian", 0).record), 80, True).isascii()


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed: the book sets every page")
@pytest.mark.parametrize("name", ["softmax-jacobian", "attention-queries", "gaussian-covariance"])
def test_pdflatex_compiles_the_document(name: str, tmp_path: Path) -> None:
    (tmp_path / "page.tex").write_text(solved(name, 0).latex(document=True), encoding="utf-8")
    done = subprocess.run(["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex"], cwd=tmp_path,
                          capture_output=True, text=True, errors="replace", timeout=60, check=False)
    assert done.returncode == 0, done.stdout[-800:]
    assert "Overfull" not in done.stdout, re.findall(r"Overfull.*", done.stdout)


def test_a_page_leaves_no_node_of_a_wrong_shape_behind() -> None:
    api.derive("tr(A*X)", "X", ["A in R^(n,m)", "X in R^(m,n)"], order=2).text()
    assert api.prove("d(g)/d(X) == 0", ["X in R^(m,n)", "g in R"]).kind == "proved"
    api.derive("B*x", "x", ["B in R^(m,n)", "x in R^n"], layout="numerator").text()
    assert api.prove("d(B*x)/d(x) == B'", ["B in R^(m,n)", "x in R^n"]).kind == "proved"
    api.derive("h", "x", ["B in R^(m,n)", "x in R^n"], ["h = B*x"], layout="numerator").latex()
    assert api.prove("d(h)/d(x) == B'", ["B in R^(m,n)", "x in R^n"], ["h = B*x"]).kind == "proved"


@pytest.mark.parametrize(("text", "wrt", "lines"), [
    ("norm2(X*w - y)^2 + c*norm2(w)^2", "w", ["df = d(‖X w − y‖² + c ‖w‖²)", "= d(‖X w − y‖²) + c d(‖w‖²)",
                                            "= 2 (X w − y)ᵀ X dw + 2 c wᵀ dw"]),
    ("x'*A*x + b'*x + c", "x", ["df = d(xᵀ A x + bᵀ x + c)"]),
    ("sin(c) + c^2 + exp(c)", "c", ["= d(sin(c)) + d(c²) + d(exp(c))", "= cos(c) dc + 2 c dc + exp(c) dc"])])
def test_terms_stand_where_they_were_typed(text: str, wrt: str, lines: list[str]) -> None:
    page = api.derive(text, wrt).text(120)
    assert all(line in page for line in lines) and "common factor" not in page.split("df = ")[0]
