//! Owns: the vocabulary of status codes. `StatusCode`, `Class`, and the typed
//! facts that a page states about a code, each with the words that readers see.
//!
//! Must not: do I/O, or know pages and templates.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserializer};
use serde::ser::{SerializeStruct, Serializer};
use serde::{Deserialize, Serialize};

/// A number of three digits that a response can carry as its status code, from
/// 100 to 999. The valid ones end at 599 (RFC 9110 §15); the rest is met in the
/// wild (999), and is never registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatusCode(u16);

impl StatusCode {
    /// The code with this number, if it has three digits and a first one that
    /// is not zero.
    pub fn new(number: u16) -> Option<Self> {
        (100..=999).contains(&number).then_some(Self(number))
    }

    /// Whether the number lies in the range of RFC 9110 §15.
    pub fn is_valid(self) -> bool {
        self.0 <= 599
    }

    /// The number itself.
    pub fn number(self) -> u16 {
        self.0
    }

    /// The class, which the first digit decides. A client treats a code above
    /// 599 as a 5xx (RFC 9110 §15), and so does the guide.
    pub fn class(self) -> Class {
        match self.0 / 100 {
            1 => Class::Informational,
            2 => Class::Successful,
            3 => Class::Redirection,
            4 => Class::ClientError,
            _ => Class::ServerError,
        }
    }

    /// Whether a response with this code never has content: 1xx, 204 and 304
    /// (RFC 9110 §6.4.1), and 205 (RFC 9110 §15.3.6).
    pub fn forbids_content(self) -> bool {
        self.class() == Class::Informational || matches!(self.0, 204 | 205 | 304)
    }

    /// Whether the code's definition makes it heuristically cacheable: the
    /// list of RFC 9110 §15.1, and 451 (RFC 7725 §3).
    pub fn heuristically_cacheable(self) -> bool {
        matches!(
            self.0,
            200 | 203 | 204 | 206 | 300 | 301 | 308 | 404 | 405 | 410 | 414 | 451 | 501
        )
    }
}

impl fmt::Display for StatusCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for StatusCode {
    type Err = ();

    /// Reads exactly three digits.
    fn from_str(text: &str) -> Result<Self, ()> {
        if text.len() != 3 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(());
        }
        text.parse().ok().and_then(Self::new).ok_or(())
    }
}

impl<'de> Deserialize<'de> for StatusCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = i64::deserialize(deserializer)?;
        let code = u16::try_from(number).ok().and_then(Self::new);
        code.ok_or_else(|| {
            de::Error::custom(format!(
                "{number} is not a status code: it has three digits, from 100 to 999"
            ))
        })
    }
}

impl Serialize for StatusCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u16(self.0)
    }
}

/// The five classes of RFC 9110 §15, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// 1xx
    Informational,
    /// 2xx
    Successful,
    /// 3xx
    Redirection,
    /// 4xx
    ClientError,
    /// 5xx
    ServerError,
}

impl Class {
    /// All classes, in order.
    pub const ALL: [Self; 5] = [
        Self::Informational,
        Self::Successful,
        Self::Redirection,
        Self::ClientError,
        Self::ServerError,
    ];

    /// `1xx` to `5xx`: the name in URLs, files and text.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Informational => "1xx",
            Self::Successful => "2xx",
            Self::Redirection => "3xx",
            Self::ClientError => "4xx",
            Self::ServerError => "5xx",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

impl FromStr for Class {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|c| c.slug() == text).ok_or(())
    }
}

impl<'de> Deserialize<'de> for Class {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|()| {
            de::Error::custom(format!(
                "`{text}` is not a class: write 1xx, 2xx, 3xx, 4xx or 5xx"
            ))
        })
    }
}

impl Serialize for Class {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.slug())
    }
}

/// Declares a fact with a closed set of values: the word in front matter, in
/// addresses and CSS classes, and the words that a reader sees.
macro_rules! fact {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $vdoc:literal])+ $variant:ident = $slug:literal => $label:literal,)+ }) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $($(#[doc = $vdoc])+ #[serde(rename = $slug)] $variant,)+ }

        impl $name {
            /// All values, in the order in which a list shows them.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The word of front matter.
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$variant => $slug,)+ }
            }

            /// What a reader sees.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.label())
            }
        }
    };
}

