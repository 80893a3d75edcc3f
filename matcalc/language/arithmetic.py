"""Sums, products, powers and transposes, already in their plain normal form.

Sums and products are flat; numbers are folded, 0 and 1 dropped, like terms and equal neighbours collected, scalars moved
to the front, transposes pushed through products. Everything else is a rule and a step.
"""

from __future__ import annotations

from .normal_form.powers import Powers, Transposes
from .normal_form.products import Products
from .normal_form.sums import Sums


class _NormalForm(Sums, Products, Powers, Transposes):
    """All of them, each with the others at hand."""


_FORM = _NormalForm()

add, neg, exchanged, in_order, parts_of = _FORM.add, _FORM.neg, _FORM.exchanged, _FORM.in_order, _FORM.parts_of
mul, without_opposites = _FORM.mul, _FORM.without_opposites
power, matrix_power, inverse = _FORM.power, _FORM.matrix_power, _FORM.inverse
T = _FORM.T
