//! A certificate for localhost, signed by an authority of the tests' own: whoever is told to trust `ca.pem` trusts it.

use std::{path::PathBuf, sync::Arc};

use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use tokio_rustls::TlsAcceptor;

fn file(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "support", "tls", name].iter().collect()
}

/// The authority's certificate.
pub fn authority() -> PathBuf {
    file("ca.pem")
}

/// What a server on localhost needs.
pub fn acceptor() -> TlsAcceptor {
    let chain = CertificateDer::from_pem_file(file("server.pem")).expect("a certificate");
    let key = PrivateKeyDer::from_pem_file(file("server.key")).expect("a key");
    let config = rustls::ServerConfig::builder().with_no_client_auth().with_single_cert(vec![chain], key);
    TlsAcceptor::from(Arc::new(config.expect("a certificate and its key")))
}
