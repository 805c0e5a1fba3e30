-- Programmes, their cohorts, and what is in force for them. Times are programme time unless a column says wall time.

create table programmes (
    programme text primary key,
    workflow_id text not null,
    document jsonb not null,
    plan jsonb not null,
    state jsonb,
    revision integer not null default 0,
    programme_epoch timestamptz not null,
    wall_epoch timestamptz not null,
    pace double precision not null check (pace > 0),
    sender text not null,
    claimed_at timestamptz not null default now()
);
comment on table programmes is 'One programme. The row is the lasting guard against a second start of the same code.';
comment on column programmes.workflow_id is 'The workflow that claimed the code.';
comment on column programmes.document is 'What somebody typed in.';
comment on column programmes.plan is 'What the document resolved to at the start; it never changes.';
comment on column programmes.state is 'Of the workflow, as of the revision.';
comment on column programmes.wall_epoch is 'Wall time at which it was programme_epoch in the programme.';
comment on column programmes.pace is 'Seconds of programme time in a second of wall time; 1 but in a rehearsal.';
comment on column programmes.claimed_at is 'Wall time.';

create table cohorts (
    programme text not null references programmes,
    region text not null,
    wave integer not null check (wave >= 1),
    plan jsonb not null,
    opens_at timestamptz not null,
    evidence jsonb,
    closed_at timestamptz,
    newest_decision integer not null default 0,
    guard_checked bigint not null default 0,
    guard_questions integer not null default 0,
    primary key (programme, region, wave)
);
comment on table cohorts is 'One wave of a programme in one region, from the day it opens.';
comment on column cohorts.plan is 'What the programme''s plan says about it; it never changes.';
comment on column cohorts.evidence is 'The figures at its end, from which the programme decides what opens next.';
comment on column cohorts.newest_decision is 'Revision of the newest decision about its matches.';
comment on column cohorts.guard_checked is 'Id in people_changes up to which its guard has read.';
comment on column cohorts.guard_questions is 'How often ops were asked about changes that would freeze many pairs.';

create table enrolled_mentees (
    programme text not null,
    region text not null,
    wave integer not null,
    mentee text not null references people,
    primary key (programme, region, wave, mentee),
    foreign key (programme, region, wave) references cohorts
);
comment on table enrolled_mentees is 'One mentee of a cohort, who is coached in it or waits for a mentor.';
create index enrolled_mentees_by_mentee on enrolled_mentees (mentee);

create table ticked_needs (
    programme text not null references programmes,
    region text not null,
    need text not null,
    ticked_at timestamptz not null,
    primary key (programme, region, need)
);
comment on table ticked_needs is 'One condition for the opening of a region, and since when it is met.';

create table directives (
    scope text primary key,
    paused boolean not null default false,
    version integer not null default 1,
    reason text,
    changed_at timestamptz not null default now(),
    stated_at timestamptz
);
comment on table directives is
    'What is in force for a programme, a region, a cohort, a pair or a person. Every record of a pair returns it.';
comment on column directives.scope is 'A workflow id, region:PROGRAMME:REGION or person:ID.';
comment on column directives.version is 'Grows with each change: it tells a repeat from a change.';
comment on column directives.changed_at is 'Wall time.';
comment on column directives.stated_at is
    'Wall time at which, by its sender, the event in force happened; null: unknown, or not by an event. Of two events about '
    'the pause of a person the later one counts, also when it comes first.';

-- Whoever is on leave is matched with nobody meanwhile.
create function on_leave(person text) returns boolean language sql stable as $$
    select exists (select from directives d where d.scope = 'person:' || person and d.paused)
$$;
