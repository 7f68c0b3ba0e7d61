import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

type Weight = 'regular' | 'bold';
export type FontName = 'latin' | 'latin-bold' | 'japanese' | 'japanese-bold';

const files: Readonly<Record<FontName, string>> = {
  latin: 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf',
  'latin-bold': 'dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf',
  japanese: '@expo-google-fonts/noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf',
  'japanese-bold': '@expo-google-fonts/noto-sans-jp/700Bold/NotoSansJP_700Bold.ttf',
};

/** Kana, kanji and full-width forms. DejaVu has Latin, Greek and Cyrillic; Noto Sans JP has these and Latin. */
const japanese = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}\u3000-\u303f\uff00-\uffef]/u;

/** One font per string: Noto Sans JP where it holds a Japanese character. */
export function fontFor(text: string, weight: Weight): FontName {
  const family = japanese.test(text) ? 'japanese' : 'latin';
  return weight === 'bold' ? `${family}-bold` : family;
}

/** Reads font files from the installed packages, each at most once. */
export function createFontLoader(): (name: FontName) => Promise<Buffer> {
  const resolve = createRequire(import.meta.url).resolve;
  const loaded = new Map<FontName, Promise<Buffer>>();
  return (name) => {
    const known = loaded.get(name);
    if (known !== undefined) return known;
    const reading = readFile(resolve(files[name]));
    loaded.set(name, reading);
    return reading;
  };
}
