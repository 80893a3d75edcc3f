"""What shows that letters are indices: a sum over them, a name that carries them, the other sides of an equation."""

from __future__ import annotations

from .index_conditions import Relation, summed_letters
from .index_letters import LETTERS, Side, head_of
from .macros import group, lowered, sums
from .names import Names


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
    below: list[tuple[str, list[str]]] = []
    for side in sides:
        for k, (token, _) in enumerate(side):
            if token in (r"\sum", r"\delta") and k + 1 < len(side) and side[k + 1][0] == "_" and not names.known("delta"):
                part = [t for t, _ in group(side, k + 2)[0]]
                part = summed_letters(part) if token == r"\sum" else part
                real = [t for t in part if t in LETTERS and not names.known(t) and t not in sizes]
                if len(real) == len([t for t in part if t != ","]) and (token == r"\sum" or len(real) == 2):
                    found |= set(real)
                    said = True
            elif token == "_" and k:
                part = [t for t, _ in group(side, k + 1)[0]]
                if part and all(t in LETTERS or t in (",", ":") for t in part):
                    below.append((head_of(side, k), [t for t in part if t in LETTERS]))
    if not names.asks and (pairs := paired(sides, names)):
        found |= {t for pair in pairs for t in pair} - sizes
        said = True
    for head, some in below:
        free = [t for t in some if not names.known(t) and t not in sizes]
        if len(free) != len(some) or names.resolved(f"{head}_{'_'.join(some)}") and not set(some) & found:
            continue
        shape = (names.shape(head) or names.guessed(head)) if names.known(head) else names.used(head)
        unsure = shape is None and (names.known(head) or head in (")", "]")) and all(t in "ijkl" for t in some)
        if unsure or shape not in (None, ("1", "1")):
            found |= set(some)
            said = True
        elif set(some) & found or said and all(t in "ijkl" for t in some):
            found |= set(some)
    shared = _shared(sides, names) - sizes
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


def by_entries(sides: tuple[Side, ...], names: Names) -> bool:
    """Whether a statement says what each entry of a new name is: \\lambda_i = \\exp(x_i^\\top\\beta), where a sum goes over i."""
    return bool(_shared(sides, names))


def _shared(sides: tuple[Side, ...], names: Names) -> set[str]:
    """The index of a new name that a statement begins with and of what it is equal to, where a sum of the text goes over it, or one of
    the statement over another index of the same: s_i = e^{z_i}/\\sum_k e^{z_k}."""
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
