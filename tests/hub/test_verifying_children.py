"""The child processes that read strangers' files: reused, replaced, limited, without a network"""

import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from hub.errors import VerifierBusy
from hub.verifying import told
from hub.verifying.children import Children, Job, Limits
from signing import jws
from tests.verification import desk
from verification import certificates, trust, trust_list_text
from verification.evidence import NOTHING

ROOT = Path(__file__).resolve().parents[2]


def trusting():
    chain = [desk.certificate("trust-list")]
    signed = jws.sign(desk.key("trust-list"), trust_list_text.to_bytes(desk.trust()), trust.TYPE, chain=chain)
    return {"trust": signed, "roots": [certificates.der(desk.certificate("root")).hex()]}


TRUST = trusting()


def job(document, answer=lambda kind, name: told.plain(NOTHING)):
    return Job({"at": desk.AT.isoformat(), "evidence": told.plain(NOTHING)}, TRUST, document, answer)


@pytest.fixture
def children(request):
    made = Children(most=1, limits=getattr(request, "param", Limits()))
    yield made
    made.end()


def pid(children):
    return children._idle[0].pid


class TestChildren:
    """children.Children"""

    def test_one_process_answers_many(self, children):
        """Started once; the trust list is sent to it once."""
        found = [children.report(job(document)) for document in (desk.good(), b"junk", desk.good())]

        assert [one["accepted"] for one in found] == [True, False, True]
        assert len(children._idle) == 1

    def test_one_that_died_over_a_file_is_replaced(self, children):
        """That file gets no report of its own, the next one does."""
        children.report(job(b"junk"))
        before = pid(children)

        lost = children.report(job(desk.good(), lambda *_: os.kill(before, signal.SIGKILL) or told.plain(NOTHING)))

        assert lost is None
        assert children.report(job(desk.good()))["accepted"]
        assert pid(children) != before

    @pytest.mark.parametrize("children", [Limits(wall=0.5)], indirect=True)
    def test_one_that_stands_still_is_killed(self, children):
        """At the wall clock's limit, and nobody waits longer."""
        children.report(job(b"junk"))
        before = pid(children)

        assert children.report(job(desk.good(), lambda *_: os.kill(before, signal.SIGSTOP) or {})) is None
        with pytest.raises(ProcessLookupError):
            os.kill(before, 0)

    @pytest.mark.parametrize("children", [Limits(growth=-(1 << 40))], indirect=True)
    def test_one_that_grew_is_replaced(self, children):
        """Here every one has."""
        assert children.report(job(desk.good()))["accepted"]
        assert children._idle == []

    @pytest.mark.parametrize("children", [Limits(waiting=0)], indirect=True)
    def test_a_full_queue_is_said(self, children):
        """503, and nothing is lost."""
        answered, asked = threading.Event(), threading.Event()

        def answer(*_):
            asked.set()
            answered.wait(20)
            return told.plain(NOTHING)

        first = threading.Thread(target=children.report, args=[job(desk.good(), answer)])
        first.start()
        assert asked.wait(20)
        with pytest.raises(VerifierBusy):
            children.report(job(b"junk"))
        answered.set()
        first.join()
        assert children.report(job(desk.good()))["accepted"]


class TestIsolation:
    """isolation.isolate()"""

    def run(self, program):
        return subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    def test_says_how_the_network_was_taken(self, children):
        """Never `open` where a kernel can do better."""
        assert children.network() in ("namespace", "seccomp")

    @pytest.mark.parametrize(
        "isolated",
        ["isolation.isolate()", "isolation._filtered(ctypes.CDLL(None))"],
        ids=["as a child", "where no namespace is allowed"],
    )
    def test_nobody_can_be_reached(self, isolated):
        """Not even an address of this machine; no other program can be started, either."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            program = (
                "import ctypes, os, socket\nfrom hub.verifying import isolation\n"
                f"assert {isolated}\n"
                "try:\n"
                f"    socket.create_connection(('127.0.0.1', {listener.getsockname()[1]}), 2)\n"
                "except OSError: pass\n"
                "else: raise SystemExit('connected')\n"
                "try: os.execv('/bin/true', ['true'])\n"
                "except PermissionError: print('alone')\n"
            )
            assert self.run(program).stdout == "alone\n"

    def test_memory_and_files_are_limited(self):
        """A gigabyte of address space, and nothing written to a disk."""
        program = (
            "import tempfile\nfrom hub.verifying import isolation\nisolation.isolate()\n"
            "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
            "try: bytearray(1 << 30)\n"
            "except MemoryError: print('small')\n"
            "try:\n"
            "    with tempfile.TemporaryFile() as file: file.write(b'x' * 100_000)\n"
            "except OSError: print('dry')\n"
        )
        assert self.run(program).stdout == "small\ndry\n"

    def test_a_job_has_ten_seconds_of_processor(self):
        """More than were used before it, however many those are."""
        program = (
            "import resource\nfrom hub.verifying import isolation\nisolation.allow_job()\n"
            "used = resource.getrusage(resource.RUSAGE_SELF)\n"
            "print(resource.getrlimit(resource.RLIMIT_CPU)[0] - int(used.ru_utime + used.ru_stime))"
        )
        assert self.run(program).stdout.strip() in ("10", "11")
