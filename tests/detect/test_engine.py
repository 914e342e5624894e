"""The engine's promises: offsets, limits, faults, order, purity."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primum_detect import BadContent, Content, Engine, OverBudget, Profile, ProfileError, identify, screen, screen_many
from primum_detect import rulebook as rulebooks
from primum_detect.identify import registry
from primum_detect.normalize.folding import fold

STOPPED = "So sorry about your wait in our ER last Tuesday, Maria."


@pytest.mark.parametrize(
    "disguise",
    [
        "So sorry about your w\u200ba\u200bi\u200bt in our ER last Tuesday.",
        "So sorry about yоur wаit in our ER last Tuesday.",
        "So sorry about your wait in our ER last Tuesday.".upper(),
        "So soooorry about your w a i t in our ER last Tuesday.",
        "So s0rry about your w4it in our ER last Tuesday.",
        "So sorry about your &#119;ait in our ER last Tuesday.",
    ],
)
def test_a_disguised_text_is_read(disguise: str) -> None:
    report = screen(Content(disguise, surface="reply"))
    assert report.verdict == "block"
    assert all(0 <= finding.start < finding.end <= len(disguise) for finding in report.findings)


@pytest.mark.parametrize(
    ("text", "label", "words"),
    [
        ("👩‍⚕️ MRN 0048213 ❤️", "MRN", "0048213"),
        ("é́ SSN 219-09-9999", "SSN", "219-09-9999"),
        ("&amp; call 305-555-0142", "PHONE", "305-555-0142"),
    ],
)
def test_spans_point_into_the_original(text: str, label: str, words: str) -> None:
    assert words in [text[finding.start : finding.end] for finding in identify(text) if finding.label == label]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_answered_with_places_inside_it(text: str) -> None:
    for surface in ("post", "reply", "comment"):
        report = screen(Content(text, surface=surface))
        assert report.error is None
        assert all(0 <= finding.start <= finding.end <= len(text) for finding in report.findings)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_folding_keeps_a_way_back(text: str) -> None:
    folded = fold(text)
    for index in range(len(folded.folded)):
        start, end = folded.span(index, index + 1)
        assert 0 <= start < end <= len(text)


def test_oversize_is_held_with_a_reason() -> None:
    assert "50,000 characters" in (screen("x " * 25_001).error or "")
    assert "4 KB" in (screen("x" * 5_000).error or "")
    assert screen("x" * 5_000).verdict == "review"
    with pytest.raises(OverBudget):
        identify("x" * 5_000)


def test_a_slow_text_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(seconds_per_text=0.0)
    time.sleep(0.001)
    report = engine.screen("Hello there, neighbours.")
    assert report.verdict == "review" and "took too long" in (report.error or "")


def test_a_fault_in_any_layer_is_held_and_quotes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from primum_detect import engine as module

    for target in ("fold", "find_all", "find_story", "unmask"):
        with monkeypatch.context() as patch:
            patch.setattr(module, target, lambda *_, **__: (_ for _ in ()).throw(ValueError("Dana Whitaker")))
            report = screen(Content(STOPPED, surface="reply"))
        assert report.verdict == "review" and report.error is not None
        assert "Dana" not in report.error and "ValueError" in report.error


def test_a_language_that_cannot_be_read_goes_to_a_person() -> None:
    assert screen("Мы очень рады, что ваша операция прошла хорошо").rules == ("LANG.UNREADABLE",)


def test_no_text_in_a_repr() -> None:
    content = Content("Dana Whitaker, MRN 0048213", surface="reply", thread=("from Dana",))
    report = screen(content)
    assert "Dana" not in repr(content) + repr(report) + repr(report.findings) and "0048213" not in repr(report)


def test_reasons_never_quote() -> None:
    text = "So sorry about your wait, Zebulon. MRN 0048213."
    assert all("Zebulon" not in finding.why and "0048213" not in finding.why for finding in screen(Content(text, surface="reply")).findings)


def test_order_is_kept_on_two_processes() -> None:
    contents = [Content(STOPPED if number % 7 == 0 else "Hello.", surface="reply", id=number) for number in range(300)]
    reports = list(screen_many(contents, processes=2))
    assert [report.id for report in reports] == list(range(300))
    assert [report.verdict == "block" for report in reports] == [number % 7 == 0 for number in range(300)]


def test_an_authorization_is_matched_by_a_person_and_covers_no_asking() -> None:
    story = "Seven-year-old Theo rang the bell today! Three heart surgeries, one superhero cape."
    assert screen(story).verdict == "block"
    report = screen(Content(story, has_authorization=True))
    assert report.verdict == "review" and "AUTH.VERIFY" in report.rules
    assert screen(Content("DM us his date of birth.", has_authorization=True)).verdict == "block"


def test_our_own_names_and_numbers_are_no_finding() -> None:
    ours = Engine(profile=Profile(phones=("305-555-0142",), staff=("Tonya Wells",)))
    text = "Our patient said: call his nurse at 305-555-0142."
    assert "ID.PHONE" in Engine().screen(text).rules
    assert "ID.PHONE" not in ours.screen(text).rules


def test_what_others_wrote_is_never_blocked_by_an_identifier() -> None:
    report = screen(Content("my MRN is 0048213 and nobody calls me back", surface="comment"))
    assert (report.verdict, report.rules) == ("review", ("MOD.THIRDPARTY_PHI",))
    assert screen(Content("Six hours in your ER and nobody came.", surface="review")).verdict == "allow"
    assert screen(Content("Six hours in your ER with my kid's broken arm.", surface="review")).verdict == "review"


@pytest.mark.parametrize("bad", [{}, {"text": 3}, {"text": "x", "surface": "wall"}, {"text": "x", "thread": "no list"}, {"text": "x", "posted_at": "soon"}, {"text": "x", "author_role": "boss"}])
def test_bad_content_says_which_field(bad: dict[str, object]) -> None:
    with pytest.raises(BadContent, match="'"):
        Content.from_mapping(bad)


def test_a_new_identifier_is_one_file_and_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    from types import SimpleNamespace

    from primum_detect.identify.shapes import Hit, compiled

    badge = compiled(r"\bbadge #(\d{4})\b")
    own = SimpleNamespace(LABEL="BADGE", EXAMPLES=("badge #1234",), NOT_THESE=("badge",), find=lambda text: (Hit("BADGE", *m.span(1), 0.9, "A badge.") for m in badge.finditer(text)))
    monkeypatch.setattr("primum_detect.engine.IDENTIFIERS", (*registry.IDENTIFIERS, own))
    assert "BADGE" in [finding.label for finding in identify("lost badge #1234")]


def test_the_engine_needs_no_network_and_no_django() -> None:
    code = (
        "import socket, sys\n"
        "def closed(*a, **k): raise RuntimeError('network')\n"
        "socket.socket = socket.create_connection = socket.getaddrinfo = closed\n"
        "from primum_detect import Content, screen\n"
        "assert screen(Content('So sorry about your wait, call 3055550142', surface='reply')).verdict == 'block'\n"
        "assert not [name for name in sys.modules if name.partition('.')[0] in ('django', 'primum', 'http', 'urllib3')]\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


TOML_HEAD = 'version = "1"\n[[rule]]\nid = "CTX.OWN"\ntitle = "t"\nverdict = "block"\nstop = "privacy_officer"\nbasis = "policy"\ncite = "c"\nwhy = "w"\n'


@pytest.mark.parametrize(
    ("text", "place", "mend"),
    [
        (TOML_HEAD.replace('"block"', '"maybe"'), ":3:", "verdict must be"),
        (TOML_HEAD.replace('stop = "privacy_officer"', 'stop = "boss"'), ":3:", "stop must be"),
        ("version = 1\n", ":1:", "no version"),
        (TOML_HEAD.replace("CTX.OWN", "own"), ":3:", "must look like"),
        (TOML_HEAD + 'colour = "red"\n', ":3:", "unknown field"),
        ('version = "1"\nx = [\n', ":", "not valid TOML"),
        (TOML_HEAD + TOML_HEAD.partition("\n")[2], ":3:", "twice"),
    ],
)
def test_a_rulebooks_errors_name_file_line_and_mend(tmp_path: object, text: str, place: str, mend: str) -> None:
    path = tmp_path / "own.toml"  # type: ignore[operator]
    path.write_text(text)
    with pytest.raises(rulebooks.RulebookError) as caught:
        rulebooks.load(path)
    assert str(path) + place in str(caught.value) and mend in str(caught.value)


def test_an_own_rulebook_may_be_stricter_and_milder_only_when_signed(tmp_path: object) -> None:
    path = tmp_path / "own.toml"  # type: ignore[operator]
    milder = TOML_HEAD.replace("CTX.OWN", "CTX.MOSAIC").replace('"block"', '"review"')
    path.write_text(milder)
    with pytest.raises(rulebooks.RulebookError, match="milder"):
        rulebooks.load(path)
    path.write_text('signed_by_privacy_officer = "Adaeze Obi"\n' + milder)
    assert rulebooks.load(path).get("CTX.MOSAIC").verdict == "review"


def test_an_unknown_profile_entry_is_named() -> None:
    with pytest.raises(ProfileError, match="patients"):
        Profile.from_mapping({"patients": ["no"]})


@pytest.mark.parametrize(
    "text",
    [
        "Tell us your story! Comment with your diagnosis, your doctor's name and the year you were treated here for a chance to win a gift basket.",
        "Share your cancer story below, with your diagnosis and your doctor, and win two tickets!",
    ],
)
def test_a_post_that_asks_for_health_details_is_given_an_invitation_that_does_not(text: str) -> None:
    report = screen(Content(text))
    assert "CTX.SOLICIT" in report.rules
    assert report.suggestion and "leave health details out" in report.suggestion
    assert screen(Content(report.suggestion)).verdict == "allow"
