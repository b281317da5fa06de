"""Rows 20 to 23: flows of cells to masks, and a picture to a file of masks, beside Cellpose 3."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from contestant import PEERS, ROOT, Contestant, alternate, own
from process import Process
from process import alternate as alternate_processes
from pth_file import write_pth
from random_cpnet import shapes
from row import Row, Settings

sys.path.append(str(ROOT / "examples" / "demo"))
SAMPLE = ROOT / "examples" / "demo" / "model" / "nuclei_phantom"
WIDTHS = (32, 64, 128, 256)  # of the networks that Cellpose publishes
TILE = 512
SIDE = 1024
SEED = 1
ABSENT = "Cellpose was not run: --cellpose installs it"


def _mirrored(maps: np.ndarray, axis: int, count: int) -> np.ndarray:
    """(y flow, x flow, logit) side by side, every other one mirrored, the flow along that axis turned."""
    mirror = np.flip(maps, axis + 1).copy()
    mirror[axis] *= -1
    return np.concatenate([mirror if n % 2 else maps for n in range(count)], axis + 1)


def _flows(folder: Path, side: int) -> list[Path]:
    """Files of flows and logits as a network gives them of made-up nuclei."""
    from cell_pictures import flows_of, series

    labels = series(SEED, (TILE, TILE))[1][0]
    maps = np.concatenate([5 * flows_of(labels), np.where(labels > 0, 3, -3)[None]])
    for axis in (0, 1):
        maps = _mirrored(maps, axis, side // TILE)
    maps += np.random.default_rng(SEED).normal(0, 0.8, maps.shape)
    files = [folder / f"cell_{what}_{side}.f32" for what in ("flows", "logits")]
    maps[:2].astype(np.float32).tofile(files[0])
    maps[2].astype(np.float32).tofile(files[1])
    return files


def _of_flows(settings: Settings, number: int, side: int, *, positions: bool) -> Row:
    flows, logits = _flows(settings.folder, side)
    flags: list[object] = ["--flows", flows, "--cellprob", logits, "--side", side, "--threads", settings.threads]
    flags += ["--positions"] if positions else []
    results = [settings.folder / f"flows_{who}.raw" for who in ("own", "cellpose")]
    contestants = [own("flows", settings.build, *flags, "--result", results[0])]
    if settings.cellpose:
        command = [settings.cellpose, PEERS / "players" / "flows_cellpose.py", *flags, "--result", results[1]]
        contestants.append(Contestant("Cellpose 3.1.1.2", [str(part) for part in command]))
    series = alternate(contestants, 2 if settings.quick else settings.rounds)
    inside = float((np.fromfile(logits, np.float32) > 0).mean())
    notes = [f"{100 * inside:.0f} % of the pixels are of cells"]
    notes.append(_difference(results, positions) if settings.cellpose else ABSENT)
    what = "200 steps along flows" if positions else "flows to masks, with the check of flows"
    return Row(number, f"{what}, {side}x{side}", series[0], series[1:], notes)


def _difference(results: list[Path], positions: bool) -> str:
    a, b = (np.fromfile(result, np.uint32) for result in results)  # positions bit by bit
    if positions:
        return f"{int((a != b).sum())} of {a.size} coordinates differ"
    return f"{int((a != b).sum())} of {a.size} pixels differ; {a.max()} cells"


def _wide_model(file: Path) -> Path:
    """The sample model in Cellpose's widths: the same maps, and channels beside its own that nothing reads."""
    import torch

    sample = {name: tensor.numpy() for name, tensor in torch.load(SAMPLE, weights_only=True).items()}
    random = np.random.default_rng(SEED)
    wide = {name: sample[name] for name in ("diam_mean", "diam_labels")}
    for name, shape in shapes(WIDTHS):
        small, known = sample[name], tuple(slice(n) for n in sample[name].shape)
        if len(shape) == 1:
            values = np.full(shape, name.endswith("running_var") or _is_scale(name, sample), np.float32)
        else:
            values = random.normal(0, 1 / np.sqrt(np.prod(shape[1:])), shape).astype(np.float32)
            values[: small.shape[0], small.shape[1] :] = 0
            if "res_down_3" in name:  # the style is divided by its length, to which all channels count
                values[small.shape[0] :] = 0
        values[known] = small
        wide[name] = values
    return write_pth(file, wide)


def _is_scale(name: str, sample: dict[str, np.ndarray]) -> bool:
    return name.endswith(".weight") and name.replace(".weight", ".running_var") in sample


def _whole(settings: Settings) -> Row:
    import tifffile
    from cell_pictures import series as pictures

    folder = settings.folder
    side = SIDE // 4 if settings.quick else SIDE
    picture, model = folder / "nuclei_BF.tif", _wide_model(folder / "nuclei_wide")
    tifffile.imwrite(picture, pictures(SEED, (side, side))[0][0])
    results = [folder / "nuclei_BF_vSM.ome.tif", folder / "nuclei_cellpose.ome.tif"]
    threads = ["--threads", str(settings.threads)]
    program = settings.build / "bin" / "musclemap"
    flags = [str(picture), "-m", str(model), "-o", str(folder), "--compat", "3.1.1.2", *threads]
    processes = [Process("musclemap", [str(program), "cells", *flags])]
    if settings.cellpose:
        command = [settings.cellpose, PEERS / "players" / "cells_cellpose.py", "--picture", picture, "--model", model]
        command += ["--out", results[1], *threads]
        processes.append(Process("Cellpose 3.1.1.2", [str(part) for part in command]))
    own_series, *peers = alternate_processes(processes, 1 if settings.quick else min(settings.rounds, 3))
    notes = [ABSENT]
    if peers:
        a, b = (np.squeeze(tifffile.imread(result)) for result in results)
        notes = [f"{int((a != b).sum())} of {a.size} pixels differ; {a.max()} and {b.max()} cells"]
    work = f"a picture of {side}x{side} to a file of its cells, network of 32 to 256 channels, whole process"
    return Row(23, work, own_series, peers, notes)


def measure(settings: Settings, wanted: set[int]) -> Iterator[Row]:
    if 20 in wanted:
        yield _of_flows(settings, 20, 512, positions=True)
    if 21 in wanted:
        yield _of_flows(settings, 21, 2048, positions=True)
    if 22 in wanted:
        yield _of_flows(settings, 22, 2048, positions=False)
    if 23 in wanted:
        yield _whole(settings)
