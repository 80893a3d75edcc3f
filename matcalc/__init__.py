"""Matrix calculus that shows its work and proves it."""

from __future__ import annotations

import sys
from types import ModuleType
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


class _Callable(ModuleType):
    """The folder derive/ and the function derive share their name: whoever imported what first, calling it derives, help explains."""

    @property
    def __signature__(self) -> Any:
        from inspect import signature

        from . import api
        return signature(api.derive)

    @property
    def __doc__(self) -> str:  # type: ignore[override]
        from . import api
        return f"{(api.derive.__doc__ or '').splitlines()[0]}\n\nderive{self.__signature__}\n\n{api.derive.__doc__}"

    def __call__(self, *args: Any, **options: Any) -> Any:
        from . import api
        return api.derive(*args, **options)


class _Package(ModuleType):
    def __setattr__(self, name: str, value: Any) -> None:
        if name == "derive" and isinstance(value, ModuleType):
            value.__class__ = _Callable
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
