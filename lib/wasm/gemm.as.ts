/**
 * Products of matrices. Tiles of four rows and two vectors of columns hold their sums in registers. B is copied into
 * strips of two vectors first, so that a tile reads it in one stream; A is read where it lies.
 */

/**
 * Copies lines (columns of B) into strips of eight: of a strip first the first number of each line, then the second.
 * Lines past the last are copied as they lie in memory: nobody uses what comes of them.
 * @param line bytes from a line to the next
 * @param inner bytes from a number of a line to the next
 * @param depth numbers in a line
 */
export function pack32(from: usize, to: usize, line: usize, inner: usize, depth: i32, strips: i32): void {
  for (let s: i32 = 0; s < strips; s++) {
    const end = to + ((<usize>depth) << 5);
    if (line === 4) {
      for (let p = from; to < end; to += 32) {
        v128.store(to, v128.load(p));
        v128.store(to, v128.load(p, 16), 16);
        p += inner;
      }
      from += 32;
    } else {
      for (let q: usize = 0; q < 32; q += 4) {
        let p = from;
        for (let at = to + q; at < end; at += 32) {
          store<f32>(at, load<f32>(p));
          p += inner;
        }
        from += line;
      }
      to = end;
    }
  }
}

/**
 * C <- alpha A B + beta C for whole tiles, single precision.
 * @param row bytes from a row of A to the next
 * @param inner bytes from a number in a row of A to the next
 * @param b strips of depth x 8
 * @param c row-major, as wide as all strips
 */
export function product32(
  a: usize,
  row: usize,
  inner: usize,
  b: usize,
  c: usize,
  depth: i32,
  stripsA: i32,
  stripsB: i32,
  alpha: f32,
  beta: f32,
): void {
  const wide = (<usize>stripsB) << 5; // bytes of a row of C
  const row2 = row << 1;
  const row3 = row2 + row;
  const stripB = (<usize>depth) << 5;
  for (let j: i32 = 0; j < stripsB; j++) {
    let strip = a;
    let to = c + ((<usize>j) << 5);
    for (let i: i32 = 0; i < stripsA; i++) {
      let c00 = f32x4.splat(0);
      let c01 = f32x4.splat(0);
      let c10 = f32x4.splat(0);
      let c11 = f32x4.splat(0);
      let c20 = f32x4.splat(0);
      let c21 = f32x4.splat(0);
      let c30 = f32x4.splat(0);
      let c31 = f32x4.splat(0);
      let p = strip;
      for (let q = b, end = b + stripB; q < end; q += 32) {
        const b0 = v128.load(q);
        const b1 = v128.load(q, 16);
        let x = v128.load32_splat(p);
        c00 = f32x4.add(c00, f32x4.mul(x, b0));
        c01 = f32x4.add(c01, f32x4.mul(x, b1));
        x = v128.load32_splat(p + row);
        c10 = f32x4.add(c10, f32x4.mul(x, b0));
        c11 = f32x4.add(c11, f32x4.mul(x, b1));
        x = v128.load32_splat(p + row2);
        c20 = f32x4.add(c20, f32x4.mul(x, b0));
        c21 = f32x4.add(c21, f32x4.mul(x, b1));
        x = v128.load32_splat(p + row3);
        c30 = f32x4.add(c30, f32x4.mul(x, b0));
        c31 = f32x4.add(c31, f32x4.mul(x, b1));
        p += inner;
      }
      finish32(to, c00, c01, alpha, beta);
      to += wide;
      finish32(to, c10, c11, alpha, beta);
      to += wide;
      finish32(to, c20, c21, alpha, beta);
      to += wide;
      finish32(to, c30, c31, alpha, beta);
      to += wide;
      strip += row << 2;
    }
    b += stripB;
  }
}

