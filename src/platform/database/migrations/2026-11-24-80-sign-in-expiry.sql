-- Sign-ins begun and left are removed by when they end, and strangers may begin many.
create index sign_in_request_expiry on portal.sign_in_request (expires_at);
