//! The settings of those who vouch for people and of who takes traces, as `config` prints them.

use super::config_values::{NOT_SET, is_set, listed, secret};
use crate::settings::{DirectorySignIn, OpenIdSignIn};
use traces::TraceSettings;

/// A setting and its value.
type Row = (&'static str, String);

fn unused(names: &[&'static str], without: &str) -> Vec<Row> {
    let shown = |name: &&'static str| {
        let text = match is_set(name) {
            true => format!("set, but without {without} not used"),
            false => NOT_SET.to_owned(),
        };
        (*name, text)
    };
    names.iter().map(shown).collect()
}

fn or_not_set(text: Option<impl ToString>) -> String {
    text.map_or_else(|| NOT_SET.to_owned(), |it| it.to_string())
}

/// Those of the OpenID Connect provider.
pub(super) fn openid(openid: Option<&OpenIdSignIn>) -> Vec<Row> {
    let Some(openid) = openid else {
        let mut rows = vec![("OIDC_ISSUER", NOT_SET.to_owned())];
        let names = [
            "OIDC_CLIENT_ID",
            "OIDC_CLIENT_SECRET",
            "OIDC_NAME",
            "OIDC_SCOPES",
            "OIDC_GROUPS_CLAIM",
            "OIDC_ADMIN_GROUP",
            "OIDC_CREATE_USERS",
            "OIDC_ONLY",
            "OIDC_CA_FILE",
        ];
        rows.extend(unused(&names, "OIDC_ISSUER"));
        return rows;
    };
    let settings = &openid.settings;
    vec![
        ("OIDC_ISSUER", settings.issuer.clone()),
        ("OIDC_CLIENT_ID", settings.client_id.clone()),
        ("OIDC_CLIENT_SECRET", secret(true)),
        ("OIDC_NAME", openid.name.clone()),
        ("OIDC_SCOPES", listed(&settings.scopes)),
        ("OIDC_GROUPS_CLAIM", settings.groups_claim.clone()),
        ("OIDC_ADMIN_GROUP", or_not_set(settings.admin_group.as_ref())),
        ("OIDC_CREATE_USERS", openid.makes_users.to_string()),
        ("OIDC_ONLY", openid.is_only.to_string()),
        ("OIDC_CA_FILE", or_not_set(openid.ca_file.as_ref().map(|it| it.display()))),
    ]
}

/// Those of the directory.
pub(super) fn directory(directory: Option<&DirectorySignIn>) -> Vec<Row> {
    let Some(directory) = directory else {
        let mut rows = vec![("LDAP_URL", NOT_SET.to_owned())];
        let names = [
            "LDAP_STARTTLS",
            "LDAP_BIND_DN",
            "LDAP_BIND_PASSWORD",
            "LDAP_BASE",
            "LDAP_FILTER",
            "LDAP_ADMIN_GROUP",
            "LDAP_CREATE_USERS",
            "LDAP_CA_FILE",
        ];
        rows.extend(unused(&names, "LDAP_URL"));
        return rows;
    };
    let settings = &directory.settings;
    vec![
        ("LDAP_URL", settings.url.to_string()),
        ("LDAP_STARTTLS", settings.starttls.to_string()),
        ("LDAP_BIND_DN", or_not_set(settings.bind.as_ref().map(|(name, _)| name))),
        ("LDAP_BIND_PASSWORD", secret(settings.bind.is_some())),
        ("LDAP_BASE", settings.base.clone()),
        ("LDAP_FILTER", settings.filter.clone()),
        ("LDAP_ADMIN_GROUP", or_not_set(settings.admin_group.as_ref())),
        ("LDAP_CREATE_USERS", directory.makes_users.to_string()),
        ("LDAP_CA_FILE", or_not_set(directory.ca_file.as_ref().map(|it| it.display()))),
    ]
}

/// Those of traces.
pub(super) fn traces(traces: Option<&TraceSettings>) -> Vec<Row> {
    let Some(traces) = traces else {
        let mut rows = vec![
            ("OTEL_EXPORTER_OTLP_ENDPOINT", NOT_SET.to_owned()),
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", NOT_SET.to_owned()),
        ];
        let names = ["OTEL_EXPORTER_OTLP_HEADERS", "OTEL_SERVICE_NAME", "OTEL_TRACES_SAMPLER_ARG"];
        rows.extend(unused(&names, "OTEL_EXPORTER_OTLP_ENDPOINT"));
        return rows;
    };
    // Only one of them is used.
    let [all, only_traces] = match is_set("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") {
        true => ["not used", traces.endpoint.as_str()],
        false => [traces.endpoint.as_str(), NOT_SET],
    };
    vec![
        ("OTEL_EXPORTER_OTLP_ENDPOINT", all.to_owned()),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", only_traces.to_owned()),
        ("OTEL_EXPORTER_OTLP_HEADERS", secret(!traces.headers.is_empty())),
        ("OTEL_SERVICE_NAME", traces.service_name.clone()),
        ("OTEL_TRACES_SAMPLER_ARG", traces.share.to_string()),
    ]
}
