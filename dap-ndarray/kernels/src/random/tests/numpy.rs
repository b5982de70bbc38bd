//! Bit for bit the keys, words and uniform floats of NumPy 2.4.6.

use super::super::{Fraction, Philox, SeedSequence, Uniform, fill_run};

/// Seed, stream, and `SeedSequence(seed, spawn_key=stream).generate_state(2, uint64)`.
#[test]
fn keys_are_those_of_numpy() {
    let cases: [(&[u128], &[u128], [u64; 2]); 17] = [
        (&[0], &[], [0xdb2c_d7e7_b0f4_78be, 0xabf4_641a_2c71_ba49]),
        (&[0], &[3], [0xb7b8_34ed_dbb3_cbbe, 0xf39d_7ee1_2cea_0557]),
        (&[0], &[0, 1 << 40], [0x41b6_2f2c_298e_7285, 0x296a_54b3_9c74_afe6]),
        (&[1], &[], [0x672d_8ee5_6d67_91ff, 0x8ae1_9ca1_4eb1_072c]),
        (&[1], &[3], [0x90e3_5e48_b631_e0e1, 0xf258_932b_3cde_5d7b]),
        (&[1], &[0, 1 << 40], [0x3015_16ad_e327_c595, 0x1416_c9f8_724c_5016]),
        (&[42], &[], [0x9f1e_2e6d_cd54_0ab7, 0xd578_73dc_79fb_94b6]),
        (&[42], &[3], [0x3403_7e9d_c34f_c8c5, 0xed87_f1b5_4801_9fd6]),
        (&[42], &[0, 1 << 40], [0x77df_9364_5ccd_0e3c, 0x0863_771a_6e71_4462]),
        (&[12_345_678_901_234_567_890], &[], [0x3adc_e17e_3465_14ac, 0x59e9_bcc3_88fa_7613]),
        (&[12_345_678_901_234_567_890], &[3], [0x0078_e102_e700_e722, 0x1c8a_afb8_c88b_ed92]),
        (&[12_345_678_901_234_567_890], &[0, 1 << 40], [0xaba6_b490_7b56_4807, 0x8977_5f53_716e_9a72]),
        (&[1, 2, 3, 4, 5, 6, 7], &[], [0x8beb_fc36_57d6_e06e, 0x2ed4_46e3_a9f0_fc7a]),
        (&[1, 2, 3, 4, 5, 6, 7], &[3], [0xf058_4761_409e_dfb0, 0x409b_c2f6_eea6_215f]),
        (&[1, 2, 3, 4, 5, 6, 7], &[0, 1 << 40], [0x1c6d_6700_7bb1_6c91, 0x5163_7864_3bcc_c5e3]),
        (&[1 << 64], &[], [8_649_202_198_168_436_674, 9_572_846_202_106_059_917]),
        (&[(1 << 100) + 5], &[], [9_078_455_287_024_407_234, 7_202_953_484_939_410_354]),
    ];
    for (seed, stream, key) in cases {
        assert_eq!(SeedSequence::with_stream(seed, stream).words(), key, "seed {seed:?}, stream {stream:?}");
    }
    let state: [u64; 2] = SeedSequence::new(&[0]).words();
    assert_eq!([state[0] as u32, (state[0] >> 32) as u32], [2_968_811_710, 3_677_149_159]);
}

/// `Philox(42).random_raw(6)`.
#[test]
fn words_are_those_of_numpy() {
    let mut words = [0; 6];
    Philox::of(&SeedSequence::new(&[42])).words(0, &mut words);
    let expected = [
        0x1609_2f00_ecda_b98a,
        0x243d_19cc_2402_1070,
        0x4524_d130_684e_fe02,
        0xdfc0_f20c_3c4b_5bca,
        0x2b8f_e705_3fb2_3371,
        0x81be_7581_96fb_d62c,
    ];
    assert_eq!(words, expected);
}

/// `Generator(Philox(7)).random(10)`, and with `dtype=float32` of a new generator.
#[test]
fn fractions_are_those_of_numpy() {
    let stream = Philox::of(&SeedSequence::new(&[7]));
    let mut doubles = [0.0_f64; 10];
    fill_run(&stream, &Fraction::<f64>::default(), 0, &mut doubles);
    let expected = [
        0x3fde_011b_0f91_315e,
        0x3fdb_45f9_2f7e_53e2,
        0x3fd7_3b17_9988_1d06,
        0x3fce_619c_e662_4f20,
        0x3fc1_c215_6d9d_cccc,
        0x3fe0_6231_691e_cb86,
        0x3fd3_6076_747a_68f6,
        0x3fef_8ce7_3dc0_9d28,
        0x3fb9_c859_4be2_40a8,
        0x3fe8_53a1_c898_b1a0,
    ];
    assert_eq!(doubles.map(f64::to_bits), expected);
    let mut floats = [0.0_f32; 7];
    fill_run(&stream, &Fraction::<f32>::default(), 0, &mut floats);
    let expected = [0x3e89_8afe, 0x3ef0_08d8, 0x3f79_4f8a, 0x3eda_2fc8, 0x3e01_d068, 0x3eb9_d8bc, 0x3f44_9e41];
    assert_eq!(floats.map(f32::to_bits), expected);
}

/// `Generator(Philox(SeedSequence(7, spawn_key=(5,))))`: `random(3)`, then `uniform(-2.5, 4, 3)`.
#[test]
fn streams_and_intervals_are_those_of_numpy() {
    let stream = Philox::of(&SeedSequence::with_stream(&[7], &[5]));
    let mut fractions = [0.0_f64; 3];
    fill_run(&stream, &Fraction::<f64>::default(), 0, &mut fractions);
    let expected = [0x3fe9_88ef_2647_0892, 0x3fd7_e3b3_c3f9_97fa, 0x3fed_49a2_4b68_3060];
    assert_eq!(fractions.map(f64::to_bits), expected);
    let interval = Uniform::<f64>::between(-2.5, 4.0).expect("finite bounds");
    fill_run(&stream, &interval, 3, &mut fractions);
    let expected = [0xbfcc_2f24_d2d0_6aa0, 0x4003_3178_9c09_b5f4, 0xbfba_3f3e_f95d_f4a0];
    assert_eq!(fractions.map(f64::to_bits), expected);
}
