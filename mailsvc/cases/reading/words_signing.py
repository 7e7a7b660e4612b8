"""How people say that they sign: the row `sign` of `words_answers`; the first word of each cell is the one printed.

Besides those of words.md §2.2 what a signature of minutes is called in the perfect and with *herewith*. `undertecknad`
is not among them: it also begins what the undersigned says ("undertecknad kan inte").
"""

from __future__ import annotations

from typing import Final

SIGN: Final[dict[str, str]] = {
    "en": "sign · I sign · signed · I have signed · I've signed · I hereby sign · we sign"
    " · I sign the minutes · the minutes are signed",
    "sv": "signera · signerar · jag skriver under · undertecknar · undertecknas · justeras · justerar"
    " · skriver under · vi skriver under · signerat · signerad · signeras · jag signerar · jag har signerat"
    " · härmed signerat · underskrivet · jag har skrivit under · skrivit under · påskrivet · jag skriver på"
    " · undertecknat · jag undertecknar · jag har undertecknat · härmed undertecknat · jag justerar · justerat"
    " · jag har justerat · protokollet justeras · protokollet är justerat · jag justerar protokollet"
    " · signerar härmed · härmed signerar jag · härmed undertecknar jag · härmed justerar jag",
    "da": "underskriv · jeg skriver under · underskriver · underskrevet · signerer · godkender referatet"
    " · skriver under · vi skriver under · jeg underskriver · jeg har underskrevet · skrevet under"
    " · jeg har skrevet under · hermed underskrevet · signeret · jeg signerer · jeg har signeret"
    " · jeg godkender referatet · referatet godkendes · referatet er godkendt · referatet er underskrevet",
    "nb": "signer · signerer · jeg skriver under · underskriver · undertegner · skriver under"
    " · vi skriver under · signert · jeg signerer · jeg har signert · herved signert · underskrevet"
    " · jeg underskriver · jeg har underskrevet · skrevet under · jeg har skrevet under · undertegnet"
    " · jeg undertegner · signeres · referatet er signert · jeg signerer referatet · protokollen er signert",
    "nn": "signer · signerer · eg skriv under · underskriv · skriv under · signert · eg signerer · eg signerar"
    " · eg har signert · signerar · herved signert · underskrive · eg har underskrive · skrive under"
    " · eg har skrive under · eg underskriv · underteikna · eg underteiknar · vi skriv under"
    " · referatet er signert · eg signerer referatet",
}
