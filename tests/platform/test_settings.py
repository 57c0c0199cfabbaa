"""Settings: every variable is read, wrong ones are named without their secrets, and nothing changes afterwards."""

import logging
import os
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from mxm.platform.settings import Settings, SettingsError, load_settings

Env = pytest.MonkeyPatch

VALUES: dict[str, tuple[str, Any]] = {
    "MX_SERVER": ("Eagle.MXlogin.com.", "eagle.mxlogin.com"),
    "MX_USER": ("user", "user"),
    "MX_API_KEY": ("key", SecretStr("key")),
    "MXROUTE_API_URL": ("http://127.0.0.1:1/prefix/", "http://127.0.0.1:1/prefix"),
    "CF_API_TOKEN": ("cf", SecretStr("cf")),
    "CF_ACCOUNT_ID": ("account", "account"),
    "CLOUDFLARE_API_URL": ("https://cf.test/v4", "https://cf.test/v4"),
    "DNS_RESOLVERS": ("9.9.9.9, dns.test:5353,::1", ("9.9.9.9", "dns.test:5353", "::1")),
    "DATA_DIR": ("/srv/mxm", Path("/srv/mxm")),
    "DATABASE_URL": ("sqlite:////srv/other.db", "sqlite:////srv/other.db"),
    "DATABASE_FILE": ("/srv/file.db", Path("/srv/file.db")),
    "SECRET_KEY": ("twelve letters and more", SecretStr("twelve letters and more")),
    "SECRET_KEY_PREVIOUS": ("twelve letters before", SecretStr("twelve letters before")),
    "HOST": ("0.0.0.0", "0.0.0.0"),
    "PORT": ("8080", 8080),
    "FORCE_HTTPS": ("true", True),
    "TRUSTED_PROXY_COUNT": ("2", 2),
    "ALLOWED_HOSTS": ("Manager.example.com, *.example.net", ("manager.example.com", "*.example.net")),
    "MANAGER_PUBLIC_URL": ("https://manager.example.com/", "https://manager.example.com"),
    "PUBLIC_URL_SCHEME": ("http", "http"),
    "LOG_LEVEL": ("DEBUG", "DEBUG"),
    "METRICS_ALLOW": ("10.0.0.0/8,::1", (ip_network("10.0.0.0/8"), ip_network("::1"))),
    "ADMIN_USER": ("root", "root"),
    "ADMIN_PASSWORD": ("pass", SecretStr("pass")),
    "SPAM_LISTS_ADMIN_ONLY": ("1", True),
    "FLEET_REFRESH_MINUTES": ("0", 0),
    "DMARC_RECORD": ("v=DMARC1; p=reject", "v=DMARC1; p=reject"),
    "PROBE_ALLOW_NETWORKS": ("192.168.1.7/24", (ip_network("192.168.1.0/24"),)),
    "OIDC_ENABLED": ("yes", True),
    "OIDC_CLIENT_ID": ("id", "id"),
    "OIDC_CLIENT_SECRET": ("oidc", SecretStr("oidc")),
    "OIDC_DISCOVERY_URL": ("https://id.test/.well-known", "https://id.test/.well-known"),
    "OIDC_REDIRECT_URI": ("https://m.test/oidc/callback", "https://m.test/oidc/callback"),
    "OIDC_SCOPES": ("openid", "openid"),
    "OIDC_ADMIN_USERS": ("a@x.test, b@x.test", ("a@x.test", "b@x.test")),
    "OIDC_ADMIN_GROUP": ("ops", "ops"),
    "MAILBOX_RESET_ENABLED": ("on", True),
    "RESET_SMTP_HOST": ("smtp.test", "smtp.test"),
    "RESET_SMTP_PORT": ("2525", 2525),
    "RESET_SMTP_USER": ("u", "u"),
    "RESET_SMTP_PASSWORD": ("smtp", SecretStr("smtp")),
    "RESET_SMTP_FROM": ("reset@x.test", "reset@x.test"),
    "RESET_SMTP_USE_TLS": ("false", False),
    "REVERSE_PROXY_BACKEND": ("caddy", "caddy"),
    "RESET_PORTAL_CNAME_TARGET": ("portal.test", "portal.test"),
    "CF_TUNNEL_ID": ("tunnel", "tunnel"),
    "CF_TUNNEL_ORIGIN": ("http://m:5000", "http://m:5000"),
    "NPM_API_URL": ("http://npm:81/api", "http://npm:81/api"),
    "NPM_IDENTITY": ("me", "me"),
    "NPM_SECRET": ("npm", SecretStr("npm")),
    "NPM_FORWARD_HOST": ("m", "m"),
    "NPM_FORWARD_PORT": ("5000", 5000),
    "NPM_TLS_VERIFY": ("0", False),
    "NPM_LETSENCRYPT_EMAIL": ("le@x.test", "le@x.test"),
    "CADDY_ADMIN_URL": ("http://caddy:2019", "http://caddy:2019"),
    "CADDY_ADMIN_TOKEN": ("caddy", SecretStr("caddy")),
    "CADDY_ORIGIN": ("m:5000", "m:5000"),
    "TRAEFIK_DYNAMIC_DIR": ("/etc/traefik", Path("/etc/traefik")),
    "TRAEFIK_ORIGIN_URL": ("http://m:5000", "http://m:5000"),
    "TRAEFIK_CERT_RESOLVER": ("le", "le"),
    "MANUAL_PROXY_ORIGIN": ("m:5000", "m:5000"),
    "NOTIFICATION_AVATAR_URL": ("https://x.test/a.png", "https://x.test/a.png"),
}

