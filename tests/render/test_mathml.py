"""MathML: elements for what has two dimensions, and a page that asks nothing of anybody."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from matcalc import api
from matcalc.reading.parse import parse
from matcalc.render import html
from matcalc.render.changes import set_off
from matcalc.render.html import STYLE
from matcalc.render.mathml import broken, mathml
from matcalc.render.story import story

DECLARED = ["x in R^n", "A in R^(n,n)", "c in R", "delta_P in R^n", "x1 in R"]


@pytest.mark.parametrize(("text", "elements", "words"), [
    ("x1", ["msub"], "x1"), ("delta_P", ["msub"], "δP"), ("x'*A", ["msup"], "x⊤A"), ("1/(1 + c)", ["mfrac"], "11+c"),
    ("sqrt(c)*x", ["msqrt"], "cx"), ("inv(A)*x", ["msup"], "A−1x"), ("norm2(x)^2", ["msup"], "‖x‖2"), ("x.^2", ["msup"], "x∘2"),
    ("softmax(x) - x", [], "softmax(x)−x"), ("-c*x", [], "−cx"), ("log(abs(c))", [], "log(|c|)"),
    ("(A - x*x'/c)*x/c", ["mfrac"], "1c(A−xx⊤c)x"), ("(x - c*x)/x1", ["mfrac"], "x−cxx1")])
def test_a_formula_is_a_tree(text: str, elements: list[str], words: str) -> None:
    tree = ElementTree.fromstring(mathml(parse(text, DECLARED)))
    assert {e.tag for e in tree.iter()} >= {"math", *elements}
    assert "".join(tree.itertext()) == words
    for leaf in tree.iter():
        assert leaf.tag in ("mi", "mn", "mo") or not (leaf.text or leaf.tail or "").strip(), "loose characters are not drawn"


def test_what_changed_is_set_off_and_nothing_is_fetched() -> None:
    page = api.derive("softmax(A*x)", "x", ["A in R^(m,n)"]).html()
    assert '<mrow class="new">' in page and "<msub><mi>δ</mi>" not in page
    assert not re.search(r"https?:|<link|<script|src=|url\(", page)


def test_the_same_letters_elsewhere_in_a_line_are_not_set_off() -> None:
    """x'*A*dx is new in the numerator; the x'*x below it stood there before."""
    before = parse("d(x'*A*x)/(x'*x)", ["x in R^n", "A in R^(n,n)"])
    after = parse("x'*A*d(x)/(x'*x)", ["x in R^n", "A in R^(n,n)"])
    (fraction,) = ElementTree.fromstring(broken(*set_off(before, after))).iter("mfrac")
    assert [any(e.get("class") == "new" for e in part.iter()) for part in fraction] == [True, False]


@pytest.mark.parametrize("paper", ["#fff", "#181818"])
def test_words_can_be_read_in_light_and_dark(paper: str) -> None:
    """A contrast of at least 4.5 : 1 of every colour of words, on the page and where it changed."""
    light, dark = re.findall(r":root\{([^}]*)\}", STYLE)
    colours = dict(re.findall(r"--(\w+):(#\w+)", light if paper == "#fff" else dark))
    assert colours["paper"] == paper
    for name in ("ink", "soft", "why", "good", "bad", "open"):
        assert contrast(colours[name], paper) >= 4.5, name
    assert contrast(colours["ink"], colours["new"]) >= 4.5


def contrast(a: str, b: str) -> float:
    """As the Web Content Accessibility Guidelines define it."""
    one, two = sorted(map(luminance, (a, b)))
    return (two + 0.05)/(one + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c + c for c in colour[1:])
    parts = [int(digits[i:i + 2], 16)/255 for i in (0, 2, 4)]
    red, green, blue = (p/12.92 if p <= 0.03928 else ((p + 0.055)/1.055)**2.4 for p in parts)
    return 0.2126*red + 0.7152*green + 0.0722*blue


def test_a_sum_may_be_broken_between_its_terms() -> None:
    e = parse("A*x - b + c*x", ["A in R^(n,n)", "x, b in R^n", "c in R"])
    terms = broken(e, frozenset(), "=").split("</math> ")
    assert len(terms) == 3 and "<mo>=</mo>" in terms[0] and ">+</mo>" in terms[1] and ">−</mo><mrow><mi>b</mi>" in terms[2]
    assert broken(parse("A*x", ["A in R^(n,n)", "x in R^n"]), frozenset(), "=").count("<math") == 1


def test_numbers_before_letters_are_small_everywhere() -> None:
    page = html.page(story(api.derive("norm2(A*x - b)^2/2", "x").record))
    assert "<mfrac><mrow>1</mrow>" not in page and '<mfrac displaystyle="false"><mrow><mn>1</mn></mrow>' in page


@pytest.mark.parametrize(("text", "parts", "marked"), [
    ("diag(exp(u).*(1 - tanh(v).^2))*A*diag(v.*(1 - v).*u)", 4, 3), ("tr((A*B - B*A)*diag(u.*v)*(A + B)*diag(v))", 4, 4), ("A*u", 1, 1),
    ("(exp(u).*v.*(1 - tanh(u).^2)).*(u.*u)", 4, 4), ("(exp(u) - tanh(u)/n + exp(v)/n)'*diag(softmax(v))", 4, 4)])
def test_a_long_product_may_be_broken_between_its_factors(text: str, parts: int, marked: int) -> None:
    e = parse(text, ["A, B in R^(n,n)", "u, v in R^n"])
    for marks, count in ((frozenset(), parts), (frozenset((e,)), marked)):
        found = broken(e, marks, "=").split("</math> ")
        assert len(found) == count, found
        trees = [ElementTree.fromstring(f.removesuffix("</math>") + "</math>") for f in found]
        whole = ElementTree.fromstring(mathml(e, marks, "="))
        assert "".join(t for tree in trees for t in tree.itertext()) == "".join(whole.itertext()), "nothing is lost"


def test_a_number_does_not_stand_alone_in_a_row() -> None:
    found = broken(parse("2*(u.*v.*(1 - tanh(w).^2))*(w'*v)'", ["u, v, w in R^n"]), frozenset(), "=").split("</math> ")
    shown = ["".join(ElementTree.fromstring(f.removesuffix("</math>") + "</math>").itertext()) for f in found]
    assert shown[0] != "=2" and len(shown) > 1, shown


def test_a_sum_that_is_cut_in_its_brackets_keeps_its_signs_apart_and_functions_with_what_they_are_of() -> None:
    page = html.page(story(api.derive("logdet(S) + tr(inv(S)*C)", "S", ["S in R^(n,n) spd", "C in R^(n,n) symmetric"]).record))
    cut = next(line for line in page.split('<div class="why">') if "</math> <math" in line)
    parts = re.findall(r"<math.*?</math>", cut.partition('<div class="right">')[2])
    assert len(parts) == 2 and parts[1].startswith('<math displaystyle="true"><mo lspace="0" rspace="0.25em">+</mo>'), parts
    assert "<mi>det</mi>" in parts[0] and "<mi>S</mi>" in parts[0]
