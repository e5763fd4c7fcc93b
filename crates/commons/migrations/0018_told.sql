create table delivery (
  tenant blob not null,
  id blob not null,
  key text not null,
  via text not null,
  channel blob,
  person blob,
  about blob,
  content blob,
  due bigint not null,
  leased_until bigint not null,
  tries bigint not null,
  state text not null,
  error text,
  at bigint not null,
  sent bigint,
  primary key (tenant, id),
  unique (tenant, key)
);
create index delivery_due on delivery (state, due, id);
create index delivery_channel on delivery (tenant, channel, id);
create index delivery_about on delivery (tenant, about, id);

create table channel (
  tenant blob not null,
  id blob not null,
  place blob not null,
  name text not null,
  kind text not null,
  address blob not null,
  secret blob,
  events text not null,
  categories text not null,
  quiet_from bigint not null,
  quiet_to bigint not null,
  since bigint not null,
  paused bigint,
  retired bigint,
  worked bigint,
  failed bigint,
  error text,
  primary key (tenant, id)
);
create index channel_place on channel (tenant, place, id);

create table mailbox (
  tenant blob not null,
  address text not null unique,
  place blob not null,
  since bigint not null,
  primary key (tenant, address)
);

create table mail_seen (
  tenant blob not null,
  id blob not null,
  request blob,
  sender blob not null,
  at bigint not null,
  primary key (tenant, id)
);
create index mail_seen_request on mail_seen (tenant, request, id);

create table preference (
  tenant blob not null,
  person blob not null,
  mail blob,
  confirmed bigint,
  mine boolean not null,
  held boolean not null,
  followed boolean not null,
  quiet_from bigint not null,
  quiet_to bigint not null,
  lang text not null,
  primary key (tenant, person)
);
