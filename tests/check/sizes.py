"""No source is longer than 800 lines, unless it is generated and says so on its first line."""

from __future__ import annotations

import re
import sys

from tracked import ROOT, tracked

MOST_LINES = 800
# One file each, since what makes bindings for other languages reads one, and hosts copy one.
LONGER = {"capi/include/musclemap.h": 1700, "capi/include/musclemap_capi.hpp": 1000}
SOURCES = (".c", ".h", ".hpp", ".cpp", ".py", ".cmake", ".sh")
# What writers of generated files put somewhere near the top.
GENERATED = re.compile(r"\b(?:auto-?)?generated (?:by|from|file|with)\b|do not edit", re.IGNORECASE)
MARK_LINES = 10


def main() -> int:
    problems = []
    for file in tracked(*SOURCES):
        lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
        comments = [line for line in lines[:MARK_LINES] if line.lstrip().startswith(("//", "#", "/*", "*"))]
        first = bool(comments) and comments[0] == lines[0] and bool(GENERATED.search(lines[0]))
        if not first and any(GENERATED.search(line) for line in comments):
            problems.append(f"{file}: is generated, which its first line does not say")
        most = LONGER.get(str(file), MOST_LINES)
        if not first and len(lines) > most:
            problems.append(f"{file}: {len(lines)} lines; {most} is the most")
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
