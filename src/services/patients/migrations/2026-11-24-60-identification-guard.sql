-- Identification is not a search engine: look-ups are counted and watched, and who walks through numbers is blocked.

-- One row per look-up, for three days. No number: only keyed hashes bound to the person, which tell that two look-ups of
-- this one person were of the same number, or of neighbours, and nothing else.
create table medical.lookup (
  lookup_id uuid primary key,
  person_id uuid not null,
  at timestamptz not null,
  number_index bytea not null,
  decade_index bytea not null,               -- of the ten numbers it stands among
  facets bytea[] not null,                   -- of the number with one part or more left out, in the order of the rules
  night boolean not null,
  outcome text not null check (outcome in ('asked', 'found', 'unknown', 'failed'))
);
create index lookup_person on medical.lookup (person_id, at);
create index lookup_age on medical.lookup (at);

-- Look-ups of the hour and of the day, by person, organism and address: a number that only grows, until its time is over.
create table medical.lookup_count (
  counter text primary key,                  -- an address stands in it as a keyed hash
  n integer not null,
  ends_at timestamptz not null
);
create index lookup_count_age on medical.lookup_count (ends_at);

-- Whose identification is blocked, or was.
create table portal.identification_block (
  block_id uuid primary key,
  person_id uuid not null references portal.person,
  organism_ids text[] not null,              -- of an insurer's person; empty for a practitioner
  cause text not null check (cause in ('run', 'unknown', 'volume', 'night')),
  counts jsonb not null,                     -- how many look-ups were of what kind, no more
  role text not null,
  via text not null,
  auth_mode text not null,
  blocked_at timestamptz not null,
  lifted_at timestamptz,
  lifted_by uuid references portal.person,
  reason text,
  check ((lifted_at is null) = (lifted_by is null) and (lifted_at is null) = (reason is null))
);
create unique index identification_block_open on portal.identification_block (person_id) where lifted_at is null;
create index identification_block_person on portal.identification_block (person_id, lifted_at);
create index identification_block_lifted on portal.identification_block (lifted_at desc);

grant select, insert, update, delete on medical.lookup, medical.lookup_count to consilium_medical;
grant select, insert on portal.identification_block to consilium_medical;
grant select, update (lifted_at, lifted_by, reason) on portal.identification_block to consilium_administrative;
