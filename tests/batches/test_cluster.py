"""Lines shared among the workers of a Dask cluster, one of which is killed."""

import ast
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from soak import HOSTILE, differences, lines

from matcalc.batches import cluster, workers
from matcalc.commands.cli import cli
from matcalc.language.shape import InputError

TOP = Path(__file__).parents[2]


@pytest.fixture
def dask(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A cluster of two processes that gives up a task with the first worker that dies of it."""
    distributed = pytest.importorskip("distributed", reason="no Dask: pip install 'matcalculus[cluster]'")
    import dask
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(TOP), str(Path(__file__).parents[1])]))
    with (dask.config.set({"distributed.scheduler.allowed-failures": 0}),
          distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as found):
        yield found


def pids(dask: Any) -> list[int]:
    return [worker.process.process.pid for worker in dask.workers.values()]


@pytest.mark.slow
def test_a_worker_of_the_cluster_is_killed(dask: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(cluster, "LINES", 20)
    given = [*lines(160, 5, 0.04), *HOSTILE]
    answers: list[str] = []
    for answer in cluster.answers(given, dask.scheduler_address):
        answers.append(answer)
        if len(answers) in (1, 60):
            os.kill(pids(dask)[0], signal.SIGKILL)
    assert not differences(given, answers)
    said = capsys.readouterr()
    assert "they are answered here" in said.err and "a second" not in said.err and not said.out


@pytest.mark.slow
def test_the_command_answers_hostile_lines_on_a_cluster(dask: Any) -> None:
    done = subprocess.run([sys.executable, "-m", "matcalc", "batch", "--cluster", dask.scheduler_address], input=b"\n".join(HOSTILE),
                          capture_output=True, cwd=TOP, timeout=120)
    assert done.returncode == 1 and not done.stderr
    assert not differences(HOSTILE, done.stdout.decode().splitlines())


@pytest.mark.slow
def test_a_cluster_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="no Dask: pip install 'matcalculus[cluster]'")
    monkeypatch.setattr(cluster, "SECONDS", 1)
    for address in ("tcp://127.0.0.1:9", "nonsense://", "no.such.host.invalid:1"):
        with pytest.raises(InputError, match="no Dask scheduler"):
            list(cluster.answers([b"{}"], address))


def test_a_cluster_without_dask_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = CliRunner().invoke(cli, ["batch", "--cluster", "tcp://127.0.0.1:9"], input="{}\n")
    assert isinstance(done.exception, InputError) and "[cluster]" in str(done.exception)


def test_a_chunk_ends_by_lines_and_by_size(monkeypatch: pytest.MonkeyPatch) -> None:
    assert 100 <= cluster.LINES <= 500
    assert [len(chunk) for chunk in cluster.chunks([b"x"] * 450)] == [200, 200, 50]
    monkeypatch.setattr(cluster, "BYTES", 10)
    assert [len(chunk) for chunk in cluster.chunks([b"x" * 9, b"y", b"z" * 30, b"w"])] == [2, 1, 1]


def test_what_is_lost_is_answered_here(capsys: pytest.CaptureFixture[str]) -> None:
    class Lost:
        def result(self) -> list[str]:
            raise OSError("gone")

    given = [b'{"id": 1, "expr": "x", "wrt": "x"}', b"no"]
    for future in (Lost(), None):
        out = [json.loads(text) for text in cluster._answers(given, future)]        # type: ignore[arg-type]
        assert out[0]["id"] == 1 and "error" in out[1]
    assert "lost 2 lines (OSError)" in capsys.readouterr().err
    workers.ours(workers.SECONDS).close()
    workers.ours(workers.SECONDS).closed = False


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_is_for_a_terminal(monkeypatch: pytest.MonkeyPatch, terminal: bool) -> None:
    shown = StringIO()
    monkeypatch.setattr(shown, "isatty", lambda: terminal, raising=False)
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.setattr(sys, "stdout", StringIO())
    progress = cluster.Progress()
    for answer in ('{"result": "x"}', '{"error": {}}'):
        progress.count(answer)
    progress.end()
    assert re.fullmatch(r"\r2 lines, [\d,]+ a second, 1 failed\n", shown.getvalue()) if terminal else not shown.getvalue()


def test_the_code_of_the_page_on_scale() -> None:
    blocks = re.findall(r"```python\n(.*?)```", (TOP / "docs" / "scale.md").read_text("utf-8"), re.S)
    assert blocks
    for block in blocks:
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("matcalc"):
                module = __import__(str(node.module), fromlist=["x"])
                assert all(hasattr(module, alias.name) for alias in node.names)
