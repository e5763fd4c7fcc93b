//! What programs can call, said in OpenAPI 3.1.

use crate::openapi::parts::{
    self, Operation, id, list, maybe, moment, object, one_of, page_of, reference, said, text, text_to, truth, whole,
};
use crate::say::requests::model::{HideWhy, PHOTOS_MAX, WORDS_CHARACTERS_MAX};
use commons::case::fields::FieldKind;
use commons::case::{Door, EntryKind, Kind, Outcome, Satisfaction, State, WaitReason};
use commons::people::Office;
use commons::place::PlaceKind;
use serde_json::{Value, json};

const DEEDS: &[&str] = &[
    "accept",
    "note",
    "offer",
    "take-over",
    "recall",
    "turn-down",
    "report",
    "add",
    "judge",
    "up",
    "withdraw",
    "erase",
    "edit",
    "hide",
    "sort",
    "pause",
    "resume",
    "support",
    "unsupport",
    "merge",
    "unmerge",
];

fn new(id: &str, summary: &str) -> Operation {
    Operation::new(id, "requests", summary)
}

/// A call on one request, which a slip may open.
fn on_one(id: &str, summary: &str) -> Operation {
    new(id, summary).path("code", "The request's code, e.g. shiliu-12").pickup()
}

/// The paths of this folder.
pub fn paths() -> Value {
    let mut all = lists();
    for more in [single(), deeds(), files()] {
        if let (Some(all), Value::Object(more)) = (all.as_object_mut(), more) {
            all.extend(more);
        }
    }
    all
}

fn lists() -> Value {
    let states = names(State::ALL.iter().map(|one| one.name()));
    json!({
        "/api/v1/requests": {
            "get": new("listRequests", "Public requests of a compound, newest first; with `mine` the caller's own")
                .anybody("requests:read")
                .needs("compound", "The compound's code, e.g. shiliu")
                .query("building", "A building's path, e.g. shiliu/3, or its last step")
                .query("category", "A category's slug")
                .query_of("state", one_of(&states), "As it stands now: a report that nobody answered in time is closed")
                .query_of("door", names_of(Door::ALL), "The door where it stands")
                .query_of("open", truth(), "Open ones only")
                .query_of("overdue", truth(), "Only those whose holder is late")
                .query_of("mine", truth(), "What the caller said, private things too; `q` does not count then")
                .query("q", "Words to look for")
                .pages("before")
                .may(&[404])
                .gives_pages(page_of("requests", reference("Request")))
                .done(),
            "post": new("fileRequest", "Say something; needs no account")
                .anybody("requests:write")
                .body(reference("NewRequest"))
                .gives(201, reference("Filed"))
                .done()
        },
        "/api/v1/requests/points": { "get": new("listPoints", "The newest public requests of a compound as points, at most 2000")
            .anybody("requests:read")
            .needs("compound", "The compound's code, e.g. shiliu")
            .query("bbox", "south,west,north,east in degrees")
            .may(&[404, 422])
            .gives(200, object(&[("points", list(reference("PointShown")))]))
            .done() },
        "/api/v1/requests/places": { "get": new("listPlacesToSay", "Where in a compound or a building something may be said of")
            .anybody("requests:read")
            .needs("at", "The path of a compound or a building, e.g. shiliu/3")
            .may(&[404])
            .gives(200, object(&[("at", reference("PlaceToSay")), ("places", list(reference("PlaceToSay")))]))
            .done() },
        "/api/v1/requests/similar": { "get": new("listSimilar", "Public requests of a place's compound that are like some words, the most alike first")
            .anybody("requests:read")
            .needs("at", "The path of a place, e.g. shiliu/3")
            .query("words", "What is about to be said")
            .query("category", "A category's slug")
            .may(&[404])
            .gives(200, object(&[("similar", list(reference("Alike")))]))
            .done() },
        "/api/v1/requests/suggest": { "get": new("suggest", "While somebody writes: the numbers to call, the category that fits, and what a category asks")
            .anybody("requests:read")
            .needs("at", "The path of a place, e.g. shiliu/3")
            .query("category", "The category that was chosen; none is guessed then")
            .header("X-Words", false, "What is about to be said, percent-encoded: an address would stand in logs on its way")
            .may(&[404])
            .gives(200, object(&[
                ("category", maybe(text())),
                ("fields", list(reference("Question"))),
                ("alarm", list(object(&[("danger", text()), ("call", text())]))),
            ]))
            .done() },
        "/api/v1/categories": { "get": Operation::new("listCategories", "categories", "What may be said something about in a compound, and what each category asks")
            .anybody("requests:read")
            .needs("compound", "The compound's code, e.g. shiliu")
            .may(&[404])
            .gives(200, object(&[("categories", list(reference("Category")))]))
            .done() }
    })
}

