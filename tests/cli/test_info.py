"""`musclemap info --json --verify` gives what the reference data's manifest expects; every file of it is
compared by the unit tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Run

VALID = [
    "dtype_int16_be.nii.gz",
    "dtype_float64_be.nii",
    "nifti2_be.nii",
    "pair_nifti1_le.hdr",
    "scl_ct.nii",
    "aff_permuted.nii",
    "aff_qform_only.nii",
    "dim_4d.nii",
]
MALFORMED_STEP = 12


@pytest.fixture(scope="module")
def manifest(shared: Path) -> dict[str, Any]:
    return json.loads((shared / "nifti" / "manifest.json").read_text())


def matches(seen: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        return all(key in seen and matches(seen[key], value) for key, value in wanted.items())
    if isinstance(wanted, list):
        return len(seen) == len(wanted) and all(map(matches, seen, wanted))
    if isinstance(wanted, float):
        return seen == pytest.approx(wanted, rel=1e-6, abs=1e-4)
    return seen == wanted


@pytest.mark.parametrize("name", VALID)
def test_valid_file(name: str, run: Run, shared: Path, manifest: dict[str, Any]) -> None:
    entry = next(entry for entry in manifest["valid"] if entry["file"] == f"valid/{name}")
    result = run("musclemap", "info", shared / "nifti" / entry["file"], "--json", "--verify")
    assert result.status == 0
    assert result.err == ""
    assert matches(result.objects[0], entry["decode"])
    assert "warnings" in result.objects[0]


def test_malformed_files(run: Run, shared: Path, manifest: dict[str, Any]) -> None:
    entries = [entry for entry in manifest["malformed"] if entry["expect"] == "error"]
    for entry in entries[::MALFORMED_STEP]:
        file = shared / "nifti" / entry["file"]
        result = run("musclemap", "info", file, "--json", "--verify")
        assert result.status == 1, entry["file"]
        error = result.objects[0]["error"]
        assert error["reason"] in {entry["error"], *entry.get("also_ok", [])}, entry["file"]
        assert error["file"] == str(file)
