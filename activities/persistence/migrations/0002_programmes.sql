-- Programmes and cohorts. Times are programme time unless a column says wall.

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

create table cohorts (
    programme text not null references programmes,
    region text not null,
    wave integer not null check (wave >= 1),
    plan jsonb not null,
    opens_at timestamptz not null,
    evidence jsonb,
    closed_at timestamptz,
    primary key (programme, region, wave)
);

-- The mentees who are coached in a cohort, or wait for a mentor.
create table enrolled (
    programme text not null,
    region text not null,
    wave integer not null,
    mentee text not null references people,
    primary key (programme, region, wave, mentee),
    foreign key (programme, region, wave) references cohorts
);
create index enrolled_by_mentee on enrolled (mentee);

-- What had to be true before a region opened, and since when it is.
create table needs (
    programme text not null references programmes,
    region text not null,
    need text not null,
    ticked_at timestamptz not null,
    primary key (programme, region, need)
);

-- What is in force for a programme, cohort or pair, named by its workflow id; `record` answers with it.
create table directives (
    scope text primary key,
    paused boolean not null default false,
    version integer not null default 1,
    reason text,
    changed_at timestamptz not null default now()
);
