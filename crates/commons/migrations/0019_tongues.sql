-- The language of a group chat's lines. A default, because yesterday's program adds channels without it.
alter table channel add column lang text not null default 'zh-CN';
-- Why somebody was told: 'mine', 'held' or 'followed'; unknown for what is older.
alter table notice add column because text;
-- Since when nothing arrives, and when its office was told of that.
alter table channel add column failing bigint;
alter table channel add column silent bigint;
