-- What every way in stands on: where a session comes from and until when it may last, the place of practice a person
-- starts from, and mails that tell of something else than an exchange.

alter table portal.session
  add column address text,                   -- last address seen: shown to its holder in « Mes connexions »
  add column sealed_refresh_token bytea,     -- to ask the identity provider again whether the person still is who they were
  add column checked_at timestamptz;         -- when it was last asked

alter table portal.person
  add column default_activity_id uuid references portal.activity;

-- A mail goes to a person's own address, or to an address of the settings (security contact); `details` holds
-- identifiers, times and labels: no name, no number, no secret.
alter table portal.outbox
  alter column person_id drop not null,
  alter column exchange_id drop not null,
  add column recipient text,
  add column details jsonb not null default '{}',
  add check (person_id is not null or recipient is not null);
