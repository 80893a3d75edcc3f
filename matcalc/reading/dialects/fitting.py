"""Lines with several readings, of which only one has shapes: bars around a square matrix, the determinant or the absolute values; and the
sides of an equation, where only one shows the dialect of the line: np.trace(A.T @ B) == tr(A'*B), sum(diag(A %*% B)) == tr(A*B)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from .columns import fits
from .combined import Unreadable
from .context import Context
from .formulas import Spoken
from .pieces import Piece
from ..grammar.brackets import ROUND, closing, depths
from ..grammar.lexer import Sign
from ..grammar.tokens import Line, Token
from ..inference.hints import REDUCING
from ...language.shape import InputError

Signs = Sequence[Sign]
TOTALLED = REDUCING - {"norm2"} | {"mean"}
OURS = frozenset(("'", "^^T", ".*", "./", ".^"))       # signs of the language that neither NumPy nor R nor Mathematica has


def with_bars(reading: Callable[[Line, Context], tuple[Token, ...]], line: Line, around: Context) -> tuple[Token, ...]:
    """A line as its dialect reads it, with bars that can be only one of both: those of |Σ|^{-1/2} exp(-x'x)."""
    try:
        return reading(line, around)
    except InputError:
        if around.measured and (lengths := _with_lengths(reading, line, around)) is not None:
            return lengths
        found = []
        for meaning in ("det", "abs") if around.barred else ():
            around.bars = meaning
            with suppress(InputError, Unreadable):
                tokens = reading(line, around)
                if not _rooted([t for t, _, _ in tokens]) and fits(line, tokens[2 * around.defines:], around):
                    found.append(tokens)
        around.bars = ""
        if len(found) == 1:
            return found[0]
        raise


def _with_lengths(reading: Callable[[Line, Context], tuple[Token, ...]], line: Line, around: Context) -> tuple[Token, ...] | None:
    """The line with bars around columns that are lengths, or with all that go entry by entry, where only one has shapes; of squares that
    are not summed nobody means those of the entries: |A*x - b|^2. Nor are the signs of the entries meant where x/|x| is a function."""
    found, errors = dict[str, tuple[Token, ...]](), list[InputError]()
    lengths = around.measured == "^" or around.measured == "unit" and not around.equation
    for meaning in ("norm2", "abs"):
        around.bars = meaning
        with suppress(Unreadable):
            try:
                tokens = reading(line, around)
                if fits(line, tokens[2 * around.defines:], around):
                    found[meaning] = tokens
            except InputError as error:
                errors.append(error)
    around.bars = ""
    if len(errors) > 1:
        raise errors[0]         # of something else
    if len(found) > 1 and lengths and not any(t in TOTALLED for t, _, _ in found["norm2"]):
        del found["abs"]
    if len(found) != 1:
        return None
    around.said["|"] = next(iter(found))        # on the lines below as well
    return next(iter(found.values()))


def _rooted(texts: Sequence[str]) -> bool:
    """Whether the absolute values of a matrix have a power that only numbers have."""
    ends = (closing(texts, k + 1, ROUND) for k, text in enumerate(texts) if text == "abs")
    return any(list(texts[end + 1:end + 2]) == ["^"] and not texts[end + 2].isdigit() for end in ends)


def sides(found: Signs) -> tuple[Signs, Sign, Signs] | None:
    """What stands before and behind the only = outside of brackets."""
    texts = [s.text for s in found]
    at = [k for k, depth in enumerate(depths(texts)) if not depth and texts[k] in ("=", "==")]
    return (found[:at[0]], found[at[0]], found[at[0] + 1:]) if len(at) == 1 and 0 < at[0] < len(found) - 1 else None


def of_sides(spoken: Spoken, raw: Signs, respell: Callable[[Signs], Signs],
             shows: Callable[[Signs], bool]) -> tuple[Piece, Sign, Piece] | None:
    """The sides of a line, each as it shows itself; None where all show the same. One that shows nothing is in the language where it
    has signs that are only there; else both readings are named, unless they are the same or only one has shapes."""
    def reading(signs: Signs, numpy: bool) -> Piece:
        inner = Spoken(spoken.line, signs, spoken.around, numpy)
        inner.movers, inner.shared = spoken.movers, spoken.shared
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
