"""Names and sizes that are those of layers: with the letter of the layer where their number stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextvars import ContextVar
from types import MappingProxyType

PLACE = "97531"         # stands for the number of a layer while a name is set
SMALL = "aeijklmnoprstuvx"
LOWERED = str.maketrans("0123456789+-" + SMALL, "₀₁₂₃₄₅₆₇₈₉₊₋ₐₑᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
_NAME = re.compile(r"[A-Za-z_]\w*")
LAYERS: ContextVar[Mapping[str, tuple[str, str]]] = ContextVar("how names of layers are written", default=MappingProxyType({}))


def labelled(shown: str, label: str) -> str:
    """A name whose number is that of a layer, in letters: k - 1 where the number stands, however it is set."""
    letter, sign, number = label.partition("-") if "-" in label else label.partition("+")
    if "<m" in shown:
        label = f"<mi>{letter}</mi>" + (sign and sign.replace("-", "−") + number)
        return re.sub(rf"<mi>(\w+?){PLACE}</mi>", rf"<msub><mi>\1</mi><mrow>{label}</mrow></msub>", shown).replace(PLACE, label)
    if "{" in shown or "\\" in shown:
        return re.sub(r"\\mathrm\{([^\W\d_]+)" + PLACE + r"\}", rf"\1_{{{label}}}", shown).replace(PLACE, label)
    low = label.translate(LOWERED) if letter in SMALL else f"_({label.replace('-', '−')})" if sign else f"_{label}"
    return shown.replace(PLACE.translate(LOWERED), low).replace(PLACE, low)


def in_layers(text: str, braces: bool = False) -> str:
    """A text with names and sizes that are those of layers, likewise, or as they are typed: W{k-1}."""
    known = LAYERS.get()
    return in_braces(text, known) if braces else _NAME.sub(
        lambda m: labelled(known[m[0]][0] + PLACE, known[m[0]][1]) if m[0] in known else m[0], text) if known else text


def in_braces(text: str, layers: Mapping[str, tuple[str, str]]) -> str:
    """A text with the names of layers as they are typed.

    >>> in_braces("W8*a7", {"W8": ("W", "k"), "a7": ("a", "k-1")})
    'W{k}*a{k-1}'
    """
    return _NAME.sub(lambda m: "{}{{{}}}".format(*layers[m[0]]) if m[0] in layers else m[0], text) if layers else text
