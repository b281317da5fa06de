"""The folder `.musclemap-fetch` in a folder of models: one fetch at a time, files on their way, what was put in place.

Nothing looks for models there. It lies on the file system of the models, so that a rename is all that puts a file in
its place.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from musclemap_fetch.errors import FetchError

NAME = ".musclemap-fetch"
_RECORDS = "installed.json"
_LOCK = "lock"


class Workplace:
    """Of one folder of models; only within `locked()` is anything written."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._folder = root / NAME

    @contextmanager
    def locked(self, on_wait: Callable[[], None]) -> Iterator[None]:
        """Waits until no other process has it, after saying so; what is empty at the end goes."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = self._lock(on_wait)
        except OSError as error:
            raise FetchError(f"{error.filename or self._folder}: cannot be used: {error.strerror}") from None
        try:
            yield
        finally:
            self._leave(lock)

    def _lock(self, on_wait: Callable[[], None]) -> int:
        path, said = self._folder / _LOCK, False
        while True:
            self._folder.mkdir(exist_ok=True)
            try:
                lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
            except FileNotFoundError:
                continue  # the other process has just left
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if not said:
                    on_wait()
                said = True
                fcntl.flock(lock, fcntl.LOCK_EX)
            try:
                if os.path.samestat(os.fstat(lock), path.stat()):
                    return lock
            except FileNotFoundError:
                pass
            os.close(lock)  # of a file that the other process removed when it left

    def _leave(self, lock: int) -> None:
        try:
            for folder in [each for each in self._folder.iterdir() if each.is_dir()]:
                if not any(folder.iterdir()):
                    folder.rmdir()
            (self._folder / _LOCK).unlink(missing_ok=True)
            if not any(self._folder.iterdir()):
                self._folder.rmdir()
        except OSError:
            pass  # the disk is read-only, or another process is already there
        finally:
            os.close(lock)

    def staging(self, name: str) -> Path:
        """Where the files of a model are until they are whole and checked; kept between tries."""
        folder = self._folder / name
        folder.mkdir(exist_ok=True)
        return folder

    def clear(self, name: str) -> None:
        shutil.rmtree(self._folder / name, ignore_errors=True)

    def records(self) -> dict[str, Any]:
        """What was put in place by NAME or NAME@VERSION."""
        file = self._folder / _RECORDS
        try:
            stated = json.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise FetchError(f"{file}: cannot be read: {error}") from None
        if not isinstance(stated, dict):
            raise FetchError(f"{file}: holds no records")
        return stated

    def record(self, key: str, entry: Mapping[str, Any]) -> None:
        """Whole or not at all."""
        write_json(self._folder / _RECORDS, {**self.records(), key: dict(entry)})


def write_json(file: Path, content: Mapping[str, Any]) -> None:
    """Whole or not at all."""
    new = file.with_name(file.name + ".new")
    try:
        new.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        new.replace(file)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise FetchError(f"{file}: cannot be written: {error.strerror}") from None
