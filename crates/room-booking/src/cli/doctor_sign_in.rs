//! The checks of those who vouch for people in `doctor`: the provider is asked what it is, and the service account signs
//! in to the directory. Nobody else is signed in.

use identity::Failure;

use super::Failure as CliFailure;
use super::findings::Findings;
use crate::settings::Settings;
use crate::show;

/// Asks the OpenID Connect provider.
pub(super) async fn openid(settings: &Settings, findings: &mut Findings) -> Result<(), CliFailure> {
    let Some(openid) = &settings.openid else { return Ok(()) };
    let issuer = show::plain(openid.provider.issuer());
    match openid.provider.check().await {
        Ok(()) => findings.ok(format!("openid connect: {issuer} answers")),
        Err(failure) => findings.error(format!(
            "openid connect: {issuer}: {}; {}",
            show::plain(&failure.to_string()),
            mend_openid(&failure)
        )),
    }
}

fn mend_openid(failure: &Failure) -> &'static str {
    match failure {
        Failure::OtherIssuer(_) => "set OIDC_ISSUER to it, letter by letter",
        Failure::Status(..) | Failure::Malformed(_) => {
            "see that OIDC_ISSUER is the issuer: below it there is /.well-known/openid-configuration"
        }
        Failure::NotEncrypted => "the provider must have https in all its addresses",
        _ => {
            "see that the provider runs, that this host reaches it, and that OIDC_CA_FILE has its authority if it is your own"
        }
    }
}

/// Signs in to the directory.
pub(super) async fn directory(
    settings: &Settings,
    findings: &mut Findings,
) -> Result<(), CliFailure> {
    let Some(directory) = &settings.directory else { return Ok(()) };
    let place = show::plain(directory.settings.url.as_str());
    match directory.directory.check().await {
        Ok(()) => findings.ok(format!("directory: {place} answers, and LDAP_BIND_DN may read it")),
        Err(failure) => findings.error(format!(
            "directory: {place}: {}; {}",
            show::plain(&failure.to_string()),
            mend_directory(&failure)
        )),
    }
}

fn mend_directory(failure: &Failure) -> &'static str {
    match failure {
        Failure::ServiceRefused(_) => "see that LDAP_BIND_DN and LDAP_BIND_PASSWORD are right",
        Failure::ResultCode(32) => {
            "see that LDAP_BASE and LDAP_ADMIN_GROUP are right, and that LDAP_BIND_DN may read them"
        }
        Failure::ResultCode(13) => "the directory wants TLS: set LDAP_STARTTLS=true or use ldaps",
        _ => {
            "see that the directory runs, that this host reaches it, and that LDAP_CA_FILE has its authority if it is your own"
        }
    }
}
