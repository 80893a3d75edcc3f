"""Tests import reference.py from here; what they count is told at the end."""

import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from matcalc import judges

sys.path.insert(0, str(Path(__file__).parent))
judges.RERAISE = True       # a judge that crashes is a fault, not a weaker verdict
COUNTS: dict[str, Counter[str]] = defaultdict(Counter)


@pytest.fixture
def tally():
    """Counts by topic, printed in the summary of the run: tally["rules"]["proved"] += 1."""
    return COUNTS


def pytest_terminal_summary(terminalreporter):
    if COUNTS:
        terminalreporter.section("counted")
        for topic, counts in COUNTS.items():
            terminalreporter.line(f"{topic}: " + ", ".join(f"{n:,} {what}" for what, n in counts.items()))
