"""Bones have volumes; muscle and fat only where somebody asks, and in MuscleMap's own table."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from conftest import Run
from labelled_scan import TWO_GROUPS, Scan, rows_of, write_scan
from nifti_file import read_nifti

COMPOSITION = ["Muscle (%)", "Fat (%)", "Fat volume (ml)", "Muscle volume (ml)"]
TABLE = "scan_kmeans_2component_results.csv"
MUSCLE_AND_BONE = ["-m", "kmeans", "-c", "2"]


@pytest.fixture
def scan(tmp_path: Path) -> Scan:
    """Muscle in label 1, a bone in label 2."""
    return write_scan(tmp_path, TWO_GROUPS * 2, [1] * 10 + [2] * 10)


def named(scan: Scan, anatomy: str = "femur", kind: str | None = None) -> list[str | Path]:
    file = scan.folder / "names.csv"
    kinds = "" if kind is None else ",kind"
    rows = [f"1,psoas{'' if kind is None else ',muscle'}", f"2,{anatomy}{'' if kind is None else ',' + kind}"]
    file.write_text("\n".join([f"value,anatomy{kinds}", *rows]) + "\n")
    return [*MUSCLE_AND_BONE, *scan.inputs, "--labels", file, "--maps", "masks"]


@pytest.mark.parametrize(
    ("options", "divided"),
    [
        ([], True),
        (["--table", "basic"], True),
        (["--table", "full"], False),
        (["--table", "label,muscle_percent,fat_percent,fat_volume_ml,muscle_volume_ml,total_volume_ml,status"], False),
        (["--table", "full", "--divide-bones"], True),
        (["--divide-bones"], True),
    ],
)
def test_where_a_bone_is_divided(options: list[str], divided: bool, run: Run, scan: Scan) -> None:
    result = run("mm_extract_metrics", *named(scan), *options)
    assert (result.status, result.err) == (0, "")
    muscle, bone = rows_of(scan.folder / TABLE)
    assert all(muscle[column] for column in COMPOSITION)
    assert [bool(bone[column]) for column in COMPOSITION] == [divided] * 4
    assert bone["Total volume (ml)"] == "10.0"
    assert bone.get("Status", "ok" if divided else "bone") == ("ok" if divided else "bone")
    fits = json.loads(scan.text("scan_kmeans_2component_results.json"))["musclemap"]["fits"]
    assert [fit["status"] for fit in fits] == ["ok", "ok" if divided else "bone"]
    combined = read_nifti(scan.folder / "scan_kmeans_2component_combined_seg.nii.gz")[1].ravel()
    assert bool(np.any(combined[10:])) is divided


@pytest.mark.parametrize(
    ("anatomy", "kind", "divided"),
    [
        ("tibia", None, False),
        ("vertebrae_L4", None, False),
        ("rectus femoris", None, True),
        ("something", "bone", False),
        ("femur", "muscle", True),
        ("liver", "organ", True),
        ("L3", "", False),
    ],
)
def test_what_a_bone_is(anatomy: str, kind: str | None, divided: bool, run: Run, scan: Scan) -> None:
    assert run("mm_extract_metrics", *named(scan, anatomy, kind), "--table", "full").status == 0
    bone = rows_of(scan.folder / TABLE)[1]
    assert bool(bone["Muscle (%)"]) is divided


def test_slices_of_a_bone(run: Run, scan: Scan) -> None:
    assert run("mm_extract_metrics", *named(scan), "--table", "full", "--per-slice").status == 0
    rows = rows_of(scan.folder / "scan_kmeans_2component_slices.csv")
    assert [bool(row["Muscle (%)"]) for row in rows] == [True, False]
    assert [row["Voxels"] for row in rows] == ["10", "10"]


def test_mean_hu_of_a_bone(run: Run, tmp_path: Path) -> None:
    scan = write_scan(tmp_path, [-100, 40, 60, -80, 300, 700, 500, -1000], [1] * 4 + [2] * 3 + [0])
    (tmp_path / "names.csv").write_text("value,anatomy\n1,psoas\n2,femur\n")
    options = ["-m", "hu", "--labels", tmp_path / "names.csv", "--table", "full"]
    assert run("mm_extract_metrics", *options, *scan.inputs).status == 0
    muscle, bone = rows_of(tmp_path / "scan_hu_results.csv")
    assert (muscle["Mean HU"], bone["Mean HU"]) == ("-20.0", "500.0")
    assert (bone["Muscle (%)"], bone["Muscle mean HU"], bone["Status"]) == ("", "", "bone")
