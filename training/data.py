"""The texts the model learns from, with what somebody labelled in each. Sources and licences: README.md beside this file."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from names import Names
from scenes import scenes

from primum_detect.judge.intents import SAFETY
from primum_detect.judge.intents import load as load_intents
from primum_detect.judge.patterns import TABLES
from primum_detect.judge.patterns import load as load_patterns
from primum_detect.lexicons import word_list
from primum_detect.mend.wording import ready_answers
from primum_detect.normalize.folding import fold
from primum_detect.profile import Profile
from primum_detect.tagging.features import INTENTS, JUDGEMENTS, NOWHERE, Around

Span = tuple[int, int, str]
KINDS = {"person": "PER", "location": "LOC", "corporation": "ORG", "group": "ORG", "PER": "PER", "LOC": "LOC", "ORG": "ORG"}

CONDITIONS = (
    "cancer|breast cancer|lung cancer|leukemia|lymphoma|a brain tumor|depression|anxiety|bipolar disorder|schizophrenia|PTSD|diabetes|type 1 diabetes|asthma|COPD|the flu|covid|pneumonia|HIV|hepatitis C|lupus|MS|ALS|epilepsy|"
    "a stroke|a heart attack|heart failure|kidney disease|Crohn's|celiac|arthritis|dementia|Alzheimer's|Parkinson's|Huntington's|autism|ADHD|an eating disorder|anorexia|measles|RSV|sepsis|migraine|endometriosis|cystic fibrosis|sickle cell|meningitis"
).split("|")
ILLNESS = re.compile(r"#?\b(?:alzheimer(?:'|’)?s?(?: disease)?|parkinson(?:'|’)?s?(?: disease)?|(?:\w+ )?cancer)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Example:
    text: str
    spans: tuple[Span, ...] | None  # None: nobody labelled names here
    heads: tuple[tuple[str, float], ...] = ()  # what somebody labelled about the whole text: no, yes, or how nearly
    around: Around = NOWHERE  # where it stands, where that was written down

    @property
    def ill(self) -> bool | None:
        return dict(self.heads).get("ill_person")


def with_danger(example: Example) -> dict[str, float]:
    """What is known of a text, and what follows from it: is there any of the safety signals in it?"""
    known = dict(example.heads)
    if any(known.get(intent) for intent in SAFETY):
        known["danger"] = True
    elif SAFETY <= set(known):
        known["danger"] = False
    return known


def read(path: Path) -> Iterator[dict]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def noisy_posts(path: Path) -> list[Example]:
    """Broad Twitter and WNUT17: without handles, which are no names but addresses."""
    out = []
    for row in read(path):
        text = row["text"]
        spans = []
        for start, end, kind in row["spans"]:
            if kind in KINDS and "@" not in text[start:end] and not text[:start].rstrip().endswith("@"):
                if text[start] == "#":
                    start += 1
                spans.append((start, end, KINDS[kind]))
        out.append(Example(text, tuple(sorted(spans))))
    return out


def illness(path: Path, *, without: str = "") -> list[Example]:
    """Who only speaks of an illness tells nobody's: no patient is in those."""
    nobody = (("phi_self", False), ("phi_third_party", False))
    return [Example(row["text"], None, (("ill_person", bool(row["positive"])), *(() if row["positive"] else nobody))) for row in read(path) if row["domain"] != without]


def swap_illness(example: Example, chance: random.Random) -> Example:
    """Another illness in the same sentence: the model must learn the sentence, not the three illnesses of its source."""
    name = chance.choice(CONDITIONS)
    return replace(example, text=ILLNESS.sub(lambda _: name, example.text))


def swap_names(example: Example, names: Names) -> Example:
    """Other people in the same sentence, from everywhere."""
    text, spans, at = "", [], 0
    for start, end, kind in example.spans or ():
        text += example.text[at:start]
        old = example.text[start:end]
        new = old
        if kind == "PER":
            new = names.full() if " " in old else (names.given() if names.random.random() < 0.6 else names.family())
            new = new.lower() if old.islower() else new.upper() if old.isupper() and len(old) > 2 else new
        spans.append((len(text), len(text) + len(new), kind))
        text += new
        at = end
    return replace(example, text=text + example.text[at:], spans=tuple(spans))


def in_lower_case(example: Example) -> Example:
    lower = example.text.lower()
    return replace(example, text=lower) if len(lower) == len(example.text) else example


def in_capitals(example: Example) -> Example:
    upper = example.text.upper()
    return replace(example, text=upper) if len(upper) == len(example.text) else example


def held_out(examples: list[Example]) -> tuple[list[Example], list[Example]]:
    """Every twelfth post is kept apart."""
    return [e for i, e in enumerate(examples) if i % 12], [e for i, e in enumerate(examples) if not i % 12]


