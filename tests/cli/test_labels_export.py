"""Label tables appear whole or not at all, and touch no other file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Run, listing


def test_table_is_written(run: Run, model: Path, tmp_path: Path) -> None:
    table = tmp_path / "labels.txt"
    (tmp_path / "labels.txt.part").write_text("a file of the user's")
    command = ["musclemap", "labels", "export", model.with_suffix(".json"), "--for", "itksnap"]
    result = run(*command, "-o", table)
    assert result.status == 0, result.err
    assert table.read_text() == run(*command).out
    assert (tmp_path / "labels.txt.part").read_text() == "a file of the user's"
    assert listing(tmp_path) == {"labels.txt", "labels.txt.part"}


def test_folder_that_is_not_there(run: Run, model: Path, tmp_path: Path) -> None:
    table = tmp_path / "absent" / "labels.txt"
    result = run(
        "musclemap", "labels", "export", model.with_suffix(".json"), "--for", "bids", "-o", table
    )
    assert result.status == 1
    assert str(table) in result.only_error()
    assert listing(tmp_path) == set()


def test_unknown_viewer(run: Run, model: Path) -> None:
    result = run("musclemap", "labels", "export", model.with_suffix(".json"), "--for", "paint")
    assert result.status == 2
    assert "paint" in result.only_error()


def test_built_in_tables_are_listed(run: Run) -> None:
    lines = run("musclemap", "labels", "list").out.splitlines()
    assert lines[0] == "region\tversion\tlabels"
    assert "thigh\t0.0\t28" in lines
    assert lines[-1] == "wholebody\t1.4\t113"


def test_region_stands_for_its_built_in_table(run: Run, tmp_path: Path) -> None:
    command = ["musclemap", "labels", "export", "WholeBody", "--for", "bids"]
    latest = run(*command, cwd=tmp_path)
    assert latest.status == 0, latest.err
    assert len(latest.out.splitlines()) == 114
    assert latest.out == run(*command, "--version", "1.4", cwd=tmp_path).out
    assert len(run(*command, "--version", "1.2", cwd=tmp_path).out.splitlines()) == 100


def test_file_wins_over_the_region_of_its_name(run: Run, tmp_path: Path) -> None:
    (tmp_path / "thigh").write_text("not a model")
    result = run("musclemap", "labels", "export", "thigh", "--for", "bids", cwd=tmp_path)
    assert result.status == 1
    assert "thigh" in result.only_error()


def test_tables_of_names(run: Run, tmp_path: Path) -> None:
    (tmp_path / "names.json").write_text('{"labels": {"7701": "soleus", "1": "psoas"}}')
    (tmp_path / "names.csv").write_text("anatomy,value,snomed\nsoleus,7701,12345\npsoas,1,\n")
    for name in ("names.json", "names.csv"):
        result = run("musclemap", "labels", "export", tmp_path / name, "--for", "bids")
        assert result.status == 0, result.err
        rows = [line.split("\t") for line in result.out.splitlines()[1:]]
        assert [row[:2] for row in rows] == [["1", "psoas"], ["7701", "soleus"]]
        assert [row[3:] for row in rows] == ([[], []] if name.endswith("json") else [["n/a"], ["12345"]])


def test_unknown_region_and_version(run: Run, tmp_path: Path) -> None:
    command = ["musclemap", "labels", "export", "foot", "--for", "bids"]
    result = run(*command, cwd=tmp_path)
    assert result.status == 2
    assert "abdomen, forearm, leg" in result.only_error()
    command[3] = "wholebody"
    result = run(*command, "--version", "9", cwd=tmp_path)
    assert result.status == 2
    assert "1.2, 1.4" in result.only_error()


def test_version_does_not_go_with_a_file(run: Run, model: Path) -> None:
    result = run(
        "musclemap",
        "labels",
        "export",
        model.with_suffix(".json"),
        "--for",
        "bids",
        "--version",
        "1.4",
    )
    assert result.status == 2
    assert "--version" in result.only_error()


@pytest.mark.parametrize(
    ("value", "viewer", "range_"),
    [
        (65536, "itksnap", "ITK-SNAP, 1 to 65535"),
        (-1, "itksnap", "ITK-SNAP, 1 to 65535"),
        (1000001, "slicer", "Slicer, 1 to 1000000"),
        (-12, "fsleyes", "FSLeyes, 1 to 2147483647"),
        (-2147483648, "freesurfer", "FreeSurfer, 1 to 2147483647"),
        (-7, "bids", "BIDS, 1 to 2147483647"),
    ],
)
def test_value_that_the_viewer_cannot_hold(run: Run, tmp_path: Path, value: int, viewer: str, range_: str) -> None:
    names = tmp_path / "names.json"
    names.write_text(json.dumps({"labels": {"1": "psoas", str(value): "soleus"}}))
    result = run("musclemap", "labels", "export", names, "--for", viewer, "-o", tmp_path / "table")
    assert result.status == 2
    error = result.only_error()
    assert str(names) in error and f"label {value} (soleus)" in error and range_ in error
    assert listing(tmp_path) == {"names.json"}


def test_names_are_unique(run: Run, tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text("value,anatomy\n1,soleus\n2,soleus 9\n9,soleus\n12,soleus 9 9\n")
    result = run("musclemap", "labels", "export", tmp_path / "names.csv", "--for", "bids")
    names = [line.split("\t")[1] for line in result.out.splitlines()[1:]]
    assert names == ["soleus", "soleus 9", "soleus 9 9 9", "soleus 9 9"]
