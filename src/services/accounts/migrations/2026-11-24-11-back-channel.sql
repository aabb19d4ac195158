-- Sign-out by the back channel: sessions are found by the provider's session or subject, a logout token serves once.

alter table portal.session add column idp_sub text;
create index session_idp_sub on portal.session (issuer, idp_sub) where idp_sub is not null;

create table portal.logout_token (
  token_hash bytea primary key,              -- SHA-256 of issuer and `jti`
  expires_at timestamptz not null            -- after which the token is too old by itself
);
create index logout_token_expiry on portal.logout_token (expires_at);
grant select, insert, delete on portal.logout_token to consilium_administrative;
