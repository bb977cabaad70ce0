"""Words of a transfer that an office signed outside the hub, with a key that it keeps itself"""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from sqlalchemy import text
from starlette.testclient import TestClient

from hub import key_places
from hub.app import build_app
from hub.demo_people import HOUSING, SHELTER
from hub.trust_publishing import publish_trust_list
from registry.directory import own_keys, seals
from registry.directory.access.callers import OPERATOR
from registry.directory.seal_errors import OtherOwner, OwnKeyRefused, SampleKey
from registry.store.tables.transfers import OwnKey, TransferConfirmation
from signing import handovers, key_files
from tests.hub.handing.conftest import act, judged, judged_bytes, refused, rows, trusted
from tests.hub.handing.test_bundles import files, packed, resealed
from tests.hub.holding.conftest import full
from tests.hub.test_commands import hub, told
from tests.registry.exchange.conftest import NOW, STORY
from verification.report import BUNDLE_STRICT, Step

pytestmark = pytest.mark.furnished(STORY)
YEAR = timedelta(days=365)


def own_key(code=HOUSING, *, first=NOW - YEAR, last=NOW + YEAR, usage=True, home=None):
    """A key that no hub ever had, with a certificate of its own making."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, f"UC:CN-{code}"),
            x509.NameAttribute(NameOID.COMMON_NAME, "示例机构自有密钥"),
        ]
    )
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(first).not_valid_after(last)
    bits = dict.fromkeys(("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"), False)
    rest = dict.fromkeys(("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"), False)
    made = made.add_extension(x509.KeyUsage(digital_signature=usage, **bits, **rest), critical=True)
    return _opened(key, made.sign(key, hashes.SHA256()), home)


def _opened(key, certificate, home):
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    shown = certificate.public_bytes(Encoding.PEM)
    if home is not None:
        (home / "own.key").write_bytes(pem)
        (home / "own.pem").write_bytes(shown)
    return key_files.parse(pem, name="own", certificates_pem=shown)


def registered(parts, key, code=HOUSING, at=NOW):
    return own_keys.register(parts.db, key.certificate, authority=code, by=OPERATOR, at=at)


@pytest.fixture
def key(parts):
    """The receiver's own key, registered."""
    made = own_key()
    registered(parts, made)
    return made


@pytest.fixture
def received(client, housing, sent):
    """A transfer whose manifest was acknowledged."""
    return act(client, housing, sent["id"], "receive").json()


def again(key, token, at=NOW):
    return handovers.again(key, token, at=at)[1]


