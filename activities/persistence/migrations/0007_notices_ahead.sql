-- Notices are queued ahead of their time, so that a pair needs no timer for them; none goes out while its pair is paused.
create function on_hold(scope text, body jsonb) returns boolean language sql stable as $$
    select body ->> 'not_before' is not null and exists (select from pairs p where p.pair = scope and p.paused)
$$;
