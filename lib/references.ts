/** One entry of the bibliography. */
export interface Reference {
  readonly authors: string;
  readonly year: number;
  readonly title: string;
  /** journal, conference or publisher, with volume and pages */
  readonly where: string;
  readonly doi?: string;
  readonly url?: string;
}

/** Everything that is cited, by key: first author in lower case, then the year. */
export const references = {
  hodgkin1952: {
    authors: 'Hodgkin, A. L.; Huxley, A. F.',
    year: 1952,
    title: 'A quantitative description of membrane current and its application to conduction and excitation in nerve',
    where: 'Journal of Physiology 117, 500–544',
    doi: '10.1113/jphysiol.1952.sp004764',
  },
  saxe2014: {
    authors: 'Saxe, A. M.; McClelland, J. L.; Ganguli, S.',
    year: 2014,
    title: 'Exact solutions to the nonlinear dynamics of learning in deep linear neural networks',
    where: 'International Conference on Learning Representations',
    url: 'https://arxiv.org/abs/1312.6120',
  },
  lillicrap2016: {
    authors: 'Lillicrap, T. P.; Cownden, D.; Tweed, D. B.; Akerman, C. J.',
    year: 2016,
    title: 'Random synaptic feedback weights support error backpropagation for deep learning',
    where: 'Nature Communications 7, 13276',
    doi: '10.1038/ncomms13276',
  },
} satisfies Readonly<Record<string, Reference>>;

/** A key of the bibliography. */
export type ReferenceKey = keyof typeof references;

/** A work as running text names it: `Hodgkin & Huxley (1952)`, `Lillicrap et al. (2016)`. */
export function cite(key: ReferenceKey): string {
  const { authors, year } = references[key];
  const names = authors.split('; ').map((author) => author.split(',')[0]!);
  const who = names.length > 2 ? `${names[0]} et al.` : names.join(' & ');
  return `${who} (${year})`;
}

/** A work as a list of references gives it, with the address where it is found. */
export function referenceText(key: ReferenceKey): string {
  const { authors, year, title, where, doi, url }: Reference = references[key];
  const address = doi ? ` https://doi.org/${doi}` : url ? ` ${url}` : '';
  return `${authors} (${year}). ${title}. ${where}.${address}`;
}
