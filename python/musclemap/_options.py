"""Arguments as people write them into those of the extension module."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal, Union

from musclemap import _core
from musclemap._core import CancelToken, Control, Label, Progress
from musclemap.errors import ArgumentError

if TYPE_CHECKING:
    from tqdm.auto import tqdm

Path = Union[str, "os.PathLike[str]"]
Progressing = Union[bool, Callable[[Progress], Union[bool, None]], None]
Names = Union[Sequence[Label], Mapping[int, str], Path]
SectionAxis = Literal["superior", "stored", "i", "j", "k"]

_UNITS = {"": 1, "k": 1000, "m": 1000**2, "g": 1000**3, "t": 1000**4}
_UNITS |= {"ki": 1024, "mi": 1024**2, "gi": 1024**3, "ti": 1024**4}


def byte_count(size: int | str | None, what: str = "memory budget") -> int:
    """4294967296, "4GiB", "4 GB" or "500MiB"; None for 0, which leaves the choice to the library."""
    if size is None:
        return 0
    if isinstance(size, str):
        match = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([kmgt]?i?)b?\s*", size.lower())
        if match is None or match[2] not in _UNITS:
            raise ArgumentError(f"{what} is '{size}'; bytes or a size such as '4GiB' are allowed")
        size = int(float(match[1]) * _UNITS[match[2]])
    if not isinstance(size, int) or isinstance(size, bool):
        raise ArgumentError(f"{what} is of the type {type(size).__name__}; bytes or a size such as '4GiB' are allowed")
    if size < 0:
        raise ArgumentError(f"{what} is {size}; 0 (automatic) or more is allowed")
    return size


def shown(value: object) -> str:
    """A value of any kind for a message: one line, not long."""
    most = 60
    text = " ".join(repr(value).split())
    return text if len(text) <= most else f"{text[:most]}… ({type(value).__name__})"


def flag(value: object, what: str) -> bool:
    """True or False. Error: ArgumentError."""
    if isinstance(value, bool):
        return value
    raise ArgumentError(f"{what} is {shown(value)}; True and False are allowed")


def label_list(names: Names | None) -> list[Label]:
    """A list of labels from labels, from {value: anatomy} or from a file that read_labels() takes. Error: ArgumentError."""
    if names is None:
        return []
    if isinstance(names, (str, os.PathLike)):
        return _core.read_labels(names)
    try:
        if isinstance(names, Mapping):
            return [Label(int(value), anatomy=str(anatomy)) for value, anatomy in names.items()]
        labels = list(names)
    except (TypeError, ValueError) as error:
        raise ArgumentError(f"names are no Label objects and no {{value: anatomy}}: {error}") from None
    for label in labels:
        if not isinstance(label, Label):
            kind = type(label).__name__
            raise ArgumentError(f"names hold a {kind}; Label objects, or {{value: anatomy}}, are allowed")
    return labels


def text_list(texts: object, what: str) -> list[str]:
    """A list of str; one str is none. Error: ArgumentError."""
    listed = list(texts) if isinstance(texts, Iterable) and not isinstance(texts, str) else [None]
    if not all(isinstance(text, str) for text in listed):
        raise ArgumentError(f"{what} is {shown(texts)}; a list of texts is allowed")
    return listed


def name_of(image: object) -> str:
    """What a bar says of an image. Of a path: its last part."""
    return os.path.basename(os.fsdecode(image)) if isinstance(image, (str, os.PathLike)) else "volume"


def keep_inputs(output: Path, *inputs: object) -> None:
    """ArgumentError where the file output would replace one that the call reads; inputs that are no paths do not count."""
    _core.check_output(output, [file for file in inputs if isinstance(file, (str, os.PathLike))])


@contextmanager
def running(
    progress: Progressing = None,
    what: str = "",
    *,
    threads: int = 0,
    memory_budget: int | str | None = None,
    cancel: CancelToken | None = None,
) -> Iterator[Control]:
    """How the extension module reports, is cancelled and is bounded. Error: ArgumentError."""
    budget = byte_count(memory_budget)
    if not isinstance(progress, bool):
        yield Control(progress, threads, budget, cancel)
        return
    bar = _Bar(what)
    try:
        yield Control(bar if progress and bar.can_show else None, threads, budget, cancel)
    finally:
        bar.close()


class _Bar:
    """A bar of tqdm per stage, where tqdm is installed."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._stage = ("", -1)
        self._bar: tqdm[None] | None = None
        self.can_show = find_spec("tqdm") is not None

    def __call__(self, progress: Progress) -> None:
        if self._bar is None or (progress.stage, progress.total) != self._stage:
            from tqdm.auto import tqdm

            self.close()
            self._stage = (progress.stage, progress.total)
            self._bar = tqdm(desc=f"{self._what}: {progress.stage}", total=progress.total, leave=False)
        self._bar.update(progress.done - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
        self._bar = None
