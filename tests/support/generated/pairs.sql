-- One programme `bench` in twenty regions; a mentor and a mentee a pair, in every stage. What is random is a function of
-- a number, so that two runs are equal. $-parameters are no way into several statements: settings bench.* are.
create temp table numbered as
select n, 'r' || to_char(n % 20, 'FM00') as region,
       'p' || translate(left(md5('mentor' || n), 13), '0189', 'ghij') as mentor,
       'p' || translate(left(md5('mentee' || n), 13), '0189', 'ghij') as mentee,
       (array['training', 'training', 'training', 'matching', 'matching', 'sessions', 'sessions', 'sessions', 'sessions',
              'sessions', 'sessions', 'sessions', 'sessions', 'sessions', 'sessions', 'sessions', 'feedback', 'closed',
              'closed', 'closed'])[1 + n / 20 % 20] as stage
from generate_series(1, current_setting('bench.pairs')::integer) as n;

insert into people (person, external_id, name, email, region, roles, function, site, windows)
select case role when 'mentor' then mentor else mentee end, role || '-' || n,
       (array['Élodie', 'Marc', 'Anna', 'José', 'Zoé', 'Paul', 'Inès', 'Li', 'Hélène', 'Max', 'Chloé', 'Tom', 'Noémie',
              'Hugo', 'Léa', 'Adam', 'Maëlle', 'Karl', 'Sofia', 'Jan'])[1 + (hashtext(role || n) & 15)] || ' '
       || initcap(translate(left(md5(role || n), 7), '0123456789', 'aeioulmnrt')),
       role || n || '@example.org', region, array[role], 'function ' || n % 12, 'site ' || n % 25,
       '[{"day": 0, "start": 540, "end": 720}, {"day": 3, "start": 840, "end": 1050}]'
from numbered cross join unnest(array['mentor', 'mentee']) as role;

insert into reporting_lines (person, manager, dotted)
select p.mentee, m.mentee, false from numbered p join numbered m on m.n = p.n / 8 and m.n <> p.n;

insert into enrolled_mentees (programme, region, wave, mentee)
select 'bench', region, 1, mentee from numbered;

insert into pairs (pair, programme, region, wave, mentor, seat, stage, outcome, reason, health, held, mentee,
                   mentee_recorded, next_step, next_at, waiting_since, revision, state, scopes, started, closed_at)
select concat_ws(':', 'pair', 'bench', region, 1, mentor, 1), 'bench', region, 1, mentor, 1, stage,
       case when stage = 'closed' then (array['completed', 'completed', 'ended_early', 'deferred'])[1 + n % 4] end,
       case when stage = 'closed' and n % 4 = 2 then 'agreed' end,
       case when hashtext('health' || n) & 15 = 0 then 'at_risk' else 'on_course' end,
       case when stage in ('sessions', 'feedback', 'closed') then n % 7 else 0 end,
       case when stage in ('sessions', 'feedback', 'closed') then mentee end,
       stage in ('sessions', 'feedback', 'closed'),
       case stage when 'training' then 'training_due' when 'matching' then 'search_due' when 'feedback' then 'feedback_due'
                  when 'sessions' then (array['answer_due', 'held_due', 'session_starts'])[1 + n % 3] end,
       case when stage <> 'closed' then now() + n % 500 * interval '1 hour' end,
       case when stage = 'matching' then now() end, 25, current_setting('bench.state')::jsonb,
       array['programme:bench', 'region:bench:' || region, concat_ws(':', 'cohort', 'bench', region, 1),
             concat_ws(':', 'pair', 'bench', region, 1, mentor, 1), 'person:' || mentor, 'person:' || mentee],
       true, case when stage = 'closed' then now() end
from numbered;

create temp table lines as
select n, line, concat_ws(':', 'pair', 'bench', region, 1, mentor, 1) as pair, region, mentor, mentee,
       now() - interval '300 days' + line * interval '10 days' as at
from numbered cross join generate_series(1, current_setting('bench.lines')::integer) as line;

insert into transitions (pair, revision, digest, event, at, recorded_at)
select pair, line, sha256((pair || line)::bytea), 'answered', at, at from lines;

