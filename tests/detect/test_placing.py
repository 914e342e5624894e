"""The model speaks of a whole text; the mark stands on the sentences that it means."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from primum_detect import Content, screen
from primum_detect.judge.placing import MOST_SENTENCES, place
from primum_detect.judge.proposals import Proposal
from primum_detect.normalize.folding import fold


def marked(text: str, *, head: str = "relationship", telling: str = "knee") -> str:
    """What is marked where only sentences with a certain word read like anything."""

    def read(words: str) -> Mapping[str, float]:
        return {"relationship": 0.9 if telling in words else 0.1}

    proposal = Proposal("CTX.RELATIONSHIP", "RELATIONSHIP", 0, len(text), 0.9, "", head=head)
    (placed,) = place([proposal], fold(text), read)
    return text[placed.start : placed.end]


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("Parking is free today. So glad the knee holds! Come see the garden.", "So glad the knee holds"),
        ("🎉🎉 Parking’s free &amp; easy. So glad the knee holds! Bye 👋", "So glad the knee holds"),
        ("Your knee holds. Parking is free. Mind that knee.", "Your knee holds. Parking is free. Mind that knee"),
        ("So glad the knee holds!", "So glad the knee holds!"),
        ("Parking is free today. Come see the garden.", "Parking is free today. Come see the garden."),
        ("Knee.", "Knee."),
        ("", ""),
    ],
)
def test_the_mark_stands_on_what_is_meant(text: str, mark: str) -> None:
    assert marked(text).rstrip(".!") == mark.rstrip(".!")


def test_what_a_pattern_said_keeps_its_place_and_long_texts_stay_whole() -> None:
    text = "Parking is free today. So glad the knee holds!"
    assert marked(text, head="") == text
    long = " ".join(["Parking is free today."] * MOST_SENTENCES + ["The knee holds."])
    assert marked(long) == long


def test_the_sentence_that_tells_of_somebody_is_marked_and_no_other() -> None:
    told = "Somebody from the county fair lost two fingers in the cotton candy machine and asked if it came in blue."
    text = f"The plant sale is on Saturday in the lower lobby. {told}"
    report = screen(Content(text))
    (finding,) = report.findings
    assert report.suggestion == "The plant sale is on Saturday in the lower lobby."
    assert (finding.rule, text[finding.start : finding.end]) == ("CTX.MOSAIC", told)
