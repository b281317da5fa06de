"""An output never replaces an input, whichever: each case leaves every file as it was."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from conftest import Run, body
from labelled_scan import TWO_GROUPS, rows_of, write_scan
from nifti_file import write_nifti

NAMES = '{"labels": {"1": "psoas"}}'
MEASURE = ["mm_extract_metrics", "-m", "average", "-i", "scan.nii.gz", "-s", "map.nii.gz"]
DIVIDE = ["mm_extract_metrics", "-m", "kmeans", "-c", "2", "-i", "scan.nii.gz", "-s", "map.nii.gz"]
SEGMENT = ["mm_segment", "-i", "scan.nii.gz", "-m", "model.pth", "-s", "0", "--threads", "1"]
RUN = ["musclemap", "run", "-i", "scan.nii.gz", "-s", "0", "--threads", "1", "--method", "average"]


@pytest.fixture
def folder(tmp_path: Path, model: Path) -> Path:
    write_scan(tmp_path, TWO_GROUPS, [1] * 10)
    shutil.copy(model, tmp_path / "model.pth")
    shutil.copy(model.with_suffix(".json"), tmp_path / "model.json")
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


CASES = {
    "names in a link's folder": (
        {"d/scan_average_results.tsv": "index\tname\n1\tpsoas\n"},
        [*MEASURE, "--format", "tsv", "-o", "e", "--labels", "d/scan_average_results.tsv"],
    ),
    "names as the table's JSON": (
        {"scan_average_results.json": NAMES},
        [*MEASURE, "--labels", "./scan_average_results.json"],
    ),
    "edits as the slices": (
        {"scan_kmeans_2component_slices.json": '{"groups": {"label 1": {"muscle_max_shift": 1}}}'},
        [*DIVIDE, "--per-slice", "--format", "tsv", "--edits", "scan_kmeans_2component_slices.json"],
    ),
    "JSON beside the image": ({"scan.json": '{"Modality": "MR"}'}, [*MEASURE, "--qc", "scan.json"]),
    "JSON beside the map": ({"map.json": NAMES}, [*MEASURE, "--qc", "map.json"]),
    "weights as the names": ({}, [*MEASURE, "--labels", "model.pth", "--qc", "model.json"]),
    "description as the picture": ({}, [*SEGMENT, "--qc", "model.json"]),
    "label map as the picture": ({}, [*SEGMENT, "--qc", "scan_dseg.nii.gz"]),
    "label map's JSON as the picture": ({}, [*SEGMENT, "--qc", "scan_dseg.json"]),
    "weights as the picture of a run": ({}, [*RUN, "-m", "model.pth", "--qc", "model.pth"]),
    "label map as the picture of a run": ({}, [*RUN, "-m", "model.pth", "--qc", "scan_dseg.nii.gz"]),
    "label map's JSON as the picture of a run": ({}, [*RUN, "-m", "model.pth", "--qc", "scan_dseg.json"]),
    "table as the picture of a run": (
        {},
        [*RUN, "-m", "model.pth", "--qc", "d/../scan_average_results.csv"],
    ),
    "one image of a call over the next": (
        {},
        ["mm_segment", "-m", "model.pth", "-s", "0", "-i", "scan.nii.gz", "-i", "map.nii.gz", "--suffix", "_x",
         "-i", "scan_x.nii.gz"],
    ),
    "exported over the source": (
        {"names.csv": "value,anatomy\n1,psoas\n"},
        ["musclemap", "labels", "export", "names.csv", "--for", "bids", "-o", "names.csv"],
    ),
    "exported over the description": (
        {},
        ["musclemap", "labels", "export", "model.pth", "--for", "bids", "-o", "model.json"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_refused_before_anything_is_written(case: str, run: Run, folder: Path) -> None:
    files, command = CASES[case]
    (folder / "d").mkdir()
    (folder / "e").symlink_to("d")
    for name, text in files.items():
        (folder / name).write_text(text)
    if "scan_x.nii.gz" in command:
        shutil.copy(folder / "scan.nii.gz", folder / "scan_x.nii.gz")
    before = contents(folder)
    result = run(*command, cwd=folder)
    assert result.status in (1, 2), result.out
    assert "would replace" in result.only_error()
    assert contents(folder) == before


def test_files_of_a_bundle_folder(run: Run, folder: Path) -> None:
    import hashlib

    bundle = folder / "scan_dseg"
    bundle.mkdir()
    for name in ("model.pth", "model.json"):
        shutil.move(folder / name, bundle / name)
    hashes = {name: hashlib.sha256((bundle / name).read_bytes()).hexdigest() for name in ("model.pth", "model.json")}
    manifest = {"format": "musclemap-bundle", "format_version": 1, "name": "x", "weights": "model.pth"}
    manifest |= {"config": "model.json", "sha256": hashes}
    (bundle / "manifest.json").write_text(json.dumps(manifest))
    before = contents(folder)
    for file in ("model.pth", "model.json", "manifest.json"):
        result = run(*SEGMENT[:3], "-m", bundle, "-s", "0", "--qc", bundle / file, cwd=folder)
        assert result.status == 1
        assert "would replace" in result.only_error()
    assert contents(folder) == before


def test_skipped_images_replace_nothing(run: Run, tmp_path: Path, model: Path) -> None:
    for name in ("scan.nii.gz", "scan_dseg.nii.gz"):
        write_nifti(tmp_path / name, body())
    images = ["-i", tmp_path / "scan.nii.gz", "-i", tmp_path / "scan_dseg.nii.gz"]
    command = ["mm_segment", "-m", model, "-s", "0", *images]
    before = contents(tmp_path)
    assert run(*command).status == 2
    assert contents(tmp_path) == before
    assert run(*command, "--skip-existing").status == 0
    assert contents(tmp_path).items() > before.items()


def test_two_label_maps_of_one_image_get_results_apart(run: Run, tmp_path: Path) -> None:
    scan = write_scan(tmp_path, TWO_GROUPS, [1] * 10)
    for folder in ("r1", "r2", "r3"):
        write_scan(tmp_path / folder, TWO_GROUPS, [2] * 10)
        (tmp_path / folder / "map.nii.gz").rename(tmp_path / folder / "scan_rater.nii.gz")
    usual, apart = tmp_path / "scan_average_results.csv", tmp_path / "scan_rater_average_results.csv"

    def measured(labels: Path) -> tuple[int, str, list[str]]:
        """Status, table, and what was said of other label maps."""
        result = run("mm_extract_metrics", "-m", "average", "-i", scan.image, "-s", labels)
        said = [line for line in result.err.splitlines() if "of another" in line]
        return result.status, result.out.splitlines()[0] if result.out else "", said

    assert measured(scan.labels) == (0, str(usual), [])
    kept = usual.read_bytes()
    status, table, said = measured(tmp_path / "r1" / "scan_rater.nii.gz")
    assert (status, table) == (0, str(apart))
    assert len(said) == 1
    assert "warning: " in said[0]
    assert "map.nii.gz" in said[0]
    assert [row["Label"] for row in rows_of(apart)] == ["2"]
    sidecar = json.loads(apart.with_suffix(".json").read_text())
    assert "results_apart" in [warning["code"] for warning in sidecar["musclemap"]["warnings"]]
    assert usual.read_bytes() == kept
    # The same map again, by another spelling, replaces its own results.
    assert measured(tmp_path / "r2" / ".." / "map.nii.gz") == (0, str(usual), [])
    assert measured(tmp_path / "r1" / "scan_rater.nii.gz")[:2] == (0, str(apart))
    # A map of the same name elsewhere is another one.
    before = contents(tmp_path)
    status, table, said = measured(tmp_path / "r2" / "scan_rater.nii.gz")
    assert (status, table) == (2, "")
    assert "-o" in said[0]
    assert contents(tmp_path) == before
