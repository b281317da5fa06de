"""The tables of each method, to the byte: columns, figures, file names."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Run, listing
from labelled_scan import SKEWED, THREE_GROUPS, TWO_GROUPS, one_label, rows_of, write_on_grid, write_scan

TWO_COLUMNS = (
    "Label,Anatomy,Slices with segmentation,Muscle (%),Fat (%),"
    "Total volume (ml),Fat volume (ml),Muscle volume (ml)"
)
THREE_COLUMNS = TWO_COLUMNS + ",Undefined (%),Undefined volume (ml)"
HU_COLUMNS = THREE_COLUMNS.replace("Muscle (%)", "Mean HU,Muscle (%)")
AVERAGE_COLUMNS = "Label,Anatomy,Slices with segmentation,Average Intensity,Volume (ml)"


@pytest.mark.parametrize(
    ("method", "components", "values", "columns", "row"),
    [
        ("kmeans", 2, TWO_GROUPS, TWO_COLUMNS, "1,,1,50.0,50.0,10.0,5.0,5.0"),
        ("kmeans", 3, THREE_GROUPS, THREE_COLUMNS, "1,,1,29.17,29.17,24.0,7.0,12.0,41.67,5.0"),
        ("kmeans", 2, SKEWED, TWO_COLUMNS, "1,,1,75.0,25.0,160.0,40.0,120.0"),
        ("kmeans", 3, SKEWED, THREE_COLUMNS, "1,,1,40.0,15.62,160.0,25.0,94.0,44.38,41.0"),
        ("gmm", 2, SKEWED, TWO_COLUMNS, "1,,1,68.75,31.25,160.0,50.0,110.0"),
        ("gmm", 3, SKEWED, THREE_COLUMNS, "1,,1,40.0,20.0,160.0,32.0,94.0,40.0,34.0"),
    ],
)
def test_division(
    method: str, components: int, values: list[int], columns: str, row: str, run: Run, tmp_path: Path
) -> None:
    scan = one_label(tmp_path / "a", values)
    result = run("mm_extract_metrics", "-m", method, "-c", components, *scan.inputs, "--maps", "none")
    assert result.status == 0, result.err
    table = f"scan_{method}_{components}component_results.csv"
    assert scan.text(table) == f"{columns}\n{row}\n"
    assert listing(scan.folder) == {"scan.nii.gz", "map.nii.gz", table, table.replace(".csv", ".json")}
    assert result.out.splitlines() == [
        str(scan.folder / table),
        str(scan.folder / table.replace(".csv", ".json")),
    ]
    assert result.err == ""


def test_collapse_guard_can_be_left_out(run: Run, tmp_path: Path) -> None:
    scan = one_label(tmp_path, SKEWED)
    command = ["-m", "gmm", "-c", "3", *scan.inputs, "--maps", "none", "--no-collapse-guard"]
    assert run("mm_extract_metrics", *command).status == 0
    row = rows_of(tmp_path / "scan_gmm_3component_results.csv")[0]
    assert [row["Muscle (%)"], row["Undefined (%)"], row["Fat (%)"]] == ["2.5", "66.25", "31.25"]


def test_converged_mixture_is_another_measurement(run: Run, tmp_path: Path) -> None:
    scan = one_label(tmp_path, SKEWED)
    command = ["-m", "gmm", "-c", "2", *scan.inputs, "--maps", "none", "--table", "full"]
    means = {}
    for stop in ("compat", "converged"):
        assert run("mm_extract_metrics", *command, "--em", stop).status == 0
        row = rows_of(tmp_path / "scan_gmm_2component_results.csv")[0]
        means[stop] = (row["Muscle mean"], row["Fat mean"], row["Muscle threshold"])
    assert means["compat"] == ("103.44", "153.89", "120.0")
    # The maximum; the fit stops within a hundredth of it.
    assert float(means["converged"][0]) == pytest.approx(102.8542, abs=0.01)
    assert float(means["converged"][1]) == pytest.approx(150.2658, abs=0.01)
    assert means["converged"][2] == "120.0"


def test_average(run: Run, tmp_path: Path) -> None:
    scan = write_scan(tmp_path, [-7, 1, 2, 5, 9], [0, 3, 3, 3, 8])
    assert run("mm_extract_metrics", "-m", "average", *scan.inputs).status == 0
    assert scan.text("scan_average_results.csv") == f"{AVERAGE_COLUMNS}\n3,,1,2.67,3.0\n8,,1,9.0,1.0\n"


def test_dixon(run: Run, tmp_path: Path) -> None:
    fat = write_on_grid(tmp_path / "fat.nii.gz", [0, 1, 2, 3, 0, 5, -1, 1], "<i2")
    water = write_on_grid(tmp_path / "water.nii.gz", [0, 3, 2, 1, 4, 0, 1, -3], "<i2")
    labels = write_on_grid(tmp_path / "map.nii.gz", [1, 1, 1, 1, 2, 2, 3, 3], "<i2")
    result = run("mm_extract_metrics", "-m", "dixon", "-f", fat, "-w", water, "-s", labels)
    assert result.status == 0, result.err
    assert (tmp_path / "fat_dixon_results.csv").read_text() == (
        "Label,Anatomy,Slices with segmentation,Fat (%),Volume (ml)\n"
        "1,,1,37.5,4.0\n2,,1,50.0,2.0\n3,,1,-25.0,2.0\n"
    )


HU = [-200, -190, -100, -30, -29, 0, 150, 151]


def test_hu(run: Run, tmp_path: Path) -> None:
    scan = one_label(tmp_path, HU)
    assert run("mm_extract_metrics", "-m", "hu", *scan.inputs).status == 0
    assert scan.text("scan_hu_results.csv") == f"{HU_COLUMNS}\n1,,1,-31.0,37.5,37.5,8.0,3.0,3.0,25.0,2.0\n"


def test_hu_with_other_windows(run: Run, tmp_path: Path) -> None:
    scan = one_label(tmp_path, HU)
    command = ["-m", "hu", *scan.inputs, "--muscle-range", "-29:151", "--fat-range=-200:0"]
    assert run("mm_extract_metrics", *command).status == 0
    row = rows_of(tmp_path / "scan_hu_results.csv")[0]
    assert [row["Muscle (%)"], row["Fat (%)"], row["Undefined (%)"]] == ["25.0", "75.0", "0.0"]


def test_method_in_any_case(run: Run, tmp_path: Path) -> None:
    scan = one_label(tmp_path, TWO_GROUPS)
    assert run("mm_extract_metrics", "-m", "KMeans", "-c", "2", *scan.inputs).status == 0
    assert (tmp_path / "scan_kmeans_2component_results.csv").exists()


def test_consistent_operators(run: Run, tmp_path: Path) -> None:
    scan = one_label(tmp_path, THREE_GROUPS)
    command = ["-m", "kmeans", "-c", "3", *scan.inputs, "--operators", "consistent", "--maps", "none"]
    assert run("mm_extract_metrics", *command).status == 0
    row = "1,,1,50.0,29.17,24.0,7.0,12.0,20.83,5.0"
    assert scan.text("scan_kmeans_3component_results.csv") == f"{THREE_COLUMNS}\n{row}\n"


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("a.nii", "a.nii_average_results.csv"),
        ("a.NII.GZ", "a.NII.GZ_average_results.csv"),
        ("a.b.nii.gz", "a.b_average_results.csv"),
        ("it's, \"it\".nii.gz", "it's, \"it\"_average_results.csv"),
        ("大腿.nii.gz", "大腿_average_results.csv"),
    ],
)
def test_file_name(name: str, table: str, run: Run, tmp_path: Path) -> None:
    scan = write_scan(tmp_path, [1], [1], name=name)
    result = run("mm_extract_metrics", "-m", "average", *scan.inputs, "--no-sidecar")
    assert result.out == f"{tmp_path / table}\n"
    assert listing(tmp_path) == {name, "map.nii.gz", table}


def test_output_folder_is_created(run: Run, tmp_path: Path) -> None:
    scan = write_scan(tmp_path / "in", [1], [1])
    folder = tmp_path / "out" / "deep"
    assert run("mm_extract_metrics", "-m", "average", *scan.inputs, "-o", folder).status == 0
    assert listing(folder) == {"scan_average_results.csv", "scan_average_results.json"}
    assert listing(scan.folder) == {"scan.nii.gz", "map.nii.gz"}


def test_image_of_the_current_folder(run: Run, tmp_path: Path) -> None:
    write_scan(tmp_path, [1], [1])
    command = ["-m", "average", "-i", "scan.nii.gz", "-s", "map.nii.gz"]
    assert run("mm_extract_metrics", *command, cwd=tmp_path).status == 0
    assert (tmp_path / "scan_average_results.csv").exists()


def test_older_results_are_replaced(run: Run, tmp_path: Path) -> None:
    scan = write_scan(tmp_path, [1], [1])
    (tmp_path / "scan_average_results.csv").write_text("old")
    assert run("mm_extract_metrics", "-m", "average", *scan.inputs).status == 0
    assert rows_of(tmp_path / "scan_average_results.csv")[0]["Label"] == "1"


def test_subcommand_does_the_same(run: Run, tmp_path: Path) -> None:
    scan = one_label(tmp_path, TWO_GROUPS)
    command = ["-m", "kmeans", "-c", "2", *scan.inputs, "-o"]
    assert run("mm_extract_metrics", *command, tmp_path / "a").status == 0
    assert run("musclemap", "metrics", *command, tmp_path / "b").status == 0
    names = listing(tmp_path / "a")
    assert names == listing(tmp_path / "b")
    assert len(names) == 5
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
