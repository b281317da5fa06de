"""An option that is missing in one face, or stands in one face alone, is found."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from options import PAGE, differences, fields, lists

ROOT = Path(__file__).resolve().parents[2]
SEGMENTER = "include/musclemap/segmenter.hpp"
C_HEADER = "capi/include/musclemap.h"
SEGMENT_LIST = "src/task/segment_options.hpp"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for folder in ("include", "src", "capi/include", "python/musclemap"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "docs").mkdir()
    shutil.copy(ROOT / PAGE, tmp_path / PAGE)
    return tmp_path


def test_faces_agree() -> None:
    assert differences(ROOT) == []


def test_all_fields_are_seen() -> None:
    seen = fields(ROOT)
    assert list(seen["SegmentOptions"]) == list(lists(ROOT)["SegmentOptions"])
    assert len(seen["MetricsRequest"]) > 20
    assert len(lists(ROOT)) >= 12


@pytest.mark.parametrize(
    ("file", "pattern", "replacement", "told"),
    [
        (SEGMENTER, r"(  bool all_parts = false;)", r"\1\n  int rounds = 1;", "SegmentOptions::rounds is not in the list"),
        (SEGMENT_LIST, r'option\("all_parts".*?\),\n', "", "SegmentOptions::all_parts is not in the list"),
        (SEGMENT_LIST, r"native \(CPU\), torch", "torch, native (CPU)", "SegmentOptions.engine is said to be"),
        (SEGMENT_LIST, r"\{0, 1024\}", "{0, 512}", "SegmentOptions.torch_threads is said to be"),
        (SEGMENT_LIST, r'"torch"', '"libtorch"', "SegmentOptions.engine is said to be"),
        (SEGMENTER, r"chunk_slices = 0", "chunk_slices = 1", "SegmentOptions.chunk_slices is said to be"),
        (PAGE, r"\| `chunk_slices` .*?\n", "", "SegmentOptions has no row for chunk_slices"),
        (PAGE, r"## `MontageOptions`", "## `PictureOptions`", "there is no list of PictureOptions"),
        (PAGE, r"(\| `overlap` \|[^|]*\|[^|]*\|) `[^|]*` \|", r"\1 |", "SegmentOptions.overlap has neither a C name nor"),
        (C_HEADER, r"  int32_t all_parts;[^\n]*\n", "", "mm_segment_options.all_parts is not in musclemap.h"),
        (C_HEADER, r"(  int32_t all_parts;)", r"  int32_t rounds;\n\1", "mm_segment_options.rounds is in no row"),
        ("python/musclemap/segmentation.py", r"chunk_slices: int = 0,", "", r"has no Segmenter\(chunk_slices=\)"),
        ("python/musclemap/files.py", r"(    per_slice: bool)", r"    rounds: int = 1,\n\1", r"extract_metrics\(rounds=\) is in no row"),
        ("src/cli/segment_batch.cpp", r'"--all-parts"', '"--motor"', "no command has --all-parts"),
        ("src/cli/segment_batch.cpp", r'"--all-parts"', '"--motor"', "--motor is in no row"),
        ("src/task/sidecar.cpp", r'"chunk_slices"', '"chunks"', "no sidecar has the key chunk_slices"),
        ("include/musclemap/run.hpp", r"struct Device \{", "struct NewOptions {\n  int a = 0;\n};\n\nstruct Device {", "NewOptions has no list"),
    ],
)
def test_planted_difference_is_found(file: str, pattern: str, replacement: str, told: str, copy: Path) -> None:
    planted = copy / file
    text, count = re.subn(pattern, replacement, planted.read_text(encoding="utf-8"), count=1, flags=re.DOTALL)
    assert count == 1
    planted.write_text(text, encoding="utf-8")
    found = differences(copy)
    assert any(re.search(told, each) for each in found), found
