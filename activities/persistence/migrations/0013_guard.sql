-- The guard over live pairs after a reorganisation. Rows are of two people who are too close by the newest look.
create table guard_findings (
    pair text not null,
    mentee text not null,
    programme text not null,
    region text not null,
    wave integer not null,
    stands text not null check (stands in ('held', 'close', 'told', 'apart', 'dismissed')),
    checked bigint not null,
    reason text,
    found_at timestamptz not null default now(),
    primary key (pair, mentee)
);
create index guard_findings_open on guard_findings (programme, region, wave) where stands in ('held', 'close', 'apart');
comment on column guard_findings.stands is
    'held: ops decide first; close: the pair is to be told; told; apart: no more, and the pair is to be told; dismissed by ops.';
comment on column guard_findings.checked is 'Number in people_changes up to which the look that found it had read.';
comment on column guard_findings.reason is 'Why ops released or dismissed it.';

alter table cohorts add column guard_checked bigint not null default 0, add column guard_holds integer not null default 0;
comment on column cohorts.guard_holds is 'How often ops were asked about a feed that would freeze many pairs.';

-- Whom to tell. A pair that has not heard of its match yet would not understand.
create view guard_to_tell as
select g.* from guard_findings g
where g.stands in ('close', 'apart') and not exists (
    select from matches x
    where (x.programme, x.region, x.wave, x.pair) = (g.programme, g.region, g.wave, g.pair) and x.decision = 'claimed');
