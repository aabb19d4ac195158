-- The reduced portal by password. Administrative only: the medical role is granted nothing here.
-- No e-mail address, no clear secret: passwords as argon2id, codes as HMAC under a key of the vault, TOTP secrets sealed.

create table portal.password_account (
  person_id uuid primary key references portal.person,
  attempt_key bytea not null,                -- names its line of portal.password_attempt, so that a card can open it again
  password_hash text not null,
  set_at timestamptz not null,
  last_used_at timestamptz not null,         -- six months without use block the account
  every_sign_in boolean not null default false
);

-- Tries counted by identifier (known here or not, alike) and by address; the key is an HMAC, which tells neither.
create table portal.password_attempt (
  attempt_key bytea primary key,
  failures integer not null,
  wait_until timestamptz not null,
  locked_at timestamptz,
  updated_at timestamptz not null
);
create index password_attempt_age on portal.password_attempt (updated_at);

-- A one-time link. What is sent is this id and an HMAC of it, which is stored nowhere.
create table portal.account_link (
  link_id uuid primary key,
  person_id uuid not null references portal.person,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz                       -- used, or replaced by a later one
);
create index account_link_person on portal.account_link (person_id, created_at desc);
create index account_link_age on portal.account_link (expires_at);

create table portal.second_factor (
  factor_id uuid primary key,
  person_id uuid not null references portal.person,
  kind text not null check (kind in ('passkey', 'totp')),
  label text not null,
  credential_id bytea unique,
  public_key bytea,
  counter bigint not null default 0,
  transports text[] not null default '{}',
  key_id text,
  data_key bytea,
  sealed_secret bytea,
  last_step bigint not null default 0,       -- a code of this step or before is a replay
  added_at timestamptz not null,
  confirmed_at timestamptz,                  -- an application's first code proves that it has the secret
  last_used_at timestamptz
);
create index second_factor_person on portal.second_factor (person_id);
create unique index second_factor_totp on portal.second_factor (person_id) where kind = 'totp';

create table portal.recovery_code (
  person_id uuid not null references portal.person,
  code_index bytea not null,
  used_at timestamptz,
  primary key (person_id, code_index)
);

-- The password was right, the second factor is awaited.
create table portal.pending_sign_in (
  ticket_hash bytea primary key,
  person_id uuid not null references portal.person,
  challenge text,                            -- of a passkey, single use
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index pending_sign_in_age on portal.pending_sign_in (expires_at);

-- What a session has proven or begun in « Mot de passe »: the password typed again, a passkey being added.
create table portal.password_session (
  id_hash bytea primary key references portal.session on delete cascade,
  proven_at timestamptz,
  challenge text,
  challenge_expires_at timestamptz
);

-- Where a person has signed in from by password: an HMAC of the network and the browser's family.
create table portal.known_place (
  person_id uuid not null references portal.person,
  place_index bytea not null,
  seen_at timestamptz not null,
  primary key (person_id, place_index)
);
create index known_place_age on portal.known_place (seen_at);

grant select, insert, update, delete on
  portal.password_account, portal.password_attempt, portal.account_link, portal.second_factor, portal.recovery_code,
  portal.pending_sign_in, portal.password_session, portal.known_place
  to consilium_administrative;