insert into ledger (pair, revision, position, at, what, reason, session, decided_by)
select pair, line, 0, at, (array['session_agreed', 'session_held', 'asked', 'proposed'])[1 + line % 4], 'asked', line / 4,
       case when line % 4 = 0 then mentor end
from lines;

insert into sessions (pair, number, attempt, status, sequence, start_at, minutes, programme, mentor, mentee)
select pair, line / 4, 1, case when line < 20 then 'held' else 'agreed' end, 1, at, 60, 'bench', mentor, mentee
from lines where line % 4 = 0;

insert into outbox (notice, scope, programme, region, wave, person, body, mentor, mentee, created, state, due,
                    message_id, finished_at)
select concat_ws(':', pair, line, 'session_proposed', line / 4 || '.1.0', mentor), pair, 'bench', region, 1, mentor,
       jsonb_build_object('template', 'session_proposed', 'to', 'mentor', 'session', line / 4, 'attempt', 1, 'check', 0,
                          'invite', jsonb_build_object('uid', md5(pair), 'sequence', 0, 'minutes', 60, 'start', at,
                                                       'alternatives', '[]'::jsonb)),
       mentor, mentee, at, (array['sent', 'sent', 'sent', 'dropped'])[1 + line % 4], at,
       '<' || md5(pair || line) || '@example.org>', at
from lines where line % 5 <> 0;

insert into events (key, source, event_id, type, kind, person, pair, payload, occurred_at, received_at, state, reached,
                    delivered_at, fact)
select 'e' || left(md5(pair || line), 32), 'lms', md5(pair || line || 'id'), 'binome.held.v1', 'held', mentor, pair,
       jsonb_build_object('session', line / 4), at, at,
       case when n % 1000 = 0 and line = 2 then 'undeliverable' else 'delivered' end, array[pair], at, md5(pair || line)
from lines where line % 2 = 0;

insert into pulses (pair, session, side, programme, region, wave, person, score, wants_help)
select pair, line / 4, side, 'bench', region, 1, case side when 'mentor' then mentor else mentee end,
       sha256('score')::bytea, sha256('help')::bytea
from lines cross join unnest(array['mentor', 'mentee']) as side where line % 4 = 0 and line < 20;

insert into data_keys (owner, number, wrapped, wrapped_by)
select case role when 'mentor' then mentor else mentee end, 1, sha256('key')::bytea, 'w'
from numbered cross join unnest(array['mentor', 'mentee']) as role;

insert into completed_modules (person, module)
select mentor, module from numbered cross join unnest(array['listening', 'feedback', 'bias']) as module;

insert into match_runs (programme, region, wave, run) select distinct 'bench', region, 1, 1 from numbered;
insert into matches (programme, region, wave, match, run, pair, mentor, mentee, score, decision)
select 'bench', region, 1, concat_ws(':', 1, 1, mentor, mentee), 1, concat_ws(':', 'pair', 'bench', region, 1, mentor, 1),
       mentor, mentee, 0.5, case when stage = 'matching' and n % 3 = 0 then 'proposed' else 'announced' end
from numbered where stage <> 'training';

insert into closing_answers (pair, person, offer, word_to_manager)
select concat_ws(':', 'pair', 'bench', region, 1, mentor, 1), mentor, 'rest', false from numbered where stage = 'closed';

insert into people_changes (person, fields, source)
select mentor, '{site}', 'people file' from numbered;
insert into people_field_times (person, field, stated_at)
select mentor, field, now() from numbered cross join unnest(array['site', 'email', 'name']) as field;

insert into access_log (actor, what, about)
select 'a' || substr(mentor, 2), 'see_pair', mentor from numbered;
insert into decisions (actor, about, what, outcome)
select 'a' || substr(mentor, 2), concat_ws(':', 'pair', 'bench', region, 1, mentor, 1), 'pause', 'accepted' from numbered;
insert into refused_messages (workflow_id, name, reason, at, resent_at)
select concat_ws(':', 'pair', 'bench', region, 1, mentor, 1), 'held', 'unreadable', now() - n * interval '1 minute', now()
from numbered;
insert into drift (workflow_id, kind, why, resolved_at)
select concat_ws(':', 'pair', 'bench', region, 1, mentor, 1), 'ended', 'terminated', now() from numbered;

drop table numbered, lines;