fact! {
    /// What the IANA registry says of a number (RFC 9110 §16.2).
    Registration {
        /// Registered by a specification that stands.
        Standard = "standard" => "Standard",
        /// Registered for a time, for a draft (RFC 7120).
        Temporary = "temporary" => "Temporary",
        /// Registered, and marked as obsoleted.
        Obsolete = "obsolete" => "Obsolete",
        /// Kept free, registered as "(Unused)".
        Reserved = "reserved" => "Reserved",
        /// In use, and not registered.
        Vendor = "vendor" => "Not registered",
    }
}

fact! {
    /// Where people meet the number that a product gives a meaning of its own.
    Seen {
        /// In the status line of a response.
        OnTheWire = "on-the-wire" => "On the wire",
        /// In a log; the client never gets it.
        InLogs = "in-logs" => "In logs only",
        /// In the configuration of the server, which sends another code
        /// unless it is told to send this one.
        InTheServer = "in-the-server" => "Inside the server",
        /// In the content of a response with another code.
        InTheContent = "in-the-content" => "In the content of another code",
        /// A client's library reports it; no server sent it.
        InTheClient = "in-the-client" => "In the client only",
    }
}

fact! {
    /// Who can put it right when a client gets this code.
    Contact {
        /// There is nothing to put right.
        Nobody = "nobody" => "Nobody",
        /// Whoever writes the client.
        Developer = "developer" => "The client's developer",
        /// The person who uses the client.
        User = "user" => "The user",
        /// Whoever operates the origin server and its gateways.
        Service = "service" => "The service's operator",
        /// The administrator of the network in between.
        Network = "network" => "The network's administrator",
    }
}

fact! {
    /// Who can have generated a response, in the words of RFC 9110 §3.
    Sender {
        /// The server that can originate the response (RFC 9110 §3.6).
        OriginServer = "origin-server" => "Origin server",
        /// A reverse proxy, load balancer or CDN (RFC 9110 §3.7).
        Gateway = "gateway" => "Gateway",
        /// A proxy that the client chose (RFC 9110 §3.7).
        Proxy = "proxy" => "Proxy",
        /// An intermediary that nobody chose: a firewall, a captive portal
        /// (RFC 9110 §3.7).
        InterceptionProxy = "interception-proxy" => "Interception proxy",
        /// No server: the client's own library.
        ClientLibrary = "client-library" => "Client library",
        /// Nobody: the number stands in a log and never travels.
        LogOnly = "log-only" => "Only in logs",
    }
}

fact! {
    /// Whether a cache may reuse the response (RFC 9110 §15.1, RFC 9111 §3).
    Cacheability {
        /// Even without an explicit lifetime (RFC 9111 §4.2.2).
        Heuristically = "heuristically" => "Yes, even without an explicit lifetime",
        /// Only with an explicit lifetime or permission.
        Explicitly = "explicitly" => "Only if the response says so",
        /// Not at all.
        Never = "never" => "No",
    }
}

impl Cacheability {
    /// One word, for the columns of a table.
    pub const fn short(self) -> &'static str {
        match self {
            Self::Heuristically => "Heuristically",
            Self::Explicitly => "Explicitly",
            Self::Never => "Never",
        }
    }
}

fact! {
    /// Whether the response has content (RFC 9110 §6.4).
    ContentRule {
        /// A reader or a program counts on it.
        Expected = "expected" => "Expected",
        /// May be there.
        Optional = "optional" => "Optional",
        /// Must not be there.
        None = "none" => "None",
    }
}

fact! {
    /// Whether a client may send the request again.
    Retry {
        /// Nothing failed.
        NotNeeded = "not-needed" => "Not needed",
        /// Send the request to where the response points.
        Follow = "follow" => "Follow the redirect",
        /// The same request gets the same answer.
        Never = "never" => "No, the answer stays the same",
        /// After the request was changed.
        AfterChange = "after-change" => "After changing the request",
        /// After a wait, that of `Retry-After` if there is one.
        AfterWait = "after-wait" => "Yes, after a wait",
        /// If the method is idempotent (RFC 9110 §9.2.2), or a key makes it so.
        IfIdempotent = "if-idempotent" => "If the request is idempotent",
        /// Only when the user asks for it (RFC 4918 §11.5).
        WhenAsked = "when-asked" => "Only when the user asks again",
        /// On another connection (RFC 9110 §15.5.20).
        OtherConnection = "other-connection" => "Yes, on another connection",
        /// Not in early data (RFC 8470 §5.2).
        WithoutEarlyData = "without-early-data" => "Yes, not in early data",
    }
}

