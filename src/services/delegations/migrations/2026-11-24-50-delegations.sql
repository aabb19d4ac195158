-- Delegates and locums: somebody else who holds a practitioner's box, within a scope, motifs, places and dates.

-- In this order: each includes those before it.
create type portal.scope as enum ('headers', 'read', 'prepare', 'send');

create table portal.delegation (
  delegation_id uuid primary key,
  holder_id uuid not null references portal.person,
  capacity text not null check (capacity in ('delegate', 'locum')),
  delegate_subject text not null,            -- national id as identity providers assert it (8 + RPPS, CPE of a structure)
  delegate_id uuid references portal.person, -- null until such a person is known
  seen_at timestamptz,                       -- their first sign-in since: before it, the holder is not told who they are
  scope portal.scope not null,
  motifs text[],                             -- null: all
  activity_ids uuid[],                       -- null: all, also those to come
  valid_from timestamptz not null,
  valid_to timestamptz not null,
  revoked_at timestamptz,
  created_at timestamptz not null,
  check (valid_from < valid_to and valid_to <= valid_from + interval '367 days'),
  check (capacity = 'delegate' or (scope = 'send' and motifs is null))
);
create index delegation_holder on portal.delegation (holder_id, created_at desc);
create index delegation_subject on portal.delegation (delegate_subject);
grant select, insert, update on portal.delegation to consilium_administrative;

-- box_holder stays the one source of rights: one line per grant, its end moved to the moment of a revocation.
alter table portal.box_holder
  drop constraint box_holder_pkey,
  add column scope portal.scope not null default 'send',
  add column motifs text[],
  add column delegation_id uuid references portal.delegation,
  add constraint box_holder_grant unique nulls not distinct (person_id, box_id, delegation_id),
  add check ((delegation_id is not null) = (capacity in ('delegate', 'locum')));
drop index portal.box_holder_person;
create index box_holder_delegation on portal.box_holder (delegation_id) where delegation_id is not null;

-- A draft lies with the box it is written from, so that its holder and their delegates find it; an adviser's stays
-- their own. Its motif is in clear, as that of an exchange, since a delegation may be for some motifs only.
alter table medical.draft
  add column kept_in uuid,                   -- the practitioner's box, or the adviser's person
  add column motif text,
  add column prepared_by uuid;               -- the last delegate who wrote in it
update medical.draft d set
  motif = (select x.motif from medical.exchange x
    where x.organism_id = d.organism_id and x.exchange_id = d.exchange_id),
  kept_in = coalesce(
    (select x.practice_box from medical.exchange x join portal.box_holder h on h.box_id = x.practice_box
     where x.organism_id = d.organism_id and x.exchange_id = d.exchange_id and h.person_id = d.person_id),
    (select h.box_id from portal.box_holder h join portal.box b using (box_id)
     where h.person_id = d.person_id and b.kind = 'practice' order by b.box_id limit 1),
    d.person_id);
alter table medical.draft alter column kept_in set not null;
drop index medical.draft_person;
drop index medical.draft_answer;
create index draft_kept on medical.draft (kept_in, updated_at desc);
create unique index draft_answer on medical.draft (kept_in, exchange_id) where exchange_id is not null;

alter table medical.message
  add column prepared_by uuid,               -- the delegate who wrote it, when somebody else sent it
  add column on_behalf_of uuid;              -- the holder, when a delegate or locum sent it
