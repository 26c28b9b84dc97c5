//! Clears through two servers at once.

use std::collections::BTreeSet;

use harness::report::removed;
use harness::web::Api;

/// Clears the first room, or all rooms, six times at once through two servers, and adds what was removed to
/// what was reported before: each removal is reported once, and there is at least one.
pub async fn clear(servers: &[Api; 2], reported: &mut BTreeSet<(String, String, String)>) {
    let clears: Vec<_> = (0..6)
        .map(|number| {
            let api = servers[number % 2].clone();
            let query = if number < 4 { "?calendar=room-1" } else { "" };
            tokio::spawn(async move { api.clear(query).await.unwrap() })
        })
        .collect();
    let before = reported.len();
    for one in clears {
        for line in removed(&one.await.unwrap()) {
            assert!(reported.insert(line.clone()), "{line:?} was reported twice");
        }
    }
    assert!(reported.len() > before);
}
