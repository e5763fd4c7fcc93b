create table walk_in (
  tenant blob not null,
  id blob not null,
  place blob not null,
  day text not null,
  number bigint not null,
  at bigint not null,
  became text not null,
  about text not null,
  who blob,
  pickup blob not null,
  taken_by blob not null,
  takes blob,
  done bigint,
  done_by blob,
  line text not null,
  code text not null,
  primary key (tenant, id),
  unique (tenant, place, day, number)
);
create index walk_in_pickup on walk_in (pickup);
create index walk_in_open on walk_in (tenant, place, done);

create table talk (
  tenant blob not null,
  id blob not null,
  place blob not null,
  walk_in blob not null,
  state text not null,
  about text not null,
  parties blob,
  asked bigint not null,
  meets bigint,
  meets_where text not null,
  held bigint,
  ended bigint,
  passed_to text not null,
  changed bigint not null,
  primary key (tenant, id)
);
create index talk_place on talk (tenant, place, ended);

create table opinion_topic (
  tenant blob not null,
  id blob not null,
  place blob not null,
  name text not null,
  since bigint not null,
  said text not null,
  came text not null,
  answered bigint,
  answered_by blob,
  primary key (tenant, id)
);
create index opinion_topic_place on opinion_topic (tenant, place, id);

create table opinion (
  tenant blob not null,
  id blob not null,
  place blob not null,
  topic blob,
  text text not null,
  at bigint not null,
  primary key (tenant, id)
);
create index opinion_place on opinion (tenant, place, at);

create table room_key (
  tenant blob not null,
  id blob not null,
  place blob not null,
  name text not null,
  since bigint not null,
  ended bigint,
  primary key (tenant, id)
);
create index room_key_place on room_key (tenant, place, id);

create table key_loan (
  tenant blob not null,
  id blob not null,
  place blob not null,
  room_key blob not null,
  who blob,
  given bigint not null,
  given_by blob not null,
  due bigint not null,
  back bigint,
  back_by blob,
  out_key blob,
  primary key (tenant, id),
  unique (tenant, out_key)
);
create index key_loan_place on key_loan (tenant, place, given);

create table hub_day (
  tenant blob not null,
  place blob not null,
  day text not null,
  spans text not null,
  note text not null,
  person blob not null,
  at bigint not null,
  primary key (tenant, place, day)
);

alter table seat_card add column deputy blob;
alter table seat_card add column deputy_phone blob;
