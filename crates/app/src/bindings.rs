//! The TypeScript of what crosses IPC, made from the Rust types and the command list.

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use ts_rs::{Config, TS};

    use crate::error::{ApiError, ErrorCode};
    use crate::wire::*;

    const HEADER: &str = "// Made from crates/app by `cargo test -p sunbench-app bindings`; do not edit.\n";

    /// Writes every type that `T` needs, once.
    fn visit<T: TS + 'static + ?Sized>(
        config: &Config,
        seen: &mut std::collections::BTreeMap<String, String>,
    ) {
        struct Visitor<'a>(&'a Config, &'a mut std::collections::BTreeMap<String, String>);
        impl ts_rs::TypeVisitor for Visitor<'_> {
            fn visit<T: TS + 'static + ?Sized>(&mut self) {
                visit::<T>(self.0, self.1);
            }
        }
        if T::output_path().is_some() {
            let name = T::ident(config);
            if seen.contains_key(&name) {
                return;
            }
            seen.insert(name, T::decl(config));
        }
        T::visit_dependencies(&mut Visitor(config, seen));
    }

    macro_rules! generate {
        ($($command:ident($request:ty) -> $answer:ty,)*) => {
            fn generate() -> String {
                let config = Config::default();
                let mut types = std::collections::BTreeMap::new();
                visit::<ApiError>(&config, &mut types);
                visit::<ErrorCode>(&config, &mut types);
                $(visit::<$request>(&config, &mut types); visit::<$answer>(&config, &mut types);)*
                let mut out = String::from(HEADER);
                for text in types.values() {
                    let _ = writeln!(out, "\nexport {text}");
                }
                out.push_str("\n/** Every command: its request and its answer. */\nexport interface Commands {\n");
                $(let _ = writeln!(
                    out,
                    "  {}: {{ request: {}; answer: {} }};",
                    stringify!($command), <$request>::name(&config), <$answer>::name(&config)
                );)*
                out.push_str("}\n");
                out
            }
        };
    }
    crate::with_commands!(generate);

    /// The committed bindings are what the code makes; set `UPDATE_BINDINGS=1` to renew them.
    #[test]
    fn bindings_have_not_drifted() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/src/bindings/wire.ts");
        let text = generate();
        if std::env::var_os("UPDATE_BINDINGS").is_some() {
            std::fs::create_dir_all(std::path::Path::new(path).parent().unwrap()).unwrap();
            std::fs::write(path, &text).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(text == committed, "run UPDATE_BINDINGS=1 cargo test -p sunbench-app bindings");
    }
}
