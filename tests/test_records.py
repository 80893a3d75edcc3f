"""A record is what typing.NamedTuple makes of the same class."""

import copy
import inspect
import pickle
import pydoc
import re
import typing

import pytest

import matcalc
from matcalc.proof.verdict import Verdict
from matcalc.records import Record
from matcalc.render.verdict_words import WordedVerdict


class Own(Record):
    """A record."""

    name: str
    count: int = 2
    rest: tuple[int, ...] = ()

    @property
    def double(self) -> int:
        return 2 * self.count


class Known(typing.NamedTuple):
    """The same."""

    name: str
    count: int = 2
    rest: tuple[int, ...] = ()


MADE = [(("a",), {}), (("a", 1), {}), (("a", 1, (3,)), {}), ((), {"name": "a"}), (("a",), {"rest": (1,)}),
        ((), {"rest": (), "count": 5, "name": "b"})]
REFUSED = [((), {}), (("a", 1, (), 4), {}), (("a",), {"name": "b"}), (("a",), {"other": 1}), ((), {"count": 1})]


@pytest.mark.parametrize(("values", "named"), MADE)
def test_it_is_made_as_a_named_tuple_is(values: tuple, named: dict) -> None:
    own, known = Own(*values, **named), Known(*values, **named)
    assert own == known and hash(own) == hash(known) and own._asdict() == known._asdict() and own.double == 2 * known.count
    assert repr(own).replace("Own", "Known") == repr(known)
    assert (own.name, own.count, own.rest) == tuple(own) == own._replace() and own._replace(count=7) == known._replace(count=7)


@pytest.mark.parametrize(("values", "named"), REFUSED)
def test_it_is_refused_as_a_named_tuple_is(values: tuple, named: dict) -> None:
    for kind in (Own, Known):
        with pytest.raises(TypeError):
            kind(*values, **named)


def test_it_is_immutable_copied_pickled_matched_and_signed_as_one() -> None:
    own = Own("a")
    for change in ("name", "other"):
        with pytest.raises(AttributeError):
            setattr(own, change, 1)
    with pytest.raises(ValueError, match="other"):
        own._replace(other=1)
    assert pickle.loads(pickle.dumps(own)) == copy.copy(own) == copy.deepcopy(own) == own
    assert Own._fields == Known._fields and Own._field_defaults == Known._field_defaults
    assert [str(p) for p in inspect.signature(Own).parameters.values()] == [str(p) for p in inspect.signature(Known).parameters.values()]
    match own:
        case Own(name, count):
            assert (name, count) == ("a", 2)


def test_what_is_made_of_a_record_has_its_fields() -> None:
    verdict = WordedVerdict("proved")
    assert isinstance(verdict, Verdict) and verdict.kind == "proved" and type(verdict._replace(kind="checked")) is WordedVerdict


def test_help_of_the_package_shows_its_face() -> None:
    text = pydoc.render_doc(matcalc, renderer=pydoc.plaintext)      # type: ignore[attr-defined]
    assert [name for name in matcalc.__all__ if not re.search(rf"\b{name}\b", text)] == []
