"""The phrases around an answer: what is skipped, what changes nothing, what blocks, and what is never a yes.

All languages together, because people mix them; separated by ` · ` and stored in three spellings like the answer words.
"""

from __future__ import annotations

from typing import Final

# --- skipped before the answer -----------------------------------------------------------------------------------
GREETINGS: Final = (
    "hej · hei · hejsa · halloj · hallå · hallo · hi · hello · dear · kära · kjære · kære · god morgon"
    " · god morgen"
    " · god dag · tjena · hejhej · hej hej · heisann · heisan · hey · goddag · godmorgon · godmorgen"
    " · good morning"
    " · good afternoon · god middag · god eftermiddag · god kväll · god aften · moin · hej på dig · hei på deg"
    " · hej igen · hei igjen · hej igjen · hejsan · tja tja · bäste · bästa · käre · hei alle"
    " · hej alla · hej alle"
)
# An adjective that is also a greeting ("Bästa Karin") only counts with a name behind it.
THANKS: Final = (
    "tack · tak · takk · thanks · thank you · tusen tack · tusen takk · tusind tak · mange tak · mange takk"
    " · många tack · tack så mycket · tak skal du have · takk skal du ha · many thanks · stort tack"
    " · hjärtligt tack"
    " · tack så hemskt mycket · thanks a lot · thank you very much · hjertelig takk · tack själv"
)
ANSWER_LABELS: Final = (
    "svar · mitt svar · mit svar · answer · my answer · svaret · beslut · beslutning · vedtak · decision"
    " · rättelse · korrigering · ändring · correction · rettelse · retting · korreksjon · korrektion"
)
ANSWER_LEADS: Final = (
    "mitt svar är · svaret är · mit svar er · svaret er · mitt svar er · my answer is · the answer is"
    " · jag svarar · jag menade · jeg mente · eg meinte · I meant"
    " · jeg svarer · eg svarar · svar · jag röstar · jag röstar för · jeg stemmer · eg røystar"
    " · I vote"
    " · hermed · härmed · herved · hereby"
)
# At the start of a line of a numbered reply: what follows stands instead of what was said of that item before.
CORRECTIONS: Final = (
    "rättelse · korrigering · ändring · rättat · correction · corrected · rettelse · rettet · korrektion · retting"
    " · korreksjon · jag menade · jag menar · jeg mente · jeg mener · eg meinte · eg meiner · I meant · I mean"
)
# Directly behind a no, a wait or a postpone: the reason begins, without a mark between.
REASON_OPENERS: Final = (
    "because · since · due to · eftersom · därför att · på grund av · pga · fordi · ettersom · på grund af · siden"
    " · sidan · av di · grunnet · grundet"
)
# Directly behind a wait: for what or until when.
WAITING_FOR: Final = (
    "until · till · for · on · med · till · til · tills · på · indtil · inntil · to · a bit · lite · lidt · litt"
)
ENGLISH_REASONS: Final = "because · since · due to"
# Before the answer, in its own line: "Please approve".
PLEASE: Final = "please · kindly · snälla · vänligen · venligst · vennligst · ver venleg"

