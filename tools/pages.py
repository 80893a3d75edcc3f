"""Write the kept pages anew: tests/render/pages, the Markdown book in docs/book, the tour's first example.

Read the difference before you commit it. What is kept of HTML and of LaTeX documents is a digest a page, so that a change of them is seen.
"""

import hashlib
import re
import shutil
from pathlib import Path

from matcalc import library
from matcalc.book import entries, markdown
from matcalc.render import html, terminal
from matcalc.render.document import document

TOP = Path(__file__).parent.parent
KEPT, BOOK = TOP / "tests" / "render" / "pages", TOP / "docs" / "book"


def page(e: entries.Entry) -> str:
    """What `matcalc show NAME` prints."""
    return "\n".join(map(terminal.page, e.stories))


def digests(e: entries.Entry) -> list[str]:
    """A few letters for the HTML page and for the LaTeX document."""
    drawn = "".join(map(html.body, e.stories)), document(*e.stories)
    return [hashlib.sha256(text.encode()).hexdigest()[:12] for text in drawn]


def main() -> None:
    """Write all of it."""
    book = [entries.read(name) for name in library.names()]
    shutil.rmtree(KEPT)
    for e in book:
        (KEPT / e.name).parent.mkdir(parents=True, exist_ok=True)
        (KEPT / f"{e.name}.txt").write_text(page(e), "utf-8")
    table = "".join("\t".join([e.name, *digests(e)]) + "\n" for e in book)
    (KEPT / "digests.tsv").write_text(f"page\thtml\tlatex\n{table}", "utf-8")
    shutil.rmtree(BOOK, ignore_errors=True)
    BOOK.mkdir()
    for name, text in markdown.files(book).items():
        (BOOK / name).write_text(text, "utf-8")
    path = TOP / "docs" / "tour.md"
    text = path.read_text("utf-8")
    first = "softmax-jacobian"
    shown = next(page(e) for e in book if e.name == first)
    for label, body in ((f"derivations/{first}.mc", library.text(first)), (f"./run show {first}", shown)):
        text = re.sub(rf"(<!-- {re.escape(label)} -->\n```\n).*?(```\n)", lambda m, body=body: m[1] + body + m[2], text, count=1,
                      flags=re.S)
    path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
