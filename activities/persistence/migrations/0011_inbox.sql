-- Events until their pairs have them, and messages that workflows refused. All times are wall time.

create table sources (
    name text primary key,
    token_hash bytea not null unique,
    added_at timestamptz not null default now()
);
comment on table sources is 'One service that may send events, with the SHA-256 of its bearer token.';

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
    reached text[] not null default '{}',
    delivered_at timestamptz
);
comment on table events is 'One event that a service or a participant sent. The key guards against taking it twice.';
comment on column events.key is 'From source and event_id; a sender that repeats both sends the same event.';
comment on column events.arrived is 'Order of arrival.';
comment on column events.type is 'CloudEvents type.';
comment on column events.kind is 'The signal that pairs get.';
comment on column events.occurred_at is 'When, by its sender, it happened.';
comment on column events.state is
    'stored: to be delivered; waiting: for a pair of the person; undeliverable: given up, ops may send it again.';
comment on column events.reason is 'Code of why it waits or was given up.';
comment on column events.reached is 'The pairs that have it.';
create index events_to_deliver on events (arrived) where state = 'stored';
create index events_waiting on events (person) where state = 'waiting';
create index events_given_up on events (arrived) where state = 'undeliverable';
create index events_reached on events using gin (reached);
create index events_delivered on events (delivered_at) where state = 'delivered';

create table refused_messages (
    workflow_id text not null,
    name text not null,
    reason text not null,
    at timestamptz not null,
    id bigint generated always as identity,
    resent_at timestamptz,
    resent_by text,
    locked_at timestamptz,
    primary key (workflow_id, name, reason, at)
);
comment on table refused_messages is 'One signal that a workflow could not read; its content is not kept.';
comment on column refused_messages.name is 'Name of the signal.';
comment on column refused_messages.resent_at is 'When ops repaired it and sent it again, or dismissed it.';
comment on column refused_messages.resent_by is 'The name given with the console''s password, or console.';
comment on column refused_messages.locked_at is 'Since when somebody is sending it; for a minute nobody else may.';
create index refused_messages_newest on refused_messages (at);
create unique index refused_messages_by_id on refused_messages (id);
create index refused_messages_open on refused_messages (at) where resent_at is null;
