//! Secrets: what is sealed, what is only compared, and what is only hashed.
//!
//! Names and phone numbers are sealed with ChaCha20-Poly1305 under a key that is derived from the installation's secret key;
//! the place a value belongs to is part of the seal, so that a sealed number moved to another row does not open. A phone is
//! looked up by its blind index, an HMAC under another key. Whoever has only the database can neither read nor search.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD};
use entity::{ids::MemberId, member, values::Phone};
use ring::{aead, digest, hkdf, hmac};

use crate::clock::Clock;

/// Seals, opens and indexes.
pub struct Vault {
    seal: aead::LessSafeKey,
    index: hmac::Key,
    codes: hmac::Key,
    takers: hmac::Key,
    clock: Clock,
}

/// A sealed value that does not open: another key, another place, or damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sealed value does not open")]
pub struct Sealed;

/// How long a secret key is, in bytes.
pub const KEY_LENGTH: usize = 32;

impl Vault {
    /// A vault under the installation's secret key.
    #[must_use]
    pub fn new(key: &[u8; KEY_LENGTH], clock: Clock) -> Self {
        let derive = |purpose: &str| -> [u8; 32] {
            let mut derived = [0; 32];
            hkdf::Salt::new(hkdf::HKDF_SHA256, b"yizhan")
                .extract(key)
                .expand(&[purpose.as_bytes()], hkdf::HKDF_SHA256)
                .and_then(|okm| okm.fill(&mut derived))
                .expect("32 bytes are a valid length for HKDF-SHA-256");
            derived
        };
        let unbound = aead::UnboundKey::new(&aead::CHACHA20_POLY1305, &derive("seal")).expect("32 bytes are a valid key");
        Self {
            seal: aead::LessSafeKey::new(unbound),
            index: hmac::Key::new(hmac::HMAC_SHA256, &derive("phone index")),
            codes: hmac::Key::new(hmac::HMAC_SHA256, &derive("one-time codes")),
            takers: hmac::Key::new(hmac::HMAC_SHA256, &derive("takers")),
            clock,
        }
    }

    /// Seals a text for a place (`member.phone:<id>`): 12 bytes of nonce, then the ciphertext and its tag.
    #[must_use]
    pub fn seal(&self, place: &str, text: &str) -> Vec<u8> {
        let nonce: [u8; aead::NONCE_LEN] = self.clock.random();
        let mut sealed = text.as_bytes().to_vec();
        self.seal
            .seal_in_place_append_tag(aead::Nonce::assume_unique_for_key(nonce), aead::Aad::from(place), &mut sealed)
            .expect("a short text is sealed");
        [nonce.as_slice(), &sealed].concat()
    }

    /// Opens what was sealed for that place.
    ///
    /// # Errors
    /// [`Sealed`].
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<String, Sealed> {
        let (nonce, ciphertext) = sealed.split_at_checked(aead::NONCE_LEN).ok_or(Sealed)?;
        let nonce = aead::Nonce::try_assume_unique_for_key(nonce).map_err(|_| Sealed)?;
        let mut buffer = ciphertext.to_vec();
        let plain = self.seal.open_in_place(nonce, aead::Aad::from(place), &mut buffer).map_err(|_| Sealed)?;
        String::from_utf8(plain.to_vec()).map_err(|_| Sealed)
    }

    /// The blind index of a phone number.
    #[must_use]
    pub fn index(&self, phone: &Phone) -> Vec<u8> {
        hmac::sign(&self.index, phone.e164().as_bytes()).as_ref().to_vec()
    }

    /// By what a person's takes are found, so that limits can be kept: no name, no index of the register, and under a key of
    /// its own, so that the two cannot be laid side by side.
    #[must_use]
    pub fn person_key(&self, phone: &Phone) -> Vec<u8> {
        hmac::sign(&self.takers, phone.e164().as_bytes()).as_ref().to_vec()
    }

