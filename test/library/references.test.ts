import { expect } from 'chai';
import { cite, type Reference, type ReferenceKey, references, referenceText } from 'lecture-lab/references';

describe('references', () => {
  const entries = Object.entries(references) as [ReferenceKey, Reference][];

  it('names one, two and more authors', () => {
    expect(cite('hodgkin1952')).to.equal('Hodgkin & Huxley (1952)');
    expect(cite('lillicrap2016')).to.equal('Lillicrap et al. (2016)');
  });

  it('gives the address of a work', () => {
    expect(referenceText('hodgkin1952')).to.match(/^Hodgkin, A\. L\.; Huxley.*\(1952\).*doi\.org\/10\.1113/);
    expect(referenceText('saxe2014')).to.match(/https:\/\/arxiv\.org\/abs\/1312\.6120$/);
  });

  for (const [key, { authors, year, title, where, doi, url }] of entries)
    it(`${key} is complete, and its key is its first author and year`, () => {
      const first = authors
        .split(',')[0]!
        .normalize('NFD')
        .replaceAll('ø', 'o')
        .replace(/[^a-z]/gi, '')
        .toLowerCase();
      expect(key.replace(/[a-z]$/, '')).to.equal(first + year);
      expect(title).to.match(/^[^.].*[^.]$/);
      expect(where).to.not.match(/[.]$|^$/);
      if (doi !== undefined) expect(doi).to.match(/^10\.\d{4,}\/\S+$/);
      if (url !== undefined) expect(() => new URL(url)).to.not.throw();
      expect(Boolean(doi ?? url), 'a doi or an address').to.equal(true);
    });
});
