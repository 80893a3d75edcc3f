"""The names in a formula: letters in a style, under an accent, with indices and primes."""

from __future__ import annotations

from collections.abc import Callable
import re

from ...language.operations import ELEMENTWISE_NAMES, OPERATIONS
from ..grammar.spellings import EVERYDAY, RESPELLED, table
from ..grammar.functions import SIZED, TAKES, WRAPPERS
from ..grammar.sizes import SizeReader
from ..grammar.tokens import Line
from ...language.shape import ONE
from .macros import group
from .tokens import GREEK, Tokens
from .cursor import ACCENTS, STYLES, VARIABLE, Cursor
from ...patterns import pattern

FUNCTIONS = ELEMENTWISE_NAMES | {row.spelling for row in OPERATIONS} | {"normF"}
SPELLED = table(EVERYDAY) + table(RESPELLED)
NAMED = (TAKES.keys() | SIZED.keys() | WRAPPERS | {row.name for row in SPELLED}) - {"d", "sigma"}
UPRIGHT = NAMED - {"var", "std", "variance"}        # read in a sheet too where they are set as words; a variance may be one of chance
OPEN = {"(": ")", "[": "]", r"\{": r"\}"}
TURNED = frozenset(("T", r"\top", r"\trans", "t", r"\mathsf T", "tr", "H"))
CIRCLES = {r"\odot": ".*", r"\circ": ".*", r"\oslash": "./", r"\otimes": "⊗"}
TIMES = frozenset((r"\cdot", r"\times", "*", r"\bullet"))
SIDES = {"+": "plus", "-": "minus"}
REFUSED = {"E": "an expectation", "P": "a probability", "Var": "a variance", "Cov": "a covariance", "argmin": "argmin", "argmax": "argmax",
           "min": "a minimum", "max": "a maximum", "sup": "a supremum", "inf": "an infimum", "lim": "a limit", "rank": "a rank",
           "vech": "vech", "KL": "a divergence", "Pr": "a probability", "arg": "an arg min or arg max"}
ALIASES = {row.name: row.renamed for row in SPELLED if row.arguments == ("A",) and row.renamed in FUNCTIONS
           and row.name != "sigma" and row.name not in REFUSED} | {"vech": "vech", "dg": "diag"}


_TURNED = r"(T|\\top|\\trans|\\prime|')?"
LABEL = pattern(rf"(?:\((\w+|\w[+-]\w)\)|\[(\w+|\w[+-]\w)\]|(\\star|\\dagger)){_TURNED}|(l|L|\\ell)(?:([+-]\w))?{_TURNED}")


ALONE = pattern(r"\\Delta(?![A-Za-z])\s*(?:[)}\],^_&+\-=.$*']|\\(?:top|right|\\|\)|\]|cdot)|$)")
SCRIPT = frozenset((r"\mathcal", r"\mathscr", r"\mathfrak"))
BOLD = frozenset((r"\mathbf", r"\boldsymbol", r"\bm", r"\symbf"))


