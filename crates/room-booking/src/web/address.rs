//! The client address of a request.

use std::net::{IpAddr, SocketAddr};

use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};
use ipnet::IpNet;

use super::UNKNOWN_PEER;

/// The client address of a request: the peer's; if that is a trusted proxy, the last one in
/// `X-Forwarded-For` that is not. Other clients can write anything into that header.
pub fn of_client(peer: SocketAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let mut address = peer.ip().to_canonical();
    if trusted.is_empty() {
        return address;
    }
    let hops = headers.get_all("x-forwarded-for").iter().rev();
    let hops = hops.flat_map(|value| value.as_bytes().rsplit(|byte| *byte == b','));
    for hop in hops.map(String::from_utf8_lossy) {
        if !is_trusted(address, trusted) {
            break;
        }
        let hop = hop.trim();
        let bare = hop.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|it| it.ip()));
        match bare {
            Some(hop) => address = IpAddr::to_canonical(&hop),
            None => break,
        }
    }
    address
}

/// Whether an address is one of these.
fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|network| network.contains(&address))
}

/// Whether the peer of a request is a trusted proxy.
pub fn is_of_proxy(extensions: &Extensions, trusted: &[IpNet]) -> bool {
    let peer: Option<&SocketAddr> = extensions.get();
    peer.is_some_and(|it| is_trusted(it.ip().to_canonical(), trusted))
}

/// The client address of a request that came over a connection.
pub fn of_request(parts: &Parts, trusted: &[IpNet]) -> IpAddr {
    let peer = parts.extensions.get().copied().unwrap_or(UNKNOWN_PEER);
    of_client(peer, &parts.headers, trusted)
}

/// The unit by which requests are counted: an IPv4 address, or the IPv6 network of one customer.
pub fn counted(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(it) => IpAddr::V6((u128::from(it) & !u128::from(u64::MAX)).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|it| it.parse().unwrap()).collect();
        of_client(format!("{peer}:1").parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn only_a_peer_that_is_trusted_is_a_proxy() {
        let trusted: Vec<IpNet> = vec!["10.0.0.1/32".parse().unwrap()];
        let from = |peer: &str| {
            let mut extensions = Extensions::new();
            extensions.insert(peer.parse::<SocketAddr>().unwrap());
            is_of_proxy(&extensions, &trusted)
        };
        assert!(from("10.0.0.1:40000") && from("[::ffff:10.0.0.1]:40000"));
        assert!(!from("10.0.0.2:40000"));
        assert!(!is_of_proxy(&Extensions::new(), &trusted));
    }

    #[test]
    fn nobody_but_a_trusted_proxy_says_who_it_speaks_for() {
        assert_eq!(client("203.0.113.9", &["1.1.1.1"], &[]), "203.0.113.9");
        assert_eq!(client("203.0.113.9", &["1.1.1.1"], &["10.0.0.0/8"]), "203.0.113.9");
        assert_eq!(client("10.0.0.1", &["1.1.1.1"], &["10.0.0.0/8"]), "1.1.1.1");
        // A client wrote the first; the proxies added the others.
        let chain = ["9.9.9.9, 1.1.1.1", "10.0.0.2"];
        assert_eq!(client("10.0.0.1", &chain, &["10.0.0.0/8"]), "1.1.1.1");
        assert_eq!(client("10.0.0.1", &["nonsense"], &["10.0.0.0/8"]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &["\u{e9}, 1.1.1.1"], &["10.0.0.0/8"]), "1.1.1.1");
        assert_eq!(
            client("[::ffff:10.0.0.1]", &["[2001:db8::1]:99"], &["10.0.0.0/8"]),
            "2001:db8::1"
        );
    }

    #[test]
    fn a_customers_whole_ipv6_network_counts_as_one() {
        let [one, other, third] = ["2001:db8:1:2::3", "2001:db8:1:2:ffff::", "2001:db8:1:3::3"]
            .map(|it| counted(it.parse().unwrap()));
        assert!(one == other && one != third);
    }
}
