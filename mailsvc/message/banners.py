"""Warnings about external senders that gateways write into people's text: cut before anybody's answer is read."""

from __future__ import annotations

import re
from collections.abc import Sequence

_LINK = r"\.?\s{0,9}(?:<?https?://[^\s\]<>]{1,300}>?)?"
_SHORT = r"[^\n]{1,200}?"
_CAUTION = r"""(?:\[?\s{0,9}(?:caution|warning|external|external\ (?:e-?mail|sender|message)|varning|obs|observera
    |viktigt
    |extern|externt?\ (?:avsändare|avsender|afsender|mail|e-post|e-mail)|advarsel|forsigtig|forsiktig|åtvaring|merk|nb
    |ekstern|ekstern\ (?:avsender|afsender|e-post|e-mail|mail))\s{0,9}\]?\s{0,9}[:!.–-]{0,3}\s{0,9})"""
_LETTER = r"""(?:e-?mail|message|mail|e-post|epost|e-postmeddelande|e-postmeddelandet|mejl|mejlet|meddelande|meddelandet
    |mailen|e-mailen|besked|meddelelse|e-posten|melding|meldingen|meldinga|eposten)"""
_OUTSIDE = r"""(?:originat\w+\ (?:from\ )?outside
    |(?:is|comes|came|was\ sent|has\ been\ sent)\ from\ (?:outside|an\ external)
    |(?:kommer|kom|skickades|är\ skickat|har\ skickats)\ (?:från|utifrån)[^\n.!]{0,60}(?:utanför|extern)
    |(?:kommer|kom|er\ sendt|stammer|blev\ sendt)\ (?:fra|udefra|utenfra)[^\n.!]{0,60}(?:uden\ ?for|ekstern|utenfor)
    |(?:kjem|er\ send)\ frå[^\n.!]{0,60}(?:utanfor|ekstern))"""
_ADVICE = r"""(?:do\ not|don't|never|be\ careful|exercise\ caution|think\ before
    |klicka\ inte|öppna\ inte|var\ försiktig|klik\ ikke|åbn\ ikke|vær\ forsigtig|vær\ opmærksom
    |klikk\ ikke|ikke\ klikk|åpne\ ikke|ikke\ åpne|vær\ forsiktig|ver\ varsam|ikkje\ klikk|ikkje\ opne|opne\ ikkje)"""

# A tag on a line of its own, "[EXTERN]", "⚠ External sender", perhaps with advice behind it.
_TAG = rf"""(?:(?:\u26a0\ufe0f?|!|\*){{1,4}}\s{{0,3}})?(?:(?:caution|warning|varning|obs|observera|viktigt|advarsel
    |forsigtig|forsiktig|åtvaring|merk|nb)\s{{0,3}}[:!.–-]{{1,3}}\s{{0,3}})?
    (?:extern[ta]?|external|ekstern[te]?)
    (?:\s{{1,3}}(?:avsändare|avsender|avsendar|afsender|sender|source|e-?mail|e-?post|epost|mail|mejl|mejlet|message|meddelande
    |besked|meddelelse|melding|kilde|källa))?
    \s{{0,3}}[\])*!]{{0,4}}
    (?:\s{{0,3}}[:.!–-]{{1,3}}\s{{0,3}}(?:{_ADVICE}|use\ caution|be\ aware|ikke\ klikk|klicka\ inte)[^\n]{{0,220}})?
    \s{{0,3}}[\])*!.]{{0,4}}[ \t]{{0,9}}(?=\n|\Z)"""

