create table seat_card (
  tenant blob not null,
  place blob not null,
  office text not null,
  phone blob,
  person blob,
  duties text not null,
  changed bigint not null,
  primary key (tenant, place, office)
);

create table board (
  tenant blob not null,
  place blob not null,
  area text not null,
  supervision text not null,
  changed bigint not null,
  primary key (tenant, place)
);

create table team_member (
  tenant blob not null,
  building blob not null,
  duty text not null,
  person blob not null,
  since bigint not null,
  primary key (tenant, building, duty, person)
);
create index team_member_person on team_member (tenant, person);
