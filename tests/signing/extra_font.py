"""A font of one character, such as an office buys for a name that no free font has."""

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

RARE = "\U00030000"  # 𰀀, of extension G: our fonts lack it


def write(folder):
    """Write the font into a folder."""
    pen = TTGlyphPen(None)
    for number, point in enumerate(((100, 0), (100, 800), (900, 800), (900, 0))):
        pen.lineTo(point) if number else pen.moveTo(point)
    pen.closePath()
    glyph = pen.glyph()
    made = FontBuilder(1000, isTTF=True)
    made.setupGlyphOrder([".notdef", "rare"])
    made.setupCharacterMap({ord(RARE): "rare"})
    made.setupGlyf({".notdef": glyph, "rare": glyph})
    made.setupHorizontalMetrics({".notdef": (1000, 100), "rare": (1000, 100)})
    made.setupHorizontalHeader(ascent=880, descent=-120)
    made.setupNameTable({"familyName": "Sample Rare", "styleName": "Regular", "psName": "SampleRare-Regular",
                         "fullName": "Sample Rare Regular", "uniqueFontIdentifier": "sample"})  # fmt: skip
    made.setupOS2(sTypoAscender=880, sTypoDescender=-120)
    made.setupPost()
    made.save(folder / "rare.ttf")
    return folder
