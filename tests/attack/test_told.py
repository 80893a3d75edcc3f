"""What was once said falsely, each with its right verdict: of sizes, of rounding, of what exists nowhere, of names nobody declared."""

from __future__ import annotations

import pytest

from matcalc import diagnosed, judges
from matcalc.api import solve
from matcalc.proof.by_sympy import components
from matcalc.reading.parse import problem
from matcalc.language.shape import InputError

DECLARE = ["K in R^(n,n) skew", "S in R^(n,n) spd", "Q in R^(n,n) orthogonal", "A in R^(n,n)", "p in R^n simplex", "x, y in R^n",
           "c, d in R"]

# Sizes with a number in them, free rows and columns, even and odd sizes, exponentials in a size.
SMALL_ONLY = [
    ("det(X'*X) == 0", ["X in R^(n,7)"]), ("det(X'*X) == 0", ["X in R^(n,m+5)"]), ("tr(adj(X'*X)) == 0", ["X in R^(n,7)"]),
    ("2*A*A*A - 2*tr(A)*A*A + (tr(A)*tr(A)-tr(A*A))*A == (2*A*A*A - 2*tr(A)*A*A + (tr(A)*tr(A)-tr(A*A))*A)'", []),
    ("det(K)*(n-2)*(n-4) == 0", []), ("1^n-6*2^n+15*3^n-20*4^n+15*5^n-6*6^n+7^n == 0*sum(x)", []),
]
# Zero but for rounding, under what turns rounding into digits.
CANCELS = ["sqrt(1-sin(c)^2-cos(c)^2) == 0", "sqrt((c+d)^2-c^2-2*c*d-d^2) == 0", "arccos(x'*x/(norm2(x)*norm2(x))) == 0",
           "sqrt(x'*K*x) == 0", "sqrt(tr(K*S)) == 0", "sqrt(sum(p)-1) == 0", "arccos(tr(Q'*Q)/n) == 0", "arccos(sum(softmax(x))) == 0"]
# One sign near the origin, the other one far away; a sign or a wave in a size.
FAR_SIGNS = ["norm2((c+500)*x) == (c+500)*norm2(x)", "norm2(c*x+500*x) == (c+500)*norm2(x)", "sqrt((c+500)^2*x'*x) == (c+500)*norm2(x)",
             "sqrt(c^2+1000*c+250000) == c+500", "sqrt(det(A'*A)) == det(A)", "sqrt((c-300)^2*(d+70)^2) == (300-c)*(d+70)",
             "sin(pi*2^(10-n))*sum(x) == 0"]
SIZE_SIGNS = ["abs((n-1000)*c) == (1000-n)*abs(c)", "sqrt((n-1000)^2*c^2)*sum(x) == (1000-n)*abs(c)*sum(x)", "sin(pi*n)*sum(x) == 0",
              "arccos(cos(n/10))*sum(x) == n/10*sum(x)"]
NOWHERE = ["(x'*K*x)/(x'*K*x) == 1", "tr(K^3)/tr(K^3) == 1", "(sum(p)-1)/(sum(p)-1) == 1",
           "(sin(c)^2+cos(c)^2-1)/(sin(c)^2+cos(c)^2-1) == 1",
           "log((x'*K*x)^2) == 2*log(x'*K*x)", "(norm2(Q)^2-n)/(norm2(Q)^2-n) == 1"]
# Laws with a condition, used on parts that other laws have built.
REPLAYED = [("c/(y'*x)^0.5", "c"), ("c^2/c^2*d", "d"), ("x'*x/(x'*x/c)", "x"), ("sum(y./(x/c))", "y"), ("(x-x)'*y/c", "x"),
            ("tr(inv(inv(A*A)))", "A"),
            ("var(softmax(A))", "A"), ("sum(abs(softmax(A)^2))", "A"), ("norm1(exp(A)^2)", "A"), ("((c+c)/(c^0.5))*((A.*A)')", "c"),
            ("c/c + d*(c/c)", "d"), ("tr((-A-S)^3)", "A"), ("-tr((A+S)^3)", "A"), ("y'*(-A-S)^2*(A+S)*x", "A"),
            ("((A*S)*(A*A)).*((A')./(x*y'))", "A")]
