"""Letters above and below: which are sizes, which are indices, and what an index belongs to."""

from __future__ import annotations

import re

from .cursor import STYLES
from .index_scope import summed_letters, Relation
from .macros import group, lowered, sums
from .names import Names
from .tokens import Token, Tokens
from ..brackets import BRACES, opening

LETTERS = frozenset("ijklmnpqrstuabc")
Side = tuple[Token, ...]


def apart(sides: tuple[Side, ...], names: Names, sizes: set[str], text: str) -> tuple[Side, ...]:
    """The sides with other letters for the indices that are called like a size: x_k beside a W of k rows."""
    for side in sides:
        _none_of_another(side, names, text)
    places: dict[str, list[bool]] = {}
    inside = [_inside(side) for side in sides]
    for side, within in zip(sides, inside, strict=True):
        uppers = {k for _, above in sums(side) for k in above} | _below(side)
        for k, (token, _) in enumerate(side):
            if token in LETTERS and token in sizes and not names.known(token) and k not in uppers:
                places.setdefault(token, []).append(within[k] >= 0 and not names.resolved(f"{head_of(side, within[k])}_{token}"))
    clash = sorted(LETTERS & sizes)
    own = {t for t in clash if places.get(t) and all(places[t])}
    if not own:
        return sides
    written = {t for side in sides for t, _ in side}
    free = [t for t in sorted(LETTERS - written) if t not in sizes and not names.known(t) and
            not re.search(rf"(?<![A-Za-z\\]){t}(?![A-Za-z])", text)]
    others = {t: new for t, new in zip(clash, free, strict=False) if t in own}
    return tuple(tuple((others.get(t, t) if within[k] >= 0 and k not in _below(side) else t, at) for k, (t, at) in enumerate(side))
                 for side, within in zip(sides, inside, strict=True))


def _below(side: Side) -> set[int]:
    """The places of what sums go up to that is written below them: \\sum_{i \\le n}."""
    return {behind - 2 for k, part, behind in lowered(side) if side[k - 1][0] == r"\sum" and part[-2:-1] == [r"\le"]}


def _none_of_another(side: Side, names: Names, text: str) -> None:
    """Refuse a sum that goes up to the index of another one: i is no size in \\sum_i \\sum_{j=1}^i."""
    over = {t for part, _ in sums(side) for t in summed_letters(part)}
    for k in (k for _, above in sums(side) for k in above):
        if side[k][0] in over & LETTERS:
            raise names.misread(text, side[k][1], f"a sum up to the index {side[k][0]} of another sum cannot be read",
                                "write it with a triangular matrix")


def spelt(sides: tuple[Side, ...], names: Names, text: str) -> tuple[Side, ...]:
    """The sides with the usual letters for what sums of the text go over, a letter for d of \\sum_d x_{nd}, and with the entries of a
    matrix by its own name: Y_{ij} for y_{ij} beside Y = WX."""
    spare = [t for t in sorted(LETTERS) if not names.known(t) and not re.search(rf"(?<![A-Za-z\\]){t}(?![A-Za-z])", text)]
    others = dict(zip(sorted(t for t in names.summed if t.islower() and len(t) == 1 and t not in LETTERS), spare, strict=False))
    return tuple(_with_capitals(_with_letters(side, others), names) for side in sides)


def _with_letters(side: Side, others: dict[str, str]) -> Side:
    """A side with other letters below its names and its sums."""
    out = list(side)
    for k, (token, _) in enumerate(side):
        part = group(side, k + 1)[0] if token == "_" else []
        if part and (k and side[k - 1][0] == r"\sum" or all(t in LETTERS or t in others or t == "," for t, _ in part)):
            first = k + 1 + (side[k + 1][0] == "{")
            out[first:first + len(part)] = [(others.get(t, t), at) for t, at in part]
    return tuple(out)


def _with_capitals(side: Side, names: Names) -> Side:
    """A side with the name of a matrix for a small letter that has two indices, of which nothing else is known."""
    out = list(side)
    for k, (token, at) in enumerate(side[:-1]):
        part = [t for t, _ in group(side, k + 2)[0] if t != ","] if side[k + 1][0] == "_" else []
        if len(part) == 2 and set(part) <= LETTERS and len(token) == 1 and token.islower() and not names.known(token) and \
                not names.resolved(f"{token}_{''.join(part)}") and names.used(token) is None and _matrix(token.upper(), names):
            out[k] = (token.upper(), at)
    return tuple(out)


def _matrix(name: str, names: Names) -> bool:
    """Whether a name is a matrix, for all that is known of it."""
    shape = names.shape(name) or (names.guessed(name) if names.known(name) else names.used(name))
    return shape is not None and "1" not in shape


def _inside(side: Side) -> list[int]:
    """For each token the place of the underscore that it stands behind; -1 for those that stand behind none."""
    out = [-1] * len(side)
    for k, _, behind in lowered(side):
        out[k + 1:behind] = [k] * (behind - k - 1)
    return out


