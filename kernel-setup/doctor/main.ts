import type { Tools } from '../setup/tools';
import { broken, type Link, ok, walk } from './link';
import { LINKS } from './links';

/** A link that bootstrap looked at already. */
interface Seen {
  readonly name: string;
  readonly problem: string | undefined;
  readonly fix: string;
}

/** `npm run doctor`: checks every link of the chain. Gives the exit code: 0 if everything that is needed works. */
export async function doctor(tools: Tools, seen: readonly Seen[]): Promise<number> {
  const first: Link[] = seen.map(({ name, problem, fix }) => ({
    name,
    check: () => (problem ? broken(problem, fix) : ok(name === 'Node' ? process.versions.node : 'in order')),
  }));
  const print = (text: string): void => void process.stdout.write(`${text}\n`);
  const count = await walk([...first, ...LINKS], tools, print);
  const many = count === 1 ? 'One link is' : `${count} links are`;
  print(
    count === 0
      ? '\nEverything that is needed works.'
      : `\n${many} broken. Mend the first one, then run npm run doctor again.`,
  );
  return count === 0 ? 0 : 1;
}
