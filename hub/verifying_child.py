"""Verify one file in a process of its own: a line of JSON and the file on standard input, the report on output."""

import json
import resource
import sys
from datetime import datetime

from cryptography import x509

from verification import report, trust, verify
from verification.evidence import Evidence, Registered, State, StateSeen

MEMORY = 1 << 30
CPU_SECONDS = 10


def main() -> None:
    """Limit this process, read, verify, answer."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    asked = json.loads(sys.stdin.buffer.readline())
    document = sys.stdin.buffer.read()
    at = datetime.fromisoformat(asked["at"])
    roots = [x509.load_der_x509_certificate(bytes.fromhex(root)) for root in asked["roots"]]
    listed = trust.open_list(asked["trust"], roots=roots, at=at, unsafe_allow_samples=True).list
    known = asked["registered"]
    seen = Evidence(
        registered=known and Registered(known["statement"], frozenset(known["documents"])),
        state=StateSeen(State.VALID, at, None) if asked["valid"] else None,
    )
    found = verify.verify(document, trust=listed, evidence=seen, at=at, policy=report.OFFLINE)
    sys.stdout.write(json.dumps(found.plain(), ensure_ascii=False))


if __name__ == "__main__":
    main()
