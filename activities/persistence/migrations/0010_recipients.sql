-- Where people are found who receive a notice: never one who left. Which sources, and in what order, is in
-- domain/notices/recipients.py.

create function recipients(sources text[], of_mentor text, of_mentee text, in_region text) returns setof text
language sql stable as $$
    select unnest(nearest.people)
    from (
        select found.people
        from (
            -- A case, since it looks into one source only; a union would look into each of them.
            select s.rank, case s.source
                when 'mentor' then array(
                    select p.person from people p where p.person = of_mentor and p.left_at is null)
                when 'mentee' then array(
                    select p.person from people p where p.person = of_mentee and p.left_at is null)
                when 'mentees_delegate' then array(
                    select d.person from people p join people d on d.person = p.delegate
                    where p.person = of_mentee and p.left_at is null and d.left_at is null)
                when 'mentors_supervisor' then array(
                    select s.person from people p join people s on s.person = p.supervisor
                    where p.person = of_mentor and s.left_at is null)
                when 'mentors_manager' then array(
                    select m.person from reporting_lines r join people m on m.person = r.manager
                    where r.person = of_mentor and not r.dotted and m.left_at is null)
                when 'ops_of_region' then array(
                    select p.person from people p
                    where p.roles && '{ops,sponsor}' and 'ops' = any (p.roles) and p.left_at is null
                      and p.region = in_region)
                when 'ops_anywhere' then array(
                    select p.person from people p
                    where p.roles && '{ops,sponsor}' and 'ops' = any (p.roles) and p.left_at is null)
                when 'sponsor_of_region' then array(
                    select p.person from people p
                    where p.roles && '{ops,sponsor}' and 'sponsor' = any (p.roles) and p.left_at is null
                      and p.region = in_region)
                when 'sponsor_anywhere' then array(
                    select p.person from people p
                    where p.roles && '{ops,sponsor}' and 'sponsor' = any (p.roles) and p.left_at is null)
                end as people
            from unnest(sources) with ordinality as s (source, rank)
            offset 0
        ) found
        where found.people <> '{}'
        order by found.rank limit 1
    ) nearest
$$;
comment on function recipients is 'The people in the first of these sources that has anybody.';
