import { expect } from 'chai';
import { localShape, makeLesson } from 'lecture-lab/learning-rate/lesson';
import { linearStudent } from 'lecture-lab/learning-rate/linear-student';
import {
  EXACT_TRACE,
  sigmoidAnswers,
  sigmoidStudent,
  sigmoidSynapses,
} from 'lecture-lab/learning-rate/sigmoid-student';
import type { Student } from 'lecture-lab/learning-rate/student';
import { estimateTrace, exactTrace } from 'lecture-lab/learning-rate/trace';
import { ParameterError } from 'lecture-lab/math/errors';
import { rng } from 'lecture-lab/math/rng';
import { golden, makeStudent } from './golden';

const normals = (n: number, seed: number, sd = 1): Float64Array => rng(seed).fillNormal(new Float64Array(n), 0, sd);
const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + x * b[i], 0);
const kinds = [
  ['linear', [6, 5]],
  ['sigmoid', [6, 5]],
  ['sigmoid', [6, 4, 5, 3]],
  ['sigmoid', [3, 20, 20, 4]],
] as const;

/** Central difference of F in a direction. */
function slopeOf(student: Student, w: Float64Array, v: Float64Array, h: number): number {
  const at = (t: number): number => student.error(w.map((x, i) => x + t * v[i]));
  return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
}

