"""Every declared kind of case is whole, whatever package brings it: tested over the registry, so new kinds come too."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, is_dataclass
from email import message_from_bytes, policy
from pathlib import Path

import msgspec
import pytest

from mailsvc.app import build_registry
from mailsvc.cases.diagram import Samples, Walked, walk
from mailsvc.cases.kinds import check_kinds, problems
from mailsvc.cases.model import ENGINE_EFFECTS, Ask, CaseKind, Close, Step, Takes, Tell
from mailsvc.cases.reading.model import VOCABULARIES
from mailsvc.config import LANGUAGES, Config
from mailsvc.keys import SiteKey
from mailsvc.letters.compose import Composer, LetterSpec
from mailsvc.registry import Registry
from mailsvc.site import Site

# Events of a kind that answer none of its questions: another case of the same meeting, or a calendar, says them.
FROM_OUTSIDE = {"meeting": ("counter", "calendar"), "introduction": ("given",)}
SAID_BY_CALENDARS = {"rsvp": frozenset({"delegated"})}  # what no words say
LEADS_ON = frozenset({"swap"})  # the one who is asked stays asked while the other has not answered
WORDS = ("address", "join", "leave", "request", "owner", "docs")
GROUP = {
    "name": "cataloguing",
    "title": "Cataloguing network",
    "purpose": "Rules of cataloguing",
    **{
        word: f"cataloguing-{word}@networks.example.org"
        for word in ("address", "join", "leave", "request", "owner", "docs")
    },
    "moderated": False,
    "announce": False,
}
# What a field of a kind's data may hold, where any word would not do.
SAMPLES: dict[str, Samples] = {
    "confirmation": {"variant": ["claim", "challenge", "all"]},
    "own-data": {"what": ["export", "erase"]},
}
MOST_RENDERED = 30  # of one letter: it is the same template with other data
OWN_WORDS = {Takes.WORDS: set(), Takes.TEXT: {"said"}, Takes.FORM: {"filled"}}
ORDINARY: Samples = {
    "group": [GROUP],
    "language": ["en"],
    "author_language": ["en"],
    "author_address": ["", "a@example.org"],
}


def registered() -> Registry:
    return build_registry(Site(Config(), SiteKey("k", "site", bytes(32))))[0]


REGISTRY = registered()
KINDS = sorted(REGISTRY.kinds)


def walked(kind: str) -> list[Walked]:
    declared = REGISTRY.kinds[kind]
    known = {field.name for field in msgspec.structs.fields(declared.data)}
    samples = {name: values for name, values in {**ORDINARY, **SAMPLES.get(kind, {})}.items() if name in known}
    return walk(declared, samples)


WALKED = {kind: walked(kind) for kind in KINDS}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> CaseKind:
    return REGISTRY.kinds[request.param]


def effects(kind: CaseKind) -> list[object]:
    return [effect for way in WALKED[kind.name] for effect in way.effects]


def test_there_are_kinds() -> None:
    assert {"held-post", "join-request", "leave", "confirmation"} <= set(KINDS)


def test_nothing_is_missing(kind: CaseKind) -> None:
    assert problems(kind, REGISTRY) == []


def test_every_state_is_reached(kind: CaseKind) -> None:
    assert {kind.start, *(way.target for way in WALKED[kind.name])} == set(kind.states)


def test_every_transition_is_taken(kind: CaseKind) -> None:
    assert {(way.state, way.trigger) for way in WALKED[kind.name]} == set(kind.transitions)


def test_an_end_is_reached_from_everywhere(kind: CaseKind) -> None:
    ways = {(way.state, way.target) for way in WALKED[kind.name]}
    ending = set(kind.final)
    while more := {state for state, target in ways if target in ending} - ending:
        ending |= more
    assert ending == set(kind.states)


def test_no_case_waits_for_ever(kind: CaseKind) -> None:
    """Every state that is no end can be left without anybody's answer: by time."""
    timed = {way.state for way in WALKED[kind.name] if way.trigger.startswith("timer:")}
    assert set(kind.states) - kind.final - {kind.start} <= timed


def test_an_end_closes(kind: CaseKind) -> None:
    assert kind.final
    for way in WALKED[kind.name]:
        closes = any(isinstance(effect, Close) for effect in way.effects)
        assert closes <= (way.target in kind.final), way


