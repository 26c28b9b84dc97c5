//! Reads and checks the catalogues, and generates the Rust names of their messages. An error in a
//! catalogue fails the build, with the file and the message.

#[path = "build/catalogue.rs"]
mod catalogue;
#[path = "build/check.rs"]
mod check;
#[path = "build/generate.rs"]
mod generate;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use catalogue::Catalogue;

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=i18n");
    println!("cargo::rerun-if-changed=build");
    match write_all() {
        Ok(()) => ExitCode::SUCCESS,
        Err(faults) => {
            for fault in faults {
                println!("cargo::error={fault}");
            }
            ExitCode::FAILURE
        }
    }
}

fn write_all() -> Result<(), Vec<String>> {
    let folder = |name: &str| env::var_os(name).map(PathBuf::from).unwrap_or_default();
    let catalogues = read_all(&folder("CARGO_MANIFEST_DIR").join("i18n"))?;
    let faults = check::faults(&catalogues);
    if !faults.is_empty() {
        return Err(faults);
    }
    for (name, rust) in [
        ("messages.rs", generate::messages(&catalogues)),
        ("catalogues.rs", generate::catalogues(&catalogues)),
    ] {
        let target = folder("OUT_DIR").join(name);
        fs::write(&target, rust).map_err(|error| vec![format!("{}: {error}", target.display())])?;
    }
    Ok(())
}

/// The catalogues of all languages: a folder is a language, English first.
fn read_all(folder: &Path) -> Result<Vec<Catalogue>, Vec<String>> {
    let failed = |path: &Path, error: std::io::Error| vec![format!("{}: {error}", path.display())];
    let names = |path: &Path| -> Result<Vec<String>, Vec<String>> {
        let entries = fs::read_dir(path).map_err(|error| failed(path, error))?;
        let names = entries.map(|it| it.map(|it| it.file_name().to_string_lossy().into_owned()));
        let mut names =
            names.collect::<Result<Vec<_>, _>>().map_err(|error| failed(path, error))?;
        names.retain(|it| !it.starts_with('.'));
        names.sort_by_key(|it| (it != check::FIRST, it.clone()));
        Ok(names)
    };
    let mut all = Vec::new();
    for language in names(folder)? {
        let mut catalogue = Catalogue::new(&language);
        for file in names(&folder.join(&language))? {
            let path = folder.join(&language).join(&file);
            let text = fs::read_to_string(&path).map_err(|error| failed(&path, error))?;
            catalogue.add(&file, &text);
        }
        all.push(catalogue);
    }
    Ok(all)
}
