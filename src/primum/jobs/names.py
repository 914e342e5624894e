"""The names of all jobs: what may be deferred. A test compares them with the handlers."""

NAMES = frozenset(
    (
        "publishing.publish_delivery",
        "publishing.remove_delivery",
        "publishing.sweep",
        "publishing.destroy_old_drafts",
        "publishing.tell_reviewers",
        "publishing.tell_author",
        "publishing.tell_hands",
        "inventory.check_channels",
        "evidence.sign_checkpoint",
        "evidence.send_head",
        "jobs.release_stalled",
    )
)
