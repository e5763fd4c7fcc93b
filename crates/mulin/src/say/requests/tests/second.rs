//! Second thoughts: what is asked before words are public, changed in their first minutes, covered at any time, answered
//! by a link; and nobody but the one who said it ever judges.

use super::stories::{NEW, denied, does, says};
use crate::say::requests::answer;
use crate::village::{RED, Seen, Village};
use axum::http::StatusCode;
use commons::case::store;
use kit::on_both;
use kit::time::Moment;

const TELLING: &str = "3-2-301漏水，打13800000000找我";

async fn files(village: &Village, who: &str, words: &str, choice: &str) -> Seen {
    let fields = [("at", "shiliu/1"), ("words", words), ("category", "leak"), ("personal", choice)];
    village.fill(who, NEW, "/say/requests", &fields).await
}

/// Everything that strangers and programs can read about the compound.
async fn nobody_reads(village: &Village, words: &str) {
    let pages = [
        "/",
        "/say/requests",
        "/say/requests/shiliu-1",
        "/say/requests/shiliu-1/hotline",
        "/api/v1/requests?compound=shiliu",
        "/api/v1/requests/shiliu-1",
        "/open311/v2/requests.xml",
        "/open311/v2/requests/shiliu-1.json",
    ];
    for page in pages {
        village.get("stranger", page).await.says_not(words);
    }
    let query = format!("/search?q={}", crate::layout::line::encoded(words));
    village.get("stranger", &query).await.says_not("shiliu-1");
}

/// The link that the one who said it is sent for the report as it stands.
async fn link(village: &Village) -> String {
    let found = store::by_code(&village.app.db, "shiliu-1").await.unwrap().unwrap();
    answer::link(&village.app.secrets, &found.row.case)
}

/// The address of the photo on a page.
fn photo_on(seen: &Seen) -> String {
    let at = seen.body.find("<img src=\"/say/requests/").expect("the page shows a photo.");
    seen.body[at + 10..].split('"').next().unwrap_or_default().to_owned()
}

