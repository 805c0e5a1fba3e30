"""Everybody whom no test is about: they answer their mails at once, over HTTP, as their browsers would."""

import asyncio

import httpx

from binome.demo.forms import forms_of
from schemas.links import Question
from tests.browser.stack.organisation import ANSWERED_BY_TESTS, address
from tests.browser.stack.post import Asked, Post

_FILLED = {
    Question.VOLUNTEER: {"action": "volunteer", "charter": "yes"},
    Question.SIGN_OFF: {"ready": "yes", "rehearsed": "yes"},
    Question.AGREE: {"action": "agree", "charter": "yes"},
    Question.ANSWER: {"answer": "yes"},
    Question.HELD: {"held": "yes"},
}


class Others:
    """Plays until it is cancelled."""

    def __init__(self, post: Post, browser: httpx.AsyncClient) -> None:
        self._post, self._browser = post, browser
        self._left = {(address(who), question) for who, question in ANSWERED_BY_TESTS}
        self._done: set[str] = set()

    async def play(self) -> None:
        while True:
            for asked in self._post.asked():
                if (
                    asked.url not in self._done
                    and (asked.to, asked.link.question) not in self._left
                ):
                    self._done.add(asked.url)
                    await self.answer(asked)
            await asyncio.sleep(0.1)

    async def answer(self, asked: Asked) -> None:
        """Say yes, whatever is asked; a page that asks nothing any more, or not yes or no, is left."""
        filled = _FILLED.get(asked.link.question, {})
        forms = forms_of((await self._browser.get(asked.url)).text)
        if forms and all(
            forms[0].offers(name, value)
            for name, value in filled.items()
            if name not in ("charter",)
        ):
            await self._browser.post(asked.url, data={**forms[0].fields, **filled})
