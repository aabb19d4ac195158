-- A sign-in by the card: begun on the portal by a browser, answered by the card's own listener with a ticket that serves
-- once within a minute, and only in the browser that began it.
create table portal.card_sign_in (
  state_hash bytea primary key,
  browser_hash bytea not null,
  return_to text not null,
  expires_at timestamptz not null,
  refusals smallint not null default 0,      -- cards refused in this sign-in: a bound to what a stranger can have traced
  ticket_hash bytea,
  ticket_expires_at timestamptz,
  person_id uuid references portal.person,
  certificate text,                          -- authority (SHA-256 of its key) and serial: closes the session of a revoked card
  ends_at timestamptz                        -- end of the certificate: the session ends no later
);
create index card_sign_in_expiry on portal.card_sign_in (expires_at);

-- Alarms given about a revocation list, each once.
create table portal.card_list_alarm (
  list text not null,
  this_update timestamptz not null,
  stage text not null check (stage in ('half', 'stale', 'missing')),
  alarmed_at timestamptz not null,
  primary key (list, this_update, stage)
);

grant select, insert, update, delete on portal.card_sign_in to consilium_administrative;
grant select, insert on portal.card_list_alarm to consilium_administrative;
