"""What is set off in a line: the part that changed, where it changed."""

import pytest

from matcalc import api
from matcalc.book import entries
from matcalc.reading.parse import parse
from matcalc.render import terminal
from matcalc.render.changes import set_off
from matcalc.render.opening import same_text
from matcalc.render.plain import CLOSE, OPEN, plain

DECLARED = ["X in R^(n,m)", "w in R^m", "y in R^n", "A in R^(n,n)", "B in R^(n,n)", "C in R^(n,n)", "x in R^n", "c in R"]


@pytest.mark.parametrize(("before", "after", "shown"), [
    ("(X*w - y)'*d(X*w - y)", "(X*w - y)'*d(X*w)", "(X w − y)ᵀ d([X w])"),       # not the X w in front
    ("x'*A*x + x'*B*x", "x'*B*x + x'*A*C*x", "xᵀ A [C] x + xᵀ B x"),
    ("d(A*x)", "A*d(x)", "A dx"),                                               # all of it
    ("A*B*C + A", "C*A*B + A", "A + [C] A B"),                                    # what moved
    ("sin(c)*x + sin(c)*y", "sin(c)*x + cos(c)*y", "[cos(c)] y"),
    ("A*d(A*x) + c*d(A*x)", "A*A*d(x) + c*d(A*x)", "[A² dx]"),
    ("x + x'*x*y", "x + x'*x*x", "(xᵀ x) [x]"),
    ("x.*y.*exp(x)", "x.*y.*exp(y)", "x ⊙ y ⊙ exp([y])"),
])
def test_only_the_part_that_is_new(before: str, after: str, shown: str) -> None:
    drawn = plain(*set_off(parse(before, DECLARED), parse(after, DECLARED))).replace(OPEN, "[").replace(CLOSE, "]")
    assert shown in drawn, drawn
    assert drawn.replace("[", "").replace("]", "") == plain(parse(after, DECLARED))


def test_terms_keep_their_places_in_a_line_with_marks() -> None:
    page = api.derive("norm2(X*w - y)^2 + c*norm2(w)^2 + sum(exp(w))", "w")
    assert page.html().count('<mrow class="new">') >= 5
    assert "= 2 (X w − y)ᵀ X dw + 2 c wᵀ dw + exp(w)ᵀ dw" in page.text()


def test_a_line_with_marks_has_the_order_of_one_without() -> None:
    page = entries.read("cookbook/trace-square-product").stories[0]
    drawn = [["".join(text for text, _ in row) for row in terminal.draw(page, 80, False, colour)] for colour in (True, False)]
    assert drawn[0] == drawn[1]


def test_a_page_has_its_own_order_whatever_was_shown_before() -> None:
    declared = ["u in R^n", "s in R^n"]
    assert not same_text(parse("s'*u", declared), parse("sum(s.*u)", declared))
    assert "a scalar is its own transpose" not in api.derive("u'*s", "u", declared).text()
