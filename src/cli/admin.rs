//! `hadir admin`.

use std::io::BufRead as _;

use clap::{Args, Subcommand};

use super::{Failure, Settings};
use crate::people::{self, NewAdministrator};

/// Make administrators and set passwords. The password is read from the first line of standard input.
#[derive(Subcommand)]
pub enum AdminCommand {
    /// Make a person who administers; the unit is made when there is none of that code.
    Create(CreateArgs),
    /// Set the password of a person.
    Password(PasswordArgs),
}

/// Who the administrator is.
#[derive(Args)]
pub struct CreateArgs {
    #[command(flatten)]
    settings: Settings,
    /// Staff number.
    #[arg(long)]
    nip: String,
    /// Name.
    #[arg(long)]
    name: String,
    /// Code of the unit the person belongs to.
    #[arg(long)]
    unit: String,
    /// Time zone of the unit, if it has to be made: WIB, WITA, WIT or an IANA name.
    #[arg(long, default_value = "WIB")]
    time_zone: String,
}

/// Whose password.
#[derive(Args)]
pub struct PasswordArgs {
    #[command(flatten)]
    settings: Settings,
    /// Staff number.
    #[arg(long)]
    nip: String,
}

pub(super) async fn run(command: AdminCommand) -> Result<(), Failure> {
    match command {
        AdminCommand::Create(args) => {
            let password = password()?;
            let app = args.settings.app().await?;
            let CreateArgs { nip, name, unit, time_zone, .. } = &args;
            let new = NewAdministrator { nip, name, unit, time_zone, password: &password };
            let made = people::create_administrator(&app, &new).await;
            app.store.close().await;
            println!("administrator {nip} made with id {}", made?);
        }
        AdminCommand::Password(args) => {
            let password = password()?;
            let app = args.settings.app().await?;
            let set = people::set_password(&app, &args.nip, &password).await;
            app.store.close().await;
            set?;
            println!("password of {} set", args.nip);
        }
    }
    Ok(())
}

fn password() -> Result<String, Failure> {
    eprintln!("password (one line on standard input):");
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
