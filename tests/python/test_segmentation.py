"""Label maps of the package are those of the command line, and long calls can be watched and stopped."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import musclemap as mm
import numpy as np
import pytest
from conftest import BIN, body, child_environment, python
from nifti_file import read_nifti, write_nifti


@pytest.fixture(scope="module")
def expected(segmenter: mm.Segmenter, model: Path, scan: Path, tmp_path_factory: pytest.TempPathFactory) -> np.ndarray:
    """What mm_segment writes."""
    if not (BIN / "mm_segment").exists():
        pytest.skip("the programs are not built")
    folder = tmp_path_factory.mktemp("expected")
    command = [BIN / "mm_segment", "-i", scan, "-o", folder, "-m", model, "-s", "0", "--device", "cpu"]
    subprocess.run(command, env=child_environment(), check=True, capture_output=True)
    voxels = read_nifti(folder / "scan_dseg.nii.gz")[1]
    assert len(np.unique(voxels)) > 2
    return voxels


class NibabelLike:
    def __init__(self, volume: mm.Volume) -> None:
        self.dataobj = np.asarray(volume)
        self.affine = volume.affine


SOURCES = {
    "path": lambda scan: scan,
    "text": str,
    "volume": mm.read,
    "nibabel-like": lambda scan: NibabelLike(mm.read(scan)),
    "array of other strides": lambda scan: mm.as_volume(
        np.ascontiguousarray(np.asarray(mm.read(scan))), mm.read(scan).affine
    ),
    "array of floats": lambda scan: mm.as_volume(np.asarray(mm.read(scan)).astype("float64"), mm.read(scan).affine),
}


@pytest.mark.parametrize("source", SOURCES)
def test_label_map_of_the_command_line(source: str, segmenter: mm.Segmenter, scan: Path, expected: np.ndarray) -> None:
    labels = mm.segment(SOURCES[source](scan), segmenter)
    assert labels.dtype == np.int16
    assert np.array_equal(labels, expected)
    assert np.array_equal(labels.affine, mm.read(scan).affine)
    assert [label.value for label in labels.names] == [1010, 1020, 1030, 1040, 1050]


def test_settings_change_no_voxel(segmenter: mm.Segmenter, scan: Path, expected: np.ndarray) -> None:
    labels = segmenter.run(scan, threads=1, memory_budget="1GiB", progress=True)
    assert np.array_equal(labels, expected)


def test_model_by_path(model: Path, segmenter: mm.Segmenter, scan: Path, expected: np.ndarray) -> None:
    labels = mm.segment(scan, model, device="cpu", overlap=0.0)
    assert np.array_equal(labels, expected)


def test_file_to_file(segmenter: mm.Segmenter, scan: Path, expected: np.ndarray, tmp_path: Path) -> None:
    mm.segment_file(scan, tmp_path / "labels.nii.gz", segmenter, picture=tmp_path / "qc.png")
    assert np.array_equal(mm.read(tmp_path / "labels.nii.gz"), expected)
    assert [label.value for label in mm.labels_beside(tmp_path / "labels.nii.gz")][0] == 1010
    assert (tmp_path / "qc.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(mm.ArgumentError):
        mm.segment_file(scan, scan, segmenter)


def test_from_image_to_table(segmenter: mm.Segmenter, scan: Path) -> None:
    vol = mm.read(scan)
    labels = mm.segment(vol, segmenter)
    tissue = mm.TissueClassifier("kmeans").classify(vol, labels)
    table = mm.measure(labels, tissue)
    assert "part 1" in table.to_csv() or len(table) >= 1
    assert "part" in table.to_csv()


def test_report_and_memory(segmenter: mm.Segmenter, scan: Path) -> None:
    segmenter.run(scan)
    assert segmenter.report.device == "cpu"
    assert segmenter.report.engine.startswith("native ")
    assert segmenter.report.engine_reason == ""
    assert segmenter.report.windows > 0
    assert segmenter.peak_bytes(scan) > 0
    with pytest.raises(mm.MemoryLimitError):
        segmenter.run(scan, memory_budget="1MB")


def test_bundle(model: Path) -> None:
    bundle = mm.ModelBundle.open(model)
    assert bundle.format == "state_dict"
    assert bundle.window == (64, 64, 1)
    assert len(bundle.sha256) == 64
    assert bundle.weights_file == model
    assert bundle.problem == ""
    assert "tiny" in repr(bundle)


@pytest.mark.parametrize(
    "options", [{"engine": "onnx"}, {"precision": "double"}, {"device": "tpu"}, {"device": "cuda:x"}, {"overlap": 1.0}, {"overlap": -0.1}], ids=str
)
def test_settings_that_cannot_be(options: dict[str, object], model: Path, segmenter: mm.Segmenter) -> None:
    with pytest.raises(mm.ArgumentError):
        mm.Segmenter(model, **options)  # type: ignore[arg-type]


def test_a_device_may_be_an_object(model: Path, segmenter: mm.Segmenter) -> None:
    class Device:
        def __str__(self) -> str:
            return "cpu"

    assert mm.Segmenter(model, device=Device(), overlap=0.0).report is not None


def test_models_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(mm.FileError):
        mm.Segmenter(tmp_path / "none.pth")
    with pytest.raises(mm.ModelError, match="fetch"):
        mm.find_model("thigh")


def test_progress_is_told_on_the_calling_thread(segmenter: mm.Segmenter, scan: Path) -> None:
    told: list[tuple[str, int, int, int]] = []
    here = threading.get_ident()
    mm.segment(scan, segmenter, progress=lambda p: told.append((p.stage, p.done, p.total, threading.get_ident())))
    assert "infer" in {stage for stage, *_ in told}
    assert all(0 <= done <= total and thread == here for _, done, total, thread in told)


def test_false_cancels_and_the_next_run_works(segmenter: mm.Segmenter, scan: Path, expected: np.ndarray) -> None:
    calls: list[str] = []

    def stop(progress: mm.Progress) -> bool:
        calls.append(progress.stage)
        return len(calls) < 3

    with pytest.raises(mm.Cancelled) as caught:
        mm.segment(scan, segmenter, progress=stop)
    assert caught.value.code == "cancelled"
    assert not isinstance(caught.value, KeyboardInterrupt)
    assert np.array_equal(mm.segment(scan, segmenter), expected)


def test_a_callbacks_exception_comes_out_itself(
    segmenter: mm.Segmenter, scan: Path, expected: np.ndarray, tmp_path: Path
) -> None:
    class Own(Exception):
        pass

    own = Own("mine")

    def fail(progress: mm.Progress) -> None:
        raise own

    with pytest.raises(Own) as caught:
        mm.segment(scan, segmenter, progress=fail)
    assert caught.value is own
    with pytest.raises(Own):
        mm.segment_file(scan, tmp_path / "labels.nii.gz", segmenter, progress=fail)
    assert list(tmp_path.iterdir()) == []
    assert np.array_equal(mm.segment(scan, segmenter), expected)


def test_other_threads_go_on(segmenter: mm.Segmenter) -> None:
    count, stop = [0], threading.Event()

    def work() -> None:
        while not stop.is_set():
            count[0] += 1
            time.sleep(0.001)

    thread = threading.Thread(target=work)
    image = body((128, 128, 24))
    thread.start()
    before, start = count[0], time.monotonic()
    segmenter.run(image)
    done, seconds = count[0] - before, time.monotonic() - start
    stop.set()
    thread.join()
    assert done > 20 * seconds


def test_a_second_thread_is_told_that_it_is_busy(segmenter: mm.Segmenter) -> None:
    reasons: list[str] = []

    def second(progress: mm.Progress) -> bool:
        try:
            segmenter.run(body())
        except mm.ArgumentError as error:
            reasons.append(error.reason)
        return False

    with pytest.raises(mm.Cancelled):
        segmenter.run(body(), progress=second)
    assert reasons[0] == "busy"


INTERRUPTED = """
import signal, sys, time
import numpy as np
sys.path.insert(0, sys.argv[2])
import musclemap as mm
segmenter = mm.Segmenter(sys.argv[1], device="cpu", overlap=0.5)
image = np.random.default_rng(1).integers(1, 400, (192, 192, 400)).astype("int16")
small = image[:64, :64, :2].copy()
expected = np.asarray(segmenter.run(small))
print("ready", flush=True)
try:
    segmenter.run(image, progress=None)
    print("finished", flush=True)
