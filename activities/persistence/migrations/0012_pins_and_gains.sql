-- Pairs that ops want to stand, and what loosening each rule would have gained a run of matching.

create table pins (
    programme text not null,
    mentor text not null references people,
    mentee text not null references people,
    pinned_at timestamptz not null default now(),
    primary key (programme, mentor, mentee)
);

alter table match_runs add column gains jsonb not null default '[]';
comment on column match_runs.gains is 'By rule that can be switched off: how many more people would have been matched.';
