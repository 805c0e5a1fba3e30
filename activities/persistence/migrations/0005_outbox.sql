-- Notices until they are delivered. `created` is programme time, everything else wall time.

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
    state text not null default 'queued' check (state in ('queued', 'held', 'sent', 'dropped', 'failed')),
    reason text,
    due timestamptz not null default now(),
    leased_until timestamptz,
    attempts integer not null default 0,
    message_id text,
    done_at timestamptz
) with (fillfactor = 80);
comment on column outbox.state is 'held: a word to the manager, until the mentor agrees to it.';

create index outbox_due on outbox (channel, due) where state = 'queued';
create index outbox_by_programme on outbox (programme, state);
create index outbox_by_scope on outbox (scope);

-- The few people who hold an office: those of the region, else those of any.
create function in_charge(office text, place text) returns setof text language sql stable as $$
    select p.person from people p
    where p.roles && '{ops,sponsor}' and office = any (p.roles)
      and (p.region = place or not exists (
          select from people o where o.roles && '{ops,sponsor}' and office = any (o.roles) and o.region = place))
$$;

-- Who gets a notice addressed to a role; nobody when the role is empty.
create function recipients(role text, of_mentor text, of_mentee text, place text) returns setof text
language sql stable as $$
    select p.person from people p where role = 'mentor' and p.person = of_mentor
    union all
    select p.person from people p where role = 'mentee' and p.person = of_mentee
    union all
    select p.delegate from people p where role = 'delegate' and p.person = of_mentee and p.delegate is not null
    union all
    select p.supervisor from people p where role = 'supervisor' and p.person = of_mentor and p.supervisor is not null
    union all
    select r.manager from reporting r where role = 'manager' and r.person = of_mentor and not r.dotted
    union all
    select in_charge(role, place) where role in ('ops', 'sponsor')
    union all
    select in_charge('ops', place)
    where role = 'supervisor'
      and not exists (select from people p where p.person = of_mentor and p.supervisor is not null)
$$;
