"""What is said, and where: prose on standard error, results on standard output, or JSON lines."""

from __future__ import annotations

from pathlib import Path

from conftest import Run, body
from nifti_file import write_nifti


def test_json_lines(segment: Run, tmp_path: Path) -> None:
    good = write_nifti(tmp_path / "good.nii.gz", body())
    bad = tmp_path / "absent.nii.gz"
    result = segment("-i", bad, "-i", good, "--json")
    assert result.status == 1
    assert result.err == ""
    errors = [line["error"] for line in result.objects if "error" in line]
    assert len(errors) == 1
    assert set(errors[0]) == {"code", "reason", "file", "message"}
    assert (errors[0]["code"], errors[0]["file"]) == ("io", str(bad))
    outcomes = {line["image"]: line["outcome"] for line in result.objects if "image" in line}
    assert outcomes == {str(bad): "failed", str(good): "done"}


def test_json_reason_of_a_truncated_file(segment: Run, image: Path) -> None:
    image.write_bytes(image.read_bytes()[:-200])
    result = segment("-i", image, "--json")
    error = result.objects[0]["error"]
    assert (error["code"], error["reason"]) == ("format", "truncated")


def test_json_of_a_bad_model_is_one_error(segment: Run, image: Path, tmp_path: Path) -> None:
    result = segment("-i", image, "-m", tmp_path / "absent.pth", "--json")
    assert result.status == 1
    assert [set(line) for line in result.objects] == [{"error"}]


def test_quiet_says_nothing(segment: Run, run: Run, model: Path, image: Path) -> None:
    labels = image.parent / "scan_dseg.nii.gz"
    for result in (
        segment("-i", image, "-q"),
        segment("-i", image, "-q", "--json"),
        run("musclemap", "segment", "-i", image, "-m", model, "--device", "cpu", "-s", "0", "--quiet"),
        run("musclemap", "run", "-i", image, "-m", model, "--device", "cpu", "-s", "0", "-q"),
        run("mm_extract_metrics", "-m", "average", "-i", image, "-s", labels, "-q"),
        run("mm_extract_metrics", "-m", "average", "-i", image, "-s", labels, "--json", "-q"),
    ):
        assert (result.status, result.out, result.err) == (0, "", "")


def test_quiet_still_says_errors(segment: Run, tmp_path: Path) -> None:
    result = segment("-i", tmp_path / "absent.nii.gz", "-q")
    assert result.status == 1
    assert len(result.err.splitlines()) == 1
    result = segment("-i", tmp_path / "absent.nii.gz", "-q", "--json")
    assert result.status == 1
    assert [set(line) for line in result.lines] == [{"error"}]


def test_every_image_has_a_line_at_the_end(segment: Run, tmp_path: Path) -> None:
    images = [write_nifti(tmp_path / f"{name}.nii.gz", body((32, 32, 1))) for name in "ab"]
    result = segment("-i", images[0], "-i", tmp_path / "absent.nii.gz", "-i", images[1])
    assert [line.split(": ")[0] for line in result.err.splitlines()[-3:]] == ["done", "failed", "done"]


def test_long_message_is_whole(run: Run, image: Path, tmp_path: Path) -> None:
    """Advice comes last, and paths are long."""
    folders = ":".join(str(tmp_path / ("folder" * 10 + str(n))) for n in range(10))
    env = {"MUSCLEMAP_MODEL_PATH": folders}
    result = run("mm_segment", "-i", image, "-r", "thigh", env=env)
    assert result.only_error().rstrip().endswith("zenodo.19633000; musclemap fetch thigh")
