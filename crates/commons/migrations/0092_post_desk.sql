-- Whether a post sits at the desk of the hub, and so reads what is said there. Posts from before do.
alter table post add column desk boolean not null default true;
