"""Is a SymPy expression zero? First in numbers of sixty digits, then, when it seems so, by algebra."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from random import Random

import mpmath
import sympy

from .symbols import MOST_TERMS, Abstract, Sign, length, terms

DIGITS = 60
NOISE = mpmath.mpf(10) ** -40
LONGEST = 600
Atom = Hashable         # an expression, or a function with its arguments
LARGEST_POWER = 40      # of an exponential, beyond which it is one of its own
NUMERIC: dict[type[sympy.Basic], Callable[..., mpmath.mpf]] = {
    sympy.exp: mpmath.exp, sympy.sin: mpmath.sin, sympy.cos: mpmath.cos, sympy.atan: mpmath.atan, sympy.erf: mpmath.erf,
    Sign: mpmath.sign, sympy.Abs: mpmath.fabs, sympy.sign: mpmath.sign}


class OutsideDomain(Exception):
    """A function is not defined at this point over the reals."""


class Numbers:
    """Values at one point; an abstract function takes a random value for each argument."""

    def __init__(self, point: dict[sympy.Basic, mpmath.mpf], random: Random) -> None:
        self.memo: dict[sympy.Basic, mpmath.mpf] = point
        self.random = random
        self.met: dict[tuple[type, tuple[str, ...]], mpmath.mpf] = {}
        self.bent = False       # whether the sign of 0 was met

    def value(self, e: sympy.Expr) -> mpmath.mpf:
        """The number e stands for; mpmath's precision is set by the caller."""
        found = self.memo.get(e)
        if found is None:
            found = self.memo[e] = self._compute(e)
        return found

    def stands(self, e: sympy.Expr, found: mpmath.mpf) -> bool:
        """Whether twice as many digits give the same: the logarithm of a determinant that is zero but for rounding does not."""
        with mpmath.workdps(2 * DIGITS):
            again = Numbers({s: v for s, v in self.memo.items() if s.is_Symbol}, self.random)
            again.met = dict(self.met)
            return bool(abs(again.value(e) - found) <= NOISE * (1 + abs(found)))

    def exists(self, asked: list[tuple[str, sympy.Expr]]) -> None:
        """Nothing, where all that is asked holds; OutsideDomain or ZeroDivisionError elsewhere."""
        for kind, e in asked:
            v = self.value(e)
            if kind == "positive" and v <= 0:
                raise OutsideDomain(f"log of {mpmath.nstr(v, 5)}")
            if kind == "nonnegative" and v < -NOISE:
                raise OutsideDomain(f"a root of {mpmath.nstr(v, 5)}")
            if kind == "arcsin" and abs(v) > 1 + NOISE:
                raise OutsideDomain(f"arcsin of {mpmath.nstr(v, 5)}")
            if kind == "apart" and abs(v) < NOISE:
                raise OutsideDomain("a division by zero") if e == 0 else ZeroDivisionError()

    def _compute(self, e: sympy.Expr) -> mpmath.mpf:
        if e.is_Rational:
            return mpmath.mpf(int(e.p)) / int(e.q)
        if e is sympy.pi or e is sympy.E:
            return +mpmath.pi if e is sympy.pi else +mpmath.e
        if e is sympy.I:
            raise OutsideDomain("a root of a negative number")
        if e is sympy.zoo or e is sympy.nan:
            raise OutsideDomain("a division by zero")
        if e.is_Symbol:
            raise KeyError(f"no value for {e}")
        args = [self.value(a) for a in e.args]
        if e.is_Add:
            return mpmath.fsum(args)
        if e.is_Mul:
            return mpmath.fprod(args)
        if e.is_Pow:
            base, exponent = args
            if exponent < 0 and abs(base) < NOISE:
                raise ZeroDivisionError
            if base < 0 and not e.exp.is_Integer:
                raise OutsideDomain(f"a root of {mpmath.nstr(base, 5)}")
            return base ** int(e.exp) if e.exp.is_Integer else base ** exponent
        if isinstance(e, Abstract):
            key = (type(e), tuple(mpmath.nstr(a, 20) for a in args))
            if key not in self.met:
                self.met[key] = mpmath.mpf(self.random.randrange(-200, 200)) / 100
            return self.met[key]
        if e.func is sympy.log:
            if args[0] <= 0:
                raise OutsideDomain(f"log of {mpmath.nstr(args[0], 5)}")
            return mpmath.log(args[0])
        if e.func is sympy.asin:
            if abs(args[0]) > 1:
                raise OutsideDomain(f"arcsin of {mpmath.nstr(args[0], 5)}")
            return mpmath.asin(args[0])
        if e.func in (Sign, sympy.sign, sympy.Abs):
            self.bent = self.bent or not args[0]
        return NUMERIC[e.func](*args)


