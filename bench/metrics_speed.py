"""Time and peak memory of mm_extract_metrics as a whole process, maps included; beside a peer if one is named.

The data are a whole body of the phantom generator (no patient), or `--image` and `--labels`. A peer is a command that takes
the same flags, such as --peer "python mm_extract_metrics.py"; runs alternate and medians are compared.
"""

from __future__ import annotations

import argparse
import json
import shlex
import shutil
import statistics
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "bench" / "peers"))

from process import Process  # noqa: E402
from process import measured as measured_process  # noqa: E402

PROGRAMS = ROOT / "build" / "release" / "bin"
METHODS = (("average",), ("kmeans", "-c", "2"), ("kmeans", "-c", "3"), ("gmm", "-c", "2"), ("gmm", "-c", "3"))


@dataclass(frozen=True)
class Run:
    seconds: float
    peak_bytes: int


def measured(command: list[str]) -> Run:
    return Run(*measured_process(Process(command[0], command)))


def phantom(folder: Path) -> tuple[Path, Path]:
    image, labels = folder / "trunk.nii.gz", folder / "trunk_labels.nii.gz"
    if not labels.exists():
        folder.mkdir(parents=True, exist_ok=True)
        measured(
            [str(PROGRAMS / "musclemap_phantom"), "--region", "trunk", "--shape", "224,168,363"]
            + ["--spacing", "2.23,2.23,3", "--seed", "1", "--image", str(image), "--labels", str(labels)]
        )
    return image, labels


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--image", type=Path)
    parser.add_argument("--labels", type=Path)
    parser.add_argument("--peer", type=shlex.split, help="command to run beside ours")
    parser.add_argument("--peer-runs", type=int, default=1)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--methods", help="comma-separated, such as average,gmm3")
    parser.add_argument("--json", type=Path, help="file for the figures")
    return parser.parse_args()


def main() -> None:
    wanted = arguments()
    folder = ROOT / "build" / "bench"
    image, labels = (wanted.image, wanted.labels) if wanted.image else phantom(folder)
    out = folder / "out"
    figures = []
    for method in METHODS:
        name = method[0] + "".join(method[2:])
        if wanted.methods and name not in wanted.methods.split(","):
            continue
        flags = ["-m", *method, "-i", str(image), "-s", str(labels), "-o", str(out)]
        own, peer = [], []
        for turn in range(wanted.runs):
            own.append(measured([str(PROGRAMS / "mm_extract_metrics"), *flags]))
            if wanted.peer and turn < wanted.peer_runs:
                peer.append(measured([*wanted.peer, *flags]))
        row = {"method": name, "own": [asdict(run) for run in own], "peer": [asdict(run) for run in peer]}
        figures.append(row)
        own_seconds = statistics.median(run.seconds for run in own)
        line = f"{name:10} {own_seconds:8.3f} s {max(run.peak_bytes for run in own) / 1e6:8.1f} MB"
        if peer:
            peer_seconds = statistics.median(run.seconds for run in peer)
            line += f"   peer {peer_seconds:8.2f} s {max(run.peak_bytes for run in peer) / 1e6:8.1f} MB"
            line += f"   ratio {peer_seconds / own_seconds:7.1f}"
        print(line, flush=True)
    shutil.rmtree(out, ignore_errors=True)
    if wanted.json:
        wanted.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
