"""Writes DejaVuSans.ttf of this folder: DejaVu Sans 2.37 with the letters that pictures draw, without hints.

    python3 make_font.py

Needs fonttools of PyPI and Debian's fonts-dejavu-core. Letters of scripts that need joining or run from right to left
are left out: they would be drawn wrong, and a box says that they are not drawn.
"""

from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

SOURCE = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
LETTERS = [
    (0x20, 0x7E),  # ASCII
    (0xA0, 0x36F),  # Latin, phonetic letters, accents of their own
    (0x370, 0x52F),  # Greek, Cyrillic
    (0x530, 0x58F),  # Armenian
    (0x10A0, 0x10FF),  # Georgian
    (0x1E00, 0x1FFF),  # Latin and Greek with several accents
    (0x2010, 0x2027),  # dashes, quotation marks, ellipsis
    (0x2030, 0x203A),
    (0x2070, 0x209F),  # raised and lowered digits
    (0x20A0, 0x20BF),  # currencies
    (0x2190, 0x2199),  # arrows
    (0xFB00, 0xFB04),  # ligatures
]
SIGNS = "№™Å∆∏∑−√∞≈≠≤≥\ufffd"

options = subset.Options()
options.hinting = False
options.layout_features = []
options.notdef_outline = True
options.glyph_names = False
options.name_IDs = [0, 1, 2, 4, 5, 6, 13]  # names, version, copyright, licence
options.drop_tables += ["FFTM", "GDEF", "GPOS", "GSUB", "MATH", "OS/2", "gasp", "kern"]

font = TTFont(SOURCE)
subsetter = subset.Subsetter(options)
subsetter.populate(unicodes=[code for first, last in LETTERS for code in range(first, last + 1)], text=SIGNS)
subsetter.subset(font)
font.save(Path(__file__).parent / "DejaVuSans.ttf")
