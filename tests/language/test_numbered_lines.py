"""Families of lines: `z{k} = .. for k = 1..12`."""

from __future__ import annotations

import pytest

import matcalc as mc
from matcalc.reading.problems.numbered_lines import written_out
from matcalc.reading.parse import parse_file


@pytest.mark.parametrize(("lines", "found"), [
    (["a{k} = tanh(a{k-1}) for k = 1..2"], ["a1 = tanh(a0)", "a2 = tanh(a1)"]),
    (["z{k} = W{k}*a{k - 1} for k = 1..2", "a{k} = tanh(z{k}) for k = 1..2", "f = sum(a2)"],
     ["z1 = W1*a0", "a1 = tanh(z1)", "z2 = W2*a1", "a2 = tanh(z2)", "f = sum(a2)"]),
    (["W{i} in R^(n{i},n{i-1}) for i = 3..4"], ["W3 in R^(n3,n2)", "W4 in R^(n4,n3)"]),
    (["h{t+1} = h{t}*W for t = 0..0"], ["h1 = h0*W"]),
])
def test_written_out(lines: list[str], found: list[str]) -> None:
    assert written_out(lines) == found


@pytest.mark.parametrize(("line", "said"), [
    ("a{k} = tanh(a{k-1}) for k = 1..2L", "2L is not one"), ("a{k} = a{k-2} for k = 1..3", "is -1 for k = 1"),
    ("a{k} = b for k = 3..1", "the range from 3 to 1 is empty"), ("a{j} = b for k = 1..3", "k does not occur in the line"),
    ("a{k} = b for k = 1..99999", "at most 2000 members"), ("W{k} in R^(n,n)", "nothing says which numbers"),
])
def test_a_bad_family_is_refused_by_name(line: str, said: str) -> None:
    with pytest.raises(mc.InputError, match=said) as e:
        mc.derive("sum(a3)", "b", **{"declare" if " in " in line else "define": [line]})  # type: ignore[arg-type]
    assert e.value.column is not None


def test_a_file_of_layers() -> None:
    text = "\n".join(["W{k} in R^(n{k},n{k-1}) for k = 1..3", "a0 in R^n0", "z{k} = W{k}*a{k-1} + b{k} for k = 1..3  # layers",
                      "a{k} = tanh(z{k}) for k = 1..3", "derive norm2(a3 - y)^2 wrt W1, b2", "derive sum(a3) wrt all"])
    first, second = parse_file(text)
    assert [n.name for n in first.several] == ["W1", "b2"]
    assert [n.name for n in second.several] == ["W1", "W2", "W3", "a0", "b1", "b2", "b3"]
    assert [n.name for n, _ in first.definitions] == ["z1", "a1", "z2", "a2", "z3", "a3"]
    assert str(first.definitions[4][0].shape[0]) == "n3"