SECRETS = sorted(name for name, (_, value) in VALUES.items() if isinstance(value, SecretStr))


@pytest.fixture(autouse=True)
def clean(monkeypatch: Env, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.upper() in VALUES:
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def _env_file(folder: Path, **values: str) -> Path:
    file = folder / ".env"
    file.write_text("".join(f"{name}='{value}'\n" for name, value in values.items()))
    return file


def test_the_table_above_names_every_variable() -> None:
    assert {name.upper() for name in Settings.model_fields} == set(VALUES)


@pytest.mark.parametrize("name", VALUES)
def test_each_variable_is_read_from_the_environment(name: str, monkeypatch: Env) -> None:
    monkeypatch.setenv(name, VALUES[name][0])
    assert getattr(load_settings(), name.lower()) == VALUES[name][1]


def test_all_variables_are_read_from_the_env_file_of_the_working_directory(tmp_path: Path) -> None:
    _env_file(tmp_path, **{name: raw for name, (raw, _) in VALUES.items()})
    settings = load_settings()
    assert {name: getattr(settings, name.lower()) for name in VALUES} == {n: value for n, (_, value) in VALUES.items()}


def test_the_real_environment_wins_over_the_env_file(tmp_path: Path, monkeypatch: Env) -> None:
    _env_file(tmp_path, PORT="7000", ADMIN_USER="from-file")
    monkeypatch.setenv("PORT", "7001")
    settings = load_settings()
    assert (settings.port, settings.admin_user) == (7001, "from-file")


def test_empty_values_count_as_unset(monkeypatch: Env) -> None:
    for name in ("PORT", "MX_SERVER", "MANAGER_PUBLIC_URL", "METRICS_ALLOW", "SECRET_KEY"):
        monkeypatch.setenv(name, "")
    settings = load_settings()
    assert (settings.port, settings.mx_server, settings.metrics_allow) == (5000, None, ())


def test_defaults_are_those_of_the_contract() -> None:
    settings = load_settings()
    assert (settings.host, settings.port, settings.admin_user) == ("127.0.0.1", 5000, "admin")
    assert (settings.force_https, settings.trusted_proxy_count, settings.fleet_refresh_minutes) == (False, 0, 15)
    assert settings.dmarc_record == "v=DMARC1; p=none; sp=none; adkim=r; aspf=r;"
    assert (settings.public_url_scheme, settings.reset_smtp_port) == ("https", 587)
    assert settings.reverse_proxy_backend == "npm"
    assert settings.oidc_scopes == "openid email profile groups"
    assert settings.sqlite_file == Path("data/mxm.sqlite3")


@pytest.mark.parametrize(
    ("name", "wrong", "wanted"),
    [
        ("PORT", "many", "valid integer"),
        ("PORT", "70000", "65535"),
        ("TRUSTED_PROXY_COUNT", "-1", "0"),
        ("FORCE_HTTPS", "perhaps", "valid boolean"),
        ("MX_SERVER", "not a host", "a host name such as eagle.mxlogin.com"),
        ("MXROUTE_API_URL", "ftp://x", "an http or https address"),
        ("MANAGER_PUBLIC_URL", "https://x/?q=1", "without query"),
        ("METRICS_ALLOW", "10.0.0.0/8,nonsense", "networks such as 10.0.0.0/8"),
        ("DNS_RESOLVERS", "1.1.1.1:99999", "host:port"),
        ("ALLOWED_HOSTS", "a b", "host names, separated by commas"),
        ("LOG_LEVEL", "LOUD", "'DEBUG'"),
        ("REVERSE_PROXY_BACKEND", "nginx", "'npm'"),
        ("FLEET_REFRESH_MINUTES", "-5", "0"),
        ("MANAGER_PUBLIC_URL", "http://[::1", "an http or https address"),
        ("MXROUTE_API_URL", "http://x:99999", "an http or https address"),
    ],
)
def test_a_wrong_value_is_named_with_what_it_got_and_what_it_wants(
    name: str, wrong: str, wanted: str, monkeypatch: Env
) -> None:
    monkeypatch.setenv(name, wrong)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    [line] = caught.value.lines
    assert line.startswith(f"{name}: got ")
    assert "want" in line
    assert wanted in line
    assert wrong.rsplit(",", maxsplit=1)[-1] in line
    assert "\n" not in line


@pytest.mark.parametrize("name", ["SECRET_KEY", "SECRET_KEY_PREVIOUS"])
def test_a_wrong_secret_is_not_shown(name: str, monkeypatch: Env) -> None:
    monkeypatch.setenv(name, "hush-hush")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "hush" not in str(caught.value)
    assert caught.value.lines[0].startswith(f"{name}: got a value that is not shown, want at least 12 characters")


def test_a_database_address_is_not_shown_for_it_may_hold_a_password(monkeypatch: Env) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://me:hush@db/mxm")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    [line] = caught.value.lines
    assert line.startswith("DATABASE_URL: ")
    assert "hush" not in line


def test_several_wrong_values_are_one_line_each(monkeypatch: Env, tmp_path: Path) -> None:
    _env_file(tmp_path, LOG_LEVEL="LOUD")
    monkeypatch.setenv("PORT", "many")
    monkeypatch.setenv("MX_SERVER", "not a host")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert sorted(line.partition(":")[0] for line in caught.value.lines) == ["LOG_LEVEL", "MX_SERVER", "PORT"]


def test_unknown_variables_of_the_env_file_are_warned_of_with_a_hint(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _env_file(tmp_path, PROT="1", MX_SERVR="x", NOTHING_LIKE_IT_AT_ALL="hush", APPRISE_CRED_MAIL="x", PORT="1")
    with caplog.at_level(logging.WARNING):
        load_settings()
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 3
    assert any("PROT " in line and "did you mean PORT?" in line for line in told)
    assert any("MX_SERVR" in line and "did you mean MX_SERVER?" in line for line in told)
    assert "hush" not in "".join(told)


def test_unknown_variables_of_the_environment_are_none_of_ours(
    monkeypatch: Env, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SOMETHING_ELSE", "1")
    load_settings()
    assert caplog.records == []


def test_settings_are_frozen() -> None:
    settings = load_settings()
    with pytest.raises(ValidationError):
        settings.port = 1  # type: ignore[misc]


@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
def test_postgresql_wants_a_secret_key_of_its_own(scheme: str, monkeypatch: Env) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://me@db/mxm")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert caught.value.lines == ["SECRET_KEY: got nothing, want a key of its own when DATABASE_URL is PostgreSQL"]
    monkeypatch.setenv("SECRET_KEY", "a key of its own")
    assert load_settings().uses_postgresql


def test_the_sqlite_file_comes_from_url_file_or_folder_in_this_order(monkeypatch: Env) -> None:
    monkeypatch.setenv("DATA_DIR", "/srv/mxm")
    assert load_settings().sqlite_file == Path("/srv/mxm/mxm.sqlite3")
    monkeypatch.setenv("DATABASE_FILE", "/srv/file.db")
    assert load_settings().sqlite_file == Path("/srv/file.db")
    monkeypatch.setenv("DATABASE_URL", "sqlite:///relative.db")
    assert load_settings().sqlite_file == Path("relative.db")


@pytest.mark.parametrize("name", SECRETS)
def test_secrets_do_not_print(name: str, monkeypatch: Env) -> None:
    monkeypatch.setenv(name, "hush-hush-hush-hush")
    assert "hush" not in repr(load_settings()) + str(load_settings().model_dump())


def test_missing_mxroute_settings_are_named(monkeypatch: Env) -> None:
    monkeypatch.setenv("MX_USER", "user")
    assert load_settings().missing_mxroute == ("MX_SERVER", "MX_API_KEY")
