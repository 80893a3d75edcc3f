"""The answer does not depend on what the letters are called, on the order of terms, or on the order of the rows."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest

from matcalc.deriving import engine, tables, tidy
from matcalc.deriving.engine import derive
from matcalc.language.expr import node_count
from matcalc.language.deadline import NEVER
from matcalc.reading.parse import problem
from matcalc.rulebook import algebra
from tests.parts import one_in

pytestmark = pytest.mark.slow
CASES = [json.loads(line) for line in (Path(__file__).parents[1] / "acceptance" / "cases.jsonl").read_text(encoding="utf-8").splitlines()]


def length(d: Any) -> int:
    return node_count(d.result) + sum(node_count(body) for _, body in d.where)


@pytest.mark.thin(4)
@pytest.mark.parametrize("part", range(4))
def test_other_letters_make_no_longer_answer(part: int) -> None:
    """Other letters, in another alphabetical order: as long an answer."""
    for case in CASES[part::4 * one_in(2)]:
        names = [re.split(r"\s+in\s+|:", d)[0].strip() for d in case["declare"]] + [d.split("=")[0].strip() for d in case["define"]]
        sizes = set(re.findall(r"\w+", " ".join(re.split(r"\s+in\s+|:", d, maxsplit=1)[1] for d in case["declare"])))
        if sizes & set(names):
            continue
        new = {n: f"q{'ZYXWVUTSRQPONMLKJIHG'[i % 20]}{i}" for i, n in enumerate(names)}

        def rename(text: str, new: dict[str, str] = new) -> str:
            return re.sub(r"[^\W\d]\w*", lambda m: new.get(m[0], m[0]), text)

        declared = []
        for d in case["declare"]:
            name, rest = re.match(r"\s*(\w+)(.*)", d).groups()  # type: ignore[union-attr]
            declared.append(new[name] + rest)
        plain = derive(problem(declare=case["declare"], define=case["define"], expr=case["expr"], wrt=case["wrt"], order=case["order"]))
        other = derive(problem(declare=declared, define=[rename(d) for d in case["define"]], expr=rename(case["expr"]),
                               wrt=new[case["wrt"]], order=case["order"]))
        assert length(plain) == length(other), (case["id"], str(plain.result), str(other.result))


@pytest.mark.thin(4)
@pytest.mark.parametrize("part", range(4))
def test_the_order_of_the_rows(part: int, monkeypatch: Any) -> None:
    """Shuffled tables: the same answers."""
    def answers() -> list[Any]:
        return [derive(problem(declare=c["declare"], define=c["define"], expr=c["expr"], wrt=c["wrt"], order=c["order"])).result
                for c in CASES[part::4 * one_in(2)]]

    rng = random.Random(11)

    def shuffled(rows: Any) -> Any:
        return tuple(rng.sample(rows, len(rows)))

    plain = answers()
    mixed = tables.Table(shuffled(algebra.TIDY + algebra.STRUCTURE), shuffled(algebra.SCALAR)), tables.Table(shuffled(algebra.NAMED))
    monkeypatch.setattr(engine, "MAIN", mixed[0])
    monkeypatch.setattr(engine, "NAMING", mixed[1])
    monkeypatch.setattr(tidy.Tidier.__init__, "__defaults__", (None, mixed, (), None, NEVER, True))
    assert [str(a) for a in answers()] == [str(a) for a in plain]
