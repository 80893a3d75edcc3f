"""A derivative as Python has it: the result, the steps, the verdict, and every form they are written in."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

from .deriving.derivation import Derivation as Record
from .deriving.derivation import Step
from .language.deadline import Expired, after
from .language.expr import Expr, Name
from .outputs import Listed, Paged
from .render.said import Said
from .render.diagnosis import NOTHING, Diagnosis

if TYPE_CHECKING:
    from .render.story import Story


class Derivation(Paged):
    """An answer: the `result`, the `steps` that lead to it, and the judges' `verdict`; `str` gives the page.

    The result is in the layout that was asked for: for a scalar f, in the denominator layout, as large as the variable; else
    vec(x) goes down and vec(f) across. `claim_verdict` judges the claim, where one was made. Other forms: `latex`, `markdown`,
    `html`, `pdf`, `json`, `index`, and code: `source("torch")`, `function()` for NumPy, `to_sympy()`.

    >>> from matcalc import derive
    >>> d = derive("A*x", "x", ["A in R^(m,n)", "x in R^n"])
    >>> d.result, d.shape, d.verdict.kind
    (<A'>, ('n', 'm'), 'proved')
    >>> derive("A*x", "x", ["A in R^(m,n)", "x in R^n"], layout="numerator").result
    <A>
    """

    libraries = (*Paged.libraries, "sympy")

    def __init__(self, record: Record, claim_verdict: Said | None = None, diagnosis: Diagnosis = NOTHING,
                 expected: tuple[Said, Diagnosis] | None = None) -> None:
        self.record, self.claim_verdict, self.diagnosis = record, claim_verdict, diagnosis
        self.expected = expected

    @property
    def result(self) -> Expr:
        """The derivative."""
        return self.record.result

    @property
    def where(self) -> list[tuple[Name, Expr]]:
        """Names the result uses beyond the problem's own."""
        return self.record.where

    @property
    def steps(self) -> Listed[Step]:
        """Every step, in order."""
        return Listed(self.record.steps)

    @property
    def shape(self) -> tuple[str, str]:
        """Rows and columns of the result."""
        return self.record.shape

    @property
    def verdict(self) -> Said:
        """What the judges say."""
        found: Said = self.record.verdict
        return found

    @property
    def inferred(self) -> list[str]:
        """The shapes that were not declared, as one would declare them."""
        return list(self.record.problem.inferred)

    @property
    def read(self) -> list[str]:
        """What was typed in a dialect, as it was read in the language."""
        return list(self.record.problem.read)

    @property
    def missed(self) -> tuple[Said, Diagnosis] | None:
        """The verdict on what a file expects and its diagnosis, where it does not hold or nobody could tell."""
        return self.expected if self.expected is not None and self.expected[0].kind not in ("proved", "checked") else None

    def drawn(self) -> Record:
        """A copy of the record with a fresh deadline, for one more output."""
        return self.record.within(after(self.record.deadline.seconds))

    def story(self, detail: str = "normal") -> Story:
        """What stands on the page; without the steps where they are not drawn in time."""
        page = self._derived(detail)
        for what, closed, verdict, diagnosis in self.judged():
            from .render import equations
            page = equations.beside(page, what, closed, verdict, diagnosis)
        return page

    def _derived(self, detail: str) -> Story:
        from .render.story import brief, story
        if self.record.links:
            from .render import links as linked_pages
            return linked_pages.derivation(self.drawn(), self.verdict, detail)
        try:
            return story(self.drawn(), detail)
        except Expired as e:
            return brief(self.record, e.seconds)

    def judged(self) -> list[tuple[str, Expr | str | None, Said, Diagnosis]]:
        """The claim, and what a file expects where that does not hold: what it is, the closed form, its verdict, what is wrong with it."""
        p = self.record.problem
        out: list[tuple[str, Expr | str | None, Said, Diagnosis]] = []
        if self.claim_verdict is not None:
            out.append(("The claim", p.claim or p.text.get("claim"), self.claim_verdict, self.diagnosis))
        if self.missed is not None:
            out.append(("Expected", p.expect or p.text.get("expect"), *self.missed))
        return out

    def json(self) -> dict[str, object]:
        """The derivation as data; every formula as text that parses back."""
        from .render.data import data, verdict
        out = data(self.drawn())
        if self.claim_verdict is not None:
            out["claim"] = {"claimed": str(self.record.problem.text.get("claim")), **(verdict(self.claim_verdict) or {}),
                            "diagnosis": self.diagnosis}
        if self.missed is not None:
            out["expect"] = {"expected": str(self.record.problem.text.get("expect")), **(verdict(self.missed[0]) or {}),
                             "diagnosis": self.missed[1]}
        return out

    def index(self) -> str:
        """The derivative entry by entry, in index notation that `prove` reads back, a line for each equation.

        >>> from matcalc import derive
        >>> print(derive("x'*A*x", "x", ["A in R^(n,n)", "x in R^n"]).index(), end="")
        f = sum(i, j, x[i]*A[i,j]*x[j])
        ∂f/∂x[i] = sum(j, (A[i,j] + A[j,i])*x[j])
        """
        from .render import index_page
        return "".join(f"{line}\n" for line in index_page.lines(self.record))

    def written(self, writer: ModuleType) -> str:
        """A function that computes the derivative, or its matrix expression."""
        r = self.drawn()
        source: str = writer.source(r.problem, r.result, r.where)
        return source

    def filed(self, writer: ModuleType) -> str:
        """The source of the file: the derivative, the value and a test of both."""
        r = self.drawn()
        source: str = writer.file(r.problem, r.result, r.where, str(self.verdict), self.verdict.largest)
        return source

    def to_sympy(self) -> Any:
        """The derivative as a matrix expression of SymPy's."""
        scope: dict[str, Any] = {}
        exec(self.source("sympy"), scope)
        return scope["grad"]

    def __repr__(self) -> str:
        p = self.record.problem
        where = "".join(f", {n} = {body}" for n, body in self.where)
        return f"<derivative of {p.f} with respect to {p.wrt}: {self.result}{where}; {' x '.join(self.shape)}, {self.verdict.kind}>"