class NameReader(Cursor):
    """Reads names with their indices, accents and primes; subclasses read formulas."""

    product: Callable[..., str]    # factors side by side
    atom: Callable[[], str]        # whatever stands by itself
    factor: Callable[[], str]      # a factor with what is raised behind it
    raised: Callable[[str], str]   # exponents and transposes
    bracket: Callable[[], str]     # ( ... )
    begins: Callable[[str], bool]  # whether a factor can begin with this token

    # ------------------------------------------------------------ names
    def name(self) -> str | None:
        r"""A letter or a word with its subscript; \d for a d, \1 and \0 for bold numbers, a function as the language spells it."""
        at, token = self.i, self.now
        bare, self.styled = False, ""
        if token in STYLES:
            return self.in_a_style(token, at)
        if token in ACCENTS:
            self.i += 1
            reader = self.part(self.group())
            inner_name = reader.name()
            if inner_name is None or reader.now:
                raise self.error(f"{token[1:]} can stand only over a name", at=at)
            head, bare = f"{inner_name}_{ACCENTS[token]}", True
        elif token.startswith("\\") and token[1:].isalpha() and token != r"\sum":
            head = token[1:]
            if head in REFUSED:
                raise self.error(f"{REFUSED[head]} cannot be read", "leave it out: the function itself is differentiated; `matcalc "
                                 "stationary` sets the derivative to zero" if head in ("arg", "min", "max") else None, at)
            if head not in GREEK and head not in FUNCTIONS and head not in ALIASES:
                return None
            self.i += 1
            if head == "Delta" and self.increment(at) and (inner := self.name()) is not None:
                head, bare = f"Delta_{inner}", True
        elif token.isalpha():
            self.i += 1
            head, bare = token, False
        else:
            return None
        return self.whole(head if bare else GREEK.get(head, head), at)

    def in_a_style(self, token: str, at: int) -> str | None:
        r"""The same of letters in a style: \mathbf{x}, \operatorname{tr}, \text{relu}."""
        self.i += 1
        part = self.group()
        part = part[:-1] if token == r"\text" and part and part[-1][0] == "." else part
        found = _word(part)
        if token == r"\text":
            self.in_words(part, found or "", at)
        if found == "e" and self.names.asks and token in BOLD and self.now == "_" and not self.names.known("e"):
            self.i += 1
            return f"\\unit({self.sizes(self.group())})"
        apart = any(two - one != len(t) for (t, one), (_, two) in zip(part, part[1:], strict=False) if t.isalpha())
        if found is None or (token in VARIABLE and len(found) > 1 and (apart or not self._one(found))):
            if token not in VARIABLE:
                raise self.error(f"{self.spelt(part)} is not a name", at=at)
            reader = self.part(part)
            head = reader.name() if found is None and part else None
            if head is None or reader.now:
                self.put(self.i, self.i, ("{", self.tokens[at][1]), *part, ("}", self.tokens[at][1]))
                return None
            return self.scripted(head, at)
        if found == "d" and token in (r"\mathrm", r"\operatorname", r"\text", r"\mathsf") and not self.names.known("d"):
            return "\\d"
        if found in ("1", "0"):
            return "\\" + found
        behind = group(self.tokens, self.i + 1)[1] if self.now == "_" else self.i
        applied = [t for t, _ in self.tokens[behind:behind + 1]] == ["["] and not self.names.known(found)       # \mathbf E[x]
        if (token in (r"\mathbb", r"\mathds", r"\mathbbm") or applied and token not in SCRIPT) and found in REFUSED or \
                token in (r"\operatorname", r"\mathrm", r"\text") and found in REFUSED and not self.names.known(found) and \
                (self.names.asks or len(found) == 1 or self.now in OPEN or self.now in ("_", "^", "{") or self.begins(self.now)):
            raise self.error(f"{REFUSED[found]} cannot be read", at=at)
        if token not in VARIABLE and len(found) > 1:
            self.styled = found
        if token in SCRIPT and found in self.names.uses.letters:
            return self.whole(f"{found}_{'cal' if token != chr(92) + 'mathfrak' else 'frak'}", at)
        return self.whole(GREEK.get(found, found), at)

    def whole(self, head: str, at: int) -> str:
        """A name with its scripts, where its letters are one."""
        if not re.fullmatch(r"\w+", head):
            raise self.error(f"{head} is not a name", at=at)
        return self.scripted(head, at)

    def increment(self, at: int) -> bool:
        """Whether \\Delta x is a name: no Delta stands by itself, nor before a bracket."""
        behind = self.now.lstrip("\\")
        letter = behind.isalpha() and (len(behind) == 1 or behind in GREEK) or self.now in STYLES or self.now in OPEN
        increment = letter and not self.names.known("Delta") and not ALONE.search(self.text)
        if increment and (self.names.asks or re.search(r"\\Delta\s*(?:\\left\s*)?[({\[]", self.text)):
            raise self.error("an increment (Delta) cannot be read", "write d for a differential, or declare Delta", at)
        return increment

    def _one(self, word: str) -> bool:
        """Whether letters side by side are one word."""
        if self.names.known(word) or word in FUNCTIONS or word in ALIASES or word in GREEK:
            return True
        return not self.names.asks and not all(self.names.known(c) for c in word)

    def spelt(self, part: Tokens) -> str:
        """The source of a stretch of tokens."""
        return self.text[part[0][1]:part[-1][1] + len(part[-1][0])] if part else ""

    def scripted(self, head: str, at: int) -> str:
        """A name with what makes it another name: an index, a star, a superscript in brackets."""
        marks = ""
        if self.now == "_":
            found = self.subscript(head)
            if found.startswith("\\") or found == "expm_frechet":
                return found
            head = found
        if head.partition("_")[0] in self.names.uses.squared and self.now == "^":
            part, behind = group(self.tokens, self.i + 1)
            power = "".join(t for t, _ in part)
            if power in ("2", "4"):
                self.i = behind
                if power == "4":
                    self.i -= 2
                    self.put(self.i, behind, ("^", part[0][1]), ("2", part[0][1]))
                base, _, rest = head.partition("_")
                return self.names.resolve(f"{base}_sq_{rest}" if rest else f"{base}_sq")
        while self.now == "^":
            part, behind = group(self.tokens, self.i + 1)
            alone = at == 0 and behind == len(self.tokens)
            inner = "".join(t for t, _ in part)
            if inner[:1] == "*" and inner[1:] in ("T", r"\top", r"\prime", "'", r"\trans"):
                inner = rf"\star{inner[1:]}"
            if inner == "*" and (self.names.known(f"{head}_star") or head in self.names.uses.starred or alone):
                inner = r"\star"            # x^* by itself, or a name that the sheet has; elsewhere it may be an adjoint
            sure = alone or "_" in head or inner in SIDES and self.names.known(f"{head}_{SIDES[inner]}")
            if inner in SIDES and head not in FUNCTIONS and (sure or inner == "-" and not self.names.asks):
                marks += f"_{SIDES[inner]}"     # P^+ by itself, P_k^-, or a name that the sheet has; elsewhere an inverse of some kind
                self.i = behind
                if not sure:
                    self.doubt(at, "a name of its own")
                continue
            said = _word(part) or "" if head != "e" and all(len(t) == 1 or t in STYLES for t, _ in part) else ""
            if head not in FUNCTIONS and said.isalpha() and len(said) > 2 and said not in ALIASES and said not in FUNCTIONS and \
                    not all(map(self.names.known, said)):
                marks += f"_{said}"             # w^{new}
                self.i = behind
                continue
            label = LABEL.fullmatch(inner)
            if label and label[5] and label[5] not in self.names.uses.layers:
                label = None
            if not label or (label[3] == r"\dagger"):
                break
            if label[4] or label[7]:                # W^{[1]T}, and the T behind
                self.put(behind, behind, ("^", part[-1][1]), part[-1])
            layer = label[5] and label[5].lstrip("\\") + (label[6] or "")
            word = (label[1] or label[2] or layer or "star").replace("+", "p").replace("-", "m")
            marks += "_star" if label[3] else f"_sup{word}"
            self.i = behind
            if self.now == "_" and not marks.endswith("_star"):
                head = self.subscript(head)
        if marks:
            return self.names.resolve(head + marks)
        return self.names.resolve(head) if not self.function(head) else ALIASES.get(head, head)

    def function(self, head: str) -> bool:
        """Whether the word is a built-in function here."""
        if self.names.known(head):
            return False
        upright = head in UPRIGHT and self.now in OPEN and (head == self.styled or "_" in head)
        return head in FUNCTIONS or head in ALIASES or self.names.asks and head in NAMED or upright

    def subscript(self, head: str) -> str:
        """A name with an index; I_n, K_{m,n}, unvec_{m,n}, 1_n are constants."""
        self.i += 1
        at = self.i
        raw = self.group()
        bare = "".join(t for t, _ in raw if t not in STYLES and t not in "{}")
        if head == "unvec":
            return f"\\unvec {self.sizes(raw)}"
        if head == "L" and bare in ("expm", r"\expm"):
            return "expm_frechet"
        whole = head in self.names.plain and not self.names.function(head) or head == "delta" and self.names.asks
        if whole and re.fullmatch(r"[ijkl,]+", bare) and not self.names.resolved(f"{head}_{self.plain(bare)}"):
            return self.entry_of_name(head, bare.replace(",", ""), at)
        places = bare[2:].split(":") if head == "I" and bare[:2] == ":," and not self.names.known("I") else []
        if len(places) == 2 and all(places):         # I_{:,2:4}, as pages have it
            first, last = (SizeReader(Line(place)).dimension() for place in places)
            return f"\\select({first}, {last + ONE - first})"
        if not bare or not re.fullmatch(r"(?:\w|\\[A-Za-z]+|[,+*'!|]|-)+", bare):
            raise self.error(f"an index {self.spelt(raw)} cannot be read", at=at)
        if self.function(head) and head in ("log", "softmax", "exp", "tr", "max", "min"):
            raise self.error(f"{head} with an index cannot be read", at=at)
        own = f"{head}_{self.plain(bare)}"
        if head in ("I", "K", "T") and not self.names.resolved(own) and own not in self.names.uses.words and not self.names.known(head):
            if head == "I":
                sizes = self.sizes(raw).split(", ")
                if len(sizes) > 2 or len(set(sizes)) > 1:
                    raise self.error("an identity matrix must be square", at=at)
                return f"\\eye({sizes[0]})"
            if "," in bare:
                return f"\\comm({self.sizes(raw)})"
            if head == "K" and len(bare) == 2 and all(map(self.names.size, bare)):
                return f"\\comm({self.names.with_sizes(', '.join(bare))})"
        return self.names.resolve(own)

    def in_words(self, part: Tokens, word: str, at: int) -> None:
        """Refuse a product of letters that spells a word; here every product is taken."""

    def entry_of_name(self, name: str, letters: str, at: int) -> str:
        """x_i, of which no sum speaks."""
        raise self.error(f"an entry of {name} cannot be read", at=at)

    def plain(self, text: str) -> str:
        """An index as part of a name."""
        text = text.replace("+", "p").replace("-", "m").replace("*", "star").replace("'", "prime")
        return "_".join(re.findall(r"\w+", text)) or "_"

    def sizes(self, raw: Tokens) -> str:
        """m,n or n+1 or m n, as the language writes sizes."""
        parts = re.split(r",|\\times", " ".join(t for t, _ in raw if t not in STYLES and t not in "{}").replace(" _ ", "_"))
        return self.names.with_sizes(", ".join("+".join("*".join(re.findall(r"\w+", t)) for t in part.split("+")) for part in parts))


def _word(part: Tokens) -> str | None:
    r"""The letters or the digits of a word, where there is nothing else; \_ is an underscore."""
    out = ""
    for token, _ in part:
        if token in STYLES or token in "{}":
            continue
        if token == r"\_":
            out += "_"
        elif token.startswith("\\") and token[1:] in GREEK and not out:
            out += token[1:]
        elif re.fullmatch(r"[A-Za-z]|[0-9]+", token):
            out += token
        else:
            return None
    return out or None
