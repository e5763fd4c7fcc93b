//! Whatever people can do in the browser, programs can call: the routes are read from the sources, and each deed and list of
//! the HTML face is named here beside its call, or with the reason why it has none.

use super::*;
use crate::openapi::document;
use std::collections::BTreeSet;
use std::path::Path;

/// What people do, and what programs call instead.
const FACES: &[(&str, &str)] = &[
    ("GET /about/book", "GET /api/v1/books"),
    ("GET /", "GET /api/v1/me"),
    ("GET /search", "GET /api/v1/search"),
    ("GET /me", "GET /api/v1/me/notices"),
    ("POST /me", "POST /api/v1/me/notices/seen"),
    ("GET /me/notices", "GET /api/v1/me/wishes"),
    ("POST /me/notices", "POST /api/v1/me/wishes"),
    ("POST /me/notices/confirm/{token}", "POST /api/v1/me/wishes/confirm"),
    ("GET /say/sheet", "GET /api/v1/sheet"),
    ("GET /say/map", "GET /api/v1/map"),
    ("GET /say/follow", "GET /api/v1/subscriptions"),
    ("POST /say/follow", "POST /api/v1/subscriptions"),
    ("POST /say/follow/end", "POST /api/v1/subscriptions/{id}/end"),
    ("GET /say/figures", "GET /api/v1/figures"),
    ("GET /say/figures/sheet.csv", "GET /api/v1/figures"),
    ("GET /say/figures/{code}", "GET /api/v1/figures/{code}"),
    ("GET /say/figures/settings/{code}", "GET /api/v1/figures/{code}/settings"),
    ("POST /say/figures/settings/{code}", "POST /api/v1/figures/{code}/settings"),
    ("GET /say/requests", "GET /api/v1/requests"),
    ("POST /say/requests", "POST /api/v1/requests"),
    ("GET /say/requests/new", "GET /api/v1/requests/places"),
    ("GET /say/requests/similar", "GET /api/v1/requests/similar"),
    ("GET /say/requests/suggest", "GET /api/v1/requests/suggest"),
    ("POST /say/requests/open", "GET /api/v1/requests/slip"),
    ("GET /say/requests/photos/{tenant}/{photo}/{size}", "GET /api/v1/requests/{code}/photos/{photo}/{size}"),
    ("GET /say/requests/slip/{pickup}", "GET /api/v1/requests/slip"),
    ("GET /say/requests/slip/{pickup}/photos/{photo}/{size}", "GET /api/v1/requests/{code}/photos/{photo}/{size}"),
    ("GET /say/requests/slip/{pickup}/hide", "GET /api/v1/requests/{code}/private"),
    ("POST /say/requests/slip/{pickup}/hide", "POST /api/v1/requests/{code}/{deed}"),
    ("POST /say/requests/slip/{pickup}/cover/{photo}", "POST /api/v1/requests/{code}/cover/{photo}"),
    ("POST /say/requests/slip/{pickup}/{deed}", "POST /api/v1/requests/{code}/{deed}"),
    ("GET /say/requests/hand-over", "GET /api/v1/requests/hand-over"),
    ("POST /say/requests/hand-over", "POST /api/v1/requests/hand-over"),
    ("GET /say/requests/answer/{token}", "GET /api/v1/answers/{token}"),
    ("POST /say/requests/answer/{token}", "POST /api/v1/answers/{token}"),
    ("GET /say/requests/{code}", "GET /api/v1/requests/{code}"),
    ("GET /say/requests/{code}/hotline", "GET /api/v1/requests/{code}/hotline"),
    ("POST /say/requests/{code}/contact", "POST /api/v1/requests/{code}/contact"),
    ("GET /say/requests/{code}/hide", "GET /api/v1/requests/{code}/private"),
    ("POST /say/requests/{code}/hide", "POST /api/v1/requests/{code}/{deed}"),
    ("POST /say/requests/{code}/cover/{photo}", "POST /api/v1/requests/{code}/cover/{photo}"),
    ("POST /say/requests/{code}/{deed}", "POST /api/v1/requests/{code}/{deed}"),
    ("GET /office/desk", "GET /api/v1/desk"),
    ("GET /office/desk/stairs", "GET /api/v1/desk/stairs"),
    ("POST /office/desk/export", "POST /api/v1/desk/export"),
    ("GET /office/categories", "GET /api/v1/office/categories"),
    ("POST /office/categories", "POST /api/v1/office/categories"),
    ("GET /office/categories/{slug}", "GET /api/v1/office/categories/{slug}"),
    ("POST /office/categories/{slug}", "POST /api/v1/office/categories/{slug}"),
    ("POST /office/categories/{slug}/{deed}", "POST /api/v1/office/categories/{slug}/{deed}"),
    ("GET /me/devices", "GET /api/v1/me/devices"),
    ("POST /me/devices/end", "POST /api/v1/me/devices/{id}/end"),
    ("POST /me/devices/end-others", "POST /api/v1/me/devices/end-others"),
    ("GET /office/back", "GET /api/v1/ways-back"),
    ("POST /office/back", "POST /api/v1/ways-back"),
    ("POST /office/back/confirm", "POST /api/v1/ways-back/{id}/confirm"),
    ("POST /office/back/stop", "POST /api/v1/ways-back/{id}/stop"),
    ("GET /me/homes", "GET /api/v1/me/homes"),
    ("POST /me/homes", "POST /api/v1/me/homes"),
    ("POST /me/homes/take-back", "POST /api/v1/me/homes/joinings/{id}/take-back"),
    ("POST /me/homes/end", "POST /api/v1/me/homes/members/{id}/end"),
    ("GET /me/standing", "GET /api/v1/me/standing"),
    ("POST /me/standing", "POST /api/v1/me/standing"),
    ("POST /me/standing/accept", "POST /api/v1/me/standing/accept"),
    ("POST /me/standing/end", "POST /api/v1/me/standing/{id}/end"),
    ("POST /me/standing/{id}/begin", "POST /api/v1/me/standing/{id}/begin"),
    ("POST /me/standing/stop", "POST /api/v1/me/standing/stop"),
    ("GET /office/homes/standing", "GET /api/v1/homes/members/{id}/standing"),
    ("POST /office/homes/standing", "POST /api/v1/homes/members/{id}/standing"),
    ("POST /office/homes/standing/end", "POST /api/v1/homes/standing/{id}/end"),
    ("GET /office/homes", "GET /api/v1/homes"),
    ("GET /office/homes/one", "GET /api/v1/homes/one"),
    ("GET /office/homes/letters", "GET /api/v1/homes/letters"),
    ("POST /office/homes/letters", "POST /api/v1/homes/letters"),
    ("POST /office/homes", "POST /api/v1/homes/members"),
    ("POST /office/homes/decide", "POST /api/v1/homes/joinings/{id}"),
    ("POST /office/homes/verify", "POST /api/v1/homes/members/{id}/verify"),
    ("POST /office/homes/letter", "POST /api/v1/homes/members/{id}/letter"),
    ("POST /office/homes/end", "POST /api/v1/homes/members/{id}/end"),
    ("GET /office/people", "GET /api/v1/people"),
    ("POST /office/people", "POST /api/v1/people"),
    ("POST /office/people/end", "POST /api/v1/people/{id}/end"),
    ("GET /office/people/mine", "GET /api/v1/people/mine"),
    ("GET /office/people/seat", "GET /api/v1/people/{id}"),
    ("POST /office/people/deputy", "POST /api/v1/people/{id}/deputy"),
    ("POST /office/people/away", "POST /api/v1/people/{id}/away"),
    ("POST /office/people/back", "POST /api/v1/people/{id}/back"),
    ("POST /office/people/hand-over", "POST /api/v1/people/{id}/hand-over"),
    ("GET /office/people/terms", "GET /api/v1/people/terms"),
    ("GET /office/register", "GET /api/v1/register"),
    ("POST /office/register", "POST /api/v1/register/import"),
    ("POST /office/register/unit", "POST /api/v1/register/units"),
    ("POST /office/register/remove", "POST /api/v1/register/units/{id}/remove"),
    ("GET /office/register/template/{format}", "GET /api/v1/register/template/{format}"),
    ("GET /office/register/export/{format}", "GET /api/v1/register/export/{format}"),
    ("GET /office/places", "GET /api/v1/places"),
    ("POST /office/places", "POST /api/v1/places/import"),
    ("GET /office/places/template/{format}", "GET /api/v1/places/template/{format}"),
    ("GET /office/places/export/{format}", "GET /api/v1/places/export/{format}"),
    ("POST /office/compounds/new", "POST /api/v1/compounds"),
    ("GET /office/compounds/{code}", "GET /api/v1/compounds/{code}"),
    ("POST /office/compounds/{code}/buildings", "POST /api/v1/compounds/{code}/buildings"),
    ("GET /office/compounds/{code}/letters", "GET /api/v1/compounds/{code}/letters"),
    ("GET /office/standards", "GET /api/v1/standards"),
    ("POST /office/standards", "POST /api/v1/standards"),
    ("POST /office/standards/hours", "POST /api/v1/standards/hours"),
    ("POST /office/standards/calendar", "POST /api/v1/standards/calendar"),
    ("GET /office/templates", "GET /api/v1/templates"),
    ("POST /office/templates", "POST /api/v1/templates"),
    ("POST /office/templates/{deed}", "POST /api/v1/templates/{id}/{deed}"),
    ("GET /office/channels", "GET /api/v1/channels"),
    ("POST /office/channels", "POST /api/v1/channels"),
    ("POST /office/channels/{id}/{deed}", "POST /api/v1/channels/{id}/{deed}"),
    ("POST /office/channels/mailbox", "POST /api/v1/mailboxes"),
    ("POST /office/channels/mailbox/drop", "POST /api/v1/mailboxes/drop"),
    ("GET /help/captain", "GET /api/v1/captains"),
    ("POST /help/captain/join", "POST /api/v1/captains/join"),
    ("POST /help/captain/leave", "POST /api/v1/captains/leave"),
    ("POST /help/captain/card", "POST /api/v1/captains/card"),
    ("GET /help/captain/board", "GET /api/v1/captains/board"),
    ("POST /help/captain/board", "POST /api/v1/captains/board"),
    ("GET /help/captain/building", "GET /api/v1/captains/building"),
    ("GET /help/hub", "GET /api/v1/hub"),
    ("GET /help/hub/wall", "GET /api/v1/hub"),
    ("GET /help/hub/entries", "GET /api/v1/hub/entries"),
    ("GET /help/hub/day", "GET /api/v1/hub/day"),
    ("GET /help/hub/month", "GET /api/v1/hub/month"),
    ("GET /help/hub/month/sheet.csv", "GET /api/v1/hub/month"),
    ("GET /help/hub/slip", "GET /api/v1/hub/slip"),
    ("GET /help/hub/desk", "GET /api/v1/hub/desk"),
    ("GET /help/hub/desk/keys", "GET /api/v1/hub/desk/keys"),
    ("GET /help/hub/desk/opinions", "GET /api/v1/hub/desk/opinions"),
    ("GET /help/hub/desk/talks", "GET /api/v1/hub/desk/talks"),
    ("POST /help/hub/desk/{deed}", "POST /api/v1/hub/desk/{deed}"),
    ("POST /help/hub/{deed}", "POST /api/v1/hub/{deed}"),
    ("GET /help/roster", "GET /api/v1/roster"),
    ("GET /help/roster/shift", "GET /api/v1/roster"),
    ("GET /help/roster/mine", "GET /api/v1/roster/mine"),
    ("POST /help/roster/plan", "POST /api/v1/roster/plan"),
    ("POST /help/roster/feed", "POST /api/v1/roster/feed"),
    ("POST /help/roster/{deed}", "POST /api/v1/roster/{deed}"),
    ("GET /me/tokens", "GET /api/v1/tokens"),
    ("POST /me/tokens", "POST /api/v1/tokens"),
    ("POST /me/tokens/end", "POST /api/v1/tokens/{id}/end"),
    ("GET /office/integrations", "GET /api/v1/integrations"),
    ("POST /office/integrations", "POST /api/v1/integrations"),
    ("POST /office/integrations/end", "POST /api/v1/integrations/{id}/end"),
    ("GET /me/data", "GET /api/v1/me/data"),
    ("GET /me/data/export.json", "GET /api/v1/me/data"),
    ("GET /me/data/export.zip", "GET /api/v1/me/data"),
    ("POST /me/data/name", "POST /api/v1/me/data/name"),
    ("POST /me/data/withdraw", "POST /api/v1/me/data/withdraw"),
    ("POST /me/data/erase", "POST /api/v1/me/data/erase"),
    ("GET /office/incidents", "GET /api/v1/incidents"),
    ("GET /office/incidents/table.csv", "GET /api/v1/incidents"),
    ("POST /office/incidents", "POST /api/v1/incidents"),
    ("POST /office/incidents/step", "POST /api/v1/incidents/{id}/people"),
    ("GET /office/provider", "GET /api/v1/provider"),
    ("POST /office/provider", "POST /api/v1/provider"),
    ("POST /office/provider/end", "POST /api/v1/provider/end"),
    ("POST /me/devices/phone", "POST /api/v1/me/phone"),
    ("POST /me/devices/phone/confirm", "POST /api/v1/me/phone/confirm"),
    ("POST /me/devices/phone/remove", "POST /api/v1/me/phone/remove"),
    ("POST /me/devices/passkeys/remove", "POST /api/v1/me/passkeys/{id}/remove"),
];

