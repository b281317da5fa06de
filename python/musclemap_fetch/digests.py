"""Digests of files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from musclemap_fetch.errors import FetchError

_BYTES_AT_ONCE = 1 << 20
_DIGITS = {"md5": 32, "sha1": 40, "sha256": 64, "sha512": 128}


def checked(kind: object, value: object) -> dict[str, str]:
    """`value`, as a source states it, as a digest of that kind; nothing where it is none that is known here."""
    kind, value = str(kind).lower().replace("-", ""), str(value).strip().lower()
    right = kind in _DIGITS and re.fullmatch(f"[0-9a-f]{{{_DIGITS[kind]}}}", value)
    return {kind: value} if right else {}


def digests_of(file: Path, kinds: set[str]) -> dict[str, str]:
    """Each kind of digest of a file, which is read once."""
    hashes = {kind: hashlib.new(kind, usedforsecurity=False) for kind in kinds}
    with file.open("rb") as stream:
        while block := stream.read(_BYTES_AT_ONCE):
            for each in hashes.values():
                each.update(block)
    return {kind: each.hexdigest() for kind, each in hashes.items()}


def check(file: Path, stated: Mapping[str, str], about: str) -> str:
    """SHA-256 of a file that has the digests that are stated. Error where one differs."""
    found = digests_of(file, {"sha256", *stated})
    for kind, value in stated.items():
        if found[kind] != value:
            raise FetchError(f"{about} has {kind.upper()} {found[kind]}; {value} is stated, so it is not kept")
    return found["sha256"]
