"""A configuration profile for Mail on iPhone, iPad and Mac (Apple's payload `com.apple.mail.managed`)."""

import plistlib
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from mxm.features.client_setup.schemas import ClientSettings


def apple_profile(settings: ClientSettings, address: str) -> bytes:
    """The profile of one mailbox. It has the same identity each time, so that a new one replaces the old.

    Neither the password nor the name of a person is in it: the device asks for both.
    """
    profile = {
        **_payload("Configuration", address, f"E-mail: {address}"),
        "PayloadDescription": f"Sets up Mail for {address}. The password is asked for on the device.",
        "PayloadOrganization": settings.domain,
        "PayloadRemovalDisallowed": False,
        "PayloadContent": [_account(settings, address)],
    }
    return plistlib.dumps(profile)


def _account(settings: ClientSettings, address: str) -> dict[str, Any]:
    imap, smtp = settings.imap, settings.smtp_ssl
    return {
        **_payload("com.apple.mail.managed", address, address),
        "EmailAccountType": "EmailTypeIMAP",
        "EmailAccountDescription": address,
        "EmailAddress": address,
        "IncomingMailServerAuthentication": "EmailAuthPassword",
        "IncomingMailServerHostName": imap.host,
        "IncomingMailServerPortNumber": imap.port,
        "IncomingMailServerUseSSL": True,
        "IncomingMailServerUsername": address,
        "OutgoingMailServerAuthentication": "EmailAuthPassword",
        "OutgoingMailServerHostName": smtp.host,
        "OutgoingMailServerPortNumber": smtp.port,
        "OutgoingMailServerUseSSL": True,
        "OutgoingMailServerUsername": address,
        "OutgoingPasswordSameAsIncomingPassword": True,
    }


def _payload(kind: str, address: str, name: str) -> dict[str, Any]:
    """What every payload has. Two addresses never share an identifier, whatever dots are in them."""
    uuid = uuid5(NAMESPACE_URL, f"mailto:{address}#{kind}")
    return {
        "PayloadType": kind,
        "PayloadVersion": 1,
        "PayloadIdentifier": f"mxm.mail.{uuid}",
        "PayloadUUID": str(uuid).upper(),
        "PayloadDisplayName": name,
    }
