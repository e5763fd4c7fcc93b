//! One answer, two shapes: XML as GeoReport writes it, and JSON in which a container of equals is a bare array.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

/// How an answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Xml,
    Json,
}

impl Shape {
    /// `services.xml` → (`services`, XML).
    pub fn split(file: &str) -> Option<(&str, Shape)> {
        let (name, end) = file.rsplit_once('.')?;
        Some((name, Shape::parse(end)?))
    }

    /// As a path says at its end; XML, which all can read, where it does not say.
    pub fn of(path: &str) -> Shape {
        path.rsplit('/').next().and_then(Shape::split).map_or(Shape::Xml, |(_, shape)| shape)
    }

    fn parse(end: &str) -> Option<Shape> {
        match end {
            "xml" => Some(Shape::Xml),
            "json" => Some(Shape::Json),
            _ => None,
        }
    }
}

/// A piece of an answer.
#[derive(Clone, Debug)]
pub enum Node {
    Nothing,
    Text(String),
    Yes(bool),
    Number(i64),
    /// In 1e-7 degrees.
    Degrees(i64),
    Map(Vec<(&'static str, Node)>),
    /// Equal children and what each is called.
    List(&'static str, Vec<Node>),
    /// The outermost element.
    Named(&'static str, Box<Node>),
}

impl Node {
    pub fn text(text: &str) -> Node {
        if text.is_empty() { Node::Nothing } else { Node::Text(text.to_owned()) }
    }
    pub fn yes(yes: bool) -> Node {
        Node::Yes(yes)
    }
    pub fn number(number: i64) -> Node {
        Node::Number(number)
    }
    pub fn degrees(e7: i64) -> Node {
        Node::Degrees(e7)
    }
    pub fn map(fields: Vec<(&'static str, Node)>) -> Node {
        Node::Map(fields)
    }
    pub fn list(child: &'static str, children: Vec<Node>) -> Node {
        Node::List(child, children)
    }
    pub fn named(name: &'static str, node: Node) -> Node {
        Node::Named(name, Box::new(node))
    }

    pub fn answer(&self, shape: Shape, status: StatusCode) -> Response {
        let (kind, body) = match shape {
            Shape::Xml => {
                let mut out = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n".to_owned();
                self.xml(&mut out);
                out.push('\n');
                ("text/xml; charset=utf-8", out)
            }
            Shape::Json => ("application/json; charset=utf-8", self.json().to_string()),
        };
        (status, [(header::CONTENT_TYPE, kind)], body).into_response()
    }

    fn xml(&self, out: &mut String) {
        match self {
            Node::Nothing => {}
            Node::Text(text) => out.push_str(&escaped(text)),
            Node::Yes(yes) => out.push_str(if *yes { "true" } else { "false" }),
            Node::Number(number) => out.push_str(&number.to_string()),
            Node::Degrees(e7) => out.push_str(&decimal(*e7)),
            Node::Map(fields) => {
                for (name, node) in fields {
                    element(name, node, out);
                }
            }
            Node::List(child, children) => {
                for node in children {
                    element(child, node, out);
                }
            }
            Node::Named(name, node) => element(name, node, out),
        }
    }

    fn json(&self) -> Value {
        match self {
            Node::Nothing => Value::Null,
            Node::Text(text) => text.as_str().into(),
            Node::Yes(yes) => (*yes).into(),
            Node::Number(number) => (*number).into(),
            Node::Degrees(e7) => serde_json::from_str(&decimal(*e7)).unwrap_or(Value::Null),
            Node::Map(fields) => {
                let fields: Map<String, Value> =
                    fields.iter().map(|(name, node)| ((*name).to_owned(), node.json())).collect();
                Value::Object(fields)
            }
            Node::List(_, children) => children.iter().map(Node::json).collect(),
            Node::Named(_, node) => node.json(),
        }
    }
}

fn element(name: &str, node: &Node, out: &mut String) {
    if matches!(node, Node::Nothing) {
        out.push_str(&format!("<{name}/>"));
        return;
    }
    out.push_str(&format!("<{name}>"));
    node.xml(out);
    out.push_str(&format!("</{name}>"));
}

/// Text as XML may hold it: marked up, and without characters that XML forbids.
fn escaped(text: &str) -> String {
    let allowed = |c: &char| matches!(c, '\t' | '\n' | '\r') || (*c >= ' ' && !matches!(*c, '\u{FFFE}' | '\u{FFFF}'));
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(allowed) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
    out
}

pub fn decimal(e7: i64) -> String {
    let sign = if e7 < 0 { "-" } else { "" };
    format!("{sign}{}.{:07}", e7.abs() / 10_000_000, e7.abs() % 10_000_000)
}
