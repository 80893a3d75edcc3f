"""A judged equation, as the commands and a notebook show it."""

from __future__ import annotations

from . import api
from .outputs import Renderable
from .reading.parse import Problem
from .render import equations, verdicts
from .render.diagnosis import Diagnosis
from .render.verdict_words import WordedVerdict
from .render.story import Story


class Equation(Renderable):
    """An equation, the verdict of the judges on it, and what is wrong with a false one."""

    libraries = ()
    what = "source for an equation"

    def __init__(self, p: Problem, verdict: WordedVerdict, diagnosis: Diagnosis) -> None:
        self.problem, self.verdict, self.diagnosis = p, verdict, diagnosis

    @classmethod
    def judged(cls, p: Problem, verify: bool = False) -> Equation:
        """The equation of a problem, judged; by SymPy too where asked for."""
        return cls(p, *api.judge(p, verify))

    def story(self, detail: str = "normal") -> Story:
        """What stands on the page."""
        return equations.story(self.problem, self.verdict, self.diagnosis, detail == "full")

    def json(self) -> dict[str, object]:
        """The same as data."""
        return verdicts.data(self.problem, self.verdict, self.diagnosis)
