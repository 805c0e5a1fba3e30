-- What participants answer. Scores and words live here and nowhere else. All times are wall time.

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
comment on table pulses is 'One side''s answer about one session; the first one is kept.';
comment on column pulses.idea is 'What the person wants to share, without their name, in a report.';
comment on column pulses.comment is 'Confidential.';
create index pulses_by_cohort on pulses (programme, region, wave);

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
