"""How far a run is: a bar that fits the terminal, lines of JSON, nothing when quiet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import Run, body
from nifti_file import write_nifti
from terminal import WIDTHS, lines_of, set_width, shown, width_of

STATE = re.compile(r"(prepare|infer|filter|write) \d+/\d+, (\d+ h )?(\d+ min )?(\d+|\?) s left$")
LONG = "sub-0001_ses-2024-01-02_acq-highres_run-01_part-mag_chunk-001_desc-preproc_T1w"
NAMES = {
    "short": "scan",
    "as long as the terminal": "a" * 44,
    "long": LONG * 2,
    "wide": "大腿の筋肉の画像" * 8,
    "accents": "u\u0308berlanger Name eines Bildes " * 3,
    "right to left": "צילום ירך " * 8,
}


def bars(text: str) -> list[str]:
    return [line for line in lines_of(text) if re.search(r"\d+/\d+, ", line)]


def segment_on_terminal(columns: int, image: Path, model: Path, **more: object) -> list[str]:
    arguments = ["-i", image, "-m", model, "-s", "50", "--device", "cpu"]
    seen = bars(shown(columns, "mm_segment", *arguments, **more))  # type: ignore[arg-type]
    return [line for line in seen if " read " not in line]  # which is the model


@pytest.mark.parametrize("columns", [*WIDTHS, 30])
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_bar_fits_the_terminal(columns: int, name: str, model: Path, tmp_path: Path) -> None:
    image = write_nifti(tmp_path / f"{name}.nii.gz", body((32, 32, 4)))
    seen = segment_on_terminal(columns, image, model)
    assert seen
    for line in seen:
        assert width_of(line) < columns, line
        assert STATE.search(line) or columns < 60, line
    if columns >= 60:
        assert all(line.startswith("[") for line in seen)
        for line in seen:
            start, _, end = line.partition("] ")[2].partition(": ")[0].partition("...")
            assert image.name.startswith(start) and image.name.endswith(end)
            assert len(start) > 2


def test_name_that_fits_is_whole(model: Path, tmp_path: Path) -> None:
    image = write_nifti(tmp_path / f"{LONG}.nii.gz", body((32, 32, 4)))
    assert all(f"] {image.name}: " in line for line in segment_on_terminal(200, image, model))
    assert all(f"{image.name}: " not in line for line in segment_on_terminal(80, image, model))


def test_bar_follows_the_terminal(model: Path, tmp_path: Path) -> None:
    image = write_nifti(tmp_path / f"{LONG}.nii.gz", body((128, 128, 60)))
    before = 0

    def narrow(terminal: int, seen: bytes) -> None:
        nonlocal before
        if before == 0 and b"infer" in seen:
            set_width(terminal, 60)
            before = len(bars(seen.decode(errors="replace")))  # the model's too, so that one may be cut short

    seen = segment_on_terminal(200, image, model, while_running=narrow)
    assert width_of(seen[0]) > 100
    later = seen[before + 1 :]
    assert later
    assert all(width_of(line) < 60 for line in later)


def test_width_of_a_terminal_that_does_not_say(model: Path, tmp_path: Path) -> None:
    image = write_nifti(tmp_path / f"{LONG}.nii.gz", body((32, 32, 4)))
    for env, width in (({"COLUMNS": "64"}, 64), ({"COLUMNS": "wide"}, 80), ({"COLUMNS": ""}, 80)):
        widest = max(map(width_of, segment_on_terminal(0, image, model, env=env)))
        assert width - 8 < widest < width


def test_bar_is_gone_at_the_end(model: Path, image: Path) -> None:
    text = shown(80, "mm_segment", "-i", image, "-m", model, "-s", "0", "--device", "cpu")
    assert re.search(r"\r\x1b\[K[^\r\n\[]*: \d+ windows", text)


def test_lines_of_json(segment: Run, model: Path, tmp_path: Path) -> None:
    image = write_nifti(tmp_path / "scan.nii.gz", body((64, 64, 24)))
    result = segment("-i", image, "-s", "75", "--json")
    assert result.status == 0
    assert result.err == ""
    assert [set(line) for line in result.objects] == [{"image", "labels", "outcome"}]
    lines = result.progress
    for line in lines:
        assert list(line) == ["file", "stage", "done", "total", "seconds_left"]
        assert line["file"] == str(model if line["stage"] == "read" else image)
        assert 0 < line["done"] <= line["total"]
        assert line["seconds_left"] is None or line["seconds_left"] >= 0
    ends = [line["stage"] for line in lines if line["done"] == line["total"]]
    assert ends == ["read", "prepare", "infer", "filter", "write"]
    assert [line["seconds_left"] for line in lines if line["stage"] == "write"] == [0]


@pytest.mark.parametrize("method", ["average", "kmeans", "gmm"])
def test_lines_of_json_of_measures(method: str, run: Run, segment: Run, image: Path) -> None:
    assert segment("-i", image).status == 0
    labels = image.parent / "scan_dseg.nii.gz"
    command = ["-m", method, "-i", image, "-s", labels, "--json"]
    result = run("mm_extract_metrics", *command, *([] if method == "average" else ["-c", "2"]))
    assert result.status == 0
    assert {line["file"] for line in result.progress} == {str(labels)}
    assert all(line["done"] == line["total"] for line in result.progress)
    assert len(result.progress) < 5


def test_quiet_shows_no_progress(model: Path, image: Path) -> None:
    assert shown(80, "mm_segment", "-i", image, "-m", model, "-s", "0", "--device", "cpu", "-q") == ""


def test_dumb_terminal_has_lines(model: Path, tmp_path: Path) -> None:
    image = write_nifti(tmp_path / "scan.nii.gz", body((32, 32, 4)))
    arguments = ["-i", image, "-m", model, "-s", "0", "--device", "cpu"]
    assert "\x1b" not in shown(80, "mm_segment", *arguments, env={"TERM": "dumb"})
