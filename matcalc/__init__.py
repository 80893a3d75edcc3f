"""Matrix calculus that shows its work and proves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .api import derive as derive
    from .api import prove as prove

__all__ = ["derive", "prove"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # Lazy, so that `import matcalc.language...` costs only what it uses.
    if name in __all__:
        from . import api
        return getattr(api, name)
    raise AttributeError(f"module 'matcalc' has no attribute {name!r}")
