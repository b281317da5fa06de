"""Compares examples/julia/MuscleMap.jl with the C header: nothing here runs Julia.

Usage: julia_signatures.py [FILE]

Of every ccall: the function's name, its result, number and types of its arguments, and how many values are passed.
Of every struct that is named as one of the header's: names, order and types of its fields. Of every constant that is
named as one of the header's: its number.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from c_header import Header, Variable, read  # noqa: E402

MODULE = ROOT / "examples" / "julia" / "MuscleMap.jl"
NUMBERS = {
    "mm_status": "Int32",
    "int32_t": "Int32",
    "uint32_t": "UInt32",
    "int64_t": "Int64",
    "uint64_t": "UInt64",
    "size_t": "Csize_t",
    "double": "Float64",
    "char": "UInt8",
}
OPEN, CLOSE = "([{", ")]}"
STRUCT = re.compile(r"^struct (mm_\w+)\n(.*?)^end$", re.DOTALL | re.MULTILINE)
CONSTANT = re.compile(r"^const ([A-Z][A-Z0-9_]+) = (?:U?Int32\()?(-?\d+)\)?$", re.MULTILINE)
NAME = re.compile(r"\(\s*:(\w+)\s*,\s*library\s*\)$")


@dataclass(frozen=True)
class Call:
    name: str
    result: str
    types: tuple[str, ...]
    values: int
    line: int


def without_comments(text: str) -> str:
    """The module's texts hold no #."""
    return re.sub(r"#.*", "", text)


def parts(text: str, start: int) -> list[str]:
    """What stands between the bracket at `start` and its partner, divided at the commas of that depth."""
    depth, found, begin = 0, [], start + 1
    for place in range(start, len(text)):
        if text[place] in OPEN:
            depth += 1
        elif text[place] in CLOSE:
            depth -= 1
        if depth == 0 or (depth == 1 and text[place] == ","):
            found.append(" ".join(text[begin:place].split()))
            begin = place + 1
        if depth == 0:
            return [part for part in found if part]
    raise ValueError(f"a bracket is not closed: {text[start:start + 60]!r}")


def calls(text: str) -> list[Call]:
    found = []
    for match in re.finditer(r"\bccall\b", text):
        line = text.count("\n", 0, match.start()) + 1
        if text[match.end()] != "(":
            raise ValueError(f"line {line}: ccall is written another way")
        function, result, types, *values = parts(text, match.end())
        name = NAME.match(function)
        if not name:
            raise ValueError(f"line {line}: {function} is not (:name, library)")
        found.append(Call(name[1], result, tuple(parts(types, 0)), len(values), line))
    return found


def julia_type(header: Header, c_type: str) -> str:
    """The type that a C type has in the module: handles and callbacks are Ptr{Cvoid}, structs keep their names."""
    plain = " ".join(c_type.replace("const", " ").replace("*", " * ").split())
    base, stars = plain.split(" ")[0], plain.count("*")
    if base in header.callbacks:
        return "Ptr{Cvoid}"
    if stars == 0:
        return "Cvoid" if base == "void" else NUMBERS[base]
    if base == "char":
        inner = "Cstring"
    elif base == "void" or base in header.handles:
        inner = "Ptr{Cvoid}"
    else:
        inner = "Ptr{" + (base if base in header.structs else NUMBERS[base]) + "}"
    return "Ptr{" * (stars - 1) + inner + "}" * (stars - 1)


def field_type(header: Header, field: Variable) -> str:
    plain = julia_type(header, field.type)
    return f"NTuple{{{field.length},{plain}}}" if field.length else plain


def call_problems(header: Header, text: str) -> Iterator[str]:
    functions = {function.name: function for function in header.functions}
    for call in calls(text):
        place = f"line {call.line}: {call.name}"
        function = functions.get(call.name)
        if function is None:
            yield f"{place}: the header has no such function"
            continue
        result = julia_type(header, function.result)
        if call.result != result:
            yield f"{place}: result {call.result}, the header says {result}"
        types = tuple(julia_type(header, each.type) for each in function.parameters)
        if len(call.types) != len(types):
            yield f"{place}: {len(call.types)} types, the header says {len(types)}"
        if call.values != len(types):
            yield f"{place}: {call.values} values, the header says {len(types)}"
        for number, (mine, wanted) in enumerate(zip(call.types, types), 1):
            if mine != wanted:
                yield f"{place}: argument {number} is {mine}, the header says {wanted}"


def struct_problems(header: Header, text: str) -> Iterator[str]:
    for match in STRUCT.finditer(text):
        name = match[1]
        if name not in header.structs:
            yield f"struct {name}: the header has none"
            continue
        mine = re.findall(r"(\w+)::(\S+)", match[2])
        wanted = [(field.name, field_type(header, field)) for field in header.structs[name]]
        if mine != wanted:
            yield f"struct {name}: {mine}, the header says {wanted}"


def constant_problems(header: Header, text: str) -> Iterator[str]:
    known = {**header.constants, "MM_ABI_VERSION": abi_version()}
    for name, number in CONSTANT.findall(text):
        if known.get(f"MM_{name}") != int(number):
            yield f"constant {name} is {number}, the header says {known.get(f'MM_{name}')}"


def abi_version() -> int:
    found = re.search(r"#define MM_ABI_VERSION (\d+)", (ROOT / "capi/include/musclemap.h").read_text(encoding="utf-8"))
    assert found
    return int(found[1])


def problems(module: str, header: Header) -> list[str]:
    text = without_comments(module)
    return [*call_problems(header, text), *struct_problems(header, text), *constant_problems(header, text)]


def main() -> int:
    module = Path(sys.argv[1]) if len(sys.argv) > 1 else MODULE
    found = problems(module.read_text(encoding="utf-8"), read())
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
