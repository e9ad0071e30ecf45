"""A passkey in software, for tests without a browser: answers as a device with a PIN would."""

import hashlib
import json
import os
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

ORIGIN = "https://testserver"
PRESENT, VERIFIED = AuthenticatorData.FLAG.UP, AuthenticatorData.FLAG.UV


class SoftPasskey:
    """One passkey of one account."""

    def __init__(self, *, verifies: bool = True) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(16)
        self.handle = ""
        self.flags = PRESENT | VERIFIED if verifies else PRESENT

    def create(self, options: dict[str, Any]) -> str:
        """What a browser sends when a passkey is made."""
        wanted = options["publicKey"]
        self.handle = wanted["user"]["id"]
        public = ES256.from_cryptography_key(self.key.public_key())
        kept = AttestedCredentialData.create(b"\0" * 16, self.id, public)
        flags = self.flags | AuthenticatorData.FLAG.AT
        data = AuthenticatorData.create(self._site(wanted["rp"]["id"]), flags, 0, bytes(kept))
        made = AttestationObject.create("none", data, {})
        return self._answer(
            clientDataJSON=self._client_data("webauthn.create", wanted["challenge"]),
            attestationObject=websafe_encode(bytes(made)),
        )

    def get(self, options: dict[str, Any]) -> str:
        """What a browser sends when a passkey is shown."""
        wanted = options["publicKey"]
        data = AuthenticatorData.create(self._site(wanted["rpId"]), self.flags, 1)
        client = self._client_data("webauthn.get", wanted["challenge"])
        signed = bytes(data) + hashlib.sha256(CollectedClientData(self._plain(client))).digest()
        return self._answer(
            clientDataJSON=client,
            authenticatorData=websafe_encode(bytes(data)),
            signature=websafe_encode(self.key.sign(signed, ec.ECDSA(SHA256()))),
            userHandle=self.handle,
        )

    @staticmethod
    def _site(rp_id: str) -> bytes:
        return hashlib.sha256(rp_id.encode()).digest()

    @staticmethod
    def _client_data(kind: str, challenge: str) -> str:
        said = {"type": kind, "challenge": challenge, "origin": ORIGIN, "crossOrigin": False}
        return websafe_encode(json.dumps(said).encode())

    @staticmethod
    def _plain(text: str) -> bytes:
        from fido2.utils import websafe_decode

        return websafe_decode(text)

    def _answer(self, **response: str) -> str:
        return json.dumps({
            "id": websafe_encode(self.id),
            "rawId": websafe_encode(self.id),
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {"credProps": {"rk": True}},
        })  # fmt: skip
