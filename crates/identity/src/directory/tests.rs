use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::*;
use crate::relay;

fn settings(url: &str, starttls: bool) -> DirectorySettings {
    DirectorySettings {
        url: url.parse().unwrap(),
        starttls,
        bind: Some(("cn=service".to_owned(), "geheim".into())),
        base: "dc=example".to_owned(),
        filter: "(uid={name})".to_owned(),
        admin_group: None,
        authorities: Vec::new(),
    }
}

#[test]
fn a_filter_has_a_place_for_the_name_and_can_be_read() {
    for filter in ["(uid={name})", "(&(objectClass=person)(|(uid={name})(mail={name})))"] {
        assert!(Directory::is_filter(filter), "{filter}");
    }
    for filter in ["", "(uid=ann)", "(uid={name}", "uid={name})", "{name}"] {
        assert!(!Directory::is_filter(filter), "{filter}");
    }
}

#[test]
fn a_password_goes_without_tls_to_this_machine_only() {
    for url in ["ldap://127.0.0.1:389", "ldap://localhost", "ldap://[::1]:389", "ldaps://d.example"]
    {
        assert!(!settings(url, false).is_exposed(), "{url}");
    }
    for url in ["ldap://d.example", "ldap://10.0.0.1", "ldap://localhost.example"] {
        assert!(settings(url, false).is_exposed(), "{url}");
        assert!(!settings(url, true).is_exposed(), "{url}");
    }
    assert!(!format!("{:?}", settings("ldap://d.example", true)).contains("geheim"));
}

/// An element of BER with a short length.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag, u8::try_from(content.len()).unwrap()][..], content].concat()
}

/// A directory that answers each request with what a function makes of the number of the message and its operation.
async fn directory_that(
    answer: impl Fn(&[u8], u8) -> Vec<u8> + Send + Sync + 'static,
) -> (Arc<Directory>, Arc<Mutex<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ldap://{}", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let (answer, all) = (Arc::new(answer), Arc::clone(&asked));
    tokio::spawn(async move {
        loop {
            let (mut client, _) = listener.accept().await.unwrap();
            let (answer, all) = (Arc::clone(&answer), Arc::clone(&all));
            tokio::spawn(async move {
                let mut request = [0; 4_000];
                // Requests of the library are short, and come one by one.
                while let Ok(1..) = client.read(&mut request).await {
                    let at = if request[1] < 0x80 { 2 } else { 2 + usize::from(request[1] - 0x80) };
                    let number = &request[at..at + 2 + usize::from(request[at + 1])];
                    let operation = request[at + number.len()];
                    all.lock().unwrap().push(operation);
                    if client.write_all(&answer(number, operation)).await.is_err() {
                        break;
                    }
                }
            });
        }
    });
    (Arc::new(Directory::new(settings(&url, false)).unwrap()), asked)
}

const BIND: u8 = 0x60;
const SEARCH: u8 = 0x63;

/// An answer that is a result.
fn result(number: &[u8], operation: u8, code: u8) -> Vec<u8> {
    // The answer to each of these has the next tag, but that of a search is its end.
    let tag = if operation == SEARCH { 0x65 } else { operation + 1 };
    let result = element(tag, &[&[0x0a, 1, code][..], &[4, 0], &[4, 0]].concat());
    element(0x30, &[number, &result].concat())
}

/// An entry with an identifier and a name of POSIX.
fn entry_of(number: &[u8], name: &str) -> Vec<u8> {
    let attribute = |name: &str, value: &[u8]| {
        let values = element(0x31, &element(0x04, value));
        element(0x30, &[element(0x04, name.as_bytes()), values].concat())
    };
    let attributes = [attribute("entryUUID", b"6a-1f"), attribute("uid", b"ann")].concat();
    let name = element(0x04, name.as_bytes());
    let entry = element(0x64, &[name, element(0x30, &attributes)].concat());
    element(0x30, &[number, &entry].concat())
}

async fn signed_in(directory: &Arc<Directory>) -> Result<Option<Person>, Failure> {
    directory.sign_in("ann", &"a password".into()).await
}

#[tokio::test]
async fn a_person_is_signed_in_by_one_search_and_one_password() {
    let (directory, asked) = directory_that(|number, operation| {
        let entry = if operation == SEARCH { entry_of(number, "uid=ann") } else { Vec::new() };
        [entry, result(number, operation, 0)].concat()
    })
    .await;
    assert_eq!(signed_in(&directory).await.unwrap().unwrap().subject, "6a-1f");
    assert_eq!(*asked.lock().unwrap(), [BIND, SEARCH, BIND]);
}

#[tokio::test]
async fn a_deep_answer_ends_a_sign_in_and_not_the_process() {
    let (directory, _) = directory_that(|_, _| {
        let levels = 40_000_usize;
        let nested = (0..levels).rev().flat_map(|it| {
            let length = u32::try_from(it * 5).unwrap().to_be_bytes();
            [0x30, 0x83, length[1], length[2], length[3]]
        });
        nested.collect()
    })
    .await;
    let failed = signed_in(&directory).await;
    assert!(matches!(failed, Err(Failure::Malformed(_))), "{failed:?}");
}

