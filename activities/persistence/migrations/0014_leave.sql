-- Whoever is on leave is matched with nobody meanwhile; they wait, and are waited for, again when they are back.
create function on_leave(person text) returns boolean language sql stable as $$
    select exists (select from directives d where d.scope = 'person:' || person and d.paused)
$$;

create or replace view waiting as
select e.programme, e.region, e.wave, e.mentee
from enrolled e join people m on m.person = e.mentee and m.left_at is null
where not on_leave(e.mentee) and not exists (
    select from pairs p
    where p.mentee = e.mentee and p.programme = e.programme
      and (p.stage <> 'closed' and p.region = e.region
           or p.region = e.region and p.wave = e.wave and p.outcome in ('completed', 'ended_early')));
