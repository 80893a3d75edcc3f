"""The command line, as a user types it."""

import matcalc


def test_the_package_names_its_faces() -> None:
    assert set(matcalc.__all__) == {"derive", "prove"}
