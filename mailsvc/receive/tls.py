"""The certificate with which mail comes in by STARTTLS (RFC 3207)."""

from __future__ import annotations

import ssl
from pathlib import Path

from mailsvc.config import Config
from mailsvc.errors import ConfigError


def server_context(config: Config) -> ssl.SSLContext | None:
    """TLS 1.2 or newer with `[smtp] tls_certificate` and `tls_key`; None where no certificate is configured.

    Both are PEM files; the certificate's holds those between it and its root as well. With an empty `tls_key` the key
    stands in the certificate's file. ConfigError says which file cannot be used and why.
    """
    if not config.smtp.tls_certificate:
        return None
    certificate = config.path(config.smtp.tls_certificate)
    key = config.path(config.smtp.tls_key) if config.smtp.tls_key else certificate
    _readable(certificate, "smtp.tls_certificate")
    _readable(key, "smtp.tls_key")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION
    try:
        context.load_cert_chain(certificate, key, password=_no_password)
    except ssl.SSLError as error:
        why = "the key is not the certificate's" if error.reason == "KEY_VALUES_MISMATCH" else error.reason or error
        raise ConfigError(f"{certificate} and {key} cannot be used: {why}", "smtp.tls_certificate") from None
    except ValueError as error:
        raise ConfigError(f"{key}: {error}", "smtp.tls_key") from None
    return context


def _readable(path: Path, key: str) -> None:
    try:
        path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror or error}", key) from None


def _no_password() -> str:
    # Without this OpenSSL would ask at the terminal, and a service would hang.
    raise ValueError("the key has a password; it must be readable without one")
