import { gemm } from '../math/linear-algebra';
import type { Rng } from '../math/rng';
import { linearStudent } from './linear-student';
import { sigmoidAnswers, sigmoidStudent, sigmoidSynapses } from './sigmoid-student';
import type { Student } from './student';
import type { Local } from './theory';

export type Kind = 'linear' | 'sigmoid';
export const kinds: readonly Kind[] = ['linear', 'sigmoid'];

/** A student at its start, and the teacher that it could become: both length N, normal with variance 1. */
export interface Lesson {
  readonly student: Student;
  readonly start: Float64Array;
  readonly teacher: Float64Array;
}

/**
 * A student that is to learn from a teacher of its own kind. Inputs are normal with variance 1, and so are the weights of
 * both. Streams of `random`: `inputs`, `teacher`, `student`.
 * @param sizes units of every layer: inputs and outputs of a linear student, all layers of a sigmoid one
 * @param examples P, 1 or more
 */
export function makeLesson(kind: Kind, sizes: readonly number[], examples: number, random: Rng): Lesson {
  const [inputs, outputs] = [sizes[0], sizes[sizes.length - 1]];
  const x = random.stream('inputs').fillNormal(new Float64Array(examples * inputs));
  const synapses = kind === 'linear' ? inputs * outputs : sigmoidSynapses(sizes);
  const teacher = random.stream('teacher').fillNormal(new Float64Array(synapses));
  const start = random.stream('student').fillNormal(new Float64Array(synapses));
  if (kind === 'sigmoid') {
    const target = sigmoidAnswers(sizes, teacher, x);
    return { student: sigmoidStudent({ sizes, x, target }), start, teacher };
  }
  const target = new Float64Array(examples * outputs);
  gemm(examples, outputs, inputs, 1, x, false, teacher, true, 0, target);
  return { student: linearStudent({ inputs, outputs, x, target }), start, teacher };
}

/** What theory needs to know of a student at weights w. */
export function localShape(student: Student, w: Float64Array): Local & { readonly gradient: Float64Array } {
  const { synapses } = student;
  const [gradient, curved] = [new Float64Array(synapses), new Float64Array(synapses)];
  const error = student.gradient(w, gradient);
  student.hessianVector(w, gradient, curved);
  let [squared, form] = [0, 0];
  for (let i = 0; i < synapses; i++) {
    squared += gradient[i] * gradient[i];
    form += gradient[i] * curved[i];
  }
  return {
    synapses,
    error,
    gradient,
    gradientNorm: Math.sqrt(squared),
    gradientCurvature: form / squared,
    trace: student.hessianTrace(w),
  };
}