on_both! { &crate::migrations();
    async fn who_writes_a_telephone_or_a_home_is_asked_before_it_is_public(db) {
        let village = Village::on(db).await;
        let asked = files(&village, "granny", TELLING, "").await;
        assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
        asked.says("电话").says("<strong>13800000000</strong>").says("<strong>3-2-301</strong>").says(TELLING).says("帮我遮住");
        let filed = files(&village, "granny", TELLING, "mask").await;
        assert_eq!(filed.status, StatusCode::SEE_OTHER, "{}", filed.text());
        village.get("stranger", "/say/requests/shiliu-1").await.says("****漏水，打138****找我");
        nobody_reads(&village, "13800000000").await;
        files(&village, "granny", TELLING, "private").await;
        assert_eq!(village.get("stranger", "/say/requests/shiliu-2").await.status, StatusCode::NOT_FOUND);
        village.get("property", "/say/requests/shiliu-2").await.says(TELLING);
        files(&village, "granny", TELLING, "as-is").await;
        village.get("stranger", "/say/requests/shiliu-3").await.says(TELLING);
        let quarrel = [("at", "shiliu/1"), ("words", "301室天天吵"), ("category", "dispute")];
        let filed = village.fill("granny", NEW, "/say/requests", &quarrel).await;
        assert_eq!(filed.status, StatusCode::SEE_OTHER, "what nobody else reads needs no question: {}", filed.text());
    }

    async fn later_words_are_asked_about_too_and_can_go_aside(db) {
        let village = Village::on(db).await;
        let page = says(&village, "granny", "水管漏水", "leak").await;
        let asked = does(&village, "granny", &page, "add", &[("words", "我住3栋2单元301")]).await;
        assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
        asked.says("3栋2单元301").says("帮我遮住");
        does(&village, "granny", &page, "add", &[("words", "我住3栋2单元301"), ("personal", "private")]).await;
        village.get("stranger", &page).await.says_not("3栋2单元301").says_not("补充");
        village.get("property", &page).await.says("3栋2单元301").says("只给办事的人和提出的人看");
        let note = [("words", "和301室约好了"), ("public", "1")];
        assert_eq!(does(&village, "property", &page, "note", &note).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let aside = [("words", "和301室约好了")];
        assert_eq!(does(&village, "property", &page, "note", &aside).await.status, StatusCode::SEE_OTHER);
        let report = [("outcome", "solved"), ("words", "301室修好了"), ("personal", "private")];
        does(&village, "property", &page, "report", &report).await;
        village.get("stranger", &page).await.says("物业说：办好了").says_not("301室");
        let asked = does(&village, "granny", &page, "judge", &[("solved", "no"), ("satisfaction", "bad"), ("words", "301室又漏")]).await;
        assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
        asked.says("301室又漏").says("value=\"bad\" checked");
        does(&village, "granny", &page, "judge", &[("solved", "no"), ("words", "301室又漏"), ("personal", "mask")]).await;
        village.get("stranger", &page).await.says("****又漏").says_not("301室");
    }

    async fn programs_are_refused_until_they_say_what_to_do_and_a_citys_words_are_masked(db) {
        let village = Village::on(db).await;
        let file = |key: &'static str, more: &'static str| {
            let village = &village;
            let body = format!(r#"{{"place":"shiliu/1","words":"301室漏水","category":"leak"{more}}}"#);
            async move { village.json("program", "POST", "/api/v1/requests", key, &body).await }
        };
        let refused = file("privacy-key-00001", "").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.says("private/found");
        assert_eq!(file("privacy-key-00002", r#","personal":"mask""#).await.status, StatusCode::CREATED);
        nobody_reads(&village, "301室").await;
        assert_eq!(file("privacy-key-00003", r#","confirm_private":true"#).await.status, StatusCode::CREATED);
        let body = "api_key=key-of-the-city&service_code=leak&address_id=shiliu/1&description=Call+13800000000";
        village.plain_form("city", "/open311/v2/requests.json", body).await.says("shiliu-3");
        village.get("city", "/open311/v2/requests/shiliu-3.json").await.says("Call 138****");
        village.get("stranger", "/say/requests/shiliu-3").await.says("Call 138****").says_not("13800000000");
        village.get("property", "/say/requests/shiliu-3").await.says("Call 13800000000");
    }

    async fn words_may_be_changed_for_ten_minutes_and_the_book_says_so(db) {
        let village = Village::on(db).await;
        let page = says(&village, "granny", "水管漏谁", "leak").await;
        denied(&village.forge("property", &format!("{page}/edit"), &[("words", "不漏")]).await, "只有提出的人可以改");
        village.wait(Moment::minutes(9));
        does(&village, "granny", &page, "edit", &[("words", "水管漏水")]).await;
        village.get("stranger", &page).await.says("水管漏水").says_not("漏谁").says("改了说的话").says("改过");
        village.get("stranger", "/search?q=漏水").await.says("shiliu-1");
        village.get("stranger", "/search?q=漏谁").await.says_not("shiliu-1");
        let asked = does(&village, "granny", &page, "edit", &[("words", "301室漏水")]).await;
        assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
        village.wait(Moment::minutes(1));
        village.get("granny", &page).await.says_not("改一改刚说的");
        let late = village.forge("granny", &format!("{page}/edit"), &[("words", "没事了")]).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        late.says("十分钟");
        let late = village.json("granny", "POST", "/api/v1/requests/shiliu-1/edit", "edit-key-000000001", r#"{"words":"没事了"}"#).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        late.says("requests/edit-late");
        does(&village, "property", &page, "report", &[("outcome", "solved"), ("words", "好了")]).await;
        let found = store::by_code(&village.app.db, "shiliu-1").await.unwrap().unwrap().row.case;
        let entries = store::entries(&village.app.db, found.tenant, found.id).await.unwrap();
        let report = entries.iter().find(|entry| entry.office.is_some()).unwrap().id.to_string();
        let other = village.forge("granny", &format!("{page}/edit"), &[("words", "没好"), ("entry", &report)]).await;
        assert_eq!(other.status, StatusCode::FORBIDDEN, "{}", other.text());
    }

    async fn the_one_who_said_it_covers_what_tells_too_much_at_any_time(db) {
        let village = Village::on(db).await;
        let page = files(&village, "granny", TELLING, "as-is").await.location.split('?').next().unwrap().to_owned();
        does(&village, "granny", &page, "add", &[("words", "找王小妹，打13800000000"), ("personal", "as-is")]).await;
        does(&village, "property", &page, "report", &[("outcome", "answered"), ("words", "已电13800000000，王小妹说好"), ("personal", "as-is")]).await;
        does(&village, "granny", &page, "judge", &[("solved", "no"), ("words", "13800000000没人打"), ("personal", "as-is")]).await;
        village.wait(Moment::days(20));
        let hide = format!("{page}/hide");
        village.get("granny", &hide).await.says("13800000000").says("3-2-301");
        let nothing = village.fill("granny", &hide, &hide, &[("pieces", "没有这句")]).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        nothing.says("没有找到这几个字").says("没有这句");
        let done = village.fill("granny", &hide, &hide, &[("pieces", "13800000000"), ("pieces", "3-2-301"), ("pieces", "王小妹")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
        for words in ["13800000000", "3-2-301"] {
            nobody_reads(&village, words).await;
            village.get("property", &page).await.says_not(words);
        }
        // Her own words lose the name; what the office wrote keeps it, for it is not hers to change.
        village.get("stranger", &page).await.says("找****，打138****").says("王小妹说好").says("遮住了一部分");
        village.listeners().await;
        let export = crate::keep::export::tenant(&village.app, None).await.unwrap();
        let sheet = crate::keep::records::tests::written(&village.app, &export, crate::keep::records::Form::Csv).await;
        assert!(sheet.contains("王小妹说好") && !sheet.contains("13800000000"));
        let other = village.forge("tenant", &hide, &[("pieces", "漏水")]).await;
        denied(&other, "只有提出的人可以遮住");
        assert_eq!(village.get("captain", &hide).await.status, StatusCode::FORBIDDEN);
    }

    async fn staff_cover_private_details_of_others_with_a_reason_and_never_the_meaning(db) {
        let village = Village::on(db).await;
        let page = says(&village, "granny", "楼上张三天天半夜拖椅子，说了三次也不听，请物业去说说", "noise").await;
        let hide = format!("{page}/hide");
        let silent = village.fill("community", &hide, &hide, &[("pieces", "张三")]).await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
        silent.says("请选为什么遮住");
        let much = [("pieces", "楼上张三天天半夜拖椅子，说了三次也不听"), ("why", "name")];
        assert_eq!(village.fill("community", &hide, &hide, &much).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = village.fill("community", &hide, &hide, &[("pieces", "张三"), ("why", "name")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
        village.get("stranger", &page).await.says("楼上****天天半夜").says("社区遮住了一部分");
        village.listeners().await;
        village.get("granny", "/me").await.says("有一部分被遮住了");
        does(&village, "captain", &page, "report", &[("outcome", "answered"), ("words", "去过了")]).await;
        does(&village, "granny", &page, "judge", &[("solved", "no"), ("words", "没去过")]).await;
        let judgement = village.fill("community", &hide, &hide, &[("pieces", "没去"), ("why", "name")]).await;
        assert_eq!(judgement.status, StatusCode::UNPROCESSABLE_ENTITY, "what was said with a judgement stays");
    }

    async fn a_photo_is_blackened_or_taken_away_and_the_old_one_is_gone_everywhere(db) {
        let village = Village::on(db).await;
        let fields = [("at", "shiliu/1"), ("words", "车堵门"), ("category", "parking"), ("file:photo", RED)];
        village.fill("granny", NEW, "/say/requests", &fields).await;
        let page = "/say/requests/shiliu-1";
        let thumb = photo_on(&village.get("stranger", page).await);
        let full = thumb.replace("/thumb", "/full");
        assert_eq!(village.get("stranger", &full).await.status, StatusCode::OK);
        let photo = thumb.rsplit('/').nth(1).unwrap();
        let cover = format!("{page}/cover/{photo}");
        denied(&village.forge("tenant", &cover, &[("cell", "0")]).await, "只有提出的人可以遮住");
        let none = village.fill("granny", &cover, &cover, &[]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        none.says("先点要涂黑的格子");
        let done = village.fill("granny", &cover, &cover, &[("cell", "0"), ("cell", "7")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
        for old in [&thumb, &full] {
            assert_eq!(village.get("granny", old).await.status, StatusCode::NOT_FOUND);
        }
        village.listeners().await;
        let case = store::by_code(&village.app.db, "shiliu-1").await.unwrap().unwrap().row.case;
        let key = kit::media::MediaKey { tenant: case.tenant.0, id: photo.parse().unwrap() };
        assert!(village.app.media.get(key, kit::media::Size::Thumb).await.unwrap().is_none());
        let again = photo_on(&village.get("stranger", page).await);
        assert_ne!(again, thumb);
        assert_eq!(village.get("stranger", &again).await.status, StatusCode::OK);
        let hide = format!("{page}/hide");
        village.fill("granny", &hide, &hide, &[("photos", again.rsplit('/').nth(1).unwrap())]).await;
        assert_eq!(village.get("granny", &again).await.status, StatusCode::NOT_FOUND);
        village.get("stranger", page).await.says_not("<img src=\"/say/requests/");
    }

    async fn a_link_is_answered_once_without_an_account_and_looking_changes_nothing(db) {
        let village = Village::on(db).await;
        let page = says(&village, "granny", "水管漏水", "leak").await;
        does(&village, "property", &page, "report", &[("outcome", "solved"), ("words", "换了水管")]).await;
        let first = link(&village).await;
        for _ in 0..3 {
            village.get("preview", &first).await.says("解决了吗").says("换了水管");
        }
        village.get("granny", &page).await.says("解决了吗");
        denied(&village.fill("property", &first, &first, &[("solved", "yes")]).await, "只由提出的人说");
        let silent = village.fill("phone", &first, &first, &[]).await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
        let no = [("solved", "no"), ("satisfaction", "bad"), ("why", "又坏了"), ("why", "编的原因"), ("words", "一天就漏")];
        let done = village.fill("phone", &first, &first, &no).await;
        assert_eq!(done.location, first, "{}", done.text());
        village.get("phone", &first).await.says("记下了：没解决");
        village.get("stranger", &page).await.says("又坏了；一天就漏").says_not("编的原因");
        let twice = village.forge("phone", &first, &[("solved", "yes")]).await;
        assert_eq!(twice.status, StatusCode::CONFLICT);
        twice.says("已经答过了");
        does(&village, "property", &page, "report", &[("outcome", "solved"), ("words", "换好了")]).await;
        let second = link(&village).await;
        assert_ne!(second, first);
        village.get("phone", &first).await.says("记下了：没解决");
        village.fill("phone", &second, &second, &[("solved", "yes"), ("satisfaction", "good")]).await;
        village.get("phone", &second).await.says("记下了：解决了");
        assert_eq!(village.forge("phone", &second, &[("solved", "no")]).await.status, StatusCode::CONFLICT);
        let last = if second.ends_with('Z') { 'Y' } else { 'Z' };
        let guessed = format!("{}{last}", &second[..second.len() - 1]);
        assert_eq!(village.get("guesser", &guessed).await.status, StatusCode::NOT_FOUND);
    }

    async fn what_nobody_answers_closes_as_unrated_and_is_told_apart_from_solved(db) {
        let village = Village::on(db).await;
        let page = says(&village, "granny", "水管漏水", "leak").await;
        does(&village, "property", &page, "report", &[("outcome", "solved"), ("words", "好了")]).await;
        does(&village, "granny", &page, "judge", &[("solved", "no"), ("satisfaction", "bad")]).await;
        does(&village, "property", &page, "report", &[("outcome", "not_possible"), ("words", "归水务")]).await;
        village.wait(Moment::days(8));
        let told = |path: &'static str| village.get("stranger", path);
        told("/say/requests").await.says("未评价");
        told("/api/v1/requests/shiliu-1").await.says("\"closed_as\":\"unrated\"");
        told("/open311/v2/requests/shiliu-1.json").await.says("closed: not rated");
        crate::chores::round(&village.app).await.unwrap();
        told("/say/requests/shiliu-1").await.says("未评价").says_not("满意");
        told("/api/v1/requests/shiliu-1").await.says("\"solved\":null").says("\"satisfaction\":null");
        told("/open311/v2/requests/shiliu-1.json").await.says("closed: not rated");
        let late = link(&village).await;
        village.fill("phone", &late, &late, &[("solved", "yes")]).await;
        told("/api/v1/requests/shiliu-1").await.says("\"closed_as\":\"solved\"");
        told("/open311/v2/requests/shiliu-1.json").await.says("closed: solved");
    }

    async fn no_office_ever_judges_and_none_asks_again(db) {
        let village = Village::on(db).await;
        let page = says(&village, "granny", "水管漏水", "leak").await;
        let typed = [("at", "shiliu/1"), ("words", "老人家里漏水"), ("category", "leak"), ("for_caller", "1")];
        let seen = village.fill("property", "/say/requests/new?at=shiliu/1&for=caller", "/say/requests", &typed).await;
        let slip = seen.location.split('?').next().unwrap().to_owned();
        for page in [page.as_str(), "/say/requests/shiliu-2"] {
            does(&village, "property", page, "report", &[("outcome", "solved"), ("words", "好了")]).await;
        }
        for who in ["captain", "other-captain", "property", "committee", "community", "guard", "tenant", "stranger"] {
            for (n, code) in ["shiliu-1", "shiliu-2"].iter().enumerate() {
                denied(&village.forge(who, &format!("/say/requests/{code}/judge"), &[("solved", "yes"), ("satisfaction", "good")]).await, "只由提出的人说");
                let key = format!("judge-{who}-{n}-0000000");
                let call = village.json(who, "POST", &format!("/api/v1/requests/{code}/judge"), &key, r#"{"solved":true,"satisfaction":"good"}"#).await;
                assert_eq!(call.status, StatusCode::FORBIDDEN, "{who} {code}: {}", call.body);
                for again in ["ask", "ask-again", "remind", "rate"] {
                    let none = village.forge(who, &format!("/say/requests/{code}/{again}"), &[]).await;
                    assert_eq!(none.status, StatusCode::NOT_FOUND, "{again}");
                }
            }
        }
        // Who typed it has had the slip in hand; signed in, they are known and judge nothing with it.
        denied(&village.forge("property", &format!("{slip}/judge"), &[("solved", "yes")]).await, "只由提出的人说");
        village.get("property", &slip).await.says_not("name=\"solved\"");
        let own = does(&village, "the-caller", &slip, "judge", &[("solved", "yes")]).await;
        assert_eq!(own.status, StatusCode::SEE_OTHER, "{}", own.text());
    }

    async fn nobody_judges_what_they_reported_themselves(db) {
        let village = Village::on(db).await;
        let page = says(&village, "captain", "楼道里堆了柜子", "clutter").await;
        does(&village, "captain", &page, "report", &[("outcome", "solved"), ("words", "搬走了")]).await;
        village.get("captain", &page).await.says_not("name=\"solved\"");
        denied(&village.forge("captain", &format!("{page}/judge"), &[("solved", "yes"), ("satisfaction", "good")]).await, "自己办的事不能自己评");
        village.wait(Moment::days(8));
        village.get("stranger", &page).await.says("未评价");
    }

    async fn staff_cover_a_name_and_never_a_whole_complaint(db) {
        let village = Village::on(db).await;
        let words = "物业三个月不修灯，打电话没人接，态度很差，我要投诉到街道去。";
        let said = [("at", "shiliu/1"), ("words", words), ("category", "lighting")];
        village.fill("granny", "/say/requests/new?at=shiliu/1", "/say/requests", &said).await;
        let page = "/say/requests/shiliu-1";
        let hide = async |pieces: &[&str]| {
            let body = serde_json::json!({ "pieces": pieces, "why": "name" }).to_string();
            let key = format!("hide-{:0>16}", pieces.concat().chars().count());
            village.json("property", "POST", "/api/v1/requests/shiliu-1/hide", &key, &body).await
        };
        let all = hide(&["物业三个月不修灯，打", "电话没人接，态度很", "差，我要投诉到街道去"]).await;
        assert_eq!(all.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", all.body);
        all.says("requests/hide-too-much");
        let one = hide(&["街道"]).await;
        assert_eq!(one.status, StatusCode::OK, "{}", one.body);
        for more in ["打电话没人接", "态度很差，我要", "三个月不修灯"] {
            hide(&[more]).await;
        }
        village.get("granny", page).await.says("****去").says("物业");
        let left = village.get("granny", page).await.body.matches("****").count();
        assert!(left <= 4, "not piece by piece either: {left}");
    }

    async fn not_solved_goes_back_to_whoever_reported_it_or_to_who_sits_there_now(db) {
        let village = Village::on(db).await;
        let fields = [("at", "shiliu/2"), ("words", "楼道里堆了柜子"), ("category", "clutter")];
        let filed = village.fill("passer-by", "/say/requests/new?at=shiliu/2", "/say/requests", &fields).await;
        let slip = filed.location.split('?').next().unwrap().to_owned();
        let page = "/say/requests/shiliu-1";
        does(&village, "other-captain", page, "report", &[("outcome", "solved"), ("words", "搬了")]).await;
        does(&village, "passer-by", &slip, "judge", &[("solved", "no")]).await;
        let case = || async { store::by_code(&village.app.db, "shiliu-1").await.unwrap().unwrap().row.case };
        let back = case().await;
        assert_eq!((back.holder.office, back.round, back.holder.person.is_some()), (commons::people::Office::Captain, 2, true));
        assert!(back.due.is_some());
        does(&village, "other-captain", page, "report", &[("outcome", "answered"), ("words", "说了")]).await;
        // The captain's term ends, and nobody follows.
        village.wait(Moment::days(40));
        does(&village, "passer-by", &slip, "judge", &[("solved", "no")]).await;
        let up = case().await;
        assert_ne!(up.holder.office, commons::people::Office::Captain);
        assert_eq!(up.round, 3);
    }
}
