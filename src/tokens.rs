//! Access tokens of the API: short JWTs, HS256 and nothing else, each signed by a key of this installation.
//!
//! A token only names a session; whether that session is still good, and what its member may do, is looked up on every
//! request. So a token that was stolen ends with its session.

use std::sync::{Once, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::{MemberId, SessionId};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::{Error, ErrorKind, new_error},
    signature::{self, Signer, Verifier},
};
use ring::hmac;
use serde::{Deserialize, Serialize};

/// How long an access token is good.
pub const ACCESS_LIFE: TimeDelta = TimeDelta::minutes(15);
const ISSUER: &str = "yizhan";

/// What an access token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Always `yizhan`.
    pub iss: String,
    /// Who is signed in.
    pub sub: MemberId,
    /// The session.
    pub sid: SessionId,
    /// The generation of refresh token it came with.
    #[serde(rename = "gen")]
    pub generation: i32,
    /// Issued at, epoch seconds.
    pub iat: i64,
    /// Good until, exclusive, epoch seconds.
    pub exp: i64,
}

/// One signing key.
#[derive(Clone)]
pub struct SigningKey {
    /// Its name in the header of a token.
    pub id: String,
    /// The key itself.
    pub secret: Vec<u8>,
}

/// The signing keys, newest first. Tokens are signed with the newest and verified with any.
pub struct Tokens {
    keys: RwLock<Vec<SigningKey>>,
}

/// A token that is not one of ours, or no longer good. Which of the two is nobody's business.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadToken {
    /// Signed with a key that is not known here (yet): another replica may have made a new one.
    UnknownKey,
    /// Anything else.
    Bad,
}

impl Tokens {
    /// With these keys, newest first.
    #[must_use]
    pub fn new(keys: Vec<SigningKey>) -> Self {
        install_provider();
        Self { keys: RwLock::new(keys) }
    }

    /// Replaces the keys, newest first.
    pub fn replace(&self, keys: Vec<SigningKey>) {
        *self.keys.write().unwrap_or_else(std::sync::PoisonError::into_inner) = keys;
    }

    /// Signs a token for a session.
    ///
    /// # Errors
    /// A fault of ours: no key.
    pub fn sign(&self, member: MemberId, session: SessionId, generation: i32, now: DateTime<Utc>) -> Result<String, Error> {
        let key = self.newest().ok_or_else(|| new_error(ErrorKind::InvalidKeyFormat))?;
        let claims = Claims {
            iss: ISSUER.to_owned(),
            sub: member,
            sid: session,
            generation,
            iat: now.timestamp(),
            exp: (now + ACCESS_LIFE).timestamp(),
        };
        let header = Header { kid: Some(key.id), ..Header::new(Algorithm::HS256) };
        jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(&key.secret))
    }

    /// Reads a token.
    ///
    /// # Errors
    /// [`BadToken`].
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, BadToken> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| BadToken::Bad)?;
        let kid = header.kid.ok_or(BadToken::Bad)?;
        let key = self.find(&kid).ok_or(BadToken::UnknownKey)?;
        let mut expected = Validation::new(Algorithm::HS256);
        expected.set_issuer(&[ISSUER]);
        // The library would ask the machine's clock; ours is compared below.
        expected.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(token, &DecodingKey::from_secret(&key.secret), &expected)
            .map_err(|_| BadToken::Bad)?
            .claims;
        let now = now.timestamp();
        if claims.iat <= now + 60 && now < claims.exp { Ok(claims) } else { Err(BadToken::Bad) }
    }

    fn newest(&self) -> Option<SigningKey> {
        self.keys.read().unwrap_or_else(std::sync::PoisonError::into_inner).first().cloned()
    }

    fn find(&self, id: &str) -> Option<SigningKey> {
        self.keys.read().unwrap_or_else(std::sync::PoisonError::into_inner).iter().find(|key| key.id == id).cloned()
    }
}

struct Hs256(hmac::Key);

impl Signer<Vec<u8>> for Hs256 {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        Ok(hmac::sign(&self.0, message).as_ref().to_vec())
    }
}

