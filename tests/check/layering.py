"""Checks which file may include which, and that the library never prints or ends the process.

Usage: layering.py [ROOT]. Prints a line per violation; exit status 1 if there is one.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# A folder may include from its own and those named.
FLOORS = (
    ("base",),
    ("net", "image"),
    ("io", "infer", "decode", "quant", "draw"),
    ("task", "metrics"),
    ("batch",),
    ("cli",),
)
ALLOWED = {
    room: {lower for below in FLOORS[:floor] for lower in below}
    for floor, rooms in enumerate(FLOORS)
    for room in rooms
}
# The room that each public header belongs to: whoever may include from that room may include the header.
ROOM_OF_PUBLIC = {
    **dict.fromkeys(("error", "version", "run", "geometry", "volume", "image_stack", "labels", "tissue"), "base"),
    "cells": "decode",
    "itk": "image",
    "nifti": "io",
    "pictures": "io",
    "metrics": "quant",
    "organs": "quant",
    "picture": "draw",
    "cell_segmenter": "task",
    "micro_sam": "task",
    "model_bundle": "task",
    "segmenter": "task",
    "task": "task",
    "musclemap": "cli",
}
WRAPPERS = ("capi", "python")
# What wrappers include beside public headers: the lists of options, and what no host of the library needs.
INTERNAL_OF_WRAPPERS = {
    "capi": {
        "base/checked.hpp",
        "base/progress.hpp",
        "base/text.hpp",
        "image/typed_view.hpp",
        "image/volume_reader.hpp",
        "io/files/atomic_file.hpp",
        "quant/cells/cell_table.hpp",
        "task/bundle_state.hpp",
        "task/info_json.hpp",
        "task/radiomics_json.hpp",
        "task/totalsegmentator/organ_labels.hpp",
        "task/trust_list.hpp",
    },
    "python": {
        "base/option.hpp",
        "base/progress.hpp",
        "base/run_options.hpp",
        "cli/programs.hpp",
        "decode/flows/mask_options.hpp",
        "draw/montage_options.hpp",
        "draw/slice_picture.hpp",
        "image/grid_check.hpp",
        "image/orientation.hpp",
        "image/reordered.hpp",
        "image/typed_view.hpp",
        "infer/engine.hpp",
        "io/files/atomic_file.hpp",
        "io/files/justified_bytes.hpp",
        "io/files/output_guard.hpp",
        "io/label_tables/label_formats.hpp",
        "io/nifti/nifti_options.hpp",
        "io/pictures/ome_tiff_options.hpp",
        "metrics/metrics_options.hpp",
        "quant/organs/class_name.hpp",
        "quant/organs/organ_statistics.hpp",
        "task/cells/cell_options.hpp",
        "task/cells/sam_options.hpp",
        "image/volume_reader.hpp",
        "task/bundle_state.hpp",
        "task/doctor_json.hpp",
        "task/info_json.hpp",
        "task/label_map_file.hpp",
        "task/model_options.hpp",
        "task/radiomics_json.hpp",
        "task/segment_options.hpp",
        "task/task_options.hpp",
        "task/totalsegmentator/organ_labels.hpp",
    },
    "cli": {
        "base/option.hpp",
        "base/own_folder.hpp",
        "base/parallel.hpp",
        "base/run_options.hpp",
        "base/text.hpp",
        "base/words.hpp",
        "batch/cell_batch.hpp",
        "batch/cellpose_frames.hpp",
        "batch/measured_job.hpp",
        "batch/organ_batch.hpp",
        "batch/sam_frames.hpp",
        "batch/segment_batch.hpp",
        "decode/flows/mask_options.hpp",
        "image/steps/project_z.hpp",
        "infer/load_engine.hpp",
        "infer/network.hpp",
        "io/files/atomic_file.hpp",
        "io/files/input_file.hpp",
        "io/files/justified_bytes.hpp",
        "io/files/output_guard.hpp",
        "io/files/warnings_json.hpp",
        "io/label_tables/label_formats.hpp",
        "io/weights/nnunet/import.hpp",
        "metrics/metrics_options.hpp",
        "quant/table/table_options.hpp",
        "net/check_graph.hpp",
        "task/bundle_state.hpp",
        "task/cells/cell_dump.hpp",
        "task/cells/cell_options.hpp",
        "task/cells/sam_options.hpp",
        "task/cells/mask_file.hpp",
        "task/cells/stored_flows.hpp",
        "task/doctor_json.hpp",
        "task/info_json.hpp",
        "task/model_options.hpp",
        "task/search_path.hpp",
        "task/segment_options.hpp",
        "task/shown_task.hpp",
        "task/task_options.hpp",
        "task/task_state.hpp",
        "task/totalsegmentator/task_list.hpp",
        "task/weights_search.hpp",
    },
}
SUFFIXES = {".c", ".h", ".hpp", ".cpp"}
PUBLIC = "musclemap/"

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
COMMENT_OR_TEXT = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"', re.DOTALL
)
PRINTS_OR_ENDS = re.compile(
    r"\bstd::(cout|cerr|clog|exit|abort|quick_exit|_Exit|puts|printf)\b"
    r"|(?<![\w:.>])(printf|fprintf|puts|putchar|perror|exit|_exit|abort|quick_exit)\s*\("
    r"|(?<![\w:.>])(stdout|stderr)\b"
)
TORCH = re.compile(r"^(torch|ATen|c10|caffe2)/")
NIFTI = re.compile(r"^(nifti/)?(nifti|znz)\w*\.h$")
EIGEN = re.compile(r"^(unsupported/)?Eigen(3)?/")
PROGRAM_ONLY = re.compile(r"^(nlohmann|CLI)/")
# Names of the standard library's headers have no folder and no suffix.
STANDARD = re.compile(r"^[a-z0-9_]+$")


@dataclass(frozen=True)
class Violation:
    file: Path
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"


@dataclass(frozen=True)
class Include:
    name: str
    line: int

    @property
    def folder(self) -> str:
        return self.name.split("/", 1)[0] if "/" in self.name else ""


def sources(root: Path) -> Iterator[Path]:
    for top in ("include", "src", *WRAPPERS, "bench", "examples"):
        for file in sorted((root / top).rglob("*")):
            if file.suffix in SUFFIXES and file.is_file():
                yield file.relative_to(root)


def includes_of(text: str) -> list[Include]:
    return [Include(match[2], text.count("\n", 0, match.start(1)) + 1) for match in INCLUDE.finditer(text)]


def without_comments_and_texts(text: str) -> str:
    """The code alone, with its line breaks."""
    return COMMENT_OR_TEXT.sub(lambda match: "\n" * match[0].count("\n"), text)


def _foreign(file: Path, name: str) -> str | None:
    """Why another library's header may not be included here."""
    place = file.as_posix()
    if TORCH.match(name) and not place.startswith("src/infer/torch_"):
        return f"<{name}>: LibTorch belongs to src/infer/torch_*.cpp alone"
    if NIFTI.match(name) and not place.startswith("src/io/"):
        return f"<{name}>: the NIfTI library belongs to src/io alone"
    eigen_place = place == "include/musclemap/eigen.hpp" or (
        place.startswith("src/") and file.suffix == ".cpp"
    )
    if EIGEN.match(name) and not eigen_place:
        return f"<{name}>: Eigen belongs to the .cpp files of src and to musclemap/eigen.hpp"
    return None


