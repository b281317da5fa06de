"""Files in and out, and what a failure tells."""

from __future__ import annotations

import gzip
import json
import os
import pickle
import signal
import subprocess
import time
from pathlib import Path

import musclemap as mm
import numpy as np
import pytest
from conftest import BIN, body, child_environment, two_tissues
from nifti_file import file_bytes, header_of, read_nifti, write_nifti
from musclemap import errors


def test_what_is_written_reads_back(tmp_path: Path) -> None:
    affine = np.array([[0.0, 2, 0, -5], [-1.5, 0, 0, 7], [0, 0, 3, 11], [0, 0, 0, 1]])
    array = body()[::-1]
    mm.write(mm.Volume.from_array(array, affine), tmp_path / "out.nii.gz")
    again = mm.read(tmp_path / "out.nii.gz")
    assert np.array_equal(again, array)
    assert again.affine == pytest.approx(affine)
    assert again.dtype == np.int16


def test_header_of_another_file_is_kept(tmp_path: Path) -> None:
    first = write_nifti(tmp_path / "first.nii", body())
    mm.write(body().astype("float32"), tmp_path / "second.nii", like=first)
    header, voxels, _ = read_nifti(tmp_path / "second.nii")
    assert header.descrip == b"made for a test"
    assert voxels.dtype == np.float32


@pytest.mark.parametrize("verify", [False, True])
def test_info_is_that_of_the_command_line(verify: bool, tmp_path: Path) -> None:
    file = write_nifti(tmp_path / "scän.nii.gz", body())
    if not (BIN / "musclemap").exists():
        pytest.skip("the programs are not built")
    command = [BIN / "musclemap", "info", "--json", *(["--verify"] if verify else []), file]
    told = subprocess.run(command, capture_output=True, env=child_environment(), check=True).stdout
    assert mm.info(file, verify=verify) == json.loads(told)


def test_info_refuses_what_the_command_line_refuses(tmp_path: Path) -> None:
    """80 MiB of zeros, which compress by more than 500."""
    file = tmp_path / "trap.nii.gz"
    file.write_bytes(gzip.compress(file_bytes(np.zeros((512, 512, 160), "<i2"))))
    with pytest.raises(mm.Error) as caught:
        mm.info(file)
    assert caught.value.reason == "limit"
    assert mm.info(file, max_voxel_bytes="80MiB")["shape"] == [512, 512, 160]
    with pytest.raises(mm.ArgumentError, match="max_voxel_bytes"):
        mm.info(file, max_voxel_bytes="much")
    if not (BIN / "musclemap").exists():
        pytest.skip("the programs are not built")
    told = subprocess.run([BIN / "musclemap", "info", "--json", file], capture_output=True, env=child_environment())
    error = json.loads(told.stdout)["error"]
    assert (error["code"], error["reason"]) == (caught.value.code, "limit")


def test_info_verify_reads_the_voxels(tmp_path: Path) -> None:
    data = bytearray(file_bytes(body()))
    file = tmp_path / "short.nii"
    file.write_bytes(data[:-10])
    with pytest.raises(mm.FormatError) as caught:
        mm.info(file, verify=True)
    assert caught.value.reason == "truncated"


CASES = [
    ("missing.nii", None, mm.FileError, OSError, "io"),
    ("text.nii", b"no image at all" * 40, mm.FormatError, ValueError, "format"),
    ("short.nii.gz", file_bytes(body())[:900], mm.FormatError, ValueError, "format"),
]


@pytest.mark.parametrize(("name", "data", "kind", "builtin", "code"), CASES, ids=[case[0] for case in CASES])
def test_failures_have_code_reason_and_file(
    name: str, data: bytes | None, kind: type[mm.Error], builtin: type[Exception], code: str, tmp_path: Path
) -> None:
    file = tmp_path / name
    if data is not None:
        file.write_bytes(data)
    with pytest.raises(kind) as caught:
        mm.read(file)
    error = caught.value
    assert isinstance(error, builtin)
    assert isinstance(error, mm.Error)
    assert error.code == code
    assert error.file == str(file)
    assert str(error).startswith(f"{file}: ")
    assert "\n" not in str(error)
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.code, again.reason) == (kind, str(error), code, error.reason)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """128 MiB of voxels."""
    return write_nifti(tmp_path_factory.mktemp("large") / "large.nii.gz", np.zeros((512, 512, 256), "<i2"))


