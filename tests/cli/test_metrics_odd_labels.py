"""Labels that cannot be divided keep their row, with volume and slices; the run goes on and says so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Run
from labelled_scan import THREE_GROUPS, TWO_GROUPS, rows_of, write_on_grid, write_scan

NAN = float("nan")
COMPOSITION = ["Muscle (%)", "Fat (%)", "Fat volume (ml)", "Muscle volume (ml)"]


@pytest.mark.parametrize(
    ("components", "odd", "status"),
    [
        (2, [5.0] * 6, "not_separable"),
        (2, [5.0], "too_few_voxels"),
        (3, [5.0, 7.0], "too_few_voxels"),
        (3, [5.0, 5.0, 7.0, 7.0], "not_separable"),
        (2, [1.0, NAN, 2.0, 9.0], "nonfinite"),
        (2, [1.0, float("inf"), 2.0, 9.0], "nonfinite"),
        (3, [1.0, -float("inf"), 2.0, 9.0], "nonfinite"),
    ],
)
@pytest.mark.parametrize("method", ["kmeans", "gmm"])
def test_label_that_cannot_be_divided(
    method: str, components: int, odd: list[float], status: str, run: Run, tmp_path: Path
) -> None:
    whole = TWO_GROUPS if components == 2 else THREE_GROUPS
    labels = [1] * len(whole) + [2] * len(odd)
    scan = write_scan(tmp_path, [*whole, *odd], labels, dtype="<f4")
    command = ["-m", method, "-c", str(components), *scan.inputs, "--table", "full"]
    result = run("mm_extract_metrics", *command)
    assert result.status == 0
    assert result.err.count("warning: ") == 1
    assert "label 2: " in result.err
    stem = f"scan_{method}_{components}component"
    good, bad = rows_of(tmp_path / f"{stem}_results.csv")
    assert good["Status"] == "ok"
    assert all(good[column] for column in COMPOSITION)
    assert bad["Status"] == status
    assert [bad[column] for column in COMPOSITION] == [""] * 4
    assert (bad["Slices with segmentation"], bad["Total volume (ml)"]) == ("1", f"{len(odd)}.0")
    assert bad["Muscle threshold"] == ""
    assert bad["Voxels"] == str(len(odd))
    record = json.loads(scan.text(f"{stem}_results.json"))["musclemap"]
    assert [fit["status"] for fit in record["fits"]] == ["ok", status]
    assert any("label 2: " in warning["text"] for warning in record["warnings"])


@pytest.mark.parametrize("method", ["kmeans", "gmm", "average"])
def test_nan_outside_labels_has_no_effect(method: str, run: Run, tmp_path: Path) -> None:
    labels = [1] * 10 + [0, 0]
    tables = []
    for name, outside in (("nan", NAN), ("zero", 0.0)):
        scan = write_scan(tmp_path / name, [*TWO_GROUPS, outside, outside], labels, dtype="<f4")
        result = run("mm_extract_metrics", "-m", method, "-c", "2", *scan.inputs)
        assert result.status == 0
        assert result.err == ""
        tables.append(Path(result.out.splitlines()[0]).read_bytes())
    assert tables[0] == tables[1]


def test_mean_leaves_nan_out_and_says_so(run: Run, tmp_path: Path) -> None:
    scan = write_scan(tmp_path, [1.0, NAN, 4.0, NAN], [1, 1, 1, 2], dtype="<f4")
    result = run("mm_extract_metrics", "-m", "average", *scan.inputs, "--table", "full")
    assert result.status == 0
    assert "label 1: 1 of 3" in result.err
    assert "label 2: 1 of 1" in result.err
    rows = rows_of(tmp_path / "scan_average_results.csv")
    assert [(row["Average Intensity"], row["Status"]) for row in rows] == [
        ("2.5", "nonfinite"),
        ("", "nonfinite"),
    ]
    assert [row["Volume (ml)"] for row in rows] == ["3.0", "1.0"]


def test_fat_fraction_with_nan_is_empty(run: Run, tmp_path: Path) -> None:
    fat = write_on_grid(tmp_path / "fat.nii.gz", [1.0, NAN, 1.0], "<f4")
    water = write_on_grid(tmp_path / "water.nii.gz", [1.0, 1.0, 3.0], "<f4")
    labels = write_on_grid(tmp_path / "map.nii.gz", [1, 1, 2], "<i2")
    result = run("mm_extract_metrics", "-m", "dixon", "-f", fat, "-w", water, "-s", labels)
    assert result.status == 0
    assert "label 1: 1 of 2" in result.err
    rows = rows_of(tmp_path / "fat_dixon_results.csv")
    assert [row["Fat (%)"] for row in rows] == ["", "25.0"]


def test_empty_label_map(run: Run, tmp_path: Path) -> None:
    scan = write_scan(tmp_path, [1, 2], [0, 0])
    result = run("mm_extract_metrics", "-m", "average", *scan.inputs)
    assert result.status == 0
    assert "no labels found" in result.err
    assert len(scan.text("scan_average_results.csv").splitlines()) == 1
    for method in ("kmeans", "gmm", "hu"):
        result = run("mm_extract_metrics", "-m", method, "-c", "2", *scan.inputs, "--json")
        assert result.status == 1
        error = result.objects[-1]["error"]
        assert (error["code"], error["reason"], error["file"]) == ("format", "labels", str(scan.labels))
        assert not (tmp_path / f"scan_{method}_2component_results.csv").exists()


def test_negative_labels(run: Run, tmp_path: Path) -> None:
    scan = write_scan(tmp_path, [*TWO_GROUPS, *TWO_GROUPS], [3] * 10 + [-4] * 10)
    assert run("mm_extract_metrics", "-m", "kmeans", "-c", "2", *scan.inputs).status == 0
    rows = rows_of(tmp_path / "scan_kmeans_2component_results.csv")
    assert [row["Label"] for row in rows] == ["-4", "3"]
    result = run("mm_extract_metrics", "-m", "average", *scan.inputs, "--json")
    assert result.status == 1
    error = result.objects[0]["error"]
    assert (error["code"], error["reason"]) == ("format", "labels")
    assert "-4" in error["message"]


@pytest.mark.parametrize(
    ("dtype", "values"),
    [
        ("u1", [255, 1]),
        ("<u2", [65535, 300]),
        ("<i4", [2147483647, 40000]),
        ("<f4", [16777216, 2]),
        ("<f8", [-7, 12]),
    ],
)
def test_types_of_label_maps(dtype: str, values: list[int], run: Run, tmp_path: Path) -> None:
    labels = np.repeat(values, 10)
    scan = write_scan(tmp_path, [*TWO_GROUPS, *TWO_GROUPS], labels, label_dtype=dtype)
    result = run("mm_extract_metrics", "-m", "kmeans", "-c", "2", *scan.inputs)
    assert result.status == 0, result.err
    rows = rows_of(tmp_path / "scan_kmeans_2component_results.csv")
    assert [int(row["Label"]) for row in rows] == sorted(values)
    assert {row["Muscle (%)"] for row in rows} == {"50.0"}


@pytest.mark.parametrize("value", [1.5, NAN, float("inf"), 3e9])
def test_label_that_is_no_integer(value: float, run: Run, tmp_path: Path) -> None:
    labels: Any = np.ones((3, 2, 2))
    labels[2, 0, 1] = value
    scan = write_scan(tmp_path, np.arange(12).reshape(3, 2, 2), labels, label_dtype="<f8")
    for method in ("average", "gmm"):
        result = run("mm_extract_metrics", "-m", method, "-c", "2", *scan.inputs, "--json")
        assert result.status == 1
        error = result.objects[-1]["error"]
        assert (error["code"], error["reason"], error["file"]) == ("format", "labels", str(scan.labels))
        assert "(2, 0, 1)" in error["message"]
    assert list(tmp_path.glob("*results*")) == []
