from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from bluesky_server import Account, BlueskyServer


@pytest.fixture(scope="package")
def running_bluesky() -> Iterator[BlueskyServer]:
    server = BlueskyServer()
    yield server
    server.stop()


@pytest.fixture
def bluesky(running_bluesky: BlueskyServer) -> BlueskyServer:
    running_bluesky.door.well()
    return running_bluesky


@pytest.fixture
def account(bluesky: BlueskyServer) -> Account:
    return bluesky.account(f"w{uuid.uuid4().hex[:10]}.test")


@pytest.fixture
def channel(open_world: Any, account: Account) -> Any:
    """Regional on Bluesky, connected as Gail would connect it."""
    from world import SETUP, T

    from primum.inventory import actions as inventory
    from primum.inventory import remote as inventory_remote

    made = inventory.add_channel(
        actor=SETUP, platform="bluesky", name="Regional on Bluesky", handle=f"@{account.handle}", facility_id=open_world.hospital, owner_id=open_world.gail.id, backup_owner_id=open_world.priya.id
    ).channel
    inventory_remote.connect(actor=open_world.gail.actor, channel_id=made, values=account.credentials(), now=T)
    return made
