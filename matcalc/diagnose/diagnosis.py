"""What is wrong with a claim: a known slip from the right answer. Every slip named is an equation that a judge confirmed.

The candidates come from the two expressions alone; a few shared points sift them, the judge at points decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ..language.expr import SCALAR, Apply, Expr, InputError, Name, T, add, hadamard, mul, num, show_shape, sub
from ..language.inspection import coefficient
from ..language.traversal import subexpressions
from .missing_assumption import under
from .edits import Edit, edits, terms
from .screening import Screening
from .slip import Kind, Slip
from .whole_answers import on_symmetric, stacked, wholes, wrapped
from .wrong_rules import frozen, norms, of_size_one, opened
from ..reading.problems.problem import PremiseSet, Problem

LARGEST = 1500   # nodes of a claim and an answer beyond which only the whole is compared


def diagnosis(problem: Problem, where: list[tuple[Name, Expr]], right: Expr, claimed: Expr,
              layout: str = "denominator", either: bool = False) -> tuple[Slip, ...]:
    """The slips that explain a wrong claim; none where none was found. The mistake may be on `either` side of an equation."""
    about = PremiseSet.of(problem, where)
    look = Screening(about, [right], (claimed,))
    if not look.places:
        return _sizes(right, claimed)
    if right.shape == claimed.shape and look.alike(right, claimed):
        return ()   # they differ at larger sizes only, where no candidate is looked at
    found = on_symmetric(look, right, claimed, problem.variable if problem.order == 2 else None) \
        or _slip(look, right, claimed, _layouts(problem, layout), problem.wrt, either)
    if right.shape != claimed.shape:
        return (_one(found or _unknown(problem, claimed)) or _turned(problem, where, right, claimed, layout)
                or (_sizes(right, claimed) if problem.wrt is not None else ()))
    only = under(about, right, claimed, found is None)
    if found is None and only is None:
        return _one(frozen(problem, look, claimed) or norms(problem, look, claimed) or _common(look, right, claimed)
                    or (_unknown(problem, claimed) or of_size_one(about, right, claimed) if problem.wrt is not None else None))
    return (*_one(found), *_one(only))


def _layouts(problem: Problem, layout: str) -> str:
    """The layout in which the transpose would be right; none for the gradient of a scalar, or where nothing is differentiated."""
    if problem.wrt is None or problem.f is None or (layout == "denominator" and problem.f.shape == SCALAR):
        return ""
    return "denominator" if layout == "numerator" else "numerator"


def _one(found: Slip | None) -> tuple[Slip, ...]:
    return () if found is None else (found,)


def _turned(problem: Problem, where: list[tuple[Name, Expr]], right: Expr, claimed: Expr, layout: str) -> tuple[Slip, ...]:
    """A claim in the other layout that is wrong besides."""
    if T(claimed).shape != right.shape:
        return ()
    inner = diagnosis(problem, where, right, T(claimed), layout)
    return (Slip(Kind.TURNED_BESIDES, inner),) if inner else ()


def _unknown(problem: Problem, claimed: Expr) -> Slip | None:
    """Names that only the claim uses."""
    known = {n for e in (problem.function, *(b for _, b in problem.definitions)) for n in e.names} | {n for n, _ in problem.definitions}
    told = {i.name for i in problem.inferred_from}
    new = sorted(n.name for n in claimed.names - known if n.name in told)
    return Slip(Kind.UNKNOWN, tuple(new)) if new else None


def _sizes(right: Expr, claimed: Expr) -> tuple[Slip, ...]:
    return () if right.shape == claimed.shape else (Slip(Kind.SHAPES, (show_shape(right.shape), show_shape(claimed.shape))),)


def _slip(look: Screening, right: Expr, claimed: Expr, layout: str, wrt: Name | None, either: bool) -> Slip | None:
    found = _first(look, claimed, wholes(right, layout, wrt))
    if found is not None:
        return found
    if right.shape != claimed.shape:
        return wrapped(look, right, claimed)
    if claimed.height + right.height > LARGEST:
        return None
    single = list(_fitting(look, right, claimed))
    for kind in ("symmetrise", "everywhere"):
        for edit in single:
            if edit.kind == kind:
                return _said(edit)
    bare = coefficient(right)[1]
    lost = _missing_factor(look, right, claimed, either) if isinstance(bare, Apply) and bare.head == ".*" else None
    if lost is not None and lost.what is Kind.NO_FACTOR:
        return lost
    wide = opened(right, look.about.definitions, set(claimed.names))
    return (_terms(look, right, claimed) or (_terms(look, wide, claimed) if wide is not right else None)
            or next((_said(e) for e in single if e.kind != "name"), None) or _missing_factor(look, right, claimed, either)
            or _terms(look, right, claimed, True) or _first(look, claimed, stacked(right, wrt)) or _pairs(look, right, claimed)
            or _fraction(look, right, claimed) or next((_said(e) for e in single if e.kind == "name"), None))


def _first(look: Screening, claimed: Expr, slips: Iterator[tuple[Slip, Expr]]) -> Slip | None:
    return next((slip for slip, other in slips if look.holds(claimed, other)), None)


def _fraction(look: Screening, right: Expr, claimed: Expr) -> Slip | None:
    """Another simple multiple of the right answer."""
    c = look.ratio(claimed, right)
    return Slip(Kind.MULTIPLE, (c,)) if c and look.holds(claimed, mul(num(c), right)) else None


# ------------------------------------------------------------ one place
def _fitting(look: Screening, right: Expr, claimed: Expr) -> Iterator[Edit]:
    """Changes of the claim that make it right, at most one of a kind; what the right answer has comes first."""
    kinds: set[str] = set()
    shown = set(subexpressions([right]))
    for edit in sorted(edits(claimed), key=lambda e: e.new not in shown):
        kind = "everywhere" if edit.kind == "turn" and isinstance(edit.old, Name) else edit.kind
        if kind not in kinds and look.holds(edit.whole, right):
            kinds.add(kind)
            yield edit._replace(kind=kind)


def _said(e: Edit) -> Slip:
    return Slip(Kind.EDIT, (e.kind, e.old, e.new))


def _missing_factor(look: Screening, right: Expr, claimed: Expr, either: bool) -> Slip | None:
    """The claim is what a change of the right answer gives: most often a factor left out. A number comes of too many changes."""
    if not claimed.names:
        return None
    for edit in edits(right):
        if look.holds(edit.whole, claimed):
            if edit.kind == "extra factor":
                return Slip(Kind.NO_FACTOR, (_gone(edit), edit.new, edit.old))
            if either and edit.new not in subexpressions([claimed]):        # what is there to be seen stands on the other side
                return _said(edit)
            swapped = edit._replace(old=edit.new, new=edit.old, kind="everywhere" if edit.kind == "symmetrise" else edit.kind)
            return _said(swapped)
    return None


def _gone(edit: Edit) -> Expr | None:
    if not isinstance(edit.old, Apply):
        return None
    left = list(edit.new.args) if isinstance(edit.new, Apply) and edit.new.head == edit.old.head else [edit.new]
    gone = [a for a in edit.old.args if a not in left]
    return gone[0] if len(gone) == 1 else hadamard(*gone) if gone and edit.old.head == ".*" else None


def _pairs(look: Screening, right: Expr, claimed: Expr) -> Slip | None:
    """Two transposes at once."""
    turns = [e for e in edits(claimed) if e.kind == "turn"][:16]
    for first in turns:
        for second in edits(first.whole):
            if second.kind == "turn" and look.holds(second.whole, right):
                return Slip(Kind.TWO_TRANSPOSES, (second.whole,))
    return None


# ------------------------------------------------------------ terms
def _terms(look: Screening, right: Expr, claimed: Expr, of_claim: bool = False) -> Slip | None:
    """Terms of the right answer that are missing, have another sign or another factor; of the claim, those that do not belong there."""
    whole, other = (claimed, right) if of_claim else (right, claimed)
    parts = terms(whole)
    if len(parts) < 2:
        return None
    rest = sub(other, whole)
    one = None if of_claim else next(((p, c) for p in parts if (c := look.ratio(rest, p)) is not None), None)
    found = look.combination(other, parts) if one is None else [Fraction(1) + (one[1] if p is one[0] else 0) for p in parts]
    if found is None or len(set(found)) != 2 or 1 not in found:
        return None
    [c] = {*found} - {1}
    bad = tuple(p for p, x in zip(parts, found, strict=True) if x == c)
    if not look.holds(other, add(*(mul(num(x), p) if x != 1 else p for p, x in zip(parts, found, strict=True) if x))):
        return None
    if not c:
        return Slip(Kind.EXTRA_TERMS if of_claim else Kind.NO_TERMS, (bad,))
    changed = tuple(mul(num(c), b) for b in bad)
    return Slip(Kind.SIGN_OF_TERMS if c == -1 else Kind.FACTOR_OF_TERMS, (bad, changed) if of_claim else (changed, bad))


def _common(look: Screening, right: Expr, claimed: Expr) -> Slip | None:
    """Where only some terms are right: what stands in place of what."""
    have, wanted = terms(claimed), terms(right)
    if len(have) + len(wanted) < 3:
        return None
    kept: list[Expr] = []
    for t in list(have):
        twin = next((w for w in wanted if look.alike(t, w)), None)
        if twin is not None and look.holds(t, twin):
            kept.append(t)
            have.remove(t)
            wanted.remove(twin)
    if not kept or not have or not wanted:
        return None
    try:
        return Slip(Kind.SOME_TERMS, (tuple(kept), add(*have), add(*wanted)))
    except InputError:
        return None
