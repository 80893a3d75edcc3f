"""Names for values of other names: w_hat, w_star, mu_ML."""

from __future__ import annotations

import re
from collections.abc import Collection

VALUE = re.compile(r"_(?!d?dot$)(?:[a-z]{3,}|[A-Z2-9][A-Za-z]+|ml|ls|sup[^\W_]+)$")       # w_hat, w_MLE, w_ridge, w^{(k)}


def estimated_unknown(name: str, unknowns: Collection[str]) -> str:
    """The unknown that a name is called after a value of; empty where it is none.

    >>> [estimated_unknown(name, {"w", "w_tilde"}) for name in ("w_hat", "w_tilde_star", "w_GMV", "w_1")]
    ['w', 'w_tilde', 'w', '']
    """
    while (found := VALUE.search(name)) is not None:
        name = name[:found.start()]
        if name in unknowns:
            return name
    return ""
