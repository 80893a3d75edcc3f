"""Immutable records: what typing.NamedTuple makes, without the source text that it writes and compiles for every class.

Some fifty classes are made before the first page is shown; this way they cost a tenth of the start-up less.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import NamedTuple as Record
else:
    from collections import _tuplegetter

    def _maker(places, last):
        """The constructor of a record of these fields, of which the last ones have values of their own."""
        size, least = len(places), len(places) - len(last)
        own = (None,) * least + last

        def __new__(cls, *values, **named):
            given = len(values)
            if not named and least <= given <= size:
                return made(cls, values + own[given:] if given < size else values)
            if given > size:
                cls._misfit(values, named)
            out, missing = [*values, *own[given:]], least - given
            for field, value in named.items():
                k = places.get(field, -1)
                if k < given:
                    cls._misfit(values, named)
                out[k] = value
                missing -= k < least
            if missing > 0:
                cls._misfit(values, named)
            return made(cls, out)
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
                space["__new__"] = _maker(space["_places"], last)
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
        def _misfit(cls, values, named):
            """What is wrong with the values of fields, some by name."""
            if len(values) > len(cls._fields) or not named.keys() <= set(cls._fields[len(values):]):
                raise TypeError(f"{cls.__name__}{cls.__signature__} is not a place for {values}, {named}")
            needs = next(f for f in cls._fields[len(values):] if f not in named and f not in cls._field_defaults)
            raise TypeError(f"{cls.__name__}{cls.__signature__} needs {needs!r}")

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
