"""The sides of lines without markup, written in the language."""

from __future__ import annotations

from collections.abc import Set
from functools import partial
import re

from ...language.operations import ELEMENTWISE_NAMES
from ...language.shape import InputError
from ...reading.latex.letters import FUNCTIONS
from ...reading.latex.texts import by_entry, with_brackets
from ...reading.dialects.lines import is_numpy, is_only_numpy
from ...reading.grammar.brackets import closing
from ...reading.grammar.tokens import GREEK_NAMES, Line, closes
from ..parts.formula import formula, split
from ..parts.variables import LOSSES
from .numpy_lines import marked
from .plain_gradients import GRADIENT, LONE, gradient, lone_derivative
from .sheet import Sheet
from .sheet_names import SheetNames
from ...patterns import pattern

CALLED_GRADIENT = pattern(r"(?<![\w.])(?:grad_|d(?P<of>[A-Za-z]+)_d|g_)([A-Za-z]\w*)\b|"           # grad_w, dL_dw
                             r"(?<![\w.])([A-Za-z]\w*)_grad\b")
TWICE = pattern(r"(?<![\w/])[d∂](?:2|²|\^2) ?([A-Za-z]\w*) ?/ ?[d∂] ?([A-Za-z\u0370-\u03ff]+)(?:2|²|\^2| ?[d∂] ?\2(?:'|\^T)?)")
SECOND = pattern(r"(?<![\w/])d(?:2|²|\^2) ?([A-Za-z]\w*)(?![\w/(]| ?/)")
QUOTIENT = pattern(r"(?<![\w/])d([A-Za-z]\w*) ?/ ?d([A-Za-z\u0370-\u03ff]\w*)\b(?!\()")
OF_WHOLE = pattern(r"(?<![\w/(.])d (?P<of>(?:(?:log|ln) ?)?(?:det|tr|trace|logdet) ?(?:\((?:[^()]|\([^()]*\))*\)|"
                      r"[A-Z]\b(?= ?(?:[-+/)]|$)))|(?:log|ln) ?\|[^|]*\|)(?: ?/ ?d ?(?P<by>[A-Za-z]\w*))?")
OF_CALL = pattern(r"(?<![\w.)'*])d ?([A-Za-z]\w*)(?= ?\()")           # d vec(X), dvec(X)
A_NUMBER = pattern(r"(?<![\w.])d(?![\w(]| ?[A-Za-z(])")             # d, which is no differential
APART = pattern(r"(?<![\w.)])d ([A-Za-z]\w*)\b(?!\()")           # d x
OF_FUNCTION = pattern(r"(?<![\w.)])d (\w+) ?(\((?:[^()]|\([^()]*\))*\)|[A-Za-z]\w*)")           # d log s
GROUP = r"\((?:[^()]|\([^()]*\))*\)"
OF_GROUP = pattern(rf"(\bd{GROUP}) ?/ ?d(\w+)(?![\w(])")
SECOND_OF = pattern(rf"(?<![\w/])d(?:2|²|\^2) ?({GROUP})(?! ?/)")
OF_PRODUCT = pattern(r"(?<![\w)'*./])d ?\(?([A-Za-z])\b\)?((?:'|\^T\b| )*(?!d(?!iag|et|ot))"       # dx'Ax/dx
                     rf"(?:[A-Za-z]|{GROUP})(?:[\w']| (?!d(?!iag|et|ot))|\^T\b|{GROUP})*?) ?/ ?d\(?(\w+)\b\)?")
