"""A diagnosis: the words, and the slips behind them. The words are made in slips.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..diagnose.slip import Slip


class Diagnosis(str):
    """The words for some slips, the slips, and what is right there; a `noun` is said with `It is` in front."""

    __slots__ = ("answer", "noun", "slips")
    answer: str
    slips: tuple[Slip, ...]
    noun: bool


def said(words: str, slips: tuple[Slip, ...] = (), noun: bool = False, answer: str = "") -> Diagnosis:
    """A diagnosis with its words."""
    out = Diagnosis(words)
    out.slips, out.noun, out.answer = slips, noun, answer
    return out


NOTHING = said("")