def test_reading_tells_how_far_it_is(large: Path) -> None:
    told: list[tuple[str, int, int]] = []
    volume = mm.read(large, progress=lambda p: told.append((p.stage, p.done, p.total)))
    assert volume.shape == (512, 512, 256)
    assert len(told) > 2
    assert told == sorted(set(told))
    assert told[-1] == ("read", 256, 256)
    with pytest.raises(mm.Cancelled):
        mm.read(large, progress=lambda p: False)


@pytest.mark.parametrize("what", ["read", "write", "verify"])
def test_ctrl_c_ends_work_on_a_file(what: str, large: Path, tmp_path: Path) -> None:
    """Pressed when a tenth of the processor time is used that the whole file takes."""
    volume = mm.read(large) if what == "write" else None

    def work() -> None:
        if volume is not None:
            mm.write(volume, tmp_path / "out.nii.gz", threads=1)
        elif what == "verify":
            mm.info(large, verify=True)
        else:
            mm.read(large)

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    start = time.process_time()
    work()
    whole = time.process_time() - start
    before = signal.signal(signal.SIGPROF, interrupt)
    try:
        start = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, whole / 10)
        with pytest.raises(KeyboardInterrupt):
            work()
        used = time.process_time() - start
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    print(f"interrupted after {used:.3f} s of {whole:.3f} s")
    assert used < 0.7 * whole


def test_name_that_is_no_nifti(tmp_path: Path) -> None:
    with pytest.raises(mm.ArgumentError):
        mm.write(body(), tmp_path / "out.png")
    assert list(tmp_path.iterdir()) == []


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(mm.FileError):
        mm.write(body(), tmp_path / "none" / "out.nii")


