"""The words that the grammar of clauses knows, and the kind of each."""

from __future__ import annotations

from functools import lru_cache

from ...patterns import pattern
from .structure_words import ANY, FIXED, PARTS, WORDS

NEUTRAL = ("real", "square", "invertible", "nonsingular", "non-singular", "random", "regular", "given", "known", "unknown", "data", "i i d",
           "sample", "empirical", "prior", "posterior", "column", "weight", "n-by-n", "dense", "sparse", "finite", "scalar", "independent",
           "of", "full", "rank", "unit", "unique", "corresponding", "nonzero", "non-zero")
NOUNS = (
    "matrix|matrices|matrixes|vector|vectors|tensor|tensors|scalar|scalars|number|numbers|label|labels|distribution|"
    "distributions|function|loss|objective|problem|model|form|data|weights?|parameters?|inputs?|outputs?|targets?|"
    "regression|quotient|likelihood|log-likelihood|energy|cost|covariance|precision|kernel|design|mean|variables?|"
    "softmax|rayleigh|logistic|linear|quadratic|least|squares|ridge|gaussian|normal|squared|error|layer|network|"
    "coefficients?|unknowns?|points?|column|row|hidden|bias|sizes?|dimensions?|logits?|activations?|samples?|"
    "observations?|features?|examples?|batch|residuals?|loadings?|probabilit(?:y|ies)|state|noise|information|inertia|"
    "eigen(?:values?|vectors?|pairs?)|solutions?|roots?|minimi[sz]ers?|multipliers?|rows?|columns|entries|encod(?:ed|ing)|"
    "class(?:es)?")
DETERMINERS = r"(?:a|an|the|some|any|every|each|both|all|two|three|our|its|another)"
SAYING = "|".join(sorted({*WORDS, *PARTS, *FIXED, ANY} - {"semi"}, key=len, reverse=True))
# what kind of word each is says the case of its first letters, see `marked`
ADJECTIVE = r"(?:\S(?-i:[A-Z])\S*|n-by-n|i i d)"
OTHER = r"(?:(?-i:[A-Z])\S*)"         # a word that is in no list, and no adverb
NOUN = r"(?:\S\S(?-i:[A-Z])\S*)"
CLOSED = ("about|above|according|after|again|against|all|along|also|although|among|an?|and|any|are|as|at|be|because|been|before|being|"
          "below|between|both|but|by|can|cannot|could|did|do|does|down|each|either|else|even|every|except|few|for|from|further|had|has|"
          "have|he|hence|here|how|however|i|if|iff|in|instead|into|is|it|its|just|least|less|let|like|many|may|might|more|most|much|must|"
          "neither|no|nor|not|now|of|off|on|once|only|onto|or|other|our|out|over|per|rather|same|shall|she|should|since|so|some|such|"
          "than|that|the|their|them|then|there|therefore|these|they|this|those|though|through|thus|to|too|under|unless|unlike|until|up|"
          "upon|us|was|we|were|what|when|whenever|where|whereas|whether|which|while|who|whose|why|will|with|within|without|would|you|"
          "yet|give[sn]?|get|obtain|yields?|follows?|holds?|becomes?|equals?|denotes?|means?|part|true|false|wrong|right|otherwise")
KINDS = tuple(map(pattern, (rf"(?!(?:{CLOSED})(?![\w-])|(?:{SAYING})\b|non-|not-|un|in|a?sym)[a-z][a-z'-]*(?<!ly)",
                               rf"{SAYING}|semi|{'|'.join(NEUTRAL)}", NOUNS)))


@lru_cache(4096)
def kinds(word: str) -> str:
    """A word with its first letter capital where it is in no list, the second where it is an adjective, the third where it is a noun.

    >>> kinds("gram"), kinds("matrix"), kinds("frobnicated")
    ('gRam', 'MaTrix', 'Frobnicated')
    """
    return "".join(c.upper() if k < len(KINDS) and KINDS[k].fullmatch(word) else c for k, c in enumerate(word))


def marked(text: str) -> str:
    """Words with their kinds: each is looked up once, however many ways there are to read the sentence."""
    return " ".join(map(kinds, text.split(" ")))


# of what is not symmetric, `positive definite` says something else
OTHERWISE = rf"(?!sym|self)(?:{SAYING}|invertible|singular)"
BUT_NOT = pattern(rf"\b((?:{SAYING})(?: matri(?:x|ces))?) (?:[,(] )?(?:(?:but|and|though|although|yet) )?not (?:necessarily |always )?"
                  rf"(?:be )?{OTHERWISE}(?: {OTHERWISE})*(?: \))?(?= |$)")


OVER = pattern(rf"\b(?:over|among)(?: (?:all|the|every|any))*(?= (?:{SAYING})\b)")         # we minimise over orthogonal Q


def besides(text: str) -> str:
    """Words without what else something is said not to be; `over all symmetric A` is `with symmetric A`.

    >>> besides("be symmetric but not diagonal"), besides("symmetric ( not necessarily spd ) ."), besides("definite , not symmetric")
    ('be symmetric', 'symmetric .', 'definite , not symmetric')
    """
    return OVER.sub("with", BUT_NOT.sub(r"\1", text))
