r"""Names that a text spells out: of several letters, net = w^\top x, with a prime, h' = (1 - z) \odot h; and functions without a backslash:
the letters of tr(A X), side by side and before what they are applied to, are one word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from functools import partial

from ..grammar.joined_names import applied
from .cursor import STYLES
from .index_letters import head_of
from .letters import ALIASES, FUNCTIONS, REFUSED, NAMED, OPEN, UPRIGHT
from .macros import group, lowered, rewritten, takes_several
from .names import Names
from .scripts import behind_the_value
from .tokens import GREEK, Token, Tokens

BEGINS = r"(?:^|(?<=\\\\)|(?<= [],&}])|(?<=\\quad)|(?<=\\qquad)|(?<=\\Rightarrow)|(?<=\\implies)) "
VARIES = frozenset((r"\partial", r"\nabla", r"\dd"))
VARIED = r"(?:(?<=\\partial)|(?<=\\nabla)|(?<=\\dd)) "
EQUAL = r"(?:& )?(?:=|:|\\coloneqq|\\triangleq)(?= )"
LETTER = r"[^\W\d_](?= )"
NAME = rf"(?:{LETTER}|\\(?:{'|'.join(GREEK)})(?= ))"
ACCENTED = r"[^\W\d_](?:_(?:bar|hat|tilde))?(?= )"
LIST = rf"\( {NAME} (?:, {NAME} )+\) "
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
    """Whether pi has an index, and stands without one only behind a number, or as an argument: pi_k, and 2 pi, and Q(pi)."""
    text = re.sub(r"(?<=[(,]) \\pi (?=[),])", " ", " ".join(map(said, pieces)))
    return r" \pi _ " in text and re.search(r"(?<!\d) \\pi (?!_ )", text) is None


def primed(pieces: Sequence[Tokens]) -> set[str]:
    r"""The letters with a prime in a name: a line defines h', not h, or h' = \sigma'(z), or it is declared; only functions have others."""
    text = "\n".join(map(said, pieces))
    listed = re.findall(rf"(?<= )({NAME}) '(?= (?:(?:[,']|\\?[A-Za-z]+) )*?\\in )", text)
    found = re.finditer(rf"{BEGINS}({NAME}) ' {EQUAL}( {NAME} ' \()?", text, re.M)
    begun = {m[1]: m[2] for m in found if re.search(r"[_^] \{ [^{}]* \}$", text[:m.start()]) is None}
    apart = {*re.findall(rf"{BEGINS}({NAME}) {EQUAL}", text, re.M), *re.findall(r" (\\sigma) \(", text)}
    out = {*listed, *begun} - {n for n in apart if not begun.get(n)}
    others = {*re.findall(rf"(?<= )({NAME}) ' (?!\( )", text)} - {r"\sigma"}
    return out if re.search(rf" (?!{NAME} ')\S+ ' ", text) is None and out >= others else set()


UNIT = "(?:one-?hot|unit|basis|indicator)"
UNIT_AT = r"(?:\\(?:mathbf|boldsymbol|bm)\s*)?\{?e\}?_\{?%s\}?(?![A-Za-z])"


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


def picks(text: str, pieces: Sequence[Tokens], summed: Collection[str]) -> set[str]:
    r"""The letters that say which entry is meant, no sum goes over and a sentence calls so: c of $-\\log p_c$ for the class $c$, y of p_y.

    >>> from .tokens import tokens
    >>> picks("the correct class $c$", [tokens(r"L = -\\log p_c")], {"k"}), picks("$c$ features", [tokens(r"L = -\\log p_c")], {"k"})
    ({'c'}, set())
    """
    below = {part[0] for source in pieces for k, part, _ in lowered(source) if len(part) == 1 and source[k - 1][0] not in (r"\sum", "e")}
    called = (rf"\b(?:class|label|category|token|word|target)\s+\$\s*%s\s*\$|\b{UNIT}\b[^.$]*\$\s*{UNIT_AT}|{UNIT_AT}[^.]*\b{UNIT}\b")
    return {c for c in below - set(summed) if len(c) == 1 and c.isalpha() and re.search(called.replace("%s", c), text)}


def with_labels(source: Sequence[Token], letters: Collection[str]) -> list[Token]:
    r"""The tokens without such letters; behind a capital, which may stand without for something else, as a label.

    >>> from .tokens import tokens
    >>> "".join(t for t, _ in with_labels(tokens(r"\gamma_{nk}(x_n - \mu_k)/N_k"), {"k"}))
    '\\gamma_n(x_n-\\mu)/N^{(k)}'
    """
    def labelled(k: int) -> tuple[list[Token], int] | None:
        token, at = source[k]
        part, behind = group(source, k + 1) if token == "_" and k < len(source) - 1 else ([], k + 1)
        if not part or part[-1][0] not in letters or len(part) > 2:
            return None
        label = "_" + part[0][0] if len(part) == 2 else f"^{{({part[0][0]})}}" if k and source[k - 1][0].isupper() else ""
        return [(t, at) for t in label], behind
    return rewritten(source, labelled)


