-- Runs of matching, what they proposed, and what ops decided about it. All times are wall time.

create table match_runs (
    programme text not null,
    region text not null,
    wave integer not null,
    run integer not null,
    made_at timestamptz not null default now(),
    gains jsonb not null default '[]',
    primary key (programme, region, wave, run),
    foreign key (programme, region, wave) references cohorts
);
comment on table match_runs is 'One run of matching for a cohort.';
comment on column match_runs.gains is
    'By rule that can be switched off: how many more people the run would have matched without it.';

create table matches (
    programme text not null,
    region text not null,
    wave integer not null,
    match text not null,
    run integer not null,
    pair text not null,
    mentor text not null references people,
    mentee text not null references people,
    score double precision not null,
    reasons jsonb not null default '[]',
    decision text not null default 'proposed' constraint matches_decision_check check (
        decision in ('proposed', 'approved', 'claimed', 'announced', 'refused', 'lapsed', 'replaced', 'swapped')),
    primary key (programme, region, wave, match),
    foreign key (programme, region, wave, run) references match_runs
);
comment on table matches is 'One mentor and mentee that a run proposed, or ops put together, and what was decided.';
comment on column matches.match is 'RUN:SEAT:MENTOR:MENTEE.';
comment on column matches.score is 'How well they fit, 0 to 1.';
comment on column matches.reasons is 'What the score is made of.';
comment on column matches.decision is
    'claimed: the seat is taken, the pair may not know it yet; lapsed: came too late; replaced: matched again by a later '
    'run; swapped: ops gave another mentee.';
create index matches_open on matches (programme, region, wave, decision) include (pair)
    where decision in ('proposed', 'approved', 'claimed');

create table unmatched_people (
    programme text not null,
    region text not null,
    wave integer not null,
    run integer not null,
    person text not null references people,
    side text not null,
    reasons jsonb not null default '[]',
    primary key (programme, region, wave, run, person, side),
    foreign key (programme, region, wave, run) references match_runs
);
comment on table unmatched_people is 'One person for whom a run found nobody, and why.';

create table match_decisions (
    programme text not null,
    region text not null,
    wave integer not null,
    revision integer not null,
    position integer not null,
    what text not null check (
        what in ('approved', 'refused', 'swapped', 'pinned', 'unpinned', 'banned', 'unbanned', 'rerun')),
    run integer not null,
    mentor text references people,
    mentee text references people,
    decided_by text not null,
    decided_at timestamptz not null default now(),
    primary key (programme, region, wave, revision, position),
    foreign key (programme, region, wave) references cohorts
);
comment on table match_decisions is 'One line of a decision of ops about matches. Rows are only ever added.';
comment on column match_decisions.revision is 'Number of the decision; its lines share it.';
create trigger match_decisions_are_append_only before update or delete or truncate on match_decisions
    for each statement execute function refuse_change();

create table pins (
    programme text not null,
    mentor text not null references people,
    mentee text not null references people,
    pinned_at timestamptz not null default now(),
    pinned_by text not null default 'command',
    primary key (programme, mentor, mentee)
);
comment on table pins is 'A mentor and a mentee whom ops want to be matched.';

create table bans (
    programme text not null,
    mentor text not null references people,
    mentee text not null references people,
    banned_by text not null,
    banned_at timestamptz not null default now(),
    primary key (programme, mentor, mentee)
);
comment on table bans is
    'A mentor and a mentee whom ops keep apart, until they take it back. What one of the two refused is in refusals.';
