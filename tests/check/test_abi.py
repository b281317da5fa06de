"""The ABI gate sees what breaks programs that were built before."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import abi  # noqa: E402

pytestmark = pytest.mark.skipif(shutil.which("abidiff") is None, reason="abidiff is absent (package abigail-tools)")

Change = Callable[[str], str]


def changed(header: str, pattern: str, replacement: str) -> str:
    text, count = re.subn(pattern, replacement, header, count=1, flags=re.DOTALL)
    assert count == 1, f"the header has no {pattern}"
    return text


def removed_function(header: str) -> str:
    return changed(header, r"MM_API mm_status mm_trust_count\([^;]*;", "")


def added_function(header: str) -> str:
    return header.replace(
        "MM_API uint32_t mm_abi_version", "MM_API void mm_new(void) MM_NOEXCEPT;\nMM_API uint32_t mm_abi_version"
    )


def renamed_function(header: str) -> str:
    return header.replace("mm_trust_count(", "mm_trust_number(")


def swapped_fields(header: str) -> str:
    return changed(
        header, r"int64_t done;(.*?)int64_t total;", r"int64_t total;\1int64_t done;"
    )


def swapped_pointers(header: str) -> str:
    return changed(
        header, r"const char \*title;(.*?)const char \*unit;", r"const char *unit;\1const char *title;"
    )


def removed_field(header: str) -> str:
    return changed(header, r"  int64_t nonfinite_voxels;", "")


def added_field(header: str) -> str:
    return changed(header, r"(  int64_t nonfinite_voxels;)", r"\1 int64_t later;")


def renumbered_enum(header: str) -> str:
    return changed(header, r"MM_DTYPE_I16 = 2,(\s*)MM_DTYPE_U16 = 3", r"MM_DTYPE_I16 = 3,\1MM_DTYPE_U16 = 2")


def removed_constant(header: str) -> str:
    return changed(header, r"MM_VIEWER_BIDS = 5", "MM_VIEWER_OTHER = 5")


def changed_parameter(header: str) -> str:
    return changed(header, r"mm_table_file_at\(const mm_table \*table, int64_t", "mm_table_file_at(const mm_table *table, int32_t")


def added_parameter(header: str) -> str:
    return changed(header, r"mm_trust_count\(int64_t \*out\)", "mm_trust_count(int64_t *out, int32_t more)")


def changed_result(header: str) -> str:
    return changed(header, r"MM_API int32_t mm_available_threads", "MM_API int64_t mm_available_threads")


def changed_callback(header: str) -> str:
    return changed(header, r"\*mm_write_fn\)\(const char \*bytes, size_t", "*mm_write_fn)(const char *bytes, int32_t")


def raised_version(header: str) -> str:
    return changed(header, r"MM_ABI_VERSION 1", "MM_ABI_VERSION 2")


CHANGES: list[Change] = [
    removed_function,
    added_function,
    renamed_function,
    swapped_fields,
    swapped_pointers,
    removed_field,
    added_field,
    renumbered_enum,
    removed_constant,
    changed_parameter,
    added_parameter,
    changed_result,
    changed_callback,
    raised_version,
]


@pytest.fixture
def header(tmp_path: Path) -> Path:
    return Path(shutil.copy(abi.HEADER, tmp_path / "musclemap.h"))


def test_the_header_as_it_is_passes(header: Path) -> None:
    assert abi.problems(header) == []


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_the_gate_fails_on(change: Change, header: Path) -> None:
    before = header.read_text(encoding="utf-8")
    after = change(before)
    assert after != before
    header.write_text(after, encoding="utf-8")
    assert abi.problems(header)


def test_a_comment_may_change(header: Path) -> None:
    text = header.read_text(encoding="utf-8").replace("Threads: any", "Threads: every")
    header.write_text(text, encoding="utf-8")
    assert abi.problems(header) == []


def test_symbols_of_a_library_are_compared(header: Path, tmp_path: Path) -> None:
    library = abi.stub_library(header, tmp_path)
    assert abi.problems(header, library) == []
    header.write_text(removed_function(header.read_text(encoding="utf-8")), encoding="utf-8")
    assert any("the library lacks mm_trust_count" in each for each in abi.problems(abi.HEADER, abi.stub_library(header, tmp_path)))
