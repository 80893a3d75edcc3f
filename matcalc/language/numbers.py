"""Exact numbers, and how they are typed."""

from __future__ import annotations

from fractions import Fraction

Rational = int | Fraction
# Strength of what was written: 0 sum, 1 product, 2 sign, 3 postfix, 4 primary.
SUM, PRODUCT, SIGN, POSTFIX, PRIMARY = range(5)


def number_text(value: Rational) -> tuple[str, int]:
    """The shortest exact spelling of a rational number, and how strongly it binds.

    >>> from fractions import Fraction
    >>> number_text(Fraction(1, 2))[0], number_text(Fraction(-1, 3))[0]
    ('0.5', '-1/3')
    """
    if isinstance(value, int):
        return (str(value), PRIMARY) if value >= 0 else (str(value), SIGN)
    if value < 0:
        inner = number_text(-value)
        return "-" + inner[0], SUM if inner[1] == PRODUCT else SIGN
    if 1000 % value.denominator == 0 and value < 1000:
        return f"{value.numerator / value.denominator:.3f}".rstrip("0"), PRIMARY
    return f"{value.numerator}/{value.denominator}", PRODUCT
