//! People for whom a provider or a directory vouches. What a real provider and a real directory say is tested by
//! `scripts/identity-tests`.

use facts::audit::Action;
use operations::{Begun, Browser, Clock, Refusal, Vouched, command_line};
use secrecy::ExposeSecret as _;
use store::identities::IdentityKind;
use store::users::{self, NewUser, User};
use store::{UserId, audit, identities};
use testing::on_both_databases;

use crate::app::Site;

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

    async fn of_two_administrators_who_leave_the_group_at_once_one_stays(database) {
        let site = Site::on(database, &[]).await;
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
        let site = Site::empty(database, &[], Clock::system()).await;
        let people = site.service.people();
        assert!(people.needs_first_link().await.unwrap());
        let admin = Vouched { is_administrator: Some(true), ..bob() };
        let begun = sign_in(&site, &admin, false).await.unwrap();
        assert!(is_administrator(&site, begun.user).await);
        assert!(people.can_an_administrator_sign_in().await.unwrap());
        assert_eq!(people.first_administrator_link().await.unwrap(), None, "no link is logged");
    }

    async fn behind_a_password_of_a_directory_the_second_factor_is_asked_for(database) {
        let site = Site::on(database, &[]).await;
        let transaction = site.service.store.begin().await.unwrap();
        let new = NewUser { name: "dora", address: Some("dora@example.org"), is_administrator: false };
        let dora = users::insert(&transaction, &new, 0).await.unwrap();
        transaction.commit().await.unwrap();
        site.setup().set_password(dora).await;
        crate::second_factor::set_up(&site, &mut site.browser(dora).await).await;
        let of = |kind| Vouched { kind, address: Some("dora@example.org".to_owned()), ..bob() };
        assert!(sign_in(&site, &of(IdentityKind::Directory), false).await.unwrap().awaits_code);
        assert!(!sign_in(&site, &of(IdentityKind::OpenId), false).await.unwrap().awaits_code);
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
