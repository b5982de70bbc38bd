//! The addresses of this machine.

use std::net::Ipv4Addr;

/// The addresses of this machine's networks that are up, at most `most`. The loopback comes last:
/// it serves processes of the same machine that share no memory.
#[expect(unsafe_code, reason = "a list of the C library")]
pub(super) fn own(most: usize) -> Vec<Ipv4Addr> {
    let mut first = std::ptr::null_mut();
    let mut found = Vec::new();
    // SAFETY: a call that succeeds has written the beginning of a list that ends with null, whose
    // entries live until `freeifaddrs`; nothing of it is used afterwards. An address of the family
    // AF_INET is a `sockaddr_in`.
    unsafe {
        if libc::getifaddrs(&mut first) != 0 {
            return vec![Ipv4Addr::LOCALHOST];
        }
        let mut next = first;
        while let Some(entry) = next.as_ref() {
            next = entry.ifa_next;
            let is_up = entry.ifa_flags & libc::IFF_UP as libc::c_uint != 0;
            if is_up && !entry.ifa_addr.is_null() && i32::from((*entry.ifa_addr).sa_family) == libc::AF_INET {
                let address = entry.ifa_addr.cast::<libc::sockaddr_in>().read_unaligned();
                found.push(Ipv4Addr::from(u32::from_be(address.sin_addr.s_addr)));
            }
        }
        libc::freeifaddrs(first);
    }
    found.retain(|address| !address.is_loopback());
    found.truncate(most.saturating_sub(1));
    found.push(Ipv4Addr::LOCALHOST);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loopback_is_last() {
        for most in [1, 2, 4] {
            let found = own(most);
            assert!(!found.is_empty() && found.len() <= most);
            assert_eq!(found.last(), Some(&Ipv4Addr::LOCALHOST));
        }
    }
}
