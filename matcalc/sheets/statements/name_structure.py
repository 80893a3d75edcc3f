"""What is said of the structure of names, entered into a sheet: how far it reaches, and whether the shapes of the names allow it."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf
import re

from ...language.operations import SQUARE_WORDS, STRUCTURE_WORDS
from ...reading.latex.letters import FUNCTIONS
from ...reading.latex.names import NAME
from ..parts.definition_parts import names_in
from ..parts.formula import constant, declared, formula, inverted, split
from ..parts.records import Word
from ..words.structure_words import ANY, DROPPED, ELSEWISE, EQUATIONS
from .plain_sides import plain_side
from .sheet import Sheet
from .sheet_names import SheetNames
from .stated import Facts

ORTHONORMAL = "{0}'*{0} = eye({2})", "{0}*{0}' = eye({1})"        # columns, rows
SYMMETRIC = frozenset(("symmetric", "spd", "diagonal"))


def fits(names: SheetNames, name: str, word: str) -> bool:
    """Whether a name can be so, for all that is known of its shape."""
    shape = names.shape(name)
    if shape is None or word in ("constant", "positive", ANY):
        return True
    if word == "scalar":
        return shape == ("1", "1")
    return (shape[0] == shape[1] and shape[0] != "1") if word in SQUARE_WORDS else (shape[1] == "1" or word != "simplex")


def is_matrix(names: SheetNames, name: str) -> bool:
    """Whether a name is declared as a matrix."""
    shape = names.shape(name)
    return shape is not None and "1" not in shape


def give(sheet: Sheet, name: str, word: str, begins: int, limited: bool) -> None:
    """Enter a word of structure from a row on; what is `limited` ends with its sentence."""
    for other in dict.fromkeys([standing_for(sheet.names, name, word), *([name] if name not in sheet.names.bodies else [])]):
        _give(sheet, other, word, begins, limited)
    if word == "positive" and name[:1].isupper():           # A > 0: its entries, or as a quadratic form
        perhaps(sheet, [name], "spd")
    if word in ("symmetric", "spd") and (of := symmetric_with(sheet.names, name)):
        _give(sheet, of, "symmetric", begins, limited)


def standing_for(names: SheetNames, name: str, word: str) -> str:
    """The name of which a word of structure is said as well: S of S = Sigma, and P of P = Sigma^{-1}."""
    seen = {name}
    while NAME.fullmatch(body := names.body(name)) and body not in seen:
        seen.add(name := body)
    return inverted(body) or name if word in ("symmetric", "spd", "diagonal", "orthogonal") else name


def symmetric_with(names: SheetNames, name: str) -> str:
    """The name that is symmetric if and only if what is made of it is: K of K_y = K + s*I."""
    parts = formula(names.bodies.get(name, "")).names - names.bodies.keys() - FUNCTIONS
    return next((n for n in sorted(parts) if names.same(f"{name} - {name}'", f"{n} - {n}'")), "")


def _give(sheet: Sheet, name: str, word: str, begins: int, limited: bool) -> None:
    perhaps(sheet, [name] if begins < sheet.facts.floor else (), word)          # above the lemma that says it
    if word in SYMMETRIC and (body := sheet.names.body(name)) and not NAME.fullmatch(body):
        sheet.unclear.hoped.append(f"({body})' = {body}")           # A = B C is symmetric: 2 B C x is no mistake
    if word == ANY:
        sheet.facts.free(name, len(sheet.rows))
        take_back(sheet, (), sheet.facts.values([name]))
    elif word in EQUATIONS:
        if not limited:
            sheet.assume(EQUATIONS[word].format(name), begins)
    elif word == "constant":
        sheet.facts.constant.add(name)
        sheet.understood.append(f"{name} is constant")
    elif word == "scalar":
        if sheet.new(name):
            sheet.declared(f"{name} in R")
    elif (entry := Word(name, word, begins, -1 if limited else inf)) not in sheet.facts.structure or limited:
        sheet.facts.say(entry)


def said_before(sheet: Sheet, names: Iterable[str], word: str = "") -> list[int]:
    """Where the words of structure of some names are, or this one, that were said before a line above."""
    return [j for j, w in enumerate(sheet.facts.structure) if w.name in names and word in ("", w.word) and w.begins < len(sheet.rows)]


def deny(sheet: Sheet, name: str, word: str, plainly: bool = True) -> None:
    """End a word of structure that a sentence denies, and those that imply it, of a declaration too: what would rest on it is not judged.
    In a sentence about a case, `if A is not symmetric`, only what was said before a line above."""
    if not plainly:
        take_back(sheet, said_before(sheet, [name], word))
        return
    implying = {word, "spd", "diagonal"} if word == "symmetric" else {word}
    known = sheet.declaration(name)
    if known is not None and not implying.isdisjoint(known.words):
        kept = " ".join([f"{name} in {known.space}", *(w for w in known.words if w not in implying)])
        sheet.declare = [kept if (d := declared(text)) is not None and d.name == name else text for text in sheet.declare]
        sheet.facts.say(*(Word(name, w, 0) for w in sorted(implying & {*known.words})))
    take_back(sheet, [j for j, w in enumerate(sheet.facts.structure) if w.name == name and w.word in implying])


def supersede(sheet: Sheet, known: int, anew: bool) -> None:
    """End what was said of names before a place of what is known where it contradicts what was said since; of names that are supposed to
    be something `anew`, below a line, all that neither implies that nor follows from it."""
    for name, word in [w[:2] for w in sheet.facts.structure[known:]]:
        declared_as = found.words if (found := sheet.declaration(name)) is not None else ()
        for other in {w.word for w in sheet.facts.structure[:known] if w.name == name and w.ends == inf} | {*declared_as}:
            if {word, other} & {"skew"} and {word, other} & SYMMETRIC:
                deny(sheet, name, other)
            elif anew and not {word, other} <= SYMMETRIC and word != other:
                take_back(sheet, [j for j in said_before(sheet, [name], other) if j < known])


def supposed_from(sheet: Sheet, known: int) -> None:
    """Let what was said since a place of what is known count from this row on."""
    words = sheet.facts.structure[known:]
    sheet.facts.structure[known:] = [w._replace(begins=max(w.begins, len(sheet.rows))) for w in words]
    sheet.unclear.maybe.extend(words if sheet.rows else [])


def of_another_case(sheet: Sheet, words: str, supposed: Iterable[int], equations: Iterable[int]) -> None:
    """End what was supposed where a sentence speaks of another case, and all that was said where it drops assumptions."""
    if not DROPPED.search(words):
        take_back(sheet, supposed, equations) if ELSEWISE.search(words) else None
        return
    for known in filter(None, map(declared, sheet.declare)):
        for word in known.words:
            deny(sheet, known.name, word)
    take_back(sheet, range(len(sheet.facts.structure)), range(len(sheet.facts.assumed)))


def take_back(sheet: Sheet, entries: Iterable[int], equations: Iterable[int] = ()) -> None:
    """End words of structure and equations where another case is spoken of: what would rest on them is not judged."""
    for j in equations:
        if (equation := sheet.facts.assumed[j]).ends == inf:
            sheet.facts.end([], [j], len(sheet.rows))
            sheet.unclear.hoped.append(equation.text)
    for j in entries:
        if (word := sheet.facts.structure[j]).ends == inf:
            sheet.facts.end([j], [], len(sheet.rows))
            perhaps(sheet, [word.name], word.word)


def forget(sheet: Sheet, names: Iterable[str]) -> None:
    """Take back all that was said of names."""
    known = {*names}
    take_back(sheet, [j for j, w in enumerate(sheet.facts.structure) if w.name in known], sheet.facts.values([*known]))


def perhaps(sheet: Sheet, names: Iterable[str], word: str) -> None:
    """Enter what names may be: nothing rests on it, and what would is not judged."""
    tall = [n for n in names if word == "orthogonal" and is_matrix(sheet.names, n) and not fits(sheet.names, n, word)]
    sheet.unclear.hoped += [text.format(n, *(sheet.names.shape(n) or ())) for n in tall for text in ORTHONORMAL]
    if word not in ("constant", "scalar", ANY):
        sheet.unclear.maybe.extend(Word(name, word, 0) for name in names if fits(sheet.names, name, word))


def sums_of_labels(names: SheetNames, name: str) -> dict[str, str]:
    """What sums of one-hot labels are, where they stand in the rows and where in the columns of a matrix."""
    m, n = names.shape(name) or ("", "")
    return {"row": f"rowsum({name}) = ones({m})", "column": f"colsum({name}) = ones({n})"}


def label(sheet: Sheet, names: list[str], text: str) -> None:
    """One-hot labels as the rows or the columns of a matrix; where the sentence does not say as which, nothing rests on it."""
    words = {w.rstrip("s") for w in re.findall(r"\b(?:rows?|columns?)\b", text)}
    for name in names:
        said = sums_of_labels(sheet.names, name)
        if len(words) == 1:
            sheet.assume(said[words.pop()])
        else:
            sheet.unclear.hoped.extend(said.values())
            sheet.facts.labels.append(name)


def of_ones(sheet: Sheet, names: Iterable[str], matrix: bool, number: int) -> None:
    """`e is the vector of ones` as a definition, of a name of which nothing says its shape as an assumption."""
    for name in names:
        if name not in sheet.names.bodies and not sheet.names.size(name):
            shape = sheet.names.shape(name)
            several = "1" not in shape if shape is not None else matrix
            if shape is not None and sheet.declared_only(name, body := f"ones({', '.join(shape if several else shape[:1])})"):
                sheet.defined(name, body, number)
                continue
            sheet.assume(f"{name} = {'matrix' if several else 'vector'}(1)", said=f"{name} is of ones")


def other_value(sheet: Sheet, name: str, value: str, number: int) -> bool:
    """Whether a name of a number is given another one, `Let c = 3` where f was made with c = 2; what rests on it is not judged."""
    given = sheet.names.bodies.get(name, name)
    if given in (name, value) or not constant(given) or not constant(value):
        return False
    sheet.unclear.unread.setdefault(name, number)
    return True


def say(facts: Facts, said: Iterable[tuple[str, str]], begins: int) -> None:
    """Enter the structure of names from a row on, or that they are constant."""
    for name, word in said:
        if word in STRUCTURE_WORDS:
            facts.say(Word(name, word, begins))
        elif word != ANY:
            facts.constant.add(name)


def assume_bound(sheet: Sheet, start: int) -> None:
    """Assume what the one row from here on says behind `where` of names that nothing defines, \\sum_i y_i = 1, or of a new one,
    K^T\\lambda = c."""
    row = sheet.rows[start] if len(sheet.rows) == start + 1 else None
    if row is not None and row.why is None and row.left and assumes(sheet, row.left, row.right):
        sheet.facts.assume(f"{row.left} = {row.right}")
        sheet.rows[start] = row._replace(left="", right="", shown=row.shown or f"{row.left} = {row.right}", role="model")


def assumes(sheet: Sheet, left: str, right: str) -> bool:
    """Whether an equation can but be a condition: it says of names that nothing defines what a number is, or it introduces one."""
    free = sheet.names.bodies.keys().isdisjoint(set(names_in(left)) - FUNCTIONS) and not constant(left) and "d(" not in left
    return free and (constant(right) or introduces(sheet, left, right))


def substitutes(sheet: Sheet, left: str, right: str) -> bool:
    """Whether an equation gives a value to a name that nothing defines and that has been spoken of, in names of which one is new."""
    names = formula(right).names - FUNCTIONS
    free = NAME.fullmatch(left) is not None and not sheet.new(left) and left not in sheet.names.bodies and not sheet.unused(left)
    known = left in names or sheet.names.size(left)
    again = any(a.given == left for a in sheet.facts.assumed)
    return free and not known and not formula(right).differential and (again or any(
        not sheet.names.size(n) and n not in sheet.names.bodies and sheet.unused(n) for n in names))


def introduces(sheet: Sheet, left: str, right: str) -> bool:
    """Whether an equation says what a new name is without being solved for it, \\lambda of K^T\\lambda = c: it can follow from nothing."""
    names = set(names_in(f"{left} {right}")) - FUNCTIONS
    fresh = [n for n in sorted(names) if not (sheet.introduced(n) or sheet.moved(n) or sheet.names.size(n))]
    return len(fresh) == 1 < len(names) and "d(" not in left + right and not NAME.fullmatch(left) and not NAME.fullmatch(right)


def is_bound(sheet: Sheet, text: str) -> bool:
    """Whether an equality defines nothing, differentiates nothing and is about nothing that is defined: beside a declaration it is a
    condition."""
    first, *rest = [plain_side(sheet, side) for side in split(text)]
    head = re.match(r"([A-Za-z]\w*)\*?(?:\([^()]*\))?$", first)
    fits = (head is None or head[1] in FUNCTIONS) and sheet.names.bodies.keys().isdisjoint(re.findall(r"[A-Za-z]\w*", text))
    return bool(rest) and fits and not re.search(r"\bd\(|[gG]rad|[hH]ess|jac|[∇∂]|/ ?d|'$", first)


def varied_with(sheet: Sheet, name: str, body: str) -> bool:
    """Whether the lines vary a name that nothing introduces, and what it is made of too."""
    rows = [formula(r.text) for r in sheet.rows]
    moved = {w for f in rows for w in f.moved}
    return not sheet.introduced(name) and name in moved and not moved.union(*(f.by for f in rows)).isdisjoint(formula(body).names)