#[tokio::test]
async fn a_long_answer_is_not_waited_for() {
    let (directory, _) = directory_that(|_, _| b"\x30\x84\x7f\xff\xff\xff".to_vec()).await;
    assert_eq!(signed_in(&directory).await, Err(Failure::TooLarge(relay::MAX_MESSAGE)));
}

#[tokio::test]
async fn of_a_search_that_finds_everybody_two_entries_are_read_and_nobody_is_signed_in() {
    let (directory, asked) = directory_that(|number, operation| match operation {
        // It never ends, whatever limit was asked for.
        SEARCH => entry_of(number, "uid=ann").repeat(1_000),
        _ => result(number, operation, 0),
    })
    .await;
    assert_eq!(signed_in(&directory).await, Ok(None));
    assert_eq!(*asked.lock().unwrap(), [BIND, SEARCH, BIND], "as for a name that nobody has");
}

#[tokio::test]
async fn a_name_that_nobody_has_takes_the_same_steps_as_a_wrong_password() {
    let (unknown, asked_unknown) =
        directory_that(|number, operation| result(number, operation, 0)).await;
    assert_eq!(signed_in(&unknown).await, Ok(None), "whatever the directory says of nobody");
    for code in WRONG {
        let first = AtomicBool::new(true);
        let (known, asked_known) = directory_that(move |number, operation| match operation {
            SEARCH => [entry_of(number, "uid=ann"), result(number, operation, 0)].concat(),
            _ if first.swap(false, Ordering::SeqCst) => result(number, operation, 0),
            _ => result(number, operation, u8::try_from(code).unwrap()),
        })
        .await;
        assert_eq!(signed_in(&known).await, Ok(None), "{code}");
        assert_eq!(*asked_known.lock().unwrap(), *asked_unknown.lock().unwrap());
    }
}

#[tokio::test]
async fn a_client_that_goes_away_does_not_make_room_for_further_sign_ins() {
    let (directory, asked) = directory_that(|_, _| Vec::new()).await;
    let mut clients = JoinSet::new();
    for _ in 0..AT_ONCE {
        let directory = Arc::clone(&directory);
        clients.spawn(async move { signed_in(&directory).await });
    }
    while asked.lock().unwrap().len() < AT_ONCE {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    clients.shutdown().await;
    assert_eq!(directory.turns.available_permits(), 0);
    let further = timeout(Duration::from_millis(500), signed_in(&directory)).await;
    assert!(further.is_err(), "{further:?}");
    assert_eq!(asked.lock().unwrap().len(), AT_ONCE);
}

#[tokio::test]
async fn work_for_which_nobody_waits_ends_in_time_and_gives_its_turn_back() {
    let (directory, _) = directory_that(|number, operation| result(number, operation, 49)).await;
    let task = Arc::clone(&directory);
    let waits = tokio::spawn(async move { signed_in(&task).await });
    while directory.turns.available_permits() == AT_ONCE {
        tokio::task::yield_now().await;
    }
    waits.abort();
    while directory.turns.available_permits() < AT_ONCE {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn the_group_of_a_subject_is_looked_up_without_a_password() {
    let of = async |is_there: bool, is_member: bool| {
        let searches = AtomicU8::new(0);
        let (directory, _) = directory_that(move |number, operation| {
            let time =
                if operation == SEARCH { searches.fetch_add(1, Ordering::SeqCst) } else { 9 };
            let finds = (time == 0 && is_there) || (time == 1 && is_member);
            let entry = if finds { entry_of(number, "uid=ann") } else { Vec::new() };
            [entry, result(number, operation, 0)].concat()
        })
        .await;
        let mut settings = directory.settings.clone();
        settings.admin_group = Some("cn=admins".to_owned());
        Arc::new(Directory::new(settings).unwrap()).is_administrator("6a-1f").await
    };
    assert_eq!(of(true, true).await, Ok(Some(true)));
    assert_eq!(of(true, false).await, Ok(Some(false)));
    assert_eq!(of(false, true).await, Ok(Some(false)), "an entry that is gone is in no group");
    let without_group = Arc::new(Directory::new(settings("ldap://127.0.0.1:1", false)).unwrap());
    assert_eq!(without_group.is_administrator("6a-1f").await, Ok(None), "nothing is asked");
}

#[tokio::test]
async fn a_bare_name_in_a_group_counts_if_one_entry_only_has_it() {
    // The searches: the person, the group by the entry's name, the group by the bare name, all entries of that name.
    for (entries_of_name, is_one) in [(1, true), (2, false)] {
        let searches = AtomicU8::new(0);
        let (directory, _) = directory_that(move |number, operation| {
            let time =
                if operation == SEARCH { searches.fetch_add(1, Ordering::SeqCst) } else { 9 };
            let entries = match time {
                0 | 2 => 1,
                3 => entries_of_name,
                _ => 0,
            };
            [entry_of(number, "uid=ann").repeat(entries), result(number, operation, 0)].concat()
        })
        .await;
        let mut settings = directory.settings.clone();
        settings.admin_group = Some("cn=admins".to_owned());
        let directory = Arc::new(Directory::new(settings).unwrap());
        let person = signed_in(&directory).await.unwrap().unwrap();
        assert_eq!(person.is_administrator, Some(is_one), "{entries_of_name}");
    }
}
