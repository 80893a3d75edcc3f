"""A problem: what is declared, defined, assumed and asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Union

from ...language.arithmetic import T, mul
from ...language.constants import ones
from ...language.deadline import NEVER, Deadline
from ...language.expr import vec
from ...language.functions import tr
from ...language.nodes import Apply, Expr, Name
from ...language.shape import ONE, SCALAR, InputError, Shape
from ...records import Record
from ..declarations.declare import Declarations
from ..inference.statements import Inferred
from ..expressions.building import Trees

if TYPE_CHECKING:
    from .layer_counts import Depth
    from .losses import Abstract

LAYOUTS = ("denominator", "numerator", "mixed")
NOTHING: Mapping[str, Any] = MappingProxyType({})
Definitions = Sequence[tuple[Name, Expr]]
Equations = Sequence[tuple[Expr, Expr]]
Premises = Union["Problem", "PremiseSet"]      # what a statement rests on: of a problem, or by itself


def paired(g: Expr, u: Expr, typed: bool = False, transposed: bool = False) -> Expr:
    """tr(g'*u), as one writes it for numbers and columns; of what was typed, as it was typed; tr(u*g) of a derivative written `turned`."""
    if transposed and type(u) is Apply and u.shape != SCALAR:
        product = Apply("*", (Apply(u.head, u.args, (u.shape[1], u.shape[0])), g), (g.shape[1], g.shape[1]))
        return product if u.shape[1] is ONE else Apply("tr", (product,), SCALAR)
    if u.shape == SCALAR:
        return Apply("*", (g, u), SCALAR) if typed else mul(g, u)
    if not typed:
        return mul(T(g), u) if u.shape[1] is ONE else tr(mul(T(g), u))
    inside = u.args if type(u) is Apply and u.head == "*" and all(a.shape != SCALAR for a in u.args) else (u,)
    product = Apply("*", (T(g), *inside), (u.shape[1], u.shape[1]))
    return product if u.shape[1] is ONE else Apply("tr", (product,), SCALAR)


class PremiseSet(Record):
    """Premises by themselves, where what is asked is not that of a problem."""

    definitions: Definitions = ()
    assumptions: Equations = ()
    variables: Mapping[str, Name] = NOTHING
    constants: tuple[str, ...] = ()
    deadline: Deadline = NEVER

    @classmethod
    def of(cls, p: Premises, where: Definitions = ()) -> PremiseSet:
        """Those of a problem, and further definitions."""
        return cls((*p.definitions, *where), tuple(p.assumptions), p.variables, p.constants, p.deadline)


class Problem(Record):
    """One question, read and shaped. It does not change: `replace` gives another one.

    `variables` holds every declared or inferred name, the abstract functions among them. Where the shapes of a claim or
    an equation do not fit, that is `ill_shaped`: a verdict on the claim, no fault of the question. A loss that is defined
    nowhere is in `abstract`, with what it is taken as a function of, or in `nowhere`, where it cannot be judged.
    `parse(text, p.scope)` reads an expression in the problem's names.
    """

    scope: Declarations
    variables: Mapping[str, Name] = NOTHING
    inferred_from: tuple[Inferred, ...] = ()
    definitions: Definitions = ()
    assumptions: Equations = ()
    f: Expr | None = None
    wrt: Name | None = None
    order: int = 1
    layout: str = "denominator"
    structured: bool = False
    expand: bool = False
    claim: Expr | None = None
    expect: Expr | None = None
    prove: tuple[Expr, Expr] | None = None
    ill_shaped: InputError | None = None
    read: tuple[str, ...] = ()
    unequal: tuple[Expr, Expr] | None = None        # sides of different shapes
    constants: tuple[str, ...] = ()
    abstract: tuple[Abstract, ...] = ()
    nowhere: tuple[str, ...] = ()
    trees: Trees | None = None
    plain: frozenset[int] = frozenset()             # the statements made of numbers and declared scalars
    places: Mapping[str, tuple[int, Any]] = NOTHING
    several: tuple[Name, ...] = ()                  # all variables, where more than one is asked for
    adjoint: str = ""                               # how the gradients with respect to defined names are called: "d{}"
    tangent: Name | None = None                     # the direction of df, and of the second derivative
    hvp: Name | None = None
    along: Problem | None = None                    # the same along a direction, of which df = .. is claimed
    cotangent_pair: tuple[Name, Expr] | None = None         # the cotangent, and what it is paired with
    taken: frozenset[str] = frozenset()             # names that stand elsewhere on the page
    typed: Problem | None = None                    # of a problem made out of another one
    title: str = ""
    source: str = ""
    notes: str = ""
    text: Mapping[str, Any] = NOTHING
    depth: Depth | None = None                      # of as many layers as a letter says, which these are an instance of
    deadline: Deadline = NEVER

    @property
    def inferred(self) -> list[str]:
        """What was inferred, as one would declare it."""
        return list(map(str, self.inferred_from))

    def replace(self, **changes: Any) -> Problem:
        """The same problem with other values of some of its fields."""
        return self._replace(**changes)

    @property
    def function(self) -> Expr:
        """What is differentiated, of a problem that asks for a derivative."""
        assert self.f is not None
        return self.f

    @property
    def sides(self) -> tuple[Expr, Expr]:
        """The sides of the equation, of a problem that asks for one whose sizes fit."""
        assert self.prove is not None
        return self.prove

    @property
    def variable(self) -> Name:
        """What it is differentiated by."""
        assert self.wrt is not None
        return self.wrt

    @property
    def times(self) -> int:
        """How often f is differentiated: for a Hessian-vector product twice."""
        return 2 if self.hvp is not None else self.order

    def within(self, deadline: Deadline) -> Problem:
        """The same problem, to be answered by another moment."""
        return self._replace(deadline=deadline)

    def claimed_of(self, claim: Expr, shape: Shape) -> tuple[Problem, Expr]:
        """A claim that is a number or made of declared scalars is meant of every entry, as in an equation; one of a matrix by a number that
        has the shape of the matrix, of its entries in their places: the problem with it."""
        number, _ = self.places.get("claim", (0, None))
        if claim.shape == SCALAR != shape and number in self.plain:
            claim = mul(claim, ones(*shape))
        elif self.wrt is not None and self.wrt.shape == SCALAR and claim.shape == self.function.shape and ONE not in claim.shape:
            claim = vec(claim) if shape[1] is ONE else T(vec(claim))
        else:
            return self, claim
        return self._replace(claim=claim, places={**self.places, "claim": (number, claim)}), claim

    def as_typed(self, calls: dict[Name, Expr] | None = None) -> Problem:
        """The same problem with the trees as typed in the places of the expressions made of them: what is judged. With `calls` those of
        definitions that are kept are letters in f and in what is defined, and it holds what they stand for."""
        t, trees = self.typed, self.trees
        if t is not None:
            return self._replace(places=NOTHING, typed=None, f=t.f, definitions=t.definitions, assumptions=t.assumptions,
                                 claim=t.claim if self.claim else None)
        if trees is None:
            return self._replace(places=NOTHING)
        if self.cotangent_pair is not None:
            g, u = self.cotangent_pair
            typed = self._replace(f=u, cotangent_pair=None).as_typed(calls)
            return typed._replace(f=paired(g, typed.function, True), cotangent_pair=(g, u))

        def raw(key: str, now: Any) -> Any:
            number, made = self.places.get(key, (0, None))
            if made is None or made is not now:
                return now
            within = calls if key == "f" or key.startswith("define") else None
            return trees.sides(number) if isinstance(now, tuple) else trees.spread(number, now.shape, within)
        return self._replace(
            places=NOTHING, f=raw("f", self.f), claim=raw("claim", self.claim), expect=raw("expect", self.expect),
            prove=raw("prove", self.prove),
            definitions=[(name, raw(f"define {k}", body)) for k, (name, body) in enumerate(self.definitions)],
            assumptions=[raw(f"assume {k}", pair) for k, pair in enumerate(self.assumptions)])
