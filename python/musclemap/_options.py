"""Arguments as people write them into those of the extension module."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Union

from musclemap._core import Label, Progress
from musclemap.errors import ArgumentError

if TYPE_CHECKING:
    from tqdm.auto import tqdm

Path = Union[str, "os.PathLike[str]"]
Progressing = Union[bool, Callable[[Progress], Union[bool, None]], None]
Names = Union[Sequence[Label], Mapping[int, str]]

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
    if size < 0:
        raise ArgumentError(f"{what} is {size}; 0 (automatic) or more is allowed")
    return size


def device_of(device: object) -> tuple[str, int]:
    """Kind and index of 'auto', 'cpu', 'cuda' and 'cuda:1'; of a torch.device too."""
    text = str(device).lower()
    match = re.fullmatch(r"(auto|cpu)|(cuda)(?::([0-9]{1,4}))?", text)
    if match is None:
        raise ArgumentError(f"device is '{device}'; auto, cpu, cuda and cuda:N are allowed")
    return match[1] or match[2], int(match[3] or 0)


def label_list(names: Names | None) -> list[Label]:
    """A list of labels from labels or from {value: anatomy}."""
    if names is None:
        return []
    if isinstance(names, Mapping):
        return [Label(int(value), anatomy=str(anatomy)) for value, anatomy in names.items()]
    return list(names)


@contextmanager
def reporting(progress: Progressing, what: str) -> Iterator[Callable[[Progress], bool | None] | None]:
    """A callback for the extension module; None where nothing is to be told."""
    if progress is not True:
        yield progress or None
        return
    bar = _Bar(what)
    try:
        yield bar if bar.can_show else None
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
