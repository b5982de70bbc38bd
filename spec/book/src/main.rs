//! Makes the book whose `book.toml` is in the folder that is named: what `mdbook build` does,
//! without the server and the watcher, which are most of its crates.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args_os().nth(1).ok_or("usage: dap-book FOLDER")?;
    mdbook_driver::MDBook::load(folder)?.build()?;
    Ok(())
}