def kept_apart(data: Path, seed: int, *, without_illness: str = "") -> dict[str, list[Example]]:
    """What is kept apart from training, by name."""
    ill = list(illness(data / "illness_tweets" / "train.jsonl", without=without_illness))
    tests = {"btc": held_out(noisy_posts(data / "btc" / "train.jsonl"))[1], "wnut17": noisy_posts(data / "wnut17" / "dev.jsonl"), "illness": held_out(ill)[1]}
    if without_illness:
        tests["unseen illness"] = [e for e in illness(data / "illness_tweets" / "train.jsonl") if e not in set(ill)]
    tests["scenes"] = list(scenes(Names(seed + 1000), random.Random(seed + 1), 400))
    return tests


def training_set(data: Path, seed: int, *, without_illness: str = "", small: bool = False) -> tuple[list[Example], list[Example]]:
    """What the network learns from, drawn anew for each seed, and what its last pass is over (`last_texts`)."""
    chance, names = random.Random(seed), Names(seed)
    posts = held_out(noisy_posts(data / "btc" / "train.jsonl"))[0] + noisy_posts(data / "wnut17" / "train.jsonl")
    ill = held_out(illness(data / "illness_tweets" / "train.jsonl", without=without_illness))[0]
    out = list(posts)
    with_people = [e for e in posts if any(kind == "PER" for *_, kind in e.spans or ())]
    out += [swap_names(e, names) for e in with_people]
    out += [in_lower_case(e) for e in chance.sample(posts, len(posts) // 6)]
    out += [in_lower_case(swap_names(e, names)) for e in with_people]
    out += [in_capitals(e) for e in chance.sample(posts, len(posts) // 25)]
    drawn = [replace(e, heads=(*e.heads, ("patient_story", bool(e.ill)))) for e in scenes(names, chance, 2500)]
    out += [in_lower_case(e) if chance.random() < 0.2 else in_capitals(e) if chance.random() < 0.03 else e for e in drawn]
    positives = [e for e in ill if e.ill]
    ill = positives + chance.sample([e for e in ill if not e.ill], min(2500, len(ill) - len(positives)))
    out += [swap_illness(e, chance) if chance.random() < 0.75 else e for e in ill]
    written, strangers = few(), of_strangers(data)
    out += [roughly(e, chance) for e in written for _ in range(FEW_TIMES)]
    out += [roughly(e, chance) for _ in range(JOINED_TIMES) for e in joined(written, chance)]
    out += strangers
    chance.shuffle(out)
    last = last_texts(written, posts, names, chance) + strangers[::3]
    chance.shuffle(last)
    return (out[:600] if small else out), (last[:100] if small else last)


def last_texts(written: list[Example], posts: list[Example], names: Names, chance: random.Random) -> list[Example]:
    """Each written text as it is (the tables' are among them, once more, and three times with where they stand; the Spanish ones four times, as the
    base knows English only), and a tenth as many for names, in the mixture of the first passes: without lower-case copies here, one in fourteen
    lower-case names was forgotten."""
    with_people = [e for e in posts if any(kind == "PER" for *_, kind in e.spans or ())]
    tables = of_tables()
    out = written + [roughly(e, chance) for e in written if is_spanish(e.text) for _ in range(SPANISH_TIMES)] + tables + [placed(e, chance) for e in tables * 3]
    out += chance.sample(posts, 2500)
    out += [in_lower_case(swap_names(e, names)) for e in chance.sample(with_people, 1200)]
    out += [in_capitals(e) for e in chance.sample(posts, 200)]
    out += [in_lower_case(e) if chance.random() < 0.4 else e for e in scenes(names, chance, 800)]
    return out


def placed(example: Example, chance: random.Random) -> Example:
    """One of the tables' texts as a post or an answer of ours, or as something that came in."""
    is_ours = "stop" in dict(example.heads)
    surface, role = (chance.choice(("post", "reply")), "org") if is_ours else (chance.choice(("comment", "dm", "review", "mention")), chance.choice(("public", "patient_or_family", "workforce")))
    return replace(example, around=Around(surface, role))


def of_strangers(data: Path) -> list[Example]:
    """Strangers' chatter: no story of ours, no cry for help, nothing about a hospital. Half of the Broad Twitter posts are left out, among them all that
    are kept apart for names: on these false alarms are counted."""
    heads = (*judged("none"), *((intent, False) for intent in NOT_FROM_STRANGERS))
    chatter = noisy_posts(data / "wnut17" / "train.jsonl")[:2500] + [e for i, e in enumerate(noisy_posts(data / "btc" / "train.jsonl")) if i % 2 == 0 and i % 12]
    chatter = [e for e in chatter if not any(kind == "PER" for *_, kind in e.spans or ())]
    return [replace(e, heads=(*heads, ("off_topic", True)) if number % 8 == 0 else heads) for number, e in enumerate(chatter)]


TEXTS = Path(__file__).resolve().parent / "texts"
JOINED_TIMES = 1
HALF = 0.4  # what somebody should look at first is neither harmless nor to be stopped
SPANISH_TIMES = 3  # more, of a Spanish text in the last pass
FEW_TIMES = 2  # the texts of `few` in one pass, each time a little different
NOT_FROM_STRANGERS = ("phi_self", "phi_third_party", "staff_leak", "complaint", "advice_seeking", "legal", "press", "breach_allegation", "impersonation", "protected_activity")
# Of these, whoever labelled a text was not always asked.
UNASKED = {"phi_self", "phi_third_party", "complaint"}
_BLAMED = re.compile(r"\b(?:you|your|ur|yall|they|them|nobody|nurses?|staff|aides?|techs?|doctor|unit|pharmac\w+|hospital|clinic|ustedes|le|les|lo)\b", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]+")
_SPANISH = re.compile(r"\b(?:el|la|los|las|del?|que|y|en|por|para|con|una?|sus?|nos|lo|al|se|les?|es|muy|ya)\b", re.IGNORECASE)
_LARGE = re.compile(r"(?<!\w)[A-ZÁÉÍÓÚÑÜ]\w*")
_BEGINS = re.compile(r"(?:^|[.!?…]\s)[\s¡¿\"'«(]*$")
_MISSPELT = ((" you ", " u "), ("ing ", "in "), ("'", ""), (" are ", " r "), (" because ", " cuz "), (". ", " "))


def few() -> list[Example]:
    """Written by hand for Primum: what comes in, with every intent, and what we write, with every reason to stop it."""
    out = []
    for name in ("inbound.tsv", "others_inbound.tsv"):
        for names, text in labelled(name):
            unasked = unasked_of(text, set(names)) if name == "inbound.tsv" else set()
            out.append(Example(text, None, wanted(names, unasked)))
    out += [Example(text, None, judged(kinds[0])) for kinds, text in labelled("outbound.tsv")]
    out += [Example(text, None, fully_judged(kinds)) for kinds, text in labelled("others_outbound.tsv")]
    for name in ("measured_inbound.jsonl", "written_inbound.jsonl", "against_inbound.jsonl", "plain_inbound.jsonl"):
        out += [Example(row["text"], None, wanted(row["intents"]), around_of(row)) for row in read(TEXTS / name)]
    out += [Example(row["text"], None, judged(row["kinds"][0]), around_of(row)) for row in read(TEXTS / "measured_outbound.jsonl")]
    for name in ("written_outbound.jsonl", "against_outbound.jsonl", "plain_outbound.jsonl"):
        out += [Example(row["text"], None, fully_judged(row["kinds"]), around_of(row)) for row in read(TEXTS / name)]
    out += of_tables()
    for name, head in (("stories.txt", "patient_story"), ("ordinary.txt", "none")):
        out += [Example(text, None, judged(head)) for text in (TEXTS / name).read_text(encoding="utf-8").splitlines()]
    return [replace(e, spans=()) if is_nameless_spanish(e.text) else e for e in out]


def is_nameless_spanish(text: str) -> bool:
    """A Spanish text of whose words none is known as a name and none, but the first of a sentence, written large: the sources of names are
    English, and from them alone "lo del ruido" is somebody called Ruido."""
    known = word_list("given_names.txt") | word_list("surnames.txt")
    if not is_spanish(text) or not known.isdisjoint(_LETTERS.findall(fold(text).folded.lower())):
        return False
    large = list(_LARGE.finditer(text))
    begins = all(_BEGINS.search(text[: word.start()]) for word in large)
    return begins and word_list("given_names_ambiguous.txt").isdisjoint(fold(word.group()).folded.lower() for word in large)


def is_spanish(text: str) -> bool:
    return len({word.lower() for word in _SPANISH.findall(text)}) >= 3


def of_tables() -> list[Example]:
    """What stands in the product's own tables beside each intent and pattern, and what we ourselves offer: these must come out right."""
    out = []
    for intent in load_intents():
        out += [Example(text, None, ((intent.id, True),)) for text in intent.examples]
        out += [Example(text, None, ((intent.id, False),)) for text in intent.harmless]
    for table in TABLES:
        for pattern in load_patterns(table):
            out += [Example(text, None, ((HEAD_OF[table.label], True), ("stop", True))) for text in pattern.examples if table.label != "POLICY"]
            out += [Example(text, None, judged("none")) for text in pattern.harmless]
    for profile in (Profile(), Profile(patient_relations="555-0170", nurse_line="555-0142")):
        out += [Example(words, None, judged("none")) for _, _, words in ready_answers(profile)]  # what we ourselves offer must pass
    return out


def labelled(name: str) -> Iterator[tuple[list[str], str]]:
    for line in (TEXTS / name).read_text(encoding="utf-8").splitlines():
        names, text = line.split("\t")
        yield names.split(";"), text


def wanted(names: Iterable[str], unasked: Collection[str] = ()) -> tuple[tuple[str, bool], ...]:
    """Every intent that holds, and every other that somebody was asked about and said does not."""
    return tuple((intent, intent in names) for intent in INTENTS if intent in names or intent not in unasked)


def around_of(row: dict) -> Around:
    heard = fold(row["thread"][-1]).folded if row.get("thread") else ""
    return Around(row.get("surface", ""), row.get("author_role", ""), heard)


def unasked_of(text: str, wanted: set[str]) -> set[str]:
    """The intents that a text may have besides those it was labelled with: nobody was asked."""
    if "abuse_report" in wanted:
        return UNASKED if _BLAMED.search(text) else UNASKED - {"complaint"}
    if wanted & {"dominance", "breach_allegation", "legal", "threat"} or ("adverse_event" in wanted and _BLAMED.search(text)):
        return {"complaint"}
    return {"phi_self"} if "self_harm" in wanted else set()


HEAD_OF = {"RELATIONSHIP": "relationship", "SOLICIT": "solicit", "ADVICE": "advice", "POLICY": ""}


def judged(name: str) -> tuple[tuple[str, float], ...]:
    """The heads of something we would write: `name` is what stops it, "hint" where somebody should look, or "none". A story may confirm a
    relationship, and the other way round; a hint may be half of either: that was not labelled."""
    if name == "stop":
        return (("stop", True),)  # what for was not written down
    if name == "hint":
        return (("hint", True), ("stop", HALF), ("solicit", False), ("advice", False), ("confidential", False))
    open_ones = {"patient_story": ("relationship", "hint"), "relationship": ("patient_story", "hint"), "none": ()}.get(name, ("hint",))
    heads = tuple((head, head == name or (head == "stop" and name != "none")) for head in JUDGEMENTS if head not in open_ones)
    return heads if name != "none" else (*heads, *((intent, False) for intent in SAFETY))


def fully_judged(kinds: list[str]) -> tuple[tuple[str, float], ...]:
    """The heads where every kind was asked: the first stops it (or is "hint" or "none"), the others hold, too. What must be stopped may well
    read like something to look at."""
    if kinds[0] in ("none", "hint"):
        return judged(kinds[0])
    return tuple((head, head == "stop" or head in kinds) for head in JUDGEMENTS if head != "hint")


def joined(written: list[Example], chance: random.Random) -> Iterator[Example]:
    """Each text with another beside it: what matters is often one sentence among others. What comes in is joined with what comes in (both
    may want something), what we write with something harmless of ours."""
    incoming = [e for e in written if any(name in INTENTS and name not in SAFETY for name, _ in e.heads)]
    harmless = [e for e in written if ("stop", False) in e.heads and not e.around.heard]  # some answers are harmless only to what they answer
    for example in written:
        other = chance.choice(harmless if "stop" in dict(example.heads) else incoming)
        pair = [example.text, other.text]
        chance.shuffle(pair)
        text = chance.choice((" ", " ", "\n", ". ", "... ")).join(pair)
        first, second = dict(example.heads), dict(other.heads)
        if "stop" in first:
            heads = tuple(first.items())
        else:
            wanted = {name for name in INTENTS if first.get(name) or second.get(name)}
            first, second = ({name: value for name, value in known.items() if name != "off_topic" or wanted == {"off_topic"}} for known in (first, second))
            heads = tuple((name, first.get(name, False) or second.get(name, False)) for name in INTENTS if first.get(name) or second.get(name) or (name in first and name in second))
        yield Example(text, None, heads, example.around)


def roughly(example: Example, chance: random.Random) -> Example:
    """The same as somebody in a hurry writes it."""
    text = example.text
    if chance.random() < 0.4:
        text = text.lower()
    for plain, rough in _MISSPELT:
        if chance.random() < 0.25:
            text = text.replace(plain, rough)
    if chance.random() < 0.15 and len(text) > 12:
        at = chance.randrange(1, len(text) - 1)
        text = text[:at] + text[at + 1 :]
    return replace(example, text=text)
