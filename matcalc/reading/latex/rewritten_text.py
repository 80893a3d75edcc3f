"""What a text writes as if it were a function, rewritten as a name before its first formula is read."""

from __future__ import annotations

import re

from ...patterns import pattern
from ..grammar.brackets import opening
from .macros import parts


def rewritten_text(text: str) -> str:
    """A text with names and columns for what it writes otherwise, line by line where it was."""
    text = SUBJECT.sub(r"\1\\text{s.t.}", SPACE.sub(r"\\mathbb{R}^\1", text))           # \mathbb{R^n}; & s.t. x = 0
    text = NESTED.sub(r"{\1^{(\2)}}^{\3}", text)          # x^{(i)^T}
    text = BRACED.sub(r"\1", text if r"\rvert" in text else OPENED.sub(r"\\|", text))        # \lvert\lvert x \lvert\lvert; f({X})
    text = columns(features(along_a_manifold(centred(with_spaces(raised_behind(in_square_brackets(text)))))))
    return over_samples(without_primes(text)) if r"\sum" in text else text


IN_FORMULAS = pattern(r"\$\$[^$]+\$\$|\$[^$]+\$|\\\[.{1,4000}?\\\]|\\\(.{1,400}?\\\)|\\begin\{(\w+)\*?\}.{1,4000}?\\end\{\1\*?\}", re.S)
TOKEN = pattern(r"\\(?:text|mathrm|operatorname|mbox|label|tag)\*?\s*\{[^{}]*\}|\\[A-Za-z]+|[A-Za-z]")
PRIMED = pattern(r"\\sum\s*(?:\\limits\s*)?_\s*(?:\{\s*)?([a-z])\s*(?:'|\^\s*(?:\{\s*)?\\prime)")
LETTER = r"(?:\\(?:mathbf|boldsymbol|bm|vec)\s*(?:\{\s*)?)?([a-z])(?:\s*\})?"
SAMPLED = pattern(rf"\\sum\s*(?:\\limits\s*)?_\s*\{{\s*(?:\(\s*{LETTER}\s*,\s*{LETTER}\s*\)|{LETTER})\s*\\in\s*"
                  r"((?:\\(?:mathcal|mathbb)\s*)?\{?\s*[A-Z]\s*\}?)\s*\}")
BELOW = pattern(r"_\s*(?:\{([^{}]*)\}|([A-Za-z]))")


def letters_of(text: str) -> set[str]:
    """The letters of the formulas of a text."""
    return {t for m in IN_FORMULAS.finditer(text) for t in TOKEN.findall(m[0]) if len(t) == 1}


def without_primes(text: str) -> str:
    r"""The text with l for the index k' of a sum.

    >>> without_primes(r"$p_k = e^{z_k}/\sum_{k'} e^{z_{k'}}$"), without_primes(r"$f = \sum_k g_k$, $g' = k'(x)$")
    ('$p_k = e^{z_k}/\\sum_{l} e^{z_{l}}$', "$f = \\sum_k g_k$, $g' = k'(x)$")
    """
    for letter in dict.fromkeys(PRIMED.findall(text)):
        used = letters_of(text)
        fresh = next((c for c in "lpqrsvo" if c not in used), "")
        prime = re.compile(rf"(?<![A-Za-z\\]){letter}\s*(?:'|\^\s*(?:\{{\s*\\prime\s*\}}|\\prime(?![A-Za-z])))(?!\s*\()")
        pieces = IN_FORMULAS.finditer(text) if fresh else ()
        for start, end in [m.span() for m in pieces][::-1]:
            text = text[:start] + prime.sub(fresh, text[start:end]) + text[end:]
    return text


