//! Which addresses are called and which are not.

use super::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Every name has these addresses.
fn naming(addresses: &'static [&'static str]) -> Resolver {
    Arc::new(move |_, port| {
        let found = addresses.iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), port)).collect();
        Box::pin(async move { Ok(found) })
    })
}

#[test]
fn only_addresses_of_the_open_network_are_public() {
    let public = ["8.8.8.8", "1.1.1.1", "101.89.15.1", "100.63.255.255", "172.15.0.1", "172.32.0.1", "192.167.1.1"];
    let public_v6 = ["2400:3200::1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"];
    for ip in public.iter().chain(&public_v6) {
        assert!(is_public(ip.parse().unwrap()), "{ip}");
    }
    let kept = [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "127.0.0.1",
        "127.255.0.1",
        "169.254.169.254",
        "169.254.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "100.100.100.200",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "2002:7f00:1::1",
        "2002:a00:1::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "2001::1",
        "2001:10::1",
        "3fff::1",
        "100::1",
    ];
    for ip in kept {
        assert!(!is_public(ip.parse().unwrap()), "{ip}");
    }
}

#[tokio::test]
async fn tricky_spellings_are_judged_by_where_they_lead() {
    let outgoing = Outgoing::default();
    let refused = [
        "http://robot.example/hook",
        "ftp://robot.example/",
        "file:///etc/passwd",
        "robot.example/hook",
        "https://",
        "https:///hook",
        "https://127.0.0.1/hook",
        "https://[::1]/hook",
        "https://[::ffff:127.0.0.1]/hook",
        "https://[::ffff:7f00:1]/hook",
        "https://169.254.169.254/latest/meta-data",
        "https://user@8.8.8.8/",
        "https://8.8.8.8@127.0.0.1/",
        // The system's resolver understands these as numbers of four bytes.
        "https://2130706433/",
        "https://0x7f000001/",
        "https://017700000001/",
        "https://127.1/",
        "https://localhost/",
    ];
    for url in refused {
        let told = outgoing.post(url, "application/json", Vec::new()).await;
        assert!(matches!(told, Err(Trouble::Refused(_)) | Err(Trouble::Failed(_))), "{url}: {told:?}");
        let called = matches!(&told, Err(Trouble::Failed(why)) if why.contains("refused"));
        assert!(!called, "{url} was knocked at");
    }
}

#[tokio::test]
async fn a_name_with_one_private_address_is_not_called() {
    for addresses in [&["10.0.0.7"][..], &["8.8.8.8", "127.0.0.1"], &["::1"], &["2400:3200::1", "fd00::1"]] {
        let outgoing = Outgoing::default().resolving(naming(addresses));
        let told = outgoing.post("https://robot.example/hook", "application/json", Vec::new()).await;
        assert_eq!(told, Err(Trouble::Refused("the address is not public")), "{addresses:?}");
    }
}

/// A name that is public when looked at and private when called again would slip through; so it is asked once.
#[tokio::test]
async fn a_name_is_asked_once_and_the_answer_is_what_is_called() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let here = listener.local_addr().unwrap();
    let asked = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = asked.clone();
    let rebinding: Resolver = Arc::new(move |_, _| {
        let n = counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let found = if n == 0 { here } else { "127.0.0.9:1".parse().unwrap() };
        Box::pin(async move { Ok(vec![found]) })
    });
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut seen = vec![0; 2000];
        let n = stream.read(&mut seen).await.unwrap();
        let answer = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 2\r\n\r\nok";
        stream.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8_lossy(&seen[..n]).into_owned()
    });
    let outgoing = Outgoing::new(true).resolving(rebinding);
    let reply = outgoing.post("http://robot.example/hook?key=1", "application/json", b"{}".to_vec()).await.unwrap();
    // A redirect is an answer like any other, and is not followed.
    assert_eq!(reply, Reply { status: 302, body: b"ok".to_vec() });
    assert_eq!(asked.load(std::sync::atomic::Ordering::SeqCst), 1);
    let seen = serving.await.unwrap();
    assert!(seen.starts_with("POST /hook?key=1 HTTP/1.1\r\n"), "{seen}");
    assert!(seen.to_lowercase().contains("host: robot.example\r\n"), "{seen}");
}

#[tokio::test]
async fn slow_long_and_broken_answers_are_given_up() {
    let long = format!("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{}", "x".repeat(100_000));
    let cases = [("", "too slow"), (long.as_str(), "limit"), ("what?\r\n\r\n", ""), ("HTTP/1.1 200 OK\r\n", "")];
    for (answer, why) in cases {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let answer = answer.to_owned();
        let serving = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut seen = vec![0; 2000];
            let _ = stream.read(&mut seen).await;
            if answer.is_empty() {
                // Says nothing until the caller is gone.
                let _ = stream.read(&mut seen).await;
            }
            let _ = stream.write_all(answer.as_bytes()).await;
        });
        let outgoing = Outgoing::new(true).patient(Duration::from_millis(300));
        let told = outgoing.post(&url, "application/json", Vec::new()).await;
        assert!(matches!(&told, Err(Trouble::Failed(said)) if said.contains(why)), "{told:?}");
        let _ = serving.await;
    }
}
