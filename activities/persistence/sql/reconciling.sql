-- name: live_pairs
-- A page of pairs that should have a run. One that has let a deadline pass, or recorded nothing since it was sent something, is
-- asked about though it runs: its task may keep failing.
select p.pair,
       coalesce(not p.paused and g.wall_epoch + (p.next_at - g.programme_epoch) / g.pace < now() - cast(:overdue_after as interval),
                false) as overdue
from pairs p left join programmes g on g.programme = p.programme
where p.stage <> 'closed' and p.started and p.pair > :after
order by p.pair limit :most;

-- name: silent_pairs
-- Live pairs that have recorded nothing since they were sent something, within the last day.
select distinct r.pair
from events e
cross join lateral unnest(e.reached) as r (pair)
join pairs p on p.pair = r.pair and p.stage <> 'closed'
where e.state = 'delivered' and e.delivered_at > now() - interval '1 day' and e.delivered_at < now() - cast(:overdue_after as interval)
  -- A look at each of these pairs: PostgreSQL might read all transitions to join them.
  and coalesce((select max(t.recorded_at) from transitions t where t.pair = r.pair), '-infinity') < e.delivered_at
order by r.pair limit :most;

-- name: disobeying_pairs
-- A page of live pairs that do not do what is in force for them, though it has been so for a while: whoever was to tell
-- them was lost on the way. One that somebody must look at is left alone.
select p.pair
from pairs p
cross join lateral (
    select coalesce(bool_or(d.paused), false) as paused, max(d.changed_at) as changed_at
    from directives d where d.scope = any (p.scopes)
) f
where p.stage <> 'closed' and p.started and p.state is not null and p.pair > :after
  and f.paused <> coalesce(p.state -> 'paused_by' ? 'directive', false)
  and coalesce(f.changed_at, '-infinity') < now() - cast(:overdue_after as interval)
  and not exists (select from drift d where d.workflow_id = p.pair and d.resolved_at is null)
order by p.pair limit :most;

-- name: closed_among
-- Of pairs that run, those that are closed on record.
select pair from pairs where pair = any (cast(:pairs as text[])) and stage = 'closed';

-- name: live_cohorts
-- They opened and have not closed; or their programme opened them, and they have not got as far as their row.
select programme, region, wave from cohorts where closed_at is null
union
select g.programme, o.region, o.wave
from programmes g
cross join lateral jsonb_array_elements(g.state -> 'regions') as r (region)
cross join lateral jsonb_to_record(r.region -> 'plan' -> 'cohort') as o (region text, wave integer)
where r.region ->> 'status' = 'open' and not exists (
    select from cohorts c where (c.programme, c.region, c.wave) = (g.programme, o.region, coalesce(o.wave, 1)))
order by 1, 2, 3;

-- name: live_programmes
-- A region is open, or one is to come. The same rule as ProgrammeState.finished.
select programme from programmes
where state is null or exists (
    select from jsonb_array_elements(state -> 'regions') as r (region)
    where r.region ->> 'status' <> 'closed' or r.region ->> 'next_wave_at' is not null)
order by programme;

-- name: pair_on_record^
-- All that it takes to start a pair again from its record, and when it last changed (wall time).
select p.pair, p.programme, p.region, p.wave, p.mentor, p.seat, p.stage, p.health, p.held, p.revision, p.state,
       p.started, case when p.stage = 'matching' and not p.mentee_recorded then p.mentee end as unheard_mentee,
       jsonb_array_length(coalesce(m.own_windows, m.windows)) > 0 as windows_known,
       array(select c.module from completed_modules c where c.person = p.mentor order by c.module) as modules_done,
       c.plan, c.opens_at, g.programme_epoch, g.wall_epoch, g.pace,
       (select max(t.recorded_at) from transitions t where t.pair = p.pair) as changed_at
from pairs p
left join people m on m.person = p.mentor
left join cohorts c on c.programme = p.programme and c.region = p.region and c.wave = p.wave
left join programmes g on g.programme = p.programme
where p.pair = :pair;

-- name: cohort_on_record^
-- A cohort's start document, and whether it goes on. One without a row has the plan of its programme, and opens now.
select coalesce(c.plan, r.region -> 'plan') as plan,
       coalesce(c.opens_at, g.programme_epoch + (now() - g.wall_epoch) * g.pace) as opens_at,
       c.closed_at, g.programme_epoch, g.wall_epoch, g.pace
