"""Matrix calculus that shows its work and proves it.

    derive        a gradient, Jacobian, Hessian or several gradients, with the steps and a verdict
    prove         whether an equation holds
    check         the marks of a derivation made by hand
    stationary    the point where a derivative is zero
    show, rules   a derivation of the library, the rules of the tables
    symbol        a name for formulas written in Python

An answer is a Derivation, Gradients, Verdict or Sheet. What cannot be read raises InputError, what has no closed form Unfinished, what
takes too long Expired. Vectors are columns; sizes are names (R^n) or numbers (R^3).

>>> import matcalc as mc
>>> answer = mc.derive("x'*A*x", "x")
>>> print(answer.result)
(A + A')*x
>>> answer.verdict.kind
'proved'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .lazy import lazy_modules

if TYPE_CHECKING:
    from .api import Derivation as Derivation
    from .api import Expired as Expired
    from .api import InputError as InputError
    from .api import Unfinished as Unfinished
    from .api import derive as derive
    from .api import prove as prove
    from .api import rules as rules
    from .api import show as show
    from .gradients import Gradients as Gradients
    from .render.verdict_words import WordedVerdict as Verdict
    from .sheets.interface import Sheet as Sheet
    from .sheets.interface import check as check
    from .extrema import stationary as stationary
    from .tracing import Symbol as symbol

__all__ = ["Derivation", "Expired", "Gradients", "InputError", "Sheet", "Unfinished", "Verdict", "check", "derive", "prove", "rules",
           "show", "stationary", "symbol"]
__version__ = "0.1.0"
lazy_modules(__name__, "diagnosed", "from_sympy", "layered", "library", "gradients", "tracing")
_WHERE = {"Gradients": (".gradients", "Gradients"), "Verdict": (".render.verdict_words", "WordedVerdict"),
          "Sheet": (".sheets.interface", "Sheet"),
          "check": (".sheets.interface", "check"), "stationary": (".extrema", "stationary"), "symbol": (".tracing", "Symbol")}


def __getattr__(name: str) -> Any:
    # Lazy, so that importing one part of the package costs only that part.
    if name in __all__:
        module, called = _WHERE.get(name, (".api", name))
        return getattr(import_module(module, __name__), called)
    raise AttributeError(f"module 'matcalc' has no attribute {name!r}")


def load_ipython_extension(shell: Any) -> None:
    """What `%load_ext matcalc` does in a notebook: cells that begin with %%matcalc are problem files."""
    import_module(".notebook", __name__).load(shell)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
