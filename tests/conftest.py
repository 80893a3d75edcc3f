"""Tests import reference.py and parts.py from here; what they count is told at the end, whichever process counted it."""

import gc
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

from matcalc import judges

sys.path.insert(0, str(Path(__file__).parent))
gc.set_threshold(200_000, 20, 50)       # a twentieth of the time
judges.RERAISE = True       # a judge that crashes is a fault, not a weaker verdict
ONE_IN = 16     # rows of a table are kept by the fast tier, and at least one
COUNTS: dict[str, Counter[str]] = defaultdict(Counter)


@pytest.fixture
def tally():
    """Counts by topic, printed in the summary of the run: tally["rules"]["proved"] += 1."""
    return COUNTS


@pytest.hookimpl(trylast=True)
def pytest_generate_tests(metafunc):
    """Of a test marked thin(k) all but one row in k are slow, of any other with rows all but one in sixteen. The fast tier does not even
    collect these: that took it longer than some of its tests."""
    rows = metafunc._calls
    mark = metafunc.definition.get_closest_marker("thin")
    k = mark.args[0] if mark else min(ONE_IN, len(rows))
    if metafunc.config.option.markexpr == "not slow" and (kept := rows[k // 2::k] if rows else rows):
        metafunc._calls = kept
    for number, row in enumerate(rows):
        row.marks.extend([pytest.mark.slow.mark] if number % k != k // 2 else [])


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    """Of many processes, each tells of a test that passes once and not in five messages, which took as long as a test in three does."""
    if not hasattr(item.config, "workerinput"):
        return None
    for report in runtestprotocol(item, log=False, nextitem=nextitem):
        if report.when == "call" or not report.passed:
            item.ihook.pytest_runtest_logreport(report=report)
    return True


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
