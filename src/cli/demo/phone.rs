//! A phone that speaks HTTP: what an employee's and a supervisor's programs do.

use reqwest::{
    Client, Response,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::Failure;
use crate::model::time::Timestamp;

/// A signed-in phone.
pub struct Phone<'a> {
    client: &'a Client,
    url: &'a str,
    token: String,
}

/// Where a phone is and what it shows.
pub struct Capture {
    pub latitude: f64,
    pub longitude: f64,
    pub accuracy_m: f64,
    pub photo: Vec<u8>,
}

impl<'a> Phone<'a> {
    /// Signs in.
    pub async fn sign_in(client: &'a Client, url: &'a str, nip: &str, password: &str) -> Result<Self, Failure> {
        let body = json!({ "nip": nip, "password": password });
        let answer = json_of(client.post(format!("{url}/api/v1/session")).json(&body).send().await?).await?;
        let token = answer["access_token"].as_str().ok_or("no access token")?.to_owned();
        Ok(Self { client, url, token })
    }

    /// Takes a challenge and sends a check-in; gives the answer.
    pub async fn check_in(&self, slot: &str, id: Uuid, now: Timestamp, capture: Capture) -> Result<Value, Failure> {
        let challenge = self.post("/api/v1/challenges", &json!({ "slot": slot })).await?;
        let checkin = json!({
            "id": id,
            "challenge": challenge["challenge"],
            "sent_at": now,
            "captured_at": now.plus_seconds(-5),
            "accuracy_basis": "web",
            "client": "hadir demo",
            "fixes": [{
                "latitude": capture.latitude, "longitude": capture.longitude, "accuracy_m": capture.accuracy_m,
                "fix_time": now.plus_seconds(-8),
            }],
        });
        let form = Form::new()
            .part("checkin", Part::text(checkin.to_string()).mime_str("application/json")?)
            .part("photo", Part::bytes(capture.photo).file_name("photo.jpg").mime_str("image/jpeg")?);
        let request = self.client.post(format!("{}/api/v1/presence/{slot}", self.url)).bearer_auth(&self.token);
        json_of(request.multipart(form).send().await?).await
    }

    /// Reads an address.
    pub async fn get(&self, path: &str) -> Result<Value, Failure> {
        json_of(self.client.get(format!("{}{path}", self.url)).bearer_auth(&self.token).send().await?).await
    }

    /// Opens a photo.
    pub async fn open(&self, path: &str) -> Result<(), Failure> {
        let response = self.client.get(format!("{}{path}", self.url)).bearer_auth(&self.token).send().await?;
        response.error_for_status()?.bytes().await?;
        Ok(())
    }

    /// Posts JSON to an address.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        let request = self.client.post(format!("{}{path}", self.url)).bearer_auth(&self.token);
        json_of(request.json(body).send().await?).await
    }
}

async fn json_of(response: Response) -> Result<Value, Failure> {
    let (status, text) = (response.status(), response.text().await?);
    if status.is_success() { Ok(serde_json::from_str(&text)?) } else { Err(format!("{status}: {text}").into()) }
}
