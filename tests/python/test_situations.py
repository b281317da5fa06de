"""Situations that people report, with the right outcome: the cases of ../shared/data/situations, where they are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import BIN, PACKAGE, ROOT, TIME_LIMIT_SECONDS

CASES = Path(os.environ.get("MUSCLEMAP_SHARED_DATA", ROOT.parent / "shared" / "data")) / "situations"
LIBRARY_MISSING = 77


@pytest.mark.parametrize("case", sorted(file.parent.name for file in CASES.glob("*/check.py")) or ["none"])
def test_situation_ends_right(case: str) -> None:
    if case == "none":
        pytest.skip(f"{CASES} is not there")
    if not PACKAGE:
        pytest.skip("the cases take the package of the build, another one is tested")
    ended = subprocess.run(
        [sys.executable, str(CASES / case / "check.py")],
        env={**os.environ, "BIN": str(BIN), "PKG": PACKAGE, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT_SECONDS,
        check=False,
    )
    if ended.returncode == LIBRARY_MISSING:
        pytest.skip(ended.stdout.strip())
    assert ended.returncode == 0, ended.stdout + ended.stderr
