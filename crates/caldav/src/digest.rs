//! Digest access authentication (RFC 7616), and reading challenges (RFC 9110 section 11.6.1).
//!
//! It is implemented here because a client needs little of it: the crate for it brings older
//! releases of three dependencies, and does not count nonces of parallel requests.

use md5::Md5;
use rand::RngExt as _;
use reqwest::header::{HeaderMap, HeaderValue, WWW_AUTHENTICATE};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

use crate::limits::MAX_CHALLENGES;

/// A challenge of any scheme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Challenge {
    /// The scheme, in lower case.
    pub(crate) scheme: String,
    /// The parameters, by names in lower case.
    parameters: Vec<(String, String)>,
}

/// How a Digest is hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Algorithm {
    Md5,
    Sha256,
}

/// The parameters of a Digest challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DigestChallenge {
    algorithm: Algorithm,
    /// `-sess`: the hash of the password is bound to both nonces.
    is_session: bool,
    realm: String,
    pub(crate) nonce: String,
    opaque: Option<String>,
    /// Whether `qop=auth` is supported; without it, the form of RFC 2069.
    has_qop: bool,
    /// Whether the user name goes out hashed.
    hashes_user: bool,
    /// Whether only the nonce was outdated.
    pub(crate) is_stale: bool,
}

impl Challenge {
    /// The challenges of a 401, in their order.
    pub(crate) fn all(headers: &HeaderMap) -> Vec<Challenge> {
        let lines = headers.get_all(WWW_AUTHENTICATE).into_iter();
        let mut all = Vec::new();
        for line in lines.take(MAX_CHALLENGES) {
            read(&String::from_utf8_lossy(line.as_bytes()), &mut all);
        }
        all
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }
}

/// Appends the challenges of a header field.
fn read(line: &str, all: &mut Vec<Challenge>) {
    let mut rest = line.trim();
    while !rest.is_empty() && all.len() <= MAX_CHALLENGES {
        let end = rest.find([' ', '\t', ',', '=']).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let value = after.trim_start().strip_prefix('=');
        match value {
            // A parameter; it counts only after a scheme.
            Some(value) if !word.is_empty() => {
                let (value, after) = value_of(value.trim_start());
                if let Some(challenge) = all.last_mut()
                    && challenge.parameters.len() < MAX_CHALLENGES
                {
                    challenge.parameters.push((word.to_ascii_lowercase(), value));
                }
                rest = after;
            }
            _ => {
                if !word.is_empty() && all.len() < MAX_CHALLENGES {
                    let scheme = word.to_ascii_lowercase();
                    all.push(Challenge { scheme, parameters: Vec::new() });
                }
                rest = after;
            }
        }
        rest = rest.trim_start_matches([' ', '\t', ',', '=']);
    }
}

/// A token or a quoted string (RFC 9110 section 5.6.4), and what follows it.
fn value_of(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([' ', '\t', ',']).unwrap_or(text.len());
        return (text[..end].to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (value, &quoted[at + 1..]),
            '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
            other => value.push(other),
        }
    }
    (value, "")
}

impl DigestChallenge {
    /// The strongest supported Digest among the challenges.
    pub(crate) fn strongest(challenges: &[Challenge]) -> Option<DigestChallenge> {
        let digests = challenges.iter().filter_map(DigestChallenge::of);
        // Of equal ones the first, as the server prefers it.
        digests.reduce(|best, it| if it.algorithm > best.algorithm { it } else { best })
    }

    fn of(challenge: &Challenge) -> Option<DigestChallenge> {
        if challenge.scheme != "digest" {
            return None;
        }
        let algorithm = challenge.get("algorithm").unwrap_or("MD5").to_ascii_lowercase();
        let (name, is_session) = match algorithm.strip_suffix("-sess") {
            Some(name) => (name, true),
            None => (&*algorithm, false),
        };
        let algorithm = match name {
            "md5" => Algorithm::Md5,
            "sha-256" => Algorithm::Sha256,
            _ => return None,
        };
        let qop = challenge.get("qop");
        let has_auth = |qop: &str| qop.split(',').any(|it| it.trim().eq_ignore_ascii_case("auth"));
        if qop.is_some_and(|qop| !has_auth(qop)) {
            return None;
        }
        let is_true = |name| challenge.get(name).is_some_and(|it| it.eq_ignore_ascii_case("true"));
        Some(DigestChallenge {
            algorithm,
            is_session,
            realm: challenge.get("realm").unwrap_or_default().to_owned(),
            nonce: challenge.get("nonce")?.to_owned(),
            opaque: challenge.get("opaque").map(str::to_owned),
            has_qop: qop.is_some(),
            hashes_user: is_true("userhash"),
            is_stale: is_true("stale"),
        })
    }
}

