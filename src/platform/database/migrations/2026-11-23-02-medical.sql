-- Behind the wall: everything medical, as ciphertext. The organism stands first in the keys of what grows.

create schema medical;

create table medical.patient_in_hand (
  patient_id uuid primary key,               -- opaque, random: stands in addresses
  person_id uuid not null,
  organism_id text not null,
  means text not null,                       -- typed, exchange; later vitale
  key_id text not null,
  data_key bytea not null,
  sealed bytea not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index patient_in_hand_expiry on medical.patient_in_hand (expires_at);

create table medical.exchange (
  organism_id text not null,
  exchange_id uuid not null,
  practice_box uuid not null,
  desk_box uuid not null,
  practitioner uuid not null,                -- whom the notices go to
  nir_index bytea not null,                  -- HMAC under the organism's own index key
  beneficiary_index bytea not null,
  motif text not null,
  state text not null check (state in ('sent', 'answered', 'inProgress', 'closed')),
  awaits text not null check (awaits in ('practice', 'desk', 'nobody')),
  key_id text not null,
  data_key bytea not null,                   -- the exchange's own key, wrapped
  header bytea not null,                     -- subject and patient, sealed
  messages integer not null,
  opened_at timestamptz not null,
  last_activity_at timestamptz not null,
  closed_at timestamptz,
  noticed_at timestamptz,                    -- last notice to the practitioner that no reading has answered yet
  notice_id uuid,                            -- that notice, in portal.outbox
  primary key (organism_id, exchange_id)
);
create index exchange_nir on medical.exchange (organism_id, nir_index);

create table medical.message (
  organism_id text not null,
  exchange_id uuid not null,
  seq integer not null,
  message_id uuid not null,
  side text not null check (side in ('practice', 'desk')),
  author uuid not null,
  author_role text not null,
  body bytea not null,
  sent_at timestamptz not null,
  read_at timestamptz,
  read_by uuid,
  primary key (organism_id, exchange_id, seq)
);

-- One entry per side: an inbox is one range of this index, whatever the size of the rest.
create table medical.box_entry (
  box_id uuid not null,
  exchange_id uuid not null,
  organism_id text not null,
  side text not null check (side in ('practice', 'desk')),
  folder text not null check (folder in ('todo', 'waiting', 'closed')),
  unread boolean not null,
  last_activity_at timestamptz not null,
  primary key (box_id, exchange_id)
) with (fillfactor = 80);
create index box_entry_folder on medical.box_entry (box_id, folder, last_activity_at desc, exchange_id desc);
create index box_entry_unread on medical.box_entry (box_id, folder) where unread;

create table medical.draft (
  draft_id uuid primary key,
  person_id uuid not null,
  organism_id text not null,
  exchange_id uuid,                          -- null: a new exchange
  key_id text not null,
  data_key bytea not null,
  patient bytea not null,                    -- whom it concerns, sealed once
  sealed bytea not null,                     -- motif, objet, text
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index draft_person on medical.draft (person_id, updated_at desc);
create unique index draft_answer on medical.draft (person_id, exchange_id) where exchange_id is not null;