def _public(file: Path, name: str) -> str | None:
    if name.startswith(PUBLIC):
        own = ROOM_OF_PUBLIC.get(file.stem)
        return _above(own, name) if own else f"{file.name} has no room in ROOM_OF_PUBLIC"
    if STANDARD.match(name) or name in ("stddef.h", "stdint.h"):
        return None
    return f"<{name}>: a public header includes the standard library and {PUBLIC} alone"


def _room(name: str) -> str:
    """Of an include as it is written: the folder, or that of a public header; "" for another one."""
    folder, _, rest = name.partition("/")
    if f"{folder}/" == PUBLIC:
        return ROOM_OF_PUBLIC.get(rest.removesuffix(".hpp"), "")
    return folder if folder in ALLOWED else ""


def _above(own: str, name: str) -> str | None:
    """Every step goes down, through public headers too, so that no chain of includes goes up."""
    room = _room(name)
    if name.startswith(PUBLIC) and not room:
        return f'"{name}": the public header has no room'
    if not room or room == own or room in ALLOWED[own]:
        return None
    return f'"{name}": {own} may not include from {room}'


def _internal(top: str, name: str) -> str | None:
    if name.startswith(PUBLIC) or not _room(name) or _room(name) == top or name in INTERNAL_OF_WRAPPERS[top]:
        return None
    return f'"{name}": {top} includes public headers and those of INTERNAL_OF_WRAPPERS'


