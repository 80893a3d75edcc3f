"""The commands of docs/networks.md do what the page says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from matcalc.commands.cli import cli

PAGE = (Path(__file__).parent.parent / "docs" / "networks.md").read_text("utf-8")
COMMANDS = re.findall(r"^    matcalc (.*)$", PAGE, re.M)


def test_there_are_commands() -> None:
    assert len(COMMANDS) == 6


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_answered_and_proved(command: str) -> None:
    done = CliRunner().invoke(cli, shlex.split(command))
    assert done.exit_code == 0 and "Proved" in done.output, done.output


@pytest.mark.thin(3)
@pytest.mark.parametrize("file", sorted((Path(__file__).parent.parent / "derivations" / "networks").glob("*.mc")), ids=lambda f: f.stem)
def test_a_network_of_the_library_is_proved(file: Path) -> None:
    done = CliRunner().invoke(cli, ["run", str(file)])
    said = "agree with the function along random directions"
    assert done.exit_code == 0 and "Proved" in done.output and said in " ".join(done.output.split())
