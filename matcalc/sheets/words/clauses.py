"""The grammar of sentences that say something of a name: `let A be symmetric`, `where A is a symmetric matrix`, `if A is symmetric`.

A sentence is cut at its formulas. Each stretch between two of them must be known as a whole: what it says of the formula in front, what
joins the two, how the next one is introduced. From the first stretch that is not known on, a sentence says nothing of any name, and
a sentence with a negation, an alternative or a question says nothing at all.
"""

from __future__ import annotations

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
HOT = rf"(?:ha(?:s|ve|ving)|with|contain(?:s|ing)) (?:{DETERMINERS} )?one-hot (?:rows|columns)"
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
BEFORE = (rf"(?:{LEAD} )*(?:{MOOD} |(?!(?:{SOME}) ))(?P<front>(?:{DETERMINERS} )?"
          rf"(?:(?:{SAID} )?(?:{NOUN} )*(?:(?:with|of(?: {NOUN})?|where|for) )?(?:{SAID} )?|"
          rf"{SAID} (?:{OTHER} ){{1,2}}(?:matri(?:x|ces)|tensors?) |"
          rf"(?:{OTHER}(?<!ing) ){{1,2}}(?:(?:is|are)(?: (?:then|thus|now|again))?(?: (?:given by|defined (?:as|by)))? )?))")
EXPLAINING = r"i e|that (?:is|means)|meaning(?: that)?"
EXPLAINED = pattern(EXPLAINING, re.I)
JOIN = rf"(?P<join>(?:(?:,|;|and|-|\*|\(|\)|also|but|{EXPLAINING}) )*)"
# behind `A is symmetric`: what goes on with something else, and does not say where, when or how far it is so
AFTER = (rf"(?:(?:that|which|whose)\b|, (?!(?:which|who)\b|{CONDITIONAL}|{SUPPOSED}){OTHER}(?<!ing)(?: |$)|"
         r"(?:[,):] )*(?:and|with(?! (?:respect|probability)\b)|so(?! (?:long|far|to)\b)|then|we|let|this|the|it|its|hence|thus|consider|"
         r"suppose|assume|note|here|our|such|find|compute)\b|(?:[,):] )+where\b|"
         r", (?:minimi[sz]es|maximi[sz]es|has|gives|satisfies|yields|becomes|reads)\b)")
