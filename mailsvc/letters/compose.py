"""From a template and its values to the bytes of one letter. Pure: the same values always give the same bytes."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import format_datetime as format_rfc5322
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

import jinja2
from lxml import etree

from mailsvc.cases.reading.model import NEEDS_ARGUMENT, NEEDS_TEXT
from mailsvc.clock import to_datetime
from mailsvc.letters import markup
from mailsvc.letters.answer_hints import OfferedWord, offered
from mailsvc.letters.dates import day, moment, span
from mailsvc.letters.translation import catalogue
from mailsvc.letters.values import cleaned, subject_line
from mailsvc.message import build
from mailsvc.message.form_labels import label as form_label
from mailsvc.message.marker import MARKERS
from mailsvc.site import Site

RECEIPT = "receipt"  # the vocabulary of letters that only offer `undo`: they can be answered, but do not ask


@dataclass(frozen=True, slots=True)
class LetterSpec:
    """Everything one letter is made of. `token` is "" for a letter that takes no answer; `items` counts its questions.

    `thread` are the Message-IDs (without brackets) of the earlier letters of this case to this person, oldest first.
    `created_at` (microseconds UTC) is the letter's Date. `values` are the template's; strings in them are people's
    text and are escaped.
    """

    template: str
    language: str
    to_address: str
    to_name: str
    message_id: str
    created_at: int
    values: Mapping[str, object]
    case: int | None = None
    token: str = ""
    vocabulary: str = ""
    items: int = 1
    thread: Sequence[str] = ()
    group_name: str = ""
    group_title: str = ""

    @property
    def asks(self) -> bool:
        """Whether somebody waits for the answer; a receipt that offers `undo` does not ask."""
        return bool(self.token) and self.vocabulary != RECEIPT

    @property
    def group(self) -> tuple[str, str]:
        """Name and title of the group it is about, from its row or else from its values; ("", "") for none."""
        values = self.values.get("group")
        if self.group_name or not isinstance(values, Mapping):
            return self.group_name, self.group_title
        return str(values.get("name", "")), str(values.get("title", ""))


@dataclass(frozen=True, slots=True)
class _Rendered:
    """What a template says: one line, the body's blocks, and an address (or "")."""

    subject: str
    blocks: list[etree._Element]
    reply_to: str


