"""Definitions that do not determine the shapes of a sheet: values found for unknowns, x_hat = .., and values that would make a number of a
name that is transposed elsewhere.
"""

from __future__ import annotations

import re
from contextlib import suppress

from ..language.expr import SCALAR, InputError, ShapeError
from ..reading.parse import problem
from .fitting import Fitting
from .definition_parts import WORDS
from .definition_order import ordered
from .shape_table import inferred
from .estimates import estimated_unknown

class LateDefinitions(Fitting):
    """Finds the shapes of names without them first."""

    def shapes_found(self) -> dict[str, InputError]:
        """The shapes of undeclared names; the values of unknowns that do not fit with these, by name."""
        used = {w for _, body, _ in self.define for w in WORDS.findall(body)}
        said = used | {w for r in self.sheet.rows if r.why is None for w in WORDS.findall(f"{r.left or ''} {r.right}")}
        late = [entry for entry in self.define if entry[0] not in used and estimated_unknown(entry[0], said)]
        if not late:
            self.shaped()
            return self.untransposed()
        self.define = [entry for entry in self.define if entry not in late]
        self.shaped({name for name, _, _ in late})
        bad: dict[str, InputError] = {}
        for entry in late:
            try:
                problem(self.declare, [f"{n} = {b}" for n, b, _ in (*self.define, entry)], losses=self.given.losses)
                self.define = ordered([*self.define, entry])
            except InputError as e:
                bad[entry[0]] = e
                self.tainted[entry[0]] = entry[2]
        self.given = self.given._replace(define=self.define)
        if not bad:
            self.shaped()
        return bad

    def broken_promises(self) -> dict[str, InputError]:
        """The definitions whose shape is not the one that was declared."""
        out: dict[str, InputError] = {}
        for name, shape in self.sheet.promised.items():
            try:
                p = problem([*self.declare, f"{name}_declared in {shape}"], [f"{n} = {b}" for n, b, _ in self.define], self.given.assume,
                            prove=f"{name} == {name}_declared")
            except ShapeError as e:
                out[name] = e
            except InputError:
                continue
            else:
                out |= {} if p.ill_shaped is None else {name: p.ill_shaped}
        return out

    def untransposed(self) -> dict[str, InputError]:
        """The definitions in which a name lacks its transpose: it is a number by them alone, and a column where it is transposed there as
        it is elsewhere on the sheet."""
        texts = " ".join([*(f"{r.left or ''} {r.right}" for r in self.sheet.rows if r.why is None), *(b for _, b, _ in self.define)])
        bad: dict[str, InputError] = {}
        for name in [g.name for g in self.inferred if g.shape == SCALAR and re.search(rf"\b{g.name}'", texts)]:
            for n, body, number in self.define:
                if n in bad or not re.search(rf"\b{name}\b", body) or re.search(rf"\b{name}'", body):
                    continue
                error = self.as_column(name, n, body)
                if error is not None:
                    bad[n], self.tainted[n] = error, number
        if bad:
            self.define = [entry for entry in self.define if entry[0] not in bad]
            self.given = self.given._replace(define=self.define)
        return bad

    def as_column(self, name: str, of: str, body: str) -> InputError | None:
        """What is wrong with a definition where a name is a column; None where it is none once it is transposed there."""
        transposed = re.sub(rf"\b{name}\b", f"{name}'", body, count=1)
        define = [f"{n} = {transposed if n == of else b}" for n, b, _ in self.define]
        numbers = [g.name for g in self.inferred if g.shape == SCALAR and g.name != name and g.name in WORDS.findall(body)]
        for one in ("", *numbers):
            declare = [*self.sheet.declare, *([f"{one} in R"] if one else [])]
            with suppress(InputError):
                found = inferred(declare, define, [], [[of]], self.given.losses)
                if any(g.name == name and g.shape != SCALAR for g in found) and self.number_with(of, define, [*declare, *map(str, found)]):
                    break
        else:
            return None
        try:
            problem([*declare, *map(str, found)], [f"{n} = {b}" for n, b, _ in self.define], losses=self.given.losses)
        except InputError as e:
            return e
        return None