// @ts-ignore: decorator
@inline
function finish32(to: usize, x: v128, y: v128, alpha: f32, beta: f32): void {
  const a = f32x4.splat(alpha);
  const b = f32x4.splat(beta);
  v128.store(to, f32x4.add(f32x4.mul(a, x), f32x4.mul(b, v128.load(to))));
  v128.store(to, f32x4.add(f32x4.mul(a, y), f32x4.mul(b, v128.load(to, 16))), 16);
}

/** As `pack32`, in strips of four. */
export function pack64(from: usize, to: usize, line: usize, inner: usize, depth: i32, strips: i32): void {
  for (let s: i32 = 0; s < strips; s++) {
    const end = to + ((<usize>depth) << 5);
    if (line === 8) {
      for (let p = from; to < end; to += 32) {
        v128.store(to, v128.load(p));
        v128.store(to, v128.load(p, 16), 16);
        p += inner;
      }
      from += 32;
    } else {
      for (let q: usize = 0; q < 32; q += 8) {
        let p = from;
        for (let at = to + q; at < end; at += 32) {
          store<f64>(at, load<f64>(p));
          p += inner;
        }
        from += line;
      }
      to = end;
    }
  }
}

/** As `product32`, in double precision, with strips of depth x 4. */
export function product64(
  a: usize,
  row: usize,
  inner: usize,
  b: usize,
  c: usize,
  depth: i32,
  stripsA: i32,
  stripsB: i32,
  alpha: f64,
  beta: f64,
): void {
  const wide = (<usize>stripsB) << 5; // bytes of a row of C
  const row2 = row << 1;
  const row3 = row2 + row;
  const stripB = (<usize>depth) << 5;
  for (let j: i32 = 0; j < stripsB; j++) {
    let strip = a;
    let to = c + ((<usize>j) << 5);
    for (let i: i32 = 0; i < stripsA; i++) {
      let c00 = f64x2.splat(0);
      let c01 = f64x2.splat(0);
      let c10 = f64x2.splat(0);
      let c11 = f64x2.splat(0);
      let c20 = f64x2.splat(0);
      let c21 = f64x2.splat(0);
      let c30 = f64x2.splat(0);
      let c31 = f64x2.splat(0);
      let p = strip;
      for (let q = b, end = b + stripB; q < end; q += 32) {
        const b0 = v128.load(q);
        const b1 = v128.load(q, 16);
        let x = v128.load64_splat(p);
        c00 = f64x2.add(c00, f64x2.mul(x, b0));
        c01 = f64x2.add(c01, f64x2.mul(x, b1));
        x = v128.load64_splat(p + row);
        c10 = f64x2.add(c10, f64x2.mul(x, b0));
        c11 = f64x2.add(c11, f64x2.mul(x, b1));
        x = v128.load64_splat(p + row2);
        c20 = f64x2.add(c20, f64x2.mul(x, b0));
        c21 = f64x2.add(c21, f64x2.mul(x, b1));
        x = v128.load64_splat(p + row3);
        c30 = f64x2.add(c30, f64x2.mul(x, b0));
        c31 = f64x2.add(c31, f64x2.mul(x, b1));
        p += inner;
      }
      finish64(to, c00, c01, alpha, beta);
      to += wide;
      finish64(to, c10, c11, alpha, beta);
      to += wide;
      finish64(to, c20, c21, alpha, beta);
      to += wide;
      finish64(to, c30, c31, alpha, beta);
      to += wide;
      strip += row << 2;
    }
    b += stripB;
  }
}

// @ts-ignore: decorator
@inline
function finish64(to: usize, x: v128, y: v128, alpha: f64, beta: f64): void {
  const a = f64x2.splat(alpha);
  const b = f64x2.splat(beta);
  v128.store(to, f64x2.add(f64x2.mul(a, x), f64x2.mul(b, v128.load(to))));
  v128.store(to, f64x2.add(f64x2.mul(a, y), f64x2.mul(b, v128.load(to, 16))), 16);
}
