"""Immutable records: what typing.NamedTuple makes, without the source text that it writes and compiles for every class.

Some fifty classes are made before the first page is shown; this way they cost a tenth of the start-up less.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import NamedTuple as Record
else:
    from collections import _tuplegetter

    def _maker(size, last):
        """The constructor of a record of so many fields, of which the last ones have values of their own."""
        least = size - len(last)

        def __new__(cls, *values, **named):
            if len(values) == size and not named:
                return made(cls, values)
            if named or not least <= len(values) < size:
                return made(cls, cls._all(values, named))
            return made(cls, values + last[len(values) - size:])
        made = tuple.__new__
        return __new__

    class _Fields(type):
        """Makes annotations the fields of a tuple, values beside them their defaults."""

        def __new__(meta, name, bases, space):
            space.setdefault("__slots__", ())
            if bases and bases[0].__mro__[1] is tuple:
                fields = tuple(space.get("__annotations__", ()))
                own = [f in space for f in fields]
                last = tuple([space[f] for f in fields[max((k + 1 for k, known in enumerate(own) if not known), default=0):]])
                space |= {"_fields": fields, "__match_args__": fields, "_field_defaults": {f: space[f] for f in fields if f in space}}
                space |= {f: _tuplegetter(k, "") for k, f in enumerate(fields)}
                space["_places"] = {f: k for k, f in enumerate(fields)}
                space["__new__"] = _maker(len(fields), last)
            return super().__new__(meta, name, bases, space)

        @property
        def __signature__(cls):
            from inspect import Parameter, Signature
            kinds = {f: kind for c in reversed(cls.__mro__) for f, kind in vars(c).get("__annotations__", {}).items()}
            return Signature([Parameter(f, Parameter.POSITIONAL_OR_KEYWORD, default=cls._field_defaults.get(f, Parameter.empty),
                                        annotation=kinds[f]) for f in cls._fields])

    class Record(tuple, metaclass=_Fields):
        """A tuple whose places have names; see typing.NamedTuple."""

        @classmethod
        def _all(cls, values, named):
            """The values of all fields, some by name or by default."""
            if len(values) > len(cls._fields) or not named.keys() <= set(cls._fields[len(values):]):
                raise TypeError(f"{cls.__name__}{cls.__signature__} is not a place for {values}, {named}")
            known = {**cls._field_defaults, **dict(zip(cls._fields, values, strict=False)), **named}
            try:
                return tuple(map(known.__getitem__, cls._fields))
            except KeyError as e:
                raise TypeError(f"{cls.__name__}{cls.__signature__} needs {e}") from None

        def _replace(self, **named):
            values, places = list(self), self._places
            try:
                for field, value in named.items():
                    values[places[field]] = value
            except KeyError as e:
                raise ValueError(f"{type(self).__name__} has no {e.args[0]}") from None
            return tuple.__new__(type(self), values)

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self):
            return f"{type(self).__name__}({', '.join(f'{f}={value!r}' for f, value in zip(self._fields, self, strict=True))})"

        def __getnewargs__(self):
            return tuple(self)

__all__ = ["Record"]
