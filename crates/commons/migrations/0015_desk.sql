drop index request_queue;
create index request_desk_seat on request (tenant, holder_office, holder_place, state, (coalesce(due, 9223372036854775807)), said, id);
create index request_desk_state on request (tenant, state, (coalesce(due, 9223372036854775807)), said, id);
create index request_desk_compound on request (tenant, compound, state, (coalesce(due, 9223372036854775807)), said, id);
create index request_desk_building on request (tenant, building, state, (coalesce(due, 9223372036854775807)), said, id);
create index request_desk_category on request (tenant, category, state, (coalesce(due, 9223372036854775807)), said, id);
create index request_desk_hand on request (tenant, holder_person, state) where holder_person is not null;

create table template (
  tenant blob not null,
  id blob not null,
  place blob not null,
  outcome text not null,
  title text not null,
  text text not null,
  sort bigint not null,
  retired bigint,
  primary key (tenant, id)
);
create index template_place on template (tenant, place, sort);

create table invitation (
  tenant blob not null,
  id blob not null,
  code blob not null,
  place blob not null,
  person blob not null,
  made bigint not null,
  ends bigint not null,
  used bigint,
  primary key (tenant, id)
);
create unique index invitation_code on invitation (code);
create index invitation_place on invitation (tenant, place, id);
