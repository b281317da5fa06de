"""The command line of `musclemap fetch`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from musclemap_fetch import brought, catalogue, layouts
from musclemap_fetch.catalogue import Catalogue, Model
from musclemap_fetch.digests import digests_of
from musclemap_fetch.errors import FetchError, Usage
from musclemap_fetch.fetching import Fetcher
from musclemap_fetch.places import root_of
from musclemap_fetch.voice import Voice
from musclemap_fetch.workplace import Workplace

DONE, FAILED, WRONG_COMMAND_LINE, INTERRUPTED = 0, 1, 2, 130

_EPILOG = """\
NAME is a region of MuscleMap's models (wholebody, wholebody@1.4, thigh@latest), a task of TotalSegmentator (total,
total_fast, lung_vessels) or one of its data sets (Dataset297), or a model of Cellpose (cyto3).

Proxies are those of http_proxy, https_proxy and no_proxy. A download that was cut goes on where it ended.

Exit status: 0 all done; 1 something failed, and nothing of it is in place; 2 the command line is wrong; 130 Ctrl-C.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status."""
    options = _parser().parse_args(arguments)
    voice = Voice(json_lines=options.json, quiet=options.quiet)
    try:
        return _run(options, voice)
    except Usage as error:
        voice.error(str(error))
        return WRONG_COMMAND_LINE
    except FetchError as error:
        voice.error(str(error))
        return FAILED
    except KeyboardInterrupt:
        voice.error("interrupted; the next fetch goes on from there")
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return FAILED
    except OSError as error:
        voice.error(f"{error.filename or 'standard output'}: {error.strerror or error}")
        return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="musclemap fetch",
        description="Gets published models from their authors' sites, checks them and puts them where musclemap looks.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("names", nargs="*", metavar="NAME", help="model, or NAME@VERSION")
    add("--list", action="store_true", help="the models that there are, or those named, and which are in place")
    add("--verify", action="store_true", help="compare what was put in place with its SHA-256")
    source = "take the files from a file, zip or folder; no connection is opened"
    add("--from", dest="source", type=Path, metavar="PATH", help=source)
    add("--to", type=Path, metavar="FOLDER", help="put the model in this folder of models instead")
    keep = "leave the files as they came there too, for --from on another computer"
    add("--keep", type=Path, metavar="FOLDER", help=keep)
    add("--force", action="store_true", help="fetch what is in place again")
    another = "another list of models, such as a mirror's"
    add("--catalogue", type=Path, metavar="FILE", default=catalogue.OWN_CATALOGUE, help=another)
    add("--json", action="store_true", help="one object a line on standard output")
    add("-q", "--quiet", action="store_true", help="errors and results alone")
    return parser


def _run(options: argparse.Namespace, voice: Voice) -> int:
    ways = {"--list": options.list, "--verify": options.verify, "--from": options.source}
    chosen = [name for name, given in ways.items() if given]
    if len(chosen) > 1:
        raise Usage(f"{chosen[0]} and {chosen[1]} do not go together")
    known = catalogue.load(options.catalogue)
    if options.list:
        return _list(known, options, voice)
    if options.verify:
        return _verify(known, options, voice)
    if options.source is not None:
        return _from(known, options, voice)
    if not options.names:
        raise Usage("which model? `musclemap fetch --list` names them")
    fetcher = Fetcher(voice, options.to, options.keep, force=options.force)
    return _each(known.wanted(options.names), fetcher.fetch, voice)


def _from(known: Catalogue, options: argparse.Namespace, voice: Voice) -> int:
    wanted = known.wanted(options.names) if options.names else [(brought.model_of(known, options.source), "")]
    fetcher = Fetcher(voice, options.to, options.keep, force=options.force)
    return _each(wanted, lambda model, version: fetcher.bring(model, version, options.source), voice)


def _each(wanted: list[tuple[Model, str]], step: Callable[[Model, str], None], voice: Voice) -> int:
    """One that fails stops none of the others."""
    failed = False
    for model, version in wanted:
        try:
            step(model, version)
        except Usage:
            raise
        except FetchError as error:
            voice.error(str(error))
            failed = True
    return FAILED if failed else DONE


def _list(known: Catalogue, options: argparse.Namespace, voice: Voice) -> int:
    models = [model for model, _ in known.wanted(options.names)] if options.names else list(known.models.values())
    for model in {model.name: model for model in models}.values():
        root = options.to or root_of(model.layout)
        there = _versions_there(model, root)
        unknown = "as its record states" if model.concept else "licence not stated by its source"
        licence = model.licence or unknown
        versions = f" {', '.join(model.versions)}" if model.versions else ""
        text = f"{model.name}{versions}  ({licence}){'  is there' + _listed(there) if there else ''}"
        if options.names:
            text += "".join(f"\n  {each}" for each in (*(f"cite {link}" for link in model.citation), f"goes to {root}"))
        content = {
            "name": model.name,
            "layout": model.layout,
            "versions": list(model.versions),
            "licence": model.licence or None,
            "citation": list(model.citation),
            "files": [each.name for each in model.files],
            "open": model.source.kind != "github" or bool(model.release),
            "folder": str(root),
            "there": there,
        }
        voice.result(text, content)
    if not options.names:
        voice.say(f"tasks of TotalSegmentator: {', '.join(known.groups)}")
    return DONE


def _listed(versions: list[str]) -> str:
    """' 1.3, 1.4'; empty for models without versions."""
    return " " + ", ".join(versions) if any(versions) else ""


def _versions_there(model: Model, root: Path) -> list[str]:
    if model.layout != "musclemap":
        return [""] if layouts.is_there(model, root, "") else []
    folder = root / model.name
    found = [each.name[1:] for each in folder.glob("v*")] if folder.is_dir() else []
    numbers = [each for each in found if catalogue.version_number(each)]
    return sorted((each for each in numbers if layouts.is_there(model, root, each)), key=catalogue.numbers)


def _verify(known: Catalogue, options: argparse.Namespace, voice: Voice) -> int:
    """Of all that was fetched, or of those that are named."""
    names = {model.name for model, _ in known.wanted(options.names)}
    wrong, seen = False, set()
    roots = [options.to] if options.to else list(dict.fromkeys(root_of(layout) for layout in catalogue.LAYOUTS))
    for root in roots:
        for key, entry in Workplace(root).records().items():
            if names and key.partition("@")[0] not in names:
                continue
            seen.add(key.partition("@")[0])
            for name, stated in entry["files"].items():
                state = _state(root / name, stated["sha256"])
                wrong = wrong or state != "as fetched"
                voice.result(f"{state}: {root / name}", {"name": key, "file": str(root / name), "state": state})
    for name in sorted(names - seen):
        voice.error(f"'{name}' was not put in place by `musclemap fetch`, so there is nothing to compare it with")
    return FAILED if wrong or names - seen else DONE


def _state(file: Path, sha256: str) -> str:
    try:
        return "as fetched" if digests_of(file, {"sha256"})["sha256"] == sha256 else "CHANGED"
    except FileNotFoundError:
        return "MISSING"
    except OSError as error:
        raise FetchError(f"{file}: cannot be read: {error.strerror}") from None
