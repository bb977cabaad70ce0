"""The public log over HTTP, and what a client of it can prove with nothing but its keys."""

import pytest

from hub import log_keeping
from hub.log_keeping import LogKeeper
from hub.trust_publishing import publish_trust_list
from registry.directory import authority_seed, trust_lists
from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Kind, Scope
from registry.store import ledger
from registry.store.events import Event
from tests.hub import office
from tests.registry.store.log.desk import act
from verification import checkpoints, entries, inclusion, jws, logged, merkle, tiles, trust_list_text
from verification.report import NO_FACTS


@pytest.fixture
def log(parts):
    """A log of 300 acts, and then 3 more."""
    references = act(parts.db, 300, at=parts.now())
    parts.sequencer.turn(at=parts.now())
    references += act(parts.db, 3, at=parts.now())
    parts.sequencer.turn(at=parts.now())
    return references


def fetched(client):
    """A source of tiles as a client of the log has it."""

    def source(level, number, width):
        answer = client.get(f"/log/tile/{level}/{tiles.path(number, width)}")
        assert answer.status_code == 200, answer.text
        assert "immutable" in answer.headers["cache-control"]
        return answer.content

    return source


class TestLog:
    """GET /log/…"""

    def test_a_stranger_rebuilds_the_tree(self, client, parts, log):
        """Checkpoint, tiles and bundles agree; entries are commitments and nothing else."""
        answer = client.get("/log/checkpoint")
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.headers["cache-control"] == "public, max-age=1"
        found = checkpoints.opened(answer.content, log_keeping.keys(parts))

        size = found.tree.size
        assert (size, found.tree.origin) == (303, "127.0.0.1:8000/log")
        assert tiles.Tree(fetched(client), size).root() == found.tree.root
        bundle = client.get("/log/tile/entries/000").content + client.get("/log/tile/entries/001.p/47").content
        shown = [bundle[place + 2 : place + 34] for place in range(0, len(bundle), 34)]
        assert [entries.leaf_hash(one).hex() for one in shown] == log
        assert merkle.root(map(merkle.leaf, shown)) == found.tree.root

    def test_an_older_tree_is_still_there(self, client, log):
        """The partial tile of a checkpoint of the past, and the proof that today's tree continues it."""
        old, new = tiles.Tree(fetched(client), 300), tiles.Tree(fetched(client), 303)
        assert merkle.consistent(300, 303, old.root(), new.root(), new.consistency(300))

    @pytest.mark.parametrize(
        "path",
        [
            "0/001.p/48",
            "0/001",
            "0/002",
            "1/000",
            "2/000.p/1",
            "0/1",
            "0/000.p/0",
            "entries/001",
            "entries/x000/000",
            "0/a",
        ],
    )
    def test_what_no_checkpoint_covers_is_not_there(self, client, log, path):
        """Neither beyond the end nor under another spelling."""
        answer = client.get(f"/log/tile/{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "log.tile_refused")

    def test_before_the_first_checkpoint(self, client):
        """Nothing is there, and it is said so."""
        answer = client.get("/log/checkpoint")
        assert (answer.status_code, answer.json()["code"]) == (404, "register_log.no_checkpoint")
        assert client.get("/log/tile/0/000").status_code == 404

    def test_the_trust_list_names_the_log(self, parts, log):
        """Who trusts the list can open the checkpoint."""
        publish_trust_list(parts, by="operator")
        with parts.db.reading() as look:
            listed = trust_list_text.from_bytes(jws.unverified_payload(trust_lists.current(look).signed, limit=1 << 20))
        assert {key.text() for key in logged.keys(listed)} == {key.text() for key in log_keeping.keys(parts)}


class TestKeeper:
    """log_keeping.LogKeeper"""

    def test_brings_acts_into_the_log_by_itself(self, parts):
        """Within a turn of the loop; its lease is given back at the end."""
        keeper = LogKeeper(parts, every=0.01)
        act(parts.db, 2, at=parts.now())
        keeper.start()
        for _ in range(1000):
            with parts.db.reading() as look:
                if log_keeping.checkpoints.newest(look):
                    break
        keeper.end()
        assert (parts.settings.checkpoint_folder / "checkpoint").read_text().startswith("127.0.0.1:8000/log\n2\n")

    def test_survives_a_database_that_is_away(self, parts, caplog):
        """A turn that fails is told, and tried again."""
        parts.db.close()
        parts.settings.checkpoint_folder.write_text("in the way")
        act(parts.db, 1, at=parts.now())
        keeper = LogKeeper(parts, every=0.01)
        keeper._turn()
        assert "not kept outside" in caplog.text


class TestProof:
    """GET /v1/certificates/{identifier}/proof"""

    @pytest.fixture
    def issued(self, parts):
        authority_seed.load(parts.db, authority_seed.demo(), by="operator", at=parts.now())
        office.open_office(parts)
        return office.certificate(parts)

    def _ask(self, parts, identifier):
        from registry.life import certificates

        by = Caller(Kind.OFFICER, "off_a", office.OFFICE, frozenset({Scope.ISSUE}))
        return certificates.proof(parts.db, identifier, by=by)

    def test_the_issuer_gets_a_proof_that_convinces_a_stranger(self, parts, issued):
        """The entry inside says which statement was issued; with the trust list, a verifier's log axis passes."""
        parts.sequencer.turn(at=parts.now())
        publish_trust_list(parts, by="operator")
        proof = self._ask(parts, issued)

        found = inclusion.check(proof, log_keeping.keys(parts))
        assert (found.entry.event, found.entry.subject) == ("issued", issued)
        with parts.db.reading() as look:
            listed = trust_list_text.from_bytes(jws.unverified_payload(trust_lists.current(look).signed, limit=1 << 20))
            assert ledger.of_subject(look, issued, Event.ISSUED).leaf == found.leaf
        assert logged.judge(found.entry.facts["statement"], proof, listed) != NO_FACTS
