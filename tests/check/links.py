"""Every relative link of the documentation leads to a file, and every anchor to a heading."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from tracked import ROOT, tracked

CODE = re.compile(r"^(```|~~~).*?^\1|`[^`\n]*`", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(\s*<?([^)>\s]+)>?(?:\s+\"[^\"]*\")?\s*\)|^\[[^\]]+\]:\s*(\S+)|(?:src|href)=\"([^\"]+)\"", re.M)
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
# Doxygen makes the pages in api/; tests/check/docs sees that they are there.
ELSEWHERE = re.compile(r"^([a-z][a-z0-9+.-]*:|//|api/)")


def anchors(text: str) -> set[str]:
    """As the common hosts make them: lower case, no punctuation, dashes for blanks."""
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(text))
    return {heading.replace(" ", "-") for heading in plain}


def broken(file: Path) -> Iterator[str]:
    text = CODE.sub("", (ROOT / file).read_text(encoding="utf-8"))
    for match in LINK.finditer(text):
        link = unquote(next(group for group in match.groups() if group))
        if ELSEWHERE.match(link):
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / file).parent / path if path else ROOT / file
        if not target.exists():
            yield f"{file}: {link} does not exist"
        elif anchor and target.suffix == ".md" and anchor not in anchors(target.read_text(encoding="utf-8")):
            yield f"{file}: {link} names no heading"


def main() -> int:
    problems = [problem for file in tracked(".md") for problem in broken(file)]
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
