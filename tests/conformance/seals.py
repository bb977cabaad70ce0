"""Put sealed certificates of every shipped type before outside judges: `python -m tests.conformance.seals [FOLDER]`.

In:    the sample keys, the shipped types with their longest and their plain sample
Out:   one line for each file and judge; exit 1 if one of them disagrees, 2 if one of them is not here

The judges are openssl (CMS with CAdES attributes; time-stamp), pdfsig (poppler), qpdf, zbarimg (the code on the page
at 150 dpi), EU DSS (PAdES level) and veraPDF (PDF/A-3b).
Maven fetches and builds the Java judges on the first run (JDK 17); nothing is skipped quietly.
"""

import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hub import demo_typeset
from registry.directory.catalog import content, lint, shipped
from registry.directory.catalog.folder import TypeFolder
from signing import body, codes, key_files, page, status_answers
from signing.ocsp import GOOD, Responder
from signing.seal import Means, Sealer
from signing.timestamp import Authority
from tests.verification import renewals
from verification import base45, certificates
from verification.pdf import cms

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
KEYS = ROOT / "keys_sample"
BUILT = ROOT / "var" / "judges"
AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
NEEDED = ("openssl", "pdfsig", "pdftoppm", "zbarimg", "qpdf", "mvn", "java")
SEALS = ("planning-seal", "housing-seal")
RENEWED = "-renewed.pdf"
USUAL, WIDEST = 305, 454  # bytes of a code's token


def link(size: int) -> str:
    """A code's link: a real one is as random to a reader as this."""
    plain = base45.encode(secrets.token_bytes(size)).replace("%", "0").replace(" ", "1")
    return f"HTTPS://ZZ.SAMPLE.INVALID/V/K7M2PQRSTV#{plain}"


LINKS = {"sample.json": link(USUAL), "longest.json": link(WIDEST)}
STATEMENT = page.Attachment(
    name="statement.json", content=b'{"sample":true}', media_type="application/json", description="statement"
)


def tell(line: str) -> None:
    """Say it to whoever started this."""
    sys.stdout.write(line + "\n")


def main(arguments: list[str]) -> int:
    """Make, judge, tell."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        tell(f"these judges are not on this machine: {', '.join(missing)}")
        return 2
    with tempfile.TemporaryDirectory() as name:
        folder = Path(arguments[0] if arguments else name)
        folder.mkdir(parents=True, exist_ok=True)
        files = list(make(folder))
        disagreeing = [told for file in files for told in own_judges(file)] + java_judges(files)
    tell("\n".join(disagreeing) or f"{len(files)} files: all judges agree")
    return int(bool(disagreeing))


def drawn_here() -> Iterator[tuple[str, TypeFolder]]:
    """The shipped types with a page of their own."""
    return ((name, given) for name, given in shipped.folders() if content.read(given).definition.document == "rendered")


def make(folder: Path) -> Iterator[Path]:
    """Every shipped type, drawn from its samples and sealed with either kind of key; one of them renewed too."""
    for name, given in drawn_here():
        for sample in ("sample.json", "longest.json"):
            face = lint.example(content.read(given), sample)
            drawn = page.render(given.template(), face=face, parts=parts(LINKS[sample]), at=AT)
            for seal in SEALS:
                path = folder / f"{name}-{sample.removesuffix('.json')}-{seal}.pdf"
                path.write_bytes(sealer(seal).apply(drawn, at=AT).document)
                yield path
        yield renewed(path)
    yield typeset(folder / "typeset-sample-housing-seal.pdf")
    yield copied(folder / "typeset-copy-hub-seal.pdf")


def typeset(path: Path) -> Path:
    """A page that came finished, as an office's word processor makes it: the statement is put in, then it is sealed."""
    page_of_theirs = page.Template({page.ENTRY: demo_typeset.LETTER.encode()})
    face = {
        "title": "示例意见书",
        "number": "示例〔2026〕6号",
        "holder": "示例置业有限公司",
        "lines": ["经核查，结论为：合格。"],
    }
    drawn = page.render(page_of_theirs, face={**face, "issuer": "示例市示例局", "date": "2026年2月9日"}, at=AT)
    path.write_bytes(sealer("housing-seal").apply(body.attach(drawn, STATEMENT), at=AT).document)
    return path


def copied(path: Path) -> Path:
    """An annotated copy, as the hub makes one under a look-up."""
    template = page.Template({page.ENTRY: (ROOT / "registry/exchange/copies/page.typ").read_bytes()})
    marks = ["仅用于示例用途", "示例市示例局", "有效至 2026-12-31"]
    face = {
        "title": "示例证照",
        "kind": "加注件",
        "mark": marks,
        "rows": [["文号", "示例〔2026〕6号"]],
        "values": [],
        "notes": [],
    }
    drawn = page.render(template, face={**face, "foot": "示例"}, parts=page.Parts(attachments=(STATEMENT,)), at=AT)
    path.write_bytes(sealer("hub-seal").apply(drawn, at=AT).document)
    return path


def renewed(path: Path) -> Path:
    """A sealed file as an archive has it after its second renewal."""
    copy = path.with_name(f"{path.stem}{RENEWED}")
    copy.write_bytes(renewals.renewed(2, document=path.read_bytes(), at=AT))
    return copy


def parts(link: str) -> page.Parts:
    """Everything that can stand on a page."""
    return page.Parts(
        qr_svg=codes.svg(link),
        reference="K7M2PQRSTV",
        host="zz.sample.invalid",
        seal_name="示例市示例局",
        attachments=(STATEMENT,),
    )


