"""A large installation saved and brought back into an empty home: how long?  python tests/rig/backup.py [--posts 10000] [--image-bytes 100000]"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rig import installation


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--image-bytes", type=int, default=100_000, help="every second post has an image of this size")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="primum-backup-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with installation(folder) as server:
            from primum.foundation.embedded_postgres import OWNER

            fill(options.posts, options.image_bytes)
            environment = {**os.environ, "PRIMUM_BACKUP_PASSPHRASE": "a quiet harbour at night", "DATABASE_OWNER_URL": server.url(OWNER)}
            saving = timed(environment, "backup", str(folder / "saved"))
        size = (folder / "saved").stat().st_size
        fresh = {key: value for key, value in environment.items() if not key.startswith(("DATABASE_", "DJANGO_"))} | {"PRIMUM_HOME": str(folder / "fresh")}
        restoring = timed(fresh, "restore", str(folder / "saved"))
        wrong = subprocess.run(
            [sys.executable, "-m", "primum", "restore", str(folder / "saved")], env=fresh | {"PRIMUM_BACKUP_PASSPHRASE": "another harbour by day", "PRIMUM_HOME": str(folder / "other")}, check=False
        )
        verifying = timed(fresh, "evidence", "verify")
    print(f"{options.posts} posts, {size / 1e6:.0f} MB: saved in {saving:.0f} s, restored in {restoring:.0f} s, record verified in {verifying:.0f} s; a wrong passphrase ends with {wrong.returncode}")
    return 0 if restoring < 120 and wrong.returncode else 1


def timed(environment: dict[str, str], *arguments: str) -> float:
    begun = time.monotonic()
    subprocess.run([sys.executable, "-m", "primum", *arguments], env=environment, check=True)
    return time.monotonic() - begun


def fill(posts: int, image_bytes: int) -> None:
    """Drafts by the action that people use, so that the record grows with them; images that no compression makes smaller."""
    from django.utils import timezone
    from rich.progress import track
    from world import World

    from primum.publishing.models import Picture, Post

    world, now = World(), timezone.now()
    ids = [world.draft(f"Flu shots, walk in Mon-Fri 8 to 4. Desk {number}.", at=now) for number in track(range(posts), "Writing", transient=True)]
    for number in track(range(0, posts, 100), "Images", transient=True):
        rows = [
            Picture(post_id=post, position=0, alt_text="A poster.", data=os.urandom(image_bytes), sha256="0" * 64, mime="image/jpeg", width=640, height=480, size=image_bytes)
            for post in ids[number : number + 100 : 2]
        ]
        Picture.objects.bulk_create(rows)
    assert Post.objects.count() == posts


if __name__ == "__main__":
    sys.exit(main())