def _library(file: Path, include: Include) -> str | None:
    own = file.parts[1]
    name, folder = include.name, include.folder
    if own not in ALLOWED:
        return f"src/{own} is no folder of the layering"
    if PROGRAM_ONLY.match(name) and name.startswith("CLI/") and own != "cli":
        return f"<{name}>: command lines belong to src/cli"
    if above := _above(own, name) or (_internal(own, name) if own in INTERNAL_OF_WRAPPERS else None):
        return above
    if folder in WRAPPERS or name == "musclemap.h":
        return f'"{name}": src may not include from {folder or "capi"}'
    steps = file.parent.as_posix() == "src/image/steps" and file.stem != "step"
    if steps and name.startswith("image/steps/") and Path(name).stem not in (file.stem, "parts"):
        return f'"{name}": a step of a chain does not know another one'
    return None


def _outer(root: Path, file: Path, include: Include) -> str | None:
    top = file.parts[0]
    name, folder = include.name, include.folder
    others = set(WRAPPERS) - {top}
    if folder in others:
        return f'"{name}": {top} may not include from {folder}'
    if top in WRAPPERS:
        return _internal(top, name)
    if top != "examples" or name.startswith(PUBLIC) or STANDARD.match(name):
        return None
    beside = ((root / file).parent / name, root / top / name)
    if any(path.is_file() for path in beside):
        return None
    if (root / "src" / name).is_file():
        return f'"{name}": examples include public headers alone'
    return None


def _check_include(root: Path, file: Path, include: Include) -> str | None:
    if ".." in Path(include.name).parts:
        return f'"{include.name}": paths go down from a root'
    foreign = _foreign(file, include.name)
    if foreign:
        return foreign
    if file.parts[0] == "include":
        return None if file.name == "eigen.hpp" and EIGEN.match(include.name) else _public(file, include.name)
    return _library(file, include) if file.parts[0] == "src" else _outer(root, file, include)


def _check_code(file: Path, text: str) -> Iterator[Violation]:
    if file.parts[0] not in ("src", "include", "capi") or file.parts[1] == "cli":
        return
    code = without_comments_and_texts(text)
    for match in PRINTS_OR_ENDS.finditer(code):
        line = code.count("\n", 0, match.start()) + 1
        yield Violation(file, line, f"{match[0].strip()}: the library neither prints nor ends the process")


def check(root: Path) -> list[Violation]:
    violations = []
    for file in sources(root):
        text = (root / file).read_text(encoding="utf-8")
        for include in includes_of(text):
            what = _check_include(root, file, include)
            if what:
                violations.append(Violation(file, include.line, what))
        violations.extend(_check_code(file, text))
    return violations


def main(arguments: list[str]) -> int:
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parents[2]
    violations = check(root)
    for violation in violations:
        print(violation)
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
