"""A model that cannot be used: one line with the file, the field and the value; nothing is written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Run, listing
from pth_file import description, write_model, write_pth
from random_unet import random_weights

About = dict[str, Any]
GOLDEN = ROOT / "tests" / "golden" / "pth"


def _window(first: int, second: int) -> Callable[[About], None]:
    def change(about: About) -> None:
        about["parameters"]["roi_size"] = [first, second]

    return change


def _nine_labels(about: About) -> None:
    about["model"]["out_channels"] = 12
    about["labels"] = [{"value": value} for value in range(1, 10)]


def _same_value_twice(about: About) -> None:
    about["labels"][4]["value"] = 1010


def _no_labels(about: About) -> None:
    del about["labels"]


def _other_channels(about: About) -> None:
    about["model"]["channels"] = [4, 8, 16, 32, 128]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(_window(0, 64), ["parameters.roi_size[0]", " 0"], id="window of 0"),
        pytest.param(_window(64, -64), ["parameters.roi_size[1]", "-64"], id="negative window"),
        pytest.param(_window(64, 70), ["parameters.roi_size[1]", "70", "16"], id="window not divisible"),
        pytest.param(_nine_labels, ["model.out_channels", "12", "9"], id="9 labels for 12 channels"),
        pytest.param(_same_value_twice, ["labels[4].value", "1010"], id="value twice"),
        pytest.param(_no_labels, ["labels"], id="no labels"),
        pytest.param(_other_channels, ["128"], id="weights of another network"),
    ],
)
def test_bad_description(
    change: Callable[[About], None], words: list[str], segment: Run, image: Path, tmp_path: Path
) -> None:
    about = description()
    change(about)
    model = write_model(tmp_path / "model.pth", random_weights(), about)
    before = listing(tmp_path)
    result = segment("-i", image, "-m", model)
    message = result.only_error()
    assert result.status == 1
    for word in ["model.", *words]:
        assert word in message
    assert listing(tmp_path) == before


def test_model_without_description(segment: Run, image: Path, tmp_path: Path) -> None:
    model = write_pth(tmp_path / "alone.pth", random_weights())
    before = listing(tmp_path)
    result = segment("-i", image, "-m", model)
    assert result.status == 1
    assert "alone.json" in result.only_error()
    assert listing(tmp_path) == before


def test_description_that_is_no_json(segment: Run, image: Path, tmp_path: Path) -> None:
    model = write_model(tmp_path / "model.pth", random_weights(), description())
    text = json.dumps(description(), indent=1)
    model.with_suffix(".json").write_text(text[: len(text) // 2])
    result = segment("-i", image, "-m", model)
    assert result.status == 1
    assert "model.json" in result.only_error()


def test_weights_that_are_missing(segment: Run, image: Path, tmp_path: Path) -> None:
    result = segment("-i", image, "-m", tmp_path / "absent.pth")
    assert result.status == 1
    assert "absent.pth" in result.only_error()


def test_weights_cut_short(segment: Run, image: Path, tmp_path: Path) -> None:
    model = write_model(tmp_path / "short.pth", random_weights(), description())
    model.write_bytes(model.read_bytes()[:5000])
    before = listing(tmp_path)
    result = segment("-i", image, "-m", model)
    assert result.status == 1
    assert "short.pth" in result.only_error()
    assert listing(tmp_path) == before


def test_region_whose_model_is_not_there(run: Run, image: Path, tmp_path: Path) -> None:
    result = run("mm_segment", "-i", image, "-r", "thigh", env={"MUSCLEMAP_MODEL_PATH": str(tmp_path)})
    message = result.only_error()
    assert result.status == 1
    assert str(tmp_path) in message
    assert "zenodo" in message


def test_model_found_by_region(run: Run, image: Path, tmp_path: Path) -> None:
    folder = tmp_path / "thigh" / "v1.10"
    folder.mkdir(parents=True)
    write_model(folder / "contrast_agnostic_thigh_model.pth", random_weights(), description())
    env = {"MUSCLEMAP_MODEL_PATH": str(tmp_path)}
    result = run("mm_segment", "-i", image, "-r", "thigh", "-s", "0", "-g", "N", env=env)
    assert result.status == 0, result.err
    assert (image.parent / "scan_dseg.nii.gz").exists()


def test_torchscript_runs_only_when_trusted(segment: Run, image: Path) -> None:
    model = GOLDEN / "softmax.pt"  # which the native engine does not recognise
    before = listing(image.parent)
    refused = segment("-i", image, "-m", model)
    message = refused.only_error()
    assert refused.status == 1
    assert str(model) in message
    assert "--trust-model" in message
    assert listing(image.parent) == before
    trusted = segment("-i", image, "-m", model, "--trust-model")
    if "LibTorch was not found" in trusted.err or "engine module" in trusted.err:
        pytest.skip(trusted.only_error())
    assert trusted.status == 0, trusted.err
    assert listing(image.parent) - before == {"scan_dseg.nii.gz", "scan_dseg.json"}
