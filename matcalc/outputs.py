"""What every answer with a page can do: show itself in each medium, and be written as code."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from importlib import import_module
from typing import TYPE_CHECKING, Any, SupportsIndex, TypeVar, overload

from .language.deadline import Expired
from .language.shape import InputError
from .render.style import set_as

if TYPE_CHECKING:
    from .render.story import Story

T = TypeVar("T")


class Listed(list[T]):
    """A list of steps or rules that a notebook shows line by line; so is a slice of it."""

    @overload
    def __getitem__(self, at: SupportsIndex) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> Listed[T]: ...

    def __getitem__(self, at: Any) -> Any:
        found = super().__getitem__(at)
        return Listed(found) if isinstance(at, slice) else found


class Renderable:
    """An answer with a page: it can be shown as text, LaTeX, Markdown, HTML or PDF, and written as code."""

    libraries: tuple[str, ...] = ("numpy", "torch", "jax")
    what = "source"

    def story(self, detail: str = "normal") -> Story:
        """What is on the page. detail: "brief" without the steps, "full" with every small step and all that the judges found."""
        raise NotImplementedError       # every other method draws this

    def json(self) -> dict[str, object]:
        """The answer as a dictionary for JSON; every formula is text that parses back."""
        raise NotImplementedError

    def written(self, writer: ModuleType) -> str:
        """The source of a function for a library."""
        raise NotImplementedError

    def text(self, width: int = 80, detail: str = "normal") -> str:
        """The page as the terminal shows it, without colour.

        Arguments: width: in columns. detail: "brief" (no steps), "normal", or "full" (every small step and all that the judges found).

        >>> from matcalc import derive
        >>> print(derive("x'*x", "x", ["x in R^n"]).text(detail="brief").splitlines()[0])
        The gradient of f with respect to x
        """
        from .render.terminal import page
        return page(self.story(detail), width)

    def latex(self, document: bool = False, detail: str = "normal", style: str | None = None, transpose: str | None = None) -> str:
        """The lines as an `aligned` block, in commands that KaTeX knows.

        Arguments: document: a whole file for pdflatex instead. detail: as for `text`. style: vectors and matrices in "bold" or "plain".
            transpose: its sign, "top", "T" or "prime".
        Raises: InputError where no style or sign has that name.
        """
        from .render.document import document as whole
        from .render.tex import aligned
        with set_as(style, transpose):
            return (whole if document else aligned)(self.story(detail))

    def markdown(self, detail: str = "normal", style: str | None = None, transpose: str | None = None) -> str:
        """The page in Markdown, with formulas as GitHub shows them; the arguments are those of `latex`."""
        from .render import markdown
        with set_as(style, transpose):
            return markdown.page(self.story(detail))

    def pdf(self, path: str, detail: str = "normal", style: str | None = None, transpose: str | None = None) -> None:
        """Write the page to a PDF file.

        Arguments: path: the file. The others are those of `latex`.
        Raises: InputError where pdflatex is not installed or the file cannot be written.
        """
        from .render import pdf
        pdf.write(self.latex(True, detail, style, transpose), path)

    def html(self, detail: str = "normal") -> str:
        """The page as one HTML file that loads nothing: MathML, light and dark colours, buttons that copy LaTeX and code.

        Arguments: detail: as for `text`.
        """
        from .render import html
        try:
            code = self.numpy()
        except (Expired, InputError, NotImplementedError):
            code = ""
        return html.page(self.story(detail), code)

    def fragment(self, detail: str = "normal") -> str:
        """The page as a piece of HTML for another page; `detail` is as for `text`."""
        from .render import html
        return html.fragment(self.story(detail))

    def index(self) -> str:
        """The derivative entry by entry, in index notation that `prove` reads back, one equation a line."""
        raise InputError(f"{type(self).__name__} cannot be written in index notation")

    def source(self, library: str) -> str:
        """The source of a function that computes the derivative.

        Arguments: library: "numpy", "torch" or "jax", or "sympy" for a script, but for families of layers. Its arguments are named
            as in the problem; vectors are one-dimensional arrays. It raises ValueError where the shape of an array does not fit.
        Raises: InputError for another library.

        >>> from matcalc import derive
        >>> "return 2*x" in derive("x'*x", "x", ["x in R^n"]).source("numpy")
        True
        """
        if library not in self.libraries:
            raise InputError(f"cannot write {self.what} for {library}",
                             hint="available: " + ", ".join(self.libraries) if self.libraries else None)
        return self.written(import_module(f".codegen.{library}", __package__))

    def function(self, library: str = "numpy") -> Callable[..., Any]:
        """A function of arrays that computes the derivative, or for several gradients the value and a dictionary of them.

        Arguments: library: "numpy", "torch" or "jax". The arguments of the function are named as in the problem; where that
            is a Python function they have its order.
        Raises: InputError for another library.

        >>> from matcalc import derive
        >>> from numpy import array
        >>> derive("x'*x", "x").function()(x=array([1.0, 2.0])).tolist()
        [2.0, 4.0]
        >>> derive("c*x'*x", ["x", "c"], ["c in R"]).function()(x=array([1.0, 2.0]), c=3.0)[1]["x"].tolist()
        [6.0, 12.0]
        """
        if library not in Renderable.libraries:
            raise InputError(f"cannot make a function for {library}", hint="available: " + ", ".join(Renderable.libraries))
        scope: dict[str, Any] = {}
        exec(self.source(library), scope)
        found: Callable[..., Any] = scope.get("grad") or scope["value_and_grads"]
        return found

    def file(self, library: str) -> str:
        """The source in a file, with the question, the verdict, the function itself and a test of its derivative.

        Arguments: library: as for `source`. The file for "numpy", "torch" or "jax" checks the
            derivative against differences when it is run.
        """
        if library not in Renderable.libraries:
            return self.source(library)
        return self.filed(import_module(f".codegen.{library}", __package__))

    def filed(self, writer: ModuleType) -> str:
        """The source of a file for a library."""
        raise NotImplementedError

    def kernel(self, library: str) -> str:
        """A function with a backward pass of its own: a torch.autograd.Function or a jax.custom_vjp.

        Arguments: library: "torch" or "jax".
        Raises: InputError for another library, and where the question has no list of variables with a cotangent:
            derive(.., wrt=["X", "W"], cotangent="G").
        """
        if library not in ("torch", "jax"):
            raise InputError(f"cannot write a kernel for {library}", hint="available: torch, jax")
        return self.passes(import_module(f".codegen.{library}", __package__))

    def passes(self, writer: ModuleType) -> str:
        """The source of the forward and the backward pass."""
        raise InputError("a kernel computes the gradients with respect to a list of variables",
                         hint='ask with wrt=["X", "W"], cotangent="G"')

    def numpy(self) -> str:
        """The NumPy source; the same as source("numpy")."""
        return self.source("numpy")

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return self.fragment()

    def _repr_markdown_(self) -> str:
        return self.markdown()

    def _repr_latex_(self) -> str:
        return f"$$\n{self.latex()}$$"
