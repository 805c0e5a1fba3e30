-- The few people who hold an office: those of the region, else those of any.
create function in_charge(office text, place text) returns setof text language sql stable as $$
    select p.person from people p
    where p.roles && '{ops,sponsor}' and office = any (p.roles)
      and (p.region = place or not exists (
          select from people o where o.roles && '{ops,sponsor}' and office = any (o.roles) and o.region = place))
$$;

-- Who gets a notice addressed to a role; nobody when the role is empty.
create function recipients(role text, of_mentor text, of_mentee text, place text) returns setof text
language sql stable as $$
    select p.person from people p where role = 'mentor' and p.person = of_mentor
    union all
    select p.person from people p where role = 'mentee' and p.person = of_mentee
    union all
    select p.delegate from people p where role = 'delegate' and p.person = of_mentee and p.delegate is not null
    union all
    select p.supervisor from people p where role = 'supervisor' and p.person = of_mentor and p.supervisor is not null
    union all
    select r.manager from reporting_lines r where role = 'manager' and r.person = of_mentor and not r.dotted
    union all
    select in_charge(role, place) where role in ('ops', 'sponsor')
    union all
    select in_charge('ops', place)
    where role = 'supervisor'
      and not exists (select from people p where p.person = of_mentor and p.supervisor is not null)
$$;
