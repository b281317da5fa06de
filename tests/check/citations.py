"""What comments and pages cite is there: pages of docs/ with their headings, files by their path.

A numbered heading is cited as the page, a comma and its section, or sections; inside a numbered page the page is left
out. Any heading may be cited as a link's anchor. Other documents are cited after the name of a standard.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from links import anchors
from tracked import ROOT, tracked

SOURCES = (".c", ".h", ".hpp", ".cpp", ".py", ".cmake", ".sh", ".md", ".txt", ".R", ".jl")
# These hold what must be found.
PLANTED = re.compile(r"^tests/check/test_\w+\.py$")
# Between two words: also the end of a line, and the mark of the comment that goes on in the next one.
GAP = r"(?:[ \t]|\n[ \t]*(?:///?<?|#|\*)?[ \t]*)+"
NUMBER = r"\d+(?:\.\d+)*"
SECTIONS = re.compile(
    (
        r"(?:(?P<page>[\w./-]+\.md), |(?P<standard>RFC \d+|Unicode|Unicode Standard), )?"
        rf"\bsections? (?P<numbers>{NUMBER}(?:(?:, | and | to ){NUMBER})*)"
    ).replace(" ", GAP)
)
PAGE = re.compile(r"\b(docs/[\w./-]+\.md)\b(?:#([\w-]+))?")
TOP = r"(?:src|include|tests|docs|bench|examples|capi|python|packages)"
# Of a file with its extension, or of a folder, in a comment.
PATH = re.compile(rf"(?<![\w./<{{-]){TOP}/[\w./{{}},*-]*[\w}}/]")
COMMENT = re.compile(r"^[ \t]*(?://|#(?!include|pragma|define|if|endif|else)).*$", re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
HEADING = re.compile(rf"^#+ ({NUMBER})\.? ", re.MULTILINE)
UNNAMED = re.compile(r"\b[Ss]pec(?:ification)?(?:'s)?,? (?:sections?|vectors?)\b|\N{SECTION SIGN}")
# A part of a line in braces stands for several.
BRACES = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Problem:
    file: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


@cache
def sections(page: Path) -> frozenset[str]:
    """Numbers of a page's headings."""
    return frozenset(HEADING.findall(page.read_text(encoding="utf-8")))


def spellings(path: str) -> Iterator[str]:
    """`a/{b,c}.x` as `a/b.x` and `a/c.x`."""
    braces = BRACES.search(path)
    if not braces:
        yield path
        return
    for part in braces[1].split(","):
        yield from spellings(path[: braces.start()] + part + path[braces.end() :])


def exists(root: Path, path: str) -> bool:
    """A file or folder, of which the extension, or what `*` stands for, may be left open."""
    if any(root.glob(path.rstrip("/"))):
        return True
    return "*" not in path and any((root / path).parent.glob(Path(path).name + ".*pp"))


def paths(file: Path, text: str, rooms: set[str]) -> Iterator[tuple[int, str]]:
    """Place and path of each file that is named; those of pages may leave out `src/`."""
    if file.suffix == ".md":
        for code in CODE.finditer(text):
            name = code[1]
            if re.fullmatch(rf"{TOP}/[\w./{{}},*-]+", name):
                yield code.start(), name
            elif re.fullmatch(r"\w+/[\w./{},*-]+", name) and name.split("/")[0] in rooms:
                yield code.start(), f"src/{name}"
        return
    for comment in COMMENT.finditer(text):
        for path in PATH.finditer(comment[0]):
            yield comment.start() + path.start(), path[0]


def cited_sections(root: Path, file: Path, text: str) -> Iterator[tuple[int, str]]:
    """Place and fault of each section that is not there."""
    own = root / file if file.suffix == ".md" and sections(root / file) else None
    for found in SECTIONS.finditer(text):
        page = root / found["page"] if found["page"] else own
        if found["standard"]:
            continue
        if found["page"] and not page.exists():
            yield found.start(), f"{found['page']} does not exist"
            continue
        if page is None:
            yield found.start(), f"section {found['numbers']} of what?"
            continue
        for number in re.findall(NUMBER, found["numbers"]):
            if number not in sections(page):
                yield found.start(), f"{page.relative_to(root)} has no section {number}"


def problems(root: Path, file: Path, rooms: set[str]) -> Iterator[Problem]:
    text = (root / file).read_text(encoding="utf-8")
    found = []
    for page in PAGE.finditer(text):
        if not (root / page[1]).exists():
            found.append((page.start(), f"{page[1]} does not exist"))
        elif page[2] and page[2] not in anchors((root / page[1]).read_text(encoding="utf-8")):
            found.append((page.start(), f"{page[0]} names no heading"))
    found += [(place.start(), f"'{place[0]}': of what page?") for place in UNNAMED.finditer(text)]
    found += cited_sections(root, file, text)
    for place, path in paths(file, text, rooms):
        found += [(place, f"{one} does not exist") for one in spellings(path) if not PAGE.match(one) and not exists(root, one)]
    for place, what in sorted(set(found)):
        yield Problem(file, text.count("\n", 0, place) + 1, what)


def check(root: Path, files: list[Path]) -> list[Problem]:
    rooms = {folder.name for folder in (root / "src").iterdir() if folder.is_dir()}
    return [problem for file in files if not PLANTED.match(file.as_posix()) for problem in problems(root, file, rooms)]


def main() -> int:
    found = check(ROOT, [file for file in tracked(*SOURCES) if file != Path("CHANGELOG.md")])
    print("\n".join(map(str, found)))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
