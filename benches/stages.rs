//! Owns: how long each stage of a build takes, one by one, on the real guide and
//! on a large one.
//!
//! Must not: write anything but a temporary folder.

use std::hint::black_box;
use std::path::Path;

use anyhow::Context;
use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use status_guide::diagnostic::Diagnostics;
use status_guide::load::guide::Guide;
use status_guide::load::{self, content};
use status_guide::output::cache::Cache;
use status_guide::publish::Extent;
use status_guide::render::{Bodies, Texts};
use status_guide::timings::Timings;
use status_guide::{Source, check, output, publish, render};

/// The sizes of the synthetic guides, in pages; the real one is measured too.
const PAGES: [usize; 1] = [1000];

/// A guide to measure with.
struct Prepared {
    name: String,
    source: Source,
}

impl Prepared {
    fn guide(&self) -> anyhow::Result<Guide> {
        let mut diagnostics = Diagnostics::default();
        let Source {
            content, statics, ..
        } = &self.source;
        let loaded = content::load(content, statics, &mut diagnostics)?;
        let guide = load::assemble(loaded, None, &mut diagnostics);
        anyhow::ensure!(diagnostics.is_empty(), "the content has errors");
        Ok(guide)
    }
}

fn stages(criterion: &mut Criterion) -> anyhow::Result<()> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = tempfile::tempdir()?;
    let mut guides = vec![Prepared {
        name: "real".to_owned(),
        source: Source::folder(&project.join("content")),
    }];
    for pages in PAGES {
        let folder = folder.path().join(pages.to_string());
        synthetic::guide(&project, pages, &folder)?;
        guides.push(Prepared {
            name: pages.to_string(),
            source: Source::folder(&folder.join("content")),
        });
    }
    for prepared in &guides {
        measure(criterion, prepared, &folder.path().join("out"))
            .with_context(|| format!("the guide {}", prepared.name))?;
    }
    Ok(())
}

fn measure(criterion: &mut Criterion, prepared: &Prepared, out: &Path) -> anyhow::Result<()> {
    let mut group = criterion.benchmark_group("stages");
    group.sample_size(10);
    let id = |stage: &str| BenchmarkId::new(stage, &prepared.name);
    let mut diagnostics = Diagnostics::default();

    let guide = prepared.guide()?;
    group.bench_function(id("load"), |b| {
        b.iter(|| black_box(prepared.guide().is_ok()));
    });

    let texts = || render::texts(&guide, None, &mut Diagnostics::default());
    group.bench_function(id("text"), |b| b.iter(texts));

    let bodies = texts();
    let make = |bodies: &Bodies, diagnostics: &mut Diagnostics| {
        render::site(&guide, Texts::Keep(bodies), &Cache::none(), diagnostics)
    };
    let pages = make(&bodies, &mut diagnostics)?;
    group.bench_function(id("pages"), |b| {
        b.iter(|| make(&bodies, &mut Diagnostics::default()).is_ok());
    });

    let cache = Cache::none();
    let publish = |site: &mut _| {
        let timings = &mut Timings::start();
        publish::add(&guide, &bodies, Extent::Pages, &cache, timings, site)
    };
    let mut site = pages.clone();
    publish(&mut site)?;
    group.bench_function(id("publish"), |b| {
        b.iter_batched_ref(
            || pages.clone(),
            |site| publish(site).is_ok(),
            BatchSize::LargeInput,
        );
    });

    group.bench_function(id("check"), |b| {
        b.iter(|| {
            let mut diagnostics = Diagnostics::default();
            let pages = check::Pages::read(&site, None, None);
            pages.check_texts(&guide, &bodies, &mut diagnostics);
            pages.check(&mut diagnostics);
            diagnostics.is_empty()
        });
    });

    group.bench_function(id("write anew"), |b| {
        b.iter_batched(
            || std::fs::remove_dir_all(out),
            |_| output::write(&site, out).is_ok(),
            BatchSize::PerIteration,
        );
    });
    output::write(&site, out)?;
    group.bench_function(id("write the same"), |b| {
        b.iter(|| output::write(&site, out).is_ok());
    });
    std::fs::remove_dir_all(out)?;
    group.finish();
    Ok(())
}

/// Ends the program with an error that a benchmark cannot go on after.
fn all(criterion: &mut Criterion) {
    if let Err(error) = stages(criterion) {
        eprintln!("error: {error:#}");
        std::process::exit(1);
    }
}

criterion_group!(benches, all);
criterion_main!(benches);
