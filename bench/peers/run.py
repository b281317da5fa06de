"""Works of musclemap beside the best other programs for them, in alternating rounds: one table, JSON and a plot.

Every contestant has a process of its own and the same number of threads; ratios are of medians, and minima stand beside
them since machines that others use move medians. The reference program is MuscleMap's own mm_segment.py, which is no
package: --reference-folder names the folder that it and mm_util.py lie in.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from contestant import ROOT
from machine import machine
from plot import plot
from report import print_head, print_row, row_json
from row import Settings
from rows import MEASURES

TOTALSEGMENTATOR = ROOT / "build" / "envs" / "totalsegmentator" / "bin" / "TotalSegmentator"
CELLPOSE = ROOT / "build" / "envs" / "cellpose" / "bin" / "python"
ALL = {number for numbers, _ in MEASURES for number in numbers}


def _rows(text: str) -> set[int]:
    numbers = {int(part) for part in text.split(",")}
    if not numbers <= ALL:
        raise argparse.ArgumentTypeError(f"rows are {min(ALL)} to {max(ALL)}")
    return numbers


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev bench --peers", description=__doc__)
    parser.add_argument("--rows", type=_rows, default=ALL, metavar="N,N", help="those alone")
    parser.add_argument("--quick", action="store_true", help="fewer runs; not for figures to quote")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--reference-folder", type=Path, help="MuscleMap's scripts")
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "bench", help="holds bin/")
    parser.add_argument(
        "--folder", type=Path, default=ROOT / "build" / "bench" / "peers", help="for what is made"
    )
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "bench" / "peers.json")
    parser.add_argument(
        "--plain-tiles",
        action="store_true",
        help="row 6 where there is no AMX, to try it: a small model, slow code",
    )
    parser.add_argument(
        "--totalsegmentator",
        action="store_true",
        help="rows 16 and 17 beside the original, which gets an environment of its own (6 GB)",
    )
    parser.add_argument(
        "--cellpose",
        action="store_true",
        help="rows 20 to 23 beside the original, which gets an environment of its own (6 GB)",
    )
    parser.add_argument("--append", action="store_true", help="keep the JSON file's other rows")
    return parser.parse_args()


def main() -> int:
    options = _parse()
    options.folder.mkdir(parents=True, exist_ok=True)
    rounds = 2 if options.quick else options.rounds
    settings = Settings(
        options.build,
        options.folder,
        options.threads,
        rounds,
        options.quick,
        options.reference_folder,
        options.plain_tiles,
        TOTALSEGMENTATOR if options.totalsegmentator else None,
        CELLPOSE if options.cellpose else None,
    )
    measured = {"machine": machine(options.build, options.threads), "rows": []}
    if options.append and options.json.exists():
        before = json.loads(options.json.read_text())["rows"]
        measured["rows"] = [row for row in before if row["row"] not in options.rows]
    print_head(measured["machine"])
    for numbers, measure in MEASURES:
        wanted = numbers & options.rows
        if not wanted:
            continue
        for row in measure(settings, wanted):
            print_row(row)
            measured["rows"].append(row_json(row, round(os.getloadavg()[0], 1)))
            measured["rows"].sort(key=lambda each: each["row"])
            options.json.write_text(json.dumps(measured, indent=1) + "\n")
    picture = options.json.with_suffix(".svg")
    plot(measured, picture)
    print(f"\n{options.json}\n{picture}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
