-- The review of matches: what ops decided, who said so, when, and what took it back.

create table match_decisions (
    programme text not null,
    region text not null,
    wave integer not null,
    revision integer not null,
    place integer not null,
    what text not null check (
        what in ('approved', 'refused', 'swapped', 'pinned', 'unpinned', 'banned', 'unbanned', 'rerun')),
    run integer not null,
    mentor text references people,
    mentee text references people,
    decided_by text not null,
    decided_at timestamptz not null default now(),
    primary key (programme, region, wave, revision, place),
    foreign key (programme, region, wave) references cohorts
);
comment on table match_decisions is 'Only ever added to. The lines of one decision bear one revision.';
comment on column match_decisions.decided_at is 'Wall time.';

create trigger match_decisions_are_append_only before update or delete or truncate on match_decisions
    for each statement execute function ledger_is_append_only();

alter table cohorts add column decisions integer not null default 0;
comment on column cohorts.decisions is 'Revision of the newest decision about matches.';

alter table pins add column pinned_by text not null default 'command';

-- Whom ops keep apart; what one of the two refused stands in refusals, and nobody takes that back.
create table bans (
    programme text not null,
    mentor text not null references people,
    mentee text not null references people,
    banned_by text not null,
    banned_at timestamptz not null default now(),
    primary key (programme, mentor, mentee)
);

alter table matches drop constraint matches_decision_check, add constraint matches_decision_check check (
    decision in ('proposed', 'approved', 'claimed', 'announced', 'refused', 'lapsed', 'replaced', 'swapped'));
comment on column matches.decision is
    'claimed: the seat is taken, the pair has maybe not heard of it yet; replaced: matched again; swapped: another mentee.';