def points(pieces: Sequence[Tokens]) -> dict[str, str]:
    """The one letter that a letter is applied to throughout a text: x of r(x), where it is applied to no other letter."""
    return {f: max(given) for f, given in _applied(pieces).items() if len(given - {""}) == 1}


def defined_at(pieces: Sequence[Tokens]) -> set[str]:
    r"""The letters of which a text says what they are, at a letter, A(\theta) = .., or with the list of letters behind them elsewhere,
    K(f, g), and that are applied to nothing else."""
    text, listed = _accented(pieces), dict[str, set[str]]()
    for f, given in re.findall(rf"(?<= )({ACCENTED}) (?=({LIST}))", text):
        listed.setdefault(f, set()).add(given)
    alone, several = ({f for f, given in found.items() if len(given) == 1} for found in (_applied(pieces), listed))
    return alone & set(re.findall(rf"{BEGINS}({ACCENTED}) \( \S+ \) {EQUAL}", text, re.M)) | \
        several & set(re.findall(rf"{BEGINS}({ACCENTED}) (?:{LIST})?{EQUAL}", text, re.M))


def _accented(pieces: Sequence[Tokens]) -> str:
    """The text of the pieces, with g_bar for a g under a bar."""
    return re.sub(rf"\\(bar|hat|tilde) (?:\{{ ({LETTER}) \}}|({LETTER}))", lambda m: f"{m[2] or m[3]}_{m[1]}", "\n".join(map(said, pieces)))


def _applied(pieces: Sequence[Tokens]) -> dict[str, set[str]]:
    """The letters that a letter is applied to; empty for what is not a letter."""
    found: dict[str, set[str]] = {}
    for f, given, end in re.findall(rf"(?<= )({ACCENTED}) (?=\( (\S+) (\S+) )", _accented(pieces)):
        name = given.lstrip("\\")
        found.setdefault(f, set()).add(name if name.isalpha() and end == ")" else "")
    return found


def with_primes(source: Iterable[Token], names: Set[str]) -> list[Token]:
    """The tokens with the prime of such a name as its index."""
    out: list[Token] = []
    for token, at in source:
        styled = [t for t, _ in out[-4:]]
        styled = styled if len(styled) == 4 and styled[0] in STYLES and (styled[1], styled[3]) == ("{", "}") else ["", "", "", ""]
        index = token == "'" and out and (out[-1][0] in names or styled[2] in names)
        out += [("_", at), ("{", at), ("'", at), ("}", at)] if index else [(token, at)]
    return out


FRACTIONS = frozenset((r"\frac", r"\tfrac", r"\dfrac", r"\cfrac"))
ARGUMENTS = frozenset(("^", "_", r"\sqrt")) | FRACTIONS | STYLES
LONG = 3        # letters from which on a word is one without a bracket behind it


def numbered(pieces: Iterable[Tokens]) -> set[str]:
    """The names of a letter with a number right behind it, W1: where the letter stands by itself too, the number is one.

    >>> sorted(numbered([[("W", 0), ("1", 1), ("x", 3)], [("d", 0), ("W", 1), ("2", 2), ("x", 3), ("1", 4)]]))
    ['W1', 'W2']
    """
    found, alone = set[str](), set[str]()
    for source in pieces:
        for k, (token, at) in enumerate(source):
            if len(token) != 1 or not token.isalpha() or token == "d":
                continue
            behind = source[k + 1] if k + 1 < len(source) else ("", 0)
            before = ["", "", *(t for t, _ in source[max(k - 2, 0):k])]
            argument = before[-1] in ARGUMENTS or before[-2] in FRACTIONS and before[-1] != "{"         # x^T2, \frac N2, \frac1N2
            digits = behind[0].isdigit() and behind[1] == at + 1 and not argument
            (found if digits else alone).add(token + behind[0] if digits else token)
    return {name for name in found if name[0] not in alone}


def with_functions(source: Tokens, names: Names) -> list[Token]:
    """The tokens with every function that is spelled out in single letters as one word."""
    source = behind_the_value(source, names.arguments)
    return rewritten(source, lambda i: _read_together(source, i, names))


