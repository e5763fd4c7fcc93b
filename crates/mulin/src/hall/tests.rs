//! The first start of a house, and the ways in.

mod api;

use crate::village::Village;
use axum::http::StatusCode;
use kit::on_both;

const SET_UP: &[(&str, &str)] = &[
    ("code", "abcde-fghjk"),
    ("community", "榴花社区"),
    ("compound", "石榴园"),
    ("compound_code", "shiliu"),
    ("name", "沈云舟"),
    ("login", "shen"),
    ("password", "石榴园的春天很长"),
];

fn with(field: &str, value: &'static str) -> Vec<(&'static str, &'static str)> {
    SET_UP.iter().map(|(name, old)| (*name, if *name == field { value } else { *old })).collect()
}

on_both! { &crate::migrations();
    async fn what_is_private_is_found_by_its_author_and_the_community_alone(db) {
        let village = Village::on(db).await;
        let said = [("at", "shiliu/1"), ("words", "隔壁半夜剁馅"), ("private", "1")];
        village.fill("granny", "/say/requests/new?at=shiliu/1", "/say/requests", &said).await;
        let loud = "剁馅";
        for who in ["granny", "community"] {
            village.get(who, &format!("/search?q={loud}")).await.says("隔壁半夜剁馅");
        }
        for who in ["stranger", "captain", "tenant"] {
            village.get(who, &format!("/search?q={loud}")).await.says_not("隔壁半夜剁馅");
        }
    }

    async fn a_password_that_everybody_tries_and_a_login_that_is_a_number_are_refused_with_their_reason(db) {
        let mut village = Village::on(db).await;
        let joins = async |login: &str, password: &str| {
            let joined = [("building", "shiliu/1"), ("entrance", "1"), ("room", "301"), ("as", "tenant"), ("name", "林小妹"), ("login", login),
                ("password", password)];
            village.fill("newcomer", "/sign-in/join?within=shiliu", "/sign-in/join", &joined).await
        };
        let fine = "楼道里有一盏长明灯";
        for (login, password, why) in [
            ("linxiaomei", "12345678", "这个密码太容易猜"),
            ("linxiaomei", "LinXiaoMei1", "这个密码太容易猜"),
            ("linxiaomei", "13912345678", "这个密码太容易猜"),
            ("13912345678", fine, "不要用电话号码"),
            ("+86 139-1234-5678", fine, "不要用电话号码"),
            ("110101199003070011", fine, "不要用身份证号"),
        ] {
            let seen = joins(login, password).await;
            assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY, "{login} {password}");
            seen.says(why).says(&format!("value=\"{login}\"")).says_not(fine);
        }
        assert_eq!(joins("linxiaomei", fine).await.status, StatusCode::SEE_OTHER);
        let change = [("old", ""), ("password", "granny2026")];
        let seen = village.fill("granny", "/me/devices", "/me/devices/password", &change).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
        seen.says("这个密码太容易猜");
        let seat = [("name", "小陈"), ("office", "guard"), ("at", "shiliu"), ("source", "contract"), ("login", "13912345678"), ("password", fine)];
        let seen = village.fill("community", "/office/people", "/office/people", &seat).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
        seen.says("不要用电话号码");
        let body = serde_json::json!({ "name": "小陈", "office": "guard", "at": "shiliu", "source": "contract", "login": "13912345678", "password": fine });
        village.call("community", "/api/v1/people", "seat", &body).await.refuses(422, "people/login-phone");
        let entered = village.fill("again", "/sign-in", "/sign-in", &[("login", "linxiaomei"), ("password", fine)]).await;
        village.remember("again", &entered);
    }

    async fn an_empty_house_is_set_up_once_with_the_code_from_the_console_and_comes_to_life(db) {
        let mut village = Village::empty(db);
        assert_eq!(village.get("anybody", "/").await.location, "/first-run");
        let wrong = village.fill("anybody", "/first-run", "/first-run", &with("code", "AAAAA-AAAAA")).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        wrong.says("和控制台上打印的码不一样").says("value=\"榴花社区\"").says_not("石榴园的春天很长");
        let short = village.fill("anybody", "/first-run", "/first-run", &with("password", "short")).await;
        short.says("密码至少8个字").says("密码要再打一遍").says_not("写的都还在");
        assert!(short.body.contains(&format!("value=\"{}\"", SET_UP.iter().find(|one| one.0 == "code").unwrap().1)), "{}", short.text());
        let done = village.fill("anybody", "/first-run", "/first-run", SET_UP).await;
        assert_eq!(done.location, "/office/compounds/shiliu", "{}", done.text());
        village.remember("shen", &done);
        village.get("shen", &done.location).await.says("还没有楼栋").says("/office/compounds/shiliu/buildings");
        village.get("shen", "/").await.says("接下来").says("/office/compounds/shiliu").says("/office/compounds/new");
        village.get("anybody", "/").await.says_not("/office/compounds/shiliu");
        let whole = [("at", "shiliu"), ("words", "大门口的灯坏了"), ("category", "lighting")];
        let filed = village.forge("early", "/say/requests", &whole).await;
        assert_eq!(filed.status, StatusCode::SEE_OTHER, "a compound is a place, too: {}", filed.text());
        assert_eq!(village.get("anybody", "/first-run").await.status, StatusCode::NOT_FOUND);
        assert_eq!(village.forge("anybody", "/first-run", SET_UP).await.status, StatusCode::NOT_FOUND);
        assert_eq!(village.get("anybody", "/gallery").await.status, StatusCode::NOT_FOUND, "only the demo shows samples");
        assert_eq!(village.forge("anybody", "/demo/be", &[("login", "shen")]).await.status, StatusCode::NOT_FOUND);

        village.get("neighbour", "/say/requests/new?at=shiliu").await.says("id=\"words\"");
        let sheet = "小区代号,小区,楼栋,单元,户室\nshiliu,石榴园,1号楼,1单元,101\n";
        let sheet = hex::encode(sheet);
        let places = "/office/places";
        let tried = village.fill("shen", places, places, &[("file:file", &sheet), ("really", "0")]).await;
        tried.says("试过了，可以导入");
        let imported = village.fill("shen", places, places, &[("file:file", &sheet), ("really", "1")]).await;
        assert_eq!(imported.location, "/office/places?done=1", "{}", imported.text());
        village.get("shen", "/office/places?at=shiliu").await.says("1号楼");
        village.get("shen", "/office/places/signs?at=shiliu/1").await.says("class=\"qr\"").says("/say/requests/new?at=shiliu/1/1");

        let people = "/office/people";
        let captain = [("name", "顾春兰"), ("office", "captain"), ("at", "shiliu/1"), ("source", "election"), ("years", "3"),
            ("login", "gu"), ("password", "楼道里有一盏长明灯")];
        assert_eq!(village.fill("shen", people, people, &captain).await.status, StatusCode::SEE_OTHER);
        let again = village.fill("shen", people, people, &captain).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        again.says("已经有叫这个名字的人").says("顾春兰");
        let other = [&[("name", "顾秋菊")][..], &captain[1..]].concat();
        let again = village.fill("shen", people, people, &other).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        again.says("这个用户名有人用了").says("顾秋菊");

        let said = [("at", "shiliu/1"), ("words", "楼道堆了柜子"), ("category", "clutter")];
        let slip = village.fill("neighbour", "/say/requests/new?at=shiliu/1", "/say/requests", &said).await.location;
        assert!(slip.starts_with("/say/requests/slip/"));
        let bad = village.fill("gu", "/sign-in", "/sign-in", &[("login", "gu"), ("password", "not the password")]).await;
        bad.says("用户名或密码不对");
        let entered = village.fill("gu", "/sign-in", "/sign-in", &[("login", "Gu"), ("password", "楼道里有一盏长明灯")]).await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER);
        village.remember("gu", &entered);
        village.get("gu", "/office/desk").await.says("楼道堆了柜子");
        assert_eq!(village.get("gu", people).await.status, StatusCode::FORBIDDEN);

        let page = village.get("shen", people).await;
        let mandate = page.body.split("顾春兰").nth(1).and_then(|rest| rest.split("name=\"mandate\" value=\"").nth(1));
        let mandate = mandate.and_then(|rest| rest.split('"').next()).unwrap().to_owned();
        let ended = village.forge("shen", "/office/people/end", &[("mandate", &mandate)]).await;
        assert_eq!(ended.status, StatusCode::SEE_OTHER);
        village.wait(1);
        assert_eq!(village.get("gu", "/office/desk").await.status, StatusCode::FORBIDDEN, "what the mandate opened is closed");
        let out = village.fill("gu", "/me", "/sign-out", &[]).await;
        assert_eq!(out.status, StatusCode::SEE_OTHER);
        village.get("gu", "/me").await.says("登录后在这里看");
    }

    async fn buildings_that_are_told_at_the_first_run_are_there_afterwards(db) {
        let mut village = Village::empty(db);
        let told = |buildings| {
            let mut fields = SET_UP.to_vec();
            fields.extend([("buildings", buildings), ("entrances", "2"), ("floors", "6"), ("per_floor", "2")]);
            fields
        };
        let wrong = village.fill("anybody", "/first-run", "/first-run", &told("东边")).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        wrong.says("楼栋要像").says("东边");
        let done = village.fill("anybody", "/first-run", "/first-run", &told("1-3、A1")).await;
        assert_eq!(done.location, "/office/compounds/shiliu", "{}", done.text());
        village.remember("shen", &done);
        let next = village.get("shen", &done.location).await;
        next.says("<dd>4</dd>").says("<dd>96</dd>").says_not("还没有楼栋");
        for link in ["/office/places/signs?at=shiliu", "/office/places?at=shiliu", "/office/people", "/office/compounds/new"] {
            next.says(link);
            assert_eq!(village.get("shen", link).await.status, StatusCode::OK, "{link}");
        }
        village.get("shen", "/").await.says_not("还有小区没有楼栋");
        village.get("anybody", "/say/requests/new?at=shiliu").await.says("A1号楼");
    }

    async fn a_guard_reads_in_the_log_who_came_in_and_what_was_refused_and_no_name(db) {
        let heard = kit::web::heard::Heard::from("info");
        let mut parts = crate::village::parts_on(db, true);
        parts.limits = kit::web::limits::Limits::of_demo();
        let village = Village::of(kit::web::App::new(parts)).await;
        let (account, _) = commons::people::store::account(&village.app.db, "granny").await.unwrap().unwrap();
        village.forge("stranger", "/sign-in", &[("login", "granny"), ("password", "not-hers-at-all")]).await;
        village.forge("stranger", "/demo/be", &[("login", "granny")]).await;
        village.get("granny", "/office/people").await;
        village.get("stranger", "/api/v1/me").await;
        for _ in 0..12 {
            village.forge("stranger", "/sign-in", &[("login", "granny"), ("password", "not-hers-at-all")]).await;
        }
        let logged = heard.lines();
        let watched: Vec<&str> = logged.lines().filter(|line| line.contains("\"security\"")).collect();
        let account = account.0.to_string();
        for told in [
            &["\"did-not-fit\"", "\"/sign-in\"", "\"none\""][..],
            &["\"came-in\"", "\"/demo/be\"", account.as_str()],
            &["\"refused\"", "\"/office/people\"", account.as_str(), "403"],
            &["\"refused\"", "\"/api/v1/me\"", "account/sign-in-first", "401"],
            &["\"too-many\"", "\"/sign-in\"", "429"],
        ] {
            let found = watched.iter().any(|line| told.iter().all(|part| line.contains(part)));
            assert!(found, "{told:?} is in none of {watched:#?}");
        }
        assert!(watched.iter().all(|line| !line.contains("granny") && !line.contains("not-hers")), "{watched:#?}");
    }

    async fn a_space_that_nobody_sees_in_a_user_name_shuts_nobody_out(db) {
        let village = Village::on(db).await;
        let joined = [("building", "shiliu/1"), ("entrance", "1"), ("room", "301"), ("as", "owner"), ("name", "张桂兰"),
            ("login", "张 桂兰"), ("password", "石榴园的春天很长")];
        let seen = village.fill("newcomer", "/sign-in/join?within=shiliu", "/sign-in/join", &joined).await;
        assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.text());
        for login in ["张桂兰", "张 桂兰", " 张桂兰", "张\u{3000}桂兰"] {
            let fields = [("login", login), ("password", "石榴园的春天很长")];
            assert_eq!(village.forge("stranger", "/sign-in", &fields).await.status, StatusCode::SEE_OTHER, "{login}");
        }
    }

    async fn one_address_says_only_so_much_unsigned_and_loses_no_word(db) {
        let mut parts = crate::village::parts_on(db, true);
        parts.limits = kit::web::limits::Limits::default();
        let village = Village::of(kit::web::App::new(parts)).await;
        let say = async |who: &str, n: usize| {
            let words = format!("第{n}盏灯不亮了");
            village.forge(who, "/say/requests", &[("at", "shiliu/1"), ("words", &words), ("category", "lighting")]).await
        };
        let mut taken = 0;
        while say("stranger", taken).await.status == StatusCode::SEE_OTHER {
            taken += 1;
        }
        assert_eq!(taken, 30);
        let refused = say("stranger", 777).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.says("没登录的人刚才说了太多件").says("第777盏灯不亮了");
        let call = serde_json::json!({ "place": "shiliu/1", "words": "还有一盏" });
        village.call("stranger", "/api/v1/requests", "one-more", &call).await.refuses(429, "house/too-many");
        assert_eq!(say("granny", 31).await.status, StatusCode::SEE_OTHER, "whoever is signed in goes on");
    }

    async fn guesses_of_a_stranger_do_not_shut_out_the_owner_of_a_login(db) {
        let mut parts = crate::village::parts_on(db, false);
        parts.limits = kit::web::limits::Limits::of_demo();
        parts.config.trusted_proxy = true;
        let house = House { app: kit::web::App::new(parts) };
        let app = &house.app;
        let phc = kit::password::hash("石榴园的春天很长", &[]).await.unwrap();
        let phc = phc.as_str();
        app.db.transact(&app.context(), |tx| Box::pin(async move {
            commons::people::store::add_account(tx, "shen", Some(phc)).await.map(drop)
        })).await.unwrap();
        let right = "石榴园的春天很长";
        let (home, elsewhere) = ("203.0.113.5", "203.0.113.99");
        let (entered, cookie) = house.sign_in("a", "", home, right).await;
        assert_eq!(entered, StatusCode::SEE_OTHER);
        for n in 0..10 {
            assert_eq!(house.sign_in("f", "", elsewhere, "guess").await.0, StatusCode::UNPROCESSABLE_ENTITY, "guess {n}");
        }
        // From there nobody gets further, with whatever password and whatever browser.
        assert_eq!(house.sign_in("f", "", elsewhere, right).await.0, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(house.sign_in("e", &cookie, elsewhere, right).await.0, StatusCode::TOO_MANY_REQUESTS, "the mark belongs to one browser");
        // At home all is as it was, and a browser that has been here before comes in even from there.
        assert_eq!(house.sign_in("b", "", home, right).await.0, StatusCode::SEE_OTHER);
        assert_eq!(house.sign_in("a", &cookie, elsewhere, right).await.0, StatusCode::SEE_OTHER);
        // The mark opens nothing: guessing with it ends as soon.
        let mut tries = 0;
        while house.sign_in("a", &cookie, home, "guess").await.0 == StatusCode::UNPROCESSABLE_ENTITY {
            tries += 1;
        }
        assert!(tries <= 10, "{tries}");
    }
}