CLAIMED = [("sum(x)", "x", "ones(n)"), ("x", "x", "eye(n)"), ("tr(A)", "A", "eye(n)"), ("tr(A)", "A", "I"), ("sum(X)", "X", "ones(m,n)"),
           ("mean(x)", "x", "ones(n)/n"), ("sum(A*x)", "A", "ones(m)*x'"), ("c*x", "x", "c*eye(n)"),
           ("rowsum(X)", "X", "kron(ones(n), eye(m))"), ("sum(x)", "x", "1"), ("sum(x)-sum(x)", "x", "0")]


@pytest.mark.parametrize(("text", "declare"), SMALL_ONLY)
def test_what_holds_for_small_sizes_only_is_refuted(text: str, declare: list[str]) -> None:
    assert judges.equation(problem([*DECLARE, *declare], prove=text)).kind == "refuted"


@pytest.mark.parametrize("text", FAR_SIGNS)
def test_what_holds_on_one_side_of_a_far_kink_is_refuted(text: str) -> None:
    assert judges.equation(problem(DECLARE, prove=text)).kind == "refuted"


@pytest.mark.parametrize("text", SIZE_SIGNS)
def test_what_depends_on_a_size_in_no_polynomial_way_is_not_decided(text: str) -> None:
    assert judges.equation(problem(DECLARE, prove=text)).kind == "undecided"


@pytest.mark.thin(8)
@pytest.mark.parametrize("text", CANCELS)
def test_rounding_refutes_nothing(text: str) -> None:
    found = judges.equation(problem(DECLARE, prove=text))
    assert found.kind == "proved" and not [c for c in found.needs if c.kind != "nonzero"]       # they are always at their bound


@pytest.mark.parametrize("text", NOWHERE)
def test_what_exists_nowhere_is_not_decided(text: str) -> None:
    assert judges.equation(problem(DECLARE, prove=text)).kind == "undecided"


@pytest.mark.parametrize(("text", "wrt"), REPLAYED)
def test_every_step_is_replayed(text: str, wrt: str) -> None:
    found = solve(problem(DECLARE, expr=text, wrt=wrt), shown=True)
    assert found.verdict.kind == "proved", found.verdict


def test_a_power_that_is_not_all_positive_keeps_its_bars() -> None:
    d = solve(problem(["A in R^(n,n)"], expr="sum(abs(exp(A)^-2))", wrt="A"), shown=True)
    assert d.verdict.kind == "proved" and "sign" in str(d.result)


@pytest.mark.parametrize(("text", "wrt", "claim"), CLAIMED)
def test_a_claim_names_the_sizes_nobody_declared(text: str, wrt: str, claim: str) -> None:
    p = problem(expr=text, wrt=wrt, claim=claim)
    assert p.claim is not None
    record = solve(p).record
    assert record.problem.claim is not None and judges.claim(record.problem, record, record.problem.claim).kind == "proved"


@pytest.mark.parametrize("text", ["(y-w*x)^2", "(w*x-y)^2"])
def test_names_that_can_be_scalars_are_no_square_matrices(text: str) -> None:
    assert problem(expr=text, wrt="w").variables["x"].shape == problem(["x in R"], expr="x").variables["x"].shape


def test_a_matrix_to_a_size_that_may_not_be_one_is_an_error_and_no_refutation() -> None:
    assert judges.equation(problem(["A in R^(n,n)"], prove="A^n*A == A^(n+1)")).kind == "proved"
    with pytest.raises(InputError, match="integer exponent"):
        problem(["A in R^(n,n)", "c in R"], prove="A^c*A == A^(c+1)")


