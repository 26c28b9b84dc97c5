//! People for whom a provider or a directory vouches. What a real provider and a real directory say is tested by
//! `scripts/identity-tests`.

use facts::audit::Action;
use harness::setup::PASSWORD;
use operations::{Begun, Browser, Clock, Error, OfSession, Refusal, Vouched, command_line};
use secrecy::ExposeSecret as _;
use store::identities::IdentityKind;
use store::users::{self, NewUser, User};
use store::{UserId, audit, identities, links};
use testing::{Database, on_both_databases};

use crate::app::Site;

/// The settings of the provider.
const OPENID: [(&str, &str); 3] = [
    ("OIDC_ISSUER", "https://id.example.org"),
    ("OIDC_CLIENT_ID", "room-booking"),
    ("OIDC_CLIENT_SECRET", "geheim"),
];

/// Bob, as the provider knows him.
fn bob() -> Vouched {
    Vouched {
        kind: IdentityKind::OpenId,
        issuer: "https://id.example.org".to_owned(),
        subject: "248289761001".to_owned(),
        name: Some("robert".to_owned()),
        address: Some("BOB@example.org".to_owned()),
        is_address_verified: true,
        is_administrator: None,
    }
}

/// The settings of a directory that does not answer.
const SILENT_DIRECTORY: [(&str, &str); 2] =
    [("LDAP_URL", "ldap://127.0.0.1:1"), ("LDAP_BASE", "dc=example")];

async fn try_sign_in(site: &Site, vouched: &Vouched) -> operations::Result<Result<Begun, Refusal>> {
    site.service.people().sign_in_vouched(vouched, true, &Browser::default()).await
}

async fn sign_in(site: &Site, vouched: &Vouched, makes_users: bool) -> Result<Begun, Refusal> {
    let client = Browser { address: "192.0.2.1".to_owned(), name: "Firefox".to_owned() };
    site.service.people().sign_in_vouched(vouched, makes_users, &client).await.unwrap()
}

async fn set_address(site: &Site, id: UserId, address: &str) {
    let user = users::by_id(&site.service.store, id).await.unwrap().unwrap();
    let user = User { address: Some(address.to_owned()), ..user };
    site.service.people().update_user(&command_line(), &user).await.unwrap();
}

async fn is_administrator(site: &Site, id: UserId) -> bool {
    users::by_id(&site.service.store, id).await.unwrap().unwrap().is_administrator
}

/// The entries of an action, oldest first.
async fn entries(site: &Site, action: Action) -> Vec<String> {
    site.service.people().write_security_events(true).await.unwrap();
    let (mut all, _) = audit::page(&site.service.store, None, None, 1_000, 1_000).await.unwrap();
    all.reverse();
    all.retain(|it| it.action == action);
    all.into_iter().map(|it| it.entry).collect()
}

