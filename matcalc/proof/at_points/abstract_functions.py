"""What an abstract function is at a point: p(t) + q(t)*w(t) with random polynomials p, q, and w(t) no finite identity of polynomials knows.

w is exp(b*t^2) in the reals and t^N with a huge N in exact numbers; either way all derivatives have the same form.
"""

from __future__ import annotations

from fractions import Fraction

from .jets import Flat, Jet, Scalar
from .ring import Ring
from ...records import Record

DEGREE, WAVE = 5, 2
SLOW = Fraction(-1, 4)


class Profile(Record):
    """The coefficients of p and of q, the lowest first, and b or N."""

    smooth: Flat
    wave: Flat
    by: Fraction | int


def drawn(ring: Ring) -> Profile:
    """A random profile."""
    smooth, wave = ([ring.scale(ring.number(Fraction(1, 2 ** k)), [ring.draw(0)])[0] for k in range(degree + 1)]
                    for degree in (DEGREE, WAVE))
    return Profile(smooth, wave, ring.random.randrange(10 ** 9, 10 ** 12) if ring.exact else SLOW)


def value(ring: Ring, phi: Profile, order: int, u: Jet) -> Jet:
    """The order-th derivative, entry by entry."""
    smooth, wave, by = phi
    for _ in range(order):
        smooth, falling = slope(ring, smooth), slope(ring, wave)
        if ring.exact:      # (q*t^N)' = (t*q' + N*q)*t^(N-1)
            wave = ring.plus([ring.zero, *falling], ring.scale(ring.number(by), wave))
            by -= 1
        else:               # (q*exp(b*t^2))' = (q' + 2*b*t*q)*exp(b*t^2)
            wave = ring.plus([*falling, ring.zero, ring.zero], [ring.zero, *ring.scale(ring.number(2 * by), wave)])
    out: Jet = polynomial(ring, smooth, u)
    if any(wave):
        w = ring.map(Fraction(by), u) if ring.exact else ring.map("exp", ring.multiple(by, ring.had(u, u)))
        out = ring.add(out, ring.had(polynomial(ring, wave, u), w))
    return out


def slope(ring: Ring, c: Flat) -> Flat:
    """The coefficients of the derivative."""
    return [ring.scale(ring.number(k), [x])[0] for k, x in enumerate(c)][1:]


def polynomial(ring: Ring, c: Flat, u: Jet) -> Jet:
    """Horner, entry by entry."""
    out: Jet | None = None
    for x in reversed(c):
        level = Jet(u.m, u.n, {0: [x] * (u.m * u.n)})
        out = level if out is None else ring.add(ring.had(out, u), level)
    return out or ring.constant(u.m, u.n, 0)


def told(phi: Profile) -> str:
    """A profile of real numbers as one would type it."""
    smooth, wave = _written(phi.smooth), _written(phi.wave)
    if wave == "0":
        return smooth
    return f"{'' if smooth == '0' else smooth + ' + '}({wave})*exp({float(phi.by):g}*t^2)"


def brief(x: Scalar) -> str:
    """A coefficient."""
    return f"{x:.12g}" if not isinstance(x, int) and x else "0" if not x else str(x)


def _written(c: Flat) -> str:
    parts = [brief(x) if not k else ("" if x == 1 else brief(x) + "*") + ("t" if k == 1 else f"t^{k}") for k, x in enumerate(c) if x]
    return " + ".join(parts).replace("+ -", "- ") or "0"
