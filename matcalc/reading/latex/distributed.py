"""A sum over what stands in a bracket, written as a sum for each of its terms: what goes over three indices at once goes over two then."""

from __future__ import annotations

from .macros import group
from .tokens import PAIRS, Token, Tokens
from ..brackets import closing, depths

ROUND = {"(": ")", "[": "]", r"\{": r"\}"}


def distributed(side: Tokens) -> tuple[Token, ...]:
    """The side with the first bracket behind each sum multiplied out."""
    out: list[Token] = []
    for sign, term in terms(side):
        for other, part in _by_term(term):
            out += [("-" if sign != other else "+", part[0][1] if part else 0), *part]
    return tuple(out)


def terms(side: Tokens) -> list[tuple[str, list[Token]]]:
    """The terms of a sum, with their signs."""
    out: list[tuple[str, list[Token]]] = []
    sign = "+"
    now: list[Token] = []
    for token, depth in zip(side, depths((t for t, _ in side), PAIRS), strict=True):
        if token[0] in ("+", "-") and not depth:
            if now:
                out.append((sign, now))
            sign, now = token[0], []
        else:
            now.append(token)
    return [*out, (sign, now)]


def _by_term(term: list[Token]) -> list[tuple[str, list[Token]]]:
    """A product with a sum in it, for each term of the first bracket behind that."""
    start = next((k for k, (t, _) in enumerate(term) if t == r"\sum"), -1)
    k = start + 1
    while start >= 0 and k < len(term):
        token = term[k][0]
        if token in ("_", "^"):
            k = group(term, k + 1)[1]
            continue
        if token in PAIRS:
            end = min(closing([t for t, _ in term], k, PAIRS), len(term) - 1)
            inner = terms(term[k + 1:end])
            behind = term[end + 1][0] if end + 1 < len(term) else ""
            before = term[k - 1][0]
            function = before.startswith("\\") and len(before) > 2 or before.isalpha() and k - 1 > start and term[k - 2][0] in ("{",)
            if token in ROUND and len(inner) > 1 and behind not in ("^", "_") and not function:
                return [(s, [*term[:k], ("(", term[k][1]), *part, (")", term[end][1]), *term[end + 1:]]) for s, part in inner]
            k = end
        k += 1
    return [("+", term)]
