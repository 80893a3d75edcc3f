"""What the sources in the rule tables stand for: a row a source, by the words a reference begins with."""

from __future__ import annotations

SOURCES: dict[str, str] = {
    "MCB": "Petersen and Pedersen, The Matrix Cookbook, 2012 (equation)",
    "nndl": "Qiu, Neural Networks and Deep Learning, in Chinese",
    "Magnus": "Magnus and Neudecker, Matrix Differential Calculus, Wiley",
    "the article": "softmax and cross-entropy in matrix form, sections A.1, A.2",
    "Qiudaoshu": "Changqu Guixia, Juzhen qiudao shu (matrix differentiation), parts 1 and 2, zhihu.com, in Chinese",
    "Higham": "Functions of Matrices: Theory and Computation, SIAM, 2008",
    "Abramowitz and Stegun": "Handbook of Mathematical Functions, 1964",
    "Hendrycks and Gimpel": "Gaussian Error Linear Units (GELUs), 2016",
    "Elfwing": "Elfwing, Uchibe and Doya, Sigmoid-weighted linear units, 2018",
}


def sources(see: str) -> list[str]:
    """The sources a reference names."""
    return [key for key in SOURCES if see.startswith(key)]
