"""Doxygen fails on a public function, parameter or result that has no comment."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(shutil.which("doxygen") is None, reason="doxygen is absent")

C_HEADER = "capi/include/musclemap.h"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for folder in ("include", "capi/include"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "docs").mkdir()
    for name in ("Doxyfile", "c_header_rules.sed"):
        shutil.copy(ROOT / "docs" / name, tmp_path / "docs")
    (tmp_path / "build/docs/site").mkdir(parents=True)
    return tmp_path


def doxygen(folder: Path) -> tuple[int, str]:
    done = subprocess.run(["doxygen", "docs/Doxyfile"], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_headers_as_they_are_pass(copy: Path) -> None:
    assert doxygen(copy) == (0, "")


@pytest.mark.parametrize(
    ("file", "comment", "said"),
    [
        (C_HEADER, "/** @param table NULL: nothing happens */\n", "mm_table_free"),
        (C_HEADER, " *  @param path any name\n", "mm_table_write_file"),
        (C_HEADER, " *  @return 1 when the token is cancelled, else 0", "mm_cancel_token_is_cancelled"),
        (C_HEADER, " /**< voxels along i, j, k; at least 1 */", "shape"),
        ("include/musclemap/volume.hpp", "/// @return bytes of one voxel\n", "dtype_size"),
        ("include/musclemap/volume.hpp", "  /// @param start first voxel of the box\n", "subvolume"),
        ("include/musclemap/volume.hpp", "  /// @return type of the voxels\n", "dtype"),
        ("include/musclemap/nifti.hpp", "  ///< 1 or 2\n", "nifti_version"),
        ("include/musclemap/run.hpp", "/// How one call is run; the defaults are good.\n", "RunControl"),
    ],
)
def test_a_comment_that_is_missing_is_found(file: str, comment: str, said: str, copy: Path) -> None:
    header = copy / file
    text = header.read_text(encoding="utf-8")
    assert comment in text
    header.write_text(text.replace(comment, "", 1), encoding="utf-8")
    status, output = doxygen(copy)
    assert status != 0
    assert said in output
