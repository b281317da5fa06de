"""Makes tasks.json, the table of TotalSegmentator's tasks that the library holds, of a full listing.

Usage: make_tasks.py LISTING.json [OUT.json]. The listing has TotalSegmentator's own tables in the form that calls itself
"totalseg-tasks/1": of every task its classes, its networks in each variant, its crop and what is done to its labels. The
table says the same in short: classes in the order of their values, the classes of a part by the first of them, what is
as in most tasks not at all. README.md says what its fields mean.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

# Tasks of one variant that take --fast and run as without it; the others refuse it.
FAST_WITHOUT_EFFECT = {"lung_vessels", "vertebrae_mr"}
USUAL_CONFIGURATION = "3d_fullres"
USUAL_PLANS = "nnUNetPlans"
USUAL_FOLDS = [0]
USUAL_STEP = 0.5
USUAL_MARGIN_MM = 20


def joined(names: list[str]) -> str:
    if any(" " in name for name in names):
        raise ValueError(f"{names}: a name with a blank")
    return " ".join(names)


def in_order(classes: dict[str, str], first: int = 1) -> str:
    if [int(value) for value in classes] != list(range(first, first + len(classes))):
        raise ValueError(f"{classes}: values are not {first}, {first + 1}, …")
    return joined(list(classes.values()))


def network_of(dataset: dict[str, Any]) -> dict[str, Any]:
    network = {"dataset": dataset["id"]}
    if "part" in dataset:
        values = {int(own): value for own, value in dataset["local_to_global"].items()}
        first = values[1]
        if values != {own: first + own - 1 for own in range(1, len(values) + 1)}:
            raise ValueError(f"{dataset}: classes of a part do not follow each other")
        network |= {"part": dataset["part"], "first": first, "classes": len(values)}
    return network


def variant_of(variant: dict[str, Any]) -> dict[str, Any]:
    if variant["plans"] != USUAL_PLANS:
        raise ValueError(f"{variant}: other plans")
    short = {"networks": [network_of(dataset) for dataset in variant["datasets"]], "trainer": variant["trainer"]}
    if variant["spacing_mm_xyz"] is not None:
        short["spacing"] = variant["spacing_mm_xyz"]
    if variant["configuration"] != USUAL_CONFIGURATION:
        short["configuration"] = variant["configuration"]
    if variant["folds"] != USUAL_FOLDS:
        short["folds"] = variant["folds"]
    if variant["tile_step"] != USUAL_STEP:
        short["step"] = variant["tile_step"]
    return short


def crop_of(crop: dict[str, Any]) -> dict[str, Any]:
    short = {"classes": joined(crop["classes"]), "by": crop["by"]["task"]}
    if crop["robust_by_default"]:
        short["robust"] = True
    margin, *others = crop["margin_mm"]
    if others != [margin, margin]:
        raise ValueError(f"{crop}: margins differ")
    if margin != USUAL_MARGIN_MM:
        short["margin_mm"] = margin
    return short


def operation_of(operation: dict[str, Any]) -> dict[str, Any]:
    short = {key: value for key, value in operation.items() if key in ("op", "min_mm3", "dilate_mm", "task")}
    classes = operation.get("classes", [operation["class"]] if "class" in operation else [])
    if classes:
        short["classes"] = joined(classes)
    return short


def task_of(task: dict[str, Any]) -> dict[str, Any]:
    short = {"name": task["name"], "modality": task["modality"], "license": task["license"]}
    short["classes"] = in_order(task["classes"])
    if "auxiliary_classes" in task:
        short["auxiliary"] = in_order(task["auxiliary_classes"], len(task["classes"]) + 1)
    short["variants"] = {name: variant_of(variant) for name, variant in task["variants"].items()}
    if task["name"] in FAST_WITHOUT_EFFECT:
        short["fast"] = "ignored"
    if task["crop"] is not None:
        short["crop"] = crop_of(task["crop"])
    operations = [operation_of(each) for each in task["postprocess"] if each["op"] != "drop_auxiliary"]
    if operations:
        short["polish"] = operations
    if "derived_masks" in task:
        short["derived_masks"] = joined(task["derived_masks"])
    return short


def table_of(listing: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": listing["source"]["version"].split()[0],
        "tasks": [task_of(task) for task in listing["tasks"]],
        "datasets": [
            {key: dataset[key] for key in ("folder", "release") if dataset[key] is not None}
            for dataset in listing["datasets"].values()
        ],
        "v1_order": in_order(listing["v1_order"]),
    }


def text_of(table: dict[str, Any]) -> str:
    """A line an entry, so that a difference shows."""
    lines = []
    for key, value in table.items():
        if isinstance(value, list):
            entries = ",\n".join(json.dumps(each, separators=(",", ":")) for each in value)
            lines.append(f"{json.dumps(key)}:[\n{entries}\n]")
        else:
            lines.append(f"{json.dumps(key)}:{json.dumps(value)}")
    return "{" + ",\n".join(lines) + "}\n"


def main(arguments: list[str]) -> int:
    listing = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    out = Path(arguments[1]) if len(arguments) > 1 else Path(__file__).with_name("tasks.json")
    out.write_text(text_of(table_of(listing)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
