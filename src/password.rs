//! Passwords of staff: argon2id with the parameters OWASP asks for (19 MiB, 2 passes, 1 lane), in threads of their own.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};

use crate::db::Trouble;

/// The fewest characters of a password.
pub const SHORTEST: usize = 8;

fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19 * 1024, 2, 1, None).expect("OWASP's parameters are valid"))
}

/// The hash of a password, in PHC form.
///
/// # Errors
/// [`Trouble::Fault`]: the machine gave no thread or no randomness.
pub async fn hash(password: String) -> Result<String, Trouble> {
    let hashed = tokio::task::spawn_blocking(move || argon2().hash_password(password.as_bytes()).map(|hash| hash.to_string()));
    hashed.await.map_err(|e| Trouble::Fault(e.to_string()))?.map_err(|e| Trouble::Fault(e.to_string()))
}

/// Does this password have this hash? Takes as long without a hash as with one.
pub async fn fits(password: String, hash: Option<String>) -> bool {
    let checked = tokio::task::spawn_blocking(move || match hash.as_deref().map(PasswordHash::new) {
        Some(Ok(hash)) => argon2().verify_password(password.as_bytes(), &hash).is_ok(),
        _ => {
            // Only the time it takes matters here.
            let _ = argon2().hash_password(password.as_bytes());
            false
        }
    });
    checked.await.unwrap_or(false)
}