    /// As [`Self::person_key`], for whoever does not say who they are: what they hold in their hand, or the network they come from.
    #[must_use]
    pub fn device_key(&self, device: &str) -> Vec<u8> {
        hmac::sign(&self.takers, format!("device:{device}").as_bytes()).as_ref().to_vec()
    }

    /// What is kept of a text that nobody may come back to, not even whoever has the database: it is known again, and no more.
    #[must_use]
    pub fn veil(&self, text: &[u8]) -> Vec<u8> {
        hmac::sign(&self.takers, &[b"veil:", text].concat()).as_ref().to_vec()
    }

    /// What is kept of a one-time code that was sent to a phone.
    #[must_use]
    pub fn code_hash(&self, phone: &Phone, code: &str) -> Vec<u8> {
        hmac::sign(&self.codes, format!("{}:{code}", phone.e164()).as_bytes()).as_ref().to_vec()
    }

    /// The phone number of a member, if they have one and it opens.
    #[must_use]
    pub fn phone_of(&self, member: &member::Model) -> Option<Phone> {
        let sealed = member.phone_sealed.as_deref()?;
        self.open(&phone_place(member.id), sealed).ok().and_then(|text| Phone::parse(&text).ok())
    }

    /// The name of a member, if they gave one and it opens.
    #[must_use]
    pub fn name_of(&self, member: &member::Model) -> Option<String> {
        self.open(&name_place(member.id), member.name_sealed.as_deref()?).ok()
    }

    /// A new secret to hand out once: 256 random bits in base64url.
    #[must_use]
    pub fn new_secret(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.clock.random::<32>())
    }

    /// A one-time code of six digits.
    #[must_use]
    pub fn new_code(&self) -> String {
        // 2³² is not a multiple of 10⁶; the bias of 1 in 4,295 helps nobody who has five tries.
        format!("{:06}", u32::from_le_bytes(self.clock.random()) % 1_000_000)
    }
}

/// The place of a member's phone number.
#[must_use]
pub fn phone_place(id: MemberId) -> String {
    format!("member.phone:{id}")
}

/// The place of a member's name.
#[must_use]
pub fn name_place(id: MemberId) -> String {
    format!("member.name:{id}")
}

/// SHA-256: what is kept of a secret with 256 bits of its own, and the fingerprint of a request.
#[must_use]
pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, bytes).as_ref().to_vec()
}

/// Equal, in a time that does not tell where they differ?
#[must_use]
pub fn equal(a: &[u8], b: &[u8]) -> bool {
    // Comparing the digests instead of the values: what the time tells about a digest helps nobody.
    sha256(a) == sha256(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault() -> Vault {
        Vault::new(&[7; KEY_LENGTH], Clock::system())
    }

    #[test]
    fn what_is_sealed_for_one_place_does_not_open_at_another() {
        let sealed = vault().seal("member.phone:a", "+8613800138000");
        assert_eq!(vault().open("member.phone:a", &sealed).as_deref(), Ok("+8613800138000"));
        assert_eq!(vault().open("member.phone:b", &sealed), Err(Sealed));
    }

    #[test]
    fn a_changed_or_shortened_seal_does_not_open() {
        let sealed = vault().seal("x", "text");
        for length in 0..sealed.len() {
            assert_eq!(vault().open("x", &sealed[..length]), Err(Sealed));
        }
        for position in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[position] ^= 1;
            assert_eq!(vault().open("x", &changed), Err(Sealed));
        }
    }

    #[test]
    fn the_same_number_is_sealed_differently_each_time_and_indexed_the_same() {
        let phone = Phone::parse("13800138000").unwrap();
        assert_ne!(vault().seal("x", phone.e164()), vault().seal("x", phone.e164()));
        assert_eq!(vault().index(&phone), vault().index(&phone));
        assert_ne!(vault().index(&phone), Vault::new(&[8; KEY_LENGTH], Clock::system()).index(&phone));
    }
}
