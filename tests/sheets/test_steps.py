"""Steps of a backward pass are judged by themselves: what they do not speak of is left out, whatever the length of the sheet."""

import pytest

import matcalc
from matcalc.sheets.marking.stepping import between, steps
from matcalc.sheets.parts.definition_parts import DefinitionParts
from matcalc.sheets.parts.definition_parts import ordered
from matcalc.language.expr import Dim

N, M = Dim.of("n"), Dim.of("m")


def network(layers: int) -> list[str]:
    out = ["A0 in R^(n,m)", "Y in R^(n,m)", *(f"W{k} in R^(n,n)" for k in range(1, layers + 1))]
    for k in range(1, layers + 1):
        out += [f"Z{k} = W{k}*A{k - 1}", f"A{k} = tanh(Z{k})"]
    return [*out, f"L = norm2(A{layers} - Y)^2/2"]


def backward(layers: int, wrong: int = 0) -> list[str]:
    out = [f"delta{layers} = d(L)/d(Z{layers}) = (A{layers} - Y).*(1 - A{layers}.^2)"]
    for k in range(layers, 0, -1):
        out.append(f"d(L)/d(W{k}) = delta{k}*A{k - 1}'")
        if k > 1:
            transposed = "" if k == wrong else "'"
            out.append(f"delta{k - 1} = d(L)/d(Z{k - 1}) = (W{k}{transposed}*delta{k}).*(1 - A{k - 1}.^2)")
    return out


def test_a_deep_backward_pass_follows() -> None:
    found = matcalc.check("\n".join([*network(8), *backward(8)]))
    assert found.worst == "follows"
    assert all(m.verdict is not None and m.verdict.kind == "proved" for m in found.marks if m.mark == "follows")


def test_a_wrong_delta_in_the_middle_is_found_and_said_in_the_deltas_of_the_sheet() -> None:
    found = matcalc.check("\n".join([*network(6), *backward(6, wrong=3)]))
    wrong = [m for m in found.marks if m.mark == "does not follow"]
    assert [m.text for m in wrong] == ["delta2 = d(L)/d(Z2) = (W3*delta3).*(1 - A2.^2)"]
    assert wrong[0].would == "(W3'*delta3).*(ones(n, m) - A2.^2)"
    assert "W3 where W3' belongs" in str(wrong[0].diagnosis)
    assert found.totals["follows"] == 11


def test_gradients_as_programs_name_them() -> None:
    lines = [line.replace("delta", "dZ") for line in backward(4)]
    lines = [line.replace("d(L)/d(W", "dW").replace(") = dZ", " = dZ") if "W" in line.split("=")[0] else
             line.partition(" = ")[0] + " = " + line.rpartition(" = ")[2] for line in lines]
    found = matcalc.check("\n".join([*network(4), *lines]))
    assert found.worst == "follows", found.text()


def made() -> DefinitionParts:
    entries = [line.split(" = ") for line in network(5) if "=" in line]
    return DefinitionParts([(name, body, 0) for name, body in entries], {})


def test_a_step_speaks_of_one_layer_only() -> None:
    shapes = {f"{c}{k}": (N, M) for k in range(6) for c in "ZA"}
    [step, *_] = steps("d(L)/d(Z2)", "(W3'*d(L)/d(Z3)).*(1 - A2.^2)", made(), shapes, network(5)[:7])
    assert step.define == ("A2 = tanh(Z2)", "Z3 = W3*A2")
    assert step.losses == (("L", ("Z3",)),)
    assert step.declare == ("W3 in R^(n,n)", "Z2 in R^(n,m)")


def test_a_loss_that_depends_on_more_is_no_step() -> None:
    skip = DefinitionParts([("z1", "W1*x", 0), ("z2", "W2*z1", 0), ("z3", "z2 + z1", 0), ("L", "norm2(z3)^2 + norm2(z1)^2", 0)], {})
    assert between([("L", "z1"), ("L", "z3")], skip) == ()
    plain = DefinitionParts([*skip.define[:3], ("L", "norm2(z3)^2", 0)], {})
    assert between([("L", "z1"), ("L", "z3")], plain) == ("z3",)
    assert between([("L", "z1"), ("L", "z2"), ("L", "z3")], plain) == ("z3",)
    assert between([("L", "z1"), ("L", "z2")], plain) == ()


