"""The answer words in five languages: one row per meaning, the printed word first in every cell.

Cells are written as people spell the words, separated by ` · `. `word@nb,nn` is a word of those languages only (a false
friend elsewhere); `…` stands for an argument behind the word, `NAME` for a name inside the phrase.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from mailsvc.cases.reading import words_coming, words_said
from mailsvc.cases.reading.words_signing import SIGN


class Row(NamedTuple):
    """What says one thing: a reason may follow `may_reason` words, `alone` words count only when they are all."""

    may_reason: Mapping[str, str]
    alone: Mapping[str, str] = MappingProxyType({})
    signs: str = ""


YES: Final = Row(
    {
        "en": "yes · approve · approved · ok · okay · accept · accepted · agreed · I approve"
        " · yes please · granted"
        " · we approve · I accept · I hereby approve",
        "sv": "ja · godkänn · godkänns · godkänt · godkänner · godkännes · jag godkänner · ok · okej"
        " · oki · ja tack"
        " · ja gärna · gärna · bifall · bifalls · bifalles · beviljas · jag accepterar · accepteras"
        " · vi godkänner"
        " · godkännas · godkänd · accepterar",
        "da": "ja · godkend · godkendt · godkendes · jeg godkender · ok · okay · okej · ja tak"
        " · ja gerne · gerne"
        " · accepteret · accepteres · bevilget · bevilges · vedtaget@da,nb,nn · tiltrædes@da · tiltræder@da"
        " · vi godkender · godkender",
        "nb": "ja · godkjenn · godkjent · godkjennes · jeg godkjenner · ok · okei · okay · ja takk · ja gjerne"
        " · gjerne · godtas · godtatt · innvilges · innvilget · vedtas@da,nb,nn · vedtatt@da,nb,nn"
        " · vi godkjenner"
        " · godkjenner",
        "nn": "ja · godkjenn · godkjent · godkjend · godkjennest · eg godkjenner · ok · okei · ja takk"
        " · ja gjerne"
        " · gjerne · godteke · vert godteke · innvilga · vedteke@da,nb,nn",
    },
    {
        "en": "yep · yeah · sure · fine · fine by me · fine with me · ok with me · ok by me · go ahead"
        " · sounds good"
        " · looks good · lgtm · of course · absolutely · no objections · it's ok · that's ok"
        " · it is ok · that is ok"
        " · it's fine by me · that's fine by me · that's fine with me · fine for me · please do"
        " · do it · ok for me"
        " · I agree · that's fine · it's fine · that works · sure thing · yup · certainly · definitely"
        " · happy to approve · I'm happy to approve · I am happy to approve · just go ahead",
        "sv": "japp · jajamän · jadå · javisst · ja visst · självklart · absolut · det går bra"
        " · går bra · helt ok"
        " · helt ok för mig · ok för mig · ok från mig · det är ok · det är okej"
        " · det är i sin ordning · fint för mig"
        " · kör · kör på · kör på det · låt gå · gärna det · jo · jo tack · inga invändningar"
        " · inget att invända"
        " · helt okej · helt okej för mig · ok från min sida · ja då · ok då · okej då · gör det"
        " · gör så · det är helt ok"
        " · det är helt okej · jag säger ja · ett ja från mig · går fint · det går fint · jajamensan"
        " · det kan vi göra · visst · naturligtvis · givetvis · jag har inga invändningar"
        " · jag har inget att invända · ok för min del · för min del är det ok · för mig är det ok · jepp"
        " · det här godkänner jag · bara kör · bara kör på · definitivt",
        "da": "jep · jo · jo tak · jamen ja · jada · selvfølgelig · naturligvis · det er ok · det er okay"
        " · det er fint · det er fint med mig · fint med mig · fint for mig · helt fint · helt ok"
        " · helt ok for mig"
        " · ok for mig · ok fra mig · ok herfra · det er i orden · i orden · kør · kør på · bare kør"
        " · det går fint"
        " · ingen indvendinger · ingen indsigelser · det er helt ok · det er helt fint · gør det"
        " · ja da · helt i orden"
        " · det er helt i orden · jeg siger ja · fint · ok fra min side · det går an"
        " · jeg har ingen indvendinger"
        " · jeps · klart ja · for min del er det ok · bare kør på",
        "nb": "jepp · japp · jo · jo takk · jada · selvfølgelig · selvsagt · klart det · det er greit · greit"
        " · helt greit · greit for meg · grei · det er ok · det er fint · fint · fint for meg · ok for meg"
        " · ok fra meg · ok herfra · ok fra min side · helt ok · det går bra · det går fint · i orden"
        " · det er i orden"
        " · kjør · kjør på · bare kjør · ingen innvendinger · det er greit for meg · det er helt greit"
        " · det er helt ok"
        " · gjør det · helt greit for meg · helt ok for meg · jeg sier ja · helt i orden"
        " · jeg har ingen innvendinger"
        " · det er fint for meg · naturligvis · for min del er det greit · bare kjør på",
        "nn": "jau · jau takk · jo · jepp · sjølvsagt · det er greitt · greitt · heilt greitt · greitt for meg"
        " · det er fint · fint for meg · ok for meg · ok frå meg · ok herifrå · heilt ok · det går bra"
        " · det går fint"
        " · i orden · det er i orden · køyr · køyr på · berre køyr · samd · eg er samd"
        " · ingen innvendingar · jada"
        " · det er heilt greitt · heilt greitt for meg · gjer det · eg seier ja · heilt ok for meg"
        " · heilt i orden · det er greitt for meg · det er heilt i orden · berre køyr på",
    },
    "👍 · 👌 · ✅ · ✔ · ☑ · 🆗 · :+1: · (y)",
)

NO: Final = Row(
    {
        "en": "no · reject · rejected · decline · declined · deny · denied · no thanks · no thank you"
        " · not approved"
        " · do not approve · don't approve · I reject · I don't approve · I do not approve",
        "sv": "nej · avslå · avslås · avslag · avslaget · neka · nekas · avvisa · avvisas · underkänn"
        " · underkänns"
        " · godkänns ej · godkänns inte · godkänner inte · godkänner ej · ej godkänt · inte godkänt · nej tack"
        " · beviljas ej · beviljas inte · godkänn inte · godkänn ej · jag godkänner inte · jag avslår · avslår"
        " · vi avslår",
        "da": "nej · afvis · afvist · afvises · afslå · afslag · afslås · nej tak · ellers tak · nej ellers tak"
        " · godkendes ikke · godkender ikke · ikke godkendt · bevilges ikke · godkend ikke"
        " · jeg godkender ikke · jeg afviser · afviser · vi afviser",
        "nb": "nei · avvis · avvist · avvises · avslå · avslag · avslås · avslått · nei takk · ellers takk"
        " · nei ellers takk · godkjennes ikke · godkjenner ikke · ikke godkjent · godtas ikke · innvilges ikke"
        " · godkjenn ikke · jeg godkjenner ikke · jeg avviser · avviser · jeg avslår · vi avslår",
        "nn": "nei · avvis · avvist · avslå · avslag · avslått · nei takk · elles takk · nei elles takk"
        " · godkjenner ikkje · ikkje godkjent · ikkje godteke · ikkje innvilga · godkjenn ikkje"
        " · eg godkjenner ikkje",
    },
    {
        "en": "nope · sorry, no · I decline · not ok · don't · absolutely not · of course not · no way · nah"
        " · unfortunately not · unfortunately no · I'm afraid not · certainly not · definitely not",
        "sv": "nä · näe · nix · tyvärr nej · tyvärr inte · inte ok · ej ok · inte aktuellt · avböjer"
        " · jag avböjer"
        " · tackar nej · jag tackar nej · det är inte ok"
        " · inte i sin ordning · absolut inte · självklart inte · jag säger nej · oense"
        " · oenig · inte okej"
        " · nepp · ej aktuellt · helst inte · definitivt inte",
        "da": "næ · nix · desværre nej · desværre ikke · ikke ok · ikke aktuelt · jeg takker nej"
        " · jeg siger nej"
        " · absolut ikke · selvfølgelig ikke · uenig · takker nej · det er ikke ok · niks · definitivt ikke"
        " · ikke i orden · det er ikke i orden",
        "nb": "nix · niks · dessverre nei · dessverre ikke · ikke ok · ikke greit · ikke aktuelt · uaktuelt"
        " · jeg takker nei · jeg sier nei · absolutt ikke · selvfølgelig ikke · takker nei"
        " · det er ikke greit · helst ikke",
        "nn": "nei diverre · diverre nei · diverre ikkje · ikkje ok · ikkje greitt · ikkje aktuelt"
        " · eg takkar nei"
        " · eg seier nei · usamd · ikkje samd"
        " · ikkje i orden · det er ikkje i orden · absolutt ikkje · sjølvsagt ikkje · takkar nei",
    },
    "👎 · ❌ · ✖ · 🚫 · ⛔ · :-1: · (n)",
)

# What letters about held posts and about people who ask to join print instead of yes and no.
APPROVE: Final = {"en": "approve", "sv": "godkänn", "da": "godkend", "nb": "godkjenn", "nn": "godkjenn"}
REJECT: Final = {"en": "reject", "sv": "avslå", "da": "afvis", "nb": "avvis", "nn": "avvis"}

# After these a blank is enough before the reason: `avslå fel lista`.
REASON_AFTER_BLANK: Final = (
    "reject · decline · avslå · avvisa · avvis · afslå · afvis · rejected · declined · avslås · avslag · avvisas"
    " · avvises · afvises · avvist · afvist · avslått · afslag · afslås · jag avslår · jeg afviser · jeg avviser"
    " · nej tack · nej tak · nei takk · no thanks · no thank you · ellers tak · ellers takk · elles takk"
    " · nej ellers tak · nei ellers takk · nei elles takk"
)

# "Publish it": said of a held post only, and only when it is all.
PUBLISH: Final = Row(
    {},
    {
        "en": "publish · publish it · let it through · release · release it",
        "sv": "publicera · släpp igenom · får publiceras · kan publiceras · kan godkännas · lägg ut",
        "da": "publicer · publicér · slip igennem · kan godkendes",
        "nb": "publiser · slipp gjennom · kan godkjennes · kan publiseres",
        "nn": "publiser · slepp gjennom · kan godkjennast",
    },
)

_TABLE: Final[dict[str, Row]] = {
    "heard": Row({}),
    "yes": YES,
    "no": NO,
    "publish": PUBLISH,
    # "Send it to the group": 3-mail, "The case is found".
    "post": Row(
        {"en": "post", "sv": "posta", "da": "send", "nb": "send", "nn": "send"},
        {
            "en": "post it · post it there · send · send it · send it there",
            "sv": "skicka · skicka det · skicka den · skicka dit det · posta det · posta den",
            "da": "send det · send den · send det derhen · slå det op",
            "nb": "send det · send den · send det dit · legg det ut",
            "nn": "send det · send han · send den · send det dit · legg det ut",
        },
    ),
    "always": Row(
        {
            "en": "approve always · approve and trust · always approve",
            "sv": "godkänn alltid · godkänn och lita på · godkänn alltid och lita på",
            "da": "godkend altid · godkend og stol på",
            "nb": "godkjenn alltid · godkjenn og stol på",
            "nn": "godkjenn alltid · godkjenn og stol på",
        }
    ),
    "all": Row(
        {
            "en": "approve all · yes to all · all yes · all ok · yes to everything · all approved · yes all",
            "sv": "godkänn alla · ja till alla · ja till allt · alla ja · allt ok · alla godkänns"
            " · alla ok · ja på alla"
            " · ja på allt · godkänn allt · ok till alla · ja alla · ok alla · samtliga ja · ja till samtliga"
            " · ja på samtliga · godkänn samtliga · samtliga godkänns · bifall samtliga · bifall till samtliga",
            "da": "godkend alle · ja til alle · ja til det hele · alle ja · alt ok · ja til alt"
            " · alle godkendes"
            " · alle ok · ok til alle · ja alle",
            "nb": "godkjenn alle · ja til alle · ja til alt · alle ja · alt ok · alle godkjennes"
            " · alle ok · ok til alle",
            "nn": "godkjenn alle · ja til alle · ja til alt · alle ja · alt ok",
        }
    ),
    "discard": Row(
        {
            "en": "discard · spam · junk · this is spam · it's spam",
            "sv": "kasta · släng · skräp · spam · skräppost · det är spam · det är skräp",
            "da": "kassér · smid væk · spam · det er spam · dette er spam",
            "nb": "kast · søppel · spam · søppelpost",
            "nn": "kast · søppel · spam",
        }
    ),
    "wait": Row(
        {
            "en": "wait · not yet · pending · on hold",
            "sv": "vänta · avvakta · inte än · inte ännu · vi väntar · avvaktar · jag avvaktar",
            "da": "vent · afvent · ikke endnu · vi venter · afventer",
            "nb": "vent · avvent · ikke ennå · vi venter · ikke enda · avventer",
            "nn": "vent · avvent · ikkje enno · vi ventar",
        },
        {"en": "hold@en"},
    ),
    "postpone": Row(
        {
            "en": "postpone · defer · postpone to … · defer to … · postpone until …",
            "sv": "skjut upp · uppskjut · skjut upp till … · bordlägg · senarelägg · bordläggs"
            " · ajournera · nästa gång"
            " · bordlägg till … · uppskjuts · senarelägg till … · bordlägges · uppskjutes",
            "da": "udskyd · udsæt · udskydes · udsættes · udsat · udskyd til … · næste gang · udsæt til …"
            " · udskydes til … · udsættes til …",
            "nb": "utsett@nb,nn · utsettes · utsatt@nb · utsett til …@nb,nn · neste gang · utsettes til …",
            "nn": "utset · utsett@nb,nn · utset til … · neste gong",
        }
    ),
    "ask": Row(
        {
            "en": "ask · question · send back",
            "sv": "fråga · återremiss · återremittera · komplettera · behöver kompletteras",
            "da": "spørg · spørgsmål · send tilbage · uddyb",
            "nb": "spør · spørsmål · send tilbake · utdyp",
            "nn": "spør · spørsmål · send tilbake · utdjup",
        }
    ),
    "recommend": Row(
        {
            "en": "recommend · I recommend · recommended · we recommend",
            "sv": "tillstyrk · tillstyrks · tillstyrker · tillstyrkes · rekommenderar · rekommenderas"
            " · förordar"
            " · jag tillstyrker · vi tillstyrker · jag rekommenderar · rekommendera · tillstyrka",
            "da": "anbefal · anbefales · anbefaler · indstil@da · indstilles@da · indstiller@da · tilråder"
            " · jeg anbefaler · vi anbefaler",
            "nb": "anbefal · anbefales · anbefaler · tilrå · tilrår · tilrås · innstiller på godkjenning@nb"
            " · innstiller på å godkjenne@nb · jeg anbefaler · vi anbefaler",
            "nn": "tilrå · tilrår · tilråast · rår til · eg tilrår · vi tilrår",
        }
    ),
    "advise-against": Row(
        {
            "en": "advise against · not recommended · I advise against · do not recommend · don't recommend",
            "sv": "avstyrk · avstyrks · avstyrker · avstyrkes · avråder · avråds · tillstyrks ej"
            " · tillstyrks inte"
            " · tillstyrker inte · tillstyrker ej · jag avstyrker · vi avstyrker · rekommenderar inte",
            "da": "fraråd · frarådes · fraråder · anbefales ikke · anbefaler ikke · kan ikke anbefales"
            " · jeg fraråder"
            " · vi fraråder",
            "nb": "frarå · frarår · frarås · fraråder · anbefales ikke · anbefaler ikke"
            " · innstiller på avslag@nb"
            " · innstiller på å avslå@nb · jeg frarår · vi frarår · tilrår ikke",
            "nn": "rå frå · rår frå · rår ifrå · frårår · tilrår ikkje · eg rår frå",
        }
    ),
    "abstain": Row(
        {
            "en": "abstain · no opinion · blank · I abstain",
            "sv": "avstå · avstår · jag avstår · blankt · lägger ner min röst · ingen åsikt · ingen synpunkt",
            "da": "undlad · undlader · undlader at stemme · blankt · ingen holdning · hverken for eller imod",
            "nb": "avstå · avstår · blankt · stemmer blankt · ingen mening",
            "nn": "avstå · avstår · blankt · røystar blankt · inga meining",
        }
    ),
    # Listed with abstaining in the page of words; a meaning of its own, because it changes who may decide.
    "conflict": Row(
        {
            "en": "conflict of interest · I have a conflict of interest · I recuse myself · recused",
            "sv": "jäv · jävig · jag är jävig · anmäler jäv · jag anmäler jäv",
            "da": "inhabil · jeg er inhabil",
            "nb": "inhabil · ugild · jeg er inhabil · jeg er ugild",
            "nn": "ugild · inhabil · eg er ugild · eg er inhabil",
        }
    ),
    "comes": Row({}, words_coming.COMES),
    "comes-not": Row(words_coming.COMES_NOT),
    "maybe": Row(
        {
            "en": "maybe · perhaps · tentative · if need be",
            "sv": "kanske · eventuellt · ev · preliminärt · osäkert · om det behövs",
            "da": "måske · eventuelt · evt · muligvis · foreløbig · hvis nødvendigt",
            "nb": "kanskje · eventuelt · evt · muligens · foreløpig · hvis nødvendig",
            "nn": "kanskje · eventuelt · evt · førebels · om naudsynt",
        }
    ),
    "can": Row(
        {
            "en": "can · works · suits me · free · available · I can · works for me",
            "sv": "kan · funkar · passar · passar bra · passar mig · går · tid finns · jag kan",
            "da": "kan · passer · passer fint · passer mig · går · jeg kan",
            "nb": "kan · passer · passer bra · passer meg · går · jeg kan",
            "nn": "kan · passar · passar bra · passar meg · går · eg kan",
        }
    ),
    "cannot": Row(
        {
            "en": "can't · cannot · busy · doesn't work · can not · I can't · I cannot",
            "sv": "kan inte · kan ej · upptagen · funkar inte · passar inte · går inte · borta"
            " · bortrest · semester"
            " · jag kan inte · funkar ej · passar ej",
            "da": "kan ikke · optaget · passer ikke · går ikke · ferie · bortrejst · jeg kan ikke",
            "nb": "kan ikke · opptatt · passer ikke · går ikke · ferie · bortreist · jeg kan ikke",
            "nn": "kan ikkje · oppteken · passar ikkje · går ikkje · ferie · bortreist · eg kan ikkje",
        }
    ),
    "online": Row(words_coming.ONLINE),
    "on-site": Row(words_coming.ON_SITE),
    "count-me-in": Row(
        {},
        {
            "en": "count me in · I'm in · I want to join · I would like to join · I'd like to join · I'd love to join",
            "sv": "jag är med · räkna med mig · jag hänger på · jag är på · jag vill vara med"
            " · jag vill gärna vara med · jag vill också vara med · jag vill också gärna vara med · jag är gärna med"
            " · jag hänger gärna på · jag deltar gärna · jag anmäler mig · sätt upp mig · skriv upp mig",
            "da": "jeg er med · tæl mig med · regn med mig · jeg er på · jeg vil gerne være med · jeg vil være med"
            " · jeg vil også gerne være med · jeg er gerne med · jeg deltager gerne · jeg vil gerne deltage"
            " · skriv mig på",
            "nb": "jeg er med · jeg blir med · regn med meg · tell meg med · jeg vil være med"
            " · jeg vil gjerne være med · jeg vil også gjerne være med · jeg er gjerne med · jeg blir gjerne med"
            " · jeg deltar gjerne · jeg vil gjerne delta · sett meg opp",
            "nn": "eg er med · eg blir med · rekn med meg · eg vil vere med · eg vil gjerne vere med"
            " · eg vil òg gjerne vere med · eg er gjerne med · eg blir gjerne med · eg deltek gjerne"
            " · eg vil gjerne delta · set meg opp",
        },
    ),
    "sign": Row(SIGN),
    "done": Row(
        {
            "en": "done · finished · completed",
            "sv": "klart · klar · gjort · färdigt · färdig · utfört · fixat · ordnat · avklarat · åtgärdat",
            "da": "gjort · udført · færdig · klar · ordnet · fikset · løst · afsluttet",
            "nb": "gjort · utført · ferdig · klar · klart · ordnet · fikset · løst · i boks",
            "nn": "gjort · utført · ferdig · klar · klart · ordna · fiksa · løyst · i boks",
        }
    ),
    "later": Row(
        {
            "en": "later · move to … · later …",
            "sv": "senare · flytta till … · skjut till … · förläng till … · senare …",
            "da": "senere · flyt til … · udskyd til … · forlæng til … · senere …",
            "nb": "senere · flytt til … · utsett til …@nb,nn · forleng til … · senere …",
            "nn": "seinare · flytt til … · utset til … · forleng til … · seinare …",
        }
    ),
    "unable": Row(
        {
            "en": "can't · unable · cannot · I can't",
            "sv": "kan inte · går inte · klarar inte · hinner inte · jag kan inte · jag hinner inte",
            "da": "kan ikke · det går ikke · når det ikke · jeg kan ikke · jeg når det ikke",
            "nb": "kan ikke · går ikke · rekker det ikke · jeg kan ikke",
            "nn": "kan ikkje · går ikkje · rekk det ikkje · eg kan ikkje",
        }
    ),
    "not-me": Row(
        {
            "en": "not me",
            "sv": "inte jag · kan någon annan",
            "da": "ikke mig",
            "nb": "ikke meg",
            "nn": "ikkje meg · ikkje eg",
        }
    ),
    "swap": Row(
        {
            "en": "swap with … · I'd like to swap with …",
            "sv": "byt med … · byter med … · jag byter med … · byt gärna med … · jag vill byta med …"
            " · jag vill gärna byta med …",
            "da": "byt med … · bytter med … · jeg bytter med … · byt gerne med … · jeg vil gerne bytte med …",
            "nb": "bytt med … · bytter med … · jeg bytter med … · bytt gjerne med … · jeg bytter gjerne med …"
            " · jeg vil gjerne bytte med …",
            "nn": "byt med … · byter med … · eg byter med … · byt gjerne med … · eg vil gjerne byte med …",
        }
    ),
    "book": Row(
        {
            "en": "book … · choose … · take …",
            "sv": "boka … · välj … · ta … · vi tar …",
            "da": "book … · vælg … · tag … · vi tager …",
            "nb": "book … · velg … · bestill … · vi tar …",
            "nn": "book … · vel … · bestill … · vi tek …",
        }
    ),
    "take-up": Row(
        {
            "en": "take up",
            "sv": "ta upp · vi tar upp det",
            "da": "tag op · tages op",
            "nb": "ta opp · tas opp",
            "nn": "ta opp · vert teke opp",
        }
    ),
    "send-to": Row(
        {
            "en": "send to …",
            "sv": "skicka till …",
            "da": "send til …",
            "nb": "send til …",
            "nn": "send til …",
        }
    ),
    "not-now": Row(
        {
            "en": "not now",
            "sv": "inte nu · inte just nu",
            "da": "ikke nu · ikke lige nu",
            "nb": "ikke nå · ikke akkurat nå",
            "nn": "ikkje no · ikkje nett no",
        }
    ),
    "continue": Row({"en": "continue", "sv": "fortsätt", "da": "fortsæt", "nb": "fortsett", "nn": "hald fram"}),
    "merge": Row(
        {
            "en": "merge with …",
            "sv": "slå ihop med …",
            "da": "læg sammen med …",
            "nb": "slå sammen med …",
            "nn": "slå saman med …",
        }
    ),
    "rest": Row({"en": "rest", "sv": "vila", "da": "sæt på pause", "nb": "la hvile", "nn": "la kvile"}),
    "wind-down": Row(
        {"en": "wind down", "sv": "avveckla · lägg ner", "da": "nedlæg", "nb": "legg ned", "nn": "legg ned"}
    ),
    "grant": Row(
        {
            "en": "grant",
            "sv": "bevilja · beviljas",
            "da": "bevilg · bevilges",
            "nb": "innvilg · innvilges",
            "nn": "innvilg · vert innvilga",
        }
    ),
    "not-granted": Row(
        {
            "en": "not granted",
            "sv": "beviljas inte",
            "da": "bevilges ikke",
            "nb": "innvilges ikke",
            "nn": "vert ikkje innvilga",
        }
    ),
    "agreed": Row(
        {"en": "agreed"},
        {
            "sv": "eniga · vi är eniga · enig · ense",
            "da": "enige · vi er enige · enig",
            "nb": "enige · vi er enige · enig",
            "nn": "samde · einige · samd · vi er samde · einig",
        },
    ),
    "not-agreed": Row(
        {"en": "not agreed", "sv": "oeniga", "da": "uenige", "nb": "uenige", "nn": "usamde · ueinige"},
        {
            "sv": "oense · oenig · inte eniga · inte enig · ej eniga",
            "da": "uenig · ikke enige · ikke enig",
            "nb": "uenig · ikke enige · ikke enig",
            "nn": "usamd · ueinig · ikkje samde · ikkje samd · ikkje einige",
        },
    ),
    "discussed": Row(
        {
            "en": "discussed",
            "sv": "samverkat · förhandlat",
            "da": "drøftet",
            "nb": "drøftet · forhandlet",
            "nn": "drøfta · forhandla",
        }
    ),
    "informed": Row(
        {
            "en": "informed",
            "sv": "informerat",
            "da": "orienteret",
            "nb": "informert · tatt til orientering",
            "nn": "informert · teke til vitande",
        }
    ),
    # To whom an overdue action goes instead, and what a body answers to a question that was lifted to it.
    "nominate": Row(
        {
            "en": "nominate …",
            "sv": "nominera … · utse …",
            "da": "nominér … · udpeg …",
            "nb": "nominer … · utpek …",
            "nn": "nominer … · peik ut …",
        }
    ),
    "give-to": Row(
        {
            "en": "give to … · give it to … · hand to …",
            "sv": "ge till … · ge den till … · lämna till …",
            "da": "giv til … · giv den til …",
            "nb": "gi til … · gi den til …",
            "nn": "gje til … · gje den til … · gi til …",
        }
    ),
    "answer": Row(
        {
            "en": "answer · our answer · my answer",
            "sv": "svar · vårt svar · mitt svar",
            "da": "svar · vores svar · mit svar",
            "nb": "svar · vårt svar · mitt svar",
            "nn": "svar · vårt svar · mitt svar",
        }
    ),
    "lift": Row(
        {
            "en": "lift · raise",
            "sv": "lyft · lyfts",
            "da": "løft · rejs",
            "nb": "løft · ta opp · reis",
            "nn": "løft · ta opp · reis",
        }
    ),
    "delegate": Row(
        {
            "en": "ask NAME instead · delegate to …",
            "sv": "delegera till … · fråga NAMN i stället · fråga NAMN istället",
            "da": "uddeleger til … · spørg NAVN i stedet · deleger til …",
            "nb": "deleger til … · spør NAVN i stedet",
            "nn": "deleger til … · spør NAVN i staden",
        }
    ),
    "was-me": Row(
        {},
        {
            "en": "that was me · it was me · it's mine · that's mine",
            "sv": "det var jag · den är min · det är min · det är jag",
            "da": "det var mig · den er min · det er min · det er mig",
            "nb": "det var meg · den er min · det er min · det er meg",
            "nn": "det var eg · det var meg · den er min · det er eg",
        },
    ),
    "was-not-me": Row(
        {
            "en": "not me · that was not me · that wasn't me · it wasn't me · not mine",
            "sv": "det var inte jag · inte jag · inte min",
            "da": "det var ikke mig · ikke mig · ikke min",
            "nb": "det var ikke meg · ikke meg · ikke min",
            "nn": "det var ikkje eg · det var ikkje meg · ikkje eg · ikkje meg",
        }
    ),
    "undo": Row(
        {
            "en": "undo",
            "sv": "ångra · ångra beslutet",
            "da": "fortryd · annullér",
            "nb": "angre · angre vedtaket",
            "nn": "angre · gjer om",
        }
    ),
}


def _joined(cells: Mapping[str, str], more: Mapping[str, str]) -> dict[str, str]:
    """The cells of a row with more words behind them."""
    return {one: " · ".join(cell for cell in (cells.get(one), more.get(one)) if cell) for one in {**cells, **more}}


ROWS: Final[dict[str, Row]] = {
    name: Row(
        _joined(row.may_reason, words_said.MAY_REASON.get(name, {})),
        _joined(row.alone, words_said.ALONE.get(name, {})),
        row.signs,
    )
    for name, row in _TABLE.items()
}
