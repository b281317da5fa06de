"""Writes the misuse test: calls of every function of the C header with each argument wrong in turn.

Usage: generate_misuse.py HEADER OUT.c. A function that is added to the header is covered without being named here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from c_header import Function, Header, Variable, parse  # noqa: E402

WIDE = {
    "int32_t": ("0", "1", "-1", "INT32_MAX", "INT32_MIN"),
    "uint32_t": ("0", "1", "UINT32_MAX"),
    "int64_t": ("0", "1", "-1", "INT32_MAX", "INT64_MAX", "INT64_MIN"),
    "uint64_t": ("0", "1", "UINT64_MAX"),
    "double": ("0", "-1", "NAN", "INFINITY", "1e308"),
    "size_t": ("0", "1", "SIZE_MAX"),
}
WIDE["mm_status"] = WIDE["int32_t"]


@dataclass
class Case:
    """One call: what is done to the arguments before it, and what it must answer."""

    what: str
    change: str = ""
    expect: str = "any"
    about: str = ""
    values: dict[str, str] = field(default_factory=dict)


class Writer:
    def __init__(self, header: Header) -> None:
        self.header = header

    def target(self, variable: Variable) -> str:
        """What a pointer points to, without const."""
        return variable.type.replace("const", "").replace("*", "").strip()

    def is_struct(self, variable: Variable) -> bool:
        return variable.is_pointer and self.target(variable) in self.header.structs

    def is_handle(self, variable: Variable) -> bool:
        return variable.type.count("*") == 1 and self.target(variable) in self.header.handles

    def is_output(self, variable: Variable) -> bool:
        if variable.type.count("*") == 2:
            return True
        if not variable.is_pointer or variable.type.endswith("_fn") or self.is_handle(variable):
            return False
        return "const" not in variable.type and self.target(variable) != "void"

    def declare(self, variable: Variable) -> Iterator[str]:
        """The argument with a lawful value."""
        kind, name, target = variable.type, variable.name, self.target(variable)
        if self.is_struct(variable):
            yield f"{target} s_{name};"
            yield f"memset(&s_{name}, {'0x5a' if self.is_output(variable) else '0'}, sizeof s_{name});"
            yield f"s_{name}.struct_size = sizeof s_{name};"
            if not self.is_output(variable):
                yield f'lawful_struct("{target}", &s_{name});'
            yield f"{kind} a_{name} = &s_{name};"
        elif self.is_output(variable):
            inner = kind.rsplit("*", 1)[0].strip()
            yield f"{inner} s_{name};"
            yield f"memset(&s_{name}, 0x5a, sizeof s_{name});"
            yield f"{kind} a_{name} = &s_{name};"
        elif self.is_handle(variable):
            yield f'{kind} a_{name} = ({target} *)lawful_handle("{target}", "{name}");'
        elif kind.endswith("_fn"):
            yield f"{kind} a_{name} = lawful_{kind};"
        elif target == "void":
            yield f"{kind} a_{name} = &callback_data;"
        elif target == "char":
            yield f'{kind} a_{name} = lawful_text("{name}");'
        elif self.is_struct(variable) or kind in WIDE:
            yield f'{kind} a_{name} = ({kind})lawful_number("{name}");'
        else:
            raise SystemExit(f"no lawful value is known for the type {kind!r} of {name}")

    def cases(self, function: Function) -> Iterator[Case]:
        yield Case("lawful arguments")
        for variable in function.parameters:
            name = variable.name
            if variable.is_pointer:
                expect = "any" if variable.may_be_null else "argument"
                yield Case(f"{name} NULL", f"a_{name} = NULL;", expect, name)
            if self.is_handle(variable):
                target = self.target(variable)
                other = "mm_labels" if target != "mm_labels" else "mm_cancel_token"
                change = f'a_{name} = ({target} *)lawful_handle("{other}", "{name}");'
                yield Case(f"{name} of another type", change, "argument", name)
            for value in WIDE.get(variable.type, ()):
                yield Case(f"{name} {value}", f"a_{name} = ({variable.type}){value};")
            if self.is_struct(variable):
                yield from self.struct_cases(variable)

    def struct_cases(self, variable: Variable) -> Iterator[Case]:
        target = self.target(variable)
        for value in ("0", "1", f"sizeof({target}) - 1", "4097", "UINT32_MAX"):
            change = f"s_{variable.name}.struct_size = (uint32_t)({value});"
            yield Case(f"{variable.name}.struct_size {value}", change, "argument", variable.name)
        if self.is_output(variable):
            return
        for part in self.header.structs[target]:
            if part.name == "struct_size":
                continue
            place = f"s_{variable.name}.{part.name}"
            if part.is_pointer:
                yield Case(f"{variable.name}.{part.name} NULL", f"{place} = NULL;")
                continue
            for value in WIDE[part.type]:
                places = [f"{place}[{n}]" for n in range(part.length)] or [place]
                first = f"{places[0]} = ({part.type}){value};"
                yield Case(f"{variable.name}.{part.name} {value}", first)
                if len(places) > 1:
                    every = " ".join(f"{each} = ({part.type}){value};" for each in places)
                    yield Case(f"{variable.name}.{part.name}[*] {value}", every)

    def call(self, function: Function, case: Case) -> Iterator[str]:
        yield f'  if (begin_case("{function.name}: {case.what}")) {{'
        for variable in function.parameters:
            for line in self.declare(variable):
                yield "    " + line
        if case.change:
            yield "    " + case.change
        # Without an engine there is no segmenter, and the call would be refused for that.
        for variable in function.parameters:
            if self.is_handle(variable) and case.about != variable.name:
                yield f"    if (a_{variable.name} == NULL) {{ skip_case(); goto end_{self.count}; }}"
        for variable in function.parameters:
            if self.is_struct(variable) and self.is_output(variable):
                yield f"    const {self.target(variable)} b_{variable.name} = s_{variable.name};"
        arguments = ", ".join(f"a_{variable.name}" for variable in function.parameters)
        if function.result == "mm_status":
            yield f"    const mm_status status = {function.name}({arguments});"
            yield f'    expect_{case.expect}(status, "{case.about}");'
            for variable in function.parameters:
                yield from self.untouched(variable)
        else:
            yield f"    {'' if function.result == 'void' else '(void)'}{function.name}({arguments});"
        if any(self.is_handle(variable) and case.about != variable.name for variable in function.parameters):
            yield f"    end_{self.count}:;"
        yield "  }"

    def untouched(self, variable: Variable) -> Iterator[str]:
        if not self.is_output(variable):
            return
        name = variable.name
        if self.is_struct(variable):
            yield f"    if (status != MM_OK) expect_same(&s_{name}, &b_{name}, sizeof s_{name});"
        else:
            yield f"    if (status != MM_OK) expect_filled(&s_{name}, sizeof s_{name});"

    def write(self) -> str:
        lines = ["/* Generated by generate_misuse.py; do not edit. */", '#include "misuse.h"', ""]
        self.count = 0
        for function in self.header.functions:
            lines.append(f"static void test_{function.name}(void) {{")
            for case in self.cases(function):
                self.count += 1
                lines += self.call(function, case)
            lines += ["}", ""]
        names = ",\n    ".join(f'{{"{each.name}", test_{each.name}}}' for each in self.header.functions)
        lines += [f"const misuse_test misuse_tests[] = {{\n    {names}}};", ""]
        lines.append(f"const int misuse_test_count = {len(self.header.functions)};")
        return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    header, out = (Path(argument) for argument in arguments)
    out.write_text(Writer(parse(header.read_text(encoding="utf-8"))).write(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
