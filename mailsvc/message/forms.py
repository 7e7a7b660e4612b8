"""Forms in plain text: how they are printed in letters, and how what people made of them is read (words.md §7.3, §7.4).

A form is a list of labels with room behind them. It comes back quoted or not, in any client's way, filled in on the
same line or below, in any of the five languages; what is read is what differs from the form that was sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from mailsvc.message import form_labels
from mailsvc.message.form_found import Found, find_label
from mailsvc.message.form_source import Row, rows, signs_off
from mailsvc.message.form_values import Room, matches, value_of, written

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_UNKNOWN: Final = re.compile(r"[\s*_•-]{0,4}([^\W\d_][^\W_]{1,19}(?: [^\W_]{1,19}){0,2})[*_]{0,2} ?:(?:[\s*_]|$)")
_MOST_UNKNOWN: Final = 20
_MOST_TIMES: Final = 20  # that one label is looked at, so that sent values are not compared without end
# What stands with a label in people's own signatures: "Adress: Box 12".
_CONTACT: Final = frozenset({"address", "where", "name", "record"})


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form by its id of `form_labels`; `lines`: its value may have many lines."""

    id: str
    required: bool = False
    lines: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """Fields in the order they are printed. ValueError where two share a label, KeyError for an unknown id."""

    fields: tuple[Field, ...]

    def __post_init__(self) -> None:
        form_labels.lookup(self.ids)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the fields."""
        return tuple(field.id for field in self.fields)

    @property
    def labels(self) -> Mapping[str, str]:
        """Label key -> field id, over all languages."""
        return form_labels.lookup(self.ids)

    def missing(self, values: Mapping[str, str]) -> tuple[str, ...]:
        """The required fields without a value, in order: what is asked for, only that."""
        return tuple(field.id for field in self.fields if field.required and not values.get(field.id, "").strip())


@dataclass(frozen=True, slots=True)
class FormReading:
    """What was read: `values` by field id, only where something stands, labels that the form does not have, and `free`,
    what was newly written outside of the form, without signature."""

    values: dict[str, str]
    unknown_labels: tuple[str, ...] = ()
    free: str = ""


@dataclass(frozen=True, slots=True)
class FormLine:
    """One field as printed: `label` without colon, `value` ("" to be filled in), `hint` ("" for none)."""

    label: str
    value: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class _Candidate:
    value: str
    level: tuple[int, int]
    kept: bool  # nothing but what was sent


def form_lines(
    form: Form, language: str, values: Mapping[str, str] = _NOTHING, hints: Mapping[str, str] = _NOTHING
) -> list[FormLine]:
    """The form as a letter prints it: labels in `language`, values and hints by field id."""
    return [
        FormLine(form_labels.label(one, language), values.get(one, ""), hints.get(one, "").strip("() "))
        for one in form.ids
    ]


def form_text(lines: Sequence[FormLine]) -> str:
    """The lines as plain text, `Label (hint): value`, values of several lines below their label."""
    out = []
    for line in lines:
        hint = f" ({line.hint})" if line.hint else ""
        gap = "\n" if "\n" in line.value else " "
        out.append(f"{line.label}{hint}:{gap}{line.value}".rstrip())
    return "\n".join(out)


def read_form(text: str, form: Form, sent: Mapping[str, str] = _NOTHING, letter: str = "") -> FormReading:
    """What was filled in. Never raises; bounded: the first 64 KiB are read, in linear time.

    `text` is the whole body (`reply_text.whole_text`), `sent` what stood behind each label in the letter that is
    answered, `letter` that letter's text, whose sentences are then not taken for anybody's. A prefill that was left as
    it was counts as a value; one that was removed does not. Newer text wins over what is quoted below it.
    """
    labels = form.labels
    everything = rows(text, lambda line: _label_key(line, labels), letter, tuple(sent.values()))
    found = _found(everything, labels)
    reader = _Reader(form, everything, found, sent)
    candidates = reader.candidates()
    values = {one: value for one in form.ids if (value := _chosen(candidates.get(one, [])))}
    return FormReading(values, reader.unknown(), reader.free())


def _label_key(line: str, labels: Mapping[str, str]) -> str:
    """The key of the label a line begins with, or "": what tells a form's line from a client's header."""
    found = find_label(line, labels)
    return found.key if found is not None and found.colon else ""


def _found(everything: Sequence[Row], labels: Mapping[str, str]) -> dict[int, Found]:
    """Row number -> label, without those that are a part of somebody's sentence or signature."""
    every = {place: one for place, row in enumerate(everything) if (one := find_label(row.text, labels))}
    every = _without_signed(everything, every)
    sure = {(everything[at].level, one.field) for at, one in every.items() if one.colon}
    company: dict[tuple[int, int], set[str]] = {}
    for at, one in every.items():
        company.setdefault(everything[at].level, set()).add(one.field)
    out = {}
    for at, one in every.items():
        level = everything[at].level
        # A lone "Moderator" on a line is somebody's title; in a form there are other labels.
        alone = not one.colon and not one.rest and len(company[level]) < 2
        if one.colon or not (alone or (level, one.field) in sure):
            out[at] = one
    return _within(everything, out)


