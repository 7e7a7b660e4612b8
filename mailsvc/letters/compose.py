"""From a template and its values to the bytes of one letter. Pure: the same values always give the same bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime as format_rfc5322
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

import jinja2
from babel.dates import format_datetime

from mailsvc.cases.answers import printed_words
from mailsvc.clock import to_datetime
from mailsvc.letters import markup
from mailsvc.letters.answer_hints import LISTS, hint
from mailsvc.letters.translation import catalogue
from mailsvc.message import build
from mailsvc.message.marker import MARKERS
from mailsvc.registry import Site

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class LetterSpec:
    """Everything one letter is made of. `token` is "" for a letter that does not ask; `items` counts its questions.

    `thread` are the Message-IDs of the earlier letters of this case to this person, oldest first. `created_at` is the
    letter's Date. `values` are the template's; strings in them are people's text and are escaped.
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


class Composer:
    """Renders letters of all packages; `folders` maps the first part of a template's name to its folder."""

    def __init__(self, site: Site, folders: Mapping[str, str]) -> None:
        self._site = site
        self._domain = site.config.site.domain
        self._zone = ZoneInfo(site.config.site.timezone)
        self._folders = {name: Path(folder) for name, folder in folders.items()}
        self._environment = lru_cache(maxsize=8)(self._new_environment)

    def _new_environment(self, language: str) -> jinja2.Environment:
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
        environment.filters["when"] = lambda at: self.when(int(at), language)
        environment.filters["day"] = lambda at: self.day(int(at), language)
        environment.globals["site"] = {"name": self._site.config.site.name, "domain": self._domain}
        return environment

    def when(self, at: int, language: str) -> str:
        """A moment as people write it: weekday, date, 24-hour clock, in the site's zone."""
        return _date(to_datetime(at, self._zone), language, "EEEE d MMMM y HH:mm")

    def day(self, at: int, language: str) -> str:
        """A day as people write it."""
        return _date(to_datetime(at, self._zone), language, "EEEE d MMMM y")

    def letter(self, spec: LetterSpec) -> bytes:
        """The whole message, ready for the courier."""
        subject, blocks = self._render(spec)
        asks = bool(spec.token)
        translate = catalogue(spec.language).gettext
        answers = self._answers(spec) if asks else None
        undo_only = spec.vocabulary == "receipt"
        marker = MARKERS[spec.language] if asks and not undo_only else ""
        footer = self._footer(spec, translate)
        text = markup.to_text(blocks, answers)
        text = "\n\n".join(part for part in (marker, text, f"-- \n{footer}") if part) + "\n"
        html = markup.to_html(
            blocks, answers, language=spec.language, title=subject, marker=marker, footer=footer
        )
        return build.letter(self._headers(spec, subject, asking=asks and not undo_only), text, html)

    def _render(self, spec: LetterSpec) -> tuple[str, list[markup.etree._Element]]:
        environment = self._environment(spec.language)
        template = environment.get_template(f"{spec.template}.j2")
        context = template.new_context({**_cleaned(spec.values), "case": spec.case, "items_count": spec.items})
        subject = " ".join("".join(template.blocks["subject"](context)).split())
        subject = str(jinja2.utils.markupsafe.Markup(subject).unescape())
        return subject, markup.parse("".join(template.blocks["body"](context)))

    def _headers(self, spec: LetterSpec, subject: str, *, asking: bool) -> list[tuple[str, str]]:
        translate = catalogue(spec.language).gettext
        shown = spec.group_title or self._site.config.site.name
        sender = f"{translate('Question')} · {shown}" if asking else shown
        number = f" [#{spec.case}]" if spec.case else ""
        headers = [
            ("From", build.mailbox(sender, f"cases@{self._domain}")),
            ("To", build.mailbox(spec.to_name, spec.to_address)),
            ("Reply-To", self._reply_to(spec, translate("Answer"))),
            ("Subject", f"{subject}{number}"),
            ("Date", _rfc5322_date(to_datetime(spec.created_at, self._zone))),
            ("Message-ID", f"<{spec.message_id}>"),
        ]
        if spec.thread:
            headers.append(("In-Reply-To", f"<{spec.thread[-1]}>"))
            headers.append(("References", build.message_ids([f"<{m}>" for m in spec.thread])))
        # a question carries no Auto-Submitted, so that an absence notice reaches us (3-mail "Letters")
        if asking:
            headers.append(("X-Auto-Response-Suppress", "DR, RN, NRN, AutoReply"))
        else:
            headers += [("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All")]
        return [(name, value) for name, value in headers if value]

    def _reply_to(self, spec: LetterSpec, answer: str) -> str:
        if spec.token:
            number = f" #{spec.case}" if spec.case else ""
            return build.mailbox(f"{answer}{number}", f"reply+{spec.token}@{self._domain}")
        if spec.group_name:
            return build.mailbox(spec.group_title, f"{spec.group_name}-owner@{self._domain}")
        return ""

    def _answers(self, spec: LetterSpec) -> markup.Answers:
        translate = catalogue(spec.language).gettext
        words = []
        for meaning, word in printed_words(spec.vocabulary, spec.language):
            if spec.items == 1 and meaning in LISTS:
                continue
            text = hint(spec.vocabulary, meaning)
            shown = f"{word}: {translate('reason')}" if meaning == "no" and spec.vocabulary in _REASONS else word
            link = self._mailto(spec, word) if spec.items == 1 and spec.case else ""
            label = translate('Answer "%(word)s" in matter %(case)s') % {"word": word, "case": spec.case}
            words.append(markup.AnswerWord(shown, translate(text) if text else "", label, link))
        return markup.Answers("", tuple(words))

    def _mailto(self, spec: LetterSpec, word: str) -> str:
        address = quote(f"reply+{spec.token}", safe="") + "@" + self._domain
        return f"mailto:{address}?subject={quote(f'{word} [#{spec.case}]', safe='')}"

    def _footer(self, spec: LetterSpec, translate: object) -> str:
        name = self._site.config.site.name
        group = f"{spec.group_title} <{spec.group_name}@{self._domain}>" if spec.group_name else ""
        return f"{group} · {name}" if group else name


_REASONS = frozenset({"held-post", "join"})


def _cleaned(value: Mapping[str, object]) -> dict[str, object]:
    return {key: _clean(item) for key, item in value.items()}


def _clean(value: object) -> object:
    if isinstance(value, str):
        return _FORBIDDEN.sub("", value)
    if isinstance(value, Mapping):
        return {key: _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value


def _date(moment: datetime, language: str, pattern: str) -> str:
    return format_datetime(moment, pattern, locale=language)


def _rfc5322_date(moment: datetime) -> str:
    return format_rfc5322(moment)
