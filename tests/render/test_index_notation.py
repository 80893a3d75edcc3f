"""Results in index notation: each line is read back, and proved to be what it says."""

import pytest

import matcalc
from matcalc import judges, library
from matcalc.deriving.engine import derive
from matcalc.reading.parse import Problem, parse_file, problem
from matcalc.render import index_page
from matcalc.render.story import letter

NAMES = library.names()


def read_back(p: Problem) -> list[str]:
    """What the judges say of each line."""
    d = derive(p)
    f = letter(p, p.f)
    own = [] if f is p.f else [f"{f} = {p.text['expr']}"]
    define = [*p.text["define"], *own, *(f"{n} = {body}" for n, body in d.where)]
    kinds = []
    for line in index_page.lines(d):
        left, _, right = line.partition(" = ")
        q = problem([*p.text["declare"], *p.inferred], define, p.text["assume"], prove=f"{left} == {right}")
        kinds.append(judges.equation(q).kind if q.ill_shaped is None else f"{line}: {q.ill_shaped.message}")
    return kinds


@pytest.mark.parametrize("name", NAMES[5::17])
def test_lines_of_the_library_are_proved(name: str) -> None:
    for p in parse_file(library.text(name), name):
        if p.f is not None and not p.several and p.prove is None:
            assert set(read_back(p)) == {"proved"}


@pytest.mark.parametrize(("f", "x", "declared", "line"), [
    ("x'*A*x", "x", "A in R^(n,n)", "∂f/∂x[i] = sum(j, (A[i,j] + A[j,i])*x[j])"),
    ("norm2(A*x - b)^2", "x", "A in R^(m,n)", "∂f/∂x[i] = 2*sum(j, A[j,i]*(sum(k, A[j,k]*x[k]) - b[j]))"),
    ("A*X", "X", "A in R^(m,n); X in R^(n,p)", "∂f[i,j]/∂X[k,l] = A[i,k]*eye(p)[l,j]"),
    ("inv(X)", "X", "X in R^(n,n)", "∂f[i,j]/∂X[k,l] = -inv(X)[l,j]*inv(X)[i,k]"),
    ("logdet(X)", "X", "X in R^(n,n)", "∂f/∂X[i,j] = inv(X)[j,i]"),
    ("norm2(x)", "x", "x in R^n", "∂f/∂x[i] = x[i]/sqrt(sum(j, x[j]^2))"),
    ("sum(diag(A))", "A", "A in R^(n,n)", "∂f/∂A[i,j] = eye(n)[i,j]"),
    ("sum(i*j*x)", "x", "i in R; j in R; x in R^n", "∂f/∂x[k] = i*j"),
])
def test_a_derivative_by_its_entries(f: str, x: str, declared: str, line: str) -> None:
    d = matcalc.derive(f, x, declare=declared.split("; "))
    assert d.index().splitlines()[-1] == line
    assert set(read_back(d.record.problem)) <= {"proved"}


def test_several_gradients_and_the_names_between() -> None:
    g = matcalc.derive("norm2(z - y)^2", ["W", "b"], define=["z = tanh(W*x + b)"])
    assert g.index().splitlines() == [
        "f = sum(i, (z[i] - y[i])^2)", "delta_z[i] = 2*(z[i] - y[i])", "∂f/∂W[i,j] = delta_z[i]*(1 - z[i]^2)*x[j]",
        "∂f/∂b[i] = delta_z[i]*(1 - z[i]^2)"]


def test_a_second_derivative_is_written_by_its_entries() -> None:
    d = matcalc.derive("tr(X*X)", "X", declare=["X in R^(n,n)"], order=2)
    assert d.index().splitlines()[-1] == "∂(∂f/∂X[i,j])/∂X[k,l] = 2*eye(n)[l,i]*eye(n)[k,j]"


def test_the_numerator_layout_has_the_same_entries() -> None:
    one, two = (matcalc.derive("A*x", "x", layout=layout) for layout in ("numerator", "denominator"))
    assert one.index() == two.index()


def test_by_independent_entries_is_refused() -> None:
    with pytest.raises(matcalc.InputError, match="no index notation"):
        matcalc.derive("logdet(S)", "S", declare=["S in R^(n,n) spd"], structured=True).index()
