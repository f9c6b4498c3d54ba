//! A real server before a town, on a real socket, and a client that keeps many connections.

use std::{net::SocketAddr, sync::Arc};

use reqwest::{Client, Method, Response};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use yizhan::{app::App, front};

/// A server in this process.
pub(crate) struct Server {
    pub(crate) base: String,
    pub(crate) client: Client,
    end: Option<oneshot::Sender<()>>,
    running: Option<JoinHandle<()>>,
}

/// A client that goes to this machine only.
pub(crate) fn client() -> Client {
    // Only another test could have been faster.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

impl Server {
    pub(crate) async fn before(app: &App) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").await.unwrap(), app)
    }

    /// At an address that was known before the app was opened.
    pub(crate) fn on(listener: TcpListener, app: &App) -> Self {
        let address: SocketAddr = listener.local_addr().unwrap();
        let (end, ended) = oneshot::channel::<()>();
        let router = front::router(app);
        let running = tokio::spawn(front::serve::serve(app.clone(), router, listener, async {
            let _ = ended.await;
        }));
        Self { base: format!("http://{address}"), client: client(), end: Some(end), running: Some(running) }
    }

    pub(crate) async fn call(&self, method: Method, path: &str, token: Option<&str>, body: Option<&Value>) -> Response {
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        request.send().await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, token: Option<&str>, body: Value) -> (u16, Value) {
        answer(self.call(Method::POST, path, token, Some(&body)).await).await
    }

    pub(crate) async fn get(&self, path: &str, token: Option<&str>) -> (u16, Value) {
        answer(self.call(Method::GET, path, token, None).await).await
    }

    /// Makes the first admin. Gives back the access token.
    pub(crate) async fn set_up(&self) -> String {
        let body = json!({ "code": "open-sesame", "name": "管理员", "phone": "13800138000", "password": "correct horse" });
        let (status, session) = self.post("/api/v1/setup", None, body).await;
        assert_eq!(status, 201, "{session}");
        session["access_token"].as_str().unwrap().to_owned()
    }

    /// Ends as a process does that is asked to.
    pub(crate) async fn end(mut self) {
        drop(self.client);
        let _ = self.end.take().unwrap().send(());
        self.running.take().unwrap().await.unwrap();
    }
}

/// The status and the body, which is JSON or nothing.
pub(crate) async fn answer(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

/// Many at once, released together; what each of them got, in no order.
pub(crate) async fn all_at_once<T: Send + 'static, F>(count: usize, hand: impl Fn(usize) -> F) -> Vec<T>
where
    F: Future<Output = T> + Send + 'static,
{
    let gate = Arc::new(tokio::sync::Barrier::new(count));
    let mut hands = Vec::new();
    for n in 0..count {
        let (gate, hand) = (Arc::clone(&gate), hand(n));
        hands.push(tokio::spawn(async move {
            gate.wait().await;
            hand.await
        }));
    }
    let mut got = Vec::new();
    for hand in hands {
        got.push(hand.await.unwrap());
    }
    got
}
