"""The functions of the package as coroutines. Cancelling one ends its work."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

from ._call import Call, overdue
from ._engine import engine
from ._snapshot import verified_snapshot as _verified_snapshot
from ._verbs import fetch as _fetch
from ._verbs import hash_ as _hash
from ._verbs import lineage as _lineage
from ._verbs import show as _show
from ._verbs import verify as _verify

__all__ = ["fetch", "hash", "lineage", "show", "verified_snapshot", "verify"]

P = ParamSpec("P")
T = TypeVar("T")


def _awaiting(make: Callable[P, Call[T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Make a coroutine function for a call. Cancelling it ends the work."""

    @functools.wraps(make)
    async def wait(*args: P.args, **kwargs: P.kwargs) -> T:
        call = make(*args, **kwargs)
        try:
            arguments = await asyncio.to_thread(call.prepare)
            future = asyncio.wrap_future(await asyncio.to_thread(engine.submit, arguments))
            try:
                answer = await asyncio.wait_for(future, call.timeout)
            except asyncio.TimeoutError:
                raise overdue(call) from None
            return call.take(answer)
        finally:
            call.dispose()

    return wait


verify = _awaiting(_verify)
hash = _awaiting(_hash)
show = _awaiting(_show)
lineage = _awaiting(_lineage)
fetch = _awaiting(_fetch)
verified_snapshot = _awaiting(_verified_snapshot)