OF_INVERSE = pattern(r"\bd(\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)) ?(?:\^ ?(?:-1\b|\(-1\)|\{-1\})|⁻¹)")
INNER = pattern(r"[<⟨]([^<>⟨⟩=,]+),([^<>⟨⟩=,]+)[>⟩]")
ONES = pattern(r"(?<![\w.^)/*-])1 (?=[A-Za-z]\w*(?:'|\^T\b|ᵀ))|(?<=[\w)'ᵀ] )1(?=\s*(?:$|[-+=),;']|\^T\b|ᵀ))")       # 1 b', E' 1
TURNED_ONE = pattern(r"(?<![\w.])1(?:'|\^T\b|ᵀ)")
TIMES_NUMBER = pattern(r"(?<=['ᵀ)]) (?=\d+(?:\.\d+)? ?[A-Za-z(])")          # A' 2y
PRODUCT = pattern(r"(?<![\w.\\])(?:[A-Za-ce-z][A-Za-z]{2,3}|[a-ce-z]I)(?![\w(.])")
BY_LETTER = pattern(r"/ ?[d∂] ?([a-z])(?!\w)")
TIMES_ONES = pattern(r"(?<=[A-Za-z)'ᵀ]) ?\* ?1(?=\s*(?:$|[-+=),;'|]))")        # c*1, beside 1'x
NORM = pattern(r"\|\|(?P<of>[^|=]+)\|\|(?= ?(?:\^ ?2|²))|(?<![|\w)])\|(?P<one>[a-z]\w*)\|(?= ?(?:\^ ?2|²))")
MASK = pattern(r"\(\s*([^()<>=]+?)\s*([<>])(=?)\s*0(?:\.0*)?\s*\)")       # 1 where it holds; a dialect would look for shapes far below
ENTRIES = pattern(r"(?<![\w/])(?:d|∂) ?(([A-Za-z]\w*?)_[ijkl]{1,2}) ?/ ?(?:d|∂) ?[A-Za-z\u0370-\u03ff]\w*_[ijkl]{1,2}\b")


def inner(text: str) -> str:
    """A line with traces for inner products in angle brackets, and without brackets around all of an equation.

    >>> inner("df = 2 <x, A dx>, A symmetric"), inner("(A = A')")
    ("df = 2 tr((x)'*(A dx)), A symmetric", "A = A'")
    """
    if text[:1] == "(" and "=" in text and closing(text) == len(text) - 1:
        text = text[1:-1]
    return INNER.sub(lambda m: f"tr(({m[1].strip()})'*({m[2].strip()}))", text)


def squared_norm(names: SheetNames, m: re.Match[str]) -> str:
    """||X - B||^2 of a matrix, whose square is that of its Frobenius norm, and |x|^2 of a vector."""
    shape = names.guessed(inner := m["of"] or m["one"])
    if shape is None or shape == ("1", "1") or m["one"] and "1" not in shape:
        return m[0]
    times = "*" if re.search(r"[\w)]$", m.string[:m.start()][-1:]) else ""          # c||w||^2
    return f"{times}norm{'2' if '1' in shape else 'F'}({inner})"


def mask(m: re.Match[str]) -> str:
    """The step that a condition is; x >= 0 is 1 also where x is 0.

    >>> MASK.sub(mask, "dh * (z > 0) * (h <= 0)")
    'dh * step((z)) * (1 - step((h)))'
    """
    step = f"step({'-' if (m[2] == '<') is not bool(m[3]) else ''}({m[1]}))"
    return f"(1 - {step})" if m[3] else step


def product(sheet: Sheet, m: re.Match[str]) -> str:
    """A product written as one word, of letters that the sheet has in shorter ones as well: PBu beside Bu, and t*I of tI."""
    word = m[0]
    taken = sheet.names.plain | sheet.names.bodies.keys() | FUNCTIONS | GREEK_NAMES
    if word in taken or re.search(rf"\b{word}\s*(?::|=)", sheet.text):
        return word
    letters = {c for w in sheet.form.words if len(w) == 1 or len(w) == 2 and w[0].isupper() and w.isalpha() for c in w}
    mixed = word.lower() != word != word.upper() and letters.issuperset(word)
    return "*".join(word) if mixed or len(word) == 2 and "I" not in sheet.names.plain else word