@pytest.mark.parametrize(("text", "needs"), [("c/d^1.5 == c*d^(-1.5)", ["d > 0"]), ("x'*x/(x'*x/c) == c", ["c != 0", "x != 0"]),
                                             ("(-1)^(n^2)*sum(x) == (-1)^n*sum(x)", []), ("log(1+expm1(c)) == c", []),
                                             ("log(c+1)/(c+1) == log(1+c)/(c+1)", ["c > -1"]), ("sqrt(1+cos(c))^2 == 1+cos(c)", []),
                                             ("log(det(expm(A))) == tr(A)", []),
                                             ("sqrt(sum(S))^2 == sum(S)", []), ("inv(S.*S)*(S.*S) == eye(n)", []),
                                             ("2/tr(kron(S,S)) == 2/tr(S)^2", []), ("x/norm2(kron(x,x)) == x/norm2(x)^2", ["x != 0"]),
                                             ("sqrt(1-tanh(c)^2) == 1/cosh(c)", [])])
def test_conditions_are_in_their_shortest_form(text: str, needs: list[str]) -> None:
    assert sorted(map(str, judges.equation(problem(DECLARE, prove=text)).needs)) == needs


@pytest.mark.slow
def test_time_is_kept_by_one_large_product() -> None:
    assert judges.equation(problem(["A, B, C, D in R^(30,30)"], prove="kron(A,B)*kron(C,D) == kron(A*C,B*D)")).kind == "proved"


OWN = [("tr((A + A' + B')^3)", "B"), ("norm2(B - A' - B')^2", "B"), ("logdet(A + A' - B')", "B"), ("tr(inv(A')*B*A')", "A"),
       ("sum((A*A')^9.*B)", "A"), ("log(1 - tanh(10*c)^2)", "c"), ("tr(kron(A, kron(A, B))')", "A")]
NEARLY_ZERO = [("logdet(A^3) == 3*logdet(A)", "proved"), ("log(1-tanh(10*c)^2) == -2*log(cosh(10*c))", "proved"),
               ("sign(1-tanh(20*c)) == 1", "proved"),
               ("sqrt(cosh(20*c)^2-sinh(20*c)^2) == 1", "proved"), ("abs(tanh(c^2+20)-1) == tanh(c^2+20)-1", "refuted"),
               ("sqrt((tanh(c^2+15)-1)^2) == tanh(c^2+15)-1", "refuted"), ("sign(exp(c)+10^(-13)-exp(c)) == 1", "proved"),
               ("logdet(K*A) == logdet(K)+logdet(A)", "proved"),
               ("2^((n-1)*(n-2)*(n-3)*(n-4)*(n-5)*(n-6))*sum(x) == sum(x)", "undecided")]


@pytest.mark.thin(4)
@pytest.mark.parametrize(("text", "wrt"), OWN)
def test_no_right_result_is_refuted(text: str, wrt: str) -> None:
    assert solve(problem([*DECLARE, "B in R^(n,n)"], expr=text, wrt=wrt), shown=True).verdict.kind in ("proved", "checked")


@pytest.mark.thin(4)
@pytest.mark.parametrize(("text", "kind"), NEARLY_ZERO)
def test_what_floats_do_not_tell(text: str, kind: str) -> None:
    assert judges.equation(problem(DECLARE, prove=text)).kind == kind


# Sizes are at least 1, and a high power is one atom.
SIZES_AND_POWERS = [("abs(n-1)*sum(x) == (n-1)*sum(x)", "proved"), ("abs(1-n)*sum(x) == (n-1)*sum(x)", "proved"),
                    ("abs(n^2-n)*sum(x) == (n^2-n)*sum(x)", "proved"), ("abs(n-2)*sum(x) == (n-2)*sum(x)", "refuted"),
                    ("A^100 == A^99*A", "proved"), ("A^100 == A^20*A^80", "proved"), ("A^100 == A^99", "refuted"),
                    ("d(tr(A^1000))/d(A) == 1000*(A^999)'", "proved"), ("d(tr(A^100))/d(A) == 100*A^99", "refuted"),
                    ("A^100*A' == A'*A^100", "refuted"), ("inv(A)*A^100 == A^99", "proved"),
                    ("tr(A^60*A'*A^60) == tr(A^120*A')", "proved"), ("tr(A^60*A'*A^60) == tr(A^119*A')", "refuted"),
                    ("tr(inv(A)*A'*A^90) == tr(A^89*A')", "proved"),
                    ("A^50*A^50 == A^100", "proved"), ("(A^10)^10 == A^100", "proved"), ("A^50*A^51 == A^100", "refuted"),
                    ("A^40*inv(A)^50*A^40 == A^30", "proved"), ("A^90*inv(A)^90 == eye(n)", "proved")]