/// A request to sign.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signed<'r> {
    pub(crate) method: &'r str,
    /// The path with its query, as it goes out.
    pub(crate) uri: &'r str,
    /// How many requests were signed with the nonce, this one included.
    pub(crate) count: u32,
}

/// A nonce of our own.
pub(crate) fn client_nonce() -> String {
    let number: u128 = rand::rng().random();
    format!("{number:032x}")
}

/// The Authorization header for a request (RFC 7616 section 3.4), marked as sensitive; `None` where it
/// cannot stand in one.
pub(crate) fn authorization(
    challenge: &DigestChallenge,
    user: &str,
    password: &SecretString,
    request: Signed<'_>,
    client_nonce: &str,
) -> Option<HeaderValue> {
    let DigestChallenge { algorithm, realm, nonce, .. } = challenge;
    let hash = |text: String| algorithm.hash(&text);
    let mut secret = hash(format!("{user}:{realm}:{}", password.expose_secret()));
    if challenge.is_session {
        secret = hash(format!("{secret}:{nonce}:{client_nonce}"));
    }
    let what = hash(format!("{}:{}", request.method, request.uri));
    let count = format!("{:08x}", request.count);
    let response = match challenge.has_qop {
        true => hash(format!("{secret}:{nonce}:{count}:{client_nonce}:auth:{what}")),
        false => hash(format!("{secret}:{nonce}:{what}")),
    };
    let mut header = String::from("Digest ");
    if challenge.hashes_user {
        header
            .push_str(&format!("username=\"{}\", userhash=true", hash(format!("{user}:{realm}"))));
    } else if user.is_ascii() {
        header.push_str(&format!("username={}", quoted(user)));
    } else {
        let escaped =
            percent_encoding::utf8_percent_encode(user, percent_encoding::NON_ALPHANUMERIC);
        header.push_str(&format!("username*=UTF-8''{escaped}"));
    }
    header.push_str(&format!(
        ", realm={}, nonce={}, uri={}, algorithm={}, response=\"{response}\"",
        quoted(realm),
        quoted(nonce),
        quoted(request.uri),
        challenge.algorithm_name(),
    ));
    if challenge.has_qop {
        header.push_str(&format!(", qop=auth, nc={count}, cnonce=\"{client_nonce}\""));
    } else if challenge.is_session {
        header.push_str(&format!(", cnonce=\"{client_nonce}\""));
    }
    if let Some(opaque) = &challenge.opaque {
        header.push_str(&format!(", opaque={}", quoted(opaque)));
    }
    let mut value = HeaderValue::from_bytes(header.as_bytes()).ok()?;
    value.set_sensitive(true);
    Some(value)
}

impl DigestChallenge {
    fn algorithm_name(&self) -> &'static str {
        match (self.algorithm, self.is_session) {
            (Algorithm::Md5, false) => "MD5",
            (Algorithm::Md5, true) => "MD5-sess",
            (Algorithm::Sha256, false) => "SHA-256",
            (Algorithm::Sha256, true) => "SHA-256-sess",
        }
    }
}