def plain_side(sheet: Sheet, text: str) -> str:
    """A side in the language: f(x) is f where it was defined so; dX is d(X)."""
    entries = ENTRIES.search(text)
    if entries is not None and entries[1] not in sheet.names.plain and entries[2] in sheet.names.plain | sheet.names.bodies.keys():
        raise InputError(f"an entry of {entries[2]} cannot be read here", None, entries.start() + 1, text,
                         r"write the line in LaTeX, \frac{\partial s_i}{\partial x_j} = .., or without indices")
    text = text if sheet.form.numpy else ONES.sub(lambda m: f"vector(1){m[0][1:]}", text)
    if not sheet.form.numpy and TURNED_ONE.search(sheet.text):
        by = {*BY_LETTER.findall(sheet.text)} - sheet.names.plain
        text = re.sub(r"(?<![\w.])([a-z])1(?=\s*(?:$|[-+=),;'|]))", lambda m: f"{m[1]}*vector(1)" if m[1] in by else m[0],
                      TIMES_ONES.sub("*vector(1)", text))
    text = text if sheet.form.numpy else NORM.sub(partial(squared_norm, sheet.names), text)
    text = LONE.sub(partial(lone_derivative, sheet), GRADIENT.sub(partial(gradient, sheet.names), MASK.sub(mask, text)))
    text = re.sub("(?<!⁻)ᵀ", "'", text)
    text = text if sheet.form.numpy else re.sub(r"\b(tr|det)([A-Z]\w*)\b", lambda m: f"{m[1]}({m[2]})" if m[2] in sheet.names.plain and
                                          m[0] not in sheet.names.plain else m[0], text)
    text = TWICE.sub(lambda m: f"(d(d({m[1]})/d({m[2]}))/d({m[2]}))"
                     if may_be_derivative(sheet, m[1], m[2]) or m[2] in sheet.names.uses.parameters else m[0], text)
    text = re.sub(r"∂ ?/ ?∂ ?(?=\w)", "d/d", text)
    text = re.sub(r"∂\s*(\w+)|\bd (\w+)(?= ?/ ?d\b)|(?<=/)( ?)d (\w+)(?!\w|\()", lambda m: f"d({m[1] or m[2] or m[4]})", text)
    if not sheet.form.numpy and "d" not in sheet.names.plain | sheet.names.bodies.keys() and not A_NUMBER.search(sheet.text):
        text = of_calls(text, FUNCTIONS - sheet.names.bodies.keys())
    text = OF_WHOLE.sub(lambda m: f"d({m['of']})" + (f"/d({m['by']})" if m["by"] else ""), text.replace("∂(", "d("))
    whole = re.fullmatch(r"\s*(\w+)''?\s*", text)
    if whole is not None and not sheet.form.numpy and whole[1] in sheet.names.bodies.keys() - sheet.names.arguments.keys():
        text = primes(sheet, text, whole[1], by) if (by := sheet.names.variable(whole[1])) else text
    for name, arguments in sheet.names.arguments.items():
        if len(arguments) == 1 and not sheet.form.numpy:
            text = primes(sheet, text, name, arguments[0])
        value = rf"(?:(?<![A-Za-z_])|(?<=\bd)){name}\*?\({', *'.join(arguments)}\)"
        text = re.sub(value, name, re.sub(rf"{value}(?=\s*\()", f"{name}*", text))
        if len(arguments) == 1 and not sheet.form.numpy and name in sheet.names.bodies:
            text = value_at(sheet.names, text, name, arguments[0])

    def differential(m: re.Match[str]) -> str:
        word, name = m[0], m[1]
        met = name in sheet.names.plain | sheet.form.words or any(re.search(rf"\b{name}\b", body) for body in sheet.names.bodies.values())
        return f"d({name})" if met and word not in sheet.names.plain | FUNCTIONS else word
    if sheet.form.apart and "d" not in sheet.names.plain | sheet.names.bodies.keys():
        text = OF_FUNCTION.sub(lambda m: f"d({m[1]}({m[2]}))" if m[1] in FUNCTIONS - sheet.names.bodies.keys() and m[2] not in FUNCTIONS
                               else m[0], text)
        text = APART.sub(lambda m: m[0] if m[1] in FUNCTIONS - sheet.names.bodies.keys() else differential(m), text)
    text = text if "d" in sheet.names.plain | sheet.names.bodies.keys() else SECOND_OF.sub(r"d(d\1)", text)
    text = SECOND.sub(partial(second_differential, sheet.names), text)
    text = OF_GROUP.sub(lambda m: m[1] if m[2] in sheet.names.uses.parameters else m[0], text)
    text = QUOTIENT.sub(lambda m: f"d({m[1]})" if m[2] in sheet.names.uses.parameters else
                        f"d({m[1]})/d({m[2]})" if may_be_derivative(sheet, m[1], m[2]) else m[0], text)
    if sheet.form.numpy:
        text = CALLED_GRADIENT.sub(partial(called_gradient, sheet), text)
    text = re.sub(r"\bd([A-Za-z\u0370-\u03ff]\w*)\b(?!\()", differential, text)
    for name in sheet.names.functions:          # J = dr/dx of an r that is declared as a function, and applied to x alone
        if len(points := {*re.findall(rf"(?<![\w.]){name}\((\w+)\)", sheet.text)}) == 1:
            text = re.sub(rf"(?<![\w.]){name}(?![\w(])", f"{name}({points.pop()})", text)
    text = of_product(sheet.names, text)
    text = OF_INVERSE.sub(r"d(\1^(-1))", text)            # a differential has none
    text = re.sub(r"(\bd\(\w+\)) ?/ ?(?=d\(\w+\))", r"\1/", text)
    text = spaced(sheet, text)
    text = text if sheet.form.numpy else PRODUCT.sub(partial(product, sheet), TIMES_NUMBER.sub("*", text))
    if sheet.names.uses.singles:
        text = re.sub(r"\w+", lambda m: sheet.names.uses.singles.get(m[0], m[0]), text)
    return by_entry(with_brackets(text.strip()))