class TestConfirm:
    """POST /v1/transfers/{transfer}/confirm"""

    def test_the_offices_own_signature_proves_something_against_the_hub(self, client, parts, housing, received, key):
        """A word under the seal says that the hub keeps it; under the own key, that the office does."""
        token = again(key, received["answers"][0]["token"])
        done = act(client, housing, received["id"], "confirm", {"token": token}).json()
        trust = trusted(parts)
        kept = [judged(one, trust).check(Step.SIGNED).evidence["held_by"] for one in (received["manifest"], token)]

        assert (done["answers"][0]["own"], done["own_manifest"]) == (token, None)
        assert judged(token, trust).accepted()
        assert kept == ["seal", "office"]

    def test_both_parties_in_one_file(self, client, parts, shelter, housing, received, key):
        """The bundle holds both signatures of each word, and a verifier tells which stand twice."""
        senders = own_key(SHELTER)
        registered(parts, senders, SHELTER)
        act(client, shelter, received["id"], "confirm", {"token": again(senders, received["manifest"])})
        act(client, housing, received["id"], "confirm", {"token": again(key, received["answers"][0]["token"])})
        trust = trusted(parts)
        parts.sequencer.turn(at=NOW)
        bundle = client.get(f"/v1/transfers/{received['id']}/bundle", headers=shelter).content
        report = judged_bytes(bundle, trust)

        assert report.accepted(BUNDLE_STRICT), report.decisive()
        assert report.receipt["own"] == ["manifest", "received"]
        assert report.check(Step.STATEMENT).evidence["own"] == 2

    def test_twice_is_once(self, client, parts, housing, received, key):
        """The same again and a second signature change nothing; under its key the answer is the first one."""
        tokens = [again(key, received["answers"][0]["token"]) for _ in range(2)]
        keyed = housing | {"Idempotency-Key": "own"}
        answers = [
            act(client, office, received["id"], "confirm", {"token": token})
            for office, token in ((keyed, tokens[0]), (keyed, tokens[0]), (housing, tokens[1]))
        ]
        assert answers[0].content == answers[1].content
        assert [one.json()["answers"][0]["own"] for one in answers] == [tokens[0]] * 3
        assert len(rows(parts.db, TransferConfirmation)) == 1

    def test_no_entry_no_signature(self, parts, housing, received, key):
        """What the ledger does not take is not kept."""
        with parts.db.writing() as tx:
            for statement in full(parts.db.dialect):
                tx.connection().execute(text(statement))
        http = TestClient(build_app(parts), raise_server_exceptions=False)
        body = {"token": again(key, received["answers"][0]["token"])}

        assert act(http, housing, received["id"], "confirm", body).status_code == 500
        assert rows(parts.db, TransferConfirmation) == []

    def test_what_is_not_its_own_word_under_its_own_key_is_refused(
        self, client, parts, shelter, housing, received, key
    ):
        """The other party's word, another key, the sender with the receiver's key, nonsense."""
        answer, manifest = received["answers"][0]["token"], received["manifest"]
        for office, token, reason in (
            (housing, again(key, manifest), "other-word"),
            (shelter, again(key, answer), "other-word"),
            (shelter, again(key, manifest), "key"),
            (housing, again(own_key(), answer), "key"),
            (housing, answer, "key"),
            (housing, again(key, answer)[:-8] + "AAAAAAAA", "key"),
            (housing, "x.y.z", "form"),
        ):
            found = act(client, office, received["id"], "confirm", {"token": token})
            assert refused(found) == (422, "transfer.own_word_refused")
            assert found.json()["facts"]["reason"] == reason

    def test_to_a_third_office_there_is_no_transfer(self, client, estate, received, key):
        """As everywhere."""
        body = {"token": again(key, received["answers"][0]["token"])}
        assert act(client, estate, received["id"], "confirm", body).status_code == 404

    def test_a_key_counts_from_its_registration_to_its_end(self, client, parts, housing, received):
        """A word of the day before is not confirmed by it, and nothing after its end."""
        late, young, ended = own_key(), own_key(first=NOW + timedelta(minutes=1)), own_key()
        registered(parts, late, at=NOW + timedelta(days=1))
        registered(parts, young, at=NOW + timedelta(minutes=2))
        own_keys.end(parts.db, registered(parts, ended).id, by=OPERATOR, at=NOW)
        for one, reason in ((late, "key-later"), (young, "key-later"), (ended, "key-ended")):
            body = {"token": again(one, received["answers"][0]["token"], at=NOW + timedelta(days=1))}
            assert act(client, housing, received["id"], "confirm", body).json()["facts"]["reason"] == reason


class TestBundle:
    """Own signatures that somebody put into a bundle"""

    def test_only_true_ones_are_taken(self, client, parts, shelter, received, key):
        """Another word's, one without its word, a broken one are refused; a stranger's and the seal's count nothing."""
        trust, word = trusted(parts), received["answers"][0]["token"]
        told_files = files(client.get(f"/v1/transfers/{received['id']}/bundle", headers=shelter).content)
        good = again(key, word).encode()
        assert judged_bytes(resealed(parts, told_files | {"own/received.jws": good}), trust).accepted()
        for name, token in (
            ("own/received.jws", good[:-8] + b"AAAAAAAA"),
            ("own/received.jws", b"x.y.z"),
            ("own/received.jws", again(key, received["manifest"]).encode()),
            ("own/settled.jws", good),
            ("own/x.jws", b"x"),
        ):
            report = judged_bytes(resealed(parts, told_files | {name: token}), trust)
            assert report.decisive().code == "statement.word_refused"
        for token in (again(own_key(), word), word):
            report = judged_bytes(resealed(parts, told_files | {"own/received.jws": token.encode()}), trust)
            assert (report.accepted(), report.receipt["own"]) == (True, [])
        assert not judged_bytes(packed((told_files | {"own/received.jws": good}).items()), trust).accepted()


