"""False statements made of true ones, letter by letter, each certified false by numbers under the shapes anybody would read."""

from __future__ import annotations

import random
import re
from typing import Any

import numpy as np

from tests.attack.statements import Statement
from tests.typed import TOKEN, Typed, Undefined

SIZES = ({"m": 3, "n": 2, "k": 4, "p": 5}, {"m": 5, "n": 3, "k": 2, "p": 4}, {"m": 3, "n": 3, "k": 3, "p": 3})
SLOPE = re.compile(r"d\(L\)/d\((\w+)\)")


def tokens(text: str) -> list[str]:
    """The tokens of a text."""
    return [m[1] for m in TOKEN.finditer(text)]


def matching(words: list[str], i: int) -> int:
    """The bracket that closes the one at i."""
    depth = 0
    for j in range(i, len(words)):
        depth += (words[j] == "(") - (words[j] == ")")
        if depth == 0:
            return j
    raise ValueError


def edits(text: str, rng: random.Random, names: list[str]) -> str:
    """One slip: of a factor, a sign, a transpose, an operation, an order, a term, a function or a name."""
    kind = rng.randrange(12)
    if kind == 0:
        return rng.choice(["2*({})", "-({})", "17*({})", "({})/2", "({})'", "9*({})*2", "n*({})", "({}).^2"]).format(text)
    slope = SLOPE.findall(text)
    words = tokens(SLOPE.sub("slope_", text))
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
            return put(words[:i] if rng.random() < 0.5 else words[i + (word == "+"):], slope)
        elif kind == 9 and word in ("*", ".*") and before.isidentifier() and nxt.isidentifier() and "".join(words[i + 2:i + 3]) not in "('":
            words[i - 1], words[i + 1] = nxt, before
        elif kind == 10 and word in names:
            words[i] = rng.choice(names)
        elif kind == 11 and word in ("*", ".*") and nxt.isidentifier() and words[i + 2:i + 3] != ["("]:
            del words[i:i + 2]
        else:
            continue
        return put(words, slope)
    return text


def put(words: list[str], slope: list[str]) -> str:
    """The text of tokens."""
    return "".join(f" {w} " if w in ("+", "-") else f"d(L)/d({slope[0]})" if w == "slope_" else w for w in words)


class Witness:
    """Evaluates a statement and its variants, at unequal sizes and at equal ones, which a claim may ask for: inv(X) says X is square."""

    def __init__(self, s: Statement, seed: int = 0) -> None:
        self.s = s
        self.points = []
        for k, sizes in enumerate(SIZES):
            rng = np.random.default_rng([seed, k])
            values = {}
            for name, letters in s.shapes.items():
                rows, cols = (*(sizes[x] for x in letters), 1, 1)[:2]
                a = rng.uniform(0.2, 1.0, (rows, cols))
                values[name] = a + np.eye(rows) if letters == "nn" else a
            loss = SLOPE.findall(s.right)
            want, names = self.left(values, sizes, loss[0] if loss else "")
            self.points.append((names, sizes, want))

    def defined(self, values: dict[str, Any], sizes: dict[str, int]) -> Typed:
        """The evaluator with the definitions in."""
        typed = Typed(values, sizes)
        for line in self.s.define:
            name, _, body = line.partition("=")
            typed.values[name.strip()] = typed(body)
        return typed

    def left(self, values: dict[str, Any], sizes: dict[str, int], loss: str) -> tuple[Any, dict[str, Any]]:
        """The left side, and all names; a loss is taken as sum(sin(Y) + Y.^2), whose slope is known."""
        s, here = self.s, self.defined(values, sizes)
        of = s.of
        if loss:
            of = f"sum(sin({loss}) + {loss}.^2)"
            here.values["slope_"] = np.cos(here.values[loss]) + 2 * here.values[loss]
        if not s.by:
            return here(of), here.values
        columns, step = [], 1e-5
        x = values[s.by]
        for j in range(x.shape[1]):
            for i in range(x.shape[0]):
                there = []
                for h in (step, -step):
                    moved = x.copy()
                    moved[i, j] += h
                    there.append(self.defined({**values, s.by: moved}, sizes)(of))
                columns.append(((there[0] - there[1]) / (2 * step)).reshape(-1, order="F"))
        jacobian = np.stack(columns)
        return (jacobian.reshape(x.shape, order="F") if jacobian.shape[1] == 1 else jacobian), here.values

    def verdict(self, right: str) -> str:
        """"false" or "true" where it is so at all sizes, "unclear" where not, or where it cannot be read or has no value."""
        first, *others = self.points
        found = self.at(right, *first)
        return found if all(self.at(right, *point) == found for point in others) else "unclear"

    def at(self, right: str, names: dict[str, Any], sizes: dict[str, int], want: Any) -> str:
        """The same at one point; what has no shape is false."""
        try:
            got = Typed(names, sizes)(SLOPE.sub("slope_", right))
        except (Undefined, AssertionError, IndexError):
            return "unclear"
        except (ValueError, np.linalg.LinAlgError):
            return "false"
        if got.shape != want.shape and got.size > 1:
            return "false"
        gap = np.abs(got - want).max() / (1e-3 + np.abs(want).max())
        return "false" if gap > 1e-3 else "unclear" if gap > 1e-5 or got.shape != want.shape else "true"


def false_claims(source: list[tuple[Statement, Witness]], count: int, rng: random.Random) -> list[tuple[Statement, str]]:
    """Statements with right sides that are false, none twice."""
    out: dict[tuple[str, str], tuple[Statement, str]] = {}
    while len(out) < count:
        s, witness = rng.choice(source)
        right = rng.choice(s.bent) if s.bent and rng.random() < 0.1 else s.right
        for _ in range(rng.choice([1, 1, 1, 2])):
            right = edits(right, rng, [*s.shapes, *(d.partition("=")[0].strip() for d in s.define)])
        if right.strip() and right != s.right and witness.verdict(right) == "false":
            out[";".join(s.define), s.claim(right)] = s, right
    return list(out.values())
