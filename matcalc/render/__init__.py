from ..lazy import lazy_modules

lazy_modules(__name__, "latex", "notebook", "changes", "html", "markdown", "tex")
