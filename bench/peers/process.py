"""Whole processes: seconds and peak memory of each run."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field

from contestant import PEERS, Series


@dataclass
class Process:
    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    runs: int = 0  # 0: as many as there are rounds


def measured(process: Process) -> tuple[float, int]:
    """Seconds and peak bytes of the process; what it says is shown if it fails."""
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as figures:
        launcher = [sys.executable, "-I", "-S", str(PEERS / "launch.py"), *process.command]
        streams = [
            (os.POSIX_SPAWN_DUP2, source.fileno(), target)
            for source, target in ((said, 1), (said, 2), (figures, 3))
        ]
        pid = os.posix_spawn(
            launcher[0], launcher, {**os.environ, **process.environment}, file_actions=streams
        )
        os.waitpid(pid, 0)
        figures.seek(0)
        answer = json.loads(figures.read() or "null")  # nothing: there is no such program
        if answer is None or answer["status"] != 0:
            said.seek(0)
            raise SystemExit(f"{' '.join(process.command)} failed:\n{said.read().decode(errors='replace')}")
    return answer["seconds"], answer["peak_bytes"]


def alternate(
    processes: list[Process],
    rounds: int,
    after: Callable[[Process], None] | None = None,
    measure: Callable[[Process], tuple[float, int]] = measured,
) -> list[Series]:
    """Each process once a round; those with `runs` stay away once they have had them."""
    series = [Series(process.name) for process in processes]
    for turn in range(rounds):
        for process, figures in zip(processes, series, strict=True):
            if process.runs and turn >= process.runs:
                continue
            seconds, peak = measure(process)
            figures.seconds.append(seconds)
            figures.peak_bytes = max(figures.peak_bytes, peak)
            if after:
                after(process)
    return series
