"""Violations planted in a copy of the sources are found, and the sources have none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from layering import check

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for top in ("include", "src", "examples"):
        shutil.copytree(ROOT / top, tmp_path / top)
    return tmp_path


def test_sources_follow_the_layering() -> None:
    assert [str(violation) for violation in check(ROOT)] == []


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("src/base/planted.cpp", '#include "image/matrix.hpp"'),
        ("src/image/planted.cpp", '#include "io/files/atomic_file.hpp"'),
        ("src/io/planted.cpp", '#include "infer/engine.hpp"'),
        ("src/infer/planted.cpp", '#include "io/weights/zip_reader.hpp"'),
        ("src/quant/planted.cpp", '#include "io/weights/zip_reader.hpp"'),
        ("src/draw/planted.cpp", '#include "quant/table.hpp"'),
        ("src/io/planted.hpp", '#include "task/chunks.hpp"'),
        ("src/task/planted.cpp", '#include "cli/console.hpp"'),
        ("src/image/planted.cpp", "#include <CLI/CLI.hpp>"),
        ("src/other/planted.cpp", "#include <vector>"),
        ("src/task/planted.cpp", "#include <torch/torch.h>"),
        ("src/infer/slice_planted.cpp", "#  include <ATen/ATen.h>"),
        ("src/cli/planted.cpp", "#include <c10/util/Exception.h>"),
        ("src/image/planted.cpp", "#include <nifti/nifti2_io.h>"),
        ("src/task/planted.cpp", "#include <nifti2_io.h>"),
        ("src/image/planted.hpp", "#include <Eigen/Dense>"),
        ("include/musclemap/planted.hpp", "#include <Eigen/Dense>"),
        ("include/musclemap/planted.hpp", "#include <nlohmann/json.hpp>"),
        ("include/musclemap/planted.hpp", "#include <CLI/CLI.hpp>"),
        ("include/musclemap/planted.hpp", '#include "base/text.hpp"'),
        ("include/musclemap/planted.hpp", '#include "../src/base/text.hpp"'),
        ("include/musclemap/planted.hpp", "#include <unistd.h>"),
        ("examples/planted.cpp", '#include "image/matrix.hpp"'),
        ("capi/planted.cpp", '#include "python/planted.hpp"'),
        ("src/base/planted.cpp", "void f() { std::cout << 1; }"),
        ("src/io/planted.cpp", 'void f() { std::fprintf(stderr, "x"); }'),
        ("src/io/planted.cpp", 'void f() { puts("x"); }'),
        ("src/io/planted.cpp", 'void f() { printf("x"); }'),
        ("src/task/planted.cpp", "void f() { std::exit(1); }"),
        ("src/infer/planted.cpp", "void f() { abort(); }"),
        ("include/musclemap/planted.hpp", "inline void f() { std::cerr << 1; }"),
    ],
)
def test_planted_violation_is_found(file: str, code: str, copy: Path) -> None:
    planted = copy / file
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.write_text(f"// A planted file.\n\n{code}\n")
    found = check(copy)
    assert {violation.file.as_posix() for violation in found} == {file}
    assert {violation.line for violation in found} == {3}


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("src/cli/planted.cpp", '#include "task/chunks.hpp"\nvoid f() { std::cout << 1; }'),
        ("src/image/planted.cpp", "#include <Eigen/SVD>"),
        ("include/musclemap/eigen.hpp", "#include <Eigen/Core>"),
        ("src/io/planted.cpp", "#include <nifti/nifti2_io.h>"),
        ("src/io/planted.cpp", "// printf( and abort() in a comment\nint exit_status = 0;"),
        ("src/io/planted.cpp", 'const char* kText = "abort(); // \\" puts(x)";'),
        ("examples/phantom/planted.cpp", "#include <musclemap/musclemap.hpp>\nint f() { return printf(1); }"),
    ],
)
def test_what_is_allowed_is_not_reported(file: str, code: str, copy: Path) -> None:
    planted = copy / file
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.write_text(code + "\n")
    assert [str(violation) for violation in check(copy)] == []
