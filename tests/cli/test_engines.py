"""The choice of engine, precision and instruction set, seen from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from nifti_file import read_nifti
from numpy.typing import NDArray

INSTRUCTION_SETS = ["portable", "avx2", "avx512"]


def labels_and_sidecar(
    segment: Run, image: Path, folder: Path, *arguments: str, **options: Any
) -> tuple[NDArray[Any], dict[str, Any]]:
    result = segment("-i", image, "-o", folder, *arguments, **options)
    assert result.status == 0, result.err
    sidecar = json.loads((folder / "scan_dseg.json").read_text())
    return read_nifti(folder / "scan_dseg.nii.gz")[1], sidecar


def test_engines_give_the_same_labels(segment: Run, image: Path, tmp_path: Path) -> None:
    for overlap in ("0", "50"):
        native, told = labels_and_sidecar(segment, image, tmp_path / f"native{overlap}", "-s", overlap)
        assert told["engine"].startswith("native ")
        assert "engine_reason" not in told
        torch, told = labels_and_sidecar(
            segment, image, tmp_path / f"torch{overlap}", "-s", overlap, "--engine", "torch"
        )
        assert told["engine"].startswith("torch ")
        assert native.any()
        assert (native == torch).all()


@pytest.mark.parametrize("name", INSTRUCTION_SETS)
def test_instruction_sets_give_the_same_labels(name: str, segment: Run, image: Path, tmp_path: Path) -> None:
    best, _ = labels_and_sidecar(segment, image, tmp_path / "best")
    held, told = labels_and_sidecar(segment, image, tmp_path / name, env={"MUSCLEMAP_MAX_ISA": name})
    # A machine may have less than is allowed.
    taken = told["engine"].removeprefix("native ")
    assert INSTRUCTION_SETS.index(taken) <= INSTRUCTION_SETS.index(name)
    assert (best == held).all()


def test_an_unknown_instruction_set_is_an_error(segment: Run, image: Path) -> None:
    result = segment("-i", image, env={"MUSCLEMAP_MAX_ISA": "sse9"})
    assert result.status == 2
    assert "MUSCLEMAP_MAX_ISA is 'sse9'; it may be portable, avx2 or avx512" in result.only_error()


def test_fast_says_that_it_is_exact_here(segment: Run, image: Path, tmp_path: Path) -> None:
    exact, _ = labels_and_sidecar(segment, image, tmp_path / "exact")
    fast, told = labels_and_sidecar(segment, image, tmp_path / "fast", "--precision", "fast")
    assert told["settings"]["precision"] == "exact"
    assert (exact == fast).all()


def test_the_native_engine_runs_no_programs(segment: Run, image: Path, shared: Path) -> None:
    program = shared / "musclemap" / "parity" / "models" / "lumbar_small.pt"
    result = segment("-i", image, "-m", program, "--trust-model", "--engine", "native")
    assert result.status == 1
    assert "a program, not a described UNet" in result.only_error()


def test_doctor_names_the_native_engine(run: Run) -> None:
    report = run("musclemap", "doctor", "--json").objects[0]
    assert report["native_engine"].removeprefix("native ") in INSTRUCTION_SETS
    assert report["native_engine"] in run("musclemap", "doctor").out
