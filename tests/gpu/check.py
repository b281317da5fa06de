"""The engine module on a GPU: built for the torch at hand, label maps and scores compared, times beside torch's own.

    ./dev gpu-check [--python PYTHON] [--quick]

Needs a Python with torch, a C++ compiler and CMake, and the programs of this project: those of build/gpu-check, which
`./dev gpu-check --pack` fills on a machine where the project builds, or those of build/release. No network. Without a
GPU the module's CPU part is checked, with small networks, and the report says so. Ends with status 1 if a check fails.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "build" / "gpu-check"
sys.path += [str(ROOT / "bench" / "peers"), str(PACK / "python")]

import numpy as np  # noqa: E402
from inputs import trunk_volume, volume, whole_body_model  # noqa: E402
from nifti_file import read_nifti  # noqa: E402
from nnunet_networks import write_network  # noqa: E402
from nnunet_sizes import FAST, PARTS, Network  # noqa: E402

GOLDEN = ROOT / "tests" / "golden" / "nnunet"
SAMPLE = ROOT / "examples" / "demo" / "model" / "thigh_phantom.pth"
EXACT_PART, FAST_PART = 1e-3, 1e-2  # of the voxels that may have another label: near ties
EXACT_SCORES, FAST_SCORES = 1e-4, 2e-2  # of the largest score
QUICK_FEATURES = 8  # of a network's first stage
BEGAN = time.monotonic()


def say(text: str) -> None:
    print(f"[{time.monotonic() - BEGAN:5.0f} s] {text}", flush=True)


@dataclass
class Checks:
    folder: Path
    programs: Path
    quick: bool
    device: str = "cpu"
    environment: dict[str, str] = field(default_factory=dict)
    failed: int = 0

    def compare(self, what: str, value: float, bound: float) -> None:
        good = value <= bound
        self.failed += not good
        say(f"{'ok    ' if good else 'FAILED'} {what}: {value:.2e}, at most {bound:.0e}")

    def run(self, *arguments: object) -> str:
        command = [str(self.programs / "musclemap"), *map(str, arguments)]
        ended = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        if ended.returncode != 0:
            self.failed += 1
            say(f"FAILED {' '.join(command)}\n{ended.stderr[-2000:]}")
        return ended.stdout

    def objects(self, *arguments: object) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.run(*arguments).splitlines() if line.startswith("{")]

    def labels(self, name: str, *arguments: object) -> tuple[np.ndarray, float]:
        """A label map and the seconds of its networks."""
        out = self.folder / f"{name}.nii.gz"
        self.run("segment", *arguments, "-o", out, "-q")
        sidecar = json.loads((self.folder / f"{name}.json").read_text())
        return read_nifti(out)[1], sidecar["stage_seconds"]["infer"]

    def on_device(self, precision: str = "exact") -> list[str]:
        return ["--device", self.device, "--engine", "torch", "--precision", precision]


def torch_folder() -> Path:
    import torch

    say(f"Python {sys.version.split()[0]}, torch {torch.__version__}, CUDA {torch.version.cuda}")
    return Path(torch.__file__).parent


def build_module(checks: Checks, torch: Path) -> None:
    build = PACK / "module"
    generator = ["-G", "Ninja"] if shutil.which("ninja") else []
    configure = ["cmake", "-S", ROOT / "tests" / "gpu", "-B", build, *generator]
    configure += ["-DCMAKE_BUILD_TYPE=Release", f"-DMUSCLEMAP_TORCH_DIR={torch}"]
    for command in (configure, ["cmake", "--build", build]):
        ended = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
        if ended.returncode != 0:
            raise SystemExit(f"the engine module does not build:\n{ended.stdout[-4000:]}{ended.stderr[-4000:]}")
    (module,) = build.rglob("musclemap_torch_*.so")
    places = {"MUSCLEMAP_ENGINE_PATH": str(module.parent), "MUSCLEMAP_TORCH_DIR": str(torch)}
    if checks.programs.is_relative_to(PACK):
        libraries = [str(PACK / "lib"), os.environ.get("LD_LIBRARY_PATH", "")]
        places["LD_LIBRARY_PATH"] = os.pathsep.join(filter(None, libraries))
    checks.environment = {**os.environ, **places}
    say(f"built {module.name}")


def look_at_device(checks: Checks) -> None:
    (doctor,) = checks.objects("doctor", "--json")
    if not doctor["engine"]["available"]:
        raise SystemExit(f"the engine does not load: {doctor['engine']['problem']}")
    if doctor["gpu"]["available"]:
        checks.device = "cuda"
        say("a GPU: everything below that says cuda runs on it")
    else:
        checks.quick = True
        say(f"NO GPU ({doctor['gpu']['problem']}): the module's CPU part is checked, with small networks;")
        say("nothing below says anything about a GPU")


def precisions(checks: Checks) -> list[tuple[str, float]]:
    return [("exact", EXACT_PART), *([("fast", FAST_PART)] if checks.device == "cuda" else [])]


def check_planes(checks: Checks) -> None:
    """Slices through a network of slices: the device's labels beside those of the native engine."""
    image = volume(checks.folder, 4, (0.78, 0.78, 5.0))
    arguments = ["-i", image, "-m", SAMPLE, "-s", "50"]
    expected, cpu_seconds = checks.labels("planes_cpu", *arguments, "--device", "cpu", "--engine", "native")
    for precision, bound in precisions(checks):
        found, seconds = checks.labels(f"planes_{precision}", *arguments, *checks.on_device(precision))
        what = f"2-D, {checks.device} {precision}: part of other labels than the native engine"
        checks.compare(what, float((found != expected).mean()), bound)
        say(f"       networks {seconds:.2f} s, native {cpu_seconds:.2f} s")


