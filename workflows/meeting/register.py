"""What meetings bring to the service."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from mailsvc.cases.engine import Engine
from mailsvc.cases.judge import Demand
from mailsvc.registry import Registry
from mailsvc.routing import ANSWER
from workflows.meeting import coming
from workflows.meeting.afterwards import after, circle_end
from workflows.meeting.afterwards.after import AskSigners, CallNext, CorrectAttendance, FileNotes, Share
from workflows.meeting.afterwards.attending import Attending
from workflows.meeting.afterwards.circle_end import AskMembers
from workflows.meeting.afterwards.ending import Ending
from workflows.meeting.afterwards.filing import Filing
from workflows.meeting.afterwards.rereading import Rereading
from workflows.meeting.answering import answers
from workflows.meeting.answering.answers import CalendarAnswers
from workflows.meeting.answering.counter import MEETING_COUNTER, DeclineCounter, MoveMeeting
from workflows.meeting.answering.countering import Countering
from workflows.meeting.answering.delegate import MEETING_DELEGATE
from workflows.meeting.answering.delegating import Delegating
from workflows.meeting.answering.silent import Silent
from workflows.meeting.before import agenda, introduction
from workflows.meeting.before.agenda import CallItems, KeepItem, SendAgenda
from workflows.meeting.before.gathering import Gathering
from workflows.meeting.before.introduction import AskTurn, GiveTurn, SetTurn, TellAway, TellMoved, TellTurn
from workflows.meeting.before.rota import Rota
from workflows.meeting.call import MEETING_CALL, Begin
from workflows.meeting.case import (
    MEETING,
    RSVP,
    AskSilent,
    CancelMeeting,
    ChangeMeeting,
    CountAnswer,
    EndMeeting,
    InviteEverybody,
    Remind,
    Summarise,
)
from workflows.meeting.desk import Desk
from workflows.meeting.feeds.clashes import Clashes
from workflows.meeting.feeds.feeds import Feeds
from workflows.meeting.mailing import METHODS, Mailing
from workflows.meeting.meetings import Meetings
from workflows.meeting.outside.handling import OutsideCalls
from workflows.meeting.polls import poll
from workflows.meeting.polls.poll import AskDates, Book, Choose, ShowResult
from workflows.meeting.polls.polling import Polling
from workflows.meeting.series import series
from workflows.meeting.series.series import CallTimes, ChangeOne
from workflows.meeting.series.serving import Serving
from workflows.meeting.week import my_meetings

LETTERS: Final = Path(__file__).parent / "letters"
WHO_IS_COMING: Final = "who is coming"


def register(registry: Registry, engine: Engine) -> None:
    """Kinds, effects, addresses, letters, and what other packages ask for."""
    mailing = Mailing(registry.site)
    meetings = Meetings(registry, engine, mailing)
    polling = Polling(registry, engine, meetings)
    serving = Serving(registry, engine, meetings)
    desk = Desk(registry, engine, meetings, polling, serving)
    delegating = Delegating(engine, meetings, mailing)
    calendars = CalendarAnswers(registry, engine, meetings, delegating)
    countering = Countering(engine, mailing)
    date_poll = poll.with_facts(polling.look)
    for kind in (MEETING_CALL, MEETING, MEETING_COUNTER, MEETING_DELEGATE, date_poll, series.with_facts(serving.look)):
        registry.kinds[kind.name] = kind
    registry.effects |= {
        Begin: desk.begin,
        InviteEverybody: meetings.invite_everybody,
        CountAnswer: meetings.count,
        ChangeMeeting: meetings.change,
        CancelMeeting: meetings.cancel,
        Summarise: meetings.summarise,
        Remind: meetings.remind,
        AskSilent: Silent(registry.site, mailing).ask,
        EndMeeting: meetings.end,
        MoveMeeting: countering.move,
        DeclineCounter: countering.decline,
        AskDates: polling.ask,
        Choose: polling.choose,
        ShowResult: polling.show,
        Book: polling.book,
        CallTimes: serving.call,
        ChangeOne: serving.change,
    }
    registry.demands[MEETING.name, RSVP] = Demand.USUAL  # as by calendar, where the key alone counts
    registry.demands[poll.KIND, "dates"] = Demand.USUAL
    registry.routes.insert(0, answers.route)
    registry.handlers["meeting"] = desk
    registry.handlers[answers.HANDLER] = calendars
    registry.handlers[ANSWER] = calendars.before(registry.handlers[ANSWER])
    registry.explainers["meeting"] = desk.explain
    for template in METHODS:
        registry.enclosers[template] = mailing.enclose
    registry.letter_folders["meeting"] = str(LETTERS)
    registry.commands[WHO_IS_COMING] = coming.who_is_coming
    registry.members_changed += [meetings.members_changed, polling.members_changed]
    delegating.register(registry)
    _around(registry, engine, meetings)
    OutsideCalls(registry, engine, meetings, calendars, desk).register(registry, mailing)
    Feeds(registry).register(registry)
    Rereading(registry).register(registry)
    Attending(registry, engine).register(registry)
    registry.week.append(my_meetings)
    clashes = Clashes(registry.site)
    meetings.on_called.append(clashes.called)
    meetings.on_moved.append(clashes.moved)


def _around(registry: Registry, engine: Engine, meetings: Meetings) -> None:
    """Before a meeting its agenda and whose turn it is, after it its notes, and at a circle's end what came of it."""
    filing = Filing(registry, engine, meetings)
    ending = Ending(registry, engine)
    rota = Rota(registry, engine, meetings.house())
    gathering = Gathering(registry, engine, meetings.house())
    meetings.on_held += [filing.ended, ending.held]
    meetings.on_called += [rota.called, gathering.called]
    meetings.on_moved += [rota.moved, gathering.moved]
    meetings.on_remind.append(rota.remind)
    meetings.on_answered.append(rota.answered)
    registry.members_changed.append(rota.members_changed)
    for kind in (
        after.with_facts(filing.look),
        introduction.with_facts(rota.look),
        agenda.with_facts(gathering.look),
        circle_end.with_facts(ending.look),
    ):
        registry.kinds[kind.name] = kind
    registry.effects |= {
        AskMembers: ending.ask,
        CallItems: gathering.ask,
        KeepItem: gathering.keep,
        SendAgenda: gathering.send,
        SetTurn: rota.set,
        GiveTurn: rota.give,
        AskTurn: rota.ask,
        TellTurn: rota.tell,
        TellMoved: rota.tell_moved,
        TellAway: rota.tell_away,
        FileNotes: filing.file,
        CorrectAttendance: filing.correct,
        AskSigners: filing.ask_signers,
        Share: filing.share,
        CallNext: filing.call_next,
    }