on_both_databases! {
    async fn a_user_is_bound_by_the_address_once_and_known_by_the_subject_from_then_on(database) {
        let site = Site::on(database, &[]).await;
        set_address(&site, site.bob, "bob@Example.org").await;
        let begun = sign_in(&site, &bob(), false).await.unwrap();
        assert_eq!((begun.user, begun.awaits_code), (site.bob, false));
        let moved = Vouched { address: Some("r@example.net".to_owned()), ..bob() };
        assert_eq!(sign_in(&site, &moved, false).await.unwrap().user, site.bob);
        let other = Vouched { subject: "another".to_owned(), ..bob() };
        assert_eq!(sign_in(&site, &other, true).await.unwrap_err(), Refusal::OtherIdentity);
        let issuer = Vouched { issuer: "https://evil.example".to_owned(), ..bob() };
        assert_eq!(sign_in(&site, &issuer, true).await.unwrap_err(), Refusal::OtherIdentity);
        let bound = entries(&site, Action::IdentityBound).await;
        assert_eq!(bound.len(), 1, "{bound:?}");
        let failed = entries(&site, Action::SignInFailed).await;
        assert!(failed[0].contains("other-identity") && failed[0].contains("by-open-id"), "{failed:?}");
        let user = users::by_id(&site.service.store, site.bob).await.unwrap().unwrap();
        assert_eq!(user.address.as_deref(), Some("bob@Example.org"), "what is set here stays");
    }

    async fn an_identity_that_is_removed_ends_its_sessions_and_those_only(database) {
        let site = Site::on(database, &[]).await;
        set_address(&site, site.bob, "bob@example.org").await;
        let token = sign_in(&site, &bob(), false).await.unwrap().token;
        let mut vouched = site.stranger();
        vouched.cookie = Some(token.expose_secret().to_owned());
        let mut own = site.browser(site.bob).await;
        let mut ann = site.browser(site.ann).await;
        let path = format!("/admin/users/{}", site.bob);
        ann.get(&path).await.says("https://id.example.org").says("248289761001");
        assert_eq!(vouched.get("/admin").await.status, 200);
        let removed = ann.post(&format!("{path}/identities/openid/remove"), &[]).await;
        assert_eq!(removed.leads_to(), format!("{path}?done=identity-removed"));
        assert_eq!(vouched.get("/admin").await.status, 303);
        assert_eq!(own.get("/admin").await.status, 200);
        assert!(!ann.get(&path).await.text.contains("248289761001"));
        assert_eq!(entries(&site, Action::IdentityRemoved).await.len(), 1);
        let again = ann.post(&format!("{path}/identities/openid/remove"), &[]).await;
        assert_eq!(again.status, 404);
    }

    async fn a_user_who_is_removed_leaves_the_identity_free(database) {
        let site = Site::on(database, &[]).await;
        let new = Vouched { address: Some("new@example.org".to_owned()), ..bob() };
        let made = sign_in(&site, &new, true).await.unwrap().user;
        assert_ne!(made, site.bob);
        site.service.people().remove_user(&command_line(), made).await.unwrap();
        let again = sign_in(&site, &new, true).await.unwrap().user;
        assert_ne!(again, made);
        assert_eq!(identities::of_user(&site.service.store, made).await.unwrap(), []);
    }

    async fn the_name_of_a_new_user_is_one_that_is_free(database) {
        let site = Site::on(database, &[]).await;
        let person = |subject: &str, name: &str, address: &str| Vouched {
            subject: subject.to_owned(),
            name: Some(name.to_owned()),
            address: Some(address.to_owned()),
            ..bob()
        };
        let made = sign_in(&site, &person("1", "Ann", "a@example.org"), true).await.unwrap().user;
        let user = users::by_id(&site.service.store, made).await.unwrap().unwrap();
        assert_eq!(user.name, "a@example.org", "there is an ann, who is somebody else");
        assert!(!user.is_administrator);
        let nameless = Vouched { name: None, address: None, ..person("2", "", "") };
        assert_eq!(sign_in(&site, &nameless, true).await.unwrap_err(), Refusal::NameTaken);
        let hostile = person("3", "a\r\nroot", "not an address");
        assert_eq!(sign_in(&site, &hostile, true).await.unwrap_err(), Refusal::NameTaken);
    }

    async fn a_deactivated_user_is_not_made_a_second_time_under_the_same_name(database) {
        let site = Site::on(database, &[]).await;
        let people = site.service.people();
        people.set_active(&command_line(), "bob", false).await.unwrap();
        for address in [None, Some("elsewhere@example.org".to_owned())] {
            let again = Vouched {
                name: Some("Bob".to_owned()),
                is_address_verified: address.is_some(),
                address,
                is_administrator: Some(true),
                ..bob()
            };
            assert_eq!(sign_in(&site, &again, true).await.unwrap_err(), Refusal::NotActive);
        }
    }

    async fn a_user_with_a_sign_in_of_one_kind_gets_none_of_the_other_by_the_address(database) {
        let site = Site::on(database, &[]).await;
        set_address(&site, site.bob, "bob@example.org").await;
        sign_in(&site, &bob(), false).await.unwrap();
        let of_directory = Vouched { kind: IdentityKind::Directory, ..bob() };
        let refused = sign_in(&site, &of_directory, true).await.unwrap_err();
        assert_eq!(refused, Refusal::OtherIdentity);
    }

    async fn two_first_sign_ins_at_once_make_one_user(database) {
        let site = Site::on(database, &[]).await;
        let person = Vouched { address: None, is_address_verified: false, ..bob() };
        let (one, other) = tokio::join!(try_sign_in(&site, &person), try_sign_in(&site, &person));
        let all: Vec<_> = [one, other].into_iter().filter(|it| !matches!(it, Err(Error::Conflict(_)))).collect();
        assert!(!all.is_empty() && all.iter().all(|it| matches!(it, Ok(Ok(_)))), "{all:?}");
        assert_eq!(entries(&site, Action::IdentityBound).await.len(), 1);
    }

    async fn a_sign_in_that_is_removed_at_the_same_time_leaves_no_session(database) {
        let site = Site::on(database, &[]).await;
        set_address(&site, site.bob, "bob@example.org").await;
        let user = users::by_id(&site.service.store, site.bob).await.unwrap().unwrap();
        let (people, actor) = (site.service.people(), command_line());
        for _ in 0..5 {
            sign_in(&site, &bob(), false).await.unwrap();
            let removal = people.remove_identity(&actor, &user, IdentityKind::OpenId);
            let person = bob();
            let (removed, _) = tokio::join!(removal, try_sign_in(&site, &person));
            removed.unwrap();
            let bound = !people.identities_of(site.bob).await.unwrap().is_empty();
            let sessions = people.sessions_of(site.bob).await.unwrap();
            assert!(bound || sessions.is_empty(), "{sessions:?}");
        }
    }

    async fn an_administrator_whose_only_way_in_is_switched_off_does_not_count(database) {
        let variables = [&OPENID[..], &[("OIDC_ONLY", "true")]].concat();
        let site = Site::on(database, &variables).await;
        let people = site.service.people();
        assert!(!people.can_an_administrator_sign_in().await.unwrap(), "ann has a password");
        let admin = |issuer: &str| Vouched {
            issuer: issuer.to_owned(),
            subject: issuer.to_owned(),
            name: Some(issuer.to_owned()),
            address: None,
            is_address_verified: false,
            is_administrator: Some(true),
            ..bob()
        };
        sign_in(&site, &admin("https://old.example.org"), false).await.unwrap();
        assert!(!people.can_an_administrator_sign_in().await.unwrap(), "an old issuer");
        let of_directory = Vouched { kind: IdentityKind::Directory, ..admin("dc=example") };
        sign_in(&site, &of_directory, false).await.unwrap();
        assert!(!people.can_an_administrator_sign_in().await.unwrap(), "LDAP is off");
        let last = sign_in(&site, &admin("https://id.example.org"), false).await.unwrap().user;
        assert!(people.can_an_administrator_sign_in().await.unwrap());
        let leaves = Vouched { is_administrator: Some(false), ..admin("https://id.example.org") };
        sign_in(&site, &leaves, false).await.unwrap();
        assert!(is_administrator(&site, last).await, "nobody else can sign in as one");
        let user = users::by_id(&site.service.store, last).await.unwrap().unwrap();
        let removed = people.remove_identity(&command_line(), &user, IdentityKind::OpenId).await;
        assert!(matches!(removed, Err(Error::Conflict(_))), "{removed:?}");
        assert_eq!(people.identities_of(last).await.unwrap().len(), 1);
    }

    async fn of_two_administrators_who_leave_the_group_at_once_one_stays(database) {
        let site = Site::on(database, &OPENID).await;
        let people = site.service.people();
        let person = |subject: &str, in_group| Vouched {
            subject: subject.to_owned(),
            name: Some(format!("admin-{subject}")),
            address: None,
            is_address_verified: false,
            is_administrator: Some(in_group),
            ..bob()
        };
        let [one, other] = [
            sign_in(&site, &person("1", true), false).await.unwrap().user,
            sign_in(&site, &person("2", true), false).await.unwrap().user,
        ];
        people.set_active(&command_line(), "ann", false).await.unwrap();
        let (first, second) = (person("1", false), person("2", false));
        let (first, second) =
            tokio::join!(sign_in(&site, &first, false), sign_in(&site, &second, false));
        assert!(first.is_ok() && second.is_ok());
        let left = [is_administrator(&site, one).await, is_administrator(&site, other).await];
        assert!(left[0] != left[1], "{left:?}");
        let changed = entries(&site, Action::UserChanged).await;
        assert!(changed.iter().any(|it| it.contains("last-administrator")), "{changed:?}");
    }

    async fn somebody_who_has_no_password_and_an_identity_can_sign_in_as_the_only_administrator(database) {
        let site = Site::empty(database, &OPENID, Clock::system()).await;
        let people = site.service.people();
        assert!(people.needs_first_link().await.unwrap());
        let admin = Vouched { is_administrator: Some(true), ..bob() };
        let begun = sign_in(&site, &admin, false).await.unwrap();
        assert!(is_administrator(&site, begun.user).await);
        assert!(people.can_an_administrator_sign_in().await.unwrap());
        assert_eq!(people.first_administrator_link().await.unwrap(), None, "no link is logged");
    }

    async fn behind_a_password_of_a_directory_nothing_changes_until_the_second_factor_is_entered(database) {
        let site = Site::on(database, &[]).await;
        let (store, people) = (&site.service.store, site.service.people());
        let transaction = store.begin().await.unwrap();
        let new = NewUser { name: "dora", address: Some("dora@example.org"), is_administrator: false };
        let dora = users::insert(&transaction, &new, 0).await.unwrap();
        transaction.commit().await.unwrap();
        site.setup().set_password(dora).await;
        let (_, codes) = crate::second_factor::set_up(&site, &mut site.browser(dora).await).await;
        let person = Vouched {
            kind: IdentityKind::Directory,
            address: Some("dora@example.org".to_owned()),
            is_administrator: Some(true),
            ..bob()
        };
        let begun = sign_in(&site, &person, false).await.unwrap();
        assert!(begun.awaits_code);
        assert_eq!(people.identities_of(dora).await.unwrap(), []);
        assert!(!is_administrator(&site, dora).await);
        let waiting = people.session(begun.token.expose_secret()).await.unwrap();
        let Some(OfSession::AwaitsCode(waiting)) = waiting else { panic!("{waiting:?}") };
        let enter = async |code: &str| {
            people.complete_sign_in(&waiting, code, &Browser::default()).await.unwrap()
        };
        assert_eq!(enter("000000").await, None);
        assert_eq!(people.identities_of(dora).await.unwrap(), []);
        assert!(enter(&codes[0]).await.is_some());
        assert_eq!(people.identities_of(dora).await.unwrap()[0].subject, bob().subject);
        assert!(is_administrator(&site, dora).await);
        // From then on the user is known, and the role waits all the same.
        let leaves = Vouched { is_administrator: Some(false), ..person };
        assert!(sign_in(&site, &leaves, false).await.unwrap().awaits_code);
        assert!(is_administrator(&site, dora).await);
    }

    async fn at_a_provider_the_second_factor_is_the_providers_affair(database) {
        let site = Site::on(database, &[]).await;
        set_address(&site, site.bob, "bob@example.org").await;
        crate::second_factor::set_up(&site, &mut site.browser(site.bob).await).await;
        assert!(!sign_in(&site, &bob(), false).await.unwrap().awaits_code);
    }

    async fn the_role_follows_the_group_behind_a_password_of_this_program_too(database) {
        let site = Site::on(database, &[]).await;
        let people = site.service.people();
        people.follow_group(site.bob, true).await.unwrap();
        assert!(is_administrator(&site, site.bob).await);
        people.follow_group(site.bob, false).await.unwrap();
        assert!(!is_administrator(&site, site.bob).await);
        let changed = entries(&site, Action::UserChanged).await;
        assert!(changed.len() == 2 && changed[0].contains("by-directory"), "{changed:?}");
        people.follow_group(site.ann, false).await.unwrap();
        assert!(is_administrator(&site, site.ann).await, "the last one stays");
    }

    async fn what_a_browser_keeps_while_it_is_at_the_provider_is_sealed(database) {
        let site = Site::on(database, &[]).await;
        let people = site.service.people();
        let sealed = people.seal_at_provider(&"geheim".into()).await.unwrap();
        assert!(!sealed.contains("geheim"));
        let opened = people.open_at_provider(&sealed).await.unwrap();
        assert_eq!(opened.expose_secret(), "geheim");
        let proof = people.proof_of_browser(site.bob).await.unwrap();
        for other in [proof, String::new(), format!("{sealed}A"), "%".to_owned()] {
            assert!(people.open_at_provider(&other).await.is_none());
        }
    }
}

