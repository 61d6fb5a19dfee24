//! Certificates: only one that is valid today and from an authority that this computer trusts will do.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::Command;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use sunbench_sync::adapters::reference::ReferenceClient;
use sunbench_sync::client::PlatformClient as _;
use sunbench_sync::{ClientError, FailureCode, SyncError};

use crate::fake::{Reply, capabilities, clock_behind};

/// A platform with this certificate, which answers every request with its capabilities; its address.
fn serve(chain: Vec<CertificateDer<'static>>, key: &KeyPair) -> String {
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key).unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(connection, stream.unwrap());
            let mut piece = [0; 4_096];
            // A client that does not trust us ends the connection here.
            if stream.read(&mut piece).is_ok_and(|length| length > 0) {
                let Reply::Json(_, body) = capabilities(&[1]) else { unreachable!() };
                let body = body.to_string();
                let head =
                    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
                let _ = stream.write_all((head + &body).as_bytes());
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        }
    });
    url
}

fn params(years: std::ops::Range<i32>) -> CertificateParams {
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.not_before = date_time_ymd(years.start, 1, 1);
    params.not_after = date_time_ymd(years.end, 1, 1);
    params
}

fn name(error: Option<ClientError>) -> String {
    match error {
        None => "connected".to_owned(),
        Some(ClientError::Tls(why)) => {
            let shown = SyncError::from(ClientError::Tls(why.clone()));
            assert_eq!(shown.code(), FailureCode::Insecure);
            assert!(!shown.is_passing(), "asking again does not help");
            why
        }
        Some(other) => format!("{other:?}"),
    }
}

#[tokio::test]
async fn a_certificate_of_its_own_is_not_trusted() {
    let key = KeyPair::generate().unwrap();
    let certificate = params(2020..2099).self_signed(&key).unwrap();
    let url = serve(vec![certificate.der().clone()], &key);
    let client = ReferenceClient::new(&url, None, clock_behind(0)).unwrap();
    let why = name(client.capabilities().await.err());
    assert!(why.contains("UnknownIssuer"), "{why}");
}

/// Whom a computer trusts is known to a whole process, so this one asks in another.
#[test]
fn a_certificate_is_for_its_time_and_its_name() {
    let (ca_key, mut ca) = (KeyPair::generate().unwrap(), params(2020..2099));
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = ca.self_signed(&ca_key).unwrap();
    let issuer = Issuer::new(ca, ca_key);
    let folder = tempfile::tempdir().unwrap();
    let trusted = folder.path().join("ca.pem");
    std::fs::write(&trusted, authority.pem()).unwrap();
    let mut elsewhere = params(2020..2099);
    elsewhere.subject_alt_names =
        CertificateParams::new(vec!["example.com".to_owned()]).unwrap().subject_alt_names;
    for (params, expected) in [
        (params(2020..2099), "connected"),
        (params(2020..2021), "certificate expired"),
        (params(2098..2099), "not valid yet"),
        (elsewhere, "not valid for name"),
    ] {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &issuer).unwrap();
        let url = serve(vec![certificate.der().clone(), authority.der().clone()], &key);
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "tls::as_another_process", "--ignored", "--nocapture"])
            .env("SSL_CERT_FILE", &trusted)
            .env("SUNBENCH_TEST_URL", &url)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains(expected), "{expected}: {said}");
    }
}

#[tokio::test]
#[ignore = "the other process of a_certificate_is_for_its_time_and_its_name"]
async fn as_another_process() {
    let Ok(url) = std::env::var("SUNBENCH_TEST_URL") else { return };
    let client = ReferenceClient::new(&url, None, clock_behind(0)).unwrap();
    println!("{}", name(client.capabilities().await.err()));
}
