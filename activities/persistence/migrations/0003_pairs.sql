-- Pairs, their sessions and what happened to them. Times are programme time unless a column says wall.
-- No foreign keys here: `record` is the hot path, and only ids that PostgreSQL gave out come back through it.

create table pairs (
    pair text primary key,
    programme text not null,
    region text not null,
    wave integer not null,
    mentor text not null,
    seat integer not null,
    stage text not null default 'training',
    outcome text,
    reason text,
    health text not null default 'on_course',
    paused boolean not null default false,
    held integer not null default 0,
    mentee text,
    mentee_known boolean not null default false,
    next_step text,
    next_at timestamptz,
    first_in_line boolean not null default false,
    waiting_since timestamptz,
    revision integer not null default 0,
    state jsonb,
    started boolean not null default false,
    unique (programme, region, wave, mentor, seat)
) with (fillfactor = 70);
comment on column pairs.mentee is 'Set from the claim on; kept when the pair closes, so that it can be told who it was.';
comment on column pairs.mentee_known is 'The pair recorded this mentee: before that, a record without one does not release the claim.';

-- The claim: nobody is coached twice at a time in a region, whatever runs at the same time.
create unique index pairs_one_live_claim on pairs (programme, region, mentee)
    where mentee is not null and stage <> 'closed';
create index pairs_by_mentor on pairs (mentor);
create index pairs_by_mentee on pairs (mentee) where mentee is not null;

create table sessions (
    pair text not null,
    number integer not null,
    attempt integer not null,
    status text not null,
    sequence integer not null,
    start_at timestamptz,
    minutes integer not null,
    programme text not null,
    mentor text not null,
    mentee text,
    primary key (pair, number, attempt)
) with (fillfactor = 80);
-- An agenda asks for what is booked, not for years of history.
create index sessions_booked_mentor on sessions (mentor) where status in ('proposed', 'agreed') and start_at is not null;
create index sessions_booked_mentee on sessions (mentee) where status in ('proposed', 'agreed') and start_at is not null;

create table transitions (
    pair text not null,
    revision integer not null,
    digest bytea not null,
    event text not null,
    at timestamptz not null,
    recorded_at timestamptz not null default now(),
    primary key (pair, revision)
);
comment on column transitions.recorded_at is 'Wall time.';

create table ledger (
    pair text not null,
    revision integer not null,
    place smallint not null,
    at timestamptz not null,
    what text not null,
    reason text,
    session integer,
    primary key (pair, revision, place)
);

create function ledger_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the ledger is append-only';
end $$;
create trigger ledger_is_append_only before update or delete or truncate on ledger
    for each statement execute function ledger_is_append_only();

-- Who is not to be matched with whom again.
create table refusals (
    programme text not null,
    mentor text not null,
    mentee text not null,
    refused_at timestamptz not null,
    primary key (programme, mentor, mentee)
);

-- Scores and words live here and nowhere else.
create table pulses (
    pair text not null,
    session integer not null,
    side text not null check (side in ('mentor', 'mentee')),
    programme text not null,
    region text not null,
    wave integer not null,
    person text not null references people,
    score smallint not null check (score between 1 and 5),
    idea text not null default '',
    comment text not null default '',
    wants_help boolean not null default false,
    received_at timestamptz not null default now(),
    primary key (pair, session, side)
);
create index pulses_by_cohort on pulses (programme, region, wave);

-- What a mentor wants to do at the end, and whether the manager may hear of it.
create table offers (
    pair text primary key,
    person text not null references people,
    offer text not null,
    word_to_manager boolean not null,
    given_at timestamptz not null default now()
);

-- Who waits for a mentor: enrolled, still there, coached by nobody now, and not to the end or until ops ended it.
create view waiting as
select e.programme, e.region, e.wave, e.mentee
from enrolled e join people m on m.person = e.mentee and m.left_at is null
where not exists (
    select from pairs p
    where p.mentee = e.mentee and p.programme = e.programme
      and (p.stage <> 'closed' and p.region = e.region
           or p.region = e.region and p.wave = e.wave and p.outcome in ('completed', 'ended_early')));
