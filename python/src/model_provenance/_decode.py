"""JSON documents of the command to dataclasses: names in camelCase become snake_case, lists become tuples."""

from __future__ import annotations

import dataclasses
import types
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


class DocumentError(ValueError):
    """A document is not of the form that was expected."""


def decode(form: type[T], value: object) -> T:
    """Make a dataclass of a parsed JSON object. Raises ``DocumentError``."""
    result: T = _decode(form, value, form.__name__)
    return result


def _decode(form: Any, value: object, where: str) -> Any:
    if dataclasses.is_dataclass(form) and isinstance(form, type):
        return _decode_object(form, value, where)
    origin = get_origin(form)
    if origin in (types.UnionType, Union):
        inner = next(option for option in get_args(form) if option is not type(None))
        return None if value is None else _decode(inner, value, where)
    if origin is tuple:
        if not isinstance(value, list):
            raise DocumentError(f"{where} is no list.")
        return tuple(_decode(get_args(form)[0], entry, where) for entry in value)
    if origin is Literal:
        if value not in get_args(form):
            raise DocumentError(f"{where} is {value!r}.")
        return value
    return _decode_plain(get_origin(form) or form, value, where)


def _decode_plain(form: Any, value: object, where: str) -> object:
    if form is Any:
        return value
    if form is float and type(value) is int:
        return float(value)
    if not isinstance(value, form) or (form is int and isinstance(value, bool)):
        raise DocumentError(f"{where} is no {form.__name__}.")
    return value


def _decode_object(form: type[Any], value: object, where: str) -> object:
    if isinstance(value, form):
        return value
    if not isinstance(value, dict):
        raise DocumentError(f"{where} is no object.")
    fields = _fields_of(form)
    given: dict[str, object] = {}
    for key, entry in value.items():
        # What a later version adds is no reason to know nothing.
        if key.lower() in fields:
            name, hint = fields[key.lower()]
            given[name] = _decode(hint, entry, key)
    try:
        return form(**given)
    except TypeError as error:
        raise DocumentError(f"{where} is not complete: {error}.") from error


_FIELDS: dict[type[Any], dict[str, tuple[str, Any]]] = {}


def _fields_of(form: type[Any]) -> dict[str, tuple[str, Any]]:
    """List the fields of a dataclass with their types, by their names in a document in lower case."""
    if form not in _FIELDS:
        _FIELDS[form] = {name.replace("_", ""): (name, hint) for name, hint in get_type_hints(form).items()}
    return _FIELDS[form]
