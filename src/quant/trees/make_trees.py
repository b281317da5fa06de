"""Writes the .trees files of this folder from TotalSegmentator's boosted trees.

    python3 make_trees.py FOLDER

FOLDER holds contrast_phase_2024_07_19_fold{0..4}.ubj, the boosters inside of TotalSegmentator's
contrast_phase_classifiers_2024_07_19.pkl, and its modality_classifiers*_2025_02_24.json.{0..4}: XGBoost's models as
Universal Binary JSON. Of them only what a prediction needs is kept; README.md describes the form.
"""

from __future__ import annotations

import struct
import sys
from pathlib import Path
from typing import Any

import numpy as np

FILES = {
    "phase": "contrast_phase_2024_07_19_fold{}.ubj",
    "modality": "modality_classifiers_2025_02_24.json.{}",
    "modality_normalised": "modality_classifiers_normalized_2025_02_24.json.{}",
}
FOLDS = 5
KINDS = {"reg:squarederror": "regression", "binary:logistic": "logistic"}
NUMBERS = {"i": "b", "U": "B", "I": "h", "l": "i", "L": "q", "d": "f", "D": "d"}


class Reader:
    """Universal Binary JSON, as much of it as XGBoost writes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def numbers(self, kind: str, count: int) -> tuple[Any, ...]:
        values = struct.unpack_from(f">{count}{NUMBERS[kind]}", self.data, self.at)
        self.at += count * struct.calcsize(NUMBERS[kind])
        return values

    def mark(self) -> str:
        self.at += 1
        return chr(self.data[self.at - 1])

    def took(self, mark: str) -> bool:
        found = chr(self.data[self.at]) == mark
        self.at += found
        return found

    def length(self) -> int:
        return int(self.numbers(self.mark(), 1)[0])

    def text(self) -> str:
        length = self.length()
        self.at += length
        return self.data[self.at - length : self.at].decode()

    def array(self) -> list[Any]:
        kind = self.mark() if self.took("$") else ""
        if self.took("#"):
            count = self.length()
            return list(self.numbers(kind, count)) if kind else [self.value() for _ in range(count)]
        values = []
        while not self.took("]"):
            values.append(self.value())
        return values

    def object(self) -> dict[str, Any]:
        if self.took("#"):
            return {self.text(): self.value() for _ in range(self.length())}
        members = {}
        while not self.took("}"):
            key = self.text()
            members[key] = self.value()
        return members

    def value(self) -> Any:
        mark = self.mark()
        others = {"{": self.object, "[": self.array, "S": self.text}
        if mark in others:
            return others[mark]()
        if mark in "TFZ":
            return {"T": True, "F": False, "Z": None}[mark]
        return self.numbers(mark, 1)[0]


def number(value: float) -> str:
    """The shortest decimal that reads back as the same single precision number."""
    return np.format_float_positional(np.float32(value), unique=True, trim="-")


def tree_line(tree: dict[str, Any]) -> str:
    if any(tree["default_left"]) or any(tree.get("split_type", [])):
        raise SystemExit("a tree sends missing values to the left or splits categories")
    words = []

    def visit(node: int) -> None:
        value = number(tree["split_conditions"][node])
        if tree["left_children"][node] < 0:
            words.append(value)
            return
        words.append(f"{tree['split_indices'][node]}<{value}")
        visit(tree["left_children"][node])
        visit(tree["right_children"][node])

    visit(0)
    return " ".join(words)


def fold_text(file: Path) -> str:
    model = Reader(file.read_bytes()).value()
    learner = model.get("Model", model)["learner"]
    facts = learner["learner_model_param"]
    kind = KINDS[learner["objective"]["name"]]
    lines = [f"{kind} {facts['num_feature']} {float(facts['base_score'])!r}"]
    lines += [tree_line(tree) for tree in learner["gradient_booster"]["model"]["trees"]]
    return "\n".join(lines) + "\n"


def main(folder: Path) -> None:
    for name, pattern in FILES.items():
        text = "".join(fold_text(folder / pattern.format(fold)) for fold in range(FOLDS))
        (Path(__file__).parent / f"{name}.trees").write_text(text, encoding="ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
