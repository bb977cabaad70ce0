"""The public log over HTTP, and what a client of it can prove with nothing but its keys."""

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from hub import log_keeping, log_stamping
from hub.log_keeping import LogKeeper
from hub.trust_publishing import publish_trust_list
from registry.directory import authority_seed, trust_lists
from registry.directory.access import clients
from registry.directory.access.callers import OPERATOR
from registry.directory.access.scopes import Role, Scope
from registry.store import ledger
from registry.store.events import Event
from registry.store.log import erasing
from tests.hub import office
from tests.hub.conftest import app_of
from tests.registry.store.log.desk import act
from verification import checkpoints, entries, jws, log_evidence, logged, merkle, tiles, trust_list_text


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


@pytest.fixture
def quiet(parts):
    """A caller of the hub whose jobs do not run, so that nothing gets a place behind the test's back."""
    return TestClient(app_of(parts), raise_server_exceptions=False)


class TestFeed:
    """GET /v1/ledger"""

    def test_an_auditor_reads_it_by_place(self, quiet, parts, log):
        """Every entry once, opened, in the order of the log; what has no place yet comes with the next checkpoint."""
        act(parts.db, 2, at=parts.now())
        authority_seed.load(parts.db, authority_seed.demo(), by="operator", at=parts.now())
        shown = office.officer(parts, Role.AUDITOR)
        items, first = [], 0
        while first is not None:
            page = quiet.get(f"/v1/ledger?first={first}&limit=100", headers=shown).json()
            items, first = items + page["items"], page["next"]

        assert [one["leaf"] for one in items][-303:] == log
        assert [one["place"] for one in items] == list(range(page["size"]))
        for one in items[:20]:
            committed = entries.commitment(bytes.fromhex(one["salt"]), one["body"].encode())
            assert entries.leaf_hash(committed).hex() == one["leaf"]
        assert quiet.get("/v1/ledger?first=9000", headers=shown).json() == {"items": [], "size": 303, "next": None}
        parts.sequencer.turn(at=parts.now())
        assert quiet.get("/v1/ledger?first=303", headers=shown).json()["items"][0]["place"] == 303

    def test_an_erased_entry_keeps_its_place(self, client, parts, log):
        """Its commitment is there, what it said is not."""
        authority_seed.load(parts.db, authority_seed.demo(), by="operator", at=parts.now())
        erasing.erase(parts.db, log[7], basis="E-1", by="operator", at=parts.now())
        (one,) = client.get("/v1/ledger?first=7&limit=1", headers=office.officer(parts, Role.AUDITOR)).json()["items"]
        assert (one["leaf"], one["salt"], one["body"]) == (log[7], None, None)


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

    def test_without_keys_it_says_so_once(self, parts, caplog, tmp_path):
        """And not at every second; what happened waits."""
        (tmp_path / "none").mkdir()
        settings = parts.settings.model_copy(update={"signing_keys": tmp_path / "none"})
        keeper = LogKeeper(replace(parts, settings=settings), every=0.001)
        act(parts.db, 1, at=parts.now())
        keeper.start()
        keeper.join(10)
        assert [one.message for one in caplog.records] == [
            "the signing folder holds no log keys: acts wait for their place in the log"
        ]

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
        office.open_office(parts)
        return office.certificate(parts)

    @pytest.fixture
    def ask(self, parts, issued):
        """A system of the issuing authority asks over HTTP; nobody gives entries their places meanwhile."""
        client = TestClient(app_of(parts), raise_server_exceptions=False)
        known = {"authority": office.OFFICE, "name": "审批系统", "scopes": [Scope.ISSUE]}
        made = clients.register(parts.db, **known, by=OPERATOR, at=parts.now())
        form = {"grant_type": "client_credentials", "client_id": made.client.id, "client_secret": made.secret}
        shown = {"Authorization": f"Bearer {client.post('/oauth/token', data=form).json()['access_token']}"}
        return lambda accept: client.get(f"/v1/certificates/{issued}/proof", headers={**shown, "Accept": accept})

    def test_before_its_place_the_leaf_alone_is_told(self, ask, parts, issued):
        """What is attached later belongs to exactly this leaf; a proof file is not there yet."""
        first = ask("*/*")
        assert (first.status_code, first.headers["content-type"]) == (200, log_evidence.MEDIA_TYPE)
        waiting = log_evidence.read(first.content)
        assert waiting.placed is None
        told = ask("text/plain")
        assert (told.status_code, told.json()["code"]) == (409, "register_log.not_placed_yet")

        parts.sequencer.turn(at=parts.now())
        found = log_evidence.check(ask("*/*").content, log_keeping.keys(parts), leaf=waiting.leaf)
        assert found.entry.subject == issued

    def test_the_issuer_gets_evidence_that_convinces_a_stranger(self, ask, parts, issued):
        """The entry inside says which statement was issued; with the trust list, a verifier's log axis passes."""
        parts.sequencer.turn(at=parts.now())
        log_stamping.stamp(parts)
        publish_trust_list(parts, by="operator")
        with parts.db.reading() as look:
            listed = trust_list_text.from_bytes(jws.unverified_payload(trust_lists.current(look).signed, limit=1 << 20))
            leaf = ledger.of_subject(look, issued, Event.ISSUED).leaf

        for form in ("*/*", "text/plain"):
            evidence = ask(form).content
            found = log_evidence.check(evidence, log_keeping.keys(parts), leaf=leaf, trust=listed)
            assert (found.entry.event, found.entry.subject) == ("issued", issued)
            told = logged.judge(found.entry.facts["statement"], evidence, listed)
            assert told["stamped"] == told["at"] == "2026-03-02T01:30:00Z"
