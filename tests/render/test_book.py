"""The book: contents, indexes, links in every format; a new file is in all of them; PDF in one run."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

from matcalc import library
from matcalc.book import entries, latex, markdown, site
from matcalc.commands import cli
from tests.solved import entry
from tools import pages

NEW = 'title "Twice <a> square & more"\nsource "nndl 10.2"\nX in R^(n,n)\nderive tr(inv(X)) wrt X\nexpect -inv(X*X)\'\n'


def whole() -> list[entries.Entry]:
    return [entry(name) for name in library.names()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two files of the library, a file that nobody knew, and a topic that nobody knew."""
    for name in ("softmax-jacobian", "cookbook/trace-square"):
        (tmp_path / f"{name}.mc").parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.mc").write_text(library.text(name), "utf-8")
    (tmp_path / "new-things").mkdir()
    (tmp_path / "new-things" / "twice.mc").write_text(NEW, "utf-8")
    return tmp_path


def test_a_new_file_has_its_page_and_its_lines_in_the_indexes(folder: Path) -> None:
    out = folder / "out"
    for form in ("markdown", "html", "latex"):
        done = CliRunner().invoke(cli.cli, ["book", str(out), "--format", form, "--from", str(folder)], catch_exceptions=False)
        assert done.exit_code == 0 and Path(done.output.strip()).is_file()
    first, page = (out / "markdown" / "README.md").read_text("utf-8"), (out / "markdown" / "new-things.md").read_text("utf-8")
    assert "### [New things](new-things.md)" in first and page.count("## Twice \\<a\\> square \\& more") == 1
    link = r"\[Twice \\<a\\> square \\& more\]\(new-things\.md#twice\)"
    assert re.search(rf"- differential of an inverse \$.*{link}", first) and re.search(rf"- 10\\\.2: {link}", first)
    index, page = (out / "site" / "index.html").read_text("utf-8"), (out / "site" / "new-things" / "twice.html").read_text("utf-8")
    assert index.count('<a href="new-things/twice.html">Twice &lt;a&gt; square &amp; more</a>') >= 4, "contents, two rules, the source"
    assert "<h1>Twice &lt;a&gt; square &amp; more</h1>" in page and "derive tr(inv(X)) wrt X" in page
    tex = (out / "book.tex").read_text("utf-8")
    assert r"3\quad New things" in tex and r"3.1\quad Twice $<$a$>$ square \& more" in tex
    assert re.search(r"differential of an inverse, .*\\see\{3\.1\}", tex) and r"10.2: \see{3.1}" in tex


class Links(HTMLParser):
    """What a page leads to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("href", "src")]


def test_every_link_leads_to_a_page(folder: Path) -> None:
    book = [entries.read(name, str(folder)) for name in library.names(str(folder))]
    made = site.files(book)
    for name, text in made.items():
        for to in Links(text).found:
            assert (folder / name).parent.joinpath(to).resolve().relative_to(folder).as_posix() in made, f"{name} leads to {to}"
        assert not re.search(r"https?:|<link|<script|url\(", text)
    files = markdown.files(book)
    for to, anchor in re.findall(r"\]\(([\w-]+\.md)#?([\w-]*)\)", "".join(files.values())):
        assert to in files and (not anchor or f'<a id="{anchor}">' in files[to])


def test_what_cannot_be_a_book(folder: Path) -> None:
    for args, said in (([str(folder / "out"), "--from", "/nowhere"], "cannot read /nowhere"),
                       (["/dev/null/out", "--format", "latex", "--from", str(folder)], "cannot write /dev/null/out")):
        done = CliRunner().invoke(cli.cli, ["book", *args])
        assert done.exit_code and said in str(done.exception)
    (folder / "new-things" / "wrong.mc").write_text("derive f(x wrt x\n", "utf-8")
    done = CliRunner().invoke(cli.cli, ["book", str(folder / "out"), "--from", str(folder)])
    assert "new-things/wrong" in str(done.exception)


@pytest.mark.slow
def test_the_contents_and_indexes_are_the_kept_ones() -> None:
    assert markdown.files(whole())["README.md"] == (pages.BOOK / "README.md").read_text("utf-8")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed: nothing typesets the book")
def test_the_book_is_set_in_one_run(tmp_path: Path) -> None:
    (tmp_path / "book.tex").write_text(latex.document(whole()), "utf-8")
    done = subprocess.run(["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "book.tex"], cwd=tmp_path, capture_output=True,
                          text=True, errors="replace", timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-800:]
    assert not re.findall(r"Overfull \\hbox.*|undefined references|Rerun", done.stdout)