/// What has no call, and why. A beginning that ends with `*` stands for all below it.
const EXCEPTIONS: &[(&str, &str)] = &[
    (
        "* /office/farewell*",
        "a community is taken out of the house in person, on its page or at the machine; never by a program",
    ),
    ("GET /help/captain/notice", "typed, looked at and printed; kept nowhere"),
    ("GET /help/roster/feed/{token}", "a calendar that telephones read as it is"),
    ("GET /robots.txt", "said to search engines in their own format"),
    ("GET /say", "the front page of a floor leads to its features"),
    ("GET /help", "the front page of a floor leads to its features"),
    ("GET /office", "leads to the desk"),
    ("GET /about", "words about the house, for people"),
    ("GET /about/data", "words about the house, for people"),
    ("GET /about/who", "words about the neighbourhood, for people"),
    ("GET /me/data/erase", "the question on a page before the button that erases"),
    ("GET /me/data/erased", "said to somebody who is nobody any more"),
    ("GET /about/api*", "the page on which this API is read and tried"),
    ("GET /assets/*", "styles and scripts of the pages"),
    ("GET /gallery*", "samples of pages, for those who make them"),
    ("GET /healthz", "for the machine that runs the house; it has a format of its own"),
    ("GET /readyz", "for the machine that runs the house; it has a format of its own"),
    ("GET /metrics", "for the machine that runs the house; it has a format of its own"),
    ("GET /me/live", "a stream that wakes an open page; a program asks for the notices again"),
    ("GET /say/requests/{code}/live", "a stream that wakes an open page; a program asks for the request again"),
    ("GET /me/notices/confirm/{token}", "the question on a page before the button that confirms"),
    ("GET /sign-in*", "a page to type a password into; programs have a token or a session"),
    ("POST /sign-in*", "a session begins in a browser, with limits that keep guessers out"),
    ("POST /me/devices/password", "a password is typed on its page and nowhere else"),
    ("GET /me/homes/ask", "an empty form"),
    ("GET /office/homes/standing/done", "a sheet for the printer, for whoever has no screen"),
    ("GET /office/back/paper", "a paper with a code, to be printed and handed over"),
    ("POST /sign-out", "ends the session of a browser"),
    ("POST /demo/be", "one click to be somebody, in the demo only"),
    ("GET /first-run", "sets an empty house up, with the code on its console"),
    ("POST /first-run", "sets an empty house up, with the code on its console"),
    ("GET /say/follow/confirm/{token}", "a link in a letter, for the one who got it; programs follow with an account"),
    ("POST /say/follow/confirm/{token}", "a link in a letter, for the one who got it; programs follow with an account"),
    ("GET /say/follow/stop/{token}", "a link in a letter, for the one who got it"),
    ("POST /say/follow/stop/{token}", "mail programs press it by a standard of their own"),
    ("GET /office/people/terms/{token}", "a calendar that programs read as it is"),
    ("GET /say/feed", "a feed that programs read as it is"),
    ("GET /say/figures/paper", "the same figures on paper"),
    ("GET /say/figures/around", "leads from a compound to the figures of its community"),
    ("GET /say/requests/ground/{code}", "a picture to press on; programs send a point"),
    ("GET /say/requests/open", "the page on which a slip's code is typed"),
    ("GET /say/requests/slip/{pickup}/cover/{photo}", "the grid to tick over a photo that is fetched by its own call"),
    ("GET /say/requests/{code}/cover/{photo}", "the grid to tick over a photo that is fetched by its own call"),
    ("GET /office/places/signs", "signs to print; each is the address of a place"),
    ("GET /office/compounds/new", "an empty form"),
    ("POST /me/devices/office*", "the way to an office's sign-in and back is a browser's"),
    ("POST /hooks/mail", "mail servers hand letters in, with a token of their own"),
    ("* /open311/v2/*", "the calls of a standard, described there"),
];

