-- name: status_pairs
-- All pairs of a programme, counted by what a status shows.
select region, wave, stage, outcome, health, count(*) as pairs, sum(held) as held
from pairs where programme = :programme group by 1, 2, 3, 4, 5;

-- name: status_steps
-- What live pairs wait for.
select next_step, count(*) as pairs from pairs
where programme = :programme and stage <> 'closed' and not paused and next_step is not null group by 1;

-- name: status_extras^
-- What waits for ops: matches to review, and messages that no workflow could read.
select (select count(*) from matches m join pairs p using (pair)
         where m.programme = :programme and m.decision = 'proposed' and p.stage = 'matching' and p.mentee is null)
           as matches_to_review,
       (select count(*) from refused_messages
         where split_part(workflow_id, ':', 2) = :programme and resent_at is null) as refused_messages;

-- name: programme_status^
-- Clock and rollout.
select programme_epoch, wall_epoch, pace, plan, state, now() as wall from programmes where programme = :programme;
