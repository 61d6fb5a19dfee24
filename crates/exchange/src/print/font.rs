//! Fonts: the one that the program carries, and the system's for characters that it has not.

use std::sync::{Arc, LazyLock};

use fontdb::{Database, FaceInfo, ID, Style};
use krilla::Data;
use krilla::text::{Font, GlyphId};
use rustc_hash::FxHashMap;
use skrifa::instance::{LocationRef, Size};
use skrifa::raw::TableProvider as _;
use skrifa::{FontRef, MetadataProvider as _};

/// Noto Serif SC, a subset: 通用规范汉字表, GB 2312, Latin, punctuation, symbols. scripts/fonts.sh makes it.
static EMBEDDED: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let packed = include_bytes!("../../../../assets/fonts/NotoSerifSC-subset.otf.zst");
    zstd::decode_all(packed.as_slice()).expect("the font is part of the program")
});

/// The system's upright faces, the likeliest first.
static SYSTEM: LazyLock<(Database, Vec<ID>)> = LazyLock::new(|| {
    /// Chinese faces of the systems that hospitals have, those nearest to our own first.
    const LIKELY: [&str; 10] = [
        "Noto Serif CJK SC",
        "Source Han Serif SC",
        "SimSun",
        "NSimSun",
        "SimSun-ExtB",
        "SimSun-ExtG",
        "Noto Sans CJK SC",
        "Source Han Sans SC",
        "Microsoft YaHei",
        "WenQuanYi Zen Hei",
    ];
    let mut database = Database::new();
    database.load_system_fonts();
    let place = |face: &FaceInfo| {
        let named = |name: &&str| face.families.iter().any(|(family, _)| family == name);
        LIKELY.iter().position(named).unwrap_or(LIKELY.len())
    };
    let mut faces: Vec<_> = database
        .faces()
        .filter(|face| face.style == Style::Normal)
        .map(|face| {
            ((place(face), face.weight.0.abs_diff(400), face.post_script_name.clone(), face.index), face.id)
        })
        .collect();
    faces.sort();
    (database, faces.into_iter().map(|(_, id)| id).collect())
});

/// A character's shape.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glyph {
    /// Which of the opened faces.
    pub(super) face: usize,
    pub(super) id: GlyphId,
    /// Width at a size of one.
    pub(super) advance: f32,
}

/// 字体: what the pages are set in.
///
/// The program's own font has the characters of 通用规范汉字表 and GB 2312. Rarer ones come from the system's fonts, or
/// are printed by their code, such as 〔U+20BB7〕.
#[derive(Debug)]
pub struct Fonts {
    system: bool,
    faces: Vec<(Option<ID>, Font)>,
    glyphs: FxHashMap<char, Option<Glyph>>,
}

impl Fonts {
    /// The program's own font only: the same bytes on every machine.
    ///
    /// # Panics
    ///
    /// Never: the font is part of the program.
    #[must_use]
    pub fn embedded() -> Self {
        let font = Font::new(Data::from(EMBEDDED.as_slice()), 0).expect("the font is part of the program");
        Self { system: false, faces: vec![(None, font)], glyphs: FxHashMap::default() }
    }

    /// The program's own font, and the system's for characters that it has not.
    #[must_use]
    pub fn with_system() -> Self {
        Self { system: true, ..Self::embedded() }
    }

    /// An opened face.
    pub(super) fn face(&self, glyph: Glyph) -> Font {
        self.faces[glyph.face].1.clone()
    }

    /// None where no font has the character.
    pub(super) fn glyph(&mut self, character: char) -> Option<Glyph> {
        if let Some(known) = self.glyphs.get(&character) {
            return *known;
        }
        let glyph = find(&EMBEDDED, 0, character)
            .map(|(id, advance)| Glyph { face: 0, id, advance })
            .or_else(|| self.system_glyph(character));
        self.glyphs.insert(character, glyph);
        glyph
    }

    fn system_glyph(&mut self, character: char) -> Option<Glyph> {
        if !self.system || !stands_alone(character) {
            return None;
        }
        let (database, faces) = &*SYSTEM;
        faces.iter().find_map(|face| {
            let (id, advance) =
                database.with_face_data(*face, |data, index| find(data, index, character)).flatten()?;
            let opened = self.faces.iter().position(|(known, _)| *known == Some(*face));
            let at = opened.or_else(|| {
                let open = |data: &[u8], index| Font::new(Data::from(Arc::new(data.to_vec())), index);
                let font = database.with_face_data(*face, open).flatten()?;
                self.faces.push((Some(*face), font));
                Some(self.faces.len() - 1)
            })?;
            Some(Glyph { face: at, id, advance })
        })
    }
}

/// A face's glyph for a character and its width at a size of one, where the glyph is drawn by outlines that may be
/// embedded.
fn find(data: &[u8], index: u32, character: char) -> Option<(GlyphId, f32)> {
    /// `fsType` of OS/2: embedding needs the owner's permission.
    const RESTRICTED: u16 = 2;
    let font = FontRef::from_index(data, index).ok()?;
    let glyph = font.charmap().map(character)?;
    let is_space = character == ' ' || character == '\u{a0}' || character == '\u{3000}';
    if !is_space && font.outline_glyphs().get(glyph).is_none()
        || font.os2().is_ok_and(|os2| os2.fs_type() & 0xF == RESTRICTED)
    {
        return None;
    }
    let metrics = font.glyph_metrics(Size::new(1.0), LocationRef::default());
    Some((GlyphId::new(glyph.to_u32()), metrics.advance_width(glyph)?))
}

/// Whether a character looks right without its neighbours: no joining, no reordering, no direction from the right.
fn stands_alone(character: char) -> bool {
    matches!(character,
        '\u{0020}'..='\u{058F}'
        | '\u{1E00}'..='\u{2BFF}'
        | '\u{2E80}'..='\u{A4CF}'
        | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE4F}'
        | '\u{FF01}'..='\u{FFEE}'
        | '\u{1F000}'..='\u{1FAFF}'
        | '\u{20000}'..='\u{3FFFD}')
}