@pytest.mark.parametrize(("text", "kind"), SIZES_AND_POWERS)
def test_sizes_and_high_powers(text: str, kind: str) -> None:
    assert judges.equation(problem(DECLARE, prove=text)).kind == kind


# A declared d takes no derivative away, and a quotient of differentials is none entry by entry.
DERIVATIVES = [("d(x(1))/d(x) == x(1)*x", "refuted"), ("d(trace(A))/d(A) == trace(A)*A", "refuted"),
               ("d(trace(A))/d(A) == eye(n)", "proved"),
               ("d(x(1)) == d*x(1)", "refuted"), ("d(c\u00b2) == 2*c*d(c)", "proved"), ("d(norm(x))/d(x) == x/norm(x)", "proved"),
               ("d(np.exp(x))/d(x) == np.exp(x)", "ill-shaped"), ("d(np.exp(x))/d(x) == np.diag(np.exp(x))", "proved"),
               ("2*d(np.sum(x**2))/d(x) == 4*x", "proved"), ("d(A @ x)/d(x) == A.T", "proved")]


@pytest.mark.parametrize(("text", "kind"), DERIVATIVES)
def test_a_declared_d_is_no_differential(text: str, kind: str) -> None:
    p = problem(DECLARE, prove=text)
    assert ("ill-shaped" if p.ill_shaped else judges.equation(p).kind) == kind


@pytest.mark.parametrize("text", ["d/dc c^2 == 2*c", "df/dc == 2*c", "dc == 2*\u03c0"])
def test_with_a_declared_d_other_spellings_are_asked_back(text: str) -> None:
    with pytest.raises(InputError):
        problem(DECLARE, define=["f = c^2"], prove=text)


@pytest.mark.parametrize(("text", "needs"), [
    ("2*log(c) == log(c^2)", ["c > 0"]), ("2*log(c-700) == log((c-700)^2)", ["c > 700"]),
    ("log(c)+log(d) == log(c*d)", ["c > 0", "d > 0"]), ("2*log(x) == log(x.^2)", ["x > 0"])])
def test_what_holds_wherever_the_left_side_exists_is_proved_there(text: str, needs: list[str]) -> None:
    found = judges.equation(problem(DECLARE, prove=text))
    assert found.kind == "proved" and list(map(str, found.needs)) == needs


# What stands of some matrices only is asked of what is typed, not of what is left of it; of a number it is a bound.
@pytest.mark.parametrize("text", ["sqrtm(A)*sqrtm(A) == A", "det(sqrtm(A))^2 == det(A)", "0*sqrtm(A) == zeros(n,n)",
                                  "eigmax(A)/eigmax(A) == 1", "inv(sqrtm(A))*sqrtm(A) == eye(n)"])
def test_a_root_that_falls_away_is_still_one(text: str) -> None:
    with pytest.raises(InputError, match="is not known to be"):
        problem(DECLARE, prove=text)


STRUCTURED = ["D in R^(n,n) diagonal positive", "L in R^(n,n) lower positive", "p in R positive", "w in R^n simplex", "x in R^n",
              "c in R", "X in R^(m,n)", "Q in R^(n,n) orthogonal"]


