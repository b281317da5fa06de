"""Makes codes.csv of TotalSegmentator's totalsegmentator_snomed_mapping.csv: make_codes.py MAPPING.csv OUT.csv

A row a class: the concepts of SNOMED CT as code and meaning, and the colour that DICOM segmentations get.
"""

from __future__ import annotations

import csv
import sys

CONCEPTS = {
    "category": "SegmentedPropertyCategoryCodeSequence",
    "type": "SegmentedPropertyTypeCodeSequence",
    "modifier": "SegmentedPropertyTypeModifierCodeSequence",
    "region": "AnatomicRegionSequence",
    "region_modifier": "AnatomicRegionModifierSequence",
}


def concept(row: dict[str, str], sequence: str) -> list[str]:
    if row[f"{sequence}.CodingSchemeDesignator"] not in ("", "SCT"):
        raise SystemExit(f"{row['Structure']}: {sequence} is not a concept of SNOMED CT")
    return [row[f"{sequence}.CodeValue"], row[f"{sequence}.CodeMeaning"]]


def colour(row: dict[str, str]) -> str:
    return "".join(f"{int(part):02X}" for part in row["DicomRGBColor"].split(","))


def main() -> None:
    with open(sys.argv[1], encoding="utf-8", newline="") as mapping:
        rows = list(csv.DictReader(mapping))
    with open(sys.argv[2], "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["class", *(column for name in CONCEPTS for column in (f"{name}_code", name)), "colour"])
        for row in rows:
            concepts = [text for sequence in CONCEPTS.values() for text in concept(row, sequence)]
            writer.writerow([row["Structure"], *concepts, colour(row)])


main()
