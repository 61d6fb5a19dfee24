//! The names of fields as scripts read them.

use serde_json::Value;

/// Scripts read `body_digest` where the window reads `bodyDigest`, at every depth.
pub(crate) fn snake_case(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            fields.into_iter().map(|(name, value)| (snake(&name), snake_case(value))).collect()
        }
        Value::Array(values) => values.into_iter().map(snake_case).collect(),
        other => other,
    }
}

fn snake(name: &str) -> String {
    name.chars().fold(String::new(), |mut out, c| {
        if c.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
        out
    })
}