def over_samples(text: str) -> str:
    r"""The text with \sum_{i=1}^N f(x_i) for \sum_{x \in D} f(x), a sum over data, and N for their number |D|.

    >>> over_samples(r"$f = \frac{1}{|S|}\sum_{(a,b) \in S} (Ma-b)^2$"), over_samples(r"$\sum_{i \in S} x_i$")
    ('$f = \\frac{1}{N}\\sum_{i=1}^{N} (Ma_{i}-b_{i})^2$', '$\\sum_{i \\in S} x_i$')
    """
    found = {(*(c for c in m.groups()[:3] if c), m[4].strip("{ }")) for m in SAMPLED.finditer(text)}
    below = {c for m in BELOW.finditer(SAMPLED.sub("", text)) for c in TOKEN.findall(m[1] or m[2])}
    used = letters_of(text) if found else set()
    index, count = (next((c for c in cs if c not in used), "") for cs in ("ijkr", "NTKn"))
    names = {c for *some, _ in found for c in some}
    by = "|".join(names)
    if names and re.search(rf"(?:\\nabla\s*_|\\partial|(?<![A-Za-z\\])d)\s*(?:\{{\s*)?(?:\\[a-z]+\s*\{{?\s*)?(?:{by})(?![A-Za-z])", text):
        return text             # x is no sample alone
    if not found or len({of for *_, of in found}) > 1 or not names.isdisjoint(below) or not (index and count):
        return text
    of = re.escape(next(iter(found))[-1])
    sizes = re.compile(rf"(?:\\left\s*)?(?:\||\\lvert)\s*(?:\{{\s*)?{of}(?:\s*\}})?\s*(?:\\right\s*)?(?:\||\\rvert)")
    def sampled(m: re.Match[str]) -> str:
        inner = SAMPLED.sub(rf"\\sum_{{{index}=1}}^{{{count}}}", sizes.sub(count, m[0]))
        named = re.sub(r"(\\(?:mathbf|boldsymbol|bm|vec)\s*\{{\s*([a-z])\s*\}})(?!\s*_)",
                       lambda b: f"{b[1]}_{{{index}}}" if b[2] in names else b[0], inner)
        bold = re.compile(rf"\\[A-Za-z]+\s*\{{\s*[a-z]\s*\}}_|{TOKEN.pattern}")
        return bold.sub(lambda t: f"{t[0]}_{{{index}}}" if t[0] in names and t.string[t.end():t.end() + 1] != "_" else t[0], named)
    return IN_FORMULAS.sub(sampled, text)


LOST = pattern(r"^([ \t]*)\$\[[ \t]*\n([^$]*\n)([ \t]*)\]\$[ \t]*$|\$(\( [^$\n]* )\)\$", re.M)


def in_square_brackets(text: str) -> str:
    r"""The text with displays and formulas for what lost the backslashes of \[ and \( when dollars were put around it.

    >>> in_square_brackets("where $( S )$ is\n$[\nS = A\n]$\nand $[A, B]$")
    'where \\( S \\) is\n$$\nS = A\n$$\nand $[A, B]$'
    """
    return LOST.sub(lambda m: rf"\{m[4]}\)" if m[4] else f"{m[1]}$$\n{m[2]}{m[3]}$$", text)


NESTED = pattern(r"([A-Za-z])\s*\^\s*\{\s*\(([a-z])\)\s*\^?\s*(?:\{\s*)?(T|\\top|\\intercal)\s*(?:\}\s*)?\}")
OPENED = pattern(r"\\lvert\s?\\lvert(?![A-Za-z])")
BRACED = pattern(r"(?<=[A-Za-z]\()\{ ?([A-Za-z]|\\[a-z]+) ?\}(?=\))")
SUBJECT = pattern(r"(&|\\\\)[ \t\n]{0,9}s\. ?t\.(?=\s)")
SPACE = pattern(r"\\mathbb\s?\{\s?R\s?\^\s?(\{[^{}]*\}|\w)\s?\}")
RAISED = pattern(r"(?P<f>(?:(?<![A-Za-z\\])[A-Za-z]|\\(?:mathbf|boldsymbol|bm)\{[A-Za-z]\}|\\[A-Z]?[a-z]+))"
                 r"(?P<power>\s?\^\s?(?:\{(?P<in>-?1|2|-?T|-?\\top)\}|2|T(?![A-Za-z])|\\top))(?P<at>\s?\(\s?(?:[a-z]|\\[a-z]+)\s?\))")


