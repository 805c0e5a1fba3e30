-- Counts that pages and metrics read instead of counting; see docs/decisions/counters.md. Each row is a change of a
-- number: whoever reads sums them up, and the reconciler folds many rows into one. So nobody waits for a row.

create table pair_counts (
    programme text not null,
    region text not null,
    wave integer not null,
    stage text not null,
    outcome text,
    health text not null,
    claimed boolean not null,
    waits_for text,
    pairs integer not null,
    held integer not null
);
comment on table pair_counts is 'A change of how many pairs of a cohort are alike in all of these columns.';
comment on column pair_counts.claimed is 'They have a mentee.';
comment on column pair_counts.waits_for is 'Their next step; null: they are closed or paused, or wait for nothing.';
comment on column pair_counts.held is 'Sessions that they held.';
create index pair_counts_by_programme on pair_counts (programme);

create table notice_counts (
    programme text not null,
    state text not null,
    month date,
    notices bigint not null
);
comment on table notice_counts is 'A change of how many notices of a programme are in a state.';
comment on column notice_counts.month is 'The month of the archive in which they are; null: they are in the outbox.';

create table event_counts (
    state text not null,
    events bigint not null
);
comment on table event_counts is 'A change of how many events are in a state, but those in the archive. Concerns on their way are left out.';

create table people_counts (
    region text not null,
    role text not null,
    people integer not null
);
comment on table people_counts is 'A change of how many people of a region have a role, but those who left.';

-- One trigger for each kind of change, once a statement, whatever it changed. Pairs and people are never deleted.
create function count_pairs() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into pair_counts
        select programme, region, wave, stage, outcome, health, mentee is not null,
               case when stage <> 'closed' and not paused then next_step end, count(*), sum(held)
        from new_rows group by 1, 2, 3, 4, 5, 6, 7, 8;
    else
        insert into pair_counts
        select programme, region, wave, stage, outcome, health, mentee is not null,
               case when stage <> 'closed' and not paused then next_step end, sum(n), sum(n * held)
        from (select 1 as n, new_rows.* from new_rows union all select -1, old_rows.* from old_rows) changed
        group by 1, 2, 3, 4, 5, 6, 7, 8 having sum(n) <> 0 or sum(n * held) <> 0;
    end if;
    return null;
end $$;
create trigger count_new_pairs after insert on pairs
    referencing new table as new_rows for each statement execute function count_pairs();
create trigger count_changed_pairs after update on pairs
    referencing new table as new_rows old table as old_rows for each statement execute function count_pairs();

create function count_notices() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into notice_counts
        select programme, state, null, count(*) from new_rows group by 1, 2;
    elsif tg_op = 'DELETE' then
        insert into notice_counts
        select programme, state, null, -count(*) from old_rows group by 1, 2;
    else
        insert into notice_counts
        select programme, state, null, sum(n)
        from (select 1 as n, programme, state from new_rows union all select -1, programme, state from old_rows) changed
        group by 1, 2 having sum(n) <> 0;
    end if;
    return null;
end $$;
create trigger count_new_notices after insert on outbox
    referencing new table as new_rows for each statement execute function count_notices();
create trigger count_changed_notices after update on outbox
    referencing new table as new_rows old table as old_rows for each statement execute function count_notices();
create trigger count_moved_notices after delete on outbox
    referencing old table as old_rows for each statement execute function count_notices();

create function count_archived_notices() returns trigger language plpgsql as $$
begin
    insert into notice_counts
    select programme, state, month, count(*) from new_rows group by 1, 2, 3;
    return null;
end $$;
create trigger count_archived_notices after insert on archived_notices
    referencing new table as new_rows for each statement execute function count_archived_notices();

create function count_events() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into event_counts
        select state, count(*) from new_rows where not (kind = 'concern_raised' and state = 'stored') group by 1;
    elsif tg_op = 'DELETE' then
        insert into event_counts
        select state, -count(*) from old_rows where not (kind = 'concern_raised' and state = 'stored') group by 1;
    else
        insert into event_counts
        select state, sum(n)
        from (select 1 as n, state, kind from new_rows union all select -1, state, kind from old_rows) changed
        where not (kind = 'concern_raised' and state = 'stored') group by 1 having sum(n) <> 0;
    end if;
    return null;
end $$;
create trigger count_new_events after insert on events
    referencing new table as new_rows for each statement execute function count_events();
create trigger count_changed_events after update on events
    referencing new table as new_rows old table as old_rows for each statement execute function count_events();
create trigger count_moved_events after delete on events
    referencing old table as old_rows for each statement execute function count_events();

create function count_people() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into people_counts
        select region, unnest(roles), count(*) from new_rows where left_at is null group by 1, 2;
    else
        insert into people_counts
        select region, unnest(roles), sum(n)
        from (select 1 as n, region, roles, left_at from new_rows
              union all select -1, region, roles, left_at from old_rows) changed
        where left_at is null group by 1, 2 having sum(n) <> 0;
    end if;
    return null;
end $$;
create trigger count_new_people after insert on people
    referencing new table as new_rows for each statement execute function count_people();
create trigger count_changed_people after update on people
    referencing new table as new_rows old table as old_rows for each statement execute function count_people();
