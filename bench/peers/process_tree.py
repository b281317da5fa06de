"""Whole processes with all that they start: seconds, and peak memory of all of them together.

Memory that several processes share is counted once (proportional set size, looked at several times a second).
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
import time
from pathlib import Path

from contestant import KIB
from process import Process

SECONDS_BETWEEN = 0.25


def _bytes_of(process: Path) -> int:
    with contextlib.suppress(OSError):  # it may have ended
        for line in (process / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * KIB
    return 0


def _members(session: int) -> list[Path]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            # Behind the name, which may hold anything: state, parent, group, session.
            if int((process / "stat").read_text().rpartition(")")[2].split()[3]) == session:
                found.append(process)
    return found


def measured_tree(process: Process) -> tuple[float, int]:
    """As process.measured(), of the process and whatever it has started that is still in its session."""
    peak = 0
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        started = subprocess.Popen(
            process.command,
            stdout=said,
            stderr=subprocess.STDOUT,
            env={**os.environ, **process.environment},
            start_new_session=True,
        )
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                started.wait(SECONDS_BETWEEN)
                break
            peak = max(peak, sum(_bytes_of(member) for member in _members(started.pid)))
        seconds = time.perf_counter() - start
        if started.returncode != 0:
            said.seek(0)
            raise SystemExit(f"{' '.join(process.command)} failed:\n{said.read().decode(errors='replace')}")
    return seconds, peak
