"""Deep networks as chains of definitions, in the language of the problems."""

from __future__ import annotations

from typing import Any


def tanh_network(layers: int, wrt: str) -> dict[str, Any]:
    """y'*h with h = tanh(W*h + b), layer after layer."""
    declare, define, h = ["x in R^n", "y in R^n"], [], "x"
    for i in range(1, layers + 1):
        declare += [f"W{i} in R^(n,n)", f"b{i} in R^n"]
        define += [f"z{i} = W{i}*{h} + b{i}", f"h{i} = tanh(z{i})"]
        h = f"h{i}"
    return {"declare": declare, "define": define, "expr": f"y'*{h}", "wrt": wrt}


def attention_stack(blocks: int, wrt: str) -> dict[str, Any]:
    """Blocks of self-attention with a residual, each row of the sum centred and divided by its deviation."""
    declare, define, h = ["X in R^(m,n)", "Y in R^(m,n)"], [], "X"
    for i in range(1, blocks + 1):
        declare += [f"{letter}{i} in R^(n,n)" for letter in "QKV"]
        define += [f"S{i} = {h}*Q{i}*K{i}'*{h}'/sqrt(n)", f"P{i} = softmax(S{i})", f"A{i} = {h} + P{i}*{h}*V{i}",
                   f"C{i} = A{i} - rowsum(A{i})*ones(n)'/n", f"s{i} = sqrt(rowsum(C{i}.^2)/n + 0.00001*ones(m))",
                   f"H{i} = diag(1./s{i})*C{i}"]
        h = f"H{i}"
    return {"declare": declare, "define": define, "expr": f"tr(Y'*{h})", "wrt": wrt}


def layers(function: str, depth: int) -> dict[str, Any]:
    """Batches row by row, without a name for what goes into the function: norm2(A_L - Y)^2 by the first weights."""
    return {"declare": ["A0 in R^(m,n)", "Y in R^(m,n)", *(f"W{k} in R^(n,n)" for k in range(depth))],
            "define": [f"A{k + 1} = {function}(A{k}*W{k})" for k in range(depth)], "expr": f"norm2(A{depth} - Y)^2", "wrt": "W0"}
