-- What an insurer's person may do now, as their identity provider last said it: the truth that every request reads,
-- whatever was true when a session was opened. No row: no right.

create table portal.staff_role (
  person_id uuid primary key references portal.person,
  side text not null check (side in ('desk', 'none')),
  role text not null,                        -- medecin_conseil, agent_administratif…
  organism_ids text[] not null default '{}',
  told_at timestamptz not null               -- when it last changed
);
grant select on portal.staff_role to consilium_medical, consilium_administrative;
grant insert, update, delete on portal.staff_role to consilium_administrative;

-- Sessions open during the upgrade go on with the role they were opened in.
insert into portal.staff_role (person_id, side, role, organism_ids, told_at)
select distinct on (s.person_id) s.person_id, s.side, s.role, s.organism_ids, s.created_at
from portal.session s join portal.person p using (person_id)
where p.kind = 'staff' and s.side <> 'practice' and s.role <> 'agent'
order by s.person_id, s.created_at desc;

-- Whoever asks the identity provider again takes this first: a refresh token that is used twice is taken for stolen.
alter table portal.session add column asking_until timestamptz;
