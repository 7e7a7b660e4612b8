"""What people answer an invitation to a meeting (words.md §2.2), in five languages: they come, do not, from where."""

from __future__ import annotations

from typing import Final

COMES: Final[dict[str, str]] = {
    "en": "I'll be there · I will attend · see you there · attending · I'm coming · I will be there"
    " · I can make it · I can come · I'll come · works for me · see you then",
    "sv": "jag kommer · jag deltar · vi ses då · jag är där · kommer · deltar · det passar bra · passar bra"
    " · det passar mig · det passar utmärkt · passar utmärkt · tackar ja · jag tackar ja",
    "da": "jeg kommer · jeg deltager · vi ses · kommer · deltager · det passer fint · passer fint · det passer mig"
    " · det passer godt · jeg takker ja",
    "nb": "jeg kommer · jeg deltar · vi sees · kommer · deltar · det passer fint · passer fint · det passer bra"
    " · passer bra · det passer meg · jeg stiller · jeg takker ja",
    "nn": "eg kjem · eg deltek · vi sest · kjem · det passar fint · passar fint · det passar bra · passar bra"
    " · det passar meg · eg stiller · eg takkar ja",
}

COMES_NOT: Final[dict[str, str]] = {
    "en": "I can't make it · can't make it · I cannot make it · I can't come · I cannot come · I can't attend"
    " · I cannot attend · I won't be there · I won't be able to come · I won't be able to attend"
    " · I won't be able to make it · I am unable to attend · I'm unable to attend · I'm not coming"
    " · I am not coming · not coming · I have to decline",
    "sv": "jag kommer inte · kommer inte · jag kommer ej · kommer ej · jag kommer tyvärr inte · kan inte komma"
    " · jag kan inte komma · kan inte delta · jag kan inte delta · jag kan inte vara med · kan inte vara med"
    " · kan tyvärr inte · jag kan tyvärr inte · tyvärr kan jag inte · jag kan tyvärr inte komma"
    " · jag kan tyvärr inte delta · tyvärr kan jag inte komma · kan tyvärr ej · jag kan ej"
    " · jag kan inte den dagen · tyvärr kan jag inte den dagen · förhinder · har förhinder · jag har förhinder"
    " · jag har tyvärr förhinder · jag har fått förhinder · fått förhinder · jag deltar inte · deltar inte"
    " · jag är upptagen · jag är bortrest · jag är sjuk · sjuk · det passar inte"
    " · jag måste tacka nej",
    "da": "jeg kommer ikke · kommer ikke · kan ikke komme · jeg kan ikke komme · kan ikke deltage"
    " · jeg kan ikke deltage · kan desværre ikke · jeg kan desværre ikke · jeg kan desværre ikke komme"
    " · jeg kan desværre ikke deltage · kan desværre ikke komme · kan desværre ikke deltage · afbud"
    " · melder afbud · jeg melder afbud · jeg må melde afbud · jeg må desværre melde afbud · må melde afbud"
    " · jeg er forhindret · forhindret · jeg deltager ikke · deltager ikke · jeg kan ikke den dag"
    " · jeg er syg · syg · det passer ikke · jeg er optaget",
    "nb": "jeg kommer ikke · kommer ikke · kan ikke komme · jeg kan ikke komme · kan ikke delta"
    " · jeg kan ikke delta · kan dessverre ikke · jeg kan dessverre ikke · jeg kan dessverre ikke komme"
    " · jeg kan dessverre ikke delta · kan dessverre ikke komme · forfall · melder forfall · jeg melder forfall"
    " · jeg må melde forfall · jeg må dessverre melde forfall · må melde forfall · jeg er forhindret"
    " · jeg deltar ikke · deltar ikke · jeg kan ikke den dagen · jeg er syk · syk · det passer ikke"
    " · jeg er opptatt",
    "nn": "eg kjem ikkje · kjem ikkje · kan ikkje kome · eg kan ikkje kome · eg kan ikkje delta"
    " · kan diverre ikkje · eg kan diverre ikkje · eg kan diverre ikkje kome · forfall · melder forfall"
    " · eg melder forfall · eg må melde forfall · eg deltek ikkje · eg kan ikkje den dagen · eg er sjuk · sjuk"
    " · det passar ikkje · eg er oppteken",
}

ONLINE: Final[dict[str, str]] = {
    "en": "yes online · online · I'll join online · I will join online · I'll join via Teams · I will join via Teams",
    "sv": "ja digitalt · digitalt · på länk · via Teams · jag är med på länk · jag är med digitalt",
    "da": "ja online · online · virtuelt · via Teams · jeg er med online · jeg er med på Teams",
    "nb": "ja digitalt · digitalt · på nett · via Teams · jeg er med digitalt · jeg er med på Teams"
    " · jeg deltar på Teams",
    "nn": "ja digitalt · digitalt · på nett · via Teams · eg er med digitalt · eg er med på Teams · eg deltek på Teams",
}

ON_SITE: Final[dict[str, str]] = {
    "en": "on site · yes on site · in person",
    "sv": "på plats · fysiskt · ja på plats",
    "da": "fysisk · fremmøde",
    "nb": "fysisk · på stedet · oppmøte",
    "nn": "fysisk · på staden · oppmøte",
}