class TestRegister:
    """own_keys.register()"""

    def test_the_same_again_is_the_same_and_a_list_says_it(self, parts, key):
        """One row; the trust list names it, and no more after its end than before."""
        (row,) = rows(parts.db, OwnKey)
        assert registered(parts, key).id == row.id
        (listed,) = trusted(parts).authority(HOUSING).own_keys
        assert (listed.thumbprint, listed.validity.last) == (row.thumbprint, None)

        own_keys.end(parts.db, row.id, by=OPERATOR, at=NOW + YEAR / 2)
        (ended,) = trusted(parts).authority(HOUSING).own_keys
        assert ended.validity.last is not None
        with pytest.raises(OwnKeyRefused):
            registered(parts, key)

    def test_a_key_that_lies_here_is_not_outside(self, parts):
        """Nor is it under a certificate made anew; nor is a sample."""
        seal = key_places.open_key(parts.settings.signing_folder, "file:defence-seal")
        with pytest.raises(SampleKey):
            registered(parts, seal, SHELTER)
        with pytest.raises(OwnKeyRefused) as found:
            own_keys.register(
                parts.db, seal.certificate, authority=SHELTER, by=OPERATOR, at=NOW, unsafe_allow_samples=True
            )
        assert found.value.facts == {"reason": "held-here"}

    def test_nor_does_one_from_outside_come_to_lie_here(self, parts, key):
        """Or its words would not be the office's alone any more; and the trust list would name it twice."""
        for purpose in (seals.Purpose.SEAL, seals.Purpose.CODE):
            with pytest.raises(OwnKeyRefused) as found:
                seals.enrol(parts.db, key, purpose, locator="file:own", authority=HOUSING, by=OPERATOR, at=NOW)
            assert found.value.facts == {"reason": "outside"}

    @pytest.mark.parametrize(
        ("made", "refusal"),
        [
            ({"code": SHELTER}, OtherOwner),
            ({"last": NOW - timedelta(days=1)}, OwnKeyRefused),
            ({"first": NOW + timedelta(days=1)}, OwnKeyRefused),
            ({"usage": False}, OwnKeyRefused),
        ],
    )
    def test_others_are_refused(self, parts, made, refusal):
        """Another's, out of its days, not for signing."""
        with pytest.raises(refusal):
            registered(parts, own_key(**made))


def test_an_office_signs_without_a_hub(client, parts, housing, received, tmp_path):
    """By command, from the word in a file; shown what it says. Other texts are not signed."""
    line = ["own-keys", "sign", str(tmp_path / "word.jws"), "--key", str(tmp_path / "own.key")]
    key = own_key(last=NOW + 30 * YEAR, home=tmp_path)
    registered(parts, key)
    (tmp_path / "word.jws").write_text(received["answers"][0]["token"] + "\n")
    done = hub(tmp_path, *line, "--certificate", str(tmp_path / "own.pem"))
    body = {"token": done.stdout.strip()}

    assert done.returncode == 0, done.stderr
    assert received["id"] in done.stderr
    assert act(client, housing, received["id"], "confirm", body).json()["answers"][0]["own"] == body["token"]
    (tmp_path / "word.jws").write_text(publish_trust_list(parts, by="hub").signed)
    assert hub(tmp_path, *line, "--certificate", str(tmp_path / "own.pem")).returncode == 1


def test_by_command(own_demo, tmp_path):
    """An operator registers, lists and ends."""
    made = own_key(last=NOW + 30 * YEAR, home=tmp_path)
    line = ("own-keys", "register", str(tmp_path / "own.pem"), "--authority", HOUSING, "--json")
    row = told(hub(own_demo, *line))

    assert told(hub(own_demo, "own-keys", "list", "--json"))[0]["key"] == row["key"] == made.key_id
    assert told(hub(own_demo, "own-keys", "end", str(row["number"]), "--json"))["ended"]