@pytest.mark.parametrize(("text", "needs"), [
    ("sqrtm(c)^2 == c", ["c >= 0"]), ("inv(D)*D == eye(n)", []), ("inv(L)*L == eye(n)", []), ("c/sign(p) == c", []),
    ("(w+w)/norm2(w+w) == w/norm2(w)", []), ("x/(w'*Q*(-x)) == -x/(w'*Q*x)", ["w'*Q*x != 0"]), ("c/norm1(ones(n)) == c/n", []),
    ("sum(X)/(n-1)^(m-1)*(n-1)^(m-1) == sum(X)", ["(n - 1)^(m - 1) != 0"]), ("log(norm2(w.*w)) == log(norm2(w.^2))", [])])
def test_conditions_of_structures_and_sizes(text: str, needs: list[str]) -> None:
    found = judges.equation(problem(STRUCTURED, prove=text))
    assert found.kind == "proved" and sorted(map(str, found.needs)) == needs


# A sign at size 1 only; a kink one name meets while the others stay near zero; what SymPy cancels and what that needed.
LOOKED_AT = [("det(x*(x./x)') == det(x*(x./abs(-x))')", "refuted"), ("det(x*(y-y)') == det(x*(sqrt(y.^2)-y)')", "refuted"),
             ("softmax(arctan(tan(c))*y) == softmax(c*y)", "refuted"), ("softmax(cosh(arctan(tan(c)))*y) == softmax(cosh(c)*y)", "refuted"),
             ("exp((1/4)*log(exp(4*log(det(A))))) == det(A)", "checked")]


@pytest.mark.parametrize(("text", "kind"), LOOKED_AT)
def test_where_both_sides_exist_is_looked_at(text: str, kind: str) -> None:
    assert judges.equation(problem(DECLARE, prove=text)).kind == kind


# A differential keeps the structure of its name.
STRUCTURE = ["Q in R^(n,n) orthogonal", "p in R^n simplex", "W in R^(n,n) simplex", "K in R^(n,n) skew", "S in R^(n,n) spd",
             "Z in R^(n,n) symmetric orthogonal", "D in R^(n,n) diagonal", "V in R^(n,n) symmetric simplex",
             "G in R^(n,n) diagonal orthogonal"]
KEPT = ["Q'*d(Q) + d(Q)'*Q == zeros(n,n)", "sum(d(p)) == 0", "rowsum(d(W)) == zeros(n)", "d(K)' == -d(K)", "d(S)' == d(S)",
        "Z*d(Z) + d(Z)*Z == zeros(n,n)", "d(D) == diag(diag(d(D)))", "rowsum(d(V)) == zeros(n)", "d(G) == zeros(n,n)", "d(sum(p)) == 0"]
FREE = ["d(Q) == zeros(n,n)", "Q'*d(Q) == zeros(n,n)", "d(p) == zeros(n)", "d(S) == zeros(n,n)", "d(Z) == zeros(n,n)", "d(W)' == d(W)",
        "d(sum(p))/d(p) == zeros(n)"]


@pytest.mark.parametrize("text", KEPT + FREE)
def test_a_differential_keeps_the_structure_of_its_name(text: str) -> None:
    p = problem(STRUCTURE, prove=text)
    assert judges.equation(p).kind in (("refuted",) if text in FREE else ("proved", "checked"))


@pytest.mark.parametrize("text", ["Q'*d(Q) + d(Q)'*Q == zeros(n,n)", "sum(d(p)) == 0", "d(S)' == d(S)"])
def test_so_it_does_entry_by_entry(text: str) -> None:
    p = problem(STRUCTURE, prove=text).as_typed()
    assert p.prove is not None and components.judge_equation(p, *p.prove).kind == "checked"


# An inner product of nonnegative vectors may vanish; what does not move may have a kink.
NEEDED = ["w, v in R^n simplex", "q in R^n positive", "S in R^(n,n) spd", "A in R^(m,n)", "x, y in R^n", "c, g in R", "C in R^(n,n)"]


