import { csvFormat } from 'd3-dsv';
import type { View } from 'vega';

/**
 * Buttons that save a picture, or its numbers, without asking any network.
 * @param view the picture that is there when a button is pressed
 * @param name of the files, without their ending
 */
export function downloads(view: () => View | undefined, name: string): HTMLElement[] {
  const offer = (
    label: string,
    title: string,
    ending: string,
    make: (view: View) => Promise<Blob> | Blob,
  ): HTMLElement => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = label;
    button.title = title;
    button.addEventListener('click', () => {
      const now = view();
      if (now) void Promise.resolve(make(now)).then((blob) => save(blob, `${name}.${ending}`));
    });
    return button;
  };
  const now = view();
  return [
    ...(!now || rowsOf(now).length > 0
      ? [
          offer(
            'Download data (CSV)',
            "Save the picture's numbers",
            'csv',
            (v) => new Blob([`${csvFormat(rowsOf(v))}\n`], { type: 'text/csv' }),
          ),
        ]
      : []),
    offer('SVG', 'Save the picture as SVG', 'svg', async (v) => new Blob([await v.toSVG()], { type: 'image/svg+xml' })),
    offer('PNG', 'Save the picture as PNG, twice its size', 'png', png),
  ];
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
