-- name: known_keys
-- Events that came before: what they say counts once.
select key from events where key = any (cast(:keys as text[]))
union all
select key from archived_event_keys where key = any (cast(:keys as text[]));

-- name: people_as_rows
-- People as a file would hold them; hours that they gave themselves stand elsewhere.
select p.external_id, p.left_at, p.name, p.email, p.region, p.roles, p.function, p.site, p.locale, p.zone, p.seats,
       p.languages, p.offers, p.wants, p.windows, m.external_id as manager, s.external_id as supervisor,
       d.external_id as delegate,
       array(select b.external_id from reporting_lines o join people b on b.person = o.manager
              where o.person = p.person and o.dotted order by o.position) as dotted_managers
from people p
left join reporting_lines r on r.person = p.person and not r.dotted
left join people m on m.person = r.manager
left join people s on s.person = p.supervisor
left join people d on d.person = p.delegate
where p.external_id = any (cast(:external_ids as text[]));

-- name: field_times
-- As of when each column of theirs holds.
select p.external_id, s.field, s.stated_at from people_field_times s join people p using (person)
where p.external_id = any (cast(:external_ids as text[]));

-- name: known_above
-- These people and everybody above them, with whom each reports to.
with recursive up as (
    select person from people where external_id = any (cast(:external_ids as text[]))
    union
    select r.manager from up join reporting_lines r using (person)
)
select p.external_id, m.external_id as manager,
       array(select b.external_id from reporting_lines o join people b on b.person = o.manager
              where o.person = p.person and o.dotted order by o.position) as dotted_managers
from up join people p using (person)
left join reporting_lines r on r.person = p.person and not r.dotted
left join people m on m.person = r.manager;

-- name: save_field_times!
-- A column that was stated without a time has no known time.
with stated as (
    select p.person, s.field, s.stated_at
    from jsonb_to_recordset(cast(:stated as jsonb)) as s (external_id text, field text, stated_at timestamptz)
    join people p using (external_id)
),
undated as (
    delete from people_field_times o using stated where o.person = stated.person and o.field = stated.field and stated.stated_at is null
)
insert into people_field_times (person, field, stated_at)
select person, field, stated_at from stated where stated_at is not null
on conflict (person, field) do update set stated_at = excluded.stated_at;

-- name: save_future_changes!
-- For its day.
insert into future_people_changes (key, person, cells, back, effective, stated_at, source)
select s.key, p.person, s.cells, s.back, s.effective, s.stated_at, s.source
from jsonb_to_recordset(cast(:stated as jsonb))
     as s (key text, external_id text, cells jsonb, back boolean, effective date, stated_at timestamptz, source text)
join people p using (external_id);

-- name: future_changes_due
-- What the day has come for where the person is, the earliest first.
select a.key, p.external_id, a.cells, a.back, a.effective, a.stated_at, a.source
from future_people_changes a join people p using (person)
where a.effective <= cast(cast(:now as timestamptz) at time zone p.zone as date)
  and (a.next_try is null or a.next_try <= :now)
order by a.effective, a.stated_at nulls first, a.arrived limit :most;

-- name: planned_changes$
-- How many a source sent for a day to come.
select count(*) from future_people_changes where source = :source;

-- name: drop_planned_changes!
-- Those of a source that should not have sent them.
delete from future_people_changes where source = :source;

-- name: delete_future_changes!
-- It holds now; where it did not fit for a while, ops need not see that any more.
with held as (delete from future_people_changes where key = any (cast(:keys as text[])) returning key, refused)
update events e set state = 'delivered', reason = null, delivered_at = now() from held
where e.key = held.key and held.refused is not null;

-- name: postpone_future_change!
-- It no longer fits; others may change, and ops see it with what was not delivered.
with late as (update future_people_changes set refused = :refused, next_try = :next_try where key = :key returning key)
update events e set state = 'undeliverable', reason = 'does_not_fit' from late where e.key = late.key;
