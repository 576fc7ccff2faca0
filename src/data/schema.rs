//! Owns: `codes.schema.json`, the description of the data (JSON Schema
//! 2020-12). Its words are those of the enums, so that the two cannot drift.
//!
//! Must not: hold a fact about a code.

use serde_json::{Map, Value, json};

use crate::data::codes::{LICENCE, VERSION};
use crate::load::guide::Guide;
use crate::route::{Export, Route};
use crate::status::{
    Cacheability, Class, Contact, ContentRule, RedirectMethod, Registration, Retry, Seen, Sender,
    Verdict,
};

/// The dialect of the schema.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// What `codes.json` looks like. `$defs/code` is one of its codes, and with
/// that `404/index.json`.
///
/// # Errors
/// If the schema cannot be written as JSON.
pub fn schema(guide: &Guide) -> serde_json::Result<String> {
    let (licence, identifier, licence_url) = LICENCE;
    let mut root = Map::new();
    root.insert("$schema".into(), DIALECT.into());
    if let Some(base) = &guide.base {
        let id = base.absolute(&Route::Export(Export::CodesSchema));
        root.insert("$id".into(), id.into());
    }
    root.insert("title".into(), guide.site.title.clone().into());
    let about = "The facts about every HTTP status code: codes.json as a whole, and in $defs/code one of its codes, which is also what lies beside the page of a code.";
    root.insert("description".into(), about.into());
    let rest = object(
        "All codes",
        [
            ("$schema", text("The address of this schema.")),
            (
                "schema_version",
                json!({ "const": VERSION, "description": "The version of this schema." }),
            ),
            ("title", text("The name of the guide.")),
            (
                "url",
                nullable(&text(
                    "Where the guide is published; null in a copy that does not know.",
                )),
            ),
            (
                "license",
                object(
                    "What you may do with the data.",
                    [
                        ("name", json!({ "const": licence })),
                        ("identifier", json!({ "const": identifier })),
                        ("url", json!({ "const": licence_url })),
                    ],
                ),
            ),
            (
                "codes",
                json!({
                    "description": "The codes in numerical order.",
                    "type": "array",
                    "minItems": 1,
                    "uniqueItems": true,
                    "items": { "$ref": "#/$defs/code" }
                }),
            ),
        ],
    );
    if let Value::Object(rest) = rest {
        let said = ["description"];
        root.extend(
            rest.into_iter()
                .filter(|(key, _)| !said.contains(&key.as_str())),
        );
    }
    root.insert("$defs".into(), definitions());
    serde_json::to_string_pretty(&Value::Object(root)).map(|json| json + "\n")
}

fn definitions() -> Value {
    json!({
        "code": code(),
        "number": {
            "description": "A status code. The registered ones end at 599; a few that are met are larger.",
            "type": "integer",
            "minimum": 100,
            "maximum": 999
        },
        "text": { "type": "string", "minLength": 1 },
        "date": {
            "description": "A day, as in 2026-11-22.",
            "type": "string",
            "format": "date",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
        },
        "field": {
            "description": "The name of a field.",
            "type": "string",
            "pattern": "^[A-Za-z][A-Za-z0-9-]*$"
        },
        "specification": object(
            "A section of a document, or a document.",
            [
                ("document", text("An RFC or an Internet-Draft, as in RFC 9110.")),
                ("section", nullable(&text("The section, as in 15.5.5; null if the document as a whole is meant."))),
                ("url", url("The address of the document, with the section.")),
            ],
        ),
        "meaning": object(
            "What a product means by the number.",
            [
                ("by", text("The product or company.")),
                ("phrase", nullable(&text("What it calls the code."))),
                ("seen", words("Where people meet it.", Seen::ALL, Seen::slug, Seen::label)),
                ("says", text("What it means there, in one sentence.")),
                ("source", url("The document or source that says so.")),
                ("checked", definition("date", "The day on which that was read.")),
            ],
        ),
        "verdict": words(
            "What a client may do with a request after the response.",
            Verdict::ALL,
            Verdict::slug,
            Verdict::label,
        )
    })
}

