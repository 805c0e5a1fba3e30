"""Which way a region and a cohort may go: every change is held to these tables, and the docs are drawn from them."""

from schemas.cohort import CohortPhase
from schemas.rollout import RegionPhase

R, C = RegionPhase, CohortPhase

REGION_EDGES: dict[tuple[RegionPhase, RegionPhase], str] = {
    (R.WAITING, R.PROPOSED): "its turn, the sponsor decides",
    (R.WAITING, R.NEEDS): "its turn, a need is not ticked",
    (R.WAITING, R.OPENING): "its turn",
    (R.WAITING, R.HELD): "hold",
    (R.WAITING, R.CLOSED): "cancelled, conclude",
    (R.PROPOSED, R.WAITING): "extend",
    (R.PROPOSED, R.NEEDS): "later evidence suffices, a need is not ticked",
    (R.PROPOSED, R.OPENING): "later evidence suffices",
    (R.PROPOSED, R.HELD): "hold",
    (R.PROPOSED, R.CLOSED): "cancelled, conclude",
    (R.HELD, R.WAITING): "extend",
    (R.HELD, R.CLOSED): "cancelled, conclude",
    (R.NEEDS, R.WAITING): "extend",
    (R.NEEDS, R.PROPOSED): "later evidence does not suffice",
    (R.NEEDS, R.OPENING): "every need is ticked",
    (R.NEEDS, R.HELD): "hold",
    (R.NEEDS, R.CLOSED): "cancelled, conclude",
    (R.OPENING, R.OPEN): "its cohort runs",
    (R.OPEN, R.CLOSED): "its cohort closed",
    (R.CLOSED, R.WAITING): "extend or automatic, next wave",
    (R.CLOSED, R.PROPOSED): "next wave, the sponsor decides",
    (R.CLOSED, R.HELD): "hold, next wave",
}

COHORT_EDGES: dict[tuple[CohortPhase, CohortPhase], str] = {
    (C.ENROL, C.RUN): "every pair is started",
    (C.ENROL, C.END): "cancelled",
    (C.RUN, C.CLOSE): "every pair is closed",
    (C.RUN, C.END): "cancelled",
    (C.END, C.CLOSE): "every pair is closed",
    (C.CLOSE, C.CLOSED): "the programme has the evidence",
}
