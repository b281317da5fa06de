"""Every long call tells its warnings at the caller's line, hears Ctrl-C and tokens, and obeys threads."""

from __future__ import annotations

import gzip
import os
import pickle
import signal
import threading
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import musclemap as mm
import numpy as np
import pytest
from conftest import body, two_tissues
from nifti_file import header_of, write_nifti

LATEST_SECONDS = 10.0


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Long enough to be ended in the middle: 64 MB."""
    voxels = np.random.default_rng(1).integers(0, 2**15, (256, 256, 512), "int16")
    return write_nifti(tmp_path_factory.mktemp("large") / "large.nii", voxels)


@pytest.fixture(scope="module")
def in_metres(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Files whose unit is remarked on."""
    folder = tmp_path_factory.mktemp("metres")
    files = []
    for name, voxels in zip(("image.nii", "labels.nii"), two_tissues((12, 10, 4))):
        header = header_of(voxels, (0.001, 0.001, 0.004))
        header.xyzt_units = 1
        files.append(write_nifti(folder / name, voxels, header))
    return files[0], files[1]


def calls_that_read(image: Path, labels: Path, folder: Path) -> dict[str, Callable[[], object]]:
    return {
        "read": lambda: mm.read(image),
        "as_volume": lambda: mm.as_volume(image),
        "measure": lambda: mm.measure(labels, image),
        "classify": lambda: mm.TissueClassifier("kmeans").classify(image, labels),
        "fat_fraction": lambda: mm.fat_fraction(image, image),
        "extract_metrics": lambda: mm.extract_metrics(labels, method="average", image=image, output_folder=folder),
        "write": lambda: mm.write(image, folder / "out.nii"),
        "montage": lambda: mm.montage(image, labels),
        "organ_preview": lambda: mm.organ_preview(image, labels),
    }


@pytest.mark.parametrize("name", calls_that_read(Path(), Path(), Path()))
def test_warnings_have_a_code_and_the_callers_line(name: str, in_metres: tuple[Path, Path], tmp_path: Path) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        calls_that_read(*in_metres, tmp_path)[name]()
    told = [warning for warning in caught if isinstance(warning.message, mm.ImageWarning)]
    assert told
    assert "unit" in {warning.message.code for warning in told}
    assert {warning.filename for warning in told} == {__file__}


def test_a_run_that_fails_tells_its_warnings_too(in_metres: tuple[Path, Path], tmp_path: Path) -> None:
    image = gzip.compress(in_metres[0].read_bytes()[:-7])
    (tmp_path / "short.nii.gz").write_bytes(image)
    with pytest.warns(mm.ImageWarning, match="metre"), pytest.raises(mm.FormatError):
        mm.read(tmp_path / "short.nii.gz")


