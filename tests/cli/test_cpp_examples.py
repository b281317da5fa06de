"""The examples of the C++ interface, run as a user runs them."""

from __future__ import annotations

import csv
import os
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from conftest import Run, body
from nifti_file import read_nifti, write_nifti

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = Path(os.environ.get("MUSCLEMAP_PROGRAMS", ROOT / "build/release/bin"))


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(PROGRAMS / f"musclemap_example_cpp_{program}"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_segment_writes_the_label_map_and_the_table(tmp_path: Path, model: Path, segment: Run) -> None:
    image = write_nifti(tmp_path / "scan.nii.gz", body())
    labels, table = tmp_path / "labels.nii.gz", tmp_path / "table.csv"
    done = run("segment", str(image), str(model), str(labels), str(table))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert segment("-i", image, "-s", "90").status == 0
    voxels = read_nifti(labels)[1]
    assert np.array_equal(voxels, read_nifti(tmp_path / "scan_dseg.nii.gz")[1])
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert [int(row["Label"]) for row in rows] == sorted(set(np.unique(voxels)) - {0})
    for row in rows:
        volume_ml = np.count_nonzero(voxels == int(row["Label"])) / 1000
        assert float(row["Total volume (ml)"]) == pytest.approx(volume_ml, abs=0.005)


def test_segment_says_in_one_line_what_is_wrong(tmp_path: Path, model: Path) -> None:
    image = write_nifti(tmp_path / "scan.nii.gz", body())
    outputs = str(tmp_path / "labels.nii.gz"), str(tmp_path / "table.csv")
    for arguments in ((str(tmp_path / "none.nii.gz"), str(model)), (str(image), str(tmp_path / "none.pth"))):
        done = run("segment", *arguments, *outputs)
        assert (done.returncode, done.stdout) == (1, "")
        assert len(done.stderr.splitlines()) == 1
        assert "none." in done.stderr
    done = run("segment", str(image), str(model), outputs[0], str(tmp_path / "no folder" / "table.csv"))
    assert done.returncode == 1
    assert run("segment", str(image)).returncode == 2


def test_embed_measures_rows_that_run_from_top_to_bottom() -> None:
    done = run("embed")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert [line.split(",")[0] for line in lines[:2]] == ["label 1: ok", "label 2: ok"]
    rows = list(csv.DictReader(lines[2:]))
    assert [row["Anatomy"] for row in rows] == ["vastus lateralis left", "vastus lateralis right"]
    assert [float(row["Fat (%)"]) for row in rows] == [20, 40]
    volume_ml = 32 * 40 * 12 * 0.9 * 0.9 * 5 / 1000
    assert [float(row["Total volume (ml)"]) for row in rows] == pytest.approx([volume_ml] * 2, abs=0.005)


def test_itk_images_are_measured_and_come_back() -> None:
    done = run("itk_image")
    assert (done.returncode, done.stderr) == (0, "")
    *table, place = done.stdout.splitlines()
    rows = list(csv.DictReader(table))
    assert [float(row["Fat (%)"]) for row in rows] == [25, 50]
    volume_ml = 16 * 32 * 6 * 0.9 * 0.9 * 5 / 1000
    assert [float(row["Total volume (ml)"]) for row in rows] == pytest.approx([volume_ml] * 2, abs=0.005)
    assert place == "first voxel at -14 -12 310"


def computed_fat(slices: int) -> dict[int, tuple[int, float]]:
    """Voxels and share of fat of what the source computes."""
    i, j, k = np.ogrid[:96, :96, :slices]
    right = i >= 48
    inside = (i - np.where(right, 72, 24)) ** 2 + (j - 48) ** 2 <= 400
    pattern = (i + 3 * j + 5 * k) % 10
    result = {}
    for label, side, tenths in ((1, ~right, 1), (2, right, 3)):
        mask = np.broadcast_to(inside & side, pattern.shape)
        result[label] = (int(mask.sum()), 100 * float((pattern[mask] < tenths).mean()))
    return result


@pytest.mark.parametrize("slices", [1, 7, 400])
def test_slab_source_divides_what_it_computes(slices: int) -> None:
    done = run("slab_source", str(slices))
    assert (done.returncode, done.stderr) == (0, "")
    found = re.findall(r"label (\d): (\d+) voxels, ok, muscle up to 106, ([\d.]+) % fat", done.stdout)
    expected = computed_fat(slices)
    assert {int(label): int(voxels) for label, voxels, _ in found} == {k: v[0] for k, v in expected.items()}
    for label, _, fat in found:
        assert float(fat) == pytest.approx(expected[int(label)][1], abs=1e-3)


def test_slab_source_never_holds_all_slices() -> None:
    held, total = map(int, re.findall(r"at most (\d+) of (\d+) slices", run("slab_source", "400").stdout)[0])
    assert total == 400
    assert held < 400


@pytest.mark.parametrize("wrong", [("0",), ("many",), ("-3",), ("5", "6"), ("9999999999999999999999",)])
def test_slab_source_refuses_a_wrong_command_line(wrong: tuple[str, ...]) -> None:
    done = run("slab_source", *wrong)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