fn single() -> Value {
    json!({
        "/api/v1/requests/slip": { "get": new("getBySlip", "The request that the code of a slip opens")
            .anybody("requests:read")
            .header("X-Pickup-Code", true, "The code of the slip")
            .may(&[404, 422])
            .gives(200, reference("RequestDetail"))
            .done() },
        "/api/v1/requests/{code}": { "get": on_one("getRequest", "One request with all that its page shows to the caller")
            .anybody("requests:read")
            .gives(200, reference("RequestDetail"))
            .done() },
        "/api/v1/requests/{code}/hotline": { "get": on_one("getHotlineText", "The text for the city's hotline, ready to copy or read out")
            .anybody("requests:read")
            .gives(200, object(&[("code", text()), ("text", text())]))
            .done() },
        "/api/v1/requests/{code}/private": { "get": on_one("findPrivate", "What in it tells strangers who somebody is or where they live, for those who may cover it")
            .anybody("requests:read")
            .gives(200, reference("Private"))
            .done() },
        "/api/v1/answers/{token}": {
            "get": new("getAnswer", "The report that the link of a letter asks about; looking changes nothing")
                .anybody("requests:read")
                .path("token", "The end of the link in the letter")
                .gives(200, reference("Answer"))
                .done(),
            "post": new("giveAnswer", "Says whether it was solved, once for each report")
                .anybody("requests:write")
                .path("token", "The end of the link in the letter")
                .body(object(&[
                    ("solved", truth()),
                    ("satisfaction?", maybe(names_of(Satisfaction::ALL))),
                    ("words?", maybe(text_to(WORDS_CHARACTERS_MAX))),
                    ("personal?", choice()),
                    ("confirm_private?", truth()),
                ]))
                .gives(200, reference("Answer"))
                .done()
        }
    })
}

fn deeds() -> Value {
    json!({
        "/api/v1/requests/{code}/{deed}": { "post": on_one("actOnRequest", "One deed with a request")
            .about("accept, note, offer, recall, take-over, turn-down, report, pause and resume are for offices; add, edit, sort, judge, up, withdraw and erase for the one who said it; support and unsupport for neighbours; hide, merge and unmerge for both sides. Words that would tell strangers who somebody is or where they live are refused with `private/found` until `personal` or `confirm_private` says what to do.")
            .anybody("requests:write")
            .path_of("deed", DEEDS, "What is done; `can` of the request names those that are open to the caller")
            .body(reference("Deed"))
            .gives(200, reference("Request"))
            .done() },
        "/api/v1/requests/{code}/contact": { "post": new("viewContact", "How to reach the one who said it, for the office that holds it. Each look is written down")
            .known("requests:write")
            .path("code", "The request's code, e.g. shiliu-12")
            .body(parts::nothing())
            .gives(200, object(&[("contact", said("None where its days are over", maybe(text())))]))
            .done() },
        "/api/v1/requests/{code}/cover/{photo}": { "post": on_one("coverPhoto", "Blackens parts of a photo; another takes its place")
            .anybody("requests:write")
            .path("photo", "The photo's id")
            .body(object(&[
                ("cells", said("Of a grid over the photo, counted from 0 along the rows", list(whole()))),
                ("why?", said("For staff", maybe(names_of(HideWhy::ALL)))),
            ]))
            .gives(200, object(&[("photo", id())]))
            .done() },
        "/api/v1/requests/hand-over": {
            "get": new("listSeats", "To whom several requests that the caller holds may be offered at once")
                .known("requests:read")
                .needs("cases", "Codes with commas between them, at most 50")
                .gives(200, object(&[
                    ("cases", list(text())),
                    ("seats", list(object(&[("to", text()), ("label", text())]))),
                ]))
                .done(),
            "post": new("offerRequests", "Offers several requests to another office; says for each what became of it")
                .known("requests:write")
                .body(object(&[
                    ("cases", json!({ "type": "array", "maxItems": 50, "items": { "type": "string" } })),
                    ("to", said("office:place", text())),
                    ("reason", text_to(WORDS_CHARACTERS_MAX)),
                ]))
                .may(&[404])
                .gives(200, object(&[
                    ("offered", list(text())),
                    ("kept", list(object(&[("code", text()), ("reason", text())]))),
                ]))
                .done()
        }
    })
}

