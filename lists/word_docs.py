"""Writes docs/addresses.md and docs/commands-by-mail.md from the tables that routing and commands are made from.

`python -m lists.word_docs [FOLDER]` renews them (FOLDER is `docs` unless told); a test compares them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from lists.words.addresses import DESKS, LONGEST_NAME, SERVED, SERVED_DESKS, SERVICE, SUFFIXES, Function
from lists.words.commands import ALONE, LANGUAGE_NAMES, WORDS, Command
from lists.words.reading import MOST_UNKNOWN
from mailsvc.cases.reading.words import cells

LANGUAGES: Final = {"en": "English", "sv": "svenska", "da": "dansk", "nb": "bokmål", "nn": "nynorsk"}

SUFFIX_SENTENCES: Final[dict[Function, str]] = {
    Function.JOIN: "asks to join; a moderator may forward somebody's mail here, then the person inside is asked",
    Function.LEAVE: "asks to leave; the registered address is asked to confirm",
    Function.REQUEST: "reads commands in the subject and the first lines ([commands](commands-by-mail.md))",
    Function.OWNER: "reaches the moderator and the deputy as people",
    Function.MEETING: "calls a meeting",
    Function.RAISE: "lifts a question",
    Function.ROUND: "puts questions to the group",
    Function.DOCS: "adds or replaces documents",
}

DESK_SENTENCES: Final[dict[str, str]] = {
    "proposals": "a network is proposed",
    "ideas": "the idea box",
    "rounds": "questions to several groups",
    "find": "who works with what",
    "help": "what a mail was, and what to answer; commands that need no group",
    "test": "what would have happened to this mail, and why",
    "actions": "what was decided, and who does it",
}

ANYBODY: Final = "anybody"
KNOWN: Final = "who is known to the site"
MEMBERS: Final = "members"
MODERATORS: Final = "moderator, deputy"

# What a command does, who may use it, and what stands behind the word.
COMMANDS: Final[dict[Command, tuple[str, str, str]]] = {
    Command.JOIN: ("Asks to join the group.", ANYBODY, ""),
    Command.LEAVE: ("Asks to leave it; a letter asks back before anything happens.", MEMBERS, ""),
    Command.LANGUAGE: ("Chooses the language of all letters to you.", KNOWN, "a language"),
    Command.WHO: ("Lists the members, without those who are hidden.", MEMBERS, ""),
    Command.INFO: ("Says how to join and who may post; names the moderators to people it knows.", ANYBODY, ""),
    Command.STATUS: ("Says how a matter of yours stands.", "who is in the matter", "its number"),
    Command.HELP: ("Lists these words in your language.", ANYBODY, ""),
    Command.PENDING: ("Sends one numbered letter with all that waits for you in the group.", MODERATORS, ""),
    Command.ADD: ("Adds a member, after one letter has asked you to confirm.", MODERATORS, "an address"),
    Command.REMOVE: ("Removes a member, after one letter has asked you to confirm.", MODERATORS, "an address"),
    Command.WITHDRAW: ("Takes back a matter that you began, while that still changes anything.", ANYBODY, "its number"),
    Command.TRUST: ("Posts from the address go out at once, after you have confirmed.", MODERATORS, "an address"),
    Command.NOMINATE: (
        "Names the next moderator, or after `deputy` the next deputy, who is asked when you have confirmed.",
        f"{MODERATORS}, those of the group that established it",
        "an address",
    ),
    Command.WIND_DOWN: (
        "Begins the wind-down of a network, after you have confirmed: leadership hears of it, the members are told.",
        f"{MODERATORS}, those of the group that established it",
        "the reason",
    ),
    Command.COMING: (
        "Lists the next three meetings with who comes; where the group's `attendance` is `moderators`, for them alone.",
        MEMBERS,
        "",
    ),
    Command.NOTES: (
        "Lists the meetings with notes, or sends you those of one; what is confidential only if you were there.",
        MEMBERS,
        "nothing, a date, a number",
    ),
    Command.PRESENT: (
        "Says who was at a meeting, the last one where none is named; without names a letter shows it and corrects it.",
        "moderator, deputy, secretary, who called the meeting; others see it where `attendance` is `members`",
        "a date or number, names",
    ),
    Command.ABSENT: (
        "The same, with those who were not there; what is known of the others stays.",
        "the same",
        "a date or number, names",
    ),
    Command.MY_WEEK: (
        "One letter every Monday over all your groups, instead of reminders: what waits, your meetings, your tasks.",
        KNOWN,
        "`on` or `off`",
    ),
    Command.CALENDAR: (
        "Gives the calendar of all your meetings another secret address; the old one shows nothing any more.",
        KNOWN,
        "",
    ),
    Command.MATTER: (
        "Raises a matter in a joint body; the text below it is the matter.",
        "spokesperson, chair, secretary, moderator, deputy",
        "its title",
    ),
    Command.MODERATE: (
        "Posts from the address wait for a moderator, after you have confirmed.",
        MODERATORS,
        "an address",
    ),
    Command.EXPORT: (
        "Sends you everything that is kept about you, after one letter has asked you to confirm.",
        KNOWN,
        "",
    ),
    Command.ERASE: (
        "Removes what is kept about you, after one letter has listed what goes and what stays, and asked you.",
        KNOWN,
        "",
    ),
    Command.DNR: ("Gives a matter its number in the organisation's register.", MODERATORS, "its number, the record's"),
    Command.FIND: ("Sends a letter with networks and people that fit the words.", KNOWN, "words"),
    Command.ARCHIVE: (
        "Sends a letter with the posts that fit the words, the newest first; with a number that post, enclosed.",
        MEMBERS,
        "words, a number, nothing for the newest",
    ),
    Command.SET_PURPOSE: ("Changes the entry in the directory, after you have confirmed.", MODERATORS, "text"),
    Command.SET_QUESTIONS: ("The same, a question a line.", MODERATORS, "text"),
    Command.SET_CHANNELS: ("The same, a channel a line.", MODERATORS, "text"),
    Command.SET_TITLE: ("The same.", MODERATORS, "a line"),
    Command.SET_DIGEST: ("The same: when the digest of decisions comes.", MODERATORS, "`mon 08:00`"),
    Command.REMOVE_DOCUMENT: ("Takes a document away, after you have confirmed.", MODERATORS, "its name"),
    Command.BAN: ("Posts from the address are put aside unseen, after you have confirmed.", MODERATORS, "an address"),
}

COMMANDS.update(
    {
        Command.OWN_COPY_ON: ("You get your own posts too.", MEMBERS, ""),
        Command.OWN_COPY_OFF: ("You do not get your own posts.", MEMBERS, ""),
        Command.OWN_COPY: ("Is answered with the two above.", MEMBERS, ""),
        Command.HIDE_ON: (
            "Other members no longer find you with `who` or in the directory; moderators do.",
            MEMBERS,
            "",
        ),
        Command.HIDE_OFF: ("They find you again.", MEMBERS, ""),
        Command.PAUSE: (
            "No posts before that day; behind `t.o.m.` or `through` it is the last without. Nothing is sent later.",
            MEMBERS,
            "a day",
        ),
        Command.RESUME: ("Ends a pause, or having no posts, at once.", MEMBERS, ""),
        Command.DAILY: (
            "The posts of a day in one letter, every morning at `[digests] posts`; none on a day without posts.",
            MEMBERS,
            "",
        ),
        Command.WEEKLY: ("The posts of a week in one letter, on Monday.", MEMBERS, ""),
        Command.EACH: ("Each post by itself, as soon as it is sent.", MEMBERS, ""),
        Command.NO_POSTS: ("No posts; you stay a member, and questions and invitations come as ever.", MEMBERS, ""),
        Command.DIGEST: ("Is answered with the words for how posts come.", MEMBERS, ""),
        Command.MY_GROUPS: ("Lists your groups, and what you have chosen in each.", KNOWN, ""),
    }
)

GENERATED: Final = "<!-- made by `python -m lists.word_docs`; change the tables in lists/, not this page -->"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [
        f"| {' | '.join(head)} |",
        f"|{'---|' * len(head)}",
        *(f"| {' | '.join(row)} |" for row in rows),
        "",
    ]


def _reserved(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The table of what is only kept free; nothing where nothing is."""
    if not rows:
        return []
    return ["Reserved, and refused with `550 5.1.1` until the version that serves them:", "", *_table(head, rows)]


