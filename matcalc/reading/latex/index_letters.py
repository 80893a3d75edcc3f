"""Letters above and below: which are sizes, which are indices, what an index belongs to; and sums over indices that stand twice, where
a text says that these are summed over (Einstein's convention)."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from ..grammar.brackets import BRACES, CLOSES, closing, opening
from ...patterns import pattern
from .cursor import STYLES
from .index_scope import summed_letters, Relation
from .macros import group, lowered, sums
from .names import NUMBER, Names
from .tokens import Token, Tokens

LETTERS = frozenset("ijklmnpqrstuabc")
Side = tuple[Token, ...]


def apart(sides: tuple[Side, ...], names: Names, sizes: set[str], text: str) -> tuple[Side, ...]:
    """The sides with other letters for the indices that are called like a size: x_k beside a W of k rows."""
    places: dict[str, list[bool]] = {}
    inside = [_inside(side) for side in sides]
    for side, within in zip(sides, inside, strict=True):
        _none_of_another(side, names, text)
        uppers = {k for _, above in sums(side) for k in above} | _below(side)
        for k, (token, _) in enumerate(side):
            if token in LETTERS and token in sizes and not names.known(token) and k not in uppers:
                places.setdefault(token, []).append(k in within and not names.resolved(f"{head_of(side, within[k])}_{token}"))
    clash = sorted(LETTERS & sizes)
    own = {t for t in clash if places.get(t) and all(places[t])}
    if not own:
        return sides
    written = {t for side in sides for t, _ in side} | sizes
    others = {t: new for t, new in zip(clash, (t for t in _spare(names, text) if t not in written), strict=False) if t in own}
    return tuple(tuple((others.get(t, t) if k in within and k not in _below(side) else t, at) for k, (t, at) in enumerate(side))
                 for side, within in zip(sides, inside, strict=True))


def _spare(names: Names, text: str) -> list[str]:
    """The letters for indices that stand nowhere in a text."""
    return [t for t in sorted(LETTERS) if not names.known(t) and not re.search(rf"(?<![A-Za-z\\]){t}(?![A-Za-z])", text)]


def _inside(side: Side) -> dict[int, int]:
    """For each token that stands behind an underscore the place of that."""
    return {j: k for k, _, behind in lowered(side) for j in range(k + 1, behind)}


def _below(side: Side) -> set[int]:
    """The places of what sums go up to that is written below them: \\sum_{i \\le n}."""
    return {behind - 2 for k, part, behind in lowered(side) if side[k - 1][0] == r"\sum" and part[-2:-1] == [r"\le"]}


def _none_of_another(side: Side, names: Names, text: str) -> None:
    """Refuse a sum that goes up to the index of another one: i is not a size in \\sum_i \\sum_{j=1}^i."""
    over = {t for part, _ in sums(side) for t in summed_letters(part)}
    for k in (k for _, above in sums(side) for k in above):
        if side[k][0] in over & LETTERS:
            raise names.misread(text, side[k][1], f"a sum up to the index {side[k][0]} of another sum cannot be read",
                                "write it with a triangular matrix")


def spelt(sides: tuple[Side, ...], names: Names, text: str) -> tuple[Side, ...]:
    """The sides with the usual letters for what sums of the text go over, a letter for d of \\sum_d x_{nd}, and with the entries of a
    matrix by its own name: Y_{ij} for y_{ij} beside Y = WX."""
    unusual = sorted(t for t in names.uses.summed - LETTERS if t.islower() and len(t) == 1)
    others = dict(zip(unusual, _spare(names, text), strict=False))

    def other(side: Side) -> Side:
        out = list(side)
        for k, part, behind in lowered(side):
            if side[k - 1][0] == r"\sum" or all(t in LETTERS or t in others or t == "," for t in part):
                out[k + 1:behind] = [(others.get(t, t), at) for t, at in side[k + 1:behind]]
            head, at = side[k - 1]
            pair = [out[j][0] for j in range(k + 1, behind) if out[j][0] not in "{,}"]
            if len(pair) == 2 and set(pair) <= LETTERS and len(head) == 1 and head.islower() and not names.known(head) and \
                    not names.resolved(f"{head}_{''.join(pair)}") and names.used(head) is None and _matrix(head.upper(), names):
                out[k - 1] = (head.upper(), at)
        return tuple(out)
    return tuple(map(other, sides))


def _matrix(name: str, names: Names) -> bool:
    """Whether a name is a matrix, for all that is known of it."""
    shape = names.shape(name) or (names.guessed(name) if names.known(name) else names.used(name))
    return shape is not None and "1" not in shape


def limits(sides: tuple[Side, ...], names: Names) -> set[str]:
    """The letters that sums go up to, of which nothing else is known: they are sizes wherever they stand."""
    uppers = {"".join(side[k][0] for k in above if side[k][0] not in "{}") for side in sides for _, above in sums(side)}
    return {t for t in uppers if len(t) == 1 and t.isalpha() and not names.known(t)}


def headed(sides: tuple[Side, ...], letters: set[str], names: Names) -> list[str]:
    """The undeclared names that have one of these letters below them, or in brackets above."""
    raised = ((head_of(side, k), [t for t, _ in group(side, k + 1)[0]]) for side in sides for k in range(1, len(side)) if side[k][0] == "^")
    found = [*((head, said[1:2]) for head, said in raised if said[:1] + said[2:] == ["(", ")"]), *_heads(sides)]
    return list(dict.fromkeys(head for head, said in found if len(said) == 1 and said[0] in letters and head.isidentifier() and
                              not names.known(head) and names.used(head) is None))


def head_of(side: Tokens, k: int) -> str:
    """The name, or the bracket, that an index at k belongs to."""
    token = side[k - 1][0]
    if token == "}":
        j = opening([t for t, _ in side], k - 1, BRACES)
        accent = side[j - 1][0] if j > 0 else ""
        word = "".join(t.lstrip("\\") for t, _ in side[j + 1:k - 1])
        return word if accent in STYLES else f"{word}_{accent.lstrip(chr(92))}"
    if k > 1 and side[k - 2][0] in (r"\hat", r"\bar", r"\tilde"):
        return f"{token.lstrip(chr(92))}_{side[k - 2][0][1:]}"
    return token.lstrip("\\")


def relation(sides: tuple[Side, ...], sign: str, names: Names) -> Relation | None:
    """What a statement says of two indices."""
    found = [t for side in sides for t, _ in side]
    if sign in (r"\ne", "") and len(sides) == (1 if sign else 2):
        pair = frozenset(found) - {r"\ne"}
        if len(found) == (3 if sign else 2) and len(pair) == 2 and pair <= frozenset("ijklmn") and not any(names.known(t) for t in pair):
            return Relation(pair, not sign)
    return None


def letters(sides: tuple[Side, ...], names: Names, sizes: set[str]) -> tuple[set[str], bool]:
    """The letters that are indices, and whether anything says that they are."""
    found: set[str] = set()
    said = False
    every = LETTERS | names.uses.picks
    below: list[tuple[str, list[str]]] = []
    for head, part in _heads(sides):
        if head in ("sum", "delta") and not names.known("delta"):
            over = summed_letters(part) if head == "sum" else part
            real = [t for t in over if t in every and not names.known(t) and t not in sizes]
            if len(real) == len([t for t in over if t != ","]) and (head == "sum" or len(real) == 2):
                found |= set(real)
                said = True
        if part and all(t in every or t in (",", ":") for t in part) and not (head == "e" and names.uses.picks >= {*part}):
            below.append((head, [t for t in part if t in every]))
    if not names.asks and (pairs := paired(sides, names)):
        found |= {t for pair in pairs for t in pair} - sizes
        said = True
    for head, some in below:
        free = [t for t in some if not names.known(t) and t not in sizes]
        if len(free) != len(some) or names.resolved(f"{head}_{'_'.join(some)}") and not set(some) & found:
            continue
        shape = (names.shape(head) or names.guessed(head)) if names.known(head) else names.used(head)
        unsure = shape is None and (names.known(head) or head in (")", "]")) and all(t in "ijkl" for t in some)
        sure = unsure or shape is None and names.uses.picks >= {*some} or shape not in (None, ("1", "1"))
        if sure or set(some) & found or said and all(t in "ijkl" for t in some):
            found |= set(some)
            said |= sure
    shared = by_entries(sides, names) - sizes
    found |= {t for side in sides for t, _ in side if t in names.uses.picks} if said else set()
    return found | shared, said or bool(shared)


def _heads(sides: tuple[Side, ...]) -> list[tuple[str, list[str]]]:
    """The names with an index, and what stands below them."""
    return [(head_of(side, k), part) for side in sides for k, part, _ in lowered(side)]


def paired(sides: tuple[Side, ...], names: Names) -> set[tuple[str, str]]:
    """The two indices that new names on all sides of an equation of derivatives share: G_{ij} = \\partial L/\\partial O_{ij} = u_i v_j."""
    each = [{(head_of(side, k), *pair) for k, part, _ in lowered(side) for pair in [[t for t in part if t != ","]]
             if len(pair) == 2 and set(pair) <= LETTERS} for side in sides]
    known = any(names.resolved(f"{head}_{one}{two}") for side in each for head, one, two in side)
    derivative = any(t == r"\partial" for side in sides for t, _ in side)
    if known or not derivative or len(sides) < 2:
        return set()
    alone = [{part[0] for k, part, _ in lowered(side) if len(part) == 1 and not names.resolved(f"{head_of(side, k)}_{part[0]}")}
             for side in sides]
    pairs = [{(one, two) for _, one, two in side} for side in each]
    return {pair for pair in pairs[0] if all(pair in found or not found and {*pair} <= some
                                             for found, some in zip(pairs[1:], alone[1:], strict=True))}


def picked(sides: tuple[Side, ...], names: Names) -> bool:
    """Whether a statement has an entry that a letter says, p_c of the class c; e_c is the vector that says it."""
    return any(not names.uses.picks.isdisjoint(part) and head_of(side, k) != "e" for side in sides for k, part, _ in lowered(side))


def by_entries(sides: tuple[Side, ...], names: Names) -> set[str]:
    """The index of a name whose entries a statement gives, \\lambda_i = \\exp(x_i^\\top\\beta), where a sum of the text goes over it; of a
    new name also where one of the statement goes over another index of the same, s_i = e^{z_i}/\\sum_k e^{z_k}, or one above: of
    Z = \\sum_k e^{z_k}; or the two of a new matrix."""
    first = sides[0]
    k = next((k for k, (t, _) in enumerate(first) if t == "_"), 0)
    if len(sides) < 2 or not k or group(first, k + 1)[1] != len(first):
        return set()
    written = [t for t, _ in group(first, k + 1)[0]]
    own, head = set(written) - {","}, head_of(first, k)
    fresh = head[0].isupper() and not names.known(head) and not names.resolved(f"{head}_{''.join(written)}")
    if len(own) == 2 and own <= LETTERS and fresh:
        alone = {part[0] for side in sides[1:] for _, part, _ in lowered(side) if len(part) == 1}
        return own if own <= alone else set()           # Q_{ij} = y_i y_j
    if len(own) != 1 or not own <= LETTERS or names.resolved(f"{head}_{min(own)}"):
        return set()
    rows, cols = names.shape(head) or NUMBER
    summed = own <= names.uses.summed
    if names.known(head) and not (summed and head not in names.bodies and cols == "1" != rows):
        return set()
    if not summed and not _summed_beside(sides[1:], min(own)) and not any(
            (names.used(head_of(side, k)) or NUMBER) != NUMBER for side in sides[1:] for k, part, _ in lowered(side) if set(part) == own):
        return set()
    return own & {t for side in sides[1:] for _, part, _ in lowered(side) for t in part}


def _summed_beside(sides: tuple[Side, ...], index: str) -> bool:
    """Whether a name that has an index below it stands below a sum over another one with that too."""
    found: dict[str, set[str]] = {}
    bound = {t for side in sides for part, _ in sums(side) for t in summed_letters(part)}
    for side in sides:
        for k, part, _ in lowered(side):
            if side[k - 1][0] != r"\sum":
                found.setdefault(head_of(side, k), set()).update(part)
    return any(index in below and below & bound - {index} for below in found.values())


SAID = pattern(r"\bEinstein|\bsummation convention\b|\brepeated (?:indices|index)\b|\bimplicit(?:ly)? summ", re.I)
ENDS = frozenset(("+", "-", "=", "&", r"\\", ",", r"\is", r"\quad", r"\Rightarrow", ".", ";"))


@lru_cache(64)
def announced(text: str) -> bool:
    """Whether a text says that repeated indices are summed over."""
    return SAID.search(text) is not None


def with_sums(source: Tokens) -> list[Token]:
    r"""The tokens with the sums written out.

    >>> from .tokens import tokens
    >>> "".join(t for t, _ in with_sums(tokens(r"y_i = A_{ij}x_j + (b_{jk} + c_{jk})d_{ik}e_j - z_i")))
    'y_i=\\sum_{j}A_{ij}x_j+\\sum_{jk}(b_{jk}+c_{jk})d_{ik}e_j-z_i'
    """
    return _summed(list(source))[0]


def _summed(source: list[Token]) -> tuple[list[Token], set[str]]:
    """The same, and the indices that are free in any term."""
    out, free, k = list[Token](), set[str](), 0
    while k <= len(source):
        term, letters = list[Token](), Counter[str]()
        while k < len(source) and (token := source[k][0]) not in ENDS:
            inner, behind = source[k:k + 1], k + 1
            if token == "_" and behind < len(source):
                part, behind = group(source, behind)
                letters.update(t for t, _ in part if t in LETTERS)
                inner = source[k:behind]
            elif token in CLOSES:
                behind = k + min(closing((source[j][0] for j in range(k, len(source))), 0, {token: CLOSES[token]}) + 1, len(source) - k)
                inner, own = _summed(source[k + 1:behind - 1])
                letters.update(own)
                inner = [source[k], *inner, source[behind - 1]]
            term += inner
            k = behind
        twice = sorted(t for t, count in letters.items() if count == 2)
        out += [*((t, term[0][1]) for t in (r"\sum", "_", "{", *twice, "}") if twice), *term, *source[k:k + 1]]
        free |= letters.keys() - set(twice)
        k += 1
    return out, free
