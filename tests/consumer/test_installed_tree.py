"""What `cmake --install` leaves, and that it may be moved."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import BUILD, ROOT, Installed, command, environment

# Python on the package of the tree, not compiled.
SCRIPT = "musclemap-fetch"
PROGRAMS = [
    "mm_segment",
    "mm_extract_metrics",
    "musclemap",
    "musclemap-fetch",
    "totalsegmentator",
    "totalseg_get_phase",
    "totalseg_get_modality",
    "totalseg_combine_masks",
    "totalseg_info",
    "totalseg_import_weights",
    "totalseg_download_weights",
    "totalseg_set_license",
]
RUN_PATH = re.compile(r"\((RPATH|RUNPATH)\)")

OPEN_PUBLISHED = """
import ctypes, sys
library, bundle = ctypes.CDLL(sys.argv[1]), ctypes.c_void_p()
library.mm_last_error.restype = ctypes.c_char_p
if library.mm_bundle_open_published(b"thigh", b"9.1", None, None, ctypes.byref(bundle)):
    sys.exit(library.mm_last_error().decode())
"""


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def doctor(installed: Installed, **changes: str) -> dict[str, Any]:
    report = json.loads(command(installed.prefix / "bin" / "musclemap", "doctor", "--json", **changes))
    assert isinstance(report, dict)
    return report


def test_tree_is_complete(installed: Installed) -> None:
    assert names(installed.prefix / "bin") == set(PROGRAMS)
    headers = {path.name for path in (ROOT / "include" / "musclemap").iterdir()}
    assert {path.name for path in (installed.prefix / "include" / "musclemap").iterdir()} == headers
    package = names(installed.libraries / "cmake" / "musclemap")
    assert {"musclemapConfig.cmake", "musclemapConfigVersion.cmake", "musclemapTargets.cmake"} <= package
    assert (installed.libraries / "pkgconfig" / "musclemap.pc").is_file()
    assert {path.name for path in installed.engines.glob("*.so")} == {
        path.name for path in (BUILD / "lib" / "musclemap").glob("*.so")
    }


def test_data_and_licences_are_there(installed: Installed) -> None:
    shared = installed.prefix / "share" / "musclemap"
    tables = {path.name for path in (ROOT / "src" / "io" / "label_tables").glob("*.csv")}
    assert {path.name for path in (shared / "labels").glob("*.csv")} == tables
    assert (shared / "LICENSE").is_file()
    assert (shared / "licences.md").is_file()
    assert "Bitstream Vera" in (shared / "LICENSE.DejaVuSans").read_text(encoding="utf-8")


def test_nothing_for_developers_is_installed(installed: Installed) -> None:
    everything = names(installed.prefix)
    assert [name for name in everything if re.search(r"test|phantom|\.cpp$|src/", name)] == []
    archives = [name for name in everything if name.endswith(".a")]
    assert len(archives) == 1


def test_no_text_names_a_place_of_this_machine(installed: Installed) -> None:
    places = [str(ROOT), str(BUILD), str(installed.first_prefix), "/usr/"]
    texts = [path for path in installed.prefix.rglob("*") if path.suffix in {".cmake", ".pc"}]
    assert len(texts) >= 5
    for file in texts:
        # What CMake computes from is the file's own place; /usr appears where a prefix is compared with it.
        text = re.sub(r'if\(_IMPORT_PREFIX STREQUAL "/"\)|"/usr/lib"|# .*', "", file.read_text())
        assert [place for place in places if place in text] == [], file


def test_nothing_has_a_run_path(installed: Installed) -> None:
    objects = [installed.prefix / "bin" / program for program in PROGRAMS if program != SCRIPT]
    objects += [path for path in installed.libraries.rglob("*.so*") if not path.is_symlink()]
    for file in objects:
        assert RUN_PATH.search(command("readelf", "--dynamic", file)) is None, file


@pytest.mark.parametrize("program", PROGRAMS)
def test_program_runs(installed: Installed, program: str) -> None:
    assert command(installed.prefix / "bin" / program, "--help" if program == SCRIPT else "--version")


def test_program_finds_the_engine_of_its_tree(installed: Installed) -> None:
    if not any(installed.engines.glob("*.so")):
        pytest.skip("built without an engine module")
    report = doctor(installed)
    assert Path(report["engine"]["module"]).parent == installed.engines


@pytest.mark.parametrize("libraries", ["lib", "lib64", "lib/x86_64-linux-gnu"])
def test_model_of_the_tree_is_found_by_name(installed: Installed, tmp_path: Path, libraries: str) -> None:
    tree = tmp_path / "tree"
    model = tree / "share" / "musclemap" / "models" / "thigh" / "v9.1" / "contrast_agnostic_thigh_model.pth"
    sample = ROOT / "examples" / "demo" / "model" / "thigh_phantom.pth"
    model.parent.mkdir(parents=True)
    shutil.copy(sample, model)
    shutil.copy(sample.with_suffix(".json"), model.with_suffix(".json"))
    (tree / "bin").mkdir()
    shutil.copy(installed.prefix / "bin" / "musclemap", tree / "bin")
    (tree / libraries).mkdir(parents=True)
    library = Path(shutil.copy(installed.libraries / "libmusclemap.so.1", tree / libraries))

    said = json.loads(command(tree / "bin" / "musclemap", "doctor", "--json", XDG_DATA_HOME="/nonexistent"))
    assert {"path": str(model.parents[2]), "exists": True} in said["model_folders"]
    command(sys.executable, "-c", OPEN_PUBLISHED, library, XDG_DATA_HOME="/nonexistent")


def test_module_of_another_libtorch_beside_the_right_one_is_left_alone(installed: Installed, tmp_path: Path) -> None:
    modules = list(installed.engines.glob("*.so"))
    if len(modules) != 1:
        pytest.skip("needs one engine module")
    for name in ("musclemap_torch_1_99.so", modules[0].name, "musclemap_torch_9_9.so"):
        shutil.copy(modules[0], tmp_path / name)
    report = doctor(installed, MUSCLEMAP_ENGINE_PATH=str(tmp_path))
    assert report["engine"]["module"] == str(tmp_path / modules[0].name)


def test_libtorch_of_another_version_is_refused_in_one_sentence(installed: Installed, tmp_path: Path) -> None:
    if not any(installed.engines.glob("*.so")):
        pytest.skip("built without an engine module")
    (tmp_path / "lib").mkdir()
    (tmp_path / "version.py").write_text("__version__ = '1.99.0+cpu'\n")
    problem = doctor(installed, MUSCLEMAP_TORCH_DIR=str(tmp_path))["engine"]["problem"]
    assert re.fullmatch(r"the LibTorch in \S+ is 1\.99\.0, but the engine module is built for [\d.]+; [^\n]+", problem)


def test_program_found_by_the_shell_ignores_the_working_folder(installed: Installed, tmp_path: Path) -> None:
    """Its name says nothing about where it lies; what lies in the working folder is not its own."""
    program = tmp_path / "programs" / "musclemap"
    program.parent.mkdir()
    program.write_bytes((installed.prefix / "bin" / "musclemap").read_bytes())
    program.chmod(0o755)
    decoy = tmp_path / "work" / "musclemap"
    decoy.mkdir(parents=True)
    (decoy / "musclemap_torch_9_9.so").touch()
    ended = subprocess.run(
        ["musclemap", "doctor", "--json"],
        cwd=decoy.parent,
        env=environment(PATH=str(program.parent)),
        capture_output=True,
        text=True,
        check=True,
    )
    problem = json.loads(ended.stdout)["engine"]["problem"]
    assert str(program.parent) in problem
    assert str(decoy.parent) not in problem
