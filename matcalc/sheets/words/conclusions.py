"""What the words right before a formula say that it is: the value of what is sought, or of the function there, the derivative once more,
the trace of a derivative. `#` is another formula."""

from __future__ import annotations

import re

from ...patterns import pattern
from .sentences import OPTIMUM, POINT

ADVERB = (r"(?:then|thus|therefore|hence|consequently|now|simply|just|exactly|precisely|again|also|indeed|clearly|only|always|not|us|"
          r"equal to|given by|attained at|reached at|that)")
ASSERTED = pattern(r"(?:^|\s)(?:is|are|equals?|reads?|becomes?|remains?|gives?|giving|yields?|yielding|gets|obtains|finds|implies|:|"
                   rf"(?:we|one|i|you) (?:{ADVERB} )*(?:get|obtain|find|have)|"
                   r"(?:attained|reached|located|lies|occurs) at|(?:equal|reduces?|leads?|amounts?|simplif(?:y|ies)|evaluates?) to|"
                   rf"(?:given|determined) by)(?: {ADVERB})*$")
SPOKEN_OF = pattern(rf"\b(?:{POINT}|minimum|maximum|optimum|gradient|derivative|hessian|jacobian|differential|differentiat(?:e|ing|ion))\b")
SO = rf"(?:(?:so|and|,|we (?:see|conclude|deduce|know|find) that|it follows that|note that|{ADVERB}) )*"
IS = rf"(?:is|are|equals|reads|becomes|gives|yields|:)(?: {ADVERB})*"
ZERO = r"setting (?:this|it|the (?:gradient|derivative)(?: of #)?) (?:equal )?to (?:zero|0)"
GETS = rf"(?:, )?(?:(?:we (?:get|obtain|find|have)|gives|yields|leads to)(?: {ADVERB})*)"
VALUE = pattern(rf"{SO}(?:(?:{ZERO},? )?(?:and )?solving (?:this |it )?for # {GETS}"
                rf"(?: the(?: [a-z]+)? (?:estimat(?:or|e)|{POINT})(?: is)?)?|"
                rf"the optimal # {IS}|(?:the )?{POINT} ?:|the (?:unique|only|global) {POINT} {IS})")
BY = pattern(rf"{SO}(?:the|its) (?:partial )?(?P<kind>gradient|derivative|hessian)(?: matrix)? (?:with respect to|w r t|wrt)"
             rf"(?: the)?(?: (?:vector|matrix|parameter|variable))? # {IS}")
LEAST = pattern(rf"{SO}(?:at the (?:minimum|optimum|{POINT}) ?,? the value(?: of #)?|the (?:optimal|minimal|minimum) value(?: of #)?) {IS}")
AGAIN = pattern(r"\b(?:again|once more|second|another)\b")
DIFFERENTIATION = frozenset(("differentiating", "differentiate", "differentiation", "derivative"))
WITH_IT = frozenset(re.findall(r"\S+", "so hence thus therefore then finally and now , a the we taking take one time again once more "
                               "second another gives yields is equals : get obtain find of it this with respect to w r t wrt #"))
FUNCTION = pattern(rf"{SO}(?:(?:the|its) )?(?P<f>trace|norm|determinant|half|negative|inverse|transpose) of")
DETERMINED = pattern(r"(?:^| )(?:the|its|our|an?)$")
ADJECTIVE = pattern(r"\b(?:the|its|our) (?!(?:partial|total|full|first|whole|resulting|corresponding|required|desired|above)$)"
                    r"(?P<said>[a-z-]+)$")
FORMS = {"trace": "tr({})", "norm": "norm2({})", "determinant": "det({})", "half": "(1/2)*({})", "negative": "-({})",
         "inverse": "inv({})", "transpose": "({})'", "transposed": "({})'"}


def is_value(words: str) -> bool:
    """Whether words say that what follows is the value of what is sought, and no more.

    >>> [is_value(words) for words in ("so the minimiser is", "solving for # we get", "the optimal # is", "for large # the minimiser is")]
    [True, True, True, False]
    """
    return OPTIMUM.fullmatch(words) is not None or VALUE.fullmatch(words) is not None


def once_more(words: str) -> bool:
    """Whether words say that what follows is the derivative of the line above, and no more.

    >>> [once_more(words) for words in ("differentiating again gives", "the second derivative is", "differentiating the second term gives")]
    [True, True, False]
    """
    said = set(words.split())
    return AGAIN.search(words) is not None and bool(said & DIFFERENTIATION) and said <= WITH_IT | DIFFERENTIATION


def form(words: str, kind: str, shape: tuple[str, str] | None) -> str:
    """What the words before `gradient is` say of it, with {} for the derivative; empty where it is not known; `shape` is that of
    what is differentiated by.

    >>> form("so the trace of the", "hessian", None), form("the negative", "gradient", None), form("so its", "gradient", None)
    ('tr({})', '-({})', '{}')
    >>> form("the largest eigenvalue of the", "hessian", None), form("the stochastic", "gradient", None)
    ('', '')
    """
    words, column = words.rstrip(), shape is not None and shape[0] != "1" and shape[1] == "1"
    said = DETERMINED.sub("", words)
    if said.endswith(" of") or said == "of":
        of = FUNCTION.fullmatch(said)
        return FORMS.get(of["f"], "") if of is not None and (of["f"] != "norm" or column and kind != "hessian") else ""
    adjective = ADJECTIVE.search(words)
    return "{}" if adjective is None else FORMS.get(adjective["said"], "") if adjective["said"] != "norm" else ""
