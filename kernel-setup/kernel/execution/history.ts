interface Entry {
  readonly line: number;
  readonly code: string;
  output?: string;
}

/** The cells of this session, for history requests. */
export class History {
  readonly #entries: Entry[] = [];

  add(line: number, code: string): void {
    this.#entries.push({ line, code });
  }

  setOutput(line: number, output: string): void {
    const entry = this.#entries.findLast((one) => one.line === line);
    if (entry) entry.output = output;
  }

  /** Answers a history_request: tail, range or search, as the protocol describes them. */
  answer(content: Readonly<Record<string, unknown>>): unknown[] {
    const all = this.#entries;
    let found: readonly Entry[];
    if (content['hist_access_type'] === 'range') {
      const start = Number(content['start'] ?? 0);
      const stop = content['stop'] === undefined || content['stop'] === null ? Infinity : Number(content['stop']);
      const ours = [0, 1].includes(Number(content['session'] ?? 0));
      found = ours ? all.filter(({ line }) => line >= start && line < stop) : [];
    } else {
      found = content['hist_access_type'] === 'search' ? this.#search(content) : all;
      if (content['n'] !== undefined && content['n'] !== null) found = last(found, Number(content['n']));
    }
    const session = 1;
    return found.map(({ line, code, output }) => [
      session,
      line,
      content['output'] === true ? [code, output ?? null] : code,
    ]);
  }

  #search(content: Readonly<Record<string, unknown>>): readonly Entry[] {
    const pattern = String(content['pattern'] ?? '*')
      .replace(/[.+^${}()|\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    const matches = this.#entries.filter(({ code }) => new RegExp(`^${pattern}$`, 's').test(code));
    if (content['unique'] !== true) return matches;
    return matches.filter(({ code }, i) => matches.findLastIndex((other) => other.code === code) === i);
  }
}

const last = <T>(list: readonly T[], n: number): readonly T[] => (n > 0 ? list.slice(-n) : []);
