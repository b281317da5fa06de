"""Which columns a table has, as what it is written, and the table of slices."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from conftest import Run, listing
from labelled_scan import THREE_GROUPS, TWO_GROUPS, Scan, one_label, rows_of, write_scan

KMEANS = ["-m", "kmeans", "-c", "2", "--maps", "none"]
SHAPE_COLUMNS = {
    "Voxels",
    "Volume from affine (ml)",
    "Largest area (mm2)",
    "Slice of largest area",
    "Mean area (mm2)",
    "Parts",
    "Touches border",
    "Region",
    "Side",
    "Status",
    "Volume asymmetry (%)",
}


@pytest.fixture
def block(tmp_path: Path) -> Scan:
    """Label 4 in slices 1 and 2 with 2 and 6 voxels in two parts, label 9 of one voxel at the border."""
    labels = np.zeros((5, 4, 5), dtype="<i2")
    labels[1:3, 1, 1] = 4
    labels[1:4, 1:3, 2] = 4
    labels[3, 1, 2] = 0
    labels[3, 2, 3] = 4
    labels[1, 1, 2] = 0
    labels[1, 2, 3] = 4
    labels[0, 3, 4] = 9
    values = np.arange(100, dtype="<i2").reshape(5, 4, 5)
    return write_scan(tmp_path / "scan", values, labels, spacing=(2.0, 2.5, 4.0))


def full_table(run: Run, scan: Scan, *arguments: str) -> list[dict[str, str]]:
    result = run("mm_extract_metrics", *arguments, *scan.inputs, "--table", "full", "--maps", "none")
    assert result.status == 0, result.err
    return rows_of(Path(result.out.splitlines()[0]))


def test_full_table_of_a_mean(run: Run, block: Scan) -> None:
    four, nine = full_table(run, block, "-m", "average")
    assert set(four) >= SHAPE_COLUMNS | {"Intensity left - right"}
    assert four["Voxels"] == "8"
    assert four["Volume (ml)"] == four["Volume from affine (ml)"] == "0.16"
    assert four["Slices with segmentation"] == "3"
    assert (four["Largest area (mm2)"], four["Slice of largest area"]) == ("20.0", "2")
    assert four["Mean area (mm2)"] == "13.33"
    assert four["Parts"] == "1"
    assert (four["Touches border"], nine["Touches border"]) == ("0", "1")
    assert four["Status"] == nine["Status"] == "ok"
    assert four["Volume asymmetry (%)"] == ""


def test_full_table_of_a_division(run: Run, tmp_path: Path) -> None:
    row = full_table(run, one_label(tmp_path, TWO_GROUPS), "-m", "kmeans", "-c", "2")[0]
    assert set(row) >= SHAPE_COLUMNS | {"Muscle threshold", "Muscle mean", "Fat mean"}
    assert row["Muscle threshold"] == "1.0"
    assert (row["Muscle mean"], row["Fat mean"]) == ("0.4", "9.8")
    assert "Fat threshold" not in row
    assert "Log-likelihood" not in row
    row = full_table(run, one_label(tmp_path, THREE_GROUPS), "-m", "kmeans", "-c", "3")[0]
    assert (row["Muscle threshold"], row["Fat threshold"]) == ("14.0", "60.0")
    assert (row["Muscle mean"], row["Undefined mean"], row["Fat mean"]) == ("12.17", "32.4", "62.29")
    row = full_table(run, one_label(tmp_path, TWO_GROUPS), "-m", "gmm", "-c", "2")[0]
    assert {"Log-likelihood", "Iterations", "Stable"} <= set(row)
    row = full_table(run, one_label(tmp_path, [0, 100]), "-m", "hu")[0]
    assert row["Muscle mean HU"] == "50.0"


def test_asymmetry_of_two_sides(run: Run, tmp_path: Path) -> None:
    scan = write_scan(tmp_path, [1, 3, 5, 5, 9], [1, 1, 1, 2, 3])
    names = [("psoas", "left"), ("psoas", "right"), ("spine", "no side")]
    entries = [
        {"region": "abdomen", "anatomy": anatomy, "side": side, "value": value}
        for value, (anatomy, side) in enumerate(names, 1)
    ]
    (tmp_path / "names.json").write_text(json.dumps({"labels": entries}))
    rows = full_table(run, scan, "-m", "average", "--labels", str(tmp_path / "names.json"))
    assert [row["Volume asymmetry (%)"] for row in rows] == ["100.0", "100.0", ""]
    assert [row["Intensity left - right"] for row in rows] == ["-2.0", "-2.0", ""]
    assert [row["Side"] for row in rows] == ["left", "right", "no side"]
    assert {row["Region"] for row in rows} == {"abdomen"}


def test_columns_by_name(run: Run, block: Scan) -> None:
    command = ["-m", "average", *block.inputs, "--table", "Voxels,LABEL,Average Intensity,status"]
    assert run("mm_extract_metrics", *command).status == 0
    text = block.text("scan_average_results.csv")
    assert text.splitlines()[0] == "Voxels,Label,Average Intensity,Status"
    assert text.splitlines()[2] == "1,9,19.0,ok"


def test_unknown_column_writes_nothing(run: Run, block: Scan) -> None:
    before = listing(block.folder)
    result = run("mm_extract_metrics", "-m", "average", *block.inputs, "--table", "label,colour")
    assert result.status == 2
    assert "colour" in result.only_error()
    assert "mean_intensity" in result.only_error()
    assert listing(block.folder) == before


@pytest.mark.parametrize("method", ["average", "kmeans", "hu"])
def test_slices_add_up_to_the_label(method: str, run: Run, block: Scan) -> None:
    arguments = ["-m", method, "-c", "2", *block.inputs, "--per-slice", "--table", "full", "--maps", "none"]
    assert run("mm_extract_metrics", *arguments).status == 0
    stem = f"scan_{method}_2component" if method == "kmeans" else f"scan_{method}"
    rows = rows_of(block.folder / f"{stem}_results.csv")
    slices = rows_of(block.folder / f"{stem}_slices.csv")
    places = [(row["Label"], row["Slice"]) for row in slices]
    assert places == [("4", "1"), ("4", "2"), ("4", "3"), ("9", "4")]
    for row in rows:
        own = [line for line in slices if line["Label"] == row["Label"]]
        assert sum(int(line["Voxels"]) for line in own) == int(row["Voxels"])
        assert len(own) == int(row["Slices with segmentation"])
    assert [line["Area (mm2)"] for line in slices] == ["10.0", "20.0", "10.0", "5.0"]


def test_slices_have_their_own_composition(run: Run, tmp_path: Path) -> None:
    values = np.array([[[0, 0], [1, 10]], [[1, 10], [9, 10]]])
    scan = write_scan(tmp_path, values, np.ones_like(values))
    command = [*KMEANS, *scan.inputs, "--per-slice", "--no-sidecar"]
    assert run("mm_extract_metrics", *command).status == 0
    rows = rows_of(tmp_path / "scan_kmeans_2component_slices.csv")
    assert [(row["Muscle (%)"], row["Fat (%)"]) for row in rows] == [("75.0", "25.0"), ("25.0", "75.0")]


def test_stored_slices_lie_along_the_largest_spacing(run: Run, tmp_path: Path) -> None:
    values = np.ones((2, 3, 4), dtype="<i2")
    for axis, size in enumerate(values.shape):
        spacing = [2.0, 2.0, 2.0]
        spacing[axis] = 5.0
        scan = write_scan(tmp_path / str(axis), values, values, spacing=tuple(spacing))
        command = ["-m", "average", *scan.inputs, "--per-slice", "--section-axis", "stored"]
        assert run("mm_extract_metrics", *command).status == 0
        assert rows_of(scan.folder / "scan_average_results.csv")[0]["Slices with segmentation"] == str(size)
        slices = rows_of(scan.folder / "scan_average_slices.csv")
        assert [row["Slice"] for row in slices] == [str(index) for index in range(size)]
        assert {row["Area (mm2)"] for row in slices} == {f"{4.0 * 24 / size}"}
        record = json.loads(scan.text("scan_average_results.json"))
        assert record["musclemap"]["settings"]["slice_axis"] == "ijk"[axis]


def test_tsv(run: Run, block: Scan) -> None:
    command = ["-m", "average", *block.inputs, "--format", "tsv", "--per-slice"]
    assert run("mm_extract_metrics", *command).status == 0
    rows = rows_of(block.folder / "scan_average_results.tsv", "\t")
    assert [row["label"] for row in rows] == ["4", "9"]
    assert rows[0]["anatomy"] == "n/a"
    for table in ("results", "slices"):
        columns = rows_of(block.folder / f"scan_average_{table}.tsv", "\t")[0]
        dictionary = json.loads(block.text(f"scan_average_{table}.json"))
        assert list(columns) == [name for name in dictionary if name != "musclemap"]
        assert all(entry["Description"] for name, entry in dictionary.items() if name != "musclemap")


def test_tsv_without_sidecar_has_no_dictionary(run: Run, block: Scan) -> None:
    command = ["-m", "average", *block.inputs, "--format", "tsv", "--per-slice", "--no-sidecar"]
    assert run("mm_extract_metrics", *command).status == 0
    written = {"scan_average_results.tsv", "scan_average_slices.tsv"}
    assert listing(block.folder) == {"scan.nii.gz", "map.nii.gz"} | written


def test_json(run: Run, tmp_path: Path) -> None:
    scan = write_scan(tmp_path, [*TWO_GROUPS, 5], [1] * 10 + [2])
    command = [*KMEANS, *scan.inputs, "--format", "json", "--per-slice"]
    assert run("mm_extract_metrics", *command).status == 0
    written = {"scan_kmeans_2component_results.json", "scan_kmeans_2component_slices.json"}
    assert listing(tmp_path) == {"scan.nii.gz", "map.nii.gz"} | written
    table = json.loads(scan.text("scan_kmeans_2component_results.json"))
    assert [row["label"] for row in table["rows"]] == [1, 2]
    assert table["rows"][0]["muscle_percent"] == 50.0
    assert table["rows"][1]["muscle_percent"] is None
    assert table["musclemap"]["settings"]["method"] == "kmeans"
    assert [fit["status"] for fit in table["musclemap"]["fits"]] == ["ok", "too_few_voxels"]
    names = [column["name"] for column in table["columns"]]
    assert list(table["rows"][0]) == names
    slices = json.loads(scan.text("scan_kmeans_2component_slices.json"))
    assert [row["voxels"] for row in slices["rows"]] == [10, 1]


def test_sidecar_says_how_the_table_was_made(run: Run, tmp_path: Path) -> None:
    scan = one_label(tmp_path, TWO_GROUPS)
    command = ["-m", "gmm", "-c", "3", *scan.inputs, "--em", "converged", "--no-collapse-guard"]
    assert run("mm_extract_metrics", *command, "--operators", "consistent").status == 0
    sidecar = json.loads(scan.text("scan_gmm_3component_results.json"))
    record = sidecar.pop("musclemap")
    assert record["inputs"] == {"image": "scan.nii.gz", "labels": "map.nii.gz"}
    assert record["settings"] == {
        "method": "gmm",
        "slice_axis": "k",
        "section_axis": "k",
        "section_axis_rule": "superior",
        "operators": "consistent",
        "components": 3,
        "stop": "converged",
        "collapse_guard": False,
    }
    assert len(record["fits"]) == 1
    assert len(record["fits"][0]["components"]) == 3
    assert record["library"]["name"] == "musclemap"
    assert sidecar["fat_percent"]["Units"] == "%"
    assert str(tmp_path) not in scan.text("scan_gmm_3component_results.json")


def test_no_sidecar(run: Run, tmp_path: Path) -> None:
    scan = one_label(tmp_path, TWO_GROUPS)
    assert run("mm_extract_metrics", *KMEANS, *scan.inputs, "--no-sidecar").status == 0
    assert listing(tmp_path) == {"scan.nii.gz", "map.nii.gz", "scan_kmeans_2component_results.csv"}
