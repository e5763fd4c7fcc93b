//! Photos and voice notes that programs send.

use super::api::files;
use crate::village::RED;
use crate::village::Village;
use kit::on_both;
use serde_json::{Value, json};

const ALL: &str = "/api/v1/requests";
const SEND: &str = "/api/v1/photos?compound=shiliu";
const WAV: &[u8] = b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data\0\0\0\0";

async fn sent(village: &Village, who: &str, key: &str) -> Value {
    village.upload(who, SEND, &format!("sent-{key}-0123456789abcdef"), &[("file:photo", RED)]).await.answers(201)["photos"]
        [0]
    .clone()
}

on_both! { &crate::migrations();
    async fn a_photo_is_sent_named_once_and_seen_by_whoever_may(db) {
        let village = Village::on(db).await;
        let handle = sent(&village, "nobody", "photo").await;
        assert_eq!(sent(&village, "nobody", "photo").await, handle, "the same key, the same answer");
        let said = json!({ "place": "shiliu/1", "words": "墙掉皮", "category": "lighting", "private": true, "photos": [handle] });
        let filed = files(&village, "nobody", "say", &said).await;
        let slip = [("x-pickup-code", filed["pickup"].as_str().unwrap())];
        let told = village.get_with("nobody", &format!("{ALL}/shiliu-1"), &slip).await.answers(200);
        assert_eq!((told["photos"].as_i64(), told["entries"][0]["photos"][0].clone()), (Some(1), told["pictures"][0]["id"].clone()));
        let picture = format!("{ALL}/shiliu-1/photos/{}/full", told["pictures"][0]["id"].as_str().unwrap());
        let seen = village.get_with("nobody", &picture, &slip).await;
        assert_eq!((seen.status.as_u16(), seen.header("content-type").as_str()), (200, "image/jpeg"));
        let etag = seen.header("etag");
        assert_eq!(village.get_with("nobody", &picture, &[slip[0], ("if-none-match", &etag)]).await.status.as_u16(), 304);
        village.get("stranger", &picture).await.refuses(404, "house/not-found");
        assert_eq!(village.get("property", &picture).await.status.as_u16(), 200, "the holder sees it");
        village.get("property", &picture.replace("/full", "/huge")).await.refuses(404, "house/not-found");
        let again = json!({ "place": "shiliu/1", "words": "又一件", "category": "lighting", "photos": [handle] });
        village.call("granny", ALL, "again", &again).await.refuses(409, "requests/photo-handle-used");
        files(&village, "granny", "open", &json!({ "place": "shiliu/1", "words": "公开的", "category": "lighting", "photos": [sent(&village, "granny", "second").await] })).await;
        let open = village.get("stranger", &format!("{ALL}/shiliu-2")).await.answers(200);
        let other = format!("{ALL}/shiliu-1/photos/{}/full", open["pictures"][0]["id"].as_str().unwrap());
        village.get_with("nobody", &other, &slip).await.refuses(404, "house/not-found");
        assert_eq!(village.get("stranger", &other.replace("shiliu-1", "shiliu-2")).await.status.as_u16(), 200);
    }

    async fn photos_go_with_deeds_and_are_covered_by_calls(db) {
        let village = Village::on(db).await;
        files(&village, "granny", "say", &json!({ "place": "shiliu/1", "words": "灯不亮", "category": "lighting" })).await;
        let one = format!("{ALL}/shiliu-1");
        let add = json!({ "words": "拍了一张", "photos": [sent(&village, "granny", "add").await] });
        assert_eq!(village.call("granny", &format!("{one}/add"), "add", &add).await.answers(200)["photos"], 1);
        assert_eq!(village.call("granny", &format!("{one}/add"), "add", &add).await.answers(200)["photos"], 1);
        let here = json!({ "photos": [sent(&village, "property", "accept").await] });
        village.call("property", &format!("{one}/accept"), "accept", &here).await.refuses(422, "requests/photo-not-here");
        let report = json!({ "outcome": "solved", "photos": [sent(&village, "property", "report").await] });
        village.call("property", &format!("{one}/report"), "report", &report).await.answers(200);
        let told = village.get("stranger", &one).await.answers(200);
        assert_eq!(told["pictures"].as_array().unwrap().len(), 2, "{told}");
        let photo = told["pictures"][0]["id"].as_str().unwrap();
        let cover = format!("{one}/cover/{photo}");
        village.call("granny", &cover, "none", &json!({ "cells": [] })).await.refuses(422, "requests/cover-nothing");
        village.call("property", &cover, "why", &json!({ "cells": [1] })).await.refuses(422, "requests/hide-why");
        village.call("tenant", &cover, "not-mine", &json!({ "cells": [1] })).await.refuses(403, "requests/hide-not-yours");
        let covered = village.call("granny", &cover, "cover", &json!({ "cells": [0, 1] })).await;
        let new = covered.answers(200)["photo"].as_str().unwrap().to_owned();
        assert_eq!(village.call("granny", &cover, "cover", &json!({ "cells": [0, 1] })).await.body, covered.body);
        assert_ne!(new, photo);
        village.get("stranger", &format!("{one}/photos/{photo}/full")).await.refuses(404, "house/not-found");
        village.call("granny", &format!("{one}/hide"), "hide", &json!({ "photos": [new] })).await.answers(200);
        assert_eq!(village.get("stranger", &one).await.answers(200)["pictures"].as_array().unwrap().len(), 1);
    }

    async fn a_voice_may_stand_for_words_and_only_those_in_the_case_hear_it(db) {
        let village = Village::on(db).await;
        let told = village.upload("granny", SEND, "voice-0123456789abcdef", &[("file:voice", &hex::encode(WAV))]).await.answers(201);
        assert_eq!(told["photos"], json!([]));
        let said = json!({ "place": "shiliu/1", "category": "lighting", "voice": told["voice"] });
        files(&village, "granny", "say", &said).await;
        let one = village.get("property", &format!("{ALL}/shiliu-1")).await.answers(200);
        let voice = format!("{ALL}/shiliu-1/voices/{}", one["voices"][0].as_str().unwrap());
        let heard = village.get("property", &voice).await;
        assert_eq!((heard.status.as_u16(), heard.header("content-type").as_str()), (200, "audio/wav"));
        assert_eq!(village.get_with("granny", &voice, &[("range", "bytes=0-3")]).await.status.as_u16(), 206);
        village.get("stranger", &voice).await.refuses(404, "house/not-found");
        assert_eq!(village.get("stranger", &format!("{ALL}/shiliu-1")).await.answers(200)["voices"], json!([]));
    }

    async fn a_token_sends_photos_only_with_the_scope_for_it(db) {
        let village = Village::on(db).await;
        let make = async |scope: &str| {
            let fields = [("name", "巡查"), ("days", "30"), ("scopes", scope)];
            let seen = village.fill("captain", "/me/tokens", "/me/tokens", &fields).await;
            let at = seen.body.find("mulin_").unwrap();
            seen.body[at..at + 38].to_owned()
        };
        let (reads, writes) = (make("requests:read").await, make("requests:write").await);
        let send = async |token: &str| village.program_sends(token, SEND, &[("file:photo", RED)]).await;
        send(&reads).await.refuses(403, "token/needs-requests-write");
        let handle = send(&writes).await.answers(201)["photos"][0].clone();
        let said = json!({ "place": "shiliu/1", "words": "墙掉皮", "category": "lighting", "photos": [handle] }).to_string();
        village.program(&reads, "POST", ALL, Some(&said)).await.refuses(403, "token/needs-requests-write");
        village.program(&writes, "POST", ALL, Some(&said)).await.answers(201);
        assert_eq!(village.program(&reads, "GET", "/api/v1/requests/shiliu-1", None).await.answers(200)["mine"], true);
        village.program(&reads, "GET", "/api/v1/me/notices", None).await.refuses(403, "token/needs-me-read");
        village.program(&reads, "GET", "/api/v1/desk", None).await.refuses(403, "token/needs-office-read");
        village.program(&writes, "POST", "/api/v1/people", Some("{}")).await.refuses(403, "token/needs-office-write");
    }

    async fn what_is_no_photo_or_no_handle_is_said(db) {
        let village = Village::on(db).await;
        village.upload("nobody", SEND, "none-0123456789abcdef", &[("words", "x")]).await.refuses(422, "requests/photo-missing");
        assert_eq!(village.upload("nobody", SEND, "text-0123456789abcdef", &[("file:photo", "00ff00ff")]).await.status.as_u16(), 422);
        village.upload("nobody", "/api/v1/photos?compound=nowhere", "nowhere-0123456789abc", &[("file:photo", RED)]).await.refuses(404, "house/not-found");
        village.upload("nobody", "/api/v1/photos", "nowhere-0123456789abc", &[("file:photo", RED)]).await.refuses(400, "house/query");
        let said = |more: Value| {
            let mut said = json!({ "place": "shiliu/1", "words": "灯不亮", "category": "lighting" });
            said.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            said
        };
        village.call("granny", ALL, "bad", &said(json!({ "photos": ["00"] }))).await.refuses(422, "requests/photo-handle");
        village.call("granny", ALL, "voice", &said(json!({ "voice": "00" }))).await.refuses(422, "requests/photo-handle");
        let handle = sent(&village, "granny", "twice").await;
        village.call("granny", ALL, "twice", &said(json!({ "photos": [handle, handle] }))).await.refuses(422, "requests/photo-handle-used");
        village.call("granny", ALL, "voice-2", &said(json!({ "voice": handle }))).await.refuses(422, "requests/photo-handle");
        village.call("granny", ALL, "far", &said(json!({ "point": { "lat_e7": 910_000_000, "lon_e7": 0 } }))).await.refuses(422, "requests/point-far");
        village.call("granny", ALL, "wordless", &json!({ "place": "shiliu/1", "category": "lighting" })).await.refuses(422, "requests/words-empty");
        let near = said(json!({ "point": { "lat_e7": 312_000_000, "lon_e7": 1_214_000_000 } }));
        files(&village, "granny", "near", &near).await;
        assert_eq!(village.get("stranger", &format!("{ALL}/shiliu-1")).await.answers(200)["lat_e7"], 312_000_000);
    }
}
