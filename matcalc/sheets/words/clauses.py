"""The grammar of sentences that say something of a name: `let A be symmetric`, `where A is a symmetric matrix`, `if A is symmetric`.

A sentence is cut at its formulas. Each stretch between two of them must be known as a whole: what it says of the formula in front, what
joins the two, how the next one is introduced. From the first stretch that is not known on, a sentence says nothing of any name, and
a sentence with a negation, an alternative or a question says nothing at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
import re

from .clause import Clause, Clauses
from .hedges import is_hedged
from .structure_words import HEDGES, UNLIKE, structure
from .vocabulary import ADJECTIVE, DETERMINERS, NEUTRAL, NOUN, OTHER, besides, marked
from ...patterns import pattern

LONGEST = 240
SQUARES = "(?:covariance|precision|scatter|gram|laplacian)(?!(?: matri(?:x|ces))? between)"          # of which every one is symmetric
SAID = rf"{ADJECTIVE}(?: (?:, and |, |and )?{ADJECTIVE})*"
DEFINITE = r"(?:(?:\( )?(?:symmetric|(?:symmetric )?positive(?: semi)?(?:-| - | )?(?:semi)?definite|spd|psd|pd)(?: \))?)"
PHRASE = (rf"(?:{DETERMINERS} )*(?:# )?(?:{SAID}(?: #)?(?: {OTHER}(?= matri))?(?: (?:{NOUN}|{SQUARES}))*|"
          rf"(?<!is ){DEFINITE}(?:(?: and)? (?:{OTHER}|{SQUARES}|{NOUN})){{1,6}}|"          # no noun is behind `is symmetric`
          rf"\( {SAID} \)(?: (?:{OTHER}|{NOUN}|{SQUARES})){{0,6}})"
          rf"(?: (?:of|for {DETERMINERS}|for(?= {NOUN}))(?: {DETERMINERS})? (?:{NOUN}|{OTHER})(?: {NOUN})?)?(?: #)?")
COPULA = (r"(?:[,(] )?(?:(?:which|that) )?(?:now )?(?:is|are|be|being|remains?|stays?|as)"
          r"(?: (?:now|also|both|all|again|here|always|assumed|taken|known|given|held|kept|chosen|supposed)(?: to be| as)?)*")
HOT = rf"(?:(?:ha(?:s|ve|ving)|with|contain(?:s|ing)) (?:{DETERMINERS} )?)?one-hot (?:rows|columns)"
PREDICATE = (rf"(?P<said>(?P<verb>{COPULA}) {PHRASE}|{HOT}|"
             rf"(?P<beside>[,(] )?(?:{DETERMINERS} )?{SAID}(?: #)?(?: {OTHER}(?= matri))?(?: {NOUN})*)(?: \))?")
# says nothing of structure: `is the loss`, `the weights`
NEUTRALLY = (rf"(?P<own>{COPULA})(?: (?:{OTHER}|{DETERMINERS}|{NOUN}|of|to|from|per|#)){{1,8}}|"
             rf"(?:[,(] )?(?:the|an?|our)(?: (?:{OTHER}|{NOUN})){{1,4}}")
LEAD = (r"(?:here|now|again|also|likewise|similarly|analogously|moreover|furthermore|further|throughout|finally|lastly|"
        r"first|second|third|next|below|in addition|in what follows|"
        r"in the following|without loss of generality|for simplicity|for convenience|as usual|setup|setting|notation|given|assumptions?)"
        r"(?: [,:])?")
CONDITIONAL = (r"if|at|when|whenever|provided(?: that)?|in (?:the )?(?:special )?case(?: that| where| of)?|"
               r"for the (?:special )?case(?: that| where| of)?|assuming(?: that)?|under the (?:assumption|condition)(?: that)?")
BOUND = r"(?:the |our )?(?:normali[sz]ation )?(?:constraints?|normali[sz]ation|restrictions?)(?: condition)?(?: that)?"
SUPPOSED = (r"(?:suppose|assume)(?: (?:also|now|further(?:more)?|moreover|additionally|in addition))?(?: that)?|"
            r"we (?:(?:now|also|further|will|shall|always|henceforth) )?(?:assume|suppose)"
            r"(?: throughout| further| from now on)?(?: that)?|"
            r"it is (?:assumed|supposed) that|satisf(?:y|ies|ying)|obeys?|solves?|such that|subject to|s t|(?:under|with) the constraints?"
            rf"(?: that)?|{BOUND}")
LET = (r"(?:let|consider|take|set|put|choose|fix)(?: (?:also|now|further|moreover))?|"
       r"taking|setting|putting|choosing|letting|treating|regarding|holding|keeping|given|"
       r"we (?:now |also )?(?:let|have|take|fix|consider|are given|know that)")
TASK = (r"(?:we )?(?:want to |wish to |now )?(?:minimi[sz]e|maximi[sz]e|differentiate|compute|derive|find|define|write|solve|calculate)"
        r"(?: the (?:gradient|derivative|hessian|differential|minimum|maximum)(?: of)?)?|"
        r"differentiat(?:e|ing)(?: (?:this|it|both sides|again|once more))? (?:with respect to|w r t|wrt)")
REASON = (r"since|because|(?:note|noting|recall(?:ing)?|remember(?:ing)?|(?:bear|keep)(?:ing)? in mind)(?: that)?|"
          r"(?:(?:by|where we(?: have)?|we(?: have)?) )?us(?:ing|ed?) (?:the fact )?that|using|by the fact that")
STATED = rf"where|with|whose|and with|for|as(?! (?:for|with|in)\b)|it is (?:given|known) that|denote by|{REASON}"
MOOD = rf"(?:(?P<condition>{CONDITIONAL})|(?P<supposed>{SUPPOSED})|(?P<let>{LET}|{TASK})|(?P<stated>{STATED}))"
SOME = "any|each|every|some"
EVERYWHERE = pattern(r"\bfor (?:all|every|each|any)$")
OF_ALL = pattern(rf"\b(?:all|{SOME}) ?$")
BEFORE = (rf"(?:{LEAD} )*(?:{MOOD} |(?!(?:{SOME}) ))(?P<front>(?:(?:both|all)(?: of)? )?(?:{DETERMINERS} )?"
          rf"(?:(?:{SAID} )?(?:{NOUN} )*(?:(?:with|of(?: {NOUN})?|where|for) )?(?:{SAID} )?|"
          rf"{SAID} (?:{OTHER} ){{1,2}}(?:matri(?:x|ces)|tensors?) |"
          rf"(?:{OTHER}(?<!ing) ){{1,2}}(?:(?:is|are)(?: (?:then|thus|now|again))?(?: (?:given by|defined (?:as|by)))? )?))")
EXPLAINING = r"i e|that (?:is|means)|meaning(?: that)?"
EXPLAINED = pattern(EXPLAINING, re.I)
JOIN = rf"(?P<join>(?:(?:,|;|and|-|\*|\(|\)|also|but|{EXPLAINING}) )*)"
# behind `A is symmetric`: what goes on with something else, and does not say where, when or how far it is so
AFTER = (rf"(?:(?:that|which|whose)\b|, (?!(?:which|who)\b|{CONDITIONAL}|{SUPPOSED}){OTHER}(?<!ing)(?: |$)|"
         r"(?:[,):] )*(?:and|with(?! (?:respect|probability)\b)|so(?! (?:long|far|to)\b)|then|we|let|this|the|it|its|hence|thus|consider|"
         r"suppose|assume|note|here|our|such|find|compute|i (?:want|need|have|get|find|am trying|would like))\b|(?:[,):] )+where\b|"
         r", (?:minimi[sz]es|maximi[sz]es|has|gives|satisfies|yields|becomes|reads)\b)")
GOES_ON = pattern(AFTER, re.I)
FIRST = pattern(rf"(?:(?:-|and|but) )?{BEFORE.replace(f'(?!(?:{SOME}) )', f'(?!(?:{SOME}|(?!{NOUN} ){OTHER}) )')}(?:: )?", re.I)
BETWEEN = pattern(rf"(?:(?:{PREDICATE}|{NEUTRALLY}) )?{JOIN}{BEFORE}", re.I)
LAST = pattern(rf"(?:(?:{PREDICATE}|{NEUTRALLY}) ?)?(?:[,):\-] ?)*", re.I)
BESIDE = pattern(rf"(?P<said>(?P<verb>)(?:{DETERMINERS} )?(?:{SAID}(?: {NOUN})*|{HOT}))(?: ?[,):\-] ?)*", re.I)
RELATIVE = pattern(rf"(?:.*[,;()] |^)(?P<rest>(?:and )?(?:(?:where|with|for|{CONDITIONAL})(?: .*)?|(?P<why>{REASON})))$|"
                      rf"(?:.*? )?(?P<of>with (?:{DETERMINERS} )?(?:[a-z-]+ )?{SQUARES}(?: matr\w+)?|"
                      rf"subject to|s t|such that|(?:under )?{BOUND}|"
                      r"in the (?:special )?case (?:that|where|of))$")
ENDED = pattern(r"\s*(?:$|\)|,? ?(?:so|hence|thus|and|therefore|we|this|the|it|then)\b)")
# whose parts are so, of which a word says that a name is so: `the columns of Q are orthonormal`, not `the eigenvalues of A are positive`
PART = pattern(r"\b(?P<part>[a-z]+?)s?(?: vectors?)? of(?: the)?(?: matrix)? *$")
OF_PARTS = dict.fromkeys(("column", "row"), {"orthonormal", "one-hot", "probability"}) | dict.fromkeys(("entrie", "entry"), {"positive"})
SYMMETRY = r"(?:by|using|exploiting|from|because of|due to|thanks to|owing to)(?: the)? symmetry of(?: the(?: [a-z-]+){1,3})?"
SYMMETRIC = rf"(?:(?<!cross )(?<!cross-){SQUARES}(?: matrix)?|kernel matrix(?! between))"      # whatever else is said of it
# `We complete the square for symmetric A`, but not `As for symmetric A`
FOR_ONE = pattern(rf"(?:(?:we )?(?:(?:{OTHER}|{NOUN}|{DETERMINERS}|{SAID}|of) )+)?"
                  rf"(?P<rest>(?:for|with) (?:{DETERMINERS} )*{SAID}(?: {NOUN})*)$", re.I)
IS_SO = pattern(r"(?:is|are|was|were|also|remains?|holds?|extends?|carries)\b")         # `The formula for symmetric A is true for all A`
CALLED = pattern(rf"(?:^|.* )(?:{SYMMETRIC}|{SYMMETRY})$")
CALLING = pattern(
    rf"(?:(?:{COPULA}|denotes?|,) ?)?(?:the|an?|its|our)(?: (?:{OTHER}|{'|'.join(NEUTRAL)})){{0,3}} {SYMMETRIC}(?: |$)", re.I)
NAMED = pattern(rf"(?:^|.* )(?:the|our|its) (?P<said>{SAID}(?: {NOUN})*)$", re.I)       # `we compare with the one-hot target y`
OF_ONE = pattern(rf"of an? (?P<said>{SAID}(?: {NOUN})*)$", re.I)          # Q = .. of a skew-symmetric matrix S is orthogonal: Q is
SHIFTS = frozenset(("case", "later", "elsewhere", "sometimes", "often", "usually", "typically", "some", "others", "would", "could",
                    "might", "may", "should", "if", "when", "whenever", "provided", "assuming", "unless", "problems", "examples",
                    "check", "test", "toy", "sanity", "instance"))
OPENED = pattern(rf"{PREDICATE} {AFTER}.*", re.I)
ENCLOSED = pattern(rf"\( (?P<said>(?P<verb>)(?:{DETERMINERS} )?{SAID}(?: {NOUN})*) \).*", re.I)       # the label $y$ (one-hot) of ..
ALONG = pattern(r"(?:^|(?<=[ (]))(?:\( )?(?:(?:applied|taken|computed|acting|normali[sz]ed) )?(?:to each (?:row|column)|"
                r"(?:row|column|element|entry|component|coordinate|point)-?wise)(?: \))?(?: |$)")     # `P = softmax(Z) row-wise`
WISHED = ("would ", "could ", "might ")         # what `a symmetric A` would do says of no A that it is so
PLURAL = pattern(r"\b(?:are|both|all|two|three|matrices|vectors|scalars|numbers|labels|constants)\b")
ONE = pattern(r"\b(?:a|an|is|matrix|vector|scalar|number|label)\b")


def limits(text: str) -> bool:
    """Whether words behind `A is symmetric` may say when, where or how far it is so.

    >>> limits(", for n > 1"), limits("and positive definite"), limits("in one dimension"), limits(", so we get")
    (True, False, True, False)
    """
    return bool(re.search("[a-z]", text)) and GOES_ON.match(marked(text)) is None


def clauses(stretches: list[str], end: str, before: bool = False, declares: bool = False) -> Clauses:
    """What a sentence says of its formulas, from the stretches around them: one more than there are formulas. `For x in R^n, ..`, where the
    first formula declares, is no condition."""
    stretches = [*map(besides, stretches)]
    doubt = before or is_hedged(" ".join(stretches).split(), end)
    reader = _Reader(stretches, doubt, declares)
    for k in range(len(stretches)):
        reader.read(k)
    each, behind = reader.each, _Draft()
    for k in range(len(each) - 1, 0, -1):         # `both S and the covariance C are symmetric`
        one = each[k]
        one.joined |= one.plural is True and stretches[k].strip(", ") == "and"
        one.joined |= one.beside and (one.plural is True or behind.joined and behind.beside and behind.plural is True)
        behind = one
    return Clauses(tuple(Clause(c.mood, c.front, c.behind, c.joined, c.plural, c.spread, c.verb, c.passed) for c in each), doubt)


class _Draft:
    """A clause as far as it is read, and whether its formula stands beside the one before."""

    mood, joined, spread, verb, beside = "", False, False, True, False
    front: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    plural: bool | None = None

    def says(self, said: str, before: str, verb: str | None) -> None:
        """Enter what stands behind the formula: of a name, or of its parts where these stand before it and it is so then."""
        part, words = PART.search(before), said.split()
        own = not OF_ONE.match(marked(before)) and (part is None or bool(OF_PARTS.get(part["part"], set()) & {*words}))
        self.behind, self.verb = tuple(structure(words)) if own else (), bool(verb) and "being" not in (verb or "")
        self.plural = True if PLURAL.search(said) else False if ONE.search(said) else None


class _Reader:
    """Reads the stretches of a sentence in their order; it is `alive` as long as each was known as a whole."""

    def __init__(self, stretches: list[str], doubt: bool, declares: bool) -> None:
        self.stretches, self.clear, self.declares = stretches, not doubt, declares
        self.each, self.last = [_Draft() for _ in stretches[1:]], len(stretches) - 1
        self.alive, self.mood = not doubt, ""

    def read(self, k: int) -> None:
        """Read the stretch in front of a formula, or behind the last one."""
        text, above = ALONG.sub("", self.stretches[k]).strip(), " ".join(self.stretches[:k])
        if 0 < k < self.last and self.clear and OF_ONE.match(marked(text)) and (named := _named(text, above)):
            self.each[k].front, self.each[k].mood = named, "fact"
            return
        beside = self.clear and not self.alive and k > 1 and self.stretches[k - 1].strip() in (",", "(")         # `.., Q symmetric`
        found = self.known(k, text, above, beside) if len(text) <= LONGEST else None
        if found is None:
            self.unknown(k, text, above, beside)
        elif self.alive and 0 < k < self.last and EXPLAINED.search(found.groupdict().get("join") or "") and limits(self.stretches[k + 1]):
            said = (found["said"] or "").lower().split()            # `A symmetric, i.e. A = A^T, in expectation`
            self.each[k - 1].passed, self.alive = tuple(structure(said)), False
        else:
            self.known_whole(k, text, defaultdict(str, {name: (part or "").lower() for name, part in found.groupdict().items()}))

    def known(self, k: int, text: str, above: str, beside: bool) -> re.Match[str] | None:
        """A stretch that is known as a whole, or that ends in one."""
        found, whole = None, marked(f"{text} " if k < self.last and text else text)
        grammar = FIRST if not k else BETWEEN if k < self.last else LAST
        if self.alive:
            found = grammar.fullmatch(whole)
        elif self.clear:
            found = BESIDE.fullmatch(marked(text)) if beside else None
            if found is not None:
                self.alive = k < self.last
            elif text.startswith("being "):         # `.., K being symmetric,`
                found = grammar.fullmatch(whole)
            if found is not None:
                self.each[k - 1].mood = self.each[k - 1].mood or "fact"
        if found is None and self.clear and k < self.last:
            found, before = _relative(text, above, self.declares and not k, self.stretches[k + 1])
            if found is not None and before:
                self.alive = True
                self.pass_over((k - 1,) if k else (), before.split())
        return found

    def pass_over(self, near: Iterable[int], words: list[str]) -> None:
        """Note words of structure that may be said of formulas."""
        for k in near:
            self.each[k].passed += tuple(structure(words))

    def unknown(self, k: int, text: str, above: str, beside: bool) -> None:
        """Read what is said right behind the formula before, or right in front of the next one, in a stretch that is not known."""
        shifts, opened = not SHIFTS.isdisjoint(above.split()), None
        if k and len(text) <= LONGEST:
            opened = OPENED.match(marked(text)) if self.alive or beside else None
            opened = ENCLOSED.match(marked(text)) if opened is None and self.clear and not shifts else opened
        if opened:
            self.each[k - 1].says(opened["said"].lower(), self.stretches[k - 1], opened["verb"])
            self.each[k - 1].mood = self.each[k - 1].mood or "fact"
            text = text[opened.end("said"):]
        self.alive = False
        if self.clear and k:
            if k < self.last and text in (",", "(", ";") and not shifts:
                self.each[k].mood = "fact"                       # `.., P = P^T`
            if not self.each[k - 1].behind and not opened and CALLING.match(marked(text)):
                self.each[k - 1].behind, self.each[k - 1].mood = ("symmetric",), self.each[k - 1].mood or "fact"
        if self.clear and k < self.last:
            called = CALLED.match(text) is not None
            if called or (named := _named(text, above)):
                self.each[k].front, self.each[k].mood = ("symmetric",) if called else named, "fact"
                if not called:
                    return
        first = k - 1
        while first > 0 and self.stretches[first].strip(" ,") in ("", "and"):       # `.. A and B are symmetric` may say so of A too
            first -= 1
        self.pass_over([near for near in range(first, k + 1) if 0 <= near < self.last and not (opened and near < k)],
                       [w for w in UNLIKE.sub("", text).split() if w not in HEDGES and not re.fullmatch(SQUARES, w)])

    def known_whole(self, k: int, text: str, parts: Mapping[str, str]) -> None:
        """Read a stretch of which all parts are known."""
        below = self.stretches[k + 1] if k < self.last else ""
        moods = [parts[name] for name in ("join", "condition", "supposed", "let", "stated")]
        if below.startswith("were ") or k < self.last and text.endswith(" case") and not parts["condition"] or \
                parts["verb"] and parts["front"] and not any(moods):
            self.alive = False       # `if it were so`, `the case c = 1`, `A is a symmetric matrix times B`
            return
        said, front, join = parts["said"], parts["front"], parts["join"].strip()
        if said and k < self.last and not parts["verb"] and not any(moods) and ")" not in text:
            said, front = "", said                    # `x, symmetric A`: what stands right before a formula is said of it
        elif k and self.clear and CALLING.match(marked(text)):
            self.each[k - 1].behind = ("symmetric",)
        limited = not join and (parts["stated"] in ("for", "where") or front.startswith("probability")) or \
            join == "(" and parts["stated"] == "for" or join in ("", ",", "(") and parts["condition"]
        if said and k < self.last and limited and not EVERYWHERE.search(text):     # `A is symmetric for n = 1`, `.. (if n = 1)`
            self.pass_over((k - 1,), said.split())
        elif said:
            self.each[k - 1].says(said, self.stretches[k - 1], parts["verb"])
        if k < self.last:
            self.introduced(k, parts, front, bool(k) and not said)

    def introduced(self, k: int, parts: Mapping[str, str], front: str, alone: bool) -> None:
        """Enter how the next formula is introduced; `alone` where nothing is said of the one before."""
        stated, one = parts["stated"], self.each[k]
        fresh = "if" if parts["condition"] or stated == "for" and not k else "for" if stated == "for" else \
            "suppose" if parts["supposed"] else "let" if parts["let"] else "fact" if stated else ""
        if self.declares and not k and stated == "for":
            fresh = "let"
        if k and fresh == "fact" and OF_ALL.search(self.stretches[k - 1]):
            fresh = "if"            # `for all A with A = A^T`
        if k and self.mood == "if" and not fresh and "and" not in parts["join"]:
            self.alive = False
            return
        self.mood = one.mood = fresh or self.mood or ("" if self.stretches[k + 1].startswith(WISHED) else "fact")
        one.front = tuple(structure(front.split()))
        if front.endswith(" of "):              # the covariance of x is no x
            one.passed, one.front = one.front, ()
        one.spread = bool(one.front) and (bool(PLURAL.search(front)) or not ONE.search(front))
        alone = alone and not fresh and not parts["own"]
        one.joined, one.beside = alone and not front.strip(), alone and bool(parts["join"])


def _named(text: str, above: str) -> tuple[str, ...]:
    """What the phrase that a name stands right behind calls it, whatever else is said: `.. against the one-hot target`."""
    found = above and OF_ONE.match(marked(text)) or NAMED.match(marked(text))
    if found is None or (SHIFTS | {"for", "in", "case"}) & {*text.split(), *above.split()}:
        return ()
    return tuple(structure(found["said"].lower().split()))


def _relative(text: str, above: str, declares: bool, below: str) -> tuple[re.Match[str] | None, str]:
    """What a stretch that is not known ends in, where that is a clause of its own, `.., where the symmetric`; and what stands before it.
    In a sentence that speaks of another case nothing is."""
    if declares and text.endswith(" for"):
        return FIRST.fullmatch("let "), text            # `.. identities for x in R^n and symmetric`
    found = RELATIVE.search(text)
    one = None if above.strip() or found or IS_SO.match(below) else FOR_ONE.match(marked(text))
    if found is None and one is None or found and found["why"] and not ENDED.match(below):      # since P = P' is impossible
        return None, ""
    rest = text[one.start("rest"):] if one is not None else found and (found["rest"] or found["of"]) or ""
    if not re.match(rf"subject|such|s t|{BOUND}", rest) and \
            SHIFTS & {*f"{above} {text.removesuffix(rest)}".replace("would like", "").split()}:
        return None, ""
    return FIRST.fullmatch(marked(f"{rest.removeprefix('and ')} ")), text.removesuffix(rest) or ","
