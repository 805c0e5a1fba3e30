-- Where PostgreSQL and the workflows disagree. All times are wall time.

create table drift (
    id bigint generated always as identity primary key,
    workflow_id text not null,
    kind text not null,
    why text not null,
    run_id text not null default '',
    found_at timestamptz not null default now(),
    repair text,
    repair_at timestamptz,
    revision integer not null default 0,
    resolved_at timestamptz
);
comment on table drift is 'One thing that the reconciler found wrong with a workflow, and what it did about it.';
comment on column drift.kind is 'Code of what is wrong.';
comment on column drift.why is 'Code of how the run ended, or of what keeps failing.';
comment on column drift.run_id is 'The run that was found; empty: none.';
comment on column drift.repair is 'Code of what was done; null: nothing yet.';
comment on column drift.revision is 'The record from which it was started again: later transitions are the new run''s.';
comment on column drift.resolved_at is 'When it was well again; null: still open.';
create unique index drift_open on drift (workflow_id, kind, run_id) where resolved_at is null;
create index drift_newest on drift ((resolved_at is not null), found_at desc, id desc);
create index drift_by_workflow on drift (workflow_id);

create table reconciler_looks (
    one boolean primary key default true check (one),
    look bigint not null default 0
);
comment on table reconciler_looks is
    'One row: how often the reconciler has looked. Temporal keeps the number, too: a smaller one here means that PostgreSQL was set back.';
insert into reconciler_looks default values;
