//! The ids of rows: a type for each table, so that they cannot be confused.

use sea_orm::DeriveValueType;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {
        $(
            $(#[$doc])*
            #[derive(
                Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType,
                serde::Serialize, serde::Deserialize,
            )]
            pub struct $name(pub i64);

            impl std::fmt::Display for $name {
                fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    self.0.fmt(formatter)
                }
            }
        )*
    };
}

ids! {
    /// A user.
    UserId
    /// An API key.
    KeyId
    /// An account on a calendar server.
    AccountId
    /// A calendar.
    CalendarId
    /// A template for mail.
    TemplateId
    /// A run of clearing.
    RunId
    /// A change of one object.
    ChangeId
    /// A removed occurrence.
    RemovalId
    /// A message in the outbox.
    OutboxId
    /// A pending removal.
    PendingId
    /// A link in a message that acts without a sign-in.
    LinkId
    /// A second chance.
    ChanceId
    /// A webhook to one address.
    WebhookId
}

impl From<UserId> for facts::AuthorId {
    fn from(user: UserId) -> facts::AuthorId {
        facts::AuthorId(user.0)
    }
}
