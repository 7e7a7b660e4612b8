"""The words of the commands in five languages; in every cell the first word is the one that letters print."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import Final

from mailsvc.cases.reading.text import words_of
from mailsvc.cases.reading.words import cells, spellings


class Command(StrEnum):
    """What a command line asks for."""

    JOIN = "join"
    LEAVE = "leave"
    LANGUAGE = "language"
    WHO = "who"
    INFO = "info"
    STATUS = "status"
    HELP = "help"
    PENDING = "pending"
    ADD = "add"
    REMOVE = "remove"
    WITHDRAW = "withdraw"
    TRUST = "trust"
    MODERATE = "moderate"
    BAN = "ban"
    EXPORT = "export my data"
    ERASE = "erase me"
    DNR = "set dnr"
    NOMINATE = "nominate"
    COMING = "who is coming"
    NOTES = "notes"
    PRESENT = "present"
    ABSENT = "absent"
    MY_WEEK = "my week"
    CALENDAR = "new calendar address"
    WIND_DOWN = "wind down"
    MATTER = "matter"
    FIND = "find"
    ARCHIVE = "archive"
    SET_PURPOSE = "set purpose"
    SET_QUESTIONS = "set work questions"
    SET_CHANNELS = "set channels"
    SET_TITLE = "set title"
    SET_DIGEST = "set digest"
    REMOVE_DOCUMENT = "remove document"
    OWN_COPY_ON = "own-copy on"
    OWN_COPY_OFF = "own-copy off"
    OWN_COPY = "own-copy"
    HIDE_ON = "hide on"
    HIDE_OFF = "hide off"
    PAUSE = "pause until"
    RESUME = "resume"
    DAILY = "digest daily"
    WEEKLY = "digest weekly"
    EACH = "digest off"
    NO_POSTS = "digest none"
    DIGEST = "digest"
    MY_GROUPS = "my groups"


WORDS: Final[dict[Command, dict[str, str]]] = {
    Command.JOIN: {
        "en": "join · subscribe · sign me up",
        "sv": "gå med · anmäl · anmäl mig · jag vill gå med · jag vill vara med · prenumerera",
        "da": "tilmeld · tilmeld mig · meld mig ind · jeg vil gerne være med",
        "nb": "bli med · meld på · meld meg på · meld meg inn · jeg vil være med · abonner",
        "nn": "bli med · meld på · meld meg på · meld meg inn · eg vil vere med · abonner",
    },
    Command.LEAVE: {
        "en": "leave · unsubscribe · remove me · sign me off",
        "sv": "lämna · avanmäl · avanmäl mig · gå ur · avregistrera · ta bort mig · avprenumerera",
        "da": "afmeld · afmeld mig · meld mig ud · udmeld · frameld · fjern mig",
        "nb": "meld av · meld meg av · avmeld · meld meg ut · meld ut · fjern meg",
        "nn": "meld av · meld meg av · avmeld · meld meg ut · meld ut · fjern meg",
    },
    Command.LANGUAGE: {"en": "language", "sv": "språk", "da": "sprog", "nb": "språk", "nn": "språk"},
    Command.WHO: {
        "en": "who · members",
        "sv": "vilka · medlemmar · vilka är med · vem är med",
        "da": "hvem · medlemmer · hvem er med",
        "nb": "hvem · medlemmer · hvem er med",
        "nn": "kven · medlemmer · medlemer · kven er med",
    },
    Command.INFO: {"en": "info · about", "sv": "info · om", "da": "info · om", "nb": "info · om", "nn": "info · om"},
    Command.STATUS: {"en": "status", "sv": "status · läget", "da": "status", "nb": "status", "nn": "status"},
    Command.HELP: {
        "en": "help",
        "sv": "hjälp · hur gör jag",
        "da": "hjælp · hvordan",
        "nb": "hjelp · hvordan",
        "nn": "hjelp · korleis",
    },
    Command.PENDING: {
        "en": "pending · waiting",
        "sv": "väntar · kö · vad väntar",
        "da": "venter · afventer · kø",
        "nb": "venter · kø · hva venter",
        "nn": "ventar · kø · kva ventar",
    },
    Command.ADD: {"en": "add", "sv": "lägg till", "da": "tilføj", "nb": "legg til", "nn": "legg til"},
    Command.WITHDRAW: {
        "en": "withdraw · take back",
        "sv": "dra tillbaka · ta tillbaka · återkalla · återta",
        "da": "træk tilbage · tilbagekald",
        "nb": "trekk tilbake · trekk",
        "nn": "trekk tilbake · trekk attende · trekk",
    },
    Command.TRUST: {"en": "trust", "sv": "lita på", "da": "stol på", "nb": "stol på", "nn": "stol på"},
    Command.MODERATE: {
        "en": "moderate",
        "sv": "granska",
        "da": "gennemse",
        "nb": "gjennomgå",
        "nn": "gå gjennom",
    },
    Command.BAN: {"en": "ban", "sv": "spärra", "da": "spær", "nb": "steng ute", "nn": "steng ute"},
    Command.EXPORT: {
        "en": "export my data",
        "sv": "mina uppgifter · registerutdrag",
        "da": "mine data · indsigt",
        "nb": "mine data · innsyn",
        "nn": "mine data · innsyn",
    },
    Command.ERASE: {
        "en": "erase me · delete my data",
        "sv": "radera mig · radera mina uppgifter",
        "da": "slet mig · slet mine data",
        "nb": "slett meg · slett mine data",
        "nn": "slett meg · slett mine data",
    },
    Command.DNR: {
        "en": "set dnr · set record number · set record no · set reference",
        "sv": "sätt dnr · sätt diarienummer · ställ in dnr · ställ in diarienummer",
        "da": "sæt journalnr · sæt j.nr. · sæt sagsnr · indstil journalnr · indstil sagsnr",
        "nb": "sett saksnr · sett journalnr · innstill saksnr · innstill journalnr",
        "nn": "set saksnr · set journalnr · innstill saksnr · innstill journalnr",
    },
    Command.NOMINATE: {
        "en": "nominate",
        "sv": "nominera · utse",
        "da": "nominér · udpeg · indstil som moderator",
        "nb": "nominer · utpek",
        "nn": "nominer · peik ut",
    },
    Command.WIND_DOWN: {
        "en": "wind down",
        "sv": "avveckla · lägg ner",
        "da": "nedlæg",
        "nb": "legg ned",
        "nn": "legg ned",
    },
    Command.COMING: {
        "en": "who is coming · who comes · who's coming · attendance",
        "sv": "vem kommer · vilka kommer · deltagare",
        "da": "hvem kommer · deltagere",
        "nb": "hvem kommer · deltakere",
        "nn": "kven kjem · deltakarar",
    },
    Command.PRESENT: {
        "en": "present · were present · who was there",
        "sv": "närvarande · vilka var med · vem var med",
        "da": "til stede · tilstede · hvem var med · hvem var der",
        "nb": "til stede · tilstede · hvem var med · hvem var der",
        "nn": "til stades · kven var med · kven var der",
    },
    Command.ABSENT: {
        "en": "absent",
        "sv": "frånvarande",
        "da": "fraværende",
        "nb": "fraværende",
        "nn": "fråverande",
    },
    Command.NOTES: {
        "en": "notes · minutes · meeting notes",
        "sv": "anteckningar · mötesanteckningar · minnesanteckningar · protokoll",
        "da": "referat · referater · mødereferat · mødereferater",
        "nb": "referat · referater · møtereferat · møtereferater",
        "nn": "referat · møtereferat",
    },
    Command.MY_WEEK: {"en": "my week", "sv": "min vecka", "da": "min uge", "nb": "min uke", "nn": "mi veke"},
    Command.CALENDAR: {
        "en": "new calendar address · renew calendar address · new calendar link",
        "sv": "ny kalenderadress · byt kalenderadress · ny kalenderlänk",
        "da": "ny kalenderadresse · skift kalenderadresse · nyt kalenderlink",
        "nb": "ny kalenderadresse · bytt kalenderadresse · ny kalenderlenke",
        "nn": "ny kalenderadresse · byt kalenderadresse · ny kalenderlenkje",
    },
    Command.MATTER: {"en": "matter", "sv": "ärende · sak", "da": "sag", "nb": "sak", "nn": "sak"},
    Command.FIND: {
        "en": "find",
        "sv": "hitta · sök · vem kan · vem vet",
        "da": "find · søg · hvem kan · hvem ved",
        "nb": "finn · søk · hvem kan · hvem vet",
        "nn": "finn · søk · kven kan · kven veit",
    },
    Command.ARCHIVE: {
        "en": "archive · search",
        "sv": "arkiv · sök i arkivet",
        "da": "arkiv · søg i arkivet",
        "nb": "arkiv · søk i arkivet",
        "nn": "arkiv · søk i arkivet",
    },
    Command.SET_PURPOSE: {
        "en": "set purpose",
        "sv": "sätt syfte · ställ in syfte",
        "da": "sæt formål · indstil formål",
        "nb": "sett formål · innstill formål",
        "nn": "set føremål · innstill føremål",
    },
    Command.SET_QUESTIONS: {
        "en": "set work questions · set questions",
        "sv": "sätt arbetsfrågor · ställ in arbetsfrågor",
        "da": "sæt arbejdsspørgsmål · indstil arbejdsspørgsmål",
        "nb": "sett arbeidsspørsmål · innstill arbeidsspørsmål",
        "nn": "set arbeidsspørsmål",
    },
    Command.SET_CHANNELS: {
        "en": "set channels",
        "sv": "sätt kanaler · ställ in kanaler",
        "da": "sæt kanaler · indstil kanaler",
        "nb": "sett kanaler · innstill kanaler",
        "nn": "set kanalar · innstill kanalar",
    },
    Command.SET_TITLE: {
        "en": "set title · set name",
        "sv": "sätt namn · sätt rubrik · ställ in namn",
        "da": "sæt navn · sæt titel · indstil navn",
        "nb": "sett navn · sett tittel · innstill navn",
        "nn": "set namn · set tittel · innstill namn",
    },
    Command.SET_DIGEST: {
        "en": "set digest",
        "sv": "sätt beslutsbrev · ställ in beslutsbrev",
        "da": "sæt beslutningsbrev · indstil beslutningsbrev",
        "nb": "sett beslutningsbrev · innstill beslutningsbrev",
        "nn": "set avgjerdsbrev · innstill avgjerdsbrev",
    },
    Command.REMOVE_DOCUMENT: {
        "en": "remove document",
        "sv": "ta bort dokument · ta bort dokumentet",
        "da": "fjern dokument · fjern dokumentet",
        "nb": "fjern dokument · fjern dokumentet",
        "nn": "fjern dokument · fjern dokumentet",
    },
    Command.OWN_COPY_ON: {
        "en": "own-copy on · own copy on",
        "sv": "egen kopia på",
        "da": "egen kopi til · egen kopi på",
        "nb": "egen kopi på",
        "nn": "eigen kopi på",
    },
    Command.OWN_COPY_OFF: {
        "en": "own-copy off · own copy off · no own copy",
        "sv": "egen kopia av · ingen egen kopia",
        "da": "egen kopi fra · egen kopi af · ingen egen kopi",
        "nb": "egen kopi av · ingen egen kopi",
        "nn": "eigen kopi av · ingen eigen kopi",
    },
    Command.OWN_COPY: {
        "en": "own-copy · own copy",
        "sv": "egen kopia",
        "da": "egen kopi",
        "nb": "egen kopi",
        "nn": "eigen kopi",
    },
    Command.HIDE_ON: {
        "en": "hide on · hide · hide me",
        "sv": "dölj mig · dölj på · dölj",
        "da": "skjul mig · skjul til · skjul på · skjul",
        "nb": "skjul meg · skjul på · skjul",
        "nn": "gøym meg · gøym på · gøym · skjul meg · skjul på · skjul",
    },
    Command.HIDE_OFF: {
        "en": "hide off · show me · unhide · unhide me",
        "sv": "visa mig · dölj av · dölj mig inte",
        "da": "vis mig · skjul fra · skjul af · skjul mig ikke",
        "nb": "vis meg · skjul av · skjul meg ikke",
        "nn": "vis meg · gøym av · skjul av · gøym meg ikkje · skjul meg ikkje",
    },
    Command.PAUSE: {
        "en": "pause until · pause · on leave until · on leave · vacation until · vacation"
        " · i am on leave · i'm on leave · i am on vacation · i'm on vacation",
        "sv": "pausa till · pausa · paus till · paus · semester till · semester · borta"
        " · jag är på semester · jag har semester · jag är borta · jag pausar",
        "da": "pause til · pause · hold pause til · hold pause · ferie til · ferie"
        " · jeg er på ferie · jeg har ferie · jeg holder ferie · jeg holder pause",
        "nb": "pause til · pause · ta pause til · ta pause · ferie til · ferie · jeg er på ferie · jeg har ferie"
        " · jeg tar pause",
        "nn": "pause til · pause · ta pause til · ta pause · ferie til · ferie · eg er på ferie · eg har ferie"
        " · eg tek pause",
    },
    Command.RESUME: {
        "en": "resume · start again",
        "sv": "börja igen · återuppta · starta igen · tillbaka",
        "da": "start igen · genoptag · tilbage",
        "nb": "start igjen · gjenoppta · tilbake",
        "nn": "start att · start igjen · ta opp att · tilbake",
    },
    Command.DAILY: {
        "en": "digest daily · daily",
        "sv": "samlat dagligen · dagligen · samlat varje dag · samlingsbrev dagligen · samlingsbrev varje dag",
        "da": "samlet dagligt · dagligt · samlet hver dag · samlemail dagligt · samlemail hver dag",
        "nb": "samlet daglig · daglig · samlet hver dag · samlebrev daglig · samlebrev hver dag",
        "nn": "samla kvar dag · dagleg · samla dagleg · samlebrev dagleg · samlebrev kvar dag",
    },
    Command.WEEKLY: {
        "en": "digest weekly · weekly",
        "sv": "samlat varje vecka · veckovis · varje vecka · samlat veckovis · samlingsbrev varje vecka"
        " · samlingsbrev veckovis",
        "da": "samlet ugentligt · ugentligt · samlet hver uge · samlemail ugentligt · samlemail hver uge",
        "nb": "samlet ukentlig · ukentlig · samlet hver uke · samlebrev ukentlig · samlebrev hver uke",
        "nn": "samla kvar veke · kvar veke · samlebrev kvar veke",
    },
    Command.EACH: {
        "en": "digest off · digest each · each post · every post",
        "sv": "samlingsbrev av · varje inlägg · samlat av · samlat varje inlägg",
        "da": "samlemail fra · hver besked · hvert indlæg · samlemail af · samlet fra · samlet af",
        "nb": "samlebrev av · hver melding · hvert innlegg · samlet av",
        "nn": "samlebrev av · kvar melding · kvart innlegg · samla av",
    },
    Command.NO_POSTS: {
        "en": "digest none · no posts",
        "sv": "inga inlägg · samlat inga",
        "da": "ingen indlæg · ingen beskeder · samlet ingen",
        "nb": "ingen innlegg · ingen meldinger · samlet ingen",
        "nn": "ingen innlegg · ingen meldingar · samla ingen",
    },
    Command.DIGEST: {
        "en": "digest",
        "sv": "samlingsbrev · samlat",
        "da": "samlemail · samlet",
        "nb": "samlebrev · samlet",
        "nn": "samlebrev · samla",
    },
    Command.MY_GROUPS: {
        "en": "my groups · my networks · my settings",
        "sv": "mina nätverk · mina grupper · mina inställningar",
        "da": "mine netværk · mine grupper · mine indstillinger",
        "nb": "mine nettverk · mine grupper · mine innstillinger",
        "nn": "mine nettverk · nettverka mine · mine grupper · mine innstillingar",
    },
    Command.REMOVE: {"en": "remove", "sv": "ta bort", "da": "fjern", "nb": "fjern", "nn": "fjern"},
}

# Commands that stand alone: with anything behind them they are somebody's sentence.
ALONE: Final = frozenset(
    {
        *(Command.EXPORT, Command.ERASE, Command.WHO, Command.INFO, Command.HELP, Command.PENDING),
        *(Command.COMING, Command.CALENDAR, Command.MY_GROUPS),
        *(Command.OWN_COPY_ON, Command.OWN_COPY_OFF, Command.HIDE_ON, Command.HIDE_OFF),
        *(Command.DAILY, Command.WEEKLY, Command.EACH, Command.NO_POSTS),
    }
)

# Commands whose text is everything below them: no line of it is a command.
WITH_TEXT: Final = frozenset({Command.MATTER, Command.WIND_DOWN})

# Commands whose value goes on over the next lines, up to an empty one; what is behind them is taken as it was typed.
WITH_VALUE: Final = frozenset(
    {
        *(Command.SET_PURPOSE, Command.SET_QUESTIONS, Command.SET_CHANNELS, Command.SET_TITLE, Command.SET_DIGEST),
        *(Command.REMOVE_DOCUMENT, Command.PRESENT, Command.ABSENT),
    }
)

LANGUAGE_NAMES: Final[dict[str, str]] = {
    "en": "en english engelska engelsk",
    "sv": "sv svenska svensk swedish",
    "da": "da dansk danska danish",
    "nb": "nb no bokmål bokmal norsk norska norwegian",
    "nn": "nn nynorsk",
}


@cache
def phrases() -> dict[tuple[str, ...], Command]:
    """Every spelling of every command as the words it is compared by."""
    found: dict[tuple[str, ...], Command] = {}
    for command, languages in WORDS.items():
        for text in languages.values():
            for cell in cells(text):
                for spelling in spellings(cell):
                    key = words_of(spelling)
                    if found.setdefault(key, command) is not command:
                        raise ValueError(f"{spelling!r} is two commands: {found[key]} and {command}")
    return found


def printed(command: Command, language: str) -> str:
    """The word that letters print."""
    return cells(WORDS[command].get(language) or WORDS[command]["en"])[0]


def language_named(word: str) -> str | None:
    """The language that a word names, `svenska` or `sv`."""
    for language, names in LANGUAGE_NAMES.items():
        if word.casefold() in names.split():
            return language
    return None
