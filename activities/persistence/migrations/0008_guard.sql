-- The guard over live pairs after a reorganisation. All times are wall time.

create table guard_findings (
    pair text not null,
    mentee text not null,
    programme text not null,
    region text not null,
    wave integer not null,
    status text not null check (status in ('held', 'too_close', 'notified', 'apart_again', 'dismissed')),
    checked bigint not null,
    reason text,
    found_at timestamptz not null default now(),
    primary key (pair, mentee)
);
comment on table guard_findings is
    'A pair whose two people were too close at the newest look at the reporting lines, or are no more and do not know it.';
comment on column guard_findings.status is
    'held: ops decide first; too_close: the pair has to be notified; notified: it was; apart_again: no longer too close, '
    'and the pair has to be notified; dismissed: by ops.';
comment on column guard_findings.checked is 'Id in people_changes up to which the look that found it had read.';
comment on column guard_findings.reason is 'Code of why ops accepted or dismissed it.';
create index guard_findings_open on guard_findings (programme, region, wave)
    where status in ('held', 'too_close', 'apart_again');

-- Which pairs have to be notified. One that does not know of its match yet would not understand.
create view guard_notifications_due as
select g.* from guard_findings g
where g.status in ('too_close', 'apart_again') and not exists (
    select from matches x
    where (x.programme, x.region, x.wave, x.pair) = (g.programme, g.region, g.wave, g.pair) and x.decision = 'claimed');
