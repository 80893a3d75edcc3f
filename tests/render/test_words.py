"""Pages in Chinese: every word of the article's pages and of its references is in the table, and nothing but words changes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from matcalc import api, library
from matcalc.book import entries
from matcalc.commands import cli
from matcalc.language.shape import InputError
from matcalc.proof.verdict import Cause
from matcalc.render import html, terminal, words
from matcalc.render.reasons import CALLED
from matcalc.render.document import document
from matcalc.render.verdict_words import WORDS
from matcalc.render.tex import aligned
from matcalc.render.words import in_language
from matcalc.rulebook.book import RULES
from matcalc.rulebook.normal import BY_NAME
from tests.solved import entry

CITED = ("the article", "nndl", "Qiudaoshu")
NAMES = [name for name in library.names() if library.source(name).startswith(CITED)]
CHINESE = re.compile("[\u2e80-\uffef]")


class Watched(dict[str, str]):
    """A table that remembers what it was asked for in vain."""

    def __init__(self, table: dict[str, str]) -> None:
        super().__init__(table)
        self.missed: set[str] = set()

    def get(self, key: str, default: str = "") -> str:  # type: ignore[override]
        if key not in self:
            self.missed.add(key)
        return super().get(key, default)


@pytest.mark.thin(6)
@pytest.mark.parametrize("name", NAMES)
def test_every_word_of_the_article_and_its_references_is_said(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    table = Watched(dict(words.table("zh")))
    monkeypatch.setattr(words, "table", lambda _: table)
    with words.in_language("zh"):
        (story,) = entries.read(name).stories
        page = terminal.page(story)
        html.body(story)
    english = {text for text in table.missed if re.search(r"[A-Za-z]{3}", text) and not CHINESE.search(text)}
    assert not {text for text in english if not re.match(r"nndl|MCB|Magnus|log-sum-exp", text)}
    assert CHINESE.search(story.title) and CHINESE.search(page) and max(map(terminal.size, page.splitlines())) <= 80
    (told,) = entry(name).stories
    assert aligned(story).count(r"\\") == aligned(told).count(r"\\"), "the lines are the same"
    assert [line.right for b in story.blocks for line in b.lines] == [line.right for b in told.blocks for line in b.lines]


def test_on_the_command_line_and_in_a_document(tmp_path: Path) -> None:
    for args, wanted in ((["show", "softmax-jacobian", "--lang", "zh"], "读出"),
                         (["show", "losses/squared-hinge", "--lang", "zh"], "relu 的性质"),
                         (["show", "softmax-jacobian", "--lang", "zh", "--format", "html"], '<html lang="zh">'),
                         (["prove", "x == x", "--lang", "zh", "--format", "markdown"], "**已证** 对所有 $n$"),
                         (["derive", "x'*x", "--wrt", "x", "--lang", "zh", "--format", "latex", "--document"], r"\usepackage{CJKutf8}")):
        assert wanted in CliRunner().invoke(cli.cli, args, catch_exceptions=False).output
    assert "读出" not in CliRunner().invoke(cli.cli, ["show", "softmax-jacobian"]).output, "it holds for one command"
    (tmp_path / "one.mc").write_text(library.text("softmax-jacobian"), "utf-8")
    CliRunner().invoke(cli.cli, ["book", str(tmp_path / "out"), "--from", str(tmp_path), "--format", "html", "--lang", "zh"],
                       catch_exceptions=False)
    index = (tmp_path / "out" / "site" / "index.html").read_text("utf-8")
    assert "<h2>目录</h2>" in index and "softmax 的雅可比矩阵</a>" in index


@pytest.mark.parametrize(("claim", "wanted"), [("2*A*x", "未对称化：写作 A，应为 (A + Aᵀ)/2"), ("x'*(A + A')", "正确答案的转置"),
                                               ("-(A + A')*x", "正确答案的相反数：符号有误"), ("(A + A')*x/2", "正确答案的一半：缺因子 2")])
def test_a_diagnosis_is_said_in_chinese(claim: str, wanted: str) -> None:
    args = ["derive", "x'*A*x", "-w", "x", "-d", "A in R^(n,n)", "--claim", claim, "--lang", "zh"]
    told = CliRunner().invoke(cli.cli, args).output.split("所给答案")[1]
    assert wanted in told


def test_a_document_in_english_needs_no_other_package() -> None:
    assert "CJK" not in document(*entry("softmax-jacobian").stories)


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(InputError, match="pages cannot be written in la"), words.in_language("la"):
        pass


def test_the_table_has_no_line_twice_and_no_stray_blanks() -> None:
    lines = [line for line in Path(str(words.__file__)).with_name("zh.tsv").read_text("utf-8").splitlines() if not line.startswith("#")]
    english = [line.split("\t")[0] for line in lines]
    assert len(set(english)) == len(english) and all(line.count("\t") == 1 for line in lines)
    assert all(part == part.strip() and part.count("{}") == lines[i].split("\t")[1].count("{}") for i, part in enumerate(english))


def test_every_reason_is_said_in_chinese() -> None:
    reasons = {row.called for row in (*RULES.values(), *BY_NAME.values())} | set(CALLED.values())
    assert reasons <= words.table("zh").keys()


def test_why_a_judge_did_not_decide_is_said_in_chinese() -> None:
    about = {Cause.NOWHERE: (), Cause.UNMET: (), Cause.SIZES: (("n", 2),), Cause.KINK: ("c",), Cause.STEPS: (9,), Cause.OPAQUE: ("f",),
             Cause.DIGITS: (9,),
             Cause.TIMEOUT: (), Cause.DEADLINE: (2.0,), Cause.MISSING: ("sympy",), Cause.CRASHED: ("E", ""), Cause.UNDEFINED: ("c",),
             Cause.SHAPE: ("derivative", "n x 1", "claim", "n x n"), Cause.STEP: (1, "d.sum", "c")}
    technical = {Cause.STUCK, Cause.UNDONE, Cause.UNREADABLE, Cause.ILL_SHAPED, Cause.NAMELESS}
    for why in set(WORDS) - technical:
        with in_language("zh"):
            shown = WORDS[why](*about.get(why, ()))
        assert re.search("[\u4e00-\u9fff]", shown), (why, shown)
        assert not re.search("[\u4e00-\u9fff]", WORDS[why](*about.get(why, ())))


def test_conditions_are_idiomatic_in_chinese() -> None:
    with in_language("zh"):
        page = "".join(api.derive("sum(relu(x)) + logdet(A)", "x", ["x in R^n", "A in R^(n,n)"]).text(400).split("\n"))
    assert "A 可逆" in page and "x 的元素都不为 0" in page, page