fact! {
    /// What happens to the method when a client follows the redirect
    /// (RFC 9110 §15.4).
    RedirectMethod {
        /// The client repeats the method.
        Kept = "kept" => "Kept",
        /// For historical reasons, POST may become GET.
        MayBecomeGet = "may-become-get" => "POST may become GET",
        /// The client uses GET (or HEAD) whatever it sent.
        BecomesGet = "becomes-get" => "Becomes GET",
    }
}

fact! {
    /// The three kinds of method that a retry rule tells apart.
    MethodKind {
        /// GET, HEAD, OPTIONS, TRACE (RFC 9110 §9.2.1).
        Safe = "safe" => "Safe",
        /// PUT, DELETE: idempotent and not safe (RFC 9110 §9.2.2).
        Idempotent = "idempotent" => "Idempotent",
        /// POST, PATCH and the like.
        Neither = "neither" => "Neither",
    }
}

impl MethodKind {
    /// The methods of this kind that people use.
    pub const fn methods(self) -> &'static str {
        match self {
            Self::Safe => "GET, HEAD, OPTIONS",
            Self::Idempotent => "PUT, DELETE",
            Self::Neither => "POST, PATCH",
        }
    }
}

fact! {
    /// What a client may do with a request of one kind after a response.
    Verdict {
        /// Nothing failed.
        Done = "done" => "Not needed",
        /// Follow the redirect.
        Follow = "follow" => "Follow",
        /// Follow; the user may not want the request sent elsewhere
        /// (RFC 9110 §15.4).
        FollowWithCare = "follow-with-care" => "Follow with care",
        /// Follow with GET (RFC 9110 §15.4.4).
        FollowWithGet = "follow-with-get" => "Follow with GET",
        /// The same request gets the same answer.
        No = "no" => "No",
        /// Another request may succeed.
        Changed = "changed" => "After a change",
        /// The same request, later.
        Later = "later" => "After a wait",
        /// Later, and only if a repetition can do no harm.
        LaterWithKey = "later-with-key" => "After a wait, with a key",
        /// The same request.
        Yes = "yes" => "Yes",
        /// Only if a repetition can do no harm.
        WithKey = "with-key" => "Only with a key",
        /// The user decides.
        WhenAsked = "when-asked" => "When the user asks",
        /// The same request, elsewhere (RFC 9110 §15.5.20).
        OtherConnection = "other-connection" => "On another connection",
        /// The same request, after the handshake (RFC 8470 §5.2).
        WithoutEarlyData = "without-early-data" => "Not in early data",
    }
}

impl Verdict {
    /// The CSS class: whether to go, to stop, or to take care.
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::No => "no",
            Self::Follow | Self::FollowWithGet | Self::Yes | Self::Later => "yes",
            _ => "care",
        }
    }
}

impl Retry {
    /// The rule for requests of one kind. `redirect` is what the code does to
    /// the method, if it is a redirect.
    ///
    /// A request that is neither safe nor idempotent is repeated only where
    /// the response proves that it was not carried out, or with a key
    /// (RFC 9110 §9.2.2).
    pub const fn verdict(self, kind: MethodKind, redirect: Option<RedirectMethod>) -> Verdict {
        let repeatable = !matches!(kind, MethodKind::Neither);
        match self {
            Self::NotNeeded => Verdict::Done,
            Self::Follow => match (kind, redirect) {
                (MethodKind::Safe, _) => Verdict::Follow,
                (_, Some(RedirectMethod::BecomesGet)) => Verdict::FollowWithGet,
                _ => Verdict::FollowWithCare,
            },
            Self::Never => Verdict::No,
            Self::AfterChange => Verdict::Changed,
            Self::AfterWait if repeatable => Verdict::Later,
            Self::AfterWait => Verdict::LaterWithKey,
            Self::IfIdempotent if repeatable => Verdict::Yes,
            Self::IfIdempotent => Verdict::WithKey,
            Self::WhenAsked => Verdict::WhenAsked,
            Self::OtherConnection => Verdict::OtherConnection,
            Self::WithoutEarlyData => Verdict::WithoutEarlyData,
        }
    }
}

