import type { EngineData } from '../protocol';
import { Snapshot } from './snapshot';

/** A program of its own, for a kernel may end before the snapshot is made: node make.js <data of the engine as JSON>. */
void new Snapshot(JSON.parse(process.argv[2]!) as EngineData).make();
