-- « Contacter l'Assurance Maladie »: what is not medical, on the administration's side of the wall. The texts are sealed
-- under the organism's administrative key; the medical role has no right here at all.

create schema contact;
grant usage on schema contact to consilium_administrative;

create table contact.inquiry (
  inquiry_id uuid primary key,
  organism_id text not null references portal.organism,
  person_id uuid not null references portal.person,
  activity_id uuid references portal.activity, -- the place it was written from
  objet text not null,
  state text not null check (state in ('sent', 'taken', 'answered', 'returned', 'closed')),
  key_id text not null,
  data_key bytea not null,
  sealed bytea not null,                       -- the text, and the reason when it was sent in spite of what was found
  found text[] not null default '{}',          -- kinds of what the form had found in it, when its author sent it all the same
  answers smallint not null default 0,
  news boolean not null default false,         -- something has happened that the author has not seen
  taken_by uuid references portal.person,
  sent_at timestamptz not null,
  last_activity_at timestamptz not null,
  closed_at timestamptz,
  redirected_from text references portal.organism
);
create index inquiry_author on contact.inquiry (person_id, last_activity_at desc, inquiry_id desc);
create index inquiry_queue on contact.inquiry (organism_id, state, sent_at, inquiry_id);

create table contact.answer (
  inquiry_id uuid not null references contact.inquiry,
  seq smallint not null,
  author uuid not null references portal.person,
  sealed bytea not null,
  sent_at timestamptz not null,
  primary key (inquiry_id, seq)
);

-- An inquiry is never removed by the portal's own hands, nor an answer changed.
grant select, insert, update on contact.inquiry to consilium_administrative;
grant select, insert on contact.answer to consilium_administrative;
grant update (sealed) on contact.answer to consilium_administrative;
