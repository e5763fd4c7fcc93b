-- What programs sent before: posts without a key of their own, for some minutes, and updates under their own ids, for good.
create table open311_sent (
  tenant blob not null,
  what text not null,
  said blob not null,
  body blob not null,
  at bigint not null,
  answer text not null,
  primary key (tenant, what, said)
);
create index open311_sent_at on open311_sent (tenant, what, at);
