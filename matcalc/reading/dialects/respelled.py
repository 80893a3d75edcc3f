"""R, Julia, Mathematica and SymPy: their own signs, each replaced by one that the readers of formulas have.

R has %*% for the matrix product, and there * / ^ go entry by entry; Julia has dots behind functions and before + and -; Mathematica has
functions with square brackets, and a dot for the product: where one stands on the line, * / ^ go entry by entry there too. SymPy shares
.T and ** with NumPy, and there * is the matrix product.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from itertools import pairwise

from ..grammar.lexer import Sign, is_number
from ..grammar.tokens import is_name

ENTRYWISE = {"*": ".*", "/": "./", "^": ".^"}
OF_SYMPY = frozenset(("inv", "I", "doit", "Inverse", "Trace", "Determinant", "HadamardProduct", "KroneckerProduct"))
OF_ARRAYS = frozenset(("@", "None", "newaxis", "axis", "dim", "keepdims", "keepdim"))
SHARED = frozenset(("T", "trace", "det", "dot", "norm", "transpose", "inv", "I"))        # behind a dot, in NumPy or PyTorch and in SymPy
OF_R = frozenset(("rowSums", "colSums", "rowMeans", "colMeans"))      # where no product shows that a line is R's
INFIX = {"kron": "⊗", "kronecker": "⊗", "otimes": "⊗", "times": "*", "dot": "·", "hadamard": ".*", "odot": ".*", "plus": "+", "minus": "-"}
NUMBERS = {"half": "½", "twice": "2"}
BEHIND = {"transpose": ("'",), "transposed": ("'",), "inverse": ("^^-1",), "squared": ("^", "2"), "cubed": ("^", "3")}
GRADIENTS = frozenset(("D", "Grad"))       # D[f, x], Grad[f, x]
ENDS = frozenset((")", "]", "'", "^^T"))
PERCENT = {"*": "·", "o": "%o%", "x": "⊗"}


def of_arrays(texts: Sequence[str], modules: Container[str]) -> bool:
    """Whether a line can only be NumPy's, PyTorch's or JAX's, and not SymPy's."""
    return not OF_ARRAYS.isdisjoint(texts[1:]) or any(
        dot == "." and (of in modules or name[:1].isalpha() and name not in SHARED | OF_SYMPY) for of, dot, name in
        zip(texts, texts[1:], texts[2:], strict=False))


def of_sympy(texts: Sequence[str]) -> bool:
    """Whether A.inv(), A.I or Trace(..) stands on a line: there * is the matrix product."""
    return any(t in OF_SYMPY and (before == ".") == (t[0].islower() or t == "I") and (after == "(") == (t != "I")
               for before, t, after in zip(("", *texts), texts, (*texts[1:], ""), strict=False))


def respelled(found: Sequence[Sign], knows: Callable[[str], bool], function: Callable[[str], bool],
              vector: Callable[[str], bool]) -> Sequence[Sign]:
    """The signs of a line as the readers of formulas have them."""
    if [s.text for s in found[:2]] == ["@", "."]:          # Julia's macro
        found = [s._replace(text=ENTRYWISE.get(s.text, s.text)) for s in found[2:]]
    if of_sympy([s.text for s in found]):
        found = [s._replace(text="^") if s.text == "**" else s for s in found]
    texts = {s.text for s in found}
    if "%" in texts:
        found = _of_r(found)
    elif not texts.isdisjoint(OF_R):
        found = [s._replace(text=".^") if s.text == "^" else s for s in found]
    if not texts.isdisjoint((*INFIX, *BEHIND, *NUMBERS)):
        found = _infix(found, knows, function)
    if "." in texts:
        sure = any(_called(one, two, knows, function) for one, two in pairwise(found))
        found = _dotted(found, is_name if sure else knows, function)
    return _of_mathematica(found, knows, function, vector) if "[" in texts else found


def _of_r(found: Sequence[Sign]) -> Sequence[Sign]:
    """The signs of R: x %*% y is a product, x %o% y the outer one, x %x% y Kronecker's."""
    out: list[Sign] = []
    i = 0
    while i < len(found):
        three = found[i:i + 3]
        if len(three) == 3 and three[0].text == three[2].text == "%" and three[1].text in PERCENT:
            out.append(three[0]._replace(text=PERCENT[three[1].text], end=three[2].end))
            i += 3
        elif [s.text for s in found[i:i + 2]] == ["t", "("]:       # whoever declared a t: R has no products without a sign
            out.append(found[i]._replace(text="transpose"))
            i += 1
        else:
            out.append(found[i]._replace(text=ENTRYWISE.get(found[i].text, found[i].text)))
            i += 1
    return out


