"""What an operator may set: read once from `HUB_*`, frozen, and never imported below the hub.

Every field says its unit and its reason. Everything has an embedded default under `HUB_HOME`, so that a first start
needs nothing; `HUB_MODE=production` refuses to start on a default that only a demo may have.
"""

import resource
from enum import StrEnum
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from pydantic import Field, IPvAnyNetwork, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

SAMPLE_KEYS = Path(__file__).resolve().parent.parent / "keys_sample"
DEMO_IDENTITY = "/demo/identity"  # the path of the demo's own provider


class Mode(StrEnum):
    """Who this hub is for."""

    DEMO = "demo"
    PRODUCTION = "production"


SCANNER = r"unix:(?P<path>/.+)|tcp:(?P<host>[^:]+|\[[0-9a-f:]+\]):(?P<port>[0-9]{1,5})"


class Settings(BaseSettings):
    """All settings of one hub."""

    model_config = SettingsConfigDict(env_prefix="HUB_", frozen=True, extra="ignore")

    mode: Mode = Field(Mode.DEMO, description="`demo` or `production`; production refuses sample keys and defaults")
    home: Path = Field(Path("var"), description="folder of everything the embedded defaults keep")
    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="port to listen on; 0 lets the system choose")
    public_url: str = Field(
        "", description="address the outside knows (in codes, tokens, links); default http://HOST:PORT"
    )
    database_url: str = Field("", description="SQLAlchemy URL; default a SQLite file in HOME")
    documents_url: str = Field("", description="folder, or s3://bucket/prefix, of sealed documents; default in HOME")
    s3_endpoint: str = Field("", description="address of an S3-compatible store, if it is not Amazon's")
    s3_region: str = Field("us-east-1", description="its region")
    s3_key_id: str = Field("", description="its access key id; empty: where its own tools look")
    s3_secret: SecretStr = Field(SecretStr(""), description="its secret access key")
    wrapping_keys: Path | None = Field(None, description="folder of the keys that wrap document keys; default in HOME")
    signing_keys: Path | None = Field(None, description="folder of seals, code keys and list keys; default the samples")
    log_origin: str = Field(
        "", description="name of the public log, fixed by its first checkpoint; default HOST/log of the public address"
    )
    witnesses: Path | None = Field(
        None, description="file of witnesses of our log: address and verifier keys, one on each line"
    )
    witnessed_logs: Path | None = Field(None, description="file of logs that we witness: verifier keys, one a line")
    checkpoints: Path | None = Field(
        None, description="folder outside the database that keeps the newest checkpoint; default in HOME"
    )
    ocsp: dict[str, str] = Field(
        {},
        description='OCSP addresses of CAs outside, by their certificate in the signing folder: {"issuing": "http://…"}',
    )
    crl: dict[str, str] = Field({}, description='addresses of revocation lists, likewise: {"root": "http://…"}')
    tsa: str = Field("", description="address of a time-stamp authority outside (RFC 3161); empty: the folder's own")
    platform: str = Field("", description="address of a platform that makes documents outside; empty: none")
    platform_token: SecretStr = Field(SecretStr(""), description="the bearer token it wants")
    holidays: Path | None = Field(
        None, description="file of further years' holidays and worked weekends, like registry/directory/holidays.toml"
    )
    scanner: str = Field(
        "",
        pattern=f"^({SCANNER})?$",
        description="clamd that files are shown to: unix:/path or tcp:host:port",
    )
    fonts: Path | None = Field(None, description="folder of further fonts, for characters that ours lack; empty: none")
    oidc_issuer: str = Field("", description="OpenID provider of officers; empty: passwords only")
    oidc_audience: str = Field("", description="our client id at that provider")
    holder_oidc_issuer: str = Field("", description="OpenID provider of holders (统一身份认证); empty: none signs in")
    holder_oidc_audience: str = Field("", description="our client id at that provider")
    holder_oidc_number: str = Field("id_number", description="its claim that holds a person's citizen number")
    operator_networks: tuple[IPvAnyNetwork, ...] = Field(
        (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128")),
        description="networks that may read /metrics and /readyz details",
    )
    trusted_proxies: str = Field(
        "127.0.0.1", description="addresses whose X-Forwarded-For and Client-Cert are believed"
    )
    body_limit: int = Field(2_000_000, ge=1_000, description="bytes; a longer request body is refused unread")
    upload_limit: int = Field(
        14_500_000, ge=1_000, description="bytes of a body that carries a document (10 MB in base64)"
    )
    connections: int = Field(1_000, ge=4, description="open connections per worker; one more is closed at once")
    connections_per_address: int = Field(
        100, ge=1, description="of those, from one remote address; proxies we trust may have all"
    )
    header_seconds: int = Field(10, ge=1, description="seconds a client has for its request's head")
    body_seconds: int = Field(60, ge=1, description="seconds a client has for its request's body")
    client_token_seconds: int = Field(600, ge=30, description="seconds a client's token lives")
    officer_token_seconds: int = Field(28_800, ge=60, description="seconds an officer's token lives at most")
    officer_idle_seconds: int = Field(
        1_800, ge=60, description="seconds without use after which an officer's token ends"
    )
    token_budget: int = Field(60, ge=1, description="token requests per minute, per client and per remote network")
    live_minutes: int = Field(15, ge=1, le=1440, description="minutes for which a look-up opens further reading")
    look_up_budget: int = Field(30_000, ge=20, description="look-ups per minute and client")
    use_budget: int = Field(60, ge=1, description="look-ups per hour of one certificate by one authority")
    miss_budget: int = Field(600, ge=1, description="look-ups per hour and client that may find nothing")
    guess_budget: int = Field(20, ge=1, description="of those, per hour and subject")
    verifying_children: int = Field(
        0,
        ge=0,
        le=256,
        description="processes of a worker that read strangers' files; 0: the cores, shared by all workers",
    )
    answer_days: int = Field(7, ge=7, description="days for which the answer to an Idempotency-Key is kept")
    log_level: str = Field("info", description="debug, info, warning or error")

    @cached_property
    def address(self) -> str:
        """The public address without a slash at its end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @cached_property
    def database(self) -> str:
        """Where the records are."""
        return self.database_url or f"sqlite:///{self.home / 'hub.sqlite'}"

    @cached_property
    def documents(self) -> str:
        """Where the sealed documents are."""
        return self.documents_url or str(self.home / "documents")

    @cached_property
    def wrapping_folder(self) -> Path:
        """Where the wrapping keys are."""
        return self.wrapping_keys or self.home / "keys" / "wrapping"

    @cached_property
    def signing_folder(self) -> Path:
        """Where the signing keys are."""
        return self.signing_keys or SAMPLE_KEYS

    @cached_property
    def origin(self) -> str:
        """The name of the public log, as long as it has none of its own."""
        return self.log_origin or f"{self.address.partition('://')[2]}/log"

    @cached_property
    def checkpoint_folder(self) -> Path:
        """Where the newest checkpoint is kept outside the database."""
        return self.checkpoints or self.home / "checkpoints"

    @cached_property
    def font_folders(self) -> tuple[Path, ...]:
        """Where the page's characters are looked for: our own fonts, then the operator's."""
        from signing.glyphs import OWN_FONTS

        return (OWN_FONTS,) if self.fonts is None else (OWN_FONTS, self.fonts)

    @cached_property
    def connection_cap(self) -> int:
        """The connections one worker may hold, with descriptors left for files and the database."""
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        return max(4, min(self.connections, soft - 64))
