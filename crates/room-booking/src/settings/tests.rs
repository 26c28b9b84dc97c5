use mail::Security;

use super::*;

fn read(variables: &[(&str, &str)]) -> Result<Settings, Wrong> {
    let variables: Vec<(String, String)> =
        variables.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    Settings::read(&Flags::default(), &|name| {
        variables.iter().find(|(it, _)| it == name).map(|(_, value)| value.clone())
    })
}

#[test]
fn a_server_that_listens_everywhere_is_reached_at_an_address_that_there_is() {
    for (listen, url) in [
        ("0.0.0.0:8000", "http://127.0.0.1:8000/"),
        ("[::]:8000", "http://[::1]:8000/"),
        ("192.0.2.1:8000", "http://192.0.2.1:8000/"),
    ] {
        assert_eq!(read(&[("LISTEN", listen)]).unwrap().public_url.as_str(), url);
    }
}

#[test]
fn without_variables_the_defaults_of_the_contract_hold() {
    let settings = read(&[("LISTEN", ""), ("TIME_ZONE", "  ")]).unwrap();
    assert_eq!(settings.listen.to_string(), "127.0.0.1:8000");
    assert_eq!(settings.public_url.as_str(), "http://127.0.0.1:8000/");
    assert_eq!(settings.data_dir, std::env::current_dir().unwrap().join("data"));
    assert!(settings.shown_database().ends_with("/data/room-booking.sqlite"));
    assert_eq!((settings.retention_days, settings.time_zone.name()), (180, "UTC"));
    assert_eq!(settings.audit_retention_days, 180);
    assert_eq!(settings.drain.as_secs(), 5);
    assert_eq!(settings.second_factor, RequireSecondFactor::None);
    assert!(settings.smtp.is_none() && settings.trusted_proxies.is_empty());
}

#[test]
fn everything_that_is_wrong_is_said_at_once_and_no_value_is_repeated() {
    let Wrong(wrong) = read(&[
        ("LISTEN", "geheim"),
        ("METRICS_LISTEN", "127.0.0.1:8000"),
        ("LOG_FORMAT", "geheim"),
        ("DATABASE_URL", "mysql://geheim"),
        ("PUBLIC_URL", "ftp://geheim"),
        ("TIME_ZONE", "geheim"),
        ("SECRET_KEY", "geheim"),
        ("TRUSTED_PROXIES", "10.0.0.1, geheim"),
        ("CONNECTIONS_PER_ADDRESS", "0"),
        ("EVENTS_PER_KEY_PER_DAY", "0"),
        ("DRAIN_SECONDS", "301"),
        ("RETENTION_DAYS", "0"),
        ("AUDIT_RETENTION_DAYS", "36526"),
        ("BACKUP_KEEP", "0"),
        ("BACKUP_DIR", "/geheim"),
        ("REQUIRE_SECOND_FACTOR", "geheim"),
        ("OIDC_ISSUER", "http://geheim"),
        ("OIDC_ONLY", "geheim"),
        ("OIDC_CA_FILE", "/dev/null"),
        ("LDAP_URL", "https://geheim"),
        ("LDAP_FILTER", "(uid=geheim)"),
        ("LDAP_BIND_PASSWORD", "geheim"),
        ("SMTP_SERVER", "mail.example.org"),
        ("SMTP_PORT", "70000"),
        ("SMTP_STARTTLS", "geheim"),
        ("SMTP_TLS", "geheim"),
        ("SMTP_BCC", "geheim"),
        ("SMTP_REPLY_TO", "geheim"),
        ("SMTP_RATE", "0"),
        ("SMTP_CA_FILE", "/geheim"),
        ("WEBHOOK_URLS", "https://geheim/a, geheim"),
        ("WEBHOOK_SECRET", "geheim"),
        ("MAIL_DOMAINS", "geheim heim"),
    ])
    .unwrap_err();
    let names: Vec<_> = wrong.iter().map(|it| it.split(' ').next().unwrap()).collect();
    assert_eq!(
        names,
        [
            "LISTEN",
            "METRICS_LISTEN",
            "LOG_FORMAT",
            "DATABASE_URL",
            "PUBLIC_URL",
            "TIME_ZONE",
            "SECRET_KEY",
            "TRUSTED_PROXIES",
            "CONNECTIONS_PER_ADDRESS",
            "EVENTS_PER_KEY_PER_DAY",
            "DRAIN_SECONDS",
            "RETENTION_DAYS",
            "AUDIT_RETENTION_DAYS",
            "BACKUP_KEEP",
            "BACKUP_DIR",
            "REQUIRE_SECOND_FACTOR",
            "OIDC_ISSUER",
            "OIDC_ONLY",
            "OIDC_CA_FILE",
            "OIDC_ISSUER",
            "OIDC_ISSUER",
            "LDAP_URL",
            "LDAP_FILTER",
            "LDAP_BIND_DN",
            "LDAP_URL",
            "SMTP_STARTTLS",
            "SMTP_TLS",
            "SMTP_PORT",
            "SMTP_BCC",
            "SMTP_REPLY_TO",
            "SMTP_RATE",
            "SMTP_CA_FILE",
            "SMTP_SERVER",
            "WEBHOOK_URLS",
            "WEBHOOK_SECRET",
            "MAIL_DOMAINS"
        ]
    );
    assert!(!wrong.join("").contains("geheim"), "{wrong:?}");
}

