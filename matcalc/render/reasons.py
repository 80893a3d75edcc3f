"""Why a line follows, in the words mathematicians use; the short names of the tables are for machines."""

from __future__ import annotations


from ..deriving.derivation import Step
from ..deriving.lines import along_ones
from ..language.blocks import blocks
from ..language.expr import ONE, SCALAR, Apply, Expr, Name, T, differentiated, is_negative
from ..language.inspection import is_unit, scalar_part
from ..language.operations import SQUARE_WORDS, SYMMETRY_WORDS
from ..rulebook.book import RULES
from ..rulebook.matching import parts
from ..rulebook.normal import BY_NAME as NORMAL
from .naming import terms
from .plain import plain
from ..language.traversal import reachable

PROGRAMS = {
    "assumption": "What the problem assumes stands for the other side of its equation: where sum(y) = 1 is assumed, sum(y) becomes 1.",
    "collect": "Terms with the same differential are brought together: A*d(X) + B*d(X) becomes (A + B)*d(X).",
    "definition": "A name the problem defines is opened, or what it stands for is folded into the name: z for W'*x + b.",
    "gradient": "The differential of f is written with its gradient, which was read off before: d(f) becomes g'*d(x).",
    "numbers": "Numbers and signs are drawn together: -C*(A - B) becomes C*(B - A).",
    "spread": "A differential that is a sum is taken term by term: C*(dX*B + A*dY) becomes C*dX*B + C*A*dY.",
    "structure.transpose": "A transpose is carried inwards, to the letters, and dropped where a letter is symmetric: (A*S)' becomes S*A'.",
    "tidy.distribute": "A product with a sum is multiplied out, where that ends shorter: A*(inv(A) + B) becomes eye + A*B.",
    "tidy.factor": "A common factor is taken out of a sum: x'*A + x'*B becomes x'*(A + B).",
    "tidy.linear": "A linear function of a sum is taken term by term, where that ends shorter: tr(A + B) becomes tr(A) + tr(B).",
    "tidy.repeat": "A run of factors that repeats becomes a power: A*B*A*B becomes (A*B)^2.",
    "vec": "Both sides of the line are stacked into columns, so that a matrix times vec(dX) can be read off.",
}
CALLED = {
    "assumption": "by assumption", "collect": "like terms", "definition": "by definition", "gradient": "the gradient read off above",
    "numbers": "signs", "spread": "term by term",
    "structure.transpose": "transpose of a product",
    "tidy.distribute": "multiplied out", "tidy.factor": "common factor", "tidy.linear": "linearity", "tidy.repeat": "written as a power",
    "vec": "columns stacked"}
JUDGED = "A program, not an equation: each use is judged at exact points, with every d(..) a letter of its own"


SCALARS = {"trace.transpose": "a scalar is its own transpose", "trace.cycle": "scalars commute",
           "trace.entrywise": "Hadamard product in an inner product"}
INWARDS = ("'", "+", "*", ".*", "inv", "^", ".^")
CONSTANT, CONSTANT_TERM = "constant factor", "constant term"
OF_BLOCKS = "product of blocks"
COMMUTED, QUOTIENT = "inner products commute", "the quotient cancels"
CYCLIC = RULES["trace.cycle"].called
CYCLIC_TOO = "the trace is cyclic and linear"
LINEAR = "the differential is linear"
PAST = ("d.sum-of-terms", "d.sum", "d.rowsum", "d.colsum", "d.trace", "d.trace-sum", "d.diag", "d.diagonal", "d.vec", "d.unvec")
PRODUCTS = ("d.scale", "d.product", "d.entrywise-product", "d.kron")


def called(s: Step) -> str:
    """What a step is called; where its letters make a trace a scalar, or a factor or a term a constant, by that."""
    if s.rule in SCALARS and ONE in s.where["Z"].shape and ONE in s.where["C"].shape:
        return SCALARS[s.rule]
    if s.rule == "trace.transpose" and not any(_trace(side) for side in s.instance):
        return SCALARS[s.rule]
    if is_cycled(s):
        return CYCLIC
    if s.rule == "structure.transpose" and any(e.words & SYMMETRY_WORDS for e in structured(s)):
        return RULES["structure.symmetric"].called
    if s.rule == "spread" and _trace(s.local[0]):
        after, taken = s.local[1], s.where["Y"]
        traces = sum(map(_trace, after.args)) + sum(bool(along_ones(scalar_part(s.where["C"])[1], scalar_part(t)[1])) for t in taken.args) \
            if isinstance(after, Apply) and isinstance(taken, Apply) else -1
        return RULES["d.trace"].called if isinstance(after, Apply) and traces == len(after.args) else CYCLIC_TOO
    if s.rule == "d.trace" and _differentiated(s.local[0]) != _differentiated(s.local[1]):
        return CYCLIC_TOO
    left, right = s.instance
    if s.rule == "tidy.linear" and _trace(left) and isinstance(left, Apply) and isinstance(left.args[0], Apply):
        column = any(ONE in f.shape for t in left.args[0].args for f in parts(t)[1])         # tr(A*b*b') is b'*A*b
        return CYCLIC_TOO if column else RULES["d.trace"].called
    if s.rule == "tidy.distribute" and isinstance(left, Apply) and any(map(blocks, left.args)):
        return OF_BLOCKS
    if s.rule in PRODUCTS and len(set(s.where.values())) > 1 and not (isinstance(right, Apply) and right.head == "+"):
        return CONSTANT
    if s.rule == "d.sum-of-terms" and not (isinstance(right, Apply) and right.head == "+"):
        return CONSTANT_TERM
    return in_words(s.rule)


