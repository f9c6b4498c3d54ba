//! What a form sends: its fields, its photos, and the key that makes it be done once.

use std::collections::BTreeMap;

use axum::{
    extract::{FromRequest, Multipart, OriginalUri, Request},
    http::header,
    response::Response,
};
use serde::de::DeserializeOwned;

use super::{trouble, visitor::Visitor};
use crate::{
    app::App,
    desk::{Desk, Error, Problem},
    wire::fingerprint,
};

/// What was sent, by whom. `F` is the form: repeated fields are lists, what is not sent is its default.
pub(super) struct Sent<F> {
    /// Who sent it.
    pub(super) visitor: Visitor,
    /// Where they stand, with the key of the form: whatever verb is done with it is done once.
    pub(super) desk: Desk,
    /// The fields.
    pub(super) form: F,
    /// The photos, by the names of their fields; none where none was chosen.
    pub(super) photos: BTreeMap<String, Vec<u8>>,
}

impl<F> Sent<F> {
    /// The photo of a field.
    pub(super) fn photo(&mut self, name: &str) -> Option<Vec<u8>> {
        self.photos.remove(name)
    }
}

impl<F: DeserializeOwned> FromRequest<App> for Sent<F> {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visitor = <Visitor as axum::extract::FromRequestParts<App>>::from_request_parts(&mut parts, app).await?;
        let path =
            parts.extensions.get::<OriginalUri>().map_or_else(|| parts.uri.path().to_owned(), |uri| uri.0.path().to_owned());
        let method = parts.method.clone();
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        let bad = |visitor: &Visitor| trouble::page(&visitor.frame, &Error::Invalid { field: "form", problem: Problem::Unknown });
        let request = Request::from_parts(parts, body);
        let (fields, photos) = if kind.starts_with("multipart/form-data") {
            match parts_of(request, app).await {
                Some(read) => read,
                None => return Err(bad(&visitor)),
            }
        } else {
            match axum::body::Bytes::from_request(request, app).await {
                Ok(bytes) => (String::from_utf8_lossy(&bytes).into_owned(), BTreeMap::new()),
                Err(_) => return Err(bad(&visitor)),
            }
        };
        let Ok(form) = serde_html_form::from_str::<F>(&fields) else { return Err(bad(&visitor)) };
        let key =
            serde_html_form::from_str::<Key>(&fields).ok().map(|key| key.key).filter(|key| !key.is_empty() && key.len() <= 128);
        let mut said = fields.into_bytes();
        photos.values().for_each(|photo| said.extend(crate::vault::sha256(photo)));
        let desk = Desk { key: key.map(|key| (key, fingerprint(&method, &path, &said))), ..visitor.desk.clone() };
        Ok(Self { visitor, desk, form, photos })
    }
}

#[derive(serde::Deserialize)]
struct Key {
    key: String,
}

/// The fields as one urlencoded text, and the files that are not empty.
async fn parts_of(request: Request, app: &App) -> Option<(String, BTreeMap<String, Vec<u8>>)> {
    let mut multipart = Multipart::from_request(request, app).await.ok()?;
    let (mut fields, mut photos) = (Vec::new(), BTreeMap::new());
    while let Some(field) = multipart.next_field().await.ok()? {
        let name = field.name().unwrap_or_default().to_owned();
        if field.file_name().is_some() {
            let bytes = field.bytes().await.ok()?;
            if !bytes.is_empty() {
                photos.insert(name, bytes.to_vec());
            }
        } else {
            fields.push((name, field.text().await.ok()?));
        }
    }
    Some((serde_html_form::to_string(fields).ok()?, photos))
}
