"""Changes to PairWorkflow that must not get through: the check is checked with them."""

from typing import Any

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from schemas.events import Event
    from workflows.pair import PairWorkflow


@workflow.defn(name="PairWorkflow")
class Reordered(PairWorkflow):
    """Records before it looks for a time, where it does so afterwards."""

    @workflow.init
    def __init__(self, *args: Any) -> None:
        super().__init__(*args)

    @workflow.run
    async def run(self, *args: Any) -> str:
        return await super().run(*args)

    async def _one_round(self) -> None:
        self._serve_deadlines()
        if self._record_due():
            await self._record()
        else:
            await super()._one_round()


@workflow.defn(name="PairWorkflow")
class Hasty(PairWorkflow):
    """Sets no timer."""

    @workflow.init
    def __init__(self, *args: Any) -> None:
        super().__init__(*args)

    @workflow.run
    async def run(self, *args: Any) -> str:
        return await super().run(*args)

    async def _wait(self) -> None:
        self._show()
        await workflow.wait_condition(lambda: self.woken)
        self.woken = False


@workflow.defn(name="PairWorkflow")
class Severe(PairWorkflow):
    """Counts a strike from the start."""

    @workflow.init
    def __init__(self, *args: Any) -> None:
        super().__init__(*args)

    @workflow.run
    async def run(self, *args: Any) -> str:
        return await super().run(*args)

    def _apply(self, event: Event) -> str | None:
        ignored = super()._apply(event)
        self.current_state = self._state.having(strikes=1)
        return ignored
