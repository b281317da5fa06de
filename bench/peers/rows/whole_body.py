"""Rows 16 and 17: TotalSegmentator's task `total` as a whole program beside the original, with the same weights."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import nibabel
import numpy as np
from inputs import trunk_volume
from nnunet_sizes import FAST, PARTS, Network
from process import Process, alternate
from process_tree import measured_tree
from row import Row, Settings

QUICK_FEATURES = 4  # of the first stage
TIMES = 3  # what takes minutes is not run more often


class Bodies:
    """One command line of both programs."""

    def __init__(
        self,
        settings: Settings,
        networks: tuple[Network, ...],
        shape: tuple[int, int, int],
        spacing: tuple[float, float, float],
        flags: list[str],
    ) -> None:
        from nnunet_networks import write_network  # takes torch: seconds

        self.settings = settings
        self.flags = flags
        self.networks = [each.narrow(QUICK_FEATURES) if settings.quick else each for each in networks]
        if settings.quick:
            shape = (60, 60, 50)
        self.text = f"{'x'.join(map(str, shape))} at {'x'.join(f'{mm:g}' for mm in spacing)} mm"
        self.image = trunk_volume(settings.folder, shape, spacing)
        self.weights = settings.folder / f"networks_{self.networks[0].features}"
        for network in self.networks:
            write_network(self.weights, network)

    def own(self) -> Process:
        program = self.settings.build / "bin" / "totalsegmentator"
        return self._process("musclemap", program, "own", "--threads", str(self.settings.threads))

    def original(self) -> Process:
        assert self.settings.totalsegmentator is not None
        process = self._process("TotalSegmentator", self.settings.totalsegmentator, "original")
        process.environment |= self._home()
        process.runs = 1
        return process

    def difference(self) -> str:
        ours, theirs = self._labels("own"), self._labels("original")
        values = len(np.unique(theirs))
        return f"{int((ours != theirs).sum())} of {ours.size} voxels differ; {values} values"

    def _process(self, name: str, program: Path, out: str, *more: str) -> Process:
        flags = ["-i", str(self.image), "-o", str(self._file(out)), "--ml", "-d", "cpu", *self.flags, *more]
        return Process(name, [str(program), *flags], {"TOTALSEG_WEIGHTS_PATH": str(self.weights)})

    def _home(self) -> dict[str, str]:
        """A home folder where it is written that nothing is sent anywhere."""
        home = self.settings.folder / "totalsegmentator_home"
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        config = {"totalseg_id": "totalseg_BENCHING", "send_usage_stats": False, "prediction_counter": 0}
        (home / "config.json").write_text(json.dumps(config))
        return {"TOTALSEG_HOME_DIR": str(home), "OMP_NUM_THREADS": str(self.settings.threads)}

    def _file(self, name: str) -> Path:
        return self.settings.folder / f"total_{name}.nii.gz"

    def _labels(self, name: str) -> np.ndarray:
        return np.asarray(nibabel.load(self._file(name)).dataobj)


def _row(number: int, work: str, bodies: Bodies) -> Row:
    settings = bodies.settings
    processes = [bodies.own()]
    if settings.totalsegmentator:
        processes.append(bodies.original())
    rounds = 1 if settings.quick else min(settings.rounds, TIMES)
    own, *peers = alternate(processes, rounds, measure=measured_tree)
    notes = [bodies.difference()] if peers else ["the original was not run: --totalsegmentator installs it"]
    if settings.quick:
        notes.append(f"a trial: networks of {QUICK_FEATURES} features")
    return Row(number, f"{work} on {bodies.text}, whole program with all its processes", own, peers, notes)


def measure(settings: Settings, wanted: set[int]) -> Iterator[Row]:
    if 16 in wanted:
        bodies = Bodies(settings, (FAST,), (300, 300, 250), (1.2, 1.2, 1.5), ["--fast"])
        yield _row(16, "total --fast", bodies)
    if 17 in wanted:
        bodies = Bodies(settings, PARTS, (200, 200, 150), (1.5, 1.5, 1.5), [])
        yield _row(17, "total", bodies)