# --- said after the answer, changing nothing ---------------------------------------------------------------------
TAILS: Final = (
    "tack · tak · takk · thanks · gärna · gerne · gjerne · från mig · fra mig · fra meg · från meg"
    " · frå meg · from me"
    " · för mig · for mig · for meg · for me · med mig · med meg · with me · by me · min del"
    " · för min del · for min del"
    " · herfra · herifrå · härifrån · absolut · självklart · selvfølgelig · sjølvsagt · det går bra"
    " · det går fint"
    " · det är bra · det er bra · det er fint · det er greit · det passar bra · det passar fint"
    " · det passer bra"
    " · det passer fint · det blir bra · det ser bra ut · det ser fint ut · det låter bra · det høres bra ut"
    " · det lyder godt · bra förslag · godt forslag · godt framlegg · kör på · kør på · kjør på"
    " · från oss · fra os · fra oss · frå oss · från min sida · fra min side · frå mi side"
    " · for my part · på forhånd"
    " · på förhand · så mycket · så mye · så meget · mange tak · tusen takk · thank you · please"
    " · det låter fint"
    " · det låter utmärkt · det høres fint ut · det lyder fint · det høyrest bra ut · det er greitt"
    " · to me · no problem · no problems"
    " · av mig · af mig · av meg · av oss · af os · by us · hermed · härmed · herved · hereby"
    " · that is fine · that's fine · that is ok · that's ok · that works · that sounds good · sounds good"
    " · looks good"
    " · det låter jättebra · det låter toppen · det blir jättebra · det är jättebra · det lyder rigtig godt"
    " · det lyder rigtig fint · det høres flott ut · det høres veldig bra ut · det høyrest fint ut"
    " · period · full stop · exclamation mark · punkt · punktum · utropstecken · udråbstegn · utropstegn"  # dictated
)
# Only after a yes: harmless there, said alone they say nothing or something else.
YES_TAILS: Final = (
    "bra · toppen · perfekt · super · supert · kanon · great · fint · utmärkt · jättebra · kjempebra"
    " · kempefint"
    " · flott · det tycker jag · det synes jeg · det synest eg · det syns jeg · det gör jag"
    " · det gör vi · det gjør jeg"
    " · det gjør vi · det gør jeg · det gjer eg · det kan jag · det kan jeg · det kan eg · det kan du"
    " · det kan vi · det kan jag göra · det kan jeg gjøre · det kan jeg gøre · det kan jeg godt · det kan eg gjere"
    " · det vill jag gärna · det vil jeg gerne · det vil jeg gjerne · det vil eg gjerne · I can do that"
    " · det kan ni · det får de · det får du · det går jättebra · det går utmärkt"
    " · det går alldeles utmärkt · det är klart"
    " · varsågod · vær så god · ver så god · værsgo · inga problem · inget problem · ingen problem"
    " · ikke noe problem"
    " · ikke noget problem · ikkje noko problem · no worries · det er klart · det får ni · det får den"
    " · det får hon · det får han · det må du"
    " · det må de · det må hun · det må han · det vil jeg · det vil jeg gjerne · det vil jeg gerne"
    " · det vill jag"
    " · det vill jag gärna · i do · it is · it was · we do · you may · you can · please do"
    " · det stämmer · stämmer bra"
    " · det stemmer · that's right · that is correct · correct · då · da · det är det · det er det"
    " · det var det"
    " · självfallet · så klart · såklart · så klart det · then · helt klart · med glede · med nöje"
    " · med glädje · med glæde · with pleasure · varmt välkommen · välkommen · velkommen · velkomen"
    " · hon är välkommen · han är välkommen · hun er velkommen · hun er hjertelig velkommen"
)
# Only after a no.
NO_TAILS: Final = (
    "tack · tak · takk · thanks · thank you · lite · lidt · litt · a bit · please · från mig · fra mig"
    " · fra meg · frå meg · from me · för min del"
    " · for min del · för mig · for mig · for meg · tyvärr · desværre · dessverre · diverre"
    " · unfortunately · sorry"
    " · beklager · beklagar · det vill jag inte · det vil jeg ikke · det vil eg ikkje · det kan jag inte"
    " · det kan jeg ikke · det kan eg ikkje · det är inte ok · det er ikke ok · det går inte · det går ikke"
    " · det går ikkje · det passar inte · det passer ikke · det passar ikkje · inte den här gången"
    " · inte denna gång"
    " · den här gången · denna gång · denne gang · denne gangen · denne gongen · this time"
    " · ikke denne gang · ikke denne gangen · ikkje denne gongen · not this time · it is not · it was not"
    " · det tycker jag inte · det synes jeg ikke · det synest eg ikkje · desto værre · till detta"
    " · till det · til det"
    " · til dette · to this · to that · från oss · fra oss · fra os"
    " · period · full stop · exclamation mark · punkt · punktum · utropstecken · udråbstegn · utropstegn"
)
OBJECTS: Final = (
    "det · detta · den · den här · det här · inlägget · mejlet · förslaget · ansökan · alla tre · dette · denne"
    " · indlægget · mailen · forslaget · ansøgningen · innlegget · e-posten · søknaden · framlegget"
    " · it · this · that"
    " · the post · the request · the proposal · detta inlägg · det här inlägget · dette innlegget"
    " · dette indlæg"
    " · denna · hela · this post · this one · this request · the message · meddelandet · meldingen"
    " · mailet · medlemmen"
    " · personen · begäran · anmodningen · forespørselen · till detta · till det · til det · til dette"
    " · to this"
    " · to that · till inlägget · til indlægget · til innlegget · till ansökan · till förslaget · til forslaget"
    " · henne · honom · hende · ham · hende · her · him · them · both · begge · båda"
)
# Behind named items: all that were not named.
THE_REST: Final = (
    "the rest · rest · the others · all others · all the others · everything else · resten · övriga · de övriga"
    " · alla övriga · alla andra · de andra · allt annat · øvrige · de øvrige · alle øvrige · alle andre · de andre"
    " · alt andet · alt annet · dei andre · dei øvrige · alt anna"
)
# Only after "approve all".
ALL_TAILS: Final = (
    "två · tre · fyra · fem · to · fire · two · three · four · five · här · her · inlägg · inläggen · innlegg"
    " · innleggene · innlegga · indlæg · indlæggene · posts · of them · dem · dom · dei · disse · dessa · these"
)
SMILES: Final = "😊 · 🙂 · 🙏 · :) · ;) · :-) · ;-) · 😀 · 😃 · 😄 · ☺ · 😉 · 🌞 · ☀ · 🌷 · 🌸 · 🤗 · :d"
YES_SMILES: Final = "👍 · ❤ · 🎉 · 👏 · 🙌 · 💪 · 🥳 · 😍 · 🚀 · ♥ · 💚 · 💙 · 🧡 · 💛 · ⭐ · 🌟 · 🤝"