def _code(words: Iterable[str]) -> str:
    return " ".join(f"`{word}`" for word in words)


def _suffix_rows(*, served: bool) -> list[tuple[str, str, str]]:
    return [
        (f"`N-{function}@`", SUFFIX_SENTENCES[function], _code(words.split()[1:]))
        for function, words in SUFFIXES.items()
        if (function in SERVED) is served
    ]


def addresses() -> str:
    """The page of addresses."""
    lines = [
        "# Addresses",
        "",
        GENERATED,
        "",
        "`N` stands for a group's name; all addresses are at the site's domain and at its alias domains. Local",
        "parts are matched without case. `+` may stand for the `-` before a word: `cataloguing+join@` is",
        "`cataloguing-join@`. An address that is not there is refused at RCPT with `550 5.1.1`, one at a foreign",
        "domain with `550 5.7.1`.",
        "",
        "## Of a group",
        "",
        *_table(
            ("address", "what it does", "other words for it"),
            [
                ("`N@`", "a post to the members", ""),
                *_suffix_rows(served=True),
                ("`N-leave+KEY@`", "leaves at once; the KEY stands in `List-Unsubscribe` of each member's copy", ""),
                ("`leave+KEY@`", "the same, for groups with a name that leaves no room for the KEY", ""),
            ],
        ),
        *_reserved(("address", "what it will do", "other words for it"), _suffix_rows(served=False)),
        "## Of the site",
        "",
        *_table(
            ("address", "what it does"),
            [
                ("`reply+TOKEN@`", "the answer to one letter; the token belongs to one person and one letter"),
                ("`cases@`", "the From of the service's letters; an answer sent here is found by its thread"),
                ("`bounces+KEY@`", "the envelope sender of everything that can bounce; what comes back is read"),
                ("`postmaster@` `abuse@`", "the operators; nothing but loop protection stops mail to them"),
                ("`test+N@`", "as `test@`, for mail to `N@` or any other address of a group; only with `+`"),
            ],
        ),
        *_table(("address", "what it is for", "other words for it"), _desk_rows(served=True)),
        *_reserved(("address", "what it is for", "other words for it"), _desk_rows(served=False)),
        "## Names of groups",
        "",
        f"`a-z`, `0-9`, with `-` and `.` between them, at most {LONGEST_NAME} characters. A name is refused at",
        "creation when it is one of the words above, begins with `owner-`, is taken, or would be the same address as",
        "an existing group's with one of the words, or the reverse. These words are refused too:",
        "",
        _code(sorted(SERVICE)),
        "",
    ]
    return "\n".join(lines)


