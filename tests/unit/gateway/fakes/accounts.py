"""Accounts, sessions and the record of who read what, kept in place of PostgreSQL."""

from collections.abc import Sequence
from datetime import UTC, datetime

from activities.persistence.accounts.accounts import Accounts
from activities.persistence.accounts.sign_ins import FoundLink, OpenidRequest, SignIns
from activities.persistence.accounts.trail import AccessTrail
from domain.access.sign_in import next_attempt
from schemas.records.access import AccessEntry, Account, FoundSession, Grant, SignInWay

ADDED = datetime(2027, 1, 4, 9, tzinfo=UTC)


class FakeAccounts(Accounts):
    """Accounts in a dictionary, by login; tokens, hashes and subjects beside it."""

    def __init__(self) -> None:
        self.known: dict[str, Account] = {}
        self.tokens: dict[str, str] = {}
        self.hashes: dict[str, str] = {}
        self.subjects: dict[str, str] = {}

    async def listing(self) -> list[Account]:
        return list(self.known.values())

    async def by_login(self, login: str) -> Account | None:
        return self.known.get(login.lower())

    async def by_token(self, token: str) -> Account | None:
        return self._of_actor(self.tokens.get(token))

    async def by_subject(self, subject: str) -> Account | None:
        return self._of_actor(self.subjects.get(subject))

    def _of_actor(self, actor: str | None) -> Account | None:
        return next((a for a in self.known.values() if a.actor == actor), None)

    async def add(
        self, login: str, name: str, grants: Sequence[Grant], person: str | None = None
    ) -> Account:
        actor = "a" + login.translate(str.maketrans("", "", "@.-0189"))[:13].ljust(
            13, "x"
        )
        made = Account(
            actor=actor,
            login=login,
            name=name,
            person=person,
            grants=tuple(grants),
            added_at=ADDED,
        )
        self.known[login] = made
        return made

    async def revoke(self, login: str) -> bool:
        found = self.known.get(login)
        if found is None:
            return False
        self.known[login] = found.model_copy(update={"revoked_at": ADDED})
        self.tokens = {t: a for t, a in self.tokens.items() if a != found.actor}
        return True

    async def new_token(self, actor: str) -> str:
        token = f"token-of-{actor}"
        self.tokens[token] = actor
        return token

    async def password_hash(self, login: str) -> str | None:
        found = self.known.get(login)
        return self.hashes.get(found.actor) if found else None

    async def set_password(self, actor: str, password_hash: str) -> None:
        self.hashes[actor] = password_hash

    async def set_subject(self, actor: str, subject: str) -> bool:
        if actor in self.subjects.values():
            return False
        self.subjects[subject] = actor
        return True


class FakeSignIns(SignIns):
    """Sessions by cookie, links by token."""

    def __init__(self, accounts: FakeAccounts) -> None:
        self._accounts = accounts
        self.sessions: dict[str, FoundSession] = {}
        self.links: dict[str, FoundLink] = {}
        self.attempts: dict[str, list[datetime]] = {}
        self.requests: dict[str, OpenidRequest] = {}

    async def start(self, actor: str, way: SignInWay) -> str:
        cookie = f"cookie-{len(self.sessions)}-of-{actor}"
        account = self._accounts._of_actor(actor)
        assert account is not None
        self.sessions[cookie] = FoundSession(account, way, datetime.now(UTC), None)
        return cookie

    async def find(self, token: str) -> FoundSession | None:
        found = self.sessions.get(token)
        account = self._accounts._of_actor(found.account.actor) if found else None
        return found._replace(account=account) if found and account else None

    async def end(self, token: str) -> None:
        found = self.sessions[token]
        self.sessions[token] = found._replace(ended_at=datetime.now(UTC))

    async def end_all(self, actor: str, but: str | None = None) -> None:
        for cookie, found in self.sessions.items():
            if found.account.actor == actor and cookie != but:
                await self.end(cookie)

    async def make_link(self, actor: str) -> str:
        account = self._accounts._of_actor(actor)
        assert account is not None
        token = f"link-{len(self.links)}-of-{actor}"
        kept = {t: v for t, v in self.links.items() if v.account.actor != actor}
        self.links = {**kept, token: FoundLink(account, datetime.now(UTC), None)}
        return token

    async def find_link(self, token: str) -> FoundLink | None:
        found = self.links.get(token)
        account = self._accounts._of_actor(found.account.actor) if found else None
        return found._replace(account=account) if found and account else None

    async def use_link(self, token: str) -> bool:
        found = self.links[token]
        self.links[token] = found._replace(used_at=datetime.now(UTC))
        return found.used_at is None

    async def attempt(self, who: str, now: datetime, free: int) -> datetime | None:
        made = self.attempts.setdefault(who, [])
        allowed = next_attempt(made, now, free)
        if allowed is None:
            made.append(now)
        return allowed

    async def forget_attempts(self, who: str, at: datetime | None = None) -> None:
        made = self.attempts.get(who, [])
        self.attempts[who] = [each for each in made if at not in (None, each)]

    async def keep_request(self, state: str, request: OpenidRequest) -> None:
        self.requests[state] = request

    async def take_request(self, state: str) -> OpenidRequest | None:
        return self.requests.pop(state, None)


class FakeTrail(AccessTrail):
    """Lines as (actor, what, about)."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str, str]] = []
        self.decided: list[tuple[str, str, str]] = []
        self.outcomes: list[tuple[bool, str | None]] = []

    async def read(self, actor: str, what: str, about: str) -> None:
        self.lines.append((actor, what, about))

    async def decides(self, actor: str, about: str, what: str) -> int:
        self.decided.append((actor, about, what))
        return len(self.decided)

    async def settle(
        self, number: int, *, accepted: bool, reason: str | None = None
    ) -> None:
        self.outcomes.append((accepted, reason))

    async def entries(
        self, limit: int = 100, offset: int = 0, about: str | None = None
    ) -> list[AccessEntry]:
        return [
            AccessEntry(ADDED, actor, actor, what, of)
            for actor, what, of in self.lines
            if about in (None, of)
        ]
