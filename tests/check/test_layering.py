"""Violations planted in a copy of the sources are found, and the sources have none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from layering import INTERNAL_OF_WRAPPERS, check, includes_of

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
        ("src/image/steps/planted.cpp", '#include "image/steps/reorient.hpp"'),
        ("src/image/steps/planted.cpp", '#include "image/steps/step.hpp"'),
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
        ("src/infer/planted.hpp", '#include "musclemap/segmenter.hpp"'),
        ("src/base/planted.hpp", '#include "musclemap/nifti.hpp"'),
        ("src/quant/planted.hpp", '#include "musclemap/picture.hpp"'),
        ("src/task/planted.cpp", '#include "musclemap/musclemap.hpp"'),
        ("src/io/planted.cpp", '#include "musclemap/unheard_of.hpp"'),
        ("include/musclemap/labels.hpp", '#include "musclemap/model_bundle.hpp"'),
        ("include/musclemap/metrics.hpp", '#include "musclemap/nifti.hpp"'),
        ("include/musclemap/planted.hpp", '#include "musclemap/run.hpp"'),
        ("capi/src/planted.cpp", '#include "task/class_map.hpp"'),
        ("python/src/planted.cpp", '#include "metrics/metrics_files.hpp"'),
        ("src/cli/planted.cpp", '#include "image/matrix.hpp"'),
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
        ("src/cli/planted.cpp", '#include "task/info_json.hpp"\nvoid f() { std::cout << 1; }'),
        ("src/infer/planted.hpp", '#include "musclemap/run.hpp"\n#include "musclemap/tissue.hpp"'),
        ("capi/src/planted.cpp", '#include "musclemap/musclemap.hpp"\n#include "base/checked.hpp"'),
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


def test_no_wrapper_has_leave_that_it_does_not_use() -> None:
    for wrapper, allowed in INTERNAL_OF_WRAPPERS.items():
        folder = ROOT / ("src/cli" if wrapper == "cli" else wrapper)
        used = {each.name for file in folder.rglob("*.?pp") for each in includes_of(file.read_text(encoding="utf-8"))}
        assert allowed - used == set(), wrapper
