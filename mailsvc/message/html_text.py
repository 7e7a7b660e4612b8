"""HTML mail as lines of text: list numbers kept, and each line told apart by the quotation marks that clients leave.

lxml parses (in C, with its own depth limit); the walk is a loop, so nesting costs no stack. Nothing is fetched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from mailsvc.message import form_labels
from mailsvc.message.lines import Line, State, clean

_BLOCKS = frozenset(
    [
        "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dir", "div", "dl", "dt",
        "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li",
        "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
    ]
)  # fmt: skip
_SKIPPED = frozenset(["head", "style", "script", "title", "template", "noscript", "object", "iframe", "svg", "select"])
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_MOST_ELEMENTS = 50_000
_PAGE = re.compile(r"https?://[^\s<>\"]{1,1500}")
_ADDRESS = re.compile(r"<?(?:https?://|www\.|\S+@|\S+\.[a-z]{2,}(?:/\S*)?>?$)", re.IGNORECASE)

# Ids and classes that clients give to the beginning of the earlier mail (prefixes x_, yiv… and endings are theirs too).
_REST_IDS = re.compile(
    r"(?:^|_)(?:divRplyFwdMsg|appendonsend|mail-editor-reference-message-container|ms-outlook-mobile-reference-message"
    r"|OLK_SRC_BODY_SECTION|zwchr|isForwardContent|reply-intro|replySplit|origbody)",
    re.IGNORECASE,
)
_REST_CLASSES = re.compile(
    r"moz-forward-container|yahoo_quoted|zmail_extra|WM_FORWARD|OutlookMessageHeader", re.IGNORECASE
)
_QUOTE_CLASSES = re.compile(
    r"gmail_quote|gmail_attr|moz-cite-prefix|protonmail_quote|tutanota_quote|cite_prefix|moz-email-headers-table"
    r"|yahoo_quoted|ms-outlook-mobile-reference|messageReplySection|wm-quote|quote-html",
    re.IGNORECASE,
)
_SIGNATURES = re.compile(
    r"(?:^|[_ ])(?:gmail_signature|moz-signature|signature|ms-outlook-mobile-signature|AppleMailSignature\w*"
    r"|protonmail_signature_block|ms-outlook-ios-signature)(?:$|[ _-])",
    re.IGNORECASE,
)
_BORDER_TOP = re.compile(r"border-top\s*:\s*(?:solid\s|[\d.]+p[tx]\s+solid|solid$|[^;]{0,40}solid)", re.IGNORECASE)
_BORDER_LEFT = re.compile(r"border-left\s*:\s*[^;]{0,40}(?:solid|\d+px)", re.IGNORECASE)
_FROM_LABEL = re.compile(r"\s*\W?(?:from|från|fra|frå|von|de|van|lähettäjä|avsändare|afsender|avsender)\s*:", re.I)


@dataclass(slots=True)
class _List:
    ordered: bool
    number: int


@dataclass(slots=True)
class _Writer:
    """Collects lines; blanks collapse as a browser would do it."""

    paragraphs: bool
    links: bool = False
    lines: list[Line] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    mark: str = ""  # of a list item whose text has not come yet
    states: list[State] = field(default_factory=list)
    lists: list[_List] = field(default_factory=list)
    quote_depth: int = 0
    pre: int = 0
    rest: bool = False

    def text(self, text: str) -> None:
        """Running text."""
        if self.pre:
            first, *more = clean(text).split("\n")
            self.pieces.append(first)
            for line in more:
                self.end_line()
                self.pieces.append(line)
            return
        text = re.sub(r"[ \n]+", " ", clean(text))
        if text == " " and not self.pieces:
            return
        if self.pieces and self.pieces[-1].endswith(" "):
            text = text.removeprefix(" ")
        if text:
            self.pieces.append(text)

    def end_line(self, *, even_empty: bool = True) -> None:
        """Finish the line; an empty one is kept only when `even_empty`."""
        line = "".join(self.pieces).strip() if not self.pre else "".join(self.pieces).rstrip()
        self.pieces = []
        if line and self.mark:
            line, self.mark = self.mark + line, ""
        if line or even_empty:
            state = State.REST if self.rest else (self.states[-1] if self.states else State.OPEN)
            if state is State.QUOTED and self.quote_depth:
                line = f"{'>' * min(self.quote_depth, 9)} {line}".rstrip()
            self.lines.append(Line(line, state))

    def blank(self) -> None:
        """An empty line between paragraphs, when wanted and not there yet."""
        if self.paragraphs and self.lines and self.lines[-1].text:
            self.lines.append(Line("", self.lines[-1].state))


def html_lines(html: str, *, paragraphs: bool = False, links: bool = False) -> list[Line]:
    """The text of an HTML document as lines. Never raises; `paragraphs` puts an empty line between `<p>`s, `links` the
    address behind a link whose text is another (`Join <https://…>`, as Outlook does it in its plain text).

    Lines inside a quotation are QUOTED (with `>` marks), those after a client's own "earlier mail" mark REST, those of
    a signature element SIGNATURE. What is hidden by style is left out.
    """
    root = _parse(html)
    if root is None:
        return [Line(re.sub(r"<[^<>]{0,2000}>", " ", line).strip()) for line in clean(html).split("\n")]
    writer = _Writer(paragraphs, links)
    _walk(root, writer)
    writer.end_line(even_empty=False)
    return writer.lines


def html_text(html: str) -> str:
    """The text of an HTML document, paragraphs apart, quotations marked with `>`."""
    return "\n".join(line.text for line in html_lines(html, paragraphs=True)).strip("\n")


def _parse(html: str) -> etree._Element | None:
    data = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", "", html)
    data = data.replace("<![if !supportLists]>", "").replace("<![endif]>", "")
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, recover=True)
    try:
        return etree.fromstring(data.encode("utf-8"), parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def _walk(root: etree._Element, writer: _Writer) -> None:
    """Depth first with a stack of our own: (element, entering)."""
    stack: list[tuple[etree._Element, bool]] = [(root, True)]
    budget = _MOST_ELEMENTS
    while stack:
        element, entering = stack.pop()
        if not entering:
            _leave(element, writer)
            if element is not root and element.tail:
                writer.text(element.tail)
            continue
        budget -= 1
        if budget < 0:
            return
        tag = element.tag if isinstance(element.tag, str) else ""
        if not tag or tag in _SKIPPED or _HIDDEN.search(element.get("style", "")):
            if element is not root and element.tail:
                writer.text(element.tail)
            continue
        stack.append((element, False))
        _enter(element, tag, writer)
        if element.text:
            writer.text(element.text)
        stack.extend((child, True) for child in reversed(element))


def _enter(element: etree._Element, tag: str, writer: _Writer) -> None:
    if tag in _BLOCKS and not (writer.paragraphs and _begins_cell(element)):
        writer.end_line(even_empty=False)
    if _begins_rest(element, tag):
        writer.end_line(even_empty=False)
        writer.rest = True
    writer.states.append(_state_inside(element, tag, writer))
    if tag == "blockquote" and writer.states[-1] is State.QUOTED:
        writer.quote_depth += 1
    if tag in ("ol", "ul", "menu", "dir"):
        writer.lists.append(_List(tag == "ol", _number(element.get("start"), 1)))
    elif tag == "li":
        writer.mark = _item_mark(element, writer)
    elif tag == "br":
        writer.end_line()
    elif tag in ("td", "th") and writer.pieces:
        writer.text(": " if writer.paragraphs and _labels(element, writer) else " ")
    elif tag == "pre":
        writer.pre += 1
    elif tag == "img":
        alt = element.get("alt", "")
        if 0 < len(alt) <= 6 and not alt.isascii():  # an emoji drawn as a picture
            writer.text(alt)


def _leave(element: etree._Element, writer: _Writer) -> None:
    tag = element.tag
    if tag in _BLOCKS and not (writer.paragraphs and _begins_cell(element, label=True)):
        # <p>&nbsp;</p>, <div><br></div> and Word's empty paragraphs are the empty lines of HTML mail.
        empty = tag in ("p", "div") and not len(element) and not writer.pieces
        writer.end_line(even_empty=empty and tag == "p")
        if tag in ("p", "ol", "ul", "table", "blockquote", "h1", "h2", "h3"):
            writer.blank()
    if tag == "blockquote" and writer.states and writer.states[-1] is State.QUOTED:
        writer.quote_depth = max(0, writer.quote_depth - 1)
    if writer.states:
        writer.states.pop()
    if tag in ("ol", "ul", "menu", "dir") and writer.lists:
        writer.lists.pop()
    elif tag == "pre":
        writer.pre -= 1
    elif tag == "a" and writer.links and not writer.rest and not writer.quote_depth:
        writer.text(_link(element))


def _link(element: etree._Element) -> str:
    """` <https://…>` behind the words of a link; "" where they are an address themselves, perhaps rewritten by a
    border, or where it leads to no page."""
    said = "".join(str(one) for one in element.itertext()).strip()
    address = str(element.get("href", "")).strip()
    if not said or _ADDRESS.match(said) or not _PAGE.fullmatch(address):
        return ""
    return f" <{address}>"


def _begins_rest(element: etree._Element, tag: str) -> bool:
    """Outlook, Yahoo, Zimbra and others put the earlier mail below such an element, not inside it."""
    if _REST_IDS.search(element.get("id", "")) or _REST_CLASSES.search(element.get("class", "")):
        return True
    if tag == "hr":
        return element.get("data-marker") == "__DIVIDER__" or element.get("id", "").endswith("stopSpelling")
    style = element.get("style", "")
    if tag in ("div", "p", "td", "table") and "border" in style and _BORDER_TOP.search(style):
        return bool(_FROM_LABEL.match(_first_text(element)))
    return False


def _labels(cell: etree._Element, writer: _Writer) -> bool:
    """Whether the first cell of a row of two holds a label of ours without its colon: a form made into a table."""
    first = cell.getprevious()
    if first is None or first.getprevious() is not None or cell.getnext() is not None:
        return False
    said = "".join(writer.pieces)[:120].strip()
    return not said.endswith(":") and _is_label(said)


def _is_label(said: str) -> bool:
    bare = re.sub(r"\([^()]{0,80}\)\s*$", "", said).strip().removesuffix(":").strip()
    return form_labels.key(bare) in form_labels.every_key()


def _begins_cell(element: etree._Element, *, label: bool = False) -> bool:
    """Whether a paragraph begins a cell in a row of two whose first is a label of ours, so that both are one line.

    Outlook writes `<td><p>` for every cell. With `label` only the paragraph that is the label.
    """
    cell = element.getparent()
    if element.tag not in ("p", "div") or cell is None or cell.tag not in ("td", "th") or (cell.text or "").strip():
        return False
    row = cell.getparent()
    if row is None or len(row) != 2 or cell[0] is not element or len(row[0]) > 1:
        return False
    if label and cell is not row[0]:
        return False
    return _is_label(_first_text(row[0]).strip())


def _first_text(element: etree._Element) -> str:
    """The first hundred characters of text inside, found without walking the rest of the document."""
    out = ""
    for count, text in enumerate(element.itertext()):
        out += clean(str(text))
        if len(out.strip()) > 100 or count > 50:
            break
    return out.lstrip()


def _state_inside(element: etree._Element, tag: str, writer: _Writer) -> State:
    outer = writer.states[-1] if writer.states else State.OPEN
    classes = element.get("class", "")
    if outer is State.QUOTED:
        return outer
    if tag == "blockquote":
        # Without any of these marks it is an indentation that the author made (Gmail's "indent more").
        marked = element.get("type") == "cite" or element.get("cite") or _QUOTE_CLASSES.search(classes)
        bordered = _BORDER_LEFT.search(element.get("style", ""))
        if marked or bordered:
            return State.QUOTED
    elif _QUOTE_CLASSES.search(classes) and not _holds_blockquote(element):
        return State.QUOTED
    if _SIGNATURES.search(element.get("id", "")) or _SIGNATURES.search(classes):
        return State.SIGNATURE
    return outer


def _holds_blockquote(element: etree._Element) -> bool:
    """Gmail's quote element holds the "… wrote:" line, the blockquote, and what is written below it: look inside."""
    return next(element.iter("blockquote"), None) is not None


def _item_mark(element: etree._Element, writer: _Writer) -> str:
    if not writer.lists or not writer.lists[-1].ordered:
        return "- "
    current = writer.lists[-1]
    number = _number(element.get("value"), current.number)
    current.number = number + 1
    return f"{number}. "


def _number(text: str | None, default: int) -> int:
    text = (text or "").strip()
    return int(text) if re.fullmatch(r"-?\d{1,6}", text) else default
