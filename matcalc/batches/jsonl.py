"""One line of JSON in, one line of JSON out, whatever the line holds."""

from __future__ import annotations

import json
import math
from typing import Any

from ..language.shape import InputError
from ..render.escaping import numbered

LONGEST = 1 << 26                   # bytes of a line that is read


class Object(dict[str, object]):
    """A JSON object that knows which keys it was given twice."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        keys = [key for key, _ in pairs] if len(self) < len(pairs) else []
        self.twice = sorted({key for key in keys if keys.count(key) > 1})


def _integer(text: str) -> int | str:
    return int(text) if len(text) < 4300 else text              # Python reads no longer ones


def _float(text: str) -> float | str:
    return number if math.isfinite(number := float(text)) else text


def _load(text: str) -> Any:
    return json.loads(text.removeprefix("\ufeff"), object_pairs_hook=Object, parse_int=_integer, parse_float=_float, parse_constant=str)


def read(line: str | bytes) -> Any:
    """What a line holds. Numbers that JSON or Python does not have (NaN, 1e999) are read as their text."""
    if not isinstance(line, (str, bytes)):
        raise InputError(f"a line must be text, not {type(line).__name__}")
    if len(line) >= LONGEST:
        raise InputError(f"a line of {LONGEST >> 20} MB or more is too long")
    try:
        return _load(line if isinstance(line, str) else line.decode())
    except json.JSONDecodeError as e:
        raise InputError(f"not JSON: {e.msg}", column=e.colno) from None
    except UnicodeDecodeError as e:
        raise InputError(f"not UTF-8 text: byte {e.start + 1}") from None


def write(out: dict[str, object]) -> str:
    """JSON that every reader takes: no NaN, no half characters, nothing that ends a line or steers a terminal."""
    try:
        text = json.dumps(out, ensure_ascii=False, allow_nan=False)
    except ValueError:
        text = json.dumps(json.loads(json.dumps(out), parse_constant=str), ensure_ascii=False)
    return numbered(text)


def identity(line: str | bytes) -> dict[str, object]:
    """The id of a line that could not be answered, as far as there is one to be read."""
    try:
        asked = _load(line if isinstance(line, str) else line.decode(errors="replace"))
        return {"id": asked["id"]} if isinstance(asked, dict) and "id" in asked else {}
    except Exception:
        return {}


def error(kind: str, message: str, column: int | None = None, hint: str | None = None) -> dict[str, object]:
    """The field that says what went wrong."""
    known = {"kind": kind, "message": message, "column": column, "hint": hint}
    return {"error": {key: value for key, value in known.items() if value is not None}}


def unanswered(line: str | bytes, kind: str, message: str) -> str:
    """The answer to a line nobody could answer."""
    try:
        return write({**identity(line), **error(kind, message)})
    except Exception:       # its id can be read but not written
        return write(error(kind, message))


def failed(answer: str) -> bool:
    """Whether an answer has an error."""
    try:
        return "error" in json.loads(answer)
    except RecursionError:
        return True
