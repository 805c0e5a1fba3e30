-- What the reconciler found and did. All times are wall time.
create table drift (
    id bigint generated always as identity primary key,
    workflow_id text not null,
    kind text not null,
    why text not null,
    run_id text not null default '',
    found_at timestamptz not null default now(),
    done text,
    done_at timestamptz,
    revision integer not null default 0,
    mended_at timestamptz
);
comment on column drift.revision is 'Of the record from which it was started again: later transitions are the new run''s.';
create unique index drift_open on drift (workflow_id, kind, run_id) where mended_at is null;
create index drift_newest on drift (found_at);

-- Events that a run had and did not record before it was ended are found by their pair, and delivered once more.
alter table events add column delivered_at timestamptz;
update events set delivered_at = received_at where state = 'delivered';
create index events_reached on events using gin (reached);
create index events_delivered on events (delivered_at) where state = 'delivered';

-- The reconciler walks through what lives, not through years of what has closed.
create index pairs_live on pairs (pair) where stage <> 'closed' and started;