/// One code, key by key in the order of the data.
fn code() -> Value {
    let class = json!({
        "description": "The class, which the first digit decides. Clients treat numbers above 599 as 5xx.",
        "enum": Class::ALL.map(Class::slug)
    });
    let methods = object(
        "The retry rule for each kind of method.",
        [
            ("safe", definition("verdict", "GET, HEAD, OPTIONS.")),
            ("idempotent", definition("verdict", "PUT, DELETE.")),
            ("neither", definition("verdict", "POST, PATCH.")),
        ],
    );
    let former_name = object(
        "A former name.",
        [
            ("phrase", text("The phrase.")),
            (
                "source",
                definition("specification", "The document that used it."),
            ),
        ],
    );
    object(
        "One code. Every key is there for every code; what does not apply is null or an empty list.",
        [
            ("code", definition("number", "The number.")),
            (
                "phrase",
                text("The reason phrase, as the registry of IANA has it."),
            ),
            ("class", class),
            ("summary", text("One sentence: who says what, and why.")),
            ("use_case", text("When it is sent, in a few words.")),
            (
                "registration",
                words(
                    "What the registry of IANA says of the number.",
                    Registration::ALL,
                    Registration::slug,
                    Registration::label,
                ),
            ),
            (
                "registration_expires",
                nullable(&definition(
                    "date",
                    "The last day of a temporary registration.",
                )),
            ),
            (
                "specification",
                nullable(&definition(
                    "specification",
                    "What defines the code; null if nobody registered it.",
                )),
            ),
            (
                "sent_by",
                list(
                    "Who can have generated the response.",
                    &words("", Sender::ALL, Sender::slug, Sender::label),
                ),
            ),
            (
                "cacheable",
                words(
                    "Whether a cache may reuse the response.",
                    Cacheability::ALL,
                    Cacheability::slug,
                    Cacheability::label,
                ),
            ),
            ("cacheable_note", nullable(&text("More about that."))),
            (
                "content",
                words(
                    "Whether the response has content.",
                    ContentRule::ALL,
                    ContentRule::slug,
                    ContentRule::label,
                ),
            ),
            ("content_note", nullable(&text("More about that."))),
            (
                "required_fields",
                list(
                    "Fields that the specification requires.",
                    &definition("field", ""),
                ),
            ),
            (
                "useful_fields",
                list("Fields worth sending.", &definition("field", "")),
            ),
            (
                "retry",
                words(
                    "Whether a client may send the request again.",
                    Retry::ALL,
                    Retry::slug,
                    Retry::label,
                ),
            ),
            ("retry_note", nullable(&text("What to do before that."))),
            ("retry_by_method", methods),
            (
                "ask",
                list(
                    "Who can put it right.",
                    &words("", Contact::ALL, Contact::slug, Contact::label),
                ),
            ),
            (
                "method_on_redirect",
                nullable(&words(
                    "What happens to the method when a client follows the redirect; null if the code is none.",
                    RedirectMethod::ALL,
                    RedirectMethod::slug,
                    RedirectMethod::label,
                )),
            ),
            (
                "former_names",
                list("Phrases that the code had once.", &former_name),
            ),
            (
                "topics",
                list(
                    "What the code is about, the main topic first: the names of pages below topics/.",
                    &json!({
                        "type": "string",
                        "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"
                    }),
                ),
            ),
            (
                "related",
                list("Codes that it is confused with.", &definition("number", "")),
            ),
            (
                "meanings",
                list(
                    "What products mean by the number, beside or without the registry.",
                    &definition("meaning", ""),
                ),
            ),
            (
                "checked",
                definition("date", "The day on which the facts were checked."),
            ),
            (
                "url",
                json!({
                    "description": "The page about the code: an address, or in a copy that does not know its own a path from the root of the guide.",
                    "type": "string",
                    "format": "uri-reference"
                }),
            ),
            ("convention", nullable(&convention())),
        ],
    )
}

/// What a team says of a code.
fn convention() -> Value {
    let address = json!({
        "description": "The part of the page that has it, as in `url` of the code.",
        "type": "string",
        "format": "uri-reference"
    });
    object(
        "What the team that keeps this copy of the guide does with the code, beside the specification; null if it has no rule.",
        [
            ("title", text("The heading.")),
            ("team", nullable(&text("The name of the team."))),
            ("owner", nullable(&text("Who keeps the rule."))),
            (
                "contact",
                nullable(&json!({
                    "description": "Where the owner can be asked.",
                    "type": "string",
                    "format": "uri"
                })),
            ),
            (
                "checked",
                nullable(&definition(
                    "date",
                    "The day on which the owner looked at it last.",
                )),
            ),
            (
                "markdown",
                text(
                    "The rule, in Markdown. Links are absolute, or start at the root of the guide.",
                ),
            ),
            ("url", address),
        ],
    )
}

/// An object that has these keys, all of them, and no others.
fn object<const N: usize>(description: &str, properties: [(&str, Value); N]) -> Value {
    let required: Vec<&str> = properties.iter().map(|(key, _)| *key).collect();
    json!({
        "description": description,
        "type": "object",
        "additionalProperties": false,
        "required": required,
        "properties": Map::from_iter(properties.map(|(key, value)| (key.to_owned(), value)))
    })
}

/// One of the words of an enum; the description has what a reader sees.
fn words<T: Copy>(
    description: &str,
    all: &[T],
    slug: impl Fn(T) -> &'static str,
    label: impl Fn(T) -> &'static str,
) -> Value {
    let slugs: Vec<&str> = all.iter().map(|value| slug(*value)).collect();
    let labels = all
        .iter()
        .map(|value| format!("{}: {}", slug(*value), label(*value)));
    let labels = labels.collect::<Vec<_>>().join("; ");
    let description = format!("{description} ({labels})").trim_start().to_owned();
    json!({ "description": description, "enum": slugs })
}

fn text(description: &str) -> Value {
    definition("text", description)
}

fn url(description: &str) -> Value {
    json!({ "description": description, "type": "string", "format": "uri", "pattern": "^https://" })
}

/// A value of `$defs`, and what it means here.
fn definition(name: &str, description: &str) -> Value {
    let reference = format!("#/$defs/{name}");
    if description.is_empty() {
        return json!({ "$ref": reference });
    }
    json!({ "description": description, "$ref": reference })
}

/// The same, or null.
fn nullable(value: &Value) -> Value {
    json!({ "anyOf": [value, { "type": "null" }] })
}

fn list(description: &str, items: &Value) -> Value {
    json!({ "description": description, "type": "array", "uniqueItems": true, "items": items })
}