def _read_together(source: Tokens, i: int, names: Names) -> tuple[Iterable[Token], int] | None:
    """The letters from a place on that are one word, in the style that says so, and what stands behind."""
    (token, at), behind = source[i], i + 1
    before, then = source[i - 1][0] if i else "", source[behind][0] if behind < len(source) else ""
    if token == r"\pi" and names.uses.pi_of and (then == "_" or before in ("(", ",") and then in (")", ",")):
        return [(r"\overrightarrow", at), ("{", at), (token, at), ("}", at)], behind
    if then != "_" and (whole := names.uses.densities.get(GREEK.get(token.lstrip("\\"), token))) is not None:         # \\phi_i is a name
        return [(f"\\{whole}" if len(whole) > 1 else whole, at), ("'", at)], behind
    if token in STYLES and behind < len(source) and source[behind][0] == "{":
        end = group(source, behind)[1]
        return source[i:end], end
    if not token.isalpha() or len(token) > 1 or token == "T" and i and source[i - 1][0] == "^":        # J^Tr(x)
        return None
    while behind < len(source) and source[behind][0].isalpha() and source[behind][1] == at + behind - i:
        behind += 1
    number = source[behind:behind + 1]
    if number and number[0][0].isdigit() and number[0][1] == at + behind - i:      # norm2, log1p, W1
        with_number = "".join(t for t, _ in source[i:behind]) + number[0][0]
        behind += names.known(with_number) or with_number in FUNCTIONS
        if source[behind - 1][0] + number[0][0] in names.uses.words:
            return [*source[i:behind - 1], (r"\mathrm", at), ("{", at), source[behind - 1], number[0], ("}", at)], behind + 1
    word, next_one = "".join(t for t, _ in source[i:behind]), source[behind][0] if behind < len(source) else ""

    def styled(style: str, first: int = i) -> tuple[Iterable[Token], int]:
        return [*source[i:first], (style, source[first][1]), ("{", at), *source[first:behind], ("}", at)], behind
    known, letters = names.known(word), all(map(names.known, word))
    if word == "max" and next_one in OPEN and not known:
        return [(r"\max", at)], behind
    whole = len(word) > 1 and word.isupper() and takes_several(source, behind) and not any(map(names.known, word))      # CE(y, p)
    if whole or word in names.uses.words or len(word) > 1 and known and not letters:
        return styled(r"\mathrm")
    if not known and word in REFUSED and next_one == "[":       # E[x]
        return styled(r"\operatorname")
    if not known and (ends := _ends_in(word, source, behind, names)):          # xTr(A)
        return styled(r"\operatorname", behind - len(ends))
    if not known and not letters and (head := applied(word, names.known)):        # lnp
        return [(r"\operatorname", at), ("{", at), *source[i:i + len(head)], ("}", at)], i + len(head)
    named = names.asks or len(word) > LONG and word in UPRIGHT and next_one in OPEN
    if not known and not letters and _is_applied(word, source, behind, FUNCTIONS | NAMED if named else FUNCTIONS):
        return styled(r"\operatorname")
    return source[i:behind], behind


def _ends_in(word: str, source: Tokens, behind: int, names: Names) -> str:
    """The function that letters side by side end in, before a bracket; nothing where all of them are one."""
    if behind >= len(source) or source[behind][0] not in OPEN or word in FUNCTIONS or word in ALIASES or names.asks:
        return ""
    ends = (word[k:] for k in range(1, len(word) - 1))
    return next((end for end in ends if (end in FUNCTIONS or end in ALIASES) and not all(map(names.known, end))), "")


def _is_applied(word: str, source: Tokens, behind: int, functions: Set[str]) -> bool:
    """Whether a word is a function, and something that it can be applied to stands behind it."""
    if len(word) < 2 or word not in functions and word not in ALIASES or behind >= len(source):
        return False
    token, at = source[behind]
    apart = len(word) >= LONG or at > source[behind - 1][1] + 1
    return token in OPEN or apart and (token in ("^", "{", "|") or token.isalpha() or token.startswith("\\") and token[1:].isalpha())


def pointwise(sides: tuple[tuple[Token, ...], ...], names: Names) -> tuple[tuple[Token, ...], ...]:
    """\\sigma' = \\sigma(1 - \\sigma), an equality of functions, at a number t."""
    if len(sides) < 2 or names.known("t"):
        return sides
    head, behind = ([sides[0][0]], 1) if sides[0][0][0] not in STYLES else group(sides[0], 1)        # \\mathrm{softplus}' = \\sigma
    name, prime = "".join(t.removeprefix("\\") for t, _ in head), sides[0][behind:]
    if "".join(t for t, _ in prime) not in ("'", "^\\prime", "^{\\prime}") or names.known(name) or name not in FUNCTIONS | {"sigma"}:
        return sides
    sides = ((("\\" + name, sides[0][0][1]), *prime), *sides[1:])

    def applied(side: Tokens, k: int) -> tuple[Iterable[Token], int] | None:
        token, at = side[k]
        if token.removeprefix("\\") != name and (token != "\\sigma" or names.known("sigma")):
            return None
        behind = side[k + 1:k + 2]
        prime = side[1:] if side is sides[0] else behind if [t for t, _ in behind] == ["'"] else ()
        return [("{", at), (token, at), *prime, ("(", at), ("t", at), (")", at), ("}", at)], k + 1 + len(prime)
    return tuple(tuple(rewritten(side, partial(applied, side))) for side in sides)