def raised_behind(text: str) -> str:
    r"""The text with A(t)^{-1} for A^{-1}(t), where A(t) stands elsewhere, and with \sigma(x)^2 for \sigma^2(x); f^{-1} is a function.

    >>> raised_behind("$A(t)$, $A^{-1}(t)B$"), raised_behind("$f(x)$, $f^{-1}(x)$, $f^2(x)$"), raised_behind("$A^T(x)$")
    ('$A(t)$, $A(t)^{-1}B$', '$f(x)$, $f^{-1}(x)$, $f(x)^2$', '$A^T(x)$')
    """
    def moved(m: re.Match[str]) -> str:
        matrix = m["f"].strip("\\{}")[-1:].isupper() or m["f"].lstrip("\\")[:1].isupper()
        known = f"{m['f']}{m['at'].strip()}" in text and (matrix or (m["in"] or "").strip("-") != "1")
        return f"{m['f']}{m['at'].strip()}{m['power'].strip()}" if known else m[0]
    return RAISED.sub(moved, text)


SIZED = pattern(r"(?<![\\$])\$ ?(?P<name>(?!I_)(?:[A-Za-z]|\\[A-Z][a-z]+|\\(?:mathbf|boldsymbol|bm|mathrm)\{[A-Z]\})) ?"
                r"_ ?\{ ?(?P<rows>\w+) ?\\times ?(?P<cols>\w+) ?\} ?\$(?!\$)")


def with_spaces(text: str) -> str:
    r"""The text with A \in \mathbb{R}^{m \times n} for what is said of an A_{m \times n}.

    >>> with_spaces(r"Let $A_{m\times n}$ be fixed, $B = A_{m\times n} x$.")
    'Let $A \\in \\mathbb{R}^{m\\times n}$ be fixed, $B = A_{m\\times n} x$.'
    """
    return SIZED.sub(r"$\g<name> \\in \\mathbb{R}^{\g<rows>\\times \g<cols>}$", text)


ONE = r"\\(?:mathbf|boldsymbol|bm|mathbb|mathbbm|vec)\s*(?:\{\s*1\s*\}|1)(?!\s*_)"
MEAN = pattern(rf"(?P<by>\\[td]?frac\s*(?:\{{\s*1\s*\}}|1)\s*(?:\{{\s*(?P<n>[A-Za-z])\s*\}}|(?P<m>[A-Za-z]))\s*)"
               rf"(?P<one>{ONE})\s*(?P<two>{ONE})(?=\s*\^)")


def centred(text: str) -> str:
    r"""The text with the sizes of the ones in \frac1n\mathbf 1\mathbf 1^\top.

    >>> centred(r"$H = I - \frac{1}{n}\mathbf{1}\mathbf{1}^\top$")
    '$H = I - \\frac{1}{n}\\mathbf{1}_{n}\\mathbf{1}_{n}^\\top$'
    """
    return MEAN.sub(lambda m: "{}{}_{{{n}}}{}_{{{n}}}".format(m["by"], m["one"], m["two"], n=m["n"] or m["m"]), text)


ALONG = pattern(r"\b(?:riemannian|manifolds?|tangent spaces?)\b", re.I)
IN_WORDS = pattern(r"(?:\\(?:operatorname|mathrm|text)\*?\s*\{\s*grad\s*\}|\\grad\b)\s*(?:\\[,;!]\s*)?"
                   r"(?P<f>[A-Za-z]|\\[A-Za-z]+)\s*(?:\([A-Za-z]\))?")


def along_a_manifold(text: str) -> str:
    r"""The text with \operatorname{grad} f(x) as a name of its own, where sentences speak of manifolds: it is not \nabla f then.

    >>> along_a_manifold(r"the Riemannian gradient $\operatorname{grad} f(x) = Px$"), along_a_manifold(r"$\operatorname{grad} f(x) = x$")
    ('the Riemannian gradient $\\mathrm{Rgrad}_{f} = Px$', '$\\operatorname{grad} f(x) = x$')
    """
    return IN_WORDS.sub(r"\\mathrm{Rgrad}_{\g<f>}", text) if ALONG.search(text) else text


