"""`totalseg_info`, `totalseg_import_weights`, and those that fetch nothing."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from conftest import Run, listing

THREE_MM = "Dataset297_TotalSegmentator_total_3mm_1559subj"


@pytest.mark.parametrize("command", [["totalseg_info"], ["musclemap", "task", "info"]])
def test_tasks_and_classes_as_the_original_prints_them(
    command: list[str], run: Run, no_weights: dict[str, str]
) -> None:
    everything = json.loads(run(*command, "--json", env=no_weights).out)
    assert list(everything) == ["totalsegmentator_version", "tasks"]
    assert len(everything["tasks"]) == 51
    assert everything["tasks"]["brain_aneurysm"]["modality"] == "MR"
    assert everything["tasks"]["tissue_types"]["license_required"] is True
    assert everything["tasks"]["body"] == {
        "modality": "CT",
        "license_required": False,
        "classes": {"1": "body_trunc", "2": "body_extremities"},
    }
    summary = json.loads(run(*command, "--list-tasks", "--json", env=no_weights).out)
    assert summary[0] == {"name": "total", "modality": "CT", "license_required": False, "num_classes": 117}
    assert [task["name"] for task in summary] == list(everything["tasks"])
    classes = run(*command, "--classes", "--task", "body", "--json", env=no_weights)
    assert classes.out == json.dumps(everything["tasks"]["body"]["classes"], indent=2) + "\n"
    assert run(*command, "--classes", "--task", "body", env=no_weights).out == "1  body_trunc\n2  body_extremities\n"
    assert run(*command, env=no_weights).out == run("musclemap", "task", "list", env=no_weights).out


def test_short_names_of_the_original(run: Run, no_weights: dict[str, str]) -> None:
    assert run("totalseg_info", "-cl", "-ta", "body", env=no_weights).out.startswith("1  body_trunc")
    assert "117" in run("totalseg_info", "-lt", env=no_weights).out
    for line, said in (("-cl", "--task"), ("-cl -ta totl", "totl"), ("-lt -cl -ta body", "--list-tasks")):
        wrong = run("totalseg_info", *line.split(), env=no_weights)
        assert wrong.status == 2
        assert said in wrong.only_error()


@pytest.fixture
def archive(weights: dict[str, str], tmp_path: Path) -> Path:
    """The network of 3 mm as its authors hand it out."""
    folder = Path(weights["TOTALSEG_WEIGHTS_PATH"])
    file = tmp_path / f"{THREE_MM}.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for each in sorted((folder / THREE_MM).rglob("*")):
            packed.write(each, each.relative_to(folder))
    return file


@pytest.mark.parametrize("command", [["totalseg_import_weights"], ["musclemap", "import"]])
def test_an_archive_is_put_in_place_once(command: list[str], run: Run, archive: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    env = {"TOTALSEG_HOME_DIR": str(home), "TOTALSEG_WEIGHTS_PATH": ""}
    result = run(*command, "-i", archive, env=env)
    assert result.status == 0, result.err
    results = home / "nnunet" / "results"
    assert [each.name for each in results.iterdir()] == [THREE_MM]
    (model,) = (results / THREE_MM).iterdir()
    assert result.out == f"{model}\n"
    shown = json.loads(run("musclemap", "task", "show", "total", "--fast", "--json", env=env).out)
    assert {variant["name"]: variant["there"] for variant in shown["variants"]}["fast"] is True
    assert shown["task"]["name"] == "total"
    again = run(*command, "--weights_file", archive, env=env)
    assert again.status == 2
    assert "is there already" in again.only_error()


def test_an_archive_that_is_damaged_leaves_nothing(run: Run, archive: Path, tmp_path: Path) -> None:
    env = {"TOTALSEG_WEIGHTS_PATH": str(tmp_path / "results")}
    archive.write_bytes(archive.read_bytes()[:-1000])
    result = run("totalseg_import_weights", "-i", archive, env=env)
    assert result.status in (1, 2)
    assert archive.name in result.only_error()
    assert not (tmp_path / "results").exists() or listing(tmp_path / "results") == set()
    missing = run("totalseg_import_weights", "-i", tmp_path / "no.zip", env=env)
    assert missing.status == 1
    assert "no.zip" in missing.only_error()


def test_nothing_is_fetched_and_no_licence_kept(run: Run, no_weights: dict[str, str]) -> None:
    result = run("totalseg_download_weights", "-t", "body", env=no_weights)
    assert result.status == 1
    error = result.only_error()
    assert "nothing is fetched" in error
    assert "Dataset299_body_1559subj.zip" in error
    assert "totalseg_import_weights" in error
    assert "nothing is fetched" in run("totalseg_download_weights", "-t", "all", env=no_weights).only_error()
    licence = run("totalseg_set_license", "-l", "aca_12345678901234", "-sv", env=no_weights)
    assert licence.status == 1
    assert "no licence number" in licence.only_error()
    assert listing(Path(no_weights["TOTALSEG_WEIGHTS_PATH"])) == set()