fn files() -> Value {
    let binary = || json!({ "type": "array", "maxItems": PHOTOS_MAX, "items": { "type": "string", "contentMediaType": "application/octet-stream" } });
    json!({
        "/api/v1/photos": { "post": new("keepPhotos", "Sends photos and a voice note before the request or the deed that names them by their handles")
            .about("A handle is good once, in its community, for a day. Metadata of a photo does not survive.")
            .anybody("requests:write")
            .needs("compound", "The compound's code, e.g. shiliu")
            .may(&[404])
            .files(json!({ "photo": binary(), "voice": { "type": "string", "contentMediaType": "application/octet-stream" } }))
            .gives(201, object(&[("photos", list(text())), ("voice", maybe(text()))]))
            .done() },
        "/api/v1/requests/{code}/photos/{photo}/{size}": { "get": on_one("getPhoto", "A photo")
            .anybody("requests:read")
            .path("photo", "The photo's id")
            .path_of("size", &["full", "thumb"], "Whole, or for a list")
            .gives_file(&["image/jpeg"])
            .gives_nothing(304, "It is the one that `If-None-Match` names")
            .done() },
        "/api/v1/requests/{code}/voices/{voice}": { "get": on_one("getVoice", "A voice note, for those who work on the request and the one who said it")
            .anybody("requests:read")
            .path("voice", "The voice note's id")
            .gives_file(&["audio/webm", "audio/ogg", "audio/mp4", "audio/wav"])
            .gives_part(206)
            .done() }
    })
}

fn names<'n>(all: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    all.collect()
}

fn names_of<T: ToString>(all: &[T]) -> Value {
    one_of(&all.iter().map(T::to_string).collect::<Vec<_>>())
}

fn choice() -> Value {
    said("What to do with personal details in the words", one_of(&["", "mask", "private", "as-is"]))
}

/// The fields of a request wherever it is told of.
fn request() -> Vec<(&'static str, Value)> {
    let degrees = || said("1e-7 degrees, WGS 84", maybe(whole()));
    vec![
        ("code", text()),
        ("words", said("Empty where they were erased", text())),
        ("category", text()),
        ("kind", names_of(Kind::ALL)),
        ("door", names_of(Door::ALL)),
        ("state", names_of(State::ALL)),
        ("holder", object(&[("office", names_of(Office::ALL)), ("place", text())])),
        ("place", said("Down to the building", text())),
        ("private", truth()),
        ("round", whole()),
        ("said", moment()),
        ("changed", moment()),
        ("due", maybe(moment())),
        ("overdue", truth()),
        ("closed", maybe(moment())),
        ("outcome", maybe(names_of(Outcome::ALL))),
        ("solved", maybe(truth())),
        (
            "closed_as",
            said("A closed request that nobody called solved is merely over", maybe(one_of(&["solved", "unrated"]))),
        ),
        ("satisfaction", maybe(names_of(Satisfaction::ALL))),
        ("photos", said("How many", whole())),
        ("households", said("That say the same, the first among them", whole())),
        ("lat_e7", degrees()),
        ("lon_e7", degrees()),
    ]
}

