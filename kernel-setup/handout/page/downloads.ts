import { csvFormat } from 'd3-dsv';
import type { Row } from 'lecture-lab/figure/spec';

/** What is saved: what the page shows when a button is pressed. */
export interface Shown {
  readonly picture: () => SVGElement | null;
  readonly rows: () => readonly Row[];
}

/**
 * Buttons that save a picture, or its numbers, without asking any network.
 * @param name of the files, without their ending
 */
export function downloads({ picture, rows }: Shown, name: string): HTMLElement[] {
  const offer = (
    label: string,
    title: string,
    ending: string,
    make: () => Promise<Blob | undefined> | Blob | undefined,
  ): HTMLElement => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = label;
    button.title = title;
    button.addEventListener('click', () => {
      void Promise.resolve(make()).then((blob) => blob && save(blob, `${name}.${ending}`));
    });
    return button;
  };
  const svg = (): Blob | undefined => {
    const now = picture();
    return now ? new Blob([new XMLSerializer().serializeToString(now)], { type: 'image/svg+xml' }) : undefined;
  };
  const csv = (): Blob => new Blob([`${csvFormat(rows() as object[])}\n`], { type: 'text/csv' });
  return [
    ...(rows().length > 0 ? [offer('Download data (CSV)', "Save the picture's numbers", 'csv', csv)] : []),
    offer('SVG', 'Save the picture as SVG', 'svg', svg),
    offer('PNG', 'Save the picture as PNG, twice its size', 'png', async () => {
      const now = svg();
      return now && png(now);
    }),
  ];
}

/** On white: the page's ink is black there. */
async function png(svg: Blob): Promise<Blob> {
  const address = URL.createObjectURL(svg);
  try {
    const picture = new Image();
    picture.src = address;
    await picture.decode();
    const canvas = document.createElement('canvas');
    canvas.width = 2 * picture.naturalWidth;
    canvas.height = 2 * picture.naturalHeight;
    const paper = canvas.getContext('2d')!;
    paper.fillStyle = '#ffffff';
    paper.fillRect(0, 0, canvas.width, canvas.height);
    paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture could not be made'))), 'image/png'),
    );
  } finally {
    URL.revokeObjectURL(address);
  }
}

function save(blob: Blob, file: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
