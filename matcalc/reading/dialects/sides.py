"""The sides of an equation, where only one shows the dialect of the line: np.trace(A.T @ B) == tr(A'*B), sum(diag(A %*% B)) == tr(A*B)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .columns import fits
from .combined import Unreadable
from .formulas import Spoken
from .pieces import Piece
from ..grammar.brackets import depths
from ..grammar.lexer import Sign
from ...language.shape import InputError

Signs = Sequence[Sign]
OURS = frozenset(("'", "^^T", ".*", "./", ".^"))       # signs of the language that neither NumPy nor R nor Mathematica has


def sides(found: Signs) -> tuple[Signs, Sign, Signs] | None:
    """What stands before and behind the only = outside of brackets."""
    texts = [s.text for s in found]
    at = [k for k, depth in enumerate(depths(texts)) if not depth and texts[k] in ("=", "==")]
    return (found[:at[0]], found[at[0]], found[at[0] + 1:]) if len(at) == 1 and 0 < at[0] < len(found) - 1 else None


def read(spoken: Spoken, raw: Signs, respell: Callable[[Signs], Signs], shows: Callable[[Signs], bool]) -> tuple[Piece, Sign, Piece] | None:
    """The sides of a line, each as it shows itself; None where all show the same. One that shows nothing is in the language where it
    has signs that are only there; else both readings are named, unless they are the same or only one has shapes."""
    def reading(signs: Signs, numpy: bool) -> Piece:
        inner = Spoken(spoken.line, signs, spoken.around, numpy)
        inner.movers = spoken.movers
        return inner.whole()

    def of(theirs: Signs, mine: Signs, shown: bool) -> Piece:
        if shown:
            return reading(theirs, spoken.numpy)
        texts = {s.text for s in mine}
        if not OURS.isdisjoint(texts) or spoken.numpy and "^" in texts:
            return reading(respell(mine), False)
        try:
            own = reading(respell(mine), False)
        except (Unreadable, InputError):
            return reading(theirs, spoken.numpy)
        entrywise = "entry by entry as on the other side"
        try:
            other = reading(theirs, spoken.numpy)
            if [t for t, _, _ in other.tokens] == [t for t, _, _ in own.tokens]:
                return own
            entrywise += f", {spoken.text(other)}"
            if (one := fits(spoken.line, own.tokens, spoken.around)) is not fits(spoken.line, other.tokens, spoken.around):
                return own if one else other
        except InputError:
            pass
        what = spoken.line.text[mine[0].start:mine[-1].end]
        raise spoken.two_readings(what, f"as in the language, {spoken.text(own)}", entrywise, mine[0].start)

    whole, own = sides(spoken.signs), sides(raw)
    if whole is None or own is None:
        return None
    pairs = list(zip(whole[::2], own[::2], strict=True))
    shown = [shows(mine) if spoken.numpy else list(theirs) == list(respell(mine)) for theirs, mine in pairs]
    if all(shown) or not any(shown):
        return None
    left, right = (of(*pair, one) for pair, one in zip(pairs, shown, strict=True))
    return left, whole[1], right
