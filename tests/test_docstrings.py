"""The examples in docstrings are run."""

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import matcalc


@pytest.mark.slow
def test_examples_in_docstrings_hold() -> None:
    tried = 0
    for module in pkgutil.walk_packages(matcalc.__path__, "matcalc."):
        if not module.name.endswith(("__main__", ".cluster")):
            whole = importlib.import_module(module.name)
            if ">>>" not in Path(str(whole.__file__)).read_text("utf-8"):       # to look for examples there would take half of the time
                continue
            found = doctest.testmod(whole)
            assert not found.failed, module.name
            tried += found.attempted
    assert tried > 200 and not doctest.testmod(matcalc).failed
