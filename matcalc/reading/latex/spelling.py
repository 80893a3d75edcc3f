"""A formula in standard spelling: macros expanded, ornaments removed, every variant of a sign replaced by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .cursor import ACCENTS, STYLES
from .tokens import PAIRS, Token, Tokens
from .fences import fence, fences_of
from .macros import Fail, Macros, expanded, group, rewritten
from .scripts import below_first, over_the_name, with_fractions, with_sums, with_transposes
from ..grammar.brackets import BRACES, depths, opening
from ...patterns import pattern

SPACES = frozenset((r"\,", r"\;", r"\:", r"\!", r"\ ", "~", r"\displaystyle", r"\textstyle", r"\nonumber",
                    r"\scriptstyle", r"\notag", r"\thinspace", r"\enspace", "\\\n", r"\qedhere", r"\allowbreak", r"\mathstrut",
                    r"\normalsize", r"\small", r"\strut", r"\medspace", r"\thickspace", r"\negthinspace", r"\smallskip", r"\medskip",
                    r"\noindent", r"\qty", r"\IEEEyesnumber", r"\IEEEnonumber", r"\IEEEeqnarraynumspace", r"\centering", r"\relax",
                    r"\scriptscriptstyle", r"\bigskip", r"\null", r"\/", r"\space", r"\tiny", r"\large", r"\Large", r"\LARGE", r"\huge",
                    r"\Huge", r"\footnotesize", r"\scriptsize"))
BREAKS = frozenset((r"\displaybreak", r"\allowdisplaybreaks", r"\pagebreak", r"\nopagebreak", r"\linebreak", r"\nolinebreak"))
LENGTHS = frozenset((r"\mkern", r"\kern", r"\hskip", r"\mskip"))       # followed by a length without braces
SIZES = pattern(r"\\[bB]igg?([lrm]?)$")
DROPPED = {r"\label": 1, r"\tag": 1, r"\tag*": 1, r"\phantom": 1, r"\hphantom": 1, r"\vphantom": 1, r"\vspace": 1,
           r"\vspace*": 1, r"\color": 1, r"\footnote": 1, r"\mspace": 1}
WIDE = {r"\hspace": 1, r"\hspace*": 1, r"\hfill": 0, r"\eqno": 0, r"\leqno": 0}      # what stands behind stands apart
BLANKS = frozenset((r"\ ", "~", r"\;", r"\:", r"\enspace", r"\thickspace"))
SHOWN = {r"\boxed": 0, r"\Aboxed": 0, r"\fbox": 0, r"\cancel": 0, r"\bcancel": 0, r"\xcancel": 0, r"\underbrace": 0, r"\overbrace": 0,
         r"\underline": 0, r"\textcolor": 1, r"\mathop": 0, r"\smash": 0, r"\mathclap": 0, r"\ensuremath": 0, r"\mathrel": 0,
         r"\mathbin": 0, r"\mathord": 0, r"\mathopen": 0, r"\mathclose": 0, r"\mathinner": 0, r"\hbox": 0, r"\underbracket": 0,
         r"\colorbox": 1, r"\uuline": 0, r"\highlight": 0, r"\IEEEeqnarraymulticol": 2}
FONTS = {r"\rm": r"\mathrm", r"\bf": r"\mathbf", r"\it": r"\mathit", r"\sf": r"\mathsf", r"\cal": r"\mathcal", r"\tt": r"\mathbf",
         r"\sl": r"\mathit", r"\bfseries": r"\mathbf", r"\mit": r"\mathit"}
SAME = {r"\dfrac": r"\frac", r"\tfrac": r"\frac", r"\cfrac": r"\frac", r"\nicefrac": r"\frac", r"\sfrac": r"\frac", r"\flatfrac": r"\frac",
        r"\Norm": r"\norm", r"\Abs": r"\abs", r"\lparen": "(", r"\rparen": ")", r"\lbrack": "[", r"\rbrack": "]", r"\lbrace": r"\{",
        r"\rbrace": r"\}", r"\Vert": r"\|", r"\vert": "|", r"\ast": "*", r"\colon": ":", r"\coloneqq": r"\is", r"\triangleq": r"\is",
        r"\doteq": r"\is",  r"\eqdef": r"\is", r"\equiv": "=", r"\norm*": r"\norm", r"\abs*": r"\abs", r"\vb": r"\mathbf",
        r"\vb*": r"\boldsymbol", r"\vect": r"\mathbf", r"\mat": r"\mathbf", r"\va": r"\mathbf",
        r"\va*": r"\boldsymbol", r"\grad": r"\nabla", r"\dd": r"\dd", r"\diff": r"\dd",
        r"\differential": r"\dd", r"\transpose": r"\trans", r"\intercal": r"\trans", r"\operatorname*": r"\operatorname",
        r"\hdots": r"\dots", r"\ldots": r"\dots", r"\cdots": r"\dots", r"\dotsb": r"\dots", r"\dotsc": r"\dots", r"\vdots": r"\dots",
        r"\ddots": r"\dots", r"…": r"\dots", r"\longrightarrow": r"\to", r"\rightarrow": r"\to",
        r"\Longrightarrow": r"\Rightarrow", r"\implies": r"\Rightarrow", r"\iff": r"\Leftrightarrow", r"\qquad": r"\quad",
        r"\Longleftrightarrow": r"\Leftrightarrow", r"\Downarrow": r"\Rightarrow", r"\Updownarrow": r"\Leftrightarrow",
        r"\leadsto": r"\Rightarrow", r"\hookrightarrow": r"\Rightarrow", r"\mbox": r"\text", r"\textrm": r"\text", r"\textit": r"\text",
        r"\textnormal": r"\text", r"\intertext": r"\text", r"\shortintertext": r"\text", r"\textup": r"\text", r"\emph": r"\text",
        r"\gets": r"\leftarrow", r"\leq": r"\le", r"\geq": r"\ge", r"\neq": r"\ne", r"\newline": r"\\",
        r"\triangledown": r"\nabla"}
FENCED = {r"\norm": (r"\lVert", r"\rVert"), r"\abs": (r"\lvert", r"\rvert"),
          **dict.fromkeys((r"\inner", r"\innerp"), (r"\langle", r"\rangle"))}
QUOTIENTS = {r"\dv": r"\dd", r"\odv": r"\dd", r"\pdv": r"\partial", r"\diffp": r"\partial"}      # \pdv{f}{x}
_CONDITION = pattern(r"\\(?:text|mbox)\{(?:if|for|when)")
EQUALS = frozenset(("=", r"\is"))
CLOSING = frozenset((")", "]"))
SIDED = frozenset((r"\left", r"\right", r"\middle"))
BARS = frozenset(("|", r"\rvert", "]"))          # of a value, f|_{x = 0}
DEEPEST = 100       # brackets in brackets


def _placed(source: Tokens, i: int) -> bool:
    """Whether _{x = ..} stands here, and no range: the value where x is this."""
    part, behind = group(source, i + 1)
    texts = [t for t, _ in part]
    first = [t for t, _ in source[i:i + 1]] == ["_"]
    return first and "=" in texts[1:4] and not {",", r"\dots"}.intersection(texts) and [t for t, _ in source[behind:behind + 1]] != ["^"]


def _delimited(source: Tokens, i: int, fences: Mapping[int, Sequence[str]]) -> tuple[list[Token], int]:
    r"""What a command before a delimiter, such as \left and \big, makes of it, or the bar of a value is; and what stands behind."""
    (token, at), (delimiter, place) = source[i - 1], source[i] if i < len(source) else ("", 0)
    value: list[Token] = [(r"\at", at)]
    if token in BARS:
        return [("]", at), *value] if token == "]" else value, i
    if token == r"\middle":
        return [(r"\mid" if delimiter in ("|", r"\mid") else delimiter, at)], i + 1
    if token == r"\left":
        return [(t, at) for t in fences[i - 1]], i + 1
    if token == r"\right":
        return [*((t, place) for t in fences[i - 1]), *(value if delimiter in CLOSING and _placed(source, i + 1) else ())], i + 1
    if delimiter not in ("|", r"\|"):
        return [], i
    side = token[-1] if token[-1] in "lrm" else ""
    behind = delimiter == "|" and (_placed(source, i + 1) or not side and [t for t, _ in source[i + 1:i + 2]] == ["_"])
    return value if behind else [(fence(delimiter, side), at)], i + 1


def _operator(style: str, part: Tokens) -> str:
    """The sign for derivatives that stands alone in a style: a nabla, an upright D; empty where there is none."""
    said = part[0][0] if len(part) == 1 else ""
    return said if said == r"\nabla" or said == "D" and style in (r"\mathrm", r"\operatorname", r"\mathsf") else ""


class Plain:
    """Removes ornaments and replaces variants of a sign by one spelling."""

    def __init__(self, fail: Fail) -> None:
        self.fail = fail

    def __call__(self, source: Tokens) -> list[Token]:
        out, i = list[Token](), 0
        source = [(SAME.get(t, t), at) for t, at in source]
        fences = fences_of(source, self.fail)
        while i < len(source):
            token, at = source[i]
            i += 1
            if token in WIDE or token in BLANKS and i < len(source) and source[i][0] in BLANKS:
                i = group(source, i)[1] if WIDE.get(token) else i
                out.append((r"\quad", at))
                continue
            delimiter = source[i][0] if i < len(source) else ""
            if token in SPACES or token in BREAKS or token in LENGTHS:
                i = i if token in SPACES else _behind_option(source, i) if token in BREAKS else _behind_length(source, i)
                continue
            if token == "\\\\" and delimiter == "[" and source[(end := _behind_length(source, i + 1)) - 1][0].isalpha() and \
                    [t for t, _ in source[end:end + 1]] == ["]"]:
                i, delimiter = end + 1, ""          # \\[4pt]
            if token in SIDED or SIZES.match(token) or token in BARS and _placed(source, i):
                found, i = _delimited(source, i, fences)
                out += found
            elif token in DROPPED:
                i = group(source, i)[1]
            elif token in SHOWN:
                found, i = self._shown(out, source, i)
                out += found
            elif token in (r"\overset", r"\stackrel", r"\underset"):
                above, i = group(source, i)
                below, i = group(source, i)
                out += self._set_above(token, above, below, at)
            elif token in (r"\xrightarrow", r"\xRightarrow"):
                i = group(source, i)[1]
                out.append((r"\Rightarrow", at))
            elif token == "{":
                part, i = group(source, i - 1)
                out += self._braced(out, part, source[i - 1:i + 1], at)
            elif token in STYLES | {r"\vec"} and (sign := _operator(token, group(source, i)[0])):
                out.append((sign, at))
                i = group(source, i)[1]
            elif token in FONTS:
                out += self._font(FONTS[token], source[i:], at)
                return self._over(out)
            elif token in QUOTIENTS:
                fraction, i = self._quotient(token, source, i, at)
                out += fraction
            elif token in FENCED:
                part, i = group(source, i)
                other, i = group(source, i) if token.startswith(r"\inner") else ([], i)
                out += [(FENCED[token][0], at), *self(part), *([(",", at), *self(other)] if other else []), (FENCED[token][1], at)]
            elif token == ":" and delimiter == "=":
                i += 1
                out.append((r"\is", at))
            elif token == "." and out and out[-1][0] in CLOSING and delimiter.isalpha() and source[i][1] == at + 1:
                out.append((r"\cdot", at))         # (a - 1).x
            elif token in (r"\eqqcolon", r"\eqcolon"):
                out += [("=", at), (":", at)]
            else:
                out.append((token, at))
        return self._over(out)

    def _shown(self, out: list[Token], source: Tokens, i: int) -> tuple[list[Token], int]:
        r"""What a command such as \boxed shows, in braces where it is a sum among factors; and what stands behind."""
        token, at = source[i - 1]
        for _ in range(SHOWN[token]):
            i = group(source, i)[1]
        part, i = group(source, i)
        below: Tokens = ()
        if token in (r"\underbrace", r"\overbrace", r"\underbracket") and i < len(source) and source[i][0] in "_^":
            below, i = group(source, i + 1)
        inner = self([t for t in part if t[0] != "$"])         # \fbox{$..$}
        if _claims(below) and (not out or out[-1][0] in EQUALS | _STOPS) and (i == len(source) or source[i][0] in EQUALS | _STOPS):
            inner = [*inner, *self(below)]          # \underbrace{a}_{= b}, where all of a side is below it
        grouped = _summed(inner) and (out and out[-1][0] not in _LOOSE or i < len(source) and source[i][0] not in _LOOSE)
        return ([("{", at), *inner, ("}", at)] if grouped else inner), i

    def _set_above(self, token: str, above: Tokens, below: Tokens, at: int) -> list[Token]:
        """A sign with something above or below it: what an equality rests on, or that it defines or must hold."""
        if below and below[0][0] in EQUALS | {"≡"}:
            said = "".join(t for t, _ in above)
            sign = r"\must" if said == "!" else r"\is" if "def" in said or "triangle" in said else "="
            return [*(above if _CONDITION.match(said) else ()), (sign, at)]      # \overset{\text{if B is symmetric}}{=}
        if not (below and below[0][0] in _RELATIONS or token == r"\underset"):
            raise self.fail(f"{token} can be read only above =", at)
        return self(below)

    def _braced(self, out: list[Token], part: Tokens, around: Tokens, at: int) -> list[Token]:
        """What stands in braces, with them where they matter; `around` are the closing one and the token behind it."""
        inner, above = self(part), [t for t, _ in around[1:]]
        if not inner and above == ["^"]:
            return [(r"\pre", at)]           # {}^t x
        equation = (not out or out[-1][0] in _STOPS | _RELATIONS) and any(t in EQUALS for t, _ in inner)        # ${Ax = b}$
        lower = above == ["_"] and (_fenced(inner) or part and part[0][0] in FONTS)
        switched = bool(part) and part[0][0] in FONTS and len(inner) > 1 and inner[1][0] == "{" and group(inner, 1)[1] == len(inner)
        quotient = [t for t, _ in inner[:1]] == [r"\frac"] and group(inner, group(inner, 1)[1])[1] == len(inner) and not (
            above and above[0] in ("^", "_", "'") or _wanted(out))
        upright = [t for t, _ in inner if t not in "{}"] in ([r"\mathrm", "d"], [r"\partial"]) and not (       # {\rm d}x
            _wanted(out) or out and out[-1][0] in STYLES)
        if equation or lower or switched or quotient or upright or len(inner) == 1 and inner[0][0] in _SIGNS:
            return inner
        return [("{", at), *inner, ("}", around[0][1])] if inner or _wanted(out) else []

    def _quotient(self, token: str, source: Tokens, i: int, at: int) -> tuple[list[Token], int]:
        r"""\dv{f}{x}, \dv[2]{f}{x}, \dv{x}, \pdv{f}{x}{y}, and what stands behind."""
        sign: Token = (QUOTIENTS[token], at)
        order = list(source[i + 1:_behind_option(source, i) - 1])
        i = _behind_option(source, i)
        found: list[list[Token]] = []
        while len(found) < (3 if QUOTIENTS[token] == r"\partial" else 2) and i < len(source) and (not found or source[i][0] == "{"):
            part, i = group(source, i)
            found.append(self(part))
        above, *below = found if len(found) > 1 else [[], *found]
        order = order or ([("2", at)] if len(below) > 1 else [])
        power = [("^", at), ("{", at), *order, ("}", at)] if order else []
        under = [t for part in below for t in (sign, *part, *(power if len(below) == 1 else []))]
        return [(r"\frac", at), ("{", at), sign, *power, *above, ("}", at), ("{", at), *under, ("}", at)], i

    def _font(self, style: str, rest: Tokens, at: int) -> list[Token]:
        """What stands behind an old switch of fonts: roman letters side by side are a word, others are letters each."""
        inner = self(rest)

        def styled(i: int) -> tuple[list[Token], int] | None:
            one = style == r"\mathbf" and inner[i][0] in ("0", "1") and (not i or inner[i - 1][0] not in "_^{")
            k = i + one
            while not one and k < len(inner) and inner[k][0].isalpha() and (style == r"\mathrm" or k == i):
                k += 1
            return ([(style, at), ("{", at), *inner[i:k], ("}", at)], k) if k > i else None
        return rewritten(inner, styled)

    def _over(self, out: list[Token]) -> list[Token]:
        r"""{a \over b} is a fraction."""
        k = next((k for k, depth in enumerate(depths((t for t, _ in out), BRACES)) if out[k][0] == r"\over" and not depth), -1)
        at = out[k][1] if k >= 0 else 0
        return out if k < 0 else [(r"\frac", at), ("{", at), *out[:k], ("}", at), ("{", at), *out[k + 1:], ("}", at)]


_RELATIONS = frozenset((r"\Rightarrow", r"\Leftrightarrow", r"\to", r"\approx", r"\le", r"\ge", r"\sim", r"\propto", r"\in", ":"))
_SIGNS = frozenset((":", "+", "-", "/", "*", r"\cdot", r"\times", r"\odot", r"\circ", r"\otimes", r"\oslash")) | EQUALS | _RELATIONS
_ARGUED = frozenset((r"\frac", r"\sqrt", "^", "_")) | ACCENTS.keys()
_STOPS = frozenset(("&", ",", ";", ".", r"\quad", r"\qquad", "\\\\"))
_LOOSE = frozenset(("+", "-", "&", ",", ";", ".", r"\quad", r"\\")) | EQUALS | _RELATIONS


def _claims(below: Tokens) -> bool:
    r"""Whether what stands below a brace is an equality without words: \underbrace{a}_{= b}."""
    said = [t for t, _ in below]
    return said[:1] == ["="] and len(said) > 1 and said[1] != ":" and r"\text" not in said


def _wanted(out: Tokens) -> bool:
    r"""Whether an argument comes next, which is missing where its braces are empty: the second one of \frac, an exponent, an index."""
    before = opening([t for t, _ in out], len(out) - 1, BRACES) - 1 if out and out[-1][0] == "}" else -1
    return bool(out) and (out[-1][0] in _ARGUED or before >= 0 and out[before][0] == r"\frac")


def _behind_option(source: Tokens, i: int) -> int:
    """Where an argument in square brackets ends; where it would begin if there is none."""
    return next((k + 1 for k in range(i, len(source)) if source[k][0] == "]"), i) if source[i:i + 1] and source[i][0] == "[" else i


def _behind_length(source: Tokens, i: int) -> int:
    """Where a length such as -1.5mu ends."""
    while i < len(source) and source[i][0] in ("+", "-"):
        i += 1
    while i < len(source) and (source[i][0][0].isdigit() or source[i][0] == "."):
        i += 1
    return i + 2 if [len(t) for t, _ in source[i:i + 2] if t.isalpha()] == [1, 1] else i


def _fenced(part: Tokens) -> bool:
    """Whether this is one name or one norm, to which what stands below the braces belongs."""
    if len(part) == 1:
        return part[0][0].isalpha() or part[0][0][1:].isalpha()
    ends = [k for k, (t, _) in enumerate(part) if t in (r"\|", r"\lVert", r"\rVert")]
    return ends == [0, len(part) - 1]


def _summed(part: Tokens) -> bool:
    """Whether this is a sum at its outside."""
    for k, ((token, _), depth) in enumerate(zip(part, depths((t for t, _ in part), PAIRS), strict=True)):
        if k and not depth and token in ("+", "-"):
            return True
        if token in EQUALS:
            return False
    return False


def plain(source: Tokens, known: Macros, fail: Fail) -> list[Token]:
    """Expand macros and remove ornaments."""
    opened: list[int] = []
    for (token, at), depth in zip(source, depths(t for t, _ in source), strict=True):
        if depth > DEEPEST:
            raise fail("the formula is nested too deeply", at)
        if token == "{":
            opened.append(at)
        elif token == "}":
            if not opened:
                raise fail("unmatched }", at)
            opened.pop()
    if opened:
        raise fail("this brace is not closed", opened[-1])
    found = with_transposes(Plain(fail)(expanded(source, known, fail) if known else source))
    return over_the_name(with_sums(with_fractions(below_first(found))))
