"""`/cases`: what waits for the person who has logged in, and what they have begun. Answers go by mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from mailsvc.cases import question_store
from mailsvc.cases import store as cases
from mailsvc.cases.engine import UNDO
from mailsvc.ids import CaseId, PersonId
from mailsvc.store.database import ReadTx, Row
from mailsvc.web.edge import Edge

PATH = "/cases"


@dataclass(frozen=True, slots=True)
class Matter:
    """One line of the page."""

    number: int
    title: str
    group: str
    opened_at: int


@dataclass(frozen=True, slots=True)
class OwnCases:
    """The page."""

    edge: Edge

    def routes(self) -> list[Route]:
        """The path."""
        return [Route(PATH, self.page)]

    async def page(self, request: Request) -> Response:
        """Without a login there is nothing of one's own."""
        seen = await self.edge.seen(request)
        person = seen.visitor.person
        if person is None:
            return RedirectResponse(f"/login?next={PATH}", 303)
        waiting, begun = await self.edge.db.read(lambda tx: self.matters(tx, person))
        t = self.edge.spoken(seen.visitor.language)
        values = {
            "waiting": waiting,
            "begun": begun,
            "moment": lambda at: t.moment(at, self.edge.config.site.timezone, "EEEE d MMMM y"),
            "cases_address": f"cases@{self.edge.config.site.domain}",
        }
        return self.edge.page("cases", t("cases_title"), values, spoken=t, seen=seen)

    def matters(self, tx: ReadTx, person: PersonId) -> tuple[list[Matter], list[Matter]]:
        """What waits for an answer of theirs, and what they began that is still open."""
        asked = [one for one in question_store.open_questions(tx, person, None) if one.kind != UNDO]
        numbers = dict.fromkeys(one.case_id for one in asked)
        rows = {row["id"]: row for row in cases.of_person(tx, person, "") if row["closed_at"] is None}
        begun = [number for number, row in rows.items() if row["started_by"] == person and number not in numbers]
        return [self._matter(tx, number, rows) for number in numbers], [self._matter(tx, one, rows) for one in begun]

    def _matter(self, tx: ReadTx, number: CaseId, rows: Mapping[int, Row]) -> Matter:
        registry = self.edge.registry
        case = cases.load(tx, registry.kinds, number)
        assert case is not None
        row = rows.get(number)
        group = str(row["group_name"] or "") if row is not None else ""
        return Matter(int(number), registry.kinds[case.kind].title(case.data), group, case.opened_at)
