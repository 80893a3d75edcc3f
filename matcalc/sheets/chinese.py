"""Chinese sentences, word by word: each word that says something of a formula becomes the English one that the grammar of clauses knows.

A stretch of characters is cut into the longest words that are listed; what is not listed becomes a sign that no clause is read over.
"""

from __future__ import annotations

from collections.abc import Iterator

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
