"""The table of TotalSegmentator's tasks is what its script makes of the full listing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "src" / "task" / "totalsegmentator"
LISTING = ROOT.parent / "shared" / "data" / "totalsegmentator" / "tasks.json"


def test_the_table_is_made_of_the_listing(tmp_path: Path) -> None:
    if not LISTING.is_file():
        pytest.skip("the full listing is not there")
    made = tmp_path / "tasks.json"
    subprocess.run([sys.executable, FOLDER / "make_tasks.py", LISTING, made], check=True)
    assert made.read_text(encoding="utf-8") == (FOLDER / "tasks.json").read_text(encoding="utf-8")


def test_the_codes_are_made_of_the_mapping(tmp_path: Path) -> None:
    mapping = LISTING.with_name("totalsegmentator_snomed_mapping.csv")
    if not mapping.is_file():
        pytest.skip("the mapping is not there")
    made = tmp_path / "codes.csv"
    subprocess.run([sys.executable, FOLDER / "make_codes.py", mapping, made], check=True)
    assert made.read_text(encoding="utf-8") == (FOLDER / "codes.csv").read_text(encoding="utf-8")
