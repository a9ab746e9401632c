"""Keyword arguments of Python to flags of the command: ``rpc_url="…"`` is ``--rpc-url …``."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from ._errors import UsageError

PathLike = str | os.PathLike[str]
Value = PathLike | int | bool | Iterable[PathLike] | None


def to_arguments(verb: str, places: Iterable[PathLike | int], options: Mapping[str, Value]) -> list[str]:
    """Write a command line with which a verb answers in JSON. What is None is left out. Raises ``UsageError``."""
    words = [*verb.split(" "), "--json"]
    for name, value in options.items():
        flag = f"--{name.replace('_', '-')}"
        if value is None:
            continue
        if isinstance(value, bool):
            words.append(flag if value else f"--no-{flag[2:]}")
        else:
            # In one word, so that a value which begins with a dash is none of the flags.
            words.append(f"{flag}={_text(name, value)}")
    # Nor is a path that begins with one.
    paths = [hex(place) if isinstance(place, int) else os.fspath(place) for place in places]
    return [*words, "--", *(f"./{path}" if path.startswith("-") else path for path in paths)]


def _text(name: str, value: PathLike | int | Iterable[PathLike]) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, (str, os.PathLike)):
        text = os.fspath(value)
    else:
        text = ",".join(_entry(name, os.fspath(entry)) for entry in value)
    if not text.strip():
        # The command would take it for not given, and ask for less than was meant.
        raise UsageError("OPTION_INVALID", f"{name} is empty. Leave it out, or say what it is.")
    return text


def _entry(name: str, text: str) -> str:
    """Write an entry of a list, as the command reads it: with a backslash before a comma of its own."""
    if text != text.strip() or not text or text.endswith("\\") or "\\," in text:
        raise UsageError("OPTION_INVALID", f"{name}: {text!r} cannot stand in a list.")
    return text.replace(",", "\\,")
