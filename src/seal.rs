//! Sealing: what must not be read in a database, a backup or a dump is encrypted here and opened here.
//!
//! Each sealed text has a data key of its own; the data key is wrapped by a key of the ring, which lies in a file outside
//! the database. To rotate means to wrap the data keys anew; the texts themselves are not touched. Where a text is
//! kept (table, column, id of its row) is bound into it, so that it opens in no other row.
//!
//! Layout: `1 | id of the ring's key (4) | nonce (12) | wrapped data key (48) | nonce (12) | text and tag`, AES-256-GCM
//! twice.

use std::{
    path::{Path, PathBuf},
    sync::{PoisonError, RwLock},
};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::{keys::create_once, model::chance::Chance};

/// First byte of everything sealed. Texts from before sealing begin with a brace; only [`Sealer::renewed`] takes them.
const VERSION: u8 = 1;
const PLAIN: u8 = b'{';
const KEY_LEN: usize = 32;
const TAG_LEN: usize = 16;
const KEY_ID_END: usize = 5;
const WRAPPED_END: usize = KEY_ID_END + NONCE_LEN + KEY_LEN + TAG_LEN;
const HEAD_LEN: usize = WRAPPED_END + NONCE_LEN;

/// The line of the ring's file that says that nothing plain is left: from then on plain text is not believed any more.
const ALL_SEALED: &str = "all sealed";

/// Where a sealed text is kept.
#[derive(Clone, Copy, Debug)]
pub struct Cell<'a> {
    /// `table.column`.
    pub column: &'static str,
    /// Id of the row.
    pub id: &'a uuid::Uuid,
}

