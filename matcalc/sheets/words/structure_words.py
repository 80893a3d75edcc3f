"""What words and equations say about the structure of a matrix: symmetric, positive definite, A = A'."""

from __future__ import annotations

import re

from ...patterns import pattern

WORDS = {"symmetric": "symmetric", "symmetrical": "symmetric", "sym": "symmetric", "self-adjoint": "symmetric", "spd": "spd",
         "skew": "skew", "antisymmetric": "skew", "diagonal": "diagonal", "positive": "positive", "orthogonal": "orthogonal",
         "orthonormal": "orthogonal", "simplex": "simplex", "idempotent": "idempotent"}
EQUATIONS = {"idempotent": "{0}*{0} = {0}"}         # what such a word says of a name
PARTS = frozenset(("definite", "semidefinite", "semi-definite", "semi", "one-hot", "lower", "upper", "triangular", "skew-symmetric",
                   "probability", "covariance", "precision", "scatter", "gram", "laplacian", "pd", "psd", "strictly",
                   "positive-definite", "positive-semidefinite", "entrywise", "one", "hot"))
ANY = "arbitrary"           # takes back what was said before
FIXED = frozenset(("fixed", "constant", "constants"))
NOT = frozenset(("not", "non", "non-symmetric", "nonsymmetric", "asymmetric", "necessarily", "never", "neither", "isn't", "aren't",
                 "unless", "without"))
# what others say, think or wish: it may be so, and nothing rests on it
REPORTS = frozenset(("allegedly", "supposedly", "claimed", "said", "thought", "believed", "argued", "asserted", "suspected", "hoped",
                     "pretended")) | {f"{verb}s" for verb in ("say", "think", "claim", "believe", "argue", "assert", "suspect", "hope",
                                                              "wish", "pretend", "doubt")}
HEDGES = frozenset(("no", "none", "nor", "or", "cannot", "whether", "only", "wrong", "false", "iff", "except", "hardly", "nothing",
                    "incorrect", "incorrectly", "untrue", "mistake", "mistaken", "error", "wrongly", "contrary", "contradiction",
                    "contradicts", "impossible", "nowhere", "lack", "lacks", "ruled", "fails", "fail", "instead", "rather")) | REPORTS | NOT
UNLIKE = pattern(r"\b(?:a|un|non-?)(?=sym)")

# another case than the one that was supposed
ELSEWISE = pattern(r"\b(?:otherwise|else|generally|(?:in|for|the) general|the other case|not|contradict\w*|absurd)\b|"
                   r"\bwithout(?: (?:the|this|that|our|any))? (?:assumption|symmetry)\b")
# what is said of something else: `P = P' in the other problem`
ELSEWHERE = pattern(r"\belsewhere\b|(?<!\bas )\b(?:in|for|of|from) (?:(?:the|an?|some|our) )?"
                    r"(?:other|another|different|next|previous|preceding|earlier|last|first|second)(?: \w+)? "
                    r"(?:problem|case|part|example|exercise|lemma|theorem|question|chapter|paper|setting|situation)s?\b")
DROPPED = pattern(r"\b(?:drop|remov|relax|lift|abandon|forget)\w*(?: about)?(?: (?:the|this|that|these|our|any|all))?(?: \w+)? "
                  r"(?:assumption|symmetry|restriction|requirement)s?\b")
# whether one is: `if A is not symmetric`
IN_A_CASE = pattern(r"\b(?:if|when(?:ever)?|unless|whether|were|had|would|could|might|may|should|even|analog\w+|similar\w*)\b")


def structure(said: list[str]) -> list[str]:
    """The words of structure of the language among these."""
    if set(said) & NOT:
        return []
    text = " ".join(said).replace("-", " ")
    out: list[str] = []
    if re.search(r"\bpositive (?:semi ?definite)|\bpsd\b", text):
        out.append("symmetric")
    elif re.search(r"\bpositive definite|\bspd\b|\bpd\b", text):
        out.append("spd")
    elif re.search(r"\bpositive\b", text):
        out.append("positive")
    if re.search(r"\bskew|\bantisymmetric", text):
        out.append("skew")
    elif re.search(r"\b(?:sym(?:metric(?:al)?|metrisch\w*|[eé]triques?)?|sim[eé]tric[ao]s?|self adjoint)\b", text) and not out:
        out.append("symmetric")
    if re.search(r"\b(?:covariance|precision|scatter|gram|laplacian)\b", text) and not out:
        out.append("symmetric")
    if re.search(r"\bone hot\b|\bprobability\b|\bsimplex\b", text):
        out.append("simplex")
    out += [w for w in ("lower", "upper") if re.search(rf"\b{w} triangular", text)]
    out += [WORDS[w] for w in ("diagonal", "orthogonal", "orthonormal", "idempotent") if re.search(rf"\b{w}\b", text)]
    if re.search(r"\b(?:real|positive|negative|nonzero) numbers?\b(?! of)|"
                 r"\bscalars?\b(?! (?:function|loss|field|valued|objective|cost|product))", text):
        out.append("scalar")
    if set(said) & FIXED:
        out.append("constant")
    return out or [ANY] if ANY in said else out


def structure_from_equation(left: str, right: str) -> tuple[str, str] | None:
    """The structure that an equation gives a name: A = A', A' = -A, Q'*Q = I."""
    for one, two in ((left, right), (right, left)):
        if re.fullmatch(r"\w+", one):
            if two == f"{one}'":
                return one, "symmetric"
            if two == f"-{one}'":
                return one, "skew"
        found = re.fullmatch(r"(\w+)'", one)
        if found and two == f"-{found[1]}":
            return found[1], "skew"
        found = re.fullmatch(r"(\w+)'\*(\w+)|(\w+)\*(\w+)'", one)
        if found and re.fullmatch(r"eye(\(\w+\))?", two) and (found[1] or found[3]) == (found[2] or found[4]):
            return found[1] or found[3], "orthogonal"
    return None


def equated(text: str) -> tuple[str, str] | None:
    """What an equation, or being more than 0, says of structure.

    >>> equated("S = S'"), equated("c > 0"), equated("n = 1")
    (('S', 'symmetric'), ('c', 'positive'), None)
    """
    if positive := re.fullmatch(r"(\w+) *> *0", text.strip()):
        return positive[1], "positive"
    left, _, right = re.sub(r"\^T\b|ᵀ", "'", text).replace(" ", "").partition("=")
    return structure_from_equation(left, right.lstrip("="))
