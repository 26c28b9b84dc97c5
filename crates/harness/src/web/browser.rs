//! A person's browser on the site.

use operations::Service;
use reqwest::header::{COOKIE, SET_COOKIE};
use reqwest::{Method, RequestBuilder};
use store::UserId;
use store::sessions::{self, NewSession};

use crate::web::Answer;

/// A browser: it keeps the site's cookies, and follows no redirects.
#[derive(Clone)]
pub struct Browser {
    client: reqwest::Client,
    url: String,
    /// The token of its session.
    pub cookie: Option<String>,
    /// The cookies by which the browser is known, as it sends them.
    pub known: Vec<String>,
}

impl Browser {
    /// A browser that nobody has signed in with, at a server's address.
    pub fn new(url: &str) -> Browser {
        let client = testing::http_client_builder().redirect(reqwest::redirect::Policy::none());
        let (client, url) = (client.build().unwrap(), url.to_owned());
        Browser { client, url, cookie: None, known: Vec::new() }
    }

    /// The same, in which a user has a session.
    pub async fn signed_in(url: &str, service: &Service, user: UserId) -> Browser {
        let now = service.now().0;
        let new = NewSession {
            user,
            address: "192.0.2.1",
            browser: "Firefox on Linux",
            expires_at: now + 86_400,
            awaits_code: false,
            vouched_by: None,
        };
        let transaction = service.store.begin().await.unwrap();
        let token = sessions::insert(&transaction, &new, now).await.unwrap();
        transaction.commit().await.unwrap();
        Browser { cookie: Some(token), ..Browser::new(url) }
    }

    /// The same browser with the session of another one.
    pub fn with_session_of(&self, other: Browser) -> Browser {
        Browser { cookie: other.cookie, ..self.clone() }
    }

    /// Sends a request with these headers and, perhaps, a form.
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        form: Option<&[(&str, &str)]>,
    ) -> Answer {
        let mut request = self.client.request(method, format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(form) = form {
            let mut body = form_urlencoded::Serializer::new(String::new());
            body.extend_pairs(form);
            request = request
                .header("content-type", "application/x-www-form-urlencoded")
                .body(body.finish());
        }
        self.exchange(request).await
    }

    /// Sends a request with the cookies, and keeps those of the answer.
    async fn exchange(&mut self, mut request: RequestBuilder) -> Answer {
        let session = self.cookie.iter().map(|it| format!("room-booking={it}"));
        let cookies: Vec<_> = session.chain(self.known.iter().cloned()).collect();
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies.join("; "));
        }
        let answer = Answer::of(request.send().await.unwrap()).await;
        for set in answer.headers.get_all(SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if name.contains("-known-") || name.ends_with("-typed") {
                self.known.retain(|it| !it.starts_with(&format!("{name}=")));
                self.known.extend((!value.is_empty()).then(|| pair.to_owned()));
            } else {
                self.cookie = Some(value.to_owned()).filter(|it| !it.is_empty());
            }
        }
        answer
    }

    /// GET.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], None).await
    }

    /// Sends a form with the token that forms of this browser carry.
    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        let token = self.form_token().await;
        self.post_with(&token, path, form).await
    }

    /// Sends a form with that token.
    pub async fn post_with(&mut self, token: &str, path: &str, form: &[(&str, &str)]) -> Answer {
        let mut all = vec![("form_token", token)];
        all.extend_from_slice(form);
        self.send(Method::POST, path, &[], Some(&all)).await
    }

    /// Sends a form with a calendar file, as browsers do.
    pub async fn post_file(&mut self, path: &str, token: &str, file: &str) -> Answer {
        self.post_file_of(path, token, ("file", "room.ics"), file.as_bytes()).await
    }

    /// Sends a form with a file of a field and a name, as browsers do.
    pub async fn post_file_of(
        &mut self,
        path: &str,
        token: &str,
        (field, name): (&str, &str),
        file: &[u8],
    ) -> Answer {
        let head = |head: &str| {
            format!("--boundary\r\nContent-Disposition: form-data; {head}\r\n\r\n").into_bytes()
        };
        let body = [
            head("name=\"form_token\""),
            token.as_bytes().to_vec(),
            b"\r\n".to_vec(),
            head(&format!("name=\"{field}\"; filename=\"{name}\"")),
            file.to_vec(),
            b"\r\n--boundary--\r\n".to_vec(),
        ];
        let request = self.client.post(format!("{}{path}", self.url)).body(body.concat());
        let request = request.header("content-type", "multipart/form-data; boundary=boundary");
        self.exchange(request).await
    }

    /// The token that forms of this browser carry.
    pub async fn form_token(&mut self) -> String {
        let page = self.get("/admin/account").await;
        let page = if page.status == 303 { self.get("/admin/sign-in").await } else { page };
        page.hidden("form_token")
    }

    /// Signs in as people do.
    pub async fn sign_in(&mut self, name: &str, password: &str) -> Answer {
        self.post("/admin/sign-in", &[("name", name), ("password", password)]).await
    }
}
