"""Make the font files of static/fonts from their published packages: `python bin/fonts.py FOLDER`.

FOLDER holds the unpacked npm packages (`npm pack @expo-google-fonts/noto-sans` and so on, each in a folder of its own
name); the rest comes from Debian's fonts-noto-core and fonts-dejavu-core. Hinting is dropped, for nothing on paper or
at today's screen resolutions shows it; layout tables stay only where a script needs shaping; Chinese, Japanese and
Korean are cut to what their national character sets hold, which saves 10 of 22 MB.
"""

import sys
from pathlib import Path

import uharfbuzz as hb

HERE = Path(__file__).resolve().parents[1] / "static" / "fonts"
NOTO = Path("/usr/share/fonts/truetype/noto")
DEJAVU = Path("/usr/share/fonts/truetype/dejavu")
HANGUL = {*range(0x1100, 0x1200), *range(0x3130, 0x3190), *range(0xA960, 0xA980), *range(0xAC00, 0xD7FC)}
# The newer Arabic of the npm package splits letters from their dots, which no reader puts together again.
DEBIAN = (
    *("Arabic", "Armenian", "Bengali", "Ethiopic", "Georgian", "Gujarati", "Gurmukhi", "Kannada", "Khmer", "Lao"),
    *("Malayalam", "Myanmar", "Sinhala", "Tamil", "Telugu", "Thaana"),
)


def charset(*codecs: str) -> set[int]:
    """Return the code points a national character set holds."""
    return {code for code in range(0x10000) for codec in codecs if chr(code).encode(codec, "ignore")}


def make(source: Path, name: str, codes: set[int] | None = None, *, shaped: bool = True) -> None:
    """Write one face, without hinting and with the given code points only."""
    face = hb.Face(hb.Blob.from_file_path(str(source)))
    wanted = hb.SubsetInput()
    wanted.flags = hb.SubsetFlags.NO_HINTING
    wanted.unicode_set.update(set(face.unicodes) if codes is None else set(face.unicodes) & codes)
    if not shaped:
        wanted.layout_feature_tag_set.clear()
    (HERE / f"{name}.ttf").write_bytes(hb.subset(face, wanted).blob.data)


def main(folder: Path) -> None:
    """Write every file."""

    def expo(package: str, face: str) -> Path:
        return next(folder.glob(f"expo-google-fonts-{package}-[0-9]*/*/{face}.ttf"))

    make(expo("noto-sans", "NotoSans_400Regular"), "NotoSans-Regular")
    make(expo("noto-sans", "NotoSans_700Bold"), "NotoSans-Bold")
    make(expo("noto-sans-hebrew", "NotoSansHebrew_400Regular"), "NotoSansHebrew-Regular")
    make(expo("noto-sans-thai", "NotoSansThai_400Regular"), "NotoSansThai-Regular")
    make(expo("noto-emoji", "NotoEmoji_400Regular"), "NotoEmoji-Regular")
    chinese, japanese = charset("gbk", "big5"), charset("cp932")
    make(expo("noto-sans-sc", "NotoSansSC_400Regular"), "NotoSansSC-Regular", chinese, shaped=False)
    make(expo("noto-sans-jp", "NotoSansJP_400Regular"), "NotoSansJP-Regular", japanese, shaped=False)
    make(expo("noto-sans-kr", "NotoSansKR_400Regular"), "NotoSansKR-Regular", HANGUL)
    for script in DEBIAN:
        make(NOTO / f"NotoSans{script}-Regular.ttf", f"NotoSans{script}-Regular")
    make(NOTO / "NotoSansMath-Regular.ttf", "NotoSansMath-Regular", {*range(0x1D400, 0x1D800)}, shaped=False)
    make(DEJAVU / "DejaVuSans.ttf", "DejaVuSans", shaped=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
