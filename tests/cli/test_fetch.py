"""`musclemap fetch`, against a site on loopback: what it puts in place, and that a failure puts nothing there."""

from __future__ import annotations

import hashlib
import json
import os
import struct
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import BIN, ROOT, Result, environment, listing, run_program
from model_site import Site, model_site
from test_full_disk import run_on_disk
from test_weights_commands import THREE_MM, archive  # noqa: F401  # a fixture

PTH = "contrast_agnostic_thigh_model.pth"
DESCRIPTION = "contrast_agnostic_thigh_model.json"
RECORD = "/records/11/files/"


def random_file(size: int, start: bytes = b"PK\x03\x04") -> bytes:
    return start + os.urandom(size - len(start))


@pytest.fixture
def site() -> Iterator[Site]:
    with model_site() as started:
        yield started


class Place:
    """A home of its own, where `musclemap fetch` puts models of `site`."""

    def __init__(self, site: Site, home: Path) -> None:
        self.home, self.site = home, site
        self.env = {
            **{"HOME": str(home), "XDG_DATA_HOME": "", "TOTALSEG_WEIGHTS_PATH": "", "TOTALSEG_HOME_DIR": ""},
            **{"CELLPOSE_LOCAL_MODELS_PATH": "", "no_proxy": "127.0.0.1"},
        }
        self.pth = random_file(300_000)
        self.description = json.dumps({"model": {"version": 0.0}, "labels": []}).encode()
        self.models: list[dict[str, Any]] = [
            {
                **{"name": "thigh", "layout": "musclemap", "source": "zenodo", "concept": "10", "citation": ["doi"]},
                "files": [{"name": DESCRIPTION}, {"name": PTH}],
                "versions": {"1.2": "11"},
            },
            {
                **{"name": THREE_MM, "layout": "nnunet", "source": "releases", "release": "v2"},
                **{"licence": "Apache-2.0", "citation": ["doi"], "files": [{"name": THREE_MM + ".zip"}]},
            },
            {
                **{"name": "cyto3", "layout": "cellpose", "source": "plain", "citation": ["doi"]},
                "files": [{"name": "size_cyto3.npy"}, {"name": "cyto3"}],
            },
        ]
        site.add_record(11, 10, "1.2", {PTH: self.pth, DESCRIPTION: self.description})

    def fetch(self, *arguments: str | Path, **env: str) -> Result:
        catalogue = self.site.catalogue(self.home.parent, self.models)
        return run_program("musclemap", "fetch", *arguments, "--catalogue", catalogue, env={**self.env, **env})

    @property
    def thigh(self) -> Path:
        return self.home / ".local/share/musclemap/models/thigh/v1.2"

    def nothing_is_there(self) -> bool:
        """Nor anything on its way."""
        return {each for each in self.home.rglob("*") if each.is_file()} == set()


@pytest.fixture
def place(site: Site, tmp_path: Path) -> Place:
    (tmp_path / "home").mkdir()
    return Place(site, tmp_path / "home")


def test_a_model_by_name_is_put_where_it_is_looked_for(place: Place) -> None:
    result = place.fetch("thigh")
    assert result.status == 0, result.err
    assert (place.thigh / PTH).read_bytes() == place.pth
    assert (place.thigh / DESCRIPTION).read_bytes() == place.description
    assert result.out == f"thigh@1.2 is in {place.thigh}\n"
    assert "licence mit" in result.err
    assert "cite https://doi.org/10.5281/zenodo.11" in result.err
    records = json.loads((place.thigh.parents[1] / ".musclemap-fetch/installed.json").read_text())
    assert records["thigh@1.2"]["files"][f"thigh/v1.2/{PTH}"]["sha256"] == hashlib.sha256(place.pth).hexdigest()
    asked = len(place.site.asked)
    assert place.fetch("thigh@1.2").out == f"thigh@1.2 is there already: {place.thigh}\n"
    assert len(place.site.asked) == asked
    assert listing(place.thigh.parents[1] / ".musclemap-fetch") == {"installed.json"}


