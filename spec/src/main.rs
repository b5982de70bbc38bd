//! Writes the files that are generated from the rule pages.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let root = dap_spec::workspace_root();
    let pages = dap_spec::read_pages(&root.join("spec/rules"))?;
    for output in dap_spec::outputs(&pages)? {
        std::fs::write(root.join(output.path), output.text)?;
    }
    Ok(())
}