def of_calls(text: str, functions: Set[str]) -> str:
    """d(f(..)) of d f(..) and df(..), of a function of the language.

    >>> of_calls("d vec((A)) = B dvec(X) + dx(t)", {"vec"})
    'd(vec((A))) = B d(vec(X)) + dx(t)'
    """
    for m in reversed([*OF_CALL.finditer(text)]):
        at = text.index("(", m.end())
        end = closing(text, at) if m[1] in functions and f"d{m[1]}" not in functions else len(text)
        if end < len(text):
            text = f"{text[:m.start()]}d({text[m.start(1):end + 1]}){text[end + 1:]}"
    return text


def of_product(names: SheetNames, text: str) -> str:
    """dx'Ax/dx as the derivative of the product: nothing is divided by the differential of a vector."""
    return OF_PRODUCT.sub(lambda m: f"d({m[1]}{m[2]})/d({m[3]})" if m[3] in re.findall(r"[A-Za-z]", m[1] + m[2]) and
                          names.guessed(m[3]) != ("1", "1") else m[0], text)


def called_gradient(sheet: Sheet, m: re.Match[str]) -> str:
    """dW of grad_W, W_grad and dL_dW; what ds_dz is of an s that is no loss is a name."""
    name, of = m[2] or m[3], m["of"]
    inner = of in sheet.names.bodies and of not in LOSSES and sheet.names.guessed(of) != ("1", "1")
    return f"d{name}" if name in sheet.names.plain | sheet.form.words and not inner else m[0]


def second_differential(names: SheetNames, m: re.Match[str]) -> str:
    """d²f of a defined number f is dx' H dx: nothing but its variable moves, and that evenly."""
    x = names.variable(m[1]) if m[1] in names.bodies and m[0] not in names.plain else None
    if x is None or names.guessed(m[1]) != ("1", "1"):
        return m[0]
    dx = f"vec(d({x}))" if "1" not in (names.guessed(x) or "1") else f"d({x})"
    return f"({dx}'*(d(d({m[1]})/d({x}))/d({x}))*{dx})"


def may_be_derivative(sheet: Sheet, f: str, x: str) -> bool:
    """Whether df/dx may be a derivative: of a name, or of a loss that nobody wrote down."""
    names = sheet.names.plain | sheet.form.words | {w for body in sheet.names.bodies.values() for w in formula(body).names}
    return f in LOSSES and len(x) == 1 or x in names and (f in names or len(f) == 1 or f in LOSSES)


def value_at(names: SheetNames, text: str, name: str, x: str) -> str:
    """f(x + h), of an f that was defined as f(x), with x + h in its body; that of a number goes entry by entry for a column."""
    of_number = names.shape(x) in (None, ("1", "1")) and formula(names.bodies[name]).names <= {x} | ELEMENTWISE_NAMES

    def value(m: re.Match[str]) -> str:
        shape = names.guessed(m["at"])
        column = shape[1] == "1" != shape[0] if shape is not None else m["at"].split(" ")[-1].islower()
        body = names.bodies[name]
        body = re.sub(r" ?(?<![.])([*/^])(?![.])", r".\1", body) if of_number and column else body
        at = f"0*{x}" if re.fullmatch(r" *0(?:\.0*)? *", m["at"]) else m["at"]          # of the size of x
        put = re.sub(rf"(?<![\w.]){x}(?!\w)", lambda _: f"({at})", body)
        return f"({put})" if re.search(r"[A-Za-z\u0370-\u03ff]", at) else m[0]
    out = re.sub(rf"(?<![A-Za-z_'∇]){name}\((?P<at>(?:[^(),]|\((?:[^()]|\([^()]*\))*\))+)\)", value, text)
    names.opened.update({name} if out != text else ())
    return out


