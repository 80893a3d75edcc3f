"""The entries of a book: one for each problem file, indexed by topic, by the rules that its steps use, and by source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from os import path

from .. import api, library
from ..deriving.derivation import Step
from ..gradients import Gradients
from ..language.shape import InputError
from ..reading.parse import Problem, parse_file
from ..render.pieces import Relation
from ..render.reasons import in_words
from ..render.story import Story
from ..render.words import say
from ..rulebook.book import RULES
from ..records import Record

TOPICS = {"": "Softmax, cross-entropy and first examples", "cookbook": "The Matrix Cookbook", "losses": "Losses and estimators",
          "magnus": "Matrix Differential Calculus", "networks": "Networks, several gradients at once",
          "nndl": "Neural Networks and Deep Learning", "qiudaoshu": "Juzhen qiudao shu"}
# How the source of an entry begins, and the work it stands for.
WORKS = (("The Matrix Cookbook", "The Matrix Cookbook"), ("nndl", "Qiu, Neural Networks and Deep Learning"),
         ("Magnus and Neudecker", "Magnus and Neudecker, Matrix Differential Calculus"),
         ("Qiudaoshu", "Changqu Guixia, Juzhen qiudao shu"), ("the article", "Softmax and cross-entropy in matrix form"))
OTHERS = "Other books and papers"
TITLE = "Matrix calculus, derived line by line"
HEADINGS = ("Contents", "By rule", "By source")
BOOKKEEPING = ("tidy.", "named.")


class Entry(Record):
    """One problem file: its pages, and the rules their steps use."""

    name: str
    title: str
    published: str
    text: str
    stories: tuple[Story, ...]
    rules: tuple[str, ...]

    @property
    def topic(self) -> str:
        """The folder it stands in."""
        return self.name.rpartition("/")[0]


class Mention(Record):
    """A line of an index: what is looked up, more about it, and where it is found."""

    heading: str
    about: tuple[Relation, ...]
    entries: tuple[Entry, ...]


def read(name: str, top: str = "") -> Entry:
    """The entry of a problem file in a folder, by default in the library; InputError where it has no page."""
    with open(path.join(top or library.folder(), f"{name}.mc"), encoding="utf-8") as f:
        text = f.read()
    try:
        return entry(name, text)
    except (InputError, api.Unfinished) as e:
        raise InputError(f"{name}: {e}") from None


def entry(name: str, text: str) -> Entry:
    """One problem file."""
    asked = [p for p in parse_file(text, name) if p.wrt is not None or p.several]
    answers = [solved(p) for p in asked]
    if not answers:
        raise InputError("it has no derive line")
    stories = tuple(a.story() for a in answers)
    used = [s.rule for a in answers for s in steps(a)]
    return Entry(name, stories[0].title, next((p.source for p in asked if p.source), "").strip(), text, stories, tuple(dict.fromkeys(used)))


def solved(p: Problem) -> api.Derivation | Gradients:
    """A problem's answer."""
    return api.gradients(p, shown=True) if p.several else api.solve(p, shown=True)


def steps(answer: api.Derivation | Gradients) -> Iterable[Step]:
    """The steps of an answer, link by link where it has several."""
    if isinstance(answer, api.Derivation):
        return answer.steps
    return [s for part in answer.parts if part.record is not None for s in part.record.steps]


# ------------------------------------------------------------------------------------------------ contents and indexes
def topics(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """The entries folder by folder, under the folders' titles."""
    out: dict[str, list[Entry]] = {}
    for e in entries:
        out.setdefault(topic_title(e.topic), []).append(e)
    return out


def topic_title(folder: str) -> str:
    """What a folder is about: its title, or its name in words."""
    return say(TOPICS.get(folder, folder.replace("/", ", ").replace("-", " ").capitalize()))


def by_rule(entries: Iterable[Entry]) -> list[Mention]:
    """The entries by the rules they use, under the rules' names in words, with the equations of the rows that were used."""
    found: dict[str, dict[str, list[Entry]]] = {}
    for e in entries:
        for rule in e.rules:
            if rule in RULES and not rule.startswith(BOOKKEEPING):
                found.setdefault(say(in_words(rule)), {}).setdefault(rule, []).append(e)
    out = []
    for words, rows in sorted(found.items(), key=lambda item: item[0].lower()):
        about = tuple(Relation(RULES[r].lhs, RULES[r].rhs) for r in rows)
        out.append(Mention(words, about, tuple({e.name: e for some in rows.values() for e in some}.values())))
    return out


def by_source(entries: Iterable[Entry]) -> Mapping[str, list[Mention]]:
    """The entries by where they are published: under each work its numbers, in order."""
    out: dict[str, dict[str, list[Entry]]] = {heading: {} for heading in (*(work for _, work in WORKS), OTHERS)}
    for e in entries:
        places = [(heading, place[len(begin):].strip(" ,") or place) for place in map(str.strip, e.published.split(";"))
                  for begin, heading in WORKS if place.startswith(begin)]
        for heading, number in places or [(OTHERS, e.published)] if e.published else []:
            out[heading].setdefault(number, []).append(e)
    return {say(work): [Mention(number, (), tuple(found[number])) for number in sorted(found, key=natural)]
            for work, found in out.items() if found}


def natural(text: str) -> list[tuple[int, str]]:
    """A key that puts 9 before 10."""
    return [(int(part), "") if part.isdigit() else (-1, part.lower().strip("( ")) for part in re.findall(r"\d+|\D+", text)]