class Algebra:
    """Transcendental values as symbols: exp of a sum is a product, so exp(a + b) = exp(a)*exp(b) is algebra."""

    def __init__(self) -> None:
        self.atoms: dict[Atom, sympy.Symbol] = {}
        self.roots: dict[sympy.Symbol, tuple[sympy.Expr, int]] = {}     # symbol -> (base, q): its q-th power is the base
        self.memo: dict[sympy.Expr, sympy.Expr] = {}

    def symbol(self, key: Atom) -> sympy.Symbol:
        """The symbol of an atom."""
        found = self.atoms.get(key)
        if found is None:
            found = self.atoms[key] = sympy.Symbol(f"_{len(self.atoms)}", positive=True)
        return found

    def opaque(self, e: sympy.Expr) -> sympy.Expr:
        """e with symbols for everything that is not rational."""
        if e.is_Rational or e.is_Symbol:
            return e
        found = self.memo.get(e)
        if found is None:
            found = self.memo[e] = self._opaque(e)
        return found

    def _opaque(self, e: sympy.Expr) -> sympy.Expr:
        args = [self.opaque(a) for a in e.args]
        if e.is_Add or e.is_Mul or (e.is_Pow and e.exp.is_Integer):
            return e.func(*args)
        if e.func is sympy.exp:
            return self._exp(args[0])
        if e.is_Pow:
            base = sympy.factor(args[0])
            if e.exp.is_Rational:
                q = int(e.exp.q)
                root = self.symbol((base, q))
                self.roots[root] = (base, q)
                return root ** int(e.exp.p)
            return self.symbol((base, args[1]))
        if e.func is sympy.log:
            return self._log(args[0])
        if e.func is sympy.Abs:
            return args[0] * self.opaque(Sign(e.args[0]))
        if isinstance(e, Sign | sympy.sign):
            s = self.symbol((Sign, sympy.factor(args[0])))
            self.roots[s] = (sympy.Integer(1), 2)
            return s
        if not args:
            return self.symbol(e)
        return self.symbol((e.func, *(sympy.cancel(a) for a in args)))

    def _exp(self, argument: sympy.Expr) -> sympy.Expr:
        out = sympy.Integer(1)
        for term in sympy.Add.make_args(sympy.expand(argument)):
            number, rest = term.as_coeff_Mul()
            if not number.is_Rational:
                number, rest = sympy.Integer(1), term
            if max(abs(number.p), number.q) > LARGEST_POWER:
                number, rest = sympy.Integer(1), term
            base = self.symbol((sympy.exp, rest))
            out *= base ** number
        return out

    def _log(self, argument: sympy.Expr) -> sympy.Expr:
        """Of products of positive factors a sum; the logarithm of an exp is its argument."""
        undo = {s: key[1] for key, s in self.atoms.items() if isinstance(key, tuple) and key[0] is sympy.exp}
        out = sympy.Integer(0)
        for term in sympy.Add.make_args(sympy.expand_log(sympy.log(sympy.factor(argument)))):
            number, rest = term.as_coeff_Mul()
            inside = rest.args[0] if rest.func is sympy.log else None
            out += number * (rest if inside is None else undo[inside] if inside in undo else self.symbol((sympy.log, inside)))
        return out

    def vanishes(self, e: sympy.Expr) -> bool:
        """Whether e is zero by algebra; False means not shown."""
        if e == 0:
            return True
        if length(e) > LONGEST:
            return False
        e = self.opaque(e)
        # rational powers of exp atoms: one common root each
        powers: dict[sympy.Symbol, int] = {}
        for p in e.atoms(sympy.Pow):
            if p.base.is_Symbol and p.exp.is_Rational and not p.exp.is_Integer:
                powers[p.base] = sympy.ilcm(powers.get(p.base, 1), p.exp.q)
        if powers:
            e = e.replace(lambda x: x in powers, lambda x: self.symbol((x, "root")) ** powers[x])
        for _ in range(4):
            fractions = any(p.exp.is_negative for p in e.atoms(sympy.Pow))
            top = sympy.numer(sympy.together(e)) if fractions else e        # without any, to look for their denominator takes half the time
            if length(top) > 4 * LONGEST or terms(top) > MOST_TERMS:
                return False
            top = sympy.expand(top)
            if top == 0:
                return True
            e, changed = self._reduce(top)
            if not changed:
                return False
        return False

    def _reduce(self, top: sympy.Expr) -> tuple[sympy.Expr, bool]:
        """Powers of roots: r^q is what it is a root of."""
        changed = False
        for r, (base, q) in self.roots.items():
            if top.has(r):
                poly = sympy.Poly(top, r)
                if poly.degree() >= q:
                    changed = True
                    top = sympy.Add(*(c * base ** (k // q) * r ** (k % q) for (k,), c in poly.terms()))
        return top, changed