def test_effects_are_declared_registered_and_used(kind: CaseKind) -> None:
    asked_for = {type(effect) for effect in effects(kind)} - set(ENGINE_EFFECTS)
    assert asked_for == set(kind.effects)
    assert all(callable(REGISTRY.effects[effect]) for effect in asked_for)
    for effect in effects(kind):
        assert is_dataclass(effect)
        assert all(hasattr(effect, field.name) for field in fields(effect))


def test_questions_are_those_that_are_declared(kind: CaseKind) -> None:
    asked = {effect.question for effect in effects(kind) if isinstance(effect, Ask)}
    assert asked <= set(kind.questions)
    for state, trigger in kind.transitions:
        question, _, meaning = trigger.partition(":")
        if question in kind.questions:
            declared = kind.questions[question]
            meanings = {str(one) for one in VOCABULARIES[declared.vocabulary].meanings} | OWN_WORDS[declared.takes]
            meanings |= SAID_BY_CALENDARS.get(question, frozenset())
            assert meaning in meanings, (state, trigger)
        else:
            assert question in ("opened", "timer", "withdraw", "undo", *FROM_OUTSIDE.get(kind.name, ())), (
                state,
                trigger,
            )


def test_answers_that_leave_a_question_open_leave_the_state(kind: CaseKind) -> None:
    for name, question in kind.questions.items():
        for meaning in question.keeps_open:
            for way in WALKED[kind.name]:
                if way.trigger == f"{name}:{meaning}" and question.takes is Takes.WORDS and meaning not in LEADS_ON:
                    assert way.target == way.state, way


def path_of(letter: str) -> Path:
    folder, _, name = letter.partition("/")
    return Path(REGISTRY.letter_folders[folder]) / f"{name}.j2"


def test_every_letter_exists(kind: CaseKind) -> None:
    assert [letter for letter in kind.letters if not path_of(letter).is_file()] == []


def test_letters_that_are_written_are_declared(kind: CaseKind) -> None:
    written = {effect.letter for effect in effects(kind) if isinstance(effect, Ask | Tell)}
    assert written <= set(kind.letters)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_renders(kind: CaseKind, language: str) -> None:
    composer = Composer(REGISTRY.site, REGISTRY.letter_folders)
    done: Counter[str] = Counter()
    for effect in effects(kind):
        if not isinstance(effect, Ask | Tell) or done[effect.letter] == MOST_RENDERED:
            continue
        vocabulary = kind.questions[effect.question].vocabulary if isinstance(effect, Ask) else ""
        values = msgspec.json.decode(msgspec.json.encode({**effect.values, "vocabulary": vocabulary, "case": 142}))
        spec = LetterSpec(
            template=effect.letter,
            language=language,
            to_address="anna@example.org",
            to_name="Anna",
            message_id="m@networks.example.org",
            created_at=1_800_000_000_000_000,
            values=values,
            case=142,
            token="a" * 26 if isinstance(effect, Ask) else "",
            vocabulary=vocabulary,
        )
        message = message_from_bytes(composer.letter(spec), policy=policy.default)
        assert str(message["Subject"]).endswith("[#142]")
        done[effect.letter] += 1
    assert done or not any(isinstance(effect, Ask | Tell) for effect in effects(kind))


def gap(**changes: object) -> list[str]:
    declared = REGISTRY.kinds["leave"]
    values = {field.name: getattr(declared, field.name) for field in fields(CaseKind)}
    return problems(CaseKind(**{**values, **changes}), REGISTRY)


def test_gaps_are_found() -> None:
    leave = REGISTRY.kinds["leave"]
    assert gap() == []
    assert gap(states=(*leave.states, "lost")) == ["no way out of lost"]
    assert gap(final=leave.final | {"left"}) == ["a way out of the end left"]
    assert gap(effects=(Step,)) == ["no function for effect Step"]
    assert gap(effects=(Ask,))[1:] == ["Ask is the engine's own effect"]
    more = {**leave.transitions, ("nowhere", "opened"): leave.transitions["new", "opened"]}
    assert gap(transitions=more) == ["unknown state nowhere"]


def test_a_gap_stops_the_start() -> None:
    registry = registered()
    registry.effects.clear()
    with pytest.raises(AssertionError, match="no function for effect"):
        check_kinds(registry)
