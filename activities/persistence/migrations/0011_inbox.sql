-- Events until their pairs have them, and messages that workflows refused. All times are wall time.

create table sources (
    name text primary key,
    types text[] not null,
    columns text[] not null default '{}',
    programmes text[] not null default '{}',
    directory boolean not null default false,
    rules jsonb not null default '[]',
    added_at timestamptz not null default now(),
    revoked_at timestamptz
);
comment on table sources is 'One service that may send events, and what it may send: domain/sources/ decides.';
comment on column sources.types is 'Types of events.';
comment on column sources.columns is 'Columns of people that its events may name.';
comment on column sources.programmes is 'Its events reach pairs of these only; empty: of every programme.';
comment on column sources.directory is 'It may change who gets mail and has which role, and see who is known.';
comment on column sources.rules is 'Which events its own messages become, where it sends no CloudEvents.';

create table source_credentials (
    credential bigint generated always as identity primary key,
    source text not null references sources,
    token_hash bytea unique,
    sealed_secret bytea,
    added_at timestamptz not null default now(),
    ends_at timestamptz,
    last_used_at timestamptz,
    check ((token_hash is null) <> (sealed_secret is null))
);
comment on table source_credentials is
    'One token or secret of a source. During a rotation it has two: the older one with its end.';
comment on column source_credentials.token_hash is 'SHA-256 of a bearer token, which is random and of 256 bits.';
comment on column source_credentials.sealed_secret is
    'Secret of Standard Webhooks, sealed with a key that is derived from BINOME_SECRET.';
comment on column source_credentials.ends_at is 'It counts no more from then on; null: it has no end.';
comment on column source_credentials.last_used_at is 'To the minute.';
create index source_credentials_by_source on source_credentials (source, credential);

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
    delivered_at timestamptz,
    programmes text[] not null default '{}',
    fact text not null default '',
    leased_until timestamptz
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
comment on column events.leased_until is 'Until when one gateway has it for itself.';
comment on column events.reached is 'The pairs that have it.';
comment on column events.programmes is 'It reaches pairs of these only; empty: of every programme.';
comment on column events.fact is
    'Digest of what it says without marks and words, which tells a repetition from an id that is used again.';
create index events_to_deliver on events (received_at, arrived) where state = 'stored';
create index events_waiting on events (person) where state = 'waiting';
create index events_not_delivered on events (received_at, arrived) where state <> 'delivered';
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
create index refused_messages_newest on refused_messages ((resent_at is not null), coalesce(resent_at, at));
create unique index refused_messages_by_id on refused_messages (id);
create index refused_messages_open on refused_messages (at) where resent_at is null;