/// A route of the house: `GET /office/people`.
fn routes() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

fn walk(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "tests" {
            walk(&path, found);
        } else if name.ends_with(".rs") && name != "tests.rs" {
            read(&std::fs::read_to_string(&path).unwrap(), found);
        }
    }
}

/// Reads `.route("/path", get(a).post(b))`.
fn read(source: &str, found: &mut BTreeSet<String>) {
    for (at, _) in source.match_indices(".route(") {
        let rest = source[at + ".route(".len()..].trim_start();
        let Some(path) = rest.strip_prefix('"').and_then(|rest| rest.split('"').next()) else { continue };
        // Somebody else's way of reading routes is no route.
        if !path.starts_with('/') {
            continue;
        }
        let (mut depth, mut end) = (1, rest.len());
        for (at, c) in rest.char_indices() {
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                end = at;
                break;
            }
        }
        let handlers = &rest[path.len() + 2..end];
        let methods = [("GET", "get("), ("POST", "post("), ("PUT", "put("), ("DELETE", "delete("), ("PATCH", "patch(")];
        let whole_word = |at: usize| !handlers[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let said = methods.iter().filter(|(_, call)| handlers.match_indices(call).any(|(at, _)| whole_word(at)));
        let before = found.len();
        found.extend(said.map(|(method, _)| format!("{method} {path}")));
        // A route that takes whatever comes, or is written in a way that is not known here, is not lost.
        if found.len() == before && !found.iter().any(|route| route.ends_with(&format!(" {path}"))) {
            found.insert(format!("ANY {path}"));
        }
    }
}

