"""Where the names in the table come from, and cells that a spreadsheet would run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Run
from labelled_scan import Scan, rows_of, write_scan


@pytest.fixture
def scan(tmp_path: Path) -> Scan:
    return write_scan(tmp_path / "scan", [1, 2, 3], [5121, 5122, 7])


def names(run: Run, scan: Scan, *arguments: str | Path) -> list[str]:
    result = run("mm_extract_metrics", "-m", "average", *scan.inputs, *arguments)
    assert result.status == 0, result.err
    return [row["Anatomy"] for row in rows_of(Path(result.out.splitlines()[0]))]


def write_names(file: Path, *entries: tuple[int, str, str]) -> Path:
    labels = [{"region": "a", "anatomy": a, "side": s, "value": v} for v, a, s in entries]
    file.write_text(json.dumps({"labels": labels}), encoding="utf-8")
    return file


def test_no_names(run: Run, scan: Scan) -> None:
    result = run("mm_extract_metrics", "-m", "average", *scan.inputs)
    assert result.err == ""
    assert names(run, scan) == ["", "", ""]


def test_names_of_a_file(run: Run, scan: Scan, tmp_path: Path) -> None:
    file = write_names(tmp_path / "names.json", (5121, " psoas, major ", "left "), (7, "sacrum", "no side"))
    result = run("mm_extract_metrics", "-m", "average", *scan.inputs, "--labels", file)
    assert "5122" in result.err
    assert "warning: " in result.err
    assert names(run, scan, "--labels", file) == ["sacrum no side", "psoas, major left", ""]
    assert '"psoas, major left"' in scan.text("scan_average_results.csv")


def test_names_of_a_table(run: Run, scan: Scan, tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text("value,anatomy\n7,Ischiocrurale Ä\n")
    assert names(run, scan, "--labels", tmp_path / "names.csv") == ["Ischiocrurale Ä", "", ""]


def test_names_of_a_region(run: Run, scan: Scan) -> None:
    found = names(run, scan, "-r", "WholeBody")
    assert found[0] == ""
    assert all(found[1:])
    assert found[1] != found[2]


def test_names_depend_on_the_version(run: Run, tmp_path: Path) -> None:
    scan = write_scan(tmp_path, [1], [8151])
    old = names(run, scan, "-r", "wholebody", "--model_version", "1.2")
    assert old == ["tibia left"]
    assert names(run, scan, "-r", "wholebody", "--model_version", "1.4") != old
    new = names(run, scan, "-r", "wholebody", "--model_version", "1.4")
    assert names(run, scan, "-r", "wholebody") == new


def test_names_of_the_sidecar_come_last(run: Run, scan: Scan, tmp_path: Path) -> None:
    write_names(scan.folder / "map.json", (7, "beside", ""), (5121, "beside", "left"))
    assert names(run, scan) == ["beside", "beside left", ""]
    file = write_names(tmp_path / "names.json", (7, "named", ""))
    assert names(run, scan, "--labels", file, "-r", "wholebody") == ["named", "", ""]
    assert names(run, scan, "-r", "wholebody")[0] == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-r", "elbow"], ["elbow", "wholebody"]),
        (["-r", "wholebody", "--model_version", "0.9"], ["0.9", "1.4"]),
    ],
)
def test_unknown_table(arguments: list[str], words: list[str], run: Run, scan: Scan) -> None:
    result = run("mm_extract_metrics", "-m", "average", *scan.inputs, *arguments)
    assert result.status == 2
    for word in words:
        assert word in result.only_error()


def test_names_that_cannot_be_read(run: Run, scan: Scan, tmp_path: Path) -> None:
    (tmp_path / "names.json").write_text('{"labels": [')
    for file in ("names.json", "absent.json"):
        result = run("mm_extract_metrics", "-m", "average", *scan.inputs, "--labels", tmp_path / file)
        assert result.status == 1
        assert file in result.only_error()
    assert not (scan.folder / "scan_average_results.csv").exists()


def test_formulas_are_not_run(run: Run, scan: Scan, tmp_path: Path) -> None:
    file = write_names(tmp_path / "names.json", (7, "=1+1", ""), (5121, "@x", "left"), (5122, "a=b", ""))
    assert names(run, scan, "--labels", file) == ["'=1+1", "'@x left", "a=b"]
    assert names(run, scan, "--labels", file, "--raw-cells") == ["=1+1", "@x left", "a=b"]
