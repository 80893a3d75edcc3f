"""A name that nothing else mentions may be meant as a gradient: which one it equals, or which single change would make it one."""

from __future__ import annotations

import re

from ..diagnose.slip import Kind
from ..language.expr import InputError
from .consequences import Consequences
from .formula import formula
from .marks import Mark, Reason
from .records import Row, texts

ONE_CHANGE = (Kind.EDIT, Kind.NO_FACTOR, Kind.MULTIPLE, Kind.NEGATIVE, Kind.NO_TERMS, Kind.SIGN_OF_TERMS, Kind.FACTOR_OF_TERMS)
MOST = 4        # so many gradients are tried


def compared_with_gradients(lines: Consequences, row: Row, name: str, mark: Mark) -> Mark:
    """The mark of a definition that nothing ties to the rest of the sheet, with the gradient that it is or nearly is."""
    unjudged = mark._replace(mark="not judged", reason=Reason("unused", (name,)))
    said = " ".join(texts(lines.sheet.rows))
    functions = dict.fromkeys(re.findall(r"\bd\((\w+)\)/d\(", said))
    names = [n for n, _, _ in lines.define if n != name and n not in functions]
    names += [n for n in formula(said).by if n not in names]
    gradients = [f"d({f})/d({x})" for f in functions for x in names if lines.fits(name, x)]
    near: Mark | None = None
    for gradient in [*gradients, *(g for g in lines.gradients_in(name) if g not in gradients)][:MOST]:
        try:
            found = lines.judged(gradient, row._replace(left=gradient, right=name))
        except InputError:
            continue
        if found.mark == "follows":
            return unjudged._replace(reason=Reason("likened", (name, gradient)))
        if near is None and found.diagnosis.slips and found.diagnosis.slips[0].what in ONE_CHANGE:
            near = unjudged._replace(reason=Reason("nearly", (name, gradient)), diagnosis=found.diagnosis, would=found.would)
    return near or unjudged
