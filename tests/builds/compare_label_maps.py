"""Label maps of two builds, bit for bit, over random networks: what a change of form must not change.

Usage: compare_label_maps.py BEFORE AFTER [--networks N] [--seed S] [--isa NAME,NAME]

BEFORE and AFTER are build folders (or folders of programs). Each network has channels, strides, units, norm, activation,
classes, window, overlap and chunks of its own, and an image of a shape, type and orientation of its own. Both builds
segment it for 1 and 2 threads, with memory to spare and with the least that each says it needs, on every instruction set
that the machine has; the files must be equal. Prints a line a network; exit status 1 if two files differ, 2 if a program
fails. A network whose label map is empty shows nothing and is counted apart.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from nifti_file import header_of, read_nifti, write_nifti  # noqa: E402
from pth_file import write_model  # noqa: E402
from random_unet import UNet  # noqa: E402

ISAS = ("portable", "avx2", "avx512")
THREADS = (1, 2)
SMALL_WINDOW = 48
FIT = re.compile(r"need (\d+) bytes")


class Refused(Exception):
    """A program that did not end well, with what it said."""


@dataclass(frozen=True)
class Case:
    network: UNet
    image: Path
    model: Path
    overlap: int
    chunk: str

    def __str__(self) -> str:
        of = self.network
        return (
            f"channels {of.channels} classes {of.out_channels} units {of.units} {of.norm}"
            f"{' affine' if of.affine else ''} {of.activation} overlap {self.overlap} chunk {self.chunk}"
        )


def random_network(random: np.random.Generator) -> UNet:
    levels = int(random.integers(1, 5))
    channels = tuple(int(random.integers(1, 26)) for _ in range(levels + 1))
    return UNet(
        channels=channels,
        strides=(2,) * levels,
        out_channels=int(random.choice([2, 3, 9, 17, 34])),
        units=int(random.integers(0, 4)),
        norm=str(random.choice(["instance", "batch"])),
        affine=bool(random.integers(2)),
        activation=str(random.choice(["LeakyReLU", "ReLU", "PReLU"])),
    )


def random_image(random: np.random.Generator, file: Path) -> Path:
    """A smooth body in noise; axes permuted and flipped, spacing and type by chance."""
    shape = tuple(int(n) for n in (*random.integers(12, 100, 2), random.integers(1, 5)))
    axes = np.meshgrid(*(np.linspace(-1, 1, n) for n in shape), indexing="ij")
    body = axes[0] ** 2 + axes[1] ** 2 < random.uniform(0.3, 2)
    texture = 300 + 150 * np.sin(9 * axes[0]) * np.cos(7 * axes[1]) + random.normal(0, 20, shape)
    kind = str(random.choice(["<i2", "<f4", "|u1"]))
    values = np.where(body, texture, random.uniform(0, 20, shape)) / (3 if kind == "|u1" else 1)
    order = random.permutation(3)
    voxels = np.ascontiguousarray(np.clip(values, 0, None).transpose(order).astype(kind))
    header = header_of(voxels, tuple(float(s) for s in random.uniform(0.9, 2, 3)))
    rows = np.zeros((3, 4))
    for stored, world in enumerate(order):
        rows[world, stored] = header.pixdim[1 + stored] * random.choice([-1, 1])
    rows[:, 3] = random.uniform(-50, 50, 3)
    header.srow = tuple(rows.ravel())
    header.qform_code = 0
    return write_nifti(file, voxels, header)


def random_case(random: np.random.Generator, folder: Path, index: int) -> Case:
    network = random_network(random)
    step = 2 ** len(network.strides)
    least = max(2 * step, 16)
    window = tuple(int(random.integers(least, 112)) // step * step for _ in range(2))
    description = network.description((window[0], window[1]))
    description["parameters"]["pix_dim"] = [float(random.choice([1, 1.5, -1])) for _ in range(2)] + [-1]
    model = write_model(folder / f"model_{index}.pth", network.weights(index), description)
    image = random_image(random, folder / f"image_{index}.nii")
    chunk = str(random.choice(["auto", "auto", "2"]))
    # Portable kernels are slow: where windows are small, 90 % of overlap would take minutes.
    overlaps = [0, 25, 50, 75, 90] if min(window) > SMALL_WINDOW else [0, 25, 50]
    return Case(network, image, model, int(random.choice(overlaps)), chunk)


def program(folder: Path) -> Path:
    for place in (folder, folder / "bin"):
        if (place / "mm_segment").is_file():
            return place / "mm_segment"
    raise SystemExit(f"{folder}: there is no mm_segment in it, nor in its folder bin")


def segment(mm_segment: Path, case: Case, isa: str, threads: int, memory: int | None) -> bytes:
    """The label map's bytes without the compression."""
    out = case.model.parent / "labels.nii.gz"
    out.unlink(missing_ok=True)
    command = [str(mm_segment), "-i", str(case.image), "-m", str(case.model), "-o", str(out), "-q"]
    command += ["-s", str(case.overlap), "-c", case.chunk, "--threads", str(threads), "--engine", "native"]
    if memory is not None:
        command += ["--memory", str(memory)]
    environment = os.environ | {"MUSCLEMAP_MAX_ISA": isa}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Refused(done.stderr.strip() or done.stdout.strip())
    return gzip.decompress(out.read_bytes())


def least_memory(mm_segment: Path, case: Case, isa: str, threads: int) -> int:
    try:
        segment(mm_segment, case, isa, threads, 1)
    except Refused as refused:
        found = FIT.search(str(refused))
        if found:
            return int(found[1])
        raise
    raise Refused(f"{mm_segment} takes a memory limit of one byte")


def machine_isas() -> list[str]:
    flags = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").split()
    return [isa for isa in ISAS if isa == "portable" or isa in flags or isa + "f" in flags]


def compare(before: Path, after: Path, case: Case, isas: list[str]) -> tuple[int, int, int]:
    """Pairs of label maps, those that differ, labels of the first."""
    pairs = differ = labels = 0
    for isa, threads, tight in itertools.product(isas, THREADS, (False, True)):
        maps = []
        for build in (before, after):
            memory = least_memory(build, case, isa, threads) if tight else None
            maps.append(segment(build, case, isa, threads, memory))
        if pairs == 0:
            labels = len(np.unique(read_nifti(case.model.parent / "labels.nii.gz")[1])) - 1
        pairs += 1
        if maps[0] != maps[1]:
            differ += 1
            print(f"  differs: {isa}, {threads} threads, {'least' if tight else 'all'} memory")
    return pairs, differ, labels


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--networks", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--isa", help="of those that the machine has, which (default: all)")
    options = parser.parse_args()
    before, after = program(options.before), program(options.after)
    isas = options.isa.split(",") if options.isa else machine_isas()
    print("instruction sets:", ", ".join(isas))
    all_pairs = all_differ = empty = 0
    with tempfile.TemporaryDirectory() as folder:
        for index in range(options.networks):
            case = random_case(np.random.default_rng([options.seed, index]), Path(folder), index)
            print(f"{index + 1:3d} {case}", flush=True)
            try:
                pairs, differ, labels = compare(before, after, case, isas)
            except Refused as refused:
                print(f"  failed: {refused}")
                return 2
            all_pairs, all_differ = all_pairs + pairs, all_differ + differ
            empty += labels == 0
    print(f"{all_pairs} pairs of label maps, {all_differ} differ; {empty} networks gave an empty one")
    return 1 if all_differ or empty == options.networks else 0


if __name__ == "__main__":
    sys.exit(main())
