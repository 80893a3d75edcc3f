"""Matrix calculus that shows its work and proves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .api import InputError as InputError
    from .api import Unfinished as Unfinished
    from .api import derive as derive
    from .api import prove as prove

__all__ = ["InputError", "Unfinished", "derive", "prove"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # Lazy, so that importing one part of the package costs only that part.
    if name in __all__:
        from . import api
        return getattr(api, name)
    raise AttributeError(f"module 'matcalc' has no attribute {name!r}")
