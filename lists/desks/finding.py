"""The desk `find@` and the command `find`: networks and people that fit some words, by mail.

The search runs when the letter is written (registry.Encloser), beside the writer: on a large site it takes a while.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from lists.directory import entry_store, seeing
from lists.directory.entry import lines_of
from lists.directory.pages import ranked, visible
from lists.directory.searching import LONGEST_QUERY, fits_name, words_of
from lists.directory.seeing import Sight
from lists.model import Group
from mailsvc import arriving
from mailsvc.errors import Reason
from mailsvc.ids import PersonId
from mailsvc.letters.compose import Composer, LetterSpec
from mailsvc.message.evidence import lacking
from mailsvc.message.reply_text import newly_written
from mailsvc.message.tokens import without_tokens
from mailsvc.people import store as people
from mailsvc.registry import CommandLine, Handled, Incoming, Registry, Target
from mailsvc.store import outgoing
from mailsvc.store.database import ReadTx, Tx
from mailsvc.store.outgoing import Recipient, Values

LETTER: Final = "help/found"
MOST_GROUPS: Final = 10
MOST_PEOPLE: Final = 15
MOST_QUESTIONS: Final = 4


class Finding:
    """Asks for the letter, and fills it when it is written."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._config = registry.site.config

    def register(self) -> None:
        """The desk, the command, the letter."""
        self._registry.handlers["find"] = self
        self._registry.commands["find"] = self.command
        self._registry.enclosers[LETTER] = self.write

    def __call__(self, tx: Tx, mail: Incoming, _target: Target) -> Handled:
        """See registry.Handler: known people are answered at their registered address, strangers once a day."""
        refused = arriving.unwritten(self._registry, mail)
        if refused is not None:
            return refused
        if not arriving.may_ask(tx, self._registry, mail, "find"):
            return Handled(Reason.LIMIT, quarantined=True)
        author = arriving.author_of(mail)
        query = query_of(mail, self._config.reading.banners)
        person = people.by_address(tx, author.folded)
        if person is None:
            self.ask(tx, Recipient(str(author), self._config.site.language), query, None, mail)
            return Handled(Reason.FOUND)
        lacks = lacking(mail.evidence, strict=self._config.security.strict)
        to = Recipient(person.address, person.language, person.id)
        self.ask(tx, to, query, person.id, mail, lacks=str(lacks or ""))
        return Handled(lacks or Reason.FOUND)

    def command(self, tx: Tx, line: CommandLine) -> Values:
        """`find WORDS` at `N-request@`."""
        person = people.by_id(tx, line.person)
        to = Recipient(person.address, person.language, person.id)
        self.ask(tx, to, without_tokens(line.argument)[:LONGEST_QUERY], person.id, line.mail)
        return {"did": "finding"}

    def ask(
        self, tx: Tx, to: Recipient, query: str, person: PersonId | None, mail: Incoming, *, lacks: str = ""
    ) -> None:
        """Ask for the letter; what it finds is looked for when it is written."""
        values = {"query": query, "person": int(person) if person is not None else 0, "lacks": lacks}
        outgoing.letter(tx, self._registry.site, to, LETTER, values, cause=mail.inbox_id)

    def write(self, tx: ReadTx, spec: LetterSpec, composer: Composer) -> bytes:
        """See registry.Encloser."""
        number = int(str(spec.values["person"]))
        query = str(spec.values["query"])
        sight = seeing.of_person(tx, self._config, PersonId(number)) if number else seeing.NOTHING
        groups, persons = ([], []) if spec.values["lacks"] else self.found(tx, query, sight)
        domain = self._config.site.domain
        values = {**spec.values, "groups": groups, "people": persons, "desk": f"find@{domain}", "stranger": not number}
        return composer.letter(replace(spec, values=values))

    def found(self, tx: ReadTx, query: str, sight: Sight) -> tuple[list[Values], list[Values]]:
        """Groups and people that fit, as letters print them: only what `sight` reaches, and nobody who is hidden."""
        words = words_of(query)
        seen = visible(tx, sight)
        groups = [self._group(tx, group, sight) for group in ranked(seen, query)[:MOST_GROUPS]]
        if not sight.staff:
            return groups, []
        titles = {int(group.id): group.title or group.name for group in seen}
        found: dict[int, tuple[int, str, str, list[str]]] = {}
        for row in entry_store.shown_people(tx):
            fit = fits_name(words, row["name"]) if row["group_id"] in titles else 0
            if fit:
                known = found.setdefault(row["person_id"], (fit, row["name"], row["address"], []))
                known[3].append(titles[row["group_id"]])
        best = max((one[0] for one in found.values()), default=0)
        chosen = [one for one in found.values() if one[0] == best][:MOST_PEOPLE]
        return groups, [{"name": name, "address": address, "groups": where} for _, name, address, where in chosen]

    def _group(self, tx: ReadTx, group: Group, sight: Sight) -> Values:
        domain = self._config.site.domain
        shown = sight.staff or group.id in sight.roles
        moderators = [row for row in entry_store.all_moderators(tx) if row["group_id"] == group.id] if shown else []
        return {
            "title": group.title or group.name,
            "address": f"{group.name}@{domain}",
            "join": f"{group.name}-join@{domain}" if group.join != "closed" else "",
            "owner": f"{group.name}-owner@{domain}",
            "purpose": group.settings.purpose,
            "questions": lines_of(group.settings.work_questions)[:MOST_QUESTIONS],
            "moderators": [row["name"] or row["address"] for row in moderators],
        }


def query_of(mail: Incoming, banners: tuple[str, ...]) -> str:
    """What somebody looks for: what they wrote, else the subject; without tokens."""
    text = " ".join(newly_written(mail.message, banners).text.split())
    subject = " ".join(mail.message.subject.split())
    return without_tokens(f"{subject} {text}".strip())[:LONGEST_QUERY]
