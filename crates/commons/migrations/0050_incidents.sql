-- What went wrong with people's data, as the law wants it told: which, why, what harm, what was done, who was told.
create table incident (
  tenant blob not null,
  id blob not null,
  found bigint not null,
  what text not null,
  kinds text not null,
  affected text not null,
  harm text not null,
  measures text not null,
  told_people bigint,
  told_authority bigint,
  closed bigint,
  primary key (tenant, id)
);
