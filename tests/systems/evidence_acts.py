"""Everything that people may do by mail, each once, with the evidence that a test chooses, and what came of it.

Everything before the mail that is tried is done with the best evidence there is.
"""

from __future__ import annotations

import email.policy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage

from lists import store as lists_store
from tests.signing import author_domain, signed
from tests.systems.world import CONFIG, DOMAIN, Letter, World, split

KARIN = "Karin Lind <karin@example.org>"  # moderator
PER = "Per Moe <per@example.org>"  # her deputy
ANNA = "Anna Berg <anna@example.org>"
BO = "Bo Dahl <bo@example.org>"
NOBODY = "Somebody <somebody@example.org>"
THIRD = "Third <third@example.org>"
EVA = "Eva Ek <eva@example.net>"
SVEN = "Sven <sven@example.net>"

BORDER = CONFIG.replace("[web]", 'authserv_id = "mx.example.org"\ntrusted_hops = 0\n[web]')
CONFIGS = {"unknown": CONFIG, "inside": CONFIG.replace("[web]", 'internal_networks = ["127.0.0.0/8"]\n[web]')}
STRICT = '\n[security]\nmode = "strict"\n'
SAID = {"pass": "dmarc=pass", "fail": "dmarc=fail (p=quarantine)", "weak": "dmarc=fail (p=none)", "silent": ""}


def unsigned(content: bytes) -> bytes:
    """The mail as it was written."""
    return content


@dataclass(frozen=True, slots=True)
class State:
    """What the border says of the mail that is tried, and how it is signed.

    "unknown": there is no border; "inside": the client is in internal_networks.
    """

    border: str
    signing: Callable[[bytes], bytes] = unsigned
    strict: bool = False
    sender: str = ""

    @property
    def config(self) -> str:
        """The configuration under which it is tried."""
        return CONFIGS.get(self.border, BORDER) + (STRICT if self.strict else "")

    @property
    def headers(self) -> dict[str, str]:
        """The fields of the mail that is tried."""
        said = SAID.get(self.border)
        border = {"Authentication-Results": f"mx.example.org; {said} header.from=example.org"} if said else {}
        return {**border, **({"Sender": self.sender} if self.sender else {})}


