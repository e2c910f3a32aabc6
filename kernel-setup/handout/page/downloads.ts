import type { View } from 'vega';
import { csv } from './csv';

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

/** On white: the page's ink is black there. */
async function png(view: View): Promise<Blob> {
  const picture = (await view.toCanvas(2)) as unknown as HTMLCanvasElement;
  const canvas = document.createElement('canvas');
  canvas.width = picture.width;
  canvas.height = picture.height;
  const paper = canvas.getContext('2d')!;
  paper.fillStyle = '#ffffff';
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.drawImage(picture, 0, 0);
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

function save(blob: Blob, file: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