impl Registration {
    /// The states that a registered code can have.
    pub const REGISTERED: [Self; 4] = [
        Self::Standard,
        Self::Temporary,
        Self::Obsolete,
        Self::Reserved,
    ];
}

/// A document, and a section of it: `RFC 9110 §15.5.5`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Specification {
    /// `RFC 9110`, or the name of an Internet-Draft.
    document: Document,
    /// `15.5.5` or `B`, if a section is meant.
    section: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Document {
    Rfc(u16),
    Draft(String),
}

impl Specification {
    /// `RFC 9110`, or the name of an Internet-Draft.
    pub fn document(&self) -> String {
        self.document.to_string()
    }

    /// `15.5.5` or `B`, if a section is meant.
    pub fn section(&self) -> Option<&str> {
        self.section.as_deref()
    }

    /// The address of the document at its publisher, with the section.
    pub fn url(&self) -> String {
        let document = match &self.document {
            Document::Rfc(number) => format!("https://www.rfc-editor.org/rfc/rfc{number}.html"),
            Document::Draft(name) => format!("https://datatracker.ietf.org/doc/html/{name}"),
        };
        match &self.section {
            Some(section) if section.starts_with(|c: char| c.is_ascii_digit()) => {
                format!("{document}#section-{section}")
            }
            Some(section) => format!("{document}#appendix-{section}"),
            None => document,
        }
    }
}

impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rfc(number) => write!(f, "RFC {number}"),
            Self::Draft(name) => f.write_str(name),
        }
    }
}

impl fmt::Display for Specification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.document.fmt(f)?;
        match &self.section {
            Some(section) => write!(f, " §{section}"),
            None => Ok(()),
        }
    }
}

impl Specification {
    /// The specification that a text like `RFC9110, section 15.5.5` means.
    pub fn meant(text: &str) -> Option<Self> {
        let (mut document, mut section) = (String::new(), String::new());
        let rest = text
            .trim()
            .trim_start_matches(|c: char| !c.is_ascii_digit());
        let head = text.trim().get(..3)?;
        if !head.eq_ignore_ascii_case("rfc") {
            return None;
        }
        let digits = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        document.push_str(&rest[..digits]);
        let behind = &rest[digits..];
        if let Some(at) = behind.find(|c: char| c.is_ascii_digit()) {
            let only = |c: &char| c.is_ascii_digit() || *c == '.';
            section = behind[at..].chars().take_while(only).collect();
        }
        let section = section.trim_end_matches('.');
        let text = if section.is_empty() {
            format!("RFC {document}")
        } else {
            format!("RFC {document} §{section}")
        };
        text.parse().ok()
    }
}

impl FromStr for Specification {
    type Err = ();

    /// Reads `RFC 9110`, `RFC 9110 §15.5.5`, `draft-name-05 §5`.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (document, section) = match text.split_once(" §") {
            Some((document, section)) => (document, Some(section)),
            None => (text, None),
        };
        let document = match document.strip_prefix("RFC ") {
            Some(number) if number.starts_with(|c: char| ('1'..='9').contains(&c)) => {
                Document::Rfc(number.parse().map_err(|_| ())?)
            }
            None if document.starts_with("draft-")
                && document
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') =>
            {
                Document::Draft(document.to_owned())
            }
            _ => return Err(()),
        };
        let is_section = |s: &str| {
            s.split('.').enumerate().all(|(at, part)| {
                let number = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
                let letter = at == 0 && part.len() == 1 && part.as_bytes()[0].is_ascii_uppercase();
                number || letter
            })
        };
        if section.is_some_and(|s| !is_section(s)) {
            return Err(());
        }
        Ok(Self {
            document,
            section: section.map(str::to_owned),
        })
    }
}

