-- Notices until they are delivered. All times are wall time, but created.

create table outbox (
    notice text primary key,
    scope text not null,
    programme text not null,
    region text not null,
    wave integer,
    channel text not null default 'mail',
    person text not null,
    body jsonb not null,
    mentor text,
    mentee text,
    created timestamptz not null,
    state text not null default 'queued' check (state in ('queued', 'held', 'sent', 'dropped', 'failed', 'unconfirmed')),
    reason text,
    due timestamptz not null default now(),
    awaits_resume boolean not null default false,
    leased_until timestamptz,
    attempts integer not null default 0,
    sends_in_doubt integer not null default 0,
    message_id text,
    finished_at timestamptz,
    address text
) with (fillfactor = 80);
comment on table outbox is 'One notice to one person. The key guards against queueing it twice.';
comment on column outbox.notice is 'SCOPE:REVISION:TEMPLATE:SESSION.ATTEMPT:PERSON, as of the transition that asked for it.';
comment on column outbox.scope is 'Workflow id of the pair, cohort or programme that asked for it.';
comment on column outbox.body is
    'The notice as the scope asked for it: template, addressee, invite and times, no names. Once it is finished, only what it was about.';
comment on column outbox.mentor is 'Whom it names, as does mentee; null once it is finished.';
comment on column outbox.created is 'Programme time.';
comment on column outbox.state is
    'held: a word to the manager, until the mentor agrees to it. unconfirmed: sent, and no server said that it took it.';
comment on column outbox.reason is 'Code of why it was dropped or failed.';
comment on column outbox.awaits_resume is
    'It waits for the end of a pause, which makes it due; until then it is not due, whatever due says.';
comment on column outbox.leased_until is 'Until when one run of delivery has it for itself.';
comment on column outbox.sends_in_doubt is
    'Times that its mail was given whole to a server that has not said whether it took it; also one that is under way.';
comment on column outbox.address is
    'Where it goes if not to the person''s own address: to the one they had before it changed. Gone when it is finished.';
comment on column outbox.message_id is 'Message-ID of the mail that holds it, kept before the mail goes out.';

-- What waits for the end of a pause is in none that is looked into all day, however much it is.
create index outbox_due on outbox (channel, due) where state = 'queued' and not awaits_resume;
create index outbox_awaiting_resume on outbox (scope) where awaits_resume;
create index outbox_unconfirmed on outbox (finished_at) where state = 'unconfirmed';
create index outbox_by_scope on outbox (scope);
