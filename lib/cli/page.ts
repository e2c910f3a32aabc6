import type { Evaluation } from '../figure/define';

export async function page(_: Evaluation, __: (message: string) => void): Promise<string> {
  throw new Error('not yet');
}
