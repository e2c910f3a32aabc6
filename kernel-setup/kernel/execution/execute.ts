import type { Request } from '../channels/messages';
import type { Engine } from '../engine/engine';
import type { FreshModules } from '../engine/modules';
import type { Conversion } from '../engine/protocol';
import { bundleOf } from '../output/display';
import type { Failure, Failures } from '../output/failures';
import type { Output } from '../output/output';
import { Context } from './context';
import type { History } from './history';
import type { Runner } from './runner';
import { turn } from './strays';

export interface Parts {
  readonly engine: Engine;
  readonly runner: Runner;
  readonly output: Output;
  readonly failures: Failures;
  readonly history: History;
  readonly modules: FreshModules;
}

/** Executes cells: everything that an execute_request asks for. */
export class Cells {
  readonly #parts: Parts;
  #count = 0;
  #silent = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Runs the cell, publishes what it shows, and gives the content of execute_reply. */
  async execute(request: Request): Promise<object> {
    const { output, history, failures } = this.#parts;
    const code = String(request.content['code'] ?? '');
    const silent = request.content['silent'] === true;
    const counted = !silent && request.content['store_history'] !== false;
    const count = counted ? ++this.#count : this.#count;
    const label = counted ? `cell[${count}]` : `silent[${++this.#silent}]`;
    const context = new Context(label, request.headerText);
    output.post({ kind: 'note', what: 'started', id: request.header.msg_id, count });
    if (!silent) output.publish('execute_input', { code, execution_count: count }, context);
    if (counted) history.add(count, code);

    let failure: Failure | undefined;
    let expressions: object = {};
    try {
      failure = await this.#run(code, context, silent ? undefined : count);
      if (!failure) expressions = await this.#expressions(request.content['user_expressions'], context);
    } catch (error) {
      failure = failures.describe(error);
    }
    if (failure && !silent) {
      const content = JSON.stringify(failure);
      output.post({ kind: 'publish', type: 'error', content, parent: request.headerText });
    }
    if (context.state === 'running') context.state = 'finished';
    output.flush();
    if (failure) return { status: 'error', execution_count: count, ...failure };
    return { status: 'ok', execution_count: count, user_expressions: expressions, payload: [] };
  }

  async #run(code: string, context: Context, count: number | undefined): Promise<Failure | undefined> {
    const { engine, runner, output, failures, history, modules } = this.#parts;
    await modules.refresh();
    const { diagnostics, conversion } = await engine.check(code);
    if (!conversion) return failures.diagnostics(diagnostics, context.label, code);
    const value = await this.#inContext(context, conversion, () => engine.run(code, conversion, context));
    void engine.commit(conversion.id); // the engine serves in order: the next check comes after it
    await turn();
    if (context.strays.length > 0) return this.#strays(context.strays);
    if (value === undefined || value === null || count === undefined) return undefined;
    const data = await runner.run(context, () => bundleOf(value));
    if (!data) return undefined;
    output.publish('execute_result', { execution_count: count, data, metadata: {} }, context);
    history.setOutput(count, String(data['text/plain'] ?? ''));
    await turn();
    return context.strays.length > 0 ? this.#strays(context.strays) : undefined;
  }

  async #inContext(context: Context, conversion: Conversion, body: () => Promise<unknown>): Promise<unknown> {
    try {
      return await this.#parts.runner.run(context, body);
    } catch (error) {
      if (context.state === 'stopped') this.#parts.engine.forget(conversion);
      throw error;
    } finally {
      this.#parts.modules.note();
    }
  }

  /** Several promises may have failed: the first is the error, the others follow in the traceback. */
  #strays([first, ...others]: readonly unknown[]): Failure {
    const { failures } = this.#parts;
    const { ename, evalue, traceback } = failures.describe(first);
    return { ename, evalue, traceback: [...traceback, ...others.flatMap((one) => failures.describe(one).traceback)] };
  }

  async #expressions(asked: unknown, cell: Context): Promise<object> {
    const { engine, runner, failures } = this.#parts;
    const answers: Record<string, object> = {};
    for (const [name, expression] of Object.entries((asked ?? {}) as Record<string, string>)) {
      const context = new Context(`silent[${++this.#silent}]`, cell.parent);
      const code = `(${expression})`;
      try {
        const { diagnostics, conversion } = await engine.check(code);
        if (!conversion) answers[name] = { status: 'error', ...failures.diagnostics(diagnostics, context.label, code) };
        else {
          const value = await runner.run(context, () => engine.run(code, conversion, context));
          answers[name] = { status: 'ok', data: (await bundleOf(value)) ?? {}, metadata: {} };
        }
      } catch (error) {
        answers[name] = { status: 'error', ...failures.describe(error) };
      }
    }
    return answers;
  }
}
