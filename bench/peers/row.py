"""A row of the table, and what all rows are told."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from contestant import Series


@dataclass(frozen=True)
class Settings:
    build: Path  # holds bin/
    folder: Path  # for what is made
    threads: int
    rounds: int
    quick: bool
    reference: Path | None  # folder of MuscleMap's scripts
    plain_tiles: bool = False  # a trial of the row of AMX on any machine
    totalsegmentator: Path | None = None  # the original program, where it is installed
    cellpose: Path | None = None  # a Python that has it

    def reference_program(self) -> Path | None:
        program = self.reference / "mm_segment.py" if self.reference else None
        return program if program and program.exists() else None


@dataclass
class Row:
    number: int
    work: str
    own: Series
    peers: list[Series]
    notes: list[str] = field(default_factory=list)  # checks of the results, what was left out

    def ratio(self, peer: Series) -> float:
        """Of medians: how many times faster ours is."""
        return peer.median / self.own.median

    def ratio_of_least(self, peer: Series) -> float:
        return peer.least / self.own.least

    def best_peer(self) -> Series | None:
        return min(self.peers, key=lambda peer: peer.median, default=None)
