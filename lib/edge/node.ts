import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Edge } from './edge';

const dataFolder = join(__dirname, '..', '..', 'data');

export const readData: Edge['readData'] = async (file) => {
  try {
    return await readFile(join(dataFolder, file));
  } catch (error) {
    throw new Error(`the data file lib/data/${file} can't be read; restore it with: git checkout -- lib/data/${file}`, {
      cause: error,
    });
  }
};
