-- A text carried over from the general form, where it does not belong, until it stands in a draft: sealed under the
-- medical key at once, for its author alone, for half a day.

create table medical.carried_text (
  carried_id uuid primary key,
  person_id uuid not null,
  key_id text not null,
  data_key bytea not null,
  sealed bytea not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index carried_text_expiry on medical.carried_text (expires_at);
grant select, insert, delete on medical.carried_text to consilium_medical;
