-- What an agent has in hand, and what is done, are each a range of an index too.
create index inquiry_in_hand on contact.inquiry (taken_by, sent_at, inquiry_id) where state in ('taken', 'answered');
create index inquiry_done on contact.inquiry (organism_id, last_activity_at desc, inquiry_id desc)
  where state in ('answered', 'returned', 'closed');
