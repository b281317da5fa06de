"""Everything but TorchScript models works where no LibTorch is."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import BIN, Run, listing, run_program

NO_TORCH = {"MUSCLEMAP_TORCH_DIR": "/nonexistent"}
VIEWERS = ["itksnap", "slicer", "fsleyes", "freesurfer", "bids"]


@pytest.mark.parametrize(
    "command",
    [
        ["mm_segment", "--help"],
        ["mm_segment", "--version"],
        ["musclemap", "--help"],
        ["musclemap", "--version"],
        ["musclemap", "segment", "--help"],
        ["musclemap", "doctor"],
    ],
    ids=" ".join,
)
def test_works_without_libtorch(command: list[str], run: Run) -> None:
    result = run(*command, env=NO_TORCH)
    assert result.status == 0
    assert result.out
    assert result.err == ""


def test_info_works_without_libtorch(run: Run, image: Path) -> None:
    result = run("musclemap", "info", image, "--json", "--verify", env=NO_TORCH)
    assert result.status == 0
    assert result.objects[0]["shape"] == [48, 40, 3]


@pytest.mark.parametrize("viewer", VIEWERS)
def test_labels_export_works_without_libtorch(viewer: str, run: Run, model: Path) -> None:
    result = run("musclemap", "labels", "export", model.with_suffix(".json"), "--for", viewer, env=NO_TORCH)
    assert result.status == 0
    assert "part 3" in result.out.replace("_", " ")
    assert "1030" in result.out


def test_model_inspect_works_without_libtorch(run: Run, model: Path) -> None:
    result = run("musclemap", "model", "inspect", model, "--json", env=NO_TORCH)
    assert result.status == 0
    about = json.loads(result.out)
    assert about["out_channels"] == 6
    assert [label["value"] for label in about["labels"]] == [1010, 1020, 1030, 1040, 1050]


def test_doctor_says_why_there_is_no_engine(run: Run) -> None:
    result = run("musclemap", "doctor", "--json", env=NO_TORCH)
    engine = result.objects[0]["engine"]
    assert engine["available"] is False
    assert "/nonexistent" in engine["problem"]
    assert "pip install" in engine["problem"]


def test_weights_are_segmented_without_libtorch(segment: Run, image: Path) -> None:
    result = segment("-i", image, env=NO_TORCH)
    assert result.status == 0
    sidecar = json.loads((image.parent / "scan_dseg.json").read_text())
    assert sidecar["engine"].startswith("native ")


def test_segment_says_what_is_missing_and_how_to_get_it(segment: Run, image: Path) -> None:
    before = listing(image.parent)
    result = segment("-i", image, "--engine", "torch", env=NO_TORCH)
    assert result.status == 1
    message = result.only_error()
    assert "LibTorch" in message
    assert "/nonexistent" in message
    assert "pip install" in message
    assert listing(image.parent) == before


def test_program_without_its_engine_module(tmp_path: Path, image: Path, model: Path) -> None:
    for name in ("mm_segment", "musclemap"):
        shutil.copy(BIN / name, tmp_path / name)
    assert run_program(tmp_path / "musclemap", "info", image).status == 0
    assert run_program(tmp_path / "mm_segment", "--help").status == 0
    assert run_program(tmp_path / "mm_segment", "-i", image, "-m", model).status == 0
    result = run_program(tmp_path / "mm_segment", "-i", image, "-m", model, "--engine", "torch")
    assert result.status == 1
    message = result.only_error()
    assert "engine module musclemap_torch_*.so was not found" in message
    assert str(tmp_path) in message


@pytest.mark.parametrize("program", ["mm_segment", "musclemap"])
def test_programs_are_not_linked_with_libtorch(program: str) -> None:
    needed = subprocess.run(["ldd", BIN / program], capture_output=True, text=True, check=True).stdout
    assert "libc.so" in needed
    assert "torch" not in needed
    assert "libc10" not in needed
