/** What is raced, told by how it is written. */
import { functionSubject, type FunctionSubject } from './function.js';

export interface SubjectFlags {
  input?: string[];
  spread?: boolean;
  concurrency?: number;
}

export type RaceSubject = FunctionSubject;

export function raceSubject(asked: string, flags: SubjectFlags): RaceSubject {
  return functionSubject(asked, flags);
}
