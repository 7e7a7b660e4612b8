"""The labels of our forms in five languages (words.md §7.3, §7.4), and how a label that somebody typed is compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

LANGUAGES: Final = ("en", "sv", "da", "nb", "nn")

# Cells in the order of LANGUAGES; in each the first word is the one that letters print.
_FORM: Final[Mapping[str, tuple[str, str, str, str, str]]] = {
    "name": (
        "Name · Network",
        "Namn · Nätverkets namn",
        "Navn · Netværkets navn",
        "Navn · Nettverkets navn",
        "Namn · Namn på nettverket",
    ),
    "address": (
        "Address · List address",
        "Adress · E-postadress · Listadress",
        "Adresse · Mailadresse",
        "Adresse · E-postadresse",
        "Adresse · E-postadresse",
    ),
    "purpose": ("Purpose", "Syfte", "Formål", "Formål", "Føremål"),
    "motivation": (
        "Motivation · Why · Reason",
        "Motivering · Varför · Bakgrund",
        "Begrundelse · Motivation · Hvorfor",
        "Begrunnelse · Hvorfor",
        "Grunngjeving · Kvifor",
    ),
    "work_questions": (
        "Work questions · Questions",
        "Arbetsfrågor · Frågor · Övergripande arbetsfrågor",
        "Arbejdsspørgsmål · Emner · Arbejdsområder",
        "Arbeidsspørsmål · Temaer · Saksområder",
        "Arbeidsspørsmål · Tema · Saksområde",
    ),
    "for_whom": (
        "Members · For whom",
        "Målgrupp · Vilka · Deltagare",
        "Målgruppe · Deltagere",
        "Målgruppe · Deltakere",
        "Målgruppe · Deltakarar",
    ),
    "moderator": ("Moderator", "Moderator", "Moderator", "Moderator", "Moderator"),
    "deputy": (
        "Deputy · Deputy moderator",
        "Biträdande moderator · Biträdande · Ersättare",
        "Næstmoderator · Vicemoderator · Stedfortræder",
        "Nestmoderator · Stedfortreder · Vara",
        "Nestmoderator · Varamoderator · Vara",
    ),
    "preparation_group": (
        "Preparation group",
        "Beredningsgrupp",
        "Forberedelsesgruppe · Indstillende gruppe",
        "Forberedende gruppe · Saksforberedende gruppe",
        "Førebuande gruppe · Saksførebuande gruppe",
    ),
    "presenter": (
        "Presented by",
        "Föredragande",
        "Sagsfremstiller · Forelægges af",
        "Saksbehandler · Legges fram av",
        "Sakshandsamar · Vert lagt fram av",
    ),
    "channels": ("Channels", "Kanaler", "Kanaler", "Kanaler", "Kanalar"),
    "record": (
        "Record no. · Reference",
        "Dnr · Diarienummer",
        "J.nr. · Journalnr. · Sagsnr.",
        "Saksnr. · Journalnr.",
        "Saksnr. · Journalnr.",
    ),
    "lift_to": ("To", "Till · Lyfts till", "Til · Rejses for", "Til · Løftes til", "Til · Vert løfta til"),
    "answer_by": (
        "Answer by · Deadline",
        "Svara senast · Sista svarsdag",
        "Svar senest · Frist",
        "Svar innen · Svarfrist · Frist",
        "Svar innan · Svarfrist · Frist",
    ),
    "benefit": ("Expected benefit", "Förväntad nytta", "Forventet udbytte", "Forventet nytte", "Forventa nytte"),
    "spreading": (
        "Who spreads it",
        "Ansvar för tillämpning och spridning",
        "Ansvar for anvendelse og videndeling",
        "Ansvar for bruk og spredning",
        "Ansvar for bruk og spreiing",
    ),
    "goals": ("Goals", "Mål", "Udviklingsmål", "Mål", "Mål"),
    "activities": ("Activities", "Aktiviteter", "Aktiviteter", "Aktiviteter", "Aktivitetar"),
    "wishes": ("Wishes", "Önskemål", "Ønsker", "Ønsker", "Ønske"),
    "action": (
        "TODO · ACTION",
        "Att göra · Åtgärd",
        "Opgave · Handling",
        "Oppgave · Tiltak · Gjøremål",
        "Oppgåve · Tiltak · Gjeremål",
    ),
    "decision": ("Decision", "Beslut", "Beslutning", "Vedtak · Beslutning", "Vedtak"),
}
_MEETING: Final[Mapping[str, tuple[str, str, str, str, str]]] = {
    "when": (
        "When · Date · Time",
        "När · Datum · Tid",
        "Hvornår · Dato · Tid · Tidspunkt",
        "Når · Dato · Tid · Tidspunkt",
        "Når · Dato · Tid · Tidspunkt",
    ),
    "where": (
        "Where · Place · Location · Link",
        "Var · Plats · Lokal · Länk",
        "Hvor · Sted · Lokale · Link",
        "Hvor · Sted · Rom · Lenke",
        "Kvar · Stad · Rom · Lenkje",
    ),
    "title": (
        "Title · About",
        "Rubrik · Ämne · Möte",
        "Titel · Emne · Møde",
        "Tittel · Emne · Møte",
        "Tittel · Emne · Møte",
    ),
    "agenda": (
        "Agenda",
        "Dagordning · Agenda · Punkter",
        "Dagsorden · Punkter",
        "Dagsorden · Saksliste · Agenda",
        "Dagsorden · Sakliste · Saker",
    ),
    "theme": ("Theme", "Tema", "Tema", "Tema", "Tema"),
    "standing_items": (
        "Standing items",
        "Fasta punkter · Stående punkter",
        "Faste punkter",
        "Faste punkter",
        "Faste punkt",
    ),
    "how": (
        "How",
        "Form · Digitalt · På plats",
        "Form · Online · Fysisk",
        "Form · Digitalt · Fysisk",
        "Form · Digitalt · Fysisk",
    ),
    "length": ("Length", "Längd", "Varighed", "Varighet", "Lengd"),
    "repeat": (
        "Repeat",
        "Upprepa · Upprepas · Återkommer",
        "Gentag · Gentages",
        "Gjenta · Gjentas",
        "Gjenta · Vert gjenteke",
    ),
    "rsvp": (
        "Answer by · RSVP",
        "Svara senast · OSA · o.s.a.",
        "Svar senest · S.U. · Svar udbedes",
        "Svar innen · Svarfrist",
        "Svar innan · Svarfrist",
    ),
    "room_for": (
        "Room for · Seats",
        "Platser · Max antal · Antal platser",
        "Pladser · Maks. antal",
        "Plasser · Maks antall",
        "Plassar · Maks tal",
    ),
    "introduction": (
        "Introduction by",
        "Introduktion · Inledare · Inleds av",
        "Oplæg · Oplægsholder · Introduktion",
        "Innledning · Innleder",
        "Innleiing · Innleiar",
    ),
    "led_by": (
        "Led by · Chair",
        "Leds av · Ordförande · Mötesledare",
        "Mødeleder · Ordstyrer",
        "Møteleder · Ordstyrer",
        "Møteleiar · Ordstyrar",
    ),
    "notes": (
        "Notes · Minutes",
        "Anteckningar · Minnesanteckningar · Protokoll",
        "Referat · Noter",
        "Referat · Notater · Protokoll",
        "Referat · Notat · Protokoll",
    ),
    "present": ("Present", "Närvarande", "Til stede", "Til stede", "Til stades"),
    "absent": ("Absent", "Frånvarande", "Afbud · Fraværende", "Forfall · Fraværende", "Forfall · Fråverande"),
    "confidential": (
        "Confidential",
        "Förtroligt · Konfidentiellt",
        "Fortroligt",
        "Fortrolig",
        "Fortruleg · Konfidensielt",
    ),
}

FORM_FIELDS: Final = tuple(_FORM)
"""Field ids of words.md §7.3."""
MEETING_FIELDS: Final = tuple(_MEETING)
"""Field ids of words.md §7.4."""

# §7.4's words begin ordinary sentences; so do these of §7.3 ("Til slutt …", "Beslut fattades …").
_COLON: Final = frozenset(_MEETING) | {"lift_to", "action", "decision", "answer_by"}

_STRIPPED: Final = str.maketrans("åäöøæé", "aaooae")
_DOUBLED: Final = {"å": "aa", "ä": "ae", "æ": "ae", "ö": "oe", "ø": "oe", "é": "e"}
_DASHES: Final = re.compile("[\u2010-\u2015\u2212]")
_NOISE: Final = re.compile("[.*_\u00ad\u200b-\u200f\u2060\ufe0e\ufe0f\ufeff]")


def words(field: str) -> dict[str, tuple[str, ...]]:
    """What a field is called: language -> words, the printed one first. KeyError for an id that no form has."""
    found = _FORM[field] if field in _FORM else _MEETING[field]
    return {language: tuple(cell.split(" · ")) for language, cell in zip(LANGUAGES, found, strict=True)}


def label(field: str, language: str) -> str:
    """The word that letters print for a field, without colon; English for a language that we do not write."""
    return words(field)[language if language in LANGUAGES else "en"][0]


def needs_colon(field: str) -> bool:
    """True where a label without `:` is no label, because its words begin ordinary sentences too."""
    return field in _COLON


def key(text: str) -> str:
    """A label as it is compared: folded, single blanks, without dots and bold marks (`J.nr.` is `jnr`)."""
    folded = _DASHES.sub("-", unicodedata.normalize("NFKC", text)).casefold()
    return " ".join(_NOISE.sub("", folded).split())


def spellings(word: str) -> frozenset[str]:
    """The three spellings of a label (words.md §1.2) as keys: `målgrupp malgrupp maalgrupp`."""
    plain = key(word)
    doubled = "".join(_DOUBLED.get(char, char) for char in plain)
    return frozenset({plain, plain.translate(_STRIPPED), doubled})


def keys_of(field: str) -> frozenset[str]:
    """Every spelling of every word of a field, in all languages."""
    return frozenset(one for cell in words(field).values() for word in cell for one in spellings(word))


def lookup(fields: Iterable[str]) -> Mapping[str, str]:
    """Label key -> field id for one form. ValueError where two of its fields share a spelling."""
    return _lookup(tuple(fields))


@cache
def _lookup(fields: tuple[str, ...]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for field in fields:
        for one in keys_of(field):
            if found.setdefault(one, field) != field:
                raise ValueError(f"the label {one!r} means both {found[one]} and {field}")
    return MappingProxyType(found)


@cache
def every_key() -> frozenset[str]:
    """Every label of every form, to tell a label that this form does not have from a sentence."""
    return frozenset(one for field in (*_FORM, *_MEETING) for one in keys_of(field))
