-- name: set_directive$
-- Pause or resume a scope for pairs that record later; the version tells a repeat from a change. Delivery looks again
-- at notices of its pairs that wait for the end of a pause.
with changed as (
    insert into directives as d (scope, paused, reason) values (:scope, :paused, :reason)
    on conflict (scope) do update set
        paused = excluded.paused, reason = excluded.reason, version = d.version + 1, changed_at = now()
    where d.paused <> excluded.paused
    returning scope
),
released_rows as (
    update outbox o set due = now(), awaits_resume = false
    from pairs p join changed on changed.scope = any (p.scopes)
    where o.awaits_resume and o.state = 'queued' and p.pair = o.scope
)
select exists (select from changed);

-- name: directives_in_force
-- What is paused, for the console.
select scope, paused, coalesce(reason, 'asked') as reason from directives where paused order by scope;

-- name: programme_pauses
-- What of a programme and its regions is paused, for one that lost its run. A cohort's own pause is the cohort's.
select scope from directives
where paused and (scope = 'programme:' || :programme or starts_with(scope, concat_ws(':', 'region', :programme, '')))
order by scope;

-- name: pairs_in_scope
-- Live pairs that are to look what is in force, a page at a time.
select pair from pairs
where stage <> 'closed' and started and pair > :after
  and (cast(:programme as text) is null or programme = :programme)
  and (cast(:region as text) is null or region = :region)
  and (cast(:wave as integer) is null or wave = :wave)
  and (cast(:person as text) is null or mentor = :person or mentee = :person)
order by pair limit :most;

-- name: cohorts_in_scope
-- Open cohorts that match on, or stop matching, with a scope; somebody's own pause is none of theirs.
select concat_ws(':', 'cohort', programme, region, wave) as cohort from cohorts
where closed_at is null and cast(:person as text) is null
  and (cast(:programme as text) is null or programme = :programme)
  and (cast(:region as text) is null or region = :region)
  and (cast(:wave as integer) is null or wave = :wave);

-- name: disobeying_in_scope$
-- How many pairs that look for a match have not yet written down what is in force for them.
select count(*) from pairs p
where p.stage = 'matching' and p.started and p.state is not null
  and (cast(:programme as text) is null or p.programme = :programme)
  and (cast(:region as text) is null or p.region = :region)
  and (cast(:wave as integer) is null or p.wave = :wave)
  and (cast(:person as text) is null or p.mentor = :person or p.mentee = :person)
  and coalesce(p.state -> 'paused_by' ? 'directive', false) <> exists (
      select from directives d where d.paused and d.scope = any (p.scopes));