def test_versions_by_number_by_concept_and_from_the_source(place: Place) -> None:
    place.site.add_record(12, 10, "v1.10", {PTH: place.pth, DESCRIPTION: place.description})
    for name, folder in (("thigh@latest", "v1.10"), ("thigh", "v1.2")):
        assert place.fetch(name).status == 0
        assert (place.thigh.parent / folder / PTH).is_file()
    place.site.add_record(13, 10, "2", {PTH: place.pth, DESCRIPTION: place.description})
    assert place.fetch("thigh@1.10", "--force").status == 0
    missing = place.fetch("thigh@7")
    assert (missing.status, "1.10, 1.2, 2" in missing.only_error()) == (1, True)
    assert place.fetch("thigh@new").status == 2
    assert "--list" in place.fetch("thih").only_error()


def test_a_record_of_other_models_is_refused(place: Place) -> None:
    place.site.documents["/api/records/11"]["conceptrecid"] = "99"
    assert "10 is allowed" in place.fetch("thigh").only_error()
    assert place.nothing_is_there()


def test_a_cut_connection_goes_on_where_it_ended(place: Place) -> None:
    path = RECORD + PTH
    place.site.etags[path] = '"one"'
    place.site.cuts[path] = [100_000, 50_000, 10]
    result = place.fetch("thigh")
    assert result.status == 0, result.err
    assert place.site.ranges(path) == ["", "bytes=100000-", "bytes=150000-", "bytes=150010-"]
    assert (place.thigh / PTH).read_bytes() == place.pth


def test_a_later_run_goes_on_too(place: Place) -> None:
    path = RECORD + PTH
    place.site.cuts[path] = [1000, 0, 0, 0]
    result = place.fetch("thigh")
    assert result.status == 1
    assert "cut at 1000 of 300000 bytes; tried 4 times" in result.only_error()
    assert not place.thigh.exists()
    assert place.fetch("thigh").status == 0
    assert place.site.ranges(path)[-1] == "bytes=1000-"
    assert (place.thigh / PTH).read_bytes() == place.pth


def test_a_file_that_has_changed_begins_anew(place: Place) -> None:
    path = "/models/cyto3"
    place.site.files = {"/models/size_cyto3.npy": b"\x93NUMPY" + bytes(99), path: random_file(5000)}
    place.site.etags[path] = '"one"'
    place.site.cuts[path] = [1000, 0, 0, 0]
    assert place.fetch("cyto3").status == 1
    place.site.etags[path], place.site.files[path] = '"two"', random_file(5000, b"\x80\x02")
    result = place.fetch("cyto3")
    assert result.status == 0, result.err
    assert (place.home / ".cellpose/models/cyto3").read_bytes() == place.site.files[path]
    assert "states no digest; SHA-256" in result.err


def test_a_part_that_is_longer_than_the_file_begins_anew(place: Place) -> None:
    path = "/models/cyto3"
    place.site.files = {"/models/size_cyto3.npy": b"\x93NUMPY" + bytes(99), path: random_file(5000)}
    place.site.etags[path] = '"one"'
    place.site.cuts[path] = [1000, 0, 0, 0]
    assert place.fetch("cyto3").status == 1
    place.site.files[path] = random_file(500)
    result = place.fetch("cyto3")
    assert result.status == 0, result.err
    assert place.site.ranges(path)[-2:] == ["bytes=1000-", ""]
    assert (place.home / ".cellpose/models/cyto3").read_bytes() == place.site.files[path]


def test_a_site_that_is_busy_is_asked_again(place: Place) -> None:
    place.site.busy = {RECORD + PTH: 2, "/api/records/11": 1}
    assert place.fetch("thigh").status == 0


def test_redirects_are_followed(place: Place) -> None:
    place.site.redirects[RECORD + PTH] = "/elsewhere"
    place.site.files["/elsewhere"] = place.pth
    assert place.fetch("thigh").status == 0
    place.site.redirects[RECORD + PTH] = "file:///etc/passwd"
    assert place.fetch("thigh", "--force").status == 1
    assert (place.thigh / PTH).read_bytes() == place.pth