/// Why something was not sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The ring can be neither read nor made.
    #[error("the sealing keys in {path} cannot be read or made: {source}")]
    File {
        /// Which file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The file holds something else.
    #[error("the sealing keys in {path}, line {line}, have to be a number and 64 hexadecimal digits")]
    Malformed {
        /// Which file.
        path: String,
        /// Where.
        line: usize,
    },
    /// The ring does not hold the key.
    #[error("sealing key {0} is not in the ring; was it taken away too early?")]
    UnknownKey(u32),
    /// The text was changed, cut, or belongs to another row.
    #[error("a sealed text of {0} does not open: it was changed, or it belongs to another row")]
    Broken(&'static str),
    /// The ring was changed meanwhile.
    #[error("another sealing key was added meanwhile; run it again")]
    Moved,
    /// The library refused.
    #[error("a text could not be sealed")]
    Refused,
}

struct Key {
    id: u32,
    secret: [u8; KEY_LEN],
}

/// Seals and opens; shared by everybody who may.
pub struct Sealer {
    path: PathBuf,
    ring: RwLock<Ring>,
}

#[derive(Default)]
struct Ring {
    /// The last one seals.
    keys: Vec<Key>,
    /// Whether plain text from before sealing is still taken.
    all_sealed: bool,
}

impl Sealer {
    /// Reads the ring; where `may_create` allows it, makes one with one key (readable by the owner only).
    ///
    /// # Errors
    /// [`SealError`] says what is wrong with the file.
    pub fn load(path: &Path, may_create: bool, chance: &Chance) -> Result<Self, SealError> {
        if may_create && !path.exists() {
            let first = format!("{} {}\n", new_id(chance), hex::encode(chance.bytes::<KEY_LEN>()));
            create_once(path, &first).map_err(|source| file_error(path, source))?;
        }
        Ok(Self { path: path.to_owned(), ring: RwLock::new(read(path)?) })
    }

    /// Reads the file again; says which key seals now.
    ///
    /// # Errors
    /// [`SealError`]; the ring stays as it was.
    pub fn reload(&self) -> Result<u32, SealError> {
        let ring = read(&self.path)?;
        let current = ring.keys.last().map_or(0, |key| key.id);
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = ring;
        Ok(current)
    }

    /// Adds a key, which seals from now on; says its id.
    ///
    /// # Errors
    /// [`SealError`] when the file cannot be written; the old one then still stands.
    pub fn add_key(&self, chance: &Chance) -> Result<u32, SealError> {
        let mut ring = read(&self.path)?;
        ring.keys.push(Key { id: new_id(chance), secret: chance.bytes() });
        self.write(&ring)?;
        self.reload()
    }

    /// Keeps others from changing the ring until the guard is dropped.
    ///
    /// # Errors
    /// [`SealError::File`] when there can be no lock beside the file.
    pub fn lock(&self) -> Result<std::fs::File, SealError> {
        let path = self.path.with_extension("lock");
        let failed = |source| file_error(&path, source);
        let file = std::fs::File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
        file.lock().map_err(failed)?;
        Ok(file)
    }

    /// Whether there can be nothing to renew: nothing plain is left, and there is one key only.
    pub fn is_settled(&self) -> bool {
        let ring = self.ring();
        ring.all_sealed && ring.keys.len() == 1
    }

    /// From now on plain text is not believed any more; said once nothing plain is left.
    ///
    /// # Errors
    /// As [`Sealer::add_key`].
    pub fn all_is_sealed(&self) -> Result<(), SealError> {
        if self.ring().all_sealed {
            return Ok(());
        }
        let _lock = self.lock()?;
        self.write(&Ring { all_sealed: true, ..read(&self.path)? })?;
        self.reload().map(drop)
    }

    /// Takes every key but the current one away; says which are gone. Nothing may be sealed by them any more.
    ///
    /// # Errors
    /// As [`Sealer::add_key`]; [`SealError::Moved`] when another key has come since.
    pub fn retire_old(&self, current: u32) -> Result<Vec<u32>, SealError> {
        let mut ring = read(&self.path)?;
        if ring.keys.last().is_none_or(|key| key.id != current) {
            return Err(SealError::Moved);
        }
        let old = ring.keys.len() - 1;
        let gone = ring.keys.drain(..old).map(|key| key.id).collect();
        self.write(&ring)?;
        self.reload()?;
        Ok(gone)
    }

    /// Seals a text for its cell.
    ///
    /// # Errors
    /// [`SealError::Refused`].
    pub fn seal(&self, chance: &Chance, cell: Cell<'_>, text: &[u8]) -> Result<Vec<u8>, SealError> {
        let data_key: [u8; KEY_LEN] = chance.bytes();
        let mut sealed = Vec::with_capacity(HEAD_LEN + text.len() + TAG_LEN);
        self.wrap(chance, cell, &data_key, &mut sealed)?;
        let nonce: [u8; NONCE_LEN] = chance.bytes();
        sealed.extend_from_slice(&nonce);
        let mut body = text.to_vec();
        encrypt(&data_key, nonce, cell, &mut body)?;
        sealed.append(&mut body);
        Ok(sealed)
    }

    /// Opens a text. One that is not sealed is broken: whoever can write into the database must not be believed.
    ///
    /// # Errors
    /// [`SealError::UnknownKey`] or [`SealError::Broken`].
    pub fn open(&self, cell: Cell<'_>, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let data_key = self.unwrap(cell, sealed)?;
        let (head, body) = sealed.split_at_checked(HEAD_LEN).ok_or(SealError::Broken(cell.column))?;
        let mut body = body.to_vec();
        decrypt(&data_key, &head[WRAPPED_END..], cell, &mut body)?;
        Ok(body)
    }

    /// The same text under the current key: sealed if it was plain, wrapped anew if by an older key; nothing when it is
    /// so already.
    ///
    /// # Errors
    /// As [`Sealer::open`].
    pub fn renewed(&self, chance: &Chance, cell: Cell<'_>, sealed: &[u8]) -> Result<Option<Vec<u8>>, SealError> {
        if is_plain(sealed) {
            if self.ring().all_sealed {
                return Err(SealError::Broken(cell.column));
            }
            return self.seal(chance, cell, sealed).map(Some);
        }
        let current = self.ring().keys.last().map(|key| key.id);
        if key_id(sealed) == current {
            return Ok(None);
        }
        let data_key = self.unwrap(cell, sealed)?;
        let mut renewed = Vec::with_capacity(sealed.len());
        self.wrap(chance, cell, &data_key, &mut renewed)?;
        renewed.extend_from_slice(&sealed[WRAPPED_END..]);
        Ok(Some(renewed))
    }

    /// `1 | key id | nonce | wrapped data key`.
    fn wrap(
        &self,
        chance: &Chance,
        cell: Cell<'_>,
        data_key: &[u8; KEY_LEN],
        sealed: &mut Vec<u8>,
    ) -> Result<(), SealError> {
        let ring = self.ring();
        let key = ring.keys.last().ok_or(SealError::Refused)?;
        let nonce: [u8; NONCE_LEN] = chance.bytes();
        sealed.push(VERSION);
        sealed.extend_from_slice(&key.id.to_be_bytes());
        sealed.extend_from_slice(&nonce);
        let mut wrapped = data_key.to_vec();
        encrypt(&key.secret, nonce, cell, &mut wrapped)?;
        sealed.append(&mut wrapped);
        Ok(())
    }

    fn unwrap(&self, cell: Cell<'_>, sealed: &[u8]) -> Result<[u8; KEY_LEN], SealError> {
        let broken = || SealError::Broken(cell.column);
        let id = key_id(sealed).ok_or_else(broken)?;
        if !self.ring().keys.iter().any(|key| key.id == id) {
            // Another process may have added it.
            self.reload()?;
        }
        let ring = self.ring();
        let key = ring.keys.iter().find(|key| key.id == id).ok_or(SealError::UnknownKey(id))?;
        let head = sealed.get(KEY_ID_END..WRAPPED_END).ok_or_else(broken)?;
        let (nonce, wrapped) = head.split_at(NONCE_LEN);
        let mut data_key = wrapped.to_vec();
        decrypt(&key.secret, nonce, cell, &mut data_key)?;
        data_key.try_into().map_err(|_| broken())
    }

    fn ring(&self) -> std::sync::RwLockReadGuard<'_, Ring> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts the whole ring into place at once.
    fn write(&self, ring: &Ring) -> Result<(), SealError> {
        let line = |key: &Key| format!("{} {}\n", key.id, hex::encode(key.secret));
        let mut lines: Vec<String> = ring.keys.iter().map(line).collect();
        lines.extend(ring.all_sealed.then(|| format!("{ALL_SEALED}\n")));
        crate::keys::replace(&self.path, &lines.concat()).map_err(|source| file_error(&self.path, source))
    }
}

fn is_plain(sealed: &[u8]) -> bool {
    sealed.first() == Some(&PLAIN)
}

/// Which key of the ring wrapped it; nothing when it is not sealed.
pub fn key_id(sealed: &[u8]) -> Option<u32> {
    let (version, rest) = sealed.split_first()?;
    (*version == VERSION).then(|| rest.first_chunk().map(|id| u32::from_be_bytes(*id))).flatten()
}

/// Names a key; random, so that two rings never give one name to two keys.
fn new_id(chance: &Chance) -> u32 {
    u32::from_be_bytes(chance.bytes())
}

fn read(path: &Path) -> Result<Ring, SealError> {
    let text = std::fs::read_to_string(path).map_err(|source| file_error(path, source))?;
    let malformed = |line| SealError::Malformed { path: path.display().to_string(), line };
    let key = |(line, text): (usize, &str)| {
        let (id, digits) = text.trim().split_once(' ').ok_or_else(|| malformed(line + 1))?;
        let mut secret = [0; KEY_LEN];
        hex::decode_to_slice(digits.trim(), &mut secret).map_err(|_| malformed(line + 1))?;
        Ok(Key { id: id.parse().map_err(|_| malformed(line + 1))?, secret })
    };
    let all_sealed = text.lines().any(|line| line.trim() == ALL_SEALED);
    let lines = text.lines().enumerate().filter(|(_, line)| line.trim() != ALL_SEALED);
    let keys: Vec<Key> = lines.map(key).collect::<Result<_, SealError>>()?;
    if keys.is_empty() { Err(malformed(1)) } else { Ok(Ring { keys, all_sealed }) }
}

fn file_error(path: &Path, source: std::io::Error) -> SealError {
    SealError::File { path: path.display().to_string(), source }
}

/// What a text is bound to.
fn bound(cell: Cell<'_>) -> Aad<Vec<u8>> {
    Aad::from([b"hadir/seal/v1\0", cell.column.as_bytes(), b"\0", cell.id.as_bytes()].concat())
}

fn encrypt(key: &[u8; KEY_LEN], nonce: [u8; NONCE_LEN], cell: Cell<'_>, text: &mut Vec<u8>) -> Result<(), SealError> {
    let key = UnboundKey::new(&AES_256_GCM, key).map_err(|_| SealError::Refused)?;
    let nonce = Nonce::assume_unique_for_key(nonce);
    LessSafeKey::new(key).seal_in_place_append_tag(nonce, bound(cell), text).map_err(|_| SealError::Refused)
}

fn decrypt(key: &[u8; KEY_LEN], nonce: &[u8], cell: Cell<'_>, text: &mut Vec<u8>) -> Result<(), SealError> {
    let broken = |_| SealError::Broken(cell.column);
    let key = UnboundKey::new(&AES_256_GCM, key).map_err(broken)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(broken)?;
    let length = LessSafeKey::new(key).open_in_place(nonce, bound(cell), text).map_err(broken)?.len();
    text.truncate(length);
    Ok(())
}
