import type { View } from 'vega';

/** Buttons under a picture that save it, or its numbers, without asking any network. */
export function downloads(view: View, name: string): HTMLElement {
  const bar = document.createElement('div');
  bar.className = 'downloads';
  const offer = (label: string, title: string, file: string, make: () => Promise<Blob> | Blob): void => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = label;
    button.title = title;
    button.addEventListener('click', () => void Promise.resolve(make()).then((blob) => save(blob, file)));
    bar.append(button);
  };
  offer(
    'SVG',
    'Save the picture as SVG',
    `${name}.svg`,
    async () => new Blob([await view.toSVG()], { type: 'image/svg+xml' }),
  );
  offer('PNG', 'Save the picture as PNG, twice its size', `${name}.png`, () => png(view));
  const rows = rowsOf(view);
  if (rows.length > 0)
    offer('CSV', "Save the picture's numbers", `${name}.csv`, () => new Blob([csv(rows)], { type: 'text/csv' }));
  return bar;
}

async function png(view: View): Promise<Blob> {
  const canvas = (await view.toCanvas(2)) as unknown as HTMLCanvasElement;
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture could not be made'))), 'image/png'),
  );
}

/** The figure's own table: the library calls it `rows`. */
function rowsOf(view: View): Record<string, unknown>[] {
  try {
    return view.data('rows') as Record<string, unknown>[];
  } catch {
    return [];
  }
}

/** Comma-separated values as RFC 4180 has them. */
export function csv(rows: readonly Record<string, unknown>[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const field = (value: unknown): string => {
    const text = value === undefined || value === null ? '' : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns, ...rows.map((row) => columns.map((column) => row[column]))]
    .map((line) => `${line.map(field).join(',')}\r\n`)
    .join('');
}

function save(blob: Blob, file: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
