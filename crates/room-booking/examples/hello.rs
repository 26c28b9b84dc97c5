//! A bare server that answers one line: what the service is measured beside.

use axum::Router;
use axum::routing::get;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8001".to_owned());
    let router = Router::new().route("/", get(async || "Hello, world!"));
    axum::serve(tokio::net::TcpListener::bind(address).await?, router).await
}
