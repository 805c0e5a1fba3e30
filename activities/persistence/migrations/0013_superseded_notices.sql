-- Which notices wait, and which are of no more use: a pause, or a review, that is over before anybody read of it.

create function is_paused(pair text) returns boolean language sql stable as $$
    select exists (select from pairs p where p.pair = is_paused.pair and p.paused)
$$;

-- A pair that starts in a pause invites after it; it hears of the pause a moment after its start.
create function starts_in_a_pause(pair text) returns boolean language sql stable as $$
    select exists (
        select from pairs p
        where p.pair = starts_in_a_pause.pair and p.stage <> 'closed'
          and (p.paused or exists (select from directives d where d.paused and d.scope = any (p.scopes))))
$$;

-- Asked of every row that waits, once a second: without a query of its own PostgreSQL puts it into the one that asks.
create function on_hold(scope text, body jsonb) returns boolean language sql stable as $$
    select case
        when body ->> 'not_before' is not null then is_paused(scope)
        when body ->> 'template' = 'mentor_invitation' then starts_in_a_pause(scope)
        else false end
$$;

-- The transition of its scope that asked for it: a notice is its scope, then this.
create function revision_of(o outbox) returns integer language sql immutable as $$
    select split_part(substr(o.notice, length(o.scope) + 2), ':', 1)::integer
$$;

-- Which of the two a person believes of a pair, before a notice; null: neither was ever asked for. What was never in a
-- mail, nobody knows of.
create function believed_before(o outbox) returns text language sql stable as $$
    select coalesce(
        (array_agg(b.body ->> 'template' order by revision_of(b) desc) filter (where b.message_id is not null))[1],
        max('pair_resumed') filter (where b.body ->> 'template' = 'pair_paused'))
    from outbox b
    where b.scope = o.scope and b.person = o.person and b.body ->> 'template' in ('pair_paused', 'pair_resumed')
      and revision_of(b) < revision_of(o)
$$;

create function newer_is_asked_for(o outbox, templates text[]) returns boolean language sql stable as $$
    select exists (
        select from outbox n
        where n.scope = o.scope and n.person = o.person and n.body ->> 'template' = any (templates)
          and revision_of(n) > revision_of(o))
$$;

create function newer_is_told(o outbox, templates text[]) returns boolean language sql stable as $$
    select exists (
        select from outbox n
        where n.scope = o.scope and n.person = o.person and n.body ->> 'template' = any (templates) and n.state = 'sent'
          and revision_of(n) > revision_of(o))
$$;

-- Of no more use: its session has changed since it was queued ahead, or it is told by another, or by none.
create function superseded(o outbox) returns boolean language sql stable as $$
    select case
        when o.body ->> 'not_before' is not null
        then not exists (
            select from sessions s
            where s.pair = o.scope and s.number = (o.body ->> 'session')::integer
              and s.attempt = (o.body ->> 'attempt')::integer and s.status in ('agreed', 'over')
              and s.sequence = (o.body -> 'invite' ->> 'sequence')::integer)
        -- What was put into a mail stays in it; but a server may take it so late that it would be the last word.
        when o.message_id is not null
        then o.body ->> 'template' in ('pair_paused', 'pair_resumed') and newer_is_told(o, '{pair_paused,pair_resumed}')
        when o.body ->> 'template' = 'matches_to_review'
        then newer_is_asked_for(o, '{matches_to_review}')
        when o.body ->> 'template' in ('pair_paused', 'pair_resumed')
        then newer_is_asked_for(o, '{pair_paused,pair_resumed}')
             or coalesce(believed_before(o) = o.body ->> 'template', false)
             or exists (
                 select from outbox i
                 where i.scope = o.scope and i.person = o.person and i.body ->> 'template' = 'mentor_invitation'
                   and i.state = 'queued' and i.message_id is null)
        when o.body ->> 'template' = 'mentor_invitation'
        then exists (select from pairs p where p.pair = o.scope and p.stage = 'closed')
        else false end
$$;
