"""The lines of the README and of the first steps work as they stand, and `./dev` looks at its arguments before it installs anything."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import readme_blocks

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "build" / "demo"
# What the lines name, as links: what they write stays in the folder of the test.
NAMED = ("build", "examples", ".venv")


def dev(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Without a package manager: what installs something fails in another way."""
    return subprocess.run(
        [ROOT / "dev", *arguments], capture_output=True, text=True, check=False, timeout=20, env={"PATH": "/usr/bin:/bin"}
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in NAMED:
        (tmp_path / name).symlink_to(ROOT / name)
    if not (DEMO / "thigh_sample.nii.gz").exists():
        subprocess.run([ROOT / "examples" / "demo" / "run"], check=True, capture_output=True)
    return tmp_path


def test_every_block_works_as_it_stands(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "build" / "release" / "python"))
    said = list(readme_blocks.run(folder))
    print("\n".join(said))
    for made in ("scan_kmeans_2component_results.csv", "scan_qc.png", "all.csv", "labels.nii.gz", "labels_from_c.nii.gz", "labels_from_python.nii.gz", "scan.csv"):
        assert (folder / made).stat().st_size > 0, made
    languages = {block.language for block in readme_blocks.blocks()}
    assert {"sh", "cpp", "c", "python"} <= languages
    assert sum(line.endswith(": run") for line in said) >= 6


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("nix",), "no command 'nix'"),
        (("build", "fast"), "takes no 'fast'"),
        (("test", "--ful"), "takes no '--ful'"),
        (("fuzz", "long"), "takes no 'long'"),
        (("fuzz", "3", "4"), "takes no '4'"),
        (("demo", "--imag", "x.nii"), "unknown argument '--imag'"),
        (("demo", "--image", "no such file.nii", "--model", "m.pth"), "no such file.nii"),
        (("demo", "--model", "m.pth"), "--model needs --image"),
        (("demo", "--overlap", "100"), "'100'"),
        (("demo", "--out"), "--out needs a value"),
    ],
    ids=" ".join,
)
def test_dev_refuses_what_it_does_not_know_before_anything_else(arguments: tuple[str, ...], part: str) -> None:
    ended = dev(*arguments)
    assert ended.returncode == 2
    assert part in ended.stderr
    assert "installing" not in ended.stderr


@pytest.mark.parametrize("command", ["demo", "python", "build", "test", "tsan", "bench", "fuzz", "notebook"])
def test_dev_says_what_a_command_takes(command: str) -> None:
    ended = dev(command, "--help")
    assert ended.returncode == 0
    assert ended.stdout.startswith("./dev ")
    assert command in ended.stdout
    assert ended.stderr == ""


def test_dev_help_names_every_command() -> None:
    ended = dev("help")
    for line in (ROOT / "dev").read_text().splitlines():
        if line.startswith("    demo | python |"):
            for command in line.rstrip(") ;").split(" | "):
                assert command.strip() in ended.stdout
            return
    pytest.fail("no list of commands")