fn excepted(route: &str) -> Option<&'static str> {
    let fits = |pattern: &str| match pattern.strip_suffix('*') {
        Some(start) => match start.strip_prefix("* ") {
            Some(path) => route.split_once(' ').is_some_and(|(_, at)| at.starts_with(path)),
            None => route.starts_with(start),
        },
        None => route == pattern,
    };
    EXCEPTIONS.iter().find(|(pattern, _)| fits(pattern)).map(|(pattern, _)| *pattern)
}

fn described(document: &Value, call: &str) -> bool {
    let (method, path) = call.split_once(' ').unwrap();
    document["paths"][path].get(method.to_lowercase()).is_some()
}

#[test]
fn whatever_people_can_do_programs_can_call() {
    let (routes, document) = (routes(), document());
    assert!(routes.len() > 100, "the routes are not found any more: {routes:?}");
    let mut faults = Vec::new();
    for route in routes.iter().filter(|route| !route.contains(" /api/")) {
        let face = FACES.iter().find(|(html, _)| html == route);
        match (face, excepted(route)) {
            (None, None) => faults.push(format!("{route} has no call, and no reason why")),
            (Some(_), Some(pattern)) => faults.push(format!("{route} has a call and the exception {pattern}")),
            _ => {}
        }
    }
    for (html, call) in FACES {
        if !routes.contains(*html) {
            faults.push(format!("{html} is no route any more"));
        }
        if !described(&document, call) {
            faults.push(format!("{call} is not described"));
        }
    }
    for (pattern, _) in EXCEPTIONS {
        if !routes.iter().any(|route| excepted(route) == Some(*pattern)) {
            faults.push(format!("the exception {pattern} fits nothing"));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_call_is_described_and_every_description_is_a_call() {
    let (routes, document) = (routes(), document());
    let calls: BTreeSet<&str> = routes.iter().map(String::as_str).filter(|route| route.contains(" /api/v1/")).collect();
    let undescribed: Vec<&&str> =
        calls.iter().filter(|call| !call.ends_with("openapi.json") && !described(&document, call)).collect();
    assert!(undescribed.is_empty(), "not described: {undescribed:?}");
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            let call = format!("{} {path}", method.to_uppercase());
            assert!(calls.contains(call.as_str()), "{call} is described and is no call");
        }
    }
}

#[test]
fn every_operation_says_who_may_and_which_answers_come() {
    let document = document();
    let scopes = ["requests:read", "requests:write", "me:read", "me:write", "office:read", "office:write"];
    let mut names = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name.to_owned()), "{name} stands twice");
            let security = operation["security"].as_array().unwrap_or_else(|| panic!("{name} says not who may"));
            // What can only be done in person has no scope, and neither has a token's own question.
            if let Some(bearer) = security.iter().find_map(|one| one["bearer"][0].as_str()) {
                assert!(scopes.contains(&bearer), "{name}: {bearer}");
                // Taking a table along changes nothing but the book.
                assert_eq!(bearer.ends_with(":write"), method == "post" && name != "exportDesk", "{name}: {bearer}");
            }
            assert_eq!(operation["tags"].as_array().map(Vec::len), Some(1), "{name}");
            let answers = operation["responses"].as_object().unwrap();
            assert!(answers.keys().any(|status| status.starts_with('2')), "{name} never goes well");
            for wanted in path.split('/').filter_map(|step| step.strip_prefix('{')?.strip_suffix('}')) {
                let said = operation["parameters"].as_array().into_iter().flatten();
                assert!(said.clone().any(|one| one["name"] == wanted && one["in"] == "path"), "{name}: {wanted}");
            }
        }
    }
}

#[test]
fn a_route_is_found_however_it_is_written() {
    let mut found = BTreeSet::new();
    read(".route(\n  \"/a/{b}\",\n get(x::y).post(forget),\n)\n.route(\"/c\", axum::routing::post(z))", &mut found);
    read(".route(\"/d\", any(w))", &mut found);
    let found: Vec<&str> = found.iter().map(String::as_str).collect();
    assert_eq!(found, ["ANY /d", "GET /a/{b}", "POST /a/{b}", "POST /c"]);
}

#[test]
fn an_operation_says_its_ways_in() {
    let said = Operation::new("x", "y", "z").in_person().gives(200, text()).done();
    assert_eq!(said["security"], json!([{ "session": [] }]));
    assert_eq!(said["responses"]["401"]["content"]["application/problem+json"]["schema"], reference("Problem"));
}
