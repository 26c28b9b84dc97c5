//! Many failed sign-ins at once take little memory, and the process gives it back.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]
#![allow(clippy::disallowed_methods, reason = "tests of real processes wait by the real clock")]
#![allow(clippy::print_stdout, reason = "the figures of the measurement")]

use std::collections::BTreeMap;

use harness::Setup;
use testing::process::Server;
use testing::program::Folder;
use testing::{Database, block_on};

/// The most memory that the process may have taken, in bytes.
const MAX_MEMORY: u64 = 120 << 20;
/// By how much what it keeps may grow, in bytes.
const MAX_KEPT: u64 = 20 << 20;

#[test]
fn a_hundred_failed_sign_ins_at_once_take_under_120_mb_and_give_it_back() {
    block_on(async {
        let (folder, database) = (Folder::new(), Database::sqlite().await);
        let proxies = [("TRUSTED_PROXIES", "127.0.0.1".to_owned())];
        let mut server = Server::start_with(&database.url, folder.path(), &proxies);
        let client = testing::http_client();
        server.ready(&client).await;
        let setup = Setup::on_system_clock(&database.open().await);
        let ann = setup.administrator("ann").await;
        setup.set_password(ann).await;

        let url = format!("{}/admin/sign-in", server.url);
        let page = client.get(&url).send().await.unwrap();
        let cookie = page.headers()["set-cookie"].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let page = page.text().await.unwrap();
        let token = page.split_once("name=\"form_token\" value=\"").unwrap().1;
        let token = token.split('"').next().unwrap().to_owned();
        let before = server.memory();
        let sign_in = |number: u32, name: String| {
            let body = format!("form_token={token}&name={name}&password=wrong+password");
            let request = client
                .post(&url)
                .header("cookie", &cookie)
                .header("content-type", "application/x-www-form-urlencoded")
                .header("x-forwarded-for", format!("192.0.2.{number}"))
                .body(body);
            tokio::spawn(async move { request.send().await.unwrap() })
        };
        let all: Vec<_> = (0..100).map(|it| sign_in(it, format!("ann{}", it / 10))).collect();
        let mut statuses: BTreeMap<u16, u32> = BTreeMap::new();
        for answer in all {
            let answer = answer.await.unwrap();
            if answer.status() == 503 {
                assert!(answer.headers().contains_key("retry-after"), "{answer:?}");
            }
            *statuses.entry(answer.status().as_u16()).or_default() += 1;
        }
        let (peak, after) = (server.peak_memory(), server.memory());
        let mb = |bytes: u64| bytes >> 20;
        println!(
            "memory in MiB: {} before, {} at most, {} after; answers: {statuses:?}",
            mb(before),
            mb(peak),
            mb(after)
        );
        assert!(statuses.keys().all(|it| [401, 503].contains(it)), "{statuses:?}");
        assert!(statuses.get(&401).is_some_and(|it| *it >= 10), "{statuses:?}");
        assert!(peak < MAX_MEMORY, "it took {} MiB", mb(peak));
        assert!(after < before + MAX_KEPT, "it kept {} of {} MiB", mb(after), mb(peak));
        drop(server);
    });
}
