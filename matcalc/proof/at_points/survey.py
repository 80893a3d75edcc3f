"""What occurs in the two sides of a question: heads, sizes, powers, structure."""

from __future__ import annotations


from ...language.expr import ONE, SCALAR, Apply, Expr, Name, Number
from ...records import Record
from ...language.walking import parts


class Survey(Record):
    """The heads, the names of sizes (the more frequent first), the numeric sizes, the largest power of a matrix, whether a size
    stands as a number, the structure words, the nodes."""

    heads: frozenset[str]
    names: list[str]
    numbers: set[int]
    power: int
    counted: bool
    words: frozenset[str]
    nodes: set[Expr]


def survey(roots: list[Expr]) -> Survey:
    """What occurs in some expressions."""
    words: set[str] = set()
    heads: set[str] = set()
    count: dict[str, int] = {}
    numbers: set[int] = set()
    power, counted = 0, False
    seen = set(parts(roots))
    for e in seen:
        for d in e.shape:
            if d is ONE:
                continue
            if d.number is not None:
                numbers.add(d.number)
            for name in d.names:
                count[name] = count.get(name, 0) + 1
        if type(e) is Apply:
            heads.add(e.head)
            counted = counted or e.head in ("*", "+", "^") and any(type(a) is Name and a.kind == "size" for a in e.args)
            if e.head == "^" and e.shape != SCALAR and type(e.args[1]) is Number:
                power = max(power, abs(int(e.args[1].value)))
        elif type(e) is Name:
            words |= e.words
            if e.kind == "size":
                count[e.name] = count.get(e.name, 0) + 1
            for dim in e.dims if e.signature is not None else ():
                for name in dim.names:
                    count[name] = count.get(name, 0) + 1
    return Survey(frozenset(heads), sorted(count, key=lambda n: (-count[n], n)), numbers, power, counted, frozenset(words), seen)
