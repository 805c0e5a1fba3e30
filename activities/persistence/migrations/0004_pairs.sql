-- Pairs and their sessions. Times are programme time unless a column says wall time.
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
    mentee_recorded boolean not null default false,
    next_step text,
    next_at timestamptz,
    first_in_line boolean not null default false,
    waiting_since timestamptz,
    revision integer not null default 0,
    state jsonb,
    scopes text[] not null default '{}',
    started boolean not null default false,
    closed_at timestamptz,
    archived_at timestamptz,
    unique (programme, region, wave, mentor, seat)
) with (fillfactor = 70);
comment on table pairs is 'One seat of a mentor in a cohort and, once matched, the mentee: a pair from its enrolment on.';
comment on column pairs.pair is 'Workflow id of the pair.';
comment on column pairs.reason is 'Code of why the pair ended as it did.';
comment on column pairs.held is 'How many sessions were held.';
comment on column pairs.mentee is 'Set from the claim on; kept when the pair closes, so that it can be shown who it was.';
comment on column pairs.mentee_recorded is
    'The pair itself recorded this mentee. Before that, a record without a mentee does not release the claim.';
comment on column pairs.next_step is 'Code of what the pair waits for, until next_at.';
comment on column pairs.first_in_line is 'Matched before others, since a match of this mentor came to nothing.';
comment on column pairs.waiting_since is 'Since when the mentor waits for a match; null: does not wait.';
comment on column pairs.revision is 'Number of the newest transition that was recorded.';
comment on column pairs.state is 'Of the workflow, as of the revision, without what the cohort''s plan has.';
comment on column pairs.scopes is
    'Scopes of the directives that hold for the pair, as of the revision; empty before its first record.';
comment on column pairs.started is 'Its workflow was started.';
comment on column pairs.closed_at is 'Wall time.';
comment on column pairs.archived_at is
    'Wall time at which its ledger and notices were archived and its transitions forgotten: every revision up to the newest '
    'counts as recorded.';

-- The claim: nobody is coached twice at a time in a region, whatever runs at the same time.
create unique index pairs_one_live_claim on pairs (programme, region, mentee)
    where mentee is not null and stage <> 'closed';
create index pairs_by_mentor on pairs (mentor);
create index pairs_by_mentee on pairs (mentee) where mentee is not null;
-- The reconciler walks through what lives, not through years of what has closed.
create index pairs_live on pairs (pair) where stage <> 'closed' and started;
-- With the pair, so that what waits for a review is counted from this index and that of the matches alone.
create index pairs_in_pool on pairs (programme, region, wave) include (pair) where stage = 'matching' and mentee is null;
-- Pages of a cohort's list.
create index pairs_at_risk on pairs (programme, region, wave, mentor, seat)
    where stage <> 'closed' and health = 'at_risk';
create index pairs_by_stage on pairs (programme, region, wave, stage, mentor, seat);
create index pairs_to_archive on pairs (closed_at) where archived_at is null and closed_at is not null;

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
comment on table sessions is 'One attempt at a session of a pair: the first proposal, or another after it was declined or missed.';
comment on column sessions.sequence is 'SEQUENCE of its calendar invite.';
comment on column sessions.start_at is 'Null: no time yet.';
comment on column sessions.minutes is 'Length.';
-- An agenda asks for what is booked, not for years of history.
create index sessions_booked_mentor on sessions (mentor)
    where status in ('proposed', 'agreed') and start_at is not null;
create index sessions_booked_mentee on sessions (mentee)
    where status in ('proposed', 'agreed') and start_at is not null;

create table refusals (
    programme text not null,
    mentor text not null,
    mentee text not null,
    refused_at timestamptz not null,
    primary key (programme, mentor, mentee)
);
comment on table refusals is 'A mentor and a mentee, one of whom refused the other: never matched again in this programme.';

-- A pair as the console lists it.
create view listed_pairs as
select p.pair, p.programme, p.region, p.wave, p.mentor, p.seat, t.name as mentor_name, e.name as mentee_name, p.stage,
       p.outcome, p.reason, p.health, p.paused, p.held, p.next_step, p.next_at,
       p.stage <> 'closed' and p.health = 'at_risk' as at_risk
from pairs p
left join people t on t.person = p.mentor
left join people e on e.person = p.mentee;

-- Who waits for a mentor: enrolled, still there, not on leave, coached by nobody now, and not to the end or until ops
-- ended it.
create view waiting_mentees as
select e.programme, e.region, e.wave, e.mentee
from enrolled_mentees e
where not exists (select from people m where m.person = e.mentee and m.left_at is not null)
  and not on_leave(e.mentee) and not exists (
    select from pairs p
    where p.mentee = e.mentee and p.programme = e.programme
      and (p.stage <> 'closed' and p.region = e.region
           or p.region = e.region and p.wave = e.wave and p.outcome in ('completed', 'ended_early')));