class Composer:
    """Renders letters of all packages; `folders` maps the first part of a template's name to its folder."""

    def __init__(self, site: Site, folders: Mapping[str, str]) -> None:
        self._name = site.config.site.name
        self._domain = site.config.site.domain
        self._zone = ZoneInfo(site.config.site.timezone)
        self._folders = {name: Path(folder) for name, folder in folders.items()}
        self._environments: dict[str, jinja2.Environment] = {}

    def letter(self, spec: LetterSpec) -> bytes:
        """The whole message, ready for the courier. Raises jinja2 and lxml errors for a broken template (a bug)."""
        return build.letter(*self.pieces(spec))

    def pieces(self, spec: LetterSpec) -> tuple[list[tuple[str, str]], str, str]:
        """Header fields, text and HTML of a letter, for those who put more beside them; raises as `letter` does."""
        words = offered(spec.vocabulary, spec.language, spec.items) if spec.token else ()
        rendered = self._render(spec, words)
        answers = tuple(self._answer(spec, word) for word in words)
        # also above an offered `undo`: our own printed words stand below the marker only (words.md §5)
        # a form has none: people write between its lines, so the whole of what comes back is read
        marker = MARKERS[spec.language] if spec.token and not spec.values.get("form") else ""
        footer = self._footer(spec)
        parts = (marker, markup.to_text(rendered.blocks, answers), f"-- \n{footer}")
        text = "\n\n".join(part for part in parts if part) + "\n"
        rich = markup.to_html(
            rendered.blocks,
            answers,
            language=spec.language,
            title=rendered.subject,
            marker=marker,
            footer=footer,
        )
        return self._headers(spec, rendered), text, rich

    def page(self, spec: LetterSpec) -> str:
        """A template as an HTML document of its own, to be kept as a file: simple, whole, readable without styles."""
        rendered = self._render(spec, ())
        return markup.to_html(
            rendered.blocks,
            (),
            language=spec.language,
            title=rendered.subject,
            marker="",
            footer=self._footer(spec),
        )

    # ---- the template

    def _environment(self, language: str) -> jinja2.Environment:
        known = self._environments.get(language)
        if known is not None:
            return known
        loaders = {name: jinja2.FileSystemLoader(folder) for name, folder in self._folders.items()}
        environment = jinja2.Environment(
            loader=jinja2.PrefixLoader(loaders),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            extensions=["jinja2.ext.i18n"],
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.policies["ext.i18n.trimmed"] = True
        environment.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]
        environment.filters["when"] = lambda at: moment(to_datetime(int(at), self._zone), language)
        environment.filters["day"] = lambda at: day(to_datetime(int(at), self._zone), language)
        environment.filters["span"] = lambda at: span(
            to_datetime(int(at["starts"]), self._zone), to_datetime(int(at["ends"]), self._zone), language, at["whole"]
        )
        environment.globals["label"] = lambda field: form_label(field, language)
        environment.globals["words_for"] = lambda vocabulary, items: offered(vocabulary, language, items)
        environment.globals["subject_of"] = lambda template, values: self._subject(language, template, values)
        environment.globals["site"] = {"name": self._name, "domain": self._domain}
        self._environments[language] = environment
        return environment

    def _render(self, spec: LetterSpec, words: Sequence[OfferedWord]) -> _Rendered:
        """The template's blocks `subject`, `body` and perhaps `reply_to`.

        Beside the letter's values templates may use `case`, `items_count`, `words` (by meaning) and `example`.
        """
        template = self._environment(spec.language).get_template(f"{spec.template}.j2")
        known = {
            "case": spec.case,
            "items_count": spec.items,
            "words": {word.meaning: word.word for word in words},
            "example": ", ".join(f"{number} {word.shown}" for number, word in enumerate(words[:2], 1)),
        }
        context = template.new_context({**cleaned(spec.values), **known})
        said = {name: "".join(block(context)) for name, block in template.blocks.items()}
        reminder = catalogue(spec.language).gettext("Reminder: %(subject)s")
        subject = subject_line(said["subject"], reminder if spec.values.get("reminder") else "%(subject)s")
        return _Rendered(subject, markup.parse(said["body"]), said.get("reply_to", "").strip())

    def _subject(self, language: str, template: str, values: Mapping[str, object]) -> str:
        """The subject that another letter of ours has, without its number: how a reader finds that one again."""
        found = self._environment(language).get_template(f"{template}.j2")
        context = found.new_context({**cleaned(values), "case": None, "items_count": 1, "words": {}, "example": ""})
        return subject_line("".join(found.blocks["subject"](context)), "%(subject)s")

    # ---- the header

    def _headers(self, spec: LetterSpec, rendered: _Rendered) -> list[tuple[str, str]]:
        shown = spec.group[1] or self._name
        question = catalogue(spec.language).gettext("Question")
        sender = f"{question} · {shown}" if spec.asks else shown
        headers = [
            ("From", build.mailbox(sender, f"cases@{self._domain}")),
            ("To", build.mailbox(spec.to_name, spec.to_address)),
            ("Reply-To", self._reply_to(spec, rendered)),
            ("Subject", f"{rendered.subject} [#{spec.case}]" if spec.case else rendered.subject),
            ("Date", format_rfc5322(to_datetime(spec.created_at, self._zone))),
            ("Message-ID", f"<{spec.message_id}>"),
        ]
        if spec.thread:
            headers.append(("In-Reply-To", f"<{spec.thread[-1]}>"))
            headers.append(("References", build.message_ids([f"<{known}>" for known in spec.thread])))
        # a question carries no Auto-Submitted, so that an absence notice reaches us (3-mail "Questions and answers")
        if spec.asks:
            headers.append(("X-Auto-Response-Suppress", "DR, RN, NRN, AutoReply"))
        else:
            headers += [("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All")]
        return [(name, value) for name, value in headers if value]

    def _reply_to(self, spec: LetterSpec, rendered: _Rendered) -> str:
        """Where an answer goes: to its question, else where the template says, else to the group's moderators."""
        if spec.token:
            number = f" #{spec.case}" if spec.case else ""
            answer = catalogue(spec.language).gettext("Answer")
            return build.mailbox(f"{answer}{number}", f"reply+{spec.token}@{self._domain}")
        name, title = spec.group
        owner = f"{name}-owner@{self._domain}" if name else ""
        address = html.unescape(rendered.reply_to) or owner
        return build.mailbox(title, address) if address else ""

    # ---- what stands in every letter

    def _answer(self, spec: LetterSpec, word: OfferedWord) -> markup.Answer:
        said = word.meaning not in NEEDS_ARGUMENT | NEEDS_TEXT  # of the others a button cannot say the rest
        if spec.items != 1 or not spec.case or not said:
            return markup.Answer(word.meaning, word.shown, word.hint)
        label = catalogue(spec.language).gettext("Answer %(word)s in matter %(case)s")
        address = quote(f"reply+{spec.token}", safe="") + "@" + self._domain
        link = f"mailto:{address}?subject={quote(f'{word.word} [#{spec.case}]', safe='')}"
        return markup.Answer(word.meaning, word.shown, word.hint, label % {"word": word.word, "case": spec.case}, link)

    def _footer(self, spec: LetterSpec) -> str:
        name, title = spec.group
        return build.clean(f"{title} <{name}@{self._domain}> · {self._name}" if name else self._name)
