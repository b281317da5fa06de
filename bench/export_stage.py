"""Scores of a volume to a label map, side by side with nnU-Net's own functions, of which Python needs nnunetv2.

118 classes on 100x112x112, smooth and of noise: to the same grid, and to 333x333x300. Prints the median of each
side, their ratio, the peak memory of the whole processes beside the scores, and how many labels differ. nnU-Net's
large case takes ten minutes and 14 GB; --small leaves it out.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent / "peers"))
from contestant import alternate, own, peer

CLASSES = 118
SOURCE = (100, 112, 112)
LARGE = (333, 333, 300)
GIB = 2**30


def smooth(random: np.random.Generator) -> np.ndarray:
    """Some lobes a class, linear between coarse points, and a little noise."""
    values = random.normal(0, 4, (CLASSES, 9, 9, 9)).astype(np.float32)
    for axis, size in enumerate(SOURCE, start=1):
        at = np.linspace(0, 8, size, dtype=np.float32)
        lower = np.minimum(at.astype(int), 7)
        part = (at - lower).reshape([-1 if a == axis else 1 for a in range(4)])
        values = values.take(lower, axis) * (1 - part) + values.take(lower + 1, axis) * part
    return (values + random.normal(0, 0.05, values.shape).astype(np.float32)).astype(np.float16)


def noise(random: np.random.Generator) -> np.ndarray:
    return random.normal(0, 3, (CLASSES, *SOURCE)).astype(np.float32).astype(np.float16)


def compare(options: argparse.Namespace, folder: Path, kind: str, target: tuple[int, ...], rounds: int) -> None:
    scores = folder / "scores.f16"
    values = {"smooth": smooth, "noise": noise}[kind](np.random.default_rng(1))
    values.tofile(scores)
    scores_bytes = values.nbytes
    del values
    text = [",".join(map(str, size)) for size in (SOURCE, target)]
    common = ["--classes", CLASSES, "--from", text[0], "--to", text[1], "--scores", scores]
    common += ["--threads", options.threads]
    files = [folder / "own.u8", folder / "peer.u8"]
    mine = own("export", options.build, *common, "--labels", files[0])
    sides = [mine]
    if options.peer and (target == SOURCE or not options.small):
        sides.append(peer("nnU-Net", "export_nnunet.py", *common, "--labels", files[1]))
    series = alternate(sides, rounds)
    print(f"{kind}, {CLASSES} classes, {text[0]} to {text[1]}, {options.threads} thread(s), {rounds} round(s)")
    for each in series:
        # Ours holds the scores twice while it reads them.
        print(f"  {each.name}: {each.median:.3f} s, peak {each.peak_bytes / GIB:.2f} GiB", end="")
        print(f" ({scores_bytes / GIB:.2f} GiB of it scores)")
    if len(series) == 2:
        a, b = (np.fromfile(file, np.uint8) for file in files)
        ratio = series[1].median / series[0].median
        print(f"  {ratio:.0f} times as fast; {int((a != b).sum())} of {a.size} labels differ")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, required=True, help="of the preset bench; holds bin/")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3, help="of the case that stays on its grid")
    parser.add_argument("--large-rounds", type=int, default=1)
    parser.add_argument("--small", action="store_true", help="the large case is ours alone")
    parser.add_argument("--no-peer", dest="peer", action="store_false")
    parser.add_argument("--kinds", nargs="+", choices=["smooth", "noise"], default=["smooth", "noise"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for kind in options.kinds:
            compare(options, Path(folder), kind, SOURCE, options.rounds)
            compare(options, Path(folder), kind, LARGE, options.large_rounds)


if __name__ == "__main__":
    main()
