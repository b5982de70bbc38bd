//! Texts compressed by gzip, decompressed while they are read.
//!
//! A short file can inflate to a thousand times its length. The length of the text is therefore
//! bounded by that of the file: text that is compressed further than any export is refused, before
//! it takes memory.

use std::io::{self, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

/// The largest ratio of a text's length to that of its compressed form.
const MOST: u64 = 256;
/// The length of a text, in bytes, up to which the ratio does not matter.
const ALWAYS: u64 = 1 << 20;

/// Whether a file begins with gzip's magic bytes.
pub(crate) fn is_compressed(beginning: &[u8]) -> bool {
    beginning.starts_with(b"\x1f\x8b")
}

/// Whether a regular file begins with gzip's magic bytes.
pub(super) fn is_compressed_file(path: &Path) -> bool {
    let mut beginning = [0; 2];
    dap_formats::file::open(path).is_ok_and(|mut file| file.read_exact(&mut beginning).is_ok())
        && is_compressed(&beginning)
}

/// The text of a compressed file.
pub(crate) fn reader<R: Read>(compressed: R) -> impl Read + use<R> {
    Inflated { decoder: MultiGzDecoder::new(CountingReader { inner: compressed, count: 0 }), count: 0 }
}

struct Inflated<R> {
    decoder: MultiGzDecoder<CountingReader<R>>,
    count: u64,
}

impl<R: Read> Read for Inflated<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.decoder.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => io::Error::other("the compressed text is cut short"),
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
                io::Error::other("it is damaged: gzip cannot decompress it")
            }
            _ => error,
        })?;
        self.count += read as u64;
        if self.count > ALWAYS && self.count / MOST > self.decoder.get_ref().count {
            return Err(io::Error::other(format!(
                "it is compressed to less than 1/{MOST} of its text, as no export is; decompress it with `gunzip`"
            )));
        }
        Ok(read)
    }
}

/// A reader that counts the bytes read through it.
struct CountingReader<R> {
    inner: R,
    count: u64,
}

impl<R: Read> Read for CountingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    fn compressed(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn inflated(bytes: &[u8]) -> Result<Vec<u8>, String> {
        let mut text = Vec::new();
        reader(bytes).read_to_end(&mut text).map(|_| text).map_err(|error| error.to_string())
    }

    #[test]
    fn texts_and_files_of_several_members() {
        let text = b"{\"a\": 1}\n".repeat(3);
        assert_eq!(inflated(&compressed(&text)).unwrap(), text);
        assert_eq!(inflated(&[compressed(&text), compressed(b"x")].concat()).unwrap(), [&text[..], b"x"].concat());
    }

    #[test]
    fn what_is_no_text_of_exports() {
        let bomb = compressed(&vec![b' '; 64 << 20]);
        assert!(bomb.len() < 1 << 17);
        assert!(inflated(&bomb).unwrap_err().contains("less than 1/256"));
        let text = compressed(&b"{\"a\": 1}\n".repeat(300));
        assert!(inflated(&text[..text.len() / 2]).unwrap_err().contains("cut short"));
        assert!(inflated(&[&text[..12], &[0xff; 40]].concat()).unwrap_err().contains("damaged"));
    }
}
