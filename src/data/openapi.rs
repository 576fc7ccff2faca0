//! Owns: `openapi.json`, an OpenAPI document without paths, whose responses an
//! API's own description can refer to.
//!
//! Must not: state a fact about a code that the guide does not have.

use std::collections::BTreeSet;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};
use serde_json::{Map, Value, json};

use crate::data::codes::{LICENCE, VERSION};
use crate::load::content::Document;
use crate::load::facts::CodeFacts;
use crate::load::guide::Guide;
use crate::route::{Export, Route};
use crate::status::{Class, ContentRule, Registration, Sender, Specification};
use crate::text::markdown::OPTIONS;
use crate::text::message::Message;

/// The media type of problem details.
const PROBLEM: &str = "application/problem+json";

/// The responses of all errors that an API answers with.
///
/// # Errors
/// If they cannot be written as JSON.
pub fn document(guide: &Guide) -> serde_json::Result<String> {
    let (licence, identifier, _) = LICENCE;
    let here = Route::Export(Export::OpenApi);
    let mut used = BTreeSet::new();
    let mut responses = Map::new();
    for document in guide.codes.values().filter(|d| is_for_apis(&d.facts)) {
        used.extend(header_names(&document.facts).map(|(name, _)| name));
        let name = component(&document.facts.phrase);
        responses.insert(name, response(guide, &here, document));
    }
    let headers: Map<_, _> = (used.into_iter())
        .filter_map(|name| Some((name.to_owned(), header(name, guide.fields.get(name)?))))
        .collect();
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": format!("{}: responses", guide.site.title),
            "summary": "The errors of HTTP as responses to refer to.",
            "description": "A library, not an API: it has no paths. Refer to a response by its name, as in `openapi.json#/components/responses/NotFound`.",
            "version": VERSION,
            "license": { "name": licence, "identifier": identifier }
        },
        "components": {
            "responses": responses,
            "headers": headers,
            "schemas": { "Problem": problem() }
        }
    });
    serde_json::to_string_pretty(&document).map(|json| json + "\n")
}

/// Whether an API can answer with the code: an error that is registered for
/// good, and that an origin server or its gateway sends.
fn is_for_apis(facts: &CodeFacts) -> bool {
    let is_error = matches!(
        facts.code.value.class(),
        Class::ClientError | Class::ServerError
    );
    let senders = [Sender::OriginServer, Sender::Gateway];
    is_error
        && facts.registration.value == Registration::Standard
        && facts.sent_by.iter().any(|sender| senders.contains(sender))
}

/// The name of a component: `NotFound`, `URITooLong`.
fn component(phrase: &str) -> String {
    let words = phrase.split(|c: char| !c.is_ascii_alphanumeric());
    words
        .filter_map(|word| {
            let (first, rest) = word.split_at_checked(1)?;
            Some(first.to_ascii_uppercase() + rest)
        })
        .collect()
}

/// The fields of the response, and whether the specification requires each.
/// What kind of content there is, the content says itself.
fn header_names(facts: &CodeFacts) -> impl Iterator<Item = (&str, bool)> {
    let required = facts.required_fields.iter().map(|field| (field, true));
    let useful = facts.useful_fields.iter().map(|field| (field, false));
    (required.chain(useful))
        .map(|(field, required)| (field.value.as_str(), required))
        .filter(|(name, _)| *name != "Content-Type")
}

fn response(guide: &Guide, here: &Route, document: &Document<CodeFacts>) -> Value {
    let facts = &document.facts;
    let code = facts.code.value;
    let address = guide.address(here, &Route::Code(code));
    let mut response = Map::new();
    let description = format!(
        "{} [{code} {}]({address})",
        facts.summary.value, facts.phrase
    );
    response.insert("description".into(), description.into());
    let headers: Map<_, _> = header_names(facts)
        .map(|(name, required)| {
            let mut value = json!({ "$ref": format!("#/components/headers/{name}") });
            if required {
                // What stands beside a `$ref` is ignored here, so that a field
                // which must be there is written out.
                value = (guide.fields.get(name)).map_or(value, |it| header(name, it));
                value["required"] = true.into();
            }
            (name.to_owned(), value)
        })
        .collect();
    if !headers.is_empty() {
        response.insert("headers".into(), headers.into());
    }
    if facts.content.value != ContentRule::None {
        // RFC 9457 §4.2.1: with this type, the title is the phrase.
        let bare = json!({ "type": "about:blank", "title": facts.phrase, "status": code });
        let mut examples = json!({
            "bare": { "summary": "Nothing but the code", "value": bare }
        });
        if let Some(value) = example(document) {
            examples["full"] = json!({ "summary": "From the page about the code", "value": value });
        }
        let content = json!({
            PROBLEM: {
                "schema": { "$ref": "#/components/schemas/Problem" },
                "examples": examples
            }
        });
        response.insert("content".into(), content);
    }
    response.into()
}

