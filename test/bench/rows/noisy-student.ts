import { sigmoidLesson } from 'lecture-lab/learning-rate/enlarged-sigmoid';
import { learnErrors, RENEWED } from 'lecture-lab/learning-rate/learning';
import { sigmoidStudent } from 'lecture-lab/learning-rate/sigmoid-student';
import { rng } from 'lecture-lab/math/rng';
import { createRun } from 'lecture-lab/math/run';
import { mean } from 'lecture-lab/math/statistics';
import { defineRow, prepared, twin } from '../row';

const sizes = [10, 20, 20, 6];
const examples = 100;
const plasticity = { gamma1: 0.06, gamma2: 1, gamma3: 0.05, interval: 1 };
/** over ten seeds of ours */
const DEVIATION = 0.69;

export const row = defineRow({
  name: 'noisy-student',
  words: 'a sigmoid student, 10-20-20-6, learns 100 examples with a noisy rule',
  size: { name: 'cycles', value: 4000, growth: [500, 1000, 2000, 4000] },
  checks: [
    {
      name: 'mean error, second half',
      within: { absolute: 5 * Math.SQRT2 * DEVIATION },
      why: '5 standard errors of the difference of two runs',
    },
  ],
  peers: [{ name: 'numpy', role: 'both', target: 1 }, twin],

  inputs() {
    const { x, target, start } = sigmoidLesson(sizes, examples, rng(1));
    return { x, target, start };
  },

  ours(size, inputs) {
    const [x, target, start] = ['x', 'target', 'start'].map((name) => inputs[name] as Float64Array);
    const student = sigmoidStudent({ sizes, x: x!, target: target! });
    return prepared(
      () => learnErrors(student, start!, plasticity, RENEWED, size, rng(2), createRun()),
      (errors) => [mean(errors.subarray(size / 2))],
    );
  },
});
