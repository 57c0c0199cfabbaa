"""The settings themselves, one field for each environment variable (the field's name in capitals).

All are fixed for a process. Those an administrator may later change live are kept in the database by the
settings feature and say so in `docs/configuration.md`.
"""

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from mxm.platform.settings.types import AllowedHosts, HostName, HttpUrl, Names, Networks, Port, Resolvers


def _long_enough(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value()) < 12:
        raise ValueError("at least 12 characters, better 32 random ones")
    return value


def _readable(address: str) -> bool:
    try:
        _ = urlsplit(address).port  # read for its check
    except ValueError:
        return False
    return address.startswith(("sqlite:", "postgresql:", "postgres:"))


SecretKey = Annotated[SecretStr, AfterValidator(_long_enough)]


class Settings(BaseSettings):
    """What the operator decided. Units are in the descriptions; secrets never print."""

    model_config = SettingsConfigDict(
        frozen=True, env_ignore_empty=True, extra="ignore", case_sensitive=False, env_file_encoding="utf-8"
    )

    # MXroute
    mx_server: HostName | None = Field(None, description="MXroute mail server, for example eagle.mxlogin.com.")
    mx_user: str | None = Field(None, description="MXroute (DirectAdmin) username.")
    mx_api_key: SecretStr | None = Field(None, description="MXroute API key.")
    mxroute_api_url: HttpUrl = Field("https://api.mxroute.com", description="Where MXroute's API answers.")

    # Cloudflare and DNS
    cf_api_token: SecretStr | None = Field(None, description="Cloudflare API token.")
    cf_account_id: str | None = Field(None, description="Cloudflare account, for new zones.")
    cloudflare_api_url: HttpUrl = Field("https://api.cloudflare.com/client/v4", description="Cloudflare's API.")
    dns_resolvers: Resolvers = Field((), description="Resolvers as host[:port]; empty = public ones.")

    # Storage and keys
    data_dir: Path = Field(Path("data"), description="Folder for the database, keys and backups.")
    database_url: str | None = Field(None, description="PostgreSQL or SQLite address; default SQLite in DATA_DIR.")
    database_file: Path | None = Field(None, description="SQLite file, when DATABASE_URL is unset.")
    secret_key: SecretKey | None = Field(None, description="Key from which all others are derived.")
    secret_key_previous: SecretKey | None = Field(None, description="The key before, while rotating.")

    # Serving
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: Port = Field(5000, description="TCP port to listen on; 0 takes a free one.")
    force_https: bool = Field(False, description="Cookies Secure, HSTS sent.")
    trusted_proxy_count: int = Field(0, ge=0, le=10, description="Reverse proxies in front of us.")
    allowed_hosts: AllowedHosts = Field((), description="Host headers that are served; empty = all.")
    manager_public_url: HttpUrl | None = Field(None, description="Our own address, for absolute links.")
    public_url_scheme: Literal["http", "https"] = Field("https", description="Scheme of public webmail links.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="Least level logged.")
    metrics_allow: Networks = Field((), description="Networks that may read /metrics without signing in.")

    # Administration
    admin_user: str = Field("admin", min_length=1, max_length=254, description="Local administrator's login.")
    admin_password: SecretStr | None = Field(None, description="Used only while no local administrator exists.")
    spam_lists_admin_only: bool = Field(False, description="Keeps delegates from changing shared spam lists.")
    fleet_refresh_minutes: int = Field(15, ge=0, description="Minutes between fleet refreshes; 0 = off.")
    dmarc_record: str = Field(
        "v=DMARC1; p=none; sp=none; adkim=r; aspf=r;", description="DMARC policy where a domain has none of its own."
    )
    probe_allow_networks: Networks = Field((), description="Private networks that probes may connect to.")

    # OpenID Connect
    oidc_enabled: bool = Field(False, description="Sign-in through an OpenID Connect provider.")
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_discovery_url: HttpUrl | None = None
    oidc_redirect_uri: HttpUrl | None = None
    oidc_scopes: str = "openid email profile groups"
    oidc_admin_users: Names = ()
    oidc_admin_group: str = "administrators"

    # Password-reset portals
    mailbox_reset_enabled: bool = False
    reset_smtp_host: str | None = None
    reset_smtp_port: Port = 587
    reset_smtp_user: str | None = None
    reset_smtp_password: SecretStr | None = None
    reset_smtp_from: str | None = None
    reset_smtp_use_tls: bool = True
    reverse_proxy_backend: Literal["npm", "caddy", "traefik", "cloudflare_tunnel", "manual"] = "npm"
    reset_portal_cname_target: str | None = None
    cf_tunnel_id: str | None = None
    cf_tunnel_origin: str | None = None
    npm_api_url: HttpUrl | None = None
    npm_identity: str | None = None
    npm_secret: SecretStr | None = None
    npm_forward_host: str | None = None
    npm_forward_port: Port | None = None
    npm_tls_verify: bool = True
    npm_letsencrypt_email: str | None = None
    caddy_admin_url: HttpUrl | None = None
    caddy_admin_token: SecretStr | None = None
    caddy_origin: str | None = None
    traefik_dynamic_dir: Path | None = None
    traefik_origin_url: str | None = None
    traefik_cert_resolver: str | None = None
    manual_proxy_origin: str | None = None

    # Notifications
    notification_avatar_url: HttpUrl | None = None

    @model_validator(mode="after")
    def _keys_for_postgresql(self) -> "Settings":
        if self.uses_postgresql and self.secret_key is None:
            raise ValueError("SECRET_KEY: got nothing, want a key of its own when DATABASE_URL is PostgreSQL")
        if self.database_url and not _readable(self.database_url):
            got = "DATABASE_URL: got an address that is not shown"
            raise ValueError(f"{got}, want one such as postgresql://user@host:5432/name or sqlite:////srv/mxm.sqlite3")
        return self

    @property
    def uses_postgresql(self) -> bool:
        """Whether the database is PostgreSQL (several replicas) rather than SQLite (one process)."""
        return bool(self.database_url and self.database_url.startswith(("postgresql:", "postgres:")))

    @property
    def sqlite_file(self) -> Path:
        """The SQLite file, when that is the database."""
        if self.database_url and self.database_url.startswith("sqlite:"):
            return Path(self.database_url.partition("///")[2])
        return self.database_file or self.data_dir / "mxm.sqlite3"

    @property
    def missing_mxroute(self) -> tuple[str, ...]:
        """Names of the MXroute settings that are not set."""
        wanted = {"MX_SERVER": self.mx_server, "MX_USER": self.mx_user, "MX_API_KEY": self.mx_api_key}
        return tuple(name for name, value in wanted.items() if not value)