GOES_ON = pattern(AFTER, re.I)
FIRST = pattern(rf"(?:(?:-|and|but) )?{BEFORE.replace(f'(?!(?:{SOME}) )', f'(?!(?:{SOME}|(?!{NOUN} ){OTHER}) )')}(?:: )?", re.I)
BETWEEN = pattern(rf"(?:(?:{PREDICATE}|{NEUTRALLY}) )?{JOIN}{BEFORE}", re.I)
LAST = pattern(rf"(?:(?:{PREDICATE}|{NEUTRALLY}) ?)?(?:[,):\-] ?)*", re.I)
BESIDE = pattern(rf"(?P<said>(?P<verb>)(?:{DETERMINERS} )?{SAID}(?: {NOUN})*)(?: ?[,):\-] ?)*", re.I)
RELATIVE = pattern(rf"(?:.*[,;()] |^)(?P<rest>(?:and )?(?:(?:where|with|for|{CONDITIONAL})(?: .*)?|(?P<why>{REASON})))$|"
                      rf"(?:.*? )?(?P<of>with (?:{DETERMINERS} )?(?:[a-z-]+ )?{SQUARES}(?: matr\w+)?|"
                      rf"subject to|s t|such that|(?:under )?{BOUND})$")
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
    stretches, count = [*map(besides, stretches)], len(stretches) - 1
    doubt = before or is_hedged(" ".join(stretches).split(), end)
    moods, fronts, behinds = [""] * count, [()] * count, [()] * count      # type: list[str], list[tuple[str, ...]], list[tuple[str, ...]]
    joined, plural, spread = [False] * count, [None] * count, [False] * count  # type: list[bool], list[bool | None], list[bool]
    verbs, beside = [True] * count, [False] * count
    passed: dict[int, tuple[str, ...]] = {}
    mood, alive = "", not doubt
    for k, text in enumerate(stretches):
        text = ALONG.sub("", text).strip()
        before_it, found = "", None     # type: str, re.Match[str] | None
        if k and k < count and not doubt and OF_ONE.match(marked(text)) and (named := _named(text, " ".join(stretches[:k]))):
            fronts[k], moods[k] = named, "fact"
            continue
        if alive and len(text) <= LONGEST:
            pattern = FIRST if not k else BETWEEN if k < count else LAST
            found = pattern.fullmatch(marked(f"{text} " if k < count and text else text))
        if found is not None and 0 < k < count and EXPLAINED.search(found["join"] or "") and limits(stretches[k + 1]):
            passed[k - 1] = tuple(structure((found["said"] or "").lower().split()))        # `A symmetric, i.e. A = A^T, in expectation`
            alive = False
            continue
        beside_it = not doubt and not alive and k > 1 and stretches[k - 1].strip() in (",", "(")         # `.., Q symmetric`
        if found is None and beside_it and len(text) <= LONGEST and (found := BESIDE.fullmatch(marked(text))):
            moods[k - 1], alive = moods[k - 1] or "fact", k < count
        if found is None and not doubt and not alive and text.startswith("being ") and len(text) <= LONGEST:      # `.., K being symmetric,`
            found = LAST.fullmatch(marked(text)) if k == count else BETWEEN.fullmatch(marked(f"{text} "))
            moods[k - 1] = moods[k - 1] or ("fact" if found else "")
        if found is None and not doubt and k < count and len(text) <= LONGEST:
            found, before_it = _relative(text, " ".join(stretches[:k]), declares and not k, stretches[k + 1])
        if found is not None and before_it:
            words = tuple(structure(before_it.split()))
            passed.update({k - 1: (*passed.get(k - 1, ()), *words)} if words and k else {})
            alive = True
        if found is None:
            opened = OPENED.match(marked(text)) if (alive or beside_it) and k and len(text) <= LONGEST else None
            if opened is None and k and not doubt and len(text) <= LONGEST and not SHIFTS & {*" ".join(stretches[:k]).split()}:
                opened = ENCLOSED.match(marked(text))
            if opened:
                moods[k - 1] = moods[k - 1] or "fact"
                behinds[k - 1] = _said(opened["said"].lower().split(), stretches[k - 1])
                plural[k - 1], verbs[k - 1] = _plural(opened["said"].lower()), _asserts(opened["verb"])
                text = text[opened.end("said"):]
            alive = False
            if k and not doubt and k < count and text in (",", "(", ";") and not SHIFTS & {*" ".join(stretches[:k]).split()}:
                moods[k] = "fact"                       # `.., P = P^T`
            if k and not doubt and not behinds[k - 1] and not opened and CALLING.match(marked(text)):
                behinds[k - 1], moods[k - 1] = ("symmetric",), moods[k - 1] or "fact"
            if k < count and not doubt and CALLED.match(text):
                fronts[k], moods[k] = ("symmetric",), "fact"
            elif k < count and not doubt and (named := _named(text, " ".join(stretches[:k]))):
                fronts[k], moods[k] = named, "fact"
                continue
            words = tuple(structure([w for w in UNLIKE.sub("", text).split() if w not in HEDGES and not re.fullmatch(SQUARES, w)]))
            for near in (k - 1, k) if words else ():
                if 0 <= near < count and not (opened and near < k):
                    passed[near] = (*passed.get(near, ()), *words)
            continue
        parts = {name: part and part.lower() for name, part in found.groupdict().items()}
        if k < count and (stretches[k + 1].startswith("were ") or text.endswith(" case") and not parts.get("condition")):
            alive = False       # `if it were so`, `the case c = 1`
            continue
        if parts.get("verb") and parts.get("front") and not any(map(parts.get, ("join", "condition", "supposed", "let", "stated"))):
            alive = False       # `A is a symmetric matrix times B`
            continue
        said, front = parts.get("said") or "", parts.get("front") or ""
        if said and k < count and not parts.get("verb") and not (parts.get("join") or parts.get("condition") or parts.get("supposed")
                                                                 or parts.get("let") or parts.get("stated") or ")" in text):
            said, front = "", said                    # `x, symmetric A`: what stands right before a formula is said of it
        elif k and not doubt and CALLING.match(marked(text)):
            behinds[k - 1] = ("symmetric",)
        join = (parts.get("join") or "").strip()
        limited = not join and (parts.get("stated") in ("for", "where") or front.startswith("probability")) or \
            join == "(" and parts.get("stated") == "for" or join in ("", ",", "(") and parts.get("condition")
        if said and k < count and limited and not EVERYWHERE.search(text):       # `A is symmetric for n = 1`, `A is symmetric (if n = 1)`
            passed[k - 1] = (*passed.get(k - 1, ()), *structure(said.split()))
        elif said:
            behinds[k - 1], plural[k - 1], verbs[k - 1] = _said(said.split(), stretches[k - 1]), _plural(said), _asserts(parts.get("verb"))
        if k == count:
            continue
        fresh = _mood(parts, k) if not declares or k or parts.get("stated") != "for" else "let"
        if k and fresh == "fact" and OF_ALL.search(stretches[k - 1]):
            fresh = "if"            # `for all A with A = A^T`
        if k and mood == "if" and not fresh and "and" not in (parts.get("join") or ""):
            alive = False
            continue
        mood = fresh or mood or ("" if stretches[k + 1].startswith(WISHED) else "fact")
        moods[k], fronts[k] = mood, tuple(structure(front.split()))
        if front.endswith(" of "):              # the covariance of x is no x
            passed[k], fronts[k] = fronts[k], ()
        spread[k] = bool(fronts[k]) and (bool(PLURAL.search(front)) or not ONE.search(front))
        alone = bool(k) and not said and not fresh and not parts.get("own")
        joined[k], beside[k] = alone and not front.strip(), alone and bool(parts.get("join"))
    for k in range(count - 1, 0, -1):         # `both S and the covariance C are symmetric`
        joined[k] |= plural[k] is True and stretches[k].strip(", ") == "and"
        joined[k] |= beside[k] and (plural[k] is True or k + 1 < count and joined[k + 1] and beside[k + 1] and plural[k + 1] is True)
    return Clauses(tuple(map(Clause, moods, fronts, behinds, joined, plural, spread, verbs)), passed, doubt)


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


def _said(words: list[str], before: str) -> tuple[str, ...]:
    """The words of structure that are said of a name, or of its parts where these stand before it and it is so then."""
    part = PART.search(before)
    own = not OF_ONE.match(marked(before)) and (part is None or bool(OF_PARTS.get(part["part"], set()) & {*words}))
    return tuple(structure(words)) if own else ()


def _mood(parts: dict[str, str | None], k: int) -> str:
    """How the next formula is introduced."""
    if parts.get("condition") or (not k and parts.get("stated") == "for"):
        return "if"
    if parts.get("stated") == "for":
        return "for"
    return "suppose" if parts.get("supposed") else "let" if parts.get("let") else "fact" if parts.get("stated") else ""


def _asserts(verb: str | None) -> bool:
    return verb is not None and verb != "" and "being" not in verb


def _plural(said: str) -> bool | None:
    """Whether what is said is said of several names."""
    return True if PLURAL.search(said) else False if ONE.search(said) else None