# --- the end of what was said ------------------------------------------------------------------------------------
# Enough by themselves, wherever they stand.
SIGN_OFFS: Final = (
    "mvh · m v h · beste hilsen · med vänlig hälsning · med vänliga hälsningar · med venlig hilsen"
    " · med vennlig hilsen"
    " · med vennleg helsing · med beste hilsen · med bästa hälsningar · bästa hälsningar · vänliga hälsningar"
    " · vänlig hälsning · varma hälsningar · venlig hilsen · vennlig hilsen · vennleg helsing · mange hilsner"
    " · kærlig hilsen · de bedste hilsner · bedste hilsner · hjertelig hilsen · beste helsing · med hälsning"
    " · kind regards · best regards · warm regards · with kind regards · yours sincerely"
    " · many regards · soliga hälsningar"
    " · med venlige hilsner · med de bedste hilsner · med vennlige hilsener · med helsing"
    " · all the best · best wishes"
)
# Need a name, a comma or the end of the line behind them.
WEAK_SIGN_OFFS: Final = (
    "vh · bh · kh · hälsningar · hälsn · hilsen · hilsner · helsing · vänligen · br · rgds · regards · cheers"
    " · hälsning · hälsar · kram · klem · knus · allt gott · trevlig helg · ha en bra dag"
    " · ha en fin dag · god helg"
    " · god weekend · ha det bra · ha det så bra · ha det så fint · ha det fint · ha det godt · hej då"
    " · have a nice day · sincerely"
    " · hav en god dag"
    " · ha en god dag · fortsatt god dag · glad sommar · god sommer · god jul · trevlig sommar"
    " · vi hörs · vi høres"
)
# A line that a telephone or a free mail service wrote; cut up to the end of that line.
PHONE_LINES: Final = (
    "skickat från · sendt fra · sendt frå · sent from · hämta outlook för · skaffa outlook för"
    " · hent outlook til"
    " · hent outlook for · få outlook til · få outlook for · last ned outlook til · last ned outlook for"
    " · get outlook for · sendt via · sänt från · skickat via · sent via · sent with · skickat med · sendt med"
    " · send fra min · skickat av min · last ned outlook for · hämta outlook till"
)
# Behind a phone line's first words these make it one in the middle of a sentence too.
PHONE_THINGS: Final = (
    "min · mi · mit · my · outlook · yahoo · samsung · galaxy · iphone · ipad · android · gmail · mail · e-post"
    " · proton · mobilen · telefonen · hotmail · windows"
)