#[test]
fn message_ids_end_in_the_domain_of_the_sender_and_copies_stay_within_the_domains() {
    let base = [
        ("SMTP_SERVER", "mail.example.org"),
        ("SMTP_EMAIL", "rooms@Bücher.example"),
        ("PUBLIC_URL", "https://rooms.example.org"),
        ("MAIL_DOMAINS", "Bücher.example, @example.net"),
    ];
    let settings = read(&base).unwrap();
    assert_eq!(settings.mail_host(), "xn--bcher-kva.example");
    assert_eq!(settings.hello(), "rooms.example.org");
    assert_eq!(settings.mail_domains, ["xn--bcher-kva.example", "example.net"]);
    let within = [&base[..], &[("SMTP_BCC", "a@bücher.example,b@EXAMPLE.net")]].concat();
    assert!(read(&within).is_ok());
    let Wrong(wrong) = read(&[&base[..], &[("SMTP_BCC", "a@example.org")]].concat()).unwrap_err();
    assert_eq!(wrong, ["SMTP_BCC must be addresses of the domains in MAIL_DOMAINS"]);
    assert_eq!(read(&base[2..3]).unwrap().mail_host(), "rooms.example.org");
}

#[test]
fn the_service_writes_message_ids_in_the_domain_of_the_sender() {
    let folder = tempfile::tempdir().unwrap();
    let settings = read(&[
        ("DATA_DIR", folder.path().to_str().unwrap()),
        ("PUBLIC_URL", "https://rooms.example.net"),
        ("SMTP_SERVER", "mail.example.net"),
        ("SMTP_EMAIL", "rooms@Bücher.example"),
    ]);
    let settings = settings.unwrap();
    let host = testing::block_on(async { settings.open().await.map(|it| it.mail_host) });
    assert_eq!(&*host.unwrap(), "xn--bcher-kva.example");
}

#[test]
fn what_trusted_proxies_must_be_suggests_single_addresses_and_no_network() {
    let Wrong(wrong) = read(&[("TRUSTED_PROXIES", "geheim")]).unwrap_err();
    let [said] = &wrong[..] else { panic!("{wrong:?}") };
    assert!(said.ends_with("such as 127.0.0.1"), "{said}");
    let manual = include_str!("../../../../docs/settings.md");
    let row = manual.lines().find(|it| it.starts_with("| `TRUSTED_PROXIES` |")).unwrap();
    assert!(row.contains("address by address, such as `127.0.0.1`"), "{row}");
    let example = include_str!("../../../../packaging/examples/kubernetes.yaml");
    for text in [said, row, example] {
        let bare = |word: &str| word.trim_matches(['`', '"', '}']).parse::<IpNet>();
        let is_network = |word: &str| bare(word).is_ok() && word.contains('/');
        let mut words = text.split([' ', ',', '\n']);
        assert!(!words.any(is_network), "a whole network is suggested: {text}");
    }
}

#[test]
fn the_mail_server_has_the_port_and_the_login_that_follow_from_the_rest() {
    let base = [("SMTP_SERVER", "mail.example.org"), ("SMTP_EMAIL", "rooms@example.org")];
    let of = |more: &[(&str, &str)]| read(&[&base, more].concat()).unwrap().smtp.unwrap();
    let smtp = of(&[]);
    assert_eq!((smtp.port, smtp.security), (465, Security::Tls));
    assert_eq!(smtp.user_name, "rooms@example.org");
    for yes in ["True", "true", "1", "yes", "ON"] {
        let smtp = of(&[("SMTP_STARTTLS", yes)]);
        assert_eq!((smtp.port, smtp.security), (587, Security::StartTls));
    }
    for no in ["False", "false", "0", "no", "OFF", ""] {
        let smtp = of(&[("SMTP_STARTTLS", no)]);
        assert_eq!((smtp.port, smtp.security), (465, Security::Tls));
    }
    assert_eq!((smtp.rate, smtp.reply_to), (100, None));
    assert_eq!(of(&[("SMTP_STARTTLS", "False"), ("SMTP_PORT", "2525")]).port, 2525);
    assert_eq!(of(&[("SMTP_TLS", "None")]).security, Security::None);
    let both = read(&[&base[..], &[("SMTP_TLS", "none"), ("SMTP_STARTTLS", "1")]].concat());
    assert!(both.is_err(), "they contradict each other");
}

#[test]
fn a_file_that_holds_no_authority_is_said_at_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.pem");
    std::fs::write(&path, "geheim").unwrap();
    let Wrong(wrong) = read(&[
        ("SMTP_SERVER", "mail.example.org"),
        ("SMTP_EMAIL", "rooms@example.org"),
        ("SMTP_CA_FILE", path.to_str().unwrap()),
    ])
    .unwrap_err();
    assert_eq!(wrong, ["SMTP_CA_FILE cannot be used: there is no certificate in it"]);
}

