-- Events until their pairs have them. All times are wall time.

create table sources (
    name text primary key,
    token_hash bytea not null unique,
    added_at timestamptz not null default now()
);

create table events (
    key text primary key,
    arrived bigint generated always as identity,
    source text not null,
    event_id text not null,
    type text not null,
    kind text not null,
    person text,
    pair text,
    payload jsonb not null default '{}',
    occurred_at timestamptz,
    received_at timestamptz not null default now(),
    state text not null default 'stored' check (state in ('stored', 'waiting', 'delivered', 'undeliverable')),
    reason text,
    attempts integer not null default 0,
    next_try timestamptz,
    reached text[] not null default '{}'
);
create index events_to_deliver on events (arrived) where state = 'stored';
create index events_waiting on events (person) where state = 'waiting';
create index events_given_up on events (arrived) where state = 'undeliverable';

-- Signals that a workflow could not read.
create table refused_messages (
    workflow_id text not null,
    name text not null,
    reason text not null,
    at timestamptz not null,
    primary key (workflow_id, name, reason, at)
);
create index refused_messages_newest on refused_messages (at);
