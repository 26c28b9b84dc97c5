//! The link by which the first administrator is made: while nobody can sign in as one, the log shows it.

use operations::{Result, Service};

/// Makes the link and logs it, if nobody can sign in as an administrator. Earlier links end.
///
/// # Errors
///
/// When the database fails.
pub async fn announce(service: &Service) -> Result<()> {
    if let Some(link) = service.people().first_administrator_link().await? {
        tracing::warn!(
            link = format!("{}/admin/first/{link}", service.public_url),
            "nobody can sign in as an administrator yet: open this link within an hour to become the first one, \
             or run `room-booking user add NAME --administrator`"
        );
    }
    Ok(())
}

/// The same, unless an earlier link is good: then that one stands further up in the log.
///
/// # Errors
///
/// When the database fails.
pub async fn announce_again(service: &Service) -> Result<()> {
    if service.people().needs_first_link().await? {
        announce(service).await?;
    }
    Ok(())
}
