-- What has grown old leaves the tables that are asked all day, and is dropped a month at a time. All times are wall
-- time. No key that guards against doing something twice leaves with it: docs/decisions/archive-by-month.md.

-- The month comes first, so that a column that is added to both tables later is the last of both.
create table archived_ledger (month date not null, like ledger) partition by range (month);
comment on table archived_ledger is 'One line of the ledger of a pair that closed long ago.';
create index archived_ledger_by_pair on archived_ledger (pair);

create table archived_notices (month date not null, like outbox) partition by range (month);
comment on table archived_notices is 'One finished notice of a pair that closed long ago.';
create index archived_notices_by_scope on archived_notices (scope);

create table archived_events (month date not null, like events) partition by range (month);
comment on table archived_events is 'One event that was delivered long ago.';
create index archived_events_by_key on archived_events (key);

comment on column archived_ledger.month is 'First day of the month in which the pair closed.';
comment on column archived_notices.month is
    'First day of the month in which the pair closed, or, of a notice that came after its pair was archived, of the move.';
comment on column archived_events.month is 'First day of the month in which the event was delivered.';

create table archived_event_keys (
    key text primary key
);
comment on table archived_event_keys is
    'The key of one archived event, kept for ever: a sender may repeat an event at any time, and it counts once.';

create function month_of(moment timestamptz) returns date language sql immutable as $$
    select date_trunc('month', moment at time zone 'UTC')::date
$$;

-- A month needs a partition of its own before anything is moved into it. It and the next one run as the owner: the
-- worker may make and drop nothing else.
create function open_archive_months(months date[]) returns void language plpgsql
    security definer set search_path = public, pg_temp as $$
declare
    archive text;
    month date;
begin
    -- Of two that open one month the second waits, and finds it.
    perform pg_advisory_xact_lock(hashtext('binome archive months'));
    foreach month in array months loop
        foreach archive in array array['archived_ledger', 'archived_notices', 'archived_events'] loop
            if to_regclass(archive || to_char(month, '_YYYY_MM')) is null then
                execute format(
                    'create table %I partition of %I for values from (%L) to (%L)',
                    archive || to_char(month, '_YYYY_MM'), archive, month, month + interval '1 month');
            end if;
        end loop;
    end loop;
end $$;

-- Drops whole months, whatever their size, and returns the names of the tables.
create function drop_archive_months(before date) returns setof text language plpgsql
    security definer set search_path = public, pg_temp as $$
declare
    archive text;
    month text;
begin
    foreach archive in array array['archived_ledger', 'archived_notices', 'archived_events'] loop
        for month in
            select relid::regclass from pg_partition_tree(archive::regclass)
            where level = 1 and to_date(right(relid::regclass::text, 7), 'YYYY_MM') + interval '1 month' <= before
            order by 1
        loop
            execute format('drop table %I', month);
            return next month;
        end loop;
    end loop;
    delete from notice_counts c where c.month + interval '1 month' <= before;
end $$;
revoke execute on function open_archive_months, drop_archive_months from public;
