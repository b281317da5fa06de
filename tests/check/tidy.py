"""clang-tidy over sources of a folder at a time, as the build compiles them: most of its time goes into headers, which
files of one folder share. Without arguments all that git tracks of the folders below; else those files.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tracked import ROOT, tracked

# The engine's file alone includes LibTorch, whose headers take minutes to analyse.
LEFT_OUT = {"src/infer/torch_engine.cpp", "src/infer/torch_sam.cpp"}
FOLDERS = {"src", "capi", "examples", "python"}
ALONE = {"python", "examples"}  # names stand in several files
TOGETHER = 16  # files; more would leave one processor waiting for the other
# Findings in the sources themselves, which are included here, and none about their being included.
OPTIONS = [
    "--quiet",
    r"--header-filter=((include/musclemap|src|examples)/.*\.hp?p?|(src|capi|examples|python)/.*\.cpp)$",
    "--checks=-bugprone-suspicious-include",
]


def commands(build: Path) -> dict[Path, list[str]]:
    """How each file is compiled, without its own name and that of what is made of it."""
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        words = shlex.split(entry["command"])
        output = words.index("-o")
        del words[output : output + 2]
        file = Path(entry["file"])
        words = [word for word in words if word not in ("-c", entry["file"])]
        found.setdefault(file, words)
    return found


def groups(files: list[Path], compiled: dict[Path, list[str]]) -> list[tuple[list[str], list[Path]]]:
    """Files of one folder that are compiled alike."""
    alike = defaultdict(list)
    for file in files:
        if file in compiled:
            alone = file.relative_to(ROOT).parts[0] in ALONE
            alike[(file if alone else file.parent, tuple(compiled[file]))].append(file)
    return [
        (list(words), members[start : start + TOGETHER])
        for (_, words), members in alike.items()
        for start in range(0, len(members), TOGETHER)
    ]


def check(folder: Path, number: int, words: list[str], files: list[Path]) -> tuple[bool, str]:
    """Whether there is nothing to say, and what there is."""
    place = folder / str(number)
    place.mkdir(parents=True, exist_ok=True)
    source = place / "together.cpp"
    source.write_text("".join(f'#include "{file}"\n' for file in files))
    entry = {"directory": str(place), "file": str(source), "arguments": [*words, "-c", str(source)]}
    (place / "compile_commands.json").write_text(json.dumps([entry]))
    ended = subprocess.run(
        ["clang-tidy", *OPTIONS, "-p", place, source], capture_output=True, text=True, check=False
    )
    return ended.returncode == 0, ended.stdout


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=Path, help="has been configured, with a compile_commands.json")
    parser.add_argument("files", type=Path, nargs="*")
    options = parser.parse_args()
    build = options.build.resolve()
    compiled = commands(build)
    files = [file.resolve() for file in options.files] or [
        ROOT / file for file in tracked(".cpp") if file.parts[0] in FOLDERS and str(file) not in LEFT_OUT
    ]
    for file in files:
        if file not in compiled:
            print(f"{file.relative_to(ROOT)}: not looked at, as nothing here compiles it")
    work = groups(files, compiled)
    work.sort(key=lambda group: -len(group[1]))
    fine = True
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as threads:
        jobs = [threads.submit(check, build / "together", n, *group) for n, group in enumerate(work)]
        for job in jobs:
            quiet, text = job.result()
            fine = fine and quiet
            print(text, end="")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
