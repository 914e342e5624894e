"""Changing the key that seals fields, while everything runs: a new key first, then it seals, then what older keys sealed is sealed anew.
Old keys stay until nothing needs them (NIST SP 800-57 part 1, section 5.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from primum.foundation.encryption import EncryptedField, Keyring, keyring
from primum.foundation.home import Home, replace_text
from primum.people.sign_in import factors_left, reseal_factors

BATCH = 200
SETTLES = timedelta(hours=1)  # a process may have sealed with the old key and not committed yet
RINGS = ("fields", "payloads")


class KeysInUse(RuntimeError):
    """An old key cannot be forgotten; one line that says what to do."""


def add_keys(home: Home) -> None:
    """A new key for each ring; it opens, but does not seal yet: the time to copy the files to other machines."""
    for name in RINGS:
        ring = keyring(name)
        if ring.newest == ring.current:
            _write(home, name, ring.with_new_key())


def left_to_reseal() -> int:
    """How many values an older key sealed, second factors included."""
    return sum(_old_rows(field).count() for field in _sealed_fields()) + factors_left()


def use_newest(home: Home) -> None:
    """From now on the newest key seals, in every process."""
    for name in RINGS:
        ring = keyring(name)
        _write(home, name, Keyring(ring.newest, ring.keys))


def reseal(progress: Callable[[int], None] = lambda _: None) -> int:
    """Seal anew what an older key sealed, some rows at a time. Stopped half-way, it goes on where it was. Gives how many values.

    What stands behind entries of the record is not touched: those rows never change, so their old keys stay."""
    done = 0
    for field in _sealed_fields():
        while count := _reseal_some(field):
            done += count
            progress(done)
    return done + reseal_factors()


def forget_old_keys(home: Home, *, now: datetime) -> int:
    """Destroy keys of fields that nothing needs any more. Raises KeysInUse. Gives how many."""
    changed = datetime.fromtimestamp((home.keys / "fields.json").stat().st_mtime, tz=now.tzinfo)
    if now - changed < SETTLES:
        raise KeysInUse("The key was changed less than an hour ago. Make a backup, and forget the old one later: something may still be on its way.")
    ring = keyring("fields")
    if left := left_to_reseal():
        raise KeysInUse(f"{left} values are still sealed with an old key. Run: primum keys rotate")
    _write(home, "fields", Keyring(ring.current, {ring.current: ring.keys[ring.current]}))
    return len(ring.keys) - 1


def _write(home: Home, name: str, ring: Keyring) -> None:
    replace_text(home.keys / f"{name}.json", ring.to_json())


def _sealed_fields() -> Iterator[EncryptedField]:
    for model in apps.get_models():
        yield from (field for field in model._meta.concrete_fields if isinstance(field, EncryptedField))


def _old_rows(field: EncryptedField) -> models.QuerySet[Any]:
    lead = keyring("fields").lead
    # Compared in the database, by how the value begins: nothing is opened to be counted.
    begins = models.Func(models.F(field.attname), 1, len(lead), function="substring", output_field=models.BinaryField())
    return field.model._default_manager.annotate(sealed_begins=begins).exclude(**{f"{field.attname}__isnull": True}).exclude(sealed_begins=lead)


def _reseal_some(field: EncryptedField) -> int:
    with transaction.atomic():
        rows = list(_old_rows(field).select_for_update(of=("self",)).order_by("pk")[:BATCH])
        table, column = connection.ops.quote_name(field.model._meta.db_table), connection.ops.quote_name(str(field.column))
        key = connection.ops.quote_name(str(field.model._meta.pk.column))
        with connection.cursor() as cursor:
            for row in rows:
                value = getattr(row, field.attname)
                plain = bytes(value) if field.is_binary else value.encode("utf-8", "surrogatepass")
                # Straight to the column: saving the row would write its other columns, too.
                cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", [keyring("fields").seal(plain, field.context(row)), row.pk])  # noqa: S608
    return len(rows)
