/**
 * Advance widths of DejaVu Sans in hundredths of the font size, for the characters from space to tilde. Read from the
 * font's own tables. DejaVu is wider than the other usual sans-serif fonts, so what fits in it fits in them.
 */
const WIDTHS: readonly number[] = [
  32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84,
  84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79, 60, 79, 69, 63, 61, 73, 68, 99, 69, 61,
  69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63, 63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59,
  82, 59, 59, 52, 64, 34, 64, 84,
];
/** Letters beyond that range, Greek ones and signs among them: about the width of an arrow or a capital omega. */
const OTHER = 80;
/** Bold letters are wider by about this. */
const BOLD = 1.12;

/** Width of a text in pixels, for laying out where no canvas can measure. */
export function textWidth(text: string, fontSize: number, bold: boolean): number {
  let width = 0;
  for (const letter of text) width += WIDTHS[letter.charCodeAt(0) - 32] ?? OTHER;
  return (width / 100) * fontSize * (bold ? BOLD : 1);
}
