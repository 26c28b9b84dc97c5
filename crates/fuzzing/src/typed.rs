//! Fuzz target: what people and programs type or send back: codes, tokens, keys, cookies.

use answers::EntryKey;
use clearing::{
    MASKED_TOKEN, TOKEN_CHARACTERS, TOKEN_PREFIX, mask_tokens, mask_tokens_in_object, tokens_in,
};
use operations::fuzzed::code_step;
use secrecy::SecretString;
use store::origin::{is_on_server_of, server_of};
use store::vault::{Cost, Derivation, Purpose, Vault};
use store::{AccountId, UserId};
use url::Url;

/// Reads `data` as a code of a second factor, as a description with priority tokens, as the key of an entry, as
/// the ciphertext in a cookie and as a server's address.
pub fn typed(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    code(&text);
    tokens(&text, data);
    if let Some(key) = EntryKey::parse(text.trim()) {
        assert_eq!(EntryKey::parse(&key.text()), Some(key), "a key is another one once written");
    }
    sealed(data);
    address(text.trim());
}

/// RFC 6238, appendix B: the key `12345678901234567890`, and its code at 59 seconds.
fn code(text: &str) {
    let key = SecretString::from("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    let step = code_step(&key, text, 59);
    let bare: String = text.chars().filter(|it| !it.is_whitespace() && *it != '-').collect();
    let is_right = ["755224", "287082", "359152"].contains(&bare.as_str()) && text.len() <= 100;
    assert_eq!(step.is_some(), is_right, "{text:?} is taken for a code");
}

fn tokens(text: &str, data: &[u8]) {
    let found: Vec<&str> = tokens_in(text).collect();
    for token in &found {
        assert!(token.starts_with(TOKEN_PREFIX), "{token}");
        assert_eq!(token.len(), TOKEN_PREFIX.len() + TOKEN_CHARACTERS, "{token}");
    }
    let masked = mask_tokens(text);
    assert_eq!(tokens_in(&masked).count(), 0, "a token is left");
    assert!(found.is_empty() || masked.contains(MASKED_TOKEN), "a token is gone");
    assert_eq!(mask_tokens(&masked), masked, "it is masked in two steps");
    let object = mask_tokens_in_object(data);
    assert_eq!(mask_tokens_in_object(&object), object, "an object is masked in two steps");
    let object = String::from_utf8_lossy(&object);
    assert_eq!(tokens_in(&object).count(), 0, "a token is left in an object");
}

fn sealed(data: &[u8]) {
    let derivation = Derivation { salt: b"salt of the fuzzer".to_vec(), cost: Cost::LOWEST };
    let Ok(vault) = Vault::derive(&"a key of the fuzzer".into(), &derivation) else { return };
    for purpose in [
        Purpose::KnownBrowser(UserId(1)),
        Purpose::SecondFactorSetUp(UserId(1)),
        Purpose::AccountPassword { account: AccountId(1), server: "https://dav.example.org" },
    ] {
        assert!(vault.open(purpose, data).is_err(), "it opens what nobody sealed");
    }
}

fn address(text: &str) {
    let server = server_of(text);
    assert_eq!(server_of(&server), server, "the server of a server is another one");
    if let Ok(url) = Url::parse(text)
        && text.contains("://")
        && matches!(url.scheme(), "http" | "https")
    {
        assert!(is_on_server_of(&url, text), "an address is not on its own server");
    }
    let evil = Url::parse("https://evil.example/");
    if let Ok(evil) = evil
        && !server.contains("evil.example")
    {
        assert!(!is_on_server_of(&evil, text), "the password goes elsewhere: {text}");
    }
}