def test_names_that_are_no_utf8(tmp_path: Path) -> None:
    file = write_nifti(Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.nii")), body())
    assert np.array_equal(mm.read(file), body())
    file.unlink()
    with pytest.raises(mm.FileError) as caught:
        mm.read(file)
    assert caught.value.file == str(file)


def test_every_code_has_a_class() -> None:
    for code in "argument memory io format geometry model device cancelled unsupported internal".split():
        error = errors.from_core(code, "busy", "words", "")
        assert error.code == code
        assert error.reason == "busy"
        assert error.file is None
        assert str(error) == "words"
    builtin = {"argument": ValueError, "format": ValueError, "io": OSError, "memory": MemoryError}
    for code, kind in builtin.items():
        assert isinstance(errors.from_core(code, "", "words", ""), kind)
    assert not isinstance(errors.from_core("cancelled", "", "words", ""), KeyboardInterrupt)


def test_a_volume_too_large_for_the_machine_is_a_memory_error(tmp_path: Path) -> None:
    header = header_of(body())
    header.dim = (30000, 30000, 30000)
    data = file_bytes(body(), header)
    file = tmp_path / "huge.nii"
    file.write_bytes(data)
    with pytest.raises(mm.Error):
        mm.read(file)


@pytest.mark.parametrize(
    ("text", "count"), [("4GiB", 4 << 30), ("1.5 GB", 1500000000), ("500 MiB", 500 << 20), ("10", 10), (7, 7), (None, 0)]
)
def test_memory_budgets(text: str | int | None, count: int) -> None:
    from musclemap._options import byte_count

    assert byte_count(text) == count


@pytest.mark.parametrize("text", ["four", "-1", "", "4 apples", -1])
def test_memory_budgets_that_are_none(text: str | int) -> None:
    from musclemap._options import byte_count

    with pytest.raises(mm.ArgumentError):
        byte_count(text)


def test_label_tables(tmp_path: Path) -> None:
    thigh = mm.builtin_labels("thigh")
    assert thigh and all(isinstance(label, mm.Label) for label in thigh)
    assert ("thigh", "0.0") in mm.builtin_label_tables()
    with pytest.raises(mm.ArgumentError, match="wholebody"):
        mm.builtin_labels("elbow")
    text = mm.export_labels(thigh, "itksnap")
    assert thigh[0].anatomy in text
    mm.export_labels(thigh, "itksnap", tmp_path / "labels.txt")
    assert (tmp_path / "labels.txt").read_text() == text
    with pytest.raises(mm.ArgumentError, match="viewer"):
        mm.export_labels(thigh, "paint")  # type: ignore[call-overload]
    (tmp_path / "names.json").write_text('{"labels": {"7": "psoas"}}')
    assert mm.read_labels(tmp_path / "names.json") == [mm.Label(7, anatomy="psoas")]


@pytest.mark.parametrize(
    ("value", "viewer"),
    [(65536, "itksnap"), (-1, "itksnap"), (2000000, "slicer"), (-5, "fsleyes"), (-5, "freesurfer"), (-5, "bids")],
)
def test_value_that_the_viewer_cannot_hold(tmp_path: Path, value: int, viewer: mm.labels.Viewer) -> None:
    with pytest.raises(mm.ArgumentError, match=rf"label {value} \(soleus\).* 1 to [0-9]+;"):
        mm.export_labels({1: "psoas", value: "soleus"}, viewer, tmp_path / "table")
    assert not list(tmp_path.iterdir())


def test_label_table_names_are_unique() -> None:
    text = mm.export_labels({4: "μυς", 5: "μυς 6", 6: "μυς"}, "bids")
    assert [line.split("\t")[1] for line in text.splitlines()[1:]] == ["μυς", "μυς 6", "μυς 6 6"]


def test_labels_are_values() -> None:
    label = mm.Label(7, anatomy="psoas", side="left")
    assert label.name == "psoas, left"
    assert len({label, mm.Label(7, anatomy="psoas", side="left"), mm.Label(8)}) == 2
    assert pickle.loads(pickle.dumps(label)) == label
    assert label != 7
    assert all(0 <= part <= 255 for part in label.colour)
    with pytest.raises(mm.ArgumentError):
        mm.Label(0)


METRICS = {
    "ranges": (
        ["-m", "hu", "--muscle-range", "50:250", "--fat-range", "300:500"],
        {"method": "hu", "muscle_range": (50, 250), "fat_range": (300, 500)},
    ),
    "region": (["-m", "average", "-r", "thigh"], {"method": "average", "region": "thigh"}),
    "version": (
        ["-m", "average", "-r", "wholebody", "--model_version", "1.2"],
        {"method": "average", "region": "wholebody", "model_version": "1.2"},
    ),
    "columns": (["-m", "average", "--table", "label,voxels"], {"method": "average", "columns": ["label", "voxels"]}),
    "stop": (["-m", "gmm", "-c", "2", "--em", "converged"], {"method": "gmm", "stop": "converged"}),
    "guard": (["-m", "gmm", "-c", "3", "--no-collapse-guard"], {"method": "gmm", "components": 3, "collapse_guard": False}),
    "types": (["-m", "gmm", "-c", "2", "--compat-types"], {"method": "gmm", "compat_types": True}),
    "operators": (
        ["-m", "kmeans", "-c", "2", "--operators", "consistent"],
        {"method": "kmeans", "operators": "consistent"},
    ),
}


@pytest.mark.parametrize("what", METRICS)
def test_files_are_those_of_the_command(what: str, tmp_path: Path) -> None:
    if not (BIN / "mm_extract_metrics").exists():
        pytest.skip("the programs are not built")
    flags, options = METRICS[what]
    files = [write_nifti(tmp_path / f"{n}.nii", array) for n, array in zip(("image", "labels"), two_tissues())]
    folders = [tmp_path / "command", tmp_path / "function"]
    command = [BIN / "mm_extract_metrics", "-i", files[0], "-s", files[1], "-o", folders[0], "--no-sidecar", "-q", *flags]
    subprocess.run(list(map(str, command)), check=True, env=child_environment())
    mm.extract_metrics(files[1], image=files[0], output_folder=folders[1], sidecar=False, **options)  # type: ignore[arg-type]
    written = [{file.name: file.read_bytes() for file in folder.iterdir()} for folder in folders]
    assert written[0]
    assert written[0] == written[1]


@pytest.mark.parametrize("option", [{"operators": "downstream"}, {"stop": "soon"}, {"maps": "some"}, {"format": "xls"},
                                    {"components": 4}, {"muscle_range": (5, 1)}, {"columns": "label"}], ids=str)
def test_options_that_there_are_not(option: dict[str, object], tmp_path: Path) -> None:
    files = [write_nifti(tmp_path / f"{n}.nii", array) for n, array in zip(("image", "labels"), two_tissues())]
    with pytest.raises(mm.ArgumentError, match=next(iter(option)).partition("_")[0]):
        mm.extract_metrics(files[1], image=files[0], method="hu", **option)  # type: ignore[arg-type]
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("name", ["seg.nii.gz", "out/seg.nii", "picture.png", "SEG.NII.GZ"])
def test_results_go_to_a_folder(name: str, tmp_path: Path) -> None:
    with pytest.raises(mm.Error, match="is the name of a file; a folder is needed") as caught:
        mm.extract_metrics("map.nii", method="average", image="scan.nii", output_folder=tmp_path / name)
    assert caught.value.code == "argument"
    assert not any(tmp_path.iterdir())
