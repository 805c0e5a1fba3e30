-- name: archive_pairs$
-- Move the ledger and the notices of pairs that closed long ago, and forget their transitions: the pair's own row
-- says from then on that they are recorded. A pair with a notice still to be sent waits.
with closed as materialized (
    select p.pair, month_of(p.closed_at) as month from pairs p
    where p.closed_at < :before and p.archived_at is null
      and not exists (select from outbox o where o.scope = p.pair and o.state = 'queued')
    order by p.closed_at limit :most for update skip locked
),
ledger_rows as (delete from ledger l using closed c where l.pair = c.pair returning c.month, l.*),
archived_ledger_rows as (insert into archived_ledger select * from ledger_rows),
notice_rows as (
    delete from outbox o using closed c
    where o.scope = c.pair and o.state in ('sent', 'dropped', 'failed', 'unconfirmed') returning c.month, o.*
),
archived_notice_rows as (insert into archived_notices select * from notice_rows),
transition_rows as (delete from transitions t using closed c where t.pair = c.pair),
pair_rows as (update pairs p set archived_at = now() from closed c where p.pair = c.pair returning p.pair)
select count(*) from pair_rows;

-- name: archive_late_notices$
-- The same for notices about pairs that were archived before: somebody called for help about a closed pair.
with notice_rows as (
    delete from outbox o using pairs p
    where p.pair = o.scope and p.archived_at is not null
      and o.state in ('sent', 'dropped', 'failed', 'unconfirmed')
      and o.finished_at < :before
    returning month_of(:before), o.*
),
archived_notice_rows as (insert into archived_notices select * from notice_rows)
select count(*) from notice_rows;

-- name: archive_late_ledger$
-- The same for what a pair recorded while it was being archived, or after.
with ledger_rows as (
    delete from ledger l using pairs p where p.pair = l.pair and p.archived_at is not null
    returning month_of(:before), l.*
),
archived_ledger_rows as (insert into archived_ledger select * from ledger_rows),
transition_rows as (delete from transitions t using pairs p where p.pair = t.pair and p.archived_at is not null)
select count(*) from ledger_rows;

-- name: archive_events$
-- Move events that were delivered long ago, but not while a pair that has them may be started again and need them.
with done as materialized (
    select e.key from events e
    where e.state = 'delivered' and e.delivered_at < :before
      and not exists (
          select from unnest(e.reached) as r (pair) join pairs p using (pair) where p.archived_at is null)
    order by e.delivered_at limit :most for update skip locked
),
event_rows as (
    delete from events e using done d where e.key = d.key
    returning month_of(e.delivered_at), e.*
),
archived_event_rows as (insert into archived_events select * from event_rows),
key_rows as (insert into archived_event_keys select key from event_rows)
select count(*) from event_rows;

-- name: allow_archiving$
-- The ledger refuses deletions, but in a transaction that says that it archives.
select set_config('binome.archiving', 'on', true);

-- name: open_archive_months$
-- Partitions for all that may be moved now.
select open_archive_months(array(
    select month_of(closed_at) from pairs where closed_at < :before and archived_at is null
    union
    select month_of(delivered_at) from events where state = 'delivered' and delivered_at < :before
    union
    select month_of(:before)));

-- name: drop_archive_months
-- Whole months that ended by then, and the names of the tables they were in.
select drop_archive_months(:before) as dropped;
