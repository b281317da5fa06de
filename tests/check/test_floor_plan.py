"""docs/architecture.md draws the floors of the layering check, and docs/hacking.md has every room on its map."""

from __future__ import annotations

import re

from layering import FLOORS
from tracked import ROOT


def test_rooms_and_floors_are_those_of_the_check() -> None:
    page = (ROOT / "docs/architecture.md").read_text()
    drawn = {(room, int(floor)) for floor, room in re.findall(r"^\| (\d) \| `(\w+)` \|", page, re.MULTILINE)}
    assert drawn == {(room, floor) for floor, rooms in enumerate(FLOORS) for room in rooms}


def test_every_room_is_on_the_map() -> None:
    page = (ROOT / "docs/hacking.md").read_text()
    mapped = {(room, int(floor)) for floor, room in re.findall(r"^\| (\d) \| `src/(\w+)/` \|", page, re.MULTILINE)}
    assert mapped == {(room, floor) for floor, rooms in enumerate(FLOORS) for room in rooms}


def test_every_room_is_there() -> None:
    there = {folder.name for folder in (ROOT / "src").iterdir() if any(folder.glob("*.?pp"))}
    assert there <= {room for rooms in FLOORS for room in rooms}
