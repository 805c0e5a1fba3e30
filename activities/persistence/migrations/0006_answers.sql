-- What participants answer. Scores and words live here and nowhere else, sealed before they come here (data_keys). All
-- times are wall time.

create table pulses (
    pair text not null,
    session integer not null,
    side text not null check (side in ('mentor', 'mentee')),
    programme text not null,
    region text not null,
    wave integer not null,
    person text not null references people,
    score bytea,
    idea bytea,
    comment bytea,
    wants_help bytea,
    received_at timestamptz not null default now(),
    release integer,
    idea_release integer,
    primary key (pair, session, side)
);
comment on table pulses is 'One side''s answer about one session; the first one is kept.';
comment on column pulses.score is
    'Sealed: 1 to 5. Null: emptied, as its person was erased or its time is over; it is in the total of its release.';
comment on column pulses.idea is 'Sealed: what the person wants to share, without their name, in a report. Null: nothing.';
comment on column pulses.comment is 'Sealed: for the trusted contact alone. Null: nothing.';
comment on column pulses.wants_help is 'Sealed: whether the person asks for a call. Null: emptied.';
comment on column pulses.release is 'Number of the release of its cohort that has the score; null: none yet.';
comment on column pulses.idea_release is 'Number of the release of its cohort''s ideas that has the idea; null: none yet.';
create index pulses_by_cohort on pulses (programme, region, wave);
create index pulses_unreleased on pulses (programme, region, wave) where release is null;
create index pulses_with_comment on pulses (programme, region) where comment is not null;
create index ideas_unreleased on pulses (programme, region, wave) where idea is not null and idea_release is null;

create table releases (
    programme text not null,
    region text not null,
    wave integer not null,
    number integer not null check (number > 0),
    at timestamptz not null,
    people integer not null check (people >= 5),
    lowest numeric not null,
    highest numeric not null check (highest >= lowest),
    answers integer not null check (answers >= 5),
    least_sum bigint not null,
    most_sum bigint not null,
    total bytea not null,
    primary key (programme, region, wave, number)
);
comment on table releases is
    'One publication of a cohort''s mean pulse. Rows are only ever added: a figure that was published stays published.';
comment on column releases.at is 'Programme time.';
comment on column releases.people is 'Whose answers are in this release or an earlier one.';
comment on column releases.lowest is 'The mean is not lower, rounded; with highest all that is published of it.';
comment on column releases.answers is 'Scores that this release adds.';
comment on column releases.least_sum is 'The least sum of all scores released so far that a reader of this release thinks possible.';
comment on column releases.most_sum is 'The largest sum of all scores released so far that a reader of this release thinks possible.';
comment on column releases.total is 'Sealed with the key of the cohort: the sum of all scores released. Never published.';

create table idea_releases (
    programme text not null,
    region text not null,
    wave integer not null,
    number integer not null check (number > 0),
    at timestamptz not null,
    primary key (programme, region, wave, number)
);
comment on table idea_releases is 'One publication of ideas that at least five people of a cohort had.';
comment on column idea_releases.at is 'Programme time.';

create table closing_answers (
    pair text primary key,
    person text not null references people,
    offer text not null,
    word_to_manager boolean not null,
    given_at timestamptz not null default now()
);
comment on table closing_answers is 'A mentor''s newest answer at the end of a pair.';
comment on column closing_answers.offer is 'What the mentor wants to do next: supervise, open_region or rest.';
comment on column closing_answers.word_to_manager is 'Whether the mentor''s manager may get a mail about it.';
