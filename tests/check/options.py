"""Every option has its place in every face: C++ structs and their lists, docs/options.md, C, Python, flags, sidecars.

Usage: options.py [ROOT]. Prints a line per difference; exit status 1 if there is one.

docs/options.md has a table for each struct of options. A cell names the option in a face, or is a dash where the face
has none on purpose. Here each name is looked for in its face, and what the faces have is looked for in the tables.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from c_header import parse  # noqa: E402

PAGE = "docs/options.md"
LIST = re.compile(r"struct Options<(\w+)> \{(.*?)^\};", re.DOTALL | re.MULTILINE)
ENTRY = re.compile(
    r'option\(\s*"(\w+)",\s*&\w+::(\w+),\s*((?:"(?:[^"\\]|\\.)*"\s*)+)(?:,\s*(?:from\((\d+)\)|\{([^}]*)\}))?\s*\)'
)
WORDS = re.compile(r"struct Words<(\w+)> \{(.*?)^\};", re.DOTALL | re.MULTILINE)
STRUCT = re.compile(r"^struct (\w+) \{\n(.*?)^\};", re.DOTALL | re.MULTILINE)
FIELD = re.compile(
    r"^  (?!using|static|struct|enum)([\w:<>, &()]+?[ >])(\w+)(?: = (?:\w+::)*([^;]+)|(\{[^;]*\}))?;", re.MULTILINE
)
FLAG = re.compile(r'"(?:-\w+,)?(--[\w-]+)')
NAME = re.compile(r"`([^`]+)`")
NONE = "–"
# What belongs to the call or to the program, not to an option of the library.
C_FRAME = {"struct_size", "reserved", "user_data", "on_progress", "on_warning", "cancel", "tissue", "table", "names", "column_count"}
PYTHON_FRAME = {
    *("self", "image", "labels", "model", "path", "volume", "tissue", "names", "progress", "cancel", "affine"),
    *("spacing", "kind", "verify", "fat", "water", "task", "folder", "name_or_path", "dP", "cellprob"),
    # Of a picture's array or file: which part is meant, and what comes back.
    *("channel_axis", "time_axis", "z_axis", "channel", "return_flows"),
    # Which of a model's networks are loaded.
    "method",
    # What is said of the pixels that are written.
    *("pixels", "axes", "pixel_size_um", "channel_names"),
    # What is said of a task's statistics, not how it is run.
    *("statistics", "stats_aggregation", "statistics_extra"),
    *("statistics_exclude_masks_at_border", "statistics_normalized_intensities"),
}
FLAG_FRAME = {
    *("--input_image", "--output_dir", "--suffix", "--skip-existing", "--model", "--region", "--model_version"),
    *("--use_GPU", "--task", "--no-picture", "--fat_image", "--water_image", "--segmentation_image", "--labels"),
}


@dataclass(frozen=True)
class Row:
    struct: str
    option: str
    default: str
    allowed: str
    c: str
    python: str
    flag: str
    sidecar: str
    meaning: str


def range_text(least: str, bounds: str) -> str:
    """Of from(least) or {least, most[, true]}: "0 or more", "2 to 3", "0 to below 1"."""
    if least:
        return f"{least} or more"
    parts = [part.strip() for part in bounds.split(",")] if bounds else []
    return f"{parts[0]} to {'below ' if len(parts) > 2 else ''}{parts[1]}" if parts else NONE


def lists(root: Path) -> dict[str, dict[str, tuple[str, str]]]:
    """Of each struct: its options with what they may be and their lines of help."""
    found = {}
    for file in sorted((root / "src").rglob("*options.hpp")):
        for struct, body in LIST.findall(file.read_text(encoding="utf-8")):
            entries = ENTRY.findall(body)
            assert all(entry[0] == entry[1] for entry in entries), f"{struct}: a name is not that of its field"
            found[struct] = {
                name: (range_text(least, bounds), "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text)))
                for name, _, text, least, bounds in entries
            }
    return found


def words(root: Path) -> dict[str, str]:
    """Of each enumeration: "a, b, c"."""
    return {
        enum: ", ".join(re.findall(r'"([\w.]+)"', body))
        for file in sorted((root / "src").rglob("*.hpp"))
        for enum, body in WORDS.findall(file.read_text(encoding="utf-8"))
    }


def fields(root: Path) -> dict[str, dict[str, tuple[str, str]]]:
    """Of each public struct: its fields with their types and defaults."""
    found = {}
    for file in sorted((root / "include" / "musclemap").glob("*.hpp")):
        text = re.sub(r"//[^\n]*", "", file.read_text(encoding="utf-8"))
        for struct, body in STRUCT.findall(text):
            found[struct] = {
                name: (kind.strip(), stated or braced or NONE) for kind, name, stated, braced in FIELD.findall(body)
            }
    return found


def rows(root: Path) -> Iterator[Row]:
    struct = ""
    for line in (root / PAGE).read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            struct = line[3:].strip(" `")
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) == 8:
            yield Row(struct, cells[0].strip("`"), *cells[1:])


def keywords(root: Path) -> dict[str, set[str]]:
    """Of each public function, method and class of the package: its parameters."""
    found = {}
    package = root / "python" / "musclemap"
    for file in [*sorted(package.glob("*.py")), package / "_core.pyi"]:
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            body = node.body if isinstance(node, ast.ClassDef) else []
            for each in [*body, *([node] if isinstance(node, ast.FunctionDef) else [])]:
                if not isinstance(each, ast.FunctionDef):
                    continue
                names = {arg.arg for arg in [*each.args.args, *each.args.kwonlyargs]}
                owner = node.name if isinstance(node, ast.ClassDef) else ""
                place = "cells" if file.stem == "cells" else owner
                name = f"{place}.{each.name}".strip(".")
                found.setdefault(name.removesuffix(".__init__"), names)
    return found


def of_lists(root: Path, table: list[Row]) -> Iterator[str]:
    listed, declared, known = lists(root), fields(root), words(root)
    for struct, options in listed.items():
        for field in declared.get(struct, []):
            if field not in options:
                yield f"{struct}::{field} is not in the list of its options"
        shown = {row.option: row for row in table if row.struct == struct}
        for option, (allowed, meaning) in options.items():
            if option not in shown:
                yield f"{PAGE}: {struct} has no row for {option}"
                continue
            row = shown[option]
            told = (row.default.strip("`"), row.allowed, row.meaning)
            kind, default = declared.get(struct, {}).get(option, ("", NONE))
            right = (default, known.get(kind, allowed), meaning)
            if told != right:
                yield f"{PAGE}: {struct}.{option} is said to be {told}; the sources say {right}"
        yield from (f"{PAGE}: {struct} has no option {name}" for name in shown if name not in options)
    for struct in sorted({row.struct for row in table} - set(listed)):
        yield f"{PAGE}: there is no list of {struct}"
    for struct in declared:
        if struct.endswith(("Options", "Request")) and struct not in listed:
            yield f"{struct} has no list of its options"


def named(cell: str) -> list[str]:
    return NAME.findall(cell)


def empty_cells(table: list[Row]) -> Iterator[str]:
    for row in table:
        for face, cell in (("C", row.c), ("Python", row.python), ("flag", row.flag), ("sidecar", row.sidecar)):
            if not named(cell) and not cell.startswith(NONE):
                yield f"{PAGE}: {row.struct}.{row.option} has neither a {face} name nor {NONE}"


def of_c(root: Path, table: list[Row]) -> Iterator[str]:
    structs = parse((root / "capi" / "include" / "musclemap.h").read_text(encoding="utf-8")).structs
    told: dict[str, set[str]] = {}
    for row in table:
        for name in named(row.c):
            struct, _, field = name.partition(".")
            told.setdefault(struct, set()).add(field)
            if field and field not in {each.name for each in structs.get(struct, ())}:
                yield f"{PAGE}: {name} is not in musclemap.h"
    for struct, known in told.items():
        for each in structs.get(struct, ()):
            if each.name not in known | C_FRAME and not each.name.startswith("reserved"):
                yield f"musclemap.h: {struct}.{each.name} is in no row of {PAGE}"


def of_python(root: Path, table: list[Row]) -> Iterator[str]:
    signatures = keywords(root)
    told: dict[str, set[str]] = {}
    for row in table:
        for name in named(row.python):
            call, _, keyword = name.removesuffix("=)").partition("(")
            told.setdefault(call, set()).add(keyword)
            if keyword not in signatures.get(call, set()):
                yield f"{PAGE}: the Python package has no {name}"
    for call, known in told.items():
        for keyword in sorted(signatures.get(call, set()) - known - PYTHON_FRAME):
            yield f"python: {call}({keyword}=) is in no row of {PAGE}"


def of_flags(root: Path, table: list[Row]) -> Iterator[str]:
    sources = sorted((root / "src" / "cli").glob("*.cpp"))
    flags = {flag for file in sources for flag in FLAG.findall(file.read_text(encoding="utf-8"))}
    told = {name.split()[-1] for row in table for name in named(row.flag)}
    yield from (f"{PAGE}: no command has {flag}" for flag in sorted(told - flags))
    commands = ("segment_batch", "segment_command", "metrics_options", "metrics_command", "run_command", "run_flags")
    commands += ("cell_mask_flags",)
    own = {
        flag
        for name in commands
        for flag in FLAG.findall((root / "src" / "cli" / f"{name}.cpp").read_text(encoding="utf-8"))
    }
    yield from (f"src/cli: {flag} is in no row of {PAGE}" for flag in sorted(own - told - FLAG_FRAME))


def of_sidecars(root: Path, table: list[Row]) -> Iterator[str]:
    files = (root / "src" / "task" / "sidecar.cpp", root / "src" / "metrics" / "metrics_sidecar.cpp")
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    for row in table:
        for name in named(row.sidecar):
            if f'"{name}"' not in text:
                yield f"{PAGE}: no sidecar has the key {name}"


def differences(root: Path) -> list[str]:
    table = list(rows(root))
    found = [*of_lists(root, table), *empty_cells(table)]
    for face in (of_c, of_python, of_flags, of_sidecars):
        found += face(root, table)
    return found


def main(arguments: list[str]) -> int:
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parents[2]
    found = differences(root)
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
