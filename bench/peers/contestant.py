"""Processes that do one work again and again when told to, so that rounds of several of them alternate.

Each has a process of its own: thread pools of different libraries in one process would spin against each other.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PEERS = Path(__file__).resolve().parent
ROOT = PEERS.parents[1]
sys.path += [str(ROOT / "bench"), str(ROOT / "tests" / "support")]  # of what rows make
KIB = 1024


@dataclass
class Series:
    """What one contestant took for one row."""

    name: str
    seconds: list[float] = field(default_factory=list)
    peak_bytes: int = 0  # of the whole process
    about: dict[str, Any] = field(default_factory=dict)

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def least(self) -> float:
        return min(self.seconds)


class CannotRun(SystemExit):
    """Why a contestant does not compete; ends the program unless its row goes on without it."""


class Contestant:
    """The protocol: a line of JSON when ready, which says `cannot` and why where it never will be; then seconds as a
    list for every line with a number of runs."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str] | None = None) -> None:
        self._command = command
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **(environment or {})},
            text=True,
        )
        self.series = Series(name, about=self._answer())
        if "cannot" in self.series.about:
            raise CannotRun(f"{name}: {self.series.about['cannot']}")

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith(("{", "[")):  # libraries print what they like before
                return json.loads(line)
        raise CannotRun(f"{' '.join(self._command)} ended with status {self._process.wait()}")

    def turn(self, runs: int, scale: float = 1) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{runs}\n")
        self._process.stdin.flush()
        self.series.seconds += [seconds * scale for seconds in self._answer()]

    def finish(self) -> Series:
        assert self._process.stdin is not None
        self.series.peak_bytes = self._peak_bytes()
        self._process.stdin.close()
        self._process.wait()
        return self.series

    # Not what wait4() says, which counts this process too: it is what the child was before it was itself.
    def _peak_bytes(self) -> int:
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return next(int(line.split()[1]) * KIB for line in status.splitlines() if line.startswith("VmHWM"))


def own(work: str, build: Path, *arguments: object, environment: dict[str, str] | None = None) -> Contestant:
    command = [str(build / "bin" / "musclemap_contestant"), work, *map(str, arguments)]
    return Contestant("musclemap", command, environment)


def peer(name: str, script: str, *arguments: object, environment: dict[str, str] | None = None) -> Contestant:
    command = [sys.executable, str(PEERS / "players" / script), *map(str, arguments)]
    return Contestant(name, command, environment)


def those_that_run(starts: list[Callable[[], Contestant]]) -> tuple[list[Contestant], list[str]]:
    """And why others do not."""
    running, absent = [], []
    for start in starts:
        try:
            running.append(start())
        except CannotRun as reason:
            absent.append(f"not run: {reason}")
    return running, absent


def alternate(
    contestants: list[Contestant], rounds: int, runs: int = 1, scale: dict[int, float] | None = None
) -> list[Series]:
    """`runs` of each, one contestant after the other, `rounds` times. `scale`: factors by contestant's place."""
    for _ in range(rounds):
        for place, contestant in enumerate(contestants):
            contestant.turn(runs, (scale or {}).get(place, 1))
    return [contestant.finish() for contestant in contestants]
