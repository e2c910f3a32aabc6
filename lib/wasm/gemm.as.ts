/**
 * Tiles of a matrix product. A and B are copied so that each tile reads both in one stream: A in strips of four rows,
 * number by number of the inner sum, B in strips of two vectors of columns. The sums of a tile stay in registers.
 */

/**
 * C (strips of rows x strips of columns) = A B, single precision.
 * @param a strips of 4 x depth
 * @param b strips of depth x 8
 * @param c row-major, 8 columns a strip of B
 */
export function product32(a: usize, b: usize, c: usize, depth: i32, stripsA: i32, stripsB: i32): void {
  const wide = (<usize>stripsB) << 5; // bytes of a row of C
  const sizeA = (<usize>depth) << 4;
  const sizeB = (<usize>depth) << 5;
  for (let j: i32 = 0; j < stripsB; j++) {
    let strip = a;
    for (let i: i32 = 0; i < stripsA; i++) {
      let c00 = f32x4.splat(0);
      let c01 = f32x4.splat(0);
      let c10 = f32x4.splat(0);
      let c11 = f32x4.splat(0);
      let c20 = f32x4.splat(0);
      let c21 = f32x4.splat(0);
      let c30 = f32x4.splat(0);
      let c31 = f32x4.splat(0);
      let q = b;
      for (let p = strip, end = strip + sizeA; p < end; p += 16) {
        const b0 = v128.load(q);
        const b1 = v128.load(q, 16);
        let x = v128.load32_splat(p);
        c00 = f32x4.add(c00, f32x4.mul(x, b0));
        c01 = f32x4.add(c01, f32x4.mul(x, b1));
        x = v128.load32_splat(p, 4);
        c10 = f32x4.add(c10, f32x4.mul(x, b0));
        c11 = f32x4.add(c11, f32x4.mul(x, b1));
        x = v128.load32_splat(p, 8);
        c20 = f32x4.add(c20, f32x4.mul(x, b0));
        c21 = f32x4.add(c21, f32x4.mul(x, b1));
        x = v128.load32_splat(p, 12);
        c30 = f32x4.add(c30, f32x4.mul(x, b0));
        c31 = f32x4.add(c31, f32x4.mul(x, b1));
        q += 32;
      }
      let to = c + (((<usize>i) << 2) * wide) + ((<usize>j) << 5);
      v128.store(to, c00);
      v128.store(to, c01, 16);
      to += wide;
      v128.store(to, c10);
      v128.store(to, c11, 16);
      to += wide;
      v128.store(to, c20);
      v128.store(to, c21, 16);
      to += wide;
      v128.store(to, c30);
      v128.store(to, c31, 16);
      strip += sizeA;
    }
    b += sizeB;
  }
}

/**
 * The same in double precision.
 * @param a strips of 4 x depth
 * @param b strips of depth x 4
 * @param c row-major, 4 columns a strip of B
 */
export function product64(a: usize, b: usize, c: usize, depth: i32, stripsA: i32, stripsB: i32): void {
  const wide = (<usize>stripsB) << 5;
  const sizeA = (<usize>depth) << 5;
  const sizeB = (<usize>depth) << 5;
  for (let j: i32 = 0; j < stripsB; j++) {
    let strip = a;
    for (let i: i32 = 0; i < stripsA; i++) {
      let c00 = f64x2.splat(0);
      let c01 = f64x2.splat(0);
      let c10 = f64x2.splat(0);
      let c11 = f64x2.splat(0);
      let c20 = f64x2.splat(0);
      let c21 = f64x2.splat(0);
      let c30 = f64x2.splat(0);
      let c31 = f64x2.splat(0);
      let q = b;
      for (let p = strip, end = strip + sizeA; p < end; p += 32) {
        const b0 = v128.load(q);
        const b1 = v128.load(q, 16);
        let x = v128.load64_splat(p);
        c00 = f64x2.add(c00, f64x2.mul(x, b0));
        c01 = f64x2.add(c01, f64x2.mul(x, b1));
        x = v128.load64_splat(p, 8);
        c10 = f64x2.add(c10, f64x2.mul(x, b0));
        c11 = f64x2.add(c11, f64x2.mul(x, b1));
        x = v128.load64_splat(p, 16);
        c20 = f64x2.add(c20, f64x2.mul(x, b0));
        c21 = f64x2.add(c21, f64x2.mul(x, b1));
        x = v128.load64_splat(p, 24);
        c30 = f64x2.add(c30, f64x2.mul(x, b0));
        c31 = f64x2.add(c31, f64x2.mul(x, b1));
        q += 32;
      }
      let to = c + (((<usize>i) << 2) * wide) + ((<usize>j) << 5);
      v128.store(to, c00);
      v128.store(to, c01, 16);
      to += wide;
      v128.store(to, c10);
      v128.store(to, c11, 16);
      to += wide;
      v128.store(to, c20);
      v128.store(to, c21, 16);
      to += wide;
      v128.store(to, c30);
      v128.store(to, c31, 16);
      strip += sizeA;
    }
    b += sizeB;
  }
}
