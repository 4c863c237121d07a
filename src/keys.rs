//! Keys: all derived from one secret of 32 bytes, so that there is one thing to guard and to share among replicas.

use std::{io::Write as _, path::Path};

use aws_lc_rs::{
    hkdf, hmac,
    signature::{Ed25519KeyPair, KeyPair as _},
};
use jsonwebtoken::{DecodingKey, EncodingKey};
use sha2::{Digest as _, Sha256};

use crate::model::chance::Chance;

/// A key pair that signs tokens of one kind.
pub struct Signer {
    /// Names the key in a token's header.
    pub kid: String,
    /// The raw public key.
    pub public: [u8; 32],
    /// Signs.
    pub encoding: EncodingKey,
    /// Verifies.
    pub decoding: DecodingKey,
}

/// Every key of a server.
pub struct Keys {
    /// Signs access tokens.
    pub access: Signer,
    /// Signs receipts.
    pub receipts: Signer,
    /// Makes and checks refresh tokens.
    pub refresh: hmac::Key,
    /// Makes and checks the mark of a known device.
    pub device: hmac::Key,
    /// Seals display copies, so that one put there by somebody else is noticed.
    pub copies: hmac::Key,
    /// Lets positions be compared without being told.
    pub positions: hmac::Key,
}

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file can be neither read nor made.
    #[error("the secret in {path} cannot be read or made: {source}")]
    File {
        /// Which file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The file holds something else.
    #[error("the secret in {0} has to be 64 hexadecimal digits")]
    Malformed(String),
    /// The library refused.
    #[error("a key could not be derived")]
    Derivation,
}

impl Keys {
    /// Reads the secret; where `may_create` allows it, makes it on the first start (readable by the owner only).
    ///
    /// # Errors
    /// [`KeyError`] says what is wrong with the file.
    pub fn load(path: &Path, may_create: bool, chance: &Chance) -> Result<Self, KeyError> {
        let failed = |source| KeyError::File { path: path.display().to_string(), source };
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if may_create && error.kind() == std::io::ErrorKind::NotFound => {
                create_once(path, &hex::encode(chance.bytes::<32>())).map_err(failed)?;
                // Read back: another replica may have been first.
                std::fs::read_to_string(path).map_err(failed)?
            }
            Err(error) => return Err(failed(error)),
        };
        let mut secret = [0; 32];
        hex::decode_to_slice(text.trim(), &mut secret).map_err(|_| KeyError::Malformed(path.display().to_string()))?;
        Self::derive(&secret)
    }

    /// Derives every key from the secret (HKDF-SHA-256, RFC 5869; one label a key).
    ///
    /// # Errors
    /// [`KeyError::Derivation`] when the library refuses.
    pub fn derive(secret: &[u8; 32]) -> Result<Self, KeyError> {
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, b"hadir").extract(secret);
        let derive = |label: &[u8]| -> Result<[u8; 32], KeyError> {
            let mut out = [0; 32];
            let labels = [label];
            let okm = root.expand(&labels, hkdf::HKDF_SHA256).map_err(|_| KeyError::Derivation)?;
            okm.fill(&mut out).map_err(|_| KeyError::Derivation)?;
            Ok(out)
        };
        Ok(Self {
            access: Signer::from_seed(&derive(b"access token v1")?)?,
            receipts: Signer::from_seed(&derive(b"receipt v1")?)?,
            refresh: hmac::Key::new(hmac::HMAC_SHA256, &derive(b"refresh token v1")?),
            device: hmac::Key::new(hmac::HMAC_SHA256, &derive(b"known device v1")?),
            copies: hmac::Key::new(hmac::HMAC_SHA256, &derive(b"display copy v1")?),
            positions: hmac::Key::new(hmac::HMAC_SHA256, &derive(b"position v1")?),
        })
    }
}

impl Signer {
    fn from_seed(seed: &[u8; 32]) -> Result<Self, KeyError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| KeyError::Derivation)?;
        let pkcs8 = pair.to_pkcs8v1().map_err(|_| KeyError::Derivation)?;
        let public: [u8; 32] = pair.public_key().as_ref().try_into().map_err(|_| KeyError::Derivation)?;
        Ok(Self {
            kid: hex::encode(&Sha256::digest(public)[..8]),
            public,
            encoding: EncodingKey::from_ed_der(pkcs8.as_ref()),
            decoding: DecodingKey::from_ed_der(&public),
        })
    }
}

/// Writes a file of secrets aside and links it into place, so that nobody ever reads half of it; whoever is first wins.
pub(crate) fn create_once(path: &Path, text: &str) -> std::io::Result<()> {
    let aside = write_aside(path, text)?;
    let linked = std::fs::hard_link(&aside, path);
    std::fs::remove_file(&aside)?;
    match linked {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Puts another text into the place of a file of secrets, at once.
pub(crate) fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let aside = write_aside(path, text)?;
    std::fs::rename(&aside, path)?;
    // The name is durable when its folder is.
    std::fs::File::open(path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")))?
        .sync_all()
}

fn write_aside(path: &Path, text: &str) -> std::io::Result<std::path::PathBuf> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let aside = path.with_extension(format!("{}.new", std::process::id()));
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&aside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(aside)
}
