"""The words that answers to a poll of dates are made of, in five languages; see `poll_said`."""

from __future__ import annotations

from typing import Final


def _set(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


CAN: Final = _set(
    "ja japp jadå javisst jo ok okej okay kan kunde funkar fungerar passar passa passer går bra bäst helst hellre",
    "fint gärna perfekt möjligt ledig föredrar jatak gerne bedst hest muligt foretrækker best gjerne mulig foretrekker",
    "greit greitt mogleg kommer kjem deltar deltager deltek yes yep yeah can could works work suits suit fine good",
    "great free available prefer preferably possible best perfect x y j",
    "👍 ✅ ✔ ☑ 🙂 😀 😊 🟢 💚 +1 :) ;) :+1: (y)",
)
CANNOT: Final = _set(
    "nej nä nix inte ej icke omöjligt upptagen borta bortrest semester ledigt nope förhindrad hindrad ikke umuligt",
    "optaget bortrejst ferie forhindret nei umulig opptatt bortreist forhindra ikkje umogleg oppteken no not can't",
    "cannot cant won't doesn't don't isn't busy away unable impossible unavailable n",
    "👎 ❌ ✖ ✘ 🚫 🔴 🙁 ☹ -1 :( :-1: (n)",
)
MAYBE: Final = _set(
    "kanske eventuellt ev osäker osäkert preliminärt nja möjligen nödfall måske eventuelt evt muligvis usikker",
    "usikkert kanskje muligens usikre truleg maybe perhaps tentative tentatively possibly unsure",
    "sure säker säkert sikker sikkert 🤷 🤔 ❓ 🟡",
)
WHETHER: Final = _set(
    "om ifall förutsatt beror såvida hvis såfremt medmindre afhænger dersom forutsatt avhenger viss føresett if",
    "unless provided depends depending",
)
ALL: Final = _set("alla alle allt alt samtliga samtlige all every each any vilket vilken hvilken whichever whenever")
ANY: Final = _set("något någon nån nåt några noget nogen nogle noe noen noko nokon nokre any either")
BOTH: Final = _set("båda bägge begge både both")
NONE: Final = _set("ingen inga inget ingenting intet ingenting none nothing inkje")
NEITHER: Final = _set("varken hverken verken korkje neither")
REST: Final = _set("resten övriga övrigt øvrige rest others")
OTHERWISE: Final = _set("annars ellers elles otherwise")
HOURS: Final = _set("till til to kl klockan efter etter after före før before innan inden från fra frå from ca börjar")
ONLY: Final = _set("bara endast enbart kun bare berre only just")
EXCEPT: Final = _set("utom förutom undantaget undantagna undtagen unntatt unnateke unntak except excluding")
BUT: Final = _set("men but medan mens while however dock")
BOOK: Final = _set(
    "boka bokar book booke bestill bestil välj väljer vælg vælger velg velger vel choose take ta tar tag tager",
    "tek",
)
NOT_MEANT: Final = _set(
    "problem problemer hinder hindring roll rolle invändningar indvendinger innvendinger innvendingar",
    "minuter minutter minutes min timmar timer timar hours st stk stycken personer personar people",
    "objections vet ved veit know välkomna velkomne velkomen welcome annan andra annen anden anna another other",
)
FILLER: Final = _set(
    "jag jeg eg i vi du mig meg me my mej för for det den de dei der här då er är va vara at att å och og and",
    "samt också tack takk tak thanks mvh hej hei hi hello av af of dem dom dagarna dagar dagen dage dagene",
    "dagane dag datum datumen datumet datoer dato datoen datoerne datoene datoane dates date day days tider",
    "tiderna tiden tid tidene tidane times time alternativ alternativen alternativet alternativer alternativa",
    "option options forslag förslag nr nummer the these those them this on på desværre tyvärr dessverre diverre",
    "sadly unfortunately sorry alls heller too mycket väldigt very well also or eller så to med oss us would be",
    "is are do make it able til till ved vid kl lite helt nor el antingen enten anten tycker synes synest",
    "that's som helst as slags fra från frå med klockan week v uge uke veke vecka does will we i'm del",
)
ORDINALS: Final = {
    1: _set("första förste første fyrste first"),
    2: _set("andra anden andet second"),
    3: _set("tredje third"),
    4: _set("fjärde fjerde fourth"),
    5: _set("femte fifth"),
}
LAST: Final = _set("sista siste sidste last")
WEEKDAYS: Final = (
    _set("måndag mån mandag man måndagen mandagen måndagar monday mon måndags"),
    _set("tisdag tis tisdagen tirsdag tirs tirsdagen tysdag tys tysdagen tuesday tue"),
    _set("onsdag ons onsdagen wednesday wed"),
    _set("torsdag tors tor torsdagen thursday thu"),
    _set("fredag fre fredagen friday fri"),
    _set("lördag lör lördagen lørdag lør lørdagen laurdag laurdagen saturday sat"),
    _set("söndag sön söndagen søndag søn søndagen sundag sundagen sunday sun"),
)