def primes(sheet: Sheet, text: str, name: str, x: str) -> str:
    """f'(x) is the derivative by x of an f that was defined as f(x), and f''(x) the second, of a number also without (x); InputError at
    any other point."""
    def derivative(m: re.Match[str]) -> str:
        if m["at"] is None and sheet.names.guessed(name) != ("1", "1"):
            return m[0]
        if m["at"] is not None and m["at"].strip() != x:
            raise InputError(f"a derivative of {name} at another point cannot be read", None, m.start() + 1, text,
                             f"write it at {x}: {name}'({x})")
        shape = sheet.names.guessed(name) if x not in sheet.names.plain and name in sheet.names.bodies else None
        if shape is not None and shape != ("1", "1") and shape == sheet.names.guessed(x):      # a function of a number, entry by entry
            sheet.declared(f"{x} in R")
            sheet.understood.append(f"{x} is a scalar")
        return f"(d(d({name})/d({x}))/d({x}))" if len(m["primes"]) == 2 else f"d({name})/d({x})"
    return re.sub(rf"(?<![\w'])\b{name}(?P<primes>''?)(?![\w'])(?:\((?P<at>[^()]*)\))?", derivative, text)


def spaced(sheet: Sheet, text: str) -> str:
    """Products written without a space: A x for Ax, where x is a name and Ax is none; X^T X w for X^TXw."""
    single = {w for w in sheet.form.words | sheet.names.plain if len(w) == 1}

    def apart(m: re.Match[str]) -> str:
        transposed, word = ("T ", m[0][2:]) if m[0].startswith("^T") else ("", m[0].lstrip("0123456789"))
        known = word in sheet.names.plain | sheet.form.below_d or word in FUNCTIONS or len(word) < 2 - bool(transposed)
        most = 2 if len(word) == 2 and word[1] in "uvwxyz" else len(word) > 1         # Wx, of which neither stands alone
        if known or not word[0].isupper() or sum(c not in single for c in word) > most:
            return m[0]
        number = "" if transposed else m[0][:len(m[0]) - len(word)]
        return f"{'^' if transposed else ''}{transposed}{number}{' ' if number else ''}{' '.join(word)}"
    given = {x for arguments in sheet.names.arguments.values() for x in arguments}
    for name in (x for x in given if len(x) > 1):           # lam (w'w - 1) of an L(w, lam)
        text = re.sub(rf"\b{name} (?=\()", f"{name}*", text)
    moving = {x for x in given if len(x) == 1}
    text = re.sub(r"(?<![\w.\\])\d*([a-ce-z])([a-z])(?![\w(])", lambda m: m[0] if m[2] not in moving or m[1] + m[2] in
                  sheet.names.plain | FUNCTIONS | sheet.names.bodies.keys() | GREEK_NAMES else f"{m[0][:-1]} {m[2]}", text)       # e^(at)
    return text if sheet.form.numpy else re.sub(r"\^T[A-Z]?[A-Za-z]{1,2}\b(?!\w|\()|"
                                          r"(?<![A-Za-z0-9_.^])\d*[A-Z]{1,3}[a-z\u03b1-\u03c9]?(?![\w(])", apart, text)


def in_arrays(sheet: Sheet, side: str) -> str:
    """A side of a sheet of NumPy; where the names are declared in the language, one that has a shape only there is the language's."""
    found = marked(side, is_only_numpy if sheet.form.program else is_numpy)
    own = sheet.form.mixed and found != side and sheet.names.guessed(found) is None and sheet.names.guessed(side) is not None
    return side if own else found


def opened_name(sheet: Sheet, line: str) -> str:
    """The new name that a line defines, where its other side cannot be read."""
    sides = split(line)
    name = "".join(Line(sides[0].strip()).tokens)       # δ is delta
    if len(sides) == 2 and sheet.new(name):
        sheet.unclear.unread.setdefault(name, 0)
        return name
    return ""


def inside_d(text: str) -> str | None:
    """The argument, where all of a side is one d(...)."""
    if not (text.startswith("d(") and text.endswith(")")):
        return None
    return text[2:-1] if closes(text[1:]) else None
