"""Random backward passes in NumPy: their right lines, one edit of a line, and which lines are right, found by running the program."""

from __future__ import annotations

import random
import re
from typing import Any, NamedTuple

import numpy as np

ACTS = {
    "np.tanh({z})": "(1 - {h}**2)", "np.maximum({z}, 0)": "({z} > 0)", "1/(1 + np.exp(-{z}))": "{h}*(1 - {h})", "np.exp({z})": "{h}",
    "np.where({z} > 0, {z}, 0.1*{z})": "np.where({z} > 0, 1, 0.1)", "np.sin({z})": "np.cos({z})", "np.abs({z})": "np.sign({z})",
    "np.clip({z}, -1, 1)": "(np.abs({z}) < 1)", "np.power({z}, 3)": "3*{z}**2", "np.logaddexp(0, {z})": "1/(1 + np.exp(-{z}))",
}
LOSSES = {"np.sum(r**2)/n": "2*r/n", "0.5*np.sum(r**2)": "r", "np.linalg.norm(r, 'fro')": "r/L", "np.mean(r**2)": "2*r/r.size",
          "np.sum(np.abs(r))": "np.sign(r)"}
EDITS = [(r" - ", " + "), (r"\.T", ""), (r"axis=0", "axis=1"), (r"2\*", "3*"), (r"/n", ""), (r" > ", " < "), (r"\*\*2", ""),
         (r"cos", "sin"), (r"sign", "abs"), (r"\(1 - ", "(2 - "), (r"h(\d)", r"z\1"), (r"0\.1", "0.2"), (r"^", "-1*"), (r"^", "2*"),
         (r"> 0", "> 1"), (r"< 1", "< 2")]
SIZES = {"n": 5, "d": 3, "h": 4, "k": 2}


class Program(NamedTuple):
    """Assignments forwards and backwards, each a name and an expression; the shapes of the parameters; the line that was edited."""

    forward: list[tuple[str, str]]
    backward: list[tuple[str, str]]
    parameters: dict[str, tuple[int, ...]]
    edited: int | None

    @property
    def text(self) -> str:
        lines = [f"{name} = {value}" for name, value in self.forward] + [f"d{name} = {value}" for name, value in self.backward]
        return "\n".join(["import numpy as np", *(["n = len(X)"] if "/n" in str(self) else []), *lines])


def program(rng: random.Random) -> Program:
    """One or two layers and a loss, and its backward pass; of two passes in three one line is edited."""
    forward: list[tuple[str, str]] = []
    steps: list[tuple[str, str, str, str]] = []      # what is differentiated, what by, the slope or the matrix, the bias
    parameters: dict[str, tuple[int, ...]] = {}
    at, width, layers = "X", "d", rng.randint(1, 2)
    for k in range(1, layers + 1):
        out = "h" if k < layers else "k"
        bias = f"b{k}" if rng.random() < 0.7 else ""
        parameters |= {f"W{k}": (SIZES[width], SIZES[out]), **({bias: (SIZES[out],)} if bias else {})}
        forward.append((f"z{k}", f"{at} @ W{k}" + (f" + {bias}" if bias else "")))
        steps.append((f"z{k}", at, f"W{k}", bias))
        at, width = f"z{k}", out
        if k < layers or rng.random() < 0.4:
            act, slope = rng.choice(list(ACTS.items()))
            forward.append((f"h{k}", act.format(z=at)))
            steps.append((f"h{k}", at, slope.format(z=at, h=f"h{k}"), "*"))
            at = f"h{k}"
    if rng.random() < 0.25:
        forward += [("E", f"np.exp({at})"), ("P", "E/E.sum(axis=1, keepdims=True)"), ("L", "-np.sum(Q*np.log(P))/n")]
        backward = [(at, "(P - Q)/n")]
    else:
        loss, slope = rng.choice(list(LOSSES.items()))
        forward += [("r", f"{at} - Y"), ("L", loss)]
        backward = [("r", slope), (at, "dr")]
    for of, by, factor, bias in reversed(steps):
        if bias == "*":
            backward.append((by, f"d{of} * {factor}"))
        else:
            backward += [(factor, f"{by}.T @ d{of}"), *([(bias, f"d{of}.sum(axis=0)")] if bias else [])]
            backward += [(by, f"d{of} @ {factor}.T")] if by != "X" else []
    if rng.random() < 0.33:
        return Program(forward, backward, parameters, None)
    edited = rng.randrange(len(backward))
    name, value = backward[edited]
    found, instead = rng.choice([e for e in EDITS if re.search(e[0], value)])
    if found == "^":
        value = f"({value})"
    backward[edited] = name, re.sub(found, instead, value, count=1)
    return Program(forward, backward, parameters, edited)


def run(p: Program, given: dict[str, Any], moved: str = "", by: Any = 0.0) -> dict[str, Any]:
    """The values of all names; that of one is moved."""
    values = {n: v + by if n == moved else v for n, v in given.items()}
    for name, text in p.forward:
        values[name] = eval(text, values)
        if name == moved:
            values[name] = values[name] + by
    return values


@np.errstate(all="ignore")
def truth(p: Program, seed: int) -> list[str]:
    """Of each line of the backward pass whether it is the gradient: right, wrong, or open after a wrong line; n times it is open too,
    and where a difference of so large a loss is rounding."""
    g = np.random.default_rng(seed)
    rows = np.abs(g.normal(size=(SIZES["n"], SIZES["k"]))) + 0.1
    given = {"np": np, "n": SIZES["n"], "X": g.normal(size=(SIZES["n"], SIZES["d"])), "Y": g.normal(size=(SIZES["n"], SIZES["k"])),
             "Q": rows / rows.sum(axis=1, keepdims=True), **{w: g.normal(size=s) * 0.8 for w, s in p.parameters.items()}}
    values, out, wrong = run(p, given), [], set[str]()
    for name, text in p.backward:
        slope = np.zeros_like(values[name])
        for k in np.ndindex(slope.shape):
            step = np.zeros_like(slope)
            step[k] = 1e-5
            slope[k] = (run(p, given, name, step)["L"] - run(p, given, name, -step)["L"]) / 2e-5
        try:
            found = np.asarray(eval(text, values), float)
        except (ValueError, NameError):
            found = np.zeros(())
        right = found.shape == slope.shape and np.allclose(found, slope, rtol=1e-4, atol=1e-6)
        scaled = found.shape == slope.shape and np.allclose(found, SIZES["n"] * slope, rtol=1e-4, atol=1e-6)
        rests = not abs(values["L"]) < 1e5 or any(re.search(rf"\bd{n}\b", text) for n in wrong)
        out.append("open" if rests or scaled and not right else "right" if right else "wrong")
        values[f"d{name}"] = found if right or rests else slope if found.shape == () else found
        wrong |= set() if right else {name}
    return out
