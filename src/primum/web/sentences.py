"""What recorded actions are called on a page."""

from __future__ import annotations

ACTIONS = {
    "add_channel": "Channel added",
    "add_facility": "Facility added",
    "add_person": "Person added",
    "change_self": "Changed their own settings",
    "connect_channel": "Channel connected",
    "create_post": "Draft created",
    "decide_revision": "Reviewer decided",
    "disconnect_channel": "Channel disconnected",
    "discard_post": "Discarded",
    "duplicate_post": "Copied to a new draft",
    "invite_person": "Invitation made",
    "offer_demo_links": "Demonstration links made",
    "open_recovery": "Lost second factor: first person vouched",
    "person_left": "Left: signed out everywhere",
    "person_returned": "Works here again",
    "give_back": "Given back: not posted by hand",
    "hold_after_restore": "Restored from a backup: held",
    "record_backup": "Backup made",
    "record_keys_rotated": "Keys changed, and values sealed anew",
    "record_restored": "Restored from a backup",
    "record_export": "Evidence exported",
    "record_not_sent": "Not sent",
    "record_published": "Published and read back",
    "note_disagreement": "A finding was said to be wrong",
    "note_connection": "The platform's answer to our sign-in changed",
    "record_native": "Posted on the platform itself: recorded",
    "decide_native": "Looked at afterwards",
    "record_orphan": "Sent too late: copy deleted again",
    "record_came_back": "Was live again: taken down once more",
    "destroy_draft": "Old draft destroyed",
    "record_posted_by_hand": "Posted by hand, with proof",
    "record_removed_by_hand": "Taken down by hand, with proof",
    "record_removed": "Taken down, seen to be gone",
    "record_screening": "Checked and recorded",
    "record_shorter_log": "Record shorter than seen before",
    "record_sign_in_change": "Sign-in",
    "record_unclear": "Looked, not found: a person decides",
    "record_unknown": "May have gone out: checking",
    "record_view": "Opened",
    "reopen_post": "Edited: approval gone",
    "say_what_was_seen": "A person looked at the channel",
    "schedule_post": "Scheduled",
    "set_channel_owners": "Channel owners changed",
    "set_channel_status": "Channel status changed",
    "set_house_rules": "Rules of our own changed",
    "set_organisation": "Organisation changed",
    "set_roles": "Roles changed",
    "set_channel_pace": "Channel pace changed",
    "set_stop": "Publishing stopped or started",
    "shred_payload": "Details destroyed",
    "start_attempt": "Every gate asked again",
    "submit_revision": "Submitted: version frozen",
    "take_down_post": "Take-down asked",
    "unschedule_post": "Taken off the schedule",
    "use_link": "Link used",
    "vouch_recovery": "Lost second factor: second person vouched",
    "withdraw_approval": "Approval withdrawn",
    "withdraw_submission": "Submission withdrawn",
}
OUTCOMES = {
    "approved": "Approved",
    "changes": "Changes requested",
    "rejected": "Rejected",
    "signed_in": "Signed in",
    "signed_out": "Signed out",
    "password_changed": "Password changed",
    "factor_added": "Second factor added",
    "factor_removed": "Second factor removed",
    "factor_reset": "Second factor reset",
}


def sentence(action: str, details: dict[str, str | int | None] | None) -> str:
    """An entry in plain words."""
    details = details or {}
    if action == "decide_revision":
        return OUTCOMES.get(str(details.get("outcome")), ACTIONS[action])
    if action == "decide_native":
        return {"approved": "Looked at afterwards: it stays", "rejected": "Looked at afterwards: it comes down"}.get(str(details.get("outcome")), ACTIONS[action])
    if action == "record_sign_in_change":
        return OUTCOMES.get(str(details.get("what")), ACTIONS[action])
    if action == "start_attempt" and "gate" in details:
        return "Held: a gate was closed"
    if action == "start_attempt" and details.get("by_hand"):
        return "Every gate open: handed to a person"
    return ACTIONS.get(action, action)
