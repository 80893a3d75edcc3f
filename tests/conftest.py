"""Tests import reference.py and parts.py from here; what they count is told at the end, whichever process counted it."""

import gc
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from matcalc import judges

sys.path.insert(0, str(Path(__file__).parent))
gc.set_threshold(50_000, 20, 50)        # a twentieth of the time
judges.RERAISE = True       # a judge that crashes is a fault, not a weaker verdict
ONE_IN = 16     # rows of a table are kept by the fast tier, and at least one
COUNTS: dict[str, Counter[str]] = defaultdict(Counter)


@pytest.fixture
def tally():
    """Counts by topic, printed in the summary of the run: tally["rules"]["proved"] += 1."""
    return COUNTS


def pytest_collection_modifyitems(items):
    """Of a test marked thin(k) all but one row in k are slow, of any other with rows all but one in sixteen."""
    seen = Counter()
    places = [item.nodeid.partition("[")[0] for item in items]
    rows = Counter(places)
    for item, place in zip(items, places, strict=True):
        mark = item.get_closest_marker("thin")
        k = mark.args[0] if mark else min(ONE_IN, rows[place])
        if seen[place] % k != k // 2:
            item.add_marker("slow")
        seen[place] += 1


def pytest_collection_finish(session):
    gc.freeze()         # thousands of tests, which none of them leaves behind


def pytest_sessionfinish(session):
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["counts"] = {topic: dict(counts) for topic, counts in COUNTS.items()}


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    for topic, counts in getattr(node, "workeroutput", {}).get("counts", {}).items():
        COUNTS[topic].update(counts)


def pytest_terminal_summary(terminalreporter):
    if COUNTS:
        terminalreporter.section("counted")
        for topic, counts in sorted(COUNTS.items()):
            terminalreporter.line(f"{topic}: " + ", ".join(f"{n:,} {what}" for what, n in counts.items()))
