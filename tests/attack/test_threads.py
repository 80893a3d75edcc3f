"""Several threads at once get the answers that one gets, also where each begins with modules that are not imported yet."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
from concurrent.futures import ThreadPoolExecutor
sys.setswitchinterval(1e-5)

def ask(k):
    import matcalc as mc
    if k % 4 == 0:
        return str(mc.derive(f"x{k}'*A*x{k} + norm2(x{k})", f"x{k}").result).replace(f"x{k}", "x")
    if k % 4 == 1:
        return mc.prove(f"tr(A*B{k}) == tr(B{k}*A)", [f"A, B{k} in R^(n,n)"]).kind
    if k % 4 == 2:
        return mc.check("x in R^n\\nf = x'*x\\nd(f)/d(x) = 2*x").worst
    return mc.prove(f"A*B{k} == B{k}*A", [f"A, B{k} in R^(n,n)"]).kind

with ThreadPoolExecutor(8) as pool:
    print(sorted({(k % 4, said) for k, said in enumerate(pool.map(ask, range(48)))}))
"""


def test_threads_have_one_node_for_each_expression() -> None:
    for _ in range(3):
        found = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
        assert found.stderr == "" and found.stdout == (
            "[(0, \"(A + A')*x + x/norm2(x)\"), (1, 'proved'), (2, 'follows'), (3, 'refuted')]\n"), found
