"""Standard output that is full, closed or without a reader: an error, status 1, and files as ever."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import BIN, TIME_LIMIT_SECONDS, Result, Run, body, environment, listing
from nifti_file import write_nifti


def to_full(command: list[str]) -> Result:
    with Path("/dev/full").open("wb") as full:
        return ended(command, stdout=full)


def to_closed(command: list[str]) -> Result:
    return ended(["sh", "-c", '"$@" >&-', "sh", *command])


def without_reader(command: list[str]) -> Result:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        return ended(command, stdout=writer)
    finally:
        os.close(writer)


def ended(command: list[str], **options: object) -> Result:
    process = subprocess.run(
        command,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        timeout=TIME_LIMIT_SECONDS,
        check=False,
        **options,  # type: ignore[call-overload]
    )
    return Result(process.returncode, "", process.stderr.decode())


OUTPUTS = {"full": to_full, "closed": to_closed, "without reader": without_reader}
COMMANDS = [
    "mm_segment --help",
    "mm_segment --version",
    "mm_extract_metrics --help",
    "musclemap",
    "musclemap --help",
    "musclemap run --help",
    "musclemap doctor",
    "musclemap doctor --json",
    "musclemap labels list",
    "musclemap labels export thigh --for itksnap",
    "musclemap info IMAGE",
    "musclemap info IMAGE --verify --json",
    "musclemap model inspect MODEL",
    "musclemap model inspect MODEL --json",
    "musclemap task show MODEL",
    "musclemap task show MODEL --for IMAGE --json",
    "musclemap bench MODEL --runs 1",
    "mm_segment -i IMAGE -m MODEL -s 0 --device cpu",
    "mm_segment -i IMAGE -m MODEL -s 0 --device cpu --json",
    "mm_segment -i absent.nii -m MODEL --json",
    "musclemap run -i IMAGE -m MODEL -s 0 --device cpu",
]


@pytest.mark.parametrize("output", OUTPUTS.values(), ids=OUTPUTS.keys())
@pytest.mark.parametrize("command", COMMANDS)
def test_output_that_cannot_be_written(
    command: str, output: Callable[[list[str]], Result], model: Path, image: Path
) -> None:
    words = {"IMAGE": str(image), "MODEL": str(model)}
    program, *arguments = (words.get(word, word) for word in command.split())
    result = output([str(BIN / program), *arguments])
    assert result.status == 1
    assert "standard output cannot be written: " in result.only_error()


@pytest.mark.parametrize("output", OUTPUTS.values(), ids=OUTPUTS.keys())
def test_files_are_as_ever(
    output: Callable[[list[str]], Result], segment: Run, model: Path, tmp_path: Path
) -> None:
    images = [write_nifti(tmp_path / f"{name}.nii", body()) for name in "ab"]
    assert segment("-i", images[0], "-i", images[1]).status == 0
    wanted = {name: (tmp_path / name).read_bytes() for name in listing(tmp_path) if name.endswith("dseg.nii.gz")}
    for name in wanted:
        (tmp_path / name).unlink()
    arguments = ["-i", f"{images[0]},{images[1]}", "-m", str(model), "-s", "0", "--device", "cpu"]
    assert output([str(BIN / "mm_segment"), *arguments]).status == 1
    assert {name: (tmp_path / name).read_bytes() for name in wanted} == wanted
    assert not list(tmp_path.glob("*.part"))


def test_nothing_to_say_is_no_error(model: Path, image: Path) -> None:
    command = [str(BIN / "mm_segment"), "-i", str(image), "-m", str(model), "-s", "0", "--device", "cpu", "-q"]
    for output in OUTPUTS.values():
        result = output(command)
        assert (result.status, result.err) == (0, "")


def test_wrong_command_line_stays_one() -> None:
    for output in OUTPUTS.values():
        assert output([str(BIN / "mm_segment"), "--json"]).status == 2