@pytest.mark.parametrize(("text", "needs"), [
    ("c/(w'*v)*(w'*v) == c", ["v'*w != 0"]), ("c/(q'*w)*(q'*w) == c", []), ("c/(x'*A'*A*x)*(x'*A'*A*x) == c", ["A*x != 0"]),
    ("c/(x'*S*S*x)*(x'*S*S*x) == c", ["x != 0"]), ("d(((y'*S)*w)^(1/2))/d(y) == 0.5*S*w/(y'*S*w)^0.5", ["y'*S*w > 0"]),
    ("d(y'*relu(C + C')*y)/d(y) == 2*relu(C + C')*y", []), ("d(c^2*abs(g))/d(g) == c^2*sign(g)", ["g != 0"]),
    ("d(d(c^3*abs(g))/d(c))/d(c) == 6*c*abs(g)", []), ("d(c*abs(g)) == abs(g)*d(c) + c*sign(g)*d(g)", ["g != 0"])])
def test_conditions_of_what_vanishes_and_of_what_moves(text: str, needs: list[str]) -> None:
    found = judges.equation(problem(NEEDED, prove=text))
    assert found.kind == "proved" and sorted(map(str, found.needs)) == needs


# What is never negative has no kink; a power above 2 takes one away; a strict bound says that it is not met.
@pytest.mark.parametrize(("text", "needs"), [
    ("d(abs(x'*x))/d(x) == 2*x", []), ("d(norm1(x.*x))/d(x) == 2*x", []), ("d(relu(c*c))/d(c) == 2*c", []),
    ("d(abs(c)^3)/d(c) == 3*c*abs(c)", []), ("d(relu(c)^3)/d(c) == 3*relu(c)^2", []), ("d(sign(c^2))/d(c) == 0", ["c != 0"]),
    ("d((3-c)^(-1/2))/d(c) == 0.5*(3-c)^(-1.5)", ["c < 3"])])
def test_a_kink_is_a_condition_only_where_it_counts(text: str, needs: list[str]) -> None:
    found = judges.equation(problem(NEEDED, prove=text))
    assert found.kind == "proved" and sorted(map(str, found.needs)) == needs


@pytest.mark.parametrize(("text", "needs"), [
    ("(c-1)/(c^2-2*c+1) == 1/(c-1)", ["c != 1"]), ("1/(c^2-1) == 1/((c-1)*(c+1))", ["c != -1", "c != 1"]),
    ("1/(c^2+2*c*d+d^2) == (c+d)^(-2)", ["c + d != 0"]), ("1/(c^3-1) == 1/((c-1)*(c^2+c+1))", ["c != 1"]),
    ("1/(c^2+c+1)*(c^2+c+1) == 1", []), ("1/(c^2+c-1)*(c^2+c-1) == 1", ["c + c^2 != 1"]), ("c^3/c^3 == 1", ["c != 0"]),
    ("log(c)/(c^2+c) == log(c)/c/(c+1)", ["c > 0"]), ("(c^2-2*c+1)/(c^2-2*c+1) == 1", ["c != 1"]),
    ("1/(4*c^2-4*c*d+d^2)*(4*c^2-4*c*d+d^2) == 1", ["4*c^2 + d^2 - 4*c*d != 0"])])
def test_no_condition_says_what_others_say_together(text: str, needs: list[str]) -> None:
    found = judges.equation(problem(["c, d in R"], prove=text))
    assert found.kind == "proved" and sorted(map(str, found.needs)) == needs


@pytest.mark.parametrize("text", ["c == sqrt(c)^2", "c == exp(log(c))", "c^2 == sqrt(c^2)^2 + 0*log(c)", "sqrt(c*d) == sqrt(c)*sqrt(d)"])
def test_what_the_right_side_needs_more_is_named(text: str) -> None:
    p = problem(["c, d in R"], prove=text)
    assert judges.equation(p).kind == "refuted" and diagnosed.slip(p) == "right if c is positive"


@pytest.mark.parametrize(("text", "needs"), [
    ("d(relu(c)^2)/d(c) == 2*relu(c)", []), ("d(abs(c)*abs(c)^2)/d(c) == 3*c*abs(c)", []), ("d(abs(c)^3)/d(c) == 3*c*abs(c)", []),
    ("d(d(relu(c)^3)/d(c))/d(c) == 6*relu(c)", []), ("d(d(relu(c)^2)/d(c))/d(c) == d(2*relu(c))/d(c)", ["c != 0"])])
