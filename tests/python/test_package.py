"""What importing costs, the console scripts, the types."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import musclemap as mm
import pytest
from conftest import BIN, PACKAGE, ROOT, body, child_environment, python
from musclemap import _core
from nifti_file import write_nifti

IMPORT_MILLISECONDS = 150


def test_import_is_quick_and_loads_no_torch() -> None:
    code = (
        "import time; start = time.process_time(); import musclemap; took = time.process_time() - start; import sys;"
        "print(took * 1000, *sorted({name.split('.')[0] for name in sys.modules}))"
    )
    best = 1e9
    for _ in range(5):
        ended = python(code)
        assert ended.returncode == 0, ended.stderr
        took, *modules = ended.stdout.split()
        best = min(best, float(took))
        assert not {"torch", "pandas", "tqdm", "matplotlib", "nibabel", "musclemap_fetch", "http"} & set(modules)
    print(f"import musclemap: {best:.0f} ms")
    assert best <= IMPORT_MILLISECONDS


@pytest.mark.parametrize(
    ("script", "command"),
    [("musclemap.programs:musclemap", ["musclemap", "fetch"]), ("musclemap_fetch.program:main", ["musclemap-fetch"])],
)
def test_models_are_fetched_by_console_scripts(script: str, command: list[str]) -> None:
    module, _, function = script.partition(":")
    arguments = [*command, "--list", "cyto3"]
    ended = python(f"import sys; sys.argv = {arguments}; from {module} import {function} as main; sys.exit(main())")
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith("cyto3  (licence not stated by its source)\n")


def test_no_libtorch_is_mapped_before_it_is_needed() -> None:
    ended = python("import musclemap, numpy; print(open('/proc/self/maps').read())")
    assert "_core" in ended.stdout
    assert "libtorch" not in ended.stdout
    assert "libc10" not in ended.stdout


def test_version_is_that_of_the_header() -> None:
    header = (ROOT / "include" / "musclemap" / "version.hpp").read_text()
    assert f'"{mm.__version__}"' in header


def test_every_public_name_is_there_and_documented() -> None:
    for name in mm.__all__:
        thing = getattr(mm, name)
        if name not in ("ImageLike", "__version__"):
            assert thing.__doc__, name


def program(name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    code = f"import sys; sys.argv[0] = {name!r}; from musclemap.programs import {name}; sys.exit({name}())"
    return python(code, *arguments)


def direct(name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(BIN / name), *map(str, arguments)], env=child_environment(), capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(not (BIN / "musclemap").exists(), reason="the programs are not built")
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("mm_segment", ["--help"]),
        ("mm_segment", ["--version"]),
        ("mm_segment", []),
        ("mm_segment", ["-i", "none.nii", "-m", "none.pth", "--json"]),
        ("mm_extract_metrics", ["--help"]),
        ("mm_extract_metrics", ["-m", "guess"]),
        ("musclemap", ["--help"]),
        ("musclemap", ["info", "none.nii"]),
        ("musclemap", ["labels", "list"]),
        ("musclemap", ["model", "--help"]),
        ("musclemap", ["nonsense"]),
        ("totalsegmentator", ["-lc", "body"]),
        ("totalsegmentator", ["-rsx"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_console_scripts_are_the_programs(name: str, arguments: list[str]) -> None:
    ours, theirs = program(name, *arguments), direct(name, *arguments)
    assert (ours.returncode, ours.stdout, ours.stderr) == (theirs.returncode, theirs.stdout, theirs.stderr)


@pytest.mark.parametrize("arguments", [["--help"], ["labels", "list"], ["doctor", "--json"]], ids=" ".join)
def test_console_script_with_a_full_standard_output(arguments: list[str]) -> None:
    code = "import sys; sys.argv[0] = 'musclemap'; from musclemap.programs import musclemap; sys.exit(musclemap())"
    command = [sys.executable, "-c", code, *arguments]
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(command, env=child_environment(), stdout=full, stderr=subprocess.PIPE, check=False)
    assert ended.returncode == 1
    assert ended.stderr == b"error: standard output cannot be written: No space left on device\n"


def test_running_the_module() -> None:
    command = [sys.executable, "-m", "musclemap", "doctor", "--json"]
    ended = subprocess.run(command, env=child_environment(), capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    found = mm.doctor()
    assert told["version"] == mm.__version__
    assert told.items() <= found.items()
    assert set(found) - set(told) == {"python", "numpy", "package", "torch"}


def test_help_says_where_convert_is() -> None:
    help = program("musclemap", "model", "--help").stdout
    assert "model convert A.pth B.ts" in help
    assert "Python package" in help


def test_convert_without_torch_says_what_is_needed(model: Path, tmp_path: Path) -> None:
    code = "import sys; sys.modules['torch'] = None; from musclemap.programs import musclemap; sys.exit(musclemap())"
    ended = python(code, "model", "convert", model, tmp_path / "out.ts")
    assert ended.returncode == 1
    assert "pip install torch" in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["out.onnx", "out"])
def test_convert_wants_a_name_for_torchscript(name: str, model: Path, tmp_path: Path) -> None:
    ended = program("musclemap", "model", "convert", model, tmp_path / name)
    assert ended.returncode == 2
    assert ".ts" in ended.stderr


def test_an_engine_that_is_not_there_is_one_clear_sentence(model: Path, tmp_path: Path) -> None:
    code = (
        "import sys, musclemap as mm\n"
        "from musclemap import _core, segmentation\n"
        "segmentation.name_engine = lambda: _core.set_engine_places('', '')\n"
        "try: mm.Segmenter(sys.argv[1], engine='torch')\n"
        "except mm.DeviceError as error: print(error)\n"
    )
    ended = python(code, model, MUSCLEMAP_ENGINE_PATH=str(tmp_path))
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.count("\n") == 1
    assert "musclemap_torch_" in ended.stdout or "LibTorch" in ended.stdout


def test_a_torch_of_another_version_is_one_clear_sentence(model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "torch"
    (folder / "lib").mkdir(parents=True)
    (folder / "__init__.py").write_text("raise RuntimeError('must not be imported')")
    (folder / "version.py").write_text("__version__ = '1.2.3+cpu'\n")
    code = (
        f"import os, sys; sys.path.insert(0, {str(tmp_path)!r}); os.environ.pop('MUSCLEMAP_TORCH_DIR', None)\n"
        "import musclemap as mm\n"
        "try: print(mm.Segmenter(sys.argv[1], device='cpu', engine='torch').report.engine)\n"
        "except mm.DeviceError as error: print(error)\n"
    )
    ended = python(code, model)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.count("\n") == 1
    assert "1.2" in ended.stdout


ANOTHER_TORCH = """
import ctypes, sys
def load():
    for name in ("libc10.so", "libtorch_cpu.so"):
        ctypes.CDLL(f"{sys.argv[2]}/{name}", ctypes.RTLD_GLOBAL)
