/** Where a kernel's own data end, and the arrays of its callers may begin. */
export function heapBase(): usize {
  return __heap_base;
}
