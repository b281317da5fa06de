"""A wrong command line: status 2, one line that names the option, nothing done. And --json, -q."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Run, listing
from labelled_scan import TWO_GROUPS, Scan, one_label, write_scan


@pytest.fixture
def scan(tmp_path: Path) -> Scan:
    return one_label(tmp_path, TWO_GROUPS)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-m", "median"], ["median", "average", "kmeans"]),
        (["-m", "average", "-c", "4"], ["-c", "4"]),
        (["-m", "kmeans"], ["-c"]),
        (["-m", "gmm"], ["-c"]),
        (["-m", "dixon"], ["-f"]),
        (["-m", "kmeans", "-c", "2", "--format", "xml"], ["--format", "xml"]),
        (["-m", "kmeans", "-c", "2", "--maps", "some"], ["--maps", "some"]),
        (["-m", "kmeans", "-c", "2", "--operators", "loose"], ["--operators", "loose"]),
        (["-m", "gmm", "-c", "2", "--em", "never"], ["--em", "never"]),
        (["-m", "hu", "--muscle-range", "150"], ["--muscle-range", "150"]),
        (["-m", "hu", "--muscle-range", "150:-29"], ["--muscle-range", "150:-29"]),
        (["-m", "hu", "--fat-range", "a:b"], ["--fat-range", "a:b"]),
        (["-m", "hu", "--fat-range=-190:-30:1"], ["--fat-range", "-190:-30:1"]),
        (["-m", "hu", "--fat-range=nan:0"], ["--fat-range", "nan:0"]),
        (["-m", "average", "--table", "colour"], ["colour"]),
        (["-m", "kmeans", "-c", "2", "--table", "label,fat_min"], ["fat_min"]),
        (["-m", "kmeans", "-c", "2", "--table", "label,Label"], ["twice"]),
        (["-m", "average", "--threads", "0"], ["--threads", "0"]),
        (["-m", "average", "--device", "tpu"], ["--device", "tpu"]),
        (["-m", "average", "--edits", "absent.json"], ["edits belong to kmeans, gmm and hu"]),
        (["-m", "average", "--sharpen"], ["--sharpen"]),
        (["-m", "average", "-r", "elbow"], ["elbow"]),
    ],
    ids=lambda value: " ".join(value),
)
def test_wrong_command_line(arguments: list[str], words: list[str], run: Run, scan: Scan) -> None:
    before = listing(scan.folder)
    result = run("mm_extract_metrics", *scan.inputs, *arguments)
    assert result.status == 2, result.err
    for word in words:
        assert word in result.only_error()
    assert result.out == ""
    assert listing(scan.folder) == before


@pytest.mark.parametrize(
    ("arguments", "flag"),
    [
        ([], "-m"),
        (["-m", "average"], "-s"),
        (["-m", "average", "-s", "map.nii.gz"], "-i"),
        (["-m", "hu", "-s", "map.nii.gz"], "-i"),
        (["-m", "kmeans", "-c", "2", "-s", "map.nii.gz"], "-i"),
        (["-m", "dixon", "-f", "scan.nii.gz", "-s", "map.nii.gz"], "-w"),
        (["-m", "dixon", "-w", "scan.nii.gz", "-s", "map.nii.gz"], "-f"),
        (["-m", "dixon", "-f", "scan.nii.gz", "-w", "scan.nii.gz"], "-s"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_what_a_method_needs(arguments: list[str], flag: str, run: Run, scan: Scan) -> None:
    before = listing(scan.folder)
    result = run("mm_extract_metrics", *arguments, cwd=scan.folder)
    assert result.status == 2
    assert flag in result.only_error()
    assert listing(scan.folder) == before


def test_help_names_every_flag(run: Run) -> None:
    result = run("mm_extract_metrics", "--help")
    assert result.status == 0
    flags = "-m -i -f -w -s -c -r -o --labels --table --per-slice --format --maps --compat-types --operators"
    for flag in f"{flags} --edits --qc --muscle-range --fat-range --json --threads --device -q".split():
        assert flag in result.out


def test_json_of_a_run(run: Run, tmp_path: Path) -> None:
    scan = write_scan(tmp_path, [*TWO_GROUPS, 5], [1] * 10 + [2])
    command = ["-m", "kmeans", "-c", "2", *scan.inputs, "--maps", "masks", "--json"]
    result = run("mm_extract_metrics", *command)
    assert result.status == 0
    assert result.err == ""
    warning, done = result.objects
    assert warning["warning"]["code"] == "label_not_divided"
    assert warning["warning"]["file"] == str(scan.labels)
    assert warning["warning"]["message"].startswith("label 2: ")
    assert done["table"] == str(tmp_path / "scan_kmeans_2component_results.csv")
    assert done["rows"] == 2
    assert done["files"][0] == done["table"]
    written = listing(tmp_path) - {"scan.nii.gz", "map.nii.gz"}
    assert {Path(file).name for file in done["files"]} == written
    assert len(written) == 5


def test_json_of_an_error(run: Run, scan: Scan) -> None:
    result = run("mm_extract_metrics", "-m", "average", "-i", "absent.nii", "-s", scan.labels, "--json")
    assert result.status == 1
    assert result.err == ""
    error = result.objects[0]["error"]
    assert set(error) == {"code", "reason", "file", "message"}
    assert (error["code"], error["reason"], error["file"]) == ("io", "io", "absent.nii")
    result = run("mm_extract_metrics", *scan.inputs, "-m", "median", "--json")
    assert result.status == 2
    assert result.objects[0]["error"]["code"] == "argument"


def test_quiet(run: Run, tmp_path: Path) -> None:
    scan = write_scan(tmp_path, [*TWO_GROUPS, 5], [1] * 10 + [2])
    command = ["-m", "kmeans", "-c", "2", *scan.inputs]
    assert "warning: " in run("mm_extract_metrics", *command).err
    assert run("mm_extract_metrics", *command, "-q").err == ""
