"""Reads the C header: functions with their parameters and comments, structs with their fields, constants."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEADER = ROOT / "capi" / "include" / "musclemap.h"

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
FUNCTION = re.compile(
    r"(?:/\*\*(?P<comment>(?:(?!\*/).)*)\*/\s*)?MM_API\s+(?P<result>[\w\s*]+?)\b(?P<name>mm_\w+)\((?P<parameters>[^;{]*?)\)\s*MM_NOEXCEPT;",
    re.DOTALL,
)
STRUCT = re.compile(r"typedef struct (mm_\w+) \{(.*?)\} \1;", re.DOTALL)
OPAQUE = re.compile(r"typedef struct (mm_\w+) \1;")
CALLBACK = re.compile(r"typedef [\w\s*]+\(\*(mm_\w+)\)\(([^;]*)\);", re.DOTALL)
ENUM = re.compile(r"\benum \{(.*?)\}", re.DOTALL)
CONSTANT = re.compile(r"(MM_\w+) = (-?\d+)")
FIELD = re.compile(r"^(?P<type>.*?[\s*])(?P<name>\w+)(?:\[(?P<length>\d+)\])?$", re.DOTALL)
PARAMETER_COMMENT = re.compile(r"@param (\w+) (.*?)(?=@param |\Z)", re.DOTALL)


@dataclass(frozen=True)
class Variable:
    """A parameter or a field; `length` 0 for no array."""

    type: str
    name: str
    length: int = 0
    comment: str = ""

    @property
    def is_pointer(self) -> bool:
        return "*" in self.type or self.type.endswith("_fn")

    @property
    def is_integer(self) -> bool:
        return not self.is_pointer and self.type in ("int32_t", "uint32_t", "int64_t", "uint64_t", "mm_status")

    @property
    def may_be_null(self) -> bool:
        return self.comment.startswith("NULL:")


@dataclass(frozen=True)
class Function:
    name: str
    result: str
    parameters: tuple[Variable, ...]
    comment: str


@dataclass(frozen=True)
class Header:
    functions: tuple[Function, ...]
    structs: dict[str, tuple[Variable, ...]]
    handles: tuple[str, ...]
    callbacks: tuple[str, ...]
    constants: dict[str, int]


def _plain(text: str) -> str:
    return " ".join(text.split())


def _variable(text: str, comments: dict[str, str]) -> Variable:
    match = FIELD.match(_plain(text))
    assert match, f"not understood: {text!r}"
    name = match["name"]
    return Variable(match["type"].strip(), name, int(match["length"] or 0), comments.get(name, ""))


def _function(match: re.Match[str]) -> Function:
    comment = re.sub(r"^\s*\* ?", "", match["comment"] or "", flags=re.MULTILINE)
    comments = {found[1]: _plain(found[2]) for found in PARAMETER_COMMENT.finditer(comment)}
    text = _plain(match["parameters"])
    parameters = () if text == "void" else tuple(_variable(part, comments) for part in text.split(","))
    return Function(match["name"], _plain(match["result"]), parameters, _plain(comment))


def _fields(body: str) -> tuple[Variable, ...]:
    plain = COMMENT.sub("", body)
    return tuple(_variable(part, {}) for part in plain.split(";") if part.strip())


def parse(text: str) -> Header:
    bare = COMMENT.sub("", text)
    header = Header(
        tuple(_function(match) for match in FUNCTION.finditer(text)),
        {match[1]: _fields(match[2]) for match in STRUCT.finditer(text)},
        tuple(OPAQUE.findall(bare)),
        tuple(match[1] for match in CALLBACK.finditer(bare)),
        {name: int(value) for body in ENUM.findall(bare) for name, value in CONSTANT.findall(body)},
    )
    # What the patterns miss must not go unnoticed.
    assert len(header.functions) == len(re.findall(r"\bMM_API\s+\w", re.sub(r"#define.*", "", bare)))
    assert len(header.constants) == len(re.findall(r"\bMM_\w+ = ", bare))
    return header


def read(file: Path = HEADER) -> Header:
    return parse(file.read_text(encoding="utf-8"))
