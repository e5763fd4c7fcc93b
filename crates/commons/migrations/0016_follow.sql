-- `who` is the person, or the keyed hash of a mail address; the address itself is sealed, and the row goes when it ends.
create table subscription (
  tenant blob not null,
  id blob not null,
  who blob not null,
  person blob,
  mail blob,
  lang text not null,
  what text not null,
  compound blob,
  building blob,
  category text not null,
  request blob,
  pace text not null,
  since bigint not null,
  asked bigint not null,
  confirmed bigint,
  told bigint not null,
  primary key (tenant, id),
  unique (tenant, who, what)
);
create index subscription_compound on subscription (tenant, compound);
create index subscription_request on subscription (tenant, request);
create index subscription_due on subscription (pace, told);

create table digest (
  tenant blob not null,
  subscription blob not null,
  day text not null,
  at bigint not null,
  cases bigint not null,
  primary key (tenant, subscription, day)
);

-- Maps and digests read from this index alone: a third of the time that looking up each row takes.
create index request_state on request (tenant, compound, state, changed, private, kind, category, building, place, due,
  lat_e7, lon_e7);
