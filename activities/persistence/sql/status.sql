-- name: status_pairs
-- All pairs of a programme by what a status shows, from their counts.
select region, wave, stage, outcome, health, sum(pairs) as pairs, sum(held) as held
from pair_counts where programme = :programme group by 1, 2, 3, 4, 5 having sum(pairs) <> 0;

-- name: status_steps
-- What live pairs wait for.
select waits_for as next_step, sum(pairs) as pairs from pair_counts
where programme = :programme and waits_for is not null group by 1 having sum(pairs) <> 0;

-- name: status_extras^
-- What waits for ops: matches to review, and messages that no workflow could read.
select (select count(*) from matches m join pairs p using (pair)
         where m.programme = :programme and m.decision = 'proposed' and p.programme = :programme and p.stage = 'matching' and p.mentee is null)
           as matches_to_review,
       (select count(*) from refused_messages
         where split_part(workflow_id, ':', 2) = :programme and resent_at is null) as refused_messages;

-- name: programme_status^
-- Clock and rollout.
select programme_epoch, wall_epoch, pace, plan, state, now() as wall from programmes where programme = :programme;
