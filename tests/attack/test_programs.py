"""No line of a random backward pass is marked wrong where running it gives the gradient, or right where it does not."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import numpy as np
import pytest

from matcalc import check
from tests.attack.programs import program, truth
from tests.parts import seed, share

PARTS = 6


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_programs_are_marked_as_they_run(part: int, tally: Any) -> None:
    marks: Counter[tuple[str, str]] = Counter()
    for number in range(share("MATCALC_FOLDS", 24, PARTS, part)):
        p = program(random.Random(seed(20261129) + 1000 * part + number))
        found = truth(p, number)
        marked = check(p.text, seconds=3)
        lines = marked.marks[-len(p.backward):]
        assert [m.text for m in lines] == [f"d{name} = {value}" for name, value in p.backward]
        for m, is_so in zip(lines, found, strict=True):
            marks[is_so, m.mark] += 1
            assert (is_so, m.mark) not in {("right", "does not follow"), ("wrong", "follows"), ("wrong", "given")}, (m.text, p.text)
        assert "wrong" not in found or marked.worst not in ("follows", "given"), p.text
    tally["lines of random backward passes"].update({f"{is_so} {mark}": k for (is_so, mark), k in marks.items()})
    assert marks["right", "follows"] > 3 * marks["right", "not judged"]


@pytest.mark.parametrize("call", ["np.clip(z, -1, 1)", "np.power(z, 3)", "np.hypot(z, 1)", "F.relu(z)", "F.silu(z)", "np.roll(z, 1)",
                                  "foo(z, 2)", "z.clip(0, 1)", "scipy.special.expit(z)", "np.maximum(z, 0.5)"])
def test_what_a_function_gives_has_no_sizes_of_its_own(call: str) -> None:
    text = f"z = X @ W + b\nh = {call}\nr = h - Y\nL = 0.5*np.sum(r**2)\ndr = r\ndh = dr\n"
    assert "does not follow" not in {m.mark for m in check(text).marks}
    assert check(text.replace("dr = r\n", "dr = 2*r\n")).worst != "follows"


# the file above, what the forward pass does, and a gradient of it that is right only for who misses how names and memory work
MISSED = [
    ("", "a = b = 2*x\na *= 3\nout = b", "2*g"), ("", "y = 2*x\nc = (y,)\ny *= 2\nout = y*c[0]", "16*g*x"),
    ("", "y = x + 0\nz = y.T\nz *= 2\nout = y", "g"), ("", "y = x + 0\nz = np.asarray(y)\nz *= 2\nout = y", "g"),
    ("", "y = x + 0\nnp.multiply(y, 2, out=y)\nout = y", "g"), ("", "y = x + 0\ny.fill(0)\nout = x + y", "2*g"),
    ("def double(a):\n    a *= 2", "y = x + 0\ndouble(y)\nout = y", "g"), ("", "out = x.astype(int)*x", "2*g*x"),
    ("a = 2\ndef act(x):\n    return a*x", "a = 3\nout = act(x) + 0*a", "3*g"), ("a = 2\na *= 2", "out = a*x", "2*g"),
    ("def act(x):\n    return 2*x\nact = np.tanh", "out = act(x)", "2*g"), ("from numpy import log2 as log", "out = log(x*x)", "2*g/x"),
    ("def twice(f):\n    return lambda *a: 2*f(*a)\n@twice\ndef act(x):\n    return 2*x", "out = act(x)", "2*g"),
    ("", "m = x > 0\nm = x < 0\nout = x*m", "g*(x > 0)"), ("", "out = x*x", "3*g\n    return 2*g*x"), ("", "y = 2*x\nout = y", "2*g + 0*y"),
    ("", "d = {'x': 3*x}\nout = 2*d['x']", "2*g"), ("", "x = 2*x\nout = x*x", "2*g*x"),
    ("", "y = 2*x\nout = y", "dx"), ("", "y = 2*x\nout = y", "dy*2"),
    ("", "y = x + 0\n[a.fill(1) for a in y]\nout = y*1", "g"), ("", "y = x + 0\ny.sort() if x is y else y.fill(3)\nout = y", "g"),
    ("", "y = 2*x\nif (y := 3*x) is not None: pass\nout = y", "2*g"), ("", "y = 2*x\nassert (y := 3*x) is not None\nout = y", "2*g"),
    ("", "y = x + 0\nl = [y]\nl[0] *= 2\nout = y", "g"), ("", "y = x + 0\nfor z in [y]:\n    z *= 2\nout = y", "g"),
    ("", "y = x + 0\nexec('y *= 2')\nout = y*1", "g"), ("", "k = 2 ^ 3\nout = k*x", "8*g"),
    ("", "out = np.dot(x, x)", "2*g*x"),
    ("", "out = x @ x.T", "g * x + g.T * x"), ("", "out = x*k\nk = x + 1", "g*(2*x + 1)"),
]


@pytest.mark.parametrize(("above", "forward", "gradient"), MISSED)
def test_a_gradient_that_misses_what_a_name_stands_for_never_follows(above: str, forward: str, gradient: str) -> None:
    text = f"import numpy as np\n{above}\ndef f_forward(x):\n    " + forward.replace("\n", "\n    ") + \
        f"\n    return out, (x,)\n\ndef f_backward(g, cache):\n    x, = cache\n    return {gradient}\n"
    space: dict[str, Any] = {}
    exec(text, space)
    rows = np.array([[0.3, -1.2], [2.1, 0.7]])
    try:
        out, cache = space["f_forward"](rows.copy())
        found = space["f_backward"](np.ones((2, 2)), cache)
        moved = [np.sum(space["f_forward"](rows + h*np.eye(2))[0]) for h in (1e-6, -1e-6)]
        assert not np.isclose(np.trace(found), (moved[0] - moved[1]) / 2e-6)
    except NameError:
        pass
    assert "follows" not in {m.mark for m in check(text).marks if "return" in m.text}


@pytest.mark.parametrize(("forward", "gradient"), [
    ("a = b = 2*x\na *= 3\nout = b", "6*g"), ("y = 2*x\nc = (y,)\ny *= 2\nout = y*c[0]", "32*g*x"), ("x = 2*x\nout = x*x", "8*g*x"),
    ("out = x*x", "2*g*x\n    return 3*g"), ("n = x.shape[0]\nm = n\nn += 1\nout = x/m", "g/x.shape[0]"), ("out = x[None, :]*2", "2*g"),
])
def test_what_a_name_stands_for_is_followed(forward: str, gradient: str) -> None:
    text = "import numpy as np\ndef f_forward(x):\n    " + forward.replace("\n", "\n    ") + \
        f"\n    return out, (x0,)\n\ndef f_backward(g, cache):\n    x, = cache\n    return {gradient}\n"
    assert check(text.replace("f_forward(x):", "f_forward(x):\n    x0 = x")).worst == "follows"
