//! Records as a city writes them, read once.

use super::*;
use crate::village::app_on;
use kit::on_both;

#[test]
fn districts_are_tidied_but_not_guessed() {
    for (written, meant) in [
        ("東 區", "東區"),
        (":中西區", "中西區"),
        ("安南", "安南區"),
        ("永康區中華路901號", "永康區"),
        ("", NO_DISTRICT),
    ] {
        assert_eq!(district(written), meant);
    }
}

const FILE: &str = "A1,\"2015-04-15 00:22:00\",東 區,路燈故障,路燈不亮,\"巷口路燈不亮\",x,23.002758,120.26048\n\
    A2,\"2015-04-15 05:06:00\",東區,違規停車,,\"車停在巷口\",x,23.0,120.2\n\
    A3,\"2015-06-15 05:06:00\",安南,噪音舉發,太吵,\"半夜唱歌\",x,,\n";

on_both! { &crate::migrations();
    async fn records_become_cases_once_however_often_they_are_imported(db) {
        let app = app_on(db.clone());
        let first = run(&app, FILE.as_bytes(), |_| {}).await.unwrap();
        assert_eq!(first, Counts { read: 3, added: 3, known: 0, skipped: 0 });
        let longer = format!("{FILE}A4,\"2015-06-16 05:06:00\",東區,道路維修,请修路,\"路面有坑洞\",x,23.0,120.2\n");
        let again = run(&app, longer.as_bytes(), |_| {}).await.unwrap();
        assert_eq!(again, Counts { read: 4, added: 1, known: 3, skipped: 0 });
        let found = store::by_code(&db, "d1-3").await.unwrap().unwrap().row.case;
        assert_eq!((found.words.as_str(), found.state), ("请修路：路面有坑洞", State::Said));
        let old = store::by_code(&db, "d1-1").await.unwrap().unwrap().row.case;
        assert_eq!((old.words.as_str(), old.state, old.lat_e7), ("巷口路燈不亮", State::Closed, Some(230_027_580)));
        assert_eq!(search::find(&db, &[], &["public"], "路燈", None, 10).await.unwrap().len(), 1);
        assert!(run(&app, "A9,yesterday,東區,,,x,x,,\n".as_bytes(), |_| {}).await.is_err());
    }
}

#[test]
fn whatever_stands_in_a_file_of_records_nothing_stumbles() {
    let line = "1,2021-03-04 05:06:07,東 區,路燈不亮,燈,三樓的燈不亮,x,22.99,120.2\n";
    let seeds = vec![line.repeat(3).into_bytes(), format!("\u{feff}id,a\n{line}").into_bytes()];
    let mut dice = kit::foreign::Dice(20_261_124);
    for _ in 0..3_000 {
        let data = kit::foreign::bent(&mut dice, &seeds);
        if let Ok((records, _)) = read(data.as_slice()) {
            assert!(records.len() <= data.len());
        }
    }
}
