"""The choice of engine, precision and instruction set, seen from the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Run
from nifti_file import read_nifti
from numpy.typing import NDArray

INSTRUCTION_SETS = ["portable", "avx2", "avx512"]
GOLDEN = ROOT / "tests" / "golden" / "pth"


def with_description(name: str, folder: Path) -> Path:
    """A copy of a weights file of GOLDEN with its description beside it."""
    model = folder / name
    shutil.copy(GOLDEN / name, model)
    shutil.copy(GOLDEN / "config.json", model.with_suffix(".json"))
    return model


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
    assert "MUSCLEMAP_MAX_ISA is 'sse9'; it may be portable, avx2, avx512 or amx" in result.only_error()


def test_fast_says_where_it_is_exact(segment: Run, image: Path, tmp_path: Path) -> None:
    exact, _ = labels_and_sidecar(segment, image, tmp_path / "exact")
    fast, told = labels_and_sidecar(segment, image, tmp_path / "fast", "--precision", "fast")
    if "amx_bf16" in Path("/proc/cpuinfo").read_text():
        assert told["settings"]["precision"] == "fast"
        assert (exact != fast).mean() < 1e-3  # docs/engines.md: pixels whose two best scores are nearly equal
    else:
        assert told["settings"]["precision"] == "exact"
        assert (exact == fast).all()


def test_the_native_engine_runs_no_programs(segment: Run, image: Path) -> None:
    result = segment("-i", image, "-m", GOLDEN / "softmax.pt", "--trust-model", "--engine", "native")
    assert result.status == 1
    assert "the program is not recognised: it calls torch.softmax" in result.only_error()


@pytest.mark.parametrize("kind", ["scripted", "traced"])
def test_a_recognised_program_needs_neither_trust_nor_libtorch(
    kind: str, segment: Run, image: Path, tmp_path: Path
) -> None:
    from_weights, _ = labels_and_sidecar(
        segment, image, tmp_path / "pth", "-m", with_description("float.pth", tmp_path), "--all-parts"
    )
    model = ("-m", GOLDEN / f"{kind}.pt", "--all-parts")
    nowhere = {"MUSCLEMAP_ENGINE_PATH": str(tmp_path), "MUSCLEMAP_TORCH_DIR": str(tmp_path)}
    untrusted, told = labels_and_sidecar(segment, image, tmp_path / "untrusted", *model, env=nowhere)
    assert told["engine"].startswith("native ")
    assert told["engine_check"].startswith("double precision; not its program, which is a TorchScript program")
    assert untrusted.any()
    assert (untrusted == from_weights).all()
    trusted, told = labels_and_sidecar(segment, image, tmp_path / "trusted", *model, "--trust-model")
    assert told["engine"].startswith("native ")
    assert (trusted == from_weights).all()
    if "; not its program: " in told["engine_check"]:
        pytest.skip(told["engine_check"])
    assert told["engine_check"].startswith("double precision, its program in torch ")
    torch, told = labels_and_sidecar(
        segment, image, tmp_path / "torch", *model, "--trust-model", "--engine", "torch"
    )
    assert told["engine"].startswith("torch ")
    assert "engine_check" not in told
    assert (torch == from_weights).all()


def test_libtorch_does_not_run_a_recognised_program_untrusted(segment: Run, image: Path) -> None:
    model = GOLDEN / "traced.pt"
    result = segment("-i", image, "-m", model, "--engine", "torch")
    assert result.status == 1
    assert "--trust-model" in result.only_error()
    assert str(model) in result.only_error()


def test_what_is_said_of_programs_without_running_them(run: Run) -> None:
    said = {
        name: run("musclemap", "model", "inspect", GOLDEN / f"{name}.pt", "--json").objects[0]
        for name in ("scripted", "traced", "frozen", "softmax")
    }
    for name in ("scripted", "traced"):
        assert said[name]["native"] is True
        assert said[name]["runnable"] is True
        assert said[name]["trusted"] is False
        assert said[name]["parameters"] == 328
        assert said[name]["network"].startswith("2-D network of ")
    assert "torch.jit.freeze" in said["frozen"]["not_native"]
    assert "it calls torch.softmax" in said["softmax"]["not_native"]
    assert not said["softmax"]["runnable"]
    assert "native      yes" in run("musclemap", "model", "inspect", GOLDEN / "traced.pt").out


def test_doctor_names_the_native_engine(run: Run) -> None:
    report = run("musclemap", "doctor", "--json").objects[0]
    assert report["native_engine"].removeprefix("native ") in INSTRUCTION_SETS
    assert report["native_engine"] in run("musclemap", "doctor").out