fn detail() -> Value {
    let offices = || names_of(Office::ALL);
    let entry = object(&[
        ("id", id()),
        ("at", moment()),
        ("kind", names_of(EntryKind::ALL)),
        ("office", maybe(offices())),
        ("text", text()),
        ("public", truth()),
        ("edited", maybe(moment())),
        ("editable_until", said("For the one who wrote it", maybe(moment()))),
        ("photos", list(id())),
    ]);
    let picture = object(&[("id", id()), ("entry", id()), ("width", whole()), ("height", whole())]);
    let offer =
        object(&[("to", object(&[("office", offices()), ("place", text())])), ("reason", text()), ("since", moment())]);
    let seat = object(&[("to", text()), ("door", names_of(Door::ALL)), ("office", offices()), ("place", text())]);
    let paused = object(&[("reason", names_of(WaitReason::ALL)), ("since", moment()), ("until", moment())]);
    let look = object(&[("at", moment()), ("office", maybe(offices()))]);
    let reply = object(&[("id", id()), ("outcome", text()), ("title", text()), ("text", text())]);
    let step = object(&[
        ("at", moment()),
        ("did", said("e.g. requests/accepted", text())),
        ("office", maybe(offices())),
        ("sentence", said("In the caller's language", text())),
        ("entry", maybe(id())),
    ]);
    let mut can = DEEDS.to_vec();
    can.push("contact");
    let answers = json!({ "type": "object", "additionalProperties": {
        "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] } });
    let mut fields = request();
    fields.extend([
        ("page", said("Where people find it in this house", text())),
        ("mine", said("The caller said it", truth())),
        ("exact_place", said("Down to the home, for those who work on it and the one who said it", maybe(text()))),
        ("holder_names", list(text())),
        ("entries", list(entry)),
        ("pictures", list(picture)),
        ("voices", list(id())),
        ("fields", said("Answers to the category's questions, by code", answers)),
        ("offer", said("A hand-over that waits for an answer", maybe(offer))),
        ("seats", said("For the holder: to whom it may be offered", list(seat))),
        ("paused", maybe(paused)),
        ("supports", said("The caller's household has joined it", truth())),
        ("merged_into", said("The code of the request where it goes on", maybe(text()))),
        ("looks", said("For the one who said it: who looked at the contact", maybe(list(look)))),
        ("replies", said("For the holder: templates with their blanks filled in", list(reply))),
        ("timeline", list(step)),
        ("can", said("Deeds that are open to the caller", list(one_of(&can)))),
    ]);
    object(&fields)
}

fn deed() -> Value {
    let words = || maybe(text_to(WORDS_CHARACTERS_MAX));
    object(&[
        ("words?", words()),
        ("public?", said("For note; true without it", maybe(truth()))),
        ("to?", said("office:place, for offer", maybe(text()))),
        ("outcome?", maybe(names_of(Outcome::ALL))),
        ("solved?", maybe(truth())),
        ("satisfaction?", maybe(names_of(Satisfaction::ALL))),
        ("door?", said("For up: the door where it stood; 409 if it went up meanwhile", maybe(names_of(Door::ALL)))),
        ("reason?", said("For pause", maybe(names_of(WaitReason::ALL)))),
        ("kind?", said("For sort", maybe(names_of(Kind::ALL)))),
        ("into?", said("For merge: the code of the other request", maybe(text()))),
        ("entry?", said("For edit: which addition; the first words when left out", maybe(text()))),
        ("pieces?", said("For hide: words as they stand there", list(text()))),
        ("photos?", said("For add and report: handles. For hide: ids", list(text()))),
        ("contact?", said("For hide", maybe(truth()))),
        ("voice?", said("For hide", maybe(truth()))),
        ("why?", said("For hide by staff", maybe(names_of(HideWhy::ALL)))),
        ("personal?", choice()),
        ("confirm_private?", said("The same as personal: as-is", truth())),
    ])
}

/// The shapes of this folder.
pub fn schemas() -> Value {
    let question = object(&[
        ("code", text()),
        ("name", text()),
        ("name_en", text()),
        ("kind", names_of(FieldKind::ALL)),
        ("required", truth()),
        ("options", list(text())),
    ]);
    json!({
        "Request": object(&request()),
        "RequestDetail": detail(),
        "NewRequest": object(&[
            ("place", said("The path of a place, e.g. shiliu/3", text())),
            ("words?", said("Needed where there is no voice note", text_to(WORDS_CHARACTERS_MAX))),
            ("category?", maybe(text())),
            ("private?", truth()),
            ("contact?", maybe(text_to(100))),
            ("for_caller?", truth()),
            ("kind?", maybe(names_of(Kind::ALL))),
            ("fields?", said("Answers to the questions of the category, by code; a list where several may be chosen", json!({ "type": "object" }))),
            ("photos?", said("Handles of photos", json!({ "type": "array", "maxItems": PHOTOS_MAX, "items": { "type": "string" } }))),
            ("voice?", said("The handle of a voice note", maybe(text()))),
            ("point?", said("Where exactly, near the place", maybe(object(&[("lat_e7", whole()), ("lon_e7", whole())])))),
            ("desk?", said("The id of a line of the hub's desk, which this hands in", maybe(id()))),
            ("personal?", choice()),
            ("confirm_private?", truth()),
        ]),
        "Filed": object(&[
            ("code", text()),
            ("pickup", said("The code of the slip", text())),
            ("door", names_of(Door::ALL)),
            ("due", maybe(moment())),
        ]),
        "Deed": deed(),
        "Private": object(&[
            ("texts", list(object(&[("entry", id()), ("text", text()), ("found", list(text()))]))),
            ("photos", list(id())),
            ("contact", truth()),
            ("voice", truth()),
            ("whys", said("Of which staff name one", list(names_of(HideWhy::ALL)))),
        ]),
        "Answer": object(&[
            ("code", text()),
            ("words", text()),
            ("asks", said("Whether the report still waits to be judged", truth())),
            ("report", maybe(text())),
            ("until", maybe(moment())),
            ("answered", said("What was said of this report", maybe(truth()))),
        ]),
        "PointShown": object(&[
            ("code", text()),
            ("category", text()),
            ("state", names_of(State::ALL)),
            ("lat_e7", whole()),
            ("lon_e7", whole()),
        ]),
        "Alike": object(&[
            ("code", text()),
            ("words", text()),
            ("place", text()),
            ("state", names_of(State::ALL)),
            ("households", whole()),
        ]),
        "PlaceToSay": object(&[
            ("path", text()),
            ("kind", names_of(PlaceKind::ALL)),
            ("name", text()),
            ("name_en", text()),
        ]),
        "Question": question,
        "Category": object(&[
            ("slug", text()),
            ("name", text()),
            ("name_en", text()),
            ("kind", names_of(Kind::ALL)),
            ("door", names_of(Door::ALL)),
            ("private", truth()),
            ("fields", list(reference("Question"))),
        ])
    })
}
