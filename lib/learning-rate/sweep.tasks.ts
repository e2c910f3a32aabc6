import type { Rng } from '../math/rng';
import { rng } from '../math/rng';
import type { Run } from '../math/run';
import { defineTask, type Task } from '../parallel/parallel';
import { type Drift, type Learning, learn } from './learning';
import { type Kind, type Lesson, makeLesson } from './lesson';
import { type Sampled, sampleRate } from './sampling';
import type { Plasticity } from './theory';

/** A lesson in few words: workers make it again. */
export interface LessonOf {
  readonly kind: Kind;
  readonly sizes: readonly number[];
  readonly examples: number;
  readonly seed: number;
}

/** The lesson of these words. */
export const lessonOf = ({ kind, sizes, examples, seed }: LessonOf): Lesson =>
  makeLesson(kind, sizes, examples, rng(seed));

/** Students that learn side by side, each with its own lesson and plasticity. */
export interface Classroom {
  readonly lessons: readonly LessonOf[];
  /** one for each lesson */
  readonly plasticities: readonly Plasticity[];
  readonly drift: Drift;
  readonly cycles: number;
}

/** One of the students learns. */
export const learnOne: Task<Classroom, Learning> = defineTask(
  'learning-rate/sweep.tasks',
  'learnOne',
  (i: number, random: Rng, { lessons, plasticities, drift, cycles }: Classroom, run: Run) => {
    const { student, start } = lessonOf(lessons[i]);
    return learn(student, start, plasticities[i], drift, cycles, random, run);
  },
);

/** One student at one stage of learning, under many plasticities. */
export interface Stage {
  readonly lesson: LessonOf;
  /** the student has gone this share of the straight way to the teacher: 0 at the start */
  readonly way: number;
  readonly plasticities: readonly Plasticity[];
  /** plasticities that one trial takes */
  readonly each: number;
  /** steps that are averaged for each */
  readonly samples: number;
}

/** Weights on the straight way from the start to the teacher. */
export function onTheWay({ start, teacher }: Lesson, way: number): Float64Array {
  return start.map((w, i) => w + way * (teacher[i] - w));
}

/** ⟨k⟩ under some of the plasticities: trial i takes them from number i × each on. */
export const rateUnder: Task<Stage, Sampled[]> = defineTask(
  'learning-rate/sweep.tasks',
  'rateUnder',
  async (i: number, random: Rng, { lesson, way, plasticities, each, samples }: Stage, run: Run) => {
    const made = lessonOf(lesson);
    const w = onTheWay(made, way);
    const rates: Sampled[] = [];
    for (const [j, plasticity] of plasticities.slice(i * each, (i + 1) * each).entries())
      rates.push(await sampleRate(made.student, w, plasticity, samples, random.stream(`${j}`), run));
    return rates;
  },
);
