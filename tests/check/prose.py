"""Prose of the pages is at most 120 columns wide; tables, code and what has no blank to break at may be wider."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from tracked import ROOT, tracked

WIDEST = 120
FENCE = re.compile(r"^\s*(```|~~~)")
# Rows of tables, headings, pictures, definitions of links, comments.
WHOLE = re.compile(r"^\s*(\||#|!\[|\[[^\]]+\]:|<!--)")


def wide(text: str) -> Iterator[int]:
    """Numbers of the lines that are too wide."""
    code = False
    for number, line in enumerate(text.splitlines(), 1):
        if FENCE.match(line):
            code = not code
        elif not code and len(line) > WIDEST and " " in line.strip()[:WIDEST] and not WHOLE.match(line):
            yield number


def main() -> int:
    problems = [
        f"{file}:{line}: wider than {WIDEST} columns"
        for file in tracked(".md")
        for line in wide((ROOT / file).read_text(encoding="utf-8"))
    ]
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
