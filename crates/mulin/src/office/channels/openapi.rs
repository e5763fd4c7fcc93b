//! The calls of this folder in OpenAPI.

use crate::openapi::parts::{
    Operation, id, list, maybe, moment, nothing, object, one_of, reference, said, text, text_to, truth,
};
use commons::notice::channel::{Event, NAME_CHARACTERS_MAX, RobotKind};
use commons::notice::delivery::Stage;
use kit::i18n::Lang;
use serde_json::{Value, json};

const TAG: &str = "channels";
const READ: &str = "office:read";
const WRITE: &str = "office:write";
const DEEDS: &[&str] = &["test", "pause", "go-on", "in-chinese", "in-english", "retire"];

fn names<T: Copy>(all: &[T], name: fn(T) -> &'static str) -> Value {
    one_of(&all.iter().map(|one| name(*one)).collect::<Vec<_>>())
}

fn langs() -> Value {
    one_of(&Lang::ALL.iter().map(|lang| lang.code()).collect::<Vec<_>>())
}

pub fn paths() -> Value {
    let about = "What goes out to a program is signed (webhook-id, webhook-timestamp, webhook-signature, as Standard Webhooks \
        says); answered with 2xx it is taken, with 410 given up, with anything else sent again, for some four hours";
    let all = Operation::new("listChannels", TAG, "The channels that the caller keeps, without addresses").known(READ);
    let add = Operation::new("addChannel", TAG, "Adds a group chat's robot or a webhook").about(about).known(WRITE);
    let language = Operation::new("setChannelLanguage", TAG, "Sets the language of a channel's lines").known(WRITE);
    let act = Operation::new("actOnChannel", TAG, "Tries, pauses, resumes or retires a channel").known(WRITE);
    let sent = Operation::new("listDeliveries", TAG, "What a channel was given last, and how it went").known(READ);
    let boxes = Operation::new("listMailboxes", TAG, "Addresses whose letters become requests").known(READ);
    let add_box = Operation::new("addMailbox", TAG, "Gives a place a mailbox").known(WRITE);
    let drop_box = Operation::new("dropMailbox", TAG, "Takes a mailbox away").known(WRITE);
    json!({
        "/api/v1/channels": {
            "get": all.gives(200, reference("Channels")).done(),
            "post": add.body(reference("NewChannel")).gives(201, reference("ChannelAdded")).done() },
        "/api/v1/channels/{id}/language": {
            "post": language.path("id", "The channel").body(object(&[("lang", one_of(&["zh", "zh-CN", "en"]))]))
                .gives(200, reference("ChannelAdded")).done() },
        "/api/v1/channels/{id}/deliveries": {
            "get": sent.path("id", "The channel").gives(200, reference("Deliveries")).done() },
        "/api/v1/channels/{id}/{deed}": {
            "post": act.path("id", "The channel").path_of("deed", DEEDS, "What to do").body(nothing())
                .gives(200, object(&[("id", id())])).done() },
        "/api/v1/mailboxes": {
            "get": boxes.gives(200, object(&[("mailboxes", list(reference("Mailbox")))])).done(),
            "post": add_box.body(reference("Mailbox")).gives(201, reference("Mailbox")).done() },
        "/api/v1/mailboxes/drop": {
            "post": drop_box.may(&[404]).body(object(&[("address", text())]))
                .gives(200, object(&[("address", text())])).done() }
    })
}

pub fn schemas() -> Value {
    let kind = || names(RobotKind::ALL, |one: RobotKind| one.name());
    let event = || names(Event::ALL, |one: Event| one.name());
    let channel = object(&[
        ("id", id()),
        ("place", id()),
        ("name", text()),
        ("kind", kind()),
        ("lang", langs()),
        ("events", list(event())),
        ("categories", list(text())),
        ("from", text()),
        ("to", text()),
        ("paused", truth()),
        ("failing", truth()),
        ("error", maybe(text())),
    ]);
    let new = object(&[
        ("name", text_to(NAME_CHARACTERS_MAX)),
        ("place", id()),
        ("kind", kind()),
        ("address", said("Never told again", text())),
        ("secret?", said("Of a DingTalk or Feishu robot; a webhook's is made here", maybe(text_to(200)))),
        ("events", list(event())),
        ("categories?", list(text())),
        ("from?", said("Quiet from, e.g. 21:00; a webhook has no quiet hours", text())),
        ("to?", text()),
        ("lang?", maybe(langs())),
    ]);
    let added = object(&[
        ("id", id()),
        ("lang", langs()),
        ("secret?", said("Of a webhook, told this once: whsec_ and Base64", text())),
    ]);
    let outcome = object(&[
        ("at", moment()),
        ("state", names(Stage::ALL, |one: Stage| one.name())),
        ("error", maybe(text())),
        ("sent", maybe(moment())),
    ]);
    json!({
        "Channel": channel,
        "Channels": object(&[("channels", list(reference("Channel")))]),
        "NewChannel": new,
        "ChannelAdded": added,
        "Deliveries": object(&[("deliveries", list(outcome))]),
        "Mailbox": object(&[("address", text()), ("place", id())])
    })
}
