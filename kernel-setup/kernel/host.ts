import type { KernelHost } from 'lecture-lab/figure/host';
import type { Comms } from './comms';
import type { Context } from './execution/context';
import type { Runner } from './execution/runner';
import { bundleOf, checkedBundle, isBundle } from './output/display';
import type { Output } from './output/output';

/** The key that lib/figure/host.ts looks under. */
const KERNEL = Symbol.for('lecture-lab.kernel');

type DisplayOptions = NonNullable<Parameters<KernelHost['display']>[1]>;

/** What the kernel offers to code in cells: the library's `KernelHost`, and a few global functions. */
export function installHost(runner: Runner, output: Output, comms: Comms): void {
  const context = (): Context => {
    const found = runner.context;
    if (!found) throw new Error('there is no cell to show this under');
    return found;
  };
  const host: KernelHost = {
    display(data, { metadata = {}, displayId, update = false } = {}) {
      const transient = displayId === undefined ? {} : { display_id: displayId };
      const type = update ? 'update_display_data' : 'display_data';
      output.publish(type, { data: checkedBundle(data), metadata, transient }, context());
    },
    clearOutput: (wait = false) => output.publish('clear_output', { wait }, context()),
    get signal() {
      return context().controller.signal;
    },
    openComm: (target, data, options) => comms.open(target, data, options),
  };
  const display = async (value: unknown, options?: DisplayOptions): Promise<void> => {
    const bundle = isBundle(value) ? value : await bundleOf(value);
    if (bundle) host.display(bundle, options);
  };
  const input = (): never => {
    throw new Error('input() is not available: this kernel does not ask questions; set a constant in the cell instead');
  };
  const globals = { [KERNEL]: host, display, clearOutput: host.clearOutput, input };
  for (const key of Reflect.ownKeys(globals)) {
    const value = globals[key as keyof typeof globals];
    Object.defineProperty(globalThis, key, { value, configurable: true, writable: true, enumerable: false });
  }
  refuseExit();
}

/** Ending the process would take the kernel away: the call becomes the error of its cell. */
function refuseExit(): void {
  class ExitRefused extends Error {
    override readonly name = 'ExitRefused';
  }
  for (const name of ['exit', 'abort'] as const) {
    const refuse = (code?: unknown): never => {
      const call = `process.${name}(${code === undefined ? '' : String(code)})`;
      throw new ExitRefused(`${call} would end the kernel and was refused; use the Kernel menu to shut it down`);
    };
    Object.defineProperty(process, name, { value: refuse, configurable: true, writable: true });
  }
}
