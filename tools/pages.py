"""Write the kept pages anew: the README's first example and tests/render/pages. Read the difference before you commit it."""

import re
from pathlib import Path

from matcalc import api, library
from matcalc.reading.parse import parse_file

TOP = Path(__file__).parent.parent


def pages(name: str) -> str:
    """What `matcalc show NAME` prints."""
    return "\n".join((api.gradients if p.several else api.solve)(p, shown=True).text() for p in parse_file(library.text(name)))


if __name__ == "__main__":
    folder = TOP / "tests" / "render" / "pages"
    folder.mkdir(exist_ok=True)
    for old in folder.rglob("*.txt"):
        old.unlink()
    for name in library.names():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / f"{name}.txt").write_text(pages(name), "utf-8")
    path = TOP / "README.md"
    text = path.read_text("utf-8")
    first = "softmax-jacobian"
    for label, body in ((f"derivations/{first}.mc", library.text(first)), (f"./run show {first}", pages(first))):
        text = re.sub(rf"(<!-- {re.escape(label)} -->\n```\n).*?(```\n)", lambda m, body=body: m[1] + body + m[2], text, count=1,
                      flags=re.S)
    path.write_text(text, "utf-8")