#[tokio::test]
async fn pages_that_lead_browsers_back_from_no_provider_keep_nobody_from_signing_in() {
    let site = Site::on(Database::sqlite().await, &OPENID).await;
    for _ in 0..30 {
        let answer = site.stranger().get("/admin/sign-in/openid/callback?code=a&state=b").await;
        assert_eq!(answer.status, 401);
    }
    let signed_in = site.stranger().sign_in("bob", PASSWORD).await;
    assert_eq!(signed_in.leads_to(), "/admin");
}

#[tokio::test]
async fn while_the_directory_is_down_one_address_is_not_kept_from_passwords_of_this_program() {
    let site = Site::on(Database::sqlite().await, &SILENT_DIRECTORY).await;
    for number in 0..15 {
        let answer = site.stranger().sign_in(&format!("person-{number}"), "violet harbour").await;
        assert_eq!(answer.status, 502, "{number}");
    }
    let signed_in = site.stranger().sign_in("bob", PASSWORD).await;
    assert_eq!(signed_in.leads_to(), "/admin");
}

#[tokio::test]
async fn a_link_of_the_command_line_is_good_for_a_day_and_an_invitation_for_a_week() {
    let clock = Clock::manual(ical::Moment(crate::app::clock()));
    let site = Site::at(Database::sqlite().await, &[], clock.clone()).await;
    let transaction = site.service.store.begin().await.unwrap();
    let mut made = Vec::new();
    for name in ["cora", "dora"] {
        let new = NewUser { name, address: None, is_administrator: false };
        made.push(users::insert(&transaction, &new, 0).await.unwrap());
    }
    transaction.commit().await.unwrap();
    let people = site.service.people();
    let ann = audit::Actor { user: Some(site.ann), name: "ann".to_owned() };
    let (purpose, rescue) = people.password_link(&command_line(), made[0]).await.unwrap();
    assert_eq!(purpose, links::Purpose::Invitation);
    let (_, invitation) = people.password_link(&ann, made[1]).await.unwrap();
    clock.advance(std::time::Duration::from_secs(86_401));
    assert!(people.user_of_link(&rescue).await.unwrap().is_none());
    assert!(people.user_of_link(&invitation).await.unwrap().is_some());
}
