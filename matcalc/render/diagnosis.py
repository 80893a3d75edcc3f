"""What is wrong with a claim or a line: the words, and the slips they are made of. The words are made in slips.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..diagnose.slip import Slip


class Diagnosis(str):
    """The words for some slips, and the slips; a `noun` is said with `It is` in front."""

    __slots__ = ("noun", "slips")
    slips: tuple[Slip, ...]
    noun: bool


def said(words: str, slips: tuple[Slip, ...] = (), noun: bool = False) -> Diagnosis:
    """A diagnosis with its words."""
    out = Diagnosis(words)
    out.slips, out.noun = slips, noun
    return out


NOTHING = said("")