def _without_signed(everything: Sequence[Row], found: dict[int, Found]) -> dict[int, Found]:
    """Labels below a sign-off count where a form was pasted there: two or more, or one that no signature has."""
    out = dict(found)
    held: list[int] = []
    level: tuple[int, int] | None = None
    signed = False
    for place, row in enumerate((*everything, Row("", -1, -1))):
        if row.level != level:
            _drop_contacts(out, found, held)
            held, level, signed = [], row.level, False
        if place in found:
            if signed:
                held.append(place)
        elif signs_off(row.text):
            signed = True
    return out


def _drop_contacts(out: dict[int, Found], found: Mapping[int, Found], held: Sequence[int]) -> None:
    several = len({found[place].field for place in held if found[place].colon}) >= 2
    for place in held:
        one = found[place]
        if not (one.colon and (several or one.field not in _CONTACT)):
            del out[place]


def _within(everything: Sequence[Row], found: dict[int, Found]) -> dict[int, Found]:
    """Those of the mails that can hold the answer: down to the newest with a form, and the one that is answered."""
    count: dict[int, set[str]] = {}
    for place, one in found.items():
        count.setdefault(everything[place].mail, set()).add(one.field)
    forms = [mail for mail, fields in count.items() if len(fields) >= 2] or list(count)
    last = max(1, min(forms, default=1))
    return {place: one for place, one in found.items() if everything[place].mail <= last}


def _chosen(candidates: Sequence[_Candidate]) -> str:
    """The newest that says something of its own; else the prefill."""
    ordered = sorted(candidates, key=lambda one: one.level)
    return next((one.value for one in ordered if not one.kept), ordered[0].value if ordered else "")


class _Reader:
    """One pass over the rows: which belong to which label, and what is left."""

    def __init__(self, form: Form, everything: list[Row], found: dict[int, Found], sent: Mapping[str, str]) -> None:
        self._fields = {field.id: field for field in form.fields}
        self._rows = everything
        self._found = found
        self._sent = sent
        self._places = sorted(found)
        self._used: set[int] = set(found)
        self._last = {everything[place].level: place for place in self._places}  # of each quotation

    def candidates(self) -> dict[str, list[_Candidate]]:
        """Every value of every field."""
        out: dict[str, list[_Candidate]] = {}
        times: dict[str, int] = {}
        fresh_rooms = [self._fresh(number) for number in range(len(self._places))]
        inline = sum(1 for room in fresh_rooms if room)
        for number, place in enumerate(self._places):
            one, row = self._found[place], self._rows[place]
            times[one.field] = times.get(one.field, 0) + 1
            if times[one.field] > _MOST_TIMES:
                continue
            field = self._fields[one.field]
            sent = self._sent.get(one.field, "")
            fresh = fresh_rooms[number]
            last = self._is_last(number)
            if fresh and (not last or inline > 1 or fresh[0] == place + 1):
                room = Room("", "", tuple((at, self._rows[at].text) for at in fresh), last)
                value, used = value_of(room, lines=field.lines, sent="")
                level = self._rows[fresh[0]].level
                if value:
                    self._used |= used
                    out.setdefault(one.field, []).append(_Candidate(value, level, kept=False))
                    continue
            room = Room(one.rest, row.text, tuple((at, self._rows[at].text) for at in self._same(number)), last)
            value, used = value_of(room, lines=field.lines, sent=sent)
            if value:
                self._used |= used
                kept = bool(sent) and matches(value, written(sent))
                out.setdefault(one.field, []).append(_Candidate(value, row.level, kept))
        return out

    def _end(self, number: int) -> int:
        return self._places[number + 1] if number + 1 < len(self._places) else len(self._rows)

    def _same(self, number: int) -> list[int]:
        """The rows below a label that stand as it does: in the same mail, as deeply quoted."""
        place = self._places[number]
        out = []
        for at in range(place + 1, self._end(number)):
            if self._rows[at].level != self._rows[place].level and self._rows[at].text:
                break
            out.append(at)
        return out

    def _fresh(self, number: int) -> list[int]:
        """The rows below a quoted label that are quoted less: an answer between the quoted lines."""
        place = self._places[number]
        depth = self._rows[place].depth
        out: list[int] = []
        for at in range(place + 1, self._end(number)):
            row = self._rows[at]
            if row.depth > depth or (row.depth == depth and out and row.text):
                break
            if row.depth < depth and (out or not row.blank):
                out.append(at)
        while out and self._rows[out[-1]].blank:
            out.pop()
        return out

    def _is_last(self, number: int) -> bool:
        """True when no label follows in the same mail: signature and closing words may come."""
        place = self._places[number]
        return self._last[self._rows[place].level] == place

    def unknown(self) -> tuple[str, ...]:
        """Labels of no field of this form, between and beside those that were read."""
        levels = {self._rows[place].level for place in self._places}
        out: list[str] = []
        signed: set[tuple[int, int]] = set()
        for at, row in enumerate(self._rows):
            if at in self._used or row.level not in levels:
                continue
            if signs_off(row.text):
                signed.add(row.level)
            match = _UNKNOWN.match(row.text)
            if match and row.level not in signed and match[1][0].isupper() and match[1] not in out:
                out.append(match[1])
            if len(out) == _MOST_UNKNOWN:
                break
        return tuple(out)

    def free(self) -> str:
        """What this mail says outside of the form."""
        from_here = [row.text for at, row in enumerate(self._rows) if at not in self._used and row.level == (0, 0)]
        return written("\n".join(from_here), signature=True)
