"""What is asked, as it was typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...records import Record

if TYPE_CHECKING:
    from ..grammar.tokens import Line
    from .losses import Known


class Question(Record):
    """What is asked: lines, a formula, options.

    `losses` says what undefined losses are functions of; `several` names the variables, `adjoint` says what gradients between are called,
    `cotangent` names the matrix G of the vector-Jacobian product: tr(G'*f) is differentiated. `tangent` and `hvp` name a direction V:
    the differential of f at dx = V, and the Hessian times V. With `kernel` there is a cotangent, G where nobody named one.
    """

    declare: Sequence[str] = ()
    define: Sequence[str] = ()
    assume: Sequence[str] = ()
    expr: str | None = None
    wrt: str | None = None
    order: int = 1
    layout: str = "denominator"
    structured: bool = False
    claim: str | None = None
    prove: str | None = None
    expand: bool = False
    expect: str | None = None
    losses: Known | None = None
    several: Sequence[str] = ()
    adjoint: str = ""
    cotangent: str = ""
    tangent: str = ""
    hvp: str = ""
    kernel: bool = False

    def lines(self, key: str) -> list[str]:
        """The lines of declare, define or assume, also where one was given alone."""
        found: Sequence[str] = getattr(self, key)
        return [found] if isinstance(found, str) else list(found)


class Lines(Record):
    """The lines of a problem, what undefined losses are functions of, and which derivative is asked for in which layout."""

    define: Sequence[Line] = ()
    assume: Sequence[Line] = ()
    expr: Line | None = None
    wrt: Line | None = None
    claim: Line | None = None
    prove: Line | None = None
    expect: Line | None = None
    functions_of: Known | None = None
    order: int = 1
    layout: str = "denominator"


def variables_asked(wrt: str) -> tuple[str | None, tuple[str, ...]]:
    """The variable of a text, or all of several; `all` is every one there is, and of an empty text there is none.

    >>> variables_asked("W1, b1"), variables_asked("x")
    ((None, ('W1', 'b1')), ('x', ()))
    """
    if not wrt:
        return None, ()
    names = tuple(name.strip() for name in re.split(r",(?![^(\[]*[)\]])", wrt))
    return (wrt, ()) if len(names) == 1 and names != ("all",) else (None, names)
