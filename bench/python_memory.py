"""Peak memory of mm.segment(array) beside that of mm_segment on the same image as a file, with a network of whole-body
size and random weights.

What the package adds is the interpreter with NumPy and the image as an array: no copies. The peak of one run differs
from that of the next by the memory that LibTorch's threads happen to hold, so each is run several times.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from segment_memory import MIB, PLANE, ROOT, volume, whole_body_model

sys.path.insert(0, str(ROOT / "tests" / "support"))

from contestant import KIB  # noqa: E402
from nifti_file import read_nifti  # noqa: E402
from process import Process, measured  # noqa: E402

SPACING = (0.78, 0.78, 5.0)
SEGMENT = """
import sys
import musclemap as mm
image = mm.read(sys.argv[1])
labels = mm.segment(image, sys.argv[2], device="cpu", overlap=0.0)
mm.write(labels, sys.argv[3])
"""
IMPORT = """
import musclemap, numpy
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def peak(program: Path | str, arguments: list[str]) -> float:
    """MiB of a whole process."""
    return measured(Process(str(program), [str(program), *arguments]))[1] / MIB


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slices", type=int, default=40)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "release")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "bench", help="for what is made")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    os.environ["PYTHONPATH"] = str(options.build / "python")
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # as mm_segment does

    model = str(whole_body_model(options.folder))
    image = volume(options.folder, options.slices, SPACING)
    labels = options.folder / "python_dseg.nii"
    of_program = ["-i", str(image), "-m", model, "-o", str(options.folder), "-s", "0", "--device", "cpu"]
    of_package = ["-c", SEGMENT, str(image), model, str(labels)]
    python = sys.executable
    program = [peak(options.build / "bin" / "mm_segment", of_program) for _ in range(options.runs)]
    package = [peak(python, of_package) for _ in range(options.runs)]
    imported = subprocess.run([python, "-c", IMPORT], capture_output=True, text=True, check=True).stdout
    expected = read_nifti(options.folder / f"{image.stem}_dseg.nii.gz")[1]
    assert np.array_equal(read_nifti(labels)[1], expected)

    print(f"{PLANE[0]}x{PLANE[1]}x{options.slices} int16, {image.stat().st_size / MIB:.0f} MiB; peaks in MiB of {options.runs} runs")
    print(f"{'mm_segment':<20}", *(f"{most:7.0f}" for most in sorted(program)))
    print(f"{'mm.segment(array)':<20}", *(f"{most:7.0f}" for most in sorted(package)))
    more = min(package) - min(program)
    print(f"least to least {more:.0f} MiB more, {100 * more / min(program):.1f} %; importing alone is {int(imported) / KIB:.0f} MiB")
    image.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
