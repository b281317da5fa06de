"""A peer's side of the rounds that contestant.py drives."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any, NoReturn

LONGEST_REASON = 200


def cannot(error: Exception) -> NoReturn:
    """In place of serve()."""
    reason = " ".join(str(error).split()) or type(error).__name__
    print(json.dumps({"cannot": reason[:LONGEST_REASON]}), flush=True)
    sys.exit(0)


def serve(
    about: dict[str, Any], work: Callable[..., object], before: Callable[[], object] | None = None
) -> None:
    """`work` is called without arguments, or with what `before` gives, whose time does not count."""
    print(json.dumps(about), flush=True)
    for line in sys.stdin:
        seconds = []
        for _ in range(int(line)):
            given = (before(),) if before else ()
            start = time.perf_counter()
            work(*given)
            seconds.append(time.perf_counter() - start)
        print(json.dumps(seconds), flush=True)
