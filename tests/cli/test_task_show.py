"""`musclemap task show`: a task, and what it would do to an image, without running anything."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Run, body, listing
from nifti_file import write_nifti

PAGE = ROOT / "docs" / "chains" / "tasks.md"


def shown(run: Run, *arguments: str | Path) -> dict[str, Any]:
    result = run("musclemap", "task", "show", "--json", *arguments)
    assert result.status == 0, result.err
    assert result.err == ""
    return result.lines[0]


def task_file(folder: Path, task: dict[str, Any]) -> Path:
    file = folder / "task.json"
    file.write_text(json.dumps(task))
    return file


def test_a_model_means_a_task(run: Run, model: Path) -> None:
    task = shown(run, model)["task"]
    assert task["name"] == "tiny"
    assert task["steps"] == [{"reorient": {"to": "RAS"}}]
    stage = task["stages"][0]
    assert [next(iter(step)) for step in stage["steps"]] == ["resample", "normalise", "crop"]
    assert stage["windows"]["size"] == [64, 64]
    assert stage["windows"]["placement"] == {"as": "monai", "overlap": 0.9}
    assert stage["networks"][0]["file"] == "tiny.pth"
    assert len(stage["networks"][0]["sha256"]) == 64
    assert task["polish"] == [{"keep_largest": {"at": "image"}}]
    assert len(task["labels"]) == 5


def test_weights_description_and_task_file_are_one_task(run: Run, model: Path, tmp_path: Path) -> None:
    by_weights = shown(run, model)
    assert by_weights["network"].startswith("MONAI UNet")
    assert shown(run, model.with_suffix(".json")) == by_weights
    # The weights are looked for beside a task.
    by_file = shown(run, task_file(tmp_path, by_weights["task"]))
    assert by_file["task"] == by_weights["task"]
    assert by_file["sha256"] == by_weights["sha256"]
    assert by_file["network"] is None


def test_the_sidecar_names_the_task_that_ran(run: Run, segment: Run, model: Path, image: Path) -> None:
    assert segment("-i", image, "-s", "90").status == 0
    sidecar = json.loads(image.with_name("scan_dseg.json").read_text())
    task = shown(run, model)
    assert sidecar["task"] == {"name": "tiny", "version": task["task"]["version"], "sha256": task["sha256"]}
    network = task["task"]["stages"][0]["networks"][0]
    assert sidecar["networks"] == [{"file": "tiny.pth", "sha256": network["sha256"]}]
    # An option that changes the result makes another task.
    assert segment("-i", image, "-s", "0").status == 0
    assert json.loads(image.with_name("scan_dseg.json").read_text())["task"]["sha256"] != task["sha256"]


def test_the_task_of_the_page_is_read(run: Run, tmp_path: Path) -> None:
    section = PAGE.read_text().split("## 2. MuscleMap")[1]
    block = re.search(r"```json\n(.*?)```", section, re.DOTALL)
    assert block
    task = json.loads(block[1])
    found = shown(run, task_file(tmp_path, task))["task"]
    del found["labels"], task["labels"]
    assert found == task


def test_for_an_image(run: Run, model: Path, image: Path) -> None:
    before = listing(image.parent)
    plan = shown(run, model, "--for", image)["for"]
    assert listing(image.parent) == before
    assert [grid["behind"] for grid in plan["grids"]] == ["reading", "reorient", "resample", "normalise", "crop"]
    assert plan["grids"][0]["shape"] == [48, 40, 3]
    assert plan["windows"] == 3 * plan["windows_per_slice"]
    assert plan["peak_bytes"] > 10_000_000
    assert plan["engine"].startswith("native")


def test_for_an_image_without_the_network(run: Run, model: Path, image: Path, tmp_path: Path) -> None:
    file = task_file(tmp_path, shown(run, model)["task"])
    plan = shown(run, file, "--for", image)["for"]
    assert plan["peak_bytes"] is None
    assert plan["grids"] == shown(run, model, "--for", image)["for"]["grids"]


def test_text(run: Run, model: Path, tmp_path: Path) -> None:
    scan = write_nifti(tmp_path / "scan.nii", body())
    result = run("musclemap", "task", "show", model, "--for", scan)
    assert result.status == 0
    for line in [
        "name        tiny",
        "each        image",
        "step        reorient to RAS",
        '  step      resample as monai_affine, spacing [1.0,1.0,"keep"]',
        "  step      normalise by z_score, over nonzero",
        "  decode    arg_max",
        "polish      keep_largest at image",
        "labels      5",
    ]:
        assert line in result.out.splitlines(), result.out
    assert "grid        48 x 40 x 3 voxels" in result.out
    assert re.search(r"memory      \d+ bytes at most", result.out)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda task: task.update(type="u8"), 'type is "u8"; "i16" is supported'),
        (
            lambda task: task["stages"][0]["steps"].reverse(),
            "stages[0].steps[0]: a crop above zero comes behind",
        ),
        (lambda task: task["stages"].append({}), "stages[1].networks is missing"),
        (lambda task: task["stages"].append(task["stages"][0]), "stages: one stage is supported where its network"),
        (lambda task: task.pop("polish"), "polish is missing"),
    ],
)
def test_a_wrong_task(change: Any, said: str, run: Run, model: Path, tmp_path: Path) -> None:
    task = shown(run, model)["task"]
    change(task)
    result = run("musclemap", "task", "show", task_file(tmp_path, task))
    assert result.status == 1
    assert result.only_error().startswith(f"error: {tmp_path / 'task.json'}: ")
    assert said in result.err


def test_weights_that_are_not_the_task_s(run: Run, model: Path) -> None:
    task = shown(run, model)["task"]
    task["stages"][0]["networks"][0]["sha256"] = "0" * 64
    file = model.with_name("other_task.json")
    file.write_text(json.dumps(task))
    result = run("musclemap", "task", "show", file)
    file.unlink()
    assert result.status == 1
    assert "the task says 0000" in result.only_error()


def test_no_such_task(run: Run, tmp_path: Path) -> None:
    assert run("musclemap", "task", "show", tmp_path / "absent.json").status == 1
    result = run("musclemap", "task", "show", "knee", env={"MUSCLEMAP_MODEL_PATH": str(tmp_path)})
    assert result.status == 2
    assert "knee" in result.only_error()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda task: task["labels"].pop(), "labels is an array of 4; the network has scores for 5"),
        (
            lambda task: task["stages"][0]["windows"].update(size=[63, 64]),
            "stages[0].windows.size[0] is 63; the network takes multiples of 16",
        ),
    ],
)
def test_a_task_that_is_not_its_network_s(change: Any, said: str, run: Run, model: Path) -> None:
    task = shown(run, model)["task"]
    change(task)
    result = run("musclemap", "task", "show", task_file(model.parent, task))
    assert result.status == 1
    assert "task.json: " + said in result.only_error()


def test_chunks_are_told(run: Run, model: Path, image: Path) -> None:
    task = shown(run, model)["task"]
    task["each"] = {
        "of": "chunks",
        "axis": "last_stored",
        "slices": 1,
        "before_step": 0,
        "requantise": True,
    }
    file = task_file(model.parent, task)
    assert shown(run, file, "--for", image)["for"]["chunks"] > 1
    assert "those of the first" in run("musclemap", "task", "show", file, "--for", image).out


def test_what_does_not_fit_names_the_image(run: Run, model: Path, image: Path) -> None:
    result = run("musclemap", "task", "show", model, "--for", image, "--memory", "1")
    assert result.status == 1
    assert f"{image}: this image and model need" in result.only_error()


def test_a_file_that_is_not_there_is_no_name(run: Run, tmp_path: Path) -> None:
    assert "cannot" in run("musclemap", "task", "show", tmp_path / "none.pth").only_error()