def limits(sides: tuple[Side, ...], names: Names) -> set[str]:
    """The letters that sums go up to, of which nothing else is known: they are sizes wherever they stand."""
    uppers = {"".join(side[k][0] for k in above if side[k][0] not in "{}") for side in sides for _, above in sums(side)}
    return {t for t in uppers if len(t) == 1 and t.isalpha() and not names.known(t)}


def headed(sides: tuple[Side, ...], letters: set[str], names: Names) -> list[str]:
    """The undeclared names that have one of these letters below them, or in brackets above."""
    out: dict[str, None] = {}
    for side in sides:
        for k, (token, _) in enumerate(side):
            said = [t for t, _ in group(side, k + 1)[0]] if k and token in ("_", "^") else []
            if said[:1] == ["("] and said[-1:] == [")"] and token == "^" or token == "_":
                inner = said[1:-1] if token == "^" else said
                if len(inner) == 1 and inner[0] in letters and not names.known(head_of(side, k)) and names.used(head_of(side, k)) is None:
                    out[head_of(side, k)] = None
    return [name for name in out if name.isidentifier()]


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
    every = LETTERS | names.picks
    below: list[tuple[str, list[str]]] = []
    for side in sides:
        for k, (token, _) in enumerate(side):
            if token in (r"\sum", r"\delta") and k + 1 < len(side) and side[k + 1][0] == "_" and not names.known("delta"):
                part = [t for t, _ in group(side, k + 2)[0]]
                part = summed_letters(part) if token == r"\sum" else part
                real = [t for t in part if t in every and not names.known(t) and t not in sizes]
                if len(real) == len([t for t in part if t != ","]) and (token == r"\sum" or len(real) == 2):
                    found |= set(real)
                    said = True
            elif token == "_" and k:
                part = [t for t, _ in group(side, k + 1)[0]]
                if part and all(t in every or t in (",", ":") for t in part) and not (head_of(side, k) == "e" and {*part} <= names.picks):
                    below.append((head_of(side, k), [t for t in part if t in every]))
    if not names.asks and (pairs := paired(sides, names)):
        found |= {t for pair in pairs for t in pair} - sizes
        said = True
    for head, some in below:
        free = [t for t in some if not names.known(t) and t not in sizes]
        if len(free) != len(some) or names.resolved(f"{head}_{'_'.join(some)}") and not set(some) & found:
            continue
        shape = (names.shape(head) or names.guessed(head)) if names.known(head) else names.used(head)
        unsure = shape is None and (names.known(head) or head in (")", "]")) and all(t in "ijkl" for t in some) or \
            shape is None and names.picks.issuperset(some)
        if unsure or shape not in (None, ("1", "1")):
            found |= set(some)
            said = True
        elif set(some) & found or said and all(t in "ijkl" for t in some):
            found |= set(some)
    shared = by_entries(sides, names) - sizes
    found |= {t for side in sides for t, _ in side if t in names.picks} if said else set()
    return found | shared, said or bool(shared)


def paired(sides: tuple[Side, ...], names: Names) -> set[tuple[str, str]]:
    """The two indices that new names on all sides of an equation of derivatives share: G_{ij} = \\partial L/\\partial O_{ij}."""
    each = [{(head_of(side, k), *pair) for k, part, _ in lowered(side) for pair in [[t for t in part if t != ","]]
             if len(pair) == 2 and set(pair) <= LETTERS} for side in sides]
    known = any(names.resolved(f"{head}_{one}{two}") for side in each for head, one, two in side)
    derivative = any(t == r"\partial" for side in sides for t, _ in side)
    if known or not derivative or len(sides) < 2:
        return set()
    return set.intersection(*({(one, two) for _, one, two in side} for side in each))


def picked(sides: tuple[Side, ...], names: Names) -> bool:
    """Whether a statement has an entry that a letter says, p_c of the class c; e_c is the vector that says it."""
    return any(not names.picks.isdisjoint(part) and head_of(side, k) != "e" for side in sides for k, part, _ in lowered(side))


def by_entries(sides: tuple[Side, ...], names: Names) -> set[str]:
    """The index of a new name whose entries a statement gives, \\lambda_i = \\exp(x_i^\\top\\beta), where a sum of the text goes over it,
    or one of the statement over another index of the same: s_i = e^{z_i}/\\sum_k e^{z_k}."""
    first = sides[0]
    k = next((k for k, (t, _) in enumerate(first) if t == "_"), 0)
    if len(sides) < 2 or not k or group(first, k + 1)[1] != len(first):
        return set()
    own = {t for t, _ in group(first, k + 1)[0]}
    head = head_of(first, k)
    if len(own) != 1 or not own <= LETTERS or names.known(head) or names.resolved(f"{head}_{min(own)}"):
        return set()
    if not own <= names.summed and not _summed_beside(sides[1:], min(own)):
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
