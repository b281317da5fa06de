"""Time and memory of `totalsegmentator` with networks of the published sizes and random weights.

Usage: whole_body.py PROGRAM [--fast] [--millimetres N] [--threads N]; needs Python's torch,
dynamic_network_architectures, NumPy and nibabel. The networks are those of nnunet_sizes.py, one fold each. The image is
a cube of noise at the network's voxel size. What a run takes beside its engine is its peak less that of a run on a cube
of 16 voxels, which is one padded window.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nibabel
import numpy
from nnunet_networks import write_network
from nnunet_sizes import FAST, PARTS


def run(program, image, folder, arguments, threads):
    environment = {**os.environ, "TOTALSEG_WEIGHTS_PATH": str(folder)}
    begin = time.monotonic()
    command = [*program, "-i", image, "-o", folder / "labels.nii.gz", "--ml", "-d", "cpu", *arguments]
    process = subprocess.Popen([*map(str, command), "--threads", str(threads)], env=environment)
    _, status, used = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit("the run has failed")
    return time.monotonic() - begin, used.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", nargs="+")
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--millimetres", type=float, default=333)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    networks = (FAST,) if given.fast else PARTS
    spacing = networks[0].spacing_mm
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for network in networks:
            write_network(folder, network)
        peaks = {}
        for voxels in (16, round(given.millimetres / spacing)):
            noise = numpy.random.default_rng(0).normal(0, 300, (voxels,) * 3).astype(numpy.int16)
            image = folder / "image.nii.gz"
            nibabel.Nifti1Image(noise, numpy.diag([spacing] * 3 + [1])).to_filename(image)
            seconds, peaks[voxels] = run(given.program, image, folder, ["--fast"] * given.fast, given.threads)
            print(f"{voxels}^3 voxels: {seconds:.1f} s, peak {peaks[voxels]:.0f} MB", flush=True)
        small, large = peaks.values()
        print(f"beside the engine: {large - small:.0f} MB")


if __name__ == "__main__":
    main()
