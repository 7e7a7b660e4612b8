"""Answers in the shapes that people's mail programs give them: Outlook's HTML, an iPhone's, Gmail's."""

from __future__ import annotations

from html import escape
from typing import Final

from tests.systems.world import Letter, World

_OUTLOOK: Final = {
    "sv": ("Från", "Skickat", "Till", "Ämne", "SV"),
    "da": ("Fra", "Sendt", "Til", "Emne", "SV"),
    "nb": ("Fra", "Sendt", "Til", "Emne", "SV"),
    "nn": ("Frå", "Sendt", "Til", "Emne", "SV"),
    "en": ("From", "Sent", "To", "Subject", "RE"),
}
_PHONE: Final = {
    "sv": ("Skickat från min iPhone", "23 nov. 2026 kl. 10:00 skrev"),
    "da": ("Sendt fra min iPhone", "Den 23. nov. 2026 kl. 10.00 skrev"),
    "nb": ("Sendt fra min iPhone", "23. nov. 2026 kl. 10:00 skrev"),
    "nn": ("Sendt frå iPhonen min", "23. nov. 2026 kl. 10:00 skreiv"),
    "en": ("Sent from my iPhone", "On 23 Nov 2026, at 10:00,"),
}
_GMAIL: Final = {
    "sv": "Den mån 23 nov. 2026 kl 10:00 skrev",
    "da": "Den man. 23. nov. 2026 kl. 10.00 skrev",
    "nb": "man. 23. nov. 2026 kl. 10:00 skrev",
    "nn": "Den man. 23. nov. 2026 kl. 10:00 skreiv",
    "en": "On Mon, 23 Nov 2026 at 10:00,",
}


def _thread(letter: Letter) -> dict[str, str]:
    known = f"{letter.message['References'] or ''} {letter.message['Message-ID']}".strip()
    return {"In-Reply-To": str(letter.message["Message-ID"]), "References": known}


def _paragraphs(text: str) -> str:
    return "".join(f'<p class="MsoNormal">{escape(line) or "&nbsp;"}<o:p></o:p></p>' for line in text.split("\n"))


async def outlook(world: World, letter: Letter, text: str, *, language: str = "sv", sender: str = "") -> None:
    """Outlook's answer: HTML with its headers of the quoted letter in it, and text made from it."""
    sent_by, sent, to, subject, mark = _OUTLOOK[language]
    head = {
        sent_by: str(letter.message["From"]),
        sent: "den 23 november 2026 10:00",
        to: letter.owner,
        subject: letter.subject,
    }
    plain = "\n".join(f"{key}: {value}" for key, value in head.items())
    lines = "<br>".join(f"<b>{key}:</b> {escape(value)}" for key, value in head.items())
    html = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta charset="utf-8"><style>p.MsoNormal'
        '{margin:0cm}</style></head><body lang="SV"><div class="WordSection1">'
        f"{_paragraphs(text)}<div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>"
        f'<p class="MsoNormal">{lines}<o:p></o:p></p></div></div>{_paragraphs(letter.text)}</div></body></html>'
    )
    body = f"{text}\n\n{plain}\n\n{letter.text}"
    await world.send(
        sender or letter.owner, letter.reply_to, f"{mark}: {letter.subject}", body, html=html, headers=_thread(letter)
    )


async def phone(world: World, letter: Letter, text: str, *, language: str = "sv", sender: str = "") -> None:
    """An iPhone's answer: a signature line, and the whole letter quoted under it."""
    signature, wrote = _PHONE[language]
    quoted = "\n".join(f"> {line}".rstrip() for line in letter.text.splitlines())
    body = f"{text}\n\n{signature}\n\n> {wrote} {letter.message['From']}:\n> \n{quoted}\n"
    await world.send(sender or letter.owner, letter.reply_to, f"Re: {letter.subject}", body, headers=_thread(letter))


async def gmail(world: World, letter: Letter, text: str, *, language: str = "sv", sender: str = "") -> None:
    """Gmail's answer: text and HTML, the letter in a `gmail_quote`."""
    wrote = f"{_GMAIL[language]} {letter.message['From']}:"
    quoted = "\n".join(f"> {line}".rstrip() for line in letter.text.splitlines())
    lines = escape(text).replace("\n", "<br>")
    html = (
        f'<div dir="ltr">{lines}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
        f'{escape(wrote)}<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex">'
        f"{escape(letter.text).replace(chr(10), '<br>')}</blockquote></div>"
    )
    await world.send(
        sender or letter.owner,
        letter.reply_to,
        f"Re: {letter.subject}",
        f"{text}\n\n{wrote}\n\n{quoted}\n",
        html=html,
        headers=_thread(letter),
    )
