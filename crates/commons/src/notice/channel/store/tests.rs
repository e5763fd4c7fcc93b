//! What is kept of a channel, and that its secrets are sealed.

use super::*;
use kit::db::testing::context;
use kit::on_both;

on_both! { crate::all_migrations();
    async fn address_and_secret_lie_sealed_and_open_with_the_secret_of_the_house_only(db) {
        let (secrets, tenant) = (Secrets::from_bytes([3; 32]), TenantId(Uuid::from_u128(1)));
        let new = &NewChannel {
            place: PlaceId(Uuid::from_u128(2)),
            name: "群".into(),
            kind: RobotKind::Feishu,
            address: "https://robot.example/hook/4711".into(),
            secret: Some("very-secret".into()),
            events: vec![Event::New, Event::Up],
            categories: vec!["lift".into()],
            quiet: Quiet::default(),
            lang: Lang::En,
        };
        let sealing = &secrets;
        let now = context(Moment(1_795_485_600_000));
        let id = db.transact(&now, |tx| Box::pin(async move { add(tx, sealing, tenant, new).await })).await.unwrap();
        let row = db.one("select address, secret from channel", params![]).await.unwrap().unwrap();
        for column in ["address", "secret"] {
            let bytes: Vec<u8> = row.get(column).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains("4711") && !text.contains("very-secret") && !text.contains("robot"), "{column}");
        }
        let found = find(&db, &secrets, tenant, id).await.unwrap().unwrap();
        assert_eq!(found.address.as_deref(), Some("https://robot.example/hook/4711"));
        assert_eq!(found.secret.as_deref(), Some("very-secret"));
        assert_eq!((found.events, found.categories), (vec![Event::New, Event::Up], vec!["lift".to_owned()]));
        assert_eq!(found.lang, Lang::En);
        let elsewhere = Secrets::from_bytes([4; 32]);
        assert_eq!(find(&db, &elsewhere, tenant, id).await.unwrap().unwrap().address, None);
    }
}
