"""`musclemap task list` and `task show` of TotalSegmentator's tasks: what there is, without running anything."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Run

SIX_MM = "Dataset298_TotalSegmentator_total_6mm_1559subj/nnUNetTrainer_4000epochs_NoMirroring__nnUNetPlans__3d_fullres"


@pytest.fixture
def one_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOTALSEG_WEIGHTS_PATH", str(tmp_path))
    monkeypatch.delenv("MUSCLEMAP_MODEL_PATH", raising=False)
    (tmp_path / SIX_MM).mkdir(parents=True)
    return tmp_path


def test_tasks_are_listed_with_what_is_there(run: Run, one_there: Path) -> None:
    result = run("musclemap", "task", "list", "--json")
    assert result.status == 0, result.err
    listed = json.loads(result.out)
    assert listed["looked_in"] == [str(one_there)]
    tasks = {task["name"]: task for task in listed["tasks"]}
    assert len(tasks) == 51
    there = {variant["name"]: variant["there"] for variant in tasks["total"]["variants"]}
    assert there == {"default": False, "fast": False, "fastest": True}
    assert tasks["total"]["classes"]["5"] == "liver"
    # Its own network is not there, and its rough one is.
    assert "298" not in tasks["liver_vessels"]["missing"].split("looked for")[0]


def test_the_list_reads_as_a_table(run: Run, one_there: Path) -> None:
    lines = run("musclemap", "task", "list").out.splitlines()
    assert lines[0].split() == ["TASK", "IMAGE", "CLASSES", "LICENCE", "WEIGHTS"]
    rows = {line.split()[0]: line.split() for line in lines[1:52]}
    assert rows["total"][1:] == ["CT", "117", "Apache-2.0", "fastest"]
    assert rows["brain_structures"][1:] == ["CT", "16", "licensed", "not", "there"]
    assert lines[-1] == f"looked in {one_there}"


def test_a_task_says_where_its_weights_come_from(run: Run, one_there: Path) -> None:
    shown = run("musclemap", "task", "show", "liver_vessels").out
    assert "licence     Apache-2.0" in shown
    assert "crop to     liver of total (fastest), and 20 mm around" in shown
    assert "/v2.4.0-weights/Dataset008_HepaticVessel.zip (licence Apache-2.0)" in shown
    licensed = run("musclemap", "task", "show", "tissue_types").out
    assert "under a licence of their own" in licensed
    assert f"looked for in {one_there}" in licensed
    there = run("musclemap", "task", "show", "total").out
    assert f"{SIX_MM}, found: {one_there / SIX_MM}" in there


def test_a_task_is_shown_whole_where_its_plans_are_there(
    run: Run, one_there: Path, weights: dict[str, str]
) -> None:
    without = json.loads(run("musclemap", "task", "show", "total", "--json").out)
    assert without["task"] is None
    assert without["sha256"] is None
    env = weights
    shown = json.loads(run("musclemap", "task", "show", "total", "--json", env=env).out)
    task = shown["task"]
    assert [stage["name"] for stage in task["stages"]] == ["organs", "vertebrae", "cardiac", "muscles", "ribs"]
    assert len(shown["sha256"]) == 64
    liver = next(label for label in task["labels"] if label["value"] == 5)
    assert (liver["anatomy"], liver["snomed"]) == ("liver", "10200004")
    fast = json.loads(run("musclemap", "task", "show", "total", "--fast", "--json", env=env).out)
    assert len(fast["task"]["stages"]) == 1
    assert fast["sha256"] != shown["sha256"]
    folder = next(Path(env["TOTALSEG_WEIGHTS_PATH"]).glob("Dataset297_*/*"))
    own = json.loads(run("musclemap", "task", "show", folder, "--json").out)
    assert own["task"]["stages"][0]["windows"]["size"] == fast["task"]["stages"][0]["windows"]["size"]
    assert json.loads(run("musclemap", "task", "show", folder).out) == own["task"]
    refused = run("musclemap", "task", "show", folder, "--fast")
    assert refused.status == 2
    assert "--fast" in refused.only_error()
