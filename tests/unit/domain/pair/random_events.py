"""Random events of a pair, as Hypothesis strategies."""

from hypothesis import strategies as st

from schemas import events as e
from schemas import pair_updates as u
from schemas.guard import ApartAgain, KeptTogether, TooClose
from schemas.notices import Template
from tests.support.lives import MENTEE, OTHER, PAIR

side = st.sampled_from(list(e.Side))
mentee = st.sampled_from([MENTEE, OTHER])
number = st.integers(1, 4)
FAILED_CALLS = [
    f"{PAIR.workflow_id}:9:{template}:0.1.1:{OTHER}"
    for template in (Template.CALL_MENTOR, Template.CONCERN_WAITING)
]
RANDOM_SIGNALS = st.one_of(
    st.builds(e.Volunteered),
    st.builds(e.WindowsGiven, side=side),
    st.builds(e.ModuleCompleted, module=st.sampled_from(["listening", "other"])),
    st.builds(e.CharterSigned, side=side),
    st.builds(e.Rehearsed),
    st.builds(e.Matched, mentee=mentee),
    st.builds(e.MatchAgreed, side=side, mentee=mentee, charter=st.booleans()),
    st.builds(e.MatchRefused, side=side, mentee=mentee),
    st.builds(e.Held, session=number, attempt=st.integers(1, 2), held=st.booleans()),
    st.builds(e.PulseReceived, session=number, pulse=st.sampled_from(["one", "other"])),
    st.builds(e.ConcernRaised, concern=st.sampled_from(["c1", "c2", "c3"])),
    st.builds(e.CheckedIn, check=st.integers(1, 4), well=st.booleans()),
    st.builds(e.PersonLeft, side=st.just(e.Side.MENTEE), mentee=mentee),
    st.builds(TooClose, mentee=mentee, check=st.integers(0, 3)),
    st.builds(ApartAgain, mentee=mentee, check=st.integers(0, 3)),
    st.builds(
        e.NoticeFailed,
        notice=st.sampled_from(["n1", *FAILED_CALLS]),
        reason=st.just("address_refused"),
    ),
    st.builds(
        e.InvitationAnswered,
        session=number,
        attempt=st.integers(1, 2),
        sequence=st.integers(0, 3),
        answer=st.sampled_from(list(e.InvitationAnswer)),
        side=side,
    ),
)
RANDOM_UPDATES = st.one_of(
    st.builds(u.SignOffMentor, rehearsed=st.booleans()),
    st.builds(
        u.WaiveGateItem,
        item=st.sampled_from(["windows", "rehearsal", "charter", "module:listening"]),
        reason=st.just("agreed"),
    ),
    st.builds(u.PausePair, scope=st.sampled_from(["pair", "directive"])),
    st.builds(u.ResumePair, scope=st.sampled_from(["pair", "directive"])),
    st.builds(u.RescheduleSession, session=number),
    st.builds(u.RematchPair, reason=st.just("asked")),
    st.builds(KeptTogether, reason=st.just("agreed")),
)
RARE_EVENTS = st.one_of(
    st.builds(e.Declined),
    st.builds(u.EndPair, reason=st.just("asked")),
    st.builds(e.PersonLeft, side=st.just(e.Side.MENTOR)),
)