WRONG: dict[str, Any] = {
    "digest": (lambda site: site.files.update({RECORD + PTH: random_file(300_000)}), "MD5"),
    "size": (lambda site: site.files.update({RECORD + PTH: random_file(299_999)}), "299999 bytes; 300000 are stated"),
    "page": (lambda site: site.pages.add(RECORD + PTH), "an HTML page"),
    "page of the interface": (lambda site: site.pages.add("/api/records/11"), "an HTML page"),
    "page without its type": (
        lambda site: (site.files.update({RECORD + PTH: b"<html>" + bytes(9)}), site.unsized.add(RECORD + PTH)),
        "an HTML page",
    ),
    "too long": (
        lambda site: (site.files.update({RECORD + PTH: random_file(300_001)}), site.unsized.add(RECORD + PTH)),
        "goes on after 300000 bytes",
    ),
    "missing": (lambda site: site.files.pop(RECORD + PTH), "404"),
    "missing in the record": (lambda site: site.documents["/api/records/11"]["files"].pop(0), f"has no file '{PTH}'"),
    "description": (
        lambda site: site.add_record(11, 10, "1.2", {PTH: site.files[RECORD + PTH], DESCRIPTION: b"[1]"}),
        "no object of JSON",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_not_as_it_is_stated_puts_nothing_in_place(case: str, place: Place) -> None:
    spoil, said = WRONG[case]
    spoil(place.site)
    result = place.fetch("thigh")
    assert result.status == 1
    assert said in result.only_error()
    assert not place.thigh.exists()
    left = {each.name for each in place.home.rglob("*") if each.is_file()}
    assert left <= {DESCRIPTION + ".part", DESCRIPTION + ".part.json"}


def test_a_digest_of_the_catalogue_stands_above_the_source(place: Place) -> None:
    place.models[0]["files"][1]["known"] = {"1.2": {"sha256": "0" * 64}}
    result = place.fetch("thigh")
    assert f"SHA256 {hashlib.sha256(place.pth).hexdigest()}; {'0' * 64} is stated" in result.only_error()
    assert not place.thigh.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_full_disk_is_left_as_it_was(place: Place, tmp_path: Path) -> None:
    catalogue = place.site.catalogue(tmp_path, place.models)
    command = [BIN / "musclemap", "fetch", "thigh", "--catalogue", catalogue, "--to", tmp_path / "disk"]
    result = run_on_disk(tmp_path / "disk", 20000, "rw", command)
    assert result.status == 1
    assert "bytes free" in result.only_error()
    place.site.unsized.add(RECORD + PTH)
    del place.site.documents["/api/records/11"]["files"][0]["size"]
    (tmp_path / "disk").rmdir()
    result = run_on_disk(tmp_path / "disk", 20000, "rw", command)
    assert result.status == 1
    assert "No space left on device" in result.only_error()


def test_two_at_once_fetch_once(place: Place) -> None:
    catalogue = place.site.catalogue(place.home.parent, place.models)
    command = [BIN / "musclemap", "fetch", "thigh", "--catalogue", catalogue, "-q"]
    env = environment(**place.env)
    both = [subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = sorted(each.communicate(timeout=60)[0] for each in both)
    assert [each.returncode for each in both] == [0, 0]
    assert said == [f"thigh@1.2 is in {place.thigh}\n", f"thigh@1.2 is there already: {place.thigh}\n"]
    assert len(place.site.ranges(RECORD + PTH)) == 1


def test_through_a_proxy(place: Place) -> None:
    address = place.site.address
    place.site.address = "http://models.invalid"
    result = place.fetch("thigh", http_proxy=address, no_proxy="")
    assert result.status == 0, result.err
    assert (place.thigh / PTH).read_bytes() == place.pth


def test_what_was_kept_goes_to_a_computer_without_a_network(place: Place, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    assert place.fetch("thigh", "--keep", kept).status == 0
    asked = len(place.site.asked)
    other = Place(place.site, tmp_path / "other")
    other.home.mkdir()
    result = other.fetch("--from", kept)
    assert result.status == 0, result.err
    assert (other.thigh / PTH).read_bytes() == place.pth
    assert len(place.site.asked) == asked
    (kept / PTH).write_bytes(random_file(300_000))
    result = other.fetch("thigh", "--from", kept / PTH, "--force")
    assert "SHA256" in result.only_error()
    assert (other.thigh / PTH).read_bytes() == place.pth
    assert other.fetch("thigh", "--from", kept / "nothing").status == 1


@pytest.mark.parametrize("kind", ["right", "climbing", "twice", "link", "damaged", "without one"])
def test_a_zip_that_was_brought(kind: str, place: Place, tmp_path: Path) -> None:
    file = tmp_path / "18.zip"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("../../" * (kind == "climbing") + DESCRIPTION, place.description)
        entry = zipfile.ZipInfo("../" * (kind == "climbing") + PTH)
        if kind == "link":
            entry.external_attr = 0o120777 << 16
        if kind != "without one":
            packed.writestr(entry, place.pth)
        if kind == "twice":
            packed.writestr("a/" + PTH, place.pth)
    if kind == "damaged":
        content = bytearray(file.read_bytes())
        content[1000] ^= 255
        file.write_bytes(content)
    result = place.fetch("thigh@1.2", "--from", file)
    right = kind in ("right", "climbing")  # names in the archive are no paths
    assert result.status == (0 if right else 1), result.err
    assert (place.thigh / PTH).exists() == right
    assert {each.name for each in tmp_path.iterdir()} <= {"18.zip", "home", "catalogue.json"}
    if not right:
        assert place.nothing_is_there()


def test_the_version_of_files_that_were_brought_is_the_description_s(place: Place, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / PTH).write_bytes(place.pth)
    (tmp_path / "files" / DESCRIPTION).write_bytes(place.description)
    assert place.fetch("thigh", "--from", tmp_path / "files").status == 0
    assert (place.thigh.parent / "v0.0" / PTH).is_file()
    (tmp_path / "files" / DESCRIPTION).write_text("{}")
    assert "thigh@VERSION" in place.fetch("thigh", "--from", tmp_path / "files").only_error()


def test_an_archive_of_a_release(place: Place, archive: Path) -> None:  # noqa: F811
    name = THREE_MM + ".zip"
    content = archive.read_bytes()
    asset = {"name": name, "size": len(content), "digest": "sha256:" + hashlib.sha256(content).hexdigest()}
    place.site.documents["/api/project/releases/tags/v2"] = {"assets": [asset]}
    place.site.files[f"/project/releases/download/v2/{name}"] = content
    result = place.fetch("Dataset297")
    assert result.status == 0, result.err
    results = place.home / ".totalsegmentator/nnunet/results"
    shown = json.loads(run_program("musclemap", "task", "show", "total", "--fast", "--json", env=place.env).out)
    assert shown["task"]["name"] == "total"
    assert f"{THREE_MM} is in {results / THREE_MM}" in result.out
    verified = place.fetch("--verify", "--json")
    assert verified.status == 0
    assert {each["state"] for each in verified.objects} == {"as fetched"}
    next((results / THREE_MM).rglob("*.pth")).write_bytes(b"other")
    assert "CHANGED" in place.fetch("--verify", "Dataset297").out


def test_an_archive_that_climbs_out(place: Place, archive: Path, tmp_path: Path) -> None:  # noqa: F811
    with zipfile.ZipFile(archive, "a") as packed:
        packed.writestr("../outside.json", "{}")
    place.site.files[f"/project/releases/download/v2/{THREE_MM}.zip"] = archive.read_bytes()
    result = place.fetch(THREE_MM)
    assert result.status == 1
    assert "outside.json" in result.only_error()
    assert "not known beforehand" in result.err
    assert not list(tmp_path.rglob("outside.json"))
    assert not (place.home / ".totalsegmentator/nnunet/results" / THREE_MM).exists()


def test_what_needs_a_licence_says_where_it_comes_from(place: Place) -> None:
    del place.models[1]["release"]
    assert "comes from its authors" in place.fetch("Dataset297").only_error()


def test_list_and_verify(place: Place) -> None:
    assert place.fetch("thigh").status == 0
    listed = {each["name"]: each for each in place.fetch("--list", "--json").objects}
    assert listed["thigh"]["there"] == ["1.2"]
    assert listed["cyto3"] == {
        **{"name": "cyto3", "layout": "cellpose", "versions": [], "licence": None, "citation": ["doi"], "open": True},
        **{"files": ["size_cyto3.npy", "cyto3"], "folder": str(place.home / ".cellpose/models"), "there": []},
    }
    assert place.fetch("--verify").status == 0
    assert "not put in place" in place.fetch("--verify", "cyto3").only_error()
    (place.thigh / PTH).unlink()
    missing = place.fetch("--verify", "thigh")
    assert (missing.status, "MISSING" in missing.out) == (1, True)
    assert place.fetch("--list", "--verify").status == 2
    assert place.fetch().status == 2


def test_of_several_one_that_fails_stops_no_other(place: Place) -> None:
    result = place.fetch("cyto3", "thigh")
    assert result.status == 1
    assert "404" in result.only_error()
    assert (place.thigh / PTH).is_file()


def small_tiff(file: Path) -> Path:
    """A picture of 8 x 8 bytes."""
    places = {256: 8, 257: 8, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: 8, 279: 64}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in places.items())
    file.write_bytes(b"II*\0" + struct.pack("<I", 72) + bytes(64) + struct.pack("<H", len(places)) + entries + bytes(4))
    return file


def test_commands_that_miss_a_model_end_with_what_fetches_it(place: Place, image: Path) -> None:
    missing = run_program("mm_segment", "-i", image, "-r", "wholebody", "--model_version", "1.3", env=place.env)
    assert missing.only_error().endswith("; musclemap fetch wholebody@1.3")
    missing = run_program("totalsegmentator", "-i", image, "-o", "o", "-ta", "lung_vessels", env=place.env)
    assert missing.only_error().endswith("; musclemap fetch Dataset297 Dataset117")
    missing = run_program("musclemap", "cells", small_tiff(image.parent / "a.tif"), "-m", "cyto3", env=place.env)
    assert missing.only_error().endswith("; musclemap fetch cyto3")


def test_without_the_program(place: Place, tmp_path: Path) -> None:
    alone = tmp_path / "musclemap"
    alone.write_bytes((BIN / "musclemap").read_bytes())
    alone.chmod(0o755)
    result = run_program(alone, "fetch", "thigh", env={**place.env, "PATH": str(tmp_path)})
    assert result.status == 1
    assert "no program 'musclemap-fetch'" in result.only_error()


def test_own_catalogue_has_the_networks_of_all_tasks(place: Place) -> None:
    tasks = json.loads((ROOT / "src/task/totalsegmentator/tasks.json").read_text(encoding="utf-8"))
    catalogue = json.loads((ROOT / "python/musclemap_fetch/catalogue.json").read_text(encoding="utf-8"))
    models = {each["name"]: each for each in catalogue["models"]}
    numbers = {}
    for each in tasks["datasets"]:
        assert models[each["folder"]].get("release") == each.get("release")
        numbers[int(each["folder"][7:10])] = each["folder"]
    for task in tasks["tasks"]:
        for name, variant in task["variants"].items():
            members = catalogue["groups"][task["name"] + ("" if name == "default" else "_" + name)]
            for network in variant["networks"]:
                assert f"Dataset{network['dataset']:03}" in members
                assert models[numbers[network["dataset"]]]["licence"] == task["license"]
        if task["license"] == "Apache-2.0":
            shown = json.loads(run_program("musclemap", "task", "show", task["name"], "--json", env=place.env).out)
            line = shown["missing"].rpartition("; musclemap fetch ")[2].split()
            assert set(line) == set(catalogue["groups"][task["name"]])