if sys.argv[3] == "first": load()
import musclemap as mm
if sys.argv[3] == "second": load()
try: mm.Segmenter(sys.argv[1], device="cpu", engine="torch")
except mm.DeviceError as error: print(error)
print(mm.doctor()["engine"]["problem"])
"""


@pytest.mark.parametrize("order", ["first", "second"])
def test_a_torch_of_another_version_in_the_process(
    order: str, segmenter: mm.Segmenter, model: Path, tmp_path: Path
) -> None:
    """The LibTorch that works, under a folder that says it is another one."""
    engine = mm.doctor()["engine"]
    lib = Path(engine["libtorch"]).parent
    built_for = engine["name"].removeprefix("torch ").rpartition(".")[0]
    other = tmp_path / "torch" / "lib"
    other.mkdir(parents=True)
    for file in lib.iterdir():
        (other / file.name).symlink_to(file)
    (tmp_path / "nvidia").symlink_to(lib.parents[1] / "nvidia")
    (tmp_path / "torch" / "version.py").write_text("__version__ = '1.2.3+cpu'\n")
    ended = python(ANOTHER_TORCH, model, other, order)
    assert ended.returncode == 0, ended.stderr
    first, second = ended.stdout.splitlines()
    assert first == second
    assert f"the LibTorch in {other} is 1.2.3, but the engine module is built for {built_for}" in first


@pytest.fixture(scope="module")
def mypy() -> None:
    pytest.importorskip("mypy")


def test_types_of_the_package(mypy: None) -> None:
    command = [sys.executable, "-m", "mypy", "--config-file", ROOT / "pyproject.toml", "--cache-dir", os.devnull]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout


def test_stub_is_that_of_the_module(mypy: None) -> None:
    command = [sys.executable, "-m", "mypy.stubtest", "musclemap._core", "--ignore-unused-allowlist"]
    command += ["--allowlist", "tests/python/stubtest.txt", "--mypy-config-file", "pyproject.toml"]
    ended = subprocess.run(
        command,
        cwd=ROOT,
        env=child_environment(MYPYPATH=PACKAGE, MYPY_CACHE_DIR=os.devnull),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout


def test_stub_has_the_classes_of_the_module() -> None:
    stub = ast.parse((ROOT / "python" / "musclemap" / "_core.pyi").read_text())
    listed = {node.name for node in stub.body if isinstance(node, ast.ClassDef) and node.name[0] != "_"}
    assert listed == {name for name, thing in vars(_core).items() if isinstance(thing, type)}


def test_public_signatures_have_no_any() -> None:
    for file in (ROOT / "python" / "musclemap").glob("*.py*"):
        text = file.read_text()
        assert "Any" not in text.replace("Anything", ""), file
        assert "*args" not in text, file


def test_images_are_read_in_any_locale(tmp_path: Path) -> None:
    file = write_nifti(tmp_path / "scan.nii", body())
    ended = python("import sys, musclemap as mm; print(mm.read(sys.argv[1]))", file, LC_ALL="de_DE.UTF-8")
    assert ended.stdout.startswith("Volume(48 x 40 x 3 int16, 1 x 1 x 1 mm")
