"""Verify one file after the other in a process that has nothing to lose: no network, no files to write, little memory.

In:    messages on standard input: who is trusted, what the register says of these bytes, the bytes
Out:   messages on standard output: a question to the register, or the report and how much memory is held now

Order: isolated before the first byte of a stranger's is read. A report is made whatever comes in; what kills this
       process (time, memory, a fault in native code) is the parent's to answer.
"""

from datetime import datetime
from typing import Any

from cryptography import x509

from hub.verifying import frames, isolation, told
from verification import brought, trust
from verification.brought import Means
from verification.evidence import Evidence, Witness
from verification.trust_list import TrustList

INPUT, OUTPUT = 0, 1


class Child:
    """What stays from one job to the next: the trust list, opened once."""

    def __init__(self) -> None:
        self._listed: TrustList | None = None

    def serve(self) -> None:
        """Answer until nobody asks."""
        network = isolation.isolate()
        frames.write(OUTPUT, {"network": network, "resident": isolation.resident()})
        while True:
            try:
                asked, document = frames.read(INPUT)
            except frames.Broken:
                return
            isolation.allow_job()
            report = self._report(asked, document)
            del document
            frames.write(OUTPUT, {"report": report, "resident": isolation.resident()})

    def _report(self, asked: dict[str, Any], document: bytes) -> dict[str, Any]:
        at = datetime.fromisoformat(asked["at"])
        means = Means(
            self._trust(asked, at),
            evidence=told.read(asked["evidence"]),
            of_identifier=_witness("identifier"),
            of_reference=_witness("reference"),
        )
        return brought.judge(document, means, at=at).plain()

    def _trust(self, asked: dict[str, Any], at: datetime) -> TrustList:
        if asked["trust"] is not None:
            roots = [x509.load_der_x509_certificate(bytes.fromhex(root)) for root in asked["roots"]]
            self._listed = trust.open_list(asked["trust"], roots=roots, at=at, unsafe_allow_samples=True).list
        if self._listed is None:
            raise RuntimeError("the first job brings the trust list")
        return self._listed


def _witness(kind: str) -> Witness:
    def ask(name: str) -> Evidence:
        frames.write(OUTPUT, {"ask": kind, "name": name})
        return told.read(frames.read(INPUT)[0])

    return ask


if __name__ == "__main__":
    Child().serve()