def test_warnings_may_be_errors(in_metres: tuple[Path, Path]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", mm.ImageWarning)
        with pytest.raises(mm.ImageWarning, match="metre"):
            mm.read(in_metres[0])


def long_calls(large: Path, folder: Path) -> dict[str, Callable[[dict[str, object]], object]]:
    volume = mm.as_volume(np.zeros((256, 256, 600), "float32"), spacing=(1, 1, 1))
    labels = mm.as_volume(np.ones((256, 256, 600), "uint8"), spacing=(1, 1, 1))
    return {
        "read": lambda more: mm.read(large, **more),
        "write": lambda more: mm.write(volume, folder / "out.nii", **more),
        "write.gz": lambda more: mm.write(volume, folder / "out.nii.gz", threads=1, **more),
        "info": lambda more: mm.info(large, verify=True, max_voxel_bytes="1GiB", **more),
        "measure": lambda more: mm.measure(labels, volume, **more),
        "classify": lambda more: mm.TissueClassifier("hu").classify(volume, labels, **more),
        "fat_fraction": lambda more: mm.fat_fraction(volume, labels, **more),
    }


LONG = ["read", "write", "write.gz", "info", "measure", "classify", "fat_fraction"]


@pytest.mark.parametrize("name", LONG)
def test_ctrl_c_ends_it_and_leaves_nothing(name: str, large: Path, tmp_path: Path) -> None:
    def press(progress: mm.Progress) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        long_calls(large, tmp_path)[name]({"progress": press})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", LONG)
def test_a_token_ends_it_and_leaves_nothing(name: str, large: Path, tmp_path: Path) -> None:
    token = mm.CancelToken()

    def tell(progress: mm.Progress) -> None:
        thread = threading.Thread(target=token.cancel)
        thread.start()
        thread.join()

    call = long_calls(large, tmp_path)[name]
    with pytest.raises(mm.Cancelled):
        call({"progress": tell, "cancel": token})
    assert list(tmp_path.iterdir()) == []
    assert token.cancelled
    with pytest.raises(mm.Cancelled):
        call({"cancel": token})


def test_false_ends_one_run_and_not_the_token(large: Path) -> None:
    token = mm.CancelToken()
    with pytest.raises(mm.Cancelled):
        mm.read(large, progress=lambda progress: False, cancel=token)
    assert not token.cancelled


def test_another_thread_ends_a_segmentation_within_moments(segmenter: mm.Segmenter) -> None:
    token = mm.CancelToken()
    sent: list[float] = []

    def cancel() -> None:
        time.sleep(0.3)
        sent.append(time.monotonic())
        token.cancel()

    thread = threading.Thread(target=cancel)
    thread.start()
    with pytest.raises(mm.Cancelled):
        segmenter.run(body((192, 192, 1000)), spacing=(1, 1, 1), cancel=token)
    assert time.monotonic() - sent[0] < LATEST_SECONDS
    thread.join()
    assert segmenter.run(body(), spacing=(1, 1, 1)).dtype == np.int16


def test_ctrl_c_ends_loading_a_model(tmp_path: Path) -> None:
    """A file of a gigabyte of nothing, which is refused after seconds."""
    file = tmp_path / "large.pth"
    with file.open("wb") as out:
        out.truncate(1 << 30)

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        with pytest.raises(KeyboardInterrupt):
            mm.ModelBundle.open(file)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_loading_a_model_hears_a_token(model: Path) -> None:
    token = mm.CancelToken()
    token.cancel()
    for call in (
        lambda: mm.ModelBundle.open(model, cancel=token),
        lambda: mm.Segmenter(model, cancel=token),
        lambda: mm.Segmenter(mm.ModelBundle.open(model), engine="native", cancel=token),
    ):
        with pytest.raises(mm.Cancelled):
            call()


def test_files_do_not_depend_on_threads(tmp_path: Path) -> None:
    volume = mm.as_volume(np.random.default_rng(5).integers(0, 99, (128, 128, 300), "int16"), spacing=(1, 1, 2))
    for threads in (1, 2, 3):
        mm.write(volume, tmp_path / f"{threads}.nii.gz", threads=threads)
    assert len({file.read_bytes() for file in tmp_path.iterdir()}) == 1


@pytest.mark.parametrize("threads", [-1, 2**40, "two", 1.5])
def test_threads_that_cannot_be(threads: object, large: Path) -> None:
    with pytest.raises(mm.ArgumentError, match="threads"):
        mm.info(large, threads=threads)  # type: ignore[arg-type]


def again(thing: object) -> object:
    return pickle.loads(pickle.dumps(thing))


def test_classifiers_pickle() -> None:
    image, labels = two_tissues()
    for classifier in (
        mm.TissueClassifier("gmm", components=3, stop="converged"),
        mm.TissueClassifier("kmeans", operators="consistent"),
        mm.TissueClassifier("hu", muscle_range=(50, 250), fat_range=(300, 500), collapse_guard=False),
    ):
        copy = again(classifier)
        assert repr(copy) == repr(classifier)
        found, expected = (which.classify(image, labels, spacing=(1, 1, 1)) for which in (copy, classifier))
        assert np.array_equal(found.tissue, expected.tissue)


def test_fits_pickle() -> None:
    image, labels = two_tissues()
    for fit in mm.TissueClassifier("gmm", components=3).classify(image, labels).fits:
        copy = again(fit)
        for name in ("label", "voxels", "status", "muscle_max", "fat_min", "objective", "iterations", "starts", "stable"):
            assert getattr(copy, name) == getattr(fit, name), name
        assert [part.mean for part in copy.components] == [part.mean for part in fit.components]


def test_models_pickle_as_their_path(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "own.pth"
    own.write_bytes(model.read_bytes())
    own.with_suffix(".json").write_bytes(model.with_suffix(".json").read_bytes())
    monkeypatch.chdir(tmp_path)
    data = pickle.dumps(mm.ModelBundle.open("own.pth"))
    monkeypatch.chdir("/")
    assert len(data) < 1000
    bundle = pickle.loads(data)
    assert bundle.sha256 == mm.ModelBundle.open(model).sha256
    assert bundle.labels == mm.ModelBundle.open(model).labels
    own.unlink()
    with pytest.raises(mm.FileError, match="own"):
        pickle.loads(data)


def test_segmenters_pickle(segmenter: mm.Segmenter) -> None:
    image = body()
    copy = again(segmenter)
    assert np.array_equal(copy.run(image, spacing=(1, 1, 3)), segmenter.run(image, spacing=(1, 1, 3)))
    assert copy.report.overlap == segmenter.report.overlap
