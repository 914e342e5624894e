"""Does the text itself say that somebody permitted it? Then a person matches the authorization: nothing is believed for being said.

45 CFR 164.508(a)(1): a story about a patient needs a signed authorization that covers it. The claim turns a stop on what points at that
person into a look, and it is a look of its own; it never covers a relationship told to the public, nor asking others for details.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from primum_detect.content import Content
from primum_detect.judge.proposals import Proposal
from primum_detect.lexicons import compiled
from primum_detect.normalize.normalized import Normalized

RULE = "AUTH.VERIFY"
_WHY = "The text says that somebody permitted it. Match it with the signed authorization before it goes out."
_WHOSE = r"(?:(?:his|her|their|full|written|signed|express|kind|explicit|verbal|both|all|parental|of|from|the|an?|family|families|patients?|parents?|mom|mother|dad|father|wife|husband|son|daughter|couple)(?:'s|s')? ){0,6}"
_CLAIM = compiled(
    rf"(?<!without )\b(?:with|by|gave us|gave|got|signed|has|have|obtained|under) {_WHOSE}(?:permission|consent|authorization|release|blessing)\b(?! of the (?:\w+ )?(?:gazette|paper|press|artist|museum|library|author|publisher|archives?|photographer|city|county|board|council))(?! (?:form from|forms? (?:is|are|must|online|at)|decree))"
    r"|\b(?:authorization|consent|release)s? (?:is |are )?on file\b|\b(?:agreed|agrees|asked us|asked me|lets us|let us|allowed us|okayed us|invited us) (?:to (?:appear|be (?:named|featured|filmed|photographed|shown)|let us|share|post|tell)|share|post|tell)\b"
    r"|\b(?:said|says) (?:we|i) (?:could|can|may) (?:post|share|tell|use)\b|\bchecked with (?:the |his |her |their )?(?:parents?|famil\w+|mom|dad)\b|\b(?:parents?|family|families|mom|dad|he|she|they) (?:\w+ )?(?:signed off|okayed|approved) (?:on )?(?:it|this|every|the)\b"
    r"|\bcon (?:su |la |el |previa? )?(?:permiso|autorizacion|consentimiento)\b|\bnos (?:autoriz(?:o|aron)|dio (?:su )?permiso|dieron (?:su )?permiso|dejo contar|dejaron contar)\b|\bautoriz(?:o|aron) por escrito\b"
)
_SHARED = compiled(
    r"\b(?:shar\w+|story|stories|journey|photo\w*|pictures?|pictured|pics?|video|reel|post\w*|tells?|told|featur\w+|read|news|announc\w+|image|quote|words|seen here|wedding|birth|baby|smile|cuenta|contar|historia|compart\w+|foto\w*|publicar|nombre)\b"
)


_DENIED = compiled(r"\b(?:never|no|not|nobody|none|nor|without|forgot|refus\w+|declin\w+|sin|nunca|nadie|\w{2,8}n't|dont|didnt|cant|wont|havent|hasnt)\b")
_WRITTEN = compiled(r"\b(?:written|signed|por escrito|on file)")
_SOMEBODY = ("patient_story", "ill_person", "relationship", "hint")
_ABOUT_SOMEBODY = 0.3  # one of these heads: is a person's story told at all?


def judge(content: Content, text: Normalized, heads: Mapping[str, float]) -> Iterator[Proposal]:
    """A claim of permission beside words of sharing, in what we would publish about somebody. `heads` is the model's word on the text."""
    claim = _CLAIM.search(text) if content.role in ("org", "workforce") else None
    if claim is None or not (_WRITTEN.search(text, claim.start(), claim.end() + 16) or max(heads.get(head, 0.0) for head in _SOMEBODY) >= _ABOUT_SOMEBODY):
        return
    if _SHARED.search(text) and not _DENIED.search(text, text.sentences_around(claim.start())[0], claim.end()):
        yield Proposal(RULE, "UNIQUE", *text.span(*claim.span()), 0.9, _WHY, True)