def check_golden(checks: Checks) -> None:
    """Small networks of nnU-Net, in the plane and in space: its own label maps."""
    for case in sorted(folder for folder in GOLDEN.iterdir() if folder.is_dir()):
        (model,) = case.glob("nnUNet*")
        images = ",".join(map(str, sorted((case / "images").iterdir())))
        expected = read_nifti(case / "theirs_plain.nii.gz")[1]
        for precision, bound in precisions(checks):
            arguments = ["-i", images, "-m", model, *checks.on_device(precision)]
            found, _ = checks.labels(f"golden_{precision}", *arguments)
            what = f"nnU-Net's {case.name}, {checks.device} {precision}: part of other labels than its own"
            checks.compare(what, float((found != expected).mean()), bound)


def check_volume(checks: Checks, networks: list[Network]) -> None:
    """A volume of several windows: the device's labels beside the CPU's, and seconds."""
    network = networks[0]
    side = network.patch[0] * 5 // 4
    image = trunk_volume(checks.folder, (side, side, side), (network.spacing_mm,) * 3)
    model = write_network(checks.folder / "networks", network)
    expected, cpu_seconds = checks.labels("volume_cpu", "-i", image, "-m", model, "--device", "cpu")
    for precision, bound in precisions(checks):
        arguments = ["-i", image, "-m", model, *checks.on_device(precision)]
        found, seconds = checks.labels(f"volume_{precision}", *arguments)
        what = f"3-D, 8 windows, {checks.device} {precision}: part of other labels than on the CPU"
        checks.compare(what, float((found != expected).mean()), bound)
        say(f"       networks {seconds:.2f} s, CPU {cpu_seconds:.2f} s")


def time_windows(checks: Checks, model: Path, size: tuple[int, ...], text: str) -> None:
    """One window on every engine, with its scores compared, and torch's own times beside."""
    runs = 2 if checks.quick else 5
    window = ",".join(map(str, size))
    (figures,) = checks.objects("bench", model, "--window", window, "--runs", runs, "--json")
    say(f"{text}, a window of {window}, least ms, with its way to the device and back:")
    for engine in figures["engines"]:
        name = f"{engine['name']} {engine.get('device', 'cpu')} {engine.get('precision', 'exact')}"
        say(f"       {name:36} {engine['least_ms']:10.2f}")
        if "device" in engine:
            part = engine["largest_difference"] / figures["largest_score"]
            bound = FAST_SCORES if engine["precision"] == "fast" else EXACT_SCORES
            checks.compare(f"{name}: largest difference of scores, of the largest", part, bound)
    eager = [sys.executable, str(ROOT / "tests" / "gpu" / "eager.py"), str(model), checks.device, window, str(runs)]
    environment = {**os.environ, "PYTHONPATH": str(PACK / "python")}
    ended = subprocess.run(eager, env=environment, capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        checks.failed += 1
        say(f"FAILED eager torch:\n{ended.stderr[-2000:]}")
        return
    for name, seconds in json.loads(ended.stdout).items():
        say(f"       eager torch {checks.device} {name:24} {1e3 * seconds:10.2f}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev gpu-check", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small networks on a GPU too")
    options = parser.parse_args()
    packed = PACK / "bin"
    programs = packed if (packed / "musclemap").exists() else ROOT / "build" / "release" / "bin"
    if not (programs / "musclemap").exists():
        raise SystemExit("there are no programs: ./dev gpu-check --pack on a machine where the project builds")
    with tempfile.TemporaryDirectory() as temporary:
        checks = Checks(Path(temporary), programs, options.quick)
        build_module(checks, torch_folder())
        look_at_device(checks)
        check_planes(checks)
        check_golden(checks)
        networks = [PARTS[0], FAST]
        if checks.quick:
            networks = [replace(each.narrow(QUICK_FEATURES), patch=(64, 64, 64)) for each in networks]
        check_volume(checks, networks)
        plane = SAMPLE if checks.quick else whole_body_model(checks.folder)
        time_windows(checks, plane, (256, 256), "2-D" if checks.quick else "2-D, 114 classes")
        for network in networks:
            model = write_network(checks.folder / "networks", network)
            time_windows(checks, model, network.patch, f"3-D, {network.classes} classes, {network.features} features")
    say(f"{checks.failed} checks failed" if checks.failed else "all checks passed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
