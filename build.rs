//! Owns: how the program is linked.
//!
//! Must not: make anything that the program contains.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = |what: &str| std::env::var(format!("CARGO_CFG_TARGET_{what}"));
    if target("OS").as_deref() == Ok("linux") && target("ENV").as_deref() == Ok("gnu") {
        // The tables of the minifier's parsers hold 88,000 addresses. In a program
        // that can be loaded anywhere, each start writes all of them, which
        // takes 7 ms: as long as to make HTML of all texts of the guide.
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
