"""Laws of names of a kind: what is said of layer l holds of the layer before it, what is said of class k of every class."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
import re

from ...patterns import pattern

OF_LAYER = pattern(r"\b([A-Za-z]\w*?)_(sup)?(?:(l|L|ell)(?:([pm])(\d+))?|(\d+))\b")
OF_CLASS = pattern(r"\b([A-Za-z]\w*?)_(([kcij])|\d+)\b")


def _place(m: re.Match[str]) -> tuple[str, int]:
    """The letter of a layer, and how far it is from there; of a number no letter."""
    return (m[3] or "", int(m[6] or m[5] or 0) * (-1 if m[4] == "m" else 1))


def of_layer(name: str, bodies: Mapping[str, str], known: Collection[str]) -> str:
    """What a name is by the law of its kind; empty where there is none, or where it speaks of nothing that is known.

    >>> of_layer("a_suplm1", {"a_supl": "sigmoid(z_supl)"}, ())
    'sigmoid(z_suplm1)'
    >>> of_layer("z_suplp1", {"z_supl": "W_supl*a_suplm1 + b_supl"}, {"a_supl"})
    'W_suplp1*a_supl + b_suplp1'
    """
    own = OF_LAYER.fullmatch(name)
    if own is None or name in bodies:
        return ""
    letter, at = _place(own)
    for law, body in bodies.items():
        said = OF_LAYER.fullmatch(law)
        if said is None or said.group(1, 2) != own.group(1, 2) or not said[3] or letter and said[3] != letter and letter != "L":
            continue
        first, by = said[3], at - _place(said)[1]

        def moved(m: re.Match[str], first: str = first, by: int = by) -> str:
            if m[3] != first:
                return m[0]
            k = _place(m)[1] + by
            return f"{m[1]}_{m[2] or ''}{letter}{'' if letter and not k else f'p{k}' if letter and k > 0 else f'm{-k}' if letter else k}"
        out = OF_LAYER.sub(moved, body)
        found = [m for m in OF_LAYER.finditer(out) if m[3] or not letter]
        others = [m for m in found if _place(m) != (letter, at)]
        if out != body and name not in (m[0] for m in found) and (
                not others or "d(" in out or any(m[0] in known for m in found)):
            return out
    return ""


def of_class(name: str, bodies: Mapping[str, str], functions: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    """The function of a class k of which this is the one of another class, and what it is there.

    >>> of_class("f_1", {"f_k": "w_k'*x"}, {"f_k": ("x",)})
    ('f_k', "w_1'*x")
    """
    own = OF_CLASS.fullmatch(name)
    law = next((f for f in functions if own is not None and f in bodies and (m := OF_CLASS.fullmatch(f)) and m[1] == own[1] and m[3]), "")
    if own is None or not law or name in bodies:
        return "", ""
    index = law.rpartition("_")[2]
    return law, re.sub(rf"_{index}\b", f"_{own[2]}", bodies[law])
