"""Long work shows where it is on a terminal, and nothing anywhere else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent


def told(*args: str) -> str:
    """What stands on a terminal that standard error is."""
    pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")
    master, slave = pty.openpty()
    with subprocess.Popen([sys.executable, "-m", "matcalc", *args], cwd=TOP, stdout=subprocess.DEVNULL, stderr=slave) as process:
        os.close(slave)
        out = b""
        try:
            while part := os.read(master, 4096):
                out += part
        except OSError:     # the other end is closed
            pass
        finally:
            os.close(master)
        assert process.wait() == 0
    return out.decode()


@pytest.mark.slow
def test_the_library_is_counted_on_a_terminal() -> None:
    shown = told("verify", "exp", "least-squares")
    assert "\r1 of 2  exp" in shown and shown.endswith("\r") and not shown.split("\r")[-2].strip(), "and it is wiped away"


@pytest.mark.slow
def test_nothing_is_told_to_a_pipe() -> None:
    done = subprocess.run([sys.executable, "-m", "matcalc", "verify", "exp"], cwd=TOP, capture_output=True, text=True, check=True)
    assert not done.stderr and "\r" not in done.stdout
