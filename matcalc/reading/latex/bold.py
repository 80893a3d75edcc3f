"""Bold numbers: the vector of ones, zeros, and 1[x > 0], the step function."""

from __future__ import annotations

from .letters import OPEN, TURNED, NameReader
from .macros import group
from ..brackets import closing, depths

DOUBLE = frozenset((r"\mathbb", r"\mathds", r"\mathbbm"))
COMPARED = {">": ">", r"\gt": ">", "<": "<", r"\lt": "<"}


class Bold(NameReader):
    """Reads bold numbers: the vectors of ones and zeros, and the indicator 1[x > 0]."""

    def ones(self, which: str, at: int) -> str:
        """A bold 1 or 0, with or without its size, or 1[x > y]; an indicator of anything else is refused."""
        if which == "1" and self.names.one_is_identity and self.tokens[at][0] in DOUBLE:
            size = f"({self.sizes(self.group())})" if self.now == "_" and self.take() else ""
            self.doubt(at, "the identity matrix", True)
            return f"eye{size}"
        if self.now == "_":
            part, behind = group(self.tokens, self.i + 1)
            if any(t in ("=", r"\in", r"\{", ">", "<", r"\le", r"\ge", r"\ne") for t, _ in part):
                raise self.error("an indicator cannot be read", at=at)
            self.i = behind
            return f"{'ones' if which == '1' else 'zeros'}({self.sizes(part)})"
        if which == "1" and self.now == r"\{":
            raise self.error("an indicator cannot be read", "1[x > 0] in square brackets is the step function", at)
        if which == "1" and (self.now == "[" or self.now == "(" and self.compared()):
            return self.indicator(at)
        transposed = self.now in ("'", r"\trans") or self.now == "^" and "".join(t for t, _ in group(self.tokens, self.i + 1)[0]) in TURNED
        return "vector(1)" if which == "1" else "vector(0)" if transposed else "0"

    def indicator(self, at: int) -> str:
        """1[x > y] and 1[y < x], the step of x - y."""
        end = OPEN[self.take()]
        sides = [self.sum()]
        relation = self.take() if self.now in COMPARED else ""
        if relation:
            sides.append(self.sum())
        if not relation or self.now != end:
            raise self.error("an indicator needs one > or one <", at=at)
        self.i += 1
        more, less = sides if COMPARED[relation] == ">" else sides[::-1]
        return f"step({more})" if less == "0" else f"step(-({less}))" if more == "0" else f"step({more} - ({less}))"

    def compared(self) -> bool:
        """Whether > or < stands in the bracket that comes now."""
        ahead = [t for t, _ in self.tokens[self.i:]]
        inside = zip(ahead[:closing(ahead, 0, OPEN)], depths(ahead, OPEN), strict=False)
        return any(depth == 1 and token in COMPARED for token, depth in inside)
