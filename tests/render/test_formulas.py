"""Formulas as they are set, one line a case: what one types, LaTeX, Unicode."""

from collections import Counter

import pytest

import matcalc as mc
from matcalc.language.expr import Apply, Expr
from matcalc.reading.parse import parse
from matcalc.render.latex import latex
from matcalc.render.mathml import mathml
from matcalc.render.notation import Notation
from matcalc.render.plain import plain

DECLARED = ["x in R^n", "y in R^n", "s in R^n", "A in R^(n,n)", "B in R^(n,n)", "X in R^(m,n)", "a in R", "c in R", "lambda in R",
            "x_1 in R^n", "W2 in R^(n,n)", "theta_hat in R", "f: R -> R", "g: R^n -> R", "h: R^n -> R^m", "rate in R"]
CASES = [
    ("diag(s) - s*s'", r"\operatorname{diag}(s) - s\,s^{\top}", "diag(s) − s sᵀ"),
    ("exp(x)/sum(exp(x))", r"\frac{\exp(x)}{\mathbf{1}^{\top} \exp(x)}", "exp(x)/(𝟏ᵀexp(x))"),
    ("x.*y", r"x \odot y", "x ⊙ y"),
    ("x./y", r"x \oslash y", "x ⊘ y"),
    ("(A*x).*y", r"(A\,x) \odot y", "(A x) ⊙ y"),
    ("A*(x.*y)", r"A\,(x \odot y)", "A (x ⊙ y)"),
    ("inv(A)'*x", r"A^{-\top}\,x", "A⁻ᵀ x"),
    ("A^3", r"A^{3}", "A³"),
    ("-x", "-x", "−x"),
    ("y - (x + s)", None, None),
    ("0.5*x", r"\tfrac{1}{2}\,x", "x/2"),
    ("0.5*A*x", r"\tfrac{1}{2}\,A\,x", "A x/2"),
    ("lambda*x_1", r"\lambda\,x_{1}", "λ x₁"),
    ("W2*x", r"W_{2}\,x", "W₂ x"),
    ("theta_hat", r"\hat{\theta}", "θ\u0302"),
    ("rate*x", r"\mathit{rate}\,x", "rate x"),
    ("ones(n)*ones(n)'", None, None),
    ("eye(n) - x*x'", r"I - x\,x^{\top}", "I − x xᵀ"),
    ("kron(eye(n), A)", r"I_{n} \otimes A", "I_n ⊗ A"),
    ("norm2(x)", r"\lVert x \rVert", "‖x‖"),
    ("normF(X)^2", r"\lVert X \rVert_{F}^{2}", "‖X‖_F²"),
    ("logdet(A)", r"\log\lvert \det A \rvert", "log|det A|"),
    ("sqrt(a + c)", r"\sqrt{a + c}", "√(a + c)"),
    ("f'(x)", r"f'(x)", "f'(x)"),
    ("grad(g)(x)", r"\nabla g(x)", "∇g(x)"),
    ("hess(g)(x)", r"\nabla^{2} g(x)", "∇²g(x)"),
    ("sum(X)", r"\mathbf{1}^{\top} X\,\mathbf{1}", "𝟏ᵀX 𝟏"),
    ("rowsum(X)", r"X\,\mathbf{1}", "X 𝟏"),
    ("(x'*A*x)*x", r"(x^{\top}\,A\,x)\,x", "(xᵀ A x) x"),
    ("a/(c*lambda)", r"\frac{a}{c\,\lambda}", "a/(c λ)"),
    ("a^-2", r"\frac{1}{a^{2}}", "1/a²"),
    ("x.^2", r"x^{\circ 2}", "x∘²"),
    ("d(A*x)", r"\mathrm{d}(A\,x)", "d(A x)"),
    ("d(x)", r"\mathrm{d}x", "dx"),
    ("vec(A*B)", r"\operatorname{vec}(A\,B)", "vec(A B)"),
    ("comm(m,n)", r"K_{m,n}", "K_(m,n)"),
    ("sigmoid(x)", r"\sigma(x)", "σ(x)"),
]


@pytest.mark.parametrize(("typed", "tex", "text"), CASES, ids=[c[0] for c in CASES])
def test_a_formula_is_set_as_a_book_sets_it(typed: str, tex: str | None, text: str | None) -> None:
    e = parse(typed, DECLARED)
    if tex is not None:
        assert latex(e) == tex
    if text is not None:
        assert plain(e) == text


def test_a_sum_keeps_the_meaning_of_its_signs() -> None:
    assert plain(parse("a - (c - lambda)", DECLARED)) in ("a − c + λ", "a + λ − c")
    assert plain(parse("-(a + c)", DECLARED)) in ("−(a + c)", "−a − c")
    assert plain(parse("x - 2*y", DECLARED)) == "x − 2 y"


@pytest.mark.parametrize(("text", "page", "tex"), [
    ("logdet(S)/2 + c*logdet(S)", "c (log det S) + (log det S)/2", r"c\,\log\det S + \tfrac{1}{2}\,\log\det S"),
    ("logdet(S + eye(n))/2", "log det(S + I)/2", r"\tfrac{1}{2}\,\log\det(S + I)"),
    ("logdet(A)/2", "log|det A|/2", r"\tfrac{1}{2}\,\log\lvert \det A \rvert")])
def test_the_determinant_of_a_definite_matrix_has_no_bars(text: str, page: str, tex: str) -> None:
    e = parse(text, ["S in R^(n,n) spd", "A in R^(n,n)", "c in R"])
    assert (plain(e), latex(e)) == (page, tex)


def test_a_letter_with_an_index_is_raised_above_it() -> None:
    assert "<msubsup><mi>x</mi><mrow><mn>1</mn></mrow><mrow>" in mathml(parse("x1'*y", ["x1, y in R^n"]))


def test_products_entry_by_entry_stand_the_shorter_way_round() -> None:
    given = ["x in R^(m,n)", "W, V in R^(n,d)", "G in R^(m,k)", "U in R^(d,k)"]
    assert str(parse("(U*G').*(W'*x').*sigmoid(x*V)'", given)) == "((G*U').*sigmoid(x*V).*(x*W))'"
    assert parse("(A'.*B)'", ["A in R^(n,m)", "B in R^(m,n)"]) is parse("A.*B'", ["A in R^(n,m)", "B in R^(m,n)"])


def test_a_page_writes_what_its_lines_have_in_common_once(monkeypatch: pytest.MonkeyPatch) -> None:
    d = mc.derive("norm2(A*x - b)^2", "x", ["A in R^(m,n)"])
    d.story()
    written: Counter[Expr] = Counter()
    plainly = Notation._plain
    monkeypatch.setattr(Notation, "_plain", lambda self, e: written.update([e]) or plainly(self, e))
    d.story()
    assert {n for e, n in written.items() if isinstance(e, Apply)} == {1}
