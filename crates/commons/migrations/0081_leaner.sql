-- Each request is written into all of its indexes: what no statement reads is gone, and rows that it does not look for stay out.
drop index request_unanswered;
drop index request_contact;
create index request_contact on request (state, closed) where contact is not null;
drop index request_author;
create index request_author on request (tenant, author, said) where author is not null;
