-- What both sides of the wall stand on: reference data, people, places, boxes, sessions, outbox, trace.
-- No medical text, patient's name or NIR is ever in these tables.

create schema portal;
create schema trace;

-- Reference data -------------------------------------------------------------------------------------------------

create table portal.reference_load (
  name text primary key,
  digest text not null,
  loaded_at timestamptz not null
);

create table portal.regime (
  regime_code text primary key,
  label text not null,
  full_name text not null,
  status text not null
);

create table portal.organism (
  organism_id text primary key,              -- régime and caisse, « 01-941 »: the caisse alone is not unique
  regime_code text not null references portal.regime,
  caisse_code text not null,
  name text not null,
  departement text not null,
  type text not null,
  status text not null,                      -- active, active-2020, historical, alias
  successor_id text references portal.organism deferrable initially deferred
);

create table portal.motif (
  code text primary key,
  label text not null,
  position smallint not null,
  offered boolean not null,                  -- false: known, but cannot be chosen (legal clock not kept yet)
  valid_from date,
  valid_to date
);

-- People, places, boxes ------------------------------------------------------------------------------------------

create table portal.person (
  person_id uuid primary key,
  kind text not null check (kind in ('practitioner', 'staff')),
  realm text not null,                       -- 'ans' for national identities, else the id of the insurer's issuer
  subject text not null,                     -- national id (8 + RPPS…), or the issuer's own subject
  family_name text not null,
  given_name text not null,
  civility text not null default '',
  search_name text not null,                 -- folded, for the adviser's search of a practitioner
  rpps text not null default '',
  profession_code text not null default '',
  profession text not null default '',
  speciality text not null default '',
  email text,
  last_connection_at timestamptz,
  previous_connection_at timestamptz,
  created_at timestamptz not null,
  unique (realm, subject)
);
create index person_search on portal.person (search_name text_pattern_ops) where kind = 'practitioner';
create index person_rpps on portal.person (rpps) where rpps <> '';

create table portal.activity (
  activity_id uuid primary key,
  person_id uuid not null references portal.person,
  activity_key text not null,                -- the structure's technical id as asserted, else a digest of the place
  name text not null,
  address_line text not null,
  city text not null,
  profession text not null,
  speciality text not null,
  sector_code text not null,
  position smallint not null default 0,
  active boolean not null default true,
  unique (person_id, activity_key)
);

-- What a list shows is a box: a practitioner at a place, or a desk of an organism.
create table portal.box (
  box_id uuid primary key,
  kind text not null check (kind in ('practice', 'desk')),
  activity_id uuid unique references portal.activity,
  organism_id text references portal.organism,
  check ((kind = 'practice') = (activity_id is not null)),
  check ((kind = 'desk') = (organism_id is not null))
);
create unique index box_desk on portal.box (organism_id) where kind = 'desk';

-- Who holds a box, from when to when: the one source of rights on exchanges, asked again by every statement.
create table portal.box_holder (
  box_id uuid not null references portal.box,
  person_id uuid not null references portal.person,
  capacity text not null,                    -- holder, adviser; later delegate, locum
  valid_from timestamptz not null,
  valid_to timestamptz,
  primary key (box_id, person_id)
);
create index box_holder_person on portal.box_holder (person_id);

-- Sessions -------------------------------------------------------------------------------------------------------

create table portal.session (
  id_hash bytea primary key,                 -- SHA-256 of the cookie's value
  session_id uuid not null unique,           -- names the session in the trace
  person_id uuid not null references portal.person,
  side text not null check (side in ('practice', 'desk', 'none')),
  role text not null,                        -- practitioner, medecin_conseil, agent_administratif…
  level text not null check (level in ('low', 'low2', 'substantial')),
  via text not null,                         -- psc, organism
  auth_mode text not null,                   -- CARD, MOBILE…
  acr text not null,
  auth_time timestamptz not null,
  issuer text not null,
  idp_sid text,
  sealed_id_token bytea,                     -- kept for the sign-out at the identity provider only
  activity_id uuid references portal.activity,
  organism_ids text[] not null default '{}',
  email_postponed boolean not null default false,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null
);
create index session_person on portal.session (person_id);
create index session_idp on portal.session (issuer, idp_sid) where idp_sid is not null;
create index session_expiry on portal.session (expires_at);

create table portal.sign_in_request (
  state_hash bytea primary key,
  browser_hash bytea not null,               -- binds the request to the browser that began it
  issuer_id text not null,
  nonce text not null,
  code_verifier text not null,
  return_to text not null,
  expires_at timestamptz not null
);

-- Writing once ---------------------------------------------------------------------------------------------------

create table portal.idempotency (
  person_id uuid not null,
  key uuid not null,
  digest bytea not null,                     -- keyed: tells whether the same request came again, and nothing else
  result jsonb not null,
  created_at timestamptz not null,
  primary key (person_id, key)
);
create index idempotency_age on portal.idempotency (created_at);

-- Notices to send ------------------------------------------------------------------------------------------------

create table portal.outbox (
  outbox_id uuid primary key,                -- makes the Message-ID: a second copy is recognisable
  kind text not null,
  person_id uuid not null,
  exchange_id uuid not null,
  created_at timestamptz not null,
  due_at timestamptz not null,
  locked_until timestamptz,
  attempts smallint not null default 0,
  done_at timestamptz,
  last_fault text
);
create index outbox_due on portal.outbox (due_at) where done_at is null;
create index outbox_exchange on portal.outbox (exchange_id, created_at desc);

-- Trace ----------------------------------------------------------------------------------------------------------

-- Last link of each chain. An organism has 16 lanes; what concerns no organism is under 'portal'.
create table trace.lane (
  organism_id text not null,
  lane smallint not null,
  seq bigint not null,
  head bytea not null,
  primary key (organism_id, lane)
);

create table trace.event (
  organism_id text not null,
  lane smallint not null,
  seq bigint not null,
  head bytea not null,                       -- sha256(previous head || seq as 8 bytes || sha256(event))
  at timestamptz not null,
  type text not null,
  actor uuid,
  exchange_id uuid,
  event text not null,                       -- canonical JSON, identifiers only
  primary key (organism_id, lane, seq)
);
create index event_exchange on trace.event (exchange_id) where exchange_id is not null;
create index event_actor on trace.event (actor, at) where actor is not null;
