#!/usr/bin/env python3
"""Check a Primum evidence pack without Primum: Python 3.9+ and the package `cryptography` are enough.

    python verify_evidence.py pack.json [--key "primum.evidence/v1+…"]

The pack is a JSON list; each item holds `entry`, `salt`, `payload`, `proof`, `key`. For each item this checks that
 1. the entry is in the tree whose signed head stands in the proof (RFC 6962, C2SP tlog-proof and tlog-checkpoint),
 2. the head is signed by the key (Ed25519, C2SP signed-note), and by the key given with --key, when one is given,
 3. the payload is the one the entry committed to: SHA-256(salt + payload).
Give --key with the key you got by another way (mail, paper): a forger could replace the one inside the pack.
Exit status: 0 all hold, 1 something does not, 2 the pack cannot be read.
"""

import argparse
import base64
import hashlib
import json
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Broken(Exception):
    """Something does not hold."""


def sha256(data):
    return hashlib.sha256(data).digest()


def parse_key(text):
    name, key_id, encoded = text.split("+", 2)
    raw = base64.b64decode(encoded, validate=True)
    if raw[0] != 1 or len(raw) != 33 or sha256(name.encode() + b"\n\x01" + raw[1:])[:4].hex() != key_id:
        raise Broken("the key is damaged")
    return name, raw[1:]


def check_note(note, key_text):
    """Return (size, root) of a checkpoint whose signature holds."""
    name, public = parse_key(key_text)
    body, separator, rest = note.partition("\n\n")
    body += "\n"
    lines = body.split("\n")
    if not separator or len(lines) < 4 or lines[0] != name:
        raise Broken("the checkpoint cannot be read")
    for line in rest.splitlines():
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "\u2014" or parts[1] != name:
            continue
        signature = base64.b64decode(parts[2], validate=True)
        if signature[:4] != sha256(name.encode() + b"\n\x01" + public)[:4]:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature[4:], body.encode())
        except InvalidSignature:
            raise Broken("the checkpoint's signature does not hold")
        return int(lines[1]), base64.b64decode(lines[2], validate=True)
    raise Broken("the checkpoint is not signed by this key")


def parse_proof(text):
    head, _, note = text.partition("\n\n")
    lines = head.split("\n")
    if lines[0] != "c2sp.org/tlog-proof@v1" or not lines[1].startswith("index "):
        raise Broken("the proof cannot be read")
    return int(lines[1][6:]), [base64.b64decode(line, validate=True) for line in lines[2:]], note


def root_from(index, size, leaf, proof):
    """RFC 9162, section 2.1.3.2."""
    if index >= size:
        raise Broken("the entry lies outside the tree")
    first, last, value = index, size - 1, sha256(b"\x00" + leaf)
    for sibling in proof:
        if last == 0:
            raise Broken("the proof is too long")
        if first % 2 == 1 or first == last:
            value = sha256(b"\x01" + sibling + value)
            while first % 2 == 0 and first:
                first, last = first >> 1, last >> 1
        else:
            value = sha256(b"\x01" + value + sibling)
        first, last = first >> 1, last >> 1
    if last:
        raise Broken("the proof is too short")
    return value


def check(item, trusted_key):
    """Return the entry, or raise Broken."""
    if trusted_key and item["key"] != trusted_key:
        raise Broken("the pack was signed by another key than the one you gave")
    leaf = base64.b64decode(item["entry"], validate=True)
    entry = json.loads(leaf)
    index, proof, note = parse_proof(item["proof"])
    size, root = check_note(note, trusted_key or item["key"])
    if entry["index"] != index:
        raise Broken("the proof belongs to another entry")
    if root_from(index, size, leaf, proof) != root:
        raise Broken("the entry is not the one in the signed tree: it was changed")
    if item.get("payload") is not None:
        salt = base64.b64decode(item["salt"], validate=True)
        if hashlib.sha256(salt + item["payload"].encode()).hexdigest() != entry["commit"]:
            raise Broken("the details are not the ones that were committed to: they were changed")
    return entry


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Check a Primum evidence pack offline.")
    parser.add_argument("pack")
    parser.add_argument("--key", default=None, help="the public key you trust, as shown on the Evidence page")
    options = parser.parse_args(arguments)
    try:
        with open(options.pack, encoding="utf-8") as file:
            items = json.load(file)
        assert isinstance(items, list) and items
    except (OSError, ValueError, AssertionError) as error:
        print("The pack cannot be read:", error, file=sys.stderr)
        return 2
    bad = 0
    for number, item in enumerate(items):
        try:
            entry = check(item, options.key)
            shredded = "" if item.get("payload") is not None else "  (details destroyed)"
            print("holds   entry %s  %s  %s  %s  by %s%s" % (entry["index"], entry["at"], entry["action"], entry["object"], entry["actor"], shredded))
        except Broken as error:
            bad += 1
            print("BROKEN  item %s: %s" % (number, error))
        except (KeyError, ValueError, TypeError, IndexError, AttributeError):
            bad += 1
            print("BROKEN  item %s: it cannot be read, so something in it was changed" % number)
    print("%s of %s hold." % (len(items) - bad, len(items)) + ("" if options.key else "  Compare the key by another way: " + str(items[0].get("key"))))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
