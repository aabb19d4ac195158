-- The wall stands in the GRANTs. Two roles serve requests; the owner only migrates.
-- medical: the exchanges and what they need. administrative: everything but the exchanges.

grant usage on schema portal, trace, medical to consilium_medical;
grant usage on schema portal, trace to consilium_administrative;

grant select on all tables in schema portal to consilium_medical, consilium_administrative;
revoke select on portal.sign_in_request from consilium_medical;

-- The trace can be added to and read, never changed or shortened.
grant select, insert on trace.event to consilium_medical, consilium_administrative;
grant select, insert, update on trace.lane to consilium_medical, consilium_administrative;

grant insert on portal.idempotency, portal.outbox to consilium_medical, consilium_administrative;
grant update (last_seen_at) on portal.session to consilium_medical;
grant select, insert, update, delete on all tables in schema medical to consilium_medical;
revoke delete on medical.exchange, medical.message, medical.box_entry from consilium_medical;

grant insert, update, delete on
  portal.session, portal.sign_in_request, portal.box_holder, portal.idempotency, portal.outbox
  to consilium_administrative;
grant insert, update on
  portal.person, portal.activity, portal.box, portal.regime, portal.organism, portal.motif, portal.reference_load
  to consilium_administrative;