describe('students', () => {
  for (const { kind, sizes, x, target, w, v, error, gradient, Hv, trace } of golden.cases)
    it(`${kind} ${sizes.join('-')} has numpy's error, gradient, product with the Hessian and trace`, () => {
      const student = makeStudent(kind, sizes, x, target);
      const [at, direction] = [Float64Array.from(w), Float64Array.from(v)];
      const [slope, product] = [new Float64Array(student.synapses), new Float64Array(student.synapses)];
      expect(student.synapses).to.equal(w.length);
      expect(student.error(at)).to.be.closeTo(error, 1e-12 * error);
      expect(student.gradient(at, slope)).to.be.closeTo(error, 1e-12 * error);
      const scale = Math.max(...gradient.map(Math.abs));
      for (const [i, g] of gradient.entries()) expect(slope[i]).to.be.closeTo(g, 1e-12 * scale);
      student.hessianVector(at, direction, product);
      // numpy's Hessian is a difference: of fourth order in 1e-3
      const size = Math.max(...Hv.map(Math.abs));
      for (const [i, h] of Hv.entries()) expect(product[i]).to.be.closeTo(h, 1e-8 * size);
      expect(student.hessianTrace(at)).to.be.closeTo(trace, 1e-8 * Math.max(1, Math.abs(trace)));
    });

  for (const [kind, sizes] of kinds) {
    const { student, start: w, teacher } = makeLesson(kind, sizes, 50, rng(2));
    const [g, Hu, Hv] = Array.from({ length: 3 }, () => new Float64Array(student.synapses));
    const [u, v] = [normals(student.synapses, 3), normals(student.synapses, 4)];

    it(`${kind} ${sizes.join('-')}: the gradient is the slope of the error`, () => {
      student.gradient(w, g);
      const size = Math.sqrt(dot(g, g) * dot(u, u));
      expect(dot(g, u)).to.be.closeTo(slopeOf(student, w, u, 1e-3), 1e-8 * size);
    });

    it(`${kind} ${sizes.join('-')}: the product is the change of the gradient, linear and symmetric`, () => {
      const h = 1e-4;
      const gradientAt = (t: number): Float64Array => {
        const out = new Float64Array(student.synapses);
        student.gradient(
          w.map((x, i) => x + t * v[i]),
          out,
        );
        return out;
      };
      const [a, b, c, d] = [gradientAt(h), gradientAt(-h), gradientAt(2 * h), gradientAt(-2 * h)];
      student.hessianVector(w, v, Hv);
      student.hessianVector(w, u, Hu);
      const size = Math.max(...Hv.map(Math.abs));
      for (const [i, value] of Hv.entries())
        expect(value).to.be.closeTo((8 * (a[i] - b[i]) - (c[i] - d[i])) / (12 * h), 1e-7 * size);
      expect(dot(u, Hv)).to.be.closeTo(dot(v, Hu), 1e-10 * Math.sqrt(dot(u, u) * dot(Hv, Hv)));
      const sum = new Float64Array(student.synapses);
      student.hessianVector(
        w,
        u.map((x, i) => 2 * x - v[i]),
        sum,
      );
      for (const [i, value] of sum.entries()) expect(value).to.be.closeTo(2 * Hu[i] - Hv[i], 1e-10 * size);
    });

    it(`${kind} ${sizes.join('-')}: at the teacher the error and its gradient are 0, and no direction is downhill`, () => {
      expect(student.gradient(teacher, g)).to.be.closeTo(0, 1e-20);
      for (const x of g) expect(x).to.be.closeTo(0, 1e-10);
      student.hessianVector(teacher, v, Hv);
      expect(dot(v, Hv)).to.be.above(0);
    });

    it(`${kind} ${sizes.join('-')}: what it did before changes nothing`, () => {
      const fresh = makeLesson(kind, sizes, 50, rng(2)).student;
      student.hessianVector(teacher, u, Hu);
      student.error(u);
      student.hessianVector(w, v, Hv);
      fresh.hessianVector(w, v, Hu);
      expect([...Hv]).to.deep.equal([...Hu]);
      expect(student.gradient(w, g)).to.equal(fresh.error(w));
    });
  }

  it('sum over inputs: twice the examples, twice the error, gradient and curvature', () => {
    for (const [kind, sizes] of kinds) {
      const [inputs, outputs] = [sizes[0], sizes[sizes.length - 1]];
      const [x, target] = [normals(9 * inputs, 5), normals(9 * outputs, 6).map((y) => Math.abs(y) / 4)];
      const once = makeStudent(kind, sizes, x, target);
      const twice = makeStudent(kind, sizes, [...x, ...x], [...target, ...target]);
      const w = normals(once.synapses, 7);
      const [a, b] = [localShape(once, w), localShape(twice, w)];
      expect(b.error).to.be.closeTo(2 * a.error, 1e-10 * a.error);
      expect(b.gradientNorm).to.be.closeTo(2 * a.gradientNorm, 1e-10 * a.gradientNorm);
      expect(b.gradientCurvature).to.be.closeTo(2 * a.gradientCurvature, 1e-8 * Math.abs(a.gradientCurvature));
      expect(b.trace).to.be.closeTo(2 * a.trace, 1e-8 * Math.abs(a.trace));
    }
  });

  it('the linear student counts what no weights can avoid, also with fewer inputs than units', () => {
    const x = Float64Array.of(1, 0, 1, 0); // the second unit is silent
    const student = linearStudent({ inputs: 2, outputs: 1, x, target: Float64Array.of(1, 3) });
    expect(student.error(Float64Array.of(2, 5))).to.be.closeTo(1, 1e-12);
    expect(student.error(Float64Array.of(0, -7))).to.be.closeTo(5, 1e-12);
    const out = new Float64Array(2);
    student.gradient(Float64Array.of(0, 9), out);
    expect(out[0]).to.be.closeTo(-4, 1e-12);
    expect(out[1]).to.equal(0);
    expect(student.hessianTrace(out)).to.equal(2);
  });

  it('the linear student is exact near its minimum, where sums of squares cancel', () => {
    const { student, teacher } = makeLesson('linear', [10, 5], 1000, rng(3));
    const off = normals(50, 8, 1e-7);
    const F = student.error(teacher.map((w, i) => w + off[i]));
    const product = new Float64Array(50);
    student.hessianVector(teacher, off, product);
    expect(F).to.be.closeTo(dot(off, product) / 2, 1e-6 * F);
  });

  it('a sigmoid unit by hand', () => {
    const answers = sigmoidAnswers([2, 1], Float64Array.of(1, -2, 0.5), Float64Array.of(3, 1, 0, 0));
    expect(answers[0]).to.be.closeTo(1 / (1 + Math.exp(-1.5)), 1e-14);
    expect(answers[1]).to.be.closeTo(1 / (1 + Math.exp(-0.5)), 1e-14);
    expect(sigmoidSynapses([10, 5, 5, 6])).to.equal(121);
  });

  it('the trace: by unit vectors up to 500 synapses, beyond by random signs, within their standard error', () => {
    const { student, start } = makeLesson('sigmoid', [8, 10, 5], 40, rng(4));
    expect(student.synapses).to.be.at.most(EXACT_TRACE);
    const exact = exactTrace(student, start);
    expect(student.hessianTrace(start)).to.equal(exact);
    const { trace, se } = estimateTrace(student, start, 400, rng(5));
    expect(Math.abs(trace - exact)).to.be.below(4 * se);
    // the variance of one probe is 2 Σ of the squares off the diagonal
    let off = 0;
    const [e, column] = [new Float64Array(student.synapses), new Float64Array(student.synapses)];
    for (let i = 0; i < student.synapses; i++) {
      e.fill(0)[i] = 1;
      student.hessianVector(start, e, column);
      off += dot(column, column) - column[i] ** 2;
    }
    // the error of a standard deviation from 400 probes is 1 / √800; heavier tails than normal: twice that
    expect(se / Math.sqrt((2 * off) / 400)).to.be.closeTo(1, 4 * (2 / Math.sqrt(800)));

    const large = makeLesson('sigmoid', [10, 30, 6], 60, rng(6));
    expect(large.student.synapses).to.be.above(EXACT_TRACE);
    const first = large.student.hessianTrace(large.start);
    expect(large.student.hessianTrace(large.start)).to.equal(first);
    const spread = estimateTrace(large.student, large.start, 64, rng(1)).se;
    expect(Math.abs(first - exactTrace(large.student, large.start))).to.be.below(4 * spread);
  });

  it('refuse what does not fit', () => {
    const x = new Float64Array(6);
    const target = new Float64Array(2);
    const student = linearStudent({ inputs: 3, outputs: 1, x, target });
    const wrong: readonly [() => unknown, string][] = [
      [() => linearStudent({ inputs: 0, outputs: 1, x, target }), 'inputs must be a whole number from 1 on (got 0)'],
      [() => linearStudent({ inputs: 4, outputs: 1, x, target }), 'x must hold rows of 4 numbers'],
      [() => linearStudent({ inputs: 2, outputs: 1, x, target }), 'target must hold 3 x 1 numbers (got 2)'],
      [() => linearStudent({ inputs: 3, outputs: 1, x, target: Float64Array.of(1, NaN) }), 'target must hold finite'],
      [() => sigmoidStudent({ sizes: [3], x, target }), 'sizes must be two or more'],
      [() => sigmoidStudent({ sizes: [3, 1.5, 1], x, target }), 'sizes must be two or more'],
      [() => sigmoidAnswers([4, 1], new Float64Array(5), x), 'x must hold rows of 4'],
      [() => sigmoidAnswers([3, 1], new Float64Array(5), x), 'w must hold 4 numbers, one a synapse (got 5)'],
      [() => student.error(new Float64Array(4)), 'w must hold 3'],
      [() => student.gradient(new Float64Array(3), new Float64Array(2)), 'out must hold 3'],
      [() => student.hessianVector(new Float64Array(3), new Float64Array(4), new Float64Array(3)), 'v must hold 3'],
      [() => estimateTrace(student, new Float64Array(3), 1, rng(1)), 'probes must be a whole number from 2 on (got 1)'],
    ];
    for (const [attempt, message] of wrong) expect(attempt).to.throw(ParameterError, message);
  });
});