from programmes g
left join cohorts c on c.programme = g.programme and c.region = :region and c.wave = :wave
left join lateral jsonb_array_elements(g.state -> 'regions') as r (region)
     on r.region -> 'plan' -> 'cohort' ->> 'region' = :region and r.region ->> 'status' = 'open'
where g.programme = :programme and coalesce(c.plan, r.region -> 'plan') is not null;

-- name: programme_on_record^
-- Whether a programme goes on, and from what.
select plan, state, revision from programmes where programme = :programme;

-- name: opened_cohorts
-- Every wave that opened; with its evidence when it has closed, whether its programme knows it or not.
select region, wave, case when closed_at is not null then evidence end as evidence
from cohorts where programme = :programme order by region, wave;

-- name: close_unstarted_pairs$
-- Nobody knows of them: a cohort that is cancelled while it starts its pairs closes them without a notice.
with closed as (
    update pairs p set stage = 'closed', outcome = 'ended_early', reason = 'cancelled', closed_at = now()
    where p.programme = :programme and p.region = :region and p.wave = :wave and not p.started and p.stage <> 'closed'
    returning p.pair, p.revision
),
ledger_rows as (
    insert into ledger (pair, revision, position, at, what, reason)
    select c.pair, c.revision, 1, :at, 'closed', 'cancelled' from closed c on conflict do nothing
)
select count(*) from closed;

-- name: pairs_to_end
-- A page of a cohort's pairs that have not closed.
select pair from pairs
where programme = :programme and region = :region and wave = :wave and stage <> 'closed' and pair > :after
order by pair limit :most;

-- name: try_lock_run$
-- Two reconcilers never repair one run at a time. Held until the transaction ends.
select pg_try_advisory_xact_lock(hashtextextended(:workflow_id, 7301));

-- name: find_or_add_drift^
-- Once while it is open: whoever sees the same again gets the same row.
with new as (
    insert into drift (workflow_id, kind, why, run_id) values (:workflow_id, :kind, :why, :run_id)
    on conflict (workflow_id, kind, run_id) where resolved_at is null do nothing
    returning *
)
select * from new
union all
select * from drift d
where d.workflow_id = :workflow_id and d.kind = :kind and d.run_id = :run_id and d.resolved_at is null
limit 1;

-- name: restarts_today$
-- How often it was started again within a day: what ends at once is not started for ever.
select count(*) from drift
where workflow_id = :workflow_id and repair = 'restarted' and repair_at > now() - interval '1 day';

-- name: mark_repair!
-- What is being done about it; written down before it is done, so that a crash leaves a trace to go on from.
update drift set repair = :repair, repair_at = now(), revision = :revision where id = :id and repair is distinct from :repair;

-- name: mark_repaired!
-- The run is as it should be.
update drift set resolved_at = now(), repair = coalesce(repair, 'by_itself') where id = :id and resolved_at is null;

-- name: add_restart_to_ledger!
-- A line of the ledger after the last transition, at programme time.
insert into ledger (pair, revision, position, at, what, reason)
select :pair, cast(:revision as integer),
       (select coalesce(max(l.position), 0) + 1 from ledger l where l.pair = :pair and l.revision = :revision),
       coalesce((select g.programme_epoch + (now() - g.wall_epoch) * g.pace from programmes g where g.programme = :programme), now()),
       :what, :reason;

-- name: put_events_back!
-- What the pair was sent after it last recorded something, and a while before: facts have natural keys, so one that
-- counts already changes nothing.
update events set state = 'stored', reason = 'pair_restarted', next_try = null, reached = array_remove(reached, :pair)
where reached @> array[cast(:pair as text)] and state in ('delivered', 'stored')
  and coalesce(delivered_at, now()) >= coalesce(
      (select max(t.recorded_at) from transitions t where t.pair = :pair), '-infinity') - cast(:margin as interval);

-- name: open_drift
-- Oldest first.
select * from drift where resolved_at is null order by found_at, id limit :most;

-- name: drift_listing
-- For the console: what is open first, then newest first.
select * from drift order by resolved_at is not null, found_at desc, id desc limit :most;

-- name: drift_counts
-- For metrics: what is open, by kind.
select kind, count(*) as runs from drift where resolved_at is null group by kind;

-- name: reconciler_look$
-- The number of its last look; Temporal knows it, too, and so it shows whether PostgreSQL was set back.
select look from reconciler_looks;

-- name: set_reconciler_look!
update reconciler_looks set look = :number where look < :number;