# Microsoft 365's first-contact tip where its link was cut off, what organisations put on top (a warning word, where the
# mail comes from, sentences of advice), and Google Workspace's warnings.
_SENTENCES = (
    (
        rf"(?:some\ people\ who\ received\ this\ message|you)\ don't\ often\ get\ email\ from\ {_SHORT}"
        rf"learn\ why\ this\ is\ important{_LINK}"
    ),
    rf"du\ får\ inte\ ofta\ e-post\ från\ {_SHORT}varför\ det(?:ta|\ här)\ är\ viktigt{_LINK}",
    (
        r"(?:nogle\ (?:personer|af\ dem),?\ (?:der|som)\ (?:har\ )?modt[oa]g(?:et)?\ denne"
        r"\ (?:meddelelse|besked|mail),?\ får|du\ (?:får|modtager))\ ikke\ ofte\ (?:mails?|e-mails?)"
        rf"\ fra\ {_SHORT}hvorfor\ det(?:te)?\ er\ vigtigt?{_LINK}"
    ),
    (
        r"(?:noen\ (?:av\ dem\ )?som\ mottok\ denne\ (?:meldingen|e-posten),?\ får|du\ (?:får|mottar))"
        rf"\ ikke\ ofte\ e-post\ fra\ {_SHORT}hvorfor\ det(?:te)?\ er\ viktig{_LINK}"
    ),
    _TAG,
    r"this\ sender\ is\ from\ outside\ (?:of\ )?your\ organi[sz]ation\.?",
    (
        rf"{_CAUTION}?(?:mejlet|mailet|mailen|e-posten|e-postmeddelandet|meddelandet|meldingen)"
        r"\ (?:kommer|kom|är\ skickat|er\ sendt)\ (?:utifrån|udefra|utenfra|från\ utsidan)[^\n.!]{0,80}[.!]?"
    ),
    rf"du\ får\ ikkje\ ofte\ e-post\ frå\ {_SHORT}kvifor\ dette\ er\ viktig{_LINK}",
    (
        rf"{_CAUTION}?(?:this|den\ här|detta|det\ här|denne|dette|denna)\s{{1,9}}{_LETTER}\s{{1,9}}{_OUTSIDE}"
        rf"[^\n.!]{{0,120}}[.!]?(?:\s{{1,9}}{_ADVICE}[^\n.!]{{0,220}}[.!]?){{0,3}}"
    ),
    r"be\ careful\ with\ this\ message\.?",
    r"this\ (?:email|message)\ (?:is|was\ sent)\ from\ [\w ]{4,40}\ outside\ (?:of\ )?your\ organi[sz]ation",
    r"var\ försiktig\ med\ det\ här\ meddelandet\.?",
    r"vær\ forsigtig\ med\ denne\ (?:meddelelse|besked)\.?",
    r"vær\ forsiktig\ med\ denne\ (?:meldingen|e-posten)\.?",
    r"ver\ forsiktig\ med\ denne\ meldinga\.?",
)
# Microsoft 365's first-contact tip, in any language: its link is what it always has.
_TIP = "learnaboutsenderidentification"
_TIPS = (
    re.compile(r"\[[^\[\]]{0,500}https?://aka\.ms/LearnAboutSenderIdentification[^\s\]]{0,200}\s*\]?", re.IGNORECASE),
    re.compile(r"[^\n\[\]]{0,300}https?://aka\.ms/LearnAboutSenderIdentification[^\s\]]{0,200}", re.IGNORECASE),
)
_SHIPPED = (*(re.compile(sentence.replace("\\ ", r"\s{1,9}"), re.I | re.X) for sentence in _SENTENCES),)
# Asked once of a text, instead of every sentence at every line: hardly any mail has one.
_SOME = re.compile(
    rf"^[ \t*_>|\[=-]*(?:{'|'.join(_SENTENCES)})".replace("\\ ", r"\s{1,9}"), re.IGNORECASE | re.VERBOSE | re.MULTILINE
)
_LONGEST = 4096  # characters from the top in which a banner may stand; a gateway writes it there


def without_banners(text: str, own: Sequence[str] = ()) -> str:
    """`text` without the shipped banners and those of `[reading] banners`; blanks and breaks make no difference."""
    head, tail = text[:_LONGEST], text[_LONGEST:]
    for banner in own:
        words = re.findall(r"\S+", banner)[:200]
        if words:
            head = re.sub(r"\s+".join(re.escape(word) for word in words), "", head, flags=re.IGNORECASE)
    tip = _TIP in head.lower()
    if tip or _SOME.search(head):
        for pattern in (*_TIPS, *_SHIPPED) if tip else _SHIPPED:
            head = _cut_at_line_starts(pattern, head)
    return head + tail


def _cut_at_line_starts(pattern: re.Pattern[str], text: str) -> str:
    """Cut matches that begin a line: what somebody says about a banner in a sentence stays."""
    place = 0
    out: list[str] = []
    while place < len(text):
        start = place
        while start < len(text) and text[start] in " \t*_>|[-=":
            start += 1
        if text[start : start + 1] not in ("", "\n"):
            match = pattern.match(text, start) or (pattern.match(text, place) if place < start else None)
            if match and match.end() > place:
                place = match.end()
                continue
        line_end = text.find("\n", place)
        stop = len(text) if line_end < 0 else line_end + 1
        out.append(text[place:stop])
        place = stop
    return "".join(out)
