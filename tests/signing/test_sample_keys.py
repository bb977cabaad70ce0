"""The sample keys: rebuilt byte for byte, shaped as validators expect, recognisable as samples."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509 import verification
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

import keys_sample
from keys_sample import make_keys
from keys_sample.profiles import BODIES, SAMPLES, Role
from signing import key_files
from verification import certificates
from verification.codes import credit_code

HERE = Path(keys_sample.__file__).parent
BY_NAME = {sample.name: certificates.read((HERE / f"{sample.name}.pem").read_bytes()) for sample in SAMPLES}
AT = datetime(2026, 3, 2, tzinfo=UTC)


def names(*roles: Role) -> list[str]:
    return [sample.name for sample in SAMPLES if sample.role in roles]


class TestMakeKeys:
    """python -m keys_sample.make_keys"""

    def test_the_same_files_come_out_again(self, tmp_path):
        """Every committed file is what the script makes today."""
        assert make_keys.write(HERE) == []
        assert make_keys.main([str(tmp_path / "new")]) == 0

        made = {place.name for place in (tmp_path / "new").iterdir()}
        kept = {place.name for place in HERE.iterdir() if place.suffix in {".key", ".pem", ".pub", ".p12", ".crl"}}
        assert made == kept
        assert [name for name in made if not name.endswith(".p12") and not same(tmp_path / "new", name)] == []

    def test_a_differing_file_is_left_alone(self, tmp_path, capsys):
        """Only --overwrite replaces what is there, and both say which file it is."""
        make_keys.write(tmp_path)
        (tmp_path / "tsa.pem").write_bytes(b"mine")

        assert make_keys.main([str(tmp_path)]) == 1
        assert (tmp_path / "tsa.pem").read_bytes() == b"mine"
        assert "tsa.pem" in capsys.readouterr().out
        assert make_keys.main([str(tmp_path), "--overwrite"]) == 0
        assert same(tmp_path, "tsa.pem")

    def test_the_readme_names_every_file(self):
        """Whoever opens the folder finds each key explained."""
        readme = (HERE / "README.md").read_text(encoding="utf-8")

        absent = [name for name in BY_NAME if f"`{name}`" not in readme and not name.endswith("-code")]
        assert absent == []


class TestProfiles:
    """profiles.SAMPLES, as certificates"""

    @pytest.mark.parametrize("name", names(Role.SEAL, Role.CODE, Role.HUB, Role.OCSP, Role.TSA, Role.TRUST_LIST))
    def test_a_strangers_tool_accepts_the_path(self, name):
        """Issuers keep the rules that browsers demand of them; judged by another verifier than ours."""
        policy = verification.PolicyBuilder().store(verification.Store([BY_NAME["root"]])).time(AT)
        issuers, ends = verification.ExtensionPolicy.webpki_defaults_ca(), verification.ExtensionPolicy.permit_all()
        judge = policy.extension_policies(ca_policy=issuers, ee_policy=ends).build_client_verifier()

        found = judge.verify(BY_NAME[name], [BY_NAME["issuing"]])

        assert found.chain[-1] == BY_NAME["root"]

    @pytest.mark.parametrize("name", BY_NAME)
    def test_our_own_path_agrees(self, name):
        """Each leads to the root, through the issuing certificate where it should."""
        path = certificates.path(BY_NAME[name], [BY_NAME["issuing"]], [BY_NAME["root"]], at=AT)

        assert path[-1] == BY_NAME["root"]
        assert len(path) == {"root": 1, "issuing": 2, "tsa": 2, "trust-list": 2}.get(name, 3)

    @pytest.mark.parametrize("name", BY_NAME)
    def test_each_is_plainly_a_sample(self, name):
        """By policy and by name, either of which suffices."""
        certificate = BY_NAME[name]

        assert certificates.is_sample(certificate)
        assert certificates.SAMPLE_POLICY in certificates.policies(certificate)
        assert certificates.SAMPLE_NAME in certificate.subject.rfc4514_string()

    @pytest.mark.parametrize("name", names(Role.SEAL))
    def test_a_seal_commits_to_content_only(self, name):
        """A seal names its authority by name and code, and may do nothing but seal."""
        seal = BY_NAME[name]
        usage = seal.extensions.get_extension_for_class(x509.KeyUsage)

        assert usage.critical
        assert usage.value.content_commitment
        assert not usage.value.digital_signature
        body = BODIES[name.removesuffix("-seal")]
        assert seal.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value == body.name
        identifier = seal.subject.get_attributes_for_oid(NameOID.ORGANIZATION_IDENTIFIER)[0].value
        assert identifier == f"UC:CN-{credit_code.parse(body.code).text}"

    def test_services_name_their_purpose(self):
        """RFC 3161 wants a critical, lonely purpose; RFC 6960 wants no-check beside it."""
        stamp = BY_NAME["tsa"].extensions.get_extension_for_class(x509.ExtendedKeyUsage)

        assert stamp.critical
        assert list(stamp.value) == [ExtendedKeyUsageOID.TIME_STAMPING]
        assert certificates.purposes(BY_NAME["ocsp"]) == {ExtendedKeyUsageOID.OCSP_SIGNING}
        assert BY_NAME["ocsp"].extensions.get_extension_for_class(x509.OCSPNoCheck) is not None
        assert certificates.purposes(BY_NAME["trust-list"]) == {certificates.TRUST_LIST_SIGNING}

    def test_every_address_lies_where_nothing_resolves(self):
        """A validator that fetches finds nobody."""
        found = []
        for certificate in BY_NAME.values():
            for extension in certificate.extensions:
                if isinstance(extension.value, x509.AuthorityInformationAccess):
                    found += [one.access_location.value for one in extension.value]
                if isinstance(extension.value, x509.CRLDistributionPoints):
                    found += [name.value for point in extension.value for name in point.full_name or ()]

        assert found
        assert {address.split("/")[2] for address in found} == {"pki.sample.invalid"}

    def test_the_roots_list_is_the_roots(self):
        """The empty revocation list verifies with the root's key."""
        revoked = x509.load_pem_x509_crl((HERE / "root.crl").read_bytes())

        assert revoked.is_signature_valid(BY_NAME["root"].public_key())
        assert len(revoked) == 0

    def test_the_public_keys_of_the_log_are_its_private_keys(self):
        """Checkpoints are checked with NAME.pub."""
        for name in ("log", "log-mldsa44"):
            public = key_files.load(HERE / f"{name}.key").public_key
            form = make_keys.PublicFormat.SubjectPublicKeyInfo
            assert public.public_bytes(make_keys.Encoding.PEM, form) == (HERE / f"{name}.pub").read_bytes()


def same(folder: Path, name: str) -> bool:
    return (folder / name).read_bytes() == (HERE / name).read_bytes()
