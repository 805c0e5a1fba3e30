"""Everybody at once: read the mail, open the page, fill the form, send it."""

import asyncio
from collections import Counter
from pathlib import Path

import httpx

from binome.demo.answers import OpenedPage, answer
from binome.demo.forms import forms_of, question_of
from binome.demo.learning import LearningPlatform
from binome.demo.mailbox import Mail, Mailbox
from binome.demo.participants import Participant, Participants, Trait
from schemas.links import Question

PAGES_AT_ONCE = 6
"""People at their screens at the same time: more would only wait for each other."""
MAIL_CHECK_SECONDS = 0.2
"""Seconds between two looks at the mailbox."""


class Simulation:
    """The participants, until they are cancelled."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        participants: Participants,
        learning: LearningPlatform,
        mails: Path,
    ) -> None:
        self.mailbox = Mailbox(mails)
        self.answered: Counter[Question] = Counter()
        self.left_open = 0
        """Pages that somebody looked at and left."""
        self.not_taken = 0
        """Answers that a page did not take, because it was too late or did not fit."""
        self._client, self._participants, self._learning = (
            client,
            participants,
            learning,
        )
        self._asked: Counter[tuple[str, Question]] = Counter()
        self._open_pages = asyncio.Semaphore(PAGES_AT_ONCE)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            while True:
                for mail in await asyncio.to_thread(self.mailbox.arrived):
                    tasks.create_task(self._read(mail, tasks))
                await asyncio.sleep(MAIL_CHECK_SECONDS)

    async def _read(self, mail: Mail, tasks: asyncio.TaskGroup) -> None:
        reader = self._participants.by_email.get(mail.to)
        async with self._open_pages:
            for link in mail.links if reader else ():
                assert reader is not None
                if await self._visit(reader, link) is Question.VOLUNTEER:
                    tasks.create_task(self._study(reader))
        await asyncio.to_thread(self.mailbox.done, mail)

    async def _visit(self, reader: Participant, link: str) -> Question | None:
        """Answers the question that was answered, if one was."""
        forms = forms_of((await self._client.get(link)).text)
        question = question_of(forms[0]) if forms else None
        if question is None:
            return None
        self._asked[reader.external_id, question] += 1
        times = self._asked[reader.external_id, question]
        chance = self._participants.chance(reader, f"{question}:{times}")
        filled = answer(OpenedPage(reader, question, forms, times, chance))
        if filled is None:
            self.left_open += 1
            return None
        sent = await self._client.post(link, data=filled)
        if sent.status_code != httpx.codes.SEE_OTHER:
            self.not_taken += 1
            return None
        self.answered[question] += 1
        return question

    async def _study(self, mentor: Participant) -> None:
        """Complete modules at the mentor's own pace; an unready one does so only the
        second time.
        """
        first = self._asked[mentor.external_id, Question.VOLUNTEER] == 1
        if Trait.DECLINES in mentor.traits or (
            Trait.UNREADY in mentor.traits and first
        ):
            return
        await self._learning.study(
            mentor.external_id, 0.5 + self._participants.chance(mentor, "study")
        )
