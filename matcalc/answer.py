"""A derivation as Python shows it: the result, the steps, the verdict, and every form they can be written in."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

from .deriving.derivation import Derivation as Record, Step
from .language.deadline import Expired, deadline_after
from .language.expr import Expr, Name
from .outputs import Listed, Renderable
from .render.verdict_words import WordedVerdict
from .render.diagnosis import NOTHING, Diagnosis

if TYPE_CHECKING:
    from .render.story import Story


class Derivation(Renderable):
    """The answer of `derive`: the `result`, the `steps` that lead to it, and the `verdict` of the judges. `str` gives the page.

    The result is in the layout that was asked for. In the denominator layout the gradient of a scalar has the shape of the variable; every
    other derivative has a row for each entry of vec(x) and a column for each entry of vec(f). `shape` gives its size.

    Attributes: `claim_verdict` and `diagnosis` judge the claim, if there was one.
    Pages: `text`, `latex`, `markdown`, `html`, `fragment`, `pdf`, `json`, `index`.
    Code: `source("torch")`, `function()` for NumPy, `file("jax")` with a test, `to_sympy()`.

    >>> from matcalc import derive
    >>> d = derive("A*x", "x", ["A in R^(m,n)", "x in R^n"])
    >>> d.result, d.shape, d.verdict.kind
    (<A'>, ('n', 'm'), 'proved')
    >>> d.steps
    [<step d.product: d(A*x) = A*d(x)>]
    >>> derive("A*x", "x", ["A in R^(m,n)", "x in R^n"], layout="numerator").result
    <A>
    >>> derive("x'*A*x", "x", ["A in R^(n,n)"], claim="2*A*x").diagnosis
    "a missing symmetrisation: A where 0.5*(A + A') belongs; right if A is symmetric"
    """

    libraries = (*Renderable.libraries, "sympy")

    def __init__(self, record: Record, claim_verdict: WordedVerdict | None = None, diagnosis: Diagnosis = NOTHING,
                 expected: tuple[WordedVerdict, Diagnosis] | None = None) -> None:
        self.record, self.claim_verdict, self.diagnosis = record, claim_verdict, diagnosis
        self.expected = expected

    @property
    def result(self) -> Expr:
        """The derivative, as an expression; `str` of it can be typed back, and `.shape` gives its sizes."""
        return self.record.result

    @property
    def where(self) -> list[tuple[Name, Expr]]:
        """What the names stand for that the result uses beyond the problem's own: pairs of a name and an expression."""
        return self.record.where

    @property
    def steps(self) -> Listed[Step]:
        """Every step in order, each the use of one rule at one place; see `Step`."""
        return Listed(self.record.steps)

    @property
    def shape(self) -> tuple[str, str]:
        """Rows and columns of the result, as text."""
        return self.record.shape

    @property
    def verdict(self) -> WordedVerdict:
        """What the judges say of the derivative; see `Verdict`."""
        found: WordedVerdict = self.record.verdict
        return found

    @property
    def inferred(self) -> list[str]:
        """The shapes that were inferred, as one would declare them.

        >>> from matcalc import derive
        >>> derive("norm2(A*x)^2", "x").inferred
        ['A in R^(n,m)', 'x in R^m']
        """
        return list(self.record.problem.inferred)

    @property
    def read(self) -> list[str]:
        """How input in a dialect was read in the language.

        >>> from matcalc import derive
        >>> derive("np.sum((A @ x)**2)", "x").read
        ['sum((A*x).^2)']
        """
        return list(self.record.problem.read)

    @property
    def missed(self) -> tuple[WordedVerdict, Diagnosis] | None:
        """The verdict and diagnosis of the form that a file expects, unless it holds."""
        return self.expected if self.expected is not None and self.expected[0].kind not in ("proved", "checked") else None

    def drawn(self) -> Record:
        """A copy of the record with a fresh time limit, for one more output."""
        return self.record.within(deadline_after(self.record.deadline.seconds))

    def story(self, detail: str = "normal") -> Story:
        """What is on the page; without the steps if they cannot be drawn in time."""
        page = self._derived(detail)
        for what, closed, verdict, diagnosis in self.judged():
            from .render import equations
            page = equations.beside(page, what, closed, verdict, diagnosis)
        return page

    def _derived(self, detail: str) -> Story:
        from .render.story import brief, story
        if self.record.links:
            from .render import gradients_page
            return gradients_page.derivation(self.drawn(), self.verdict, detail)
        try:
            return story(self.drawn(), detail)
        except Expired as e:
            return brief(self.record, e.seconds)

    def judged(self) -> list[tuple[str, Expr | str | None, WordedVerdict, Diagnosis]]:
        """The claim, and the form that a file expects unless it holds: what it is, the closed form, its verdict and diagnosis."""
        p = self.record.problem
        out: list[tuple[str, Expr | str | None, WordedVerdict, Diagnosis]] = []
        if self.claim_verdict is not None:
            out.append(("The claim", p.claim or p.text.get("claim"), self.claim_verdict, self.diagnosis))
        if self.missed is not None:
            out.append(("Expected", p.expect or p.text.get("expect"), *self.missed))
        return out

    def json(self) -> dict[str, object]:
        """The derivation as a dictionary for JSON; every formula is text that parses back.

        >>> from matcalc import derive
        >>> derive("x'*x", "x").json()["result"]
        '2*x'
        """
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
        """The derivative entry by entry, in index notation that `prove` reads back, one equation a line.

        >>> from matcalc import derive
        >>> print(derive("x'*A*x", "x", ["A in R^(n,n)", "x in R^n"]).index(), end="")
        f = sum(i, j, x[i]*A[i,j]*x[j])
        ∂f/∂x[i] = sum(j, (A[i,j] + A[j,i])*x[j])
        """
        from .render import index_page
        return "".join(f"{line}\n" for line in index_page.lines(self.record))

    def written(self, writer: ModuleType) -> str:
        """The source of a function that computes the derivative, or a SymPy expression."""
        r = self.drawn()
        source: str = writer.source(r.problem, r.result, r.where)
        return source

    def filed(self, writer: ModuleType) -> str:
        """The source of a file: the derivative, the function itself, and a test that compares them."""
        r = self.drawn()
        source: str = writer.file(r.problem, r.result, r.where, str(self.verdict), self.verdict.largest)
        return source

    def to_sympy(self) -> Any:
        """The derivative as a SymPy matrix expression.

        Raises: InputError where SymPy has no matrix expression for it, ImportError where SymPy is not installed.

        >>> from matcalc import derive
        >>> derive("x'*A*x", "x").to_sympy()
        (A + A.T)*x
        """
        scope: dict[str, Any] = {}
        exec(self.source("sympy"), scope)
        return scope["grad"]

    def __repr__(self) -> str:
        p = self.record.problem
        where = "".join(f", {n} = {body}" for n, body in self.where)
        return f"<derivative of {p.f} with respect to {p.wrt}: {self.result}{where}; {' x '.join(self.shape)}, {self.verdict.kind}>"