/// A house whose callers have addresses and browsers of their own.
struct House {
    app: kit::web::App,
}

impl House {
    /// Signs in as `shen`; gives the status and the mark that the browser keeps.
    async fn sign_in(&self, visitor: &str, mark: &str, address: &str, password: &str) -> (StatusCode, String) {
        use axum::http::{Request, header};
        use tower::ServiceExt;
        let visitor = visitor.repeat(32);
        let csrf = hex::encode(&self.app.secrets.mac("csrf", &[visitor.as_bytes()])[..16]);
        let key = hex::encode(self.app.ids.secret());
        let password: String = password.bytes().map(|b| format!("%{b:02x}")).collect();
        let body = format!("_csrf={csrf}&_key={key}&login=shen&password={password}");
        let request = Request::post("/sign-in")
            .header(header::HOST, "mulin.example")
            .header(header::COOKIE, format!("mulin_v={visitor}; {mark}"))
            .header("x-forwarded-for", address)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(axum::body::Body::from(body))
            .unwrap();
        let response = crate::features::routes(&self.app).oneshot(request).await.unwrap();
        let lines = response.headers().get_all(header::SET_COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mark = lines.filter(|line| line.starts_with("mulin_f=")).filter_map(|line| line.split(';').next()).next();
        (response.status(), mark.unwrap_or_default().to_owned())
    }
}
