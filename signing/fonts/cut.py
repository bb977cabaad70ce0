"""Cut the page fonts from the full Noto CJK collections (run by hand, never imported by the product).

In:    a folder holding NotoSerifCJK-Regular.ttc, NotoSansCJK-Regular.ttc and Unihan_OtherMappings.txt.bz2
Out:   NotoSerifSC-Regular.otf, NotoSansSC-Regular.otf beside this file
Spec:  README.md in this folder says which characters go where, and why
"""

import bz2
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

HERE = Path(__file__).parent
FEATURES = ["mark", "mkmk", "kern"]  # no "locl": it would drag in the shapes of other regions
DROPPED = ["vhea", "vmtx", "VORG", "BASE", "DSIG"]
SYMBOLS = (
    (0x20, 0x7F), (0xA0, 0x180), (0x1CD, 0x1DD), (0x2B0, 0x2E0), (0x301, 0x302), (0x391, 0x3CA),
    (0x401, 0x452), (0x2010, 0x2028), (0x2030, 0x205F), (0x2070, 0x20A0), (0x20A9, 0x20B0), (0x2100, 0x2140),
    (0x2150, 0x2190), (0x2190, 0x219A), (0x2200, 0x22C0), (0x2460, 0x2500), (0x2500, 0x2580), (0x25A0, 0x2607),
    (0x3000, 0x3040), (0x3105, 0x3130), (0x3220, 0x3244), (0x3280, 0x32B1), (0x3371, 0x33E0), (0xFE30, 0xFE70),
    (0xFF01, 0xFF5F), (0xFFE0, 0xFFE7),
)  # fmt: skip


LABEL_SYMBOLS = ((0x20, 0x7F), (0xB7, 0xB8), (0x2014, 0x2015), (0x3000, 0x3016), (0xFF01, 0xFF5F))


def points(ranges: tuple[tuple[int, int], ...]) -> set[int]:
    """Every code point in some half-open ranges."""
    return {point for first, last in ranges for point in range(first, last)}


def gb2312(rows: range) -> set[int]:
    """The characters of GB 2312 in these rows (16-55 are level 1, 56-87 level 2)."""
    pairs = (bytes([0xA0 + row, 0xA0 + cell]) for row in rows for cell in range(1, 95))
    return {ord(text) for pair in pairs if (text := pair.decode("gb2312", errors="ignore"))}


def general_standard(mappings: Path) -> set[int]:
    """The 8,105 characters of the 2013 general standard table, as Unihan lists them."""
    with bz2.open(mappings, "rt", encoding="utf-8") as lines:
        return {int(line.split("\t")[0][2:], 16) for line in lines if "\tkTGH\t" in line}


def ideographs() -> set[int]:
    """Every unified ideograph (the base block and extensions A to H); the source has some 29,900 of them."""
    return {0x3007} | points(((0x3400, 0x4DC0), (0x4E00, 0xA000), (0x20000, 0x2A6E0), (0x2A700, 0x323B0)))


def simplified(collection: Path, family: str) -> TTFont:
    """The instance of a collection whose shapes are those of mainland China."""
    fonts = TTCollection(str(collection), lazy=True).fonts
    return next(font for font in fonts if font["name"].getDebugName(1) == f"{family} CJK SC")


def cut(font: TTFont, wanted: set[int], family: str, target: Path) -> int:
    """Write the wanted part of a font under its short family name; answer how many characters it shows."""
    options = subset.Options(layout_features=FEATURES, hinting=False, name_IDs=[0, 1, 2, 3, 4, 5, 6, 7, 8, 13, 14])
    options.drop_tables += DROPPED
    options.name_languages = [0x409]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    names = {1: family, 2: "Regular", 4: family, 6: f"{family.replace(' ', '')}-Regular"}
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    postscript = font["CFF "].cff
    postscript.fontNames[0] = names[6]
    font["head"].created = font["head"].modified = 0
    font.recalcTimestamp = False
    font.save(str(target))
    return len(font.getBestCmap())


def main(sources: Path) -> None:
    """Cut both fonts and say how large they became."""
    standard = general_standard(sources / "Unihan_OtherMappings.txt.bz2")
    body = points(SYMBOLS) | gb2312(range(1, 88)) | standard | ideographs()
    labels = points(LABEL_SYMBOLS) | gb2312(range(16, 88)) | set(range(0x9FEB, 0x9FF0))  # the serif lacks these five
    for style, wanted in (("Serif", body), ("Sans", labels)):
        font = simplified(sources / f"Noto{style}CJK-Regular.ttc", f"Noto {style}")
        target = HERE / f"Noto{style}SC-Regular.otf"
        count = cut(font, wanted, f"Noto {style} SC", target)
        sys.stdout.write(f"{target.name}: {count} characters, {target.stat().st_size} bytes\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
