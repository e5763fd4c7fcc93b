//! Saying it: what a category asks, danger, the kind, a voice, a point on the map, the contact and its days.

use super::stories::{does, says};
use crate::village::Village;
use axum::http::StatusCode;
use kit::on_both;
use kit::time::Moment;

const NEW: &str = "/say/requests/new?at=shiliu/1";
pub(super) const WAV: &[u8] =
    b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data\0\0\0\0";

/// The community's staff let the lift ask who is inside.
async fn lift_asks(village: &Village, required: bool) {
    let mut fields =
        vec![("name", "里面有没有人"), ("kind", "singlevaluelist"), ("options", "没有人 | Nobody\n有人 | Somebody")];
    if required {
        fields.push(("required", "1"));
    }
    let page = "/office/categories/lift";
    let asked = village.fill("community", page, &format!("{page}/ask"), &fields).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text());
}

on_both! { &crate::migrations();
    async fn a_category_asks_its_own_questions_and_nothing_typed_is_lost(db) {
        let village = Village::on(db).await;
        lift_asks(&village, true).await;
        let say = async |more: &[(&str, &str)]| {
            let fields = [&[("at", "shiliu/1"), ("words", "电梯停在五楼"), ("contact", "302")], more].concat();
            village.fill("granny", NEW, "/say/requests", &fields).await
        };
        let asked = say(&[("ask", "1")]).await;
        assert_eq!(asked.status, StatusCode::OK);
        asked.says("里面有没有人").says("电梯停在五楼").says("value=\"302\"").says("value=\"lift\" selected");
        let missed = say(&[("category", "lift")]).await;
        assert_eq!(missed.status, StatusCode::UNPROCESSABLE_ENTITY);
        missed.says("这一题要答一下").says("电梯停在五楼");
        let wrong = say(&[("category", "lift"), ("f-q1", "猫")]).await;
        wrong.says("请从选项里选");
        let filed = say(&[("category", "lift"), ("f-q1", "没有人")]).await;
        assert_eq!(filed.status, StatusCode::SEE_OTHER, "{}", filed.text());
        village.get("stranger", "/say/requests/shiliu-1").await.says("里面有没有人").says("没有人");
        village.get("program", "/api/v1/requests/shiliu-1").await.says("\"fields\":{\"q1\":\"没有人\"}");
        let guessed = village.fill("granny", NEW, "/say/requests", &[("at", "shiliu/1"), ("words", "电梯又停了")]).await;
        assert_eq!(guessed.status, StatusCode::SEE_OTHER, "a guess asks nothing");
        let tenant = crate::keep::export::tenant(&village.app, None).await.unwrap();
        let lines = crate::keep::records::tests::written(&village.app, &tenant, crate::keep::records::Form::Lines).await;
        assert!(lines.contains(r#""fields":{"q1":"没有人"}"#));
    }

    async fn photos_that_came_with_an_incomplete_form_need_not_be_chosen_again(db) {
        let village = Village::on(db).await;
        let voice = hex::encode(WAV);
        let fields = [("at", "shiliu/1"), ("words", ""), ("category", "none-such"), ("file:voice", voice.as_str())];
        let again = village.fill("granny", NEW, "/say/requests", &fields).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        let held = again.body.split("name=\"held\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let fields = [("at", "shiliu/1"), ("words", "楼道灯不亮"), ("held", held)];
        let filed = village.fill("granny", NEW, "/say/requests", &fields).await;
        assert_eq!(filed.status, StatusCode::SEE_OTHER, "{}", filed.text());
        village.get("granny", "/say/requests/shiliu-1").await.says("<audio");
        village.wait(Moment::days(2));
        village.listeners().await;
        let page = village.get("granny", "/say/requests/shiliu-1").await;
        let src = page.body.split("<audio").nth(1).and_then(|rest| rest.split("src=\"").nth(1)?.split('"').next()).unwrap();
        assert_eq!(village.get("granny", src).await.status, StatusCode::OK, "what a case came for stays");
        let forged = [("at", "shiliu/1"), ("words", "x"), ("held", "00ff")];
        let filed = village.fill("granny", NEW, "/say/requests", &forged).await;
        assert_eq!(filed.status, StatusCode::SEE_OTHER);
        village.get("granny", "/say/requests/shiliu-2").await.says_not("<audio");
    }

    async fn danger_is_answered_with_the_number_and_filed_all_the_same(db) {
        let village = Village::on(db).await;
        lift_asks(&village, true).await;
        let fields = [("at", "shiliu/1"), ("words", "有人困在电梯里"), ("category", "lift")];
        let filed = village.fill("granny", NEW, "/say/requests", &fields).await;
        assert_eq!(filed.status, StatusCode::SEE_OTHER, "{}", filed.text());
        let page = village.get("granny", &filed.location).await;
        page.says("先打电话").says("tel:119");
        assert!(page.body.find("tel:119") < page.body.find("<h1"), "the number stands first");
        village.get("granny", "/say/requests/shiliu-1").await.says_not("先打电话");
        let slip = village.fill("passer-by", NEW, "/say/requests", &[("at", "shiliu/1"), ("words", "楼道着火了")]).await;
        let page = village.get("passer-by", &slip.location).await;
        page.says("tel:119").says("取件码").says("/say/requests/open").says("到红小楼或社区当面问");
        let short = village.fill("passer-by", "/say/requests/open", "/say/requests/open", &[("code", "ABCDE-FGH")]).await;
        short.says("码一共10个字");
        for way in [NEW, "/say/requests/new", "/say/requests/new?at=shiliu"] {
            let page = village.get("stranger", way).await;
            assert!(page.body.find("tel:119") < page.body.find("<form").or(page.body.find("class=\"tiles\"")), "{way}");
        }
    }

    async fn the_words_suggest_and_the_one_who_says_it_decides(db) {
        let village = Village::on(db).await;
        let told = village.get("granny", "/say/requests/suggest?at=shiliu/1").await;
        told.says("id=\"asked\"");
        let page = says(&village, "granny", "灯又坏了，真气人", "lighting").await;
        village.get("granny", &page).await.says("报修");
        let fields = [("at", "shiliu/1"), ("words", "楼道灯能不能换成感应的"), ("kind", "suggestion")];
        village.fill("granny", NEW, "/say/requests", &fields).await;
        village.get("granny", "/say/requests/shiliu-2").await.says("建议").says_not("不公开</span>");
        let fields = [("at", "shiliu/1"), ("words", "楼道灯是隔壁弄坏的"), ("category", "lighting"), ("kind", "dispute")];
        village.fill("granny", NEW, "/say/requests", &fields).await;
        village.get("granny", "/say/requests/shiliu-3").await.says("不公开");
        assert_eq!(village.get("stranger", "/say/requests/shiliu-3").await.status, StatusCode::NOT_FOUND);
        let forged = village.forge("captain", "/say/requests/shiliu-2/sort", &[("kind", "praise")]).await;
        assert_eq!(forged.status, StatusCode::FORBIDDEN);
        does(&village, "granny", "/say/requests/shiliu-2", "sort", &[("kind", "dispute")]).await;
        village.get("granny", "/say/requests/shiliu-2").await.says("不公开").says("改了这是哪种事");
        assert_eq!(village.get("stranger", "/say/requests/shiliu-2").await.status, StatusCode::NOT_FOUND);
        village.get("stranger", "/search?q=感应").await.says_not("换成感应");
    }

    async fn a_voice_is_heard_by_the_parties_alone_and_goes_with_the_words(db) {
        let village = Village::on(db).await;
        let voice = hex::encode(WAV);
        let fields = [("at", "shiliu/1"), ("words", ""), ("category", "lighting"), ("file:voice", voice.as_str())];
        let filed = village.fill("granny", NEW, "/say/requests", &fields).await;
        assert_eq!(filed.status, StatusCode::SEE_OTHER, "{}", filed.text());
        let page = "/say/requests/shiliu-1";
        let shown = village.get("granny", page).await;
        shown.says("一段语音，办事的人会听");
        let src = shown.body.split("<audio").nth(1).and_then(|rest| rest.split("src=\"").nth(1)?.split('"').next()).unwrap();
        for (who, status) in [("granny", 200), ("property", 200), ("community", 200), ("tenant", 404), ("stranger", 404)] {
            assert_eq!(village.get(who, src).await.status.as_u16(), status, "{who}");
        }
        village.get("stranger", page).await.says("一段语音").says_not("<audio");
        let html = hex::encode("<html><script>alert(1)</script>");
        let fields = [("at", "shiliu/1"), ("words", "听"), ("file:voice", html.as_str())];
        let refused = village.fill("granny", NEW, "/say/requests", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.says("只收 webm");
        does(&village, "granny", page, "erase", &[]).await;
        village.listeners().await;
        assert_eq!(village.get("granny", src).await.status, StatusCode::NOT_FOUND);
    }

    async fn the_contact_is_not_shown_after_its_days_and_then_deleted(db) {
        let village = Village::on(db).await;
        let fields = [("at", "shiliu/1"), ("words", "水管漏"), ("category", "leak"), ("contact", "门铃按两下")];
        village.fill("granny", NEW, "/say/requests", &fields).await;
        let page = "/say/requests/shiliu-1";
        does(&village, "property", page, "contact", &[]).await.says("门铃按两下");
        village.get("granny", page).await.says("物业看了联系方式").says("谁看过我的联系方式").says("11月24日 10:00 · 物业");
        village.get("property", page).await.says_not("谁看过我的联系方式");
        does(&village, "property", page, "report", &[("outcome", "solved"), ("words", "好了")]).await;
        does(&village, "granny", page, "judge", &[("solved", "yes"), ("satisfaction", "good")]).await;
        for _ in 0..22 {
            village.wait(Moment::days(4));
            crate::chores::round(&village.app).await.unwrap();
            village.get("granny", page).await;
            village.get("property", page).await.says("查看（会记下来）");
        }
        village.wait(Moment::days(3));
        village.get("property", page).await.says_not("查看（会记下来）");
        let late = village.forge("property", &format!("{page}/contact"), &[]).await;
        late.says_not("门铃按两下");
        crate::chores::round(&village.app).await.unwrap();
        village.get("granny", page).await.says("联系方式到期，已经删掉");
    }

    async fn staff_need_a_place_and_words_alone(db) {
        let village = Village::on(db).await;
        let form = village.get("property", "/say/requests/new?at=shiliu/2&for=caller").await;
        form.says("data-caller").says("checked");
        let fields = [("at", "shiliu/2"), ("words", "灯不亮"), ("for_caller", "1")];
        let filed = village.fill("property", "/say/requests/new?at=shiliu/2&for=caller", "/say/requests", &fields).await;
        assert!(filed.location.starts_with("/say/requests/slip/"), "{}", filed.text());
    }

    async fn a_citys_programs_are_told_the_questions_and_must_answer_them(db) {
        let village = Village::on(db).await;
        lift_asks(&village, true).await;
        let base = "/open311/v2";
        let services = village.get("city", &format!("{base}/services.xml")).await;
        let of = |code: &str| services.body.split("<service>").find(|one| one.contains(&format!(">{code}<"))).unwrap().to_owned();
        assert!(of("lift").contains("<metadata>true</metadata>") && of("leak").contains("<metadata>false</metadata>"));
        let definition = village.get("city", &format!("{base}/services/lift.xml")).await;
        definition.says("<code>q1</code>").says("<datatype>singlevaluelist</datatype>").says("<required>true</required>").says("<key>没有人</key>");
        let good = "api_key=key-of-the-city&service_code=lift&address_id=shiliu/1&description=x";
        let file = async |more: &str| village.plain_form("city", &format!("{base}/requests.json"), &format!("{good}{more}")).await;
        assert_eq!(file("").await.status, StatusCode::BAD_REQUEST);
        assert_eq!(file("&attribute[q1]=cat").await.status, StatusCode::BAD_REQUEST);
        file("&attribute[q9]=1").await.says("unknown attribute q9");
        let filed = file("&attribute[q1]=%E6%9C%89%E4%BA%BA").await;
        assert_eq!(filed.status, StatusCode::CREATED, "{}", filed.body);
        let filed = file("&attribute[q1][]=%E6%9C%89%E4%BA%BA").await;
        assert_eq!(filed.status, StatusCode::CREATED, "{}", filed.body);
        village.get("stranger", "/say/requests/shiliu-1").await.says("有人");
    }
}
