//! Group chats that have a robot: where requests of a place are told to those who work there.

use kit::id;

id!(ChannelId);
