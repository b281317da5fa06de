"""What is unknown on a command line is named, with what was meant and where to read on."""

from __future__ import annotations

import pytest
from conftest import Run

OPTIONS = {
    "mm_segment --overlp 50": ("unknown option --overlp", "--overlap"),
    "mm_segment --overlp=50": ("unknown option --overlp", "--overlap"),
    "mm_segment -i a.nii --Overlap 50": ("unknown option --Overlap", "--overlap"),
    "mm_segment -i a.nii -overlap 50": ("unknown option -overlap", "--overlap"),
    "mm_segment -i a.nii -quiet": ("unknown option -quiet", "--quiet"),
    "mm_segment -i a.nii --output-dri x": ("unknown option --output-dri", "--output_dir"),
    "mm_segment -i a.nii --out x": ("unknown option --out", "--output_dir"),
    "mm_segment -i a.nii --gpu N": ("unknown option --gpu", "--use_GPU"),
    "mm_extract_metrics -m gmm --component 2": ("unknown option --component", "--components"),
    "mm_extract_metrics --tabel full": ("unknown option --tabel", "--table"),
    "musclemap segment --modle x": ("unknown option --modle", "--model"),
    "musclemap run --no-pictures": ("unknown option --no-pictures", "--no-picture"),
    "musclemap info a.nii --verfiy": ("unknown option --verfiy", "--verify"),
    "musclemap labels export thigh --fro slicer": ("unknown option --fro", "--for"),
    "musclemap --jsn": ("unknown option --jsn", None),
    "mm_segment --sharpen": ("unknown option --sharpen", None),
    "mm_segment -i a.nii -z": ("unknown option -z", None),
}
WORDS = {
    "musclemap segmnt -i a.nii": ("unknown command 'segmnt'", "segment"),
    "musclemap Metrics": ("unknown command 'Metrics'", "metrics"),
    "musclemap docter --json-lines": ("unknown command 'docter'", "doctor"),
    "musclemap model inspct m.pth": ("unknown command 'inspct'", "inspect"),
    "musclemap labels exprot": ("unknown command 'exprot'", "export"),
    "musclemap guess": ("unknown command 'guess'", None),
    "mm_segment a.nii -m m.pth": ("unexpected argument 'a.nii'", None),
    "musclemap doctor now": ("unexpected argument 'now'", None),
}
VALUES = {
    "mm_segment -i a.nii --engine nativ": ("'nativ' is not one of auto, torch, native", "native"),
    "mm_segment -i a.nii --precision exakt": ("'exakt' is not one of exact, fast", "exact"),
    "mm_segment -i a.nii --memory lots": ("'lots' is not a size such as 500MB or 4GiB", None),
    "mm_extract_metrics -m gmm -c 4": ("'4' is not one of 2, 3", None),
    "mm_extract_metrics -m gmm --format xlsx": ("'xlsx' is not one of csv, tsv, json", None),
    "musclemap run -i a.nii --method kmean": ("'kmean' is not one of average, dixon, kmeans, gmm, hu", "kmeans"),
    "musclemap labels export thigh --for itk-snap": ("'itk-snap' is not one of", "itksnap"),
}


def address(command: str) -> str:
    """The command as far as it is right."""
    known = {"musclemap": ["segment", "run", "info", "model", "labels", "doctor"], "model": [], "labels": ["export"]}
    words = command.split()
    right = words[:1]
    for word in words[1:]:
        if word not in known.get(right[-1], []):
            break
        right.append(word)
    return " ".join(right) + " --help"


@pytest.mark.parametrize("command", [*OPTIONS, *WORDS, *VALUES])
def test_misspelt(command: str, run: Run) -> None:
    what, meant = {**OPTIONS, **WORDS, **VALUES}[command]
    program, *arguments = command.split()
    result = run(program, *arguments)
    assert result.status == 2
    assert result.out == ""
    message = result.only_error()
    assert what in message
    assert message.endswith(f" see {address(command)}")
    assert (f"; did you mean {meant}? " in message) if meant else "did you mean" not in message


def test_commands_are_listed_where_none_is_near(run: Run) -> None:
    message = run("musclemap", "guess").only_error()
    for name in ("segment", "metrics", "run", "info", "model", "bench", "labels", "doctor"):
        assert name in message


def test_image_without_its_option(run: Run) -> None:
    assert "images are named with -i" in run("mm_segment", "a.nii", "-m", "m.pth").only_error()


def test_case_of_a_value_is_free(run: Run) -> None:
    command = ["labels", "export", "thigh", "--for"]
    assert run("musclemap", *command, "ITKSNAP").out == run("musclemap", *command, "itksnap").out