#[test]
fn a_relay_without_tls_is_exposed_unless_it_is_on_this_host() {
    let of = |server: &str, tls: &str| {
        let email = ("SMTP_EMAIL", "rooms@example.org");
        read(&[("SMTP_SERVER", server), email, ("SMTP_TLS", tls)]).unwrap().smtp.unwrap()
    };
    for (server, is_exposed) in
        [("localhost", false), ("127.0.0.1", false), ("::1", false), ("relay.example.org", true)]
    {
        assert_eq!(of(server, "none").is_exposed(), is_exposed, "{server}");
        assert!(!of(server, "").is_exposed());
    }
}

#[test]
fn a_provider_has_https_unless_it_is_on_this_host_and_its_addresses_are_those_of_the_public_url() {
    let of = |issuer: &str| {
        read(&[
            ("OIDC_ISSUER", issuer),
            ("OIDC_CLIENT_ID", "rooms"),
            ("OIDC_CLIENT_SECRET", "geheim"),
            ("PUBLIC_URL", "https://example.org/rooms/"),
        ])
    };
    for issuer in ["https://id.example.org/", "http://127.0.0.1:9000", "http://localhost:9000/a"] {
        let openid = of(issuer).unwrap().openid.unwrap();
        assert_eq!(openid.settings.issuer, issuer, "letter by letter");
        let redirect = "https://example.org/rooms/admin/sign-in/openid/callback";
        assert_eq!(openid.settings.redirect.as_str(), redirect);
    }
    for issuer in ["http://id.example.org", "https://id.example.org?a=b", "https://a:b@id.example"]
    {
        assert!(of(issuer).is_err(), "{issuer}");
    }
    assert!(read(&[("OIDC_ONLY", "true")]).is_err(), "nobody could sign in");
}

#[test]
fn a_directory_has_tls_unless_it_is_on_this_host() {
    let of = |url: &str, starttls: &str| {
        let base = ("LDAP_BASE", "dc=example,dc=org");
        read(&[("LDAP_URL", url), base, ("LDAP_STARTTLS", starttls)])
    };
    let is_starttls = |url, starttls| {
        of(url, starttls).unwrap().directory.map(|it| it.settings.starttls).unwrap()
    };
    assert!(is_starttls("ldap://ldap.example.org", ""));
    assert!(!is_starttls("ldaps://ldap.example.org", "yes"), "it is TLS already");
    assert!(!is_starttls("ldap://127.0.0.1:3389", ""));
    assert!(is_starttls("ldap://localhost", "yes"));
    assert!(of("ldap://ldap.example.org", "no").is_err());
    assert!(of("ldap://ldap.example.org/dc=example", "").is_err());
}

#[test]
fn secrets_are_shown_nowhere() {
    let settings = read(&[
        ("OIDC_ISSUER", "https://id.example.org"),
        ("OIDC_CLIENT_ID", "rooms"),
        ("OIDC_CLIENT_SECRET", "geheim"),
        ("LDAP_URL", "ldaps://ldap.example.org"),
        ("LDAP_BASE", "dc=example,dc=org"),
        ("LDAP_BIND_DN", "cn=service"),
        ("LDAP_BIND_PASSWORD", "geheim"),
        ("DATABASE_URL", "postgres://rooms:geheim@db.example.org/rooms?password=geheim"),
        ("SECRET_KEY", "geheim-geheim-geheim"),
        ("SMTP_SERVER", "mail.example.org"),
        ("SMTP_EMAIL", "rooms@example.org"),
        ("SMTP_PASSWORD", "geheim"),
    ])
    .unwrap();
    assert!(!format!("{settings:?}").contains("geheim"));
    let url = "postgres://rooms:geheim@db.example.org/rooms";
    let flags = Flags { database_url: Some(url.into()), ..Flags::default() };
    assert!(!format!("{flags:?}").contains("geheim"));
    let of_flags = Settings::read(&flags, &|_| None).unwrap();
    assert_eq!(of_flags.shown_database(), "postgres://rooms:***@db.example.org/rooms");
    assert_eq!(settings.shown_database(), "postgres://rooms:***@db.example.org/rooms?***");
}

#[test]
fn a_folder_may_have_any_name() {
    let folder = tempfile::tempdir().unwrap();
    let odd = folder.path().join("50% #1 rooms?");
    let flags = Flags { data_dir: Some(odd.display().to_string()), ..Flags::default() };
    let settings = Settings::read(&flags, &|_| None).unwrap();
    testing::block_on(async { settings.open().await.map(|_| ()) }).unwrap();
    assert!(odd.join(DATABASE_FILE).is_file());
}

#[test]
fn flags_override_variables() {
    let flags = Flags { listen: Some("[::1]:9000".to_owned()), ..Flags::default() };
    let settings =
        Settings::read(&flags, &|name| (name == "LISTEN").then(|| "127.0.0.1:1".to_owned()));
    assert_eq!(settings.unwrap().public_url.as_str(), "http://[::1]:9000/");
}
