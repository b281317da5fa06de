"""Tasks in Python: TotalSegmentator's arguments by their names, refusals without weights, a run with them."""

from __future__ import annotations

import warnings
from pathlib import Path

import musclemap as mm
import numpy as np
import pytest
from conftest import PROGRAM


@pytest.fixture
def no_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOTALSEG_WEIGHTS_PATH", str(tmp_path))
    monkeypatch.delenv("MUSCLEMAP_MODEL_PATH", raising=False)
    return tmp_path


def test_what_is_wrong_is_refused_without_weights(no_weights: Path) -> None:
    with pytest.raises(mm.ArgumentError, match="no_such_organ"):
        mm.Task("total", roi_subset=["no_such_organ"])
    with pytest.raises(mm.ArgumentError, match="save_lowres"):
        mm.Task("total", save_lowres=True)
    with pytest.raises(mm.ArgumentError, match="list of texts"):
        mm.Task("total", roi_subset="liver")
    with pytest.raises(mm.ModelError, match="Dataset297"):
        mm.Task("total", fast=True)
    with pytest.raises(mm.ModelError, match=str(no_weights)):
        mm.segment(np.zeros((4, 4, 4)), task="total", fast=True)


def test_a_model_and_a_task_do_not_go_together() -> None:
    with pytest.raises(mm.ArgumentError, match="either a model or a task"):
        mm.segment(np.zeros((4, 4, 4)), "model.pth", task="total")
    with pytest.raises(mm.ArgumentError, match="either a model or a task"):
        mm.segment(np.zeros((4, 4, 4)), "model.pth", fast=True)
    with pytest.raises(mm.ArgumentError, match="neither a model nor a task"):
        mm.segment(np.zeros((4, 4, 4)))


def test_a_run_gives_the_labels_of_the_program(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOTALSEG_WEIGHTS_PATH", str(weights))
    image = PROGRAM / "inputs" / "ct_5mm_tilted.nii.gz"
    labels, statistics = mm.segment(image, task="total", fast=True, statistics=True, device="cpu")
    expected = np.asarray(mm.read(PROGRAM / "expected" / "fast_5mm.nii.gz"))
    assert labels.dtype == np.uint8
    assert np.mean(np.asarray(labels) == expected) > 0.999
    assert len(statistics) == 117
    assert set(statistics["liver"]) == {"volume", "intensity"}
    assert [name.value for name in labels.names] == list(range(1, 118))
    task = mm.Task("total", fast=True)
    again = mm.Segmenter(task, device="cpu").run(mm.read(image))
    assert np.array_equal(np.asarray(again), np.asarray(labels))


def test_an_array_of_one_volume_and_a_file_of_several(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOTALSEG_WEIGHTS_PATH", str(weights))
    labels = mm.segment(PROGRAM / "inputs" / "ct_4d.nii.gz", task="total", fast=True, device="cpu")
    expected = np.asarray(mm.read(PROGRAM / "expected" / "fast_4d.nii.gz"))
    assert np.mean(np.asarray(labels) == expected) > 0.999


def test_values_that_differ_by_little_are_told(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOTALSEG_WEIGHTS_PATH", str(weights))
    rng = np.random.default_rng(1)
    image = rng.uniform(0, 1, (20, 20, 20)).astype(np.float32)
    with pytest.warns(mm.ImageWarning, match="differ by less than 10") as caught:
        mm.segment(image, task="total", fast=True, spacing=(2, 2, 2), device="cpu")
    told = [warning.message.code for warning in caught if isinstance(warning.message, mm.ImageWarning)]
    assert told.count("small_range") == 1
    for values, spacing in ((image * 1000, 2), (image, 3)):  # of 3 mm nothing is resampled, so nothing truncated
        with warnings.catch_warnings(record=True) as caught_now:
            warnings.simplefilter("always")
            mm.segment(values, task="total", fast=True, spacing=(spacing,) * 3, device="cpu")
        assert not [each for each in caught_now if "differ by less" in str(each.message)]