impl<'de> Deserialize<'de> for Specification {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|()| {
            de::Error::custom(match Self::meant(&text) {
                Some(meant) => format!("`{text}` names no section; did you mean `{meant}`?"),
                None => format!("`{text}` names no section of a specification"),
            })
        })
    }
}

/// As its parts, for programs that would otherwise take the text apart.
impl Serialize for Specification {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut parts = serializer.serialize_struct("Specification", 3)?;
        parts.serialize_field("document", &self.document())?;
        parts.serialize_field("section", &self.section())?;
        parts.serialize_field("url", &self.url())?;
        parts.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_three_digits_and_valid_up_to_599() {
        assert_eq!("404".parse(), Ok(StatusCode(404)));
        assert!(StatusCode(599).is_valid());
        assert!(!StatusCode(600).is_valid());
        for wrong in ["99", "099", "4o4", "+40", "4040", "", "٤٠٤"] {
            assert!(wrong.parse::<StatusCode>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_first_digit_decides_the_class() {
        for (number, class) in [
            (100, "1xx"),
            (226, "2xx"),
            (399, "3xx"),
            (451, "4xx"),
            (599, "5xx"),
            (999, "5xx"),
        ] {
            assert_eq!(StatusCode(number).class().slug(), class);
        }
    }

    /// What front matter with the word `slug` means.
    fn read<'de, T: Deserialize<'de>>(slug: &'static str) -> T {
        use serde::de::IntoDeserializer;
        use serde::de::value::{Error, StrDeserializer};
        let deserializer: StrDeserializer<'_, Error> = slug.into_deserializer();
        T::deserialize(deserializer).unwrap()
    }

    #[test]
    fn a_slug_is_the_word_of_front_matter() {
        for value in Retry::ALL {
            assert_eq!(read::<Retry>(value.slug()), *value);
        }
        for value in Cacheability::ALL {
            assert_eq!(read::<Cacheability>(value.slug()), *value);
        }
        for value in Registration::REGISTERED {
            assert_eq!(read::<Registration>(value.slug()), value);
        }
    }

    #[test]
    fn a_request_that_repeats_badly_is_repeated_only_with_a_key() {
        use {MethodKind as Kind, RedirectMethod as Redirect};
        for (retry, kind, redirect, verdict) in [
            (Retry::IfIdempotent, Kind::Idempotent, None, Verdict::Yes),
            (Retry::IfIdempotent, Kind::Neither, None, Verdict::WithKey),
            (Retry::AfterWait, Kind::Safe, None, Verdict::Later),
            (Retry::AfterWait, Kind::Neither, None, Verdict::LaterWithKey),
            (
                Retry::Follow,
                Kind::Neither,
                Some(Redirect::BecomesGet),
                Verdict::FollowWithGet,
            ),
            (
                Retry::Follow,
                Kind::Neither,
                Some(Redirect::Kept),
                Verdict::FollowWithCare,
            ),
        ] {
            assert_eq!(retry.verdict(kind, redirect), verdict);
        }
    }

    #[test]
    fn a_specification_reads_prints_and_links_its_section() {
        for (text, url) in [
            (
                "RFC 9110 §15.5.5",
                "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.5",
            ),
            ("RFC 2324", "https://www.rfc-editor.org/rfc/rfc2324.html"),
            (
                "RFC 9110 §B.2",
                "https://www.rfc-editor.org/rfc/rfc9110.html#appendix-B.2",
            ),
            (
                "draft-ietf-httpbis-resumable-upload-05 §5",
                "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-resumable-upload-05#section-5",
            ),
        ] {
            let specification: Specification = text.parse().unwrap();
            assert_eq!(specification.to_string(), text);
            assert_eq!(specification.url(), url);
        }
    }

    #[test]
    fn what_is_no_specification_is_refused() {
        for wrong in [
            "RFC9110",
            "RFC 9110 15.5.5",
            "RFC 9110 §",
            "RFC 9110 §x",
            "RFC 0",
            "RFC +1",
            "draft-A",
            "MDN",
            "RFC 9110 §1..2",
        ] {
            assert!(wrong.parse::<Specification>().is_err(), "{wrong}");
        }
    }
}