impl Verifier<Vec<u8>> for Hs256 {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        hmac::verify(&self.0, message, signature).map_err(|_| signature::Error::new())
    }
}

impl JwtSigner for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

/// HS256 over `ring`, which is here already; the library's own back ends are a C build and a crate with an open advisory.
fn install_provider() {
    static PROVIDER: CryptoProvider = CryptoProvider {
        signer_factory: |algorithm, key| match algorithm {
            Algorithm::HS256 => Ok(Box::new(Hs256(hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes())))),
            _ => Err(new_error(ErrorKind::InvalidAlgorithm)),
        },
        verifier_factory: |algorithm, key| match algorithm {
            Algorithm::HS256 => Ok(Box::new(Hs256(hmac::Key::new(hmac::HMAC_SHA256, key.try_get_as_bytes()?)))),
            _ => Err(new_error(ErrorKind::InvalidAlgorithm)),
        },
        key_utils: KeyUtils::new_unimplemented(),
    };
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // Only another caller in this process could have been faster, and there is none.
        let _ = PROVIDER.install_default();
    });
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as B64};
    use chrono::TimeZone;
    use uuid::Uuid;

    use super::*;

    fn key(id: &str, byte: u8) -> SigningKey {
        SigningKey { id: id.to_owned(), secret: vec![byte; 32] }
    }

    fn now() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 11, 23, 8, 0, 0).unwrap()
    }

    fn sign(tokens: &Tokens) -> String {
        tokens.sign(MemberId(Uuid::nil()), SessionId(Uuid::nil()), 3, now()).unwrap()
    }

    #[test]
    fn a_token_is_good_for_its_life_and_not_a_second_longer() {
        let tokens = Tokens::new(vec![key("a", 1)]);
        let token = sign(&tokens);
        assert_eq!(tokens.verify(&token, now()).map(|c| c.generation), Ok(3));
        assert!(tokens.verify(&token, now() + ACCESS_LIFE - TimeDelta::seconds(1)).is_ok());
        assert_eq!(tokens.verify(&token, now() + ACCESS_LIFE), Err(BadToken::Bad));
        assert_eq!(tokens.verify(&token, now() - TimeDelta::hours(1)), Err(BadToken::Bad));
    }

    #[test]
    fn a_token_outlives_the_key_that_a_newer_one_replaced() {
        let tokens = Tokens::new(vec![key("a", 1)]);
        let token = sign(&tokens);
        tokens.replace(vec![key("b", 2), key("a", 1)]);
        assert!(tokens.verify(&token, now()).is_ok());
        tokens.replace(vec![key("b", 2)]);
        assert_eq!(tokens.verify(&token, now()), Err(BadToken::UnknownKey));
    }

    #[test]
    fn forged_tokens_are_refused() {
        let tokens = Tokens::new(vec![key("a", 1)]);
        let honest = sign(&tokens);
        let parts: Vec<&str> = honest.split('.').collect();
        let forged_header = |header: &str| format!("{}.{}.{}", B64.encode(header), parts[1], parts[2]);
        let other_key = sign(&Tokens::new(vec![key("a", 9)]));
        let mut forged = vec![String::new(), "a.b.c".to_owned(), other_key, format!("{}.{}.", parts[0], parts[1])];
        for alg in ["none", "None", "nOnE", "HS384", "HS512", "RS256", "ES256"] {
            forged.push(forged_header(&format!(r#"{{"typ":"JWT","alg":"{alg}","kid":"a"}}"#)));
        }
        for kid in ["../../etc/passwd", "a' OR 1=1 --", "http://example.org/jwks", "", &"k".repeat(10_000)] {
            forged.push(forged_header(&format!(r#"{{"typ":"JWT","alg":"HS256","kid":"{kid}"}}"#)));
        }
        forged.push(forged_header(r#"{"typ":"JWT","alg":"HS256"}"#));
        forged.push(format!("{}.{}.{}", parts[0], B64.encode(r#"{"iss":"yizhan","exp":99999999999}"#), parts[2]));
        for token in forged {
            assert!(tokens.verify(&token, now()).is_err(), "{token}");
        }
    }
}
