"""One model: from its source or from files at hand, through the checks, into its place."""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path

from musclemap_fetch import brought, layouts
from musclemap_fetch.catalogue import Model
from musclemap_fetch.digests import check, digests_of
from musclemap_fetch.errors import DiskFull, FetchError, Usage
from musclemap_fetch.places import root_of
from musclemap_fetch.sources import Offer, offer
from musclemap_fetch.transfer import Download
from musclemap_fetch.voice import Voice, megabytes
from musclemap_fetch.workplace import Workplace, write_json


class Fetcher:
    """to: a folder of models instead of the usual one; keep: a folder for the files as they came."""

    def __init__(self, voice: Voice, to: Path | None, keep: Path | None, *, force: bool) -> None:
        self._voice = voice
        self._to = to
        self._keep = keep
        self._force = force

    def fetch(self, model: Model, version: str) -> None:
        """From its source. Nothing is put in place unless everything is as it is stated."""
        root = self._to or root_of(model.layout)
        if version != "latest" and self._is_there(model, root, version or model.newest):
            return
        found = offer(model, version)
        if self._is_there(model, root, found.version):
            return
        self._introduce(found)
        workplace = Workplace(root)
        with workplace.locked(lambda: self._voice.say(f"waits for another `musclemap fetch` into {root}")):
            if not self._is_there(model, root, found.version):
                self._download(found, workplace)

    def bring(self, model: Model, version: str, source: Path) -> None:
        """From files at hand."""
        if version == "latest":
            raise Usage("'latest' is known to the source alone; with --from the version is a number")
        root = self._to or root_of(model.layout)
        workplace = Workplace(root)
        if self._is_there(model, root, version):
            return
        with workplace.locked(lambda: self._voice.say(f"waits for another `musclemap fetch` into {root}")):
            name = f"{model.name}.brought"
            folder = workplace.staging(name)
            try:
                files = brought.bring(model, source, folder)
                layouts.check_content(files)
                version = self._version(model, version or brought.version_beside(model, source), files)
                if self._is_there(model, root, version):
                    return
                sha256 = self._check_known(model, version, files, brought.stated_beside(source))
                facts = {"source": str(source), "licence": model.licence or None, "citation": list(model.citation)}
                self._finish(model, version, files, sha256, facts, workplace)
            finally:
                workplace.clear(name)

    def _is_there(self, model: Model, root: Path, version: str) -> bool:
        if self._force or (model.layout == "musclemap" and not version) or not layouts.is_there(model, root, version):
            return False
        folder = layouts.place(model, root, version)
        key = _key(model, version)
        self._voice.result(
            f"{key} is there already: {folder}", {"name": key, "folder": str(folder), "done": "was there"}
        )
        return True

    def _introduce(self, found: Offer) -> None:
        sizes = [each.size for each in found.files]
        total = None if None in sizes else sum(size for size in sizes if size is not None)
        licence = found.licence or "not stated by its source"
        self._voice.say(f"{_key(found.model, found.version)}: {megabytes(total)}, licence {licence}")
        for link in found.citation:
            self._voice.say(f"  cite {link}")
        for remark in found.remarks:
            self._voice.say(f"  {remark}")

    def _download(self, found: Offer, workplace: Workplace) -> None:
        model = found.model
        name = f"{model.name}@{found.record}" if found.record else model.name
        folder = workplace.staging(name)
        files, sha256 = {}, {}
        for remote in found.files:
            download = Download(remote, folder, self._voice.progress)
            try:
                part, stated = download.run()
            except DiskFull:
                workplace.clear(name)
                raise
            try:
                sha256[remote.name] = check(part, stated, f"{remote.url}: what came")
                layouts.check_content({remote.name: part})
            except FetchError:
                download.discard()
                raise
            if not stated:
                self._voice.say(f"  {remote.name}: its source states no digest; SHA-256 {sha256[remote.name]}")
            files[remote.name] = part
        facts = {
            "source": [each.url for each in found.files],
            "record": found.record or None,
            "licence": found.licence or None,
            "citation": list(found.citation),
        }
        version = self._version(model, found.version, files)
        self._finish(model, version, files, sha256, facts, workplace)
        workplace.clear(name)

    def _version(self, model: Model, version: str, files: Mapping[str, Path]) -> str:
        """The one that is known, else the description's."""
        if model.layout != "musclemap" or version:
            return version
        if found := layouts.stated_version(files):
            return found
        raise Usage(f"neither '{model.name}' nor its description states a version; ask for {model.name}@VERSION")

    def _check_known(
        self, model: Model, version: str, files: Mapping[str, Path], beside: Mapping[str, Mapping[str, str]]
    ) -> dict[str, str]:
        sha256 = {}
        for entry in model.files:
            size, file = entry.size(version), files[entry.name]
            if size is not None and file.stat().st_size != size:
                raise FetchError(f"'{entry.name}' has {file.stat().st_size} bytes; {size} are known")
            stated = {**beside.get(entry.name, {}), **entry.digests(version)}
            sha256[entry.name] = check(file, stated, f"'{entry.name}'")
            if not stated:
                self._voice.say(f"  {entry.name}: no digest is known to compare it with; SHA-256 {sha256[entry.name]}")
        return sha256

    def _finish(
        self,
        model: Model,
        version: str,
        files: Mapping[str, Path],
        sha256: Mapping[str, str],
        facts: Mapping[str, object],
        workplace: Workplace,
    ) -> None:
        root, key = workplace.root, _key(model, version)
        came = {name: {"bytes": file.stat().st_size, "sha256": sha256[name]} for name, file in files.items()}
        entry = {"name": model.name, "version": version or None, **facts, "fetched": _now()}
        if self._keep is not None:
            _keep(self._keep, files, {**entry, "files": came})
        placed = {}
        for file in layouts.install(model, files, root, version):
            same = came.get(file.name) if model.layout != "nnunet" else None
            digest = same["sha256"] if same else digests_of(file, {"sha256"})["sha256"]
            placed[os.path.relpath(file, root)] = {"bytes": file.stat().st_size, "sha256": digest}
        folder = layouts.place(model, root, version)
        entry = {**entry, "came_as": came, "files": placed}
        try:
            workplace.record(key, entry)
        except FetchError as error:
            raise FetchError(f"'{key}' is in {folder}, but --verify will not know it: {error}") from None
        content = {"name": key, "folder": str(folder), "done": "put in place", "files": placed}
        self._voice.result(f"{key} is in {folder}", content)


def _key(model: Model, version: str) -> str:
    return f"{model.name}@{version}" if version else model.name


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def _keep(folder: Path, files: Mapping[str, Path], facts: Mapping[str, object]) -> None:
    """Copies, each whole or not at all; several models may lie in one folder."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, file in files.items():
            new = folder / (name + ".new")
            try:
                shutil.copyfile(file, new)
                new.replace(folder / name)
            except OSError:
                new.unlink(missing_ok=True)
                raise
    except OSError as error:
        full = " (the model is not put in place either)" if error.errno == errno.ENOSPC else ""
        raise FetchError(f"{folder}: cannot be written: {error.strerror}{full}") from None
    earlier = brought.kept(folder)
    own = facts["files"]
    assert isinstance(own, dict)
    of = {"model": facts["name"], "version": facts["version"]}
    now = {name: {**each, **of} for name, each in own.items()}
    write_json(folder / brought.KEPT, {"files": {**earlier, **now}})
