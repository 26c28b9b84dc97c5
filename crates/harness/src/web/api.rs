//! A program that uses the API with a key.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::web::Answer;

/// A client of the API. Clones share their connections.
#[derive(Clone)]
pub struct Api {
    /// What requests are sent with.
    pub client: reqwest::Client,
    /// The server's address, without a slash at its end.
    pub url: String,
    /// The key.
    pub key: String,
}

impl Api {
    /// A client of a server with a key.
    pub fn new(url: &str, key: &str) -> Api {
        Api { client: testing::http_client(), url: url.to_owned(), key: key.to_owned() }
    }

    /// The same client at another server.
    #[must_use]
    pub fn at(&self, url: &str) -> Api {
        Api { url: url.to_owned(), ..self.clone() }
    }

    /// A request without the key.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    /// A request with the key.
    pub fn authorized(&self, method: Method, path: &str) -> RequestBuilder {
        self.request(method, path).bearer_auth(&self.key)
    }

    /// Sends a request with the key.
    pub async fn send(&self, method: Method, path: &str) -> Answer {
        self.send_with(&self.key, method, path).await
    }

    /// Sends a request with another key.
    pub async fn send_with(&self, key: &str, method: Method, path: &str) -> Answer {
        Answer::of(self.request(method, path).bearer_auth(key).send().await.unwrap()).await
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path).await
    }

    /// POST with a body of JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_with(&self.key, path, body).await
    }

    /// POST with another key.
    pub async fn post_with(&self, key: &str, path: &str, body: &Value) -> Answer {
        let request = self.request(Method::POST, path).bearer_auth(key).json(body);
        Answer::of(request.send().await.unwrap()).await
    }

    /// PATCH with a body of JSON.
    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        let request = self.authorized(Method::PATCH, path).json(body);
        Answer::of(request.send().await.unwrap()).await
    }

    /// Books an event; its id.
    pub async fn book(&self, calendar: &str, name: &str, start: &str, end: &str) -> String {
        let body = json!({ "name": name, "start": start, "end": end });
        let answer = self.post(&format!("/api/{calendar}/events"), &body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json["id"].as_str().unwrap().to_owned()
    }

    /// The names of a calendar's events in the years 2026 to 2030.
    pub async fn names(&self, calendar: &str) -> Vec<String> {
        let path = format!("/api/{calendar}/events?start=2026-01-01&end=2030-12-31&limit=10000");
        let answer = self.get(&path).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let events = answer.json["events"].as_array().unwrap();
        events.iter().map(|event| event["name"].as_str().unwrap().to_owned()).collect()
    }

    /// Clears what a query (`?calendar=room-1`) names, and no calendar may fail; the report.
    ///
    /// # Errors
    ///
    /// When there is no answer.
    pub async fn clear(&self, query: &str) -> reqwest::Result<Value> {
        let path = format!("/api/clear-bookings{query}");
        let answer = self.authorized(Method::DELETE, &path).send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        assert_eq!(status, 200, "{text}");
        let report: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(report["failed_calendars"], json!([]), "{report}");
        Ok(report)
    }
}
