"""Every public name of the Python package has a docstring that names each of its parameters.

Usage: python_docs.py FOLDER, the folder of the built package. A line for each that has none; exit status 1 then.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from types import ModuleType

# What every long call takes is said once, in the package's own docstring.
EVERYWHERE = {"self", "cls", "progress", "cancel", "threads", "memory_budget"}
# Of a class that nobody makes: pybind11 and Protocol have a constructor that refuses.
REFUSED = ["self", "args", "kwargs"]
# The first line that pybind11 writes into a docstring, and its list of overloads.
SIGNATURE = re.compile(r"^(\d+\. )?\w+\(.*\)( -> .*)?$|^Overloaded function\.$", re.MULTILINE)


def text_of(thing: object) -> str:
    """Its own docstring, not that of its type, without signatures."""
    own = thing.__func__ if isinstance(thing, (staticmethod, classmethod)) else thing
    return SIGNATURE.sub("", getattr(own, "__doc__", None) or "").strip()


def parameters_of(thing: object) -> list[str]:
    """Names of the parameters; pybind11's stand in the first line of the docstring."""
    own = thing.__func__ if isinstance(thing, (staticmethod, classmethod)) else thing
    try:
        return [name.lstrip("*") for name in inspect.signature(own).parameters]  # type: ignore[arg-type]
    except (TypeError, ValueError):
        lines = SIGNATURE.finditer(getattr(own, "__doc__", None) or "")
        return [name for line in lines for name in re.findall(r"[(,] ?(\w+): ", line.group())]


def problems_of(name: str, thing: object) -> Iterator[str]:
    text = text_of(thing)
    if not text:
        yield f"{name} has no docstring"
        return
    yield from unnamed(name, parameters_of(thing), text)


def unnamed(name: str, parameters: list[str], text: str) -> Iterator[str]:
    for parameter in parameters:
        if parameter not in EVERYWHERE and not re.search(rf"\b{parameter}\b", text):
            yield f"{name}: the docstring does not name the parameter {parameter}"


def is_callable(thing: object) -> bool:
    return inspect.isroutine(thing) or isinstance(thing, (staticmethod, classmethod))


def members(kind: type) -> Iterator[tuple[str, object]]:
    for name, member in vars(kind).items():
        if not name.startswith("_") and (is_callable(member) or inspect.isdatadescriptor(member)):
            yield name, member


def problems_of_class(name: str, kind: type) -> Iterator[str]:
    text = text_of(kind)
    if not text:
        yield f"{name} has no docstring"
    # A constructor's parameters may be the documented attributes of the same names.
    parameters = parameters_of(vars(kind).get("__init__", lambda: None))
    if parameters != REFUSED:
        yield from unnamed(f"{name}()", parameters, " ".join([text, *(each for each, _ in members(kind))]))
    for member_name, member in members(kind):
        if is_callable(member):
            yield from problems_of(f"{name}.{member_name}()", member)
        elif not text_of(member):
            yield f"{name}.{member_name} has no docstring"


def problems(package: ModuleType) -> list[str]:
    """Of a module and of the modules among its public names."""
    found: list[str] = [] if package.__doc__ else [f"{package.__name__} has no docstring"]
    for name in package.__all__:
        thing = getattr(package, name)
        if inspect.ismodule(thing):
            found += [problem if problem.startswith(thing.__name__) else f"{name}.{problem}" for problem in problems(thing)]
        elif inspect.isclass(thing):
            found += problems_of_class(name, thing)
        elif callable(thing) and inspect.isroutine(thing):
            found += problems_of(f"{name}()", thing)
    return found


def main() -> int:
    sys.path.insert(0, sys.argv[1])
    import musclemap

    found = problems(musclemap)
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
