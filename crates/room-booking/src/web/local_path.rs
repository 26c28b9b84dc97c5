//! Which paths stay on this server, also if an attacker wrote them: in requests, and where a
//! sign-in or an error leads back to.

/// The path of a request or of a link, without its query.
fn before_query(path: &str) -> &str {
    path.split(['?', '#']).next().unwrap_or_default()
}

/// Whether a path begins with one slash and has no empty segment, no dot segment (RFC 3986 section
/// 5.2.4) and no backslash. Dots count in their percent-encoded form, too. One slash at the end is
/// allowed.
///
/// Proxies, browsers and libraries resolve such segments, each at another place: two of them would
/// speak of two different paths.
pub fn is_normal(path: &str) -> bool {
    let path = before_query(path);
    let Some(rest) = path.strip_prefix('/') else { return false };
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let is_root = path == "/";
    !path.contains('\\') && (is_root || rest.split('/').all(is_segment))
}

fn is_segment(segment: &str) -> bool {
    // A dot is all that can be encoded in a dot segment, so only short ones are decoded.
    const LONGEST: usize = "%2e%2e".len();
    let dots = |text: &str| matches!(text, "" | "." | "..");
    !(dots(segment)
        || segment.len() <= LONGEST && dots(&segment.to_ascii_lowercase().replace("%2e", ".")))
}

/// Whether a path leads to a page of this site, and to no other host however it is resolved.
pub fn is_of_site(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let rest = path.strip_prefix("/admin");
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
        && is_normal(path)
        && !path.contains("//")
        // Some servers decode a path before they split it.
        && !["%2f", "%5c"].iter().any(|it| before_query(&lower).contains(it))
        && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_empty_or_dot_segments_is_not_normal_however_they_are_spelled() {
        for path in [
            "/",
            "/admin",
            "/admin/",
            "/api/room-1/events/a%2Fb",
            "/a/...",
            "/a/.b",
            "/a/b..",
            "/a?x=//../",
            "/a/%2e%2e%2e",
            "/a/%252e%252e",
            "/a/1%5C2",
        ] {
            assert!(is_normal(path), "{path}");
        }
        for path in [
            "",
            "admin",
            "//",
            "//admin",
            "/admin//keys",
            "/admin/keys//",
            "/.",
            "/..",
            "/a/../b",
            "/a/./b",
            "/a/..",
            "/a/../",
            "/a/%2e%2e/b",
            "/a/.%2E/b",
            "/a/%2e",
            "/\\admin",
            "/a\\b",
            "http://evil.example/admin",
            "*",
        ] {
            assert!(!is_normal(path), "{path}");
        }
    }

    #[test]
    fn a_link_leads_to_this_site_only() {
        for path in ["/admin", "/admin/", "/admin/calendars?q=a%20b%2Fc", "/admin?done=saved"] {
            assert!(is_of_site(path), "{path}");
        }
        for path in [
            "",
            "/",
            "https://evil.example/admin",
            "//evil.example/admin",
            "//admin",
            "/\\admin",
            "\\\\admin",
            "/adminx",
            "/administration",
            "/admin//e",
            "/admin/\\e",
            "/admin/%5ce",
            "/admin/%2F%2fevil.example",
            "/admin/../../evil.example",
            "/admin/%2e%2e/x",
            "/admin/.%2E/x",
            "/admin/.",
            "/admin/ä",
            "/admin/\r\nX: y",
            "javascript:alert(1)",
        ] {
            assert!(!is_of_site(path), "{path}");
        }
    }
}
