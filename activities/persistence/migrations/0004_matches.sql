-- Runs of matching: what was proposed, what ops decided, and who was left and why.

create table match_runs (
    programme text not null,
    region text not null,
    wave integer not null,
    run integer not null,
    made_at timestamptz not null default now(),
    primary key (programme, region, wave, run),
    foreign key (programme, region, wave) references cohorts
);

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
    decision text not null default 'proposed' 
        check (decision in ('proposed', 'approved', 'claimed', 'announced', 'refused', 'lapsed')),
    primary key (programme, region, wave, match),
    foreign key (programme, region, wave, run) references match_runs
);
create index matches_open on matches (programme, region, wave, decision) where decision in ('proposed', 'approved', 'claimed');
comment on column matches.decision is 'claimed: the seat is taken, the pair has maybe not heard of it yet.';

create table match_left (
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
