"""Write what a fuzzing run starts from: `python -m tests.fuzz.seeds FOLDER`.

Out:   seeds/* (an honest certificate, attacks on it, codes as text and picture, a proof) and trust.json beside them
"""

import sys
from pathlib import Path

from tests.verification import desk, pictures
from tests.verification.forged_codes import FORGED, LINK, TEXT
from tests.verification.test_pdf_attacks import ATTACKS
from verification import trust_list_text


def main(folder: Path) -> None:
    """Write them."""
    seeds = folder / "seeds"
    seeds.mkdir(parents=True, exist_ok=True)
    (folder / "trust.json").write_bytes(trust_list_text.to_bytes(desk.trust()))
    (folder / "good.pdf").write_bytes(desk.good())
    (seeds / "good.pdf").write_bytes(desk.good())
    for number, (build, _) in enumerate(ATTACKS.values()):
        (seeds / f"attack-{number:02}").write_bytes(build())
    for number, text in enumerate([LINK, TEXT, *(text for text, _ in FORGED.values())]):
        (seeds / f"code-{number:02}").write_bytes(text.encode())
    for kind in (0, 2, 3, 6):
        (seeds / f"picture-{kind}").write_bytes(pictures.png(pictures.enlarged(pictures.modules(), 2), kind))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
