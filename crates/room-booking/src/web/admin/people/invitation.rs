//! Links by which people choose a password: shown to hand over. Invitations are mailed, too, where mail is set up.

use askama::Template;
use operations::Error;
use store::UserId;
use store::calendars::{self, Calendar};
use store::links::Purpose;

use crate::show;
use crate::web::admin::frame::errors::Answer;
use crate::web::admin::frame::page::{Page, Section, html_with_script};
use crate::web::admin::frame::request_context::RequestContext;
use crate::web::admin::frame::text::Texts;

/// The most rooms that an invitation names.
const MAX_NAMED: usize = 50;

#[derive(Template)]
#[template(path = "admin/people/user_link.html")]
struct LinkPage {
    t: &'static Texts,
    p: Page,
    id: i64,
    name: String,
    link: String,
    is_invitation: bool,
    /// The rooms that the user has access to; empty if there are none, and for other links.
    rooms: String,
    /// That it was mailed.
    mailed: Option<String>,
    /// Why it was not, although the user has an address.
    not_mailed: Option<String>,
}

/// Makes a link for a user and shows it; an invitation is mailed.
pub async fn invite(context: &RequestContext, id: UserId) -> Answer {
    let (t, service) = (context.texts(), &context.app.service);
    let user = service.people().user_of_number(id).await?;
    let (purpose, link) = service.people().password_link(&context.actor()?, id).await?;
    let is_invitation = purpose == Purpose::Invitation;
    let link = format!("{}/admin/link/{link}", context.app.public_url());
    let rooms = match is_invitation {
        true => rooms_of(t, &calendars::of_user(&service.store, id).await?),
        false => String::new(),
    };
    let (mut mailed, mut not_mailed) = (None, None);
    // Somebody who resets a password hands the link over: the address may be another's by now.
    let is_mailed = is_invitation && service.mailer.is_some();
    if let Some(address) = user.address.as_deref().filter(|_| is_mailed) {
        let actor = context.actor()?;
        let message = invitation(t, (&actor.name, &user.name), &link, &rooms);
        match service.send_invitation(&actor, address, (&message.0, &message.1)).await {
            Ok(()) => mailed = Some(t.invitation_mailed(address)),
            Err(Error::Conflict(reason)) => {
                let reason = show::sentence(t.message(&reason));
                not_mailed = Some(t.invitation_not_mailed(address, reason));
            }
            Err(Error::Invalid(errors)) => {
                let reason: Vec<_> = errors.iter().map(|it| t.message(&it.message)).collect();
                let reason = show::sentence(reason.join("; "));
                not_mailed = Some(t.invitation_not_mailed(address, reason));
            }
            // The link is good, and shown this once.
            Err(error) => {
                tracing::error!(%error, "an invitation could not be sent");
                not_mailed = Some(t.invitation_not_mailed(address, t.internal));
            }
        }
    }
    html_with_script(&LinkPage {
        t,
        p: context.page(Section::People),
        id: id.0,
        name: user.name,
        link,
        is_invitation,
        rooms,
        mailed,
        not_mailed,
    })
}

/// The names of rooms, as far as an invitation has them.
fn rooms_of(t: &Texts, rooms: &[Calendar]) -> String {
    let named: Vec<&str> = rooms.iter().take(MAX_NAMED).map(|it| it.name.as_str()).collect();
    let more = if named.len() < rooms.len() { " …" } else { "" };
    named.join(t.language.list_separator) + more
}

/// The subject and the text of an invitation.
fn invitation(t: &Texts, (actor, user): (&str, &str), link: &str, rooms: &str) -> (String, String) {
    let mut parts = vec![
        t.invitation_mail_greeting(user),
        t.invitation_mail_lead(actor, user),
        t.invitation_mail_link.to_string(),
        format!("  {link}"),
    ];
    if !rooms.is_empty() {
        parts.push(t.invitation_mail_rooms(rooms));
    }
    (t.invitation_mail_subject.to_string(), parts.join("\n\n") + "\n")
}