# --- with these in the same sentence nothing is decided ----------------------------------------------------------
BLOCKERS: Final = (
    "but · if · unless · not · n't · when · until · maybe · provided · as long as · except"
    " · men · ifall · inte · ej · icke · utan · bara om · förutsatt · under förutsättning · såvida"
    " · tills · kanske"
    " · nja · dock · däremot · fast · utom · förutom"
    " · hvis · såfremt · ikke · kun hvis · forudsat · under forudsætning · medmindre · indtil · måske"
    " · dog · undtagen"
    " · dersom · bare hvis · forutsatt · med mindre · med forbehold · kanskje · unntatt · bortsett fra"
    " · bortset fra"
    " · viss · ikkje · berre viss · føresett · med atterhald · unnateke · bortsett frå · med forbehåll"
    " · villkorat"
    " · betinget · vilkårsbunde"
    " · however · although · though · only · never · perhaps · tentatively · subject to · depending"
    " · cannot · endast"
    " · aldrig · aldri · knappast · neppe · næppe · förrän · tveksam · tveksamt · osäker · usikker"
    " · i tvivl · i tvil"
    " · unsure · möjligen · muligens · muligvis · eventuellt · eventuelt · med villkor · på villkor · på vilkår"
    " · kun på betingelse · så länge som · så lenge · så længe · i så fall · eller nej · eller nei"
    " · eller vänta · eller vent · or no · or wait · i princip · i princippet · i prinsippet"
    " · in principle · i så fall bara · om inte"
    " · don't · can't"
    " · won't · isn't · aren't · doesn't · didn't · shouldn't · wouldn't · couldn't · wasn't · haven't · hasn't"
    " · så snart · så fort · as soon as · assuming · on condition · pending · inntil · with changes · with the change"
    " · with the changes · with a change · med ändring · med ändringar · med ändringen · med ændring · med ændringer"
    " · med ændringen · med endring · med endringer · med endringar · med endringen · med endringane"
    " · preliminärt · foreløpig · foreløbig · foreløbigt · førebels · probably · troligen · troligtvis · förmodligen"
    " · sannolikt · antagligen · formentlig · formodentlig · sandsynligvis · sannsynligvis · antakelig · antagelig"
    " · trolig · truleg · sannsynlegvis"
    " · without · uden · uten · minus · excluding · less the · exklusive · eksklusive · exkl · ekskl"
    " · med reservation"
    " · med reservationer · med undantag · med undtagelse · med unntak · i mån av · förutsätter · forudsætter"
    " · forutsetter"
    " · føreset · delvis · delvist · partially · partly · to some extent · i viss mån · till viss del"
    " · til dels · halvt"
    " · beroende på · afhængig af · avhengig av · hang on · hold on · reluctantly · with some · with minor"
    " · minor edits"
    " · minor changes · edits needed · changes needed · med vissa · med visse · med nogle · med noen"
    " · med nokre · med små"
    " · med ett annat · med en annan · med et andet · med et annet · med eit anna · with another · with a different"
)
# These open ordinary sentences too: they block only as the first word of a clause.
CLAUSE_BLOCKERS: Final = (
    "om · til · når · när · først · først når · först · once · fyrst · först när"
    " · senare · senere · seinare · later · efter · etter · after · tidigast · tidligst · från och med"
    " · fra og med"
    " · nästa · næste · neste · next"
    " · rätta · korrigera · ändra · ta bort · stoppa · radera · byt · fix · remove · delete · stop · rename · change"
    " · please fix · please remove · please delete · please change · ret · slet · fjern · ændr · endre · rett · slett"
    " · endra · bytt"
)
# These turn a yes around where they stand in its sentence, but may open an ordinary next sentence.
SENTENCE_BLOCKERS: Final = (
    "tyvärr · desværre · dessverre · diverre · unfortunately · ångrar mig · motvilligt · istället · i stället"
    " · i stedet · i staden · instead · hellre · rather"
)
# `ok` with these behind it only says that the letter has come.
OK_FUTURE: Final = (
    "jag ska · jag skall · jeg skal · eg skal · I'll · I will · we'll · we will · vi ska · vi skal"
    " · ska · skal · jag tar"
    " · jeg tar · jeg tager · eg tek · jag gör · jag fixar · jeg fikser · will · då · så · then"
    " · jag tänker · I'm going"
    " · jag frågar · vi frågar · jag hör · vi hör · jag svarar · jag stämmer av · vi stämmer av · jag undersöker"
    " · jag måste · jag behöver · jag diskuterar · vi diskuterar · jag pratar · vi pratar · vi tar · vi väntar"
    " · jag väntar · läser · kollar · frågar · undersöker · stämmer av · funderar"
    " · jeg spørger · vi spørger · jeg hører · vi hører · jeg svarer · jeg tjekker · jeg overvejer · jeg undersøger"
    " · jeg må · jeg er nødt · jeg drøfter · vi drøfter · jeg taler · vi taler · vi tager · jeg venter · tjekker"
    " · læser · undersøger · overvejer"
    " · jeg spør · vi spør · jeg sjekker · jeg vurderer · jeg undersøker · jeg diskuterer · vi diskuterer"
    " · jeg snakker · vi snakker · jeg trenger · sjekker · leser · undersøker · vurderer"
    " · eg spør · me spør · eg høyrer · eg svarar · eg sjekkar · eg vurderer · eg undersøkjer · eg må · eg snakkar"
    " · me snakkar · me tek · vi tek · eg treng · eg ventar · sjekkar · les · undersøkjer"
    " · I need · I must · I have to · I'm checking · I am checking · I'm reading · let me · leave it with me"
    " · need more time · need to · checking · reading · I ask · det tar vi · det tager vi · det tek vi · det tek me"
    " · det tar jag · det tar jeg · det tager jeg · det tek eg"
    " · fråga · spørg · spør · ask · skickar vidare · videresender · sender videre · forwarded · over to · ta det med"
    " · tag det med · tomorrow · imorgon · i morgon · i morgen · thanks for letting · jag är bortrest · jag är borta"
    " · jeg er væk · jeg er borte · eg er borte · I am away · I'm away · I am on leave · I'm on leave"
    " · det må · det får"
)
# Behind a name: who answers, takes or decides it instead.
WILL: Final = (
    "svarar · svarer · will · får · må · skal · ska · skall · tar · tager · tek · has · should · avgör"
    " · avgjør · avgjer"
    " · bestämmer · bestemmer · besvarar · besvarer"
)
CLAUSE_JOINERS: Final = "och · og · and · bara · bare · kun · berre · samt · only · men · but · så"

