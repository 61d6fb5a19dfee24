#!/usr/bin/env bash
# fonts.sh: makes the font that printed documents carry, assets/fonts/NotoSerifSC-subset.otf.zst, anew. Needed only when
# its characters are to change: the result is kept in the repository.
#
# Source: Noto Serif CJK SC Regular 2.001 as Debian's fonts-noto-cjk has it (https://github.com/notofonts/noto-cjk, SIL
# Open Font License 1.1, assets/fonts/OFL.txt). Characters: 通用规范汉字表 (8,105, Unihan's kTGH in Debian's unicode-data),
# GB 2312, and the punctuation, numerals, letters and symbols that office documents use.
set -euo pipefail
cd "$(dirname "$0")/.."
for package in fonts-noto-cjk unicode-data python3-fonttools zstd; do
  dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' || missing+=" $package"
done
[ -z "${missing:-}" ] || { echo "install first:$missing" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 - >"$work/characters" <<'PY'
import bz2
characters = set()
for lead in range(0xA1, 0xF8):
    for trail in range(0xA1, 0xFF):
        try:
            characters.add(bytes([lead, trail]).decode("gb2312"))
        except UnicodeDecodeError:
            pass
with bz2.open("/usr/share/unicode/Unihan_OtherMappings.txt.bz2", "rt") as unihan:
    for fields in (line.split("\t") for line in unihan):
        if len(fields) == 3 and fields[1] == "kTGH":
            characters.add(chr(int(fields[0][2:], 16)))
for first, last in [
    (0x20, 0x7E), (0xA0, 0x17F), (0x370, 0x3FF), (0x400, 0x45F),  # Latin, Greek, Cyrillic
    (0x2010, 0x2027), (0x2030, 0x205E), (0x2070, 0x209F), (0x20A0, 0x20BF), (0x2100, 0x218B),  # punctuation, numerals
    (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2460, 0x24FF), (0x2500, 0x25FF), (0x2600, 0x266F),  # signs
    (0x3000, 0x30FF), (0x3200, 0x33FF), (0xFE30, 0xFE4F), (0xFF01, 0xFFEE),  # CJK punctuation, kana, full width
]:
    characters.update(map(chr, range(first, last + 1)))
print("".join(sorted(characters)), end="")
PY

python3 -m fontTools.subset /usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc --font-number=2 \
  --text-file="$work/characters" --layout-features='' --no-hinting --notdef-outline --no-recalc-timestamp \
  --drop-tables+=BASE,GDEF,GPOS,GSUB,VORG,vhea,vmtx --name-IDs=0,1,2,3,4,5,6,13,14 --output-file="$work/subset.otf"
mkdir -p assets/fonts
zstd -q -19 -f "$work/subset.otf" -o assets/fonts/NotoSerifSC-subset.otf.zst
stat -c '%n: %s bytes' assets/fonts/NotoSerifSC-subset.otf.zst
