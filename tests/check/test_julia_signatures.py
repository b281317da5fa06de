"""The Julia module says what the C header says, and the comparison sees where it would not."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import julia_signatures  # noqa: E402

HEADER = julia_signatures.read()
MODULE = julia_signatures.MODULE.read_text(encoding="utf-8")


def test_the_module_agrees_with_the_header() -> None:
    assert julia_signatures.problems(MODULE, HEADER) == []


def test_nothing_is_passed_over() -> None:
    text = julia_signatures.without_comments(MODULE)
    calls = julia_signatures.calls(text)
    assert len(calls) == text.count("ccall") >= 15
    assert {call.name for call in calls} == set(re.findall(r"\(:(mm_\w+)", text))
    assert len(julia_signatures.STRUCT.findall(text)) == text.count("\nstruct mm_") >= 5
    assert len(julia_signatures.CONSTANT.findall(text)) >= 10


@pytest.mark.parametrize(
    "before, after, said",
    [
        (":mm_table_free", ":mm_table_release", "no such function"),
        ("library), UInt32, ()", "library), Int32, ()", "result Int32"),
        ("Int32, (Ptr{mm_label}, Int64, ", "Int32, (Ptr{mm_label}, Int32, ", "argument 2 is Int32"),
        ("(Ptr{Cvoid}, Int64, Int64, Ptr{Cstring})", "(Ptr{Cvoid}, Int64, Ptr{Cstring})", "3 types"),
        ("table, column, row, text", "table, row, text", "3 values"),
        ("Ptr{mm_tissue_options}, Ptr{mm_run_options}", "Ptr{mm_run_options}, Ptr{mm_tissue_options}", "argument 3"),
        ("(Ptr{Cvoid}, Ptr{mm_volume_desc}), handle", "(Ptr{Cvoid}, mm_volume_desc), handle", "argument 2"),
        ("    code::Int32\n    reason::Int32\n    reserved", "    reason::Int32\n    code::Int32\n    reserved", "struct mm_error_info"),
        ("affine::NTuple{16,Float64}", "affine::NTuple{12,Float64}", "struct mm_volume_desc"),
        ("struct mm_column", "struct mm_columns", "the header has none"),
        ("METHOD_GMM = Int32(2)", "METHOD_GMM = Int32(3)", "constant METHOD_GMM"),
        ("const ABI_VERSION = 1", "const ABI_VERSION = 2", "constant ABI_VERSION"),
    ],
)  # fmt: skip
def test_a_disagreement_is_seen(before: str, after: str, said: str) -> None:
    assert before in MODULE
    found = julia_signatures.problems(MODULE.replace(before, after, 1), HEADER)
    assert any(said in each for each in found), found


def test_a_call_in_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match="is not"):
        julia_signatures.problems(MODULE.replace("(:mm_table_free, library)", "free_of_table"), HEADER)
