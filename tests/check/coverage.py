"""Line coverage of src/ per folder, from the counters that a coverage build's tests left behind."""

import json
import pathlib
import subprocess
import sys
from collections import defaultdict


def covered_lines(build: pathlib.Path) -> dict[str, dict[int, bool]]:
    """File under src/ to its executable lines and whether any test reached them."""
    lines: dict[str, dict[int, bool]] = defaultdict(dict)
    for counters in build.rglob("*.gcda"):
        report = subprocess.run(
            ["gcov", "--json-format", "--stdout", str(counters)], capture_output=True, text=True, check=True
        ).stdout
        for text in report.splitlines():
            for file in json.loads(text)["files"]:
                name = file["file"].split("/src/")[-1] if "/src/" in file["file"] else ""
                for line in file["lines"] if name else []:
                    known = lines[name].get(line["line_number"], False)
                    lines[name][line["line_number"]] = known or line["count"] > 0
    return lines


def main() -> None:
    folders: dict[str, list[bool]] = defaultdict(list)
    for name, lines in covered_lines(pathlib.Path(sys.argv[1]).resolve()).items():
        folders[name.split("/")[0]] += lines.values()
    for folder, reached in sorted(folders.items()):
        print(f"{folder:10} {100 * sum(reached) / len(reached):5.1f} % of {len(reached)} lines")


if __name__ == "__main__":
    main()
