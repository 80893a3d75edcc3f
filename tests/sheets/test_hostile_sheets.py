"""Files that no one would write: each is answered in a moment, or refused with a sentence."""

from __future__ import annotations

from time import process_time

import pytest

from matcalc.language.shape import InputError
from matcalc.sheets.statements.by_entries import by_entries
from matcalc.sheets.statements.display import sheet
from matcalc.sheets.marking.mark import Marker

SOON = 8        # what goes with the square of the length takes minutes


@pytest.mark.parametrize("text", [f"f = x'*x{' ' * 60_000}(since S is symmetric\n", f"f = {'a' * 60_000}\n",
                                  "f = " + "x'*x + " * 7000 + "x'*x\n", "f = x'*x " + "a," * 3000, "\n" * 30_000 + "f = x'*x",
                                  "$$f = " + "\n" * 3000 + "x^\\top x$$", "$-2<a, b>$ $$f = x^\\top x$$"],
                         ids=["blanks", "a name", "terms", "names", "blank lines", "blank lines in LaTeX", "an inequality with signs"])
def test_a_long_line_is_read_in_a_time_that_goes_with_its_length(text: str) -> None:
    begun = process_time()
    assert len(Marker(sheet(text)).run().marks) == 1
    assert process_time() - begun < SOON


def test_dollars_alone_say_nothing() -> None:
    with pytest.raises(InputError, match="nothing to check"):
        Marker(sheet("$" * 5001)).run()


def test_what_is_under_a_sum_is_changed_behind_other_changes_too() -> None:
    shapes = {"y": ("n", "1"), "p": ("n", "1"), "c": ("1", "1")}.get
    assert by_entries("sum(y*p) + c*sum(p*y) + sum(c*y + sum(y*p))", shapes)[0] == "sum(y.*p) + c*sum(p.*y) + sum(c*y + sum(y.*p))"
