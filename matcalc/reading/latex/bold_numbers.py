"""Bold numbers: the vectors of ones and zeros, and indicators: 1[x > 0] and Iverson's bracket, the step function."""

from __future__ import annotations

from .ambiguities import NUMBER
from .blocks import Blocks
from .letters import CIRCLES, OPEN, TURNED
from .macros import group

DOUBLE = frozenset((r"\mathbb", r"\mathds", r"\mathbbm"))
CLOSED = frozenset(OPEN.values())
COMPARED = {">": ">", r"\gt": ">", r"\ge": ">", "<": "<", r"\lt": "<", r"\le": "<"}


class BoldNumbers(Blocks):
    """Reads a bold 1 or 0 and what goes with it."""

    def ones(self, which: str, at: int) -> str:
        """A bold 1 or 0, with or without its size, or 1[x > y]; an indicator of anything else is refused."""
        if which == "1" and self.names.uses.one_is_identity and self.tokens[at][0] in DOUBLE and self.now != "[":
            size = f"({self.sizes(self.group())})" if self.now == "_" and self.take() else ""
            self.doubt(at, "the identity matrix", True)
            return f"eye{size}"
        if self.now == "_":
            part, behind = group(self.tokens, self.i + 1)
            if part and part[0][0] in OPEN or any(t in (*COMPARED, "=", r"\in", r"\ne") for t, _ in part):
                self.i += 2
                return self.indicator(at, "}")
            self.i = behind
            return f"{'ones' if which == '1' else 'zeros'}({self.sizes(part)})"
        if which == "1" and (self.now in ("[", r"\{") or self.now == "(" and self.compared()):
            return self.indicator(at)
        transposed = self.now in ("'", r"\trans") or "".join(self.script("^")) in TURNED
        return "vector(1)" if which == "1" else "vector(0)" if transposed else "0"

    def indicator(self, at: int, behind: str = "") -> str:
        """1[x > y], 1{y < x} and 1_{x > y}, the step of x - y."""
        end = OPEN[self.take()] if self.now in OPEN else ""
        sides = [self.sum()]
        relation = self.take() if self.now in COMPARED else ""
        if relation:
            sides.append(self.sum())
        if not relation or any(self.take() != sign for sign in (end, behind) if sign):
            raise self.error("an indicator needs one > or one <", at=at)
        alone = not {self.tokens[at - 1][0] if at else "", self.now} & CIRCLES.keys()
        if (behind or end == r"\}") and alone and not self.marked(sides[0]) and self.shape(sides[0]) != NUMBER:
            raise self.error("an indicator cannot be read", "1[x > 0] in square brackets is the step function", at)      # or of a set
        more, less = sides if COMPARED[relation] == ">" else sides[::-1]
        return f"step({more})" if less == "0" else f"step(-({less}))" if more == "0" else f"step({more} - ({less}))"

    def compared(self, behind: int = 0) -> bool:
        """Whether > or < stands in the bracket that comes now, or so many tokens later."""
        depth = 0
        for k in range(self.i + behind, len(self.tokens)):
            token = self.tokens[k][0]
            depth += (token in OPEN) - (token in CLOSED)
            if depth == 1 and token in COMPARED:
                return True
            if depth < 1:
                break
        return False
