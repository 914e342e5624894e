"""Every page of Primum and where it lives."""

from django.urls import path

from primum.web.account import views as account
from primum.web.calendar import views as calendar
from primum.web.channels import connecting
from primum.web.channels import views as channels
from primum.web.compose import views as compose
from primum.web.evidence import views as evidence
from primum.web.people import views as people
from primum.web.posts import by_hand, native
from primum.web.posts import views as posts
from primum.web.review import views as review
from primum.web.rules import views as rules
from primum.web.settings import views as settings
from primum.web.today import views as today
from primum.web.tour import views as tour

urlpatterns = [
    path("", today.today, name="today"),
    path("healthz", today.healthz, name="healthz"),
    path("livez", today.livez, name="livez"),
    path("tour/", tour.tour, name="tour"),
    path("compose/", compose.new, name="compose"),
    path("compose/try/", compose.try_text, name="compose_try"),
    path("compose/check/", compose.check, name="compose_check"),
    path("compose/<uuid:post_id>/", compose.edit, name="compose_edit"),
    path("compose/save/", compose.save, name="compose_save"),
    path("compose/<uuid:post_id>/submit/", compose.submit, name="compose_submit"),
    path("compose/<uuid:post_id>/pictures/", compose.add_picture, name="compose_add_picture"),
    path("compose/<uuid:post_id>/pictures/<uuid:picture_id>/remove/", compose.remove_picture, name="compose_remove_picture"),
    path("pictures/<uuid:picture_id>/", posts.picture, name="picture"),
    path("posts/there/", native.record, name="native"),
    path("posts/", posts.listing, name="posts"),
    path("posts/<uuid:post_id>/", posts.detail, name="post"),
    path("posts/<uuid:post_id>/seen/<uuid:delivery_id>/", posts.seen, name="post_seen"),
    path("posts/<uuid:post_id>/schedule/", posts.schedule, name="post_schedule"),
    path("posts/<uuid:post_id>/<slug:what>/", posts.act, name="post_act"),
    path("by-hand/<uuid:delivery_id>/", by_hand.task, name="by_hand"),
    path("by-hand/<uuid:delivery_id>/done/", by_hand.done, name="by_hand_done"),
    path("proof/<uuid:proof_id>/", by_hand.proof, name="proof"),
    path("calendar/", calendar.month, name="calendar"),
    path("review/", review.queue, name="review"),
    path("review/<uuid:revision_id>/", review.item, name="review_item"),
    path("review/<uuid:revision_id>/decide/", review.decide, name="review_decide"),
    path("channels/", channels.listing, name="channels"),
    path("channels/add/", channels.add, name="channel_add"),
    path("channels/<uuid:channel_id>/pace/", channels.set_pace, name="channel_pace"),
    path("channels/<uuid:channel_id>/connect/", connecting.connect, name="channel_connect"),
    path("channels/<uuid:channel_id>/sign-in/", connecting.leave, name="channel_sign_in"),
    path("channels/signed-in/", connecting.come_back, name="channel_back"),
    path("channels/<uuid:channel_id>/disconnect/", connecting.disconnect, name="channel_disconnect"),
    path("channels/<uuid:channel_id>/", channels.detail, name="channel"),
    path("channels/<uuid:channel_id>/status/", channels.set_status, name="channel_status"),
    path("channels/<uuid:channel_id>/owners/", channels.set_owners, name="channel_owners"),
    path("practice/<uuid:channel_id>/", channels.feed, name="practice_feed"),
    path("practice/picture/<slug:sha256>/", channels.feed_picture, name="practice_picture"),
    path("people/", people.listing, name="people"),
    path("people/add/", people.add, name="people_add"),
    path("people/<uuid:person_id>/", people.detail, name="person"),
    path("people/<uuid:person_id>/roles/", people.roles, name="person_roles"),
    path("people/<uuid:person_id>/<slug:what>/", people.act, name="person_act"),
    path("evidence/", evidence.listing, name="evidence"),
    path("evidence/verify/", evidence.verify, name="evidence_verify"),
    path("evidence/pack/<slug:about>/", evidence.pack, name="evidence_pack"),
    path("evidence/verify_evidence.py", evidence.verifier, name="evidence_verifier"),
    path("rules/", rules.listing, name="rules"),
    path("rules/own/", rules.own, name="rules_own"),
    path("rules/disagree/", rules.disagree, name="rules_disagree"),
    path("settings/", settings.settings_page, name="settings"),
    path("settings/stop/", settings.stop, name="settings_stop"),
    path("settings/me/", settings.change_me, name="settings_me"),
    path("settings/organisation/", settings.change_organisation, name="settings_organisation"),
    path("enter/<str:token>/", account.demo_enter, name="demo_enter"),
    path("invitation/<str:token>/", account.invitation, name="invitation"),
]