def test_a_power_is_smooth_at_a_kink_as_often_as_it_is_high(text: str, needs: list[str]) -> None:
    found = judges.equation(problem(["c in R"], prove=text))
    assert found.kind == "proved" and list(map(str, found.needs)) == needs


@pytest.mark.parametrize("text", ["1/(-p-q) == -1/(p+q)", "1/(-1-exp(c)) == -1/(1+exp(c))", "c/(-1-x'*x) == -c/(1+x'*x)",
                                  "log(abs(-p-q)) == log(p+q)", "logdet(-S) == logdet(S)", "logdet(-2*S) == n*log(2) + logdet(S)"])
def test_what_is_never_positive_is_never_zero_and_has_a_size(text: str) -> None:
    found = judges.equation(problem(["p in R positive", "q in R positive", "S in R^(n,n) spd", "x in R^n", "c in R"], prove=text))
    assert found.kind == "proved" and not found.needs


@pytest.mark.parametrize(("define", "text", "needs"), [
    (["a = relu(z)", "s = sum(a.^2)"], "d(s)/d(z) == 2*a", []), (["a = relu(z)", "s = sum(a.^2) + sum(a)"], "d(s)/d(z) == d(s)/d(z)", None),
    (["r = norm2(z)", "s = r^2"], "d(s)/d(z) == 2*z", [])])
def test_a_kink_under_a_name_is_smooth_in_its_powers(define: list[str], text: str, needs: list[str] | None) -> None:
    found = judges.equation(problem(["z in R^n"], define, prove=text))
    assert found.kind == "proved" and (list(map(str, found.needs)) == needs if needs is not None else bool(found.needs))


@pytest.mark.parametrize(("text", "wrt", "claim"), [
    ("sigmoid(y'*A*y)", "y", "f*(1 - f)*(A + A')*y"), ("sigmoid(y'*A*y)", "y", "∂L/∂y = L*(1 - L)*(A + A')*y"),
    ("softmax(x)", "x", "diag(f) - f*f'"), ("sigmoid(x'*x)", "x", "2*f(x)*(1 - f(x))*x"), ("tanh(y'*x)", "x", "(1 - f²) y"),
    ("sigmoid(x'*x)", "x", "df = 2*f*(1 - f)*x'*dx"),
    ("softmax(x)", "x", "diag(s) - s*s' where s = softmax(x)"), ("sum(softmax(x))^2*n", "x", r"2\,n\,(x - x)"),
])
def test_a_claim_may_name_the_function_and_its_parts(text: str, wrt: str, claim: str) -> None:
    found = solve(problem(["A in R^(n,n)", "x, y in R^n"], expr=text, wrt=wrt, claim=claim)).claim_verdict
    assert found is not None and found.kind == "proved"


def test_a_name_that_the_question_has_is_not_the_function() -> None:
    found = solve(problem(["x in R^n"], expr="f*x'*x", wrt="x", claim="2*f*x")).claim_verdict
    assert found is not None and found.kind == "proved"
    with pytest.raises(InputError, match="the left side of a claim"):
        problem(["x in R^n"], expr="f*x'*x", wrt="x", claim="∂f/∂x = 2*f*x")


@pytest.mark.parametrize(("tangent", "claim"), [("v", "3*x'*v"), ("", "df = 3*x'*dx")])
def test_a_counterexample_along_a_direction_has_the_names_of_the_question(tangent: str, claim: str) -> None:
    found = solve(problem(["x in R^n"], expr="x'*x", wrt="x", tangent=tangent, claim=claim)).claim_verdict
    assert found is not None and found.witness is not None and {"x", tangent or "dx"} <= found.witness.keys()
    assert found.witness.keys() <= {"x", tangent or "dx", "sizes", "entry", "left", "right"}