except KeyboardInterrupt:
    print("interrupted", flush=True)
assert np.array_equal(segmenter.run(small), expected)
print("works", flush=True)
"""


@pytest.mark.parametrize("seed", range(4))
def test_ctrl_c_ends_a_run(seed: int, segmenter: mm.Segmenter, model: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, str(model), str(Path(__file__).parent)],
        env=child_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(random.Random(seed).uniform(0.05, 2))
        child.send_signal(signal.SIGINT)
        sent = time.monotonic()
        line = child.stdout.readline()
        seconds = time.monotonic() - sent
        out, err = child.communicate(timeout=60)
    finally:
        child.kill()
    assert line == "interrupted\n", err
    assert out == "works\n", err
    assert seconds < 5


PEAK = """
import sys
import musclemap as mm
image = mm.read(sys.argv[2])
labels = mm.segment(image, sys.argv[1], device="cpu", overlap=0.0)
mm.write(labels, sys.argv[3])
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""

PEAK_OF_PROGRAM = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, capture_output=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def test_memory_is_that_of_the_command_line(segmenter: mm.Segmenter, model: Path, tmp_path: Path) -> None:
    voxels = body((256, 256, 40))
    scan = write_nifti(tmp_path / "scan.nii", voxels)
    inside = python(PEAK, model, scan, tmp_path / "labels.nii")
    assert inside.returncode == 0, inside.stderr
    command = [BIN / "mm_segment", "-i", scan, "-o", tmp_path, "-m", model, "-s", "0", "--device", "cpu"]
    outside = python(PEAK_OF_PROGRAM, *command)
    assert outside.returncode == 0, outside.stderr
    # An array's run holds image and label map, which the program streams, and the interpreter with NumPy.
    held_kib = 2 * voxels.nbytes / 1024 + 30 * 1024
    print(f"peak {inside.stdout.strip()} KiB, mm_segment {outside.stdout.strip()} KiB")
    assert int(inside.stdout) <= 1.05 * int(outside.stdout) + held_kib


FORKED = """
import os, sys
import numpy as np
import musclemap as mm
segmenter = mm.Segmenter(sys.argv[1], device="cpu", overlap=0.0)
segmenter.run(np.ones((64, 64, 1), "int16"))
child = os.fork()
if child == 0:
    try:
        segmenter.run(np.ones((64, 64, 1), "int16"))
    except mm.ArgumentError as error:
        os._exit(7 if error.reason == "forked" else 8)
    os._exit(9)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_a_forked_child_is_told(segmenter: mm.Segmenter, model: Path) -> None:
    ended = python(FORKED, model)
    assert ended.stdout.strip() == "7", ended.stderr