class Scene:
    """One act of one sender in one state of evidence; each method ends with the mail that is tried."""

    def __init__(self, world: World, state: State, sender: str) -> None:
        self.world = world
        self.state = state
        self.sender = sender

    # ---- answers

    async def approve(self) -> str:
        question = await self._held_post()
        await self._reply(question, "Ja")
        return await self._outcome(KARIN, await self._got(BO, "Held"))

    async def challenge_yes(self) -> str:
        """The yes to "Was this you?"."""
        question = await self._held_post()
        await self._proper(KARIN, f"cases@{DOMAIN}", f"Svar [#{question.case}]", "Ja")
        await self._reply(await self.world.letter(KARIN, "Was this you"), "Ja")
        return await self._outcome(KARIN, await self._got(BO, "Held"))

    async def claim_yes(self) -> str:
        """The yes to "Is X yours too?"."""
        question = await self._held_post()
        await self._proper(NOBODY, question.reply_to, f"Re: {question.subject}", "Ja")
        await self._reply(await self.world.letter(KARIN, "your address too"), "Ja")
        return await self._outcome(KARIN, await self._got(BO, "Held"))

    async def leave_yes(self) -> str:
        await self._proper(KARIN, f"talk-leave@{DOMAIN}")
        await self._reply(await self.world.letter(KARIN, "Do you want to leave"), "Ja")
        return await self._outcome(KARIN, await self._members() == 3)

    async def leave_undo(self) -> str:
        await self._proper(KARIN, await self._key_address())
        await self._reply(await self.world.letter(KARIN, "left"), "undo")
        return await self._outcome(KARIN, await self._members() == 4)

    async def join_yes(self) -> str:
        await self._proper(NOBODY, f"talk-join@{DOMAIN}")
        await self._reply(await self.world.letter(NOBODY, "Do you want to join"), "Ja")
        return await self._outcome(NOBODY, await self._members() == 5)

    async def add_yes(self) -> str:
        await self._proper(KARIN, f"talk-request@{DOMAIN}", "add eva@example.net")
        await self._reply(await self.world.letter(KARIN, "Change the members"), "Ja")
        if await self._has(PER, "Do you agree"):
            return "seconded"
        return await self._outcome(KARIN, await self._members() == 5)

    async def second_yes(self) -> str:
        await self._proper(KARIN, f"talk-request@{DOMAIN}", "add eva@example.net")
        asked = await self.world.letter(KARIN, "Change the members")
        await self._proper(KARIN, asked.reply_to, f"Re: {asked.subject}", "Ja")
        assert await self._members() == 4
        await self._reply(await self.world.letter(PER, "Do you agree"), "Ja")
        return await self._outcome(PER, await self._members() == 5)

    async def set_yes(self) -> str:
        """The yes to a change of the group's entry; in strict mode somebody else is asked then."""
        await self._proper(KARIN, f"talk-request@{DOMAIN}", "set purpose: New rules")
        await self._reply(await self.world.letter(KARIN, "Change the entry"), "Ja")
        if await self._has(PER, "Do you agree"):
            return "seconded"
        return await self._outcome(KARIN, await self._purpose() == "New rules")

    # ---- joining and leaving

    async def key(self) -> str:
        address = await self._key_address()
        await self._try(address)
        return "left" if await self._members() == 3 else "nothing"

    async def leave(self) -> str:
        await self._try(f"talk-leave@{DOMAIN}")
        return "asked" if await self._has(self.sender, "Do you want to leave") else "nothing"

    async def leave_command(self) -> str:
        await self._try(f"talk-request@{DOMAIN}", "leave")
        return "asked" if await self._has(self.sender, "Do you want to leave") else await self._told()

    async def join(self) -> str:
        await self._try(f"talk-join@{DOMAIN}")
        return "asked" if await self._has(self.sender, "Do you want to join") else await self._told()

    async def forward(self) -> str:
        """A moderator forwards somebody's wish to join."""
        await self._try(f"talk-join@{DOMAIN}", "Fwd: hello", f"From: {EVA}\n\nI would like to join\n")
        return "asked" if await self._has(EVA, "Do you want to join") else await self._told()

    # ---- commands

    async def language(self) -> str:
        await self._try(f"talk-request@{DOMAIN}", "language nn")
        if await self.world.rows("SELECT id FROM person WHERE language = 'nn'"):
            return "done"
        return await self._told()

    async def who(self) -> str:
        return await self._command("who", "bo@example.org")

    async def pending(self) -> str:
        return await self._command("pending", "Nothing waits for you")

    async def stand_in(self) -> str:
        return await self._command("", "answers instead of you", "stand-in Anna")

    async def add(self) -> str:
        await self._try(f"talk-request@{DOMAIN}", "add eva@example.net")
        assert await self._members() == 4
        return "asked" if await self._has(self.sender, "Change the members") else await self._told()

    async def set(self) -> str:
        """A change of the group's entry in the directory."""
        await self._try(f"talk-request@{DOMAIN}", "set purpose: New rules")
        assert await self._purpose() == ""
        return "asked" if await self._has(self.sender, "Change the entry") else await self._told()

    async def documents(self) -> str:
        """A document for everybody, by `N-docs@`: published, asked about, put to the moderators, or not taken."""
        self.world.signing = self.state.signing
        message = EmailMessage(policy=email.policy.SMTP)
        for name, value in {**self.state.headers, "From": self.sender, "To": f"talk-docs@{DOMAIN}"}.items():
            message[name] = value
        message["Subject"], message["Message-ID"] = "Rules", "<rules@example.org>"
        message["Date"] = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
        message.set_content("Here they are.")
        message.add_attachment(b"%PDF-1.7 Rules", maintype="application", subtype="pdf", filename="rules.pdf")
        await self.world.submit(message.as_bytes(), split(self.sender)[1], [f"talk-docs@{DOMAIN}"])
        if await self.world.rows("SELECT id FROM document"):
            return "done"
        if await self._has(self.sender, "be published in"):
            return "asked"
        return "held" if await self._has(PER, "Documents from") else await self._told()

    async def withdraw(self) -> str:
        question = await self._held_post(NOBODY)
        await self._try(f"talk-request@{DOMAIN}", f"withdraw {question.case}")
        closed = await self.world.rows("SELECT id FROM cases WHERE kind = 'held-post' AND closed_at IS NOT NULL")
        return "done" if closed else await self._told()

    async def test(self) -> str:
        await self._try(f"test+talk@{DOMAIN}", "A post", "Text")
        return "done" if await self._has(self.sender, "would have done") else "nothing"

    # ---- posts

    async def post(self) -> str:
        await self._try(f"talk@{DOMAIN}", "A post", "Text")
        return await self._posted("A post")

    async def announce(self) -> str:
        """A post to a group that only moderators write to."""
        group = await self.world.group("news", moderator=KARIN, post="moderators")
        for member in (ANNA, BO):
            await self.world.member(group, member)
        await self._try(f"news@{DOMAIN}", "A post", "Text")
        return await self._posted("A post")

    # ---- the mail that is tried, and those before it

    async def _try(self, to: str, subject: str = "", text: str = "") -> None:
        self.world.signing = self.state.signing
        await self.world.send(self.sender, to, subject, text, headers=self.state.headers)

    async def _reply(self, letter: Letter, text: str) -> None:
        self.world.signing = self.state.signing
        await self.world.reply(letter, text, sender=self.sender, headers=self.state.headers)

    async def _proper(self, who: str, to: str, subject: str = "", text: str = "") -> None:
        """A mail before the one that is tried: signed, and the border says pass."""
        self.world.signing = signed
        domain = author_domain(f"From: {who}".encode())
        passed = {"Authentication-Results": f"mx.example.org; dmarc=pass header.from={domain}"}
        await self.world.send(who, to, subject, text, headers={} if self.state.border in CONFIGS else passed)

    async def _held_post(self, author: str = SVEN) -> Letter:
        await self._proper(author, f"talk@{DOMAIN}", "Held", "Text")
        return await self.world.letter(KARIN, "Held")

    async def _key_address(self) -> str:
        await self._proper(BO, f"talk@{DOMAIN}", "Hello", "Text")
        unsubscribe = str((await self.world.letter(KARIN, "Hello")).message["List-Unsubscribe"])
        return unsubscribe.split("mailto:")[1].split(">")[0].replace("%2B", "+")

    async def _command(self, subject: str, sign: str, text: str = "") -> str:
        await self._try(f"talk-request@{DOMAIN}", subject, text)
        letters = [one for one in await self.world.inbox(self.sender) if "was done with your mail" in one.subject]
        if any(sign in one.text for one in letters):
            return "done"
        return await self._told()

    # ---- what came of it

    async def _told(self) -> str:
        """Whether the sender was told that proof was missing, or that it is not theirs to do."""
        texts = [" ".join(one.text.split()) for one in await self.world.inbox(self.sender)]
        if any("could not make sure" in text or "on behalf of" in text or "on your behalf" in text for text in texts):
            return "told"
        return "no-right" if any("This is only for" in text for text in texts) else "nothing"

    async def _outcome(self, asked: str, done: bool) -> str:
        """What became of an answer: done, or the newest letter to who was asked."""
        if done:
            return "done"
        newest = (await self.world.inbox(asked))[-1].subject
        names = {"Was this you": "challenged", "your address too": "claimed", "not counted": "refused"}
        return next((name for words, name in names.items() if words in newest), "nothing")

    async def _posted(self, subject: str) -> str:
        if await self._got(BO, subject):
            return "sent"
        return "held+told" if await self._has(self.sender, "waits for a moderator") else "held"

    async def _members(self) -> int:
        return len(await self.world.rows("SELECT id FROM membership WHERE ended_at IS NULL"))

    async def _purpose(self) -> str:
        group = await self.world.service.db.read(lambda tx: lists_store.group_named(tx, "talk"))
        assert group is not None
        return group.settings.purpose

    async def _got(self, who: str, subject: str) -> bool:
        return any(one.message["List-Id"] and one.subject == subject for one in await self.world.inbox(who))

    async def _has(self, who: str, words: str) -> bool:
        return any(words in letter.subject for letter in await self.world.inbox(who))


async def furnish(world: World) -> None:
    """Karin moderates, Per is her deputy, Anna and Bo are members."""
    group = await world.group("talk", moderator=KARIN, deputy=PER, join="confirm")
    for member in (ANNA, BO):
        await world.member(group, member)