def _infix(found: Sequence[Sign], knows: Callable[[str], bool], function: Callable[[str], bool]) -> Sequence[Sign]:
    """A kron B, x transpose A x: the word of an operation between two factors or behind one."""
    ends = (")", "]", "}", "'", "‖", "|")
    out: list[Sign] = []
    for before, word, after in zip([None, *found], found, [*found[1:], None], strict=False):
        texts = () if knows(word.text) else (INFIX[word.text],) if word.text in INFIX else BEHIND.get(word.text, ())
        left = before is not None and (before.text in ends or before.text[:2] == "^^" or before.text[:1].isalnum()) and word.gap
        if word.text in INFIX:
            left = left and after is not None and after.gap
        elif texts and before is not None:
            left = left and before.text not in ("the", "of") and not (function(before.text) and before.text[1:])       # t is R's transpose
            left = left and (after is None or after.text in INFIX or (after.text != "(" or after.gap) and after.text != "of" and
                             not function(after.text))
        if word.text == "of" and before is not None and before.text == "half" and out[-1].text == "½":
            continue
        number = word.text in NUMBERS and not knows(word.text) and not left and after is not None and after.gap and (
            is_name(after.text) or after.text in ("(", "[", "‖", "|"))
        out += [word._replace(text=t) for t in texts] if left and texts else [word._replace(text=NUMBERS[word.text])] if number else [word]
    return out


def _called(one: Sign, two: Sign, knows: Callable[[str], bool], function: Callable[[str], bool]) -> bool:
    """Whether this is the beginning of F[..]."""
    named = one.text[:1].isupper() and not knows(one.text) and (one.text in GRADIENTS or function(one.text))
    return named and two.text == "[" and two.start == one.end


def _dotted(found: Sequence[Sign], knows: Callable[[str], bool], function: Callable[[str], bool]) -> Sequence[Sign]:
    """f.(x) is f(x), a .+ b is a + b, and x.y of two names that are known, x . y and x.A.x are products."""
    out: list[Sign] = []
    for k, sign in enumerate(found):
        before, after = found[k - 1] if k else None, found[k + 1] if k + 1 < len(found) else None
        if sign.text != "." or before is None or after is None:
            out.append(sign)
        elif after.text == "(" and after.start == sign.end == before.end + 1 and function(before.text):
            continue
        elif after.text in ("+", "-") and after.start == sign.end:
            continue
        elif _letters(before, sign, after) and [s.text for s in found[k + 2:k + 3]] != ["("]:
            out.append(sign._replace(text="·"))
        elif (knows(before.text) or before.text in ENDS) and (knows(after.text) or after.text == "(" or function(after.text) and
                                                                    found[k + 2:k + 3] and found[k + 2].text == "["):
            out.append(sign._replace(text="·"))
        else:
            out.append(sign)
    return out


def _letters(one: Sign, dot: Sign, two: Sign) -> bool:
    """Whether two letters, or a bracket and a letter, stand close to a dot, and none of them is a transpose or an inverse."""
    first = one.text in ENDS or len(one.text) == 1 and one.text.isalpha()
    return first and len(two.text) == 1 and two.text.isalpha() and two.text not in "THI" and one.end == dot.start and dot.end == two.start


def _of_mathematica(found: Sequence[Sign], knows: Callable[[str], bool], function: Callable[[str], bool],
                    vector: Callable[[str], bool]) -> Sequence[Sign]:
    """F[x] is F(x) of a word with a capital that is a function; many write Tr[A*B] who do not mean Mathematica."""
    if not any(_called(one, two, knows, function) for one, two in pairwise(found)):
        return found
    out: list[Sign] = []
    opened: list[bool] = []
    twice = [k for k in range(len(found) - 4) if [s.text for s in found[k:k + 5]][::2] == ["{", ",", "}"] and found[k + 3].text == "2"]
    if twice and found[0].text == "D":                  # D[f, {x, 2}]
        braces = {at + k for at in twice for k in (0, 2, 3, 4)}
        found = [found[0]._replace(text="Hessian"), *(s for k, s in enumerate(found) if k and k not in braces)]
    entrywise = any(s.text == "·" for s in found)
    for k, sign in enumerate(found):
        text = sign.text
        if text in GRADIENTS and k + 1 < len(found) and _called(sign, found[k + 1], knows, function):
            text = "diff"
        elif text == "[":
            opened.append(k > 0 and _called(found[k - 1], sign, knows, function))
            text = "(" if opened[-1] else text
        elif text == "]" and opened and opened.pop():
            text = ")"
        elif text in ENTRYWISE and (entrywise or text == "^" and vector(found[k - 1].text)):
            number = text == "/" and k + 1 < len(found) and is_number(found[k + 1].text)
            text = text if number else ENTRYWISE[text]
        out.append(sign._replace(text=text))
    return out