def linear(s: Step) -> bool:
    """Whether the d is only taken past what is constant or linear."""
    return s.rule in PAST or s.rule in PRODUCTS and called(s) == CONSTANT


def transposed(s: Step) -> str:
    """Why the product x'A y, a scalar, is differentiated as y'A'x; nothing where it stands there so."""
    left, right = s.instance
    if s.rule != "d.product" or not (isinstance(left, Apply) and isinstance(right, Apply) and right.head == "*"):
        return ""
    inner = left.args[0]
    shown = terms(inner) if isinstance(inner, Apply) and inner.head == "*" and inner.shape == SCALAR else ()
    if len(shown) < 2 or right.args[0] is shown[0] or right.args[0] is not T(shown[-1]):
        return ""
    return COMMUTED if len(shown) == 2 else SCALARS["trace.transpose"]


def structured(s: Step) -> list[Name]:
    """The letters whose symmetry or orthogonality a step uses."""
    if not s.rule.startswith("structure.") or s.rule.startswith("structure.simplex"):
        return []
    inwards = reachable(s.where.values() or [s.local[0]], lambda e: e.args if isinstance(e, Apply) and e.head in INWARDS else ())
    return [e for e in inwards if isinstance(e, Name) and e.words & SQUARE_WORDS]


def is_cycled(s: Step) -> bool:
    """Whether only the form of the line changes, as where 1'*A*1 becomes tr(1*1'*A) because 1*1' is ones."""
    return s.rule == "tidy.outer-ones" and not _trace(s.local[0]) and _trace(s.local[1])


def turned(s: Step) -> bool:
    """Whether factors that repeat stood in another turn below their trace: tr(X*X'*X*X') is tr((X'*X)^2)."""
    traces = reachable([s.before], lambda e: e.args if isinstance(e, Apply) else ()) if s.rule == "tidy.repeat" else ()
    return any(isinstance(e, Apply) and e.head == "tr" and e.args[0] is s.local[0] is not terms(e)[0] for e in traces)


def ringed(s: Step) -> bool:
    """Whether what stands in front came round the trace from behind: 1*1'*C' where the line before has C'*dX*1*1'."""
    chain = parts(s.where["C"])[1] if s.rule == "trace.entrywise" else []
    return len(chain) > 1 and is_unit(chain[0])


def cancels(s: Step) -> bool:
    """Whether what a differential was multiplied by cancels entry by entry with what stands in front: Y./S with S.*dZ."""
    if s.rule != "trace.entrywise":
        return False
    chains = ([s.where["H"]], parts(T(s.where["C"]))[1])
    h, front = ({b for e in chain for b in (e.args if isinstance(e, Apply) and e.head == ".*" else (e,))} for chain in chains)
    return len(chains[1]) == 1 and any(isinstance(a, Apply) and a.head == ".^" and is_negative(a.args[1]) and a.args[0] in h for a in front)


def closed(s: Step) -> bool:
    """Whether like terms become one trace though one of them was none, as u'*dX*v."""
    before, after = s.local
    return s.rule == "collect" and isinstance(before, Apply) and before.head == "+" and _trace(after) and not all(map(_trace, before.args))


def untraced(s: Step) -> bool:
    """Whether a trace is one no more once a differential in it is opened: tr(C'*d(b*1')) is 1'*C'*db."""
    return s.rule in PRODUCTS and _trace(s.local[0]) and not _trace(s.local[1])


def _differentiated(e: Expr) -> list[str]:
    """What is differentiated, as the page shows it; where that is a trace, what stands below it."""
    if not isinstance(e, Apply):
        return []
    inner = differentiated(e)
    if inner is None:
        return [text for a in e.args for text in _differentiated(a)]
    return [plain(x) for x in terms(inner)] if isinstance(inner, Apply) and inner.head == "tr" else [plain(inner)]


def _trace(e: Expr) -> bool:
    """Whether a trace stands in a line's part; that of a single entry is not written."""
    return isinstance(e, Apply) and (e.head == "tr" or any(map(_trace, e.args)))


def in_words(rule: str) -> str:
    """The name of a rule in words.

    >>> in_words('d.product'), in_words('trace.cycle')
    ('product rule', 'the trace is cyclic')
    """
    row = RULES.get(rule) or NORMAL.get(rule)
    if row is not None:
        return row.called
    return CALLED[rule]
