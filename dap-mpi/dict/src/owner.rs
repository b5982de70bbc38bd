//! The rank that owns a key: by a hash of its bytes that is the same on every machine.

/// A hash of bytes: FNV-1a, whose bits MurmurHash3's finaliser mixes, since FNV's high bits hardly
/// depend on the last bytes. The standard library's hasher may change with its version.
fn hash(bytes: &[u8]) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    let mut hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325, step);
    hash = (hash ^ hash >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ hash >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ hash >> 33
}

/// The rank that owns the key with these bytes.
pub(crate) fn owner(key: &[u8], ranks: usize) -> usize {
    ((u128::from(hash(key)) * ranks as u128) >> 64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_stable() {
        // A change of these numbers would move the keys of stored dictionaries.
        assert_eq!([hash(b"a"), hash(b"foobar")], [finalised(0xaf63_dc4c_8601_ec8c), finalised(0x8594_4171_f739_67e8)]);
    }

    /// The finaliser by its definition, of published values of FNV-1a.
    fn finalised(mut hash: u64) -> u64 {
        for factor in [0xff51_afd7_ed55_8ccd_u64, 0xc4ce_b9fe_1a85_ec53] {
            hash ^= hash >> 33;
            hash = (u128::from(hash) * u128::from(factor)) as u64;
        }
        hash ^ hash >> 33
    }

    #[test]
    fn keys_are_spread_evenly() {
        for ranks in [1, 2, 3, 7, 64] {
            let mut counts = vec![0_i32; ranks];
            (0..64_000_u64).for_each(|key| counts[owner(&key.to_le_bytes(), ranks)] += 1);
            let expected = 64_000 / ranks as i32;
            // Six standard deviations.
            let bound = (6.0 * f64::from(expected).sqrt()) as i32 + 1;
            assert!(counts.iter().all(|count| (count - expected).abs() < bound), "{ranks}: {counts:?}");
        }
    }
}
