"""Functions that a text differentiates and never says what they are: f of \\nabla f(x) + A^T y, or at several points: of f(x + t*v)."""

from __future__ import annotations

from collections.abc import Sequence
import re

from .spelt_names import BEGINS, EQUAL, LETTER, NAME, said
from .tokens import GREEK, Tokens

SLOPE = r"\\nabla (?:[_^] (?:\{ [^{}]* \}|\S+) )*"
NAMED = rf"(?:{LETTER}|\\(?:varphi|phi|psi|ell)(?= ))(?: _ (?:\{{ \w+ \}}|\w+)(?= ))?"


def sloped(pieces: Sequence[Tokens]) -> dict[str, str]:
    r"""f and x of \\nabla f beside f(x), of a function that the text applies to x throughout, and of which it never says what it is.

    >>> from .tokens import tokens
    >>> sloped([tokens(r"\nabla g(x) = \nabla f(x) + x"), tokens("g(x) = f(x) + x")]), sloped([tokens(r"\nabla f(x)"), tokens("f = x")])
    ({'f': 'x'}, {})
    """
    text = "\n".join(map(said, pieces))
    out: dict[str, str] = {}
    for name in _slopes(text):
        given = set(re.findall(rf"(?<= ){re.escape(name)} \( ({NAME}) \) ", text))
        others = re.findall(rf"(?<= ){re.escape(name)} \( (?!{NAME} \) )", text)
        either = "|".join(map(re.escape, (name, *given)))           # or what x is: f is then known by its gradients at others
        behind = rf"(?:{EQUAL}|\\colon )(?! {re.escape(name)} \()"        # f = f(z) says nothing
        said_so = re.search(rf"{BEGINS}(?:{NAME} , )*(?:{either}) (?:\( \S+ \) )?(?:, {NAME} )*{behind}", text, re.M)
        if len(given) == 1 and not others and said_so is None:
            x = max(given).lstrip("\\")
            out[_called(name)] = GREEK.get(x, x)
    return out


def at_points(pieces: Sequence[Tokens], text: str) -> list[str]:
    r"""Declarations of functions of a column that a text differentiates at several points, and of which it never says what they are.

    >>> from .tokens import tokens
    >>> at_points([tokens(r"g'(t) = \nabla f(x + t v)^T v"), tokens("f(x)")], "")
    ['f: R^n -> R']
    >>> at_points([tokens(r"\nabla f(Ax)"), tokens("f(x) = x")], "")
    []
    """
    said_all = "\n".join(map(said, pieces))
    spaces = set(re.findall(r"\\mathbb\s*\{?\s*R\s*\}?\s*\^\s*(\{[^{}]*\}|\S)", text))
    sizes = {found.strip("{} ") for found in spaces}
    size = max(sizes) if sizes else "n" if re.search(r"(?<= )n (?!\})", said_all) is None else "d"
    out, values = list[str](), re.sub(SLOPE + NAMED, "", said_all)
    for name in _slopes(said_all):
        given = re.findall(rf"(?<= ){re.escape(name)} (?:\\left )?\( ((?:(?!\\left|\\right)[^(),;|])*)(?:\\right )?(\S)", said_all)
        columns = all(end in "()" and re.fullmatch(r"[A-Z]", at.strip()) is None for at, end in given)
        told = re.search(rf"(?<= ){re.escape(name)} (?:\([^()]*\) )?(?:, {NAME} )*(?:{EQUAL}|\\(?:colon|equiv|propto) )"
                         rf"(?! {re.escape(name)} \()", values)
        if len(sizes) < 2 and size.isalpha() and given and columns and told is None:
            out.append(f"{_called(name)}: R^{size} -> R")
    return out


def _slopes(text: str) -> set[str]:
    """The functions that stand behind a nabla."""
    return set(re.findall(f"{SLOPE}({NAMED}) ", text))


def _called(name: str) -> str:
    """A name as the language spells it."""
    base, _, below = name.partition(" _ ")
    base, below = base.lstrip("\\"), below.strip("{} ")
    return f"{GREEK.get(base, base)}_{below}" if below else GREEK.get(base, base)