EXCEPT: Final = (
    "except · but not · not · utom · förutom · men inte · undtagen · bortset fra · men ikke · unntatt"
    " · bortsett fra"
    " · unnateke · bortsett frå · men ikkje · except for · undantaget · på nær · ikke · inte · ikkje"
    " · med undantag för"
    " · med undtagelse af · med unntak av · med unntak for · but · all but"
)

# --- never a yes, never a no; the key names why (answer_model.Why). A comma between words does not matter, except
# --- in a phrase that begins with `=` -----------------------------------------------------------------------------
NEVER: Final[dict[str, str]] = {
    "receipt": (
        "tack · tak · takk · thanks · thank you · tack för info · tak for info · takk for info"
        " · noterat · noteret"
        " · notert · notera · mottaget · modtaget · mottatt · motteke · läst · læst · lest · lese"
        " · received · noted"
        " · tack för informationen · tak for informationen · takk for informasjonen · thanks for the info"
        " · thank you for the information · då vet jag · så ved jeg · da vet jeg · då veit eg · jag förstår"
        " · jeg forstår · eg forstår · i see · got it · understood · uppfattat · forstått · forstået · noterar"
        " · jag noterar · jag har läst · jeg har læst · jeg har lest · har läst · roger"
        " · tack så mycket · tusen tack"
        " · tusen takk · mange tak · tusind tak · will do · skal bli · ska bli · jag har sett · jag har fått"
        " · jeg har set · jeg har sett · jeg har fået · jeg har fått · eg har sett · eg har fått"
        " · I got · I've got"
        " · I have seen · I've seen · I received · I have received · I've received"
    ),
    "will-look": (
        "ok jag tittar på det · ok ser på det · ok kigger på det · ok eg ser på det · ok återkommer"
        " · vender tilbage"
        " · kjem attende · kommer tilbake · ska kolla · skal lige tjekke · skal sjekke · let me check"
        " · ok I'll look"
        " · jag tittar på · jag kollar · jag återkommer · återkommer · jag ska kolla · jag ska titta"
        " · ska titta"
        " · jag tittar · tittar på · kollar på · kollar upp · jeg kigger på · jeg kikker på"
        " · jeg ser på · ser på det · kigger på det · eg ser på"
        " · jeg vender tilbage · jeg kommer tilbake · eg kjem attende · eg kjem tilbake"
        " · jeg skal lige · jeg skal sjekke"
        " · jeg sjekker · jeg tjekker · eg skal sjekke · eg sjekkar · I'll look · I'll check"
        " · I will look · I will check"
        " · I'll get back · I will get back · I'll have a look · will check · will look · I'll see · I'll think"
        " · jag funderar · jag ska fundera · jeg tænker · jeg skal tenke · jag ska tänka"
        " · jag ska prata · jag ska fråga"
        " · jag läser · jag ska läsa · jeg læser · jeg skal lese · jeg leser · I'll read"
        " · jag får återkomma · får återkomma"
        " · vi tittar på · vi återkommer · vi kollar · vi ser på · jag hör av mig · jeg melder tilbake"
    ),
    "polite-no": (
        "det är bra tack · det är bra så · bra så · det är lugnt · jeg har det fint · det er godt tak"
        " · det går bra takk · I'm good · I'm fine · det er fint takk · det er bra takk"
        " · det går bra tack · lugnt"
        " · det går fint takk · det er fint tak · all good · we're good · no need · behövs inte"
        " · det behövs inte"
        " · trengs ikke · det trengs ikke"
    ),
    "no-and-yes": (
        "nej det går bra · nei det er greit · nej det er fint · no that's fine · nej inga problem"
        " · nei ingen problem · no problem · inga problem · ingen problemer · ikke noget problem"
        " · nei det går bra · nei det går fint · nej det är ok · nej det är bra · nej det är fint"
        " · nei det er fint"
        " · nei det er ok · nei det er greitt · nej det er ok · nej det är lugnt · nej det går fint"
        " · nei det er bra"
        " · no it's fine · no it's ok · no that's ok · no that's okay · no it's okay · no worries"
        " · no objection"
        " · ikke noe problem · ingen problem · ikkje noko problem · inget problem · ingen fara"
        " · =nej då · nejdå"
        " · =nei da · neida · neidå · nej jag har inget emot · nej inget emot · nei jeg har ikke noe imot"
        " · nej jeg har ikke noget imod · nej det gör inget · nej det gör ingenting · nej det gør ikke noget"
        " · nei det gjør ikke noe · nei det gjer ikkje noko · nej inga invändningar · nei ingen innvendinger"
        " · nej ingen indvendinger · nej ingen indsigelser · nei ingen innvendingar · no not at all"
        " · not at all"
        " · nej inte alls · nei ikke i det hele tatt · inget emot · jag har inget emot · I don't mind"
        " · don't mind"
        " · nej helt ok · nei helt greit · no go ahead · nej kör på · nej men det går bra"
        " · no objections from me · actually no · actually not · no wait · no actually · nej vänta · nei vent"
        " · nej vent"
    ),
    "hesitation": (
        "ja ja · jaja · jaha · jaså · nåja · nå ja · javel · ja vel · jamen · jo men · jodå · joda"
        " · tja · tjaa · nja"
        " · njaa · njä · hm · jae · både och · både og · sådär · tveksam · i tvivl · i tvil · usikker"
        " · osäker · spørs"
        " · det beror på · det kommer an på · kjem an på · det spørs · det kjem an på · hmm · hmmm · ja och nej"
        " · ja og nej · ja og nei · yes and no · jo jo · jojo · jeg er usikker · jag är osäker · jag är tveksam"
        " · jeg er i tvivl · jeg er i tvil · not sure · I'm not sure · it depends · depends · får se"
        " · vi får se"
        " · vi får väl se · vi må se · må vi se · we'll see · lad os se · la oss se · öh · eh · tjo · well"
        " · jag tvekar · kanske det · sisådär · måste fundera · jag måste fundera · måste tänka · nåväl"
        " · antar det · jag antar det · I guess · I guess so · I suppose · I suppose so · i teorin"
        " · ja då så · ja så där · ja nja · jo tja · yes well · ja kanske · maybe yes"
        " · det tror jag · tror jag · det tror jeg · tror jeg · det trur eg · trur eg · I think so · I believe so"
        " · jag får fundera · jag får tänka · jeg må tenke · jeg må tænke · eg må tenkje · jag måste tänka"
    ),
    "filler": (
        "ja du · ja hvad skal man sige · ja det vet jag inte · ja det er spørgsmålet · ja si det"
        " · ja jag undrar"
        " · jo jag tänkte · jo jag undrar · ja jag tänkte · ja hva skal man si · ja kva skal ein seie"
        " · ja vad ska man säga · ja det är frågan · ja det er spørsmålet · ja det är en bra fråga"
        " · ja jeg lurer"
        " · ja jag vet inte · ja jeg ved ikke · ja jeg vet ikke · ja eg veit ikkje · ja eg lurer"
        " · jo jeg tenkte"
        " · ja sådan er det · ja slik er det · ja så kan det gå · ja det var det · ja vi får se"
        " · ja det får vi se"
        " · ja herregud · ja jag hade · ja jag har en fråga · ja jeg har et spørgsmål · ja jeg har et spørsmål"
        " · ja man kan undra · ja man undrar · ja alltså · ja altså · ja altså det · yes I wonder"
        " · yes I was wondering"
        " · ja det säger du · ja det siger du · ja det sier du · ja det kan man fråga sig"
        " · ja tenk det · ja tænk"
        " · ja har du · ja er det · ja är det · ja ska vi · ja hur · ja hvordan · ja vem · ja hvem"
        " · ja varför · ja hvorfor"
    ),
    "praise": (
        "bra · bra jobbat · bra förslag · godt arbejde · fint forslag · bra forslag · flott · kul · spännande"
        " · spændende · spennande · toppen · perfekt · super · supert · kanon · great · nice"
        " · interesting · ❤ · 🎉 · 👏"
        " · 🙏 · 😊 · 🙌 · vad bra · så bra · så fint · vad kul · spennende · intressant · interessant"
        " · good · excellent"
        " · good job · well done · good idea · bra idé · god idé · godt forslag · godt framlegg"
        " · god løysing · jättebra"
        " · mycket bra · veldig bra · rigtig godt · fantastiskt · fantastisk · underbart · strålande"
        " · strålende · finfint"
        " · 🥳 · 💪 · 😍 · 😀 · 😃 · 😄 · 🙂 · ☺ · ♥ · härligt · herligt · dejligt · hurra · wow · awesome"
        " · lovely"
        " · flott forslag · kjempebra · bra initiativ · godt initiativ · utmärkt · utmerket"
        " · glimrende · snyggt · välkommen · välkommen in · hjärtligt välkommen · velkommen · velkommen til"
        " · hjertelig velkommen · velkommen inn · velkomen · welcome · welcome aboard"
    ),
    "not-in": (
        "jag är med på ett annat möte · jag är med i · jeg er med i · jeg er ikke med"
        " · eg er ikkje med · är du med"
        " · jag är med på distans · jag är med på · eg er med i · jag är inte med · jeg er med på"
        " · eg er med på"
    ),
    "ambiguous": (
        "jag är ledig då · jeg er ledig · eg er ledig · ledig · jag är ledig · ingen bemærkninger"
        " · ingen merknader"
        " · truleg · mod · imod · mot · emot · for eller imod · resumé"
    ),
    "hands-back": (
        "det bestämmer ni · det bestemmer dere · det bestemmer I · det bestemmer de · upp till dig · op til dig"
        " · opp til deg · som du vil · gör som du vill · gjør som du vil · up to you · whatever"
        " · det bestämmer du"
        " · det bestemmer du · som du vill · som ni vill · gør som du vil · gjer som du vil · gör som ni vill"
        " · upp till er · op til jer · opp til dere · opp til dykk · du bestämmer · ni bestämmer · du bestemmer"
        " · dere bestemmer · I bestemmer · it's up to you · your call · you decide · spelar ingen roll"
        " · spiller ingen rolle · speler inga rolle · jag bryr mig inte · I don't care · det er op til dig"
        " · det er opp til deg · det är upp till dig · det får du bestämma · det får ni bestämma"
    ),
    "dont-know": (
        "vet inte · ved ikke · vet ikke · veit ikkje · don't know · jag vet inte · jeg ved ikke · jeg vet ikke"
        " · eg veit ikkje · I don't know · ingen aning · ingen anelse · no idea · aner ikke"
        " · aner ikkje · vet ej"
    ),
    "question": "va · hva · hvad · kva · what · vad",
    "call-me": (
        "ring mig · ring meg · ring mig lige · call me · kan vi prata · kan vi tale · kan vi snakke"
        " · ring gärna"
        " · ring gerne · ring gjerne · vi måste prata · vi behöver prata · vi må snakke · vi skal tale"
        " · can we talk"
        " · kan du ringa · kan du ringe · kan vi ta det på telefon · give me a call · let's talk"
        " · vi må tale sammen"
        " · kan vi ta det · kan vi ses"
    ),
    "wrong-person": (
        "fel person · forkert person · feil person · wrong person · inte jag längre · jag har slutat"
        " · jeg er stoppet"
        " · jeg har sluttet · eg har slutta · jag är inte moderator · jeg er ikke moderator"
        " · eg er ikkje moderator"
        " · jeg er ikke lenger · jeg er ikke længere · jag är inte längre · I'm no longer · I am no longer"
        " · I have left · inte min uppgift · det är inte jag · ikke meg lenger · ikke mig længere"
    ),
    "machine": "reacted via gmail · svara ja eller nej · svar ja eller nej · svar ja eller nei · answer yes or no",
}

# §6: a nynorsk *no* means "now"; any of these words beside it says that the sentence is not English.
NYNORSK: Final = (
    "er · det · eg · ikkje · vert · og · på · som · til · av · med · skal · må · har · dette · den"
    " · kva · kjem · passar"
    " · greitt · greit · fint · går · blir · ho · han · dei · vi · kan · ser · tid · berre · nok · då"
    " · får · ein · eit"
)
