"""Runs the code of README.md and docs/first_steps.md as it stands, block after block: `readme_blocks.py FOLDER`.

FOLDER is a checkout in which `./dev demo` and `./dev python` have run, or --set-up runs them as the README says. A C++, C or
Python block is saved under the name in its first line; a shell block is run. Blocks that need what is not there are left
out with a word; a comment before the block says what that is: `<!-- check: built -->` for what --set-up runs, `network`
for --network, `dicom`, `gpu`, `module NAME`.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# The second goes on with what the first has left.
PAGES = (Path("README.md"), Path("docs/first_steps.md"))
BLOCK = re.compile(r"(?:^<!-- check: (?P<needs>[^>]+) -->\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
NAMED = re.compile(r"^(?://|/\*|#) (\w+\.\w+)")
SECONDS = 3600


@dataclass(frozen=True)
class Block:
    page: Path
    line: int
    language: str
    text: str
    needs: str

    @property
    def name(self) -> str:
        """Of the file that it is."""
        found = NAMED.match(self.text)
        return found.group(1) if found else ""

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"


def blocks() -> Iterator[Block]:
    for page in PAGES:
        text = (ROOT / page).read_text()
        for found in BLOCK.finditer(text):
            line = text.count("\n", 0, found.start("language")) + 1
            yield Block(page, line, found["language"], found["text"], found["needs"] or "")


def missing(block: Block, folder: Path, set_up: bool, network: bool) -> str:
    """What keeps the block from being run here; empty if nothing does."""
    need, _, name = block.needs.partition(" ")
    there = {
        "": lambda: True,
        "built": lambda: set_up,
        "network": lambda: network,
        "dicom": lambda: shutil.which("dcm2niix") is not None and (folder / "dicom_folder").is_dir(),
        "gpu": lambda: shutil.which("nvidia-smi") is not None,
        "module": lambda: subprocess.run(
            [folder / ".venv/bin/python", "-c", f"import {name}"], capture_output=True, check=False
        ).returncode
        == 0,
    }
    return "" if there[need]() else block.needs


def run(folder: Path, set_up: bool = False, network: bool = False) -> Iterator[str]:
    """A line for each block; an error ends it."""
    script = ["set -euo pipefail"]
    for block in blocks():
        absent = missing(block, folder, set_up, network)
        if absent:
            yield f"{block.place}: left out, needs {absent}"
        elif block.language == "sh":
            # What earlier blocks exported counts, as in one person's shell.
            exports = [line for line in block.text.splitlines() if line.startswith("export ")]
            subprocess.run(["bash", "-c", "\n".join([*script, block.text])], cwd=folder, check=True, timeout=SECONDS)
            script += exports
            yield f"{block.place}: run"
        elif block.name:
            (folder / block.name).write_text(block.text)
            yield f"{block.place}: saved as {block.name}"
        else:
            yield f"{block.place}: {block.language}, for reading"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--set-up", action="store_true", help="run ./dev demo and ./dev python too")
    parser.add_argument("--network", action="store_true", help="fetch the model into the user's data folder too")
    options = parser.parse_args()
    for said in run(options.folder.resolve(), options.set_up, options.network):
        print(said, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
