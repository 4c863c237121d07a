//! `hadir places`: places and areas from and to GeoJSON files.

use std::path::PathBuf;

use clap::Subcommand;

use super::{Failure, Settings};
use crate::places::{areas, transfer};

/// Places and areas from and to files.
#[derive(Subcommand)]
pub enum PlacesCommand {
    /// Import places from a GeoJSON FeatureCollection; each feature names its person by the property `nip`.
    Import(FileArgs),
    /// Print every version of every place as a GeoJSON FeatureCollection. It holds exact positions: the export is logged.
    Export(ExportArgs),
    /// Import named areas, such as sub-districts, from a GeoJSON file, in the place of those there are.
    Areas(AreasArgs),
}

/// A file.
#[derive(clap::Args)]
pub struct FileArgs {
    #[command(flatten)]
    settings: Settings,
    /// The file.
    file: PathBuf,
}

/// Whose places.
#[derive(clap::Args)]
pub struct ExportArgs {
    #[command(flatten)]
    settings: Settings,
    /// Only those of one person.
    #[arg(long)]
    nip: Option<String>,
}

/// Areas.
#[derive(clap::Args)]
pub struct AreasArgs {
    #[command(flatten)]
    settings: Settings,
    /// The file.
    file: PathBuf,
    /// The property that names an area.
    #[arg(long, default_value = "name")]
    name: String,
}

pub(super) async fn run(command: PlacesCommand) -> Result<(), Failure> {
    match command {
        PlacesCommand::Import(args) => {
            let text = std::fs::read_to_string(&args.file)?;
            let app = args.settings.app().await?;
            let outcome = transfer::import(&app, &text).await;
            app.store.close().await;
            println!("{} places were imported", outcome?);
        }
        PlacesCommand::Export(args) => {
            let app = args.settings.app().await?;
            let outcome = transfer::export(&app, args.nip.as_deref()).await;
            app.store.close().await;
            println!("{}", outcome?);
        }
        PlacesCommand::Areas(args) => {
            let text = std::fs::read_to_string(&args.file)?;
            let app = args.settings.app().await?;
            let outcome = areas::replace(&app, &text, &args.name).await;
            app.store.close().await;
            println!("{} areas were imported", outcome?);
        }
    }
    Ok(())
}
