"""Signed tree heads: C2SP tlog-checkpoint in a signed note, Ed25519; and proofs as C2SP tlog-proof."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

ORIGIN = "primum.evidence/v1"


class BadCheckpoint(ValueError):
    """A checkpoint cannot be read or its signature does not hold."""


@dataclass(frozen=True, slots=True)
class Head:
    """A tree of `size` entries has this `root`."""

    size: int
    root: bytes


def _key_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]


def load_key(pem: str) -> Ed25519PrivateKey:
    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise BadCheckpoint("The checkpoint key is not an Ed25519 key.")
    return key


def public_bytes(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def verifier_key(public: bytes) -> str:
    """The public key in note form: `name+id+base64(type ‖ key)`."""
    return f"{ORIGIN}+{_key_id(ORIGIN, public).hex()}+{base64.b64encode(bytes([1]) + public).decode()}"


def sign(head: Head, key: Ed25519PrivateKey) -> str:
    body = f"{ORIGIN}\n{head.size}\n{base64.b64encode(head.root).decode()}\n"
    signature = _key_id(ORIGIN, public_bytes(key)) + key.sign(body.encode())
    return f"{body}\n— {ORIGIN} {base64.b64encode(signature).decode()}\n"


def read(note: str, public: bytes) -> Head:
    """Check a checkpoint's signature and read its head. Raises BadCheckpoint."""
    try:
        body, _, signature_line = note.partition("\n\n")
        body += "\n"
        origin, size, root = body.splitlines()[:3]
        dash, name, encoded = signature_line.strip().split(" ")
        signature = base64.b64decode(encoded, validate=True)
        if dash != "—" or name != ORIGIN or origin != ORIGIN or signature[:4] != _key_id(ORIGIN, public) or note != f"{body}\n{signature_line}" or not signature_line.endswith("\n"):
            raise BadCheckpoint("The checkpoint is signed by another key.")
        Ed25519PublicKey.from_public_bytes(public).verify(signature[4:], body.encode())
        return Head(int(size), base64.b64decode(root, validate=True))
    except (ValueError, InvalidSignature):
        raise BadCheckpoint("The checkpoint's signature does not hold.") from None


def proof_text(index: int, proof: list[bytes], checkpoint: str) -> str:
    hashes = "".join(base64.b64encode(value).decode() + "\n" for value in proof)
    return f"c2sp.org/tlog-proof@v1\nindex {index}\n{hashes}\n{checkpoint}"