def sealer(name: str) -> Sealer:
    """A sample seal with a fresh status answer."""
    root, issuing, about = (certificate(one) for one in ("root", "issuing", name))
    responder = Responder(key("ocsp"), issuing, lambda serial: GOOD, lasts=timedelta(hours=12))
    answers = status_answers.Answers()
    answers.keep(status_answers.read(responder.answer(about, at=AT), about, issuing, at=AT))
    means = Means(
        stamper=Authority(key("tsa"), entropy=secrets.token_bytes),
        answers=answers,
        lists=[status_answers.read_list((KEYS / "root.crl").read_bytes(), root, at=AT)],
        roots=[root],
        between=[issuing],
        self_check=lambda document, at: (),
    )
    return Sealer(key(name), means)


def own_judges(file: Path) -> Iterator[str]:
    """What openssl, pdfsig and qpdf object to."""
    judges = [openssl_cms, openssl_stamp, pdfsig, qpdf]
    for judge in judges if file.name.startswith("typeset") else [*judges, zbarimg]:
        objection = judge(file)
        tell(f"{file.name}\t{judge.__name__}\t{objection or 'ok'}")
        if objection:
            yield f"{file.name}: {judge.__name__}: {objection}"


def openssl_cms(file: Path) -> str:
    """The signature holds under our root, with CAdES attributes."""
    document = file.read_bytes()
    first, size, resumes, rest = map(int, re.search(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]", document).groups())
    signed = beside(file, ".signed", document[first:size] + document[resumes : resumes + rest])
    signature = beside(file, ".p7s", held(document))
    return run(
        *("openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", signature, "-content", signed),
        *("-CAfile", KEYS / "root.pem", "-purpose", "any", "-attime", int(AT.timestamp()), "-out", "/dev/null"),
    )


def openssl_stamp(file: Path) -> str:
    """The time-stamp is over the signature and holds under our root."""
    found = cms.read(held(file.read_bytes()))
    token, value = beside(file, ".tst", found.stamp), beside(file, ".value", found.signature)
    return run(
        *("openssl", "ts", "-verify", "-token_in", "-in", token, "-data", value, "-CAfile", KEYS / "root.pem"),
        *("-untrusted", KEYS / "tsa.pem", "-attime", int(AT.timestamp())),
    )


def pdfsig(file: Path) -> str:
    """Poppler finds one valid signature of the right form."""
    return run("pdfsig", "-nocert", file, must=("Signature is Valid.", "ETSI.CAdES.detached", "SHA-256"))


def qpdf(file: Path) -> str:
    """The file is in order from its first object to its last."""
    return run("qpdf", "--check", file)


def zbarimg(file: Path) -> str:
    """The code is read from the page as it is printed at 150 dpi."""
    link = next(text for sample, text in LINKS.items() if sample.removesuffix(".json") in file.name)
    with tempfile.TemporaryDirectory() as folder:
        if objection := run("pdftoppm", "-r", "150", "-png", file, Path(folder) / "page"):
            return objection
        told = [run("zbarimg", "-q", "--raw", page, must=(link,)) for page in sorted(Path(folder).iterdir())]
        return "" if "" in told else told[-1]  # one page has it; the others have none


def java_judges(files: list[Path]) -> list[str]:
    """What EU DSS and veraPDF object to; the level must be the one that was claimed."""
    paths = BUILT / "classpath"
    BUILT.mkdir(parents=True, exist_ok=True)
    build = ("mvn", "-q", "-B", "-f", HERE / "dss" / "pom.xml", "compile", "dependency:build-classpath")
    if objection := run(*build, f"-Dmdep.outputFile={paths}"):
        return [f"the Java judges cannot be built: {objection}"]
    classes = f"{BUILT / 'classes'}:{paths.read_text().strip()}"
    judged = subprocess.run(
        ["java", "-cp", classes, "judges.Judge", KEYS / "root.pem", *files], capture_output=True, text=True, check=False
    )
    tell(judged.stdout + judged.stderr[-2000:])
    wanted = re.compile(
        r"file=(\S+) signatures=1 indication=TOTAL_PASSED sub=null "
        r"level=PAdES-BASELINE-(LT timestamps=1|LTA timestamps=3) "
        r"subfilter=ETSI\.CAdES\.detached docmdp=NO_CHANGE_PERMITTED\npdfa-3b=true\n"
    )
    levels = dict(wanted.findall(judged.stdout + "\n"))
    agreed = {name for name, level in levels.items() if level.startswith("LTA") is name.endswith(RENEWED)}
    return [f"{file.name}: EU DSS or veraPDF disagrees" for file in files if file.name not in agreed]


def held(document: bytes) -> bytes:
    """The CMS in the signature's hole."""
    padded = bytes.fromhex(re.search(rb"/Contents <([0-9A-F]+)>", document)[1].decode())
    return padded[: 4 + int.from_bytes(padded[2:4])]


def run(*command: object, must: tuple[str, ...] = ()) -> str:
    """What a judge objects to; nothing, if it is content and says what it must."""
    judged = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    told = judged.stdout + judged.stderr
    absent = [words for words in must if words not in told]
    return "" if judged.returncode == 0 and not absent else f"exit {judged.returncode}, {absent or told[-500:]}"


def beside(file: Path, suffix: str, data: bytes) -> Path:
    """Write what a judge wants as a file of its own."""
    path = file.with_suffix(suffix)
    path.write_bytes(data)
    return path


def key(name: str) -> key_files.FileKey:
    """A sample key."""
    return key_files.load(KEYS / f"{name}.key", certificates_at=KEYS / f"{name}.pem")


def certificate(name: str):
    """A sample certificate."""
    return certificates.read((KEYS / f"{name}.pem").read_bytes())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
