"""How people say the answer words in short sentences: beside each row of `words_answers`, in five languages.

"Vi fortsätter", "It's done", "Jag nominerar Anna Berg": found in what people wrote and nobody's table had.
"""

from __future__ import annotations

from typing import Final

# A reason may follow.
MAY_REASON: Final[dict[str, dict[str, str]]] = {
    "was-not-me": {
        "en": "no that wasn't me · no that was not me · no it wasn't me · I didn't send that · I did not send that"
        " · I didn't write that · I did not write that · that's not mine · that is not mine",
        "sv": "jag har inte skickat det · den är inte min · det är inte min",
        "da": "jeg har ikke sendt det · den er ikke min",
        "nb": "jeg har ikke sendt det · den er ikke min",
        "nn": "eg har ikkje sendt det · den er ikkje min",
    },
    "recommend": {
        "en": "can be recommended · we recommend approval · I recommend approval",
        "sv": "kan tillstyrkas · vi rekommenderar · vi förordar",
        "da": "kan anbefales · indstiller til godkendelse@da · vi indstiller til godkendelse@da",
        "nb": "kan anbefales · vi tilrår · kan tilrås",
        "nn": "vi rår til · eg rår til · kan tilråast",
    },
    "advise-against": {
        "en": "cannot recommend · can't recommend · I cannot recommend · I can't recommend · I would not recommend"
        " · I wouldn't recommend · I do not recommend · I don't recommend · we do not recommend · we don't recommend"
        " · we cannot recommend · we can't recommend",
        "sv": "kan inte tillstyrka · kan inte tillstyrkas · jag kan inte tillstyrka · vi kan inte tillstyrka"
        " · jag tillstyrker inte · vi tillstyrker inte · kan inte rekommendera",
        "da": "kan ikke anbefale · jeg kan ikke anbefale · vi kan ikke anbefale · jeg anbefaler ikke",
        "nb": "kan ikke anbefale · jeg kan ikke anbefale · vi kan ikke anbefale · jeg anbefaler ikke",
        "nn": "kan ikkje tilrå · eg kan ikkje tilrå · vi kan ikkje tilrå · eg tilrår ikkje",
    },
    "abstain": {"sv": "inga synpunkter · vi har inga synpunkter · jag har inga synpunkter · jag har ingen åsikt"},
    "continue": {
        "en": "we continue · we will continue · we want to continue · we'll continue · keep going",
        "sv": "vi fortsätter · nätverket fortsätter · vi vill fortsätta · vi kör vidare",
        "da": "vi fortsætter · netværket fortsætter · vi vil gerne fortsætte",
        "nb": "vi fortsetter · nettverket fortsetter · vi vil fortsette",
        "nn": "vi held fram · nettverket held fram · vi vil halde fram",
    },
    "rest": {
        "en": "let it rest",
        "sv": "vi vilar · låt vila",
        "da": "vi holder pause",
        "nb": "vi hviler",
        "nn": "vi kviler",
    },
    "wind-down": {
        "en": "wind down the network · wind it down · close it down",
        "sv": "lägg ner nätverket · lägg ned · lägg ned nätverket · avveckla nätverket · vi lägger ner",
        "da": "nedlæg netværket · vi nedlægger det",
        "nb": "legg ned nettverket · vi legger ned",
        "nn": "legg ned nettverket · vi legg ned",
    },
    "nominate": {
        "en": "I nominate … · we nominate …",
        "sv": "jag nominerar … · vi nominerar …",
        "da": "jeg nominerer … · vi nominerer … · nominer …",
        "nb": "jeg nominerer … · vi nominerer …",
        "nn": "eg nominerer … · vi nominerer …",
    },
    "take-up": {
        "en": "take it up · we take it up · we'll take it up · I'll take it up",
        "sv": "tas upp · vi tar upp den · vi tar upp idén · jag tar upp det",
        "da": "tag det op · vi tager det op",
        "nb": "ta det opp · vi tar det opp",
        "nn": "ta det opp · vi tek det opp",
    },
    "send-to": {
        "en": "send it to … · send on to … · send it on to … · forward to …",
        "sv": "skicka vidare till … · skicka den till … · skicka det till … · skicka den vidare till …",
        "da": "send videre til … · send den til … · send det til … · send den videre til …",
        "nb": "send videre til … · send den til … · send det til … · send den videre til …",
        "nn": "send vidare til … · send han til … · send det til …",
    },
    "not-agreed": {
        "en": "we do not agree · we don't agree",
        "sv": "vi är oeniga · vi är inte eniga · vi är oense",
        "da": "vi er uenige · vi er ikke enige",
        "nb": "vi er uenige · vi er ikke enige",
        "nn": "vi er usamde · vi er ueinige · vi er ikkje samde",
    },
    "done": {
        "en": "it's done · it is done · all done · this is done",
        "sv": "det är klart · det är gjort · det är fixat · det är ordnat · det är färdigt · allt klart",
        "da": "det er gjort · det er ordnet · det er færdigt · det er klaret",
        "nb": "det er gjort · det er ordnet · det er ferdig · det er fikset",
        "nn": "det er gjort · det er ordna · det er ferdig · det er fiksa",
    },
    "undo": {
        "en": "undo it · undo that · undo my answer · oops, undo",
        "sv": "ångra svaret · ångra mitt svar · ångra det · ångra mig · oj, ångra",
        "da": "fortryd svaret · fortryd mit svar · fortryd det",
        "nb": "angre svaret · angre svaret mitt · angre det",
        "nn": "angre svaret · angre svaret mitt · angre det",
    },
}
# Only when it is all.
ALONE: Final[dict[str, dict[str, str]]] = {
    "was-me": {
        "en": "that's me · that is me · yes, that is me · correct · that's correct · that is correct · that's right"
        " · I did · I sent it · I sent that",
        "sv": "stämmer · det stämmer · det stämmer bra · jag skickade det · jag har skickat det",
        "da": "det passer · det er rigtigt · det stemmer · jeg sendte det · jeg har sendt det",
        "nb": "stemmer · det stemmer · det stemmer bra · jeg sendte det · jeg har sendt det",
        "nn": "stemmer · det stemmer · eg sende det · eg har sendt det",
    },
    "count-me-in": {
        "en": "me too · I am in",
        "sv": "jag också · jag med · jag hakar på",
        "da": "jeg også",
        "nb": "jeg også · meg også",
        "nn": "eg òg · eg også",
    },
    # What a body answers that is only told of a matter.
    "heard": {
        "en": "read and noted · taken note · we have taken note",
        "sv": "tagit del · har tagit del · jag har tagit del · har tagit del av det · jag har tagit del av det"
        " · vi har tagit del av det · tagit till mig",
        "da": "taget til efterretning · tages til efterretning · taget til orientering",
        "nb": "tatt til etterretning · tas til etterretning · tatt til orientering · tas til orientering",
        "nn": "teke til vitande · teke til orientering",
    },
}