impl Algorithm {
    /// A hash in lower-case hexadecimal.
    fn hash(self, text: &str) -> String {
        match self {
            Algorithm::Md5 => hex(&Md5::digest(text.as_bytes())),
            Algorithm::Sha256 => hex(&Sha256::digest(text.as_bytes())),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A quoted string (RFC 9110 section 5.6.4).
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The `nextnonce` of an Authentication-Info header (RFC 7616 section 3.5).
pub(crate) fn next_nonce(headers: &HeaderMap) -> Option<String> {
    let value = headers.get("authentication-info")?;
    let line = format!("Digest {}", String::from_utf8_lossy(value.as_bytes()));
    let mut all = Vec::new();
    read(&line, &mut all);
    all.first()?.get("nextnonce").map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn challenges(lines: &[&str]) -> Vec<Challenge> {
        let mut all = Vec::new();
        lines.iter().for_each(|line| read(line, &mut all));
        all
    }

    fn digest(line: &str) -> DigestChallenge {
        DigestChallenge::strongest(&challenges(&[line])).unwrap()
    }

    fn signed(challenge: &DigestChallenge, user: &str, password: &str, cnonce: &str) -> String {
        let request = Signed { method: "GET", uri: "/dir/index.html", count: 1 };
        let password = SecretString::from(password);
        let value = authorization(challenge, user, &password, request, cnonce).unwrap();
        assert!(value.is_sensitive());
        String::from_utf8(value.as_bytes().to_vec()).unwrap()
    }

    /// The examples of RFC 7616 section 3.9.1.
    #[test]
    fn the_examples_of_the_rfc_come_out_as_it_says() {
        let rest = "realm=\"http-auth@example.org\", qop=\"auth, auth-int\", \
            nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", \
            opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
        let cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
        for (algorithm, expected) in [
            ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
            ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
        ] {
            let challenge = digest(&format!("Digest {rest}, algorithm={algorithm}"));
            let header = signed(&challenge, "Mufasa", "Circle of Life", cnonce);
            assert!(header.contains(&format!("response=\"{expected}\"")), "{header}");
            assert!(header.contains("nc=00000001") && header.contains("qop=auth,"), "{header}");
            assert!(header.contains("opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""));
        }
    }

    /// The example of RFC 2617 section 3.5, without qop as RFC 2069 has it.
    #[test]
    fn a_challenge_without_qop_is_answered_in_the_old_form() {
        let challenge = digest(
            "Digest realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"",
        );
        let header = signed(&challenge, "Mufasa", "Circle Of Life", "x");
        assert!(header.contains("response=\"670fd8c2df070c60b045671b8b24ff02\""), "{header}");
        assert!(!header.contains("qop") && !header.contains("cnonce"), "{header}");
    }

    #[test]
    fn the_strongest_of_several_is_taken_whatever_stands_between() {
        let all = challenges(&[
            "Negotiate, Basic realm=\"a, \\\"b\\\"\", Digest realm=r,nonce=\"1\", algorithm=MD5",
            "Digest realm=\"r\", nonce = \"2\" , algorithm=SHA-256 , qop=\"auth\"",
            "Digest realm=\"r\", nonce=\"3\", algorithm=SHA-512-256, qop=\"auth\"",
        ]);
        let schemes: Vec<&str> = all.iter().map(|it| it.scheme.as_str()).collect();
        assert_eq!(schemes, ["negotiate", "basic", "digest", "digest", "digest"]);
        assert_eq!(all[1].get("realm"), Some("a, \"b\""));
        let strongest = DigestChallenge::strongest(&all).unwrap();
        assert_eq!((&*strongest.nonce, strongest.algorithm), ("2", Algorithm::Sha256));
    }

    #[test]
    fn what_is_not_spoken_is_no_challenge() {
        for line in [
            "Digest realm=\"r\", nonce=\"1\", qop=\"auth-int\"",
            "Digest realm=\"r\", nonce=\"1\", algorithm=SHA-512-256",
            "Digest realm=\"r\"",
            "Basic realm=\"Digest nonce=1\"",
            "",
            "=,=,",
            "Digest nonce=\"never ends",
        ] {
            let found = DigestChallenge::strongest(&challenges(&[line]));
            assert!(found.is_none_or(|it| it.nonce == "never ends"), "{line}");
        }
    }

    #[test]
    fn names_outside_of_ascii_are_escaped_or_hashed() {
        let plain = digest("Digest realm=\"r\", nonce=\"1\", qop=auth, charset=UTF-8");
        let header = signed(&plain, "Jürgen", "geheim", "c");
        assert!(header.contains("username*=UTF-8''J%C3%BCrgen,"), "{header}");
        let hashed = digest(
            "Digest realm=\"api@example.org\", nonce=\"1\", qop=auth, algorithm=SHA-256, userhash=true",
        );
        let header = signed(&hashed, "Jürgen", "geheim", "c");
        let expected = Algorithm::Sha256.hash("Jürgen:api@example.org");
        assert!(header.contains(&format!("username=\"{expected}\", userhash=true")), "{header}");
        assert!(!header.contains("geheim"));
        let quoted = signed(&plain, "a\"b\\c", "geheim", "c");
        assert!(quoted.contains("username=\"a\\\"b\\\\c\""), "{quoted}");
    }

    #[test]
    fn a_session_binds_the_password_to_both_nonces() {
        let challenge = digest("Digest realm=\"r\", nonce=\"n\", qop=auth, algorithm=MD5-sess");
        let header = signed(&challenge, "u", "p", "c");
        let md5 = |text: &str| Algorithm::Md5.hash(text);
        let secret = md5(&format!("{}:n:c", md5("u:r:p")));
        let expected = md5(&format!("{secret}:n:00000001:c:auth:{}", md5("GET:/dir/index.html")));
        assert!(header.contains(&format!("response=\"{expected}\"")), "{header}");
        assert!(header.contains("algorithm=MD5-sess"), "{header}");
    }

    #[test]
    fn as_many_challenges_as_allowed_are_read() {
        let many = "Basic realm=\"x\", ".repeat(10 * MAX_CHALLENGES);
        assert_eq!(challenges(&[&many]).len(), MAX_CHALLENGES);
    }
}
