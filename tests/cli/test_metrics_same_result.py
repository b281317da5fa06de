"""Threads, locale and repetition do not change a byte of what is written."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from conftest import Run
from labelled_scan import Scan, write_scan

# Only the decimal comma matters here, and the whole locale takes seconds to make.
GERMAN_NUMBERS = "".join(
    f'{category}\ncopy "{"de_DE" if category == "LC_NUMERIC" else "POSIX"}"\nEND {category}\n'
    for category in ("LC_CTYPE", "LC_COLLATE", "LC_MONETARY", "LC_NUMERIC", "LC_TIME", "LC_MESSAGES")
)
METHODS = ["average", "dixon", "kmeans", "gmm", "hu"]


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Scan:
    """Several labels in several slabs."""
    random = np.random.default_rng(5)
    labels = random.integers(0, 9, (6, 5, 4)).repeat(80, 0).repeat(110, 1).repeat(2, 2)
    values = random.normal(np.where(random.random(labels.shape) < 0.3, 300, 100) + 10 * labels, 25)
    folder = tmp_path_factory.mktemp("scan")
    names = [{"region": "a", "anatomy": f"m{v}", "side": "left", "value": v} for v in range(1, 9)]
    (folder / "map.json").write_text(json.dumps({"labels": names}))
    return write_scan(folder, values, labels, spacing=(0.9375, 0.9375, 4.4), name="scan.nii")


def results(run: Run, scan: Scan, method: str, folder: Path, *arguments: str, **env: str) -> dict[str, bytes]:
    inputs = ["-f", scan.image, "-w", scan.image, "-s", scan.labels] if method == "dixon" else scan.inputs
    command = ["-m", method, "-c", "3", *inputs, "--per-slice", "--table", "full", "-o", folder, *arguments]
    result = run("mm_extract_metrics", *command, env=env)
    assert result.status == 0, result.err
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.fixture(scope="module", params=METHODS)
def plain(
    request: pytest.FixtureRequest, run: Run, scan: Scan, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, dict[str, bytes]]:
    files = results(run, scan, request.param, tmp_path_factory.mktemp("plain"))
    assert len(files) == {"kmeans": 7, "gmm": 10, "hu": 7}.get(request.param, 3)
    return request.param, files


@pytest.mark.parametrize("arguments", [[], ["--threads", "1"], ["--threads", "2"], ["--threads", "3"]])
def test_same_files(
    arguments: list[str], plain: tuple[str, dict[str, bytes]], run: Run, scan: Scan, tmp_path: Path
) -> None:
    method, files = plain
    assert results(run, scan, method, tmp_path, *arguments) == files


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A locale with a decimal comma, in a folder of its own."""
    folder = tmp_path_factory.mktemp("locale")
    (folder / "source").write_text(f"comment_char %\nescape_char /\n{GERMAN_NUMBERS}")
    made = folder / "de_DE.ISO-8859-1"
    command = ["localedef", "-c", "-i", str(folder / "source"), "-f", "ISO-8859-1", str(made)]
    if shutil.which("localedef"):
        subprocess.run(command, capture_output=True, check=False)
    if not made.is_dir():
        pytest.skip("no German locale can be made here: localedef or its sources are absent")
    return {"LOCPATH": str(folder), "LC_ALL": made.name}


@pytest.mark.parametrize("format_", ["csv", "json"])
def test_same_files_in_a_german_locale(
    format_: str, german: dict[str, str], run: Run, scan: Scan, tmp_path: Path
) -> None:
    comma = subprocess.run(
        ["printf", "%.1f", "1"], env={"PATH": "/usr/bin:/bin", **german}, capture_output=True, check=False
    )
    assert comma.stdout == b"1,0", "the locale is not in effect"
    here = results(run, scan, "gmm", tmp_path / "here", "--format", format_, "--maps", "none")
    there = results(run, scan, "gmm", tmp_path / "there", "--format", format_, "--maps", "none", **german)
    assert here == there
