-- name: pairs_at_risk
-- A cohort's live pairs at risk, a page at a time: after none, or after one that is at risk.
select * from listed_pairs
where programme = :programme and region = :region and wave = :wave and stage <> 'closed' and health = 'at_risk'
  and (cast(:stage as text) is null or stage = :stage)
  and coalesce((select l.at_risk from listed_pairs l where l.pair = :after), true)
  and (mentor, seat) > (coalesce((select l.mentor from pairs l where l.pair = :after), ''),
                        coalesce((select l.seat from pairs l where l.pair = :after), 0))
order by mentor, seat limit :most;

-- name: pairs_not_at_risk
-- The others: from the beginning after none, or after one that is at risk.
with last as materialized (
    select mentor, seat from listed_pairs where pair = :after and not at_risk
)
select * from listed_pairs
where programme = :programme and region = :region and wave = :wave and not at_risk
  and (mentor, seat) > (coalesce((select mentor from last), ''), coalesce((select seat from last), 0))
order by mentor, seat limit :most;

-- name: pairs_of_stage
-- The same for one stage.
with last as materialized (
    select mentor, seat from listed_pairs where pair = :after and not at_risk
)
select * from listed_pairs
where programme = :programme and region = :region and wave = :wave and stage = :stage and not at_risk
  and (mentor, seat) > (coalesce((select mentor from last), ''), coalesce((select seat from last), 0))
order by mentor, seat limit :most;

-- name: supervised_pairs
-- Live pairs of the mentors whom somebody supervises; nothing about health, nor with whom.
select p.pair, t.name as mentor_name, p.stage, p.paused, p.held
from pairs p join people t on t.person = p.mentor
where t.supervisor = :person and p.stage <> 'closed'
order by t.name, p.pair;

-- name: pair_detail^
-- One pair with its state, and what the state leaves out because the cohort's plan has it.
select p.pair, t.name as mentor_name, e.name as mentee_name, p.stage, p.outcome, p.reason, p.health, p.paused, p.held,
       p.next_step, p.next_at, p.state, c.plan, g.programme_epoch, g.wall_epoch, g.pace
from pairs p
left join people t on t.person = p.mentor
left join people e on e.person = p.mentee
left join cohorts c on c.programme = p.programme and c.region = p.region and c.wave = p.wave
left join programmes g on g.programme = p.programme
where p.pair = :pair;

-- name: ledger_of
-- What happened and why, in order.
select at, revision, what, reason, session, decided_by as by from (
    select at, revision, position, what, reason, session, decided_by from ledger where pair = :pair
    union all
    select at, revision, position, what, reason, session, decided_by from archived_ledger where pair = :pair
) lines
order by revision, position;

-- name: pauses
-- What is paused of these scopes, for the console.
select scope, coalesce(reason, 'asked') as reason, changed_at as since from directives
where paused and scope = any (cast(:scopes as text[])) order by scope;
