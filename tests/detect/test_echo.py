"""What somebody told of their health may not come back in our answer; a service that is open to all may be named."""

from __future__ import annotations

import pytest

from primum_detect import Content, screen

ECHOES = (
    ("My hip replacement in May has been a nightmare", "Hip replacements can be tough. Please call Patient Relations at 555-0170."),
    ("I waited 5 hours with my son's broken arm", "A broken arm is no fun. We're sorry about the wait."),
    ("chemo nurses were so cold to me", "We're sorry. Chemo is hard enough as it is. Call us at 555-0170."),
    ("You gave me the wrong insulin dose", "Insulin errors are something we take very seriously. Please call 555-0170."),
    ("my mother's dementia got worse on your unit", "Dementia is a heartbreaking disease and we want to hear more at 555-0170."),
    ("left with a C-section infection", "Infections after a C-section are always reviewed. Please call us."),
    ("my miscarriage was treated like nothing", "Miscarriage is a terrible loss. Please call 555-0170."),
    ("Terrible ER. Had kidney stones and nobody came", "Kidney stones are among the worst pains there are."),
    ("la cesárea me dejó una cicatriz horrible", "Sentimos lo de la cicatriz. Llámenos al 555-0170."),
    ("tuve una fractura y nadie me atendió", "Una fractura duele mucho. Llámenos al 555-0170."),
)
NO_ECHOES = (
    ("do you guys offer flu shots?", "Yes! Flu shots are available daily at the pharmacy window."),
    ("is there a diabetes class", "Our diabetes class meets Tuesdays at 6, no sign-up needed."),
    ("My hip replacement in May has been a nightmare", "We can't discuss anyone's care here. Please call Patient Relations at 555-0170."),
    ("I waited 5 hours in the ER", "Our emergency department sees the sickest people first; waits vary. Please call 555-0170."),
    ("I'm pregnant, when is the birth class?", "The birth class is on Saturdays at ten; everybody is welcome."),
    ("my mom's dementia is so hard on all of us", "Our dementia caregiver group is open to everyone: wrenfield.example/groups"),
    ("my back hurts just looking at that hill", "Come back on Saturday, the shuttle drives you up."),
    ("my heart melted, thank you all", "You have a big heart. See you at the parade!"),
    ("¿tienen vacunas de gripe?", "Sí, hay vacunas de gripe todos los días de 8 a 4."),
    ("What a storm", "Stay safe, everybody. A stroke of luck that the power held."),
)


def rules_of(told: str, answer: str, surface: str = "reply") -> tuple[str, ...]:
    return screen(Content(answer, surface=surface, thread=(told,))).rules


@pytest.mark.parametrize(("told", "answer"), ECHOES)
def test_what_they_told_does_not_come_back(told: str, answer: str) -> None:
    assert "CTX.ECHO" in rules_of(told, answer)


@pytest.mark.parametrize(("told", "answer"), NO_ECHOES)
def test_what_is_open_to_all_may_be_named(told: str, answer: str) -> None:
    assert "CTX.ECHO" not in rules_of(told, answer)


def test_a_post_answers_nobody_and_the_mark_stands_on_the_word() -> None:
    told, answer = ECHOES[0]
    assert "CTX.ECHO" not in rules_of(told, answer, "post")
    [finding] = [finding for finding in screen(Content(answer, surface="reply", thread=(told,))).findings if finding.rule == "CTX.ECHO"]
    assert answer[finding.start : finding.end].lower().startswith("hip replacement")
