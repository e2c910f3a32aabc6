import { ParameterError } from '../math/errors';

/** A compiled kernel, as `import kernel from '../wasm/name.wasm'` gives it. `E` are the functions of its source. */
export interface Kernel<E> {
  readonly name: string;
  readonly base64: string;
  /** the same for a memory that threads share; for kernels whose source asks for it */
  readonly shared?: string;
  /** never there: it carries the type */
  readonly exports?: E;
}

/**
 * A kernel with a memory of its own. Arrays are taken from that memory one after another and never given back: make an
 * instance for each problem size and let it go with its arrays. The memory doesn't grow, so a view stays valid.
 */
export interface Instance<E> {
  /** The kernel's functions. They take arrays as their addresses: `view.byteOffset`. */
  readonly call: E;
  readonly memory: { readonly buffer: ArrayBufferLike };
  /** The compiled kernel: what another thread needs, with `memory`, to work on the same arrays if that is shared. */
  readonly module: object;
  /** Arrays of zeros in the kernel's memory, on 64-byte boundaries. */
  float64(n: number): Float64Array;
  float32(n: number): Float32Array;
  int32(n: number): Int32Array;
  uint32(n: number): Uint32Array;
  int16(n: number): Int16Array;
  uint16(n: number): Uint16Array;
  int8(n: number): Int8Array;
  uint8(n: number): Uint8Array;
}

interface Memory {
  readonly buffer: ArrayBufferLike;
}
/** The part of WebAssembly's interface that is used here: neither Node's types nor ECMAScript's name it. */
interface Engine {
  Memory: new (size: { initial: number; maximum: number; shared?: boolean }) => Memory;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (
    module: object,
    imports: { env: { memory: Memory; abort: () => void } },
  ) => { readonly exports: unknown };
}
const { WebAssembly, process } = globalThis as unknown as {
  WebAssembly?: Engine;
  process?: { env?: Record<string, string | undefined> };
};

const PAGE = 65_536;
/** What 64 KiB pages can address with 32 bits. */
const LARGEST = 2 ** 32;

const compiled = { own: new WeakMap<object, object>(), shared: new WeakMap<object, object>() };

/** Compiled once per thread, for a memory of its own and for a shared one. */
function moduleOf(engine: Engine, kernel: Kernel<unknown>, form: keyof typeof compiled): object {
  let module = compiled[form].get(kernel);
  if (!module) {
    const code = form === 'own' ? kernel.base64 : kernel.shared;
    if (code === undefined) throw new ParameterError(`shared: the kernel ${kernel.name} is not made for it`);
    compiled[form].set(kernel, (module = new engine.Module(decode(code))));
  }
  return module;
}

function decode(base64: string): Uint8Array {
  const characters = atob(base64);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}

/**
 * Makes an instance of a kernel.
 * @param bytes room for its arrays, each rounded up to 64 bytes (`arrayBytes` counts them); at most 4 GiB
 * @param shared with a memory that other threads can work on too
 * @throws ParameterError if `bytes` is out of range or the kernel is not made for shared memory; RangeError if there is not so much memory
 */
export function instantiate<E>(
  kernel: Kernel<E>,
  { bytes, shared = false }: { readonly bytes: number; readonly shared?: boolean },
): Instance<E> {
  if (!WebAssembly) throw new Error('this engine has no WebAssembly');
  if (!(bytes >= 0 && bytes <= LARGEST - PAGE)) {
    throw new ParameterError(`bytes must be between 0 and ${LARGEST - PAGE} (got ${bytes})`);
  }
  const abort = (): void => {
    throw new Error(`the kernel ${kernel.name} stopped`);
  };
  const module = moduleOf(WebAssembly, kernel, shared ? 'shared' : 'own');
  // the kernel's own data are a few KB and lie first
  const pages = Math.ceil(bytes / PAGE) + 1;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, ...(shared ? { shared } : {}) });
  const exports = new WebAssembly.Instance(module, { env: { memory, abort } }).exports as E & { heapBase(): number };
  const { buffer } = memory;
  let top = aligned(exports.heapBase());
  const take = (size: number, n: number): number => {
    if (!(Number.isInteger(n) && n >= 0)) throw new ParameterError(`n must be a whole number from 0 on (got ${n})`);
    const at = top;
    if (at + n * size > buffer.byteLength) {
      throw new ParameterError(
        `bytes must be larger: the kernel ${kernel.name} has ${bytes}, and an array of ${n * size} does not fit`,
      );
    }
    top = aligned(at + n * size);
    return at;
  };
  return {
    call: exports,
    memory,
    module,
    float64: (n) => new Float64Array(buffer, take(8, n), n),
    float32: (n) => new Float32Array(buffer, take(4, n), n),
    int32: (n) => new Int32Array(buffer, take(4, n), n),
    uint32: (n) => new Uint32Array(buffer, take(4, n), n),
    int16: (n) => new Int16Array(buffer, take(2, n), n),
    uint16: (n) => new Uint16Array(buffer, take(2, n), n),
    int8: (n) => new Int8Array(buffer, take(1, n), n),
    uint8: (n) => new Uint8Array(buffer, take(1, n), n),
  };
}

const aligned = (address: number): number => Math.ceil(address / 64) * 64;

/** The bytes that arrays of these sizes in bytes take in an instance. */
export const arrayBytes = (...sizes: readonly number[]): number => sizes.reduce((sum, size) => sum + aligned(size), 0);

let allowed: boolean | undefined;

/**
 * Whether kernels can run: the engine has WebAssembly with SIMD (every browser since 2023, every Node that we support), the
 * page's policy lets it run, and nobody switched it off (environment variable LECTURE_LAB_WASM=off). Where not, models run
 * their readable TypeScript twin: `const run = wasmRuns() ? withKernel : twin`.
 */
export function wasmRuns(): boolean {
  return (allowed ??= process?.env?.['LECTURE_LAB_WASM'] !== 'off' && hasSimd());
}

/** Calls a function with the kernels switched off: for tests that compare them with their twins. */
export function withoutWasm<T>(task: () => T): T {
  const before = allowed;
  allowed = false;
  try {
    return task();
  } finally {
    allowed = before;
  }
}

/** The smallest module with a SIMD instruction: (func (drop (v128.const 0))). A policy that forbids WebAssembly throws here too. */
function hasSimd(): boolean {
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const types = [1, 4, 1, 0x60, 0, 0];
  const functions = [3, 2, 1, 0];
  const code = [10, 23, 1, 21, 0, 0xfd, 0x0c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x1a, 0x0b];
  try {
    return (
      WebAssembly !== undefined &&
      Boolean(new WebAssembly.Module(Uint8Array.of(...header, ...types, ...functions, ...code)))
    );
  } catch {
    return false;
  }
}
