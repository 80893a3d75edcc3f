"""What shapes allow and nobody means: a name that may be an entry or the imaginary unit, a cross product, the logarithm of a factor entry
by entry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..declarations.declare import Declarations
from .hints import REDUCING, operands, reducing
from .statements import Inferred
from .undeclared import kind_of, place
from ...language import composites
from ...language.operations import ELEMENTWISE_NAMES, MATRIX_FUNCTIONS
from ..grammar.functions import Code, fold
from ..grammar.reader import Reader
from ...language.shape import ONE, SCALAR
from ..declarations.composite_laws import law
from ..grammar.brackets import ROUND, opening
from ..grammar.kinds import ARRAYS, crossed, kind
from ..grammar.tokens import LOWERED, Line, is_name, written
from ...patterns import pattern

ENTRY = pattern(r"([A-Za-z]\w*?)_?([1-9i-l])_?([1-9i-l]?)")
LABEL = pattern(r"(\w+)_([a-z])()")
JOINED = pattern(r"(?:[A-Za-z]_[1-9i-l]){2,}")
CIRCLE = pattern(r"(\w+'?) o (\w+'?)")
WAVES = frozenset(("exp", "expm", "cos", "sin"))


def asked_back(inferred: Iterable[Inferred], readers: Sequence[Reader], scope: Declarations, misfit: bool, wrt: str) -> None:
    """A number x_1 or x_i beside a vector x may be its entry, and so may any x_1 where the sides do not fit, or where x is differentiated
    by and stands nowhere else; where x_0 stands besides it is one of a sequence. The i of exp(i*x) is the imaginary unit, and where only
    d/dt shows a time, something depends on it that is not said."""
    unseen, plain = all(wrt not in r.used for r in readers), all(r.line.text.isascii() for r in readers)
    for g in inferred:
        if wrt and g.name == f"d{wrt}":
            line, at = place(g.name, readers)
            raise line.error(f"{g.name} is a differential beside {wrt}", at, f"declare {g.name} where it is a variable")
        if g.name in ("i", "j") and g.name != wrt:
            line, at = place(g.name, readers)
            if waves := WAVES.intersection(line.tokens):
                raise line.error(f"{g.name} is not declared, and beside {min(waves)} it is the imaginary unit", at,
                                 f"the language has real numbers only; declare {g.name} where it is a variable: {g.name} in R")
        if JOINED.fullmatch(g.name) and any(scope.shapes.get(n, SCALAR) != SCALAR for n in g.name[::3]):
            raise place(g.name, readers)[0].error(f"{g.name} has two readings: a product of entries, and a name of its own",
                                                  place(g.name, readers)[1], "write sum_i before what is summed, x[i] for an entry")
        if g.name == "o" != wrt:
            line, at = place(g.name, readers)
            if (circle := CIRCLE.search(line.text)) is not None:
                raise line.error(f"{circle[0]} has two readings: the product entry by entry, {circle[1]}.*{circle[2]}, and a product with "
                                 "a number o", at, f"write {circle[1]}.*{circle[2]}, or declare o in R")
        if g.name == "t" and wrt != "t":
            uses = [(r.line, k) for r in readers for k, t in enumerate(r.tokens) if t == "t"]
            if all(line.tokens[max(k - 3, 0):k] == ["/", "d", "("] and line.tokens[k - 6] != "(" for line, k in uses):
                raise uses[0][0].error("nothing here depends on t", uses[0][1], "declare what does: x: R -> R^n, and write x(t)")
        if g.shape == SCALAR and g.name in ARRAYS and g.name != wrt:
            for r in readers:
                for k, (one, sign, two) in enumerate(zip(r.tokens, r.tokens[1:], r.tokens[2:], strict=False)):
                    if sign == "/" and two == g.name and one in ARRAYS and kind(scope.shapes.get(one)) == "column":
                        raise r.line.error(f"{one}/{two} has two readings: entry by entry, {one}./{two}, and the quotient by a number "
                                           f"{two}", k, f"write {one}./{two}, or declare {two} in R")
        found = ENTRY.fullmatch(g.name) or (LABEL.fullmatch(g.name) if unseen and g.name.startswith(f"{wrt}_") else None)
        shape = scope.shapes.get(found[1]) if found is not None else None
        if found is None or shape is None or shape == SCALAR or (ONE in shape) == bool(found[3]) or plain and "_" not in g.name:
            continue
        line, at = place(g.name, readers)
        lowered = "_" in g.name or line.text[line.places()[at][1] - 1] in LOWERED
        if not lowered or any(f"{found[1]}_0" in r.used for r in readers):
            continue
        unlike = any(found[1] in r.used for r in readers) and not any(       # as long as nothing else, beside the vector
            g.shape[0] in of for n, of in scope.shapes.items() if n != g.name)
        if misfit or g.shape == SCALAR or unseen and found[1] == wrt or unlike:
            places = ",".join(filter(None, found.groups()[1:]))
            entry = f"{found[1]}[{places}]" if places.isalpha() else f"{found[1]}({places})"
            again = places.isalpha() and any(n != g.name and places[-1] in n.partition("_")[2] for r in readers for n in r.used)
            raise line.error(f"{g.name} has two readings: an entry of {found[1]}, {entry}, and a name of its own", at,
                             f"write sum_{places[-1]} before what is summed, {entry} for an entry, or declare {g.name}" if again else
                             f"write {entry}, or declare {g.name}")


def no_cross(r: Reader, scope: Declarations) -> None:
    """x × y of two vectors, or of two letters alike that nobody declared: a cross product, which is none of numbers."""
    line, tokens = r.line, r.tokens
    if "×" not in line.text and "\\times" not in line.text:
        return
    for k, (start, _) in enumerate(line.places()):
        if tokens[k] == "*" and line.text.startswith(("×", "\\times"), start):
            begun, end = k - 1, k + 1
            while tokens[begun] == ")" and not is_name(tokens[opening(tokens, begun, ROUND) - 1]):
                begun -= 1
            while tokens[end] in ("(", "-"):
                end += 1
            left, right = "" if tokens[begun - 1:begun] == ["'"] else tokens[begun], "" if tokens[end + 1] in ("(", "'") else tokens[end]
            if crossed(left, right, lambda t: kind(scope.shapes.get(t))):
                raise line.error(f"{left} × {right} has two readings: the cross product, and the product of two numbers", k,
                                 f"{composites.REFUSED['cross']}; write * for the product of numbers")


def no_prime(line: Line, code: Code, scope: Declarations) -> None:
    """(x^2)' and sin(x)' of a number: nobody transposes one, and many write the derivative so."""
    spans = operands(code) if "'" in line.tokens else []
    for k, ((op, at, _), (_, ends)) in enumerate(zip(code, spans, strict=False)):
        if op == "'" and code[ends[0]][0] in ("call", "^", "+"):
            inside = code[spans[k][0]:k]
            names = {data for op, _, data in inside if op == "name"}
            if names and not any(op == "apply" for op, _, _ in inside) and all(scope.shapes.get(n) == SCALAR for n in names):
                raise line.error("a prime behind what is made of numbers has two readings: the derivative, and the transpose of a number",
                                 at, "write d(f)/d(x)")


def no_distant_power(line: Line, code: Code) -> None:
    """sum (x - y)^2: a blank stands before the bracket, and behind it a power that may be of each entry; that of a norm is its own."""
    for op, at, start in (step for step in code if step[0] in ("^", ".^")):
        name = line.tokens[start]
        taken = name in REDUCING or name in composites.ARITY and reducing(name) if op == ".^" else adds(name)
        if taken and line.tokens[start + 1] == "(":
            end = line.places()[start][1]
            inside, power = written(line.tokens[start + 2:at - 1]), line.tokens[at + 1]
            if line.text[end:end + 1].isspace():
                raise line.error(f"{name} (..){op} has two readings: {name}(({inside}).^{power}), and {name}({inside})^{power}", start,
                                 "write the one that is meant")


def no_matrix_power(line: Line, code: Code, scope: Declarations) -> None:
    """exp(-D^2/c): the square of a matrix in a function that goes entry by entry may be that of each entry."""
    if "^" not in line.tokens:
        return

    def read(op: str, at: int, data: Any, parts: list[tuple[str, str]]) -> tuple[str, str]:
        """What a part is, and the power of a matrix that it is a multiple of."""
        kinds = [kind for kind, _ in parts]
        power = next((p for _, p in parts if p), "")
        if power and op == "call" and data in ELEMENTWISE_NAMES:
            base, _, k = power.rpartition("^")
            raise line.error(f"{power} in {data} has two readings: the power of the matrix, and entry by entry, {base}.^{k}", at,
                             f"write {base}.^{k}, or {'*'.join([base] * int(k))}")
        if op == "^" and kinds[0] == "matrix" and line.tokens[at - 1] != ")" and line.tokens[at + 1] in "23456":
            power = "".join(line.tokens[at - 1:at + 2])
        elif op not in ("neg", "+") and (op != "*" or kinds.count("scalar") < len(kinds) - 1):
            power = ""
        return kind_of(op, data, kinds, scope), power
    fold(code, read)


def adds(name: str) -> bool:
    """Whether this is the sum, or the mean, which is made of nothing else."""
    read = {op if op != "call" else data for op, _, data in law(name).code} if name in composites.ARITY else set()
    return name == "sum" or "sum" in read and read <= {"sum", "name", "*"}


def no_logarithm(line: Line, code: Code, scope: Declarations) -> None:
    """tr(A*log(A)): entry by entry nobody takes the logarithm of a matrix that is a factor beside it."""
    if "tr" not in line.tokens or not MATRIX_FUNCTIONS.keys() & set(line.tokens):
        return

    def read(op: str, at: int, data: Any, parts: list[frozenset[tuple[str, str]]]) -> frozenset[tuple[str, str]]:
        """The names a part is a sum or a product of, each with the function taken of it."""
        whole = frozenset[tuple[str, str]]().union(*parts) if op in ("*", "+", "neg", "^") else frozenset[tuple[str, str]]()
        if op == "name":
            whole = frozenset((("", data),)) if scope.shapes.get(data, SCALAR) != SCALAR else whole
        elif op == "call" and data in MATRIX_FUNCTIONS:
            matrices = all(ONE not in scope.shapes[n] for _, n in parts[0])         # sqrt(x'*A*y) is a number
            whole = frozenset((data, n) for f, n in parts[0] if not f and matrices)
        elif op == "*":
            whole |= {("*" + f, n) for f, n in whole if f in MATRIX_FUNCTIONS and ("", n) in whole
                      and not any({("", n), (f, n)} <= p for p in parts)}
        elif op == "call" and data == "tr":
            for f, n in sorted((f[1:], n) for f, n in parts[0] if f[:1] == "*"):
                raise line.error(f"the trace of {n} times {f}({n}) has two readings: of the matrix, tr({n}*{MATRIX_FUNCTIONS[f]}({n})), "
                                 f"and entry by entry, sum({n}'.*{f}({n}))", at, "write the one that is meant")
        return whole
    fold(code, read)
