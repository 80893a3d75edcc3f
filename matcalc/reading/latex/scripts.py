r"""Three points as dots, and indices and exponents in one order: `x^T_i` and `\sum^n_{i=1}` as `x_i^T` and `\sum_{i=1}^n`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise, takewhile

from .cursor import ACCENTS, STYLES
from .macros import group, rewritten, lowered
from .tokens import Token, Tokens, PAIRS
from ..grammar.brackets import closing, depths
from ...patterns import pattern

TRANSPOSES = frozenset((r"\intercal", r"\transpose", r"\trans"))
LABELS = pattern(r"\(.*\)|\[.*\]|(?:l|L|\\ell)(?:[+-]\w)?")       # of a layer or a sample: W^{(1)}_{ij} is an entry of W^{(1)}
CUTS = frozenset(("+", "-", "=", "&", ",", ";", "\\\\", r"\is", r"\quad", "/", r"\partial"))
DS = (["d", "d"], [r"\partial", r"\partial"])


def with_fractions(source: Tokens) -> list[Token]:
    r"""\partial f / \partial x_i as a fraction.

    >>> from .tokens import tokens
    >>> "".join(t for t, _ in with_fractions(tokens(r"2\partial f(x)/\partial x_{ij} = A_{ji}")))
    '2\\frac{\\partialf(x)}{\\partialx_{ij}}=A_{ji}'
    """
    def found(k: int) -> tuple[list[Token], int] | None:
        if source[k][0] == "{":         # {df}/{dx}
            part, cut = group(source, k)
            below, end = group(source, cut + 1) if [t for t, _ in source[cut:cut + 2]] == ["/", "{"] else ([], 0)
            heads = [t for t, _ in (*part[:1], *below[:1])]
            wanted = k and source[k - 1][0] in ("^", "_", "}")
            return ([(r"\frac", source[k][1]), *source[k:cut], *source[cut + 1:end]], end) if not wanted and heads in DS else None
        if source[k][0] != r"\partial":
            return None
        over = range(k + 1, len(source))
        inside = zip(over, depths(source[j][0] for j in over), strict=True)
        cut = next((j for j, depth in inside if depth < 0 or not depth and source[j][0] in CUTS), len(source))
        if [t for t, _ in source[cut:cut + 2]] != ["/", r"\partial"]:
            return None
        end = cut + 1
        while end + 1 < len(source) and source[end][0] in ("_", "^", r"\partial"):
            end = next((j for j in range(end + 1, len(source)) if source[j][0] not in STYLES | ACCENTS.keys()), end + 1)
            end = group(source, end)[1]
        end += source[end:end + 1] != [] and source[end][0] == "'"          # by x', or by what is called h'
        above, below = source[k:cut], source[cut + 1:end]
        (_, first), (_, at), (_, last) = source[k], source[cut], source[end - 1]
        return [(r"\frac", first), ("{", first), *with_fractions(above), ("}", at), ("{", at), *below, ("}", last)], end
    return rewritten(source, found)


LAYER = pattern(r"[\[(]?(?:l|L|\\ell)(?:[+-]\w)?[\])]?")


def _layer(source: Tokens, i: int) -> int:
    """Where the number of a layer that stands above ends; 0 where none begins there."""
    if i + 1 >= len(source) or source[i][0] != "^":
        return 0
    above, behind = group(source, i + 1)
    return behind if LAYER.fullmatch("".join(t for t, _ in above)) else 0


def below_first(source: Tokens) -> list[Token]:
    r"""What stands below a sign in front of what stands above it, labels of layers and samples and the 2 of a variance excepted.

    >>> from .tokens import tokens
    >>> "".join(t for t, _ in below_first(tokens(r"\sum^{n}_{i=1} v^T_1 W^{(2)}_{ij}")))
    '\\sum_{i=1}^{n}v_1^TW^{(2)}_{ij}'
    """
    def moved(i: int) -> tuple[Iterable[Token], int] | None:
        if source[i][0] == "^" and i + 1 < len(source):
            above, middle = group(source, i + 1)
            if middle + 1 < len(source) and source[middle][0] == "_" and \
                    (not i or source[i - 1][0] != r"\sigma") and not LABELS.fullmatch("".join(t for t, _ in above)):
                behind = group(source, middle + 1)[1]
                return [*source[middle:behind], *source[i:middle]], behind
        if source[i][0] == "_" and i + 1 < len(source) and (layer := _layer(source, group(source, i + 1)[1])):      # z_j^{l+1}
            behind = group(source, i + 1)[1]
            return [*source[behind:layer], *source[i:behind]], layer
        return ([(r"\dots", source[i][1])], i + 3) if [t for t, _ in source[i:i + 3]] == [".", ".", "."] else None
    return rewritten(source, moved)


ENDS = frozenset(("+", "-", "=", "&", "\\\\", ",", r"\is", r"\quad", r"\Rightarrow", ".", ";", r"\must", r"\cell", r"\nextrow"))


def with_sums(source: Sequence[Token]) -> list[Token]:
    r"""The tokens with sums over an index for those with dots whose terms differ only in what stands below.

    >>> from .tokens import tokens
    >>> "".join(t for t, _ in with_sums(tokens(r"f = c + a_1x_{k1}^2 + a_2x_{k2}^2 + \dots + a_nx_{kn}^2 + b")))
    'f=c+\\sum_{i=1}^{n}a_ix_{ki}^2+b'
    """
    out = list(source)
    for k in range(len(out) - 3, 0, -1):
        if out[k + 1][0] != r"\dots" or out[k][0] != "+" or out[k + 2][0] != "+":
            continue
        last = _term(out, range(k + 3, len(out)))
        before: list[Tokens] = []
        start = k
        while start > 0 and (term := _term(out, range(start - 1, -1, -1))) and all(t != r"\dots" for t, _ in term):
            start -= len(term)
            if start and out[start - 1][0] == "-":
                break
            before.insert(0, term[::-1])
            if not start or out[start - 1][0] != "+":
                break
            start -= 1
        uppers = {t for _, part, _ in lowered(last) for t in part if t.isalpha()} if before else ()
        rows = [-1, *(j for j, (t, _) in enumerate(out) if t == "\\\\"), len(out)] if uppers else ()
        row = {t for i, j in pairwise(rows) if i < k < j for t, _ in out[i + 1:j]}
        index = next((t for t in "ijkl" if t not in row), "")
        for n, count in ((n, count) for n in sorted(uppers) for count in range(1, len(before) + 1)):
            if index and all(_same(term, _put(last, n, str(j))) for j, term in enumerate(before[-count:], 1)):
                at = out[first := k - sum(map(len, before[-count:])) - count + 1][1]
                head = [(t, at) for t in (r"\sum", "_", "{", index, "=", "1", "}", "^", "{", n, "}")]
                out[first:k + 3 + len(last)] = [*head, *_put(last, n, index)]
                break
    return out


def with_products(source: Sequence[Token]) -> list[Token]:
    r"""The tokens with the exponential of a sum of logarithms for a product over an index.

    >>> from .tokens import tokens
    >>> "".join(t for t, _ in with_products(tokens(r"L = \prod_{i=1}^n p_i^{y_i} + c")))
    'L=\\exp(\\sum_{i=1}^n\\log(p_i^{y_i}))+c'
    """
    out = list(source)
    for k in range(len(out) - 1, -1, -1):
        start = k + 1
        while out[k][0] == r"\prod" and start < len(out) and out[start][0] in ("_", "^"):
            start = group(out, start + 1)[1]
        body = _term(out, range(start, len(out))) if out[k][0] == r"\prod" and start > k + 1 else []
        if body:
            at, end = out[k][1], (")", body[-1][1])
            summed = [(r"\sum", at), *out[k + 1:start], (r"\log", at), ("(", body[0][1]), *body, end]
            logged = k > 0 and out[k - 1][0] in (r"\log", r"\ln")
            out[k - logged:start + len(body)] = summed if logged else [(r"\exp", at), ("(", at), *summed, end]
    return out


def _term(source: Sequence[Token], places: range) -> list[Token]:
    """The tokens at these places up to the end of a term."""
    pairs = PAIRS if places.step > 0 else {end: begin for begin, end in PAIRS.items()}
    inside = zip(places, depths((source[k][0] for k in places), pairs), strict=True)
    return [source[k] for k, _ in takewhile(lambda at: at[1] > 0 or not at[1] and source[at[0]][0] not in ENDS, inside)]


def _put(term: Tokens, upper: str, index: str) -> list[Token]:
    """A term with another index where one stands below."""
    out = list(term)
    for k, _, behind in lowered(term):
        out[k + 1:behind] = [(index if t == upper else t, at) for t, at in term[k + 1:behind]]
    return out


def _same(one: Tokens, two: Tokens) -> bool:
    """Whether two terms are written alike, braces left aside."""
    return [t for t, _ in one if t not in "{}"] == [t for t, _ in two if t not in "{}"]


def over_the_name(source: Sequence[Token]) -> list[Token]:
    r"""\hat{y}_i for \hat{y_i}, and \hat{y}' for \hat{y'}."""
    def found(k: int) -> tuple[list[Token], int] | None:
        part, behind = group(source, k + 1) if source[k][0] in ACCENTS and k + 1 < len(source) else ([], 0)
        cut = next((j for j, (t, _) in enumerate(part) if t in ("_", "^", "'")), 0)
        script = [t for t, _ in group(part, cut + 1)[0]] if cut and part[cut][0] != "'" else []
        if not cut or group(part, cut + bool(script))[1] != len(part) or part[cut][0] == "^" and script not in ([r"\top"], ["T"]):
            return None
        return [source[k], ("{", part[0][1]), *part[:cut], ("}", part[cut][1]), *part[cut:]], behind
    return rewritten(source, found)


def with_transposes(source: Sequence[Token]) -> list[Token]:
    r"""x^\top for x^{\mathsf T}, x^\mathrm{T} and x^\intercal.

    >>> from .tokens import tokens
    >>> "".join(t for t, _ in with_transposes(tokens(r"x^{\mathsf T} y^\mathrm{T}z^\intercal w^{T} v^{2T}")))
    'x^\\topy^\\topz^\\topw^{T}v^{2T}'
    """
    def found(k: int) -> tuple[list[Token], int] | None:
        part, behind = group(source, k + 1) if source[k][0] == "^" else ([], 0)
        if len(part) == 1 and part[0][0] in STYLES:
            inner, behind = group(source, behind)
            part = [*part, *inner]
        said = [t for t, _ in part if t not in STYLES and t not in "{}"]
        turned = len(said) == 1 and (said[0] in TRANSPOSES or said == ["T"] and part[0][0] in STYLES)
        return ([source[k], (r"\top", part[0][1])], behind) if turned else None
    return rewritten(source, found)


def behind_the_value(source: Sequence[Token], arguments: Mapping[str, tuple[str, ...]]) -> list[Token]:
    r"""r(x)^\top for r^\top(x), of a function with these arguments, or where r(x) stands there as well.

    >>> from .tokens import tokens
    >>> "".join(t for t, _ in behind_the_value(tokens(r"r^T(x)r(x) + A^\top(x)"), {}))
    'r(x)^{T}r(x)+A^\\top(x)'
    """
    texts = [t for t, _ in source]

    def found(i: int) -> tuple[list[Token], int] | None:
        behind = group(source, i + 1)[1] if texts[i] in STYLES else i + 1
        turned, start = group(source, behind + 1) if texts[behind:behind + 1] == ["^"] else ((), 0)
        if [t for t, _ in turned] not in ([r"\top"], ["T"]) or texts[start:start + 1] != ["("]:
            return None
        end = closing(texts, start) + 1
        value = [*texts[i:behind], *texts[start:end]]
        name, x = ("".join(t.lstrip("\\") for t in part if t not in STYLES and t not in "{}()")
                   for part in (texts[i:behind], texts[start:end]))
        known = arguments.get(name) == (x,) or any(texts[k:k + len(value)] == value for k in range(len(texts)) if k != i)
        at = source[behind][1]
        raised: list[Token] = [("^", at), ("{", at), *turned, ("}", at)]
        return ([*source[i:behind], *source[start:end], *raised], end) if known and name.isalpha() and x.isalpha() else None
    return rewritten(source, found)
