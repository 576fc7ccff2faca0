//! What the program promises, shown on the real binary and the real content.
//!
//! One test binary; a module for each kind of promise. `project` makes the
//! folders that the tests build in.
//!
//! Switches: `UPDATE_GOLDEN=1` and `UPDATE_PERMALINKS=1` rewrite the lists in
//! `tests/`, `KILLS=1000` and `ROUNDS=100` make the
//! tests of kills and of two builds at once longer, `SEED=7` repeats it,
//! `PROPTEST_CASES=20000` tries more inputs of each kind.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    unreachable_pub,
    missing_docs
)]

mod architecture;
mod author;
mod complexity;
mod content;
mod data;
mod downloads;
mod errors;
mod golden;
mod guide;
mod metadata;
mod mistakes;
mod mutations;
mod output;
mod overlay;
mod pictures;
mod project;
mod properties;
mod reproducible;
mod serve;
mod supply;
mod terminal;