def test_a_residual_step_follows() -> None:
    head = "W1 in R^(n,n), W2 in R^(n,n), x in R^n\nz1 = W1*x\nz2 = tanh(W2*z1)\nz3 = z2 + z1\nL = norm2(z3)^2\n"
    good = "d(L)/d(z1) = d(L)/d(z3) + W2'*(d(L)/d(z3).*(1 - z2.^2))"
    assert matcalc.check(head + good).worst == "follows"
    assert matcalc.check(head + "d(L)/d(z1) = W2'*(d(L)/d(z3).*(1 - z2.^2))").worst == "does not follow"
    assert matcalc.check(head + "d(L)/d(z2) = d(L)/d(z3)\nd(L)/d(z1) = d(L)/d(z2) + W2'*(d(L)/d(z3).*(1 - z2.^2))").worst == "follows"


def test_what_is_right_only_for_the_definition_left_out_is_right() -> None:
    head = "x in R^n\ny = x.*x\nz = y + x\nL = sum(z.^2)\n"
    assert matcalc.check(head + "d(L)/d(z) = 2*(x.*x + x)").worst == "follows"
    assert matcalc.check(head + "d(L)/d(y) = 2*(y + x)\nd(L)/d(y) = 2*(x.^2 + x)").worst == "follows"
    assert matcalc.check(head + "d(L)/d(y) = d(L)/d(z) = 2*(x.^2 + 2*x)").worst == "does not follow"


def test_definitions_stand_before_what_uses_them() -> None:
    given = [("c", "a + b", 1), ("a", "x", 2), ("b", "a", 3), ("p", "q", 4), ("q", "p", 5)]
    assert [n for n, _, _ in ordered(given)] == ["a", "b", "c", "p", "q"]


def rectified(layers: int) -> list[str]:
    """A network with rectifiers and its backward pass, as NumPy writes them."""
    out = ["X, Y in R^(b,n)", *(f"W{k} in R^(n,n)" for k in range(1, layers + 1)), "H0 = X"]
    for k in range(1, layers + 1):
        out += [f"Z{k} = H{k - 1} @ W{k}", f"H{k} = np.maximum(Z{k}, 0)"]
    out += [f"L = 0.5*np.sum((H{layers} - Y)**2)", f"dH{layers} = H{layers} - Y"]
    for k in range(layers, 0, -1):
        out += [f"dZ{k} = dH{k} * (Z{k} > 0)", f"dW{k} = H{k - 1}.T @ dZ{k}", f"dH{k - 1} = dZ{k} @ W{k}.T"]
    return out


@pytest.mark.slow
def test_a_deep_network_of_rectifiers_follows_where_no_entry_is_at_the_kink() -> None:
    found = matcalc.check("\n".join(rectified(12)))
    assert found.worst == "follows", found.text()
    assert "no entry of Z12 is 0" in " ".join(found.text().split())


@pytest.mark.slow
def test_a_wrong_step_of_a_network_of_rectifiers_is_found() -> None:
    lines = rectified(12)
    k = lines.index("dZ7 = dH7 * (Z7 > 0)")
    found = matcalc.check("\n".join([*lines[:k], "dZ7 = dH7 * (H6 > 0)", *lines[k + 1:]]))
    assert [m.number for m in found.marks if m.mark == "does not follow"] == [k + 1]


@pytest.mark.slow
def test_a_condition_that_holds_nowhere_makes_no_step_follow() -> None:
    head = "X, C in R^(n,n)\nZ = X - X\nH = relu(Z)\nP = H*C\nL = sum(P)\n"
    assert matcalc.check(head + "d(L)/d(Z) = d(L)/d(H).*step(Z)").worst != "follows"
