"""Single edits of an expression, of a text by tokens, of a text by characters. What is edited is mostly false, not always."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from functools import partial

from matcalc.language.expr import Apply, Expr, InputError, Number, T, add, apply, build, div, mul, num
from tests.typed import TOKEN

UNBUILDABLE = (InputError, ValueError, ArithmeticError, AssertionError, IndexError, StopIteration)     # by the constructors
SIZED = ("eye", "ones", "zeros", "comm", "apply")       # their arguments are no operands
LIKE = ("sin", "cos", "exp", "tanh", "sigmoid")         # one may be taken for the other
WHOLE: dict[str, Callable[[Expr], Expr]] = {"transpose": T, "sign": lambda e: mul(num(-1), e), "factor 2": lambda e: mul(num(2), e),
                                            "factor 1/2": lambda e: div(e, num(2))}


# ------------------------------------------------------------------------------------------------ expressions
def nodes(e: Expr, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Expr]]:
    """Every operand with the way to it."""
    yield path, e
    if isinstance(e, Apply) and e.head not in SIZED:
        for i, a in enumerate(e.args):
            yield from nodes(a, (*path, i))


def put(e: Expr, path: tuple[int, ...], new: Expr) -> Expr:
    """The expression with another operand at the end of that way."""
    if not path:
        return new
    assert isinstance(e, Apply)
    args = list(e.args)
    args[path[0]] = put(args[path[0]], path[1:], new)
    return build(e.head, args)


def local(x: Expr) -> list[Callable[[], Expr]]:
    """The edits of an operand: a factor, a sign, a transpose, a number off by one, a part left out, factors exchanged, another function."""
    kinds = ["sign", "factor 2", *["transpose"] * (x.shape[0] is x.shape[1])]
    out: list[Callable[[], Expr]] = [partial(WHOLE[kind], x) for kind in kinds]
    if isinstance(x, Number):
        out.append(partial(Number, x.value + 1))
    if not isinstance(x, Apply):
        return out
    if x.head in ("+", "*", ".*"):
        rest = [[*x.args[:i], *x.args[i + 1:]] for i in range(len(x.args))]
        out += [partial(_built, x.head, args) for args in rest]
    if x.head == "+":
        out += [partial(add, *x.args[:i], mul(num(-1), x.args[i]), *x.args[i + 1:]) for i in range(len(x.args))]
    if x.head == "*":
        out.append(partial(build, "*", [x.args[1], x.args[0], *x.args[2:]]))
    if x.head in LIKE:
        out += [partial(apply, f, x.args[0]) for f in LIKE if f != x.head]
    return out


def _built(head: str, args: list[Expr]) -> Expr:
    return args[0] if len(args) == 1 else build(head, args)


def _made(e: Expr, path: tuple[int, ...], edit: Callable[[], Expr]) -> Expr | None:
    """The edited expression; None where there is none of the same shape, or it is the same."""
    try:
        out = put(e, path, edit())
    except UNBUILDABLE:
        return None
    return out if out is not e and out.shape == e.shape else None


def mutant(e: Expr, rng: random.Random) -> Expr | None:
    """One edit somewhere; None where it cannot be made or changes nothing."""
    path, x = rng.choice(list(nodes(e)))
    return _made(e, path, rng.choice(local(x)))


def mutants(e: Expr) -> list[Expr]:
    """Every edit of every operand, none twice."""
    found = (_made(e, path, edit) for path, x in nodes(e) for edit in local(x))
    return list(dict.fromkeys(m for m in found if m is not None))


def of_terms(terms: list[Expr]) -> Iterator[tuple[str, Expr]]:
    """Of a sum: a term left out, its sign, a factor of it; and what it is."""
    for i, term in enumerate(terms if len(terms) > 1 else []):
        others = [*terms[:i], *terms[i + 1:]]
        yield "term dropped", add(*others)
        yield "sign of a term", add(*others, WHOLE["sign"](term))
        yield "factor of a term", add(*others, WHOLE["factor 2"](term))


# ------------------------------------------------------------------------------------------------ texts
SLOPE = re.compile(r"d\(L\)/d\((\w+)\)")      # one token in an edit
FACTORS = ("2*({})", "-({})", "17*({})", "({})/2", "({})'", "9*({})*2", "n*({})", "({}).^2")


def character(text: str, rng: random.Random) -> str:
    """A character taken from a text, or put into it."""
    i = rng.randrange(len(text))
    return rng.choice([text[:i] + text[i + 1:], text[:i] + rng.choice("*+')(^,. x2") + text[i:]])


def slip(text: str, rng: random.Random, names: list[str]) -> str:
    """One slip: of a factor, a sign, a transpose, an operation, an order, a term, a function or a name."""
    kind = rng.randrange(12)
    if kind == 0:
        return rng.choice(FACTORS).format(text)
    slope = SLOPE.findall(text)
    words = [m[1] for m in TOKEN.finditer(SLOPE.sub("slope_", text))]
    places = list(range(len(words)))
    rng.shuffle(places)
    for i in places:
        word, before = words[i], words[i - 1] if i else ""
        nxt = words[i + 1] if i + 1 < len(words) else ""
        ends = word == ")" or word == "'" or word[0].isalpha() and nxt != "("
        if kind == 1 and word in ("*", ".*", "/", "./"):
            words[i] = rng.choice([o for o in ("*", ".*", "/") if o != word])
        elif kind == 2 and word in ("+", "-") and before not in ("", "("):
            words[i] = "-" if word == "+" else "+"
        elif kind == 3 and word == "'":
            del words[i]
        elif kind == 4 and ends and nxt != "'":
            words.insert(i + 1, "'")
        elif kind == 5 and word.isdigit():
            words[i] = str(int(word) + 1)
        elif kind == 6 and word in ("^", ".^"):
            words[i] = ".^" if word == "^" else "^"
        elif kind == 7 and word in ("inv", "diag", "exp", "log", "tanh", "sigmoid", "softmax", "sum", "norm2", "tr", "logdet"):
            if word == "inv" and rng.random() < 0.6:
                words[i:i + 1] = ["1", "/"]
            else:
                words[i] = rng.choice(["", "", "sin", "exp", "tanh", "sum"])
        elif kind == 8 and word in ("+", "-") and before not in ("", "("):
            return joined(words[:i] if rng.random() < 0.5 else words[i + (word == "+"):], slope)
        elif kind == 9 and word in ("*", ".*") and before.isidentifier() and nxt.isidentifier() and "".join(words[i + 2:i + 3]) not in "('":
            words[i - 1], words[i + 1] = nxt, before
        elif kind == 10 and word in names:
            words[i] = rng.choice(names)
        elif kind == 11 and word in ("*", ".*") and nxt.isidentifier() and words[i + 2:i + 3] != ["("]:
            del words[i:i + 2]
        else:
            continue
        return joined(words, slope)
    return text


def joined(words: list[str], slope: list[str]) -> str:
    """The text of tokens."""
    return "".join(f" {w} " if w in ("+", "-") else f"d(L)/d({slope[0]})" if w == "slope_" else w for w in words)