OPENS, CLOSES = r"\s*(?:\{\s*)?", r"\s*(?:\}\s*)?"
X_N = rf"(?:\\[a-z]+{OPENS})?[a-z]{CLOSES}_{OPENS}([a-z]){CLOSES}"
FEATURE = pattern(rf"(\\(?:phi|psi|varphi){CLOSES})(?:\\left\s*)?\(\s*{X_N}(?:\\right\s*)?\)")
TURNED = rf"\^{OPENS}(?:\\top|\\intercal|\\mathsf{OPENS}T|T)\b{CLOSES}"
COLUMN = pattern(rf"{FEATURE.pattern}\s*{TURNED}|{TURNED}(?:\\[,!]\s*)?(?:\\[a-z]+{OPENS})?{FEATURE.pattern}")

SLOPE = pattern(r"\\(?:phi|psi|varphi)\s*(?:'|\^\s*(?:\{\s*)?\\prime)")


def features(text: str) -> str:
    r"""The text with \phi_n for \phi(x_n), a column: it stands beside a transpose, or is one.

    >>> features(r"$\sum_n(w^T\boldsymbol\phi(\mathbf{x}_n) - t_n)^2$"), features(r"$\sum_n\phi(x_n)$")
    ('$\\sum_n(w^T\\boldsymbol\\phi_{n} - t_n)^2$', '$\\sum_n\\phi(x_n)$')
    """
    return FEATURE.sub(r"\1_{\2}", text) if COLUMN.search(text) and not SLOPE.search(text) else text


DOTS = pattern(r",\s*\\[lc]?dots\s*,")
BEHIND = pattern(r"([^$=&\n()]*(?:\([^$=&\n()]*\)[^$=&\n()]*)*)[)\]]\s*(?:\^\s*(?:\{\s*)?(?:\\top|\\intercal|T)\b\s*(?:\}\s*)?|')")
FIRST = pattern(r"_\s*(?:1|\{\s*1\s*\})(?!\d)")
BARE = pattern(r"[\s\\A-Za-z{}]*_[\s{]*1[\s}]*")
FAR = 200


def columns(text: str) -> str:
    r"""The text with a column over several lines for one in a line whose entries are more than names.

    >>> columns(r"$z = (e^{x_1}, \dots, e^{x_n})^T$"), columns(r"$z = (x_1, \dots, x_n)^T$")
    ('$z = \\begin{pmatrix}e^{x_1}\\\\\\vdots\\\\ e^{x_n}\\end{pmatrix}$', '$z = (x_1, \\dots, x_n)^T$')
    """
    out, behind = list[str](), 0
    for m in DOTS.finditer(text):
        rest = BEHIND.match(text, m.end(), m.end() + FAR)
        start = max(behind, m.start() - FAR)
        if rest is None or (opened := opening(text[start:m.start()] + text[rest.end(1)], m.start() - start)) < 0:
            continue
        entries = parts([(c, 0) for c in text[start + opened + 1:m.start()]], (",",), {"(": ")"})
        first, last = "".join(c for c, _ in entries[0]).strip(), rest[1].strip()
        n = re.search(r"_[\s{]*([A-Za-z])", last)
        same = n is not None and FIRST.sub(f"_{n[1]}", first) == re.sub(rf"_\s*(?:{n[1]}|\{{\s*{n[1]}\s*\}})(?![A-Za-z])", f"_{n[1]}", last)
        if same and BARE.fullmatch(first) is None and "\n" not in first:
            out += [text[behind:start + opened], rf"\begin{{pmatrix}}{first}\\\vdots\\ {last}\end{{pmatrix}}"]
            behind = rest.end()
    return "".join(out) + text[behind:]
