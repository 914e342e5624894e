"""What the Privacy panel marks in a text."""

from __future__ import annotations

from primum.screening.queries import Judged, Part
from primum.web.compose.panel import marks
from primum_detect import Finding, Report


def finding(rule: str, text: str, words: str) -> Finding:
    start = text.index(words)
    return Finding(rule, "UNIQUE", start, start + len(words), 0.9, "", "")


def test_a_marked_sentence_hides_no_marked_word() -> None:
    text = "Parking is free. Call <his> daughter at 305-555-0163 now. Thanks!"
    found = (finding("CTX.MOSAIC", text, "Call <his> daughter at 305-555-0163 now"), finding("ID.PHONE", text, "305-555-0163"))
    shown = marks(Judged(Part("text", text), Report("block", found)))
    assert shown == 'Parking is free. Call &lt;his&gt; daughter at <mark class="finding block">305-555-0163</mark> now. Thanks!'


def test_a_sentence_alone_is_marked_whole() -> None:
    text = "Parking is free. So glad the knee holds! Thanks!"
    shown = marks(Judged(Part("text", text), Report("block", (finding("CTX.RELATIONSHIP", text, "So glad the knee holds"),))))
    assert shown == 'Parking is free. <mark class="finding block">So glad the knee holds</mark>! Thanks!'
