"""Programs of others that use the library, each built in the way that it documents, and run."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import HERE, ROOT, Installed, command, environment

# Kept between runs: building the library without optimisation takes most of the time of these tests.
SOURCE_BUILD = ROOT / "build" / "consumer"
COMPILER = os.environ.get("CXX", "g++")
WAYS = ["subdirectory", "fetch"]
JOBS = str(len(os.sched_getaffinity(0)))


def configure(project: Path, folder: Path, *options: str) -> str:
    """What it said."""
    return command("cmake", "-G", "Ninja", "-S", project, "-B", folder, *options)


def build(project: Path, folder: Path, *options: str) -> str:
    """What configuring said."""
    said = configure(project, folder, *options)
    command("cmake", "--build", folder, "--parallel", JOBS)
    return said


def run(program: Path, folder: Path, **changes: str) -> str:
    """Output of the program, in an empty folder; its own checks passed."""
    folder.mkdir()
    said = command(program, folder, **changes)
    assert "mean_intensity 120\nvolume_ml 0.1\n" in said
    return said


@pytest.fixture(scope="module")
def found(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a program in C++17 that was built with find_package."""
    folder = tmp_path_factory.mktemp("found")
    said = build(HERE / "installed", folder, f"-DCMAKE_PREFIX_PATH={installed.prefix}", "-DCONSUMER_STANDARD=17")
    assert f"engine modules: {installed.engines}" in said
    return folder


def test_find_package_with_cpp17(found: Path, tmp_path: Path) -> None:
    run(found / "measure", tmp_path / "run")


def test_find_package_with_cpp20(installed: Installed, tmp_path: Path) -> None:
    options = [f"-DCMAKE_PREFIX_PATH={installed.prefix}", "-DCONSUMER_STANDARD=20"]
    build(HERE / "installed", tmp_path / "build", *options)
    run(tmp_path / "build" / "measure", tmp_path / "run")


def test_find_package_names_the_packages_that_are_missing(installed: Installed, tmp_path: Path) -> None:
    folder = Path(command(COMPILER, "-print-file-name=libisal.so").strip()).resolve().parent
    hidden = [str(folder), str(folder).removeprefix("/usr")]
    ended = subprocess.run(
        [
            *("cmake", "-G", "Ninja", "-S", HERE / "installed", "-B", tmp_path),
            f"-DCMAKE_PREFIX_PATH={installed.prefix}",
            "-DCONSUMER_STANDARD=17",
            f"-DCMAKE_IGNORE_PATH={';'.join(hidden)}",
        ],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode != 0
    message = " ".join(ended.stderr.split())
    assert "musclemap links libraries that were not found: PNG, TIFF, nifti2, deflate, isal, md, openjp2; " in message
    assert re.search(r"apt-get install libpng-dev libtiff-dev .*libisal-dev libmd-dev libopenjp2-7-dev", message)


def test_pkg_config_with_a_plain_compiler_line(installed: Installed, tmp_path: Path) -> None:
    if shutil.which("pkg-config") is None:
        pytest.skip("no pkg-config")
    place = {"PKG_CONFIG_PATH": str(installed.libraries / "pkgconfig")}
    flags = shlex.split(command("pkg-config", "--static", "--cflags", "--libs", "musclemap", **place))
    program = tmp_path / "measure"
    command(COMPILER, "-std=c++17", HERE / "measure.cpp", *flags, "-o", program)
    run(program, tmp_path / "run")
    engines = command("pkg-config", "--variable=enginedir", "musclemap", **place).strip()
    assert Path(engines).resolve() == installed.engines.resolve()


@pytest.mark.parametrize("way", WAYS)
def test_source_brings_the_library_alone(way: str, tmp_path: Path) -> None:
    """The project itself looks at what arrived."""
    configure(HERE / "source", tmp_path, f"-DMUSCLEMAP_SOURCE={ROOT}", f"-DCONSUMER_WAY={way}")


def test_source_names_the_package_of_a_header_that_is_missing(tmp_path: Path) -> None:
    options = [f"-DMUSCLEMAP_SOURCE={ROOT}", "-DCONSUMER_WAY=subdirectory", "-DCMAKE_IGNORE_PATH=/usr/include/stb"]
    ended = subprocess.run(
        ["cmake", "-G", "Ninja", "-S", HERE / "source", "-B", tmp_path, *options],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode != 0
    assert "stb_truetype.h, which was not found; on Debian and Ubuntu: apt-get install libstb-dev" in " ".join(
        ended.stderr.split()
    )


@pytest.mark.parametrize("way", WAYS)
def test_compiled_from_source(way: str, tmp_path: Path) -> None:
    build(HERE / "source", SOURCE_BUILD, f"-DMUSCLEMAP_SOURCE={ROOT}", f"-DCONSUMER_WAY={way}")
    run(SOURCE_BUILD / "measure", tmp_path / "run")
    command("cmake", "--install", SOURCE_BUILD, "--prefix", tmp_path / "prefix")
    left = [path for path in (tmp_path / "prefix").rglob("*") if path.is_file()]
    assert left == [tmp_path / "prefix" / "bin" / "measure"]


def test_c_program(installed: Installed, tmp_path: Path) -> None:
    if not (installed.prefix / "include" / "musclemap.h").exists():
        pytest.skip("built without the C interface")
    build(HERE / "plain_c", tmp_path / "build", f"-DCMAKE_PREFIX_PATH={installed.prefix}")
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", command(tmp_path / "build" / "version"))


def test_program_elsewhere_finds_the_engine_by_its_variable(installed: Installed, found: Path, tmp_path: Path) -> None:
    if not any(installed.engines.glob("*.so")):
        pytest.skip("built without an engine module")
    said = run(found / "measure", tmp_path / "run", MUSCLEMAP_ENGINE_PATH=str(installed.engines))
    assert f"engine {installed.engines}/musclemap_torch_" in said


def test_program_finds_the_engine_beside_itself(installed: Installed, found: Path, tmp_path: Path) -> None:
    if not any(installed.engines.glob("*.so")):
        pytest.skip("built without an engine module")
    shutil.copy(found / "measure", tmp_path)
    shutil.copytree(installed.engines, tmp_path / "musclemap")
    assert f"engine {tmp_path}/musclemap/musclemap_torch_" in run(tmp_path / "measure", tmp_path / "run")