/// The first problem details that the code's page sends with it as an example.
fn example(document: &Document<CodeFacts>) -> Option<Value> {
    let mut block: Option<String> = None;
    let text = &document.file.text[document.body.clone()];
    for event in Parser::new_ext(text, OPTIONS) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if &*info == "http" => {
                block = Some(String::new());
            }
            Event::Text(text) => {
                if let Some(block) = &mut block {
                    block.push_str(&text);
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                let Some(block) = block.take() else { continue };
                let Ok(message) = Message::parse(&block) else {
                    continue;
                };
                let is_problem = message
                    .field("Content-Type")
                    .is_some_and(|kind| kind.text == PROBLEM);
                if is_problem && message.status() == Some(document.facts.code.value) {
                    return serde_json::from_str(message.content?.text).ok();
                }
            }
            _ => {}
        }
    }
    None
}

/// What the value of a field looks like, where one can say more than "text".
fn header(name: &str, specification: &Specification) -> Value {
    let (schema, example) = match name {
        "Retry-After" => (
            json!({
                "oneOf": [
                    { "type": "integer", "minimum": 0, "description": "Seconds." },
                    { "type": "string", "description": "A date of HTTP." }
                ]
            }),
            json!(120),
        ),
        "Location" => (
            json!({ "type": "string", "format": "uri-reference" }),
            json!("/orders/7315"),
        ),
        _ => {
            let example = match name {
                "Accept" => "application/json",
                "Accept-Encoding" => "gzip, identity",
                "Accept-Patch" => "application/merge-patch+json",
                "Accept-Ranges" => "bytes",
                "Allow" => "GET, HEAD",
                "Cache-Control" => "no-store",
                "Connection" => "close",
                "Content-Language" => "en",
                "Content-Range" => "bytes */5242880",
                "Proxy-Status" => "gateway.example.com; error=connection_timeout",
                "Upgrade" => "websocket",
                "Vary" => "Accept",
                "WWW-Authenticate" => "Bearer realm=\"orders\"",
                _ => "",
            };
            (json!({ "type": "string" }), json!(example))
        }
    };
    let mut header = json!({
        "description": format!("[{specification}]({})", specification.url()),
        "schema": schema
    });
    if example != "" {
        header["example"] = example;
    }
    header
}

/// Problem details (RFC 9457 §3.1): no member is required, and a problem type
/// may add its own (§3.2).
fn problem() -> Value {
    json!({
        "description": "Problem details, [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457.html).",
        "type": "object",
        "properties": {
            "type": {
                "description": "What kind of problem it is: an address by which programs tell problems apart.",
                "type": "string",
                "format": "uri-reference",
                "default": "about:blank"
            },
            "title": {
                "description": "The kind of problem in a few words, the same each time.",
                "type": "string"
            },
            "status": {
                "description": "The status code of this response, once more.",
                "type": "integer",
                "minimum": 100,
                "maximum": 599
            },
            "detail": {
                "description": "What went wrong this time, and what the client can do about it.",
                "type": "string"
            },
            "instance": {
                "description": "This occurrence of the problem.",
                "type": "string",
                "format": "uri-reference"
            }
        },
        "additionalProperties": true
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_makes_the_name_of_a_component() {
        assert_eq!(component("Not Found"), "NotFound");
        assert_eq!(component("URI Too Long"), "URITooLong");
        assert_eq!(component("I'm a teapot"), "IMATeapot");
    }
}
