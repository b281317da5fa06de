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


def test_pictures_have_what_the_manifest_expects(run: Run, shared: Path) -> None:
    """Some of the files, once through the program; the unit tests compare all of them."""
    folder = shared / "cells_real" / "containers"
    manifest = json.loads((folder / "manifest.json").read_text())
    names = ["bioio_TCZYX_BF.ome.tif", "bilevel_BF.tif", "imagej_one_ifd_BF.tif", "u16_jp2k_BF.tif"]
    done = run("musclemap", "info", "--json", *(folder / name for name in names))
    assert done.status == 0, done.err
    for name, seen in zip(names, done.objects, strict=True):
        wanted = manifest[name]
        assert seen["shape"] == wanted["shape_FTCZYX"]
        assert seen["dtype"] == wanted["dtype"]
        assert seen["sha256_pixels_le"] == wanted["sha256"]
        assert seen["pixel_size_xyz_um"] == wanted["pixel_size_xyz_um"]
        assert seen["channels"] == (wanted["channel_names"] or [])
        assert seen["comments"] == wanted.get("vlabapp_comments", [])
        assert seen["warnings"] == []


def test_a_picture_that_is_refused_is_named(run: Run, shared: Path) -> None:
    file = shared / "cells_real" / "containers" / "rgb_contig_BF.tif"
    done = run("musclemap", "info", file)
    assert done.status == 1
    assert "rgb_contig_BF.tif" in done.err
    assert "axes YXS: S of 3" in done.err