def _desk_rows(*, served: bool) -> list[tuple[str, str, str]]:
    return [
        (f"`{desk}@`", DESK_SENTENCES[desk], _code(words.split()[1:]))
        for desk, words in DESKS.items()
        if (desk in SERVED_DESKS) is served
    ]


def commands() -> str:
    """The page of commands."""
    shown = [(command, *COMMANDS[command]) for command in WORDS]
    languages = [(name, _code(word for word in LANGUAGE_NAMES[code].split())) for code, name in LANGUAGES.items()]
    lines = [
        "# Commands by mail",
        "",
        GENERATED,
        "",
        "Sent to `N-request@`, in the subject or as the first lines of the text, one command a line. Every word is",
        "understood whatever your own language is, without case, and without accents (`avanmäl`, `avanmal`,",
        "`avanmael`). Reading stops at a blank line after a command, at a line `-- `, at the quoted text, and after",
        f"{MOST_UNKNOWN} lines that are no command.",
        "",
        "One transcript comes back and says what was done with each line. It goes to the address by which the site",
        "knows whoever wrote, and only to a stranger's own when nobody is known. A line that is no command does",
        "nothing; the nearest known words are named. Mail that a machine wrote, or whose sender is shown to be",
        "forged, is not read.",
        "",
        "Commands that need no group (`language`, `status`, `withdraw`, `find`, `my week`, `export my data`,",
        "`erase me`), and `pending` for all groups at once, can be sent to `help@` too, by whoever is known, when the",
        "mail begins with one of them; any",
        "other text there gets an overview. A stranger whose mail nothing vouches for is answered at neither, but",
        "for the one letter that `join` brings.",
        "",
        *_table(
            ("command", "behind it", "who may", "what it does"),
            [(f"`{command}`", behind, who, does) for command, does, who, behind in shown],
        ),
        f"{_code(sorted(ALONE))} stand alone: with anything behind them on the line they are somebody's sentence",
        "and no command.",
        "",
        "## The words",
        "",
        "The first word of each cell is the one that letters print.",
        "",
        *_table(
            ("command", *LANGUAGES.values()),
            [
                (f"`{command}`", *(_code(cells(WORDS[command][code])) for code in LANGUAGES))
                for command, _, _, _ in shown
            ],
        ),
        "Behind `language`:",
        "",
        *_table(("language", "what may stand there"), languages),
    ]
    return "\n".join(lines).rstrip("\n") + "\n"


PAGES: Final = {"addresses.md": addresses, "commands-by-mail.md": commands}


def main(arguments: Sequence[str]) -> None:
    """Write the pages into the folder named, or into `docs`."""
    folder = Path(arguments[0] if arguments else "docs")
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
