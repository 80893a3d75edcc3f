"""Sentences taken apart into words, stops, signs and formulas; the phrases that ask for something, claim it or set it to zero.

Chinese is cut into the longest words that are listed, and each becomes an English one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
import re

from .german import english, is_german
from ...records import Record
from ...patterns import pattern

UNKNOWN = "~"
LEXICON = {
    "let": "设 令 记 取 置 考虑 给定",
    "where": "其中 这里",
    "assume": "假设 假定",
    "if": "若 如果 当 倘若",
    "since": "因为 由于 注意到",
    "hence": "因此 所以 从而 于是 故 则 那么 即 因而",
    "gives": "得 得到 可得 得出 解得 有 可知 推出",
    "be": "是 为 成为",        # neither singular nor plural
    "are all": "均为 均是 都是 皆为 都为 都 均",
    "and": "和 与 及 以及 且 并且 并",
    "a": "一个 某个 一",
    "the": "该 此 这个 上述",
    "it": "其 上式 它 该式 此式",
    "equals": "等于",
    "not": "不 非 无 没 没有 未 否 并非 不是 勿",
    "or": "或 或者",
    "zero": "零",
    "symmetric": "对称 对称的",
    "skew": "反对称 斜对称",
    "spd": "正定 对称正定 正定的",
    "psd": "半正定 对称半正定",
    "diagonal": "对角 对角的",
    "orthogonal": "正交 正交的",
    "one-hot": "独热 独热的",
    "probability": "概率",
    "constant": "常数 常量 固定 常矩阵 常向量",
    "invertible": "可逆 可逆的 非奇异",
    "real": "实 实数",
    "square": "方 方的",
    "matrixes": "矩阵 阵 方阵",      # one or several
    "covariance": "协方差 样本协方差",
    "scatter": "散度 散布",
    "vector": "向量 矢量 列向量",
    "scalar": "标量",
    "number": "数",
    "label": "标签",
    "weight": "权重 权",
    "data": "数据 样本 观测",
    "function": "函数",
    "loss": "损失 目标",
    "parameters": "参数",
    "variable": "变量",
    "gradient": "梯度",
    "derivative": "导数 偏导 偏导数",
    "differential": "微分",
    "constraint": "约束 约束条件",
    "satisfying": "满足",
    "find": "求",
    "minimize": "最小化 极小化",
    "maximize": "最大化 极大化",
    "": "的 了 之 时 个 可",
}
WORDS = {word: english for english, listed in LEXICON.items() for word in listed.split()}
LONGEST = max(map(len, WORDS))


def words(text: str) -> Iterator[tuple[str, int, int]]:
    """English words for a stretch of characters, each with where it stands in it."""
    at = 0
    while at < len(text):
        end = next((e for e in range(min(at + LONGEST, len(text)), at, -1) if text[at:e] in WORDS), at + 1)
        for word in WORDS.get(text[at:end], UNKNOWN).split():
            yield word, at, end
        at = end


OPENS = pattern(r"(?:[a-z]+ ,? ?)?with\b")         # `Finally, with A symmetric,` says nothing of what precedes
CLAIMS = pattern(r"\s*(?:then|hence|thus|therefore|consequently|so|it follows that|we (?:conclude|deduce) that)\b")
LEADS = pattern(r"\b(?:hence|thus|so|therefore|consequently|gives?|get|obtain|yields?|finally|find)\b")
STATES = pattern(r"\b(?:we (?:\w+ )?have|(?:it |there )?holds|it is (?:known|true))(?: that)?$")       # for A in .. we have ..
BESIDES = pattern(r"\b(?:further(?:more)?|moreover|also|addition(?:ally)?|besides|still|again|both|and)\b")
AND = pattern(r"[,;() ]*(?:and|but|then|or|so)\b|;")
RESPECT = pattern(r"\b(?:with respect to|w r t|wrt)(?: (?:the|both|each of|a|vector|matrix|parameters?|weights?|variables?))*$")
ADDED = pattern(r"(?: (?:,|and|or|then))+")
ZERO_BEHIND = pattern(r"^\s*0\s*$|=[\s{}]*(?:\\(?:mathbf|boldsymbol|bm|vec)\b)?[\s{]*0[\s}.]*$")
DIFFERENTIATING = pattern(r"\b(?:differentiat(?:e|ing|ion)|derivatives?)\b")
OR_ALSO = pattern(r"or(?: equivalently)?[ ,]*$")         # `$$Ax = b,$$ or $x = A^{-1}b$`
INSTEAD = pattern(r"(?:^|\b)(?:that is|i e|or|simply|just|namely|gradient|hessian|derivative|differential|jacobian) ?,?$")  # `i.e. 2Ax`
DERIVATIVE = pattern(r"\b(?P<kind>gradient|derivative|hessian|jacobian)(?: matrix)?"
                     r"(?: of(?: the)?(?: (?:loss|function|objective|cost))?)?$")
DIFFERENTIATES = pattern(r"\\nabla|\\partial|\\d\b|\bd[A-Za-z]?\b")
AT = pattern(r"\b(?:at|evaluated in)(?: (?!(?:least|most|once|all)\b)[a-z]+){0,3}(?: ,)?$")           # at the point $x = 0$
ABOUT = pattern(r"\b(?:gradient|derivative|hessian|jacobian|differential)\b")
POINT = (r"(?:MLE|mle|maximum[ -]likelihood estimat(?:e|or)|minimi[sz]ers?|maximi[sz]ers?|solutions?|"
         r"(?:stationary|critical|optimal) points?)")
EXTREMUM = pattern(r"\b(?:minim|maxim)(?:i[sz]er|um(?![ -]likelihood))")
SOUGHT = rf"(?:optimum|minimum|maximum(?!.likelihood)|{POINT})"
CONDITION = r"\b(?:(?:optimality|stationarity|first[- ]order) conditions?|FOCs?|focs?)"
ZERO = pattern(r"\b(?:sett?(?:ing|s)?|let(?:ting)?|put(?:ting)?|equat(?:e|es|ing))\b.*\b(?:zero|0|vanish)\b|"
                  r"\bsolv(?:e|ing) for\b|"
                  r"\b(?:vanish(?:es|ing)?|is zero|is stationary|(?:minimi[sz]ed|maximi[sz]ed|minimal|maximal) (?:for|at|when|by))\b|"
                  rf"(?<!ttempt )\bat (?:the|a|an|any) (?:\w+ )?{SOUGHT}\b|{CONDITION}\b|"
                  r"\b(?:minimum|maximum|optimum) (?:\w+ ){0,2}(?:at|when)\b|"
                  rf"\bnormal equations?\b|\b{SOUGHT} (?:of # )?(?:\w+ )?(?:satisf(?:y|ies)|solves?|obeys?|fulfils?|is|are)\b")
CLAIMED = pattern(r"(?:^|\s)(?:is|equals|reads|becomes|not|be|by|to|then|thus|therefore|now|simply|just|exactly|:)$")
DOTTED = pattern(r"\b(?:s\.?p\.?s\.?d|p\.s\.d|s\.p\.d|p\.d)\.", re.I)       # of structure, read as one word
ABBREVIATED = pattern(r"\b(?:i\.i\.d|w\.r\.t|s\.t|resp|cf)\.|\b(?:e\.g|i\.e)\.(?=,|\s)")
GIVES = pattern(r"\b(?:gives?|yields?|we (?:get|obtain|find|have|see)|implies|leads to|results in|so|hence|thus|therefore)"
                   r"(?: that| us)?(?: (?:the|an?|our|its)(?: [\w-]+){1,4})? ?:?$|[,:]$|"
                   r"\b(?:vanish(?:es)?|is (?:zero|stationary)|minimi[sz]ed|maximi[sz]ed|minimal|maximal|attained) "
                   r"(?:only |exactly |precisely )?(?:for|at|when|by|where|iff?|if and only if)$|"
                   rf"\b{SOUGHT} (?:of # )?(?:\w+ )?(?:is|are|reads|satisf(?:y|ies)|solves?)(?: (?:therefore|thus|then|given by))*$|"
                   rf"\bat (?:the|a|an|any) (?:\w+ )?{SOUGHT} ?,?(?: we have)?$|"
                   rf"\b(?:conditions?|equations?) (?:is|are|reads?|becomes?)(?: (?:therefore|thus|then))*$|{CONDITION}$")
# and of nothing else: not `the ridge solution is`, `for orthonormal columns the minimum is attained at`
OPTIMUM = pattern(rf"(?:(?:so|hence|thus|then|therefore|and) ?,? )?(?:(?:the|its|our|a) (?:(?:unique|only|global) )?{POINT}(?: of #)? is|"
                  r"(?:the|its|our) (?:minimum|maximum|optimum) is (?:attained|reached) at|it is (?:minimal|maximal) (?:at|for))"
                  r"(?: (?:therefore|thus|then|given by|the point))*")
EQUALS = r"(?:is|equals|reads|becomes)(?: (?:then|thus|therefore|now|simply|just|equal to|given by|exactly))*"
ALONE = pattern(r"(?:\b(?:the|its|our) (?:(?:negative|inverse|transposed) )?|^)(?P<kind>gradient|derivative|hessian|jacobian)(?: matrix)?"
                rf"(?: of(?: the)? (?:loss|function|objective|cost))?,? ?(?:{EQUALS}|:)$")
APPOSED = pattern(r"\b(?:the|its|our|with|and|an?|has) (?P<kind>gradient|derivative|hessian|jacobian)(?: matrix)?$")     # the gradient 2Ax
DENIED = pattern(r"[$)\\]*(?:[^$.\\]|\$[^$=.]*\$)*\b(?:only if|iff|false|wrong|incorrect|untrue|"
                    r"(?:not|never) (?:hold|true|valid|correct)|fails)\b")
HYPOTHETICAL = pattern(r"\b(?:would|could|might|had|were|some|others?|authors?)\b", re.I)       # what is not said to be so
ALIKE = pattern(r"^\W*(?:and )?(?:similarly|likewise|analogously|by symmetry|in the same (?:way|manner))\b")
A_CASE = pattern(r"\b(?:if|when|whenever|provided(?: that)?|in (?:the )?(?:special )?case(?: that| where| of)?)$")
WITH = pattern(r"\b(?:with|where)(?: (?:the|an?|its))?(?: [a-z-]+){0,2}$")
WITH_RESPECT = pattern(r"with respect to|w r t|wrt|in|by")
IS = pattern(rf"(?:,? ?{EQUALS})$")

ITEM = pattern(r"\$(?P<dollar>(?:\\(?:text|mbox|textrm)\s*\{[^{}]*\}|[^$\\]|\\.)+)\$|\\\((?P<round>.*?)\\\)"
                  r"|(?P<stop>\\(?:sub)*(?:section|paragraph)\*?\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}|\\item\b|^[ \t]*\#+ [^\n]*"
                  r"|\n[ \t]*\n|\n[ \t]*[-*+](?=[ \t])|[.;:!?](?=[*_]*(?:\s|\}|$))|[。；：！？])"
                  r"|(?P<skip>\\(?:begin|end|label)\{[^}]*\}|\\[A-Za-z]+\*?|[{}*_`~\\])"
                  r"|(?P<word>[A-Za-zÀ-ÿ](?:[A-Za-zÀ-ÿ'-]|\\\x22[aou])*|(?<![A-Za-z0-9_.])0(?![A-Za-z0-9_.]))"
                  r"|(?P<han>[\u4e00-\u9fff]+)|(?P<sign>[^\s\w])", re.S | re.M)
WIDE = str.maketrans("。；：！？，、（）", ".;:!?,,()")


class Item(Record):
    """A word, a full stop, a sign or a formula, with where it begins and ends."""

    kind: str
    text: str
    start: int
    end: int


def between(found: Sequence[Item], places: Sequence[int]) -> list[str]:
    """The words before, between and behind the items at these places; another formula is a # in them. `Unless A is not symmetric` is
    `if A is symmetric`.

    >>> between([Item("word", "let", 0, 3), Item("formula", "x", 4, 5), Item("word", "be", 6, 8)], [1])
    ['let', 'be']
    """
    ends = [-1, *places, len(found)]
    said = [" ".join("#" if item.kind == "formula" else item.text for item in found[a + 1:b]) for a, b in pairwise(ends)]
    return UNLESS_NOT.sub(r"if \0 \1", " \0 ".join(said)).split(" \0 ")


UNLESS_NOT = pattern(r"\bunless \0 (is|are) not(?= (?:positive )?[\w-]+(?:$| [,\0]))")
NAME_IN_WORDS = pattern(r"[B-HJ-Z](?![\w'.-])|A(?=,? ?[B-Z]\b| (?:is|are|and [B-Z])\b)")
IN_WORDS = pattern(r"\\(?:text|mbox|mathrm|operatorname)[a-z]*\*?\s*\{[^{}]*\}|\\[A-Za-z]+")
IN_DOLLARS = pattern(r"\$\$?([^$]+)\$\$?|\\\[(.+?)\\\]|\\begin\{(?:align|equation|gather|eqnarray)\*?\}(.+?)\\end", re.S)


@lru_cache(8)
def capitals(text: str) -> frozenset[str]:
    """The capital letters that stand by themselves in the formulas of a text."""
    return frozenset(c for m in IN_DOLLARS.finditer(text) for c in re.findall("[A-Z]", IN_WORDS.sub(" ", m[m.lastindex or 0])))


def items(text: str, start: int, end: int) -> list[Item]:
    """The items of a stretch of text, comments left out."""
    out: list[Item] = []
    blanked = re.sub(r"(?<!\\)%[^\n]*", lambda m: " " * len(m[0]), text[start:end]).replace("’", "'")
    blanked = DOTTED.sub(lambda m: m[0].replace(".", "").ljust(len(m[0])), blanked)
    blanked = ABBREVIATED.sub(lambda m: m[0].replace(".", " "), blanked)
    for m in ITEM.finditer(blanked):
        kind = m.lastgroup or ""
        if kind in ("dollar", "round"):
            out.append(Item("formula", m[kind], start + m.start(kind), start + m.end(kind)))
        elif kind == "skip":
            continue
        elif kind == "han":
            out += [Item("word" if word[0].isalpha() else "sign", word, start + m.start() + at, start + m.start() + end)
                    for word, at, end in words(m[0])]
        elif kind == "word" and NAME_IN_WORDS.match(blanked, m.start()) and m[0] in capitals(text):       # where Q is symmetric
            out.append(Item("formula", m[0], start + m.start(), start + m.end()))
        elif kind == "word":
            begun = bool(out) and out[-1].kind != "stop"
            for word in english(m[0], begun).split() if is_german(text) else (m[0].lower(),):
                if not (word == "be" and out[-1].text == "let"):            # gegeben seien
                    out.append(Item("word", word, start + m.start(), start + m.end()))
        else:
            out.append(Item("stop" if kind == "stop" else "sign", m[0].translate(WIDE), start + m.start(), start + m.end()))
    return out
