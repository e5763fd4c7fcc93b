create index activity_place on activity (tenant, place, stem, at);
