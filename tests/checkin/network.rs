//! Bad networks, busy servers, and a server that is stopped while somebody sends.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::support::{CheckIn, EMPLOYEE, Engine, Phone, TestApp, photos};

/// A request by hand: head and body, to be sent as slowly as one likes.
async fn by_hand(phone: &Phone<'_>, checkin: &CheckIn) -> (TcpStream, Vec<u8>, Vec<u8>) {
    let draft = phone.draft(checkin).await.to_string();
    let mut body = format!(
        "--edge\r\ncontent-disposition: form-data; name=\"checkin\"\r\ncontent-type: application/json\r\n\r\n{draft}\r\n\
         --edge\r\ncontent-disposition: form-data; name=\"photo\"; filename=\"p.jpg\"\r\ncontent-type: image/jpeg\r\n\r\n"
    )
    .into_bytes();
    body.extend(&checkin.photo);
    body.extend(b"\r\n--edge--\r\n");
    let head = format!(
        "POST /api/v1/presence/morning HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\n\
         content-type: multipart/form-data; boundary=edge\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        phone.token,
        body.len()
    );
    let stream = TcpStream::connect(phone.app.url.trim_start_matches("http://")).await.expect("a connection");
    (stream, head.into_bytes(), body)
}

async fn answer_of(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("an answer");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_stands_still_is_told_so_and_nothing_is_stored() {
    let app = TestApp::start_with(Engine::Sqlite, |config| config.upload_idle_s = 1).await;
    let phone = app.phone(EMPLOYEE).await;
    let (mut stream, head, body) = by_hand(&phone, &CheckIn::morning()).await;
    stream.write_all(&head).await.unwrap();
    stream.write_all(&body[..body.len() / 2]).await.unwrap();
    let answer = answer_of(stream).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("upload-stalled"), "{answer}");
    assert_eq!(app.stored().await, (0, 0));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_drips_for_ever_is_cut_off_by_the_total_time() {
    let app = TestApp::start_with(Engine::Sqlite, |config| {
        config.upload_idle_s = 1;
        config.upload_total_s = 2;
    })
    .await;
    let phone = app.phone(EMPLOYEE).await;
    let (mut stream, head, body) = by_hand(&phone, &CheckIn::morning()).await;
    stream.write_all(&head).await.unwrap();
    let (mut reading, mut writing) = stream.into_split();
    let dripping = tokio::spawn(async move {
        for byte in body {
            if writing.write_all(&[byte]).await.is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    let mut answer = vec![0; 12];
    reading.read_exact(&mut answer).await.unwrap();
    dripping.abort();
    assert_eq!(String::from_utf8_lossy(&answer), "HTTP/1.1 408");
    assert_eq!(app.stored().await, (0, 0));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_that_vanishes_leaves_nothing_and_gives_its_place_back() {
    let app = TestApp::start(Engine::Sqlite).await;
    let phone = app.phone(EMPLOYEE).await;
    let free = app.app.work.upload_bytes_free();
    let (mut stream, head, body) = by_hand(&phone, &CheckIn::morning()).await;
    stream.write_all(&head).await.unwrap();
    stream.write_all(&body[..body.len() / 2]).await.unwrap();
    stream.flush().await.unwrap();
    while app.app.work.upload_bytes_free() == free {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    drop(stream);
    while app.app.work.upload_bytes_free() != free {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(app.stored().await, (0, 0));
    assert_eq!(phone.check_in(CheckIn::morning()).await.status, 201);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_in_is_stored_even_when_the_phone_goes_away_before_the_answer() {
    let app = TestApp::start(Engine::Sqlite).await;
    let phone = app.phone(EMPLOYEE).await;
    let (mut stream, head, body) = by_hand(&phone, &CheckIn::morning()).await;
    stream.write_all(&head).await.unwrap();
    stream.write_all(&body).await.unwrap();
    stream.flush().await.unwrap();
    // The whole request is on its way; the phone does not wait for the receipt.
    while app.stored().await.0 == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    drop(stream);
    assert_eq!(app.stored().await, (1, 1));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_server_says_when_to_come_back() {
    let photo = photos::room();
    let room = photo.len() + 20_000;
    let app = TestApp::start_with(Engine::Sqlite, |config| {
        config.photo_max_bytes = room;
        config.upload_budget_bytes = room + 16_384 + 4096;
        config.admission_wait_ms = 100;
    })
    .await;
    let phone = app.phone(EMPLOYEE).await;
    let (mut first, head, body) = by_hand(&phone, &CheckIn { photo: photo.clone(), ..CheckIn::morning() }).await;
    first.write_all(&head).await.unwrap();
    first.write_all(&body[..100]).await.unwrap();
    let free = app.app.work.upload_bytes_free();
    while app.app.work.upload_bytes_free() == free && free > photo.len() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let busy = phone.check_in(CheckIn { photo, ..CheckIn::morning() }).await;
    assert_eq!((busy.status, busy.code(), busy.header("retry-after")), (503, "busy", "5"), "{}", busy.text);
    first.write_all(&body[100..]).await.unwrap();
    let answer = answer_of(first).await;
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    assert_eq!(app.stored().await, (1, 1));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_finishes_the_upload_that_is_under_way() {
    let app = TestApp::start(Engine::Sqlite).await;
    let phone = app.phone(EMPLOYEE).await;
    let free = app.app.work.upload_bytes_free();
    let (mut stream, head, body) = by_hand(&phone, &CheckIn::morning()).await;
    stream.write_all(&head).await.unwrap();
    stream.write_all(&body[..200]).await.unwrap();
    while app.app.work.upload_bytes_free() == free {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let inner = std::sync::Arc::clone(&app.app);
    let stopping = app.stop();
    let sending = async {
        while inner.is_accepting() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        stream.write_all(&body[200..]).await.unwrap();
        answer_of(stream).await
    };
    let (answer, ()) = tokio::join!(sending, stopping);
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn endless_empty_parts_of_unannounced_length_end_at_the_first() {
    let app = TestApp::start(Engine::Sqlite).await;
    let phone = app.phone(EMPLOYEE).await;
    let mut stream = TcpStream::connect(app.url.trim_start_matches("http://")).await.unwrap();
    let head = format!(
        "POST /api/v1/presence/morning HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\n\
         content-type: multipart/form-data; boundary=b\r\ntransfer-encoding: chunked\r\n\r\n",
        phone.token
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let parts = "--b\r\ncontent-disposition: form-data; name=\"x\"\r\n\r\n\r\n".repeat(1000);
    let chunk = format!("{:x}\r\n{parts}\r\n", parts.len());
    let (mut reading, mut writing) = stream.into_split();
    let flooding = tokio::spawn(async move {
        // 400,000 parts, unless the server has had enough before.
        for _ in 0..400 {
            if writing.write_all(chunk.as_bytes()).await.is_err() {
                return;
            }
        }
    });
    let mut answer = vec![0; 12];
    reading.read_exact(&mut answer).await.unwrap();
    flooding.abort();
    assert_eq!(String::from_utf8_lossy(&answer), "HTTP/1.1 400");
    assert_eq!(app.stored().await, (0, 0));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_person_cannot_take_all_the_room_for_uploads() {
    let app = TestApp::start_with(Engine::Sqlite, |config| {
        config.upload_person_bytes = 200_000;
        config.admission_wait_ms = 100;
    })
    .await;
    let phone = app.phone(EMPLOYEE).await;
    let free = app.app.work.upload_bytes_free();
    let (mut held, head, body) = by_hand(&phone, &CheckIn { photo: vec![0xFF; 190_000], ..CheckIn::morning() }).await;
    held.write_all(&head).await.unwrap();
    held.write_all(&body[..100]).await.unwrap();
    while app.app.work.upload_bytes_free() == free {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let own = phone.check_in(CheckIn::morning()).await;
    assert_eq!((own.status, own.code()), (503, "busy"));
    let other = app.phone(crate::support::COLLEAGUE).await.check_in(CheckIn::morning()).await;
    assert_eq!(other.status, 201, "{}", other.text);
    drop(held);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_whose_body_never_comes_is_cut_off() {
    let app = TestApp::start_with(Engine::Sqlite, |config| config.request_total_s = 1).await;
    let mut stream = TcpStream::connect(app.url.trim_start_matches("http://")).await.unwrap();
    let head = "POST /api/v1/session HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{";
    stream.write_all(head.as_bytes()).await.unwrap();
    let answer = answer_of(stream).await;
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("request-slow"), "{answer}");
    app.stop().await;
}
