create table hub_hours (
  tenant blob not null,
  place blob not null,
  weekday bigint not null,
  spans text not null,
  primary key (tenant, place, weekday)
);

create table hub_exception (
  tenant blob not null,
  place blob not null,
  day text not null,
  spans text not null,
  why text not null,
  primary key (tenant, place, day)
);

create table post (
  tenant blob not null,
  id blob not null,
  place blob not null,
  name text not null,
  duties text not null,
  holder blob,
  held bigint,
  since bigint not null,
  ended bigint,
  primary key (tenant, id)
);
create index post_place on post (tenant, place, id);

create table post_entry (
  tenant blob not null,
  id blob not null,
  place blob not null,
  post blob not null,
  person blob not null,
  at bigint not null,
  text text not null,
  withdrawn bigint,
  primary key (tenant, id)
);
create index post_entry_place on post_entry (tenant, place, id);

create table shift (
  tenant blob not null,
  id blob not null,
  place blob not null,
  day text not null,
  starts bigint not null,
  ends bigint not null,
  skill text not null,
  need bigint not null,
  primary key (tenant, id),
  unique (tenant, place, day, starts, ends, skill)
);

create table ready (
  tenant blob not null,
  place blob not null,
  person blob not null,
  weekdays bigint not null,
  skills text not null,
  month_max bigint not null,
  rest_days bigint not null,
  named boolean not null,
  changed bigint not null,
  primary key (tenant, place, person)
);

create table duty (
  tenant blob not null,
  place blob not null,
  shift blob not null,
  person blob not null,
  day text not null,
  how text not null,
  at bigint not null,
  primary key (tenant, shift, person)
);
create index duty_place on duty (tenant, place, day);
create index duty_person on duty (tenant, person, day);

create table roster_month (
  tenant blob not null,
  place blob not null,
  month text not null,
  planned bigint not null,
  published bigint,
  exact boolean not null,
  report text not null,
  primary key (tenant, place, month)
);

create table duty_claim (
  tenant blob not null,
  id blob not null,
  place blob not null,
  person blob not null,
  weekday bigint not null,
  starts bigint not null,
  until text not null,
  since bigint not null,
  primary key (tenant, id)
);
create index duty_claim_place on duty_claim (tenant, place, id);

create table swap (
  tenant blob not null,
  id blob not null,
  shift blob not null,
  asked_by blob not null,
  asked blob not null,
  at bigint not null,
  decision text,
  decided bigint,
  open blob,
  primary key (tenant, id)
);
create unique index swap_open on swap (tenant, open);
create index swap_shift on swap (tenant, shift, id);

create table duty_feed (
  tenant blob not null,
  person blob not null,
  token blob not null,
  made bigint not null,
  primary key (tenant, person)
);
create unique index duty_feed_token on duty_feed (token);
