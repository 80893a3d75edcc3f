r"""Names of several letters, and names with a prime, that a text spells out: net = w^\top x, h' = (1 - z) \odot h."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from .cursor import STYLES
from .index_letters import head_of
from .letters import ALIASES, FUNCTIONS, REFUSED
from .macros import group, rewritten
from .tokens import GREEK, Token, Tokens

BEGINS = r"(?:^|(?<=\\\\)|(?<= [],&}])|(?<=\\quad)|(?<=\\qquad)|(?<=\\Rightarrow)|(?<=\\implies)) "
VARIES = frozenset((r"\partial", r"\nabla", r"\dd"))
VARIED = r"(?:(?<=\\partial)|(?<=\\nabla)|(?<=\\dd)) "
EQUAL = r"(?:& )?(?:=|:|\\coloneqq|\\triangleq)(?= )"
LETTER = r"[^\W\d_](?= )"
NAME = rf"(?:{LETTER}|\\(?:{'|'.join(GREEK)})(?= ))"
SQUARE = r"\^ (?:2|\{ 2 \})(?= )"
ENVIRONMENTS = STYLES | {r"\begin", r"\end", r"\label", r"\tag", r"\ref", r"\eqref"}
LEAST = 3


def runs(source: Tokens) -> Iterator[tuple[str, int, int]]:
    """Letters side by side: the word, where it begins and what stands behind; a letter that is raised or lowered is one by itself."""
    k = 0
    while k < len(source):
        token, at = source[k]
        if token in ENVIRONMENTS:
            k = group(source, k + 1)[1]
            continue
        behind = k + 1
        if len(token) == 1 and token.isalpha():
            alone = k and source[k - 1][0] in ("^", "_")
            while not alone and behind < len(source) and len(source[behind][0]) == 1 and source[behind][0].isalpha() and \
                    source[behind][1] == at + behind - k:
                behind += 1
            yield "".join(t for t, _ in source[k:behind]), k, behind
        k = behind


def words(pieces: Sequence[Tokens]) -> set[str]:
    """The words of several letters that are names: each stands by itself on a left side, or is differentiated, and again elsewhere, and
    not all of its letters are names of their own."""
    found = [(word, source, k, behind) for source in pieces for word, k, behind in runs(source)]
    count = Counter(word for word, *_ in found)
    letters = {c: {w for w in count if c in w} for w in count for c in w}
    out = set()
    for word, source, k, behind in found:
        long = len(word) >= LEAST or len(word) > 1 and word.isupper()
        if long and count[word] > 1 and word not in FUNCTIONS | ALIASES.keys() | REFUSED.keys() and not word.startswith("d") and \
                any(letters[c] == {word} for c in word):
            before, after = said(source[:k][-1:]).rstrip(), said(source[behind:behind + 2])
            if k and source[k - 1][0] in VARIES or re.search(rf"{BEGINS}$", f"{before} ") and (
                    after.startswith(" ( ") or not word.isupper() and re.match(f" {EQUAL}", after)):
                out.add(word)
    return out


def said(source: Tokens) -> str:
    """The tokens with blanks between them and around them, a letter for a letter in a style."""
    plain = rewritten(source, lambda k: ([source[k + 2]], k + 4) if source[k][0] in STYLES and
                      [t for t, _ in source[k + 1:k + 4:2]] == ["{", "}"] else None)
    return f" {' '.join(t for t, _ in plain)} "


def squares(pieces: Sequence[Tokens]) -> set[str]:
    """The letters that have nowhere a meaning but squared, where a line defines that or differentiates it: d^2 = .., R^2 = ..; a d before
    a letter is a sign."""
    text = "\n".join(map(said, pieces))
    defined = re.findall(rf"{BEGINS}({LETTER}) {SQUARE} {EQUAL}", text, re.M) + re.findall(rf"{VARIED}({LETTER}) {SQUARE}", text)
    return set(defined) - set(re.findall(rf"(?<= )(?!d (?:\{{ )?(?:{LETTER}|\\))({LETTER}) (?!{SQUARE})", text))


def pi_of(pieces: Sequence[Tokens]) -> bool:
    """Whether pi has an index, and stands without one only behind a number: pi_k, and 2 pi."""
    text = " ".join(map(said, pieces))
    return r" \pi _ " in text and re.search(r"(?<!\d) \\pi (?!_ )", text) is None


def primed(pieces: Sequence[Tokens]) -> set[str]:
    """The letters that have a prime as part of a name: h' is what a line defines, and h is not, or declares; nothing else has a prime but
    functions."""
    text = "\n".join(map(said, pieces))
    listed = re.findall(rf"(?<= )({NAME}) '(?= (?:(?:[,']|\\?[A-Za-z]+) )*?\\in )", text)
    out = {*listed, *re.findall(rf"{BEGINS}({NAME}) ' {EQUAL}", text, re.M)} - set(re.findall(rf"{BEGINS}({NAME}) {EQUAL}", text, re.M))
    others = re.search(rf" (?!{NAME} ')\S+ ' ", text)
    return out if others is None and out.issuperset(re.findall(rf"(?<= )({NAME}) ' (?!\( )", text)) else set()


def labels(pieces: Sequence[Tokens], summed: Collection[str]) -> set[str]:
    r"""The letters below names that no sum goes over and that stand below all that they stand below anywhere, a matrix with an inverse and
    something with another index among it: k of \gamma_{nk}, \mu_k and \Sigma_k^{-1}."""
    below: dict[str, set[str]] = {}
    inverted = set[str]()
    for source in pieces:
        for k, (token, _) in enumerate(source):
            part, behind = group(source, k + 1) if token == "_" and 0 < k < len(source) - 1 else ([], 0)
            if part and source[k - 1][0] != r"\sum":
                below.setdefault(head_of(tuple(source), k), set()).add(index := "".join(t for t, _ in part if t != ","))
                inverted |= {index} if [t for t, _ in source[behind:behind + 3]] == ["^", "{", "-"] else set()
            elif token.lstrip("\\") in below and source[k + 1:k + 2] and source[k + 1][0] not in ("_", "}") and not token.isupper():
                below[token.lstrip("\\")].add("")
    return {k for k in inverted - set(summed) if len(k) == 1 and k.isalpha() and any(b[1:] == k for of in below.values() for b in of)
            and all(b == k or b[1:] == k for of in below.values() if any(k in b for b in of) for b in of)}


def with_labels(source: Sequence[Token], letters: Collection[str]) -> list[Token]:
    r"""The tokens without such letters; behind a capital, which may stand without for something else, as a label.

    >>> from .tokens import tokens
    >>> "".join(t for t, _ in with_labels(tokens(r"\gamma_{nk}(x_n - \mu_k)/N_k"), {"k"}))
    '\\gamma_n(x_n-\\mu)/N^{(k)}'
    """
    out: list[Token] = []
    k = 0
    while k < len(source):
        token, at = source[k]
        part, behind = group(source, k + 1) if token == "_" and k < len(source) - 1 else ([], k + 1)
        if part and part[-1][0] in letters and len(part) < 3:
            label = "_" + part[0][0] if len(part) == 2 else f"^{{({part[0][0]})}}" if k and source[k - 1][0].isupper() else ""
            out += [(t, at) for t in label]
            k = behind
        else:
            out.append(source[k])
            k += 1
    return out


def points(pieces: Sequence[Tokens]) -> dict[str, str]:
    """The one letter that a letter is applied to throughout a text: x of r(x), where it is applied to no other letter."""
    return {f: max(given) for f, given in _applied(pieces).items() if len(given - {""}) == 1}


def defined_at(pieces: Sequence[Tokens]) -> set[str]:
    """The letters of which a text says what they are at a letter, and that are applied to nothing else: A of A(\\theta) = .."""
    applied = {f for f, given in _applied(pieces).items() if len(given) == 1}
    return applied & set(re.findall(rf"{BEGINS}({LETTER}) \( \S+ \) {EQUAL}", "\n".join(map(said, pieces)), re.M))


def _applied(pieces: Sequence[Tokens]) -> dict[str, set[str]]:
    """The letters that a letter is applied to; empty for what is no letter."""
    found: dict[str, set[str]] = {}
    for f, given, end in re.findall(rf"(?<= )({LETTER}) (?=\( (\S+) (\S+) )", "\n".join(map(said, pieces))):
        name = given.lstrip("\\")
        found.setdefault(f, set()).add(name if name.isalpha() and end == ")" else "")
    return found


def with_primes(source: Iterable[Token], names: set[str]) -> list[Token]:
    """The tokens with the prime of such a name as its index."""
    out: list[Token] = []
    for token, at in source:
        styled = [t for t, _ in out[-4:]]
        styled = styled if len(styled) == 4 and styled[0] in STYLES and (styled[1], styled[3]) == ("{", "}") else ["", "", "", ""]
        if token == "'" and out and (out[-1][0] in names or styled[2] in names):
            out += [("_", at), ("{", at), ("'", at), ("}", at)]
        else:
            out.append((token, at))
    return out
